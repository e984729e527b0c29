"""Send what waits in the outbox."""

from django.core.management.base import BaseCommand, CommandError

from core.messaging.services import send_waiting


class Command(BaseCommand):
    help = (
        "Mengirim pesan yang menunggu. Keluar dengan galat bila ada yang belum terkirim; pesan itu dicoba lagi nanti."
    )

    def handle(self, *args, **options):
        sent, failed = send_waiting()
        self.stdout.write(f"Terkirim {sent}, belum terkirim {failed}.")
        if failed:
            raise CommandError(
                "Ada pesan yang belum terkirim; periksa EMAIL_URL dan daftar pesan keluar di ruang kerja."
            )
