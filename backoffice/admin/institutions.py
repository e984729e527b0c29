"""Institutions that register their people, and the batches of people they invited."""

from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import stage_words
from backoffice.filters import DayRangeFilter, OfInstitutionFilter
from backoffice.resources.institutions import InstitutionResource, InvitationBatchResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import institutions as views
from core.institutions.enums import InstitutionStatus
from core.institutions.models import Institution, InvitationBatch
from core.institutions.queries import stage_counts, with_people
from core.institutions.services import view_institution, view_people


class InstitutionAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """What waits for approval first, then the newest; decided on a page of its own."""

    resource_class = InstitutionResource
    empty_hint = _("Instansi mendaftar sendiri di portal, halaman /instansi/.")
    list_display = ("name", "kind_column", "region_column", "status_column", "people_column", "asked_at")
    list_display_links = ("name",)
    list_filter = (("status", ChoicesDropdownFilter), ("asked_at", DayRangeFilter))
    search_fields = ("name",)
    search_help_text = _("Cari nama instansi")
    sortable_by = ()

    @display(description=_("Jenis"))
    def kind_column(self, obj: Institution) -> str:
        return obj.kind.title

    @display(description=_("Wilayah"))
    def region_column(self, obj: Institution) -> str:
        return obj.region.name

    @display(description=_("Status"), label=views.STATUS_TONES)
    def status_column(self, obj: Institution) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Orang diundang"))
    def people_column(self, obj: Institution) -> str:
        return str(obj.people or "–")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Institution]:
        waits = Case(
            When(status=InstitutionStatus.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        found = with_people(Institution.objects.annotate(waits=waits))  # before the ordering that names it
        return found.prefetch_related("kind", "region")

    def get_ordering(self, request: HttpRequest) -> Any:
        chosen = super().get_ordering(request)
        return chosen if any(request.GET.get(f"asked_at_{end}") for end in ("from", "to")) else ("waits", "-pk")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        response = views.institution_view(request, pk=object_id, admin=self)
        view_institution(institution=response.context_data["row"], by=request.user)
        return response

    def get_urls(self) -> list:
        act = self.admin_site.admin_view(views.act_view)
        address = path("<int:pk>/tindakan/<slug:act>/", act, {"admin": self}, name="core_institution_act")
        return [address, *super().get_urls()]


class InvitationBatchAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Who invited how many when, and how far they are."""

    resource_class = InvitationBatchResource
    empty_hint = _("Rombongan muncul ketika petugas instansi mengirim undangan dari portal.")
    list_display = ("number", "institution_column", "officer_column", "people", "stage_column", "sent_at")
    list_display_links = ("number",)
    list_filter = (OfInstitutionFilter, ("sent_at", DayRangeFilter))
    search_fields = ("^number", "institution__name")
    search_help_text = _("Cari nomor rombongan atau nama instansi")
    sortable_by = ()
    ordering = ("-pk",)

    @display(description=_("Instansi"))
    def institution_column(self, obj: InvitationBatch) -> str:
        return obj.institution.name

    @display(description=_("Dikirim oleh"))
    def officer_column(self, obj: InvitationBatch) -> str:
        return obj.sent_by.full_name

    @display(description=_("Kemajuan"))
    def stage_column(self, obj: InvitationBatch) -> str:
        return stage_words(obj.stages)

    def get_queryset(self, request: HttpRequest) -> QuerySet[InvitationBatch]:
        return super().get_queryset(request).prefetch_related("institution", "sent_by")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """How far the people of the shown batches are, asked once."""
        changelist = super().get_changelist_instance(request)
        shown = list(changelist.result_list)
        counts = stage_counts(shown)
        for batch in shown:
            batch.stages = counts[batch.pk]
        changelist.result_list = shown
        return changelist

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        response = views.batch_view(request, pk=object_id, admin=self)
        view_people(batch=response.context_data["row"], by=request.user)
        return response
