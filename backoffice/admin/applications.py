"""The queue of applications. A case is worked on in its own screen: `backoffice.views.verification`."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import STATUS_TONES, age_html
from backoffice.filters import (
    QUEUES,
    DayRangeFilter,
    OfficerFilter,
    ProvinceFilter,
    QueueFilter,
    SchemeFilter,
    StatusFilter,
    current_queue,
)
from backoffice.navigation import counts as desk_counts
from backoffice.resources.applications import ApplicationResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import verification
from core.accounts.nik import nik_hash
from core.accounts.rules import role_of
from core.applications.models import Application
from core.applications.queries import applications_for


class QueueChangeList(ChangeList):
    """The open tab is no filter that somebody set: it does not light up the filter button."""

    def get_filters(self, request: HttpRequest) -> tuple:
        *rest, _is_active = super().get_filters(request)
        own = {"antrean", "q", "p", "o"}
        return (*rest, any(value and name not in own for name, value in request.GET.items()))


class ApplicationAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Submitted cases, the longest waiting first; nothing is edited by form."""

    resource_class = ApplicationResource
    list_display = (
        "number_column",
        "candidate_column",
        "scheme_column",
        "status_column",
        "age_column",
        "completeness_column",
        "officer_column",
    )
    list_display_links = ("number_column",)
    list_filter = (
        QueueFilter,
        StatusFilter,
        SchemeFilter,
        OfficerFilter,
        ProvinceFilter,
        ("submitted_at", DayRangeFilter),
        ("closed_at", DayRangeFilter),
    )
    list_before_template = "backoffice/queue_tabs.html"
    list_fullwidth = True
    search_fields = ("^number", "candidate__user__full_name")
    search_help_text = _("Cari nomor permohonan, nama asesi, atau NIK lengkap (16 angka)")
    sortable_by = ()

    @display(description=_("Nomor"))
    def number_column(self, obj: Application) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.number)

    @display(description=_("Asesi"))
    def candidate_column(self, obj: Application) -> str:
        return obj.candidate.user.full_name

    @display(description=_("Skema"))
    def scheme_column(self, obj: Application) -> str:
        return format_html('<span class="bo-clamp">{}</span>', obj.scheme_version.scheme.title)

    @display(description=_("Status"), label=STATUS_TONES)
    def status_column(self, obj: Application) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Umur"))
    def age_column(self, obj: Application) -> SafeString:
        return age_html(obj)

    @display(description=_("Lengkap"))
    def completeness_column(self, obj: Application) -> str:
        return f"{obj.completeness} %"

    @display(description=_("Petugas"))
    def officer_column(self, obj: Application) -> str:
        return obj.officer.full_name if obj.officer else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        # Prefetched instead of joined, see RoomAdmin.
        return applications_for(request.user).prefetch_related("candidate__user", "scheme_version__scheme", "officer")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueChangeList

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits or is looked at: oldest first, along the index; the rest newest first."""
        if current_queue(request) in {"menunggu", "saya", "diperiksa"}:
            return ("status", "submitted_at", "pk")
        return ("-pk",)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        digits = search_term.replace(" ", "")
        if len(digits) == 16 and digits.isdigit() and request.user.has_perm("core.view_candidateprofile"):
            return queryset.filter(candidate__nik_hash=nik_hash(digits)), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_application_{name}")

        return [
            address("<int:pk>/nilai/", "check", verification.check_view),
            address("<int:pk>/tindakan/<slug:act>/", "act", verification.act_view),
            address("<int:pk>/formulir/<int:sequence>/<slug:form>/", "form", verification.form_view),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        queue = current_queue(request)
        counts = desk_counts(request)
        numbers = {
            "menunggu": counts["submitted"],
            "saya": counts["mine"],
            "diperiksa": counts["under_review"],
            "perbaikan": counts["returned"],
        }
        context = {
            "title": _("Permohonan"),
            "queue_tabs": [
                {"key": key, "title": title, "is_open": key == queue, "count": numbers.get(key)}
                for key, title in QUEUES
                if key != "saya" or request.user.has_perm("core.verify_application")
            ],
            "is_assessor": role_of(request.user) == "asesor",
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return verification.case_view(request, pk=object_id, admin=self)
