"""The only writers of applications.

Every act takes `by`, the person, runs in one transaction on a locked row, asks the workflow table,
records an activity and leaves its mail in the outbox. Refusals are DomainErrors with a sentence.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import CandidateProfile
from core.accounts.rules import is_candidate
from core.accounts.services import save_profile
from core.activity.services import record_activity, record_view
from core.applications import rules
from core.applications.enums import EDITABLE_STATUSES, ApplicationStatus, Outcome, Verdict
from core.applications.filing import refile_evidence
from core.applications.models import (
    Application,
    ApplicationSection,
    RequirementEvidence,
    ReturnRequest,
    Review,
    SelfAssessmentAnswer,
    Submission,
)
from core.applications.people_counted import take_down
from core.applications.queries import (
    last_return_request,
    latest_submission,
    open_application,
    reusable_documents,
    waiting_for,
)
from core.applications.sections import section_keys, sections_of, unit_key
from core.applications.snapshot import build_snapshot, canonical, content_hash, fingerprint
from core.applications.transitions import WORKFLOW
from core.common.exceptions import DomainError, StaleVersion
from core.common.numbering import next_number
from core.common.text import within
from core.documents.models import Document
from core.documents.services import sign
from core.messaging.services import queue_message
from core.schemes.models import CompetencyUnit, Requirement, SchemeVersion

#: Characters of a note that candidates read, and of a note on one requirement.
MAX_NOTE = 1000
MAX_REQUIREMENT_NOTE = 500
#: So many waiting cases are tried before a clerk is told that there is none: colleagues may be quicker.
NEXT_TRIES = 20
#: Files for one requirement.
MAX_FILES = 10


def lock(application: Application) -> Application:
    """The row as it is now, locked until the transaction ends.

    Locked first and read with what belongs to it second: MariaDB knows no FOR UPDATE OF, and a
    lock over the join would make all cases of a scheme wait for each other.
    """
    Application.objects.select_for_update().values_list("pk").get(pk=application.pk)
    return Application.objects.select_related("candidate__user", "scheme_version__scheme").get(pk=application.pk)


def view_application(*, application: Application, by: Any) -> None:
    """Record that a colleague opened a case."""
    record_view("application.view", subject=application, by=by)


# --- drafts -----------------------------------------------------------------------------------------


@transaction.atomic
def open_draft(*, scheme_version: SchemeVersion, by: Any) -> Application:
    """Begin an application, or go on with the one that is under way for this scheme.

    Twice the same click, or a second tab, leads to the same case. What is known is filled in: the
    purpose when there is only one, and for each requirement the newest file of its kind.
    """
    if not is_candidate(by):
        raise DomainError(_("Hanya asesi yang dapat mengajukan permohonan."), code="open_draft.not_candidate")
    # Locking the profile serialises two clicks by one person; the unique case per scheme follows.
    profile = type(by.candidate).objects.select_for_update().get(user=by)
    existing = open_application(by, scheme_version.scheme_id)
    if existing is not None:
        return existing
    if not scheme_version.is_open:
        raise DomainError(_("Pendaftaran skema ini sedang ditutup. Pilih skema lain."), code="open_draft.closed")
    purposes = list(scheme_version.purposes.order_by("position"))
    application = Application.objects.create(
        candidate=profile, scheme_version=scheme_version, purpose=purposes[0] if len(purposes) == 1 else None
    )
    ApplicationSection.objects.bulk_create(
        [ApplicationSection(application=application, key=key) for key in section_keys(application)]
    )
    newest: dict[int, Document] = {}
    for document in reusable_documents(by):
        newest.setdefault(document.document_type_id, document)
    for requirement in scheme_version.requirements.all():
        if document := newest.get(requirement.document_type_id):
            row = RequirementEvidence.objects.create(application=application, requirement=requirement)
            row.documents.add(document)
    _carry_over_answers(application)
    refile_evidence(application, by=by)
    record_activity("application.open_draft", by=by, subject=application, scheme=scheme_version.scheme.code)
    return application


def _carry_over_answers(application: Application) -> None:
    """What the candidate answered for the same elements in the newest earlier case is filled in, to be looked over."""
    elements = application.scheme_version.scheme_units.values_list("unit__elements", flat=True)
    earlier = (
        SelfAssessmentAnswer.objects.filter(application__candidate=application.candidate_id, element__in=elements)
        .exclude(application=application)
        .exclude(outcome="")
        .prefetch_related("documents")
        .order_by("application_id")
    )
    for element_id, answer in {answer.element_id: answer for answer in earlier}.items():
        copy = SelfAssessmentAnswer.objects.create(
            application=application, element_id=element_id, outcome=answer.outcome
        )
        copy.documents.set(document for document in answer.documents.all() if document.removed_at is None)


def claim_section(
    *, application: Application, key: str, version: int | None, writer: str = "", by: Any
) -> ApplicationSection:
    """Lock a section for writing and count its version up, in the caller's transaction.

    `version` is what the page was drawn with; None skips the comparison (acts that only add).
    `writer` names the open page: it may save again and again (autosave, a double click) without
    hearing of its own new version. Raises StaleVersion when another tab or phone saved meanwhile.
    """
    application = lock(application)
    if not rules.owns(application, by):
        raise DomainError(_("Permohonan ini bukan milik Anda."), code="section.not_owner")
    if application.status not in EDITABLE_STATUSES:
        raise DomainError(
            _("Permohonan sudah dikirim dan tidak dapat diubah lagi (status: %(status)s).")
            % {"status": application.get_status_display()},
            code="section.sent",
        )
    ApplicationSection.objects.get_or_create(application=application, key=key)
    row = ApplicationSection.objects.select_for_update().get(application=application, key=key)
    if not row.is_open:
        raise DomainError(_("Bagian ini tidak dibuka untuk perbaikan."), code="section.closed")
    is_same_page = bool(writer) and writer == row.writer
    if version is not None and version != row.version and not is_same_page:
        raise StaleVersion(
            _("Halaman ini sudah disimpan dari tab atau perangkat lain. Bandingkan isiannya, lalu simpan lagi."),
            code="section.stale",
        )
    row.version = F("version") + 1
    row.writer = writer[:16]
    row.saved_at = timezone.now()
    row.save(update_fields=["version", "writer", "saved_at"])
    row.refresh_from_db()
    return row


@transaction.atomic
def save_purpose(
    *, application: Application, purpose: Any, explanation: str, version: int | None, writer: str = "", by: Any
) -> int:
    """FR.APL-01 part 2: the purpose of the assessment, one of those the scheme allows. Returns the new version."""
    section = claim_section(application=application, key="purpose", version=version, writer=writer, by=by)
    if not application.scheme_version.purposes.filter(pk=purpose.pk).exists():
        raise DomainError(
            _("Tujuan ini tidak tersedia untuk skema Anda."), code="save_purpose.unknown", field="purpose"
        )
    if purpose.needs_explanation and not explanation.strip():
        raise DomainError(_("Jelaskan tujuan asesmen Anda."), code="save_purpose.explain", field="purpose_explanation")
    Application.objects.filter(pk=application.pk).update(
        purpose=purpose, purpose_explanation=explanation if purpose.needs_explanation else "", updated_at=timezone.now()
    )
    return section.version


@transaction.atomic
def attach_evidence(
    *, application: Application, requirement: Requirement, documents: Iterable[Document], by: Any
) -> None:
    """Add files to a requirement; a file that is there already stays once."""
    claim_section(application=application, key="requirements", version=None, by=by)
    if requirement.scheme_version_id != application.scheme_version_id:
        raise DomainError(_("Persyaratan ini bukan bagian skema Anda."), code="attach_evidence.unknown")
    row, _created = RequirementEvidence.objects.get_or_create(application=application, requirement=requirement)
    row.documents.add(*_own(documents, by))
    if row.documents.count() > MAX_FILES:
        raise DomainError(
            _("Paling banyak %(limit)d berkas untuk satu persyaratan. Hapus yang tidak perlu dahulu.")
            % {"limit": MAX_FILES},
            code="attach_evidence.too_many",
        )
    refile_evidence(application, by=by)


@transaction.atomic
def detach_evidence(*, application: Application, requirement: Requirement, document: Document, by: Any) -> None:
    """Take a file away from a requirement; the file itself stays with the candidate."""
    claim_section(application=application, key="requirements", version=None, by=by)
    for row in RequirementEvidence.objects.filter(application=application, requirement=requirement):
        row.documents.remove(document)
    refile_evidence(application, by=by)


@transaction.atomic
def save_unit_answers(
    *,
    application: Application,
    unit: CompetencyUnit,
    answers: Mapping[int, tuple[str, Iterable[Document]]],
    version: int | None,
    writer: str = "",
    by: Any,
) -> int:
    """FR.APL-02 of one unit: {element id: (K, BK or "", files)}. Returns the section's new version."""
    if not application.scheme_version.scheme_units.filter(unit=unit).exists():
        raise DomainError(_("Unit ini bukan bagian skema Anda."), code="save_unit_answers.unknown_unit")
    section = claim_section(application=application, key=unit_key(unit), version=version, writer=writer, by=by)
    elements = {element.pk: element for element in unit.elements.all()}
    for element_id, (outcome, documents) in answers.items():
        if element_id not in elements or outcome not in ("", *Outcome.values):
            raise DomainError(_("Jawaban ini tidak dikenal. Muat ulang halaman."), code="save_unit_answers.unknown")
        answer, _created = SelfAssessmentAnswer.objects.update_or_create(
            application=application, element=elements[element_id], defaults={"outcome": outcome}
        )
        answer.documents.set(_own(documents, by))
    refile_evidence(application, by=by)
    return section.version


