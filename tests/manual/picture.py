"""How a picture of the manual is taken: who is logged in, where, what is done there, what of it is shown and pointed at."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page

from core.manual.pages import DOTS, PICTURES
from tests.demo_site import DESK, DemoSite

#: Taller screens are cut: a reader looks at the manual, not through it.
TALLEST = 1000
#: Of all dots, how many may differ before a picture counts as another one.
ALIKE = 0.001
#: A number in a ring beside what the words speak of. The page itself is left as it is.
_MARK = """(element, number) => {
    const box = element.getBoundingClientRect();
    const ring = document.createElement("div");
    ring.style.cssText = `position:absolute;z-index:2147483646;pointer-events:none;border:3px solid #e4572e;border-radius:8px;`
        + `left:${box.left + scrollX - 5}px;top:${box.top + scrollY - 5}px;width:${box.width + 10}px;height:${box.height + 10}px`;
    const dot = document.createElement("div");
    dot.textContent = number;
    dot.style.cssText = `position:absolute;z-index:2147483647;pointer-events:none;background:#e4572e;color:#fff;width:24px;height:24px;`
        + `border-radius:12px;font:700 14px/24px sans-serif;text-align:center;left:${Math.max(2, box.left + scrollX - 17)}px;`
        + `top:${Math.max(2, box.top + scrollY - 17)}px`;
    (element.closest("dialog[open]") || document.body).append(ring, dot);
}"""
#: What the browser says itself of a field that must be filled in: the words tell its language.
_ITS_WORDS = "() => Object.assign(document.createElement('input'), {required: true}).validationMessage"
_BOX = """element => {
    const box = element.getBoundingClientRect();
    return [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY];
}"""


@dataclass(frozen=True)
class Picture:
    """One picture, `server_docs/manual/gambar/<name>.webp`.

    who: the role that is logged in (a key of core.demo.ACCOUNTS), None for a visitor.
    at: the address, or a function that leads there from anywhere (through a list to its first row …).
    do: what is pressed and typed before the picture; what it changes stays changed for the pictures that follow.
    frame: selectors of what is shown, with a margin around all of them; without any, what stands on the screen.
    mark: selectors of what gets a number, 1, 2, 3 …; the words of the page speak of them by these numbers.
    on: DESK or PHONE.
    """

    name: str
    who: str | None
    at: str | Callable[[Page], Any]
    do: Callable[[Page], Any] | None = None
    frame: tuple[str, ...] = ()
    mark: tuple[str, ...] = ()
    on: dict = field(default_factory=lambda: DESK)


def take(picture: Picture, site: DemoSite, browser: Browser, *, is_kept: bool) -> Image.Image | None:
    """The picture as it is now; None unless it is kept: then it is enough that all it shows is there.

    Raises AssertionError or a timeout where something it shows is gone.
    """
    context = site.as_role(browser, picture.who, **picture.on, device_scale_factor=DOTS)
    try:
        page = context.new_page()
        if callable(picture.at):
            picture.at(page)
        else:
            answer = page.goto(picture.at)
            assert answer is not None
            assert answer.ok, f"{picture.at}: {answer.status}"
        if picture.do:
            picture.do(page)
        if is_kept:
            said = page.evaluate(_ITS_WORDS)
            assert "Please" not in said, (
                "the browser speaks English; Debian's chromium-l10n gives it the readers' words"
            )
            page.wait_for_load_state("networkidle")
        for number, selector in enumerate(picture.mark, 1):
            page.locator(selector).first.evaluate(_MARK, str(number))
        clip = _clip(page, picture)
        if not is_kept:
            return None
        return Image.open(io.BytesIO(page.screenshot(**clip, animations="disabled", caret="hide")))
    finally:
        context.close()


def _clip(page: Page, picture: Picture) -> dict:
    """What of the page is kept; the numbers in their rings stand out a little and are kept whole."""
    if not picture.frame:
        return {}
    boxes = [page.locator(selector).first.evaluate(_BOX) for selector in picture.frame]
    margin = 20 if picture.mark else 8
    left, top = max(0, min(box[0] for box in boxes) - margin), max(0, min(box[1] for box in boxes) - margin)
    width = min(max(box[2] for box in boxes) + margin, picture.on["viewport"]["width"]) - left
    height = min(max(box[3] for box in boxes) + margin - top, TALLEST)
    assert min(width, height) > 0, f"nothing to be seen of {picture.frame}"
    return {"full_page": True, "clip": {"x": left, "y": top, "width": width, "height": height}}


def keep(picture: Picture, taken: Image.Image) -> bool:
    """Put it into the manual, unless the one that lies there looks the same; whether it was put there."""
    path = PICTURES / f"{picture.name}.webp"
    few = taken.convert("RGB").quantize(128, dither=Image.Dither.NONE).convert("RGB")
    if path.is_file():
        with Image.open(path) as before:
            if looks_the_same(before.convert("RGB"), few):
                return False
    path.parent.mkdir(exist_ok=True)
    few.save(path, "WEBP", lossless=True, quality=100, method=6)
    return True


def looks_the_same(before: Image.Image, after: Image.Image) -> bool:
    if before.size != after.size:
        return False
    differing = ImageChops.difference(before, after).convert("L").point(lambda value: 255 if value > 24 else 0)
    return differing.histogram()[255] <= ALIKE * before.width * before.height
