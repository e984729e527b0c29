"""What was asked for in the background. A job is looked at on a page of its own: `backoffice.views.jobs`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import JOB_TONES
from backoffice.filters import ChoiceFilter, DayRangeFilter
from backoffice.views import jobs as views
from core.jobs.kinds import kind_choices
from core.jobs.models import Job
from core.jobs.queries import jobs_for
from core.jobs.rules import oversees


class KindFilter(ChoiceFilter):
    title = _("jenis")
    parameter_name = "jenis"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return kind_choices()

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(kind=value)


class JobAdmin(ReadOnlyMixin, LongListAdmin):
    """One's own jobs, the newest first; everybody's for the administrator."""

    empty_hint = _("Ekspor dan impor yang besar dikerjakan di latar; kemajuannya tampil di sini.")
    list_display = ("title", "state_column", "progress_column", "requested_at", "by_column")
    list_filter = (("state", ChoicesDropdownFilter), KindFilter, ("requested_at", DayRangeFilter))
    sortable_by = ()

    @display(description=_("Keadaan"), label=JOB_TONES)
    def state_column(self, obj: Job) -> tuple[str, str]:
        return obj.state, obj.get_state_display()

    @display(description=_("Kemajuan"))
    def progress_column(self, obj: Job) -> str:
        return views.progress_words(obj) or "–"

    @display(description=_("Diminta oleh"))
    def by_column(self, obj: Job) -> str:
        return obj.by.full_name

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Whose it is, where it is not only one's own."""
        return self.list_display if oversees(request.user) else self.list_display[:-1]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return jobs_for(request.user).prefetch_related("by")

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_job_{name}")

        return [
            address("<int:pk>/batalkan/", "cancel", views.cancel_view),
            address("<int:pk>/unduh/", "download", views.download_view),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return views.job_view(request, pk=object_id, admin=self)
