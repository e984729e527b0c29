"""Decided cases that have all that BNSP asks for, and hand-overs of them in every state."""

from django.utils import timezone

from core.accounts.models import User
from core.codelists.models import CodeListEntry
from core.content.models import OfficeData
from core.decisions.models import Decision, Plenary
from core.documents.models import Document
from core.handovers.models import Handover
from core.handovers.services import check_handover, hand_over, prepare_handover, set_session_codes
from tests.factories.certificates import LEADER
from tests.factories.corridor import make_case
from tests.factories.documents import make_document, text_pdf

REASON = "Sudah dicocokkan dengan KTP asli."


def entry(code_list: str, code: str) -> CodeListEntry:
    return CodeListEntry.objects.get(code_list__code=code_list, code=code)


def make_minutes(plenary: Plenary, *, content: bytes | None = None) -> Document:
    """Minutes as they lie in the repository: a printed plenary is made by the tests of that room."""
    document = make_document(
        owner=plenary.confirmed_by,
        kind="berita-acara-pleno",
        content=content or text_pdf(f"Berita acara {plenary.number}"),
        file_name="ba.pdf",
    )
    Plenary.objects.filter(pk=plenary.pk).update(document=document)
    return document


def make_decided(*, outcome: str = "K", by: User, full_name: str = "", **codes) -> Decision:
    """A decided case without a fault, unless `codes` of its session say otherwise."""
    case = make_case("competent" if outcome == "K" else "not_yet_competent", outcome=outcome, full_name=full_name)
    OfficeData.objects.update(**LEADER)
    make_minutes(case.decision.plenary)
    values = {"code": "J-2026-77", "funding": entry("sumber_anggaran", "1"), "ministry": entry("kementerian", "54")}
    set_session_codes(session=case.session, **values | codes, by=by)
    profile = case.application.candidate
    profile.refresh_from_db()
    return Decision.objects.select_related("plenary", "application__candidate__user").get(pk=case.decision.pk)


def make_handover(*decisions: Decision, by: User, status: str = "persiapan") -> Handover:
    """In preparation, checked or handed over, through the services."""
    handover = prepare_handover(decisions=decisions or [make_decided(by=by)], by=by)
    if status != "persiapan":
        handover = check_handover(handover=handover, acceptance=REASON, by=by)
    if status == "diserahkan":
        handover = hand_over(handover=handover, handed_on=timezone.localdate(), channel="aplikasi", by=by)
    return handover
