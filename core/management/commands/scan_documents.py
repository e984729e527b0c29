"""Let the virus scanner see what waits for it."""

from django.core.management.base import BaseCommand, CommandError

from core.common.exceptions import DomainError
from core.documents.quarantine import release_unscanned, scan_waiting, waiting_documents
from core.documents.scanning import is_scanner_configured

#: In a log file a line now and then; at a terminal the number runs.
TOLD_EACH = 1000


class Command(BaseCommand):
    help = (
        "Memeriksa dokumen yang menunggu pemindai virus (CLAMD_URL). Kode keluar 0: tidak ada yang menunggu lagi, "
        "1: masih ada, karena pemindai tidak menjawab atau tidak dapat memeriksa suatu berkas."
    )

    def add_arguments(self, parser):
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--all", action="store_true", help="periksa lagi semua dokumen, misalnya sesudah daftar virus diperbarui"
        )
        choice.add_argument(
            "--release-unscanned",
            action="store_true",
            help="buka yang menunggu tanpa diperiksa, sesudah CLAMD_URL sengaja dikosongkan; tercatat di log aktivitas",
        )

    def handle(self, *args, **options):
        if options["release_unscanned"]:
            try:
                self.stdout.write(f"{release_unscanned()} dokumen dibuka tanpa diperiksa.")
            except DomainError as error:
                raise CommandError(error.message) from error
            return
        if not is_scanner_configured():
            if waiting := waiting_documents().count():
                raise CommandError(
                    f"CLAMD_URL kosong, tetapi {waiting} dokumen menunggu pemindai. Isi CLAMD_URL, atau bila pemindai "
                    "sengaja tidak dipakai lagi: scan_documents --release-unscanned."
                )
            self.stdout.write("CLAMD_URL kosong: tidak ada pemindai virus, tidak ada yang menunggu.")
            return
        counted = scan_waiting(again=options["all"], progress=self._progress)
        self.stdout.write(f"{counted.clean} bersih, {counted.refused} ditolak, {counted.waiting} masih menunggu.")
        if counted.is_scanner_down:
            raise CommandError("Pemindai virus tidak menjawab. Periksa layanan clamav-daemon, lalu ulangi.")
        if counted.not_scannable:
            raise CommandError(
                f"{counted.not_scannable} dokumen tidak dapat diperiksa; alasannya ada di log. Samakan StreamMaxLength "
                "clamd dengan ukuran berkas terbesar."
            )

    def _progress(self, done: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{done} dokumen diperiksa …", ending="")
            self.stdout.flush()
        elif done % TOLD_EACH == 0:
            self.stdout.write(f"{done} dokumen diperiksa …")
