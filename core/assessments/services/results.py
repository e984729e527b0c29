"""The only writers of results: what an assessor judges, what a machine found, and the signature that closes both."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.activity.services import record_activity, record_view
from core.applications.enums import Outcome
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.assessments import rules
from core.assessments.enums import RecordStatus
from core.assessments.methods import find_method
from core.assessments.models import AssessmentRecord, AssessmentResult
from core.assessments.queries import assignment_in_force, record_in_force, record_in_progress, results_by_unit
from core.assessments.seats import seat_of
from core.assessments.services.papers import tell_candidate
from core.assessments.transitions import WORKFLOW
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_line, within
from core.documents.services import sign
from core.schemes.models import CompetencyUnit

FORMAT = 1
MAX_UNIT_NOTE = 500
MAX_NOTE = 2000
MAX_REASON = 250
#: What the column of a score holds.
SCORES = (Decimal(0), Decimal("9999.99"))


class UnitJudgement(NamedTuple):
    """What an assessor says of one unit. Without an outcome the methods and the note wait for it."""

    outcome: str
    methods: list[str]
    note: str = ""


# --- drafts ---------------------------------------------------------------------------------------------


@transaction.atomic
def open_record(*, application: Application, by: Any) -> AssessmentRecord:
    """The draft of the assessor who holds the case: the one under way, or a new one.

    Whoever replaces a colleague begins anew, since nobody signs what another judged; what machines found
    goes along. The colleague's draft ends then and stays readable.
    """
    application = lock(application)
    return _draft(application, _holder(application, by))


def _holder(application: Application, by: Any) -> AssessorProfile:
    """The assessor who has the case; refused to anybody else. `by` None: whoever it is (a machine asks)."""
    assignment = assignment_in_force(application)
    if assignment is None:
        raise DomainError(
            _("Permohonan ini belum mempunyai asesor. Minta sekretariat menunjuknya."), code="results.no_assessor"
        )
    if by is not None and not (by.is_active and assignment.assessor.user_id == by.pk):
        raise DomainError(
            _("Hanya asesor yang memegang permohonan ini yang dapat mengisi hasilnya."), code="results.not_holder"
        )
    return assignment.assessor


def _draft(application: Application, assessor: AssessorProfile) -> AssessmentRecord:
    """Get or make the draft, on a locked case."""
    if refusal := rules.results_are_open(application):
        raise DomainError(refusal, code="results.closed")
    in_force = application.records.filter(in_force=True).first()
    draft = record_in_progress(application, assessor)
    if draft is not None and (draft == in_force or (in_force and in_force.status == RecordStatus.SIGNED)):
        return draft
    former = in_force if in_force and in_force.status == RecordStatus.DRAFT else None
    if former:
        former.in_force = None
        former.save(update_fields=["in_force", "updated_at"])
    draft = draft or AssessmentRecord(application=application, assessor=assessor, sequence=_next_sequence(application))
    draft.in_force = True if former or in_force is None else None
    draft.save()
    if former:
        draft.results.filter(recorded_by=None).delete()
        _copy_results(former.results.filter(recorded_by=None), draft)
    return draft


def _next_sequence(application: Application) -> int:
    return max(application.records.values_list("sequence", flat=True), default=0) + 1


def _copy_results(results: Any, record: AssessmentRecord) -> None:
    copies = list(results.order_by("pk"))
    for result in copies:
        result.pk, result._state.adding, result.record = None, True, record
    AssessmentResult.objects.bulk_create(copies)


@transaction.atomic
def record_result(
    *,
    application: Application,
    unit: CompetencyUnit,
    method: str,
    outcome: str,
    score: Decimal | int | None = None,
    note: str = "",
    by: Any = None,
) -> AssessmentResult:
    """Write K or BK of one unit by one method into the draft: the one door for people and machines.

    `by` None is a machine: it writes by automatic methods only, and people by the others only. Written
    again, the result replaces the one before. A machine hands in what it found at any time while the case
    is being assessed, whether or not the assessor has begun.
    """
    application = lock(application)
    found = find_method(method)
    if found.is_automatic != (by is None):
        raise DomainError(
            _("Metode “%(method)s” dinilai oleh sistem; pilih metode lain untuk penilaian Anda.")
            % {"method": found.title}
            if found.is_automatic
            else _("Metode “%(method)s” dinilai oleh asesor; sistem tidak dapat mengisinya.") % {"method": found.title},
            code="results.wrong_writer",
            field="method",
        )
    if outcome not in Outcome.values:
        raise DomainError(_("Hasil suatu unit adalah K atau BK."), code="results.outcome", field="outcome")
    score = _score(score)
    _units(application, wanted={unit.pk})
    record = _draft(application, _holder(application, by))
    result, _created = AssessmentResult.objects.update_or_create(
        record=record,
        unit=unit,
        method=method,
        defaults={
            "outcome": outcome,
            "score": score,
            "note": within(note, MAX_UNIT_NOTE, field="note"),
            "recorded_by": by,
        },
    )
    if by is not None:  # an open page hears of it; what a machine adds takes nothing from anybody
        AssessmentRecord.objects.filter(pk=record.pk).update(edit=F("edit") + 1)
    record_activity("application.record_result", by=by, subject=application, unit=unit.code, method=method)
    return result


def _score(score: Decimal | int | None) -> Decimal | None:
    if score is None:
        return None
    score = Decimal(score)
    if not (score.is_finite() and SCORES[0] <= score <= SCORES[1]):
        raise DomainError(
            _("Nilai harus di antara %(least)s dan %(most)s.") % {"least": SCORES[0], "most": SCORES[1]},
            code="results.score",
            field="score",
        )
    return score.quantize(Decimal("0.01"))


def _units(application: Application, wanted: set[int] | None = None) -> dict[int, CompetencyUnit]:
    """The units of the case's scheme in order; refused when `wanted` names another one."""
    links = application.scheme_version.scheme_units.order_by("position", "pk").select_related("unit")
    units = {link.unit_id: link.unit for link in links}
    if wanted is not None and not wanted <= units.keys():
        raise DomainError(_("Unit ini bukan bagian skema permohonan. Muat ulang halaman."), code="results.unknown_unit")
    return units


