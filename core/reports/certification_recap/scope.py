"""What is asked for: whole months of registration, what the rows of the table are, and what narrows them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.rules import role_of
from core.certificates.standing import SOON_DAYS
from core.codelists.models import Region
from core.reports.models import Facet
from core.reports.queries import SEE_ALL, month_before
from core.schemes.models import Scheme

MONTHS, MAX_MONTHS = 12, 120


@dataclass(frozen=True)
class Dimension:
    """What the rows of the table are. `parameter`: the filter of the list that narrows to one of them."""

    key: str
    title: Any
    parameter: str = ""
    step: int = 0  # months of one row
    facet: Facet | None = None

    @property
    def title_within(self) -> str:
        """Within a sentence; what is an abbreviation stays one."""
        title = str(self.title)
        return title if title.isupper() else title.lower()


DIMENSIONS = {
    dimension.key: dimension
    for dimension in (
        Dimension("bulan", gettext_lazy("Bulan"), step=1),
        Dimension("triwulan", gettext_lazy("Triwulan"), step=3),
        Dimension("tahun", gettext_lazy("Tahun"), step=12),
        Dimension("status", gettext_lazy("Status"), "status"),
        Dimension("skema", gettext_lazy("Skema"), "skema"),
        Dimension("unit", gettext_lazy("Unit kompetensi"), "unit", facet=Facet.VERSION),
        Dimension("provinsi", gettext_lazy("Provinsi"), "provinsi"),
        Dimension("institusi", gettext_lazy("Institusi"), "tempat-kerja", facet=Facet.EMPLOYER),
        Dimension("kelamin", gettext_lazy("Jenis kelamin"), "kelamin", facet=Facet.SEX),
        Dimension("usia", gettext_lazy("Usia saat mendaftar"), "usia", facet=Facet.AGE),
        Dimension("asesor", gettext_lazy("Asesor"), "asesor", facet=Facet.ASSESSOR),
        Dimension("jadwal", gettext_lazy("Jadwal uji"), "jadwal", facet=Facet.SESSION),
        Dimension("tuk", gettext_lazy("TUK"), "tuk", facet=Facet.VENUE),
    )
}
#: What stands in an address for “none” of a facet: no assessor yet, nothing filled in.
NONE = "kosong"
#: The same for the venue of a seat in a session that has none.
REMOTE_WORD = "jarak-jauh"


@dataclass(frozen=True)
class Scope:
    """Whole months of registration, one dimension, and what narrows them. `own`: the viewer's cases only.

    `back`: of a scope that another one is compared with, by how many months it lies before that one.
    Of certificates: whether only those issued in these months count (`is_issued_in`), and within how many days the
    end of one is near.
    """

    since: date
    until: date
    dimension: Dimension
    scheme: Scheme | None = None
    province: Region | None = None
    compare: str = ""  # a key of COMPARED
    own: Any = None
    is_issued_in: bool = False
    near_days: int = SOON_DAYS
    back: int = 0

    @property
    def months(self) -> int:
        return (self.until.year - self.since.year) * 12 + self.until.month - self.since.month + 1

    @property
    def periods(self) -> list[tuple[date, date]]:
        """The rows of the calendar; the first and the last no longer than what was asked for. What is compared with
        them has as many months row by row."""
        step, found = self.dimension.step or 1, []
        first, end = month_before(self.since, -self.back), month_before(self.since, -self.back - self.months)
        while first < end:
            after = min(month_before(date(first.year, (first.month - 1) // step * step + 1, 1), -step), end)
            found.append((month_before(first, self.back), month_before(after, self.back) - date.resolution))
            first = after
        return found


COMPARED = {
    "sebelumnya": gettext_lazy("Jangka waktu sebelumnya"),
    "tahun-lalu": gettext_lazy("Jangka waktu yang sama setahun sebelumnya"),
}
#: Within how many months a certificate ends, in days: three months are what every other screen calls near.
NEAR = {
    "1": (30, gettext_lazy("1 bulan (30 hari)")),
    "3": (SOON_DAYS, gettext_lazy("3 bulan (90 hari)")),
    "6": (180, gettext_lazy("6 bulan (180 hari)")),
    "12": (365, gettext_lazy("12 bulan (365 hari)")),
}
#: Which certificates are counted.
COUNTED = {"": gettext_lazy("Semua"), "terbit": gettext_lazy("Terbit dalam jangka waktu")}
PRESETS = {
    "bulan-ini": gettext_lazy("Bulan ini"),
    "bulan-lalu": gettext_lazy("Bulan lalu"),
    "12-bulan": gettext_lazy("12 bulan terakhir"),
    "tahun-ini": gettext_lazy("Tahun ini"),
    "tahun-lalu": gettext_lazy("Tahun lalu"),
    "bebas": gettext_lazy("Pilih bulan sendiri"),
}


def period_of(
    preset: str, since: date | None = None, until: date | None = None, *, today: date | None = None
) -> tuple[date, date]:
    """First and last day. Months of one's own: in order, ten years at most."""
    month = (today or timezone.localdate()).replace(day=1)
    if preset == "bulan-ini":
        first, last = month, month
    elif preset == "bulan-lalu":
        first = last = month_before(month, 1)
    elif preset == "tahun-ini":
        first, last = month.replace(month=1), month
    elif preset == "tahun-lalu":
        first, last = date(month.year - 1, 1, 1), date(month.year - 1, 12, 1)
    elif preset == "bebas" and (since or until):
        first, last = sorted(((since or until).replace(day=1), (until or month).replace(day=1)))
        first = max(first, month_before(last, MAX_MONTHS - 1))
    else:
        first, last = month_before(month, MONTHS - 1), month
    return first, month_before(last, -1) - date.resolution


