"""The timetable: each job with its last and its next run, and all runs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin, RoomAdmin
from backoffice.filters import ChoiceFilter, DayRangeFilter
from backoffice.timetable import RUN_STATE_TONES, Told, state_of
from backoffice.views import timetable as views
from core.common.dates import lasting
from core.timetable.models import ScheduledJob, ScheduledRun
from core.timetable.table import timetable

#: Tones of Unfold's label by themselves: the state of a job is told with its tone.
TONES = {"info": "info", "success": "success", "warning": "warning", "danger": "danger", "none": ""}


class StateFilter(ChoiceFilter):
    title = _("keadaan")
    parameter_name = "keadaan"
    options = (("bermasalah", _("Gagal atau terlambat")), ("dimatikan", _("Dimatikan")), ("berjalan", _("Berjalan")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "berjalan":
            return queryset.exclude(worker="")
        state = state_of(request)
        return queryset.filter(pk__in=[job.pk for job in (state.wrong if value == "bermasalah" else state.paused)])


class JobFilter(ChoiceFilter):
    title = _("pekerjaan")
    parameter_name = "pekerjaan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(name, entry.title) for name, entry in timetable().items()]

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(job__in=list(ScheduledJob.objects.filter(name=value).values_list("pk", flat=True)))


class ScheduledJobAdmin(ReadOnlyMixin, RoomAdmin):
    """Every job of the settings, in their order; whether the timetable is read at all stands above."""

    empty_hint = _("Jadwal terisi sendiri saat cron pertama kali membacanya.")
    list_display = ("title_column", "state_column", "when_column", "last_column", "bars_column", "next_column")
    list_display_links = ("title_column",)
    list_filter = (StateFilter,)
    list_per_page = 100
    sortable_by = ()
    list_before_template = "backoffice/timetable/list_top.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScheduledJob]:
        return super().get_queryset(request).filter(name__in=list(timetable())).select_related("asked")

    @display(description=_("Pekerjaan"))
    def title_column(self, obj: ScheduledJob) -> SafeString:
        entry = _told(obj).entry
        return format_html('{}<br><span class="bo-muted bo-small-text">{}</span>', entry.title, entry.sentence)

    @display(description=_("Keadaan"), label=TONES)
    def state_column(self, obj: ScheduledJob) -> tuple[str, str]:
        return _told(obj).state

    @display(description=_("Kapan"))
    def when_column(self, obj: ScheduledJob) -> str:
        return _told(obj).entry.expression.words

    @display(description=_("Terakhir"))
    def last_column(self, obj: ScheduledJob) -> str:
        told = _told(obj)
        if told.last_at is None:
            return "–"
        moment = date_format(timezone.localtime(told.last_at), "j M Y, H.i")
        return f"{moment} ({told.took})" if told.took else moment

    @display(description=_("Lama"))
    def bars_column(self, obj: ScheduledJob) -> SafeString:
        return _told(obj).bars

    @display(description=_("Berikutnya"))
    def next_column(self, obj: ScheduledJob) -> str:
        return date_format(timezone.localtime(_told(obj).next_at), "j M Y, H.i")

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_scheduledjob_{name}")

        return [
            address("<int:pk>/jalankan/", "run", views.run_view),
            address("<int:pk>/matikan/", "pause", views.pause_view),
            address("<int:pk>/nyalakan/", "resume", views.resume_view),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"state": state_of(request)}
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method == "POST":
            raise PermissionDenied
        return views.job_view(request, pk=object_id, admin=self)


def _told(job: ScheduledJob) -> Told:
    """Made once for a row, not once for each of its columns."""
    if not hasattr(job, "_told"):
        job._told = Told(timetable()[job.name], job, timezone.now())  # type: ignore[attr-defined]
    return job._told  # type: ignore[attr-defined]


class ScheduledRunAdmin(ReadOnlyMixin, LongListAdmin):
    """Every run, the latest first."""

    empty_hint = _("Setiap pekerjaan terjadwal yang dijalankan tercatat di sini.")
    list_display = ("begun_column", "job_column", "outcome_column", "trigger", "took_column", "result")
    list_display_links = ("begun_column",)
    list_filter = (JobFilter, ("outcome", ChoicesDropdownFilter), ("begun_at", DayRangeFilter))
    sortable_by = ()
    fields = (
        "job_column",
        "outcome",
        "result",
        "trigger",
        "requested_by_column",
        "slot",
        "begun_at",
        "ended_at",
        "took_column",
        "place",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScheduledRun]:
        return super().get_queryset(request).prefetch_related("job", "requested_by")

    @display(description=_("Dimulai"))
    def begun_column(self, obj: ScheduledRun) -> str:
        return str(obj)

    @display(description=_("Pekerjaan"))
    def job_column(self, obj: ScheduledRun) -> str:
        entry = timetable().get(obj.job.name)
        return str(entry.title) if entry is not None else obj.job.name

    @display(description=_("Hasil"), label=RUN_STATE_TONES)
    def outcome_column(self, obj: ScheduledRun) -> tuple[str, str]:
        return obj.outcome, obj.get_outcome_display()

    @display(description=_("Lama"))
    def took_column(self, obj: ScheduledRun) -> str:
        return lasting(obj.milliseconds / 1000) if obj.ended_at else "–"

    @display(description=_("Diminta oleh"))
    def requested_by_column(self, obj: ScheduledRun) -> str:
        return obj.requested_by.full_name if obj.requested_by else "–"
