"""Seed, back up to two places (one over SFTP), lose everything, restore: the same rows, the same bytes."""

import io
import random
import shutil
import uuid
from urllib.request import Request, urlopen

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from moto.server import ThreadedMotoServer

from core.accounts.models import UserSession
from core.activity.models import ActivityEntry
from core.backups import recovery, restoring
from core.backups.databases import own_settings, rows_per_table
from core.backups.enums import BackupOutcome
from core.backups.manifest import Manifest
from core.backups.models import BackupCopy, BackupRun
from core.backups.queries import last_proven, standing
from core.backups.services import run_backup
from core.documents.integrity import verify_documents
from core.documents.models import Document, PartialUpload, RunOutcome
from core.documents.storage import document_storage
from core.imports.storage import import_storage
from core.jobs.enums import JobState
from core.jobs.models import Job
from core.messaging.models import OutboxMessage, OutboxStatus
from core.messaging.services import queue_message, send_waiting
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.documents import make_document
from tests.faults.stores import needs_restic, point_backups_at, ssh_server

pytestmark = [pytest.mark.django_db(transaction=True), needs_restic]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with ssh_server(tmp_path_factory.mktemp("ssh")) as server:
        yield server


@pytest.fixture
def place(settings, tmp_path):
    """One repository, on a disk of this machine."""
    point_backups_at(settings, tmp_path / "server", local=tmp_path / "disk")
    return tmp_path


@pytest.fixture
def places(settings, tmp_path, server):
    """Two, the second one on another server."""
    point_backups_at(
        settings,
        tmp_path / "server",
        local=tmp_path / "disk",
        remote=server.address(tmp_path / "far"),
        ssh=server.config,
    )
    return tmp_path


def command(name: str, *words: str) -> str:
    out = io.StringIO()
    call_command(name, *words, stdout=out)
    return out.getvalue()


def everything() -> dict[str, int]:
    """Rows per table, without those that a backup, a restore or the end of `migrate` in a test writes."""
    own = ("core_backup", "core_activity", "core_outboxmessage", "core_job", "core_partialupload", "core_recapmark")
    own += ("core_usersession", "django_session")
    return {table: rows for table, rows in rows_per_table(own_settings()).items() if not table.startswith(own)}


def lose_everything(settings) -> None:
    shutil.rmtree(settings.DOCUMENT_ROOT)
    shutil.rmtree(settings.IMPORT_ROOT, ignore_errors=True)
    Document.objects.all().delete()
    OutboxMessage.objects.all().delete()


def test_everything_comes_back_from_another_server(places, settings, mailoutbox):
    person = make_user(role="asesi", full_name='O\'Neil \\ "Siti",\n(Bengkulu); 😀')
    papers = [make_document(owner=person) for _paper in range(4)]
    logo = document_storage().save("logo/lsp.png", ContentFile(b"picture"))
    sheet = import_storage().save("ab/cd/sheet", ContentFile(random.Random(8).randbytes(4_000_000)))
    UserSession.objects.create(user=person)
    PartialUpload.objects.create(owner=person, file_name="x", size=9, sha256="0" * 64)
    Job.objects.create(kind="ekspor", title="Ekspor", by=person)
    queue_message("job-ready", recipient=person, values={"nama": "Siti"})
    before = everything()

    told = command("backup")
    assert "Repositori lokal: berhasil" in told
    assert "Repositori luar: berhasil" in told
    first, second = BackupRun.objects.get(), run_backup()
    assert second.outcome == BackupOutcome.OK, second.problem
    added = {copy.run_id: copy.bytes_added for copy in BackupCopy.objects.filter(repository="remote")}
    assert added[second.pk] < added[first.pk] - 4_000_000  # what lies there already does not travel again
    assert (second.documents, second.rows) == (4, first.rows + 3)  # its predecessor: a run and two copies
    for run, steps in ((first, {"check", "forget"}), (second, set())):  # reading back and letting go: once a day
        assert all(copy.seconds.keys() & {"check", "forget"} == steps for copy in run.copies.all())

    send_waiting()  # after the backup the letter leaves
    lose_everything(settings)
    shutil.rmtree(places / "disk")
    shutil.rmtree(settings.BACKUP_ROOT)  # a new server has none of it
    told = command("restore", "--from", "remote", "--yes")

    assert "sama dengan manifesnya" in told
    assert everything() == before
    assert verify_documents().outcome == RunOutcome.INTACT
    assert Document.objects.count() == len(papers)
    with document_storage().open(logo) as picture, import_storage().open(sheet) as rows:
        assert (picture.read(), len(rows.read())) == (b"picture", 4_000_000)
    assert Document.objects.first().owner.full_name == person.full_name
    # what must not live again
    assert not UserSession.objects.exists()
    assert not PartialUpload.objects.exists()
    assert Job.objects.get().state == JobState.INTERRUPTED
    assert OutboxMessage.objects.get(template_key="job-ready").status == OutboxStatus.FAILED
    sent = len(mailoutbox)
    send_waiting()
    assert len(mailoutbox) == sent  # it went out already, and does not go twice
    # what is known now
    assert ActivityEntry.objects.filter(code="backup.restore").count() == 1
    run = BackupRun.objects.get(pk=second.pk)
    assert (run.outcome, run.documents) == (BackupOutcome.OK, 4)
    assert last_proven() is not None


