"""What stands in the head of a paper: facts of the case, its seat and its assessor, never typed."""

from django.db.models import Prefetch, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.applications.enums import Outcome
from core.applications.models import Application
from core.assessments.enums import FormSubject, SessionMode
from core.assessments.known import once
from core.assessments.models import AssessmentRecord, AssessmentResult, AssessmentSession, FilledForm
from core.assessments.queries import assignment_in_force
from core.schemes.enums import SchemeKind


def _seat(application: Application) -> AssessmentSession | None:
    seat = application.placements.filter(in_force=True).select_related("session__venue").first()
    return seat.session if seat else None


def _holder(application: Application) -> AssessorProfile | None:
    assignment = assignment_in_force(application)
    return assignment.assessor if assignment else None


def session_of(form: FilledForm) -> AssessmentSession | None:
    """The session that a paper belongs to: its own, or the one its case has a seat in."""
    return form.session if form.session_id else once(form.application, "seat", _seat)


def assessor_of(form: FilledForm) -> AssessorProfile | None:
    """Who fills in the assessor's part: the person named on the paper, else whoever holds the case."""
    return form.assessor if form.assessor_id else once(form.application, "holder", _holder)


def head_facts(form: FilledForm, snapshot: dict | None) -> list[tuple[str, str]]:
    """What stands above this paper."""
    if snapshot:
        scheme = snapshot["scheme"]
    else:
        row = form.session.scheme
        scheme = {"kind": row.kind, "title": row.title, "number": row.number}
    candidate = None
    if form.definition.subject == FormSubject.CASE and snapshot:
        candidate = snapshot["sections"]["personal"]["full_name"]
    return head_lines(scheme, session=session_of(form), assessor=assessor_of(form), candidate=candidate)


def head_lines(
    scheme: dict, *, session: AssessmentSession | None, assessor: AssessorProfile | None, candidate: str | None
) -> list[tuple[str, str]]:
    """(label, value) in the order of BNSP's heads; a line to be known later is empty, `candidate` None not there."""
    kind = str(dict(SchemeKind.choices).get(scheme["kind"], ""))
    facts = [
        (_("Skema sertifikasi (%(kind)s)") % {"kind": kind}, scheme["title"]),
        (_("Nomor skema"), scheme["number"] or "–"),
        (_("TUK"), place_of(session)),
        (_("Nama asesor"), assessor.user.full_name if assessor else ""),
        (_("No. Reg. asesor"), assessor.registration_number if assessor else ""),
    ]
    if candidate is not None:
        facts.append((_("Nama asesi"), candidate))
    facts.append((_("Tanggal asesmen"), day_of(session)))
    return facts


def place_of(session: AssessmentSession | None) -> str:
    if session is None:
        return ""
    if session.mode == SessionMode.REMOTE:
        return _("Jarak jauh")
    return f"{session.venue.name} ({session.venue.get_kind_display()})" if session.venue else ""


def day_of(session: AssessmentSession | None) -> str:
    """One day, or from and to."""
    if session is None:
        return ""
    first, last = session.local_start.date(), session.local_end.date()
    if first == last:
        return date_format(first, "j F Y")
    return _("%(first)s sampai %(last)s") % {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")}


def participants(form: FilledForm) -> list[dict]:
    """The cases of a session that this assessor assessed, each with its signed recommendation; none on other papers."""
    if form.definition.subject != FormSubject.SESSION:
        return []
    cases = (
        Application.objects.filter(
            placements__session=form.session,
            placements__in_force=True,
            assignments__in_force=True,
            assignments__assessor=form.assessor,
        )
        .select_related("candidate__user")
        .prefetch_related(Prefetch("records", _with_units_not_yet(), to_attr="current"))
        .order_by("number")
    )
    return [
        {
            "number": case.number,
            "name": case.candidate.user.full_name,
            "outcome": case.current[0].recommendation if case.current else "",
            "note": _what_is_missing(case.current[0]) if case.current else "",
        }
        for case in cases
    ]


def _with_units_not_yet() -> QuerySet[AssessmentRecord]:
    failed = AssessmentResult.objects.filter(outcome=Outcome.NOT_YET).select_related("unit").order_by("unit__code")
    return AssessmentRecord.objects.filter(in_force=True).prefetch_related(
        Prefetch("results", failed, to_attr="not_yet")
    )


def _what_is_missing(record: AssessmentRecord) -> str:
    """The units found not yet competent, and the assessor's note."""
    codes = ", ".join(dict.fromkeys(result.unit.code for result in record.not_yet))  # type: ignore[attr-defined]
    return "\n".join(filter(None, [_("BK: %(codes)s") % {"codes": codes} if codes else "", record.note]))
