"""Documents in a bucket: against a server that speaks S3 over a socket, with the settings that STORAGE_URL makes."""

import hashlib
import uuid
from dataclasses import MISSING, fields
from datetime import timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone
from moto.server import ThreadedMotoServer

from core.backups.bundle import fetch_from_bucket
from core.backups.manifest import Manifest
from core.backups.recovery import fill_bucket
from core.config.env import document_place
from core.documents.integrity import verify_documents
from core.documents.models import Document
from core.documents.storage import document_storage
from core.documents.sweeping import sweep_documents
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.documents import make_document, pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def bucket(settings, monkeypatch, tmp_path):
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    name = f"berkas-{uuid.uuid4().hex}"  # the server keeps what it has for as long as the process runs
    host, port = server.get_host_and_port()
    monkeypatch.setenv("STORAGE_URL", f"s3://kunci:rahasia@{host}:{port}/{name}/lsp?tls=0")
    _folder, place = document_place("STORAGE_URL", default=tmp_path)
    settings.STORAGES = settings.STORAGES | {"default": place}
    storage = document_storage()
    storage.connection.meta.client.create_bucket(Bucket=name)
    yield storage
    server.stop()


def test_papers_lie_under_their_hash_once_and_are_served_in_pieces(bucket, client):
    owner, content = make_user(role="asesi"), pdf_bytes(pages=2)
    document = make_document(owner=owner, content=content, kind="ijazah")
    make_document(owner=make_user(role="asesi"), content=content, kind="ijazah")

    assert bucket.is_ready()
    assert [(file.name, file.size) for file in bucket.walk()] == [(document.file.name, len(content))]
    with document.file.open("rb") as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == document.sha256
    client.force_login(owner)
    address = f"/akun/berkas/{document.public_id}/"
    assert b"".join(client.get(address).streaming_content) == content
    piece = client.get(address, headers={"range": "bytes=5-9"})
    assert (piece.status_code, b"".join(piece.streaming_content)) == (206, content[5:10])
    with pytest.raises(ValueError, match="no public address"):
        document.file.url  # noqa: B018


def test_a_missing_file_is_not_found_and_a_lost_bucket_is_noticed(bucket, client):
    document = make_document(owner=make_user(role="asesi"))
    bucket.delete(document.file.name)
    assert [file.name for file in bucket.walk()] == []
    client.force_login(document.owner)

    assert client.get(f"/akun/berkas/{document.public_id}/").status_code == 404
    bucket.connection.meta.client.delete_bucket(Bucket=bucket.bucket_name)
    assert not bucket.is_ready()


def test_content_that_is_damaged_on_its_way_is_not_taken(bucket, monkeypatch):
    class Torn(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"setengah"
            raise OSError("link cut")

    with pytest.raises(OSError, match="link cut"):
        bucket.save("ab/cd/abcd", Torn(b""))

    assert list(bucket.walk()) == []


def test_the_sweep_takes_what_no_row_knows_and_leaves_the_rest(bucket):
    document = make_document(owner=make_user(role="asesi"))
    orphan = "ab/cd/" + "abcd" * 16
    bucket.save(orphan, ContentFile(b"sisa"))
    bucket.save("logo/a.png", ContentFile(b"logo"))

    assert sweep_documents(minutes=60).orphans == 0
    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=True):
        assert sweep_documents(minutes=60).orphans == 1

    assert {file.name for file in bucket.walk()} == {document.file.name, "logo/a.png"}
    assert Document.objects.count() == 1


def test_a_backup_of_a_bucket_holds_the_logo_as_well(bucket, tmp_path):
    document, gone = (make_document(owner=make_user(role="asesi")) for _paper in range(2))
    bucket.save("logo/lsp.png", ContentFile(b"gambar"))
    fetch_from_bucket({paper.sha256: paper.size for paper in (document, gone)}, tmp_path)
    fetch_from_bucket({document.sha256: document.size}, tmp_path)
    kept = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert kept == {document.file.name, "logo/lsp.png"}

    for name in {*kept, gone.file.name}:
        bucket.delete(name)
    known = {"documents": {document.sha256: document.size}, "others": {"documents/logo/lsp.png": ("", 6)}}
    nothing = dict.fromkeys(one.name for one in fields(Manifest) if one.default is one.default_factory is MISSING)
    fill_bucket(Manifest(**nothing | known), tmp_path)

    assert {file.name for file in bucket.walk()} == kept


def test_files_in_a_bucket_are_verified_and_one_that_is_away_is_no_loss(bucket):
    owner = make_user(role="asesi")
    whole, lost, changed, grown = (make_document(owner=owner) for _paper in range(4))
    assert verify_documents().outcome == "utuh"
    client = bucket.connection.meta.client
    bucket.delete(lost.file.name)
    client.put_object(Bucket=bucket.bucket_name, Key=f"lsp/{changed.file.name}", Body=b"x" * changed.size)
    with grown.file.open("rb") as stored:
        client.put_object(Bucket=bucket.bucket_name, Key=f"lsp/{grown.file.name}", Body=stored.read() + b"x")

    run = verify_documents()

    assert [(finding.document_id, finding.kind) for finding in run.findings.all()] == [
        (lost.pk, "hilang"), (changed.pk, "berubah"), (grown.pk, "berubah"),
    ]  # fmt: skip
    assert run.documents == 4
    for document in (whole, changed, grown):
        bucket.delete(document.file.name)
    client.delete_bucket(Bucket=bucket.bucket_name)
    with refused("verify_documents.storage_away"):
        verify_documents()
