"""What the screens of results draw: the sheet as it is stored or as it was just typed, and signed results to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus, Outcome
from core.applications.models import Application
from core.assessments import rules
from core.assessments.methods import Method, find_method, manual_methods
from core.assessments.models import AssessmentRecord, AssessmentResult
from core.assessments.queries import results_by_unit, signed_records
from core.assessments.services import UnitJudgement
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.schemes.models import CompetencyUnit

#: What a sheet begins with.
FIRST_METHOD = "observasi"
#: Statuses in which there may be results to read or to write.
WITH_RESULTS = frozenset(
    {
        ApplicationStatus.SCHEDULED,
        ApplicationStatus.ASSESSED,
        ApplicationStatus.COMPETENT,
        ApplicationStatus.NOT_YET_COMPETENT,
        ApplicationStatus.APPEALED,
        ApplicationStatus.CERTIFIED,
        ApplicationStatus.WITHDRAWN,
    }
)


def titled(result: AssessmentResult) -> tuple[str, AssessmentResult]:
    """With what its method is called."""
    return str(find_method(result.method).title), result


def outcome_words(outcome: str) -> str:
    return str(Outcome(outcome).label) if outcome else ""


@dataclass
class UnitLine:
    """One unit on the sheet."""

    unit: CompetencyUnit
    outcome: str = ""
    methods: list[str] = field(default_factory=list)
    note: str = ""
    found: list[tuple[str, AssessmentResult]] = field(default_factory=list)  # by machines, with the method's title
    error: str = ""

    @property
    def field(self) -> str:
        return f"unit-{self.unit.pk}"

    @property
    def counted(self) -> str:
        """What counts for the unit: the assessor's word, else what machines found."""
        return self.outcome or rules.unit_outcome(result for _title, result in self.found)


@dataclass(frozen=True)
class Difference:
    """One answer that two tabs gave differently: of which unit or field, what is kept, what was just typed."""

    title: str
    kept: str
    typed: str


@dataclass
class Sheet:
    """All units, the conclusion, and how it stands with saving."""

    record: AssessmentRecord | None
    lines: list[UnitLine]
    edit: int
    note: str = ""
    follow_up: str = ""
    is_still_bk: bool = False  # not yet competent although every unit is K
    refusal: DomainError | None = None
    differences: list[Difference] = field(default_factory=list)  # after a stale page

    @property
    def methods(self) -> list[Method]:
        return manual_methods()

    @property
    def judged(self) -> int:
        return sum(bool(line.counted) for line in self.lines)

    @property
    def competent(self) -> int:
        return sum(line.counted == Outcome.COMPETENT for line in self.lines)

    @property
    def not_yet(self) -> int:
        return self.judged - self.competent

    @property
    def derived(self) -> str:
        return rules.derived_recommendation(line.counted for line in self.lines)

    @property
    def recommendation(self) -> str:
        return Outcome.NOT_YET if self.derived == Outcome.COMPETENT and self.is_still_bk else self.derived

    @property
    def recommendation_label(self) -> str:
        return outcome_words(self.recommendation)

    @property
    def said(self) -> dict[str, Any]:
        """How it reaches `save_results`: preselected methods of a unit that nobody judged are nobody's word."""
        return {
            "results": {
                line.unit.pk: UnitJudgement(
                    line.outcome, line.methods if line.outcome or line.note.strip() else [], line.note
                )
                for line in self.lines
            },
            "recommendation": self.recommendation,
            "note": self.note,
            "follow_up": self.follow_up,
            "edit": self.edit,
        }

    def refuse(self, refusal: DomainError, kept: "Sheet") -> None:
        """Keep what was typed, say why; after a stale page also what the other tab kept; the next saving is meant."""
        self.refusal = refusal
        for line in self.lines:
            line.error = refusal.message if refusal.field == line.field else ""
        if isinstance(refusal, StaleVersion):
            self.edit = kept.edit
            self.differences = [one for one in _answers_of_both(kept, self) if one.kept != one.typed]


def _answers_of_both(kept: Sheet, typed: Sheet) -> Iterator[Difference]:
    """Every answer as it is kept and as it was typed, in the order of the sheet."""
    for one, other in zip(kept.lines, typed.lines, strict=True):
        yield Difference(f"{one.unit.code} {one.unit.title}", _in_words(one, kept), _in_words(other, typed))
    still_bk = _("Tetap direkomendasikan belum kompeten")
    yield Difference(still_bk, *(_("ya") if sheet.is_still_bk else _("tidak") for sheet in (kept, typed)))
    for title, name in ((_("Catatan"), "note"), (_("Tindak lanjut"), "follow_up")):
        yield Difference(title, *(getattr(sheet, name).strip() or _("kosong") for sheet in (kept, typed)))


