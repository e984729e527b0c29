"""Read the text of documents, so that the search finds what stands inside them."""

from django.core.management.base import BaseCommand, CommandError

from core.documents import ocr
from core.documents.models import Document, TextSource
from core.documents.text import read_again, waiting_texts
from core.reports.document_search import waiting_scans
from core.reports.document_words import begin_again, read_waiting

#: In a log file a line now and then; at a terminal the number runs.
TOLD_EACH = 100


class Command(BaseCommand):
    help = (
        "Membaca teks di dalam dokumen (teks PDF, dan pindaian dengan tesseract) untuk pencarian. Dapat dihentikan "
        "kapan saja dan dijalankan lagi; yang sudah dibaca tidak diulang. Kode keluar 1: ada pindaian yang menunggu "
        "karena tesseract belum terpasang."
    )

    def add_arguments(self, parser):
        parser.add_argument("--seconds", type=int, default=24 * 3600, help="berhenti sesudah sekian detik")
        parser.add_argument(
            "--again",
            choices=["gagal", "kosong", "ocr", "semua"],
            help="baca ulang yang dahulu gagal, tidak berisi teks, atau dibaca dari pindaian; atau semuanya",
        )
        parser.add_argument(
            "--all-words",
            action="store_true",
            help="susun ulang kata semua dokumen, misalnya sesudah skema berganti nama",
        )

    def handle(self, *args, **options):
        if options["again"]:
            documents = Document.objects.all()
            if options["again"] != "semua":
                documents = documents.filter(text__source=options["again"])
            self.stdout.write(f"{read_again(documents)} dokumen akan dibaca ulang.")
        if options["all_words"]:
            self.stdout.write(f"Kata {begin_again()} dokumen akan disusun ulang.")
        self._total = waiting_texts(also_scans=not ocr.what_is_missing()).count()
        count = read_waiting(seconds=options["seconds"], tell=self._progress)
        if self.stdout.isatty() and count:
            self.stdout.write("")
        left = waiting_texts(also_scans=True).exclude(source=TextSource.SCAN).count()
        self.stdout.write(f"{count} dokumen dibaca, {left} belum.")
        if (missing := ocr.what_is_missing()) and (scans := waiting_scans().count()):
            raise CommandError(f"{scans} pindaian menunggu. {missing}", returncode=1)

    def _progress(self, count: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r{count} dari {max(self._total, count)} dokumen dibaca …", ending="")
            self.stdout.flush()
        elif count % TOLD_EACH == 0:
            self.stdout.write(f"{count} dari {max(self._total, count)} dokumen dibaca …")
