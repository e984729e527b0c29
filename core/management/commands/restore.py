"""Bring a backup back into this installation."""

import sys
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from core.backups.enums import Place
from core.backups.recovery import Restored, restore, what_would_be_lost
from core.backups.restic import FULL, repository_called
from core.backups.restoring import LATEST, find_snapshot
from core.common.exceptions import DomainError

MAX_TOLD = 20
WRITTEN = "%Y-%m-%d %H:%M"


class Command(BaseCommand):
    help = (
        "Memulihkan basis data dan dokumen dari cadangan ke instalasi ini (versi yang sama atau lebih baru). Bertanya "
        "sebelum menimpa. Dapat diulang bila terputus: yang sudah utuh tidak diambil lagi. Hentikan layanan web dan "
        "cron dahulu. Kode keluar 0: pulih dan sama dengan manifesnya; 1: tidak."
    )

    def add_arguments(self, parser):
        parser.add_argument("--from", dest="place", choices=Place.values, help="repositori (bawaan: yang lokal)")
        parser.add_argument("--snapshot", default=LATEST, metavar="ID", help="id cadangan (bawaan: yang terbaru)")
        parser.add_argument("--until", metavar='"TTTT-BB-HH JJ:MM"', help="sampai saat ini, dengan log biner MariaDB")
        parser.add_argument("--list", action="store_true", help="tidak memulihkan; sebut cadangan yang ada")
        parser.add_argument("--yes", action="store_true", help="jangan bertanya (untuk skrip)")

    def handle(self, *args, **options):
        try:
            place = options["place"] or self._first_place()
            if options["list"]:
                self._list(place)
                return
            until = self._moment(options["until"])
            chosen = find_snapshot(repository_called(place), wanted=options["snapshot"], before=until)
            at = f"{timezone.localtime(chosen.at):%d-%m-%Y %H:%M}"
            self.stdout.write(f"Cadangan {chosen.id[:8]} dari {at} ({Place(place).label}).")
            self._ask(options["yes"])
            found = restore(place=place, snapshot=options["snapshot"], until=until, progress=self._progress)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(found, until)

    def _first_place(self) -> str:
        return next((place for place in Place.values if settings.BACKUP_REPOSITORIES.get(place)), Place.LOCAL)

    def _list(self, place: str) -> None:
        for snapshot in repository_called(place).snapshots(tag=FULL):
            self.stdout.write(f"{snapshot.id[:8]}  {timezone.localtime(snapshot.at):%d-%m-%Y %H:%M}")

    def _moment(self, words: str | None) -> datetime | None:
        if words is None:
            return None
        try:
            return timezone.make_aware(datetime.strptime(words, WRITTEN))
        except ValueError as error:
            raise CommandError('Saat ditulis "TTTT-BB-HH JJ:MM", misalnya "2026-11-24 10:15".') from error

    def _ask(self, is_answered: bool) -> None:
        lost = what_would_be_lost()
        if not lost or is_answered:
            return
        self.stdout.write("Di sini sudah ada isi, dan semuanya akan DIGANTI: " + ", ".join(lost) + ".")
        if not sys.stdin.isatty():
            raise CommandError("Tidak ada yang diubah. Jalankan di terminal dan jawab, atau tambahkan --yes.")
        if input("Ketik GANTI untuk melanjutkan: ").strip() != "GANTI":
            raise CommandError("Dibatalkan; tidak ada yang diubah.")

    def _progress(self, sentence: str) -> None:
        self.stdout.write(f"{timezone.localtime():%H:%M:%S} {sentence} …")

    def _tell(self, found: Restored, until: datetime | None) -> None:
        manifest = found.manifest
        self.stdout.write(
            f"Pulih: {len(manifest.documents)} dokumen ({filesizeformat(manifest.document_bytes)}), setiap SHA-256 "
            f"sama, dalam {found.seconds['restore']} s; disiapkan dalam {found.seconds['settle']} s."
        )
        if until is None and found.comparison.is_same:
            self.stdout.write(f"{manifest.rows} baris dalam {len(manifest.tables)} tabel, sama dengan manifesnya.")
        self.stdout.write(
            f"{found.sessions_ended} sesi diakhiri, {found.jobs_ended} pekerjaan latar diputus, {found.letters_held} "
            "surat yang menunggu ditahan: lihat “Surat gagal” di ruang kerja, kirim ulang yang memang belum sampai."
        )
        if manifest.missing:
            self.stdout.write(f"{len(manifest.missing)} dokumen sudah tidak ada saat dicadangkan.")
        if manifest.destroyed:
            self.stdout.write(f"{len(manifest.destroyed)} dokumen dimusnahkan selama pencadangan.")
        for table, (told, now) in list(found.comparison.rows.items())[:MAX_TOLD]:
            self.stdout.write(f"- BERBEDA {table}: {told} baris dalam manifes, {now} sesudah dipulihkan")
        if not found.is_whole:
            raise CommandError(
                "TIDAK SAMA dengan manifesnya, atau catatan aktivitas tidak utuh. Jangan dipakai; coba cadangan lain.",
                returncode=1,
            )
        self.stdout.write("Selesai. Jalankan lagi layanan web dan cron.")
