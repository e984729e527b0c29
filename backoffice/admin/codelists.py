"""Code lists of BNSP and the regions of the state."""

from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline
from unfold.decorators import display

from backoffice.base import NamedCellsMixin, ReadOnlyMixin, RoomAdmin, VersionedAdmin
from backoffice.formsets import PositionedForm, PositionedFormSet
from backoffice.resources.codelists import CodeListResource, RegionResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.codelists.models import CodeList, CodeListEntry, Region
from core.inquiries.enums import TOPIC_LISTS


class EntryInline(NamedCellsMixin, TabularInline):
    model = CodeListEntry
    form = PositionedForm
    formset = PositionedFormSet
    fields = ("code", "title", "is_active", "position")  # the handle for dragging stands in the first column that shows
    extra = 0
    show_title = False
    ordering_field = "position"
    hide_ordering_field = True

    def get_fields(self, request: HttpRequest, obj: CodeList | None = None) -> tuple[str, ...]:
        """English where readers of English choose from the list."""
        if obj is None or obj.code not in TOPIC_LISTS.values():
            return self.fields
        return ("code", "title", "title_en", *self.fields[2:])


class CodeListAdmin(SpreadsheetMixin, VersionedAdmin):
    """Lists as BNSP's spreadsheets expect them."""

    resource_class = CodeListResource
    list_display = ("title", "code", "entry_count", "confirmed_column")
    fields = ("code", "title", "is_confirmed", "source")
    inlines = (EntryInline,)

    @display(description=_("Butir"))
    def entry_count(self, obj: CodeList) -> int:
        return obj.entry_count

    @display(description=_("Konfirmasi LSP"), label={True: "success", False: "warning"})
    def confirmed_column(self, obj: CodeList) -> tuple[bool, str]:
        return obj.is_confirmed, _t("Sudah dikonfirmasi") if obj.is_confirmed else _t("Menunggu konfirmasi LSP")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(entry_count=Count("entries"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()  # the forms find their lists by it

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class RegionAdmin(SpreadsheetMixin, ReadOnlyMixin, RoomAdmin):
    """Provinces and regencies come with the product (`load_reference`); here they are looked up."""

    resource_class = RegionResource
    list_display = ("code", "name", "province_column", "is_current")
    search_fields = ("^code", "name")
    search_help_text = _("Cari kode atau nama wilayah")
    ordering = ("code",)

    @display(description=_("Provinsi"))
    def province_column(self, obj: Region) -> str:
        return obj.province.name if obj.province else "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Region]:
        return super().get_queryset(request).prefetch_related("province")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if "field_name" in request.GET:  # chosen in a form: an address lies in a regency of today
            found = found.filter(is_current=True, province__isnull=False)
        return found, duplicates
