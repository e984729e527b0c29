"""Masa simpan: what is due, the lists that were proposed, approving and destroying them, and what is held back.

Nothing happens on GET. A POST that the rules refuse changes nothing and shows the reason.
"""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.base import go
from backoffice.timeline import timeline
from core.accounts.models import User
from core.accounts.queries import find_user_by_email
from core.applications.models import Application
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.documents.models import Document
from core.documents.services import view_document
from core.documents.serving import document_response
from core.policy.queries import system_policy
from core.privacy import services
from core.privacy.enums import BatchStatus
from core.privacy.models import DestructionBatch, LegalHold, PrivacyRequest
from core.privacy.queries import with_figures
from core.privacy.retention import due_groups, due_uploads_group, held_documents, kinds_with_retention
from core.privacy.rules import may_hold
from core.privacy.transitions import BATCH_WORKFLOW

BATCH_TONES = {
    BatchStatus.PROPOSED: "warning",
    BatchStatus.APPROVED: "info",
    BatchStatus.DESTROYED: "success",
    BatchStatus.CANCELLED: "",
}
#: How long one press of the button may keep a person waiting; the rest goes on with the next press, or at night.
SECONDS = 20
#: So many papers of a list are drawn at once; all stand in the berita acara.
ROWS = 500
DONE = {
    "approve": gettext_lazy("Disetujui. %(count)d dokumen dimusnahkan dan berita acara %(number)s terbit."),
    "cancel": gettext_lazy("Usulan dibatalkan; dokumennya tetap disimpan."),
}


def batch_address(batch: DestructionBatch, page: str = "change") -> str:
    return reverse(f"admin:core_destructionbatch_{page}", args=[batch.pk])


def tabs(request: HttpRequest, opened: str) -> list[dict[str, Any]]:
    """The screens of this subject, those that this person may open."""
    wanted = (
        ("due", _("Jatuh tempo"), "core_destructionbatch_due", "core.propose_destruction"),
        ("batches", _("Usulan dan berita acara"), "core_destructionbatch_changelist", "core.view_destructionbatch"),
        ("holds", _("Penahanan"), "core_legalhold_changelist", "core.view_legalhold"),
    )
    return [
        {"title": title, "url": reverse(f"admin:{name}"), "is_open": key == opened}
        for key, title, name, right in wanted
        if request.user.has_perm(right)
    ]


def screen(
    request: HttpRequest, admin: Any, template: str, context: dict, title: str, original: Any = None, status: int = 200
) -> HttpResponse:
    request.current_app = admin.admin_site.name
    frame = {**admin.admin_site.each_context(request), "opts": admin.model._meta, "original": original, "title": title}
    return TemplateResponse(request, template, frame | context, status=status)


def dialog(
    request: HttpRequest, admin: Any, template: str, context: dict, title: str, original: Any, refusal: Any
) -> HttpResponse:
    """The form of an act: in a dialog with HTMX, as a page of its own without."""
    context = context | {"refusal": refusal}
    if request.htmx:  # htmx shows only answers that went well
        return TemplateResponse(request, template, context)
    context |= {"body_template": template}
    status = 422 if refusal else 200
    return screen(request, admin, "backoffice/case/act_page.html", context, title, original, status)


# --- what is due --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def due_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """What has been kept for long enough, by kind; one press makes a proposal of what is ticked."""
    if not request.user.has_perm("core.propose_destruction"):
        if request.method != "POST" and admin.has_view_permission(request):
            return redirect("admin:core_destructionbatch_changelist")
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        chosen = [int(key) for key in request.POST.getlist("jenis") if is_number(key)]
        try:
            has_uploads = "unggahan" in request.POST
            if not chosen and not has_uploads:
                raise DomainError(_("Centang sedikitnya satu jenis dokumen."), code="propose.no_kind")
            batch = services.propose_destruction(
                kinds=kinds_with_retention().filter(pk__in=chosen),
                uploads=has_uploads,
                note=request.POST.get("note", ""),
                by=request.user,
            )
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Usulan dibuat. Orang lain memeriksa dan menyetujuinya."))
            return redirect(batch_address(batch))
    uploads = due_uploads_group()
    groups = due_groups() + ([uploads] if uploads else [])
    context = {
        "tabs": tabs(request, "due"),
        "groups": groups,
        "total": sum(group.count for group in groups),
        "size": sum(group.size for group in groups),
        "has_more": any(group.has_more for group in groups),
        "kinds": list(kinds_with_retention()),
        "upload_months": system_policy().forgotten_upload_months,
        "held": held_documents().count(),
        "waiting": DestructionBatch.objects.filter(status=BatchStatus.PROPOSED).count(),
        "note": request.POST.get("note", ""),
        "refusal": refusal,
        "most": services.destruction.MAX_ITEMS,
    }
    status = 422 if refusal else 200
    return screen(request, admin, "backoffice/privacy/due.html", context, _("Masa simpan"), None, status)


