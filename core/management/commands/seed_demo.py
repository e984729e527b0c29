"""Fill a demonstration copy with invented people, or set an installation of training back to its first day."""

import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.accounts.models import User
from core.demo import ACCOUNTS, PASSWORD, SECOND_CLERK, seed_demo
from core.demo.training import DOMAIN, GROUPS, STORIES, TRAINERS, empty_installation, seed_training, why_not_reset
from core.documents.integrity import verify_documents

#: More do not fit into a room; numbers have two digits.
MOST_PARTICIPANTS = 40


def _participants(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= MOST_PARTICIPANTS):
        raise ArgumentTypeError(f"jumlah peserta 1 sampai {MOST_PARTICIPANTS}")
    return int(text)


class Command(BaseCommand):
    help = "Mengisi salinan demo dengan orang dan permohonan karangan. Hanya jalan bila DEMO=1."

    def add_arguments(self, parser):
        parser.add_argument("--applications", type=int, default=24, help="jumlah permohonan (bawaan 24)")
        parser.add_argument("--seed", type=int, default=2026, help="angka acak awal; angka sama, data sama")
        parser.add_argument("--if-empty", action="store_true", help="tidak berbuat apa-apa bila sudah ada pengguna")
        parser.add_argument(
            "--training",
            action="store_true",
            help="MENGOSONGKAN seluruh basis data dan berkas, lalu menyiapkan keadaan awal latihan",
        )
        parser.add_argument(
            "--participants", type=_participants, default=12, help="jumlah peserta setiap kelompok (bawaan 12)"
        )

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "Data demo hanya dibuat bila DEMO=1. Pada server produksi perintah ini tidak boleh jalan."
            )
        if options["training"]:
            self._train(options["participants"])
            return
        if not (options["if_empty"] and User.objects.exists()):
            with _no_letters():
                for number in seed_demo(applications=options["applications"], seed=options["seed"]):
                    self.stdout.write(f"\rData demo: {number}/{options['applications']} permohonan", ending="")
                    self.stdout.flush()
            self.stdout.write("")
            verify_documents()
        self.stdout.write(f"Akun demo (sandi semua: {PASSWORD})")
        for role, (email, _name) in ACCOUNTS.items():
            self.stdout.write(f"  {role:14} {email}")
        self.stdout.write(f"  {'sekretariat 2':14} {SECOND_CLERK[0]}")

    def _train(self, participants: int) -> None:
        if reason := why_not_reset():
            raise CommandError(reason)
        begun = time.monotonic()
        removed = empty_installation()
        self.stdout.write(f"Dikosongkan: semua baris, termasuk catatan aktivitas dan versi, dan {removed} berkas.")
        with _no_letters():
            for step in seed_training(participants=participants):
                self.stdout.write(f"  {step}")
        last = f"{participants:02d}"
        self.stdout.write(
            f"Siap dalam {time.monotonic() - begun:.0f} detik: {participants} peserta, "
            f"{participants * len(STORIES)} permohonan. Sandi semua akun: {PASSWORD}"
        )
        for role in GROUPS:
            self.stdout.write(f"  {role:14} {role}01@{DOMAIN} sampai {role}{last}@{DOMAIN}")
        for role, (address, _name) in TRAINERS.items():
            self.stdout.write(f"  {'pelatih':14} {address} ({role})")


@contextmanager
def _no_letters() -> Iterator[None]:
    """Invented people get no letters now; `make run` goes on to serve in the same process."""
    sends, settings.OUTBOX_SEND_ON_COMMIT = settings.OUTBOX_SEND_ON_COMMIT, False
    try:
        yield
    finally:
        settings.OUTBOX_SEND_ON_COMMIT = sends
