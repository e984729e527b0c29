"""The tabs above the queue of applications."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus
from core.assessments.queries import waiting_for_assessor

#: The tabs above the queue: key, title. The first one opens by itself.
QUEUES = (
    ("menunggu", _("Menunggu diperiksa")),
    ("saya", _("Sedang saya periksa")),
    ("diperiksa", _("Sedang diperiksa")),
    ("perbaikan", _("Perlu diperbaiki")),
    ("perlu-asesor", _("Perlu asesor")),
    ("diterima", _("Diterima")),
    ("siap", _("Siap dijadwalkan")),
    ("terjadwal", _("Terjadwal")),
    ("keputusan", _("Menunggu keputusan")),
    ("sertifikat", _("Menunggu sertifikat")),
    ("semua", _("Semua")),
)


#: What each tab shows, apart from "saya" (which asks who is looking) and "semua".
_QUEUE_STATUSES = {
    "menunggu": [ApplicationStatus.SUBMITTED],
    "diperiksa": [ApplicationStatus.UNDER_REVIEW],
    "perbaikan": [ApplicationStatus.RETURNED],
    "diterima": [ApplicationStatus.ACCEPTED],
    "siap": [ApplicationStatus.PREASSESSED],
    "terjadwal": [ApplicationStatus.SCHEDULED],
    "keputusan": [ApplicationStatus.ASSESSED, ApplicationStatus.APPEALED],
    "sertifikat": [ApplicationStatus.COMPETENT],
}


def current_queue(request: HttpRequest) -> str:
    """The tab that is open. A search looks through everything, and so do filters where no tab was chosen."""
    if any(request.GET.get(name) for name in ("q", "nik", "status")) or role_of(request.user) == "asesor":
        return "semua"
    chosen = request.GET.get("antrean", "")
    if chosen in dict(QUEUES):
        return chosen
    narrowing = {name for name, value in request.GET.items() if value} - {"p", "o"}
    return "semua" if narrowing else "menunggu"


class QueueFilter(admin.SimpleListFilter):
    """The open tab; drawn by the tabs themselves (templates/backoffice/queue_tabs.html), kept by the sheet."""

    title = _("antrean")
    parameter_name = "antrean"
    template = "backoffice/filter_hidden.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return QUEUES

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        queue = current_queue(request)
        if queue == "saya":
            return queryset.filter(status=ApplicationStatus.UNDER_REVIEW, officer=request.user)
        if queue == "perlu-asesor":
            return waiting_for_assessor(queryset)
        if queue in _QUEUE_STATUSES:
            return queryset.filter(status__in=_QUEUE_STATUSES[queue])
        return queryset
