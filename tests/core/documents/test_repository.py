"""What a person uploads is kept once, stays what it was, and is theirs."""

import io
import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.queries import reusable_documents
from core.documents import services
from core.documents.models import Document, DocumentType
from core.documents.services import release_document, store_rendered, store_upload, view_document
from tests.core.helpers import at_once, from_address, refused
from tests.factories.accounts import make_user
from tests.factories.documents import jpeg_bytes, make_document, pdf_bytes

pytestmark = pytest.mark.django_db


def path_of(document: Document) -> Path:
    return Path(django_settings.DOCUMENT_ROOT, document.file.name)


def test_an_upload_is_described_by_what_is_kept_and_not_by_what_was_sent():
    owner = make_user(role="asesi")

    document = make_document(owner=owner, content=jpeg_bytes(size=(4000, 3000)), file_name="../IMG_1.HEIC")

    content = path_of(document).read_bytes()
    assert (document.size, document.content_type, document.file_name) == (len(content), "image/jpeg", "IMG_1.jpg")
    assert (document.owner, document.uploaded_by, document.title, document.pages) == (owner, owner, "KTP", None)
    assert document.is_image


@pytest.mark.parametrize("limit", [{"MAX_FILES_A_DAY": 3}, {"MAX_BYTES_A_DAY": 3000}])
def test_nobody_from_outside_fills_the_disk_in_a_day(limit, monkeypatch):
    for name, value in limit.items():
        monkeypatch.setattr(services, name, value)
    owner = make_user(role="asesi")
    photos = [jpeg_bytes(size=(60 + n, 60)) for n in range(3)]
    sizes = [make_document(owner=owner, content=photo).size for photo in photos]
    assert sum(sizes) < 3000 < sum(sizes) + min(sizes)

    with refused("file.too_many", field="file"):
        make_document(owner=owner, content=jpeg_bytes(size=(90, 60)))
    assert make_document(owner=owner, content=photos[0])  # the same file once more is no new one
    assert make_document(owner=make_user(role="asesi"), content=jpeg_bytes(size=(90, 60)))
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert make_document(owner=owner, content=jpeg_bytes(size=(90, 60)))


def test_a_refused_upload_leaves_no_row_and_no_activity():
    with refused("file.web_page", field="file"):
        make_document(owner=make_user(role="asesi"), content=b"<html>")

    assert not Document.objects.exists()
    assert not ActivityEntry.objects.filter(code="document.store").exists()


def test_the_log_of_an_upload_names_kind_and_hash_but_not_the_file_name():
    document = make_document(owner=make_user(role="asesi"), file_name="KTP Siti Rahmawati.jpg")

    entry = ActivityEntry.objects.get(code="document.store")

    assert entry.data == {"kind": "ktp", "sha256": document.sha256}
    assert entry.subject_label == f"KTP #{document.pk}"


def test_the_same_file_under_two_kinds_is_two_documents_and_one_file():
    owner, content = make_user(role="asesi"), pdf_bytes()

    ktp, diploma = (make_document(owner=owner, content=content, kind=kind) for kind in ("ktp", "ijazah"))

    assert ktp != diploma
    assert path_of(ktp) == path_of(diploma)
    assert len(list(path_of(ktp).parent.iterdir())) == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_keeps_one_document():
    owner, content = make_user(role="asesi"), jpeg_bytes()

    kept = at_once(*[lambda: make_document(owner=owner, content=content)] * 4)

    assert len({document.pk for document in kept}) == 1
    assert Document.objects.count() == 1


def test_a_file_that_is_there_already_is_not_written_again_but_made_young_for_the_sweep():
    content = pdf_bytes()
    first = make_document(owner=make_user(role="asesi"), content=content)
    os.utime(path_of(first), (1, 1))
    same = path_of(first).stat().st_ino

    second = make_document(owner=make_user(role="asesi"), content=content)

    assert path_of(second) == path_of(first)
    assert path_of(first).stat().st_ino == same
    assert path_of(first).stat().st_mtime > 1


def test_files_are_readable_for_the_server_only():
    document = make_document(owner=make_user(role="asesi"))

    assert stat.S_IMODE(path_of(document).stat().st_mode) == 0o640


def test_a_stored_file_has_no_public_address():
    document = make_document(owner=make_user(role="asesi"))

    with pytest.raises(ValueError, match="no public address"):
        document.file.url  # noqa: B018


def test_an_upload_that_was_rolled_back_leaves_no_row_without_a_file():
    owner = make_user(role="asesi")

    with transaction.atomic():
        document = make_document(owner=owner)
        transaction.set_rollback(True)

    assert not Document.objects.exists()
    assert path_of(document).exists()  # the sweep finds it; the other way round would lose evidence


def test_a_released_document_is_not_offered_again_but_can_be_uploaded_anew():
    owner, content = make_user(role="asesi"), jpeg_bytes()
    document = make_document(owner=owner, content=content)

    release_document(document=document, by=owner)
    again = make_document(owner=owner, content=content)

    assert list(reusable_documents(owner)) == [again]
    assert path_of(document).exists()
    assert ActivityEntry.objects.filter(code="document.release", subject_id=str(document.pk)).exists()


def test_only_own_evidence_is_offered_for_reuse():
    owner = make_user(role="asesi")
    older, newer = make_document(owner=owner, kind="ktp"), make_document(owner=owner, kind="ijazah")
    make_document(owner=make_user(role="asesi"))
    store_rendered(
        content=pdf_bytes(), file_name="f.pdf", title="FR.APL-01", pages=1, owner=owner,
        document_type=DocumentType.objects.get(code="fr-apl-01"),
    )  # fmt: skip

    assert list(reusable_documents(owner)) == [newer, older]


def test_a_paper_of_the_system_was_uploaded_by_nobody():
    document = store_rendered(
        content=pdf_bytes(), file_name="f.pdf", title="x" * 300, pages=1, owner=make_user(role="asesi"),
        document_type=DocumentType.objects.get(code="fr-apl-01"),
    )  # fmt: skip

    assert (document.uploaded_by, document.content_type, len(document.title)) == (None, "application/pdf", 150)


def test_every_look_is_recorded_with_who_and_from_where():
    document, clerk = make_document(owner=make_user(role="asesi")), make_user(role="sekretariat")

    from_address("203.0.113.4", lambda: view_document(document=document, by=clerk))

    entry = ActivityEntry.objects.get(code="document.view")
    assert (entry.actor, entry.subject_id, entry.ip_address) == (clerk, str(document.pk), "203.0.113.4")


def test_an_own_title_is_kept_without_becoming_a_path():
    owner = make_user(role="asesi")

    document = store_upload(
        stream=io.BytesIO(pdf_bytes()), file_name="a.pdf", owner=owner, by=owner, title="../../Laporan & kegiatan",
        document_type=DocumentType.objects.get(code="bukti-kerja"),
    )  # fmt: skip

    assert str(document) == "../../Laporan & kegiatan"
    assert path_of(document).is_relative_to(django_settings.DOCUMENT_ROOT)
    assert path_of(document).name == document.sha256
