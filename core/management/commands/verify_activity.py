"""Verify that nobody touched the activity log behind the product's back."""

from datetime import date, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.activity.enums import CheckOutcome
from core.activity.verification import BATCH, MAX_TOLD, check_activity
from core.common.dates import beginning_of

#: In a log file a line now and then; at a terminal the number runs.
TOLD_EACH = 100_000


class Command(BaseCommand):
    help = (
        "Memeriksa catatan aktivitas: baris yang diubah, dihapus, disisipkan, atau ditukar di belakang aplikasi. "
        "Kode keluar 0: utuh, 1: ada yang berbeda, 2: tidak dapat diperiksa."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--since",
            metavar="TTTT-BB-HH",
            help="mulai dari titik periksa terakhir sebelum tanggal ini, bukan dari catatan pertama",
        )
        parser.add_argument(
            "--new-checkpoints",
            action="store_true",
            help="mulai berkas titik periksa baru, setelah basis data sengaja dipulihkan dari cadangan",
        )

    def handle(self, *args, **options):
        check, found = check_activity(
            since=self._moment(options["since"]), new_checkpoints=options["new_checkpoints"], progress=self._progress
        )
        if self.stdout.isatty():
            self.stdout.write("")
        for sentence in found.told:
            self.stdout.write(f"- {sentence}")
        if found.faults > MAX_TOLD:
            self.stdout.write(f"- … dan {found.faults - MAX_TOLD} temuan lain.")
        seconds = max((timezone.now() - check.at).total_seconds(), 0.001)
        counted = f"{found.rows} catatan dalam {seconds:.1f} detik ({found.rows / seconds:.0f} per detik)"
        if check.outcome == CheckOutcome.INTACT:
            self.stdout.write(f"Utuh: {counted}.")
        elif check.outcome == CheckOutcome.DIFFERS:
            raise CommandError(
                f"BERBEDA: {found.faults} temuan pada {counted}. Jangan ubah apa pun; simpan salinan basis data, "
                "lalu bandingkan dengan cadangan.",
                returncode=1,
            )
        else:
            raise CommandError(
                f"Tidak dapat diperiksa ({counted}). Periksa basis data dan hak tulis pada VAR_DIR, lalu ulangi.",
                returncode=2,
            )

    def _moment(self, words: str | None) -> datetime | None:
        if words is None:
            return None
        try:
            return beginning_of(date.fromisoformat(words))
        except ValueError as error:
            raise CommandError("Tanggal ditulis TTTT-BB-HH, misalnya 2026-11-24.", returncode=2) from error

    def _progress(self, rows: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{rows} catatan diperiksa …", ending="")
            self.stdout.flush()
        elif rows >= BATCH and rows // TOLD_EACH > (rows - BATCH) // TOLD_EACH:
            self.stdout.write(f"{rows} catatan diperiksa …")
