"""A hand-over before it is checked: its cases, its letter, and what BNSP calls the sessions."""

from collections.abc import Iterable
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.assessments.models import AssessmentSession
from core.codelists.models import CodeListEntry
from core.common.exceptions import DomainError
from core.common.text import clean_line, within
from core.decisions.models import Decision
from core.documents.models import DocumentType
from core.documents.services import store_upload
from core.handovers import rules
from core.handovers.models import Handover, SessionCodes
from core.handovers.queries import FUNDING_LIST, MINISTRY_LIST, entries_of
from core.handovers.services.cases import claim, lock_handover


@transaction.atomic
def prepare_handover(*, decisions: Iterable[Decision], title: str = "", by: Any) -> Handover:
    """Lay out a hand-over of these decided cases; its number comes with the check."""
    if reason := rules.may_prepare(by):
        raise DomainError(reason, code="prepare_handover.refused")
    decisions = list(decisions)
    handover = Handover.objects.create(
        title=within(clean_line(title), 150, field="title") or _title_of(decisions), prepared_by=by
    )
    count = claim(handover, [decision.pk for decision in decisions])
    record_activity("handover.prepare", by=by, subject=handover, count=count)
    return handover


def _title_of(decisions: list[Decision]) -> str:
    """What the meetings were called: usually there is one."""
    titles = list(dict.fromkeys(decision.plenary.title for decision in decisions))
    shown = ", ".join(titles[:3])
    return (_("%(titles)s dan lainnya") % {"titles": shown} if titles[3:] else shown)[:150]


@transaction.atomic
def set_session_codes(
    *,
    session: AssessmentSession,
    code: str = "",
    funding: CodeListEntry | None = None,
    ministry: CodeListEntry | None = None,
    by: Any,
) -> SessionCodes:
    """What BNSP knows this session by, and who paid for it; every hand-over of its cases uses it.

    What was checked before stays as it was checked.
    """
    if reason := rules.may_prepare(by):
        raise DomainError(reason, code="session_codes.refused")
    for entry, list_code, field in ((funding, FUNDING_LIST, "funding"), (ministry, MINISTRY_LIST, "ministry")):
        if entry is not None and not entries_of(list_code).filter(pk=entry.pk).exists():
            raise DomainError(
                _("Pilihan ini tidak dipakai lagi. Pilih yang lain."), code="session_codes.entry", field=field
            )
    AssessmentSession.objects.select_for_update().values_list("pk").get(pk=session.pk)  # two who save queue here
    row, _created = SessionCodes.objects.get_or_create(session=session)
    row.code, row.funding, row.ministry = within(clean_line(code), 60, field="code"), funding, ministry
    row.save()
    record_activity("session.set_bnsp_codes", by=by, subject=session)
    return row


def attach_letter(*, handover: Handover, stream: IO[bytes], file_name: str, by: Any) -> Handover:
    """A letter that was signed on paper takes the place of the one that the system writes.

    Entry control comes first and keeps what it keeps; the row follows in a transaction of its own.
    """
    if reason := rules.is_preparing(handover, by):
        raise DomainError(reason, code="attach_letter.refused")
    kind = DocumentType.objects.get(code="surat-serah-terima")
    document = store_upload(stream=stream, file_name=file_name, document_type=kind, owner=by, by=by)
    return _set_letter(handover, document, "handover.attach_letter", by)


def detach_letter(*, handover: Handover, by: Any) -> Handover:
    """Back to the letter that the system writes; the file stays in the repository."""
    return _set_letter(handover, None, "handover.detach_letter", by)


@transaction.atomic
def _set_letter(handover: Handover, document: Any, code: str, by: Any) -> Handover:
    handover = lock_handover(handover)
    if reason := rules.is_preparing(handover, by):
        raise DomainError(reason, code="attach_letter.refused")
    handover.uploaded_letter = document
    handover.save(update_fields=["uploaded_letter", "updated_at"])
    record_activity(code, by=by, subject=handover)
    return handover
