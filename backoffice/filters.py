"""Filters of the lists. Each narrows along an index, or says in core how it stays quick."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Max, Min, OuterRef, QuerySet
from django.forms import DateField
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter, RangeDateFilter
from unfold.contrib.filters.forms import DropdownForm, SearchForm
from unfold.widgets import UnfoldAdminSelectWidget

from backoffice.choices import SOURCES
from core.accounts.enums import Sex
from core.accounts.models import CandidateProfile
from core.accounts.nik import nik_hash
from core.accounts.queries import staff_users
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of
from core.activity.versioning import versioned_records
from core.applications.enums import AgeBand, ApplicationStatus, Reached, Stage
from core.applications.models import Application
from core.applications.queries import applications_for, cases_of, waiting_longer_than
from core.assessments.models import Venue
from core.assessments.queries import month_bounds, waiting_for_assessor
from core.certificates.aftercare_queries import in_state
from core.certificates.aftercare_rules import SURVEILLANCE_NOTICE_DAYS
from core.certificates.enums import CertificateState, SurveillanceOutcome
from core.certificates.models import Certificate
from core.certificates.register import holding
from core.codelists.models import CodeListEntry, Region
from core.common.dates import beginning_of
from core.common.lookups import found_in
from core.common.text import is_number
from core.documents.models import KEPT_STATES, DocumentState, TextSource
from core.inquiries.enums import TOPIC_LISTS, TicketStatus
from core.institutions.models import InstitutionOfficer, Invitation
from core.institutions.queries import cases_invited
from core.messaging.models import MessageTemplate
from core.reports.certification_recap import (
    IN_USE,
    NONE,
    at_venue,
    in_session,
    in_stage,
    with_assessor,
    with_employer,
    with_unit,
)
from core.reports.document_recap import REASONS, in_no_case, lacking, with_file
from core.reports.document_search import of_cases
from core.reports.queries import month_before
from core.schemes.models import Scheme, SchemeVersion

#: The tabs above the queue: key, title. The first one opens by itself.
QUEUES = (
    ("menunggu", _("Menunggu diperiksa")),
    ("saya", _("Sedang saya periksa")),
    ("diperiksa", _("Sedang diperiksa")),
    ("perbaikan", _("Perlu diperbaiki")),
    ("perlu-asesor", _("Perlu asesor")),
    ("diterima", _("Diterima")),
    ("siap", _("Siap dijadwalkan")),
    ("terjadwal", _("Terjadwal")),
    ("keputusan", _("Menunggu keputusan")),
    ("sertifikat", _("Menunggu sertifikat")),
    ("semua", _("Semua")),
)
#: What each tab shows, apart from "saya" (which asks who is looking) and "semua".
_QUEUE_STATUSES = {
    "menunggu": [ApplicationStatus.SUBMITTED],
    "diperiksa": [ApplicationStatus.UNDER_REVIEW],
    "perbaikan": [ApplicationStatus.RETURNED],
    "diterima": [ApplicationStatus.ACCEPTED],
    "siap": [ApplicationStatus.PREASSESSED],
    "terjadwal": [ApplicationStatus.SCHEDULED],
    "keputusan": [ApplicationStatus.ASSESSED, ApplicationStatus.APPEALED],
    "sertifikat": [ApplicationStatus.COMPETENT],
}


def current_queue(request: HttpRequest) -> str:
    """The tab that is open. A search looks through everything, and so do filters where no tab was chosen."""
    if any(request.GET.get(name) for name in ("q", "nik", "status")) or role_of(request.user) == "asesor":
        return "semua"
    chosen = request.GET.get("antrean", "")
    if chosen in dict(QUEUES):
        return chosen
    narrowing = {name for name, value in request.GET.items() if value} - {"p", "o"}
    return "semua" if narrowing else "menunggu"


class QueueFilter(admin.SimpleListFilter):
    """The open tab; drawn by the tabs themselves (templates/backoffice/queue_tabs.html), kept by the sheet."""

    title = _("antrean")
    parameter_name = "antrean"
    template = "backoffice/filter_hidden.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return QUEUES

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        queue = current_queue(request)
        if queue == "saya":
            return queryset.filter(status=ApplicationStatus.UNDER_REVIEW, officer=request.user)
        if queue == "perlu-asesor":
            return waiting_for_assessor(queryset)
        if queue in _QUEUE_STATUSES:
            return queryset.filter(status__in=_QUEUE_STATUSES[queue])
        return queryset


class ChoiceFilter(DropdownFilter):
    """One of a few fixed choices; an unknown one in the address narrows nothing."""

    all_option = ["", _("Semua")]
    options: tuple[tuple[str, Any], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.options

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value()
        return (
            self.narrowed(queryset, value, request)
            if value in {str(key) for key, _l in self.lookup_choices}
            else queryset
        )


class PickForm(DropdownForm):
    """A box that asks the server while one types; it holds nothing but what was chosen."""

    def __init__(self, *, name: str, label: str, source: str, value: str, chosen: str):
        forms.Form.__init__(self, {name: value})
        attributes = {
            "class": "unfold-filter-autocomplete admin-autocomplete",
            "data-theme": "admin-autocomplete",
            "data-ajax--url": reverse("admin:choices", args=[source]),
            "data-ajax--delay": "250",
            "data-allow-clear": "true",
            "data-placeholder": _t("Ketik untuk mencari"),
        }
        if SOURCES[source].is_free:
            attributes["data-tags"] = "true"
        choices = [("", ""), *([(value, chosen)] if value else [])]
        self.fields[name] = forms.ChoiceField(
            label=label, required=False, choices=choices, widget=UnfoldAdminSelectWidget(attrs=attributes)
        )


class PickFilter(admin.SimpleListFilter):
    """One of many, found by typing. Costs the list one small query, and only when something is chosen."""

    template = "unfold/filters/filters_field.html"
    form_class = PickForm
    source = ""  # of `choices.SOURCES`, where it is not called like the parameter

    def __init__(self, request: HttpRequest, params: dict, model: Any, model_admin: Any):
        super().__init__(request, params, model, model_admin)
        self.source = self.source or self.parameter_name
        self.is_offered = SOURCES[self.source].permits(request.user)

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return self.is_offered

    def chosen_text(self) -> str:
        """What was chosen, in words."""
        if not hasattr(self, "_chosen_text"):
            self._chosen_text = SOURCES[self.source].label(self.value()) if self.value() else ""
        return self._chosen_text

    def choices(self, changelist: Any) -> Iterator:
        value = self.value() or ""
        chosen = self.chosen_text()
        label = _t("Berdasarkan %(title)s") % {"title": self.title}
        yield {"form": PickForm(name=self.parameter_name, label=label, source=self.source, value=value, chosen=chosen)}

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return self.narrowed(queryset, self.value(), request) if self.value() else queryset


class WordFilter(admin.SimpleListFilter):
    """A box for a word or number that is looked up exactly."""

    template = "unfold/filters/filters_field.html"
    form_class = SearchForm

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return True

    def chosen_text(self) -> str:
        return self.value() or ""

    def choices(self, changelist: Any) -> Iterator:
        label = _t("Berdasarkan %(title)s") % {"title": self.title}
        yield {"form": SearchForm(self.parameter_name, label, {self.parameter_name: self.value()})}


# --- the queue of applications --------------------------------------------------------------------------


class StatusFilter(ChoiceFilter):
    title = _("status")
    parameter_name = "status"
    options = tuple(choice for choice in ApplicationStatus.choices if choice[0] != ApplicationStatus.DRAFT)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(status=value)


class SchemeFilter(PickFilter):
    title = _("skema")
    parameter_name = "skema"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        # The few versions by key: a join would make MariaDB sort all cases of the scheme.
        versions = SchemeVersion.objects.filter(scheme__code=value).order_by()
        return queryset.filter(scheme_version_id__in=list(versions.values_list("pk", flat=True)))


class OfficerFilter(PickFilter):
    title = _("petugas")
    parameter_name = "petugas"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "saya":
            return queryset.filter(officer=request.user)
        if value == "belum":
            return queryset.filter(officer=None)
        return queryset.filter(officer_id=int(value)) if is_number(value) else queryset


class ProvinceFilter(PickFilter):
    """Where the candidate lived when the form was sent; the figures count by the same."""

    title = _("provinsi")
    parameter_name = "provinsi"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(province=None if value == NONE else value)


class StageFilter(ChoiceFilter):
    """What several statuses come to: where a case stands in one word, or how far it came."""

    title = _("tahap")
    parameter_name = "tahap"
    options = (
        *Stage.choices,
        *((reached.value, format_lazy("{} {}", _("Sampai:"), reached.label)) for reached in Reached),
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return in_stage(queryset, value)


class UnitFilter(PickFilter):
    """Of a version of a scheme that holds the unit."""

    title = _("unit kompetensi")
    parameter_name = "unit"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return with_unit(queryset, value)


class EmployerFilter(PickFilter):
    """The institution as the form that was sent names it; the recap counts by the same."""

    title = _("institusi pada formulir")
    parameter_name = "tempat-kerja"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return with_employer(queryset, value)


class CaseSexFilter(ChoiceFilter):
    """As the form that was sent says."""

    title = _("jenis kelamin")
    parameter_name = "kelamin"
    options = (*Sex.choices, (NONE, _("Tidak diisi")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(sex="" if value == NONE else value)


class AgeBandFilter(ChoiceFilter):
    title = _("usia saat mendaftar")
    parameter_name = "usia"
    options = tuple((str(band.value), band.label) for band in AgeBand)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(age_band=int(value))


class AssessorFilter(PickFilter):
    """Who was given the case."""

    title = _("asesor")
    parameter_name = "asesor"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return with_assessor(queryset, value)


class SessionFilter(PickFilter):
    """Where the case has its seat."""

    title = _("jadwal uji")
    parameter_name = "jadwal"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return in_session(queryset, value)


class CaseVenueFilter(PickFilter):
    """Where the case has its seat: the venue of that session."""

    title = _("TUK")
    parameter_name = "tuk"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return at_venue(queryset, value)


class RegencyFilter(PickFilter):
    """Where the candidate lives today (the profile, not the frozen form)."""

    title = _("kabupaten/kota")
    parameter_name = "kabupaten"

    def people(self, value: str) -> QuerySet[CandidateProfile]:
        return CandidateProfile.objects.filter(home_region_id=value)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return cases_of(queryset, self.people(value))


class InstitutionFilter(RegencyFilter):
    """By the beginning of the institution's name."""

    title = _("institusi")
    parameter_name = "institusi"

    def people(self, value: str) -> QuerySet[CandidateProfile]:
        return CandidateProfile.objects.filter(institution__istartswith=value)


