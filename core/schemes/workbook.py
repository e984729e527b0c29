"""A scheme or a standard as one workbook: its sheets and columns, writing it, and reading it back.

What is read here is only what the file says; `workbook_services` compares it with the database.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.common.text import clean_text
from core.documents.models import DocumentType
from core.imports import values
from core.imports.reading import Book, read_book
from core.imports.report import Fault
from core.imports.tables import ColumnSpec, read_table
from core.imports.writing import SheetOut, xlsx
from core.schemes.enums import Completeness, RequirementSection, SchemeKind, StandardKind
from core.schemes.models import AssessmentPurpose, CompetencyStandard, CompetencyUnit, SchemeVersion

KIND = "workbook"


def labels(enum: Any) -> dict[str, str]:
    return {str(label): value for value, label in enum.choices}


def document_type_codes() -> list[str]:
    return list(DocumentType.objects.filter(is_active=True).values_list("code", flat=True))


def purpose_codes() -> list[str]:
    return list(AssessmentPurpose.objects.values_list("code", flat=True))


def _yes_no_labels() -> list[str]:
    return ["ya", "tidak"]


@dataclass(frozen=True)
class Col:
    """A column: which attribute it fills, how its cell is read, and how the template explains it."""

    attribute: str
    spec: ColumnSpec
    parse: Callable[[Any], Any] = values.text
    max_length: int = 0

    @property
    def title(self) -> str:
        return self.spec.title


def _text(
    attribute: str, title: str, limit: int, *, required: bool = False, help: str = "", example: str = "", width=28
):
    return Col(attribute, ColumnSpec(title, required, help, example, None, width), values.text, limit)


def _choice(attribute: str, title: str, enum: Any, *, required: bool = False, help: str = "", example: str = "") -> Col:
    spec = ColumnSpec(title, required, help, example, lambda: list(labels(enum)), 20)
    return Col(attribute, spec, lambda value: values.choice(value, labels(enum)))


def _codes(value: Any) -> tuple[str, ...]:
    return tuple(part.strip() for part in values.text(value).replace(";", ",").split(",") if part.strip())


_UNIT_CODE = ("Kode unit", 40)
SHEETS: dict[str, tuple[Col, ...]] = {
    "Standar": (
        _text(
            "code",
            "Nomor",
            60,
            required=True,
            help="Nomor standar; standar yang sudah ada dikenali dari nomornya.",
            example="SKKNI 401/2014",
        ),
        _text(
            "title",
            "Judul",
            300,
            required=True,
            help="Judul standar seperti pada keputusan.",
            example="Penanggulangan Bencana",
            width=60,
        ),
        _choice("kind", "Jenis", StandardKind, help="Kosong berarti SKKNI.", example="SKKNI"),
        _text(
            "legal_basis",
            "Dasar hukum",
            300,
            help="Keputusan yang menetapkan standar.",
            example="Kepmenaker 401/2014",
            width=50,
        ),
    ),
    "Unit": (
        _text(
            "standard",
            "Standar",
            60,
            required=True,
            help="Nomor standar dari lembar Standar, atau yang sudah ada.",
            example="SKKNI 401/2014",
        ),
        _text(
            "code",
            *_UNIT_CODE,
            required=True,
            help="Unit yang sudah ada dikenali dari kodenya.",
            example="O.842340.001.01",
        ),
        _text(
            "title",
            "Judul unit",
            300,
            required=True,
            help="Kata demi kata seperti pada keputusan.",
            example="Mendistribusikan bantuan",
            width=60,
        ),
        _text("description", "Deskripsi unit", 0, help="Kata demi kata seperti pada keputusan.", width=60),
        _choice("completeness", "Kelengkapan", Completeness, help="Kosong berarti Lengkap.", example="Lengkap"),
        _text("source", "Sumber teks", 0, help="Di mana teks dibaca, satu sumber per baris.", width=40),
        _text("source_note", "Catatan sumber", 0, help="Apa yang diperbaiki atau belum lengkap.", width=40),
    ),
    "Elemen": (
        _text(
            "unit",
            *_UNIT_CODE,
            required=True,
            help="Bila unit disebut di lembar ini, semua elemennya harus ditulis.",
            example="O.842340.001.01",
        ),
        Col(
            "number", ColumnSpec("No. elemen", True, "Bilangan bulat mulai dari 1.", "1", None, 12), values.whole_number
        ),
        _text("title", "Elemen kompetensi", 300, required=True, example="Menyiapkan distribusi", width=60),
    ),
    "KUK": (
        _text(
            "unit",
            *_UNIT_CODE,
            required=True,
            help="Bila unit disebut di lembar ini, semua KUK-nya harus ditulis.",
            example="O.842340.001.01",
        ),
        Col(
            "element",
            ColumnSpec("No. elemen", True, "Nomor elemen pada lembar Elemen.", "1", None, 12),
            values.whole_number,
        ),
        _text(
            "number",
            "No. KUK",
            10,
            required=True,
            help="Seperti 1.1; urutan baris menjadi urutan KUK. Format sel Teks.",
            example="1.1",
            width=12,
        ),
        _text("text", "Kriteria unjuk kerja", 0, required=True, example="Daftar penerima diperiksa.", width=80),
    ),
    "Skema": (
        _text(
            "code",
            "Kode skema",
            60,
            required=True,
            help="Huruf kecil, angka, dan tanda hubung. Skema yang sudah ada dikenali dari kodenya.",
            example="distribusi-bantuan",
        ),
        _text("number", "Nomor skema", 80, example="SKM-01/LSP-BNPB"),
        _text("title", "Judul skema", 200, required=True, example="Distribusi Bantuan", width=50),
        _choice("kind", "Jenis skema", SchemeKind, help="Kosong berarti Klaster.", example="Klaster"),
        _text("group", "Kelompok", 80, help="Untuk mengelompokkan di daftar skema."),
        _text("summary", "Ringkasan", 0, help="Dua atau tiga kalimat untuk calon asesi.", width=60),
        Col(
            "validity_months",
            ColumnSpec("Masa berlaku (bulan)", False, "Kosong berarti 36.", "36", None, 14),
            values.whole_number,
        ),
        Col(
            "purposes",
            ColumnSpec(
                "Tujuan asesmen",
                False,
                "Kunci tujuan, dipisah koma; wajib untuk skema baru.",
                "sertifikasi, rpl",
                purpose_codes,
                30,
            ),
            _codes,
        ),
        Col(
            "registration_opens_on",
            ColumnSpec("Pendaftaran dibuka", False, "Boleh kosong. Hari dahulu: 24-11-2026.", "", None, 18),
            values.day,
        ),
        Col(
            "registration_closes_on",
            ColumnSpec("Pendaftaran ditutup", False, "Boleh kosong. Hari dahulu: 24-11-2026.", "", None, 18),
            values.day,
        ),
        Col(
            "is_confirmed",
            ColumnSpec(
                "Sudah dikonfirmasi", False, "ya atau tidak; kosong berarti tidak.", "tidak", _yes_no_labels, 14
            ),
            values.yes_no,
        ),
        _text("confirmation_note", "Catatan konfirmasi", 0, help="Apa yang menunggu konfirmasi LSP.", width=40),
    ),
    "Unit skema": (
        _text(
            "scheme",
            "Kode skema",
            60,
            required=True,
            help="Urutan baris menjadi urutan unit. Semua unit skema harus ditulis.",
            example="distribusi-bantuan",
        ),
        _text(
            "unit",
            *_UNIT_CODE,
            required=True,
            help="Unit dari lembar Unit, atau yang sudah ada.",
            example="O.842340.001.01",
        ),
    ),
    "Persyaratan": (
        _text(
            "scheme",
            "Kode skema",
            60,
            required=True,
            help="Semua persyaratan skema harus ditulis.",
            example="distribusi-bantuan",
        ),
        _choice("section", "Bagian", RequirementSection, required=True, example="Bukti administratif"),
        _text("title", "Persyaratan", 250, required=True, example="Fotokopi KTP", width=50),
        _text("help_text", "Petunjuk", 0, help="Apa yang harus diunggah asesi.", width=50),
        Col("document_type", ColumnSpec("Jenis dokumen", True, "Kunci jenis dokumen.", "ktp", document_type_codes, 26)),
        Col(
            "is_required",
            ColumnSpec("Wajib", False, "ya atau tidak; kosong berarti ya.", "ya", _yes_no_labels, 10),
            values.yes_no,
        ),
        Col(
            "is_confirmed",
            ColumnSpec(
                "Sudah dikonfirmasi", False, "ya atau tidak; kosong berarti tidak.", "tidak", _yes_no_labels, 14
            ),
            values.yes_no,
        ),
    ),
}
INTRO = (
    "Buku kerja skema dan standar LSP BNPB",
    "Isi lembar yang diperlukan saja; lembar yang kosong tidak mengubah apa pun. Kolom bertanda * wajib diisi.",
    "Mengimpor tidak pernah mengubah versi skema yang sudah terbit: perubahan menjadi draf versi berikutnya.",
)


# --- out --------------------------------------------------------------------------------------------


def workbook_of_version(version: SchemeVersion) -> bytes:
    """A version of a scheme with everything it rests on; reading it back changes nothing."""
    units = [
        link.unit
        for link in version.scheme_units.order_by("position", "pk").prefetch_related(
            "unit__standard", "unit__elements__criteria"
        )
    ]
    standards = {unit.standard_id: unit.standard for unit in units}
    return _write(standards.values(), units, [version])


def workbook_of_standard(standard: CompetencyStandard) -> bytes:
    units = standard.units.prefetch_related("standard", "elements__criteria").order_by("code")
    return _write([standard], list(units), [])


def empty_workbook() -> bytes:
    return _write([], [], [])


def _write(standards: Iterable, units: list[CompetencyUnit], versions: list[SchemeVersion]) -> bytes:
    rows: dict[str, list[list[Any]]] = {name: [] for name in SHEETS}

    def add(sheet: str, source: Mapping[str, Any]) -> None:
        rows[sheet].append([source[column.attribute] for column in SHEETS[sheet]])

    for standard in standards:
        add("Standar", {**vars(standard), "kind": standard.get_kind_display()})
    for unit in units:
        add("Unit", {**vars(unit), "standard": unit.standard.code, "completeness": unit.get_completeness_display()})
        for element in unit.elements.all():
            add("Elemen", {**vars(element), "unit": unit.code})
            for criterion in element.criteria.all():
                add("KUK", {**vars(criterion), "unit": unit.code, "element": element.number})
    for version in versions:
        scheme = version.scheme
        codes = ", ".join(version.purposes.order_by("position").values_list("code", flat=True))
        head = {**vars(version), **vars(scheme), "kind": scheme.get_kind_display(), "purposes": codes}
        add("Skema", head)
        for unit in units:
            add("Unit skema", {"scheme": scheme.code, "unit": unit.code})
        for requirement in requirements_in_order(version):
            add(
                "Persyaratan",
                {
                    **vars(requirement),
                    "scheme": scheme.code,
                    "section": requirement.get_section_display(),
                    "document_type": requirement.document_type.code,
                },
            )
    sheets = [SheetOut(name, [column.spec for column in columns], rows[name]) for name, columns in SHEETS.items()]
    return xlsx(sheets, with_help=True, intro=INTRO)


def requirements_in_order(version: SchemeVersion) -> list:
    """As FR.APL-01 prints them: basic ones first."""
    return list(version.requirements.select_related("document_type").order_by("-section", "position", "pk"))


# --- in ---------------------------------------------------------------------------------------------


@dataclass
class Line:
    """One row of a sheet: where it stands, and its values by attribute (only columns that the file has)."""

    sheet: str
    row: int
    values: dict[str, Any]
    is_broken: bool = False

    def __getitem__(self, attribute: str) -> Any:
        return self.values.get(attribute)


@dataclass
class Contents:
    """The rows of each sheet that the file has, and what is wrong with them."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(map(len, self.lines.values()))

    def fault(self, line: Line, attribute: str, message: str) -> None:
        column = next(column.title for column in SHEETS[line.sheet] if column.attribute == attribute)
        value = line[attribute]
        shown = ", ".join(value) if isinstance(value, tuple) else values.plain(value)
        self.faults.append(Fault(line.sheet, line.row, column, shown, message))


