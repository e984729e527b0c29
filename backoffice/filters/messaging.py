"""Letters."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter

from backoffice.filters.base import ChoiceFilter
from core.messaging.models import MessageTemplate


class OutboxStatusFilter(ChoicesDropdownFilter):
    all_option = ["", _("Semua")]


class TemplateFilter(ChoiceFilter):
    title = _("templat")
    parameter_name = "templat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return list(MessageTemplate.objects.values_list("key", "title"))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(template_key=value)
