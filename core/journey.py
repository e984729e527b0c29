"""Acts that join rooms in one transaction, readable as the story of a case."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core.applications.case_file import add_to_file
from core.applications.models import Application
from core.applications.services import withdraw_application
from core.assessments.enums import FilledFormStatus
from core.assessments.models import FilledForm
from core.assessments.papers.queries import with_all
from core.assessments.queries import assignment_in_force
from core.assessments.seats import seat_of
from core.assessments.services import end_assignment, end_placement, lock_session_of
from core.assessments.services.papers import upload_scan
from core.common.exceptions import DomainError
from core.decisions.rules import why_not_withdraw_case
from core.decisions.services import leave_agenda
from core.documents.intake import inspect_upload
from core.documents.models import Document, DocumentType


@transaction.atomic
def withdraw_case(*, application: Application, by: Any) -> Application:
    """The candidate gives up: the case closes, leaves its seat and its agenda, and its assessor is told.

    A case that was decided and is under appeal does not vanish: `withdraw_appeal` takes the appeal back.
    """
    lock_session_of(application)
    if reason := why_not_withdraw_case(application):
        raise DomainError(reason, code="withdraw.appealed")
    application = withdraw_application(application=application, by=by)
    reason = _("Asesi membatalkan permohonannya.")
    end_placement(application=application, reason=reason, by=by)
    end_assignment(application=application, reason=reason, by=by)
    leave_agenda(application=application)
    return application


# --- papers that come in for a case -----------------------------------------------------------------------

#: The paper takes the place of the one of its kind that was handed in before, if there is exactly one.
NEWEST = "newest"
ATTENDANCE_LIST = "daftar-hadir"


@dataclass(frozen=True)
class Incoming:
    """One file that is handed in for a case, and what is said about it; `replaces` None: beside what is there."""

    stream: IO[bytes]
    file_name: str
    document_type: DocumentType | None
    valid_until: date | None = None
    replaces: Document | str | None = NEWEST


@dataclass(frozen=True)
class TakenIn:
    """What became of one file: it lies in the file (now, or did before), or `refusal` says why not."""

    file_name: str
    kind: str = ""
    refusal: str = ""
    is_new: bool = False
    shared_with: int = 0


def take_in_papers(*, application: Application, papers: Iterable[Incoming], by: Any) -> list[TakenIn]:
    """Put files into a case, each for itself: one that is refused does not stop the others."""
    before = _handed_in_before(application)  # of a batch of two photographs the second does not replace the first
    return [_take_in(application, paper, before, by) for paper in papers]


def _take_in(application: Application, paper: Incoming, before: dict[int, list[Document]], by: Any) -> TakenIn:
    kind = paper.document_type
    try:
        if kind is None:
            raise DomainError(
                _("Jenisnya tidak dikenali dari nama berkas. Pilih jenisnya, lalu simpan lagi."), code="take_in.kind"
            )
        if form := _form_of_kind(application, kind):
            return TakenIn(paper.file_name, form.definition.title, is_new=_scanned(form, paper, by))
        replaces = paper.replaces
        if isinstance(replaces, str):
            old = before.get(kind.pk, [])
            replaces = old[0] if len(old) == 1 else None
        others = _others_in_the_session(application) if kind.code == ATTENDANCE_LIST else []
        _document, is_new = add_to_file(
            application=application,
            document_type=kind,
            stream=paper.stream,
            file_name=paper.file_name,
            valid_until=paper.valid_until,
            replaces=replaces,
            shared_with=others,
            by=by,
        )
    except DomainError as refusal:
        return TakenIn(paper.file_name, str(kind or ""), refusal=refusal.message)
    return TakenIn(paper.file_name, kind.title, is_new=is_new, shared_with=len(others) if is_new else 0)


def _handed_in_before(application: Application) -> dict[int, list[Document]]:
    """{kind: what was uploaded of it and counts}; what the system printed is never replaced by an upload."""
    found: dict[int, list[Document]] = defaultdict(list)
    rows = application.case_documents.filter(is_current=True, document__uploaded_by__isnull=False)
    for row in rows.select_related("document"):
        found[row.document.document_type_id].append(row.document)
    return found


def _form_of_kind(application: Application, kind: DocumentType) -> FilledForm | None:
    """The form of the case (or of its assessor's session) that a paper of this kind is the scan of."""
    of_case = Q(application=application)
    seat, assignment = seat_of(application), assignment_in_force(application)
    if seat is not None and assignment is not None:
        of_case |= Q(session=seat.session_id, assessor=assignment.assessor_id)
    forms = FilledForm.objects.filter(of_case, in_force=True, definition__document_type=kind)
    return with_all(forms).order_by("completed_at", "pk").first()


def _scanned(form: FilledForm, paper: Incoming, by: Any) -> bool:
    """Keep the file as the form's scan; whether that is new: the same scan sent twice is one."""
    if form.status == FilledFormStatus.SCANNED and form.document is not None:
        sha256 = inspect_upload(paper.stream, file_name=paper.file_name).sha256
        paper.stream.seek(0)
        if sha256 == form.document.sha256:
            return False
    upload_scan(form=form, stream=paper.stream, file_name=paper.file_name, by=by)
    return True


def _others_in_the_session(application: Application) -> list[int]:
    """The other cases that sit in the same session."""
    seat = seat_of(application)
    if seat is None:
        return []
    seats = seat.session.placements.filter(in_force=True).exclude(application=application)
    return list(seats.values_list("application_id", flat=True))
