"""The kind of a paper by the name of its file."""

import pytest

from core.documents.models import DocumentType
from core.documents.recognition import recognise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("KTP.jpg", "ktp"),
        ("scan_KTP-Budi Santoso.PDF", "ktp"),
        ("ktp2.jpeg", "ktp"),
        ("Kartu-Tanda_Penduduk.pdf", "ktp"),
        ("Ijazah.S1.2019.pdf", "ijazah"),
        ("surat tugas.pdf", "surat-tugas"),
        ("Surat-Tugas Asesor 012.pdf", "surat-tugas-asesor"),  # the longest word wins
        ("sertifikat_pelatihan_P3K.pdf", "sertifikat-pelatihan"),
        ("FR.AK.01 Budi.pdf", "fr-ak-01"),
        ("FRAK01.pdf", "fr-ak-01"),
        ("fr-ia-01_hasil.pdf", "fr-ia-01"),
        ("FR.AK.05 laporan.pdf", "fr-ak-05"),  # a code counts before the longer word “laporan”
        ("daftar hadir 12 Nov.pdf", "daftar-hadir"),
        ("IMG_20261126_074500.jpg", None),
        ("cvs.pdf", None),
        ("pascvpas.pdf", None),
        ("FRAK012.pdf", None),
        ("", None),
        (".pdf", None),
    ],
)
def test_a_name_tells_the_kind(name, code):
    found = recognise(name, DocumentType.objects.all())
    assert (found.code if found else None) == code


def test_words_are_those_that_the_secretariat_wrote_down():
    DocumentType.objects.filter(code="cv").update(keywords="daftar riwayat")
    kinds = list(DocumentType.objects.all())
    assert recognise("cv budi.pdf", kinds) is None
    assert recognise("Daftar_Riwayat.pdf", kinds).code == "cv"
