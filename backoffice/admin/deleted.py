"""What was deleted and can come back."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin
from backoffice.filters import DayRangeFilter, DeletedKindFilter
from backoffice.views import versions
from core.activity.models import DeletedRecord
from core.activity.queries import deleted_records_for


class DeletedRecordAdmin(ReadOnlyMixin, LongListAdmin):
    """Versioned records that were deleted; each opens with what it held and can be brought back."""

    empty_hint = _("Data yang dihapus tersimpan di sini dan dapat dipulihkan.")
    list_display = ("label_column", "kind_column", "deleted_at", "deleted_by_column", "state_column")
    list_filter = (DeletedKindFilter, ("deleted_at", DayRangeFilter))
    search_fields = ("label",)
    search_help_text = _("Cari nama data")
    sortable_by = ()

    @display(description=_("Data"))
    def label_column(self, obj: DeletedRecord) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.label)

    @display(description=_("Jenis"))
    def kind_column(self, obj: DeletedRecord) -> str:
        return capfirst(str(obj.kind))

    @display(description=_("Dihapus oleh"))
    def deleted_by_column(self, obj: DeletedRecord) -> str:
        return str(obj.deleted_by or _("Sistem"))

    @display(description=_("Keadaan"), label={"terhapus": "warning", "dipulihkan": "success"})
    def state_column(self, obj: DeletedRecord) -> tuple[str, str]:
        return ("dipulihkan", _("Dipulihkan")) if obj.restored_at else ("terhapus", _("Terhapus"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeletedRecord]:
        return deleted_records_for(request.user).prefetch_related("deleted_by")

    def get_urls(self) -> list[URLPattern]:
        def recover(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            return versions.recover_view(request, admin=self, **kwargs)

        address = path(
            "<path:object_id>/recover/", self.admin_site.admin_view(recover), name="core_deletedrecord_recover"
        )
        return [address, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return versions.deleted_view(request, admin=self, object_id=object_id)
