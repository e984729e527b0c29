"""The list of certificates. A certificate is worked on in its own screen: `backoffice.views.certificates`."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import CERTIFICATE_TONES
from backoffice.filters import BlankFilter, CertificateSchemeFilter, CertificateStateFilter, DateRangeFilter
from backoffice.views import certificates
from core.certificates.models import Certificate
from core.certificates.standing import status_now


class CertificateAdmin(ReadOnlyMixin, LongListAdmin):
    """Issued certificates, the newest first; nothing is edited by form."""

    list_display = (
        "number_column",
        "holder_name",
        "scheme_column",
        "status_column",
        "issued_on",
        "valid_until",
        "blank_column",
    )
    list_display_links = ("number_column",)
    list_filter = (
        CertificateStateFilter,
        CertificateSchemeFilter,
        BlankFilter,
        ("issued_on", DateRangeFilter),
        ("valid_until", DateRangeFilter),
    )
    list_disable_select_all = False
    actions = ("record_blanks",)
    actions_list = ("issue",)
    search_fields = ("number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari awal nomor sertifikat atau awal nama pemegang")
    sortable_by = ()

    @display(description=_("Nomor"))
    def number_column(self, obj: Certificate) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.number)

    @display(description=_("Skema"))
    def scheme_column(self, obj: Certificate) -> str:
        return obj.scheme.title

    @display(description=_("Status"), label=CERTIFICATE_TONES)
    def status_column(self, obj: Certificate) -> tuple[str, str]:
        now = status_now(obj)
        return now.state, now.label

    @display(description=_("Blanko"))
    def blank_column(self, obj: Certificate) -> str:
        return obj.blank_number or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Certificate]:
        return super().get_queryset(request).defer("content", "token").prefetch_related("scheme")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """The beginning of a number, spaces and all; words without a figure are the beginning of a name."""
        words = " ".join(search_term.split())
        field = "number" if any(c.isdigit() for c in words) else "holder_name"
        return (queryset.filter(**{f"{field}__istartswith": words}) if words else queryset), False

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