class InvitedByFilter(PickFilter):
    """Cases of people whom an institution invited."""

    title = _("instansi yang mengundang")
    parameter_name = "instansi"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        invited = Invitation.objects.filter(institution_id=int(value) if is_number(value) else None)
        return cases_invited(queryset, invited)


class BatchFilter(PickFilter):
    """Cases that came of one batch of invitations."""

    title = _("rombongan undangan")
    parameter_name = "rombongan"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return cases_invited(queryset, Invitation.objects.filter(batch_id=int(value) if is_number(value) else None))


class OfInstitutionFilter(PickFilter):
    """Batches of one institution."""

    title = _("instansi")
    parameter_name = "instansi"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(institution_id=int(value)) if is_number(value) else queryset.none()


class AgeFilter(ChoiceFilter):
    """How long a case has waited for the LSP."""

    title = _("umur")
    parameter_name = "umur"
    options = (("3", _("Lewat 3 hari")), ("7", _("Lewat 7 hari")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return waiting_longer_than(queryset, int(value))


class CompletenessFilter(ChoiceFilter):
    title = _("kelengkapan")
    parameter_name = "lengkap"
    options = (("ya", _("Lengkap (100 %)")), ("belum", _("Belum lengkap")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(completeness__gte=100) if value == "ya" else queryset.filter(completeness__lt=100)


class FileFilter(ChoiceFilter):
    """Whether the file of the case holds everything that its checklist asks for by now."""

    title = _("isi berkas")
    parameter_name = "berkas"
    options = (("lengkap", _("Berkas lengkap")), ("kurang", _("Berkas belum lengkap")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return with_file(queryset, is_complete=value == "lengkap")


class OfOneLackMixin:
    """Kind and reason speak of the same missing paper: whichever filter comes first asks for both."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        kind = request.GET.get(LackFilter.parameter_name, "")
        reason = request.GET.get(LackReasonFilter.parameter_name, "")
        reason = reason if reason in dict(LackReasonFilter.options) else ""
        if not (self.value() and (kind or reason)) or getattr(request, "lacks_are_asked", False):
            return queryset
        request.lacks_are_asked = True  # type: ignore[attr-defined]
        return lacking(queryset, kind=kind, reason=reason)


class LackFilter(OfOneLackMixin, PickFilter):
    title = _("dokumen yang kurang")
    parameter_name = "kurang"
    source = "jenis-dokumen"


class LackReasonFilter(OfOneLackMixin, ChoiceFilter):
    title = _("sebab kurang")
    parameter_name = "sebab"
    options = tuple((state.value, state.label) for state in REASONS)


class SendingFilter(ChoiceFilter):
    title = _("pengiriman")
    parameter_name = "kiriman"
    options = (("pertama", _("Kiriman pertama")), ("ulang", _("Dikembalikan lalu dikirim lagi")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(sendings=1) if value == "pertama" else queryset.filter(sendings__gte=2)


class ReminderFilter(ChoiceFilter):
    """Among what lies with the candidate."""

    title = _("pengingat")
    parameter_name = "pengingat"
    options = (("belum", _("Belum diingatkan")), ("sudah", _("Sudah diingatkan")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(status=ApplicationStatus.RETURNED, reminded_at__isnull=value == "belum")


class NikFilter(admin.SimpleListFilter):
    """One person by NIK. The address holds a signed token of the look-up hash, never the number itself."""

    title = _("NIK")
    parameter_name = "nik"
    template = "backoffice/filter_hidden.html"
    path = "candidate__nik_hash"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ()

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> list:
        return []

    def chosen_text(self) -> str:
        return _t("yang Anda cari") if self.value() else ""

    def digest(self, request: HttpRequest) -> str:
        """The look-up hash, one that nobody has for those who may not open a candidate's profile."""
        if not request.user.has_perm("core.view_candidateprofile"):
            return ""
        try:
            return signing.loads(self.value(), salt=NIK_SALT, max_age=timedelta(hours=12))
        except signing.BadSignature as error:
            raise IncorrectLookupParameters from error

    def people(self, request: HttpRequest) -> QuerySet[CandidateProfile]:
        return CandidateProfile.objects.filter(nik_hash=self.digest(request))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return cases_of(queryset, self.people(request)) if self.value() else queryset


NIK_SALT = "backoffice.nik"


def nik_token(number: str) -> str:
    """What stands in the address instead of the NIK; of no use outside this system nor after half a day."""
    return signing.dumps(nik_hash(number), salt=NIK_SALT)


# --- candidates -----------------------------------------------------------------------------------------


class ProfileNikFilter(NikFilter):
    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=self.people(request)) if self.value() else queryset


class ProfileProvinceFilter(ProvinceFilter):
    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        regions = Region.objects.filter(province=value).order_by().values_list("pk", flat=True)
        return queryset.filter(home_region_id__in=[value, *regions])


class ProfileRegencyFilter(RegencyFilter):
    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(home_region_id=value)


class ProfileInstitutionFilter(InstitutionFilter):
    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(institution__istartswith=value)


class SexFilter(ChoiceFilter):
    title = _("jenis kelamin")
    parameter_name = "kelamin"
    options = tuple(Sex.choices)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(sex=value)


class HasApplicationFilter(ChoiceFilter):
    title = _("permohonan")
    parameter_name = "permohonan"
    options = (("ada", _("Pernah mengirim permohonan")), ("belum", _("Belum mengirim permohonan")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        sent = found_in(Application.objects.filter(candidate=OuterRef("pk"), number__isnull=False))
        return queryset.alias(sent=sent).filter(sent__isnull=value == "belum")


# --- questions and complaints -----------------------------------------------------------------------------


class TicketStateFilter(ChoiceFilter):
    title = _("keadaan")
    parameter_name = "keadaan"
    options = (
        (TicketStatus.OPEN.value, _("Menunggu jawaban LSP")),
        ("lewat", _("Lewat batas jawaban")),
        (TicketStatus.ANSWERED.value, _("Dijawab")),
        (TicketStatus.CLOSED.value, _("Selesai")),
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "lewat":
            return queryset.filter(status=TicketStatus.OPEN, due_on__lt=timezone.localdate())
        return queryset.filter(status=value)


class TopicFilter(ChoiceFilter):
    title = _("topik")
    parameter_name = "topik"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        topics = CodeListEntry.objects.filter(code_list__code__in=TOPIC_LISTS.values()).order_by(
            "code_list", "position"
        )
        return [(str(pk), title) for pk, title in topics.values_list("pk", "title")]

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(topic_id=int(value))


class TicketAgeFilter(ChoiceFilter):
    title = _("umur")
    parameter_name = "umur"
    options = (
        ("1", _("Menunggu lebih dari 1 hari")),
        ("3", _("Menunggu lebih dari 3 hari")),
        ("7", _("Menunggu lebih dari 7 hari")),
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        before = timezone.now() - timedelta(days=int(value))
        return queryset.filter(status=TicketStatus.OPEN, waiting_since__lt=before)


class AssigneeFilter(PickFilter):
    title = _("petugas")
    parameter_name = "petugas"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "saya":
            return queryset.filter(assignee=request.user)
        if value == "belum":
            return queryset.filter(assignee=None)
        return queryset.filter(assignee_id=int(value)) if is_number(value) else queryset


# --- certificates ---------------------------------------------------------------------------------------


class CertificateStateFilter(ChoiceFilter):
    """As `standing.status_now` calls it today."""

    title = _("keadaan")
    parameter_name = "keadaan"
    options = (*CertificateState.choices, (IN_USE, _("Berlaku atau segera berakhir")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == IN_USE:
            return queryset.filter(holding(timezone.localdate()))
        return in_state(queryset, value)


class PastCertificateStateFilter(CertificateStateFilter):
    """Nothing of the paper years was replaced by this system."""

    options = tuple(option for option in CertificateStateFilter.options if option[0] != CertificateState.REPLACED)


class PastHolderFilter(ChoiceFilter):
    title = _("akun pemegang")
    parameter_name = "akun"
    options = (("tertaut", _("Tertaut")), ("belum", _("Belum tertaut")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(holder__isnull=value == "belum")


class PastCertificateNikFilter(NikFilter):
    """By the NIK that the old register had; nobody needs an account for that."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(nik_hash=self.digest(request)) if self.value() else queryset


class SurveillanceSchemeFilter(PickFilter):
    """The scheme of the certificate that a row belongs to."""

    title = _("skema")
    parameter_name = "skema"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        schemes = list(Scheme.objects.filter(code=value).values_list("pk", flat=True))
        of_scheme = found_in(Certificate.objects.filter(pk=OuterRef("certificate_id"), scheme_id__in=schemes))
        return queryset.alias(is_of_scheme=of_scheme).filter(is_of_scheme=1)


class SurveillanceFilter(ChoiceFilter):
    """What is to be done, or what came of it."""

    title = _("keadaan")
    parameter_name = "keadaan"
    #: Those without an outcome.
    OPEN = frozenset({"perlu", "terlambat", "direncanakan"})
    options = (
        ("perlu", _("Jatuh tempo atau terlambat")),
        ("terlambat", _("Terlambat")),
        ("direncanakan", _("Direncanakan")),
        *SurveillanceOutcome.choices,
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        today = timezone.localdate()
        due = today + timedelta(days=SURVEILLANCE_NOTICE_DAYS)
        if value in self.OPEN:
            bounds = {
                "perlu": {"due_on__lte": due},
                "terlambat": {"due_on__lt": today},
                "direncanakan": {"due_on__gt": due},
            }
            return queryset.filter(outcome="", **bounds[value])
        return queryset.filter(outcome=value)


# --- documents ------------------------------------------------------------------------------------------


class DocumentTypeFilter(PickFilter):
    title = _("jenis dokumen")
    parameter_name = "jenis"
    source = "jenis-dokumen"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(document_type__in=_keys(queryset.model, "document_type", code=value))


def _keys(model: Any, field: str, **wanted: Any) -> list:
    """Keys of the few related rows that are meant, so that no join is planned."""
    related = model._meta.get_field(field).remote_field.model
    return list(related.objects.filter(**wanted).order_by().values_list("pk", flat=True))


class OwnerFilter(PickFilter):
    title = _("pemilik")
    parameter_name = "pemilik"
    source = "orang"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(owner_id=int(value)) if is_number(value) else queryset.none()


class OfCaseMixin:
    """Number, scheme and status speak of the same case: whichever filter comes first asks for all of them."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value() or getattr(request, "cases_are_asked", False):
            return queryset
        request.cases_are_asked = True  # type: ignore[attr-defined]
        cases = applications_for(request.user)
        if number := request.GET.get(CaseFilter.parameter_name, "").strip():
            cases = cases.filter(number=number)
        if scheme := request.GET.get(DocumentSchemeFilter.parameter_name):
            versions = SchemeVersion.objects.filter(scheme__code=scheme).order_by()
            cases = cases.filter(scheme_version_id__in=list(versions.values_list("pk", flat=True)))
        status = request.GET.get(DocumentCaseStatusFilter.parameter_name)
        if status in dict(StatusFilter.options):
            cases = cases.filter(status=status)
        return of_cases(queryset, cases)


class CaseFilter(OfCaseMixin, WordFilter):
    """Papers in the file of one case."""

    title = _("nomor permohonan")
    parameter_name = "nomor"


class DocumentSchemeFilter(OfCaseMixin, PickFilter):
    title = _("skema")
    parameter_name = "skema"


class DocumentCaseStatusFilter(OfCaseMixin, ChoiceFilter):
    title = _("status permohonan")
    parameter_name = "status"
    options = StatusFilter.options


class UploaderFilter(PickFilter):
    """Who brought it in: the candidate, the LSP, the system, or one colleague."""

    title = _("pengunggah")
    parameter_name = "pengunggah"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "asesi":
            return queryset.filter(uploaded_by=F("owner"))
        if value == "sistem":
            return queryset.filter(uploaded_by=None)
        if value == "lsp":
            staff = staff_users(also_inactive=True).order_by().values_list("pk", flat=True)
            return queryset.filter(uploaded_by__in=list(staff))
        return queryset.filter(uploaded_by_id=int(value)) if is_number(value) else queryset.none()


class DocumentStateFilter(ChoiceFilter):
    title = _("keadaan berkas")
    parameter_name = "keadaan"
    options = (*DocumentState.choices, ("tersimpan", _("Tersimpan (dapat dibuka atau menunggu)")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(state__in=KEPT_STATES) if value == "tersimpan" else queryset.filter(state=value)


class FiledFilter(ChoiceFilter):
    """Whether a case that was sent has it in its file."""

    title = _("berkas permohonan")
    parameter_name = "berkas"
    options = (("tanpa", _("Tidak ada di berkas mana pun")),)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return in_no_case(queryset)


class TextFilter(ChoiceFilter):
    """Where the text that the search looks through came from."""

    title = _("teks")
    parameter_name = "teks"
    options = tuple(TextSource.choices)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(text__source=value)


class DocumentNikFilter(NikFilter):
    """The papers of one person."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(owner_id__in=list(self.people(request).values_list("user_id", flat=True)))


# --- people who log in ------------------------------------------------------------------------------------


class RoleFilter(ChoiceFilter):
    title = _("peran")
    parameter_name = "peran"
    options = (("staf", _("Semua staf")), *ROLE_LABELS.items())

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        officers = list(InstitutionOfficer.objects.values_list("user_id", flat=True))
        if value == "instansi":
            return queryset.filter(pk__in=officers)
        if value == "asesi":  # nearly everybody: no list of keys but that of the few others
            return queryset.filter(is_staff=False).exclude(pk__in=officers)
        staff = staff_users(also_inactive=True)
        staff = staff if value == "staf" else staff.filter(groups__name=value)
        return queryset.filter(pk__in=list(staff.order_by().values_list("pk", flat=True)))


class ActiveFilter(ChoiceFilter):
    title = _("keadaan akun")
    parameter_name = "aktif"
    options = (("ya", _("Aktif")), ("tidak", _("Tidak aktif")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(is_active=value == "ya")


class ConfirmedFilter(ChoiceFilter):
    title = _("konfirmasi e-mail")
    parameter_name = "konfirmasi"
    options = (
        ("sudah", _("Sudah dikonfirmasi")),
        ("belum", _("Belum dikonfirmasi")),
        ("belum-staf", _("Belum, diundang ke ruang kerja")),
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "belum-staf":
            return queryset.filter(email_confirmed_at=None, is_staff=True, is_active=True)
        return queryset.filter(email_confirmed_at__isnull=value == "belum")


class LastLoginFilter(ChoiceFilter):
    title = _("masuk terakhir")
    parameter_name = "masuk"
    options = (
        ("minggu", _("Dalam 7 hari")),
        ("bulan", _("Dalam 30 hari")),
        ("lama", _("Lebih dari 90 hari lalu")),
        ("belum", _("Belum pernah")),
    )

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "belum":
            return queryset.filter(last_login=None)
        days = {"minggu": 7, "bulan": 30, "lama": 90}[value]
        moment = timezone.now() - timedelta(days=days)
        return queryset.filter(last_login__lt=moment) if value == "lama" else queryset.filter(last_login__gte=moment)


# --- letters ----------------------------------------------------------------------------------------------


class OutboxStatusFilter(ChoicesDropdownFilter):
    all_option = ["", _("Semua")]


class TemplateFilter(ChoiceFilter):
    title = _("templat")
    parameter_name = "templat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(MessageTemplate.objects.values_list("key", "title"))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(template_key=value)


# --- certificates -----------------------------------------------------------------------------------------


class CertificateSchemeFilter(SchemeFilter):
    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        schemes = Scheme.objects.filter(code=value).order_by()
        return queryset.filter(scheme_id__in=list(schemes.values_list("pk", flat=True)))


class HolderNikFilter(NikFilter):
    """The certificates of one person."""

    path = "holder_id__in"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(**{self.path: list(self.people(request).values_list("user_id", flat=True))})


class SurveillanceNikFilter(HolderNikFilter):
    path = "certificate__holder_id__in"


class BlankFilter(ChoiceFilter):
    title = _("nomor blanko")
    parameter_name = "blanko"
    options = (("belum", _("Belum dicatat")), ("sudah", _("Sudah dicatat")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "sudah":
            return queryset.filter(blank_number__isnull=False)
        return queryset.filter(blank_number=None, in_force=True)


# --- days -------------------------------------------------------------------------------------------------


def _day(text: str | None) -> date | None:
    """A day as the calendar of the form writes it here (24-11-2026); Unfold itself reads only American dates."""
    try:
        day = DateField(required=False).clean(text)
    except ValidationError:
        return None
    # A day at the very edge of the calendar has no beginning in another time zone.
    return day if day and 1900 <= day.year < 9999 else None


class DayRangeFilter(RangeDateFilter):
    """From day to day, both included, by the office's clock; the stored moments stay comparable by index."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        bounds = {}
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_from")):
            bounds[f"{self.parameter_name}__gte"] = self.beginning(day)
        if day := _day(self.used_parameters.get(f"{self.parameter_name}_to")):
            bounds[f"{self.parameter_name}__lt"] = self.beginning(day + timedelta(days=1))
        return queryset.filter(**bounds)

    def beginning(self, day: date) -> Any:
        return beginning_of(day)

    def chosen_text(self) -> str:
        first, last = (_day(self.used_parameters.get(f"{self.parameter_name}_{end}")) for end in ("from", "to"))
        if first and last:
            return date_format(first, "j M Y") if first == last else f"{first:%d-%m-%Y} – {last:%d-%m-%Y}"
        if first:
            return _t("sejak %(day)s") % {"day": date_format(first, "j M Y")}
        return _t("sampai %(day)s") % {"day": date_format(last, "j M Y")} if last else ""


class UploadDaysFilter(DayRangeFilter):
    """Names the first and the last document of these days as well: a list that is read from the newest key down then
    begins at the one and ends at the other, instead of going through all that came later."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = super().queryset(request, queryset)
        if not _day(self.used_parameters.get(f"{self.parameter_name}_to")):
            return found
        days = super().queryset(request, queryset.model.objects.order_by())
        first, last = days.aggregate(first=Min("pk"), last=Max("pk")).values()
        return found.filter(pk__gte=first, pk__lte=last) if last else found.none()


class DateRangeFilter(DayRangeFilter):
    """The same for a column that holds a day."""

    def beginning(self, day: date) -> date:
        return day


# --- deleted records ----------------------------------------------------------------------------------


class DeletedKindFilter(DropdownFilter):
    """Of which kind a deleted record was."""

    title = _("jenis data")
    parameter_name = "jenis"
    all_option = ["", _("Semua")]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        kinds = [
            model._meta for model in versioned_records() if request.user.has_perm(f"core.view_{model._meta.model_name}")
        ]
        return sorted((opts.model_name, capfirst(str(opts.verbose_name))) for opts in kinds)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(model=self.value()) if self.value() else queryset


# --- sessions -------------------------------------------------------------------------------------------


class SessionSchemeFilter(PickFilter):
    title = _("skema")
    parameter_name = "skema"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(scheme_id__in=list(Scheme.objects.filter(code=value).values_list("pk", flat=True)))


class VenueFilter(PickFilter):
    title = _("TUK")
    parameter_name = "tuk"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(venue_id__in=list(Venue.objects.filter(code=value).values_list("pk", flat=True)))


class MonthFilter(ChoiceFilter):
    """The month in which a session begins: the half year before, and the one to come."""

    title = _("bulan")
    parameter_name = "bulan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        this = timezone.localdate().replace(day=1)
        months = [month_before(this, back) for back in range(-6, 7)]
        return tuple((f"{month:%Y-%m}", date_format(month, "F Y")) for month in months)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        first = date.fromisoformat(f"{value}-01")
        start, end = month_bounds(first)
        return queryset.filter(starts_at__gte=start, starts_at__lt=end)
