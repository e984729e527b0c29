"""The queue of applications."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.filters.base import ChoiceFilter, PickFilter
from core.accounts.enums import Sex
from core.accounts.models import CandidateProfile
from core.applications.enums import AgeBand, ApplicationStatus, Reached, Stage
from core.applications.queries import cases_of, waiting_longer_than
from core.common.text import is_number
from core.institutions.models import Invitation
from core.institutions.queries import cases_invited
from core.reports.certification_recap import (
    NONE,
    at_venue,
    in_session,
    in_stage,
    with_assessor,
    with_employer,
    with_unit,
)
from core.reports.document_recap import REASONS, lacking, with_file
from core.schemes.models import SchemeVersion


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
