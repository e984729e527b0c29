"""Take away files that no document knows of."""

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from core.documents.sweeping import MINUTES, sweep_documents


class Command(BaseCommand):
    help = (
        "Membuang berkas yang tidak dikenal dokumen mana pun: sisa unggahan yang terputus dan berkas sementara. "
        "Berkas yang lebih muda dari --minutes dibiarkan, karena mungkin sedang diunggah."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--minutes", type=int, default=MINUTES, metavar="N", help=f"umur terendah dalam menit (bawaan: {MINUTES})"
        )
        parser.add_argument("--dry-run", action="store_true", help="hanya menghitung, tidak membuang apa pun")

    def handle(self, *args, **options):
        if options["minutes"] < 0:
            raise CommandError("--minutes adalah bilangan 0 atau lebih.")
        swept = sweep_documents(minutes=options["minutes"], only_look=options["dry_run"])
        act = "akan dibuang" if options["dry_run"] else "dibuang"
        self.stdout.write(
            f"{swept.files} berkas dilihat; {act}: {swept.orphans} berkas tanpa dokumen, {swept.partial} berkas "
            f"sementara ({filesizeformat(swept.size)})."
        )
