"""What the check of a file found: all faults, or all differences. Kept as JSON with the file."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One fault, where it stands, and how to mend it. `sheet` is "" in a CSV; `kind`: see `values.BadValue`."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    kind: str = ""


@dataclass(frozen=True)
class FaultGroup:
    """How often one column has faults of one sort; `rows` are the first of them."""

    column: str
    kind: str
    count: int
    rows: list[int]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


#: Rows that a group of faults names.
ROWS_NAMED = 5


def fault_groups(faults: Iterable[Fault]) -> list[FaultGroup]:
    """Faults of one column and sort together, the commonest first: what a whole column does wrong is one line."""
    found: dict[tuple[str, str], list[int]] = {}
    for fault in faults:
        found.setdefault((fault.column, fault.kind or fault.message), []).append(fault.row)
    groups = [FaultGroup(column, kind, len(rows), rows[:ROWS_NAMED]) for (column, kind), rows in found.items()]
    return sorted(groups, key=lambda group: -group.count)


@dataclass
class Difference:
    """What one row does: `kind` is baru, berubah, dihapus, dilewati or sama; `changes` are (column, old, new)."""

    sheet: str
    row: int | None
    label: str
    kind: str
    path: list[str] = field(default_factory=list)  # what it belongs to, outermost first
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


NEW, CHANGED, REMOVED, SKIPPED, UNCHANGED = "baru", "berubah", "dihapus", "dilewati", "sama"
KINDS = (NEW, CHANGED, REMOVED, SKIPPED, UNCHANGED)


@dataclass
class Report:
    """Unchanged rows are only counted. `extra` is for what one kind of import alone has to say."""

    format: str = "xlsx"
    columns: list[str] = field(default_factory=list)
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    unchanged: int = 0
    notices: list[str] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        found = dict.fromkeys(KINDS, 0)
        for difference in self.differences:
            found[difference.kind] += 1
        found[UNCHANGED] += self.unchanged
        return found | {"baris": self.rows, "kesalahan": len(self.faults)}

    @property
    def rows_at_fault(self) -> int:
        return len({(fault.sheet, fault.row) for fault in self.faults})

    @property
    def writes_something(self) -> bool:
        return any(difference.kind in (NEW, CHANGED, REMOVED) for difference in self.differences)

    @property
    def fingerprint(self) -> str:
        """The same for the same differences: what was shown is what is written."""
        shown = json.dumps([asdict(difference) for difference in self.differences], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def sort(self) -> None:
        self.faults.sort(key=lambda fault: (fault.sheet, fault.row, fault.column))