def _own(documents: Iterable[Document], by: Any) -> list[Document]:
    documents = list(documents)
    if any(document.owner_id != by.pk for document in documents):
        raise DomainError(_("Berkas ini bukan milik Anda."), code="evidence.not_owner")
    return documents


@transaction.atomic
def save_profile_section(
    *, application: Application, key: str, profile: Any, values: dict, version: int | None, by: Any
) -> CandidateProfile:
    """Save a page of the profile from within a case: allowed only while that section is open."""
    claim_section(application=application, key=key, version=None, by=by)
    return save_profile(profile=profile, values=values, version=version, by=by)


# --- acts of the workflow -----------------------------------------------------------------------------


@transaction.atomic
def submit_application(*, application: Application, shown: str = "", by: Any) -> Submission:
    """Sign and send. Sending twice (double click, second tab) is refused the second time, nothing is doubled.

    `shown` is the hash of what the person looked over (`snapshot.fingerprint`): if another tab
    changed it meanwhile, nothing is signed (StaleVersion).

    Freezes the snapshot, signs its hash, gives the number at the first sending, closes all
    sections, puts the confirmation into the outbox: all or nothing.
    """
    application = lock(application)
    WORKFLOW.apply(application, "submit", by)
    previous = latest_submission(application)
    first = previous is None
    snapshot = build_snapshot(
        application, number=application.number or "", previous=None if first else previous.snapshot
    )
    if shown and shown != fingerprint(snapshot):
        raise StaleVersion(
            _("Isian berubah dari tab atau perangkat lain sejak halaman ini dibuka. Periksa sekali lagi."),
            code="submit.changed",
        )
    if first:
        application.number = snapshot["number"] = next_number("application")
        application.registered_on = timezone.localdate()
    content = canonical(snapshot)
    sha256 = content_hash(content)
    signature = sign(
        by=by,
        role=_("Pemohon"),
        meaning=_("FR.APL-01 dan FR.APL-02 %(number)s") % {"number": application.number},
        content_sha256=sha256,
    )
    submission = Submission.objects.create(
        application=application,
        sequence=1 if first else previous.sequence + 1,
        content=content,
        sha256=sha256,
        signature=signature,
    )
    if not first:
        _forget_verdicts_on_changed_evidence(application, previous.snapshot, snapshot)
    if first:
        take_down(application)
    else:
        take_down(application, parts=set(application.sections.filter(is_open=True).values_list("key", flat=True)))
    application.sections.update(is_open=False, return_note="")
    application.submitted_at = timezone.now()
    application.sendings = submission.sequence
    application.reminded_at = None
    application.completeness = 100  # the workflow lets no other through
    application.officer = None
    application.note = ""
    application.save()
    record_activity("application.submit", by=by, subject=application, sequence=submission.sequence, sha256=sha256)
    _tell_candidate("application-submitted" if first else "application-resubmitted", application, submission)
    return submission


