"""The repository: what papers there are, and which kinds."""

from typing import Any

from django.db.models import Max, Model, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin, found_people
from backoffice.filters import CaseFilter, DayRangeFilter, DocumentTypeFilter, OwnerFilter
from backoffice.resources.documents import DocumentTypeResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.applications.privacy import masked_words
from core.documents.models import FIXED_TYPES, Document, DocumentType
from core.reports.repository import documents_for
from core.schemes.queries import requirements_asking_for, with_usage

#: How many requirements the form of a kind of document names; the rest is counted.
USES_SHOWN = 20


class DocumentAdmin(ReadOnlyMixin, LongListAdmin):
    """All files that this person may look at; looking at one is recorded."""

    list_display = ("created_at", "kind_column", "owner_column", "file_name", "size_column", "open_column")
    list_filter = (DocumentTypeFilter, OwnerFilter, CaseFilter, ("created_at", DayRangeFilter))
    search_fields = ("sha256",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nama pemilik atau sidik SHA-256")
    sortable_by = ()
    fields = (
        "title",
        "kind_column",
        "owner_column",
        "uploader",
        "file_name",
        "content_type",
        "size_column",
        "pages",
        "sha256_column",
        "created_at",
        "removed_at",
        "destroyed_column",
        "hold_column",
        "open_column",
    )
    readonly_fields = (*fields, "masked_title", "masked_file_name")
    #: What a reader without the right to personal identifiers sees instead: people write numbers into names of files.
    masked = {"title": "masked_title", "file_name": "masked_file_name"}

    @display(description=_("Judul"))
    def masked_title(self, obj: Document) -> str:
        return masked_words(obj, obj.title)

    @display(description=_("Nama berkas"))
    def masked_file_name(self, obj: Document) -> str:
        return masked_words(obj, obj.file_name)

    def _for_reader(self, request: HttpRequest, names: tuple[str, ...]) -> tuple[str, ...]:
        if request.user.has_perm("core.view_identifiers"):
            return names
        return tuple(self.masked.get(name, name) for name in names)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self._for_reader(request, self.list_display)

    def get_fields(self, request: HttpRequest, obj: Document | None = None) -> tuple[str, ...]:
        names = self._for_reader(request, self.fields)
        may_hold = request.user.has_perm("core.change_legalhold")
        return tuple(name for name in names if name != "hold_column" or may_hold)

    @display(description=_("Sidik SHA-256"))
    def sha256_column(self, obj: Document) -> str:
        return obj.sha256

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

    @display(description=_("Dimusnahkan"))
    def destroyed_column(self, obj: Document) -> str:
        if not obj.is_destroyed:
            return "–"
        words = {"day": date_format(localtime(obj.destroyed_at), "j F Y"), "number": obj.destroyed_under}
        return _t("%(day)s, berita acara %(number)s") % words

    @display(description=_("Penahanan"))
    def hold_column(self, obj: Document) -> SafeString | str:
        """Whether something keeps it from being destroyed, and the way to hold it back."""
        if obj.legal_holds.filter(lifted_at=None).exists():
            return format_html(
                '<a class="bo-link" href="{}?keadaan=berlaku">{}</a>',
                reverse("admin:core_legalhold_changelist"),
                _t("Sedang ditahan"),
            )
        if obj.is_destroyed:
            return "–"
        return format_html(
            '<a class="bo-link" href="{}?jenis=document&amp;acuan={}">{}</a>',
            reverse("admin:core_legalhold_add"),
            obj.sha256,
            _t("Tahan dari pemusnahan"),
        )

    @display(description=_("Berkas"))
    def open_column(self, obj: Document) -> SafeString:
        if obj.is_destroyed:
            return format_html('<span class="bo-muted">{}</span>', _t("Dimusnahkan"))
        return format_html(
            '<a class="bo-link" href="{}" target="_blank" rel="noopener">{}</a>',
            reverse("admin:document", args=[obj.public_id]),
            _t("Lihat"),
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_term.strip()
        if len(words) >= 8 and set(words.lower()) <= set("0123456789abcdef"):
            return queryset.filter(sha256__istartswith=words), False
        return (queryset.filter(owner_id__in=found_people(request, words)) if words else queryset), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        return documents_for(request.user).prefetch_related("document_type", "owner", "uploaded_by")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Document | None:
        """Its title stands over the page and in the path too."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and not request.user.has_perm("core.view_identifiers"):
            found.title = masked_words(found, found.title)
        return found


class DocumentTypeAdmin(SpreadsheetMixin, VersionedAdmin):
    """The kinds of papers that requirements ask for, and what the portal takes in for each."""

    resource_class = DocumentTypeResource
    list_display = ("title", "used_column", "limits_column", "identity_column", "active_column")
    list_filter = ("is_active", "is_personal_evidence", "is_identity")
    search_fields = ("title", "code")
    ordering_field = "position"
    hide_ordering_field = True
    readonly_fields = ("used_in",)
    fieldsets = (
        (None, {"fields": ("code", "title", "help_text", "is_active")}),
        (_("Yang diterima saat mengunggah"), {"fields": ("accepts", "max_megabytes")}),
        (_("Sifat berkas"), {"fields": ("is_personal_evidence", "is_identity")}),
        (_("Masa simpan"), {"fields": ("retention_months",)}),
        (_("Pemakaian"), {"fields": ("used_in",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[DocumentType]:
        return with_usage(super().get_queryset(request))

    def get_fieldsets(self, request: HttpRequest, obj: DocumentType | None = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:-1]

    def get_readonly_fields(self, request: HttpRequest, obj: DocumentType | None = None) -> tuple[str, ...]:
        return ("code", "used_in") if obj else ("used_in",)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "is_active":
            field.help_text = _(
                "Bila dimatikan, jenis ini tidak dapat dipilih lagi untuk persyaratan baru. Persyaratan dan berkas "
                "yang sudah ada tetap berlaku."
            )
        return field

    def save_model(self, request: HttpRequest, obj: DocumentType, form: Any, change: bool) -> None:
        if not change:  # to the end
            obj.position = (DocumentType.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description=_("Dipakai pada"))
    def used_column(self, obj: DocumentType) -> str:
        return _t("%(count)d persyaratan") % {"count": obj.usage} if obj.usage else "–"

    @display(description=_("Yang diterima"))
    def limits_column(self, obj: DocumentType) -> str:
        if not obj.is_personal_evidence:
            return _t("dibuat sistem")
        words = {"accepts": obj.get_accepts_display(), "size": obj.max_megabytes}
        return _t("%(accepts)s, paling besar %(size)d MB") % words

    @display(description=_("Identitas"), label={True: "info"})
    def identity_column(self, obj: DocumentType) -> tuple[bool, str] | str:
        return (True, _t("Memuat identitas")) if obj.is_identity else "–"

    @display(description=_("Keadaan"), label={True: "success", False: ""})
    def active_column(self, obj: DocumentType) -> tuple[bool, str]:
        return obj.is_active, _t("Dipakai") if obj.is_active else _t("Tidak dipakai")

    @display(description=_("Diminta oleh"))
    def used_in(self, obj: DocumentType) -> SafeString | str:
        rows = [
            (
                reverse("admin:core_schemeversion_change", args=[requirement.scheme_version_id]),
                requirement.scheme_version,
                requirement.title,
            )
            for requirement in requirements_asking_for(obj)[:USES_SHOWN]
        ]
        lines = format_html_join("", '<li><a class="bo-link" href="{}">{}</a>: {}</li>', rows)
        if not rows:
            return _t("Belum ada persyaratan yang meminta jenis ini.")
        more = obj.usage - len(rows)
        tail = format_html("<li>{}</li>", _t("dan %(count)d lainnya") % {"count": more}) if more > 0 else ""
        return format_html('<ul class="bo-uses">{}{}</ul>', lines, tail)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.code not in FIXED_TYPES)
