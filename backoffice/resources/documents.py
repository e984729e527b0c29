"""Kinds of papers, which of them the file of a case should hold, and what is kept."""

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import (
    CellWidget,
    ChoiceWidget,
    LookupWidget,
    NumberWidget,
    SlugWidget,
    TextWidget,
    YesNoWidget,
)
from core.applications.enums import FILE_STAGES
from core.applications.models import ExpectedDocument
from core.documents.models import Document, DocumentType
from core.imports.values import BadValue
from core.schemes.models import Scheme


def yes_no() -> list[str]:
    return ["ya", "tidak"]


class DocumentTypeResource(SheetResource):
    kind = "documenttype"
    title = _("Jenis dokumen")
    about = _("Jenis dokumen yang diminta persyaratan skema.")
    key = ("code",)

    code = Column("code", "Kunci", SlugWidget(), required=True, help="Jenis dikenali dari kunci ini.", example="ijazah")
    title_ = Column("title", "Nama", required=True, example="Ijazah terakhir", width=40)
    help_text = Column("help_text", "Petunjuk untuk asesi", TextWidget(many_lines=True), width=60)
    is_personal_evidence = Column(
        "is_personal_evidence", "Diunggah asesi", YesNoWidget(blank=True), example="ya", choices=yes_no, width=16
    )
    is_identity = Column(
        "is_identity", "Memuat identitas", YesNoWidget(blank=False), example="ya", choices=yes_no, width=16
    )
    is_active = Column("is_active", "Dipakai", YesNoWidget(blank=True), example="ya", choices=yes_no, width=12)
    position = Column("position", "Urutan", NumberWidget(), example="1", width=10)
    keywords = Column("keywords", "Kata pada nama berkas", help="Dipisahkan koma.", example="ijazah, diploma", width=40)
    validity_months = Column(
        "validity_months", "Masa berlaku (bulan)", NumberWidget(blank=None), help="Kosong: tidak kedaluwarsa."
    )
    retention_months = Column(
        "retention_months",
        "Masa simpan (bulan)",
        NumberWidget(blank=None),
        help="Kosong: disimpan seterusnya.",
        width=20,
    )

    class Meta:
        model = DocumentType
        fields = (
            "code",
            "title_",
            "help_text",
            "is_personal_evidence",
            "is_identity",
            "is_active",
            "position",
            "keywords",
            "validity_months",
            "retention_months",
        )


def stages() -> list[str]:
    return [str(status.label) for status in FILE_STAGES]


class StageWidget(ChoiceWidget):
    """A stage of the journey; other statuses are none from which a paper can be expected."""

    def __init__(self) -> None:
        super().__init__(SimpleNamespace(choices=[(status.value, status.label) for status in FILE_STAGES]))


class ExpectedDocumentResource(SheetResource):
    kind = "expecteddocument"
    title = _("Isi wajib berkas")
    about = _("Satu baris per dokumen yang harus ada di berkas kasus. Baris yang tidak disebut di berkas tetap ada.")
    key = ("document_type", "scheme")

    document_type = Column(
        "document_type",
        "Kunci jenis dokumen",
        LookupWidget(key="code", missing=_("Jenis dokumen ini tidak ada. Pakai kunci dari daftar jenis dokumen.")),
        required=True,
        example="daftar-hadir",
    )
    scheme = Column(
        "scheme",
        "Kunci skema",
        LookupWidget(key="code", missing=_("Skema ini tidak ada. Pakai kunci dari daftar skema.")),
        help="Kosong: semua skema.",
    )
    from_status = Column(
        "from_status", "Harus ada sejak", StageWidget(), required=True, example="Terjadwal", choices=stages
    )
    is_required = Column("is_required", "Wajib", YesNoWidget(blank=True), example="ya", choices=yes_no, width=12)
    position = Column("position", "Urutan", NumberWidget(), example="1", width=10)

    class Meta:
        model = ExpectedDocument
        fields = ("document_type", "scheme", "from_status", "is_required", "position")

    def prepare(self) -> None:
        self.fields["document_type"].widget.known = {row.code: row for row in DocumentType.objects.all()}
        self.fields["scheme"].widget.known = {row.code: row for row in Scheme.objects.all()}

    def key_of(self, row: dict[str, Any]) -> Any:
        """A blank scheme is a key too, and so is a file without that column: the line of all schemes."""
        try:
            kind = self.fields["document_type"].clean(row)
            scheme = self.fields["scheme"].clean({self.fields["scheme"].column_name: "", **row})
        except (BadValue, KeyError):
            return None
        return (kind.code, scheme.code if scheme else "") if kind else None

    def load(self, keys: set[Any]) -> dict[Any, Model]:
        lines = self.stored().filter(document_type__code__in={kind for kind, _scheme in keys})
        lines = lines.select_related("document_type", "scheme")
        return {(line.document_type.code, line.scheme.code if line.scheme else ""): line for line in lines}


class DocumentResource(SheetResource):
    """What the repository keeps, out only; never the files themselves (those have a look that is recorded each)."""

    kind = "document"
    title = _("Dokumen")
    is_importable = False

    document_type = Column("document_type__title", "Jenis dokumen", width=36)
    title_ = Column("title", "Judul", width=40, is_personal=True, needs="core.view_identifiers")
    file_name = Column("file_name", "Nama berkas", width=36, is_personal=True, needs="core.view_identifiers")
    owner = Column("owner__full_name", "Pemilik", width=32)
    cases = Column("case_numbers", "Permohonan", width=28)
    uploaded_by = Column("uploaded_by__full_name", "Diunggah oleh", width=32)
    created_at = Column("created_at", "Disimpan", CellWidget(), width=18)
    state = Column("get_state_display", "Keadaan", width=18)
    content_type = Column("content_type", "Jenis isi", is_usual=False)
    size = Column("size", "Ukuran (byte)", CellWidget(), width=14)
    pages = Column("pages", "Halaman", CellWidget(), width=10)
    valid_until = Column("valid_until", "Berlaku sampai", CellWidget(), width=16)
    removed_at = Column("removed_at", "Dilepas pemiliknya", CellWidget(), is_usual=False, width=18)
    destroyed_at = Column("destroyed_at", "Dimusnahkan", CellWidget(), is_usual=False, width=18)
    destroyed_under = Column("destroyed_under", "Berita acara pemusnahan", is_usual=False)
    sha256 = Column("sha256", "Sidik SHA-256", is_usual=False, width=68)

    class Meta:
        model = Document
        fields = (
            "document_type", "title_", "file_name", "owner", "cases", "uploaded_by", "created_at", "state",
            "content_type", "size", "pages", "valid_until", "removed_at", "destroyed_at", "destroyed_under", "sha256",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        """As the list reads them: with the cases that this person may see."""
        return rows

    def export_rows(self, rows: Iterable[Document], names: Sequence[str]) -> list[list[Any]]:
        rows = list(rows)
        for row in rows:
            row.case_numbers = ", ".join(filed.application.number for filed in row.shown_cases)
        return super().export_rows(rows, names)
