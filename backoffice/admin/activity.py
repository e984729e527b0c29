"""The activity log, read by those who may and changed by nobody; and what was deleted."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.filters import DayRangeFilter
from backoffice.log_filters import ActFilter, ActorFilter, KindFilter, RowFilter
from backoffice.timeline import link_records, parts, shows_names
from core.accounts.models import User
from core.accounts.queries import people_beginning_with
from core.activity import exports
from core.activity.labels import act, kind_name
from core.activity.models import ActivityEntry
from core.activity.queries import entries_for, last_check
from core.activity.services import record_activity

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LogChangeList(ChangeList):
    """The rows of the page know where their record is, and whether the reader may see names."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.model_admin.prepare(request, self.result_list)


class ActivityEntryAdmin(ReadOnlyMixin, LongListAdmin):
    """Who did what, to which record, when, from where, in sentences."""

    list_display = ("moment_column", "sentence_column", "ip_address")
    list_display_links = ("moment_column",)
    list_filter = (ActFilter, ActorFilter, KindFilter, ("at", DayRangeFilter), RowFilter)
    list_before_template = "backoffice/log_top.html"
    search_fields = ("subject_label",)
    search_help_text = _("Nomor lengkap, mis. APL-2026-000012")
    sortable_by = ()
    readonly_fields = (
        "moment_column",
        "sentence_column",
        "kind_column",
        "act_column",
        "ip_address",
        "data_column",
        "seal_column",
    )
    shows_timeline = False

    @display(description=_("Waktu"))
    def moment_column(self, obj: ActivityEntry) -> SafeString:
        moment = timezone.localtime(obj.at)
        return format_html(
            '<span class="bo-moment">{} <span class="bo-clock">{}</span></span>',
            date_format(moment, "j M Y"),
            date_format(moment, "H.i.s"),
        )

    @display(description=_("Kejadian"))
    def sentence_column(self, obj: ActivityEntry) -> SafeString:
        who, did, about, fields = parts(obj, names=obj.shows_names)
        record = format_html('<a class="bo-link" href="{}">{}</a>', obj.link, about) if obj.link and about else about
        return format_html(
            '<span class="bo-act"><strong>{}</strong> {} {} <span class="bo-muted">{}</span></span>',
            who,
            did,
            record,
            fields,
        )

    @display(description=_("Tindakan"))
    def act_column(self, obj: ActivityEntry) -> str:
        """In the words of the filter; the code itself stands in the export."""
        words = act(obj)
        return words[:1].upper() + words[1:]

    @display(description=_("Jenis objek"))
    def kind_column(self, obj: ActivityEntry) -> str:
        return kind_name(obj.subject_type) or "–"

    @display(description=_("Rincian"))
    def data_column(self, obj: ActivityEntry) -> str:
        return json.dumps(obj.data, ensure_ascii=False) if obj.data else "–"

    @display(description=_("Segel"))
    def seal_column(self, obj: ActivityEntry) -> str:
        """Its place in the chain (core/activity/sealing.py)."""
        seal = getattr(obj, "seal", None)
        return _t("nomor %(n)d") % {"n": seal.sequence} if seal else _t("belum disegel")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActivityEntry]:
        return entries_for(request.user).prefetch_related("actor" if shows_names(request) else "actor__groups")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> ActivityEntry | None:
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            self.prepare(request, [entry])
        return entry

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refused before the entry is looked for: whoever may not read the log learns nothing of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def prepare(self, request: HttpRequest, entries: Any) -> None:
        link_records(request, entries)
        for entry in entries:
            entry.shows_names = shows_names(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LogChangeList

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(name for name in self.list_display if name != "ip_address" or _sees_addresses(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return tuple(name for name in self.readonly_fields if name != "ip_address" or _sees_addresses(request))

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By the whole number, along the index; half a number would match a million rows."""
        words = search_term.strip()
        return (queryset.filter(subject_label__in={words, words.upper()}) if words else queryset), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        query = request.GET.copy()
        for name in ("p", "tampilan"):
            query.pop(name, None)
        context = {
            "quick_chips": _quick_chips(request),
            "row_filter": self._row_filter(request),
            "last_check": last_check(),
            "exports": [
                (label, f"{reverse('admin:core_activityentry_export', args=[kind])}?{query.urlencode()}")
                for kind, label in (("csv", "CSV"), ("xlsx", "XLSX"))
            ]
            if request.user.has_perm("core.export_activityentry")
            else [],
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def _row_filter(self, request: HttpRequest) -> dict[str, str] | None:
        """What the list is narrowed to by a timeline, and the way back to all."""
        kind, _separator, key = request.GET.get("objek", "").partition("-")
        if not key:
            return None
        label = (
            self.get_queryset(request)
            .filter(subject_type=kind, subject_id=key)
            .values_list("subject_label", flat=True)
            .first()
        )
        query = request.GET.copy()
        del query["objek"]
        return {"text": f"{kind_name(kind)} {label or f'#{key}'}", "back": f"?{query.urlencode()}"}

    def get_urls(self) -> list:
        return [
            path("orang/", self.admin_site.admin_view(self.people_view), name="core_activityentry_people"),
            path("ekspor/<slug:kind>/", self.admin_site.admin_view(self.export_view), name="core_activityentry_export"),
            *super().get_urls(),
        ]

    def people_view(self, request: HttpRequest) -> JsonResponse:
        """Whom one may mean while typing: those who work here first, candidates as well."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        words = request.GET.get("term", "").strip()[:100]
        found = people_beginning_with(words, staff_only=not shows_names(request)) if words else [request.user]
        results = [{"id": str(person.pk), "text": self._name_for(request, person)} for person in found]
        if not words or _t("Sistem").lower().startswith(words.lower()):
            results.append({"id": "sistem", "text": _t("Sistem")})
        return JsonResponse({"results": results, "pagination": {"more": False}})

    def _name_for(self, request: HttpRequest, person: User) -> str:
        """With the address where two people of one name must be told apart, and the reader may see it."""
        return f"{person.full_name} ({person.email})" if request.user.has_perm("core.view_user") else person.full_name

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """What the filters leave of the log, as a file; taking it out is an act as well."""
        if not (self.has_view_permission(request) and request.user.has_perm("core.export_activityentry")):
            raise PermissionDenied
        if request.method != "GET" or kind not in ("csv", "xlsx"):
            raise Http404
        try:
            entries = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:  # the list itself answers so to what it cannot be asked
            return redirect(self.list_url("e=1"))
        count = entries.order_by()[: exports.MAX_ROWS + 1].count()
        if count > exports.MAX_ROWS:
            messages.error(
                request,
                _t(
                    "Lebih dari %(max)s catatan cocok dengan saringan ini. Persempit, misalnya dengan rentang tanggal, "
                    "lalu ekspor lagi."
                )
                % {"max": f"{exports.MAX_ROWS:,}".replace(",", ".")},
            )
            return redirect(self.list_url(request.GET.urlencode()))
        record_activity("activity.export", by=request.user, rows=count, format=kind.upper())
        table = exports.rows(entries, names=shows_names(request), addresses=_sees_addresses(request))
        name = f"catatan-aktivitas-{timezone.localtime():%Y%m%d-%H%M}.{kind}"
        if kind == "xlsx":
            return FileResponse(exports.xlsx_file(table), as_attachment=True, filename=name, content_type=XLSX)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return StreamingHttpResponse(exports.csv_lines(table), content_type="text/csv; charset=utf-8", headers=headers)


def _sees_addresses(request: HttpRequest) -> bool:
    return request.user.has_perm("core.view_activity_address")


def _quick_chips(request: HttpRequest) -> list[dict[str, Any]]:
    """What is asked most, one click away; a chip is open when the list shows just that."""
    today = f"{timezone.localdate():%d-%m-%Y}"
    chips = [
        (_t("Semua"), {}),
        (_t("Hari ini"), {"at_from": today, "at_to": today}),
        (_t("Hanya melihat dokumen"), {"tindakan": "document.view"}),
        (_t("Perubahan pengaturan"), {"tindakan": "record.change"}),
        (_t("Tindakan saya"), {"pelaku": str(request.user.pk)}),
    ]
    asked = {name: value for name, value in request.GET.items() if value and name != "p"}
    return [{"title": title, "link": f"?{urlencode(query)}", "is_open": query == asked} for title, query in chips]
