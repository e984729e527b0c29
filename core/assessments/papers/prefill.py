"""What the system knows itself, by the key of the line that asks for it.

A line of one of these keys comes filled in; whoever fills in the paper may change it until it is
signed. A function returns a value, or {unit id: value} for a line that is asked per unit, or None
when there is nothing to say yet. Keys of methods are matched with the words of the options.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.assessments.enums import FormSubject
from core.assessments.models import AssessmentRecord, AssessmentResult, FilledForm
from core.assessments.papers.facts import participants

type Known = dict[str, Any] | list[str] | str | None


def suggestions(form: FilledForm) -> dict[str, Any]:
    """{key: what is known} for the lines that this paper has."""
    table = OF_SESSION if form.definition.subject == FormSubject.SESSION else OF_CASE
    wanted = table.keys() & {line.key for line in form.version.lines.all()}
    if not wanted:
        return {}
    source = form if table is OF_SESSION else _record(form)
    if source is None:
        return {}
    found = {key: table[key](source) for key in wanted}
    return {key: value for key, value in found.items() if value}


def _record(form: FilledForm) -> AssessmentRecord | None:
    return form.application.records.filter(in_force=True).prefetch_related("results").first()


def _by_unit(record: AssessmentRecord) -> dict[str, list[AssessmentResult]]:
    results: dict[str, list[AssessmentResult]] = defaultdict(list)
    for result in record.results.all():
        results[str(result.unit_id)].append(result)
    return results


def unit_outcomes(record: AssessmentRecord) -> Known:
    """A unit is K when every method found K."""
    return {
        unit: str(Outcome.NOT_YET if any(r.outcome == Outcome.NOT_YET for r in results) else Outcome.COMPETENT)
        for unit, results in _by_unit(record).items()
    }


def unit_methods(record: AssessmentRecord) -> Known:
    return {unit: sorted({result.method for result in results}) for unit, results in _by_unit(record).items()}


def unit_notes(record: AssessmentRecord) -> Known:
    return {unit: " ".join(r.note for r in results if r.note) for unit, results in _by_unit(record).items()}


def recommendation(record: AssessmentRecord) -> Known:
    return record.recommendation


def follow_up(record: AssessmentRecord) -> Known:
    return record.follow_up


def note(record: AssessmentRecord) -> Known:
    return record.note


def counted(outcome: str) -> Callable[[FilledForm], Known]:
    """How many cases of a session have this recommendation; nothing before all have one."""

    def count(form: FilledForm) -> Known:
        people = participants(form)
        if not people or any(not person["outcome"] for person in people):
            return None
        return str(sum(person["outcome"] == outcome for person in people))

    return count


def not_yet_competent(form: FilledForm) -> Known:
    """The cases found not yet competent, one per line."""
    return "\n".join(
        _("%(number)s %(name)s: %(note)s") % (person | {"note": person["note"] or "–"})
        for person in participants(form)
        if person["outcome"] == Outcome.NOT_YET
    )


#: FR.AK.02, from the assessor's record.
OF_CASE: dict[str, Callable[[AssessmentRecord], Known]] = {
    "hasil": unit_outcomes,
    "metode": unit_methods,
    "catatan-unit": unit_notes,
    "rekomendasi": recommendation,
    "tindak-lanjut": follow_up,
    "catatan": note,
    "komentar": note,
}
#: FR.AK.05, from the session's cases.
OF_SESSION: dict[str, Callable[[FilledForm], Known]] = {
    "jumlah-kompeten": counted(Outcome.COMPETENT),
    "jumlah-belum-kompeten": counted(Outcome.NOT_YET),
    "belum-kompeten": not_yet_competent,
}
