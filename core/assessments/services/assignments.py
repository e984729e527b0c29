"""The only writers of assignments."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile
from core.activity.services import record_activity
from core.applications.models import Application
from core.applications.services import lock
from core.assessments import rules
from core.assessments.models import Assignment
from core.assessments.queries import assignment_in_force
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.messaging.services import queue_message


@transaction.atomic
def assign_assessor(*, application: Application, assessor: AssessorProfile, by: Any, reason: str = "") -> Assignment:
    """Give an accepted case to an assessor, who gets a letter. An assessor who had it before is relieved.

    Choosing the same assessor again changes nothing. `reason` is needed when somebody is relieved.
    """
    application = lock(application)
    if refusal := rules.may_be_assigned(application, by):
        raise DomainError(refusal, code="assign_assessor.refused")
    if refusal := rules.may_assess(assessor, application):
        raise DomainError(refusal, code="assign_assessor.unfit", field="assessor")
    current = assignment_in_force(application)
    if current is not None:
        if current.assessor_id == assessor.pk:
            return current
        _end(current, reason=reason, by=by)
    assignment = Assignment.objects.create(application=application, assessor=assessor, assigned_by=by)
    record_activity("application.assign_assessor", by=by, subject=application, assessor=assessor.registration_number)
    queue_message(
        "assessor-assigned",
        recipient=assessor.user,
        values=_letter(application, assessor)
        | {"tautan": f"{settings.SITE_URL}/admin/core/application/{application.pk}/change/"},
        dedupe_key=f"assessor-assigned-{assignment.pk}",
    )
    return assignment


@transaction.atomic
def release_assessor(*, application: Application, reason: str, by: Any) -> None:
    """Take a case back from its assessor, who no longer sees it from now on."""
    application = lock(application)
    if refusal := rules.may_be_assigned(application, by):
        raise DomainError(refusal, code="release_assessor.refused")
    current = assignment_in_force(application)
    if current is None:
        raise DomainError(_("Permohonan ini belum mempunyai asesor."), code="release_assessor.none")
    _end(current, reason=reason, by=by)


def end_assignment(*, application: Application, reason: str, by: Any) -> None:
    """Relieve whoever has the case, if anybody, in the caller's transaction."""
    if current := assignment_in_force(application):
        _end(current, reason=reason, by=by)


def _end(assignment: Assignment, *, reason: str, by: Any) -> None:
    reason = clean_line(reason)[:250]
    if not reason:
        raise DomainError(
            _("Tulis alasan mengapa asesor sebelumnya diganti."), code="release_assessor.reason", field="reason"
        )
    assignment.in_force, assignment.ended_at, assignment.end_reason = None, timezone.now(), reason
    assignment.save(update_fields=["in_force", "ended_at", "end_reason"])
    application, assessor = assignment.application, assignment.assessor
    record_activity("application.release_assessor", by=by, subject=application, assessor=assessor.registration_number)
    queue_message(
        "assessor-released",
        recipient=assessor.user,
        values=_letter(application, assessor) | {"alasan": reason},
        dedupe_key=f"assessor-released-{assignment.pk}",
    )


def _letter(application: Application, assessor: AssessorProfile) -> dict[str, str]:
    """No name of the candidate: letters travel further than the system reaches."""
    return {
        "nama": assessor.user.full_name,
        "nomor": application.number,
        "skema": application.scheme_version.scheme.title,
    }
