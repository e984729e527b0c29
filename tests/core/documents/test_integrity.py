"""Whether the files are whole: what is found, what is left alone, and that a run goes on where it was killed."""

import contextlib
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.documents import integrity
from core.documents.integrity import continue_requested, request_verification, verify_documents, verify_nightly
from core.documents.models import Document, DocumentState, IntegrityFinding, IntegrityRun
from core.policy.models import SystemPolicy
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db

LONG_AGO = time.time() - (integrity.STRAY_HOURS + 1) * 3600


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """A repository of its own, so that files of other tests are no strangers here."""
    settings.DOCUMENT_ROOT = tmp_path / "documents"


@pytest.fixture
def papers():
    owner = make_user(role="asesi")
    return [make_document(owner=owner) for _paper in range(6)]


def path_of(document: Document) -> Path:
    return Path(document.file.path)


def flip(document: Document) -> bytes:
    """One byte in the middle is another; what it was before."""
    whole = path_of(document).read_bytes()
    middle = len(whole) // 2
    path_of(document).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    return whole


def stray(name: str) -> Path:
    """A file that no document needs, left there long ago."""
    path = Path(settings.DOCUMENT_ROOT) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"sisa")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def told(run: IntegrityRun) -> dict:
    """{document or file: what is wrong}."""
    return {finding.document_id or finding.file: finding.kind for finding in run.findings.all()}


def whole(run: IntegrityRun) -> tuple[str, int, int]:
    return run.outcome, run.documents, run.faults


def health(client) -> tuple[int, str]:
    answer = client.get("/sehat/")
    return answer.status_code, answer.json()["documents"]


# --- what is found ----------------------------------------------------------------------------------------


def test_whole_files_are_told_whole(papers):
    run = verify_documents()

    assert (run.outcome, run.documents, run.faults) == ("utuh", 6, 0)
    assert run.size == sum(document.size for document in papers)
    assert run.last_document == papers[-1].pk


def test_what_is_missing_changed_cut_or_grown_is_named(papers):
    path_of(papers[0]).unlink()
    flip(papers[1])
    os.truncate(path_of(papers[2]), 20)
    with open(path_of(papers[3]), "ab") as file:
        file.write(b"x")
    path_of(papers[4]).unlink()
    path_of(papers[4]).mkdir()

    run = verify_documents()

    assert told(run) == {
        papers[0].pk: "hilang", papers[1].pk: "berubah", papers[2].pk: "berubah", papers[3].pk: "berubah",
        papers[4].pk: "tak-terbaca",
    }  # fmt: skip
    assert (run.outcome, run.documents, run.missing, run.changed, run.unreadable) == ("bermasalah", 6, 1, 3, 1)


def test_a_checksum_that_was_changed_in_the_database_is_found(papers):
    Document.objects.filter(pk=papers[0].pk).update(sha256="0" * 64)

    assert told(verify_documents()) == {papers[0].pk: "berubah"}


def test_orphans_are_found_when_the_sweep_should_have_taken_them(papers):
    orphan, logo = stray("ab/cd/" + "abcd" * 16), stray("logo/lama.png")
    partial = stray("ab/cd/.abcd.12.aa")
    young = stray("ab/ce/" + "abce" * 16)
    os.utime(young)

    run = verify_documents()

    assert told(run) == {"ab/cd/" + "abcd" * 16: "tak-dikenal", "ab/cd/.abcd.12.aa": "tak-dikenal"}
    assert (run.outcome, run.orphans) == ("bermasalah", 2)
    assert all(path.exists() for path in (orphan, logo, partial, young))  # it only looks


def test_destroyed_and_refused_rows_are_left_alone_unless_their_bytes_are_still_there(papers):
    for document, state in zip(papers[:2], (DocumentState.DESTROYED, DocumentState.REFUSED), strict=True):
        path_of(document).unlink()
        Document.objects.filter(pk=document.pk).update(state=state)
    assert verify_documents().outcome == "utuh"

    Document.objects.filter(pk=papers[2].pk).update(state=DocumentState.DESTROYED)
    os.utime(path_of(papers[2]), (LONG_AGO, LONG_AGO))
    run = verify_documents()

    assert told(run) == {papers[2].pk: "sisa"}
    assert run.documents == 3


