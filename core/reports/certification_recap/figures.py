"""What is told: figures, the rows that hold them, and the whole recap."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.applications.enums import STAGE_STATUSES, ApplicationStatus, Stage
from core.certificates.enums import CertificateState
from core.reports.certification_recap.scope import Scope

#: How the list of certificates calls what is valid, however near its end.
IN_USE = "masih"
#: What the statuses of a case come to, in the order of a table's columns.
SENT_STATUSES = tuple(str(status) for status in ApplicationStatus if status != ApplicationStatus.DRAFT)


@dataclass
class Figures:
    """Cases by status, and how long those that are over took; `before`: the same of what this is compared with."""

    by_status: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: int = 0
    complete: int = 0
    lacking: int = 0
    before: "Figures | None" = None

    @property
    def registered(self) -> int:
        return sum(self.by_status.values())

    def of(self, statuses: Iterable[str]) -> int:
        return sum(self.by_status.get(str(status), 0) for status in statuses)

    def stage(self, stage: Stage) -> int:
        return self.of(STAGE_STATUSES[stage])

    @property
    def mean_days(self) -> int | None:
        """From registration to the end, over cases that are over."""
        over = self.registered - self.stage(Stage.RUNNING) - self.stage(Stage.COMPETENT)
        return round(self.days / over) if over else None

    def add(self, status: str, number: int, days: int) -> None:
        self.by_status[status] += number
        self.days += days

    def without(self, others: Iterable["Figures"]) -> "Figures":
        """What is left when these are taken away."""
        rest = Figures(defaultdict(int, self.by_status), self.days)
        for other in others:
            rest.days -= other.days
            for status, number in other.by_status.items():
                rest.by_status[status] -= number
        return rest


@dataclass
class Row(Figures):
    """One line of the table. `query` narrows a list to it; None where no filter says so much."""

    key: Any = None
    title: str = ""
    query: dict[str, str] | None = field(default_factory=dict)


@dataclass
class Holdings:
    """Certificates by how they stand today. `query` narrows a list to them, `of_state` to those of one state."""

    title: str
    query: dict[str, str]
    of_state: dict[str, dict[str, str]]
    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CertificateState.values, 0))

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def in_use(self) -> int:
        """Whose holders may call themselves certified today."""
        return self.by_state[CertificateState.VALID] + self.by_state[CertificateState.ENDING]


@dataclass
class Register:
    """The certificates of one register: row by row where the rows of the recap say something of it, and all."""

    total: Holdings
    rows: list[Holdings] = field(default_factory=list)


@dataclass
class CertificationRecap:
    """Every figure of the recap. `too_many`: so many cases would have to be counted one by one, and were not."""

    scope: Scope
    as_of: datetime
    rows: list[Row] = field(default_factory=list)
    total: Figures = field(default_factory=Figures)
    others: Figures | None = None  # what has no row of its own
    before: Figures | None = None
    too_many: int = 0
    has_files: bool = False  # whether files that are complete were counted row by row
    certificates: Register | None = None
    past: Register | None = None  # of the paper years

    @property
    def statuses(self) -> list[str]:
        """Those that occur, in the order of a case's journey."""
        return [status for status in SENT_STATUSES if self.total.by_status.get(status)]
