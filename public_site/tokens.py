"""The token sheet at the head of portal.css, read for the style page and for the test of its contrasts."""

import re
from functools import cache
from pathlib import Path

SHEET = Path(__file__).resolve().parent / "static/public_site/css/portal.css"
TEXT, CONTROL = 4.5, 3.0
"""WCAG 2.2 AA: words on their ground, borders of controls and signs on theirs."""
TONES = ("neutral", "info", "success", "warning", "danger")
#: What stands on what, and how far apart the two must be.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((words, ground, TEXT) for words in ("ink", "muted", "link") for ground in ("canvas", "surface", "sunken")),
    *((tone, f"{tone}-bg", TEXT) for tone in TONES),
    *(("ink", f"{tone}-bg", TEXT) for tone in TONES),
    *(("danger", ground, TEXT) for ground in ("canvas", "surface")),
    ("link", "info-bg", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand", "brand-2", TEXT),
    ("on-brand-muted", "brand", TEXT),
    ("on-brand-muted", "brand-2", TEXT),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("on-primary", "primary", TEXT),
    ("on-primary", "primary-hover", TEXT),
    *(("control", ground, CONTROL) for ground in ("canvas", "surface", "sunken")),
    *(("primary", ground, CONTROL) for ground in ("canvas", "surface")),
    ("accent", "brand", CONTROL),
    ("success", "surface", CONTROL),
    *(("ring-edge", ground, CONTROL) for ground in ("canvas", "surface")),
)


@cache
def tokens() -> dict[str, dict[str, str]]:
    """{"light" and "dark": {name: value}}; dark is light with what the dark sheet says differently."""
    head = SHEET.read_text(encoding="utf-8").split("/* 2 ")[0]
    light, dark = head.split("@media screen and (prefers-color-scheme: dark)")
    by_day, by_night = (dict(re.findall(r"--([\w-]+):\s*([^;]+);", part)) for part in (light, dark))
    return {"light": by_day, "dark": by_day | by_night}


def colors() -> list[str]:
    return [name for name, value in tokens()["light"].items() if value.startswith("#")]


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG between two colours written as #rgb or #rrggbb."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