def month_from(text: str) -> date | None:
    """“2026-08”, as the field for months sends it; typed by hand also “08-2026”."""
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/](\d{4})", text.strip()):
        year, month = int(found[1] or found[4]), int(found[2] or found[3])
        if 1990 <= year <= timezone.localdate().year + 1 and 1 <= month <= 12:
            return date(year, month, 1)
    return None


def period_asked(asked: Mapping[str, str], *, today: date | None = None) -> tuple[str, date, date]:
    """The preset, and the first and last day that an address asks for; what it says wrongly is left out."""
    since, until = month_from(asked.get("dari", "")), month_from(asked.get("sampai", ""))
    preset = asked.get("jangka") or ("bebas" if since or until else "12-bulan")
    return preset, *period_of(preset, since, until, today=today)


def scope_for(
    viewer: Any,
    *,
    since: date,
    until: date,
    dimension: str = "bulan",
    scheme: Scheme | None = None,
    province: Region | None = None,
    compare: str = "",
    certificates: str = "",
    near: str = "",
) -> Scope:
    """An assessor's recap is of their own cases, whatever else it asks. `certificates`: a key of COUNTED, `near` one
    of NEAR."""
    return Scope(
        since,
        until,
        DIMENSIONS.get(dimension, DIMENSIONS["bulan"]),
        scheme,
        province,
        compare if compare in COMPARED else "",
        None if role_of(viewer) in SEE_ALL else viewer,
        certificates == "terbit",
        NEAR.get(near, NEAR["3"])[0],
    )


def compared_scope(asked: Scope) -> Scope:
    """The period before, as long as this one; or the same one a year before."""
    back = 12 if asked.compare == "tahun-lalu" else asked.months
    since = month_before(asked.since, back)
    return replace(
        asked, since=since, until=month_before(since, -asked.months) - date.resolution, compare="", back=back
    )


# --- months in words and in addresses -----------------------------------------------------------------


def period_title(first: date, last: date) -> str:
    """“Agustus 2026”, “Triwulan III 2026”, “2026”, “Agustus–Oktober 2026”."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return date_format(first, "F Y")
    if months == 12 and first.month == 1:
        return str(first.year)
    if months == 3 and first.month % 3 == 1:
        return _("Triwulan %(quarter)s %(year)s") % {
            "quarter": ("I", "II", "III", "IV")[first.month // 3],
            "year": first.year,
        }
    return _("%(first)s sampai %(last)s") % {"first": date_format(first, "F Y"), "last": date_format(last, "F Y")}


def days_query(first: date, last: date, column: str = "registered_on") -> dict[str, str]:
    return {f"{column}_from": f"{first:%d-%m-%Y}", f"{column}_to": f"{last:%d-%m-%Y}"}
