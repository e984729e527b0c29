"""Pictures that are drawn by the server as SVG: where each part stands. Templates draw them in the page's colours.

SVG breaks no lines, so that words are broken here by what a letter takes on the average.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from core.content.steps import Step

LINE = 20
LETTER = 9  # pixels of a letter of the titles, 15 pixels bold, in the widest of the system fonts
PAD = 14
#: Cards of the wide picture in one row, and how they stand.
IN_A_ROW, CARD, GAP, ROW_GAP = 4, 228, 48, 44
#: The tall picture: as wide as what is left of the narrowest phone.
TALL, SPINE, TALL_GAP = 288, 44, 16


@dataclass(frozen=True)
class Card:
    """One step: its place, its lines, and the arrow that leads on from it (an SVG path; "" for the last)."""

    step: Step
    x: int
    y: int
    width: int
    height: int
    lines: list[tuple[int, str]]  # (y, words)
    who_y: int
    arrow: str
    head: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def badge_y(self) -> int:
        return self.y + 24


@dataclass(frozen=True)
class Picture:
    cards: list[Card]
    width: int
    height: int


def flow_pictures(steps: Sequence[Step]) -> dict[str, Picture]:
    """{wide, tall}; empty when there are no steps."""
    return {"wide": _wide(steps), "tall": _tall(steps)} if steps else {}


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, max(8, int(width / LETTER))) or [""]


def _wide(steps: Sequence[Step]) -> Picture:
    """Row by row, every other one from right to left, as one would walk it."""
    titles = [_wrapped(step.title, CARD - 2 * PAD - 40) for step in steps]
    height = PAD * 2 + LINE * max(map(len, titles)) + (22 if any(step.who for step in steps) else 0)
    cards = []
    for index, step in enumerate(steps):
        row, place = divmod(index, IN_A_ROW)
        backwards = row % 2 == 1
        column = IN_A_ROW - 1 - place if backwards else place
        x, y = column * (CARD + GAP), row * (height + ROW_GAP)
        arrow = head = ""
        if index + 1 < len(steps):
            arrow, head = _onward(x, y, height, backwards, is_end_of_row=place == IN_A_ROW - 1)
        cards.append(_card(step, titles[index], x, y, CARD, height, left=40, arrow=arrow, head=head))
    rows = (len(steps) - 1) // IN_A_ROW + 1
    width = min(len(steps), IN_A_ROW) * (CARD + GAP) - GAP
    return Picture(cards, width, rows * (height + ROW_GAP) - ROW_GAP)


def _onward(x: int, y: int, height: int, backwards: bool, *, is_end_of_row: bool) -> tuple[str, str]:
    if is_end_of_row:
        middle, top, bottom = x + CARD // 2, y + height + 6, y + height + ROW_GAP - 8
        return f"M{middle} {top}V{bottom}", f"M{middle - 6} {bottom - 7}l6 7 6-7"
    level = y + height // 2
    if backwards:
        start, end = x - 6, x - GAP + 8
        return f"M{start} {level}H{end}", f"M{end + 7} {level - 6}l-7 6 7 6"
    start, end = x + CARD + 6, x + CARD + GAP - 8
    return f"M{start} {level}H{end}", f"M{end - 7} {level - 6}l7 6-7 6"


def _tall(steps: Sequence[Step]) -> Picture:
    """One below the other, the numbers on a line at the left."""
    cards, y = [], 0
    for index, step in enumerate(steps):
        lines = _wrapped(step.title, TALL - SPINE - 2 * PAD)
        height = max(48, PAD * 2 - 4 + LINE * len(lines) + (20 if step.who else 0))
        arrow = head = ""
        if index + 1 < len(steps):
            end = y + height + TALL_GAP + 4
            arrow, head = f"M17 {y + 46}V{end}", f"M11 {end - 7}l6 7 6-7"
        cards.append(_card(step, lines, SPINE, y, TALL - SPINE, height, left=0, arrow=arrow, head=head))
        y += height + TALL_GAP
    return Picture(cards, TALL, y - TALL_GAP)


def _card(
    step: Step, titles: list[str], x: int, y: int, width: int, height: int, *, left: int, arrow: str, head: str
) -> Card:
    lines = [(y + PAD + 14 + LINE * number, words) for number, words in enumerate(titles)]
    return Card(step, x, y, width, height, lines, lines[-1][0] + LINE, arrow, head)


# --- columns --------------------------------------------------------------------------------------------

BAR, BAR_GAP, TALLEST, FOOT, HEADROOM = 44, 20, 120, 24, 24


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + BAR // 2

    @property
    def value_y(self) -> int:
        return self.y - 6


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    width: int
    height: int
    floor: int
    bar: int = BAR


def columns(values: Sequence[tuple[str, int]]) -> Bars | None:
    """A column for each value, the tallest as high as there is room; None where nothing stands."""
    most = max((value for _label, value in values), default=0)
    if not most:
        return None
    floor = HEADROOM + TALLEST
    bars = []
    for index, (label, value) in enumerate(values):
        height = max(2, round(TALLEST * value / most)) if value else 0
        bars.append(Bar(label, value, BAR_GAP + index * (BAR + BAR_GAP), floor - height, height))
    return Bars(bars, BAR_GAP + len(bars) * (BAR + BAR_GAP), floor + FOOT, floor)
