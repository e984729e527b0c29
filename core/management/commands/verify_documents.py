"""Verify that every document has its file, and every file the content it was stored with."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from core.common.exceptions import DomainError
from core.documents.integrity import WHAT_TO_DO, verify_documents
from core.documents.models import FindingKind, IntegrityFinding, IntegrityRun, RunOutcome

#: Findings that are named one by one; the rest stands in the back office.
TOLD = 50
#: Seconds between two drawings of the bar, and documents between two lines in a log file.
DRAWN_EACH = 0.2
TOLD_EACH = 10_000
WIDTH = 30


class Command(BaseCommand):
    help = (
        "Memeriksa keutuhan berkas: dokumen yang berkasnya hilang, berubah, atau tidak terbaca, dan berkas yang tidak "
        "dikenal dokumen mana pun. Tidak mengubah apa pun. Dapat dihentikan kapan saja dan dilanjutkan dengan "
        "--resume. Kode keluar 0: tidak ada temuan, 1: ada temuan, 2: tidak dapat diperiksa."
    )

    def add_arguments(self, parser):
        parser.add_argument("--sample", type=int, metavar="N", help="hanya sekitar N dokumen yang tersebar merata")
        parser.add_argument("--resume", action="store_true", help="lanjutkan pemeriksaan yang terputus, bila ada")
        parser.add_argument("--seconds", type=int, metavar="S", help="berhenti sesudah sekian detik")

    def handle(self, *args, **options):
        for name in ("sample", "seconds"):
            if options[name] is not None and options[name] < 1:
                raise CommandError(f"--{name} adalah bilangan 1 atau lebih.", returncode=2)
        self._begun, self._drawn_at, self._before = time.monotonic(), 0.0, None
        try:
            run = verify_documents(
                sample=options["sample"], resume=options["resume"], seconds=options["seconds"], progress=self._progress
            )
        except DomainError as refusal:
            raise CommandError(refusal.message, returncode=2) from refusal
        self._tell(run)

    def _tell(self, run: IntegrityRun) -> None:
        if self.stdout.isatty():
            self._draw(run)
            self.stdout.write("")
        self._name(run)
        what = f"{run.documents} dokumen ({filesizeformat(run.size)})"
        if run.outcome == RunOutcome.UNFINISHED:
            what += f", baru {run.percent} %; lanjutkan dengan verify_documents --resume"
        if run.faults:
            raise CommandError(
                f"BERMASALAH: {run.faults} temuan pada {what}. Sesudah diperbaiki, jalankan verify_documents lagi.",
                returncode=1,
            )
        self.stdout.write(f"Belum ada temuan: {what}." if run.ended_at is None else f"Utuh: {what}.")

    def _name(self, run: IntegrityRun) -> None:
        findings = IntegrityFinding.objects.filter(run=run).prefetch_related("document__document_type")
        for finding in findings[:TOLD]:
            about = f"{finding.document.activity_label}, " if finding.document else ""
            kind = FindingKind(finding.kind)
            self.stdout.write(f"- {kind.label}: {about}{finding.file}. {WHAT_TO_DO[kind]}")
        if run.faults > TOLD:
            self.stdout.write(f"- … dan {run.faults - TOLD} temuan lain; lihat “Keutuhan berkas” di ruang kerja.")

    def _progress(self, run: IntegrityRun) -> None:
        if not self.stdout.isatty():
            if run.documents % TOLD_EACH == 0:
                self.stdout.write(f"{run.documents} dokumen diperiksa ({run.percent} %) …")
            return
        if self._before is None:
            self._before = run.size  # what an earlier process read
        if time.monotonic() - self._drawn_at >= DRAWN_EACH:
            self._draw(run)

    def _draw(self, run: IntegrityRun) -> None:
        self._drawn_at = time.monotonic()
        bar = "█" * (WIDTH * run.percent // 100)
        rate = (run.size - (self._before or 0)) / max(self._drawn_at - self._begun, 0.001) / 1e6
        self.stdout.write(
            f"\r{bar:░<{WIDTH}} {run.percent:3d} %  {run.documents} dokumen, {rate:.0f} MB/detik, {run.faults} temuan ",
            ending="",
        )
        self.stdout.flush()
