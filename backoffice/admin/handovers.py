"""Hand-overs to BNSP, worked on in their own screen (`backoffice.views.handovers`), and the layout of their list."""

from typing import Any

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, NamedCellsMixin, ReadOnlyMixin, VersionedAdmin
from backoffice.filters import DateRangeFilter, PickFilter
from backoffice.formsets import PositionedForm, PositionedFormSet
from backoffice.resources.handovers import HandoverResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import handovers as views
from backoffice.views.handover_page import STATUS_TONES, next_step
from core.common.lookups import found_in
from core.handovers.models import Handover, HandoverCase, HandoverColumn, HandoverLayout
from core.handovers.queries import handovers_for, with_counts


class HandoverSchemeFilter(PickFilter):
    """Hand-overs that hold a case of a scheme."""

    title = _("skema")
    parameter_name = "skema"
    source = "skema"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        rows = HandoverCase.objects.filter(handover=OuterRef("pk"), application__scheme_version__scheme__code=value)
        return queryset.alias(is_of_scheme=found_in(rows)).filter(is_of_scheme=1)


class HandoverAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Serah terima BNSP, the latest first, with what is to be done next."""

    resource_class = HandoverResource
    empty_hint = _(
        "Hasil rapat pleno yang sudah disahkan diserahkan kepada BNSP di sini. Siapkan dari halaman rapatnya."
    )
    list_display = ("name_column", "status_column", "cases_column", "handed_on", "reference_column", "next_column")
    list_display_links = ("name_column",)
    list_filter = (("status", ChoicesDropdownFilter), ("handed_on", DateRangeFilter), HandoverSchemeFilter)
    search_fields = ("title", "^number", "^reference")
    search_help_text = _("Cari nama, nomor surat, atau bukti terima BNSP")
    sortable_by = ("handed_on",)

    @display(description=_("Serah terima"))
    def name_column(self, obj: Handover) -> str:
        return f"{obj.number} · {obj.title}" if obj.number else obj.title

    @display(description=_("Status"), label=STATUS_TONES)
    def status_column(self, obj: Handover) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Permohonan"))
    def cases_column(self, obj: Handover) -> str:
        return _t("%(cases)d: %(competent)d K, %(not_yet)d BK") % {
            "cases": obj.total,
            "competent": obj.competent,
            "not_yet": obj.total - obj.competent,
        }

    @display(description=_("Bukti terima BNSP"))
    def reference_column(self, obj: Handover) -> str:
        return obj.reference or "–"

    @display(description=_("Berikutnya"))
    def next_column(self, obj: Handover) -> str:
        return next_step(obj) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Handover]:
        return with_counts(handovers_for(request.user)).order_by("-pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return views.create_view(request, admin=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return views.handover_view(request, pk=object_id, admin=self)

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_handover_{name}")

        return [
            address("pleno/<int:pk>/", "of_plenary", views.of_plenary_view),
            address("<int:pk>/permohonan/", "cases", views.cases_view),
            address("<int:pk>/keluarkan/", "remove", views.remove_view),
            address("<int:pk>/jadwal/<int:session>/", "session", views.session_view),
            address("<int:pk>/surat/", "letter", views.letter_view),
            address("<int:pk>/tindakan/<slug:act>/", "act", views.act_view),
            address("<int:pk>/unduh/", "download", views.download_view),
            address("<int:pk>/berkas/<int:file>/", "file", views.file_view),
            *super().get_urls(),
        ]


class ColumnInline(NamedCellsMixin, TabularInline):
    model = HandoverColumn
    form = PositionedForm
    formset = PositionedFormSet
    fields = ("heading", "source", "code_list", "is_required", "position")
    extra = 0
    show_title = False
    ordering_field = "position"
    hide_ordering_field = True


class HandoverLayoutAdmin(VersionedAdmin):
    """The one layout of the list that BNSP asks for; its history says what it was before."""

    list_display = ("title", "columns_column", "confirmed_column")
    fields = ("title", "is_confirmed", "source", "certificate_rule", "letter_megabytes", "minutes_megabytes")
    inlines = (ColumnInline,)

    @display(description=_("Kolom"))
    def columns_column(self, obj: HandoverLayout) -> int:
        return len(obj.columns.all())

    @display(description=_("Konfirmasi BNSP"), label={True: "success", False: "warning"})
    def confirmed_column(self, obj: HandoverLayout) -> tuple[bool, str]:
        return obj.is_confirmed, _t("Sudah dikonfirmasi") if obj.is_confirmed else _t("Menunggu konfirmasi BNSP")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HandoverLayout]:
        return super().get_queryset(request).prefetch_related("columns")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