def test_what_waits_for_the_scanner_is_verified_too(papers):
    Document.objects.filter(pk=papers[0].pk).update(state=DocumentState.WAITING)
    path_of(papers[0]).unlink()

    assert told(verify_documents()) == {papers[0].pk: "hilang"}


def test_a_paper_that_is_destroyed_while_it_is_looked_for_is_no_finding(papers, monkeypatch):
    path_of(papers[1]).unlink()
    look = integrity._Verification._fault

    def destroyed_meanwhile(self, row):
        fault = look(self, row)
        Document.objects.filter(pk=papers[1].pk).update(state=DocumentState.DESTROYED)
        return fault

    monkeypatch.setattr(integrity._Verification, "_fault", destroyed_meanwhile)

    assert verify_documents().outcome == "utuh"


# --- samples, time and nights -------------------------------------------------------------------------------


def test_a_sample_is_spread_over_all_and_sees_what_was_wrong_before(papers):
    for _time in range(5):
        run = verify_documents(sample=2)
        assert (run.step, run.documents, run.passed) == (3, 2, 6)
    path_of(papers[4]).unlink()
    verify_documents()

    for _time in range(5):
        assert told(verify_documents(sample=1)) == {papers[4].pk: "hilang"}


def test_time_runs_out_and_the_next_run_goes_on(papers):
    run = verify_documents(seconds=-1)
    assert (run.outcome, run.documents) == ("terputus", 0)

    again = verify_documents(resume=True)

    assert (again.pk, again.outcome, again.documents) == (run.pk, "utuh", 6)
    assert verify_documents(resume=True).pk != run.pk  # nothing to go on with: a new one


def test_nights_everything_once_a_week_and_samples_in_between(papers, monkeypatch):
    monkeypatch.setattr(integrity, "SAMPLE", 2)
    verify_nightly(seconds=-1)  # a short night
    verify_nightly(seconds=60)  # goes on with it
    verify_nightly(seconds=60)
    IntegrityRun.objects.update(started_at=timezone.now() - timedelta(days=7))
    last = verify_nightly(seconds=60)

    assert list(IntegrityRun.objects.order_by("pk").values_list("step", "outcome", "documents")) == [
        (1, "utuh", 6), (3, "utuh", 2), (1, "utuh", 6),
    ]  # fmt: skip
    assert whole(last) == ("utuh", 6, 0)


def test_two_at_the_same_run_are_noticed(papers):
    verify_documents(seconds=-1)
    finished = []

    def somebody_else(_run):
        if not finished:
            finished.append(verify_documents(resume=True))

    with refused("verify_documents.taken_over"):
        verify_documents(resume=True, progress=somebody_else)
    assert IntegrityRun.objects.get().outcome == "utuh"


def test_one_that_is_overtaken_writes_nothing_over_what_the_other_wrote(papers):
    verify_documents(seconds=-1)

    def somebody_goes_on(_run):
        IntegrityRun.objects.update(last_document=papers[3].pk, documents=4)

    with refused("verify_documents.taken_over"):
        verify_documents(resume=True, progress=somebody_goes_on)
    run = IntegrityRun.objects.get()
    assert (run.last_document, run.documents) == (papers[3].pk, 4)


def test_a_storage_that_does_not_answer_is_no_loss(papers, settings):
    settings.DOCUMENT_ROOT.rename(settings.DOCUMENT_ROOT.with_name("aside"))
    settings.DOCUMENT_ROOT.write_text("not a folder")

    with refused("verify_documents.storage_away"):
        verify_documents()
    assert not IntegrityFinding.objects.exists()


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_says_what_to_do_and_fails(papers):
    path_of(papers[0]).unlink()
    said = io.StringIO()

    with pytest.raises(CommandError) as failed:
        call_command("verify_documents", stdout=said)

    assert failed.value.returncode == 1
    assert re.search(r"^- Berkas hilang: KTP #\d+, [0-9a-f/]+\. Pulihkan berkasnya dari cadangan", said.getvalue())
    assert "BERMASALAH: 1 temuan pada 6 dokumen" in str(failed.value)


