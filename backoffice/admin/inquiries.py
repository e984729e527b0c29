"""Questions and complaints from the portal, and the answers that are given often."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin
from backoffice.displays import TICKET_TONES, age_since
from backoffice.filters import AssigneeFilter, DayRangeFilter, TicketAgeFilter, TicketStateFilter, TopicFilter
from backoffice.resources.inquiries import TicketResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import tickets as views
from core.common.text import HIDDEN
from core.inquiries.models import AnswerTemplate, Ticket
from core.inquiries.queries import tickets_for
from core.inquiries.rules import may_see_sender


class TicketAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Opens with what waits for an answer, the longest first. Overseers see complaints, without the sender."""

    resource_class = TicketResource
    empty_hint = _("Pesan datang dari formulir kontak dan pengaduan di portal.")
    list_display = (
        "number_column",
        "sender_column",
        "kind_column",
        "topic",
        "status_column",
        "waiting_column",
        "due_column",
        "assignee_column",
    )
    list_display_links = ("number_column",)
    list_filter = (
        TicketStateFilter,
        ("kind", ChoicesDropdownFilter),
        TopicFilter,
        TicketAgeFilter,
        AssigneeFilter,
        ("created_at", DayRangeFilter),
    )
    search_fields = ("^number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nomor, nama, atau e-mail pengirim")
    sortable_by = ()
    ordering = ("-pk",)

    @display(description=_("Nomor"))
    def number_column(self, obj: Ticket) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.number)

    @display(description=_("Pengirim"))
    def sender_column(self, obj: Ticket) -> str:
        return obj.name if may_see_sender(obj.viewer) else HIDDEN

    @display(description=_("Jenis"), label={"pengaduan": "danger", "pertanyaan": ""})
    def kind_column(self, obj: Ticket) -> tuple[str, str]:
        return obj.kind, obj.get_kind_display()

    @display(description=_("Status"), label=TICKET_TONES)
    def status_column(self, obj: Ticket) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Menunggu"))
    def waiting_column(self, obj: Ticket) -> SafeString | str:
        if obj.waiting_since is None:
            return "–"
        age = age_since(obj.waiting_since)
        return format_html('<span class="bo-age" data-tone="{}">{}</span>', age.tone, age.text)

    @display(description=_("Batas"), label={"danger": "danger", "warning": "warning", "info": "info"})
    def due_column(self, obj: Ticket) -> tuple[str, str] | str:
        return views.deadline(obj) if obj.due_on else "–"

    @display(description=_("Petugas"))
    def assignee_column(self, obj: Ticket) -> str:
        return obj.assignee.full_name if obj.assignee else _t("Belum ada")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        return tickets_for(request.user).order_by("-pk").prefetch_related("topic", "assignee")

    def get_ordering(self, request: HttpRequest) -> Any:
        if request.GET.get("keadaan") in ("terbuka", "lewat"):
            return ("waiting_since", "pk")
        return super().get_ordering(request)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        if any(c.isdigit() for c in words) and "@" not in words:
            return queryset.filter(number__istartswith=words), False
        if not may_see_sender(request.user):
            return queryset.none(), False
        where = {"email__istartswith": words} if "@" in words else {"name__icontains": words}
        return queryset.filter(**where), False

    def leads_elsewhere(self, request: HttpRequest) -> str:
        is_bare = request.method == "GET" and not request.GET and may_see_sender(request.user)
        return super().leads_elsewhere(request) or (self.list_url("keadaan=terbuka") if is_bare else "")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return views.ticket_view(request, pk=object_id, admin=self)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refused, not led home, for those who see no ticket at all."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_ticket_{name}")

        return [
            address("<int:pk>/jawab/", "answer", views.answer_view),
            address("<int:pk>/tindakan/<slug:act>/", "act", views.act_view),
            *super().get_urls(),
        ]


class AnswerTemplateAdmin(VersionedAdmin):
    """What is offered above an empty answer, put in order by dragging."""

    list_display = ("title", "start_column", "is_active", "changed_column")
    search_fields = ("title", "body")
    ordering = ("position", "pk")
    ordering_field = "position"
    hide_ordering_field = True
    fields = ("title", "body", "is_active")
    text_rows = 10

    @display(description=_("Isi"))
    def start_column(self, obj: AnswerTemplate) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.body)

    @display(description=_("Diubah"))
    def changed_column(self, obj: AnswerTemplate) -> str:
        return date_format(timezone.localtime(obj.updated_at), "j M Y")
