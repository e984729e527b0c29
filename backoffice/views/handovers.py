"""The screen of a hand-over to BNSP in three steps: choose, check, hand over.

Nothing happens on GET but looking at one file, which is recorded. A POST that the rules refuse changes nothing and
shows the reason.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.base import go
from backoffice.forms_handover import HandOverForm, NarrowingForm, ReasonForm, SessionCodesForm
from backoffice.screens import dialog, screen, show_refusal
from backoffice.timeline import timeline
from backoffice.views import handover_page as page
from core.assessments.models import AssessmentSession
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.decisions.models import Decision, Plenary
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece, private
from core.handovers import rules, services
from core.handovers.checks import examine
from core.handovers.models import Handover
from core.handovers.queries import handovers_for, pending_of

#: What is said when an act went well.
DONE = {
    "check": gettext_lazy("Diperiksa dan terkunci. Unduh berkasnya, kirim kepada BNSP, lalu catat penyerahannya."),
    "reopen": gettext_lazy("Dibuka kembali; nomor suratnya tetap."),
    "hand_over": gettext_lazy("Penyerahan dicatat. Berkasnya disimpan seperti yang diserahkan."),
    "withdraw": gettext_lazy("Ditarik; permohonannya menunggu serah terima lain."),
    "correct": gettext_lazy("Koreksi disiapkan. Yang lama berlaku sampai koreksi ini diserahkan."),
}


def find_handover(request: HttpRequest, admin: Any, pk: Any, *, to_write: bool = False) -> Handover:
    """The hand-over, if this person may see it, or write in it."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    if to_write and rules.may_prepare(request.user):
        raise PermissionDenied
    found = (
        handovers_for(request.user)
        .select_related("prepared_by", "checked_by", "handed_by", "signature", "replaces", "uploaded_letter")
        .filter(pk=pk if is_number(str(pk)) else None)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _may_prepare(request: HttpRequest) -> None:
    if rules.may_prepare(request.user):
        raise PermissionDenied


# --- choose -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def create_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """What waits, all ticked; one press makes a hand-over of it."""
    _may_prepare(request)
    if request.method == "POST":
        try:
            handover = services.prepare_handover(
                decisions=_ticked(request), title=request.POST.get("nama", ""), by=request.user
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Serah terima disiapkan. Lihat apa yang masih harus diperbaiki."))
            return redirect(page.address(handover))
    return _choose(request, admin, _("Siapkan serah terima"), None)


@require_http_methods(["GET", "HEAD", "POST"])
def cases_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """The same for a hand-over that is there already."""
    handover = find_handover(request, admin, pk, to_write=True)
    if reason := rules.is_preparing(handover, request.user):
        messages.error(request, reason)
        return redirect(page.address(handover))
    if request.method == "POST":
        try:
            count = services.add_decisions(handover=handover, decisions=_ticked(request), by=request.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("%(count)d permohonan ditambahkan.") % {"count": count})
            return redirect(page.address(handover))
    return _choose(request, admin, _("Tambah permohonan"), handover)


def _ticked(request: HttpRequest) -> list[Decision]:
    keys = [int(key) for key in request.POST.getlist("keputusan") if is_number(key)]
    return list(Decision.objects.filter(pk__in=keys).select_related("plenary").defer("plenary__content"))


def _choose(request: HttpRequest, admin: Any, title: str, handover: Handover | None) -> HttpResponse:
    asked = request.GET
    period = NarrowingForm(asked)
    period.is_valid()
    context = page.offered(
        scheme=asked.get("skema", ""),
        plenary=asked.get("pleno", ""),
        since=period.cleaned_data.get("dari"),
        until=period.cleaned_data.get("sampai"),
    )
    context["handover"] = handover
    status = 422 if request.method == "POST" else 200
    return screen(request, admin, "backoffice/handover/choose.html", context, title=title, row=handover, status=status)


@require_POST
def of_plenary_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """One press on the page of a meeting: a hand-over of all that it decided and that still waits."""
    _may_prepare(request)
    plenary = get_object_or_404(Plenary.objects.defer("content"), pk=pk)
    try:
        waiting = pending_of(plenary).select_related("plenary").defer("plenary__content")
        handover = services.prepare_handover(decisions=list(waiting), by=request.user)
    except DomainError:
        messages.error(request, _("Semua keputusan rapat ini sudah masuk serah terima."))
        return redirect("admin:core_plenary_change", plenary.pk)
    messages.success(request, _("Serah terima disiapkan. Lihat apa yang masih harus diperbaiki."))
    return redirect(page.address(handover))


@require_POST
def remove_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Take out what is ticked."""
    handover = find_handover(request, admin, pk, to_write=True)
    keys = [int(key) for key in request.POST.getlist("permohonan") if is_number(key)]
    try:
        count = services.remove_cases(handover=handover, cases=keys, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("%(count)d permohonan dikeluarkan dan menunggu lagi.") % {"count": count})
    return redirect(page.address(handover))


# --- check --------------------------------------------------------------------------------------------


@require_GET
def handover_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    handover = find_handover(request, admin, pk)
    context = page.context(handover, request.user) | {"timeline": timeline(request, handover)}
    return screen(request, admin, "backoffice/handover/page.html", context, title=str(handover), row=handover)


@require_http_methods(["GET", "HEAD", "POST"])
def session_view(request: HttpRequest, *, pk: int, session: int, admin: Any) -> HttpResponse:
    """What BNSP knows a session by; asked once for all of its cases."""
    handover = find_handover(request, admin, pk, to_write=True)
    sessions = AssessmentSession.objects.filter(
        placements__in_force=True, placements__application__handover_cases__handover=handover
    )
    found = sessions.select_related("bnsp_codes").filter(pk=session).first()
    if found is None:
        raise Http404
    form = SessionCodesForm(request.POST or None, codes=getattr(found, "bnsp_codes", None))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_session_codes(session=found, **form.cleaned_data, by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Data jadwal %(number)s disimpan.") % {"number": found.number})
            return go(request, page.address(handover))
    context = {
        "handover": handover,
        "form": form,
        "heading": _("Data BNSP jadwal %(number)s") % {"number": found.number},
        "lead": _("Diisi sekali; dipakai semua asesi pada jadwal ini."),
        "label": _("Simpan"),
        "tone": "primary",
        "url": page.address(handover, "session", found.pk),
    }
    return _asked(request, admin, handover, context, form)


@require_POST
def letter_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """A letter signed on paper in the place of ours, or back to ours."""
    handover = find_handover(request, admin, pk, to_write=True)
    file = request.FILES.get("file")
    try:
        if "lepas" in request.POST:
            services.detach_letter(handover=handover, by=request.user)
            messages.success(request, _("Surat pengantar dibuat sistem."))
        elif file is None:
            messages.error(request, _("Pilih berkas PDF suratnya dahulu."))
        else:
            services.attach_letter(handover=handover, stream=file, file_name=file.name or "surat.pdf", by=request.user)
            messages.success(request, _("Surat yang diunggah dipakai sebagai surat pengantar."))
    except DomainError as refusal:
        messages.error(request, refusal.message)
    return redirect(page.address(handover) + "#surat")


# --- acts ---------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def act_view(request: HttpRequest, *, pk: int, act: str, admin: Any) -> HttpResponse:
    """One act. GET asks once more (never acts), POST acts once."""
    handover = find_handover(request, admin, pk, to_write=True)
    if act not in DONE:
        raise Http404
    examined = examine(handover) if act == "check" else None
    warnings = examined.warnings if examined else []
    form = _form_of(act, request, bool(warnings))
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            done = _do(act, handover, form.cleaned_data if form else {}, request.user)
        except DomainError as refusal:
            _blame(form, refusal, act, request)
            handover = find_handover(request, admin, pk, to_write=True)
            if form is None:
                return go(request, page.address(handover))
        else:
            messages.success(request, DONE[act])
            return go(request, page.address(done))
    known = {found["name"]: found for found in page.acts(handover, request.user, examined=examined)}.get(act)
    if known is None and not (form and form.errors):
        return go(request, page.address(handover))
    context = {
        "handover": handover,
        "form": form,
        "heading": known["label"] if known else str(handover),
        "lead": _lead(act, handover),
        "warnings": warnings,
        "label": known["label"] if known else "",
        "tone": known["tone"] if known else "",
        "reason": known["reason"] if known else "",
        "url": page.address(handover, "act", act),
    }
    return _asked(request, admin, handover, context, form)


def _form_of(act: str, request: HttpRequest, has_warnings: bool) -> forms.Form | None:
    data = request.POST if request.method == "POST" else None
    if act == "hand_over":
        return HandOverForm(data)
    labels = {
        "withdraw": _("Alasan ditarik"),
        "correct": _("Apa yang dikoreksi"),
        "check": _("Alasan peringatan di atas diterima"),
    }
    if act == "reopen" or (act == "check" and not has_warnings):
        return None
    return ReasonForm(data, label=labels[act])


def _do(act: str, handover: Handover, values: dict[str, Any], by: Any) -> Handover:
    if act == "check":
        return services.check_handover(handover=handover, acceptance=values.get("reason", ""), by=by)
    if act == "reopen":
        return services.reopen_handover(handover=handover, by=by)
    if act == "hand_over":
        return services.hand_over(handover=handover, **values, by=by)
    if act == "withdraw":
        return services.withdraw_handover(handover=handover, reason=values["reason"], by=by)
    return services.correct_handover(handover=handover, reason=values["reason"], by=by)


def _blame(form: forms.Form | None, refusal: DomainError, act: str, request: HttpRequest) -> None:
    if form is None:
        messages.error(request, refusal.message)
        return
    field = "reason" if refusal.field == "acceptance" else refusal.field
    form.add_error(field if field in form.fields else None, refusal.message)


def _lead(act: str, handover: Handover) -> str:
    leads = {
        "check": _(
            "Anda menandatangani bahwa daftarnya sudah diperiksa. Surat mendapat nomor, dan daftarnya terkunci."
        ),
        "reopen": _("Tanda tangan pemeriksa gugur; daftar dan surat dibuat lagi saat diperiksa lagi. Nomornya tetap."),
        "hand_over": _("Catat sesudah berkasnya sampai di BNSP. Sesudah itu tidak ada yang berubah."),
        "withdraw": _("Permohonannya kembali menunggu serah terima lain. Yang sudah diserahkan tetap tersimpan."),
        "correct": _(
            "Serah terima baru dengan permohonan yang sama, menurut data sekarang; suratnya menyebut yang lama."
        ),
    }
    return leads[act]


def _asked(
    request: HttpRequest, admin: Any, handover: Handover, context: dict[str, Any], form: forms.Form | None
) -> HttpResponse:
    refused = form is not None and bool(form.errors)
    return dialog(
        request, admin, "backoffice/handover/ask.html", context, title=context["heading"], row=handover, refused=refused
    )


# --- what is taken along ------------------------------------------------------------------------------


@require_POST
def download_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponseBase:
    """The whole archive; who took it along is recorded."""
    from core.handovers.papers import make_archive  # loads the PDF engine

    handover = find_handover(request, admin, pk)
    if not request.user.has_perm("core.download_handover"):
        raise PermissionDenied
    try:
        archive = make_archive(handover=handover, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(page.address(handover))
    response = StreamingHttpResponse(archive.pieces, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, archive.file_name) or "attachment"
    response["Content-Length"] = str(archive.size)
    return private(response)


@require_GET
def file_view(request: HttpRequest, *, pk: int, file: int, admin: Any) -> HttpResponseBase:
    """One file of the archive that was made; every look is recorded."""
    handover = find_handover(request, admin, pk)
    if rules.why_not_download(handover, request.user):
        raise PermissionDenied
    row = get_object_or_404(handover.files.select_related("document__document_type"), pk=file, edition=handover.edition)
    view_document(document=row.document, by=request.user, is_piece=is_piece(request))
    return document_response(row.document, request=request, as_attachment="simpan" in request.GET, file_name=row.name)
