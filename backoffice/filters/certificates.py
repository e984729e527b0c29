"""Both registers of certificates, and surveillance."""

from datetime import timedelta

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.filters.applications import SchemeFilter
from backoffice.filters.base import ChoiceFilter, PickFilter
from backoffice.filters.nik import NikFilter
from core.certificates.aftercare_queries import in_state
from core.certificates.aftercare_rules import SURVEILLANCE_NOTICE_DAYS
from core.certificates.enums import CertificateState, SurveillanceOutcome
from core.certificates.models import Certificate
from core.certificates.register import holding
from core.common.lookups import found_in
from core.reports.certification_recap import IN_USE
from core.schemes.models import Scheme


class CertificateStateFilter(ChoiceFilter):
    """As `standing.status_now` calls it today."""

    title = _("keadaan")
    parameter_name = "keadaan"
    options = (*CertificateState.choices, (IN_USE, _("Berlaku atau segera berakhir")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == IN_USE:
            return queryset.filter(holding(timezone.localdate()))
        return in_state(queryset, value)


class CertificateSchemeFilter(SchemeFilter):
    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        schemes = Scheme.objects.filter(code=value).order_by()
        return queryset.filter(scheme_id__in=list(schemes.values_list("pk", flat=True)))


class BlankFilter(ChoiceFilter):
    title = _("nomor blanko")
    parameter_name = "blanko"
    options = (("belum", _("Belum dicatat")), ("sudah", _("Sudah dicatat")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        if value == "sudah":
            return queryset.filter(blank_number__isnull=False)
        return queryset.filter(blank_number=None, in_force=True)


class HolderNikFilter(NikFilter):
    """The certificates of one person."""

    path = "holder_id__in"

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(**{self.path: list(self.people(request).values_list("user_id", flat=True))})


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


class SurveillanceSchemeFilter(PickFilter):
    """The scheme of the certificate that a row belongs to."""

    title = _("skema")
    parameter_name = "skema"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        schemes = list(Scheme.objects.filter(code=value).values_list("pk", flat=True))
        of_scheme = found_in(Certificate.objects.filter(pk=OuterRef("certificate_id"), scheme_id__in=schemes))
        return queryset.alias(is_of_scheme=of_scheme).filter(is_of_scheme=1)


class SurveillanceNikFilter(HolderNikFilter):
    path = "certificate__holder_id__in"