def _forget_verdicts_on_changed_evidence(application: Application, before: dict, after: dict) -> None:
    """A verdict stays with the evidence it was given on; new evidence is looked at anew."""
    old = {row["id"]: row["evidence"] for row in before["sections"]["requirements"]}
    new = {row["id"]: row["evidence"] for row in after["sections"]["requirements"]}
    changed = [pk for pk, evidence in new.items() if old.get(pk) != evidence]
    application.requirement_evidence.filter(requirement_id__in=changed).update(
        verdict="", note="", checked_by=None, checked_at=None
    )


@transaction.atomic
def take_application(*, application: Application, by: Any) -> Application:
    """A clerk takes a sent application for verification."""
    application = lock(application)
    WORKFLOW.apply(application, "take", by)
    application.officer = by
    application.save(update_fields=["status", "officer", "updated_at"])
    record_activity("application.take", by=by, subject=application)
    return application


def take_next_application(*, offered: int | None = None, by: Any) -> Application:
    """Take the case that has waited longest; what a colleague took a moment ago is passed over.

    `offered` is the case that the button stood for: pressed twice, it leads to the same case again.
    """
    again = Application.objects.filter(pk=offered, officer=by, status=ApplicationStatus.UNDER_REVIEW).first()
    if again is not None:
        return again
    for case in waiting_for(by).filter(status=ApplicationStatus.SUBMITTED)[:NEXT_TRIES]:
        try:
            return take_application(application=case, by=by)
        except DomainError:
            case.refresh_from_db()
            if case.status == ApplicationStatus.SUBMITTED:
                raise  # refused for another reason than a colleague's being quicker
    raise DomainError(_("Tidak ada permohonan yang menunggu untuk diambil."), code="take_next.none")