@transaction.atomic
def save_results(
    *,
    record: AssessmentRecord,
    results: Mapping[int, UnitJudgement | tuple],
    recommendation: str | None = None,
    note: str = "",
    follow_up: str = "",
    edit: int | None = None,
    by: Any,
) -> AssessmentRecord:
    """Keep the assessor's draft: {unit id: (K, BK or "", methods, note)}; units that are not named stay.

    A draft may be incomplete. The recommendation is what the units say unless it is given. `edit` is what
    the page was drawn with: StaleVersion when another tab or phone saved meanwhile. What machines wrote
    is not touched.
    """
    application = lock(record.application)
    draft = _own_draft(application, record, by)
    if edit is not None and edit != draft.edit:
        raise StaleVersion(
            _("Hasil ini sudah disimpan dari tab atau perangkat lain. Bandingkan isiannya, lalu simpan lagi."),
            code="results.stale",
        )
    units = _units(application, wanted=set(results))
    _judge(draft, units, {pk: UnitJudgement(*judgement) for pk, judgement in results.items()}, by)
    if recommendation is None:
        found = results_by_unit(draft)
        recommendation = rules.derived_recommendation(rules.unit_outcome(found.get(pk, [])) for pk in units)
    if recommendation not in ("", *Outcome.values):
        raise DomainError(
            _("Rekomendasi ini tidak dikenal. Muat ulang halaman."), code="results.unknown", field="recommendation"
        )
    draft.recommendation = recommendation
    draft.note = within(note, MAX_NOTE, field="note")
    draft.follow_up = within(follow_up, MAX_NOTE, field="follow_up")
    draft.edit += 1
    draft.save(update_fields=["recommendation", "note", "follow_up", "edit", "updated_at"])
    record_view("application.save_results", by=by, subject=application)  # each tap saves: told once an hour
    return draft


def _own_draft(application: Application, record: AssessmentRecord, by: Any) -> AssessmentRecord:
    """The record if it is the person's and still open; else why it cannot be written."""
    current = AssessmentRecord.objects.get(pk=record.pk)
    if current.status == RecordStatus.SIGNED:
        raise DomainError(str(rules.SIGNED_STAYS), code="results.signed")
    draft = _draft(application, _holder(application, by))
    if draft.pk != current.pk:
        raise DomainError(
            _("Rekaman ini sudah berakhir. Muat ulang halaman untuk membuka yang berlaku."), code="results.ended"
        )
    return draft


