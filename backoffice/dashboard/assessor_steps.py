"""What an assessor does next, status by status: one table, read from top to bottom.

A case belongs to the first row that takes it. A room that gives assessors something new to do adds a
row, or another `link` to the row that is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.views.case_page import address
from backoffice.views.preassessment import address as preassessment_address
from backoffice.views.results import address as results_address
from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.assessments.enums import Attendance
from core.assessments.models import Placement

OPEN = gettext_lazy("Buka permohonan")


@dataclass(frozen=True)
class Task:
    """A case of an assessor with its seat, if it has one, and whether a correction was begun."""

    case: Application
    seat: Placement | None
    is_corrected: bool

    @property
    def has_begun(self) -> bool:
        return self.seat is not None and self.seat.session.starts_at <= timezone.now()

    @property
    def when(self) -> str:
        """When it is assessed, in words; "" without a seat."""
        if self.seat is None:
            return ""
        start = self.seat.session.local_start
        place = self.seat.session.venue or self.seat.session.get_mode_display()
        if start.date() == timezone.localdate(timezone=start.tzinfo):
            return _("Hari ini %(time)s, %(place)s") % {"time": date_format(start, "H.i T"), "place": place}
        return _("%(day)s, %(place)s") % {"day": date_format(start, "l, j M Y H.i T"), "place": place}


@dataclass(frozen=True)
class Step:
    """One row: which tasks it takes, how it is called, and the button that leads on."""

    key: str
    title: Any
    takes: Callable[[Task], bool]
    button: Any = OPEN
    link: Callable[[Application], str] = address
    is_work: bool = True  # whether it is the assessor's turn
    limit: int | None = None  # how many are shown; the list has them all


#: In the order in which they are worked through.
STEPS: tuple[Step, ...] = (
    Step(
        "koreksi",
        gettext_lazy("Koreksi yang belum ditandatangani"),
        lambda task: task.case.status == S.ASSESSED and task.is_corrected,
        gettext_lazy("Lanjutkan koreksi"),
        results_address,
    ),
    Step(
        "tidak-hadir",
        gettext_lazy("Tidak hadir, menunggu sekretariat"),
        lambda task: (
            task.case.status == S.SCHEDULED and task.seat is not None and task.seat.attendance == Attendance.ABSENT
        ),
        is_work=False,
    ),
    Step(
        "hasil",
        gettext_lazy("Isi hasil"),
        lambda task: task.case.status == S.SCHEDULED and task.has_begun,
        gettext_lazy("Isi hasil"),
        results_address,
    ),
    Step(
        "banding",
        gettext_lazy("Banding"),
        lambda task: task.case.status == S.APPEALED,
        gettext_lazy("Isi hasil"),
        results_address,
    ),
    Step(
        "pra-asesmen",
        gettext_lazy("Pra-asesmen"),
        lambda task: task.case.status == S.ACCEPTED,
        gettext_lazy("Tinjau FR.APL-02"),
        preassessment_address,
    ),
    Step("terjadwal", gettext_lazy("Terjadwal"), lambda task: task.case.status == S.SCHEDULED, is_work=False),
    Step(
        "menunggu-jadwal",
        gettext_lazy("Menunggu jadwal"),
        lambda task: task.case.status == S.PREASSESSED,
        is_work=False,
    ),
    Step("selesai", gettext_lazy("Selesai"), lambda task: True, is_work=False, limit=10),
)


def steps_with(tasks: list[Task]) -> list[tuple[Step, list[Task]]]:
    """The rows that have something, each with its tasks in the order given; scheduled ones by their time."""
    taken: dict[str, list[Task]] = {step.key: [] for step in STEPS}
    for task in tasks:
        taken[next(step.key for step in STEPS if step.takes(task))].append(task)
    taken["terjadwal"].sort(key=lambda task: task.seat.session.starts_at if task.seat else timezone.now())
    return [(step, taken[step.key]) for step in STEPS if taken[step.key]]