@transaction.atomic
def take_over_application(*, application: Application, by: Any) -> Application:
    """Another clerk goes on with a verification under way."""
    application = lock(application)
    WORKFLOW.apply(application, "take_over", by)
    application.officer = by
    application.save(update_fields=["officer", "updated_at"])
    record_activity("application.take_over", by=by, subject=application)
    return application


@transaction.atomic
def check_requirement(
    *, application: Application, requirement: Requirement, verdict: str, note: str, by: Any
) -> RequirementEvidence:
    """Mark one requirement memenuhi, tidak memenuhi or tidak ada, or take the mark back (""), during verification."""
    application = lock(application)
    if application.status != ApplicationStatus.UNDER_REVIEW or not by.has_perm("core.verify_application"):
        raise DomainError(
            _("Ambil permohonan ini dahulu sebelum menilai persyaratan."), code="check_requirement.not_under_review"
        )
    if reason := rules.is_taken_by(application, by):
        raise DomainError(reason, code="check_requirement.taken")
    if verdict not in ("", *Verdict.values) or requirement.scheme_version_id != application.scheme_version_id:
        raise DomainError(_("Penilaian ini tidak dikenal. Muat ulang halaman."), code="check_requirement.unknown")
    row, _created = RequirementEvidence.objects.get_or_create(application=application, requirement=requirement)
    if verdict == Verdict.MEETS and (reason := rules.why_not_judge(row.documents.all(), requirement.title)):
        raise DomainError(reason, code="check_requirement.no_evidence")
    row.verdict, row.note = verdict, within(note, MAX_REQUIREMENT_NOTE, field="note")
    row.checked_by, row.checked_at = by, timezone.now()
    row.save(update_fields=["verdict", "note", "checked_by", "checked_at"])
    record_activity(
        "application.check_requirement", by=by, subject=application, requirement=requirement.pk, verdict=verdict
    )
    return row


@transaction.atomic
def accept_application(*, application: Application, note: str = "", by: Any) -> Application:
    """Accept as a participant: the recommendation on FR.APL-01 is signed."""
    return _finish(application, "accept", is_accepted=True, note=note, by=by)


@transaction.atomic
def reject_application(*, application: Application, reason: str, by: Any) -> Application:
    """Refuse the application with a reason that the candidate reads as it is."""
    return _finish(application, "reject", is_accepted=False, note=_reason(reason, "reject"), by=by)


