"""Carry jobs in the background until stopped: what systemd keeps running."""

import signal
from types import FrameType

from django.core.management.base import BaseCommand

from core.jobs.services import keep_running

FOR_EVER = float("inf")


class Command(BaseCommand):
    help = (
        "Menjalankan pekerjaan latar yang menunggu (ekspor, impor, rekap) sampai dihentikan (Ctrl+C atau SIGTERM). "
        "Pekerjaan yang sedang berjalan lalu menunggu lagi. Tanpa perintah ini cron menjalankannya setiap menit."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--seconds", type=float, default=FOR_EVER, metavar="S", help="berhenti sesudah sekian detik"
        )

    def handle(self, *args, **options):
        signal.signal(signal.SIGTERM, _stop)
        try:
            carried = keep_running(seconds=options["seconds"])
        except KeyboardInterrupt:
            self.stdout.write("Dihentikan.")
        else:
            self.stdout.write(f"{carried} pekerjaan dijalankan.")


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
