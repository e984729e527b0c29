"""What the verification screen shows of a case: the frozen form, its evidence, verdicts, acts, history."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from backoffice.displays import CERTIFICATE_TONES, STATUS_TONES, VERDICT_TONES, waiting_age
from backoffice.views.certificates import acts_of
from backoffice.views.next_step import next_step
from backoffice.views.paper_card import case_papers
from core.accounts.enums import Sex
from core.accounts.rules import can_see_identifiers, can_see_nik
from core.applications.enums import ApplicationStatus, FormCode, Outcome, Verdict
from core.applications.models import Application, Submission
from core.applications.privacy import file_words, snapshot_for
from core.applications.queries import changes_between, last_return_request, latest_submission
from core.applications.sections import SECTION_TITLES, Section
from core.applications.snapshot import FIELD_LABELS, PART_FIELDS
from core.applications.transitions import WORKFLOW
from core.assessments.conflicts import when
from core.assessments.known import know
from core.assessments.models import Placement
from core.assessments.rules import may_be_assigned
from core.assessments.seats import seat_of
from core.certificates.aftercare_queries import renewal_of
from core.certificates.queries import certificates_of_case
from core.certificates.standing import status_now
from core.decisions.models import Decision
from core.decisions.queries import all_decisions_of, appeal_of, on_agenda, open_appeal
from core.documents.models import Document, DocumentState
from core.privacy.queries import holds_on_case
from core.schemes.enums import RequirementSection
from core.schemes.models import Requirement

#: What FR.APL-01 part 1 holds.
PART_1 = ("personal", "address", "employment")

#: More of the history stays in the activity log, which the page links to.
TIMELINE_LENGTH = 60
#: What a row of the queue tells of its history.
LAST_ACTS = 5


@dataclass(frozen=True)
class File:
    """A piece of evidence as it was sent; without `url` where this reader may not open it: an identity paper, or one
    that waits for the virus scanner or was refused by it (`closed` says so)."""

    key: str
    title: str
    name: str
    url: str
    is_image: bool
    size: int
    closed: str = ""


@dataclass
class RequirementRow:
    """One requirement of FR.APL-01 part 3 with its files and what was judged (or just typed)."""

    requirement: Requirement
    files: list[File]
    verdict: str = ""
    note: str = ""
    checked_by: str = ""
    checked_at: Any = None
    error: str = ""
    shown_verdict: str = ""
    shown_note: str = ""

    @property
    def pk(self) -> int:
        return self.requirement.pk

    @property
    def is_wanting(self) -> bool:
        """Whether the candidate has something to mend; what need not be there is no fault."""
        return self.verdict == Verdict.FAILS or (self.verdict == Verdict.ABSENT and self.requirement.is_required)

    @property
    def tone(self) -> str:
        return VERDICT_TONES.get(self.verdict, "")

    @property
    def verdict_label(self) -> str:
        return str(Verdict(self.verdict).label) if self.verdict else ""


@dataclass
class ReturnPart:
    """One line of the dialog that sends a case back."""

    key: str
    title: str
    form: str
    is_ticked: bool = False
    note: str = ""
    lacks_note: bool = field(default=False)


def address(case: Application) -> str:
    return reverse("admin:core_application_change", args=[case.pk])


def can_check(case: Application, by: Any) -> bool:
    """Whether the verdicts are drawn as inputs; the service has the last word."""
    return (
        case.status == ApplicationStatus.UNDER_REVIEW
        and case.officer_id == by.pk
        and by.has_perm("core.verify_application")
    )


def context(case: Application, by: Any, *, wanted: dict | None = None, refused: dict | None = None) -> dict[str, Any]:
    """Everything the page draws."""
    submissions = list(case.submissions.order_by("-sequence"))
    submission = submissions[0]
    assignments = list(case.assignments.select_related("assessor__user", "assigned_by").order_by("-ended_at"))
    assignment = next((row for row in assignments if row.in_force), None)
    seat = seat_of(case)
    know(case, seat=seat.session if seat else None, holder=assignment.assessor if assignment else None)
    snapshot = snapshot_for(submission.snapshot, viewer=by, profile=case.candidate)
    files = files_of(case, snapshot, by)
    decisions = list(all_decisions_of(case))
    rows = requirement_rows(case, by, snapshot=snapshot, files=files, wanted=wanted, refused=refused)
    return {
        "case": case,
        "snapshot": snapshot,
        "status_tone": STATUS_TONES.get(case.status, ""),
        "age": waiting_age(case),
        "parts": [_part(key, snapshot) for key in PART_1],
        "purposes": _purposes(snapshot),
        "sees_nik": can_see_nik(by, case.candidate),
        "sees_identifiers": can_see_identifiers(by, case.candidate),
        "asked": last_return_request(case) if _was_returned(case, submissions) else None,
        "changes": changes_between(submissions[1:2], submission, viewer=by, profile=case.candidate),
        "requirement_groups": _grouped(rows),
        "verdicts": Verdict.choices,
        "can_check": can_check(case, by),
        "units": _units(snapshot, files),
        "submission": submission,
        "assignment": assignment,
        "next_step": next_step(case, by, assignment=assignment, seat=seat, decisions=decisions),
        "former_assignments": [row for row in assignments if not row.in_force],
        "may_assign": not may_be_assigned(case, by),
        "papers": _papers(case, submissions),
        **_schedule(case, seat, by),
        "case_papers": case_papers(case, by),
        **decision_context(case, by, decisions),
        "renewal": renewal_of(case),
        **certificate_context(case, by),
        "holds": list(holds_on_case(case)) if by.has_perm("core.view_legalhold") else [],
        **acts_context(case, by),
        "judged": sum(bool(row.verdict) for row in rows),
        "to_judge": len(rows),
    }


def _was_returned(case: Application, submissions: list[Submission]) -> bool:
    """Whether the candidate was ever asked to correct something."""
    return len(submissions) > 1 or case.status == ApplicationStatus.RETURNED


def _schedule(case: Application, seat: Placement | None, by: Any) -> dict[str, Any]:
    """The card "Jadwal": where and when, or that it still waits for that."""
    board = reverse("admin:core_assessmentsession_board")
    waits = case.status == ApplicationStatus.PREASSESSED and by.has_perm("core.schedule_session")
    return {
        "seat": seat,
        "seat_when": when(seat.session) if seat else "",
        "schedule_url": f"{board}?skema={case.scheme_version.scheme.code}" if waits else "",
    }


def decision_context(case: Application, by: Any, found: list[Decision]) -> dict[str, Any]:
    """What plenaries decided on the case, and its appeal; of these an assessor reads why the open one was filed."""
    decided = [decision for decision in found if decision.decided_at]  # without one there is no appeal
    if not by.has_perm("core.view_plenary"):
        appeal = open_appeal(case) if decided and can_see_identifiers(by, case.candidate) else None
        return {"appeal_reason": appeal.reason if appeal else ""}
    return {"decisions": decided, "on_agenda": on_agenda(found), "appeal": appeal_of(case) if decided else None}


def certificate_context(case: Application, by: Any) -> dict[str, Any]:
    """The card "Sertifikat": what was issued with what may be done to it, or that it waits to be issued."""
    if not by.has_perm("core.view_certificate"):
        return {}
    rows = []
    if case.status == ApplicationStatus.CERTIFIED:
        for certificate in certificates_of_case(case):
            now = status_now(certificate)
            acts = acts_of(certificate, by) if certificate.in_force else []
            rows.append({"row": certificate, "now": now, "tone": CERTIFICATE_TONES[now.state], "acts": acts})
    waits = case.status == ApplicationStatus.COMPETENT and by.has_perm("core.issue_certificate")
    issue_url = f"{reverse('admin:certificates_issue')}?kasus={case.pk}" if waits else ""
    return {"certificates": rows, "issue_url": issue_url, "sees_certificate": by.has_perm("core.view_identifiers")}


def evidence_context(case: Application, by: Any) -> dict[str, Any]:
    """What a row of the queue unfolds to; asked for by one row at a time."""
    return {"case": case, "case_url": address(case), "requirements": requirement_rows(case, by)}


def acts_context(case: Application, by: Any) -> dict[str, Any]:
    """The buttons: rows of the table that belong to this status and this person, and why one can't be pressed.

    A row that leads back to the same status (taking over) shows only when it can be done.
    """
    acts = []
    for row in WORKFLOW:
        if row.permission is None or case.status not in row.sources or not row.permits(case, by):
            continue
        reason = row.refusal(case, by)
        if reason and row.target == case.status:
            continue
        acts.append(
            {"row": row, "reason": reason, "url": reverse("admin:core_application_act", args=[case.pk, row.name])}
        )
    return {"acts": acts, "act_reasons": list(dict.fromkeys(a["reason"] for a in acts if a["reason"]))}


def progress_context(case: Application) -> dict[str, Any]:
    """How many requirements were judged."""
    judged = case.requirement_evidence.exclude(verdict="").count()
    return {"judged": judged, "to_judge": case.scheme_version.requirements.count()}


def requirement_rows(
    case: Application,
    by: Any,
    *,
    snapshot: dict | None = None,
    files: dict[str, File] | None = None,
    wanted: dict | None = None,
    refused: dict | None = None,
) -> list[RequirementRow]:
    """Part 3 as it was sent, with the verdicts; `wanted` and `refused` bring back what was just typed."""
    snapshot = snapshot or latest_submission(case).snapshot
    files = files_of(case, snapshot, by) if files is None else files
    sent = {row["id"]: row for row in snapshot["sections"]["requirements"]}
    judged = {row.requirement_id: row for row in case.requirement_evidence.select_related("checked_by")}
    rows = []
    for requirement in case.scheme_version.requirements.all():
        evidence = sent.get(requirement.pk, {}).get("evidence", [])
        row = RequirementRow(requirement, [files[key] for key in evidence if key in files])
        if found := judged.get(requirement.pk):
            row.verdict, row.note, row.checked_at = found.verdict, found.note, found.checked_at
            row.checked_by = found.checked_by.full_name if found.checked_by else ""
        row.shown_verdict, row.shown_note = (wanted or {}).get(row.pk, (row.verdict, row.note))
        row.error = (refused or {}).get(row.pk, "")
        rows.append(row)
    return rows


def return_parts(
    sections: list[Section], rows: list[RequirementRow], posted: Mapping[str, str] | None
) -> list[ReturnPart]:
    """The lines of the dialog: as typed, or filled in from the requirements that do not meet."""
    parts = []
    for section in sections:
        part = ReturnPart(section.key, section.title, section.form)
        if posted is not None:
            part.is_ticked = f"part-{part.key}" in posted
            part.note = posted.get(f"note-{part.key}", "")
            part.lacks_note = part.is_ticked and not part.note.strip()
        elif part.key == "requirements":
            faults = [row for row in rows if row.is_wanting]
            part.is_ticked = bool(faults)
            part.note = "\n".join(f"{row.requirement.title}: {row.note or row.verdict_label.lower()}" for row in faults)
        parts.append(part)
    return parts


def files_of(case: Application, snapshot: dict, by: Any) -> dict[str, File]:
    """The evidence of a sending by its key, with addresses where this person may open it."""
    named = [item["document"] for item in snapshot["evidence"].values()]
    papers = Document.objects.filter(public_id__in=named)
    closed = {
        str(document.public_id): document.get_state_display() for document in papers.exclude(state=DocumentState.CLEAN)
    }
    hidden = set(closed)
    if not can_see_identifiers(by, case.candidate):
        identity = papers.filter(document_type__is_identity=True)
        hidden |= {str(public_id) for public_id in identity.values_list("public_id", flat=True)}
    return {
        key: File(
            key=key,
            title=file_words(item["title"], viewer=by),
            name=file_words(item["file_name"], viewer=by),
            size=item["size"],
            url="" if item["document"] in hidden else reverse("admin:document", args=[item["document"]]),
            is_image=item["content_type"].startswith("image/"),
            closed=closed.get(item["document"], ""),
        )
        for key, item in snapshot["evidence"].items()
    }


def _part(key: str, snapshot: dict) -> dict[str, Any]:
    """One block of part 1 as (label, value) rows in the words of the form."""
    values = snapshot["sections"][key]
    return {
        "title": SECTION_TITLES[key],
        "rows": [
            (FIELD_LABELS.get(name, name), _readable(name, values[name])) for name in PART_FIELDS[key] if name in values
        ],
    }


def _readable(name: str, value: str) -> str:
    if name == "sex" and value in Sex.values:
        return str(Sex(value).label)
    if name == "birth_date" and len(value) > 4:  # a masked one is the year only
        return date_format(date.fromisoformat(value), "j F Y")
    return value


def _purposes(snapshot: dict) -> list[dict[str, Any]]:
    chosen = snapshot["sections"]["purpose"]
    return [
        {
            "title": row["title"],
            "is_chosen": row["code"] == chosen["code"],
            "explanation": chosen["explanation"] if row["code"] == chosen["code"] else "",
        }
        for row in snapshot["purposes"]
    ]


def _grouped(rows: list[RequirementRow]) -> list[dict[str, Any]]:
    groups = [
        {"title": label, "rows": [row for row in rows if row.requirement.section == key]}
        for key, label in RequirementSection.choices
    ]
    return [group for group in groups if group["rows"]]


def _units(snapshot: dict, files: dict[str, File]) -> list[dict[str, Any]]:
    """FR.APL-02 in the order of the scheme; a unit with a BK opens by itself."""
    found = [section for key, section in snapshot["sections"].items() if key.startswith("unit-")]
    units = []
    for unit in sorted(found, key=lambda section: section["position"]):
        elements = [
            element | {"files": [files[key] for key in element["evidence"] if key in files]}
            for element in unit["elements"]
        ]
        able = sum(element["outcome"] == Outcome.COMPETENT for element in elements)
        units.append(unit | {"elements": elements, "able": able, "not_yet": len(elements) - able})
    return units


def _papers(case: Application, submissions: list[Submission]) -> list[dict[str, Any]]:
    """Both forms of every sending, the latest first."""
    papers = []
    for submission in submissions:
        papers.append(
            {
                "submission": submission,
                "forms": [
                    {
                        "title": label,
                        "url": reverse("admin:core_application_form", args=[case.pk, submission.sequence, code]),
                    }
                    for code, label in FormCode.choices
                ],
            }
        )
    return papers
