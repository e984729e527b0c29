"""Bring one record back to what a backup holds of it, after showing what would change."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import capfirst

from core.activity.comparison import ADDED, REMOVED, RowChange
from core.backups.command_line import add_arguments, moment_of, person_of
from core.backups.single import look_up_record, model_called, restore_record, when_of
from core.common.exceptions import DomainError

MARKS = {ADDED: "+", REMOVED: "-"}


class Command(BaseCommand):
    help = (
        "Memulihkan satu data (mis. venue 12) dari cadangan terakhir sampai --date: memperlihatkan perbedaannya kolom "
        "demi kolom, bertanya, lalu menyimpannya sebagai versi baru yang dapat dikembalikan lewat “Riwayat”."
    )

    def add_arguments(self, parser):
        parser.add_argument("model", help="jenis data seperti di alamat halamannya, mis. venue, scheme, page")
        parser.add_argument("pk", help="angka di alamat halamannya")
        parser.add_argument("--yes", action="store_true", help="tidak bertanya")
        add_arguments(parser)

    def handle(self, *args, **options):
        by = person_of(options["by"])
        try:
            kept = look_up_record(
                model=model_called(options["model"]), pk=options["pk"], until=moment_of(options["date"])
            )
            self.stdout.write(f"{kept.record.root.label}, cadangan {when_of(kept.source)}")
            if kept.is_gone:
                self.stdout.write("Data ini sudah dihapus; yang di bawah ini akan kembali:")
            for change in kept.changes:
                self._show(change)
            if not kept.changes:
                self.stdout.write("Data sekarang sudah sama dengan cadangan; tidak ada yang diubah.")
                return
            if not options["yes"] and input("Pulihkan? Ketik ya: ").strip().lower() != "ya":
                self.stdout.write("Tidak ada yang diubah.")
                return
            restore_record(kept=kept, by=by)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("Dipulihkan sebagai versi baru; dapat dikembalikan lewat “Riwayat” di halamannya.")

    def _show(self, change: RowChange) -> None:
        opts = change.row.model._meta
        self.stdout.write(f"{MARKS.get(change.kind, '~')} {capfirst(str(opts.verbose_name))}: {change.row.label}")
        for field in change.fields:
            name = capfirst(str(opts.get_field(field.name).verbose_name))
            self.stdout.write(f"    {name}: {_shown(field.before)} → {_shown(field.after)}")


def _shown(value: object) -> str:
    text = "(kosong)" if value in (None, "", []) else str(value)
    return text if len(text) <= 120 else f"{text[:119]}…"
