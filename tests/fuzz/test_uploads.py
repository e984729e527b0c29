"""Bytes that call themselves a PDF or a photograph: kept clean, or refused with a sentence, in one go and in pieces."""

import base64
import hashlib
import io

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.common.exceptions import DomainError
from core.documents.intake import inspect_upload
from core.documents.models import Document, DocumentType
from core.documents.services import store_upload
from tests.factories.accounts import make_candidate
from tests.fuzz import hostile
from tests.fuzz.conftest import share
from tests.fuzz.watching import complaints, writes

pytestmark = pytest.mark.django_db


def is_clean(kept) -> None:
    assert kept.sha256 == hashlib.sha256(kept.content).hexdigest()
    assert kept.file_name.endswith((".pdf", ".jpg"))
    assert len(kept.file_name) <= 150
    assert not set(kept.file_name) & set('/\\<>"\x00\r\n')
    if kept.content_type == "application/pdf":
        assert kept.content[:1024].lstrip().startswith(b"%PDF-")
    else:
        # Painted anew: nothing that stood behind or inside the picture comes along.
        assert Image.open(io.BytesIO(kept.content)).format == "JPEG"
        assert b"zzq" not in kept.content


def test_entry_control_keeps_a_clean_file_or_says_why_not(findings):
    @share(0.05, small=60)
    @given(hostile.contents(), st.sampled_from(hostile.NAMES))
    def hand_in(content, name):
        findings.cases += 1
        try:
            kept = inspect_upload(io.BytesIO(content), file_name=name)
        except DomainError as refusal:
            told = refusal.field, len(refusal.message) > 20
        else:
            told = ("file", True)
            is_clean(kept)
        assert told == ("file", True)

    hand_in()
    findings.close()


def test_a_refused_file_leaves_no_document(undone, findings):
    owner = make_candidate().user
    kinds = list(DocumentType.objects.all())

    @share(0.02, small=20)
    @given(hostile.contents(), st.sampled_from(hostile.NAMES), st.sampled_from(kinds))
    def hand_in(content, name, kind):
        findings.cases += 1
        with undone(), writes() as written:
            before = Document.objects.count()
            try:
                row = store_upload(
                    stream=io.BytesIO(content), file_name=name, document_type=kind, owner=owner, by=owner
                )
            except DomainError:
                assert not written.tables
                return
            assert Document.objects.count() == before + 1
            assert row.size > 0

    hand_in()
    findings.close()


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


#: What a sender says beside the bytes: right, or not what the protocol has.
OFFSETS = st.one_of(
    st.none(),
    st.none(),
    st.none(),
    st.sampled_from(["0", "-1", "", "zzq", "1e3", "٣", "99999999999999999999", "007", "1.0"]),
)
SUMS = st.sampled_from(
    [None, None, None, "sha256 zzq", "sha256", "md5 AAAA", "", "sha256 " + b64(b"x" * 32), "sha256 é"]
)
TYPES = st.sampled_from(["application/offset+octet-stream"] * 6 + ["application/pdf", ""])


def test_a_file_in_pieces_is_here_as_far_as_it_was_acknowledged(client, undone, findings):
    """A model of the protocol beside it: so many bytes were acknowledged, so many are there, in whatever order they came."""
    person = make_candidate().user
    client.force_login(person)
    begin = reverse("public_site:uploads")
    tus = {"Tus-Resumable": "1.0.0"}

    @share(0.03, small=12)
    @given(st.data())
    def send(data):
        content = data.draw(hostile.contents()) or b"x"
        digest = hashlib.sha256(content).hexdigest()
        name = data.draw(st.sampled_from(hostile.NAMES)).encode("utf-8", "replace")
        about = f"filename {b64(name)},sha256 {b64(digest.encode())},place {b64(b'zzq')}"
        with undone():
            findings.cases += 1
            answer = client.post(begin, headers=tus | {"Upload-Length": str(len(content)), "Upload-Metadata": about})
            assert not complaints(answer)
            assert answer.status_code == 201, answer.content
            address, there = answer["Location"], 0
            for _piece in range(data.draw(st.integers(1, 5))):
                findings.cases += 1
                start = data.draw(st.sampled_from((there, there, there, 0, there + 1, max(there - 1, 0))))
                piece = content[start : start + data.draw(st.integers(0, len(content)))]
                offset, told, kind = data.draw(OFFSETS), data.draw(SUMS), data.draw(TYPES)
                right = "sha256 " + b64(hashlib.sha256(piece).digest())
                more = {
                    "Upload-Offset": str(start) if offset is None else offset,
                    "Upload-Checksum": right if told is None else told,
                }
                answer = client.patch(address, piece, content_type=kind, headers=tus | more)
                assert not complaints(answer)
                is_right = kind.startswith("application/offset") and told is None and bool(piece)
                if answer.status_code == 204:
                    assert is_right
                    assert int(more["Upload-Offset"]) == there
                    there += len(piece)
                elif is_right and offset is None:
                    assert start != there, answer.content
                now = client.head(address, headers=tus)
                assert (now.status_code, now["Upload-Offset"], now["Upload-Length"]) == (
                    200,
                    str(there),
                    str(len(content)),
                )
            assert client.delete(address, headers=tus).status_code == 204
            assert client.head(address, headers=tus).status_code == 404

    send()
    findings.close()
