"""The old register: certificates of the paper years, brought in by file and corrected by hand."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backoffice.admin.certificates import CertificateColumnsMixin
from backoffice.base import LongListAdmin, ServiceFormMixin
from backoffice.filters import (
    CertificateSchemeFilter,
    DateRangeFilter,
    PastCertificateNikFilter,
    PastCertificateStateFilter,
    PastHolderFilter,
)
from backoffice.resources import PastCertificateResource
from backoffice.screens import dialog
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import certificate_acts
from core.accounts.queries import find_user_by_email
from core.certificates import services
from core.certificates.models import PastCertificate
from core.certificates.past_rules import is_same_name
from core.certificates.transitions import CERTIFICATE_WORKFLOW
from core.common.exceptions import DomainError
from core.common.text import is_number


def past_certificates_meant(words: str) -> Q:
    """By the beginning of one of its numbers, or of the name on the paper; each along its index."""
    if any(c.isdigit() for c in words):
        for field in ("number", "registration_number"):
            begins = Q(**{f"{field}__istartswith": words})
            if PastCertificate.objects.filter(begins).exists():
                return begins
    return Q(holder_name__istartswith=words)


class PastCertificateAdmin(CertificateColumnsMixin, SpreadsheetMixin, ServiceFormMixin, LongListAdmin):
    """What the LSP issued before this system. New rows come by import, so that each names the file it came from."""

    resource_class = PastCertificateResource
    empty_hint = _("Sertifikat dari tahun-tahun kertas dimasukkan dengan Impor.")
    list_display = (
        "number_column",
        "holder_name",
        "scheme_column",
        "status_column",
        "issued_column",
        "end_column",
        "holder_column",
    )
    list_display_links = ("number_column",)
    list_filter = (
        PastCertificateStateFilter,
        CertificateSchemeFilter,
        PastHolderFilter,
        PastCertificateNikFilter,
        ("issued_on", DateRangeFilter),
        ("valid_until", DateRangeFilter),
    )
    search_by_post = True
    search_fields = ("number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nomor sertifikat atau registrasi, awal nama, atau NIK lengkap")
    sortable_by = ()
    #: How it stands changes by acts with a reason, or with the register that it came from.
    readonly_fields = ("nik_line", "holder_line", "status", "suspended_until", "events_line")
    actions_detail = ("suspend", "reinstate", "withdraw", "link", "unlink")
    fieldsets = (
        (None, {"fields": ("number", "registration_number", "holder_name", "nik_line", "email", "holder_line")}),
        (_("Sertifikat"), {"fields": ("scheme", "units", "issued_on", "valid_until", "place")}),
        (_("Keadaan dan arsip"), {"fields": ("status", "suspended_until", "events_line", "file_number", "note")}),
    )

    @display(description=_("Akun"))
    def holder_column(self, obj: PastCertificate) -> str:
        return _t("tertaut") if obj.holder_id else "–"

    @display(description=_("NIK"))
    def nik_line(self, obj: PastCertificate) -> str:
        return obj.masked_nik or "–"

    @display(description=_("Akun pemegang"))
    def holder_line(self, obj: PastCertificate) -> str:
        if obj.holder is None:
            return _t("Belum tertaut")
        return f"{obj.holder.full_name}, {date_format(obj.linked_at, 'j F Y')}"

    @display(description=_("Riwayat tindakan"))
    def events_line(self, obj: PastCertificate) -> SafeString | str:
        """What was done to it here, why and by whom, the latest first."""
        rows = [
            (
                event.get_act_display(),
                date_format(localtime(event.at), "j M Y"),
                event.by.full_name if event.by else _t("Sistem"),
                event.reason,
            )
            for event in obj.events.select_related("by").order_by("-pk")
        ]
        return format_html_join(mark_safe("<br>"), "{} {}, {}: {}", rows) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PastCertificate]:
        return super().get_queryset(request).prefetch_related("scheme")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without personal identifiers for those who may not open a candidate's profile."""
        found = super().get_fieldsets(request, obj)
        if request.user.has_perm("core.view_candidateprofile"):
            return found
        hidden = {"nik_line", "email", "holder_line", "events_line", "note"}
        return [
            (title, {**options, "fields": tuple(name for name in options["fields"] if name not in hidden)})
            for title, options in found
        ]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = " ".join(search_term.split())
        return (queryset.filter(past_certificates_meant(words)) if words else queryset), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: PastCertificate, form: Any, change: bool) -> None:
        services.correct_past_certificate(certificate=obj, by=request.user)

    # --- how it stands ------------------------------------------------------------------------------

    @action(description=_("Bekukan"), icon="pause_circle", url_path="bekukan", permissions=["suspend"])
    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return certificate_acts.act_view(request, pk=object_id, act="suspend", admin=self)

    @action(description=_("Berlakukan kembali"), icon="play_circle", url_path="berlakukan", permissions=["suspend"])
    def reinstate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return certificate_acts.act_view(request, pk=object_id, act="reinstate", admin=self)

    @action(description=_("Cabut"), icon="block", url_path="cabut", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return certificate_acts.act_view(request, pk=object_id, act="withdraw", admin=self)

    def has_suspend_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("core.suspend_certificate")

    def has_withdraw_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("core.withdraw_certificate")

    # --- whose it is --------------------------------------------------------------------------------

    @action(description=_("Tautkan ke akun"), icon="link", url_path="tautkan", permissions=["link"])
    def link(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """By the e-mail of the account: first both names side by side, then the link."""
        certificate = self._certificate(request, object_id)
        form = LinkForm(request.POST or None)
        person = None
        if request.method == "POST" and form.is_valid():
            person = find_user_by_email(form.cleaned_data["email"])
            if person is None:
                form.add_error("email", _t("Tidak ada akun dengan alamat ini."))
            elif "tautkan" in request.POST:
                try:
                    services.link_past_certificate(certificate=certificate, person=person, by=request.user)
                except DomainError as refusal:
                    form.add_error("email", refusal.message)
                else:
                    messages.success(request, _t("Sertifikat tertaut; pemegangnya melihatnya di mejanya."))
                    return redirect(self.change_url(certificate))
        context = {
            "form": form,
            "certificate": certificate,
            "person": person,
            "is_same": person is not None and is_same_name(certificate.holder_name, person.full_name),
            "back": self.change_url(certificate),
        }
        return dialog(
            request, self, "backoffice/past_certificates/link.html", context, title=_t("Tautkan ke akun"),
            row=certificate, refused=bool(form.errors),
        )  # fmt: skip

    @action(description=_("Lepas tautan"), icon="link_off", url_path="lepas", permissions=["link"])
    def unlink(self, request: HttpRequest, object_id: str) -> HttpResponse:
        certificate = self._certificate(request, object_id)
        if request.method == "POST":
            self.attempt(request, services.unlink_past_certificate, _t("Tautan dilepas."), certificate=certificate)
            return redirect(self.change_url(certificate))
        context = {"certificate": certificate, "back": self.change_url(certificate)}
        return dialog(
            request, self, "backoffice/past_certificates/unlink.html", context, title=_t("Lepas tautan"),
            row=certificate,
        )  # fmt: skip

    def has_link_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.may(request, "change")

    def _certificate(self, request: HttpRequest, object_id: str) -> PastCertificate:
        if not self.may(request, "change"):
            raise PermissionDenied
        if not is_number(object_id):
            raise Http404
        return get_object_or_404(PastCertificate.objects.select_related("scheme", "holder"), pk=object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list:
        """What can be done now: as the table of acts says, and as it is linked or not."""
        found = super().get_actions_detail(request, object_id)
        certificate = PastCertificate.objects.defer("nik").filter(pk=object_id).first()
        if certificate is None:
            return []
        closed = {path for path, act in PATHS.items() if CERTIFICATE_WORKFLOW[act].refusal(certificate, request.user)}
        closed.add("tautkan" if certificate.holder_id else "lepas")
        return [one for one in found if one.path not in closed]


#: The acts by their addresses.
PATHS = {"bekukan": "suspend", "berlakukan": "reinstate", "cabut": "withdraw"}


class LinkForm(forms.Form):
    email = forms.EmailField(label=_("E-mail akun asesi"))
