"""Uploads in pieces over HTTP, as upload.js and any tus client send them, and what hostile ones get."""

import base64
import hashlib
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.applications.models import Application, RequirementEvidence
from core.documents.models import Document, PartialUpload
from core.documents.pieces import MAX_PIECE
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.documents import jpeg_bytes

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def sha(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


@pytest.fixture
def draft() -> Application:
    return make_application(status="draft")


@pytest.fixture
def candidate(client, draft) -> Client:
    client.force_login(draft.candidate.user)
    return client


@pytest.fixture
def photo() -> bytes:
    return jpeg_bytes(size=(300, 200))


def begin(client: Client, content: bytes, **headers):
    metadata = f"filename {b64(b'ktp.jpg')},sha256 {b64(sha(content).hex().encode())},place {b64(b'/bukti/:file-1')}"
    return client.post(
        "/akun/unggahan/", headers=TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": metadata} | headers
    )


def patch(client: Client, address: str, offset: int, piece: bytes, **headers):
    return client.patch(
        address,
        piece,
        content_type="application/offset+octet-stream",
        headers=TUS | {"Upload-Offset": str(offset), "Upload-Checksum": f"sha256 {b64(sha(piece))}"} | headers,
    )


def test_a_photograph_in_three_pieces_becomes_evidence_by_the_page_it_was_chosen_on(candidate, draft, photo):
    requirement = draft.scheme_version.requirements.get(title="KTP")
    address = begin(candidate, photo)["Location"]
    third = len(photo) // 3
    for offset, end in ((0, third), (third, 2 * third), (2 * third, len(photo))):
        answer = patch(candidate, address, offset, photo[offset:end])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(end))

    handed_in = {f"pieces-file-{requirement.pk}": address.split("/")[-2]}
    slots = [candidate.post(f"/permohonan/{draft.code}/bukti/{requirement.pk}/", handed_in) for _time in range(2)]

    assert all(b"ktp.jpg" in slot.content and b"<html" not in slot.content for slot in slots)
    document = RequirementEvidence.objects.get(requirement=requirement).documents.get()
    assert document.owner == draft.candidate.user
    ordinary = {f"file-{requirement.pk}": SimpleUploadedFile("ktp.jpg", photo)}
    candidate.post(f"/permohonan/{draft.code}/bukti/", ordinary | {"stay": "1"})
    assert Document.objects.get() == document  # byte by byte what the ordinary upload keeps


def test_evidence_of_a_unit_comes_in_pieces_as_well(candidate, draft, photo):
    unit = draft.scheme_version.units.first()
    address = begin(candidate, photo)["Location"]
    patch(candidate, address, 0, photo)

    candidate.post(
        f"/permohonan/{draft.code}/unit/{unit.pk}/",
        {"pieces-file": address.split("/")[-2], "upload": "1", "version": 0, "writer": "a"},
    )

    assert {answer.documents.get().title for answer in draft.answers.filter(element__unit=unit)} == {"ktp"}


def test_after_a_reload_the_server_says_where_to_go_on(candidate, photo):
    address = begin(candidate, photo)["Location"]
    patch(candidate, address, 0, photo[:100])

    asked = candidate.head(address, headers=TUS)
    again = begin(candidate, photo)

    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("100", str(len(photo)))
    assert (again["Location"], again["Upload-Offset"]) == (address, "100")
    assert asked["Cache-Control"] == "no-store"


def test_a_piece_sent_twice_is_told_where_the_file_ends(candidate, photo):
    address = begin(candidate, photo)["Location"]
    patch(candidate, address, 0, photo)

    again = patch(candidate, address, 0, photo)

    assert (again.status_code, again["Upload-Offset"]) == (409, str(len(photo)))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "7"}, 409),
        ({"Upload-Offset": "-1"}, 409),
        ({"Upload-Offset": "x"}, 409),
        ({"Upload-Checksum": f"sha256 {b64(sha(b'other'))}"}, 460),
        ({"Upload-Checksum": "md5 abc"}, 460),
        ({"Upload-Checksum": "sha256 §"}, 400),
        ({"Content-Type": "text/plain"}, 415),
        ({"Tus-Resumable": "0.2.2"}, 412),
    ],
)
def test_a_strange_piece_is_refused_and_nothing_is_written(candidate, photo, headers, status):
    address = begin(candidate, photo)["Location"]

    answer = patch(candidate, address, 0, photo[:50], **headers)

    assert answer.status_code == status
    assert PartialUpload.objects.get().received == 0


def test_a_piece_that_is_too_large_is_refused_unread(candidate):
    content = bytes(2 * MAX_PIECE)
    address = begin(candidate, content)["Location"]

    assert patch(candidate, address, 0, content[: MAX_PIECE + 1]).status_code == 413
    assert patch(candidate, address, 0, content[:MAX_PIECE]).status_code == 204


@pytest.mark.parametrize("length", ["0", "x", "-5", "1" * 20, str(10 * 1024 * 1024 + 1)])
def test_a_file_that_cannot_be_taken_is_refused_before_it_travels(candidate, photo, length):
    answer = begin(candidate, photo, **{"Upload-Length": length})

    assert answer.status_code in (400, 413)
    assert answer.content.decode().endswith(".")  # a sentence for the person
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize("metadata", ["", "filename", "filename %%%", "sha256 " + b64(b"../../etc/passwd")])
def test_strange_metadata_is_refused(candidate, photo, metadata):
    assert begin(candidate, photo, **{"Upload-Metadata": metadata}).status_code == 400


def test_somebody_elses_upload_does_not_exist(candidate, draft, photo):
    address = begin(candidate, photo)["Location"]
    patch(candidate, address, 0, photo)
    other_draft = make_application(status="draft")
    stranger = Client()
    stranger.force_login(other_draft.candidate.user)
    requirement = other_draft.scheme_version.requirements.get(title="KTP")

    answers = [
        stranger.head(address, headers=TUS),
        patch(stranger, address, 0, photo),
        stranger.delete(address, headers=TUS),
        candidate.head(f"/akun/unggahan/{uuid.uuid4()}/", headers=TUS),
    ]
    slot = stranger.post(
        f"/permohonan/{other_draft.code}/bukti/{requirement.pk}/",
        {f"pieces-file-{requirement.pk}": address.split("/")[-2]},
    )

    assert {answer.status_code for answer in answers} == {404}
    assert "tidak ditemukan lagi" in slot.content.decode()
    assert "ktp.jpg" not in slot.content.decode()
    assert not Document.objects.exists()


def test_an_id_that_is_none_is_refused_with_a_sentence(candidate, draft):
    requirement = draft.scheme_version.requirements.get(title="KTP")

    slot = candidate.post(
        f"/permohonan/{draft.code}/bukti/{requirement.pk}/", {f"pieces-file-{requirement.pk}": "../../etc/passwd"}
    )

    assert "tidak ditemukan lagi" in slot.content.decode()


def test_an_upload_can_be_given_up(candidate, photo):
    address = begin(candidate, photo)["Location"]

    assert candidate.delete(address, headers=TUS).status_code == 204
    assert not PartialUpload.objects.exists()


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("sekretariat", 404), ("asesor", 404)])
def test_uploads_are_for_candidates(photo, role, status):
    client = Client()
    if role:
        client.force_login(make_user(role=role))

    assert begin(client, photo).status_code == status


def test_another_site_cannot_send_pieces(draft, photo):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.candidate.user)

    assert begin(client, photo).status_code == 403