def test_the_command_tells_what_is_whole_and_refuses_nonsense(papers):
    said = io.StringIO()
    call_command("verify_documents", stdout=said)
    assert said.getvalue().startswith("Utuh: 6 dokumen")
    with pytest.raises(CommandError, match="1 atau lebih"):
        call_command("verify_documents", "--sample", "0")


def test_a_bar_runs_on_a_terminal(papers):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    call_command("verify_documents", stdout=(screen := Terminal()))

    assert re.search(r"\r[█░]{30} +\d+ %  1 dokumen, \d+ MB/detik, 0 temuan", screen.getvalue())


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_killed_is_taken_up_behind_where_it_was(papers, tmp_path):
    """Another process is killed (SIGKILL) while it reads the fourth paper, a pipe that nobody fills."""
    from tests.faults.test_kill_while_uploading import database_address

    original = path_of(papers[3])
    aside = original.rename(tmp_path / "aside")
    os.mkfifo(original)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED_RUN], cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE, text=True,
        env={
            "PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "core.config.settings", "IGNORE_DOTENV": "1",
            "ENVIRONMENT": "development", "VAR_DIR": str(tmp_path / "var"), "DATABASE_URL": database_address(),
            "STORAGE_URL": Path(settings.DOCUMENT_ROOT).as_uri(), "LOOKUP_KEY": settings.LOOKUP_KEY,
            "FIELD_ENCRYPTION_KEYS": ",".join(settings.FIELD_ENCRYPTION_KEYS),
        },
    )  # fmt: skip
    with process:
        assert [process.stdout.readline() for _paper in range(3)] == ["1\n", "2\n", "3\n"]
        until(lambda: IntegrityRun.objects.filter(last_document=papers[2].pk).exists(), process)
        process.send_signal(signal.SIGKILL)
    original.unlink()
    aside.rename(original)
    killed = IntegrityRun.objects.get()
    assert (killed.outcome, killed.last_document, killed.documents) == ("terputus", papers[2].pk, 3)

    seen = []
    run = verify_documents(resume=True, progress=lambda run: seen.append(run.documents))

    assert (run.pk, run.outcome, run.documents, seen) == (killed.pk, "utuh", 6, [4, 5, 6])


def until(holds: Callable[[], bool], process: subprocess.Popen) -> None:
    give_up = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < give_up
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.02)


#: Saves after each paper, as a slow disk would make it.
KILLED_RUN = """
import django
django.setup()
from core.documents import integrity
integrity.SAVED_EACH = 0
integrity.verify_documents(progress=lambda run: print(run.documents, flush=True))
"""


# --- /sehat/ --------------------------------------------------------------------------------------------------


def test_health_is_red_while_something_is_wrong_and_green_when_the_next_run_finds_it_mended(papers, client):
    verify_documents()
    assert health(client) == (200, "ok")
    whole = flip(papers[2])
    verify_documents()
    assert health(client) == (503, "gagal")
    verify_documents(sample=1)
    assert health(client) == (503, "gagal")  # a sample does not clear what was found
    path_of(papers[2]).write_bytes(whole)
    assert health(client) == (503, "gagal")  # until it was looked at
    verify_documents(sample=1)
    assert health(client) == (200, "ok")


def test_health_is_red_as_soon_as_a_run_under_way_finds_something(papers, client):
    verify_documents()
    path_of(papers[0]).unlink()
    start = time.monotonic()
    run = verify_documents(seconds=0.2, progress=lambda _run: wait_until(start + 0.3))

    assert (run.outcome, run.documents) == ("terputus", 1)
    assert health(client) == (503, "gagal")
    verify_documents(sample=1)  # begun anew instead of going on: what was found is not forgotten
    assert health(client) == (503, "gagal")
    assert integrity.repository_state().faults == 1


