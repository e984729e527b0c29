"""Write the generated pages and drawings of server_docs/system, or say which are stale."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.management.system_docs import stale, write
from core.management.system_docs.drawing import NoGraphviz


class Command(BaseCommand):
    help = "Menulis server_docs/system: model data, alur kerja, peran, pengaturan, dan daftar keputusan, dari kode."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="hanya menyebut yang tidak lagi sesuai dengan kode")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if found := stale():
                raise CommandError(f"Tidak sesuai dengan kode: {', '.join(found)}. Jalankan tanpa --check.")
            return
        try:
            written = write()
        except NoGraphviz as error:
            raise CommandError("Gambar ini dibuat oleh graphviz. Pasang dahulu: apt install graphviz.") from error
        self.stdout.write("\n".join(written) or "Semua sudah sesuai dengan kode.")
