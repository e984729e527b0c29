"""Deleted records."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from core.activity.versioning import versioned_records


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
