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
from core.applications.models import Application
from core.assessments.enums import FormSubject, RecordStatus
from core.assessments.known import once
from core.assessments.models import AssessmentRecord, AssessmentResult, FilledForm
from core.assessments.papers.facts import participants, place_of, session_of
from core.assessments.rules import unit_outcome
from core.assessments.words import day_words, hour_words

type Known = dict[str, Any] | list[str] | str | None

#: The evidence that a form of the case collects, in words that the options of FR.AK.01 hold.
EVIDENCE_BY_FORM = {
    "fr-ia-01": "observasi-langsung",
    "fr-ia-02": "kegiatan-terstruktur",
    "fr-ia-04": "kegiatan-terstruktur",
    "fr-ia-05": "pertanyaan-tertulis",
    "fr-ia-06": "pertanyaan-tertulis",
    "fr-ia-07": "pertanyaan-lisan",
    "fr-ia-08": "verifikasi-portofolio",
    "fr-ia-09": "pertanyaan-wawancara",
}


def suggestions(form: FilledForm) -> dict[str, Any]:
    """{key: what is known} for the lines that this paper has."""
    table = OF_SESSION if form.definition.subject == FormSubject.SESSION else OF_CASE
    wanted = table.keys() & {line.key for line in form.version.lines.all()}
    found = {key: table[key](form) for key in wanted}
    return {key: value for key, value in found.items() if value}


# --- before the assessment: FR.AK.01 ------------------------------------------------------------------


def planned_evidence(form: FilledForm) -> Known:
    """What the case's other papers collect, and the portfolio where its evidence was reviewed."""
    codes = form.application.filled_forms.filter(in_force=True).values_list("definition__code", flat=True)
    found = {EVIDENCE_BY_FORM[code] for code in codes if code in EVIDENCE_BY_FORM}
    if form.application.preassessments.filter(signature__isnull=False, reviews__isnull=False).exists():
        found.add("verifikasi-portofolio")
    return sorted(found)


def _agreed(words: Callable[[Any], str]) -> Callable[[FilledForm], Known]:
    """A line about the session; before there is one, both agree to what the invitation will say."""

    def tell(form: FilledForm) -> Known:
        session = session_of(form)
        return words(session) if session else _("Sesuai undangan jadwal uji")

    return tell


# --- after it: FR.AK.02, from the assessor's record ---------------------------------------------------


def _record(application: Application) -> AssessmentRecord | None:
    """The signed one: what is still a draft may change tomorrow."""
    signed = application.records.filter(in_force=True, status=RecordStatus.SIGNED)
    return signed.prefetch_related("results").first()


def _of_record(read: Callable[[AssessmentRecord], Known]) -> Callable[[FilledForm], Known]:
    def tell(form: FilledForm) -> Known:
        record = once(form.application, "record", _record)
        return read(record) if record else None

    return tell


def _by_unit(record: AssessmentRecord) -> dict[str, list[AssessmentResult]]:
    results: dict[str, list[AssessmentResult]] = defaultdict(list)
    for result in record.results.all():
        results[str(result.unit_id)].append(result)
    return results


def unit_outcomes(record: AssessmentRecord) -> Known:
    return {unit: str(unit_outcome(results)) for unit, results in _by_unit(record).items()}


def unit_methods(record: AssessmentRecord) -> Known:
    return {unit: sorted({r.method for r in results if r.outcome}) for unit, results in _by_unit(record).items()}


def unit_notes(record: AssessmentRecord) -> Known:
    found = _by_unit(record).items()
    return {unit: " ".join(dict.fromkeys(r.note for r in results if r.note)) for unit, results in found}


# --- about a session: FR.AK.05, from its cases --------------------------------------------------------


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


OF_CASE: dict[str, Callable[[FilledForm], Known]] = {
    "bukti": planned_evidence,
    "hari-tanggal": _agreed(day_words),
    "waktu": _agreed(hour_words),
    "tempat-uji": _agreed(place_of),
    "hasil": _of_record(unit_outcomes),
    "metode": _of_record(unit_methods),
    "catatan-unit": _of_record(unit_notes),
    "rekomendasi": _of_record(lambda record: record.recommendation),
    "tindak-lanjut": _of_record(lambda record: record.follow_up),
    "catatan": _of_record(lambda record: record.note),
    "komentar": _of_record(lambda record: record.note),
}
OF_SESSION: dict[str, Callable[[FilledForm], Known]] = {
    "jumlah-kompeten": counted(Outcome.COMPETENT),
    "jumlah-belum-kompeten": counted(Outcome.NOT_YET),
    "belum-kompeten": not_yet_competent,
}
