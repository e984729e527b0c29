"""The page of one verification of the files."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backoffice.displays import RUN_TONES
from backoffice.screens import screen
from core.common.exceptions import DomainError
from core.common.text import grouped
from core.documents.integrity import (
    COUNTED_AS,
    WHAT_TO_DO,
    continue_requested,
    last_finished_run,
    last_run,
    request_verification,
)
from core.documents.models import IntegrityRun

#: Findings that one page names; the rest is counted.
ROWS = 200
#: For so long the press of the button begins with it at once; what is left goes on every minute.
SECONDS_AT_ONCE = 2


def extent(run: IntegrityRun) -> str:
    """Of what a run looks at: everything, or a part of it."""
    return _("1 dari setiap %(step)s dokumen") % {"step": grouped(run.step)} if run.is_sample else _("Semua dokumen")


@require_POST
def request_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """“Periksa sekarang”: leads to the page of the run, which shows how far it is."""
    if not request.user.has_perm("core.request_integrityrun"):
        raise PermissionDenied
    try:
        run = request_verification(whole=request.POST.get("cakupan") == "semua", by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(admin.list_url())
    continue_requested(seconds=SECONDS_AT_ONCE)
    return redirect(reverse("admin:core_integrityrun_change", args=[run.pk]))


def run_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    run = admin.get_object(request, str(pk))
    if run is None:
        raise Http404
    finished = last_finished_run()
    named = list(run.findings.prefetch_related("document__document_type")[:ROWS])
    groups = [
        {
            "title": kind.label,
            "advice": WHAT_TO_DO[kind],
            "count": grouped(count),
            "findings": [finding for finding in named if finding.kind == kind],
        }
        for kind, figure in COUNTED_AS.items()
        if (count := getattr(run, figure))
    ]
    context = {
        "run": run,
        "tone": RUN_TONES[run.outcome],
        "extent": extent(run),
        "documents": grouped(run.documents),
        "faults": grouped(run.faults),
        "groups": groups,
        "hidden": grouped(run.faults - ROWS) if run.faults > ROWS else "",
        "is_open": finished is None or run.pk >= finished.pk,
        "is_last": run == last_run(),
        "is_requested": run.requested_by_id is not None,
    }
    return screen(request, admin, "backoffice/integrity/run.html", context, title=_("Pemeriksaan berkas"), row=run)
