"""Check the figures of the home pages against the cases themselves, and set them right."""

from django.core.management.base import BaseCommand, CommandError

from core.reports.tally import fold_tallies, rebuild_tallies


class Command(BaseCommand):
    help = (
        "Mencocokkan angka rekap dengan permohonan satu per satu lalu membetulkan yang berbeda. "
        "Keluar dengan galat bila ada yang berbeda, dan menyebutkannya. Aman dijalankan saat sistem dipakai."
    )

    def handle(self, *args, **options):
        wrong = rebuild_tallies()
        fold_tallies()
        for place, (told, counted) in wrong.items():
            self.stdout.write(
                f"{place.month:%Y-%m} skema {place.scheme} provinsi {place.province or '-'} {place.status}: "
                f"tertulis {told}, seharusnya {counted}"
            )
        if wrong:
            raise CommandError(
                f"{len(wrong)} angka rekap berbeda dan sudah dibetulkan. Angka hanya dapat berbeda bila permohonan "
                "diubah di luar aplikasi; cari tahu siapa yang menulis langsung ke basis data."
            )
        self.stdout.write("Angka rekap cocok dengan permohonan.")
