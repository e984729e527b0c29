"""Questions and complaints."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.filters.base import ChoiceFilter, PickFilter
from core.codelists.models import CodeListEntry
from core.common.text import is_number
from core.inquiries.enums import TOPIC_LISTS, TicketStatus


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
