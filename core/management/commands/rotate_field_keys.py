"""Write everything encrypted anew under the first key, or tell how much still needs an older one."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.privacy.key_rotation import Rotation, rehash_niks, rotate_keys

#: Rows between two lines of progress.
TOLD_EACH = 10_000


class Command(BaseCommand):
    help = (
        "Menyandi ulang semua kolom tersandi dengan kunci pertama FIELD_ENCRYPTION_KEYS. Aman dijalankan saat sistem "
        "dipakai; yang terputus dilanjutkan dengan menjalankannya lagi. Kode keluar 0: tidak ada lagi yang perlu kunci "
        "lama, 1: masih ada."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--check", action="store_true", help="hanya menghitung yang memerlukan kunci lama; tidak mengubah apa pun"
        )
        parser.add_argument(
            "--nik-hashes",
            action="store_true",
            help="menghitung ulang sidik pencarian NIK sesudah LOOKUP_KEY diganti; dengan --check hanya menghitung",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["nik_hashes"]:
            self._hashes(write=not options["check"])
            return
        self._told = 0
        found = rotate_keys(write=not options["check"], tell=self._progress)
        for column, count in sorted(found.old.items()):
            self.stdout.write(f"{column}: {count} dengan kunci lama")
        self.stdout.write(
            f"{found.rows} baris, {found.values} nilai tersandi diperiksa; {found.changed} disandi ulang; "
            f"{len(settings.FIELD_ENCRYPTION_KEYS)} kunci terpasang."
        )
        for row in found.named:
            self.stdout.write(f"tidak terbuka dengan kunci mana pun: {row}")
        if found.unreadable:
            raise CommandError(f"{found.unreadable} nilai tidak terbuka. Pasang kembali kunci lamanya, lalu ulangi.")
        if found.left:
            raise CommandError(
                f"{found.left} nilai masih memerlukan kunci lama"
                + (". Jalankan tanpa --check." if options["check"] else ": barisnya sedang diubah orang. Ulangi.")
            )
        self.stdout.write("Tidak ada yang memerlukan kunci lama. Kunci sesudah yang pertama boleh dilepas dari .env.")

    def _progress(self, table: str, found: Rotation) -> None:
        if found.rows - self._told >= TOLD_EACH:
            self._told = found.rows
            self.stdout.write(f"{table}: {found.rows} baris diperiksa, {found.changed} nilai disandi ulang …")
            self.stdout.flush()

    def _hashes(self, *, write: bool) -> None:
        wrong, taken = rehash_niks(write=write)
        for row in taken:
            self.stdout.write(f"NIK yang sama sudah tercatat pada baris lain: {row}")
        done = "dihitung ulang" if write else "tidak cocok"
        self.stdout.write(f"{wrong - len(taken)} sidik NIK {done}.")
        if taken or (wrong and not write):
            raise CommandError("Masih ada sidik NIK yang tidak cocok dengan LOOKUP_KEY.")
