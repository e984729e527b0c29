"""The officer's file: what the template looks like, and what is wrong with the one that came back.

Name, address, position and scheme, and nothing else. A file that brings NIK, birth, telephone or home address along is
turned away before it is kept (decision 0011): those its owner tells themselves. Whether somebody has an account is
never said here; the check only knows whom this institution itself has invited.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.refused_files import noting_refused_files
from core.common.exceptions import DomainError
from core.common.text import clean_address, clean_line
from core.imports import values
from core.imports.personal import identity_numbers, personal_headings
from core.imports.reading import Book, read_book
from core.imports.report import NEW, SKIPPED, Difference, Fault, Report
from core.imports.tables import ColumnSpec, Table, TableRow, best_sheet, read_table
from core.imports.values import BadValue, is_blank, plain
from core.imports.writing import SheetOut, csv_bytes, xlsx
from core.institutions.models import Institution, Invitation
from core.institutions.queries import standing_invitations
from core.schemes.models import Scheme
from core.schemes.queries import open_versions

KIND = "institution-people"
KIND_TITLE = "Orang yang diundang instansi"
#: People in one file; an office with more sends two.
MAX_PEOPLE = 1000
NAME, EMAIL, POSITION, SCHEME = "Nama lengkap", "E-mail", "Jabatan", "Skema"
SHEET = "Orang"
#: Where a slip of the finger is easily seen.
_KNOWN_HOSTS = ("gmail.com", "yahoo.com", "yahoo.co.id", "outlook.com", "hotmail.com", "icloud.com")


@dataclass(frozen=True)
class Person:
    """One good row."""

    row: int
    full_name: str
    email: str
    job_title: str
    scheme: Scheme


def open_schemes() -> list[Scheme]:
    return [version.scheme for version in open_versions()]


def columns(schemes: list[Scheme]) -> list[ColumnSpec]:
    return [
        ColumnSpec(NAME, True, _("Seperti pada KTP; orangnya dapat memperbaikinya."), "Budi Santoso", width=32),
        ColumnSpec(
            EMAIL, True, _("Alamat milik orang itu sendiri, bukan alamat kantor bersama."), "budi@contoh.id", width=32
        ),
        ColumnSpec(POSITION, False, _("Jabatan di instansi Anda."), "Analis kebencanaan", width=28),
        ColumnSpec(
            SCHEME,
            True,
            _("Pilih dari daftar, atau tulis kodenya seperti pada lembar Daftar skema."),
            schemes[0].title if schemes else "",
            choices=lambda: [scheme.title for scheme in schemes],
            width=48,
        ),
    ]


def template(form: str) -> bytes:
    """An empty file to fill in; as XLSX with instructions, drop-downs and the list of schemes."""
    schemes = open_schemes()
    specs = columns(schemes)
    if form == "csv":
        return csv_bytes([spec.title for spec in specs], [])
    intro = (
        _("Pendaftaran kolektif sertifikasi LSP BNPB"),
        _("Isi lembar Orang, satu baris satu orang, paling banyak %(limit)d baris. Kolom bertanda * wajib diisi.")
        % {"limit": MAX_PEOPLE},
        _("Jangan menulis NIK, tanggal lahir, nomor telepon, atau alamat rumah: orangnya mengisinya sendiri."),
        _("Sesudah diunggah, semua kesalahan ditunjukkan dahulu. Yang dikirim hanya yang Anda setujui di halaman itu."),
    )
    listed = [
        ColumnSpec("Kode", help=_("Boleh ditulis di kolom Skema sebagai pengganti judul."), width=30),
        ColumnSpec("Skema sertifikasi", help=_("Skema yang sekarang dibuka."), width=60),
    ]
    sheets = [
        SheetOut(SHEET, specs),
        SheetOut("Daftar skema", listed, [(scheme.code, scheme.title) for scheme in schemes]),
    ]
    return xlsx(sheets, with_help=True, intro=intro)


def check_file(content: bytes, *, institution: Institution) -> Report:
    return read_people(content, institution=institution)[0]


def read_people(content: bytes, *, institution: Institution) -> tuple[Report, list[Person]]:
    """Every fault by row and column, and every good row; good rows stand beside the faults, to be sent without them."""
    book = read_book(content)
    _refuse_personal(book)
    schemes = open_schemes()
    specs = columns(schemes)
    sheet = best_sheet(book, specs, SHEET)
    table = read_table(book, sheet, specs)
    report = Report(book.format, table.columns, len(table.rows), table.faults, notices=[*book.notices, *table.notices])
    people: list[Person] = []
    if len(table.rows) > MAX_PEOPLE:
        report.faults.append(
            Fault(
                sheet.name,
                table.rows[MAX_PEOPLE].number,
                "",
                "",
                _("Lebih dari %(limit)d orang dalam satu berkas. Pecah menjadi beberapa berkas.")
                % {"limit": MAX_PEOPLE},
            )
        )
    elif table.is_readable:
        people = _Check(table, report, schemes, institution).go()
    report.sort()
    return report, people


@noting_refused_files()
def _refuse_personal(book: Book) -> None:
    headings = [name for sheet in book.sheets for name in personal_headings(sheet)]
    if headings:
        raise DomainError(
            _(
                "Berkas ini memuat kolom %(names)s. Data itu diisi orangnya sendiri setelah ia menyetujui pemrosesan "
                "datanya. Hapus kolom itu, lalu unggah lagi. Berkas tidak disimpan."
            )
            % {"names": ", ".join(f"“{name}”" for name in headings[:6])},
            code="people_file.personal_column",
            field="file",
        )
    rows = [str(row) for _sheet, row in identity_numbers(book)]
    if rows:
        raise DomainError(
            _(
                "Ada deretan 16 angka, seperti NIK, pada baris %(rows)s. NIK diisi orangnya sendiri. Hapus angka itu, "
                "lalu unggah lagi. Berkas tidak disimpan."
            )
            % {"rows": ", ".join(rows[:8]) + (", …" if len(rows) > 8 else "")},
            code="people_file.identity_number",
            field="file",
        )


class _Check:
    """One walk over the rows of a table."""

    def __init__(self, table: Table, report: Report, schemes: list[Scheme], institution: Institution):
        self.table, self.report = table, report
        self.schemes = {key.casefold(): scheme for scheme in schemes for key in (scheme.title, scheme.code)}
        self.closed = {
            key.casefold()
            for title, code in Scheme.objects.values_list("title", "code")
            for key in (title, code)
            if key.casefold() not in self.schemes
        }
        self.invited = {
            (email, scheme): invitation
            for email, scheme, invitation in (
                (row.email, row.scheme_id, row) for row in standing_invitations(institution).select_related("batch")
            )
        }
        self.seen: dict[tuple[str, int], int] = {}
        self.owner: dict[str, tuple[int, str]] = {}

    def go(self) -> list[Person]:
        found = (self._person(row) for row in self.table.rows)
        return [person for person in found if person is not None]

    def _person(self, row: TableRow) -> Person | None:
        before = len(self.report.faults)
        name = self._cell(row, NAME, self._name)
        email = self._cell(row, EMAIL, self._email)
        position = self._cell(row, POSITION, self._position)
        scheme = self._cell(row, SCHEME, self._scheme)
        if name and email:
            self._one_address_one_person(row, name, email)
        if email and scheme:
            self._not_twice(row, email, scheme)
        if len(self.report.faults) > before:
            return None
        invitation = self.invited.get((email, scheme.pk))
        self._tell(row, name, email, position, scheme, invitation)
        return None if invitation else Person(row.number, name, email, position or "", scheme)

    def _tell(
        self, row: TableRow, name: str, email: str, position: str, scheme: Scheme, invitation: Invitation | None
    ) -> None:
        notices = [hint] if (hint := _host_hint(email)) else []
        if invitation is not None:
            when = date_format(timezone.localdate(invitation.batch.sent_at), "j F Y")
            facts = {"batch": invitation.batch.number, "day": when}
            notices = [
                _("Undangannya kedaluwarsa; kirim ulang dari rombongan %(batch)s (%(day)s).") % facts
                if invitation.is_expired
                else _("Sudah diundang dalam rombongan %(batch)s (%(day)s); tidak diundang dua kali.") % facts
            ]
        shown = [(EMAIL, "", email), (POSITION, "", position or ""), (SCHEME, "", scheme.title)]
        self.report.differences.append(
            Difference(
                self.table.sheet,
                row.number,
                name,
                SKIPPED if invitation else NEW,
                changes=[list(change) for change in shown],
                notices=notices,
            )
        )

    def _cell(self, row: TableRow, title: str, read: Callable[[Any], Any]) -> Any:
        value = row.values.get(title)
        try:
            return read(value)
        except BadValue as error:
            self._fault(row, title, value, str(error))
            return None

    def _fault(self, row: TableRow, title: str, value: Any, message: str) -> None:
        self.report.faults.append(Fault(self.table.sheet, row.number, title, plain(value)[:200], message))

    def _name(self, value: Any) -> str:
        name = _needed(value, _("Nama lengkap belum diisi."))
        if len(name) > 150:
            raise BadValue(_("Nama paling banyak 150 karakter."))
        if "@" in name or not any(c.isalpha() for c in name):
            raise BadValue(_("Ini bukan nama orang. Isi nama lengkap seperti pada KTP."))
        return name

    def _email(self, value: Any) -> str:
        email = clean_address(_needed(value, _("Alamat e-mail belum diisi; undangan dikirim ke sana.")))
        try:
            validate_email(email)
        except ValidationError as error:
            raise BadValue(_("Alamat e-mail tidak lengkap atau salah tulis. Contoh: nama@contoh.id.")) from error
        if len(email) > 254:
            raise BadValue(_("Alamat e-mail paling banyak 254 karakter."))
        return email

    def _position(self, value: Any) -> str:
        position = clean_line(values.text(value))
        if len(position) > 100:
            raise BadValue(_("Jabatan paling banyak 100 karakter."))
        return position

    def _scheme(self, value: Any) -> Scheme:
        title = _needed(value, _("Skema belum diisi. Pilih dari daftar di templat."))
        scheme = self.schemes.get(title.casefold())
        if scheme is not None:
            return scheme
        if title.casefold() in self.closed:
            raise BadValue(_("Pendaftaran skema ini sedang ditutup. Pilih skema dari lembar Daftar skema."))
        near = difflib.get_close_matches(title.casefold(), self.schemes, n=1, cutoff=0.6)
        hint = _(" Mungkin maksudnya “%(title)s”.") % {"title": self.schemes[near[0]].title} if near else ""
        raise BadValue(_("Skema ini tidak dikenal. Pilih dari daftar di templat.") + hint)

    def _one_address_one_person(self, row: TableRow, name: str, email: str) -> None:
        """An account belongs to one person: a mailbox that several share would let one sign for another."""
        first, owner = self.owner.setdefault(email, (row.number, name.casefold()))
        if owner != name.casefold():
            message = _("Alamat ini sudah dipakai orang lain pada baris %(row)d. Setiap orang perlu alamat sendiri.")
            self._fault(row, EMAIL, email, message % {"row": first})

    def _not_twice(self, row: TableRow, email: str, scheme: Scheme) -> None:
        first = self.seen.setdefault((email, scheme.pk), row.number)
        if first != row.number:
            message = _("Orang dan skema ini sama dengan baris %(row)d. Hapus salah satunya.") % {"row": first}
            if not any(fault.row == row.number and fault.column == EMAIL for fault in self.report.faults):
                self._fault(row, EMAIL, email, message)


def _needed(value: Any, sentence: str) -> str:
    found = "" if is_blank(value) else clean_line(values.text(value))
    if not found:
        raise BadValue(sentence)
    return found


def _host_hint(email: str) -> str:
    """A mistyped address is told before the letter goes astray; the officer decides."""
    host = email.rpartition("@")[2]
    near = [] if host in _KNOWN_HOSTS else difflib.get_close_matches(host, _KNOWN_HOSTS, n=1, cutoff=0.85)
    return _("Mungkin maksudnya @%(host)s?") % {"host": near[0]} if near else ""