def read_workbook(content: bytes) -> Contents:
    """Every sheet that we know by name; faults of all sheets at once. Raises DomainError for what is no workbook."""
    book = read_book(content)
    found = Contents(notices=list(book.notices))
    named = {sheet.name.strip().casefold(): sheet for sheet in book.sheets}
    known = {name.casefold() for name in SHEETS}
    strangers = [sheet.name or "CSV" for sheet in book.sheets if sheet.name.strip().casefold() not in known]
    if not known & set(named):
        found.faults.append(
            Fault(
                "",
                1,
                "",
                ", ".join(strangers[:10]),
                _("Tidak ada lembar yang dikenal. Lembarnya bernama: %(names)s. Unduh templatnya.")
                % {"names": ", ".join(SHEETS)},
            )
        )
        return found
    if strangers:
        found.notices.append(_("Lembar tidak dikenal dan tidak dibaca: %(names)s.") % {"names": ", ".join(strangers)})
    for name, columns in SHEETS.items():
        sheet = named.get(name.casefold())
        if sheet is not None and len(sheet.rows) > 1:
            _read_sheet(found, book, sheet, name, columns)
    if not found.lines and not found.faults:
        found.faults.append(Fault("", 1, "", "", _("Semua lembar masih kosong. Isi sedikitnya satu baris.")))
    return found


