"""The history of imports. A run is read on a page of its own: `backoffice.views.imports`."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.filters import DayRangeFilter
from backoffice.views import imports as views
from core.common.text import is_number
from core.imports.models import ImportOutcome, ImportRun

OUTCOME_TONES = {
    ImportOutcome.RECEIVED: "warning",
    ImportOutcome.FAULTY: "danger",
    ImportOutcome.CHECKED: "warning",
    ImportOutcome.UNCHANGED: "",
    ImportOutcome.WRITTEN: "success",
}


class ImportRunAdmin(ReadOnlyMixin, LongListAdmin):
    """Every file that was handed in, with its report; kept whether it was applied or not."""

    empty_hint = _("Impor dimulai dari tombol Impor di atas daftar yang hendak diisi.")
    list_display = ("created_at", "kind_title", "file_name", "outcome_column", "counts_column", "by_column")
    list_filter = (("outcome", ChoicesDropdownFilter), ("created_at", DayRangeFilter))
    search_fields = ("^kind_title", "^file_name")
    search_help_text = _("Cari jenis data atau nama berkas")
    sortable_by = ("created_at",)

    @display(description=_("Hasil"), label=OUTCOME_TONES)
    def outcome_column(self, obj: ImportRun) -> tuple[str, str]:
        return obj.outcome, obj.get_outcome_display()

    @display(description=_("Isi"))
    def counts_column(self, obj: ImportRun) -> str:
        if obj.outcome == ImportOutcome.FAULTY:
            return _t("%(count)d kesalahan") % {"count": obj.counts.get("kesalahan", 0)}
        shown = [f"{count} {kind}" for kind in ("baru", "berubah", "dihapus") if (count := obj.counts.get(kind, 0))]
        return ", ".join(shown) or "–"

    @display(description=_("Diunggah oleh"))
    def by_column(self, obj: ImportRun) -> str:
        return obj.by.full_name

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportRun]:
        return super().get_queryset(request).defer("report").prefetch_related("by")

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None or request.method == "POST":
            raise PermissionDenied
        return self._with_run(views.run_page)(request, object_id)

    def get_urls(self) -> list:
        pages = (
            ("kolom", "columns", views.run_columns),
            ("periksa", "check", views.check_again),
            ("kemajuan", "progress", views.run_progress),
            ("batalkan", "cancel", views.cancel_run),
            ("terapkan", "apply", views.apply_run),
            ("berkas", "file", views.run_file),
            ("laporan", "report", views.run_report),
        )
        return [
            path(
                f"<path:object_id>/{address}/",
                self.admin_site.admin_view(self._with_run(view)),
                name=f"core_importrun_{name}",
            )
            for address, name, view in pages
        ] + super().get_urls()

    def _with_run(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        def wrapped(request: HttpRequest, object_id: str) -> HttpResponseBase:
            if not self.has_view_permission(request):
                raise PermissionDenied
            if not is_number(object_id):
                raise Http404
            return view(request, views.get_run(object_id))

        return wrapped
