"""What the code on a signed paper tells to whoever types it."""

import pytest

from core.documents.services import sign
from core.reports.papers import SignedPaper, paper_of_signature
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db


def test_the_assessors_papers_tell_scheme_and_state_of_the_case():
    case = make_case("assessed")
    expected = SignedPaper(case.application.scheme_version.scheme.title, "Menunggu keputusan")

    assert paper_of_signature(case.record.signature) == expected
    assert paper_of_signature(case.application.preassessments.get().signature) == expected


def test_a_record_that_was_corrected_says_so():
    case = make_case("assessed")
    case.record.in_force = None
    case.record.save()

    assert paper_of_signature(case.record.signature).is_replaced


def test_a_signature_on_nothing_is_no_paper():
    signature = sign(by=make_user(), role="Asesor", meaning="uji", content_sha256="0" * 64)

    assert paper_of_signature(signature) is None