def _judge(
    record: AssessmentRecord, units: Mapping[int, CompetencyUnit], results: Mapping[int, UnitJudgement], by: Any
) -> None:
    """Make the person's results of these units as they were said; what was said before in the same words stays."""
    wanted: dict[tuple[int, str], tuple[str, str]] = {}
    for pk, judgement in results.items():
        note = within(judgement.note, MAX_UNIT_NOTE, field=f"unit-{pk}")
        wanted |= {(pk, method): (judgement.outcome, note) for method in _methods_of(units[pk], judgement)}
    changed, gone = [], []
    for result in record.results.filter(unit__in=list(results), recorded_by__isnull=False):
        said = wanted.pop((result.unit_id, result.method), None)
        if said is None:
            gone.append(result.pk)
        elif said != (result.outcome, result.note):
            (result.outcome, result.note), result.recorded_by, result.recorded_at = said, by, timezone.now()
            changed.append(result)
    AssessmentResult.objects.filter(pk__in=gone).delete()
    AssessmentResult.objects.bulk_update(changed, ["outcome", "note", "recorded_by", "recorded_at"])
    AssessmentResult.objects.bulk_create(
        [
            AssessmentResult(record=record, unit_id=pk, method=method, outcome=outcome, note=note, recorded_by=by)
            for (pk, method), (outcome, note) in wanted.items()
        ]
    )


def _methods_of(unit: CompetencyUnit, judgement: UnitJudgement) -> list[str]:
    """The methods that were said, each once; refused when they are none or not a person's."""
    field = f"unit-{unit.pk}"
    methods = [find_method(key) for key in dict.fromkeys(judgement.methods)]
    if judgement.outcome not in ("", *Outcome.values) or any(method.is_automatic for method in methods):
        raise DomainError(_("Penilaian ini tidak dikenal. Muat ulang halaman."), code="results.unknown", field=field)
    if judgement.outcome and not methods:
        raise DomainError(
            _("Pilih sedikitnya satu metode untuk unit %(code)s.") % {"code": unit.code},
            code="results.no_method",
            field=field,
        )
    return [method.key for method in methods]


# --- signing and correcting -------------------------------------------------------------------------------


@transaction.atomic
def sign_results(*, record: AssessmentRecord, shown: str = "", by: Any) -> AssessmentRecord:
    """Sign and close: the case is "assessed" and waits for its decision.

    Every unit has its outcome, and the recommendation follows from them or the note says why not; K is
    recommended only when all units are K. `shown` is the fingerprint of what the person looked over: when
    it changed meanwhile, nothing is signed (StaleVersion). A correction takes the place of the record
    that it corrects, which stays.
    """
    application = lock(record.application)
    draft = _own_draft(application, record, by)
    content = record_content(draft)
    if draft.corrects_id is None:
        WORKFLOW.apply(application, "assess", by)
    if shown and shown != fingerprint(content):
        raise StaleVersion(
            _("Isian berubah sejak halaman ini dibuka. Periksa sekali lagi, lalu tanda tangani."),
            code="sign_results.changed",
        )
    if refusal := why_not_sign(draft):
        raise refusal
    text = canonical(content)
    draft.content, draft.sha256 = text, content_hash(text)
    draft.signature = sign(
        by=by,
        role=_("Asesor"),
        meaning=_("Hasil asesmen %(number)s") % {"number": application.number},
        content_sha256=draft.sha256,
    )
    application.records.filter(in_force=True).exclude(pk=draft.pk).update(in_force=None)
    draft.status, draft.in_force = RecordStatus.SIGNED, True
    draft.save(update_fields=["content", "sha256", "signature", "status", "in_force", "updated_at"])
    application.save(update_fields=["status", "updated_at"])
    record_activity(
        "application.assess", by=by, subject=application, recommendation=draft.recommendation, sha256=draft.sha256
    )
    tell_candidate(application)
    return draft


