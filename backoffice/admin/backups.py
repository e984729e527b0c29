"""Backups and restore drills: what there is, and the pages of each. Run by the administrator, read by BNSP."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import BACKUP_TONES, DRILL_TONES
from backoffice.filters import DayRangeFilter
from backoffice.views import backups as views
from core.backups.drill_models import RestoreDrill
from core.backups.models import BackupRun
from core.common.dates import lasting
from core.common.text import grouped


class BackupRunAdmin(ReadOnlyMixin, LongListAdmin):
    """Every backup, the latest first; how things stand is told by the page “Cadangan”."""

    empty_hint = _("Cadangan dibuat sendiri setiap malam; hasilnya tampil di sini.")
    list_display = ("moment_column", "kind", "outcome_column", "copies_column", "size_column", "duration_column")
    list_display_links = ("moment_column",)
    list_filter = (("outcome", ChoicesDropdownFilter), ("kind", ChoicesDropdownFilter), ("begun_at", DayRangeFilter))
    sortable_by = ()
    list_before_template = "backoffice/backups/list_top.html"

    @display(description=_("Dimulai"))
    def moment_column(self, obj: BackupRun) -> str:
        return str(obj)

    @display(description=_("Hasil"), label=BACKUP_TONES)
    def outcome_column(self, obj: BackupRun) -> tuple[str, str]:
        return obj.outcome, obj.get_outcome_display()

    @display(description=_("Salinan"))
    def copies_column(self, obj: BackupRun) -> str:
        return "; ".join(str(copy) for copy in obj.copies.all()) or "–"

    @display(description=_("Ukuran"))
    def size_column(self, obj: BackupRun) -> str:
        return filesizeformat(obj.document_bytes + obj.database_bytes)

    @display(description=_("Lama"))
    def duration_column(self, obj: BackupRun) -> str:
        return lasting(obj.seconds)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("copies")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(views.request_backup_view)
        return [path("minta/", view, name="core_backuprun_request"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return views.backup_view(request, pk=object_id, admin=self)


class RestoreDrillAdmin(ReadOnlyMixin, LongListAdmin):
    """Every drill, the latest first."""

    empty_hint = _("Uji pemulihan berjalan sendiri setiap minggu; hasilnya tampil di sini.")
    list_display = ("moment_column", "outcome_column", "place", "difference_column", "looked_column", "duration_column")
    list_display_links = ("moment_column",)
    list_filter = (("outcome", ChoicesDropdownFilter), ("place", ChoicesDropdownFilter), ("begun_at", DayRangeFilter))
    sortable_by = ()
    list_before_template = "backoffice/backups/list_top.html"

    @display(description=_("Dimulai"))
    def moment_column(self, obj: RestoreDrill) -> str:
        return str(obj)

    @display(description=_("Hasil"), label=DRILL_TONES)
    def outcome_column(self, obj: RestoreDrill) -> tuple[str, str]:
        return obj.outcome, obj.get_outcome_display()

    @display(description=_("Perbedaan"))
    def difference_column(self, obj: RestoreDrill) -> str:
        return grouped(obj.difference_count) if obj.difference_count else "–"

    @display(description=_("Dibandingkan"))
    def looked_column(self, obj: RestoreDrill) -> str:
        return views.looked_at(obj)

    @display(description=_("Lama"))
    def duration_column(self, obj: RestoreDrill) -> str:
        return lasting(obj.duration.total_seconds() if obj.duration else None)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("steps", "differences")

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"core_restoredrill_{name}")

        return [
            address("minta/", "request", views.request_drill_view),
            address("<int:pk>/surat/", "certificate", views.certificate_view),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return views.drill_view(request, pk=object_id, admin=self)
