"""The berita acara: what it says, kept once, over pages."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from core.common.exceptions import DomainError
from core.decisions.minutes import ensure_minutes
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
        ensure_minutes(plenary=plenary)
    plenary = confirm_plenary(plenary=plenary, by=second)
    text = text_of(ensure_minutes(plenary=plenary))
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
    first = ensure_minutes(plenary=plenary)
    plenary.refresh_from_db()
    assert ensure_minutes(plenary=plenary) == first
    assert Document.objects.filter(document_type__code="berita-acara-pleno").count() == 1
