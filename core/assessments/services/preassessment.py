"""The only writers of the pre-assessment: the assessor's reading of FR.APL-02, and how it ends."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity, record_view
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.assessments.enums import PreAssessmentAdvice
from core.assessments.form_sets import forms_needed
from core.assessments.models import EvidenceReview, PreAssessment
from core.assessments.queries import assignment_in_force
from core.assessments.services.papers import lay_in_papers, tell_candidate
from core.assessments.transitions import WORKFLOW
from core.assessments.vatm import CRITERIA, elements_of, rows_of
from core.common.exceptions import DomainError
from core.common.text import within
from core.documents.services import sign
from core.messaging.services import queue_message

#: Characters of the assessor's note that the candidate reads, and of the note on one element.
MAX_NOTE = 1000
MAX_ELEMENT_NOTE = 500


def may_review(application: Application, by: Any) -> str:
    """Whether this person may judge the evidence now: a sentence why not, or ""."""
    return WORKFLOW["continue"].refusal(application, by)


@transaction.atomic
def save_reviews(
    *,
    application: Application,
    reviews: Mapping[int, tuple[list[str], str] | None],
    advice: str = "",
    note: str = "",
    by: Any,
) -> PreAssessment:
    """Keep a draft: {element id: (fields of VATM that are lacking, note)}; None takes a judgement back.

    Elements that are not named stay as they are: what another tab judged is not lost. Raises
    DomainError; nothing is kept then.
    """
    application = lock(application)
    if refusal := may_review(application, by):
        raise DomainError(refusal, code="preassessment.refused")
    if advice not in ("", *PreAssessmentAdvice.values):
        raise DomainError(_("Rekomendasi ini tidak dikenal. Muat ulang halaman."), code="preassessment.unknown")
    preassessment = _draft(application)
    known = {row.pk for row in elements_of(rows_of(preassessment)) if row.evidence}
    for element, judgement in reviews.items():
        if element not in known or (judgement is not None and not set(judgement[0]) <= set(CRITERIA)):
            raise DomainError(_("Elemen ini tidak dikenal. Muat ulang halaman."), code="preassessment.unknown")
        if judgement is None:
            EvidenceReview.objects.filter(preassessment=preassessment, element=element).delete()
            continue
        lacking, words = judgement
        EvidenceReview.objects.update_or_create(
            preassessment=preassessment,
            element_id=element,
            defaults={name: name not in lacking for name in CRITERIA}
            | {"note": within(words, MAX_ELEMENT_NOTE, field=f"note-{element}")},
        )
    preassessment.advice, preassessment.note = advice, within(note, MAX_NOTE, field="note")
    preassessment.save(update_fields=["advice", "note", "updated_at"])
    record_view("application.save_reviews", by=by, subject=application)  # pages save by themselves: told once an hour
    return preassessment


@transaction.atomic
def continue_application(*, application: Application, by: Any) -> Application:
    """Sign that the assessment can go on: the foot of FR.APL-02. Everything with evidence must be judged."""
    return _finish(application, "continue", PreAssessmentAdvice.CONTINUE, by)


@transaction.atomic
def discontinue_application(*, application: Application, by: Any) -> Application:
    """Sign that it can't, with a note that the candidate reads; the case is closed."""
    return _finish(application, "discontinue", PreAssessmentAdvice.STOP, by)


def _finish(application: Application, act: str, advice: str, by: Any) -> Application:
    application = lock(application)
    WORKFLOW.apply(application, act, by)
    preassessment = _draft(application)
    rows = elements_of(rows_of(preassessment))
    if waiting := [row for row in rows if row.is_open]:
        raise DomainError(
            _("%(count)d elemen belum Anda nilai buktinya. Yang pertama: %(number)d. %(title)s.")
            % {"count": len(waiting), "number": waiting[0].number, "title": waiting[0].title},
            code="preassessment.incomplete",
            field=f"element-{waiting[0].pk}",
        )
    if advice == PreAssessmentAdvice.STOP and not preassessment.note:
        raise DomainError(
            _("Tulis mengapa asesmen tidak dapat dilanjutkan; asesi akan membacanya."),
            code="preassessment.no_reason",
            field="note",
        )
    content = canonical(
        {
            "submission": latest_submission(application).sha256,
            "advice": advice,
            "note": preassessment.note,
            "reviews": {
                str(row.pk): {name: getattr(row.review, name) for name in CRITERIA} | {"note": row.review.note}
                for row in rows
                if row.review is not None
            },
        }
    )
    preassessment.advice, preassessment.content, preassessment.sha256 = advice, content, content_hash(content)
    preassessment.signature = sign(
        by=by,
        role=_("Asesor"),
        meaning=_("Tinjauan FR.APL-02 %(number)s") % {"number": application.number},
        content_sha256=preassessment.sha256,
    )
    preassessment.save()
    application.note = preassessment.note
    if advice == PreAssessmentAdvice.STOP:
        application.closed_at = timezone.now()
    else:
        lay_in_papers(application=application, needed=forms_needed(application.scheme_version.scheme), by=by)
    application.save(update_fields=["status", "note", "closed_at", "updated_at"])
    record_activity(f"application.{act}", by=by, subject=application)
    tell_candidate(application)
    user = application.candidate.user
    queue_message(
        "application-preassessed" if advice == PreAssessmentAdvice.CONTINUE else "application-discontinued",
        recipient=user,
        dedupe_key=f"preassessment-{preassessment.pk}",
        values={
            "nama": user.full_name,
            "nomor": application.number,
            "skema": application.scheme_version.scheme.title,
            "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/",
            "catatan": preassessment.note or "-",
        },
    )
    return application


def _draft(application: Application) -> PreAssessment:
    """The unsigned review of whoever has the case; the row of the case is locked, so there is never a second one."""
    assessor = assignment_in_force(application).assessor
    draft, _created = PreAssessment.objects.get_or_create(application=application, assessor=assessor)
    return draft
