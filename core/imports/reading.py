"""Reading a spreadsheet of unknown make: what it really is, whether it is safe, and its cells.

Everything that cannot be read ends in a DomainError (field "file") with a sentence for the person.
Limits come before parsing, so that no file can fill the memory: bytes handed in, bytes unpacked, rows, columns.
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from charset_normalizer import from_bytes
from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from core.activity.refused_files import noting_refused_files
from core.common.exceptions import DomainError
from core.imports.values import is_blank

MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 500
MAX_COLUMNS = 60
MAX_ROWS = 10_000
#: Sheets of our own templates that hold explanations and lists, never data.
HELP_SHEETS = frozenset({"petunjuk", "pilihan", "daftar skema"})

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


@dataclass(frozen=True)
class Row:
    """`number` is the row as a spreadsheet counts it."""

    number: int
    cells: list[Any]


@dataclass
class Sheet:
    name: str
    rows: list[Row]
    merged: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)  # cells that hold a formula, such as C7


@dataclass
class Book:
    """What a file holds. `format` is "xlsx" or "csv"; a CSV has one sheet without a name."""

    format: str
    sheets: list[Sheet]
    notices: list[str] = field(default_factory=list)


def _refuse(message: str, code: str) -> DomainError:
    return DomainError(message, code=f"spreadsheet.{code}", field="file")


@noting_refused_files()
def read_book(content: bytes) -> Book:
    """Decided by the content, never by the name."""
    limit = settings.IMPORT_MAX_BYTES
    if not content.strip():
        raise _refuse(_("Berkas ini kosong. Unduh templat, isi, lalu unggah."), "empty")
    if len(content) > limit:
        raise _refuse(
            _("Berkas lebih besar dari %(limit)d MB. Pecah menjadi beberapa berkas.")
            % {"limit": limit // 1024 // 1024},
            "too_large",
        )
    if content.startswith(_OLD_OFFICE):
        raise _refuse(
            _(
                "Ini berkas Excel lama (.xls), atau berkas yang dikunci kata sandi. Buka, hapus kata sandinya bila "
                "ada, lalu simpan sebagai Excel Workbook (.xlsx)."
            ),
            "old_excel",
        )
    if content.startswith(b"%PDF-"):
        raise _refuse(_("Ini berkas PDF. Unggah berkas Excel (.xlsx) atau CSV."), "pdf")
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    return _read_csv(content)


# --- Excel ------------------------------------------------------------------------------------------


def _read_xlsx(content: bytes) -> Book:
    broken = _refuse(_("Berkas ini rusak atau bukan Excel. Simpan ulang sebagai .xlsx lalu unggah kembali."), "broken")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_archive(archive)
        return _read_sheets(content, archive)
    except DomainError:
        raise
    except Exception as error:  # a hostile file can make the parser fail in any way; all mean the same
        raise broken from error


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse what is no workbook, and what would unpack to more than we are ready to hold."""
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refuse(
            _("Isi berkas ini terlalu besar setelah dibuka. Salin datanya ke templat yang kosong."), "unpacks_too_large"
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise _refuse(_("Berkas ini dikunci dengan kata sandi. Unggah tanpa kata sandi."), "encrypted")
    if "xl/workbook.xml" not in names:
        kinds = {"word/document.xml": "Word (.docx)", "ppt/presentation.xml": "PowerPoint (.pptx)"}
        kind = next((title for name, title in kinds.items() if name in names), "")
        if not kind and "mimetype" in names and b"opendocument" in archive.read("mimetype")[:200]:
            kind = "OpenDocument (.ods)"
        raise _refuse(
            _("Ini berkas %(kind)s, bukan Excel. Simpan sebagai Excel Workbook (.xlsx) atau CSV.")
            % {"kind": kind or "ZIP"},
            "not_excel",
        )
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(4096).upper():
                    raise _refuse(_("Berkas ini memuat definisi XML yang tidak diizinkan."), "doctype")


def _read_sheets(content: bytes, archive: zipfile.ZipFile) -> Book:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of drop-downs and styles that it drops
        values = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        book = Book("xlsx", [])
        with_formulas = []
        for source in values.worksheets:
            if source.title.strip().casefold() in HELP_SHEETS:
                continue
            if source.sheet_state != "visible":
                book.notices.append(_("Lembar tersembunyi “%(name)s” tidak dibaca.") % {"name": source.title})
                continue
            raw = archive.read(source._worksheet_path.lstrip("/"))
            sheet = Sheet(source.title, _rows_of(source), [ref.decode() for ref in _MERGED.findall(raw)])
            if _FORMULA.search(raw):
                with_formulas.append(sheet)
            book.sheets.append(sheet)
        values.close()
        if with_formulas:
            _note_formulas(content, with_formulas)
    if not book.sheets:
        raise _refuse(_("Tidak ada lembar yang tampak di berkas ini."), "no_sheet")
    return book


def _rows_of(source: Any) -> list[Row]:
    source.reset_dimensions()  # what the file says about its size may be wrong by a million rows
    rows = []
    for number, cells in enumerate(source.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), start=1):
        if not all(map(is_blank, cells[MAX_COLUMNS:])):
            raise _too_many_columns()
        _keep(rows, number, list(cells[:MAX_COLUMNS]))
    return rows


