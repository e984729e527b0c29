"""One institution and what is decided about it; one batch and how far its people are.

Nothing happens on GET. A POST that the table refuses changes nothing and shows the reason.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backoffice.base import go
from backoffice.displays import STATUS_TONES as CASE_TONES
from backoffice.screens import dialog, screen
from backoffice.timeline import timeline
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.institutions import services
from core.institutions.enums import InstitutionStatus, Stage
from core.institutions.models import Institution, InvitationBatch
from core.institutions.queries import stage_counts, staged
from core.institutions.transitions import WORKFLOW

STATUS_TONES = {
    InstitutionStatus.WAITING: "warning",
    InstitutionStatus.APPROVED: "success",
    InstitutionStatus.REFUSED: "danger",
    InstitutionStatus.CLOSED: "",
}
STAGE_TONES = {
    Stage.INVITED: "info",
    Stage.OPENED: "info",
    Stage.FILLING: "warning",
    Stage.SUBMITTED: "success",
    Stage.COMPETENT: "success",
    Stage.NOT_YET_COMPETENT: "danger",
    Stage.EXPIRED: "warning",
}
#: Act → its service, and what is said then. Those in NEEDS_REASON ask for one.
ACTS: dict[str, tuple[Callable[..., Any], Any]] = {
    "approve": (services.approve_institution, gettext_lazy("Instansi disetujui; petugasnya mendapat surat.")),
    "refuse": (services.refuse_institution, gettext_lazy("Instansi ditolak; petugasnya mendapat surat.")),
    "close": (services.close_institution, gettext_lazy("Akses instansi ditutup; petugasnya mendapat surat.")),
    "reopen": (services.reopen_institution, gettext_lazy("Akses instansi dibuka lagi; petugasnya mendapat surat.")),
}
NEEDS_REASON = frozenset({"refuse", "close"})
BATCHES = 20
PEOPLE_PER_PAGE = 100


def address_of(institution: Institution) -> str:
    return reverse("admin:core_institution_change", args=[institution.pk])


def _found(request: HttpRequest, admin: Any, pk: Any) -> Institution:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    rows = Institution.objects.select_related("kind", "region__province", "decided_by")
    return get_object_or_404(rows, pk=pk if is_number(str(pk)) else None)


def institution_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    row = _found(request, admin, pk)
    batches = list(row.batches.select_related("sent_by").order_by("-pk")[:BATCHES])
    counts = stage_counts(batches)
    context = {
        "row": row,
        "tone": STATUS_TONES[row.status],
        "officers": row.officers.select_related("user"),
        "batches": [(batch, stages(counts[batch.pk])) for batch in batches],
        "acts": _acts(row, request.user),
        "cases_url": f"{reverse('admin:core_application_changelist')}?antrean=semua&instansi={row.pk}",
        "batches_url": f"{reverse('admin:core_invitationbatch_changelist')}?instansi={row.pk}",
        "timeline": timeline(request, row),
    }
    return screen(request, admin, "backoffice/institution/page.html", context, title=row.name, row=row)


def stages(counts: dict[str, int]) -> list[tuple[str, str]]:
    """(tone, words) of the stages that somebody is in."""
    return [
        (STAGE_TONES.get(stage, ""), f"{counts[stage]} {stage.label.lower()}") for stage in Stage if counts.get(stage)
    ]


def _acts(row: Institution, by: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": act.name,
            "label": act.label,
            "tone": act.tone,
            "hint": act.hint,
            "reason": act.refusal(row, by),
            "url": reverse("admin:core_institution_act", args=[row.pk, act.name]),
            "asks": act.name in NEEDS_REASON,
        }
        for act in WORKFLOW
        if act.name in ACTS and row.status in act.sources and act.permits(row, by)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    row = _found(request, admin, pk)
    if act not in ACTS:
        raise Http404
    step, refusal = WORKFLOW[act], None
    if not step.permits(row, request.user):
        raise PermissionDenied
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        service, done = ACTS[act]
        words = {"reason": reason} if act in NEEDS_REASON else {}
        try:
            service(institution=row, by=request.user, **words)
        except DomainError as error:
            refusal = error
            row = _found(request, admin, pk)
        else:
            messages.success(request, done)
            return go(request, address_of(row))
    context = {
        "row": row,
        "act": step,
        "reason": reason,
        "asks": act in NEEDS_REASON,
        "blocked": step.refusal(row, request.user),
        "refusal": refusal,
    }
    return dialog(
        request,
        admin,
        "backoffice/institution/act_form.html",
        context,
        title=f"{step.label}: {row.name}",
        row=row,
        refused=refusal is not None,
    )


def batch_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """The people of one file; of whoever has sent an application, a link to it."""
    if not admin.has_view_permission(request) or request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    rows = InvitationBatch.objects.select_related("institution", "sent_by", "run")
    row = get_object_or_404(rows, pk=pk if is_number(str(pk)) else None)
    people = staged(row.invitations.all()).select_related("scheme", "application").order_by("pk")
    page = Paginator(people, PEOPLE_PER_PAGE).get_page(request.GET.get("p"))
    context = {
        "row": row,
        "stages": stages(stage_counts([row])[row.pk]),
        "page": page,
        "people": [_person(one) for one in page],
        "institution_url": address_of(row.institution),
        "cases_url": f"{reverse('admin:core_application_changelist')}?antrean=semua&rombongan={row.pk}",
        "timeline": timeline(request, row),
    }
    return screen(request, admin, "backoffice/institution/batch.html", context, title=row.number, row=row)


def _person(invitation: Any) -> dict[str, Any]:
    """A draft is nobody's business: only what was sent is linked."""
    case = invitation.application
    is_sent = case is not None and case.number is not None
    return {
        "row": invitation,
        "email": "" if invitation.email.endswith("@dihapus.invalid") else invitation.email,
        "tone": CASE_TONES.get(case.status, "") if is_sent else STAGE_TONES.get(Stage(invitation.stage), ""),
        "words": case.get_status_display() if is_sent else Stage(invitation.stage).label,
        "case_url": reverse("admin:core_application_change", args=[case.pk]) if is_sent else "",
        "case_number": case.number if is_sent else "",
    }