# --- a list of papers ---------------------------------------------------------------------------------


def find_batch(request: HttpRequest, admin: Any, pk: Any) -> DestructionBatch:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = (
        with_figures(DestructionBatch.objects.defer("content"))
        .select_related("proposed_by", "approved_by", "request__person", "document")
        .filter(pk=pk if is_number(str(pk)) else None)
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_GET
def batch_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    batch = find_batch(request, admin, pk)
    by = request.user
    acts = _acts(batch, by)
    context = {
        "tabs": tabs(request, "batches"),
        "batch": batch,
        "tone": BATCH_TONES[batch.status],
        "items": list(batch.items.select_related("document")[:ROWS]),
        "may_take_out": batch.status == BatchStatus.PROPOSED
        and not batch.is_erasure
        and (by.has_perm("core.propose_destruction") or by.has_perm("core.approve_destruction")),
        "may_continue": batch.status == BatchStatus.APPROVED and by.has_perm("core.approve_destruction"),
        "sees_names": by.has_perm("core.view_identifiers"),
        "acts": acts,
        "may_approve": any(act["name"] == "approve" and not act["reason"] for act in acts),
        "timeline": timeline(request, batch),
    }
    return screen(request, admin, "backoffice/privacy/batch.html", context, str(batch), batch)


def _acts(batch: DestructionBatch, by: Any) -> list[dict[str, Any]]:
    return [
        {
            "name": row.name,
            "label": row.label,
            "tone": row.tone,
            "reason": row.refusal(batch, by),
            "url": reverse("admin:core_destructionbatch_act", args=[batch.pk, row.name]),
        }
        for row in BATCH_WORKFLOW
        if batch.status in row.sources and row.permits(batch, by)
    ]


@require_POST
def items_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Take out what is ticked."""
    batch = find_batch(request, admin, pk)
    if not services.may_take_out(request.user):
        raise PermissionDenied
    chosen = [int(key) for key in request.POST.getlist("dokumen") if is_number(key)]
    try:
        count = services.take_out(batch=batch, items=chosen, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(count)d dokumen dikeluarkan dari usulan dan tetap disimpan.") % {"count": count})
    return redirect(batch_address(batch))


@require_http_methods(["GET", "HEAD", "POST"])
def batch_act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    """One act of the table, or going on with what was interrupted. GET asks once more, POST acts once."""
    batch = find_batch(request, admin, pk)
    if act == "continue":
        return _continue(request, batch)
    if act not in DONE:
        raise Http404
    row = BATCH_WORKFLOW[act]
    if not row.permits(batch, request.user):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        try:
            if act == "approve":
                services.approve_destruction(batch=batch, by=request.user)
                return _told(request, batch)
            services.cancel_destruction(batch=batch, by=request.user)
        except DomainError as error:
            refusal = error
            batch = find_batch(request, admin, pk)
        else:
            messages.success(request, DONE[act])
            return go(request, batch_address(batch))
    context = {"batch": batch, "act": row, "blocked": row.refusal(batch, request.user)}
    return dialog(request, admin, "backoffice/privacy/batch_act.html", context, str(row.label), batch, refusal)


def _continue(request: HttpRequest, batch: DestructionBatch) -> HttpResponse:
    if request.method != "POST":
        return redirect(batch_address(batch))
    if not request.user.has_perm("core.approve_destruction"):
        raise PermissionDenied
    return _told(request, batch)


def _told(request: HttpRequest, batch: DestructionBatch) -> HttpResponse:
    """Destroy for a while and say how far it came."""
    left = services.continue_destruction(batch=batch, seconds=SECONDS)
    batch.refresh_from_db(fields=["status", "number"])
    if left:
        messages.warning(
            request,
            _("%(count)d dokumen belum selesai. Tekan “Lanjutkan pemusnahan”, atau biarkan: malam ini diteruskan.")
            % {"count": left},
        )
    else:
        count = batch.items.exclude(destroyed_at=None).count()
        messages.success(request, DONE["approve"] % {"count": count, "number": batch.number})
        if batch.is_erasure and PrivacyRequest.objects.get(pk=batch.request_id).is_open:
            messages.warning(request, _("Data pemohon belum dihapus. Alasannya tertulis pada permintaannya."))
    return go(request, batch_address(batch))


@require_GET
def minutes_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponseBase:
    """The berita acara: rendered at the first look, then served from the repository. It names papers, not people."""
    from core.privacy.minutes import ensure_minutes  # loads the PDF engine, which takes a moment

    batch = find_batch(request, admin, pk)
    try:
        document = ensure_minutes(batch=batch)
    except DomainError as refusal:
        raise Http404 from refusal
    view_document(document=document, by=request.user)
    return document_response(document, request=request, as_attachment="simpan" in request.GET)


# --- holding back -------------------------------------------------------------------------------------

#: What a hold may lie on, and how it is named when it is typed.
HOLD_ON = (
    ("application", gettext_lazy("Satu permohonan"), gettext_lazy("nomor permohonan, mis. APL-2026-000123")),
    ("person", gettext_lazy("Semua berkas satu orang"), gettext_lazy("alamat e-mail akunnya")),
    ("document", gettext_lazy("Satu dokumen"), gettext_lazy("sidik SHA-256 dari halaman dokumen")),
)


@require_http_methods(["GET", "HEAD", "POST"])
def place_hold_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """Hold something back. Other screens lead here with what they are about (`jenis`, `acuan`)."""
    if may_hold(request.user):
        raise PermissionDenied
    words = request.POST if request.method == "POST" else request.GET
    on, reference, reason = (words.get(name, "").strip() for name in ("jenis", "acuan", "reason"))
    refusal = None
    if request.method == "POST":
        try:
            hold = services.place_hold(**_held(on, reference), reason=reason, by=request.user)
        except DomainError as error:
            refusal = error
        else:
            messages.success(
                request, _("Ditahan. Berkasnya tidak diusulkan untuk dimusnahkan sampai penahanan dilepas.")
            )
            return redirect("admin:core_legalhold_change", hold.pk)
    context = {
        "tabs": tabs(request, "holds"),
        "kinds": HOLD_ON,
        "on": on or "application",
        "reference": reference,
        "reason": reason,
        "refusal": refusal,
    }
    status = 422 if refusal else 200
    return screen(
        request, admin, "backoffice/privacy/hold_form.html", context, _("Tahan dari pemusnahan"), None, status
    )


def _held(on: str, reference: str) -> dict[str, Any]:
    """What was named; a sentence when it is not found."""
    found: Any = None
    if on == "application":
        found = Application.objects.filter(number=reference).first() if reference else None
    elif on == "person":
        found = find_user_by_email(reference) if reference else None
    elif on == "document":
        found = _held_document(reference)
    if found is None:
        raise DomainError(
            _("Tidak ditemukan. Periksa pilihan dan penulisannya."), code="place_hold.unknown", field="acuan"
        )
    return {on: found}


def _held_document(reference: str) -> Document | None:
    """By its own identity, as its page leads here, or by what it holds, which several may."""
    with suppress(ValueError):
        if found := Document.objects.filter(public_id=UUID(reference)).first():
            return found
    same = list(Document.objects.filter(sha256=reference.lower()).order_by("-pk")) if len(reference) == 64 else []
    if len(kept := [document for document in same if not document.is_destroyed]) > 1:
        raise DomainError(
            _("%(count)d dokumen berisi sama. Buka halaman yang dimaksud, lalu pilih “Tahan dari pemusnahan” di sana.")
            % {"count": len(kept)},
            code="place_hold.several",
            field="acuan",
        )
    return next(iter(kept or same), None)


@require_http_methods(["GET", "HEAD", "POST"])
def hold_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """One hold: what it lies on, why, and the way to lift it."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    hold = (
        LegalHold.objects.select_related("application", "person", "document__document_type", "placed_by", "lifted_by")
        .filter(pk=pk if is_number(str(pk)) else None)
        .first()
    )
    if hold is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        if may_hold(request.user):
            raise PermissionDenied
        try:
            services.lift_hold(hold=hold, reason=request.POST.get("reason", ""), by=request.user)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Penahanan dilepas; berkasnya kembali mengikuti masa simpannya."))
            return redirect("admin:core_legalhold_change", hold.pk)
    context = {
        "tabs": tabs(request, "holds"),
        "hold": hold,
        "held_link": hold_link(hold),
        "may_lift": hold.is_in_force and not may_hold(request.user),
        "reason": request.POST.get("reason", ""),
        "refusal": refusal,
        "timeline": timeline(request, hold),
    }
    status = 422 if refusal else 200
    return screen(request, admin, "backoffice/privacy/hold.html", context, _("Penahanan"), hold, status)


def hold_link(hold: LegalHold) -> str:
    """The page of what is held."""
    if hold.application_id:
        return reverse("admin:core_application_change", args=[hold.application_id])
    if hold.document_id:
        return reverse("admin:core_document_change", args=[hold.document_id])
    person: User = hold.person
    return reverse("admin:core_candidateprofile_change", args=[person.candidate.pk]) if _has_profile(person) else ""


def _has_profile(person: User) -> bool:
    return hasattr(person, "candidate")
