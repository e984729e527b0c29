"""FR.APL-02 with its foot: who reviewed it, and whether the assessment goes on."""

from typing import Any

from django.db import transaction

from core.accounts.rules import can_see_identifiers
from core.applications.enums import FormCode
from core.applications.filing import file_only_one_of_its_kind
from core.applications.forms import form_for, render_form
from core.applications.models import Submission
from core.applications.privacy import masked_snapshot
from core.applications.privacy import notice as privacy_notice
from core.applications.queries import latest_submission
from core.assessments.models import PreAssessment
from core.assessments.queries import signed_preassessment
from core.assessments.vatm import elements_of, rows_of
from core.common.text import hide_identifiers
from core.documents.models import Document, DocumentType
from core.documents.rendering import RenderedPdf
from core.documents.services import store_rendered
from core.documents.signatures import verify_address


def paper_for(*, submission: Submission, form: FormCode, viewer: Any) -> Document | RenderedPdf:
    """The paper that this person may see now.

    FR.APL-02 of the sending that was reviewed bears the assessor's foot. Its masked copy is made
    for each look and not kept; everything else is as `applications.forms.form_for` says.
    """
    application = submission.application
    review = signed_preassessment(application) if form == FormCode.APL_02 else None
    if review is None or submission.pk != latest_submission(application).pk:
        return form_for(submission=submission, form=form, viewer=viewer)
    if not can_see_identifiers(viewer, application.candidate):
        return render_reviewed(submission, review, masked=True)
    return ensure_reviewed(submission, review)


@transaction.atomic
def ensure_reviewed(submission: Submission, review: PreAssessment) -> Document:
    """The stored PDF, rendered at the first look; a second one at the same time waits for it."""
    review = PreAssessment.objects.select_for_update().get(pk=review.pk)
    if review.document is None:
        rendered = render_reviewed(submission, review)
        title = f"{FormCode.APL_02.label} {submission.snapshot['number']}"
        review.document = store_rendered(
            content=rendered.content,
            file_name=f"{title}.pdf",
            title=title,
            pages=rendered.pages,
            document_type=DocumentType.objects.get(code=FormCode.APL_02.value),
            owner=submission.application.candidate.user,
        )
        review.save(update_fields=["document"])
        file_only_one_of_its_kind(application=review.application, document=review.document)
    return review.document


def render_reviewed(submission: Submission, review: PreAssessment, *, masked: bool = False) -> RenderedPdf:
    assessor = review.assessor
    rows = elements_of(rows_of(review))
    return render_form(
        FormCode.APL_02,
        snapshot=masked_snapshot(submission.snapshot) if masked else submission.snapshot,
        signature=submission.signature,
        verify_url=verify_address(submission.signature.code),
        notice=privacy_notice() if masked else "",
        assessor_review={
            "signature": review.signature,
            "registration_number": assessor.registration_number,
            "advice": review.advice,
            "note": hide_identifiers(review.note) if masked else review.note,
            "judged": sum(row.is_judged for row in rows),
            "to_probe": sum(row.to_probe for row in rows),
        },
    )
