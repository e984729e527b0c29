"""Uploads wait for the virus scanner: a real clamd with a signature of its own, where it is installed.

The signature is of EICAR's test file in a PDF, made here: clamd loads it from a folder, so no download is needed.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import threading
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.activity.models import ActivityEntry
from core.documents import quarantine
from core.documents.models import Document, DocumentState
from core.documents.quarantine import clear_document, refuse_content, scan_waiting
from core.documents.sweeping import sweep_documents
from core.messaging.models import OutboxMessage
from tests.core.helpers import free_port, refused, until_it_listens
from tests.factories.accounts import make_user
from tests.factories.documents import make_document, pdf_bytes

CLAMD = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
#: Split, so that this file itself is none.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

pytestmark = pytest.mark.django_db(transaction=True)


def infected_pdf() -> bytes:
    return pdf_bytes() + b"% " + EICAR + b"\n"


@pytest.fixture
def nobody_answers(settings):
    """A scanner is configured, but is not running."""
    settings.CLAMD_URL = urlsplit(f"tcp://127.0.0.1:{free_port()}")


@pytest.fixture
def stand_in(settings):
    """A daemon that speaks clamd's protocol and knows one virus; {"size limit": True} makes it refuse to judge."""
    mood: dict[str, bool] = {}
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with contextlib.suppress(OSError):
            while True:
                line, _address = server.accept()
                with line, line.makefile("rb") as sent:
                    assert sent.read(10) == b"zINSTREAM\0"
                    content = b""
                    while length := int.from_bytes(sent.read(4), "big"):
                        content += sent.read(length)
                    found = b"Eicar-Test FOUND" if EICAR in content else b"OK"
                    line.sendall(
                        b"INSTREAM size limit exceeded. ERROR\0"
                        if mood.get("size limit")
                        else b"stream: " + found + b"\0"
                    )

    threading.Thread(target=serve, daemon=True).start()
    settings.CLAMD_URL = urlsplit(f"tcp://127.0.0.1:{server.getsockname()[1]}")
    yield mood
    server.close()


