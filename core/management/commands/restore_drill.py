"""Restore the newest backup beside the real installation and look whether everything is there."""

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from core.backups.drill_enums import DrillOutcome, DrillStep, StepResult
from core.backups.drill_models import RestoreDrill
from core.backups.drills import run_drill
from core.backups.enums import Place
from core.common.dates import lasting
from core.common.exceptions import DomainError
from core.common.text import grouped

#: Differences that are named one by one; the rest stands in the back office.
TOLD = 20
CODES = {DrillOutcome.PROVEN: 0, DrillOutcome.DIFFERS: 1, DrillOutcome.UNVERIFIED: 2}


class Command(BaseCommand):
    help = (
        "Menguji pemulihan: memulihkan cadangan terbaru ke basis data dan folder sementara, membandingkan setiap "
        "baris dan sidik berkas, membuka contoh PDF, dan masuk ke sistem yang dipulihkan. Data yang dipakai tidak "
        "disentuh. Kode keluar 0: terbukti, 1: berbeda, 2: tidak dapat diuji."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--from", dest="place", choices=Place.values, default="", help="repositori yang diuji (bawaan: bergantian)"
        )

    told = ""  # the step that was named last: a restore tells of itself many times

    def handle(self, *args, **options):
        try:
            drill = run_drill(place=options["place"], tell=self._tell)
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self._report(drill)
        words = f"{drill.get_outcome_display().upper()}: {drill.get_place_display()}, {self._figures(drill)}"
        if code := CODES[DrillOutcome(drill.outcome)]:
            raise CommandError(f"{words}\n{drill.problem}", returncode=code)
        self.stdout.write(words)

    def _tell(self, step: str, done: int) -> None:
        if step == self.told:
            return
        self.told = step
        self.stdout.write(f"{DrillStep(step).label} …")
        self.stdout.flush()

    def _report(self, drill: RestoreDrill) -> None:
        for step in drill.told_steps:
            mark = " " if step["result"] in (StepResult.FINE, StepResult.SKIPPED) else "!"
            lasted = lasting(step["seconds"])
            self.stdout.write(f"{mark} {step['title']}: {step['result_title']} ({lasted}) {step['note']}".rstrip())
        for found in drill.differences[:TOLD]:
            self.stdout.write(f"  - {found['name']}: dicadangkan {found['expected']}, dipulihkan {found['found']}")
        if (more := drill.difference_count - TOLD) > 0:
            self.stdout.write(f"  - … dan {more} perbedaan lain; lihat “Cadangan” di ruang kerja.")

    def _figures(self, drill: RestoreDrill) -> str:
        tables, rows, files = (grouped(n) for n in (drill.tables, drill.rows, drill.documents))
        words = f"{tables} tabel, {rows} baris, {files} berkas ({filesizeformat(drill.size)})"
        if drill.usable_seconds is not None:
            words += f"; dapat dipakai lagi sesudah {lasting(drill.usable_seconds)}"
        return f"{words}; seluruh uji {lasting(drill.duration.total_seconds())}"
