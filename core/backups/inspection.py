"""Looks at an installation that was restored: is everything there, as it was, and does the program work on it?

Runs in a process of its own on the throw-away copy (settings `scratch`), step by step, each told as soon as it is
done. It writes there: it makes an account and logs in.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.oath import TOTP

from core.accounts.models import CandidateProfile, User
from core.accounts.nik import nik_hash
from core.accounts.second_factor import begin_enrolment, confirm_enrolment
from core.accounts.services import assign_role
from core.applications.models import Application
from core.backups.databases import rows_per_table
from core.backups.drill_enums import DrillStep, StepResult
from core.certificates.models import Certificate
from core.documents.models import KEPT_STATES, Document

#: PDF that are opened, and people whose encrypted number is read.
PAPERS, PEOPLE = 40, 20
#: Differences of one step that are named one by one.
NAMED = 200
PIECE = 1024 * 1024
PDF_START = b"%PDF-"


@dataclass
class Difference:
    """Something that is not as the backup says it was."""

    name: str
    expected: str
    found: str


@dataclass
class Report:
    """What one step came to. `facts` are figures for the record of the drill."""

    step: str
    result: str = StepResult.FINE
    seconds: float = 0.0
    note: str = ""
    facts: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    difference_count: int = 0

    def differs(self, name: str, expected: Any, found: Any) -> None:
        self.result = StepResult.DIFFERS
        self.difference_count += 1
        if len(self.differences) < NAMED:
            self.differences.append(Difference(name[:200], str(expected)[:120], str(found)[:120]))

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Expected:
    """What the manifest of the backup promises: rows of each table, each file with its hash and size, and the hashes
    of documents that were destroyed while it was made."""

    rows: dict[str, int]
    files: list[tuple[str, str, int]]
    destroyed: list[str] = field(default_factory=list)


def inspect(expected: Expected) -> Iterator[Report]:
    """One report for each step. A step that breaks is one that could not be verified; the others still go on."""
    if not settings.IS_SCRATCH:
        raise RuntimeError("only in the throw-away copy of a drill")
    looks: tuple[tuple[DrillStep, Callable[[Report], None]], ...] = (
        (DrillStep.ROWS, lambda report: _compare_rows(report, expected.rows)),
        (DrillStep.FILES, lambda report: _compare_files(report, expected)),
        (DrillStep.MIGRATE, _migrate),
        (DrillStep.KEYS, _read_encrypted),
        (DrillStep.PAPERS, _open_papers),
        (DrillStep.LOG_IN, _log_in),
    )
    for step, look in looks:
        report, begun = Report(step), time.monotonic()
        try:
            look(report)
        except Exception as error:  # whatever it runs into: what could not be looked at is not proven
            report.result = StepResult.FAILED
            report.note = _("Langkah ini terhenti: %(error)s.") % {"error": type(error).__name__}
        if report.difference_count:
            report.note = _("%(count)d perbedaan.") % {"count": report.difference_count}
        report.seconds = round(time.monotonic() - begun, 2)
        yield report


# --- data ---------------------------------------------------------------------------------------------------


def _compare_rows(report: Report, expected: dict[str, int]) -> None:
    """Every table, before anything is written: as many rows as were backed up, no table more, none less."""
    found = rows_per_table(connection.settings_dict)
    for table in sorted({*expected, *found}):
        if table not in found:
            report.differs(table, expected[table], _("tabel tidak ada"))
        elif table not in expected:
            report.differs(table, _("tabel tidak dikenal cadangan"), found[table])
        elif found[table] != expected[table]:
            report.differs(table, expected[table], found[table])
    report.facts |= {"tables": len(found), "rows": sum(found.values())}


def _compare_files(report: Report, expected: Expected) -> None:
    """Every file is read to its end, and every document of the restored database has its file among them."""
    root, size = Path(settings.DOCUMENT_ROOT).parent, 0
    for name, sha256, _size in expected.files:
        digest = hashlib.sha256()
        try:
            with open(root / name, "rb") as stream:
                while piece := stream.read(PIECE):
                    digest.update(piece)
                    size += len(piece)
        except FileNotFoundError:
            report.differs(name, sha256, _("berkas tidak ada"))
            continue
        if digest.hexdigest() != sha256:
            report.differs(name, sha256, digest.hexdigest())
    report.facts |= {"documents": len(expected.files), "size": size}
    there = {name for name, _sha256, _size in expected.files}
    for name, sha256 in _files_of_documents():
        if f"documents/{name}" not in there and sha256 not in expected.destroyed:
            report.differs(name, sha256, _("tidak ada dalam cadangan"))


def _files_of_documents() -> Iterator[tuple[str, str]]:
    """By plain columns: the restored tables may be those of an older version of the program."""
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(KEPT_STATES))
        table = connection.ops.quote_name(Document._meta.db_table)
        cursor.execute(f"SELECT file, sha256 FROM {table} WHERE state IN ({marks})", list(KEPT_STATES))  # noqa: S608
        while rows := cursor.fetchmany(2000):
            yield from rows


def _migrate(report: Report) -> None:
    """A backup of an older version is brought to this one, as `restore` does it."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        report.result, report.note = StepResult.SKIPPED, _("Cadangan ini dari versi program yang sama.")
        return
    call_command("migrate", interactive=False, verbosity=0)
    report.note = _("%(count)d perubahan skema diterapkan.") % {"count": len(plan)}


