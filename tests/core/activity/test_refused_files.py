"""A file that is refused leaves an entry: who sent it, from where, what was wrong with it, and nothing of the file."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.activity.labels import REFUSED_FILES, sentence
from core.activity.models import ActivityEntry
from core.applications.models import Application
from core.documents.models import Document
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.documents import jpeg_bytes
from tests.factories.institutions import make_officer

PROGRAM = b"MZ\x90\x00" + b"\x00" * 500
ARCHIVE = b"PK\x03\x04" + b"\x00" * 500


@pytest.fixture
def draft(db):
    return make_application(status="draft")


@pytest.fixture
def send(draft):
    """Hand a file in as evidence, as the candidate of a case."""

    def send_file(content: bytes, case: Application = draft) -> None:
        desk = Client(REMOTE_ADDR="203.0.113.7")
        desk.force_login(case.candidate.user)
        requirement = case.scheme_version.requirements.get(title="KTP")
        file = SimpleUploadedFile("ktp budi santoso.pdf", content)
        desk.post(f"/permohonan/{case.code}/bukti/", {f"file-{requirement.pk}": file, "stay": "1"})

    return send_file


def refusals() -> list[str]:
    found = ActivityEntry.objects.filter(code="document.refuse_upload").order_by("pk")
    return [entry.data["refusal"] for entry in found]


def test_who_sent_what_kind_of_file_from_where(send, draft):
    send(PROGRAM)

    entry = ActivityEntry.objects.get(code="document.refuse_upload")
    assert (entry.actor, entry.ip_address) == (draft.candidate.user, "203.0.113.7")
    assert entry.data == {"refusal": "file.program", "page": "public_site:evidence"}  # no name of the file
    assert sentence(entry) == f"{draft.candidate.user.full_name} mengirim berkas yang ditolak: program"


def test_a_file_that_is_kept_leaves_no_such_entry(send):
    send(jpeg_bytes())

    assert Document.objects.count() == 1
    assert refusals() == []


def test_a_loop_does_not_fill_the_log_and_hides_nothing_else(send):
    """One entry an hour for each kind, so a flood of harmless files does not keep a hostile one out of the log."""
    for _time in range(12):
        send(ARCHIVE)
    send(PROGRAM)
    assert refusals() == ["file.archive", "file.program"]

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        send(ARCHIVE)
    assert refusals() == ["file.archive", "file.program", "file.archive"]


def test_one_persons_refusals_do_not_hide_anothers(send, draft):
    other = make_application(status="draft")
    for case in (draft, other, draft, other):
        send(PROGRAM, case)

    found = ActivityEntry.objects.filter(code="document.refuse_upload").order_by("pk")
    assert [entry.actor for entry in found] == [draft.candidate.user, other.candidate.user]


@pytest.mark.django_db
def test_a_spreadsheet_of_staff_counts_as_well(client):
    client.force_login(make_user(role="administrator"))
    client.post(reverse("admin:core_scheme_import_rows"), {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")})

    assert refusals() == ["spreadsheet.pdf"]


@pytest.mark.django_db
def test_the_entry_stays_although_the_act_is_undone():
    """An officer's file is looked at inside the transaction that would keep it."""
    desk = Client()
    desk.force_login(make_officer())

    for content in (b"%PDF-1.7", b"Nama;NIK\nBudi;3508010101900001\n"):
        desk.post("/instansi/pendaftaran/", {"file": SimpleUploadedFile("pegawai.csv", content)})

    assert refusals() == ["spreadsheet.pdf", "people_file.personal_column"]


def codes_of_entry_control() -> set[str]:
    """Every code with which a file is refused, as the program has them."""
    found = set()
    for name in ("documents/intake.py", "documents/pdf_checks.py", "documents/quarantine.py", "documents/services.py",
                 "imports/reading.py", "institutions/people_file.py"):  # fmt: skip
        for node in ast.walk(ast.parse(Path(settings.BASE_DIR, "core", name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_refuse", "_refuse_logo"}:
                found.add(getattr(node.args[1], "value", ""))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DomainError":
                code = next(word.value for word in node.keywords if word.arg == "code")
                found.add(str(getattr(code, "value", "")).rpartition(".")[2])
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_KNOWN":
                found |= {pair.elts[1].value for pair in node.value.elts}
    return found - {"", "not_owner", "scanner_configured"}  # no refusals of files


def test_every_refusal_of_a_file_has_words():
    codes = codes_of_entry_control()

    assert len(codes) > 30
    assert codes <= set(REFUSED_FILES)
