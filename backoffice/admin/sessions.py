"""Sessions: their list, the form they are planned with, and the board on which cases are placed in them."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from backoffice.base import HttpsAddressMixin, ServiceFormMixin, VersionedAdmin
from backoffice.displays import SESSION_TONES, seats_html
from backoffice.filters import MonthFilter, SessionSchemeFilter, VenueFilter
from backoffice.lists import RoomChangeList
from backoffice.resources.assessments import SessionResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import session_acts, session_page, sessions
from core.activity.versioning import hidden_fields
from core.assessments import conflicts, rules
from core.assessments.enums import SessionMode
from core.assessments.models import AssessmentSession
from core.assessments.queries import assessors_in, sessions_for, with_seats_taken
from core.assessments.services import change_session, create_session
from core.assessments.services.sessions import FIELDS

#: A new session is proposed so many days ahead, on a working day, from … to ….
LEAD_DAYS = 14
HOURS = (time(8), time(16))
SATURDAY = 5


class SessionForm(forms.ModelForm):
    """Times are those of the clock at the TUK; the quota may be left to it: as many as it holds."""

    class Meta:
        model = AssessmentSession
        fields = ()  # the fieldsets say which

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in {"starts_at", "ends_at"} & set(self.fields):
            self.fields[name].widget.widgets[1].format = "%H.%M"  # nobody plans seconds
        if "starts_at" in self.fields:
            self.fields["starts_at"].help_text = _t("Waktu setempat TUK: WIB, WITA atau WIT. Jarak jauh: %(zone)s.") % {
                "zone": timezone.localtime().tzname()
            }
        if self.instance.pk:
            times = {"starts_at": self.instance.local_start, "ends_at": self.instance.local_end}
            self.initial |= {name: moment.replace(tzinfo=None) for name, moment in times.items()}
        if "quota" in self.fields:
            self.fields["quota"].required = False
            self.fields["quota"].help_text = _("Kosong: sebanyak daya tampung TUK.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        zone = AssessmentSession(venue=self.cleaned_data.get("venue")).zone
        for name in {"starts_at", "ends_at"} & self.cleaned_data.keys():
            self.cleaned_data[name] = self.cleaned_data[name].replace(tzinfo=zone)
        return self.cleaned_data

    def clean_quota(self) -> int:
        quota, venue = self.cleaned_data.get("quota"), self.cleaned_data.get("venue")
        if quota is None and venue is not None:
            quota = venue.capacity
        if quota is None and venue is not None:
            raise forms.ValidationError(_t("Isi kuotanya; daya tampung TUK belum tercatat."))
        if quota is None and self.cleaned_data.get("mode") == SessionMode.REMOTE:
            raise forms.ValidationError(_t("Isi kuotanya; uji jarak jauh tidak mempunyai daya tampung."))
        return quota  # None without a venue: that the venue is missing is said at the venue


class SessionChangeList(RoomChangeList):
    """Who assesses and what speaks against it: asked once for all rows of a page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows = list(self.result_list)
        assessors, against = assessors_in(rows), conflicts.all_conflicts(rows)
        for row in rows:
            row.assessor_names = assessors.get(row.pk, [])
            row.against = against.get(row.pk, [])
        self.result_list = rows