@pytest.fixture
def clamd(settings, tmp_path):
    """A real clamd whose only signature is EICAR's."""
    if not CLAMD and not os.environ.get("CI"):
        pytest.skip("clamd is not installed")
    database, place = tmp_path / "db", tmp_path / "clamd.ctl"
    database.mkdir()
    (database / "lsp.ndb").write_text(f"Lsp.Test.EICAR:0:*:{EICAR.hex()}\n")
    configuration = tmp_path / "clamd.conf"
    configuration.write_text(f"DatabaseDirectory {database}\nLocalSocket {place}\nForeground yes\nUser root\n")
    process = subprocess.Popen([CLAMD, "-c", str(configuration)], stdout=subprocess.DEVNULL)
    settings.CLAMD_URL = urlsplit(f"unix://{place}")
    try:
        until_it_listens(str(place), process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_a_real_scanner_lets_a_clean_paper_in_and_refuses_the_test_virus(clamd):
    owner = make_user(role="asesi")

    assert make_document(owner=owner).state == DocumentState.CLEAN
    with refused("file.infected", field="file"):
        make_document(owner=owner, content=infected_pdf())

    kept = Document.objects.get(state=DocumentState.REFUSED)
    assert kept.virus.startswith("Lsp.Test.EICAR")
    assert not kept.file.storage.exists(kept.file.name)


def test_what_is_infected_is_destroyed_and_everybody_is_told(stand_in):
    owner = make_user(role="asesi")

    with refused("file.infected", field="file"):
        make_document(owner=owner, content=infected_pdf())

    document = Document.objects.get()
    assert (document.state, document.virus) == (DocumentState.REFUSED, "Eicar-Test")
    assert not document.file.storage.exists(document.file.name)
    assert ActivityEntry.objects.get(code="document.refuse").data == {"virus": "Eicar-Test"}
    letter = OutboxMessage.objects.get(template_key="document-refused")
    assert (letter.recipient, "ditolak" in letter.body) == (owner, True)
    with refused("file.infected", field="file"):  # it does not come in a second time
        make_document(owner=make_user(role="asesi"), content=infected_pdf())
    assert Document.objects.count() == 1


def test_while_the_scanner_is_down_uploads_wait_and_nobody_opens_them(nobody_answers, client):
    document = make_document(owner=make_user(role="asesi"))
    clerk = Client()
    client.force_login(document.owner)
    clerk.force_login(make_user(role="sekretariat"))

    assert document.state == DocumentState.WAITING
    for browser, address in (
        (client, f"/akun/berkas/{document.public_id}/"),
        (clerk, f"/admin/dokumen/{document.public_id}/"),
    ):
        answer = browser.get(address)
        assert answer.status_code == 409
        assert "menunggu pemeriksaan virus" in answer.content.decode()
    assert not ActivityEntry.objects.filter(code="document.view").exists()
    with pytest.raises(CommandError, match="tidak menjawab"):
        call_command("scan_documents")
    assert Document.objects.get().state == DocumentState.WAITING


def test_what_waited_is_scanned_by_the_job_once_the_scanner_is_back(settings, stand_in):
    here, settings.CLAMD_URL = settings.CLAMD_URL, urlsplit(f"tcp://127.0.0.1:{free_port()}")
    owner = make_user(role="asesi")
    clean, bad = make_document(owner=owner), make_document(owner=owner, content=infected_pdf(), kind="ijazah")
    settings.CLAMD_URL = here

    counted = scan_waiting()

    assert (counted.clean, counted.refused, counted.waiting) == (1, 1, 0)
    states = dict(Document.objects.values_list("pk", "state"))
    assert states == {clean.pk: DocumentState.CLEAN, bad.pk: DocumentState.REFUSED}


def test_what_the_scanner_cannot_judge_waits_and_does_not_hold_up_the_rest(stand_in):
    stand_in["size limit"] = True
    for _paper in range(2):
        make_document(owner=make_user(role="asesi"))

    counted = scan_waiting()

    assert (counted.not_scannable, counted.waiting, counted.is_scanner_down) == (2, 2, False)


def test_a_virus_that_is_known_only_later_takes_every_row_of_its_content(stand_in, settings):
    settings.CLAMD_URL, scanner = None, settings.CLAMD_URL
    for _owner in range(2):
        make_document(owner=make_user(role="asesi"), content=infected_pdf())
    settings.CLAMD_URL = scanner

    counted = scan_waiting(again=True)

    assert counted.refused >= 1
    assert set(Document.objects.values_list("state", flat=True)) == {DocumentState.REFUSED}


def test_a_switched_off_scanner_leaves_nothing_waiting_for_ever(settings, nobody_answers):
    make_document(owner=make_user(role="asesi"))
    settings.CLAMD_URL = None
    with pytest.raises(CommandError, match="release-unscanned"):
        call_command("scan_documents")

    call_command("scan_documents", release_unscanned=True)

    assert Document.objects.get().state == DocumentState.CLEAN
    assert ActivityEntry.objects.filter(code="document.release_unscanned").count() == 1


def test_a_refused_paper_stays_refused(stand_in):
    document = make_document(owner=make_user(role="asesi"))
    refuse_content(sha256=document.sha256, virus="x")

    clear_document(document=document)

    assert Document.objects.get().state == DocumentState.REFUSED
    assert quarantine.state_of_an_upload() == DocumentState.WAITING


def test_bytes_of_a_refused_paper_that_a_crash_left_are_swept(settings):
    document = make_document(owner=make_user(role="asesi"))
    other = make_document(owner=make_user(role="asesi"))
    Document.objects.filter(pk=document.pk).update(state=DocumentState.REFUSED)

    assert sweep_documents(minutes=60).orphans == 0  # still young
    swept = sweep_documents(minutes=-1)

    assert swept.orphans >= 1
    assert not document.file.storage.exists(document.file.name)
    assert other.file.storage.exists(other.file.name)
