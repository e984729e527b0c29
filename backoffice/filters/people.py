"""Candidates, and everybody who logs in."""

from datetime import timedelta

from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.filters.applications import InstitutionFilter, ProvinceFilter, RegencyFilter
from backoffice.filters.base import ChoiceFilter
from backoffice.filters.nik import NikFilter
from core.accounts.enums import Sex
from core.accounts.queries import staff_users
from core.accounts.roles import ROLE_LABELS
from core.applications.models import Application
from core.codelists.models import Region
from core.common.lookups import found_in
from core.institutions.models import InstitutionOfficer


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


class AssessorActiveFilter(ActiveFilter):
    """The same of an assessor's account."""

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(user__is_active=value == "ya")


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
