"""One question or complaint: the thread, the answer, and what else the office does with it.

Nothing happens on GET. A POST that the rules refuse changes nothing and shows the same page with all that was
typed and the reason; when somebody else wrote meanwhile, their lines are marked.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backoffice.displays import TICKET_TONES
from backoffice.screens import screen
from backoffice.timeline import timeline
from core.accounts.models import User
from core.accounts.queries import find_user_by_email
from core.common.exceptions import DomainError
from core.common.text import HIDDEN, is_number
from core.inquiries import services
from core.inquiries.models import MAX_TEXT, Ticket
from core.inquiries.queries import answer_templates, colleagues, thread, tickets_for
from core.inquiries.rules import conflict_of, may_see_sender, told_text
from core.inquiries.transitions import WORKFLOW

#: What the page holds as it was typed, by the name of the field.
FIELDS = ("text", "note", "reason", "about")


def ticket_address(ticket: Ticket) -> str:
    return reverse("admin:core_ticket_change", args=[ticket.pk])


def deadline(ticket: Ticket) -> tuple[str, str]:
    """(tone, words) of the day to answer by; empty while nothing is owed."""
    if ticket.due_on is None:
        return "", ""
    left = (ticket.due_on - timezone.localdate()).days
    if left < 0:
        return "danger", _("lewat %(days)d hari") % {"days": -left}
    if left == 0:
        return "warning", _("hari ini")
    return ("warning" if left == 1 else "info"), _("sampai %(day)s") % {"day": date_format(ticket.due_on, "j M")}


def find_ticket(request: HttpRequest, admin: Any, pk: Any, *, to_act: bool = False) -> Ticket:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if to_act and not request.user.has_perm("core.answer_ticket"):
        raise PermissionDenied
    seen = tickets_for(request.user).select_related(
        "topic", "sender", "assignee", "application", "certificate__application"
    )
    found = seen.filter(pk=pk if is_number(str(pk)) else None).first()
    if found is None:
        raise Http404
    return found


@require_safe
def ticket_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    return _page(request, admin, find_ticket(request, admin, pk))


def _page(
    request: HttpRequest,
    admin: Any,
    ticket: Ticket,
    *,
    typed: dict[str, str] | None = None,
    refusal: DomainError | None = None,
    read_until: int | None = None,
    submission: UUID | None = None,
) -> HttpResponse:
    """`read_until`: the newest line that stood on the page which was sent; what came later is marked as new."""
    by, may_act = request.user, request.user.has_perm("core.answer_ticket")
    lines = _lines(ticket, by, read_until)
    tone, words = deadline(ticket)
    acts = {act.name for act in WORKFLOW.available(ticket, by)}
    context = {
        "ticket": ticket,
        "tone": TICKET_TONES[ticket.status],
        "deadline": words,
        "deadline_tone": tone,
        "lines": lines,
        "has_new": any(line["is_new"] for line in lines),
        "sees_sender": may_see_sender(by),
        "subject": _subject(ticket, by),
        "account": _account(ticket, by) if may_act else None,
        "conflict": conflict_of(ticket, by),
        "may_act": may_act,
        "acts": acts,
        "typed": {"about": ticket.about} | (typed or {}),
        "refusal": refusal,
        "colleagues": list(colleagues()) if may_act else [],
        "templates": list(answer_templates()) if "answer" in acts else [],
        "seen": lines[-1]["pk"] if lines else 0,
        "submission": submission or uuid4(),
        "max_text": MAX_TEXT,
        "timeline": timeline(request, ticket),
    }
    return screen(
        request,
        admin,
        "backoffice/ticket/page.html",
        context,
        title=ticket.number,
        row=ticket,
        status=422 if refusal else 200,
    )


def _lines(ticket: Ticket, by: User, read_until: int | None) -> list[dict[str, Any]]:
    sees_sender = may_see_sender(by)
    return [
        {
            "pk": line.pk,
            "kind": line.origin,
            "who": _who(line, ticket, sees_sender),
            "at": line.at,
            "text": told_text(line, ticket, by),
            "is_new": read_until is not None and line.pk > read_until and line.by_id != by.pk,
        }
        for line in thread(ticket, with_notes=sees_sender)
    ]


def _who(line: Any, ticket: Ticket, sees_sender: bool) -> str:
    if line.origin == "pengirim":
        return ticket.name if sees_sender else str(_("Pengirim"))
    return line.by.full_name if line.by and sees_sender else str(_("LSP"))


def _subject(ticket: Ticket, by: User) -> dict[str, str]:
    """What it is about: in words, and where that is, if this person may go there."""
    row = ticket.application or ticket.certificate
    if row is None:
        return {"text": (ticket.about if may_see_sender(by) else HIDDEN) if ticket.about else "", "url": ""}
    name = row._meta.model_name
    url = reverse(f"admin:core_{name}_change", args=[row.pk]) if by.has_perm(f"core.view_{name}") else ""
    return {"text": row.number, "url": url}


def _account(ticket: Ticket, by: User) -> dict[str, str] | None:
    """The account behind it: of whoever was signed in, or of the same address."""
    user = ticket.sender or find_user_by_email(ticket.email)
    if user is None or not hasattr(user, "candidate") or not by.has_perm("core.view_candidateprofile"):
        return None
    url = reverse("admin:core_candidateprofile_change", args=[user.candidate.pk])
    return {"name": user.full_name, "url": url, "is_proven": ticket.sender_id is not None}


@require_POST
def answer_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Send what was written; with `selesai` the ticket is over with it; with `pakai` go on from a ready answer."""
    ticket = find_ticket(request, admin, pk, to_act=True)
    typed, seen = _typed(request), _number(request.POST.get("seen", ""))
    submission = _uuid(request.POST.get("submission", ""))
    if "pakai" in request.POST:
        chosen = answer_templates().filter(pk=_number(request.POST["pakai"])).first()
        typed["text"] = "\n\n".join(filter(None, [typed["text"].strip(), chosen.body if chosen else ""]))
        return _page(request, admin, ticket, typed=typed, read_until=seen, submission=submission)

    def answer() -> None:
        services.answer_ticket(
            ticket=ticket,
            text=typed["text"],
            seen=seen,
            submission=submission,
            closes="selesai" in request.POST,
            by=request.user,
        )

    return _done(request, admin, ticket, answer, _("Jawaban terkirim kepada pengirim."), spends="text")


