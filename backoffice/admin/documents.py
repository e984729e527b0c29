"""The repository: what papers there are, and which kinds."""

from typing import Any

from django.db.models import Max, Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import LongListAdmin, ReadOnlyMixin, VersionedAdmin
from backoffice.filters import (
    CaseFilter,
    DocumentCaseStatusFilter,
    DocumentNikFilter,
    DocumentSchemeFilter,
    DocumentStateFilter,
    DocumentTypeFilter,
    FiledFilter,
    OwnerFilter,
    TextFilter,
    UploadDaysFilter,
    UploaderFilter,
)
from backoffice.lists import BEFORE, RoomChangeList
from backoffice.resources.documents import DocumentResource, DocumentTypeResource, ExpectedDocumentResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.applications.models import CaseDocument, ExpectedDocument, FormDocument
from core.applications.privacy import file_words, masked_words
from core.applications.queries import applications_for
from core.common.text import is_number
from core.documents.models import FIXED_TYPES, Document, DocumentState, DocumentText, DocumentType
from core.documents.ocr import what_is_missing
from core.documents.words import fragments, marked, pattern
from core.reports.document_search import MAX_FOUND, FoundDocuments, search_documents, waiting_scans
from core.reports.repository import documents_for
from core.schemes.queries import requirements_asking_for, with_usage

#: How many requirements the form of a kind of document names; the rest is counted.
USES_SHOWN = 20
#: Cases named in a row of the list, and on the page of a document.
CASES_SHOWN, CASES_ON_PAGE = 2, 30
PAPER_FRAME = '<iframe src="{}" title="{}" loading="lazy"></iframe>'


STATE_TONES = {DocumentState.CLEAN: "success", DocumentState.REFUSED: "danger", DocumentState.WAITING: "warning"}
#: Lines of a document's page that most documents have nothing to say in, and what they would say.
SELDOM = {
    "valid_until": "valid_until",
    "scanned_at": "scanned_at",
    "virus": "virus",
    "removed_at": "removed_at",
    "destroyed_column": "destroyed_at",
}


#: The filters as the sheet shows them: what is used every day stands open, each other subject folds.
FILTER_SUBJECTS = (
    ("", (DocumentTypeFilter, OwnerFilter, DocumentSchemeFilter, ("created_at", UploadDaysFilter))),
    (_("Permohonan"), (CaseFilter, DocumentCaseStatusFilter, FiledFilter)),
    (_("Berkas"), (UploaderFilter, DocumentStateFilter, TextFilter)),
)


class DocumentChangeList(RoomChangeList):
    def get_filters_params(self, params: Any = None) -> dict:
        """Where a search goes on is no filter."""
        found = super().get_filters_params(params)
        found.pop(BEFORE, None)
        return found

    def get_results(self, request: HttpRequest) -> None:
        """Each row knows what was searched for."""
        super().get_results(request)
        for row in self.result_list:
            row.searched = getattr(request, "searched", None)


class DocumentAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """All files that this person may look at, and one box that searches everything known of them."""

    resource_class = DocumentResource
    empty_hint = _("Dokumen masuk bersama kasusnya: unggahan asesi, formulir, surat, dan sertifikat.")
    list_display = ("paper_column", "owner_column", "case_column", "created_at", "size_column", "open_column")
    list_display_links = None
    filter_subjects = FILTER_SUBJECTS
    list_filter = (*(item for _subject, items in FILTER_SUBJECTS for item in items), DocumentNikFilter)
    list_before_template = "backoffice/documents_top.html"
    list_fullwidth = True
    search_by_post = True
    search_fields = ("sha256",)  # what is searched and how says get_search_results
    search_help_text = _("Cari isi, nama, nomor, skema, atau NIK lengkap")
    sortable_by = ()
    fields = (
        "preview",
        "kind_column",
        "title",
        "file_name",
        "owner_column",
        "cases",
        "uploader",
        "created_at",
        "state_column",
        "valid_until",
        "text_column",
        "content_type",
        "size_column",
        "pages",
        "sha256_column",
        "scanned_at",
        "virus",
        "removed_at",
        "destroyed_column",
        "hold_column",
    )
    readonly_fields = (*fields, "masked_title", "masked_file_name")
    #: What a reader without the right to personal identifiers sees instead: people write numbers into names of files.
    masked = {"title": "masked_title", "file_name": "masked_file_name"}

    # --- the list -------------------------------------------------------------------------------------------

    @display(description=_("Dokumen"))
    def paper_column(self, obj: Document) -> SafeString:
        """What kind of paper, under which name, and the place in its text where the words were found."""
        names = [self._name(obj, obj.title), self._name(obj, obj.file_name)]
        lines = dict.fromkeys([obj.document_type.title, *names])
        head, *rest = (_marked(line, obj.searched) for line in lines)
        address = reverse("admin:core_document_change", args=[obj.pk])
        return format_html(
            '<span class="bo-found"><a class="bo-link" href="{}">{}</a>{}{}{}</span>',
            address,
            head,
            format_html_join("", '<span class="bo-found-name">{}</span>', ((line,) for line in rest)),
            format_html_join("", '<span class="bo-found-text">{}</span>', ((line,) for line in self._fragments(obj))),
            _state_badge(obj),
        )

    def _name(self, obj: Document, words: str) -> str:
        return words if obj.viewer.has_perm("core.view_identifiers") else masked_words(obj, words)

    def _fragments(self, obj: Document) -> list[SafeString]:
        if obj.searched is None or not hasattr(obj, "text"):
            return []
        found = fragments(obj.text.body, obj.searched)
        return [_marked(file_words(line, viewer=obj.viewer), obj.searched) for line in found]

    @display(description=_("Pemilik"))
    def owner_column(self, obj: Document) -> SafeString:
        return _marked(obj.owner.full_name, getattr(obj, "searched", None))

    @display(description=_("Permohonan"))
    def case_column(self, obj: Document) -> SafeString | str:
        return _case_links(_rows(obj), most=CASES_SHOWN)

    @display(description=_("Ukuran"))
    def size_column(self, obj: Document) -> str:
        return filesizeformat(obj.size)

    @display(description=_("Keadaan"))
    def state_column(self, obj: Document) -> SafeString:
        tone = STATE_TONES.get(obj.state, "")
        return format_html('<span class="bo-badge" data-tone="{}">{}</span>', tone, obj.get_state_display())

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
            obj.public_id,
            _t("Tahan dari pemusnahan"),
        )

    @display(description=_("Berkas"))
    def open_column(self, obj: Document) -> SafeString | str:
        if not obj.can_be_opened:
            return format_html('<span class="bo-muted">{}</span>', obj.get_state_display())
        return format_html(
            '<a class="bo-button bo-small" href="{}" target="_blank" rel="noopener" aria-label="{}">{}</a>',
            reverse("admin:document", args=[obj.public_id]),
            _t("Lihat %(title)s milik %(owner)s") % {"title": obj.document_type.title, "owner": obj.owner.full_name},
            _t("Lihat"),
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        typed = request.GET.get(BEFORE, "")
        before = int(typed) if is_number(typed) else 0
        found = search_documents(words, by=request.user, documents=queryset, before=before, limit=MAX_FOUND)
        request.searched = pattern(found.words)  # type: ignore[attr-defined]
        request.search_note = _search_note(request, found, before)  # type: ignore[attr-defined]
        text = Prefetch("text", DocumentText.objects.only("body"))
        return queryset.filter(pk__in=found.keys).prefetch_related(text), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        filed = CaseDocument.objects.filter(application__in=applications_for(request.user)).order_by("-application")
        cases = Prefetch("case_documents", filed.select_related("application"), to_attr="shown_cases")
        found = documents_for(request.user).prefetch_related("document_type", "owner", "uploaded_by", cases)
        if request.user.has_perm("core.view_identifiers"):
            return found
        # Their copies of the forms, without personal identifiers, lie in no file of a case.
        copies = FormDocument.objects.select_related("submission__application").defer("submission__content")
        return found.prefetch_related(Prefetch("form", copies, to_attr="copied_from"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[DocumentChangeList]:
        return DocumentChangeList

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The box promises nobody a way of finding that is closed to them."""
        found = super().get_changelist_instance(request)
        if not request.user.has_perm("core.view_candidateprofile"):
            found.search_help_text = _t("Cari isi, nama, nomor, atau skema")
        return found

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {"unread": unread_scans() if request.user.has_perm("core.view_user") else ""}
        return super().changelist_view(request, context | (extra_context or {}))

    # --- one document -----------------------------------------------------------------------------------------

    @display(description=_("Berkas"))
    def preview(self, obj: Document) -> SafeString | str:
        """Loaded when it is unfolded, since every look is recorded."""
        if not obj.can_be_opened:
            return _t("Berkas ini tidak dapat dibuka: %(state)s.") % {"state": obj.get_state_display().lower()}
        address = reverse("admin:document", args=[obj.public_id])
        shown = '<img src="{}" alt="{}" loading="lazy">' if obj.is_image else PAPER_FRAME
        return format_html(
            '<span class="bo-row-acts"><a class="bo-button bo-small" href="{}" target="_blank" rel="noopener">{}</a>'
            '<a class="bo-button bo-small" href="{}?simpan">{}</a></span>'
            '<details class="bo-look"><summary class="bo-link">{}</summary>' + shown + "</details>",
            address,
            _t("Lihat di tab baru"),
            address,
            _t("Unduh"),
            _t("Pratinjau di sini"),
            address,
            _t("Isi berkas"),
        )

    @display(description=_("Berkas permohonan"))
    def cases(self, obj: Document) -> SafeString | str:
        return _case_links(_rows(obj), most=CASES_ON_PAGE)

    @display(description=_("Teks untuk pencarian"))
    def text_column(self, obj: Document) -> str:
        text = DocumentText.objects.filter(document=obj).only("source").first()
        return text.get_source_display() if text else "–"

    @display(description=_("Judul"))
    def masked_title(self, obj: Document) -> str:
        return masked_words(obj, obj.title)

    @display(description=_("Nama berkas"))
    def masked_file_name(self, obj: Document) -> str:
        return masked_words(obj, obj.file_name)

    @display(description=_("Sidik SHA-256"))
    def sha256_column(self, obj: Document) -> SafeString:
        return format_html('<span class="bo-hash">{}</span>', obj.sha256)

    @display(description=_("Jenis"))
    def kind_column(self, obj: Document) -> str:
        return obj.document_type.title

    @display(description=_("Diunggah oleh"))
    def uploader(self, obj: Document) -> str:
        return obj.uploaded_by.full_name if obj.uploaded_by else _t("Sistem")

    def get_fields(self, request: HttpRequest, obj: Document | None = None) -> tuple[str, ...]:
        rights = ("core.view_identifiers", "core.change_legalhold")
        sees_all, may_hold = map(request.user.has_perm, rights)
        names = self.fields if sees_all else (self.masked.get(name, name) for name in self.fields)
        empty = {name for name, value in SELDOM.items() if obj is not None and not getattr(obj, value)}
        return tuple(name for name in names if name not in empty and (name != "hold_column" or may_hold))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Document | None:
        """Its title stands over the page and in the path too."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and not request.user.has_perm("core.view_identifiers"):
            found.title = masked_words(found, found.title)
        return found


def _search_note(request: HttpRequest, found: FoundDocuments, before: int) -> SafeString | str:
    """That there may be older ones and the way to them; on the way, the way back."""
    query = request.GET.copy()
    for name in (BEFORE, "p", "e"):
        query.pop(name, None)
    back = (
        format_html('<a class="bo-link" href="?{}">{}</a>', query.urlencode(), _t("Kembali ke yang terbaru"))
        if before
        else ""
    )
    if not found.go_on_before:
        return format_html("{} {}", _t("Dokumen terlama sudah ditelusuri."), back) if before else ""
    query[BEFORE] = str(found.go_on_before)
    last = Document.objects.filter(pk__gte=found.go_on_before).order_by("pk").only("created_at")[0]
    said = _t("Baru ditelusuri dokumen yang disimpan sejak %(day)s: %(count)d cocok.") % {
        "day": date_format(localtime(last.created_at), "j M Y"),
        "count": len(found.keys),
    }
    on = format_html('<a class="bo-link" href="?{}">{}</a>', query.urlencode(), _t("Telusuri yang lebih lama"))
    return format_html("{} {} {}", said, on, back)


def _marked(text: str, found: Any) -> SafeString:
    """The text with the words that were looked for marked."""
    pieces = ((format_html("<mark>{}</mark>", piece) if is_hit else piece,) for piece, is_hit in marked(text, found))
    return format_html_join("", "{}", pieces)


def _state_badge(obj: Document) -> SafeString | str:
    if obj.can_be_opened:
        return ""
    return format_html('<span class="bo-badge" data-tone="amber">{}</span>', obj.get_state_display())


def _rows(obj: Document) -> list[Any]:
    """What leads from a paper to its cases: the places in their files, or the sending that a copy was made of."""
    return obj.shown_cases or [copy.submission for copy in getattr(obj, "copied_from", ())]


def _case_links(filed: list[Any], *, most: int) -> SafeString | str:
    """The cases in whose files a paper lies; of many the newest, the rest is counted."""
    rows = [
        (reverse("admin:core_application_change", args=[row.application_id]), row.application.number)
        for row in filed[:most]
    ]
    if not rows:
        return "–"
    links = format_html_join(" ", '<a class="bo-link" href="{}">{}</a>', rows)
    more = len(filed) - len(rows)
    tail = _t("dan %(count)d lainnya") % {"count": more} if more > 0 else ""
    return format_html('<span class="bo-found-cases">{} {}</span>', links, tail)


def unread_scans() -> str:
    """That scans wait because nothing on this server can read them, as a sentence; "" when all is well."""
    missing = what_is_missing()
    count = waiting_scans().count() if missing else 0
    if not count:
        return ""
    return _t("%(count)d pindaian belum dapat dicari isinya. %(missing)s") % {"count": count, "missing": missing}


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
        (_("Pengenalan dan masa"), {"fields": ("keywords", "validity_months", "retention_months")}),
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


class ExpectedDocumentAdmin(SpreadsheetMixin, VersionedAdmin):
    """Which papers the file of a case should hold from which stage on, besides requirements and forms."""

    resource_class = ExpectedDocumentResource
    list_display = ("kind_column", "scheme_column", "stage_column", "required_column")
    list_filter = ("is_required",)
    search_fields = ("document_type__title",)
    search_help_text = _("Cari jenis dokumen")
    ordering_field = "position"
    hide_ordering_field = True
    fields = ("document_type", "scheme", "from_status", "is_required")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExpectedDocument]:
        return super().get_queryset(request).prefetch_related("document_type", "scheme")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Kinds that are out of use are not asked for any more."""
        if db_field.name == "document_type":
            kwargs["queryset"] = DocumentType.objects.filter(is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: ExpectedDocument, form: Any, change: bool) -> None:
        if not change:  # to the end
            obj.position = (ExpectedDocument.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        super().save_model(request, obj, form, change)

    @display(description=_("Jenis dokumen"))
    def kind_column(self, obj: ExpectedDocument) -> str:
        return obj.document_type.title

    @display(description=_("Skema"))
    def scheme_column(self, obj: ExpectedDocument) -> str:
        return obj.scheme.title if obj.scheme else _t("Semua skema")

    @display(description=_("Harus ada sejak"))
    def stage_column(self, obj: ExpectedDocument) -> str:
        return obj.get_from_status_display()

    @display(description=_("Wajib"), label={True: "info", False: ""})
    def required_column(self, obj: ExpectedDocument) -> tuple[bool, str]:
        return obj.is_required, _t("Wajib") if obj.is_required else _t("Tidak wajib")
