"""Requests about personal data: taken in, worked on, answered; and what an erasure would have to leave.

Nothing happens on GET. A POST that the rules refuse changes nothing and shows the reason.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.base import go
from backoffice.timeline import timeline
from backoffice.views.destruction import BATCH_TONES, batch_address, dialog, screen
from core.accounts.queries import find_user_by_email
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.documents.serving import private
from core.privacy import services
from core.privacy.enums import RequestKind, RequestStatus
from core.privacy.models import PrivacyRequest
from core.privacy.own_data import archive_name, pack_own_data
from core.privacy.queries import SOON, time_left
from core.privacy.rules import what_stays, why_not_erase
from core.privacy.transitions import REQUEST_WORKFLOW

REQUEST_TONES = {
    RequestStatus.RECEIVED: "warning",
    RequestStatus.IN_PROGRESS: "info",
    RequestStatus.ANSWERED: "success",
    RequestStatus.REFUSED: "danger",
    RequestStatus.CANCELLED: "",
}
#: Act → how the posted words reach its service, and what is said then.
ACTS: dict[str, tuple[Callable[[PrivacyRequest, str, Any], Any], Any]] = {
    "take": (
        lambda request, text, by: services.take_request(request=request, by=by),
        gettext_lazy("Permintaan ini sekarang tugas Anda."),
    ),
    "answer": (
        lambda request, text, by: services.answer_request(request=request, answer=text, by=by),
        gettext_lazy("Dijawab. Pemohon mendapat surat."),
    ),
    "refuse": (
        lambda request, text, by: services.refuse_request(request=request, reason=text, by=by),
        gettext_lazy("Ditolak. Pemohon mendapat surat dengan alasan Anda."),
    ),
}
#: What an answer may begin with, by what was asked.
FIRST_WORDS = {
    RequestKind.COPY: gettext_lazy(
        "Salinan data Anda dapat diunduh dari meja Anda, bagian “Data saya”, atau kami serahkan terpisah."
    ),
    RequestKind.CORRECTION: gettext_lazy("Data Anda sudah kami perbaiki sesuai permintaan."),
    RequestKind.WITHDRAWAL: gettext_lazy(
        "Persetujuan Anda kami catat sebagai ditarik. Data yang wajib kami simpan tidak dipakai untuk hal lain."
    ),
}


def request_address(row: PrivacyRequest) -> str:
    return reverse("admin:core_privacyrequest_change", args=[row.pk])


def deadline(row: PrivacyRequest) -> tuple[str, str]:
    """(tone, words) of the time that is left; empty once it is answered."""
    if not row.is_open:
        return "", ""
    left = time_left(row)
    hours = int(abs(left.total_seconds()) // 3600)
    if left.total_seconds() < 0:
        words = (
            _("lewat %(days)d hari") % {"days": hours // 24}
            if hours >= 24
            else _("lewat %(hours)d jam") % {"hours": hours}
        )
        return "danger", words
    words = (
        _("%(days)d hari lagi") % {"days": hours // 24} if hours >= 24 else _("%(hours)d jam lagi") % {"hours": hours}
    )
    return ("warning" if left < SOON else "info"), words


def find_request(request: HttpRequest, admin: Any, pk: Any, *, to_write: bool = False) -> PrivacyRequest:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if to_write and not request.user.has_perm("core.answer_privacyrequest"):
        raise PermissionDenied
    found = (
        PrivacyRequest.objects.select_related("person", "handler", "recorded_by", "answered_by")
        .filter(pk=pk if is_number(str(pk)) else None)
        .first()
    )
    if found is None:
        raise Http404
    return found


def request_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    return _page(request, admin, find_request(request, admin, pk))


def _page(
    request: HttpRequest, admin: Any, row: PrivacyRequest, *, status: int = 200, note: str = "", refusal: Any = None
) -> HttpResponse:
    by = request.user
    may_answer = by.has_perm("core.answer_privacyrequest")
    tone, words = deadline(row)
    is_erasure = row.kind == RequestKind.ERASURE and row.is_open
    kept = why_not_erase(row.person) if is_erasure else []
    context = {
        "row": row,
        "tone": REQUEST_TONES[row.status],
        "deadline": words,
        "deadline_tone": tone,
        "next_step": _next_step(row, kept) if may_answer else "",
        "profile_url": reverse("admin:core_candidateprofile_change", args=[row.person.candidate.pk])
        if hasattr(row.person, "candidate") and by.has_perm("core.view_candidateprofile")
        else "",
        "notes": list(row.notes.select_related("by")),
        "may_answer": may_answer,
        "may_export": by.has_perm("core.export_person") and row.person.is_active,
        "kept": kept,
        "stays": what_stays(row.person) if is_erasure else [],
        "is_erasure": is_erasure,
        "batches": [(batch, BATCH_TONES[batch.status], batch_address(batch)) for batch in row.batches.all()],
        "has_proposal": row.batches.filter(status__in=["diusulkan", "disetujui"]).exists(),
        "acts": _acts(row, by),
        "note": note,
        "refusal": refusal,
        "timeline": timeline(request, row),
    }
    return screen(request, admin, "backoffice/privacy/request.html", context, row.number, row, status)


def _next_step(row: PrivacyRequest, kept: list[str]) -> str:
    if not row.is_open:
        return ""
    if kept:
        return _("Data ini belum dapat dihapus. Tolak dengan alasan di bawah, yang sudah dituliskan untuk Anda.")
    if row.batches.filter(status="diusulkan").exists():
        return _("Penghapusan sudah diusulkan; orang kedua memeriksa dan menyetujuinya.")
    return {
        RequestKind.COPY: _("Siapkan salinannya dengan “Unduh semua datanya”, serahkan, lalu jawab."),
        RequestKind.CORRECTION: _(
            "Perbaiki profilnya, lalu jawab. Formulir yang sudah dikirim tetap seperti saat ditandatangani."
        ),
        RequestKind.ERASURE: _(
            "Usulkan penghapusannya; orang kedua memeriksa dan menyetujui, lalu pemohon mendapat surat."
        ),
        RequestKind.WITHDRAWAL: _(
            "Pastikan tidak ada permohonan berjalan, lalu jawab; persetujuannya ditarik saat itu."
        ),
    }[RequestKind(row.kind)]


def _acts(row: PrivacyRequest, by: Any) -> list[dict[str, Any]]:
    """The buttons of this status; an erasure is not answered by hand, so that act is not drawn."""
    return [
        {
            "name": act.name,
            "label": act.label,
            "tone": act.tone,
            "hint": act.hint,
            "reason": act.refusal(row, by),
            "url": reverse("admin:core_privacyrequest_act", args=[row.pk, act.name]),
        }
        for act in REQUEST_WORKFLOW
        if act.name in ACTS
        and row.status in act.sources
        and act.permits(row, by)
        and not (act.name == "answer" and row.kind == RequestKind.ERASURE)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def record_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """Write down a request that came by letter, by telephone or at the counter."""
    if not request.user.has_perm("core.answer_privacyrequest"):
        raise PermissionDenied
    words = request.POST if request.method == "POST" else request.GET
    email, kind, text = (words.get(name, "").strip() for name in ("email", "kind", "words"))
    refusal = None
    if request.method == "POST":
        try:
            person = find_user_by_email(email) if email else None
            if person is None:
                raise DomainError(_("Tidak ada akun dengan alamat ini."), code="record.unknown", field="email")
            row = services.open_request(person=person, kind=kind, words=text, by=request.user)
        except DomainError as error:
            refusal = error
        else:
            messages.success(
                request, _("Permintaan %(number)s dicatat; pemohon mendapat surat.") % {"number": row.number}
            )
            return redirect(request_address(row))
    context = {"kinds": RequestKind.choices, "kind": kind, "email": email, "words": text, "refusal": refusal}
    status = 422 if refusal else 200
    title = _("Catat permintaan data pribadi")
    return screen(request, admin, "backoffice/privacy/request_form.html", context, title, None, status)


@require_http_methods(["GET", "HEAD", "POST"])
def request_act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    row = find_request(request, admin, pk, to_write=True)
    if act not in ACTS:
        raise Http404
    step, refusal, text = REQUEST_WORKFLOW[act], None, request.POST.get("answer", "")
    if request.method == "POST":
        service, done = ACTS[act]
        try:
            service(row, text, request.user)
        except DomainError as error:
            refusal = error
            row = find_request(request, admin, pk)
        else:
            messages.success(request, done)
            return go(request, request_address(row))
    else:
        text = _first_words(row, act)
    context = {"row": row, "act": step, "answer": text, "blocked": step.refusal(row, request.user)}
    title = f"{step.label}: {row.number}"
    return dialog(request, admin, "backoffice/privacy/request_act.html", context, title, row, refusal)


def _first_words(row: PrivacyRequest, act: str) -> str:
    """What the officer goes on from: the usual answer, or the reasons why an erasure cannot be."""
    if act == "answer":
        return str(FIRST_WORDS.get(RequestKind(row.kind), ""))
    if act == "refuse" and row.kind == RequestKind.ERASURE:
        return "\n".join(f"- {reason}" for reason in why_not_erase(row.person))
    return ""


@require_POST
def note_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """A line of the thread; with `kirim` the person gets it as a letter."""
    row = find_request(request, admin, pk, to_write=True)
    text, is_shared = request.POST.get("text", ""), "kirim" in request.POST
    try:
        services.add_note(request=row, text=text, is_shared=is_shared, by=request.user)
    except DomainError as refusal:
        return _page(request, admin, row, status=422, note=text, refusal=refusal)
    messages.success(request, _("Terkirim kepada pemohon.") if is_shared else _("Catatan disimpan."))
    return redirect(request_address(row))


@require_POST
def erase_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Propose the erasure for a second person to approve."""
    row = find_request(request, admin, pk, to_write=True)
    try:
        batch = services.propose_erasure(request=row, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(request_address(row))
    messages.success(request, _("Penghapusan diusulkan. Orang lain memeriksa dan menyetujuinya."))
    return redirect(batch_address(batch))


@require_POST
def export_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponseBase:
    """Everything about whoever asked, to be handed to them; recorded."""
    row = find_request(request, admin, pk)
    if not request.user.has_perm("core.export_person"):
        raise PermissionDenied
    try:
        stream = pack_own_data(person=row.person, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(request_address(row))
    response = FileResponse(
        stream, as_attachment=True, filename=archive_name(row.person), content_type="application/zip"
    )
    return private(response)
