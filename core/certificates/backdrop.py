"""What lies behind the words of a certificate: its frame and the fine lines that a copier blurs.

Drawn as curves once per process and laid under every page of every certificate; nothing in it is personal.
"""

from functools import cache
from io import BytesIO
from math import cos, pi, sin

from pypdf import PageObject, PdfReader, PdfWriter
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = landscape(A4)
NAVY, GOLD = HexColor("#12325c"), HexColor("#b08d2e")
MIST, SAND = HexColor("#e9eef5"), HexColor("#e6d9b4")
#: The band around the page: where it begins and how broad it is.
EDGE, BAND = 0.7 * cm, 0.46 * cm
#: Waves per band are whole numbers, so that they meet in the corners.
WAVE = 0.6 * cm


def lay_behind(content: bytes) -> bytes:
    """The same PDF with the backdrop under each page; the same bytes for the same bytes."""
    writer = PdfWriter(clone_from=BytesIO(content))
    for page in writer.pages:
        page.merge_page(_backdrop(), over=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def _backdrop() -> PageObject:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    canvas.beginForm("backdrop", 0, 0, WIDTH, HEIGHT)  # one object that all pages share
    _rosette(canvas)
    _band(canvas)
    _frames(canvas)
    canvas.endForm()
    canvas.doForm("backdrop")
    canvas.save()
    return PdfReader(out).pages[0]


def _frames(canvas: Canvas) -> None:
    for inset, width, colour in ((EDGE, 1.6, NAVY), (EDGE + BAND, 0.9, NAVY), (EDGE + BAND + 0.1 * cm, 0.5, GOLD)):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(width)
        canvas.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _band(canvas: Canvas) -> None:
    """Waves that run around the page and cross each other."""
    canvas.setLineWidth(0.35)
    middle = EDGE + BAND / 2
    long, short = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    for phase in range(8):
        canvas.setStrokeColor(SAND if phase % 2 else HexColor("#9fb3d0"))
        for length, place in ((long, (EDGE, middle)), (long, (EDGE, HEIGHT - middle))):
            _wave(canvas, length, phase, lambda at, off, place=place: (place[0] + at, place[1] + off))
        for length, place in ((short, (middle, EDGE)), (short, (WIDTH - middle, EDGE))):
            _wave(canvas, length, phase, lambda at, off, place=place: (place[0] + off, place[1] + at))


def _wave(canvas: Canvas, length: float, phase: int, put) -> None:
    waves = round(length / WAVE)
    steps = waves * 8
    points = (
        put(length * step / steps, BAND * 0.42 * sin(2 * pi * waves * step / steps + pi * phase / 4))
        for step in range(steps + 1)
    )
    _line(canvas, points)


def _rosette(canvas: Canvas) -> None:
    """Curves around the middle, so light that every letter stays readable on them."""
    canvas.setStrokeColor(MIST)
    canvas.setLineWidth(0.4)
    for ring in range(14):
        radius, petals = 1.6 * cm + ring * 0.42 * cm, 12 + 2 * (ring % 3)
        steps = 360
        _line(
            canvas,
            (
                (
                    WIDTH / 2 + 1.45 * (radius + 0.55 * cm * sin(petals * angle + ring)) * cos(angle),
                    HEIGHT / 2 + (radius + 0.55 * cm * sin(petals * angle + ring)) * sin(angle),
                )
                for angle in (2 * pi * step / steps for step in range(steps + 1))
            ),
        )


def _line(canvas: Canvas, points) -> None:
    path = canvas.beginPath()
    for number, (x, y) in enumerate(points):
        (path.lineTo if number else path.moveTo)(round(x, 1), round(y, 1))
    canvas.drawPath(path)
