"""Check the figures of the recap of documents against the documents and cases themselves, and set them right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.reports.recount import Found, rebuild_recap

#: Days or cases between two lines of progress, and differences that are named.
TOLD_EACH, NAMED = 5000, 20


class Command(BaseCommand):
    help = (
        "Menghitung ulang rekap dokumen hari demi hari dan memeriksa kelengkapan berkas setiap permohonan, lalu "
        "membetulkan yang berbeda. Keluar dengan galat bila ada yang berbeda, dan menyebutkannya. Aman dijalankan "
        "saat sistem dipakai."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self._told = 0
        found = rebuild_recap(tell=self._progress)
        for cell, (old, new) in sorted((found.wrong_cells or {}).items())[:NAMED]:
            self.stdout.write(
                f"{cell.day} skema {cell.scheme} jenis {cell.document_type} {cell.state}: tertulis {old.documents} "
                f"dokumen {old.size} byte, seharusnya {new.documents} dokumen {new.size} byte"
            )
        for case in (found.wrong_cases or [])[:NAMED]:
            self.stdout.write(f"permohonan {case}: kelengkapan berkasnya lain dari yang tertulis")
        if not found.is_right:
            raise CommandError(
                f"{len(found.wrong_cells or {})} angka dokumen, {len(found.wrong_cases or [])} permohonan, dan "
                f"{found.wrong_sums} jumlah berbeda dan sudah dibetulkan."
            )
        self.stdout.write(f"Rekap dokumen cocok: {found.days} hari, {found.cases} permohonan.")

    def _progress(self, found: Found) -> None:
        done = found.days + found.cases
        if done - self._told >= TOLD_EACH:
            self._told = done
            self.stdout.write(f"{found.days} hari dan {found.cases} permohonan diperiksa …")
