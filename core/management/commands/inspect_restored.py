"""Look at the throw-away copy of a restore drill, which starts this itself: one line of JSON for each step."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.backups.inspection import Expected, inspect


class Command(BaseCommand):
    help = (
        "Dijalankan oleh restore_drill di dalam salinan sementara yang baru dipulihkan; tidak untuk dijalankan sendiri."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("expected", type=Path, help="berkas JSON: baris tiap tabel dan sidik tiap berkas")

    def handle(self, *args, **options):
        if not settings.IS_SCRATCH:
            raise CommandError("Perintah ini hanya berjalan di salinan sementara. Jalankan restore_drill.")
        found = json.loads(options["expected"].read_text(encoding="utf-8"))
        files = [(name, sha256, size) for name, sha256, size in found["files"]]
        for report in inspect(Expected(found["rows"], files, found["destroyed"])):
            self.stdout.write(json.dumps(report.as_json()))
            self.stdout.flush()
