"""How a scheduled job is told on the screens: its state in a word, how long it took, the bars of its last runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.common.dates import lasting
from core.timetable import rules
from core.timetable.enums import RunState
from core.timetable.models import ScheduledJob
from core.timetable.queries import TimetableState, jobs_of_the_timetable, next_time, timetable_state
from core.timetable.table import Entry

RUN_STATE_TONES = {
    RunState.RUNNING: "info",
    RunState.DONE: "success",
    RunState.FAILED: "danger",
    RunState.OVER_LIMIT: "danger",
    RunState.INTERRUPTED: "warning",
}


@dataclass(frozen=True)
class Told:
    """One job as the list, the home and its page show it."""

    entry: Entry
    job: ScheduledJob
    now: datetime

    @cached_property
    def state(self) -> tuple[str, str]:
        """(tone, word) of what matters most."""
        if rules.is_running(self.job):
            return "info", str(RunState.RUNNING.label)
        if rules.is_paused(self.job, self.now):
            return "warning", _("Dimatikan")
        if rules.is_late(self.job, self.entry, self.now):
            return "danger", _("Terlambat")
        if not self.job.outcome:
            return "none", _("Belum pernah")
        return RUN_STATE_TONES[RunState(self.job.outcome)], self.job.get_outcome_display()

    @property
    def page(self) -> str:
        return reverse("admin:core_scheduledjob_change", args=[self.job.pk])

    @property
    def run_page(self) -> str:
        return reverse("admin:core_scheduledjob_run", args=[self.job.pk])

    @property
    def last_at(self) -> datetime | None:
        return self.job.ended_at or self.job.begun_at

    @property
    def took(self) -> str:
        return lasting(self.job.milliseconds / 1000) if self.job.ended_at else ""

    @property
    def next_at(self) -> datetime:
        return next_time(self.entry, self.job, now=self.now)

    @property
    def is_frequent(self) -> bool:
        return self.entry.expression.apart(self.now) <= rules.OFTEN

    @property
    def is_asked(self) -> bool:
        return self.job.asked is not None and self.job.asked.is_open

    @property
    def needs_a_look(self) -> bool:
        return not rules.is_paused(self.job, self.now) and (
            rules.is_failing(self.job, self.entry, self.now) or rules.is_late(self.job, self.entry, self.now)
        )

    @property
    def bars(self) -> SafeString:
        """How long the last runs took, the longest as high as the line; what went wrong has another colour."""
        runs = self.job.lately
        if not runs:
            return format_html('<span class="bo-muted">{}</span>', "–")
        longest = max(1, *(milliseconds for milliseconds, _outcome in runs))
        words = _("%(n)d kali terakhir, paling lama %(longest)s") % {"n": len(runs), "longest": lasting(longest / 1000)}
        wrong = sum(outcome != RunState.DONE for _milliseconds, outcome in runs)
        if wrong:
            words = _("%(words)s; %(n)d tidak selesai dengan baik") % {"words": words, "n": wrong}
        bars = format_html_join(
            "",
            '<span style="--h: {}"{}></span>',
            (
                (max(8, round(100 * milliseconds / longest)), RAISED if outcome != RunState.DONE else "")
                for milliseconds, outcome in runs
            ),
        )
        return format_html('<span class="bo-spark" role="img" aria-label="{0}" title="{0}">{1}</span>', words, bars)


RAISED = SafeString(' data-tone="danger"')


def told_jobs(request: HttpRequest) -> list[Told]:
    """All of them, read once for a page."""
    if not hasattr(request, "_told_jobs"):
        now = timezone.now()
        request._told_jobs = [Told(entry, job, now) for entry, job in jobs_of_the_timetable()]  # type: ignore[attr-defined]
    return request._told_jobs  # type: ignore[attr-defined]


def state_of(request: HttpRequest) -> TimetableState:
    return timetable_state(jobs=[(told.entry, told.job) for told in told_jobs(request)])


def card(request: HttpRequest) -> dict[str, Any]:
    """What the home of an administrator shows: those of the night one by one, the frequent ones folded."""
    told = told_jobs(request)
    frequent = [one for one in told if one.is_frequent]
    return {
        "seldom": [one for one in told if not one.is_frequent],
        "frequent": frequent,
        "frequent_wrong": sum(one.needs_a_look for one in frequent),
        "may_run": request.user.has_perm("core.run_scheduledjob"),
        "carriers": rules.CARRIERS,
    }
