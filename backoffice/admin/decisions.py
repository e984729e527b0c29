"""Plenaries and appeals. A plenary is worked on in its own screen: `backoffice.views.plenary`."""

from collections.abc import Iterator
from datetime import date
from itertools import count, islice, takewhile
from typing import Any

from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import STATUS_TONES
from backoffice.filters import ChoiceFilter, DateRangeFilter, DayRangeFilter
from backoffice.resources.decisions import AppealResource, PlenaryResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import plenary as views
from backoffice.views.case_page import address as case_address
from backoffice.views.next_step import next_step
from backoffice.views.plenary_page import STATUS_TONES as PLENARY_TONES
from backoffice.views.plenary_page import address as plenary_address
from backoffice.views.plenary_page import next_step as next_step_of_plenary
from core.accounts.rules import can_see_identifiers
from core.applications.privacy import without_identifiers
from core.assessments.queries import assignment_in_force
from core.assessments.seats import seat_of
from core.common.dates import add_months
from core.decisions.enums import AppealStatus
from core.decisions.models import Appeal, Plenary
from core.decisions.queries import (
    all_decisions_of,
    appeals_waiting_for_assessor,
    appeals_waiting_for_decision,
    plenaries_named,
    plenaries_to_confirm,
    with_counts,
)

APPEAL_TONES = {
    AppealStatus.FILED: "warning",
    AppealStatus.GRANTED: "success",
    AppealStatus.DISMISSED: "danger",
    AppealStatus.WITHDRAWN: "",
}


#: So many months can be chosen.
MONTHS = 24


class MonthFilter(ChoiceFilter):
    """Plenaries by the month in which they were held; the last two years are named."""

    title = _("bulan")
    parameter_name = "bulan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Every month between the first and the last meeting: two looks at the index, however many there were."""
        ends = Plenary.objects.aggregate(first=Min("held_on"), last=Max("held_on"))
        if ends["last"] is None:
            return []
        months = takewhile(lambda month: month >= ends["first"].replace(day=1), _backwards(ends["last"]))
        return [(f"{month:%Y-%m}", date_format(month, "F Y")) for month in islice(months, MONTHS)]

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        year, month = (int(part) for part in value.split("-"))
        first = date(year, month, 1)
        return queryset.filter(held_on__gte=first, held_on__lt=add_months(first, 1))


def _backwards(last: date) -> Iterator[date]:
    """The month of this day and those before it."""
    return (add_months(last.replace(day=1), -ago) for ago in count())


class ToConfirmFilter(ChoiceFilter):
    """What this person may confirm: recorded by a colleague."""

    title = _("menunggu")
    parameter_name = "menunggu"
    options = (("saya", _("Menunggu pengesahan saya")),)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.options if request.user.has_perm("core.confirm_decision") else ()

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(pk__in=plenaries_to_confirm(request.user).order_by().values("pk"))


class PlenaryAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Rapat pleno, the latest first, with what is to be done next."""

    resource_class = PlenaryResource
    empty_hint = _("Rapat pleno memutus permohonan yang sudah dinilai. Siapkan rapat, lalu tambahkan permohonannya.")
    list_display = ("title_column", "held_on", "status_column", "cases_column", "next_column", "number_column")
    list_display_links = ("title_column",)
    list_filter = (ToConfirmFilter, ("status", ChoicesDropdownFilter), MonthFilter, ("held_on", DateRangeFilter))
    search_fields = ("number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nama rapat atau nomor berita acara")
    sortable_by = ("held_on",)

    @display(description=_("Rapat"))
    def title_column(self, obj: Plenary) -> str:
        return obj.title

    @display(description=_("Status"), label=PLENARY_TONES)
    def status_column(self, obj: Plenary) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Permohonan"))
    def cases_column(self, obj: Plenary) -> str:
        if not obj.cases:
            return "–"
        if obj.undecided:
            return _t("%(cases)d, belum diputus %(open)d") % {"cases": obj.cases, "open": obj.undecided}
        return _t("%(cases)d: %(competent)d K, %(not_yet)d BK") % {
            "cases": obj.cases,
            "competent": obj.competent,
            "not_yet": obj.cases - obj.competent,
        }

    @display(description=_("Berikutnya"))
    def next_column(self, obj: Plenary) -> str:
        return next_step_of_plenary(obj) or "–"

    @display(description=_("Berita acara"))
    def number_column(self, obj: Plenary) -> str:
        return obj.number or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Plenary]:
        return with_counts(super().get_queryset(request).defer("content"))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_term.strip()
        return (plenaries_named(queryset, words) if words else queryset), False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return views.create_view(request, admin=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return views.plenary_view(request, pk=object_id, admin=self)

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any, **more: str) -> Any:
            values = {"admin": self, **more}
            return path(route, self.admin_site.admin_view(view), values, name=f"core_plenary_{name}")

        return [
            address("agenda/", "agenda", views.agenda_view),
            address("<int:pk>/ubah/", "edit", views.edit_view),
            address("<int:pk>/anggota/", "members", views.members_view),
            address("<int:pk>/permohonan/", "cases", views.cases_view),
            address("<int:pk>/putusan/", "decide", views.decide_view),
            address("<int:pk>/tindakan/<slug:act>/", "act", views.act_view),
            address("<int:pk>/berita-acara/", "minutes", views.paper_view, paper="minutes"),
            address("<int:pk>/sk-kelulusan/", "letter", views.paper_view, paper="letter"),
            *super().get_urls(),
        ]


class WaitingFilter(ChoiceFilter):
    """What an appeal waits for."""

    title = _("menunggu")
    parameter_name = "menunggu"
    options = (
        ("asesor", _("Menunggu asesor lain")),
        ("penilaian", _("Sedang dinilai kembali")),
        ("pleno", _("Menunggu rapat pleno")),
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        waiting = appeals_waiting_for_assessor().order_by().values("pk")
        if value == "asesor":
            return queryset.filter(pk__in=waiting)
        if value == "pleno":
            return queryset.filter(pk__in=appeals_waiting_for_decision().values("pk"))
        return queryset.filter(status=AppealStatus.FILED, application__status="appealed").exclude(pk__in=waiting)


class AppealAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Banding, the latest first, and what each waits for."""

    resource_class = AppealResource
    empty_hint = _("Banding diajukan asesi dari portal sesudah ia menerima keputusannya. Yang masuk tampil di sini.")
    list_display = ("number_column", "candidate_column", "status_column", "waits_column", "age_column", "filed_at")
    list_display_links = ("number_column",)
    list_filter = (("status", ChoicesDropdownFilter), WaitingFilter, ("filed_at", DayRangeFilter))
    search_fields = ("^application__number",)
    search_help_text = _("Cari nomor permohonan")
    sortable_by = ("filed_at",)
    fields = (
        "case_column",
        "status",
        "next_line",
        "reason_column",
        "filed_at",
        "deadline",
        "decision_column",
        "resolution_column",
    )
    readonly_fields = fields

    @display(description=_("Permohonan"))
    def number_column(self, obj: Appeal) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.application.reference)

    @display(description=_("Permohonan"))
    def case_column(self, obj: Appeal) -> SafeString:
        name, case = obj.application.candidate.user.full_name, obj.application
        return format_html('<a class="bo-link" href="{}">{} · {}</a>', case_address(case), case.reference, name)

    @display(description=_("Asesi dan skema"))
    def candidate_column(self, obj: Appeal) -> SafeString:
        return format_html(
            '{}<br><span class="bo-muted">{}</span>',
            obj.application.candidate.user.full_name,
            obj.application.scheme_version.scheme.title,
        )

    @display(description=_("Status"), label=APPEAL_TONES)
    def status_column(self, obj: Appeal) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Menunggu"), label=STATUS_TONES)
    def waits_column(self, obj: Appeal) -> tuple[str, str] | str:
        if obj.status != AppealStatus.FILED:
            return ""
        if obj.application.status == "assessed":
            return "assessed", _t("Rapat pleno")
        holder = next((a for a in obj.application.assignments.all() if a.in_force), None)
        if holder is None:
            return "returned", _t("Asesor lain")
        return "appealed", _t("Penilaian %(name)s") % {"name": holder.assessor.user.full_name}

    @display(description=_("Berikutnya"))
    def next_line(self, obj: Appeal) -> SafeString | str:
        """Read on the page of the appeal: the next step of its case, with the way there."""
        if obj.status != AppealStatus.FILED:
            return "–"
        case = obj.application
        step = next_step(
            case,
            obj.viewer,
            assignment=assignment_in_force(case),
            seat=seat_of(case),
            decisions=list(all_decisions_of(case)),
        )
        if not step.url:
            return step.text
        return format_html('{} <a class="bo-button bo-small" href="{}">{}</a>', step.text, step.url, step.label)

    @display(description=_("Umur"))
    def age_column(self, obj: Appeal) -> str:
        if obj.status != AppealStatus.FILED:
            return "–"
        days = (timezone.localdate() - timezone.localdate(obj.filed_at)).days
        return _t("hari ini") if not days else _t("%(days)d hari") % {"days": days}

    @display(description=_("Alasan banding"))
    def reason_column(self, obj: Appeal) -> SafeString:
        shown = obj.reason if can_see_identifiers(obj.viewer, obj.application.candidate) else ""
        return format_html('<div class="bo-preview">{}</div>', shown or without_identifiers(obj.reason))

    @display(description=_("Keputusan yang dibanding"))
    def decision_column(self, obj: Appeal) -> SafeString:
        return _decision(obj.decision)

    @display(description=_("Keputusan banding"))
    def resolution_column(self, obj: Appeal) -> SafeString | str:
        return _decision(obj.resolution) if obj.resolution else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appeal]:
        return (
            super()
            .get_queryset(request)
            .prefetch_related(
                "application__candidate__user",
                "application__scheme_version__scheme",
                "application__assignments__assessor__user",
            )
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Appeal | None:
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            found.viewer = request.user
        return found


def _decision(decision: Any) -> SafeString:
    return format_html(
        '<a class="bo-link" href="{}">{}</a>, {}',
        plenary_address(decision.plenary),
        decision.plenary,
        decision.get_outcome_display(),
    )
