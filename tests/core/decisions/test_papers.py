"""The papers of a plenary, berita acara and SK kelulusan: what they say, kept once."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from core.common.exceptions import DomainError
from core.content.models import OfficeData
from core.decisions.papers import DECISION_LETTER, MINUTES, ensure_paper
from core.decisions.services import Seat, confirm_plenary, record_plenary
from core.documents.models import Document
from tests.core.decisions.conftest import held
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db


def text_of(document: Document) -> str:
    with document.file.open("rb") as file:
        pages = PdfReader(BytesIO(file.read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_minutes_name_members_cases_recusals_and_both_signatures(clerk, second):
    case, other = make_case("assessed", outcome="BK", full_name="Siti Aminah"), make_case("assessed")
    seats = [
        Seat(name="Prof. Ketua", office="Kepala Pusat", role="ketua"),
        Seat(user=case.assessor.user.pk),
        Seat(name="Yang Berhalangan", is_present=False),
    ]
    plenary = record_plenary(plenary=held(by=clerk, cases=[case, other], seats=seats), by=clerk)
    with pytest.raises(DomainError, match="sesudah keputusan disahkan"):
        ensure_paper(MINUTES, plenary=plenary)
    plenary = confirm_plenary(plenary=plenary, by=second)
    text = text_of(ensure_paper(MINUTES, plenary=plenary))
    for words in (
        plenary.number,
        "Siti Aminah",
        case.application.number,
        other.application.number,
        "Prof. Ketua",
        "Kepala Pusat",
        "Tidak hadir",
        "Tidak ikut memutus",
        "1 kompeten, 1 belum kompeten",
        "Dicatat oleh: Dewi Lestari",
        "Disahkan oleh: Rudi Hartono",
    ):
        assert words in text


def test_the_minutes_are_kept_once(clerk, second):
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    plenary = confirm_plenary(plenary=plenary, by=second)
    first = ensure_paper(MINUTES, plenary=plenary)
    plenary.refresh_from_db()
    assert ensure_paper(MINUTES, plenary=plenary) == first
    assert Document.objects.filter(document_type__code="berita-acara-pleno").count() == 1


def test_the_decision_letter_names_whoever_passed_and_nobody_else(clerk, second):
    OfficeData.objects.update(leader_name="Dr. Pimpinan", leader_position="Direktur LSP")
    passed = make_case("assessed", outcome="K", full_name="Siti Aminah")
    failed = make_case("assessed", outcome="BK", full_name="Bambang Sutejo")
    plenary = record_plenary(plenary=held(by=clerk, cases=[passed, failed]), by=clerk)
    plenary = confirm_plenary(plenary=plenary, by=second)
    assert "/SK/" in plenary.letter_number
    assert plenary.letter_signature.content_sha256 == plenary.sha256
    text = text_of(ensure_paper(DECISION_LETTER, plenary=plenary))
    for words in (
        plenary.letter_number,
        plenary.number,
        "Siti Aminah",
        passed.application.number,
        "1 asesi yang tercantum",
        "Direktur LSP",
        "Dr. Pimpinan",
    ):
        assert words in text
    assert "Bambang" not in text
    assert failed.application.number not in text


def test_the_letter_says_who_signed_for_the_lsp_on_the_day(clerk, second):
    OfficeData.objects.update(leader_name="Dr. Pimpinan")
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    plenary = confirm_plenary(plenary=plenary, by=second)
    OfficeData.objects.update(leader_name="Penggantinya")
    assert "Dr. Pimpinan" in text_of(ensure_paper(DECISION_LETTER, plenary=plenary))


def test_where_nobody_passed_no_letter_takes_a_number(clerk, second):
    numbers = []
    for outcome in ("K", "BK", "K"):
        case = make_case("assessed", outcome=outcome)
        plenary = confirm_plenary(plenary=record_plenary(plenary=held(by=clerk, cases=[case]), by=clerk), by=second)
        numbers.append(plenary.letter_number and int(plenary.letter_number.split("/")[0]))
        if outcome == "BK":
            with pytest.raises(DomainError, match="tidak menyatakan seorang pun kompeten"):
                ensure_paper(DECISION_LETTER, plenary=plenary)
    assert numbers[1] is None
    assert numbers[2] == numbers[0] + 1


def test_the_letter_is_kept_once(clerk, second):
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed")]), by=clerk)
    plenary = confirm_plenary(plenary=plenary, by=second)
    assert ensure_paper(DECISION_LETTER, plenary=plenary) == ensure_paper(DECISION_LETTER, plenary=plenary)
    assert Document.objects.filter(document_type__code="sk-kelulusan").count() == 1
