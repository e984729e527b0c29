"""Uploads in pieces: nothing acknowledged is lost, nothing strange gets in, and the file is an ordinary document."""

import hashlib
import os
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from core.common.exceptions import DomainError
from core.documents import pieces
from core.documents.models import Document, DocumentType, PartialUpload
from core.documents.pieces import (
    KEPT,
    MAX_PIECE,
    MAX_UNFINISHED,
    WrongOffset,
    add_piece,
    begin_upload,
    discard_upload,
    path_of,
    remove_expired,
    safely_received,
    store_pieces,
)
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.documents import jpeg_bytes, make_document

pytestmark = pytest.mark.django_db

PIECE = 1000


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def person():
    return make_user(role="asesi")


@pytest.fixture
def photo() -> bytes:
    return jpeg_bytes(size=(300, 200))


@pytest.fixture(autouse=True)
def _empty_folder(settings, tmp_path):
    settings.PIECES_ROOT = tmp_path / "pieces"


def begin(person, content: bytes, **values) -> PartialUpload:
    return begin_upload(**{"file_name": "ktp.jpg", "size": len(content), "sha256": sha(content), "by": person} | values)


def send(upload: PartialUpload, content: bytes, *, start: int = 0, end: int | None = None) -> PartialUpload:
    """Send from `start` to `end`, piece by piece."""
    for offset in range(start, end or len(content), PIECE):
        piece = content[offset : min(offset + PIECE, end or len(content))]
        upload = add_piece(public_id=upload.public_id, offset=offset, piece=piece, sha256=sha(piece), by=upload.owner)
    return upload


def store(upload: PartialUpload, by=None) -> Document:
    kind = DocumentType.objects.get(code="ktp")
    return store_pieces(public_id=upload.public_id, document_type=kind, by=by or upload.owner)


def test_a_file_in_pieces_is_the_same_document_as_one_in_one_go(person, photo):
    upload = send(begin(person, photo), photo)

    document = store(upload)

    assert document == make_document(owner=person, content=photo)  # equal bytes of one kind are one row
    assert (document.file_name, document.owner) == ("ktp.jpg", person)
    assert not path_of(upload).exists()


def test_it_goes_on_where_it_stopped_when_the_same_file_is_chosen_again(person, photo):
    send(begin(person, photo, place="/bukti/:file-1"), photo, end=PIECE)

    again = begin(person, photo, place="/bukti/:file-1")

    assert again.received == PIECE
    assert begin(person, photo, place="/bukti/:file-2").received == 0  # another slot is another upload
    send(again, photo, start=PIECE)
    assert store(again).size > 0


@pytest.mark.parametrize("offset", [0, PIECE - 1, PIECE + 1])
def test_a_piece_that_does_not_begin_at_the_end_is_refused_and_told_where_that_is(person, photo, offset):
    upload = send(begin(person, photo), photo, end=PIECE)
    piece = photo[offset : offset + 100]

    with pytest.raises(WrongOffset) as refusal:
        add_piece(public_id=upload.public_id, offset=offset, piece=piece, sha256=sha(piece), by=person)

    assert refusal.value.received == PIECE
    assert path_of(upload).read_bytes() == photo[:PIECE]


def test_the_last_piece_sent_twice_and_a_file_handed_in_twice_change_nothing(person, photo):
    upload = send(begin(person, photo), photo)
    start = (len(photo) - 1) // PIECE * PIECE
    last = photo[start:]

    with pytest.raises(WrongOffset) as refusal:
        add_piece(public_id=upload.public_id, offset=start, piece=last, sha256=sha(last), by=person)
    assert refusal.value.received == len(photo)

    assert store(upload) == store(upload)
    assert Document.objects.count() == 1
    with pytest.raises(WrongOffset):  # also after it was handed in
        add_piece(public_id=upload.public_id, offset=start, piece=last, sha256=sha(last), by=person)


def test_a_damaged_piece_is_refused_and_what_was_there_stays(person, photo):
    upload = send(begin(person, photo), photo, end=PIECE)

    with refused("pieces.damaged"):
        add_piece(public_id=upload.public_id, offset=PIECE, piece=b"x" * 10, sha256=sha(b"y"), by=person)

    assert path_of(upload).read_bytes() == photo[:PIECE]


@pytest.mark.parametrize("length", [0, MAX_PIECE + 1])
def test_a_piece_has_a_size(person, length):
    content = bytes(3 * MAX_PIECE)
    upload = begin(person, content)

    with refused("pieces.size"):
        add_piece(public_id=upload.public_id, offset=0, piece=bytes(length), sha256=sha(bytes(length)), by=person)


def test_no_more_comes_in_than_was_announced(person, photo):
    upload = send(begin(person, photo), photo)

    with refused("pieces.size"):
        add_piece(public_id=upload.public_id, offset=len(photo), piece=b"x", sha256=sha(b"x"), by=person)


