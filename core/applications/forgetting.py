"""Forgetting what a case holds of a person: when the retention of its forms is over, or because the person asked.

What stays is that there was a case: its number, its scheme, its dates, its status, what a recap counts of anybody
(province, sex, band of age; not where somebody worked), and the hashes of what was signed. Called by the room of
privacy, in its transaction.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.activity.services import record_activity
from core.applications.enums import ApplicationStatus, FormCode
from core.applications.models import Application, CaseDocument, FormDocument, ReturnRequest, Submission
from core.applications.privacy import erased_snapshot
from core.applications.services import lock
from core.applications.snapshot import canonical
from core.documents.models import Document, DocumentState


def twins_of(documents: list[Document]) -> list[Document]:
    """The other editions of printed forms: who destroys FR.APL-01 destroys its masked copies and earlier prints too."""
    forms = FormDocument.objects.filter(document__in=documents).values_list("submission", "form")
    wanted = set(forms)
    rows = FormDocument.objects.filter(submission__in={submission for submission, _form in wanted})
    known = {document.pk for document in documents}
    return [
        row.document
        for row in rows.select_related("document__document_type").order_by("pk")
        if (row.submission_id, row.form) in wanted and row.document_id not in known and not row.document.is_destroyed
    ]


def main_prints_of(document: Document) -> QuerySet[Document]:
    """Where a document is another edition of a printed form: those in the file of the case that it is an edition of,
    and that are still there."""
    if CaseDocument.objects.filter(document=document).exists():
        return Document.objects.none()
    printed = FormDocument.objects.filter(document=document).first()
    if printed is None:
        return Document.objects.none()
    same = FormDocument.objects.filter(submission=printed.submission_id, form=printed.form)
    filed = Document.objects.filter(form__in=same, case_documents__isnull=False).distinct()
    return filed.exclude(state=DocumentState.DESTROYED)


def forget_form(document: Document) -> None:
    """FR.APL-01 was destroyed: what it was printed from goes with it, or it could be printed again."""
    printed = FormDocument.objects.filter(document=document, form=FormCode.APL_01).select_related("submission").first()
    if printed is not None:
        _erase(printed.submission)


def _erase(submission: Submission) -> None:
    if submission.erased_at is None:
        Submission.objects.filter(pk=submission.pk).update(
            content=canonical(erased_snapshot(submission.snapshot)), erased_at=timezone.now()
        )


def forget_case(application: Application, *, by: Any) -> None:
    """Everything the person told in a case that is over; a draft that was never sent ends here."""
    application = lock(application)
    for submission in application.submissions.all():
        _erase(submission)
    application.purpose_explanation = application.note = ""
    application.employer = None
    if application.number is None:
        application.requirement_evidence.all().delete()
        application.answers.all().delete()
        application.status = ApplicationStatus.WITHDRAWN
    application.save()
    application.requirement_evidence.update(note="")
    for asked in ReturnRequest.objects.filter(submission__application=application):
        asked.reason, asked.parts = "", [part | {"note": ""} for part in asked.parts]
        asked.save(update_fields=["reason", "parts"])
    record_activity("application.forget", by=by, subject=application)
