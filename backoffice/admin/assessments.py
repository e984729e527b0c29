"""Where is assessed. Assignments have no list of their own: they stand in the case and on the assessor's home."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from backoffice.base import VersionedAdmin
from backoffice.resources.assessments import VenueResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.activity.versioning import hidden_fields
from core.assessments.models import AssessmentSession, Venue
from core.assessments.rules import OPEN_SESSIONS
from core.codelists.zones import zone_of

VALIDITY_TONES = {"berlaku": "success", "berakhir": "danger", "nonaktif": ""}


class VenueAdmin(SpreadsheetMixin, VersionedAdmin):
    """Tempat uji kompetensi with the end of their verification."""

    resource_class = VenueResource
    paginator = InfinitePaginator
    list_display = ("name", "kind", "region_column", "capacity", "validity_column")
    list_filter = (("kind", ChoicesDropdownFilter), "is_active")
    ordering = ("name", "pk")  # along the index: Django would add "-pk"
    search_fields = ("name", "^code")
    search_help_text = _("Cari nama atau kode TUK")
    autocomplete_fields = ("region",)
    prepopulated_fields = {"code": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "code", "kind", "is_active")}),
        (_("Tempat"), {"fields": ("address", "region", "capacity", "contact_name", "contact_phone")}),
        (_("Verifikasi"), {"fields": ("verification_number", "valid_until")}),
    )

    @display(description=_("Kabupaten/kota"))
    def region_column(self, obj: Venue) -> str:
        return str(obj.region or "–")

    @display(description=_("Verifikasi"), label=VALIDITY_TONES)
    def validity_column(self, obj: Venue) -> tuple[str, str]:
        if not obj.is_active:
            return "nonaktif", _t("Tidak dipakai")
        if obj.valid_until is None:
            return "berlaku", _t("Berlaku")
        day = obj.valid_until.strftime("%d-%m-%Y")
        if obj.valid_until < timezone.localdate():
            return "berakhir", _t("Berakhir %(day)s") % {"day": day}
        return "berlaku", _t("Berlaku sampai %(day)s") % {"day": day}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Venue]:
        return super().get_queryset(request).prefetch_related("region")

    def get_fieldsets(self, request: HttpRequest, obj: Venue | None = None) -> Any:
        """Who is to be telephoned is not shown to readers from outside the LSP."""
        hidden = hidden_fields(Venue, viewer=request.user)
        return [
            (title, options | {"fields": tuple(name for name in options["fields"] if name not in hidden)})
            for title, options in self.fieldsets
        ]

    def save_model(self, request: HttpRequest, obj: Venue, form: ModelForm, change: bool) -> None:
        """Who corrects where a TUK lies may have moved the hours of what is planned there; they hear of it."""
        super().save_model(request, obj, form, change)
        if not change or zone_of(form.initial.get("region")) == obj.zone:
            return
        coming = AssessmentSession.objects.filter(venue=obj, starts_at__gt=timezone.now(), status__in=OPEN_SESSIONS)
        if number := coming.count():
            now = obj.zone.tzname(timezone.now())
            text = _t("Jam jadwal di TUK ini sekarang menurut %(zone)s. Periksa %(n)d jadwal yang akan datang.")
            link = reverse("admin:core_assessmentsession_changelist") + "?" + urlencode({"tuk": obj.code})
            messages.warning(
                request,
                format_html('{} <a href="{}">{}</a>', text % {"zone": now, "n": number}, link, _t("Buka jadwalnya")),
            )

    def get_prepopulated_fields(self, request: HttpRequest, obj: Venue | None = None) -> dict:
        return {} if obj else self.prepopulated_fields
