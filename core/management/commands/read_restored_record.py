"""Read one record of the throw-away copy of a backup, for restore_record, which starts this itself."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core.activity.records import stored_record
from core.backups.single import to_json


class Command(BaseCommand):
    help = "Dijalankan oleh restore_record di dalam salinan sementara; tidak untuk dijalankan sendiri."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("model")
        parser.add_argument("pk")
        parser.add_argument("out", type=Path, help="berkas yang ditulis")

    def handle(self, *args, **options):
        if not settings.IS_SCRATCH:
            raise CommandError("Perintah ini hanya berjalan di salinan sementara. Jalankan restore_record.")
        call_command("migrate", interactive=False, verbosity=0)  # the backup may be one of an older version
        record = stored_record(apps.get_model("core", options["model"]), options["pk"])
        options["out"].write_text(to_json(record), encoding="utf-8")
