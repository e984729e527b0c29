"""Two drawings that plain bars cannot make: provinces where they lie, and a line over many months.

Both are SVG that the server writes, each thing in it a link, with the numbers as text. They keep their size and are
pushed sideways on a phone, so that the text stays readable; the table beneath says the same.
"""

import json
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

from backoffice.dashboard.charts import Figure
from core.common.text import grouped

TILES = Path(__file__).with_name("province_tiles.json")
#: Width and height of a tile with its gap, and how many tints there are beside “none”.
TILE_WIDTH, TILE_HEIGHT, GAP, TINTS = 62, 48, 4, 4


@dataclass(frozen=True)
class Tile:
    x: int
    y: int
    label: str
    name: str
    figure: Figure
    tint: int


@dataclass(frozen=True)
class ProvinceMap:
    tiles: list[Tile]
    legend: list[tuple[int, str]]
    width: int
    height: int
    tile_width: int = TILE_WIDTH - GAP
    tile_height: int = TILE_HEIGHT - GAP


@cache
def tiles() -> dict[str, tuple[int, int, str]]:
    """{code of the province: column, row, short name}: roughly where they lie, all of one size."""
    return {code: tuple(place) for code, place in json.loads(TILES.read_text(encoding="utf-8")).items()}


def province_map(figures: dict[str, tuple[str, Figure]], names: dict[str, str]) -> ProvinceMap:
    """`figures`: {code: name, figure} of provinces that have any; `names`: of all of them."""
    most = max((figure.value for _name, figure in figures.values()), default=0)
    bounds = sorted({ceil(most * step / TINTS) for step in range(1, TINTS + 1)} - {0})
    drawn = []
    for code, (column, row, label) in tiles().items():
        name, figure = figures.get(code, (names.get(code, label), Figure(0)))
        tint = next((place for place, bound in enumerate(bounds, 1) if figure.value <= bound), 0) if figure.value else 0
        drawn.append(Tile(column * TILE_WIDTH, row * TILE_HEIGHT, label, name, figure, tint))
    legend = [(0, "0")]
    for place, bound in enumerate(bounds, 1):
        first = bounds[place - 2] + 1 if place > 1 else 1
        legend.append((place, grouped(bound) if first == bound else f"{grouped(first)}–{grouped(bound)}"))
    width = (max(tile.x for tile in drawn) // TILE_WIDTH + 1) * TILE_WIDTH
    return ProvinceMap(drawn, legend, width, (max(tile.y for tile in drawn) // TILE_HEIGHT + 1) * TILE_HEIGHT)


LEFT, TOP, LINE_WIDTH, LINE_HEIGHT, FOOT, MOST_LABELS = 60, 10, 900, 200, 24, 9


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    name: str
    figure: Figure
    label: str  # beneath the line; not every point has one


@dataclass(frozen=True)
class Line:
    points: list[Point]
    former: str  # the path of the compared period, dashed
    steps: list[tuple[float, str]]  # heights with a number
    width: int = LEFT + LINE_WIDTH + 10
    height: int = TOP + LINE_HEIGHT + FOOT
    left: int = LEFT
    base: int = TOP + LINE_HEIGHT

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


def line_of(rows: list[tuple[str, str, Figure, Any]]) -> Line:
    """`rows`: name, the same in short, figure, and the number of the compared period or None."""
    top = max([1, *(figure.value for _n, _s, figure, _b in rows), *(before or 0 for _n, _s, _f, before in rows)])
    apart = LINE_WIDTH / max(1, len(rows) - 1)
    every = ceil(len(rows) / MOST_LABELS)

    def height(value: int) -> float:
        return TOP + LINE_HEIGHT * (1 - value / top)

    points = [
        Point(LEFT + place * apart, height(figure.value), name, figure, short if place % every == 0 else "")
        for place, (name, short, figure, _before) in enumerate(rows)
    ]
    former = [
        f"{LEFT + place * apart:.1f},{height(before):.1f}"
        for place, (_name, _short, _figure, before) in enumerate(rows)
        if before is not None
    ]
    steps = [(height(value), grouped(value)) for value in sorted({0, top // 2, top})]
    return Line(points, " ".join(former), steps)
