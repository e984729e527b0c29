"""What differs between two states of a record, field by field and line by line."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from core.activity.records import Record, Row, is_written, place_of
from core.activity.versioning import line_keys

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass
class FieldChange:
    name: str
    before: Any
    after: Any


@dataclass
class RowChange:
    """One row that is not the same: `row` as it is afterwards, or as it was when it is gone."""

    kind: str
    row: Row
    fields: list[FieldChange] = field(default_factory=list)
    moved: tuple[int, int] | None = None  # from which place to which


def compare(before: Record, after: Record) -> list[RowChange]:
    """The record's own fields first, then its lines in the order in which they are read."""
    old, new = before.by_key(), after.by_key()
    moves = _moves(before, after)
    changes = []
    for row in [*after.rows(), *(row for row in before.lines if row.key not in new)]:
        if row.key not in old and row is not after.root:
            changes.append(RowChange(ADDED, row, _fields(None, row)))
        elif row.key not in new:
            changes.append(RowChange(REMOVED, row, _fields(row, None)))
        else:
            change = RowChange(CHANGED, row, _fields(old[row.key], row), moves.get(row.key))
            if change.fields or change.moved:
                changes.append(change)
    return changes


def as_added(record: Record) -> list[RowChange]:
    """All that a record holds, told as if it were new."""
    return [RowChange(ADDED, row, _fields(None, row)) for row in record.rows()]


def _fields(before: Row | None, after: Row | None) -> list[FieldChange]:
    some = after or before
    parents = line_keys(some.model)
    changes = []
    for name in some.values:
        if not is_written(some.model, name) or name in parents or (parents and name == "position"):
            continue  # where a line stands is told as a move
        old = before.values.get(name) if before else None
        new = after.values.get(name) if after else None
        is_known = not (before and after) or name in before.values  # a field that came later has no past
        if old != new and is_known:
            changes.append(FieldChange(name, old, new))
    return changes


def _moves(before: Record, after: Record) -> dict[tuple[str, str], tuple[int, int]]:
    """Lines that were dragged to another place; those that only made room for them have not moved."""
    moved = {}
    for group_before, group_after in _groups(before, after):
        old_places = {row.key: place for place, row in enumerate(group_before, start=1)}
        common = [row for row in group_after if row.key in old_places]
        stayed = _longest_rising([old_places[row.key] for row in common])
        places = {row.key: place for place, row in enumerate(group_after, start=1)}
        for row in common:
            if old_places[row.key] not in stayed:
                moved[row.key] = (old_places[row.key], places[row.key])
    return moved


def _groups(before: Record, after: Record) -> list[tuple[list[Row], list[Row]]]:
    """Lines that stand in one list, such as the criteria of one element, before and after, in order."""
    old = _grouped(before)
    return [(old[name], group) for name, group in _grouped(after).items() if name in old]


def _grouped(record: Record) -> dict[tuple, list[Row]]:
    groups: dict[tuple, list[Row]] = {}
    for row in record.lines:
        if "position" in row.values:
            parents = tuple(row.values.get(name) for name in line_keys(row.model))
            groups.setdefault((row.model, parents), []).append(row)
    for rows in groups.values():
        rows.sort(key=lambda row: (place_of(row), row.pk))
    return groups


def _longest_rising(places: list[int]) -> set[int]:
    """The longest run of places that still stand in their old order."""
    tails: list[int] = []
    runs: list[list[int]] = []
    for place in places:
        at = bisect_left(tails, place)
        run = [*(runs[at - 1] if at else []), place]
        tails[at : at + 1] = [place]
        runs[at : at + 1] = [run]
    return set(runs[-1]) if runs else set()