def wait_until(moment: float) -> None:
    while time.monotonic() < moment:
        pass


def test_health_is_red_when_nothing_was_verified_for_longer_than_the_policy_allows(papers, client):
    assert health(client) == (200, "ok")  # papers of today, no night yet
    days = timedelta(days=SystemPolicy.objects.get().integrity_days)
    Document.objects.update(created_at=timezone.now() - days - timedelta(hours=1))
    assert health(client) == (503, "gagal")
    verify_documents()
    assert health(client) == (200, "ok")
    IntegrityRun.objects.update(touched_at=timezone.now() - days - timedelta(hours=1))
    assert health(client) == (503, "gagal")
    SystemPolicy.objects.update(integrity_days=30)
    assert health(client) == (200, "ok")


def test_without_documents_nothing_needs_to_be_verified(client):
    assert health(client) == (200, "ok")


def test_health_is_red_while_papers_wait_for_the_scanner_for_more_than_an_hour(papers, client):
    Document.objects.filter(pk=papers[0].pk).update(state=DocumentState.WAITING)
    assert client.get("/sehat/").json()["virus_scanner"] == "ok"
    Document.objects.filter(pk=papers[0].pk).update(created_at=timezone.now() - timedelta(minutes=61))
    answer = client.get("/sehat/")
    assert (answer.status_code, answer.json()["virus_scanner"]) == (503, "gagal")
    Document.objects.filter(pk=papers[0].pk).update(state=DocumentState.CLEAN)
    assert client.get("/sehat/").status_code == 200


# --- asked for by a person -----------------------------------------------------------------------------------


@pytest.fixture
def administrator():
    return make_user(role="administrator")


def test_who_asks_for_it_gets_it_from_the_job_of_the_next_minute(papers, administrator):
    assert continue_requested(seconds=5) is None  # nobody asked
    assert not IntegrityRun.objects.exists()

    run = request_verification(by=administrator)

    assert (run.outcome, run.documents, run.requested_by) == ("terputus", 0, administrator)
    assert ActivityEntry.objects.get(code="integrity.request").actor == administrator
    assert whole(continue_requested(seconds=5)) == ("utuh", 6, 0)
    run.refresh_from_db()
    assert run.outcome == "utuh"
    assert continue_requested(seconds=5) is None


def test_it_goes_on_minute_by_minute_and_never_beside_another_process(papers, administrator):
    run = request_verification(whole=True, by=administrator)
    continue_requested(seconds=-1)  # time was up before the first document
    Document.objects.exclude(pk=papers[0].pk).filter(pk__lt=papers[1].pk).delete()
    IntegrityRun.objects.filter(pk=run.pk).update(last_document=papers[0].pk, documents=1, passed=1)
    assert continue_requested(seconds=5) is None  # it moved a moment ago: somebody is at it
    IntegrityRun.objects.update(touched_at=timezone.now() - timedelta(seconds=integrity.AT_WORK + 1))

    assert whole(continue_requested(seconds=5)) == ("utuh", 6, 0)


def test_what_the_night_left_unfinished_is_taken_up_instead_of_begun_anew(papers, administrator):
    unfinished = verify_documents(seconds=-1)

    assert request_verification(by=administrator) == unfinished

    assert continue_requested(seconds=5).documents == 6
    assert IntegrityRun.objects.count() == 1


def test_one_at_a_time_and_only_by_whom_it_is_for(papers, administrator):
    with refused("request_verification.forbidden"):
        request_verification(by=make_user(role="sekretariat"))
    request_verification(by=administrator)
    with refused("request_verification.running"):
        request_verification(by=administrator)
    assert IntegrityRun.objects.count() == 1


def test_a_storage_that_is_away_is_said_at_once(papers, administrator, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DOCUMENT_ROOT = tmp_path / "file" / "documents"
    with refused("request_verification.storage_away"):
        request_verification(by=administrator)
