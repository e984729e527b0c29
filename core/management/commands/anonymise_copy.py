"""Make the database of this installation an anonymous one. Never on the real one."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.accounts.models import User
from core.accounts.rules import role_of
from core.activity.enums import CheckOutcome
from core.activity.verification import check_activity
from core.privacy.anonymous.copying import anonymise, why_not
from core.privacy.anonymous.leftovers import leftovers, originals


class Command(BaseCommand):
    help = (
        "Membuat salinan anonim: nama, NIK, telepon, e-mail, alamat, tanggal lahir, teks bebas, dokumen, catatan, "
        "surat, sesi, dan sandi diganti; angka rekap tetap. Tidak dapat dibatalkan. Hanya pada instalasi lain yang "
        "diisi dari cadangan, tidak pada produksi. Serahkan salinannya hanya bila perintah ini berakhir dengan kode 0."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--database", required=True, help="nama basis data instalasi ini, diketik sebagai pernyataan"
        )
        parser.add_argument("--documents", required=True, help="folder dokumen instalasi ini; isinya diganti")
        parser.add_argument(
            "--password", default="", help="sandi semua akun sesudahnya; tanpa ini tidak ada yang bisa masuk"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if reason := why_not(database=options["database"], documents=options["documents"]):
            raise CommandError(reason)
        begun = time.monotonic()
        known = originals()
        anonymise(password=options["password"], tell=self._say)
        found, public = leftovers(known)
        for place in found[:50]:
            self._say(f"masih memuat data asli: {place}")
        for place in public[:50]:
            self._say(f"teks untuk umum menyebut orang, periksa sendiri: {place}")
        if found:
            raise CommandError(f"{len(found)} tempat masih memuat data asli. Jangan serahkan salinan ini.")
        check, _found = check_activity()
        if check.outcome != CheckOutcome.INTACT:
            raise CommandError(f"Catatan aktivitas tidak utuh sesudahnya: {check.first_fault}")
        self._say(f"Selesai dalam {time.monotonic() - begun:.0f} detik; tidak ditemukan satu pun data asli.")
        if options["password"]:
            for user in User.objects.filter(is_active=True, is_staff=True).order_by("pk")[:20]:
                self._say(f"  {role_of(user)}: {user.email}")

    def _say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
