"""The PDF forms, read back as text: what stands on the paper, not what stands in the template."""

import io
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pypdf
import pytest
from django.db import IntegrityError

from core.applications import forms
from core.applications.enums import FormCode, FormEdition
from core.applications.models import FormDocument
from core.applications.queries import latest_submission
from core.documents import rendering
from core.documents.rendering import RenderedPdf, RenderingError, printable, qr_png_data_uri
from tests.factories.applications import make_application

VERIFY_URL = "https://contoh.id/verifikasi/ABCD2345EFGH6789/"
SIGNATURE = SimpleNamespace(
    code="ABCD2345EFGH6789",
    signer_name="Siti Rahmawati",
    role="Pemohon",
    content_sha256="9f86d081884c7d65" * 4,
    signed_at=datetime(2026, 11, 23, 3, 15, tzinfo=UTC),
)


def make_snapshot(*, units: int = 1, **personal: str) -> dict:
    """What `build_snapshot` returns, with one requirement and one file in each table."""
    file = {"content_type": "image/jpeg", "sha256": "0123456789abcdef" * 4, "document": "-"}
    element = {
        "number": 1,
        "title": "Menyiapkan bantuan",
        "outcome": "K",
        "evidence": ["E2"],
        "criteria": [{"number": "1.1", "text": "Bantuan dicatat sesuai prosedur."}],
    }
    other = element | {"number": 2, "title": "Membagikan bantuan", "outcome": "BK", "evidence": []}
    unit = {"standard": "SKKNI 401/2014", "standard_kind": "skkni", "elements": [element, other]}
    return {
        "format": 1,
        "number": "APL-2026-000001",
        "declaration": "Data ini benar.",
        "lsp": {"name": "LSP BNPB", "license_number": "", "address": "", "phone": "", "email": ""},
        "scheme": {"code": "s", "number": "SKM-1", "title": "Distribusi Bantuan", "kind": "klaster", "version": 1},
        "purposes": [{"code": "sertifikasi", "title": "Sertifikasi"}, {"code": "pkt", "title": "PKT"}],
        "evidence": {
            "E1": file | {"title": "KTP", "file_name": "ktp.jpg", "size": 245_312},
            "E2": file | {"title": "Surat keterangan kerja", "file_name": "sk.pdf", "size": 1_834_555},
        },
        "sections": {
            "personal": {
                "full_name": "Siti Rahmawati",
                "nik": "8271015708900003",
                "birth_place": "Ternate",
                "birth_date": "1990-08-17",
                "sex": "P",
                "nationality": "Indonesia",
                "education": "S1",
                **personal,
            },
            "address": dict.fromkeys(
                ("home_address", "home_region", "postal_code", "phone_home", "phone_office", "phone_mobile", "email"),
                "",
            ),
            "employment": dict.fromkeys(
                ("occupation", "institution", "job_title", "office_address", "postal_code", "phone", "fax", "email"), ""
            ),
            "purpose": {"code": "sertifikasi", "title": "Sertifikasi", "explanation": ""},
            "requirements": [
                {"id": 11, "section": "dasar", "title": "Surat kerja", "required": False, "evidence": ["E2"]},
                {"id": 12, "section": "administratif", "title": "Salinan KTP", "required": True, "evidence": ["E1"]},
            ],
            # The higher key comes first in the scheme: the order is the units' own.
            **{
                f"unit-{100 - n}": unit | {"position": n, "code": f"O.842340.{n:03}.01", "title": f"Unit ke-{n}"}
                for n in range(1, units + 1)
            },
        },
    }


def make_review(**changes) -> SimpleNamespace:
    signature = SimpleNamespace(
        code="QRST2345UVWX6789",
        signer_name="Budi Santoso",
        role="Admin LSP",
        content_sha256="ab" * 32,
        signed_at=datetime(2026, 11, 25, 8, 40, tzinfo=UTC),
    )
    verdicts = {
        "11": {"verdict": "tidak_memenuhi", "note": "Terpotong di kanan."},
        "12": {"verdict": "memenuhi", "note": ""},
    }
    return SimpleNamespace(
        **{"is_accepted": True, "note": "Bawa ijazah asli.", "signature": signature, "verdicts": verdicts} | changes
    )