def _too_many_columns() -> DomainError:
    return _refuse(_("Lebih dari %(limit)d kolom berisi.") % {"limit": MAX_COLUMNS}, "too_many_columns")


def _keep(rows: list[Row], number: int, cells: list[Any]) -> None:
    """Blank rows and blank cells at the end of a row are formatting, not data."""
    while cells and is_blank(cells[-1]):
        cells.pop()
    if not cells:
        return
    if len(rows) > MAX_ROWS + 10:
        raise _refuse(
            _("Lebih dari %(limit)s baris. Pecah menjadi beberapa berkas.")
            % {"limit": f"{MAX_ROWS:,}".replace(",", ".")},
            "too_many_rows",
        )
    rows.append(Row(number, cells))


def _note_formulas(content: bytes, sheets: list[Sheet]) -> None:
    """Where formulas stand; their last computed values were read already."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    for sheet in sheets:
        source = book[sheet.name]
        source.reset_dimensions()
        for cells in source.iter_rows(max_col=MAX_COLUMNS):
            sheet.formulas += [
                f"{get_column_letter(cell.column)}{cell.row}" for cell in cells if getattr(cell, "data_type", "") == "f"
            ]
    book.close()


# --- CSV --------------------------------------------------------------------------------------------


def _read_csv(content: bytes) -> Book:
    text, encoding = _decode(content)
    book = Book("csv", [])
    if encoding == "Windows-1252":  # a guess; the others are told by the bytes themselves
        book.notices.append(
            _("Huruf dibaca sebagai %(encoding)s. Periksa huruf khusus seperti é pada hasil di bawah.")
            % {"encoding": encoding}
        )
    lines = text.splitlines(keepends=True)
    hint = re.match(r'^"?sep=([^"])"?\s*$', lines[0].rstrip("\r\n")) if lines else None
    delimiter = hint[1] if hint else _delimiter(text)
    rows: list[Row] = []
    formulas = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
            if number == 1 and hint:
                continue
            if len(cells) > MAX_COLUMNS and any(cell.strip() for cell in cells[MAX_COLUMNS:]):
                raise _too_many_columns()
            cells = cells[:MAX_COLUMNS]
            formulas += [
                f"{get_column_letter(place)}{number}" for place, cell in enumerate(cells, 1) if cell.startswith("=")
            ]
            _keep(rows, number, list(cells))
    except csv.Error as error:
        raise _refuse(
            _("CSV ini tidak dapat dibaca: tanda kutip tidak ditutup atau isi sel terlalu panjang."), "bad_csv"
        ) from error
    book.sheets.append(Sheet("", rows, formulas=formulas))
    return book


def _decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: UTF-8, UTF-16 or Windows-1252."""
    unreadable = _refuse(
        _("Huruf di berkas ini tidak dapat dikenali. Simpan sebagai “CSV UTF-8” atau Excel (.xlsx)."), "undecodable"
    )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ["utf-8-sig"]
    elif content[1:2000:2].count(0) > len(content[1:2000:2]) // 2:  # every second byte of plain letters
        encodings = ["utf-16-le"]
    elif content[0:2000:2].count(0) > len(content[0:2000:2]) // 2:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8", *_guess(content)]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_like_text(text):
            return text, {"cp1252": "Windows-1252"}.get(encoding, encoding.upper() if "16" in encoding else encoding)
    raise unreadable


def _guess(content: bytes) -> list[str]:
    """Windows-1252, unless the bytes speak clearly for one of its neighbours."""
    best = from_bytes(content[:50_000], cp_isolation=["cp1252", "latin_1"]).best()
    return ["cp1252"] if best is not None else []


def _looks_like_text(text: str) -> bool:
    """No binary file that happens to decode: control characters stand in no table."""
    sample = text[:20_000]
    return not any(unicodedata.category(c) in ("Cc", "Cn", "Co") and c not in "\t\r\n\x0c" for c in sample)


def _delimiter(text: str) -> str:
    """Which separator makes the most columns in the first lines; a comma when there is only one column."""
    sample = "".join(text.splitlines(keepends=True)[:20])

    def width(delimiter: str) -> int:
        try:
            return max(
                (len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)), default=0
            )
        except csv.Error:
            return 0

    first = text.splitlines()[0] if text.splitlines() else ""
    return max(",;\t|", key=lambda d: (first.count(d) > 0, _width_of_first(first, d), width(d)))


def _width_of_first(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0
