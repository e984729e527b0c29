"""Contact and complaint: a form for anybody, and the conversation that follows, by link or on one's desk."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.common.exceptions import DomainError, StaleVersion
from core.content.models import PageText
from core.content.queries import built_in_text
from core.inquiries.enums import TicketKind, TicketStatus
from core.inquiries.models import Ticket
from core.inquiries.queries import find_by_link, thread, tickets_of
from core.inquiries.rules import LinkHolder
from core.inquiries.services import open_ticket, write_to_ticket
from public_site.access import account_page, has_portal_account, is_of_somebody_else
from public_site.forms.base import add_domain_error, posted
from public_site.forms.inquiries import ReplyForm, TicketForm
from public_site.limits import asks_too_often
from public_site.unsent import Unsent

TONES = {TicketStatus.OPEN: "info", TicketStatus.ANSWERED: "success", TicketStatus.CLOSED: "neutral"}
#: Presses of the button a minute from one address; what gets through is counted by the hour in core.
LIMIT = 6
SENT = "ticket_sent"
#: So long the browser that sent something shows where it went; the next person at a shared one sees nothing.
SHOWN_FOR = timedelta(minutes=30)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    return _form_page(request, built_in_text("kontak"), TicketKind.QUESTION)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest) -> HttpResponse:
    return _form_page(request, built_in_text("pengaduan"), TicketKind.COMPLAINT)


def contact_page(request: HttpRequest, text: PageText) -> HttpResponse:
    """As staff preview its text: the form stands there and takes nothing."""
    return _draw(request, text, TicketKind.QUESTION, TicketForm(kind=TicketKind.QUESTION))


def complaint_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return _draw(request, text, TicketKind.COMPLAINT, TicketForm(kind=TicketKind.COMPLAINT))


def _form_page(request: HttpRequest, text: PageText, kind: TicketKind) -> HttpResponse:
    if is_of_somebody_else(request):
        return HttpResponse(status=401)
    person = request.user if has_portal_account(request.user) else None
    after = reverse("public_site:ticket_sent")
    unsent = Unsent(request, kind.value, title=text.title, after=after) if person else None
    begun = {"about": request.GET.get("tentang", "")[:80]} | (unsent.answers if unsent else {})
    form = TicketForm(posted(request), kind=kind, person=person, initial=begun)
    if unsent and unsent.is_typing:
        return unsent.keep(form)
    if request.method == "POST":
        is_too_often = asks_too_often(request, "ticket", limit=LIMIT)
        if form.is_valid() and is_too_often:
            form.add_error(None, _("Terlalu sering dalam satu menit. Tulisan Anda tetap ada; tunggu sebentar."))
        elif form.is_valid():
            try:
                return _send(request, form, kind, person, unsent)
            except StaleVersion as error:
                return unsent.conflict(form, error)
            except DomainError as error:
                add_domain_error(form, error)
                if error.code == "open_ticket.sent":
                    form.renew()
        if answer := unsent and unsent.not_sent(form):
            return answer
    return _draw(request, text, kind, form, unsent)


def _send(request: HttpRequest, form: TicketForm, kind: TicketKind, person: Any, unsent: Unsent | None) -> HttpResponse:
    asked = {name: form.cleaned_data.get(name, "") for name in ("topic", "text", "about", "name", "email", "phone")}

    def act() -> None:
        ticket = open_ticket(kind=kind, submission=form.submission, by=person, language=get_language(), **asked)
        request.session[SENT] = ticket.pk

    if unsent:
        return unsent.send(act)
    act()
    return redirect("public_site:ticket_sent")


def _draw(
    request: HttpRequest, text: PageText, kind: TicketKind, form: TicketForm, unsent: Unsent | None = None
) -> HttpResponse:
    is_complaint = kind == TicketKind.COMPLAINT
    context = {"form": form, "text": text, "is_complaint": is_complaint} | (unsent.context if unsent else {})
    response = render(request, "public_site/inquiries/form.html", context)
    response.setdefault("Cache-Control", "private, no-cache")  # Back shows what was typed
    return response


@never_cache
@require_safe
def ticket_sent(request: HttpRequest) -> HttpResponse:
    """What happens next; shown to whoever has just sent something."""
    fresh = Ticket.objects.filter(created_at__gt=timezone.now() - SHOWN_FOR).select_related("topic")
    ticket = fresh.filter(pk=request.session.get(SENT)).first()
    if ticket is None:
        return redirect("public_site:contact")
    return render(request, "public_site/inquiries/sent.html", {"ticket": ticket, "url": _address(ticket)})


def _address(ticket: Ticket) -> str:
    if ticket.sender_id is not None:
        return reverse("public_site:own_ticket", args=[ticket.number])
    return reverse("public_site:conversation", args=[ticket.number, ticket.link_key])


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """For whoever holds the link from the letter."""
    ticket = find_by_link(number, key)
    if ticket is None:
        raise Http404
    response = _thread_page(request, ticket, LinkHolder(ticket.pk))
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"  # the address is the key: no other site is told it
    return response


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def own_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The same on one's own desk; somebody else's does not exist."""
    ticket = tickets_of(request.user).filter(number=number).select_related("topic").first()
    if ticket is None:
        raise Http404
    return _thread_page(request, ticket, request.user)


def _thread_page(request: HttpRequest, ticket: Ticket, by: Any) -> HttpResponse:
    form = ReplyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            write_to_ticket(ticket=ticket, by=by, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Pesan terkirim. Kami menjawab lewat e-mail dan di halaman ini."))
            return redirect(request.path)
    return render(
        request,
        "public_site/inquiries/thread.html",
        {
            "ticket": ticket,
            "tone": TONES[TicketStatus(ticket.status)],
            "lines": [line for line in thread(ticket, with_notes=False) if line.text],
            "form": form,
            "is_own": not isinstance(by, LinkHolder),
        },
    )
