"""What an assessor of the demonstration finds, and the papers that everybody then signs."""

from core.accounts.models import User
from core.applications.enums import Outcome
from core.applications.models import Application
from core.assessments.enums import LineKind
from core.assessments.models import FilledForm
from core.assessments.papers.layout import layout
from core.assessments.papers.queries import own_papers, papers_waiting_for
from core.assessments.papers.rules import has_part, party_of
from core.assessments.queries import assignment_in_force
from core.assessments.services import open_record, save_results, sign_results
from core.assessments.services.papers import save_answers, sign_form
from core.schemes.queries import units_in_order

#: What the people of the demonstration answer where the system knows nothing itself.
FIRST_ANSWERS = {LineKind.YES_NO: "ya", LineKind.OUTCOME: Outcome.COMPETENT, LineKind.LONG_TEXT: "Tidak ada."}


def write_results(case: Application, *, is_competent: bool, with_papers: bool = True) -> None:
    case.refresh_from_db()
    assessor = assignment_in_force(case).assessor.user
    record = open_record(application=case, by=assessor)
    units = list(units_in_order(case.scheme_version))
    results = {unit.pk: (Outcome.COMPETENT, ["observasi"], "") for unit in units}
    if not is_competent:
        results[units[-1].pk] = (Outcome.NOT_YET, ["observasi"], "Belum menunjukkan langkah kerja secara lengkap.")
    record = save_results(
        record=record,
        results=results,
        recommendation=Outcome.COMPETENT if is_competent else Outcome.NOT_YET,
        follow_up="" if is_competent else "Ikuti pelatihan ulang pada unit yang belum kompeten.",
        by=assessor,
    )
    sign_results(record=record, by=assessor)
    if with_papers:
        sign_waiting_papers(case)


def sign_waiting_papers(case: Application) -> None:
    """The assessor those that are due now, then the candidate."""
    assessor = assignment_in_force(case).assessor.user
    _sign_papers(papers_waiting_for(assessor, case), by=assessor)
    _sign_papers(own_papers(case)["waiting"], by=case.candidate.user)


def _sign_papers(papers: list[FilledForm], *, by: User) -> None:
    """As people who find nothing wrong: every question answered with its first answer, then signed."""
    for paper in papers:
        party = party_of(paper, by)
        if has_part(paper, party):
            answers = {q.name: q.value or FIRST_ANSWERS.get(q.line.kind, "") for q in layout(paper).questions(party)}
            save_answers(form=paper, answers=answers, edit=paper.edit, by=by)
        sign_form(form=paper, by=by)
