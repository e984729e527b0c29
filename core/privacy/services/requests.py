"""What people ask about their own data, from the first word to the answer."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.services import withdraw_consent
from core.activity.services import record_activity
from core.applications.models import Application
from core.applications.services import withdraw_application
from core.applications.transitions import WORKFLOW as CASE_WORKFLOW
from core.common.exceptions import DomainError
from core.common.numbering import next_number
from core.common.text import within
from core.privacy.enums import OPEN_REQUESTS, BatchStatus, RequestKind
from core.privacy.models import ANSWER_WITHIN, PrivacyNote, PrivacyRequest
from core.privacy.services.letters import tell_person
from core.privacy.transitions import REQUEST_WORKFLOW

MAX_WORDS = 4000
#: What a request cannot do without words: which field is wrong, what it should be.
NEEDS_WORDS = frozenset({RequestKind.CORRECTION})


def lock_request(request: PrivacyRequest) -> PrivacyRequest:
    """The row as it is now with its person, locked until the transaction ends."""
    PrivacyRequest.objects.select_for_update().values_list("pk").get(pk=request.pk)
    return PrivacyRequest.objects.select_related("person").get(pk=request.pk)


@transaction.atomic
def open_request(*, person: User, kind: str, words: str = "", by: Any) -> PrivacyRequest:
    """Take a request in: from the person, or written down by an officer for somebody who wrote or called.

    The clock of 3 × 24 hours starts now. One of each kind at a time: a second one would only have to be
    answered twice. Who withdraws consent from their own desk withdraws their running applications with it.
    """
    if by.pk != person.pk and not by.has_perm("core.answer_privacyrequest"):
        raise DomainError(_("Anda tidak berhak mencatat permintaan orang lain."), code="open_request.forbidden")
    if kind not in RequestKind.values:
        raise DomainError(_("Pilih apa yang diminta."), code="open_request.kind", field="kind")
    words = within(words, MAX_WORDS, field="words")
    if kind in NEEDS_WORDS and not words:
        raise DomainError(
            _("Tulis data mana yang keliru dan bagaimana yang benar."), code="open_request.words", field="words"
        )
    User.objects.select_for_update().values_list("pk").get(pk=person.pk)  # a double click queues here
    running = PrivacyRequest.objects.filter(person=person, kind=kind, status__in=OPEN_REQUESTS).first()
    if running is not None:
        raise DomainError(
            _("Permintaan %(number)s dengan tujuan yang sama belum dijawab. Tambahkan keterangan di sana.")
            % {"number": running.number},
            code="open_request.open",
            field="kind",
        )
    if kind == RequestKind.WITHDRAWAL and by.pk == person.pk:
        _withdraw_cases(person)
    now = timezone.now()
    request = PrivacyRequest.objects.create(
        number=next_number("privacy-request"),
        person=person,
        kind=kind,
        words=words,
        received_at=now,
        due_at=now + ANSWER_WITHIN,
        recorded_by=None if by.pk == person.pk else by,
    )
    record_activity("privacy.request", by=by, subject=request, kind=kind)
    tell_person(request, "privacy-received")
    return request


def _withdraw_cases(person: User) -> None:
    for application in Application.objects.filter(candidate__user=person).order_by("pk"):
        if application.status in CASE_WORKFLOW["withdraw"].sources:
            withdraw_application(application=application, by=person)


@transaction.atomic
def take_request(*, request: PrivacyRequest, by: Any) -> PrivacyRequest:
    """An officer sees to it; the person sees that somebody does."""
    request = lock_request(request)
    REQUEST_WORKFLOW.apply(request, "take", by)
    request.handler = by
    request.save(update_fields=["status", "handler", "updated_at"])
    record_activity("privacy.take", by=by, subject=request)
    return request


@transaction.atomic
def answer_request(*, request: PrivacyRequest, answer: str, by: Any) -> PrivacyRequest:
    """Fulfilled, and the person is told how. A withdrawal of consent takes effect with its answer."""
    request = lock_request(request)
    REQUEST_WORKFLOW.apply(request, "answer", by)
    if request.kind == RequestKind.WITHDRAWAL:
        withdraw_consent(user=request.person, by=by)
    return _close(request, answer, act="answer", template="privacy-answered", by=by)


@transaction.atomic
def refuse_request(*, request: PrivacyRequest, reason: str, by: Any) -> PrivacyRequest:
    """Not fulfilled, with the reason in words that the person reads as they stand."""
    request = lock_request(request)
    REQUEST_WORKFLOW.apply(request, "refuse", by)
    return _close(request, reason, act="refuse", template="privacy-refused", by=by)


def _close(request: PrivacyRequest, text: str, *, act: str, template: str, by: Any) -> PrivacyRequest:
    text = within(text, MAX_WORDS, field="answer")
    if not text:
        raise DomainError(_("Tulis jawabannya; pemohon membacanya apa adanya."), code=f"{act}.words", field="answer")
    request.answer, request.answered_by, request.answered_at = text, by, timezone.now()
    request.handler = request.handler or by
    request.save()
    record_activity(f"privacy.{act}", by=by, subject=request)
    tell_person(request, template, answer=text)
    return request


@transaction.atomic
def cancel_request(*, request: PrivacyRequest, by: Any) -> PrivacyRequest:
    """The person changed their mind."""
    request = lock_request(request)
    for batch in request.batches.select_for_update().filter(status=BatchStatus.PROPOSED):
        batch.status = BatchStatus.CANCELLED
        batch.save(update_fields=["status", "updated_at"])
        batch.items.update(is_open=None)
    REQUEST_WORKFLOW.apply(request, "cancel", by)  # asked last: an approval may have been quicker
    request.answered_at = timezone.now()
    request.save(update_fields=["status", "answered_at", "updated_at"])
    record_activity("privacy.cancel", by=by, subject=request)
    return request


@transaction.atomic
def add_note(*, request: PrivacyRequest, text: str, is_shared: bool = False, by: Any) -> PrivacyNote:
    """A line of the thread. Of an officer: internal, or sent to the person too; of the person: always for both."""
    request = lock_request(request)
    is_owner = request.person_id == by.pk
    if not is_owner and not by.has_perm("core.answer_privacyrequest"):
        raise DomainError(_("Anda tidak berhak melakukan tindakan ini."), code="add_note.forbidden")
    if not request.is_open:
        raise DomainError(_("Permintaan ini sudah dijawab. Ajukan permintaan baru."), code="add_note.closed")
    text = within(text, MAX_WORDS, field="text")
    if not text:
        raise DomainError(_("Tulis keterangannya dahulu."), code="add_note.words", field="text")
    note = PrivacyNote.objects.create(request=request, by=by, text=text, is_shared=is_shared or is_owner)
    record_activity("privacy.note", by=by, subject=request)
    if is_shared and not is_owner:
        tell_person(request, "privacy-note", answer=text, event=note.pk)
    return note
