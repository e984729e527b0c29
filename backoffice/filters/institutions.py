"""Batches of invitations."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.filters.base import PickFilter
from core.common.text import is_number


class OfInstitutionFilter(PickFilter):
    """Batches of one institution."""

    title = _("instansi")
    parameter_name = "instansi"

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(institution_id=int(value)) if is_number(value) else queryset.none()
