"""The candidate's desk: what to do next and by when, the cases, the messages, the files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from core.accounts.queries import candidate_profile_of
from core.accounts.second_factor import factor_of
from core.accounts.sessions import open_sessions
from core.applications.enums import EDITABLE_STATUSES, ApplicationStatus
from core.applications.queries import applications_for, reusable_documents
from core.assessments.papers.queries import not_released_to, papers_waiting_for_owner
from core.assessments.seats import told_seats
from core.certificates.aftercare_queries import certificates_of
from core.certificates.past_queries import past_certificates_of
from core.certificates.standing import status_now
from core.documents.models import Document
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece
from core.inquiries.enums import TicketStatus
from core.inquiries.queries import tickets_of
from core.institutions.rules import is_officer
from core.messaging.queries import letters_to
from public_site.access import candidate_required
from public_site.agenda import step_of, tasks
from public_site.presenters import STATUS_TONES, profile_summary, time_and_place
from public_site.tracker import appeals_until, certificate_cards, waits
from public_site.views.inquiries import TONES

#: Of letters and conversations the desk shows the latest; all are on their own page.
LATEST = 3


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """One address for everybody's own page: officers of institutions have another one."""
    return redirect("public_site:institution_desk") if is_officer(request.user) else _candidates_desk(request)


@candidate_required
def _candidates_desk(request: HttpRequest) -> HttpResponse:
    """The same number of questions to the database however many cases there are."""
    person = request.user
    seats = told_seats(person)
    applications = list(applications_for(person).select_related("scheme_version__scheme").order_by("-updated_at"))
    certificates = certificate_cards(list(certificates_of(person)), person)
    last_days = appeals_until(applications)
    waiting = waits(applications, told=seats, last_days=last_days)
    to_do = tasks(
        applications,
        seats=seats,
        last_days=last_days,
        papers=papers_waiting_for_owner(applications, seats=seats),
        certificates=certificates,
    )
    return render(
        request,
        "public_site/desk.html",
        {
            "to_do": [{"title": "", "tasks": to_do}] if to_do else [],
            "applications": [
                {
                    "row": row,
                    "tone": STATUS_TONES[row.status],
                    "is_editable": row.status in EDITABLE_STATUSES,
                    "step": step_of(row),
                    "schedule": time_and_place(seats.get(row.pk))
                    if row.status == ApplicationStatus.SCHEDULED
                    else None,
                    "waits": waiting[row.pk],
                }
                for row in applications
            ],
            "certificates": certificates,
            "past_certificates": [(row, status_now(row)) for row in past_certificates_of(person)],
            "letters": letters_to(person)[:LATEST],
            "tickets": [
                (ticket, TONES[TicketStatus(ticket.status)])
                for ticket in tickets_of(person).select_related("topic")[:LATEST]
            ],
            "has_factor": factor_of(person) is not None,
            "sessions": open_sessions(person).count(),
            "profile": profile_summary(candidate_profile_of(person)),
            "documents": reusable_documents(person),
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
