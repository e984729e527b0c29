"""Surveillance of certificates: what is due, what came of it, and what to do next."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.admin.certificates import certificates_meant
from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.displays import SURVEILLANCE_TONES
from backoffice.filters import DateRangeFilter, SurveillanceFilter, SurveillanceNikFilter, SurveillanceSchemeFilter
from backoffice.resources.certificates import SurveillanceResource
from backoffice.spreadsheets import SpreadsheetMixin
from backoffice.views import certificate_acts
from core.accounts.queries import MAX_PEOPLE
from core.certificates.aftercare_rules import SURVEILLANCE_NOTICE_DAYS, why_not_record
from core.certificates.enums import CertificateStatus, SurveillanceOutcome
from core.certificates.models import Certificate, Surveillance


class SurveillanceAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Opens with what is to be done; nothing is edited by form."""

    resource_class = SurveillanceResource
    empty_hint = _("Jadwal surveilan dibuat dengan sendirinya ketika sertifikat terbit.")
    list_display = ("certificate_column", "holder_column", "due_column", "state_column", "next_column", "act_column")
    list_display_links = ("certificate_column",)
    list_filter = (SurveillanceFilter, SurveillanceSchemeFilter, SurveillanceNikFilter, ("due_on", DateRangeFilter))
    search_by_post = True
    search_fields = ("certificate__number",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nomor sertifikat, nama pemegang, atau NIK lengkap")
    sortable_by = ()

    @display(description=_("Sertifikat"))
    def certificate_column(self, obj: Surveillance) -> SafeString:
        return format_html('<span class="bo-number">{}</span>', obj.certificate.number)

    @display(description=_("Pemegang dan skema"))
    def holder_column(self, obj: Surveillance) -> SafeString:
        return format_html(
            '<span class="bo-clamp">{}<br><span class="bo-muted">{}</span></span>',
            obj.certificate.holder_name,
            obj.certificate.scheme.title,
        )

    @display(description=_("Jatuh tempo"))
    def due_column(self, obj: Surveillance) -> str:
        return f"{obj.due_on:%d-%m-%Y}"

    @display(description=_("Keadaan"), label=SURVEILLANCE_TONES)
    def state_column(self, obj: Surveillance) -> tuple[str, str]:
        if obj.outcome:
            return obj.outcome, obj.get_outcome_display()
        today = timezone.localdate()
        if obj.due_on < today:
            return "terlambat", _t("Terlambat %(days)d hari") % {"days": (today - obj.due_on).days}
        if obj.due_on <= today + timedelta(days=SURVEILLANCE_NOTICE_DAYS):
            return "perlu", _t("Jatuh tempo")
        return "", _t("Direncanakan")

    @display(description=_("Langkah berikutnya"))
    def next_column(self, obj: Surveillance) -> str:
        if obj.outcome in (SurveillanceOutcome.MAINTAINED, SurveillanceOutcome.MISSED):
            return "–"
        if obj.certificate.status == CertificateStatus.SUSPENDED:
            return _t("Sertifikat sedang dibekukan")
        if obj.outcome == SurveillanceOutcome.ACTION:
            return _t("Bekukan sertifikat, atau pulihkan kompetensinya")
        if obj.outcome == SurveillanceOutcome.NO_ANSWER:
            return _t("Hubungi lagi, atau bekukan sertifikat")
        if obj.due_on < timezone.localdate():
            return _t("Hubungi pemegang, lalu catat hasilnya")
        if obj.reminded_on:
            return _t("Pemegang sudah diingatkan; tunggu buktinya")
        is_due = obj.due_on <= timezone.localdate() + timedelta(days=SURVEILLANCE_NOTICE_DAYS)
        return _t("Pemegang diingatkan malam ini") if is_due else "–"

    @display(description=_("Tindakan"))
    def act_column(self, obj: Surveillance) -> SafeString | str:
        certificate = obj.certificate
        if not why_not_record(obj, obj.viewer):
            url, words = reverse("admin:core_surveillance_record", args=[obj.pk]), _t("Catat")
        elif obj.outcome == SurveillanceOutcome.ACTION and self._may_suspend(obj):
            url, words = certificate_acts.act_address(certificate, "suspend"), _t("Bekukan")
        else:
            return ""
        return format_html(
            '<a class="bo-button bo-small" href="{}" aria-label="{} {}">{}</a>', url, words, certificate.number, words
        )

    def _may_suspend(self, obj: Surveillance) -> bool:
        return not certificate_acts.CERTIFICATE_WORKFLOW["suspend"].refusal(obj.certificate, obj.viewer)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Surveillance]:
        return super().get_queryset(request).prefetch_related("certificate__scheme")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Along the index of outcome and day: what is to be done, the longest due first; what is done, the latest."""
        chosen = request.GET.get(SurveillanceFilter.parameter_name, "")
        if chosen in SurveillanceFilter.OPEN:
            return ("due_on", "pk")
        return ("-due_on", "-pk") if chosen else super().get_ordering(request)

    ordering = ("-pk",)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The box promises nobody a way of finding that is closed to them."""
        found = super().get_changelist_instance(request)
        if not request.user.has_perm("core.view_candidateprofile"):
            found.search_help_text = _t("Cari nomor atau nama")
        return found

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By the certificate: what is meant is looked up there first."""
        words = " ".join(search_term.split())
        if not words:
            return queryset, False
        keys = Certificate.objects.filter(certificates_meant(request, words)).values_list("pk", flat=True)
        return queryset.filter(certificate_id__in=list(keys[:MAX_PEOPLE])), False

    def leads_elsewhere(self, request: HttpRequest) -> str:
        is_bare = request.method == "GET" and not request.GET and self.has_view_permission(request)
        return super().leads_elsewhere(request) or (self.list_url("keadaan=perlu") if is_bare else "")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(certificate_acts.record_view)
        return [path("<int:pk>/catat/", view, {"admin": self}, name="core_surveillance_record"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A surveillance is looked at on the page of its certificate."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row) or request.method not in ("GET", "HEAD"):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect(certificate_acts.address(row.certificate))
