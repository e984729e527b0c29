"""In which files a filled-in paper lies: its own case's, or those of all whom it reports on."""

from core.applications.filing import file_document, file_many
from core.assessments.models import FilledForm
from core.assessments.seats import seats_of


def file_paper(form: FilledForm) -> None:
    """Lay the PDF or the scan of a paper into its file. A report on a session (FR.AK.05) lies with each case in it."""
    if form.application_id:
        file_document(application=form.application, document=form.document, is_current=form.in_force is True)
        return
    seats = [
        seat
        for seat in seats_of(form.session, with_ended=True)
        if form.assessor_id is None or (seat.assessor is not None and seat.assessor.pk == form.assessor_id)
    ]
    file_many(applications=[seat.application_id for seat in seats], documents=[form.document_id])
