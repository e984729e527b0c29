"""The queue of applications. A case is worked on in its own screen: `backoffice.views.verification`."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backoffice.base import LongListAdmin, ReadOnlyMixin, found_people
from backoffice.bulk import BulkAct
from backoffice.displays import STATUS_TONES, age_html
from backoffice.filters import (
    QUEUES,
    AgeBandFilter,
    AgeFilter,
    AssessorFilter,
    BatchFilter,
    CaseSexFilter,
    CaseVenueFilter,
    CompletenessFilter,
    DateRangeFilter,
    DayRangeFilter,
    EmployerFilter,
    FileFilter,
    InstitutionFilter,
    InvitedByFilter,
    LackFilter,
    LackReasonFilter,
    NikFilter,
    OfficerFilter,
    ProvinceFilter,
    QueueFilter,
    RegencyFilter,
    ReminderFilter,
    SchemeFilter,
    SendingFilter,
    SessionFilter,
    StageFilter,
    StatusFilter,
    UnitFilter,
    current_queue,
)
from backoffice.navigation import counts as desk_counts
from backoffice.resources.applications import ApplicationResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import assignment, case_file, certificates, preassessment, results, verification
from backoffice.views.take_next import take_next_view
from core.accounts.models import CandidateProfile
from core.accounts.rules import role_of
from core.applications import services
from core.applications.models import Application
from core.applications.queries import applications_for, cases_of, next_waiting
from core.applications.rules import why_not_remind
from core.applications.transitions import WORKFLOW
from core.assessments.queries import own_assignments
from core.assessments.rules import may_be_assigned_among_many
from core.certificates.transitions import WORKFLOW as CERTIFICATES
from core.reports.queries import count_waiting_for_assessor, taken_by


def _row_name(case: Application) -> str:
    return f"{case.number} · {case.candidate.user.full_name}"


TAKE = BulkAct(
    name="take",
    label=WORKFLOW["take"].label,
    right="verify_application",
    refusal=WORKFLOW["take"].refusal,
    run=lambda case, by: services.take_application(application=case, by=by),
    what=_("%(count)d permohonan menjadi tugas Anda; asesi melihat bahwa berkasnya sedang diperiksa."),
    done=_("%(count)d permohonan kini Anda periksa."),
    row_name=_row_name,
)
TAKE_OVER = BulkAct(
    name="take_over",
    label=WORKFLOW["take_over"].label,
    right="verify_application",
    refusal=WORKFLOW["take_over"].refusal,
    run=lambda case, by: services.take_over_application(application=case, by=by),
    what=_("%(count)d pemeriksaan Anda teruskan dari rekan; penilaian yang sudah ada tetap."),
    done=_("%(count)d pemeriksaan kini Anda teruskan."),
    row_name=_row_name,
)
REMIND = BulkAct(
    name="remind",
    label=_("Ingatkan asesi"),
    right="verify_application",
    refusal=why_not_remind,
    run=lambda case, by: services.remind_candidate(application=case, by=by),
    what=_("%(count)d asesi mendapat surat yang mengingatkan apa yang harus diperbaiki."),
    done=_("%(count)d surat pengingat dikirim."),
    row_name=_row_name,
)

ASSIGN = BulkAct(
    name="assign",
    label=_("Tunjuk asesor"),
    right="assign_assessor",
    refusal=may_be_assigned_among_many,
    run_all=assignment.assign_all,
    what=_("%(count)d permohonan diberikan kepada satu asesor, yang sejak itu melihatnya dan mendapat satu surat."),
    done=_("%(count)d permohonan kini mempunyai asesor."),
    row_name=_row_name,
    question="backoffice/bulk/assessors.html",
    asked=assignment.assessors_to_choose,
    answers=("assessor",),
    related=("assignments",),
)

ISSUE_LABEL = CERTIFICATES["issue"].label

#: The filters as the sheet shows them: what is used every day stands open, each other subject folds.
FILTER_SUBJECTS = (
    ("", (StatusFilter, SchemeFilter, OfficerFilter, AgeFilter, ProvinceFilter, ("submitted_at", DayRangeFilter))),
    (
        _("Perjalanan kasus"),
        (StageFilter, SendingFilter, ReminderFilter, ("registered_on", DateRangeFilter), ("closed_at", DayRangeFilter)),
    ),
    (_("Berkas dan kelengkapan"), (CompletenessFilter, FileFilter, LackFilter, LackReasonFilter)),
    (_("Asesmen"), (UnitFilter, AssessorFilter, SessionFilter, CaseVenueFilter)),
    (_("Asesi"), (CaseSexFilter, AgeBandFilter, RegencyFilter, InstitutionFilter, EmployerFilter)),
    (_("Instansi yang mengundang"), (InvitedByFilter, BatchFilter)),
)
#: Filters that concern the desk alone.
DESK_FILTERS = (OfficerFilter, ReminderFilter, AgeFilter, FileFilter, LackFilter, LackReasonFilter)


class ApplicationAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Submitted cases, the longest waiting first; nothing is edited by form."""

    resource_class = ApplicationResource
    empty_hint = _("Permohonan masuk dari portal ketika asesi mengirimnya.")
    list_display = (
        "number_column",
        "candidate_column",
        "scheme_column",
        "status_column",
        "age_column",
        "completeness_column",
        "officer_column",
        "act_column",
    )
    list_display_links = ("number_column",)
    filter_subjects = FILTER_SUBJECTS
    list_filter = (QueueFilter, NikFilter, *(item for _subject, items in FILTER_SUBJECTS for item in items))
    list_before_template = "backoffice/queue_top.html"
    list_fullwidth = True
    list_disable_select_all = False
    bulk_acts = (TAKE, TAKE_OVER, REMIND, ASSIGN)
    actions_list = ("open_next",)
    search_by_post = True
    search_fields = ("number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nomor, nama, NIK lengkap, nomor HP, atau e-mail")
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

    @display(description=_("Tindakan"))
    def act_column(self, obj: Application) -> SafeString:
        """The evidence, unfolded in place, and taking the case where the table allows it to this person."""
        unfold = format_html(
            '<a class="bo-button bo-small" href="{}" data-unfold aria-expanded="false" aria-controls="bukti-{}" '
            'aria-label="{}">{}</a>',
            reverse("admin:core_application_evidence", args=[obj.pk]),
            obj.pk,
            _t("Bukti %(number)s") % {"number": obj.number},
            _t("Bukti"),
        )
        if WORKFLOW["take"].refusal(obj, obj.viewer):
            return format_html('<span class="bo-row-acts">{}</span>', unfold)
        return format_html(
            '<span class="bo-row-acts">{}<button class="bo-button bo-small" formaction="{}" aria-label="{}">'
            "{}</button></span>",
            unfold,
            reverse("admin:core_application_act", args=[obj.pk, "take"]),
            _t("Ambil %(number)s untuk diperiksa") % {"number": obj.number},
            _t("Ambil"),
        )

    @action(description=_("Periksa berikutnya"), icon="skip_next", permissions=["verify"], url_path="berikutnya")
    def open_next(self, request: HttpRequest) -> HttpResponse:
        """The longest waiting case that nobody else has taken."""
        case = next_waiting(request.user)
        if case is None:
            messages.info(request, _t("Tidak ada permohonan yang menunggu Anda."))
            return redirect(self.list_url())
        return redirect(self.change_url(case))

    def has_verify_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "verify")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The box promises nobody a way of finding that is closed to them."""
        found = super().get_changelist_instance(request)
        if not request.user.has_perm("core.view_candidateprofile"):
            found.search_help_text = _t("Cari nomor atau nama")
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        # Prefetched instead of joined, see RoomAdmin.
        return applications_for(request.user).prefetch_related("candidate__user", "scheme_version__scheme", "officer")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What waits or is looked at: oldest first; days along their index; the rest newest first."""
        if current_queue(request) in {"menunggu", "saya", "diperiksa"}:
            return ("status", "submitted_at", "pk")
        if request.GET.get("umur"):
            return ("submitted_at", "pk")
        return super().get_ordering(request)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By the beginning of the number, else by the person; a NIK comes as a filter of its own."""
        words = search_term.strip()
        if not words:
            return queryset, False
        if any(c.isdigit() for c in words) and Application.objects.filter(number__istartswith=words).exists():
            return queryset.filter(number__istartswith=words).order_by("-number"), False  # along their index
        people = found_people(request, words)
        return cases_of(queryset, CandidateProfile.objects.filter(user_id__in=people)), False

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """How long a case waits for verification is no matter of an assessor."""
        columns = super().get_list_display(request)
        return tuple(name for name in columns if name != "age_column" or role_of(request.user) != "asesor")

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_application_{name}")

        return [
            path("ambil-berikutnya/", self.admin_site.admin_view(take_next_view), name="core_application_take_next"),
            address("<int:pk>/bukti/", "evidence", verification.evidence_view),
            address("<int:pk>/nilai/", "check", verification.check_view),
            address("<int:pk>/tindakan/<slug:act>/", "act", verification.act_view),
            address("<int:pk>/asesor/", "assign", assignment.assign_view),
            address("<int:pk>/pra-asesmen/", "preassessment", preassessment.preassessment_view),
            address("<int:pk>/hasil/", "results", results.results_view),
            address("<int:pk>/hasil/tanda-tangan/", "sign_results", results.sign_view),
            address("<int:pk>/hasil/koreksi/", "correct_results", results.correct_view),
            address("<int:pk>/formulir/<int:sequence>/<slug:form>/", "form", verification.form_view),
            address("<int:pk>/berkas/", "file", case_file.file_view),
            address("<int:pk>/berkas/keluarkan/", "file_take_out", case_file.take_out_view),
            address("<int:pk>/berkas/masa-berlaku/", "file_validity", case_file.validity_view),
            address("<int:pk>/berkas/unduh/", "file_bundle", case_file.bundle_view),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        """Ticked cases also lead to the page that issues certificates."""
        found = super().get_actions(request)
        if request.user.has_perm("core.issue_certificate"):
            found["issue"] = (certificates.issue_ticked, "issue", ISSUE_LABEL)
        return found

    def get_list_filter(self, request: HttpRequest) -> tuple:
        """Without what concerns the desk alone, for an assessor."""
        if role_of(request.user) != "asesor":
            return self.list_filter
        return tuple(item for item in self.list_filter if item not in DESK_FILTERS)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        queue = current_queue(request)
        counts = desk_counts(request)
        numbers = {
            "menunggu": counts["submitted"],
            "saya": taken_by(request.user),
            "diperiksa": counts["under_review"],
            "perbaikan": counts["returned"],
        }
        if request.user.has_perm("core.assign_assessor"):
            numbers["perlu-asesor"] = count_waiting_for_assessor(request.user)
        context = {
            "title": _("Permohonan"),
            "queue_tabs": [
                {"key": key, "title": title, "is_open": key == queue, "count": numbers.get(key)}
                for key, title in QUEUES
                if key != "saya" or request.user.has_perm("core.verify_application")
            ],
            "is_assessor": role_of(request.user) == "asesor",
            "has_assignments": own_assignments(request.user).exists(),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return verification.case_view(request, pk=object_id, admin=self)
