"""Fill a demonstration copy with invented people."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.accounts.models import User
from core.demo import ACCOUNTS, PASSWORD, seed_demo
from core.documents.integrity import verify_documents


class Command(BaseCommand):
    help = "Mengisi salinan demo dengan orang dan permohonan karangan. Hanya jalan bila DEMO=1."

    def add_arguments(self, parser):
        parser.add_argument("--applications", type=int, default=24, help="jumlah permohonan (bawaan 24)")
        parser.add_argument("--seed", type=int, default=2026, help="angka acak awal; angka sama, data sama")
        parser.add_argument("--if-empty", action="store_true", help="tidak berbuat apa-apa bila sudah ada pengguna")

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(
                "Data demo hanya dibuat bila DEMO=1. Pada server produksi perintah ini tidak boleh jalan."
            )
        if not (options["if_empty"] and User.objects.exists()):
            sends, settings.OUTBOX_SEND_ON_COMMIT = (
                settings.OUTBOX_SEND_ON_COMMIT,
                False,
            )  # invented people get no letters
            try:
                for number in seed_demo(applications=options["applications"], seed=options["seed"]):
                    self.stdout.write(f"\rData demo: {number}/{options['applications']} permohonan", ending="")
                    self.stdout.flush()
            finally:  # `make run` goes on to serve in the same process
                settings.OUTBOX_SEND_ON_COMMIT = sends
            self.stdout.write("")
            verify_documents()
        self.stdout.write(f"Akun demo (sandi semua: {PASSWORD})")
        for role, (email, _name) in ACCOUNTS.items():
            self.stdout.write(f"  {role:14} {email}")
