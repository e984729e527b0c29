"""The log as a table for a spreadsheet, row by row, whatever its length."""

import csv
import json
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.activity.labels import about, act, changed_fields, kind_name, who
from core.activity.models import ActivityEntry

#: More than this is not handed out at once: nobody reads it, and the server has other work.
MAX_ROWS = 50_000


def rows(entries: QuerySet[ActivityEntry], *, names: bool, addresses: bool) -> Iterator[list[str]]:
    """The heading, then one row for each entry; without addresses the column is not there at all."""
    address = [_("Dari alamat")] if addresses else []
    yield [_("Waktu"), _("Pelaku"), _("Tindakan"), _("Jenis"), _("Objek"), *address, _("Kode"), _("Rincian")]
    for entry in entries.iterator(chunk_size=2000):
        yield [
            timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            who(entry, names=names),
            " ".join(filter(None, (act(entry), changed_fields(entry)))),
            kind_name(entry.subject_type),
            about(entry),
            *([entry.ip_address or ""] if addresses else []),
            entry.code,
            json.dumps(entry.data, ensure_ascii=False) if entry.data else "",
        ]


def harmless(value: str) -> str:
    """Text that a spreadsheet shows and never runs: a formula begins with one of these."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


class _Line:
    """What the csv module writes to: gives each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(table: Iterable[list[str]]) -> Iterator[str]:
    """With the mark at the beginning by which Excel knows UTF-8."""
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in table:
        yield writer.writerow([harmless(value) for value in row])


def xlsx_file(table: Iterable[list[str]]) -> IO[bytes]:
    """A workbook in a temporary file, which is gone when it is closed; never wholly in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Catatan aktivitas"))
    for row in table:
        sheet.append([harmless(ILLEGAL_CHARACTERS_RE.sub("", value)) for value in row])
    file = TemporaryFile()  # noqa: SIM115 - closed with the answer that sends it
    book.save(file)
    file.seek(0)
    return file