def _in_words(line: UnitLine, sheet: Sheet) -> str:
    """The assessor's word on one unit; methods that are only preselected are nobody's word."""
    if not line.outcome and not line.note.strip():
        return _("belum dinilai")
    methods = ", ".join(str(method.title) for method in sheet.methods if method.key in line.methods)
    return " · ".join(filter(None, (outcome_words(line.outcome) or _("belum dinilai"), methods, line.note.strip())))


def stored(case: Application, record: AssessmentRecord | None) -> Sheet:
    """As it was kept; units without a word of the assessor begin with the methods last used."""
    found = results_by_unit(record)
    lines = []
    usual = _last_used(found)
    for unit in _units(case):
        own = [result for result in found.get(unit.pk, []) if result.recorded_by_id is not None]
        lines.append(
            UnitLine(
                unit,
                outcome=rules.unit_outcome(own),
                methods=[result.method for result in own] or usual,
                note=next((result.note for result in own if result.note), ""),
                found=[titled(result) for result in found.get(unit.pk, []) if result.recorded_by_id is None],
            )
        )
    if record is None:
        return Sheet(None, lines, edit=0)
    sheet = Sheet(record, lines, edit=record.edit, note=record.note, follow_up=record.follow_up)
    sheet.is_still_bk = sheet.derived == Outcome.COMPETENT and record.recommendation == Outcome.NOT_YET
    return sheet


def _last_used(found: Mapping[int, list[AssessmentResult]]) -> list[str]:
    own = [r for results in found.values() for r in results if r.recorded_by_id is not None and r.outcome]
    if not own:
        return [FIRST_METHOD]
    latest = max(own, key=lambda result: (result.recorded_at, result.pk))
    return [result.method for result in own if result.unit_id == latest.unit_id]


def posted(case: Application, record: AssessmentRecord | None, words: Any) -> Sheet:
    """As it was just typed. "semua" says K of every unit that nothing was said of."""
    before = stored(case, record)
    for line in before.lines:
        outcome = words.get(f"hasil-{line.unit.pk}", "")
        if not outcome and "semua" in words:
            outcome = Outcome.COMPETENT
        line.outcome = outcome
        line.methods = words.getlist(f"metode-{line.unit.pk}")
        line.note = words.get(f"catatan-{line.unit.pk}", "")
    edit = words.get("edit", "")
    before.edit = int(edit) if is_number(edit) else 0
    before.note, before.follow_up = words.get("note", ""), words.get("follow_up", "")
    before.is_still_bk = "tetap_bk" in words
    return before


def _units(case: Application) -> list[CompetencyUnit]:
    links = case.scheme_version.scheme_units.order_by("position", "pk").select_related("unit")
    return [link.unit for link in links]


# --- to read ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadLine:
    """One unit of a record, to read."""

    unit: CompetencyUnit
    outcome: str
    results: list[tuple[str, AssessmentResult]]  # the method's title with each
    notes: list[str]


def lines_of(record: AssessmentRecord) -> list[ReadLine]:
    found = results_by_unit(record)
    return [
        ReadLine(
            unit,
            rules.unit_outcome(found.get(unit.pk, [])),
            [titled(result) for result in found.get(unit.pk, []) if result.outcome],
            list(dict.fromkeys(r.note for r in found.get(unit.pk, []) if r.note)),
        )
        for unit in _units(record.application)
    ]


def card(case: Application, by: Any) -> dict[str, Any]:
    """What the page of a case tells: signed results to all who may read them, the way on to its assessor."""
    if case.status not in WITH_RESULTS or not by.has_perm("core.view_assessmentrecord"):
        return {}
    records = list(signed_records(case))
    is_holder = rules.holds_case(case, by)
    return {
        "result_card": {
            "record": next((record for record in records if record.in_force), None),
            "lines": next((lines_of(record) for record in records if record.in_force), []),
            "former": [record for record in records if not record.in_force],
            "may_fill": is_holder and not rules.results_are_open(case),
            "may_correct": is_holder and not rules.may_correct_results(case, by),
            "state": _state(case),
        }
    }


def _state(case: Application) -> str:
    """Where results are still to come."""
    if case.status == ApplicationStatus.SCHEDULED:
        return _("Belum ada hasil yang ditandatangani.")
    if case.status == ApplicationStatus.APPEALED:
        return _("Banding: asesor lain menilai kembali.")
    return ""