def test_somebody_elses_upload_is_unknown(person, photo):
    upload = send(begin(person, photo), photo)
    stranger = make_user(role="asesi")

    acts = [
        lambda: add_piece(public_id=upload.public_id, offset=0, piece=b"x", sha256=sha(b"x"), by=stranger),
        lambda: store(upload, by=stranger),
        lambda: discard_upload(public_id=upload.public_id, by=stranger),
        lambda: store_pieces(public_id=uuid.uuid4(), document_type=DocumentType.objects.get(code="ktp"), by=person),
    ]

    for act in acts:
        with refused("pieces.unknown", field="file"):
            act()
    assert begin(stranger, photo).received == 0


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"size": 0}, "pieces.empty"),
        ({"size": 10 * 1024 * 1024 + 1}, "file.too_large"),
        ({"sha256": "x" * 64}, "pieces.checksum_form"),
        ({"sha256": "ab"}, "pieces.checksum_form"),
    ],
)
def test_what_cannot_be_taken_is_refused_before_it_travels(person, photo, values, code):
    with pytest.raises(DomainError) as refusal:
        begin(person, photo, **values)
    assert refusal.value.code == code


def test_nobody_fills_the_disk(person, settings):
    for number in range(MAX_UNFINISHED):
        begin(person, bytes(1), sha256=sha(bytes([number])))
    with refused("pieces.too_many"):
        begin(person, bytes(1), sha256=sha(b"one more"))

    other = make_user(role="asesi")
    for number in range(6):
        begin(other, bytes(1), size=settings.DOCUMENT_MAX_BYTES, sha256=sha(bytes([number])))
    with refused("pieces.too_many"):
        begin(other, bytes(1), sha256=sha(b"one more"))


def test_a_file_that_changed_on_its_way_is_not_taken(person, photo):
    upload = send(begin(person, photo, sha256=sha(b"another file")), photo)

    with refused("pieces.checksum", field="file"):
        store(upload)

    assert not PartialUpload.objects.exists()
    assert not path_of(upload).exists()


def test_half_a_file_is_not_taken(person, photo):
    upload = send(begin(person, photo), photo, end=PIECE)

    with refused("pieces.unfinished", field="file"):
        store(upload)

    assert safely_received(upload) == PIECE


def test_entry_control_says_no_as_ever(person):
    content = b"MZ" + bytes(2000)
    upload = send(begin(person, content), content)

    with refused("file.program", field="file"):
        store(upload)

    assert not PartialUpload.objects.exists()
    assert not path_of(upload).exists()


def test_bytes_that_a_crash_left_behind_the_acknowledged_end_are_written_over(person, photo):
    upload = send(begin(person, photo), photo, end=PIECE)
    with open(path_of(upload), "ab") as file:  # written, but the row was never told
        file.write(b"half a piece that nobody heard of")

    assert safely_received(upload) == PIECE
    send(upload, photo, start=PIECE)

    assert store(upload) == make_document(owner=person, content=photo)


def test_a_lost_folder_is_noticed_and_the_file_comes_once_more(person, photo):
    upload = send(begin(person, photo), photo, end=2 * PIECE)
    path_of(upload).unlink()

    with pytest.raises(WrongOffset) as refusal:
        send(upload, photo, start=2 * PIECE)
    assert refusal.value.received == 0

    send(upload, photo)
    assert store(upload) == make_document(owner=person, content=photo)


def test_what_is_left_lying_is_given_up(person, photo):
    left, fresh = begin(person, photo), begin(person, photo, place="elsewhere")
    for upload in (left, fresh):
        send(upload, photo, end=PIECE)
    old = timezone.now() - KEPT - timedelta(minutes=1)
    PartialUpload.objects.filter(pk=left.pk).update(touched_at=old)
    orphan = pieces.settings.PIECES_ROOT / str(uuid.uuid4())
    orphan.write_bytes(b"no row knows of this")
    for path in (path_of(left), orphan):
        os.utime(path, (old.timestamp(), old.timestamp()))

    assert remove_expired() == 2

    assert [path.name for path in pieces.settings.PIECES_ROOT.iterdir()] == [str(fresh.public_id)]
    assert PartialUpload.objects.get() == fresh


@pytest.mark.django_db(transaction=True)
def test_two_tabs_send_the_same_piece_and_one_of_them_is_taken(person, photo):
    upload = begin(person, photo)
    piece = photo[:PIECE]

    answers = at_once(
        *[lambda: add_piece(public_id=upload.public_id, offset=0, piece=piece, sha256=sha(piece), by=person)] * 4
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["PartialUpload"] + ["WrongOffset"] * 3
    assert {answer.received for answer in answers} == {PIECE}
    assert path_of(upload).read_bytes() == piece


@pytest.mark.django_db(transaction=True)
def test_two_tabs_begin_and_hand_in_the_same_file_once(person, photo):
    uploads = at_once(*[lambda: begin(person, photo)] * 4)
    assert len({upload.pk for upload in uploads}) == 1
    send(uploads[0], photo)

    documents = at_once(*[lambda: store(uploads[0])] * 4)

    assert len({document.pk for document in documents}) == 1
    assert Document.objects.count() == 1
