"""The candidate's desk: what to do next, the cases, the files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.accounts.queries import candidate_profile_of
from core.applications.enums import EDITABLE_STATUSES, ApplicationStatus
from core.applications.queries import applications_for, reusable_documents
from core.assessments.papers.queries import not_released_to
from core.assessments.seats import told_seats
from core.certificates.aftercare_queries import certificates_of
from core.documents.models import Document
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece
from core.institutions.rules import is_officer
from public_site.access import candidate_required
from public_site.presenters import STATUS_TONES, profile_summary, time_and_place
from public_site.tracker import certificate_cards, waits


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """One address for everybody's own page: officers of institutions have another one."""
    return redirect("public_site:institution_desk") if is_officer(request.user) else _candidates_desk(request)


@candidate_required
def _candidates_desk(request: HttpRequest) -> HttpResponse:
    seats = told_seats(request.user)
    applications = list(applications_for(request.user).select_related("scheme_version__scheme").order_by("-updated_at"))
    waiting = waits(applications, told=seats)
    return render(
        request,
        "public_site/desk.html",
        {
            "applications": [
                {
                    "row": row,
                    "tone": STATUS_TONES[row.status],
                    "is_editable": row.status in EDITABLE_STATUSES,
                    "schedule": time_and_place(seats.get(row.pk))
                    if row.status == ApplicationStatus.SCHEDULED
                    else None,
                    "waits": waiting[row.pk],
                }
                for row in applications
            ],
            "certificates": certificate_cards(list(certificates_of(request.user)), request.user),
            "profile": profile_summary(candidate_profile_of(request.user)),
            "documents": reusable_documents(request.user),
        },
    )


@require_safe
@candidate_required
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of the candidate's own files; anybody else's does not exist."""
    found = get_object_or_404(Document, public_id=public_id)
    if found.owner_id != request.user.pk or not_released_to(request.user).filter(document=found).exists():
        raise Http404
    view_document(document=found, by=request.user, is_piece=is_piece(request))
    return document_response(found, request=request)
