"""The list of certificates. A certificate is worked on in its own screen: `backoffice.views.certificates`."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backoffice.base import LongListAdmin, ReadOnlyMixin, found_people
from backoffice.displays import CERTIFICATE_TONES
from backoffice.filters import (
    BlankFilter,
    CertificateSchemeFilter,
    CertificateStateFilter,
    DateRangeFilter,
    HolderNikFilter,
    ProvinceFilter,
)
from backoffice.resources.certificates import CertificateResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import certificates
from core.accounts.queries import MAX_PEOPLE
from core.applications.models import Application
from core.certificates.enums import CertificateState
from core.certificates.models import Certificate, PastCertificate
from core.certificates.standing import status_now


def certificates_meant(request: HttpRequest, words: str) -> Q:
    """Which certificates a search means, always along one index: the beginning of one of their numbers, or the holder.

    A name is looked up word by word; what stands on the paper counts where the account has another name.
    """
    if any(c.isdigit() for c in words):
        for field in ("number", "registration_number", "blank_number"):
            begins = Q(**{f"{field}__istartswith": words})
            if Certificate.objects.filter(begins).exists():
                return begins
        cases = Application.objects.filter(number__istartswith=words).order_by("-number")
        if keys := list(cases.values_list("pk", flat=True)[:MAX_PEOPLE]):
            return Q(application__in=keys)
    if people := found_people(request, words):
        return Q(holder__in=people)
    return Q(holder_name__istartswith=words)


class CertificateColumnsMixin:
    """What a row of either register says of a certificate."""

    @display(description=_("Nomor"))
    def number_column(self, obj: Certificate | PastCertificate) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.number)

    @display(description=_("Skema"))
    def scheme_column(self, obj: Certificate | PastCertificate) -> str:
        return obj.scheme.title

    @display(description=_("Status"), label=CERTIFICATE_TONES)
    def status_column(self, obj: Certificate | PastCertificate) -> tuple[str, str]:
        now = status_now(obj)
        return now.state, now.label

    @display(description=_("Terbit"))
    def issued_column(self, obj: Certificate | PastCertificate) -> str:
        return date_format(obj.issued_on, "j M Y")

    @display(description=_("Berlaku sampai"))
    def end_column(self, obj: Certificate | PastCertificate) -> str:
        return date_format(obj.valid_until, "j M Y")


class CertificateAdmin(CertificateColumnsMixin, SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Issued certificates, the newest first; nothing is edited by form."""

    resource_class = CertificateResource
    empty_hint = _("Sertifikat terbit sesudah rapat pleno disahkan.")
    list_display = (
        "number_column",
        "holder_name",
        "scheme_column",
        "status_column",
        "issued_column",
        "end_column",
        "blank_column",
    )
    list_display_links = ("number_column",)
    list_filter = (
        CertificateStateFilter,
        CertificateSchemeFilter,
        ProvinceFilter,
        BlankFilter,
        HolderNikFilter,
        ("issued_on", DateRangeFilter),
        ("valid_until", DateRangeFilter),
    )
    list_disable_select_all = False
    actions = ("record_blanks",)
    actions_list = ("issue",)
    search_by_post = True
    search_fields = ("number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nomor sertifikat, registrasi, blanko, atau permohonan; nama; atau NIK lengkap")
    sortable_by = ()

    @display(description=_("Blanko"))
    def blank_column(self, obj: Certificate) -> str:
        return obj.blank_number or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        return super().get_queryset(request).defer("content", "token").prefetch_related("scheme")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What ends soon, the next one first; what has ended, the last one first: along the index of the last day."""
        chosen = request.GET.get(CertificateStateFilter.parameter_name, "")
        if chosen == CertificateState.ENDING or request.GET.get("valid_until_to"):
            return ("valid_until", "pk")
        return ("-valid_until", "-pk") if chosen == CertificateState.EXPIRED else super().get_ordering(request)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The box promises nobody a way of finding that is closed to them."""
        found = super().get_changelist_instance(request)
        if not request.user.has_perm("core.view_candidateprofile"):
            found.search_help_text = _t("Cari nomor atau nama")
        return found

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By a number of it, else by its holder; a NIK comes as a filter of its own."""
        words = " ".join(search_term.split())
        return (queryset.filter(certificates_meant(request, words)) if words else queryset), False

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        found = super().get_actions(request)
        if not request.user.has_perm("core.issue_certificate"):
            found.pop("record_blanks", None)
        return found

    @action(description=_("Catat nomor blanko"))
    def record_blanks(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return certificates.blanks_form(request, admin=self, rows=queryset)

    @action(description=_("Terbitkan sertifikat"), icon="add_task", permissions=["issue"])
    def issue(self, request: HttpRequest) -> HttpResponse:
        """Leads to the page that shows which competent cases still wait."""
        return redirect("admin:certificates_issue")

    def has_issue_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("core.issue_certificate")

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            def served(request: HttpRequest, **arguments: Any) -> HttpResponse:
                return view(request, admin=self, **arguments)

            return path(route, self.admin_site.admin_view(served), name=name)

        return [
            address("terbitkan/", "certificates_issue", certificates.issue_view),
            address("blanko/", "core_certificate_blanks", certificates.blanks_view),
            address("<int:pk>/pdf/", "core_certificate_pdf", certificates.pdf_view),
            address("<int:pk>/tindakan/<slug:act>/", "core_certificate_act", certificates.act_view),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return certificates.page_view(request, admin=self, pk=object_id)

    def page_url(self, obj: Certificate) -> str:
        return reverse("admin:core_certificate_change", args=[obj.pk])
