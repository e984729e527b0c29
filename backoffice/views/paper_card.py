"""What the card “Berkas asesmen” shows: every paper, where it stands, who is to act, what this person may do."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments.enums import FilledFormStatus as F
from core.assessments.form_sets import lacks_forms
from core.assessments.models import AssessmentSession, FilledForm
from core.assessments.papers import rules
from core.assessments.papers.queries import papers_of_case, papers_of_session

#: While a form that is asked for only now can still be filled in before the results.
BEFORE_RESULTS = frozenset({ApplicationStatus.PREASSESSED, ApplicationStatus.SCHEDULED})
TONES = {F.EMPTY: "", F.DRAFT: "", F.PARTLY_SIGNED: "amber", F.SIGNED: "success", F.SCANNED: "success"}


def case_papers(case: Application, by: Any) -> dict[str, Any]:
    """The rows, and where forms can be laid in that the scheme asks for since the case came here."""
    papers = papers_of_case(case)
    may_be_short = not papers or case.status in BEFORE_RESULTS
    is_short = (
        may_be_short
        and not rules.why_not_prepare(case, by)
        and lacks_forms(case.scheme_version.scheme, {paper.definition_id for paper in papers})
    )
    return {
        "rows": _rows(papers, by),
        "prepare_url": reverse("admin:papers_prepare", args=[case.pk]) if is_short else "",
    }


def session_papers(session: AssessmentSession, by: Any) -> list[dict[str, Any]]:
    return _rows(papers_of_session(session, by), by)


def _rows(papers: Iterable[FilledForm], by: Any) -> list[dict[str, Any]]:
    if not by.has_perm("core.view_filledform"):
        return []
    return [
        {
            "paper": paper,
            "tone": TONES[F(paper.status)],
            "waits": _waits(paper),
            "buttons": _buttons(paper, by) if rules.may_read(paper, by) else [],
            "earlier": [
                {"paper": old, "url": reverse("admin:paper_print", args=[old.pk])}
                for old in paper.earlier  # type: ignore[attr-defined]
                if rules.may_read(old, by)
            ],
        }
        for paper in papers
    ]


def _waits(paper: FilledForm) -> str:
    """Who is to act, or that it is not time yet."""
    if paper.status in rules.FINAL:
        return ""
    if reason := rules.why_not_due(paper):
        return reason
    return _("Menunggu %(people)s.") % {"people": rules.lacking_people(paper)}


def _buttons(paper: FilledForm, by: Any) -> list[dict[str, Any]]:
    """In the order in which a paper is worked on; the first that moves it on is the loud one."""
    party = rules.party_of(paper, by)
    is_signer = party in rules.signers(paper)
    buttons = []
    if not rules.why_not_fill(paper, by):
        buttons.append(_button(paper, "paper", _("Isi") if paper.status == F.EMPTY else _("Lanjutkan"), tone="primary"))
    elif paper.status == F.PARTLY_SIGNED and is_signer and party in rules.unsigned(paper):
        buttons.append(_button(paper, "paper_sign", _("Tanda tangani"), tone="primary"))
    if not rules.why_not_scan(paper, by):
        buttons.append(_button(paper, "paper_scan", _("Unggah pindaian"), is_dialog=True))
    if not by.has_perm("core.view_identifiers"):
        buttons.append(_button(paper, "paper", _("Baca")))
    buttons.append(
        _button(paper, "paper_print", _("Lihat") if paper.status in rules.FINAL else _("Cetak"), is_pdf=True)
    )
    if not rules.why_not_correct(paper, by):
        buttons.append(_button(paper, "paper_correct", _("Koreksi"), is_dialog=True))
    return buttons


def _button(
    paper: FilledForm, name: str, label: str, *, tone: str = "", is_dialog: bool = False, is_pdf: bool = False
) -> dict[str, Any]:
    return {
        "url": reverse(f"admin:{name}", args=[paper.pk]),
        "label": label,
        "tone": tone,
        "is_dialog": is_dialog,
        "is_pdf": is_pdf,
    }
