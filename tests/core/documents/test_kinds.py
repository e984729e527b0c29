"""What a kind of document lets in."""

import pytest
from django.core.exceptions import ValidationError

from core.documents.models import Document, DocumentType
from core.schemes.models import Requirement
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.documents import jpeg_bytes, make_document, pdf_bytes
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def ktp():
    return DocumentType.objects.get(code="ktp")


@pytest.mark.parametrize(
    ("accepts", "content", "code"), [("pdf", jpeg_bytes(), "no_picture"), ("gambar", pdf_bytes(), "no_pdf")]
)
def test_only_what_the_kind_asks_for(ktp, accepts, content, code):
    ktp.accepts = accepts
    ktp.save()
    with refused(f"file.{code}", field="file"):
        make_document(owner=make_user(), content=content)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("accepts", "content"), [("pdf", pdf_bytes()), ("gambar", jpeg_bytes()), ("semua", pdf_bytes())]
)
def test_what_it_asks_for_comes_in(ktp, accepts, content):
    ktp.accepts = accepts
    ktp.save()
    assert make_document(owner=make_user(), content=content).pk


def test_the_size_is_the_kinds_own(ktp):
    ktp.max_megabytes = 1
    ktp.save()
    with refused("file.too_large", field="file") as refusal:
        make_document(owner=make_user(), content=pdf_bytes() + bytes(1024 * 1024))
    assert "1 MB" in refusal.value.message


def test_more_than_the_server_takes_cannot_be_promised(ktp):
    for size in (0, 11):
        ktp.max_megabytes = size
        with pytest.raises(ValidationError) as refusal:
            ktp.full_clean()
        assert list(refusal.value.message_dict) == ["max_megabytes"]


def test_identity_papers_are_marked():
    marked = set(DocumentType.objects.filter(is_identity=True).values_list("code", flat=True))
    assert marked == {"ktp", "pasfoto", "ijazah", "cv", "daftar-serah-terima"}


def test_a_kind_that_is_no_longer_used_is_not_asked_for_anew(ktp):
    version = make_scheme(published=False)
    old = Requirement.objects.create(scheme_version=version, section="dasar", title="KTP", document_type=ktp)
    ktp.is_active = False
    ktp.save()

    old.full_clean()

    with pytest.raises(ValidationError) as refusal:
        Requirement(scheme_version=version, section=old.section, title="Lagi", document_type=ktp).full_clean()
    assert list(refusal.value.message_dict) == ["document_type"]
