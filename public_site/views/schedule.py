"""When and where a candidate is assessed, to take along into the calendar of a phone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core.assessments.calendar import PUBLISH, seat_calendar
from core.assessments.seats import told_seat
from core.messaging.serving import attachment_response
from public_site.access import application_or_404, candidate_required


@require_safe
@candidate_required
def calendar(request: HttpRequest, reference: str) -> HttpResponse:
    """The calendar entry of the own seat; the same entry as in the invitation, so that it is never there twice."""
    seat = told_seat(application_or_404(request, reference))
    if seat is None:
        raise Http404
    return attachment_response(seat_calendar(seat, PUBLISH))
