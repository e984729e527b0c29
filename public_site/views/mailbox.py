"""“Pesan”: the letters that went to somebody, and what they asked of the LSP themselves."""

import re

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.inquiries.enums import TicketStatus
from core.inquiries.queries import tickets_of
from core.messaging.queries import letters_to
from public_site.access import account_page
from public_site.views.inquiries import TONES

PER_PAGE = 20
#: Tickets beside the letters; older ones are found by their letters.
MAX_TICKETS = 20


@require_safe
@account_page
def messages_page(request: HttpRequest) -> HttpResponse:
    letters = Paginator(letters_to(request.user), PER_PAGE)
    tickets = tickets_of(request.user).select_related("topic")[:MAX_TICKETS]
    return render(
        request,
        "public_site/inquiries/messages.html",
        {
            "page_obj": letters.get_page(request.GET.get("page")),
            "tickets": [(ticket, TONES[TicketStatus(ticket.status)]) for ticket in tickets],
        },
    )


@require_safe
@account_page
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as it was sent; somebody else's, and those with a link that logs in, do not exist."""
    found = letters_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return render(
        request, "public_site/inquiries/letter.html", {"letter": found, "pieces": _with_own_links(found.body)}
    )


def _with_own_links(body: str) -> list[tuple[str, str]]:
    """(text, path) in order; a path where the text is an address of this very site, and of no other."""
    parts = re.split(rf"({re.escape(settings.SITE_URL)}/[^\s<>]*[^\s<>.,;:)])", body)
    return [(part, part.removeprefix(settings.SITE_URL) if at % 2 else "") for at, part in enumerate(parts)]
