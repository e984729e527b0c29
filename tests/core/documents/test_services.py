"""The repository: whole or not at all, once per content, never under a public address."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from core.applications.queries import reusable_documents
from core.common.exceptions import DomainError
from core.documents.models import Document
from core.documents.services import release_document
from core.documents.serving import wanted_range
from core.documents.storage import ContentAddressedStorage
from tests.factories.accounts import make_user
from tests.factories.documents import jpeg_bytes, make_document

pytestmark = pytest.mark.django_db


def test_a_document_lies_under_its_own_hash(settings):
    document = make_document(owner=make_user(role="asesi"))

    path = Path(settings.DOCUMENT_ROOT) / document.file.name
    assert document.file.name == f"{document.sha256[:2]}/{document.sha256[2:4]}/{document.sha256}"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256
    assert path.stat().st_size == document.size


def test_the_same_file_sent_twice_is_one_document():
    owner, content = make_user(role="asesi"), jpeg_bytes()

    first, second = (make_document(owner=owner, content=content) for _press in range(2))

    assert first == second
    assert make_document(owner=make_user(role="asesi"), content=content) != first  # but everybody has their own


def test_storage_writes_whole_files_once_and_leaves_no_rest(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path
    storage = ContentAddressedStorage()

    for _time in range(2):
        storage.save("ab/cd/abcd", ContentFile(b"isi"))

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["abcd"]
    with pytest.raises(ValueError, match="no public address"):
        storage.url("ab/cd/abcd")


def test_a_broken_write_leaves_neither_file_nor_row(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path

    class Breaking(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"setengah"
            raise OSError("link cut")

    with pytest.raises(OSError, match="link cut"):
        ContentAddressedStorage().save("ab/cd/abcd", Breaking(b""))

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_released_document_is_no_longer_offered_but_still_there():
    owner = make_user(role="asesi")
    document = make_document(owner=owner)

    release_document(document=document, by=owner)

    assert not reusable_documents(owner).exists()
    assert Document.objects.get().file.storage.exists(document.file.name)


def test_nobody_releases_somebody_elses_document():
    document = make_document(owner=make_user(role="asesi"))

    with pytest.raises(DomainError, match="bukan milik Anda"):
        release_document(document=document, by=make_user(role="asesi"))


@pytest.mark.parametrize("asked", ["bytes=0-" + "9" * 5000, "bytes=" + "9" * 5000 + "-", "bytes=-" + "9" * 5000])
def test_a_part_of_a_file_named_by_endless_figures_is_no_part(asked):
    assert wanted_range(asked, 10) is None
