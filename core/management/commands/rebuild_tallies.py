"""Check the figures of the home pages and of the recap against the cases themselves, and set them right."""

from django.core.management.base import BaseCommand, CommandError

from core.reports.tally import Cell, Holding, Place, ProvinceHolding, Side, fold_tallies, rebuild_tallies


class Command(BaseCommand):
    help = (
        "Mencocokkan angka rekap dengan permohonan dan sertifikat satu per satu lalu membetulkan yang berbeda. "
        "Keluar dengan galat bila ada yang berbeda, dan menyebutkannya. Aman dijalankan saat sistem dipakai."
    )

    def handle(self, *args, **options):
        wrong = rebuild_tallies()
        fold_tallies()
        for cell, (told, counted) in wrong.items():
            days = f" (hari: {told[1]}, seharusnya {counted[1]})" if told[1] != counted[1] else ""
            self.stdout.write(f"{_named(cell)}: tertulis {told[0]}, seharusnya {counted[0]}{days}")
        if wrong:
            raise CommandError(
                f"{len(wrong)} angka rekap berbeda dan sudah dibetulkan. Angka hanya dapat berbeda bila permohonan "
                "diubah di luar aplikasi; cari tahu siapa yang menulis langsung ke basis data."
            )
        self.stdout.write("Angka rekap cocok dengan permohonan.")


def _named(cell: Cell) -> str:
    match cell:
        case Place(month, scheme, province, status):
            return f"{month:%Y-%m} skema {scheme} provinsi {province or '-'} {status}"
        case Side(facet, value, month, status):
            return f"{month:%Y-%m} {facet} {value} {status}"
        case Holding(month, scheme, valid_until, status):
            return f"sertifikat {month:%Y-%m} skema {scheme} sampai {valid_until} {status}"
        case ProvinceHolding(month, province, valid_until, status):
            return f"sertifikat {month:%Y-%m} provinsi {province or '-'} sampai {valid_until} {status}"