def _finish(application: Application, act: str, *, is_accepted: bool, note: str, by: Any) -> Application:
    note = within(note, MAX_NOTE, field="reason" if act == "reject" else "note")
    application = lock(application)
    WORKFLOW.apply(application, act, by)
    submission = latest_submission(application)
    verdicts = {
        str(row.requirement_id): {"verdict": row.verdict, "note": row.note}
        for row in application.requirement_evidence.all()
    }
    content = canonical(
        {"submission": submission.sha256, "is_accepted": is_accepted, "note": note, "verdicts": verdicts}
    )
    signature = sign(
        by=by,
        role=_("Admin LSP"),
        meaning=_("Rekomendasi FR.APL-01 %(number)s") % {"number": application.number},
        content_sha256=content_hash(content),
    )
    Review.objects.create(
        submission=submission, is_accepted=is_accepted, note=note, content=canonical(verdicts), signature=signature
    )
    application.note = note
    application.closed_at = timezone.now()
    application.save(update_fields=["status", "note", "closed_at", "updated_at"])
    record_activity(f"application.{act}", by=by, subject=application)
    _tell_candidate(f"application-{act}ed", application, submission)
    return application


@transaction.atomic
def return_application(*, application: Application, parts: Mapping[str, str], reason: str = "", by: Any) -> Application:
    """Send back for correction: {section key: what to correct}. Just these sections open again."""
    application = lock(application)
    known = set(section_keys(application))
    parts = {key: within(note, MAX_NOTE, field="parts") for key, note in parts.items() if key in known}
    if not parts:
        raise DomainError(
            _("Sebutkan sedikitnya satu bagian yang harus diperbaiki."), code="return.no_parts", field="parts"
        )
    if any(not note for note in parts.values()):
        raise DomainError(
            _("Tulis untuk setiap bagian apa yang harus diperbaiki."), code="return.no_note", field="parts"
        )
    WORKFLOW.apply(application, "return", by)
    application.note = within(reason, MAX_NOTE, field="reason")
    application.save(update_fields=["status", "note", "updated_at"])
    for key, note in parts.items():
        ApplicationSection.objects.update_or_create(
            application=application, key=key, defaults={"is_open": True, "return_note": note}
        )
    record_activity("application.return", by=by, subject=application, parts=sorted(parts))
    titles = {section.key: section.title for section in sections_of(application)}
    ReturnRequest.objects.create(
        submission=latest_submission(application),
        parts=[{"key": key, "title": titles[key], "note": parts[key]} for key in titles if key in parts],
        reason=application.note,
        returned_by=by,
    )
    _tell_candidate(
        "application-returned",
        application,
        latest_submission(application),
        bagian="\n".join(f"- {titles[key]}: {note}" for key, note in parts.items()),
    )
    return application


@transaction.atomic
def withdraw_application(*, application: Application, by: Any) -> Application:
    """The candidate gives up the case."""
    application = lock(application)
    was_sent = application.number is not None
    WORKFLOW.apply(application, "withdraw", by)
    application.closed_at = timezone.now()
    application.save(update_fields=["status", "closed_at", "updated_at"])
    application.sections.update(is_open=False)
    record_activity("application.withdraw", by=by, subject=application)
    if was_sent:
        _tell_candidate("application-withdrawn", application, None)
    return application


@transaction.atomic
def remind_candidate(*, application: Application, by: Any) -> Application:
    """A letter that the case still waits for its correction; at most one a day for each case."""
    application = lock(application)
    if reason := rules.why_not_remind(application, by):
        raise DomainError(reason, code="remind.refused")
    application.reminded_at = timezone.now()
    application.save(update_fields=["reminded_at", "updated_at"])
    asked = last_return_request(application)
    _tell_candidate(
        "application-reminder",
        application,
        latest_submission(application),
        event=f"{application.reminded_at:%Y%m%d%H%M%S%f}",
        bagian="\n".join(f"- {part['title']}: {part['note']}" for part in asked.parts) if asked else "-",
    )
    record_activity("application.remind", by=by, subject=application)
    return application


def _reason(text: str, act: str) -> str:
    if not text.strip():
        raise DomainError(_("Tulis alasannya; asesi akan membacanya."), code=f"{act}.no_reason", field="reason")
    return text


def _tell_candidate(
    template: str, application: Application, submission: Submission | None, event: str = "", **more: str
) -> None:
    """One letter per case, sending and `event`."""
    user = application.candidate.user
    key = f"{template}:{application.pk}:{submission.sequence if submission else 0}"
    queue_message(
        template,
        recipient=user,
        dedupe_key=f"{key}:{event}" if event else key,
        values={
            "nama": user.full_name,
            "nomor": application.number,
            "skema": application.scheme_version.scheme.title,
            "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/",
            "catatan": application.note or "-",
            **more,
        },
    )