def test_everything_comes_back_from_a_bucket(place, settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "kunci")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "rahasia")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    settings.BACKUP_REPOSITORIES = {"local": "", "remote": f"s3:http://{host}:{port}/cadangan-{uuid.uuid4().hex}/lsp"}
    make_document(owner=make_user(role="asesi"))
    before = everything()

    assert run_backup().outcome == BackupOutcome.OK
    lose_everything(settings)
    assert "sama dengan manifesnya" in command("restore", "--from", "remote", "--yes")
    assert everything() == before
    assert verify_documents().outcome == RunOutcome.INTACT

    for numbers, said in (("0", "menolak kunci kita"), ("inf", "")):  # after so many requests it looks at the keys
        address = f"http://{host}:{port}/moto-api/reset-auth"
        urlopen(Request(address, numbers.encode(), {"Content-Type": "text/plain"})).close()
        assert said in run_backup().copies.get().problem
    server.stop()
    lost = run_backup()
    assert lost.outcome == BackupOutcome.FAILED
    assert "tidak dapat dihubungi" in lost.copies.get().problem


def test_a_restore_that_was_cut_off_goes_on_with_what_lacks(place, settings):
    person = make_user(role="asesi")
    papers = [make_document(owner=person) for _paper in range(3)]
    assert run_backup().is_good
    kept, changed, lost = (settings.DOCUMENT_ROOT / paper.file.name for paper in papers)
    stamp = kept.stat().st_mtime_ns
    changed.write_bytes(b"x" * changed.stat().st_size)
    lost.unlink()
    # the disk filled up behind the first attempt: the dump is there already, and one file lies aside
    work = settings.BACKUP_ROOT / "restore"
    manifest, chosen = _manifest(settings)
    aside = settings.DOCUMENT_ROOT / ".restore" / str(lost).lstrip("/")
    aside.parent.mkdir(parents=True)
    source = restoring.repository_called("local")
    with open(aside, "wb") as out:
        source.fetch(chosen.id, manifest.path_in_snapshot(f"documents/{papers[2].file.name}"), out)
    work.mkdir()
    restoring._fetch_dump(source, chosen, manifest, work)
    fetched = (work / "database.sqlite3" if connection.vendor == "sqlite" else work / "database.sql").stat().st_ino

    seen = []
    found = recovery.restore(progress=lambda sentence: seen.append((sentence, _inode(work))))

    assert found.is_whole
    assert {inode for _sentence, inode in seen if inode} == {fetched}
    assert [sentence for sentence, _inode in seen if " dari " in sentence] == ["Mengambil dokumen: 1 dari 1"]
    assert kept.stat().st_mtime_ns == stamp
    assert verify_documents().outcome == RunOutcome.INTACT
    assert not (settings.DOCUMENT_ROOT / ".restore").exists()
    assert not work.exists()


def _manifest(settings):
    source = restoring.repository_called("local")
    chosen = restoring.find_snapshot(source)
    return restoring.read_manifest(source, chosen), chosen


def _inode(work):
    return next((path.stat().st_ino for path in work.glob("database.*")), None)


def test_before_and_after_it_is_looked_at(place, settings):
    """It asks before it overwrites, refuses what this program cannot hold, and finds a row too many, a byte changed, a
    file gone: the comparison that the drill rests on."""
    person = make_user(role="asesi")
    papers = [make_document(owner=person) for _paper in range(3)]
    gone = make_document(owner=person)
    (settings.DOCUMENT_ROOT / gone.file.name).unlink()
    run = run_backup()
    assert run.outcome == BackupOutcome.PARTIAL  # what could not be backed up is no success
    assert "1 dokumen tidak ada di penyimpanan" in run.problem
    assert standing().alarms == [f"Cadangan terakhir tidak berhasil: {run.problem}"]
    manifest, _chosen = _manifest(settings)
    assert manifest.missing == [gone.sha256]

    with pytest.raises(CommandError, match="Tidak ada yang diubah"):
        command("restore")
    assert "4 dokumen" in recovery.what_would_be_lost()
    with refused("backup.no_snapshot"):
        restoring.find_snapshot(restoring.repository_called("local"), wanted="deadbeef")
    settings.MIGRATION_MODULES = {}
    restoring.check_program(manifest)
    manifest.migrations.append(("core", "9999_from_the_future"))
    with refused("backup.older_program"):
        restoring.check_program(manifest)

    here = {"database": own_settings(), "folder": settings.DOCUMENT_ROOT}
    found = restoring.compare(manifest, **here)
    assert found.missing == found.changed == []
    assert set(found.rows) == {"core_backupcopy"}  # told after the dump
    path = settings.DOCUMENT_ROOT / papers[0].file.name
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)
    (settings.DOCUMENT_ROOT / papers[1].file.name).unlink()
    person.sessions.create()
    found = restoring.compare(manifest, **here)
    assert found.changed == [f"documents/{papers[0].file.name}"]
    assert found.missing == [f"documents/{papers[1].file.name}"]
    assert found.rows["core_usersession"] == (0, 1)
    assert not found.is_same


def test_manifest_reads_what_it_wrote():
    manifest = Manifest(
        run=1, moment=timezone.now(), engine="mysql", database_name="lsp", program="1", migrations=[("core", "0001")],
        tables={"a": 2}, database_sha256="x", database_bytes=3, documents={"ab" * 32: 5}, paths={"documents": "/d"},
        others={"imports/x": ("y", 1)},
    )  # fmt: skip
    again = Manifest.from_json(manifest.to_json())
    assert again == manifest
    assert next(again.files()) == (f"documents/ab/ab/{'ab' * 32}", "ab" * 32, 5)
    with pytest.raises(ValueError):
        Manifest.from_json(manifest.to_json().replace('"format":1', '"format":2'))
