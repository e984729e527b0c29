"""The repository: what papers there are, and which kinds."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin
from backoffice.filters import DayRangeFilter
from backoffice.resources.documents import DocumentTypeResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.applications.queries import documents_for
from core.documents.models import Document


class DocumentAdmin(ReadOnlyMixin, LongListAdmin):
    """All files that this person may look at; looking at one is recorded."""

    list_display = ("created_at", "kind_column", "owner_column", "file_name", "size_column", "open_column")
    list_filter = (("document_type", RelatedDropdownFilter), ("created_at", DayRangeFilter))
    search_fields = ("^sha256", "owner__full_name")
    search_help_text = _("Cari nama pemilik atau sidik SHA-256")
    sortable_by = ("created_at",)
    fields = (
        "title",
        "kind_column",
        "owner_column",
        "uploader",
        "file_name",
        "content_type",
        "size_column",
        "pages",
        "sha256",
        "created_at",
        "removed_at",
        "open_column",
    )
    readonly_fields = fields

    @display(description=_("Jenis"))
    def kind_column(self, obj: Document) -> str:
        return obj.document_type.title

    @display(description=_("Pemilik"))
    def owner_column(self, obj: Document) -> str:
        return obj.owner.full_name

    @display(description=_("Diunggah oleh"))
    def uploader(self, obj: Document) -> str:
        return obj.uploaded_by.full_name if obj.uploaded_by else _t("Sistem")

    @display(description=_("Ukuran"))
    def size_column(self, obj: Document) -> str:
        return filesizeformat(obj.size)

    @display(description=_("Berkas"))
    def open_column(self, obj: Document) -> SafeString:
        return format_html(
            '<a class="bo-link" href="{}" target="_blank" rel="noopener">{}</a>',
            reverse("admin:document", args=[obj.public_id]),
            _t("Lihat"),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return documents_for(request.user).prefetch_related("document_type", "owner", "uploaded_by")


class DocumentTypeAdmin(SpreadsheetMixin, VersionedAdmin):
    """The kinds of papers that requirements ask for."""

    resource_class = DocumentTypeResource
    list_display = ("title", "is_personal_evidence", "is_active", "help_text")
    search_fields = ("title",)
    ordering_field = "position"
    hide_ordering_field = True
    fields = ("code", "title", "help_text", "is_personal_evidence", "is_active", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
