"""Reads a PDF in a process of its own: a file that crashes or fills the reader takes nothing else with it.

Run as a script, without Django: the PDF on standard input, arguments as in `main`; answers with JSON.
"""

import json
import sys
from pathlib import Path

import pypdfium2
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

#: A page with a picture and less text than this is a scan (some scanners stamp a line on each page).
LITTLE_TEXT = 20
#: Of a scan so many pages are drawn, at 200 dots an inch, no side longer than this.
MAX_DRAWN, MAX_SIDE = 20, 2600


def read(content: bytes, folder: Path | None, max_length: int) -> dict:
    """The text of all pages, up to so many characters, and how many pages are scans; those are drawn into `folder`."""
    document = pypdfium2.PdfDocument(content)
    texts, length, scans = [], 0, 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage().get_text_bounded() if length < max_length else ""
        if len(text.strip()) < LITTLE_TEXT and any(page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=4)):
            scans += 1
            if folder is not None and scans <= MAX_DRAWN:
                scale = min(200 / 72, MAX_SIDE / max(*page.get_size(), 1))
                page.render(scale=scale, grayscale=True).to_pil().save(folder / f"{number:04}.png")
        texts.append(text[: max_length - length])
        length += len(texts[-1])
        page.close()
    return {"text": "\n".join(texts).encode("utf-8", "ignore").decode(), "scans": scans}


def main() -> None:
    """pdf_reader.py MAX_LENGTH [FOLDER]"""
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    json.dump(read(sys.stdin.buffer.read(), folder, int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
