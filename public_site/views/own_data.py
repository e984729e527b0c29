"""“Data saya”: what the LSP knows about somebody, a copy of all of it, and requests about it.

Works without JavaScript and without consent: nobody has to agree to anything to use these rights.
"""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.services import save_own_name
from core.applications.models import Application
from core.common.exceptions import DomainError, StaleVersion
from core.documents.serving import private
from core.institutions.models import InvitationBatch
from core.institutions.queries import accepted_invitations
from core.institutions.rules import is_officer, officer_of
from core.messaging.queries import letters_to
from core.privacy.enums import ARTICLES, OPEN_REQUESTS, RequestKind, RequestStatus
from core.privacy.models import PrivacyRequest
from core.privacy.own_data import archive_name, own_documents, pack_own_data
from core.privacy.queries import requests_of
from core.privacy.rules import running_cases, what_stays, why_not_erase
from core.privacy.services import add_note, cancel_request, open_request
from public_site.access import kept_offline, own_data_page
from public_site.forms.base import add_domain_error, posted
from public_site.forms.privacy import DECLARATIONS, NameForm, ReplyForm, RequestForm
from public_site.unsent import Unsent
from public_site.views.security import after_password

TONES = {
    RequestStatus.RECEIVED: "info",
    RequestStatus.IN_PROGRESS: "info",
    RequestStatus.ANSWERED: "success",
    RequestStatus.REFUSED: "danger",
    RequestStatus.CANCELLED: "neutral",
}
#: What each request is for, in the candidate's words: the button, and what happens then.
EXPLAINED = {
    RequestKind.CORRECTION: (
        gettext_lazy("Minta data diperbaiki"),
        gettext_lazy(
            "Untuk data yang tidak dapat Anda ubah sendiri. Formulir yang sudah ditandatangani tidak berubah."
        ),
    ),
    RequestKind.COPY: (
        gettext_lazy("Minta salinan dari sekretariat"),
        gettext_lazy("Bila Anda tidak dapat mengunduhnya sendiri, atau memerlukannya dalam bentuk lain."),
    ),
    RequestKind.WITHDRAWAL: (
        gettext_lazy("Tarik persetujuan"),
        gettext_lazy("LSP berhenti memproses data Anda. Permohonan yang masih berjalan dibatalkan."),
    ),
    RequestKind.ERASURE: (
        gettext_lazy("Minta data dihapus"),
        gettext_lazy("Berkas, profil, dan surat Anda dihapus, kecuali yang wajib disimpan LSP. Akun Anda ditutup."),
    ),
}
#: The same where an officer of an institution asks: there is no case, and no profile.
FOR_OFFICERS = {
    RequestKind.CORRECTION: (
        EXPLAINED[RequestKind.CORRECTION][0],
        gettext_lazy("Untuk yang tidak dapat Anda ubah sendiri, misalnya alamat e-mail."),
    ),
    RequestKind.WITHDRAWAL: (
        EXPLAINED[RequestKind.WITHDRAWAL][0],
        gettext_lazy("LSP berhenti memproses data Anda. Anda tidak dapat lagi mengundang orang atas nama instansi."),
    ),
    RequestKind.ERASURE: (
        EXPLAINED[RequestKind.ERASURE][0],
        gettext_lazy(
            "Akun dan surat Anda dihapus, dan Anda tidak lagi menjadi petugas. Rombongan yang pernah dikirim tetap ada "
            "pada instansi, tanpa nama Anda."
        ),
    ),
}


@require_safe
@own_data_page
def overview(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request.user)
    return render(
        request,
        "public_site/own_data/overview.html",
        {
            "officer": officer,
            "batches": InvitationBatch.objects.filter(sent_by=request.user).count() if officer else 0,
            "letters": letters_to(request.user).count() if officer else 0,
            "files": own_documents(request.user).count(),
            "cases": Application.objects.filter(candidate__user=request.user).count(),
            "invitations": accepted_invitations(request.user),
            "requests": [(row, TONES[row.status]) for row in requests_of(request.user)[:20]],
            "kinds": [(kind.value, *explained(kind, request.user)) for kind in EXPLAINED],
        },
    )


def explained(kind: RequestKind, person: Any) -> tuple[Any, Any]:
    """(the button, what happens then) in the words of whoever asks."""
    return (FOR_OFFICERS if is_officer(person) else EXPLAINED).get(kind, EXPLAINED[kind])