class AssessmentSessionAdmin(SpreadsheetMixin, HttpsAddressMixin, ServiceFormMixin, VersionedAdmin):
    """When and where is assessed. A row leads to its board; its form stands behind “Ubah jadwal”."""

    resource_class = SessionResource
    form = SessionForm
    empty_hint = _("Buat jadwal, lalu tempatkan asesi yang sudah lolos pra-asesmen.")
    list_display = (
        "number_column",
        "scheme_column",
        "when_column",
        "place_column",
        "status_column",
        "seats_column",
        "assessors_column",
        "conflicts_column",
    )
    list_display_links = ("number_column",)
    list_filter = (
        ("status", ChoicesDropdownFilter),
        SessionSchemeFilter,
        VenueFilter,
        MonthFilter,
        ("mode", ChoicesDropdownFilter),
    )
    list_before_template = "backoffice/session/list_top.html"
    list_fullwidth = True
    paginator = InfinitePaginator  # sessions grow without end: pages are turned without counting them
    search_fields = ("number",)
    search_help_text = _("Cari awal kode jadwal")
    sortable_by = ()
    autocomplete_fields = ("scheme", "venue")
    radio_fields = {"mode": 1}
    fieldsets = (
        (None, {"fields": ("scheme", "mode", "venue", "meeting_url")}),
        (_("Waktu dan kursi"), {"fields": ("starts_at", "ends_at", "quota", "note")}),
    )

    @display(description=_("Kode"))
    def number_column(self, obj: AssessmentSession) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.number)

    @display(description=_("Skema"))
    def scheme_column(self, obj: AssessmentSession) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.scheme.title)

    @display(description=_("Waktu"))
    def when_column(self, obj: AssessmentSession) -> SafeString:
        day, _comma, hours = conflicts.when(obj).partition(", ")
        return format_html('<span class="bo-when">{},</span> <span class="bo-when">{}</span>', day, hours)

    @display(description=_("Tempat"))
    def place_column(self, obj: AssessmentSession) -> SafeString:
        return format_html('<span class="bo-words">{}</span>', obj.venue or SessionMode.REMOTE.label)

    @display(description=_("Status"), label=SESSION_TONES)
    def status_column(self, obj: AssessmentSession) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Kursi"))
    def seats_column(self, obj: AssessmentSession) -> SafeString:
        return seats_html(obj.taken, obj.quota)

    @display(description=_("Asesor"))
    def assessors_column(self, obj: AssessmentSession) -> SafeString | str:
        return format_html('<span class="bo-words">{}</span>', ", ".join(obj.assessor_names) or "–")

    @display(description=_("Konflik"))
    def conflicts_column(self, obj: AssessmentSession) -> SafeString | str:
        blocking = sum(conflict.is_blocking for conflict in obj.against)
        if not obj.against:
            return "–"
        return format_html(
            '<span class="{}" title="{}">{}</span>',
            "bo-error" if blocking else "bo-warning",
            "\n".join(dict.fromkeys(conflict.sentence for conflict in obj.against)),
            _t("%(n)d konflik") % {"n": blocking} if blocking else _t("%(n)d peringatan") % {"n": len(obj.against)},
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RoomChangeList]:
        return SessionChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssessmentSession]:
        return with_seats_taken(sessions_for(request.user)).prefetch_related("scheme", "venue")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AssessmentSession], search_term: str
    ) -> tuple[QuerySet[AssessmentSession], bool]:
        """By the beginning of the code, along its index."""
        words = search_term.strip()
        return (queryset.filter(number__istartswith=words).order_by("-number") if words else queryset), False

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_assessmentsession_{name}")

        return [
            address("papan/", "board", sessions.board_view),
            address("<int:pk>/kursi/", "seats", sessions.seats_view),
            address("<int:pk>/asesor/<int:assessor>/", "replace", sessions.replace_view),
            path(
                "<path:object_id>/ubah/", self.admin_site.admin_view(self.edit_view), name="core_assessmentsession_edit"
            ),
            *session_acts.session_act_urls(self),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        waits = session_page.waiting_by_scheme() if request.user.has_perm("core.schedule_session") else []
        return super().changelist_view(request, {"waiting_schemes": waits, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The board. The form has an address of its own."""
        return sessions.session_view(request, pk=object_id, admin=self)

    def edit_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return super().change_view(request, object_id)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        day = timezone.localdate() + timedelta(days=LEAD_DAYS)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        start, end = (timezone.make_aware(datetime.combine(day, hour)) for hour in HOURS)
        return {"starts_at": start, "ends_at": end, **super().get_changeform_initial_data(request)}

    def get_fieldsets(self, request: HttpRequest, obj: AssessmentSession | None = None) -> Any:
        hidden = hidden_fields(AssessmentSession, viewer=request.user)
        return [
            (title, options | {"fields": tuple(name for name in options["fields"] if name not in hidden)})
            for title, options in self.fieldsets
        ]

    def save_model(self, request: HttpRequest, obj: AssessmentSession, form: SessionForm, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in FIELDS if name in form.cleaned_data}
        if change:
            change_session(session=obj, by=request.user, **values)
        else:
            planned = create_session(by=request.user, **values)
            obj.pk, obj.number, obj._state.adding = planned.pk, planned.number, False

    def response_add(self, request: HttpRequest, obj: AssessmentSession, post_url_continue: Any = None) -> HttpResponse:
        """To the board, where the next step is."""
        answer = super().response_add(request, obj, post_url_continue)  # leaves the message
        return answer if "_addanother" in request.POST else redirect(self.change_url(obj))

    def response_post_save_change(self, request: HttpRequest, obj: AssessmentSession) -> HttpResponse:
        return redirect(self.change_url(obj))

    def has_change_permission(self, request: HttpRequest, obj: AssessmentSession | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or not rules.is_open(obj))

    def has_delete_permission(self, request: HttpRequest, obj: AssessmentSession | None = None) -> bool:
        return False  # it is cancelled, and stays
