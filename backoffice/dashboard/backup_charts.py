"""How long backups and drills take, and how much they hold: whether tonight's still fits into the night."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backoffice.dashboard.charts import Bar, Chart, Figure, Size, share
from core.backups.drill_models import RestoreDrill
from core.backups.models import BackupRun
from core.common.dates import lasting

#: So many of the last ones are drawn.
SHOWN = 8


class Lasting(Figure):
    """Seconds."""

    @property
    def shown(self) -> str:
        return lasting(self.value)

    @property
    def compact(self) -> str:
        """Fits over a narrow column."""
        return f"{self.value}″" if self.value < 100 else f"{round(self.value / 60)}′"


def charts(*, backups: Iterable[BackupRun], drills: Iterable[RestoreDrill]) -> list[Chart]:
    """Both newest first; drawn from the oldest to the newest."""
    full = list(backups)[:SHOWN][::-1]
    tried = list(drills)[:SHOWN][::-1]
    return [
        _chart(
            "lama-cadangan",
            _("Lama pencadangan"),
            _("Cadangan"),
            [(run.begun_at, Lasting(round(run.seconds or 0), _page(run))) for run in full],
            _("Belum ada cadangan."),
        ),
        _chart(
            "ukuran-cadangan",
            _("Ukuran yang dicadangkan"),
            _("Cadangan"),
            [(run.begun_at, Size(run.document_bytes + run.database_bytes, _page(run))) for run in full],
            _("Belum ada cadangan."),
        ),
        _chart(
            "lama-uji",
            _("Lama uji pemulihan"),
            _("Uji pemulihan"),
            [(drill.begun_at, Lasting(_seconds(drill), _page(drill))) for drill in tried],
            _("Belum ada uji pemulihan."),
        ),
    ]


def _seconds(drill: RestoreDrill) -> int:
    return round(drill.duration.total_seconds()) if drill.duration else 0


def _page(row: Any) -> str:
    return reverse(f"admin:core_{row._meta.model_name}_change", args=[row.pk])


def _chart(key: str, title: str, head: str, points: list[tuple[datetime, Figure]], empty: str) -> Chart:
    longest = max((figure.value for _moment, figure in points), default=0)

    def day(moment: datetime, how: str) -> str:
        return date_format(timezone.localtime(moment), how)

    return Chart(
        key=key,
        title=title,
        bars=[
            Bar(day(moment, "j/n"), figure, share(figure.value, longest), day(moment, "j F Y, H.i"))
            for moment, figure in points
        ],
        head=[head, title],
        rows=[(day(moment, "j M Y, H.i"), [figure]) for moment, figure in reversed(points)],
        is_columns=True,
        empty=empty,
        period=_("yang terakhir"),
    )
