"""The notice of a data breach, filled with what the system knows."""

import sys
from datetime import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format

from core.common.exceptions import DomainError
from core.privacy.breach import find_breach, write_letters


class Command(BaseCommand):
    help = (
        "Menyiapkan surat pemberitahuan kegagalan pelindungan data pribadi (UU 27/2022 pasal 46): surat kepada orang "
        "dan kepada lembaga, serta daftar penerimanya, di folder yang hanya dapat dibaca pemiliknya. Tidak mengirim "
        "apa pun."
    )

    def add_arguments(self, parser):
        parser.add_argument("--started", required=True, metavar="2026-11-20T08:00", help="kapan mulai terjadi")
        parser.add_argument("--found", required=True, metavar="2026-11-24T10:15", help="kapan pertama diketahui")
        parser.add_argument("--folder", required=True, type=Path, help="folder baru, di luar folder program")
        parser.add_argument(
            "cases", nargs="+", metavar="NOMOR", help="nomor permohonan; “-”: dari masukan, satu tiap baris"
        )

    def handle(self, *args, **options):
        numbers = [line.strip() for line in sys.stdin] if options["cases"] == ["-"] else options["cases"]
        try:
            breach = find_breach(
                started=_moment(options["started"]), found=_moment(options["found"]), numbers=filter(None, numbers)
            )
            told = write_letters(breach=breach, folder=options["folder"])
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        deadline = date_format(timezone.localtime(breach.deadline), "j F Y, H.i T")
        self.stdout.write(
            f"{told['people']} orang harus diberi tahu sebelum {deadline}.\n"
            f"{options['folder']}: surat-orang.md, surat-lembaga.md, penerima.csv. Isi {told['open']} bagian "
            "di dalam [ ], lalu mintakan tanda tangan Ketua LSP."
        )


def _moment(text: str) -> datetime:
    """Without a zone, the office's clock."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError("Waktu ditulis seperti 2026-11-24T10:15.") from error
    return moment if moment.tzinfo else timezone.make_aware(moment)
