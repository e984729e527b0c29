"""Back up database and documents, or the binary logs since then."""

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from core.backups.models import BackupRun
from core.backups.queries import standing
from core.backups.services import run_backup, ship_logs
from core.common.exceptions import DomainError


class Command(BaseCommand):
    help = (
        "Mencadangkan basis data dan dokumen ke semua repositori (BACKUP_REPOSITORY, BACKUP_REPOSITORY_REMOTE), lalu "
        "memastikan semuanya sampai. Kode keluar 0 hanya bila setiap bagian berhasil; 1: ada yang gagal."
    )

    def add_arguments(self, parser):
        parser.add_argument("--logs", action="store_true", help="hanya log biner MariaDB (setiap 15 menit)")
        parser.add_argument("--status", action="store_true", help="tidak mencadangkan; sebut keadaan cadangan")

    def handle(self, *args, **options):
        if options["status"]:
            self._tell_standing()
            return
        try:
            run = ship_logs() if options["logs"] else run_backup(progress=self._progress)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(run)

    def _progress(self, sentence: str) -> None:
        self.stdout.write(f"{timezone.localtime():%H:%M:%S} {sentence} …")

    def _tell(self, run: BackupRun) -> None:
        for copy in run.copies.all():
            took = ", ".join(f"{step} {seconds} s" for step, seconds in copy.seconds.items())
            snapshot = f", snapshot {copy.snapshot[:8]}" if copy.snapshot else ""
            self.stdout.write(
                f"- {copy.get_repository_display()}: {copy.get_outcome_display().lower()}{snapshot}, "
                f"ditambahkan {filesizeformat(copy.bytes_added)} ({took}). {copy.problem} {copy.note}".rstrip()
            )
        held = f"{run.rows} baris, {run.documents} dokumen ({filesizeformat(run.document_bytes)})"
        if not run.is_good:
            raise CommandError(f"CADANGAN TIDAK BERHASIL: {run.problem}", returncode=1)
        self.stdout.write(f"Berhasil: {held}." if run.documents or run.rows else "Berhasil.")

    def _tell_standing(self) -> None:
        found = standing()
        for place in found.places:
            at = f"{timezone.localtime(place.good_at):%d-%m-%Y %H:%M}" if place.good_at else "belum ada"
            self.stdout.write(f"- {place.name}: cadangan utuh terakhir {at}")
        proven = f"{timezone.localtime(found.proven_at):%d-%m-%Y %H:%M}" if found.proven_at else "belum pernah"
        self.stdout.write(f"- terbukti dapat dipulihkan: {proven}")
        if found.alarms:
            raise CommandError(" ".join(found.alarms), returncode=1)
        self.stdout.write("Cadangan sesuai kebijakan.")