def _read_sheet(found: Contents, book: Book, sheet: Any, name: str, columns: tuple[Col, ...]) -> None:
    table = read_table(book, sheet, [column.spec for column in columns])
    found.faults += [Fault(name, f.row, f.column, f.value, f.message) for f in table.faults]
    found.notices += [f"{name}: {notice}" for notice in table.notices]
    lines = found.lines.setdefault(name, [])
    for row in table.rows:
        line = Line(name, row.number, {})
        for column in columns:
            if column.title in row.values:
                _read_cell(found, line, column, row.values[column.title])
            elif column.spec.is_required:  # the whole column is lacking, which is told once
                line.is_broken = True
        lines.append(line)


def _read_cell(found: Contents, line: Line, column: Col, cell: Any) -> None:
    problem = ""
    try:
        value = column.parse(cell)
    except values.BadValue as error:
        value, problem = None, str(error)
    if not problem and column.spec.is_required and (value is None or value == ""):
        problem = _("Wajib diisi.")
    if not problem and column.max_length and len(value) > column.max_length:
        problem = _("Paling banyak %(limit)d karakter, yang diisi %(count)d.") % {
            "limit": column.max_length,
            "count": len(value),
        }
    if problem:
        found.faults.append(Fault(line.sheet, line.row, column.title, values.plain(cell), problem))
        value, line.is_broken = None, True
    line.values[column.attribute] = value
    if isinstance(cell, str) and column.parse is values.day and (notice := values.day_notice(cell)):
        found.notices.append(f"{line.sheet}, baris {line.row}: {notice}")


def same(old: Any, new: Any) -> bool:
    """Whether a cell says what is stored; spaces at the ends, which no cell keeps, do not count."""
    if isinstance(old, str) and isinstance(new, str):
        return clean_text(old) == new
    return old == new