def why_not_sign(record: AssessmentRecord) -> DomainError | None:
    """What a draft still lacks; None when it can be signed."""
    units = _units(record.application)
    results = results_by_unit(record)
    outcomes = {pk: rules.unit_outcome(results.get(pk, [])) for pk in units}
    if lacking := [units[pk].code for pk, outcome in outcomes.items() if not outcome]:
        return DomainError(
            _("Belum dinilai: %(units)s.") % {"units": ", ".join(lacking)}, code="sign_results.incomplete"
        )
    derived = rules.derived_recommendation(outcomes.values())
    if not record.recommendation:
        return DomainError(
            _("Pilih rekomendasi: kompeten atau belum kompeten."),
            code="sign_results.no_recommendation",
            field="recommendation",
        )
    if record.recommendation == Outcome.COMPETENT and derived != Outcome.COMPETENT:
        return DomainError(
            _("Rekomendasi kompeten hanya bila semua unit K. Masih BK: %(units)s.")
            % {"units": ", ".join(units[pk].code for pk, outcome in outcomes.items() if outcome == Outcome.NOT_YET)},
            code="sign_results.disagrees",
            field="recommendation",
        )
    if record.recommendation != derived and not record.note:
        return DomainError(
            _("Semua unit K, tetapi rekomendasinya belum kompeten: tulis alasannya pada catatan."),
            code="sign_results.unexplained",
            field="note",
        )
    return None


def record_content(record: AssessmentRecord) -> dict:
    """Everything that is signed, as plain data: the case, who assessed when and where, results, conclusion."""
    application = record.application
    submission = latest_submission(application).snapshot
    seat = None if application.appeals.exists() else seat_of(application)
    results = results_by_unit(record)
    return {
        "format": FORMAT,
        "number": application.number,
        "sequence": record.sequence,
        "corrects": record.corrects.sha256 if record.corrects else "",
        "correction_reason": record.correction_reason,
        "candidate": submission["sections"]["personal"]["full_name"],
        "scheme": submission["scheme"],
        "assessor": {
            "name": record.assessor.user.full_name,
            "registration_number": record.assessor.registration_number,
        },
        "session": {
            "number": seat.session.number,
            "mode": seat.session.mode,
            "venue": seat.session.venue.name if seat.session.venue else "",
            "starts_at": seat.session.starts_at.isoformat(),
        }
        if seat
        else None,
        "units": [
            {
                "code": unit.code,
                "title": unit.title,
                "outcome": rules.unit_outcome(results.get(pk, [])),
                "results": [_result_content(result) for result in results.get(pk, []) if result.outcome],
            }
            for pk, unit in _units(application).items()
        ],
        "recommendation": record.recommendation,
        "note": record.note,
        "follow_up": record.follow_up,
    }


def _result_content(result: AssessmentResult) -> dict:
    method = find_method(result.method)
    return {
        "method": result.method,
        "title": str(method.title),
        "evidence": str(method.evidence.value),
        "outcome": result.outcome,
        "score": str(result.score) if result.score is not None else "",
        "note": result.note,
        "by": result.recorded_by.full_name if result.recorded_by else "",  # "": a machine
    }


def fingerprint(content: dict) -> str:
    """The hash that a page carries from what was looked over to the signature."""
    return content_hash(canonical(content))


@transaction.atomic
def correct_results(*, application: Application, reason: str, by: Any) -> AssessmentRecord:
    """Begin a correction of signed results: a new draft with the same results, to be changed and signed anew.

    The signed record stays as it is, and stays in force until the new one is signed. Asking twice leads to
    the same draft.
    """
    application = lock(application)
    if refusal := rules.may_correct_results(application, by):
        raise DomainError(refusal, code="correct_results.refused")
    holder = _holder(application, by)
    if draft := record_in_progress(application, holder):
        return draft
    reason = clean_line(reason)
    if not reason:
        raise DomainError(
            _("Tulis apa yang keliru; alasan ini tersimpan bersama hasil yang baru."),
            code="correct_results.reason",
            field="reason",
        )
    signed = record_in_force(application)
    draft = AssessmentRecord.objects.create(
        application=application,
        assessor=holder,
        sequence=_next_sequence(application),
        in_force=None,
        corrects=signed,
        correction_reason=within(reason, MAX_REASON, field="reason"),
        recommendation=signed.recommendation,
        note=signed.note,
        follow_up=signed.follow_up,
    )
    _copy_results(signed.results, draft)
    record_activity("application.correct_results", by=by, subject=application, sequence=draft.sequence)
    return draft
