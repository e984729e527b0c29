"""The repository."""

from typing import Any

from django.db.models import F, Max, Min, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.filters.applications import StatusFilter
from backoffice.filters.base import ChoiceFilter, PickFilter, WordFilter
from backoffice.filters.days import DayRangeFilter, _day
from backoffice.filters.nik import NikFilter
from core.accounts.queries import staff_users
from core.applications.queries import applications_for
from core.common.text import is_number
from core.documents.models import KEPT_STATES, DocumentState, TextSource
from core.reports.document_recap import in_no_case
from core.reports.document_search import of_cases
from core.schemes.models import SchemeVersion


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
