"""Answers for the filters that search while one types."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from backoffice.base import full_nik
from backoffice.choices import MAX_CHOICES, SOURCES


@require_GET
def choices_view(request: HttpRequest, source: str) -> HttpResponse:
    """The first few that fit what was typed, in the form that select2 reads. A NIK finds nothing here."""
    found = SOURCES.get(source)
    if found is None:
        raise Http404
    if not found.permits(request.user):
        raise PermissionDenied
    term = request.GET.get("term", "").strip()[:100]
    rows = [] if full_nik(term) else found.find(term, request.user)
    answer = JsonResponse(
        {"results": [{"id": key, "text": str(text)} for key, text in rows[:MAX_CHOICES]], "pagination": {"more": False}}
    )
    answer["Cache-Control"] = "no-store"  # names of people
    return answer
