"""Whether the files of documents are whole: the runs that looked, and what they found."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import RUN_TONES
from backoffice.filters import ChoiceFilter, DayRangeFilter
from backoffice.views import integrity as views
from core.common.text import grouped
from core.documents.integrity import SAMPLE, open_findings, repository_state, requested_run
from core.documents.models import IntegrityRun


class ExtentFilter(ChoiceFilter):
    title = _("cakupan")
    parameter_name = "cakupan"
    options = (("semua", _("Semua dokumen")), ("contoh", _("Sebagian")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(step=1) if value == "semua" else queryset.filter(step__gt=1)


class IntegrityRunAdmin(ReadOnlyMixin, LongListAdmin):
    """Every verification, the latest first; the state of now stands above."""

    empty_hint = _("Pemeriksaan berjalan sendiri setiap malam; hasilnya tampil di sini.")
    list_display = ("moment_column", "outcome_column", "faults_column", "extent_column", "documents_column")
    list_display_links = ("moment_column",)
    list_filter = (("outcome", ChoicesDropdownFilter), ExtentFilter, ("started_at", DayRangeFilter))
    sortable_by = ()
    list_before_template = "backoffice/integrity/list_top.html"

    @display(description=_("Dimulai"))
    def moment_column(self, obj: IntegrityRun) -> str:
        return str(obj)

    @display(description=_("Hasil"), label=RUN_TONES)
    def outcome_column(self, obj: IntegrityRun) -> tuple[str, str]:
        return obj.outcome, obj.get_outcome_display()

    @display(description=_("Temuan"))
    def faults_column(self, obj: IntegrityRun) -> str:
        return grouped(obj.faults) if obj.faults else "–"

    @display(description=_("Cakupan"))
    def extent_column(self, obj: IntegrityRun) -> str:
        return views.extent(obj)

    @display(description=_("Diperiksa"))
    def documents_column(self, obj: IntegrityRun) -> str:
        return _t("%(count)s dokumen, %(size)s") % {"count": grouped(obj.documents), "size": filesizeformat(obj.size)}

    def get_urls(self) -> list:
        request_view = self.admin_site.admin_view(self.request_view)
        return [path("minta/", request_view, name="core_integrityrun_request"), *super().get_urls()]

    def request_view(self, request: HttpRequest) -> HttpResponse:
        return views.request_view(request, admin=self)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "may_request": request.user.has_perm("core.request_integrityrun"),
            "requested_run": requested_run(),
            "sample": grouped(SAMPLE),
            "state": repository_state(),
            "faulty_run": open_findings().order_by("-run").values_list("run", flat=True).first(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return views.run_view(request, pk=object_id, admin=self)