@require_http_methods(["GET", "POST"])
@own_data_page
def own_name(request: HttpRequest) -> HttpResponse:
    """The name on an account without a profile; a candidate's belongs to their profile."""
    if not is_officer(request.user):
        return redirect("public_site:own_profile", "data-pribadi")
    form = NameForm(posted(request), initial={"full_name": request.user.full_name})
    if request.method == "POST" and form.is_valid():
        try:
            save_own_name(user=request.user, full_name=form.cleaned_data["full_name"], by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Nama Anda tersimpan."))
            return redirect("public_site:own_data")
    return render(request, "public_site/own_data/name.html", {"form": form})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@own_data_page
def download(request: HttpRequest) -> HttpResponse:
    """The password once more, then everything as one ZIP."""
    return after_password(
        request,
        lambda: _archive(request),
        title=_("Unduh data saya"),
        text=_(
            "Anda menerima satu berkas ZIP: ringkasan yang dapat dibaca, data yang dapat dipakai program lain, dan "
            "semua berkas Anda. Simpan di tempat yang aman; isinya memuat NIK dan dokumen identitas."
        ),
        button=_("Unduh (ZIP)"),
        back=reverse("public_site:own_data"),
        back_title=_("Data saya"),
    )


def _archive(request: HttpRequest) -> HttpResponseBase:
    stream = pack_own_data(person=request.user, by=request.user)
    response = FileResponse(
        stream, as_attachment=True, filename=archive_name(request.user), content_type="application/zip"
    )
    return private(response)


@require_http_methods(["GET", "POST"])
@own_data_page
@kept_offline
def new_request(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in RequestKind.values:
        raise Http404
    wanted = RequestKind(kind)
    title, text = explained(wanted, request.user)
    unsent = Unsent(request, f"data-{kind}", title=title, after=reverse("public_site:own_data"))
    form = RequestForm(posted(request), kind=wanted, is_officer=is_officer(request.user), initial=unsent.answers)
    if unsent.is_typing:
        return unsent.keep(form)
    if request.method == "POST" and form.is_valid():
        try:
            return unsent.send(lambda: _open(request, kind, form, unsent))
        except StaleVersion as error:
            return unsent.conflict(form, error)
        except DomainError as error:
            add_domain_error(form, error)
    if answer := request.method == "POST" and unsent.not_sent(form):
        return answer
    return render(
        request,
        "public_site/own_data/new_request.html",
        {
            "form": form,
            "title": title,
            "text": text,
            "article": ARTICLES[wanted],
            # Without a network nothing that cannot be undone is set off by itself: those are pressed again.
            "sends_later": wanted not in DECLARATIONS,
            **_consequences(request.user, wanted),
            **unsent.context,
        },
    )


def _open(request: HttpRequest, kind: str, form: RequestForm, unsent: Unsent) -> None:
    row = open_request(person=request.user, kind=kind, words=form.cleaned_data["words"], by=request.user)
    unsent.after = reverse("public_site:privacy_request", args=[row.number])
    messages.success(request, _("Permintaan %(number)s terkirim.") % {"number": row.number})


def _consequences(person: Any, kind: RequestKind) -> dict[str, list[str]]:
    """What the person should know before asking."""
    if kind == RequestKind.ERASURE:
        return {"hindrances": why_not_erase(person), "stays": what_stays(person)}
    return {"running": running_cases(person)} if kind == RequestKind.WITHDRAWAL else {}


@require_http_methods(["GET", "POST"])
@own_data_page
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request: how it stands, the thread, and the way to take it back. Somebody else's does not exist."""
    row = PrivacyRequest.objects.filter(number=number, person=request.user).first()
    if row is None:
        raise Http404
    form = ReplyForm(posted(request) if "batalkan" not in request.POST else None)
    if request.method == "POST":
        try:
            if "batalkan" in request.POST:
                cancel_request(request=row, by=request.user)
                messages.success(request, _("Permintaan dibatalkan."))
                return redirect("public_site:own_data")
            if form.is_valid():
                add_note(request=row, text=form.cleaned_data["text"], by=request.user)
                messages.success(request, _("Keterangan terkirim."))
                return redirect("public_site:privacy_request", number)
        except DomainError as error:
            if form.is_bound:
                add_domain_error(form, error)
            else:
                messages.error(request, error.message)
                return redirect("public_site:privacy_request", number)
    return render(
        request,
        "public_site/own_data/request.html",
        {
            "row": row,
            "tone": TONES[row.status],
            "is_open": row.status in OPEN_REQUESTS,
            "notes": row.notes.filter(is_shared=True).select_related("by"),
            "form": form,
        },
    )