def render(form: FormCode, snapshot: dict | None = None, review: SimpleNamespace | None = None) -> RenderedPdf:
    return forms.render_form(
        form, snapshot=snapshot or make_snapshot(), signature=SIGNATURE, verify_url=VERIFY_URL, review=review
    )


def pages_of(pdf: RenderedPdf) -> list[str]:
    """The text of each page, all white space made single."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages]


def text_of(pdf: RenderedPdf) -> str:
    return " ".join(pages_of(pdf))


# --- both forms -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FormCode)
def test_every_page_says_which_form_of_which_case_it_is(form):
    pdf = render(form, make_snapshot(units=30))
    pages = pages_of(pdf)
    assert pdf.pages == len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert form.label in page
        assert "APL-2026-000001" in page
        assert "ABCD 2345 EFGH 6789" in page
        assert f"Halaman {number} dari {len(pages)}" in page


@pytest.mark.parametrize("form", FormCode)
def test_signature_block(form):
    text = text_of(render(form))
    assert "Ditandatangani secara elektronik oleh Siti Rahmawati pada 23 November 2026 pukul 10.15 WIB" in text
    assert f"Periksa keaslian di {VERIFY_URL}" in text
    assert "9f86d081884c7d65…" in text


@pytest.mark.parametrize("form", FormCode)
def test_same_input_gives_same_bytes(form):
    assert render(form).content == render(form).content


@pytest.mark.parametrize("form", FormCode)
def test_metadata_and_embedded_fonts(form):
    pdf = render(form)
    reader = pypdf.PdfReader(io.BytesIO(pdf.content))
    assert reader.metadata.title == f"{form.label} APL-2026-000001"
    assert reader.metadata.author == "LSP BNPB"
    assert reader.metadata.creation_date == SIGNATURE.signed_at
    assert reader.trailer["/Root"]["/Lang"] == "id"
    fonts = {
        font.get_object()["/BaseFont"]: "/FontDescriptor" in font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    # Helvetica is ReportLab's idle default; a form that printed with it would fail the tests on boxes.
    assert {name.partition("+")[2] for name, embedded in fonts.items() if embedded} == {"DejaVuSans", "DejaVuSans-Bold"}


# --- FR.APL-01 --------------------------------------------------------------------------------------


def test_apl_01_as_sent_leaves_the_lsp_part_empty():
    text = text_of(render(FormCode.APL_01))
    assert "8271015708900003" in text
    assert "Ternate, 17 Agustus 1990" in text
    assert "☐ KKNI ☐ Okupasi ☑ Klaster" in text
    assert "☑ Sertifikasi ☐ PKT" in text
    assert "☐ Diterima ☐ Tidak diterima" in text
    assert "Surat kerja (bila ada) E2 sk.pdf" in text
    assert "E1 KTP ktp.jpg 245 KB 0123456789abcdef" in text
    assert "E2 Surat keterangan kerja sk.pdf 1,8 MB" in text
    # three kinds of scheme, two purposes, two decisions: no box in the columns of verdicts yet
    assert len(re.findall("[☐☑]", text)) == 7


def test_apl_01_with_recommendation():
    text = text_of(render(FormCode.APL_01, review=make_review()))
    assert "☑ Diterima ☐ Tidak diterima" in text
    assert "Bawa ijazah asli." in text
    assert "E2 sk.pdf Catatan: Terpotong di kanan. ☐ ☑ ☐" in text
    assert "E1 ktp.jpg ☑ ☐ ☐" in text
    assert "Admin LSP: Budi Santoso" in text
    assert "oleh Budi Santoso pada 25 November 2026 pukul 15.40 WIB" in text
    assert "https://contoh.id/verifikasi/QRST2345UVWX6789/" in text


def test_apl_01_refused_and_absent():
    text = text_of(
        render(FormCode.APL_01, review=make_review(is_accepted=False, verdicts={"11": {"verdict": "tidak_ada"}}))
    )
    assert "☐ Diterima ☑ Tidak diterima" in text
    assert "E2 sk.pdf ☐ ☐ ☑" in text


def test_units_stand_in_the_order_of_the_scheme():
    text = text_of(render(FormCode.APL_01, make_snapshot(units=3)))
    assert re.findall(r"Unit ke-\d", text) == ["Unit ke-1", "Unit ke-2", "Unit ke-3"]


# --- FR.APL-02 --------------------------------------------------------------------------------------


def test_apl_02_boxes_and_evidence():
    text = text_of(render(FormCode.APL_02))
    assert "Unit Kompetensi 1: O.842340.001.01 Unit ke-1" in text
    assert "Elemen 1: Menyiapkan bantuan 1.1 Bantuan dicatat sesuai prosedur. ☑ ☐ E2 Surat keterangan kerja" in text
    assert re.search(r"Elemen 2: Membagikan bantuan 1\.1 Bantuan dicatat sesuai prosedur\. ☐ ☑", text)
    assert "☐ dapat dilanjutkan ☐ tidak dapat dilanjutkan" in text
    assert "8271015708900003" not in text


def test_apl_02_of_a_unit_whose_elements_are_not_known():
    snapshot = make_snapshot()
    snapshot["sections"]["unit-99"]["elements"] = []
    assert "menunggu konfirmasi LSP" in text_of(render(FormCode.APL_02, snapshot))


# --- what people type --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Siti 👩🏽‍🚒 Rahma", "Siti □□ Rahma"),
        ("Re\u0301mi", "Rémi"),
        ("山田", "□□"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\ud800 nol\x00", "□ nol"),
        ("Ṭāriq Ñ – “kutipan” ☑", "Ṭāriq Ñ – “kutipan” ☑"),
    ],
)
def test_characters_that_the_fonts_lack(typed, printed):
    assert printable(typed) == printed
    assert printed in text_of(render(FormCode.APL_01, make_snapshot(full_name=typed)))


@pytest.mark.parametrize("name", ["Z̷̢̛͝a̴l̵g̶o̷", "محمد عبد الله", "😀" * 150, "\u0301\u0302\u0303"])
@pytest.mark.parametrize("form", FormCode)
def test_odd_names_do_not_crash(form, name):
    assert render(form, make_snapshot(full_name=name)).pages >= 1


def test_html_in_a_name_is_text():
    name = "<b>Siti</b> & <img src='/etc/passwd'> {{ 7 }} <pdf:nextpage>"
    pdf = render(FormCode.APL_01, make_snapshot(full_name=name))
    assert name in text_of(pdf)


@pytest.mark.parametrize(("word", "times"), [("kata ", 2000), ("x", 10_000)])
def test_long_text_goes_on_over_pages_and_nothing_is_lost(word, times):
    snapshot = make_snapshot()
    snapshot["sections"]["address"]["home_address"] = word * times
    first = snapshot["sections"]["unit-99"]["elements"][0]
    first["criteria"] = [{"number": "1.1", "text": word * times}]
    review = make_review(note=word * times)
    before = text_of(render(FormCode.APL_01)).count(word.strip()), text_of(render(FormCode.APL_02)).count(word.strip())
    application = render(FormCode.APL_01, snapshot, review)
    assert application.pages > 2
    assert text_of(application).count(word.strip()) - before[0] == 2 * times
    assert text_of(render(FormCode.APL_02, snapshot)).count(word.strip()) - before[1] == times


# --- what a template may read -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["/etc/passwd", "file:///etc/passwd", "http://169.254.169.254/", "fonts/../rendering.py", "fonts/LICENSE.txt"],
)
def test_nothing_but_fonts_and_data_is_read(monkeypatch, source):
    html = f'<html><body><img src="{source}"></body></html>'
    monkeypatch.setattr(rendering, "render_to_string", lambda *_args: html)
    with pytest.raises(RenderingError):
        rendering.render_pdf("any.html", {})


def test_every_read_stays_in_the_font_folder():
    for path in ("/etc/passwd", rendering.__file__):
        with pytest.raises(Exception, match="outside the directories"):
            rendering.POLICY.check_path(path)
    with pytest.raises(Exception, match="not allowed"):
        rendering.POLICY.check_url("https://contoh.id/")


def test_errors_of_the_engine_are_raised(monkeypatch):
    monkeypatch.setattr(rendering.xhtml2pdf_document, "pisaDocument", lambda *_args, **_more: SimpleNamespace(err=1))
    with pytest.raises(RenderingError):
        render(FormCode.APL_01)


def test_qr_is_a_png_in_a_data_address():
    assert qr_png_data_uri(VERIFY_URL).startswith("data:image/png;base64,")


# --- keeping them ---------------------------------------------------------------------------------------


@pytest.fixture
def submission(db):
    return latest_submission(make_application())


def test_ensure_form_renders_once(submission, monkeypatch):
    document = forms.ensure_form(submission=submission, form=FormCode.APL_01)
    assert document.file_name == f"FR.APL-01 {submission.application.number}.pdf"
    assert document.document_type.code == "fr-apl-01"
    assert document.owner == submission.application.candidate.user
    with document.file.open() as stored:
        reader = pypdf.PdfReader(stored)
        assert len(reader.pages) == document.pages
        assert f"/verifikasi/{submission.signature.code}/" in reader.pages[0].extract_text()
    monkeypatch.setattr(forms, "render_form", lambda *_args, **_more: pytest.fail("rendered again"))
    assert forms.ensure_form(submission=submission, form=FormCode.APL_01) == document


def test_ensure_form_prints_the_recommendation_once_it_is_given(db):
    submission = latest_submission(make_application(status="accepted"))
    for form in FormCode:
        forms.ensure_form(submission=submission, form=form)
    assert set(submission.forms.values_list("form", "edition")) == {
        (FormCode.APL_01, FormEdition.REVIEWED),
        (FormCode.APL_02, FormEdition.SUBMITTED),
    }


def test_ensure_form_of_two_who_ask_at_once_keeps_one(submission, monkeypatch):
    """The second asks while the first is rendering: both find nothing stored, both render."""
    real = forms.render_form

    def overtaken(*args, **kwargs):
        monkeypatch.setattr(forms, "render_form", real)
        overtaken.first = forms.ensure_form(submission=submission, form=FormCode.APL_02)
        return real(*args, **kwargs)

    monkeypatch.setattr(forms, "render_form", overtaken)
    second = forms.ensure_form(submission=submission, form=FormCode.APL_02)
    assert second == overtaken.first
    assert FormDocument.objects.filter(submission=submission, form=FormCode.APL_02).count() == 1
    assert submission.application.candidate.user.documents.filter(document_type__code="fr-apl-02").count() == 1


def test_ensure_form_does_not_hide_other_integrity_errors(submission, monkeypatch):
    def broken(**_more):
        raise IntegrityError("something else")

    monkeypatch.setattr(forms, "store_rendered", broken)
    with pytest.raises(IntegrityError):
        forms.ensure_form(submission=submission, form=FormCode.APL_01)


def test_render_pending_makes_what_is_missing(db):
    sent, accepted = (latest_submission(make_application(status=status)) for status in ("submitted", "accepted"))
    assert forms.pending_forms(3) == [(sent, FormCode.APL_01), (sent, FormCode.APL_02), (accepted, FormCode.APL_01)]
    assert forms.render_pending(1) == 1
    assert forms.render_pending(10) == 3
    assert forms.pending_forms(10) == []
    assert forms.render_pending(10) == 0


def test_render_pending_passes_over_a_form_that_fails(submission, monkeypatch, caplog):
    real = forms.render_form

    def fails_for_01(form, **kwargs):
        if form == FormCode.APL_01:
            raise RenderingError("broken template")
        return real(form, **kwargs)

    monkeypatch.setattr(forms, "render_form", fails_for_01)
    assert forms.render_pending(1) == 1
    assert forms.pending_forms(10) == [(submission, FormCode.APL_01)]
    assert "could not be rendered" in caplog.text
