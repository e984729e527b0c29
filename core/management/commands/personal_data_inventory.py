"""Write the page of the inventory of personal data, or say that it is stale."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.privacy.inventory import undecided
from core.privacy.inventory_page import PATH, count, page


class Command(BaseCommand):
    help = "Menulis server_docs/personal-data.md dari inventaris data pribadi di kode."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="hanya memeriksa apakah halamannya masih sesuai")

    def handle(self, *args: Any, **options: Any) -> None:
        if columns := undecided():
            raise CommandError(f"Belum diputuskan apakah data pribadi: {', '.join(columns)}.")
        file = settings.BASE_DIR / PATH
        if options["check"]:
            if not file.exists() or file.read_text(encoding="utf-8") != page():
                raise CommandError(f"{PATH} tidak sesuai dengan kode. Jalankan perintah ini tanpa --check.")
        else:
            file.write_text(page(), encoding="utf-8")
        told = count()
        self.stdout.write(
            f"{told['tables']} tabel, {told['columns']} kolom: {told['encrypted']} disandi, "
            f"{told['masked']} disamarkan, {told['kept']} tetap dalam salinan anonim."
        )
