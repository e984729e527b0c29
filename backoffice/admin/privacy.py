"""Retention and privacy: destructions, holds, and what people asked about their own data."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin, found_people
from backoffice.displays import hold_kind
from backoffice.filters import ChoiceFilter, DayRangeFilter
from backoffice.resources.privacy import DestructionBatchResource, LegalHoldResource, PrivacyRequestResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import destruction, privacy
from core.privacy.enums import OPEN_REQUESTS, BatchStatus, RequestStatus
from core.privacy.models import DestructionBatch, LegalHold, PrivacyRequest
from core.privacy.queries import batches_to_approve, with_figures


class SecondPersonFilter(ChoiceFilter):
    """What this person may decide on: proposed by somebody else, or by the system."""

    title = _("menunggu")
    parameter_name = "menunggu"
    options = (("saya", _("Menunggu keputusan saya")),)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(pk__in=batches_to_approve(request.user).order_by().values("pk"))


class DestructionBatchAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Proposals and berita acara pemusnahan, the latest first, with what is to be done next."""

    resource_class = DestructionBatchResource
    empty_hint = _("Usulan disusun pada tab “Jatuh tempo”, oleh petugas atau setiap bulan dengan sendirinya.")
    list_display = ("name_column", "status_column", "papers_column", "proposer_column", "next_column", "proposed_at")
    list_display_links = ("name_column",)
    list_filter = (SecondPersonFilter, ("status", ChoicesDropdownFilter), ("proposed_at", DayRangeFilter))
    search_fields = ("^number",)
    search_help_text = _("Cari nomor berita acara")
    sortable_by = ()
    list_before_template = "backoffice/privacy/list_top.html"

    @display(description=_("Berita acara"))
    def name_column(self, obj: DestructionBatch) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj)

    @display(description=_("Status"), label=destruction.BATCH_TONES)
    def status_column(self, obj: DestructionBatch) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Dokumen"))
    def papers_column(self, obj: DestructionBatch) -> str:
        return _t("%(count)d (%(size)s)") % {"count": obj.papers, "size": filesizeformat(obj.bytes or 0)}

    @display(description=_("Diusulkan oleh"))
    def proposer_column(self, obj: DestructionBatch) -> str:
        return obj.proposed_by.full_name if obj.proposed_by else _t("Sistem")

    @display(description=_("Berikutnya"))
    def next_column(self, obj: DestructionBatch) -> str:
        if obj.status == BatchStatus.PROPOSED:
            is_own = obj.proposed_by_id == obj.viewer.pk
            return _t("Menunggu orang lain") if is_own else _t("Periksa dan setujui")
        if obj.status == BatchStatus.APPROVED:
            return _t("Lanjutkan pemusnahan")
        return "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[DestructionBatch]:
        found = with_figures(super().get_queryset(request).defer("content"))
        return found.prefetch_related("proposed_by")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tabs = destruction.tabs(request, "batches")
        return super().changelist_view(request, {"privacy_tabs": tabs, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return destruction.batch_view(request, pk=object_id, admin=self)

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_destructionbatch_{name}")

        return [
            address("jatuh-tempo/", "due", destruction.due_view),
            address("<int:pk>/dokumen/", "items", destruction.items_view),
            address("<int:pk>/tindakan/<slug:act>/", "act", destruction.batch_act_view),
            address("<int:pk>/berita-acara/", "minutes", destruction.minutes_view),
            *super().get_urls(),
        ]


class HoldFilter(ChoiceFilter):
    title = _("keadaan")
    parameter_name = "keadaan"
    options = (("berlaku", _("Berlaku")), ("dilepas", _("Sudah dilepas")))

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(lifted_at__isnull=value == "berlaku")


class LegalHoldAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """What must not be destroyed for now, and why."""

    resource_class = LegalHoldResource
    empty_hint = _("Berkas yang ditahan tidak dimusnahkan walaupun masa simpannya lewat.")
    list_display = ("what_column", "kind_column", "state_column", "reason_column", "placer_column", "placed_at")
    list_display_links = ("what_column",)
    list_filter = (HoldFilter, ("placed_at", DayRangeFilter))
    sortable_by = ()
    list_before_template = "backoffice/privacy/list_top.html"

    @display(description=_("Yang ditahan"))
    def what_column(self, obj: LegalHold) -> str:
        return str(obj)

    @display(description=_("Jenis"))
    def kind_column(self, obj: LegalHold) -> str:
        return hold_kind(obj)

    @display(description=_("Keadaan"), label={True: "warning", False: ""})
    def state_column(self, obj: LegalHold) -> tuple[bool, str]:
        return obj.is_in_force, _t("Berlaku") if obj.is_in_force else _t("Dilepas")

    @display(description=_("Alasan"))
    def reason_column(self, obj: LegalHold) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.reason)

    @display(description=_("Ditahan oleh"))
    def placer_column(self, obj: LegalHold) -> str:
        return obj.placed_by.full_name

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        return super().get_queryset(request).prefetch_related("application", "person", "document", "placed_by")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tabs = destruction.tabs(request, "holds")
        return super().changelist_view(request, {"privacy_tabs": tabs, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("core.change_legalhold")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return destruction.place_hold_view(request, admin=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return destruction.hold_view(request, pk=object_id, admin=self)


class WaitingFilter(ChoiceFilter):
    """What waits for the LSP, or what is over."""

    title = _("antrean")
    parameter_name = "keadaan"
    options = (("terbuka", _("Belum dijawab")), *RequestStatus.choices)

    def narrowed(self, queryset: QuerySet, value: str, request: HttpRequest) -> QuerySet:
        return queryset.filter(status__in=OPEN_REQUESTS if value == "terbuka" else [value])


class PrivacyRequestAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """What people asked about their own data; opens with what waits, the nearest deadline first."""

    resource_class = PrivacyRequestResource
    empty_hint = _("Pemilik data mengajukannya dari portal. Yang datang lewat surat atau loket dicatat petugas.")
    list_display = ("number", "person_column", "kind", "status_column", "deadline_column", "handler_column")
    list_display_links = ("number",)
    list_filter = (WaitingFilter, ("kind", ChoicesDropdownFilter), ("received_at", DayRangeFilter))
    search_fields = ("^number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nomor atau nama pemilik data")
    sortable_by = ()

    @display(description=_("Pemilik data"))
    def person_column(self, obj: PrivacyRequest) -> str:
        return obj.person.full_name

    @display(description=_("Status"), label=privacy.REQUEST_TONES)
    def status_column(self, obj: PrivacyRequest) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Batas waktu"), label={"danger": "danger", "warning": "warning", "info": "info"})
    def deadline_column(self, obj: PrivacyRequest) -> tuple[str, str] | str:
        return privacy.deadline(obj) if obj.is_open else "–"

    @display(description=_("Petugas"))
    def handler_column(self, obj: PrivacyRequest) -> str:
        return obj.handler.full_name if obj.handler else _t("Belum ada")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PrivacyRequest]:
        return super().get_queryset(request).defer("words", "answer").prefetch_related("person", "handler")

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("due_at", "pk") if request.GET.get("keadaan") == "terbuka" else super().get_ordering(request)

    ordering = ("-pk",)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        if any(c.isdigit() for c in words):
            return queryset.filter(number__istartswith=words), False
        return queryset.filter(person_id__in=found_people(request, words)), False

    def leads_elsewhere(self, request: HttpRequest) -> str:
        is_bare = request.method == "GET" and not request.GET and self.has_view_permission(request)
        return super().leads_elsewhere(request) or (self.list_url("keadaan=terbuka") if is_bare else "")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("core.answer_privacyrequest")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return privacy.record_view(request, admin=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return privacy.request_view(request, pk=object_id, admin=self)

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_privacyrequest_{name}")

        return [
            address("<int:pk>/tindakan/<slug:act>/", "act", privacy.request_act_view),
            address("<int:pk>/catatan/", "note", privacy.note_view),
            address("<int:pk>/hapus-data/", "erase", privacy.erase_view),
            address("<int:pk>/salinan/", "export", privacy.export_view),
            *super().get_urls(),
        ]
