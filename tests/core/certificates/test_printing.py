"""The PDF: what it says, that it is kept, that its QR code is read from paper, and its own signature."""

import datetime
import io
import os
import shutil
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from core.applications.snapshot import canonical
from core.certificates.content import content_of
from core.certificates.printing import ensure_pdf, render_certificate
from core.certificates.signing import check_token, qr_text
from core.documents.models import Document
from core.documents.pdf_signing import SigningKeyUnusable
from tests.factories.certificates import LEADER, make_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate():
    return make_certificate(full_name="Siti Rahmawati Kusumaningrum")


def words_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_it_has_a_front_and_a_back(certificate):
    rendered = render_certificate(certificate)
    words = words_of(rendered.content)

    assert rendered.pages == 2
    for said in (
        "SERTIFIKAT KOMPETENSI",
        certificate.number,
        certificate.registration_number,
        "Siti Rahmawati Kusumaningrum",
        certificate.scheme.title,
        LEADER["leader_name"],
        LEADER["leader_position"],
        certificate.sha256,
        *certificate.scheme_version.units.values_list("code", flat=True),
    ):
        assert said in words, said
    assert rendered.content == render_certificate(certificate).content


def test_the_longest_names_and_titles_stay_on_their_page(certificate):
    content = content_of(certificate)
    content["holder"]["full_name"] = ("Raden Mas Hadiningrat Kusumawardhana Sastrowidjojo " * 3)[:150].strip()
    content["scheme"]["title"] = ("Pengelolaan Operasi Tanggap Darurat dan Rehabilitasi " * 4)[:200].strip()
    content["lsp"]["license_number"], content["replaces"] = "BNSP-LSP-0001-ID", certificate.number
    content["units"] = [{"code": "O.842340.026.01", "title": "W" * 300, "standard": "SKKNI 401/2014"}] * 30
    certificate.content = canonical(content)

    pages = PdfReader(io.BytesIO(render_certificate(certificate).content)).pages
    front = " ".join(pages[0].extract_text().split())

    for said in ("SERTIFIKAT KOMPETENSI", "Menggantikan sertifikat", LEADER["leader_name"], "Kode periksa"):
        assert said in front, said
    assert "DAFTAR UNIT KOMPETENSI" in pages[1].extract_text()
    assert certificate.sha256 in pages[-1].extract_text()
    assert len(pages) > 3  # many long units flow on over further pages
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(842, 595)}


def test_it_is_made_once_and_then_kept(certificate):
    document = ensure_pdf(certificate)
    certificate.refresh_from_db()

    assert ensure_pdf(certificate) == document
    assert (document.document_type.code, document.owner, document.pages) == (
        "sertifikat-kompetensi",
        certificate.holder,
        2,
    )
    assert Document.objects.filter(document_type__code="sertifikat-kompetensi").count() == 1
    with document.file.open("rb") as file:
        assert "/FT /Sig" not in file.read().decode("latin-1")  # no key is configured, and nothing is said of it


@pytest.mark.parametrize("resolution", [100, 150, 300])
def test_the_qr_code_is_read_from_the_printed_page(certificate, tmp_path, resolution):
    for tool in ("zbarimg", "pdftoppm"):
        if shutil.which(tool) is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{tool} tidak ada")
    (tmp_path / "s.pdf").write_bytes(render_certificate(certificate).content)
    subprocess.run(
        ["pdftoppm", "-r", str(resolution), "-f", "1", "-l", "1", "-png", "s.pdf", "s"], cwd=tmp_path, check=True
    )
    picture = next(tmp_path.glob("*.png"))
    read = subprocess.run(
        ["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True
    ).stdout.strip()

    assert read == qr_text(certificate)
    assert check_token(read).name == "Siti Rahmawati Kusumaningrum"


@pytest.fixture
def own_key(tmp_path, settings):
    """A key that somebody made for this test, as PKCS#12; returns its certificate."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "LSP Uji")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=True,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "lsp.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"lsp", key, made, None, serialization.BestAvailableEncryption(b"rahasia uji")
        )
    )
    (tmp_path / "lsp.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    settings.PDF_SIGNING_P12, settings.PDF_SIGNING_PASSWORD = str(path), "rahasia uji"
    return load_cert_from_pemder(str(tmp_path / "lsp.pem"))


def test_with_a_key_the_pdf_is_signed_and_a_changed_byte_shows(certificate, own_key):
    with ensure_pdf(certificate).file.open("rb") as file:
        content = file.read()

    def status(pdf: bytes):
        [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"  # PAdES
        return validate_pdf_signature(signature, ValidationContext(trust_roots=[own_key]))

    good = status(content)
    place = content.index(b"/Title")
    bad = status(content[: place + 10] + bytes([content[place + 10] ^ 1]) + content[place + 11 :])

    assert (good.intact, good.valid, good.trusted, good.coverage.name) == (True, True, True, "ENTIRE_FILE")
    assert not bad.intact


def test_a_key_that_cannot_be_used_lets_no_unsigned_paper_out(certificate, own_key, settings):
    settings.PDF_SIGNING_PASSWORD = "salah"
    with pytest.raises(SigningKeyUnusable):
        ensure_pdf(certificate)
    settings.PDF_SIGNING_P12 = "/tidak/ada.p12"
    with pytest.raises(SigningKeyUnusable):
        ensure_pdf(certificate)

    certificate.refresh_from_db()
    assert certificate.document is None
