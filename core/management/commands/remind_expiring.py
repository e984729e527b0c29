"""What the calendar does to certificates, once a night."""

from django.core.management.base import BaseCommand

from core.certificates import services


class Command(BaseCommand):
    help = (
        "Mengingatkan pemegang sertifikat yang segera berakhir dan surveilan yang jatuh tempo, mengakhiri pembekuan "
        "yang waktunya habis, dan mengirim satu ringkasan kepada sekretariat. Aman dijalankan berulang kali."
    )

    def handle(self, *args, **options):
        self.stdout.write(f"Pembekuan yang berakhir: {services.end_suspensions()}.")
        self.stdout.write(f"Pemegang yang diingatkan akhir masa berlaku: {services.remind_expiring()}.")
        self.stdout.write(f"Surveilan yang ditutup karena sertifikatnya berakhir: {services.close_finished()}.")
        self.stdout.write(f"Pemegang yang diingatkan surveilan: {services.announce_surveillances()}.")
        self.stdout.write(f"Ringkasan kepada sekretariat: {services.tell_secretariat()}.")