def _read_encrypted(report: Report) -> None:
    """The keys of this server open what was encrypted when the backup was made."""
    people = CandidateProfile.objects.exclude(nik_hash=None).order_by("-pk")
    keys = list(people.values_list("pk", flat=True)[:PEOPLE])
    for pk in keys:
        try:
            profile = CandidateProfile.objects.only("nik", "nik_hash").get(pk=pk)
            is_read = nik_hash(profile.nik) == profile.nik_hash
        except InvalidToken:
            is_read = False
        if not is_read:
            report.differs(f"core_candidateprofile #{pk}", _("terbaca"), _("kunci tidak cocok"))
    if not keys:
        report.result, report.note = StepResult.SKIPPED, _("Belum ada data yang tersandi.")
    else:
        report.note = _("%(count)d nilai tersandi dibaca.") % {"count": len(keys)}


def _open_papers(report: Report) -> None:
    """A random sample of PDF: begins like one, opens, and has as many pages as were counted when it came in."""
    papers = Document.objects.filter(content_type="application/pdf", state__in=KEPT_STATES)
    keys = list(papers.values_list("pk", flat=True))
    chosen = secrets.SystemRandom().sample(keys, min(PAPERS, len(keys)))
    for document in Document.objects.filter(pk__in=chosen).only("pk", "file", "pages"):
        content = Path(document.file.path).read_bytes()
        if not content.startswith(PDF_START):
            report.differs(document.file.name, "PDF", _("isinya bukan PDF"))
            continue
        try:
            with pypdfium2.PdfDocument(content) as opened:
                pages = len(opened)
        except pypdfium2.PdfiumError:
            report.differs(document.file.name, "PDF", _("tidak dapat dibuka"))
            continue
        if document.pages and pages != document.pages:
            report.differs(document.file.name, document.pages, pages)
    report.facts["papers"] = len(chosen)
    if not chosen:
        report.result, report.note = StepResult.SKIPPED, _("Belum ada PDF.")


# --- the program --------------------------------------------------------------------------------------------


def _log_in(report: Report) -> None:
    """Somebody comes with password and second factor, reads a list and a case; a stranger checks a certificate."""
    browser = Client(raise_request_exception=False, SERVER_NAME=settings.ALLOWED_HOSTS[0])

    def answers(name: str, address: str, *, expected: int = 200, **data: str) -> Any:
        send = browser.post if data else browser.get
        response = send(address, data, secure=True)
        if response.status_code != expected:
            report.differs(name, expected, response.status_code)
        return response

    health = browser.get(reverse("public_site:health"), secure=True).json()
    for part in ("database", "storage"):
        if health.get(part) != "ok":
            report.differs(f"/sehat/: {part}", "ok", health.get(part))

    user, password, phone = _account()
    door = reverse("admin:login")
    answers(_("masuk dengan sandi"), door, expected=302, username=user.email, password=password, next="/admin/")
    answers(_("faktor kedua"), reverse("admin:second_factor"), expected=302, code=f"{phone.token():06d}")
    answers(_("beranda ruang kerja"), reverse("admin:index"))
    listed = answers(_("daftar permohonan"), reverse("admin:core_application_changelist") + "?antrean=semua")
    case = Application.objects.exclude(number=None).order_by("-pk").first()
    if case is not None:
        if case.number not in listed.content.decode():
            report.differs(_("daftar permohonan"), _("permohonan terbaru tampil"), _("tidak tampil"))
        answers(_("halaman permohonan"), reverse("admin:core_application_change", args=[case.pk]))

    browser.logout()
    certificate = Certificate.objects.exclude(code="").order_by("-pk").first()
    if certificate is None:
        report.note = _("Belum ada sertifikat untuk diperiksa keasliannya.")
        return
    checked = answers(_("pemeriksaan sertifikat"), reverse("public_site:verification", args=[certificate.code]))
    if certificate.number not in checked.content.decode():
        report.differs(_("pemeriksaan sertifikat"), _("nomor sertifikat tampil"), _("tidak tampil"))


def _account() -> tuple[User, str, TOTP]:
    """An administrator who exists only here, with the phone in their hand."""
    password = secrets.token_urlsafe(24)
    user = User.objects.create_user(
        email=f"uji-{secrets.token_hex(6)}@pemulihan.invalid",
        password=password,
        full_name="Uji Pemulihan",
        email_confirmed_at=timezone.now(),
    )
    assign_role(user=user, role="administrator", by=None)
    phone = TOTP(begin_enrolment(user=user).bin_key)
    phone.time = time.time() - 30  # the code before, so that the one at the door was not used yet
    confirm_enrolment(user=user, code=f"{phone.token():06d}", session=None)
    phone.time = time.time()
    return user, password, phone