def _done(
    request: HttpRequest, admin: Any, ticket: Ticket, act: Callable[[], Any], said: Any, *, spends: str = ""
) -> HttpResponse:
    """Do it, and go back to the page; where something else was typed on it, or the rules refuse, with all of that.

    `spends` is the field that the act takes up.
    """
    typed, seen = _typed(request), _number(request.POST.get("seen", ""))
    try:
        act()
    except DomainError as refusal:
        ticket, submission = find_ticket(request, admin, ticket.pk), _uuid(request.POST.get("submission", ""))
        return _page(request, admin, ticket, typed=typed, refusal=refusal, read_until=seen, submission=submission)
    messages.success(request, said)
    left = {name: text for name, text in typed.items() if name not in (spends, "about") and text.strip()}
    if not left:
        return redirect(ticket_address(ticket))
    return _page(request, admin, find_ticket(request, admin, ticket.pk), typed=left, read_until=seen)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in FIELDS}


Act = Callable[[Ticket, HttpRequest], Any]
#: Act → how the posted words reach its service, which field it takes up, and what is said then.
ACTS: dict[str, tuple[Act, str, Any]] = {
    "note": (
        lambda ticket, request: services.add_note(ticket=ticket, text=request.POST.get("note", ""), by=request.user),
        "note",
        gettext_lazy("Catatan disimpan; pengirim tidak membacanya."),
    ),
    "take": (
        lambda ticket, request: services.assign_ticket(ticket=ticket, assignee=request.user, by=request.user),
        "",
        gettext_lazy("Pesan ini sekarang tugas Anda."),
    ),
    "assign": (
        lambda ticket, request: services.assign_ticket(
            ticket=ticket, assignee=_chosen(request.POST.get("assignee", "")), by=request.user
        ),
        "",
        gettext_lazy("Penugasan disimpan."),
    ),
    "link": (
        lambda ticket, request: services.link_ticket(
            ticket=ticket, about=request.POST.get("about", ""), by=request.user
        ),
        "about",
        gettext_lazy("Nomor yang disebut disimpan."),
    ),
    "close": (
        lambda ticket, request: services.close_ticket(
            ticket=ticket,
            reason=request.POST.get("reason", ""),
            seen=_number(request.POST.get("seen", "")),
            by=request.user,
        ),
        "reason",
        gettext_lazy("Pesan selesai."),
    ),
    "reopen": (
        lambda ticket, request: services.reopen_ticket(ticket=ticket, by=request.user),
        "",
        gettext_lazy("Pesan dibuka kembali."),
    ),
}


@require_POST
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    ticket = find_ticket(request, admin, pk, to_act=True)
    if act not in ACTS:
        raise Http404
    service, spends, said = ACTS[act]
    return _done(request, admin, ticket, lambda: service(ticket, request), said, spends=spends)


def _chosen(key: str) -> User | None:
    """Nobody for an empty choice; somebody who is not among the colleagues is refused by the service."""
    return User.objects.filter(pk=_number(key)).first() if key else None


def _number(text: str) -> int:
    return int(text) if is_number(text) else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
