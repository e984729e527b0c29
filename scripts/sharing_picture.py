"""Draws the pictures that messengers show beside a link to the portal, one for each language.

    python scripts/sharing_picture.py [folder]

The result is committed (public_site/static/public_site/img/sharing-*.png); a test draws it anew and compares. The
letters are those that Pillow brings along, so that every machine with the locked version draws the same.
"""

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parents[1] / "public_site/static/public_site/img"
SIZE = (1200, 630)
BRAND, BRAND_2, ACCENT, WAVE, WHITE, PALE = "#0b2c55", "#14457f", "#f58220", "#7fb2e8", "#ffffff", "#c9d8ea"
WORDS = {
    "id": ("LSP BNPB", "Sertifikasi profesi\npenanggulangan bencana", "Daftar cukup dari ponsel"),
    "en": ("LSP BNPB", "Professional certification\nin disaster management", "Indonesia · a phone is enough"),
}
#: The mark of the house as components/logo.html has it, on a grid of 40 × 44, as points.
SHIELD = [
    (20, 0),
    (38, 6),
    (38, 22),
    (37, 28),
    (34, 34),
    (28, 40),
    (20, 44),
    (12, 40),
    (6, 34),
    (3, 28),
    (2, 22),
    (2, 6),
]
WAVES = [
    [(8.5, 29), (11, 27.4), (13.5, 26.9), (16, 27.7), (18, 29), (21, 30.6), (24.5, 31.1), (28, 30.4), (31, 29)],
    [(12.5, 34.5), (15, 33.1), (17, 32.8), (20, 34), (22.5, 35.3), (25, 35.6), (27.5, 34.3)],
]
TICK = [(10.5, 17), (17.5, 24), (31, 10)]
#: Everything is drawn so many times larger and made smaller at the end: smooth edges.
FINE = 3


def draw(language: str) -> Image.Image:
    name, title, line = WORDS[language]
    width, height = SIZE[0] * FINE, SIZE[1] * FINE
    picture = Image.new("RGB", (width, height), BRAND)
    pen = ImageDraw.Draw(picture)

    def slant(left: float, right: float, color: str) -> None:
        shift = 170 * FINE
        left, right = left * FINE, right * FINE
        pen.polygon([(left + shift, 0), (right + shift, 0), (right, height), (left, height)], fill=color)

    slant(905, 1400, BRAND_2)
    slant(890, 912, ACCENT)

    def at(points: list[tuple[float, float]], scale: float, x: float, y: float) -> list[tuple[float, float]]:
        return [((x + px * scale) * FINE, (y + py * scale) * FINE) for px, py in points]

    def stroke(points: list[tuple[float, float]], color: str, thickness: float) -> None:
        pen.line(points, fill=color, width=round(thickness), joint="curve")
        for px, py in (points[0], points[-1]):
            pen.ellipse([px - thickness / 2, py - thickness / 2, px + thickness / 2, py + thickness / 2], fill=color)

    mark = {"scale": 6.2, "x": 80, "y": 66}
    pen.polygon(at(SHIELD, **mark), fill=WHITE)
    for wave in WAVES:
        stroke(at(wave, **mark), WAVE, 2.6 * mark["scale"] * FINE)
    stroke(at(TICK, **mark), ACCENT, 4.6 * mark["scale"] * FINE)

    def write(words: str, x: float, y: float, size: int, color: str, bold: float = 0) -> None:
        font = ImageFont.load_default(size * FINE)
        place, thick = (x * FINE, y * FINE), round(bold * FINE)
        pen.multiline_text(place, words, color, font, spacing=14 * FINE, stroke_width=thick, stroke_fill=color)

    write(name, 370, 96, 104, WHITE, bold=2.2)
    write("Sertifikasi kompetensi" if language == "id" else "Certification of competency", 374, 226, 36, PALE)
    write(title, 82, 378, 58, WHITE, bold=0.9)
    write(line, 84, 538, 34, PALE)
    small = picture.resize(SIZE, Image.Resampling.LANCZOS)
    # Few colours make a small file; without dithering flat areas stay flat.
    return small.quantize(48, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def main(folder: Path) -> None:
    for language in WORDS:
        draw(language).save(folder / f"sharing-{language}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
