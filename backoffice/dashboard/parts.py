"""Pieces that several homes share."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.navigation import counts, sidebar_work
from core.common.text import grouped
from core.reports.queries import accepted_this_month, taken_by


@dataclass(frozen=True)
class Line:
    """Something that waits, or a state of the system: words, a figure, where it leads, how bad it is."""

    title: str
    figure: Any
    link: str = ""
    tone: str = ""
    note: str = ""


def listing(model: str, query: str = "") -> str:
    address = _address(model)
    return f"{address}?{query}" if query else address


@cache
def _address(model: str) -> str:
    """Asked for once: a table of a recap leads to hundreds of lists."""
    return reverse(f"admin:core_{model}_changelist")


def proposed_destructions(request: HttpRequest) -> Line:
    """Papers to destroy that somebody else proposed, or the monthly job: this person may be the second one."""
    waiting = sidebar_work(request)["destructions"]
    return Line(
        _("Usulan pemusnahan menunggu keputusan"),
        waiting,
        listing("destructionbatch", "menunggu=saya"),
        "warning" if waiting else "",
        _("Diusulkan orang lain atau sistem; Anda orang keduanya.") if waiting else _("Tidak ada yang menunggu."),
    )


def status_cards(request: HttpRequest) -> list[dict[str, Any]]:
    """The four figures of the desk; "mine" only for those who verify."""
    found = counts(request)
    month = timezone.localdate().replace(day=1)
    if request.user.has_perm("core.verify_application"):
        taken = (_("Sedang saya periksa"), taken_by(request.user), "antrean=saya")
    else:
        taken = (_("Sedang diperiksa"), found["under_review"], "antrean=diperiksa")
    cards = [
        (_("Menunggu diperiksa"), found["submitted"], "antrean=menunggu"),
        taken,
        (_("Dikembalikan"), found["returned"], "antrean=perbaikan"),
        (
            _("Diterima bulan ini"),
            accepted_this_month(request.user),
            f"antrean=diterima&closed_at_from={month:%d-%m-%Y}",
        ),
    ]
    return [
        {"title": title, "figure": figure, "shown": grouped(figure), "link": listing("application", query)}
        for title, figure, query in cards
    ]
