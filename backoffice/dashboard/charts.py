"""The charts: bars drawn with plain elements, each a link to the list that shows the same cases, each over a table.

Server-rendered text and links instead of a canvas: read aloud, printed, sharp at any width, dark
without a second palette, there without JavaScript (server_docs/decisions/0014).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backoffice.dashboard.parts import listing
from core.applications.enums import ApplicationStatus
from core.certificates.aftercare_queries import ends_by_day
from core.certificates.standing import SOON_DAYS
from core.common.text import grouped
from core.reports.queries import Recap, Row, month_before, recap

#: Provinces that get a bar of their own; the others share one, and stand in the table.
PROVINCE_BARS = 10


@dataclass(frozen=True)
class Figure:
    """A number and the list that shows its cases; no list where there is none (drafts are nobody's business)."""

    value: int
    link: str = ""

    @property
    def shown(self) -> str:
        return grouped(self.value)

    @property
    def html(self) -> SafeString:
        """A link, where there is something to see."""
        if not (self.link and self.value):
            return conditional_escape(self.shown)
        return format_html('<a href="{}">{}</a>', self.link, self.shown)

    @property
    def compact(self) -> str:
        """Fits over a narrow column."""
        return self.shown if self.value < 10_000 else _("%(thousands)d rb") % {"thousands": self.value // 1000}


@dataclass(frozen=True)
class Size(Figure):
    """The same for bytes."""

    @property
    def shown(self) -> str:
        return filesizeformat(self.value) if self.value else "0"

    @property
    def compact(self) -> str:
        """Two digits and the letter of the unit: "3,7M", "54K"."""
        value, unit = float(self.value), ""
        for larger in "KMGTP":
            if value < 1000:
                break
            value, unit = value / 1024, larger
        return f"{number_format(value, 1 if unit and value < 10 else 0)}{unit}"


@dataclass(frozen=True)
class Bar:
    label: str
    figure: Figure
    share: float  # of the longest bar, 0–100
    name: str = ""  # the whole label where `label` is short
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Chart:
    key: str
    title: str
    bars: list[Bar]
    head: list[str]
    rows: list[tuple[str, list[Figure]]]
    lead: str = ""
    foot: list[Figure] = field(default_factory=list)
    is_columns: bool = False
    is_open: bool = False  # whether the table behind it is unfolded
    empty: str = ""
    period: str = ""  # where it is another one than that of the page


def charts() -> dict[str, Any]:
    """What the template draws under the figures of a home."""
    found = recap()
    return {
        "charts": [_months(found), _funnel(found), _schemes(found), _provinces(found)],
        "as_of": found.as_of,
        "period": _("%(first)s sampai %(last)s")
        % {"first": date_format(found.since, "F Y"), "last": date_format(found.until, "F Y")},
    }


def _link(since: date, until: date, **more: str) -> str:
    query = {"antrean": "semua", "registered_on_from": f"{since:%d-%m-%Y}", "registered_on_to": f"{until:%d-%m-%Y}"}
    return listing("application", urlencode(query | more))


def _months(found: Recap) -> Chart:
    def ends(row: Row) -> tuple[date, date]:
        return row.key, month_before(row.key, -1) - date.resolution

    longest = max((row.total for row in found.months), default=0)
    return Chart(
        key="bulan",
        title=_("Pendaftaran per bulan"),
        lead=_("Menurut tanggal permohonan pertama kali dikirim."),
        bars=[
            Bar(
                date_format(row.key, "M"),
                Figure(row.total, _link(*ends(row))),
                share(row.total, longest),
                date_format(row.key, "F Y"),
            )
            for row in found.months
        ],
        is_columns=True,
        **_table(
            found, _("Bulan"), [(date_format(row.key, "F Y"), row, ends(row), {}) for row in reversed(found.months)]
        ),
    )


def _funnel(found: Recap) -> Chart:
    """From draft to certificate: states that later rooms add to the list join by themselves.

    One colour: the labels tell the bars apart, and there are more states than tones.
    """
    window = (found.since, found.until)
    drafts, sent = Figure(found.drafts), Figure(found.total, _link(*window))
    longest = max(found.total, found.drafts)
    bars = [
        Bar(_("Draf"), drafts, share(drafts.value, longest)),
        Bar(_("Dikirim seluruhnya"), sent, share(sent.value, longest)),
    ]
    for status, value in found.by_status.items():
        bars.append(
            Bar(
                str(ApplicationStatus(status).label),
                Figure(value, _link(*window, status=status)),
                share(value, longest),
                note=_("%(share)s %% dari yang dikirim") % {"share": round(100 * value / (found.total or 1))},
            )
        )
    return Chart(
        key="corong",
        title=_("Dari draf sampai selesai"),
        lead=_("Draf: yang sedang diisi sekarang. Lainnya: status sekarang dari permohonan yang dikirim."),
        bars=bars,
        head=[_("Status"), _("Permohonan")],
        rows=[(bar.label, [bar.figure]) for bar in bars],
    )


def _schemes(found: Recap) -> Chart:
    longest = max((row.total for row in found.schemes), default=0)
    window = (found.since, found.until)
    return Chart(
        key="skema",
        title=_("Per skema"),
        bars=[
            Bar(row.title, Figure(row.total, _link(*window, skema=row.key)), share(row.total, longest))
            for row in found.schemes
        ],
        **_table(found, _("Skema"), [(row.title, row, window, {"skema": row.key}) for row in found.schemes]),
    )


def _provinces(found: Recap) -> Chart:
    window = (found.since, found.until)
    first, rest = found.provinces[:PROVINCE_BARS], found.provinces[PROVINCE_BARS:]
    others = sum(row.total for row in rest)
    longest = max([others, *(row.total for row in first)], default=0)
    bars = [
        Bar(row.title, Figure(row.total, _link(*window, provinsi=row.key)), share(row.total, longest)) for row in first
    ]
    if rest:
        title = _("%(count)d provinsi lainnya") % {"count": len(rest)}
        bars.append(Bar(title, Figure(others), share(others, longest), tone="rest"))
    return Chart(
        key="provinsi",
        title=_("Per provinsi"),
        lead=_("Tempat tinggal asesi menurut formulir yang dikirim."),
        bars=bars,
        **_table(found, _("Provinsi"), [(row.title, row, window, {"provinsi": row.key}) for row in found.provinces]),
    )


#: Months that the chart of ends looks ahead, this one included.
MONTHS_AHEAD = 6


def certificate_ends() -> tuple[int, Chart]:
    """How many certificates end within the next 90 days, and a chart by month; one look at the index for both."""
    today = timezone.localdate()
    until = month_before(today.replace(day=1), -MONTHS_AHEAD) - date.resolution
    by_day = ends_by_day(until=max(until, today + timedelta(days=SOON_DAYS)))
    soon = sum(count for day, count in by_day.items() if day <= today + timedelta(days=SOON_DAYS))
    rows = []
    for ahead in range(MONTHS_AHEAD):
        first = month_before(today.replace(day=1), -ahead)
        last = month_before(first, -1) - date.resolution
        count = sum(number for day, number in by_day.items() if first <= day <= last)
        query = {"keadaan": "masih", "valid_until_from": f"{first:%d-%m-%Y}", "valid_until_to": f"{last:%d-%m-%Y}"}
        rows.append((first, Figure(count, listing("certificate", urlencode(query)))))
    longest = max((figure.value for _first, figure in rows), default=0)
    chart = Chart(
        key="akhir",
        title=_("Sertifikat berakhir per bulan"),
        lead=_("Sertifikat yang berlaku sekarang, menurut hari terakhirnya."),
        bars=[
            Bar(date_format(first, "M"), figure, share(figure.value, longest), date_format(first, "F Y"))
            for first, figure in rows
        ]
        if longest
        else [],
        head=[_("Bulan"), _("Sertifikat")],
        rows=[(date_format(first, "F Y"), [figure]) for first, figure in rows],
        is_columns=True,
        period=_("%(first)s sampai %(last)s")
        % {"first": date_format(rows[0][0], "F Y"), "last": date_format(rows[-1][0], "F Y")},
        empty=_("Tidak ada sertifikat yang berakhir dalam enam bulan ini."),
    )
    return soon, chart


def share(value: int, longest: int) -> float:
    return round(100 * value / longest, 2) if longest else 0


def _table(found: Recap, first: str, rows: Iterable[tuple[str, Row, tuple[date, date], dict]]) -> dict[str, Any]:
    """One row per thing, one column per status, everything a link; at the foot the sums."""
    statuses = [status for status, value in found.by_status.items() if value]
    body = []
    for title, row, window, query in rows:
        figures = [Figure(row.total, _link(*window, **query))]
        for status in statuses:
            figures.append(Figure(row.by_status.get(status, 0), _link(*window, **query, status=status)))
        body.append((title, figures))
    window = (found.since, found.until)
    return {
        "head": [first, _("Semua"), *(str(ApplicationStatus(status).label) for status in statuses)],
        "rows": body,
        "foot": [
            Figure(found.total, _link(*window)),
            *(Figure(found.by_status[status], _link(*window, status=status)) for status in statuses),
        ],
    }
