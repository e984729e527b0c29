"""The only writers of the outbox."""

import logging
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.messaging.models import TEST_PREFIX, MessageTemplate, OutboxAttachment, OutboxMessage, OutboxStatus
from core.messaging.rules import FORGOTTEN, OLD_WIPED, SECRET_WIPED, WIPED, why_not_resend
from core.messaging.samples import sample_values
from core.messaging.shipped import shipped_wording
from core.policy.queries import system_policy

logger = logging.getLogger(__name__)

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
#: A brace that is left over once all whole placeholders are taken out, with what stands around it.
_HALF_PLACEHOLDER = re.compile(r"\{\{[^\n]{0,30}|[^\n]{0,20}\}\}|\{ ?[a-zA-Z_]+ ?\}")
#: Placeholders without which a letter leads nowhere.
ESSENTIAL = frozenset({"tautan", "lupa", "bagian", "kode"})
#: Letters that go to somebody who is forgotten with them: emptied as soon as they are sent.
LAST_LETTERS = ("privacy-erased",)
#: So long one that failed may be tried again; then it goes as well.
LAST_TRIES = timedelta(days=30)
_NOWHERE = "dihapus@dihapus.invalid"
_HELD = gettext_lazy("ditahan sesudah pemulihan cadangan")
#: Waits between attempts; after the last one the message counts as failed and shows in the back office.
RETRY_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720))
#: So long a letter may be on its way to the mail server. One that is for longer was cut off there, and nobody can know
#: whether it went out.
ON_ITS_WAY = timedelta(minutes=10)
#: What the back office tells of such a letter.
CUT_OFF = gettext_lazy(
    "Terputus saat dikirim; mungkin sudah sampai. Kirim ulang hanya bila penerima belum mendapatnya."
)
#: Letters whose link lives for days: one that went out late still leads somewhere. Its own room says when it ends.
LASTING_LINKS = ("institution-invitation",)
#: More of the same kind to one address within the hour are not queued (mail bombing).
MAX_SAME_PER_HOUR = 5
#: Test letters that one person may send themselves within the hour.
MAX_TESTS_PER_HOUR = 10


@dataclass(frozen=True)
class Attachment:
    """A file to go with a message. `content_type` may bear parameters, such as the method of a calendar entry."""

    file_name: str
    content_type: str
    content: bytes


def check_placeholders(template: MessageTemplate) -> None:
    """Raise ValidationError when subject or body name a placeholder that the template does not know, or half of one."""
    for name in ("subject", "body"):
        if fault := placeholder_fault(getattr(template, name), template.placeholders):
            raise ValidationError({name: fault})


def placeholder_fault(text: str, known: list[str]) -> str:
    """What is wrong with the placeholders of a text, in a sentence; "" when nothing is."""
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - set(known))
    if unknown:
        near = [close[0] for name in unknown if (close := get_close_matches(name.lower(), known, n=1))]
        return _("Isian tidak dikenal: %(names)s. Yang dikenal: %(known)s.") % {
            "names": ", ".join(unknown),
            "known": ", ".join(known),
        } + (_(" Mungkin maksud Anda: %(near)s.") % {"near": ", ".join(near)} if near else "")
    if match := _HALF_PLACEHOLDER.search(_PLACEHOLDER.sub("", text)):
        return _("Tanda kurung kurawal di “%(piece)s” tidak lengkap. Tulis isian seperti {{ nama }}.") % {
            "piece": match[0].strip()[:40]
        }
    return ""


def missing_placeholders(template: MessageTemplate) -> list[str]:
    """What the shipped wording tells and a reader cannot do without, such as the link, but this wording leaves out."""
    shipped = shipped_wording(template.key)
    if shipped is None:
        return []
    needed = [name for name in _PLACEHOLDER.findall(shipped["body"]) if name in ESSENTIAL]
    used = set(_PLACEHOLDER.findall(template.body))
    return [name for name in dict.fromkeys(needed) if name not in used]


def render(text: str, values: dict[str, Any]) -> str:
    """Fill placeholders; a plain replacement, so that a template can run nothing."""
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], "")), text)


def queue_message(
    template_key: str,
    *,
    recipient: Any = None,
    address: str = "",
    values: dict[str, Any],
    dedupe_key: str | None = None,
    is_secret: bool = False,
    attachments: Iterable[Attachment] = (),
) -> OutboxMessage | None:
    """Write a message, and the files that go with it, into the outbox in the caller's transaction.

    Returns None when nothing was queued: the same `dedupe_key` was there, or the address got
    MAX_SAME_PER_HOUR of this kind within the hour. Whoever tells of the same event at the same moment waits for the
    other's transaction: once it is committed, None as well, and the caller's own act goes on.
    """
    template = MessageTemplate.objects.get(key=template_key)
    address = address or recipient.email
    if dedupe_key and OutboxMessage.objects.filter(dedupe_key=dedupe_key).exists():
        return None
    recent = OutboxMessage.objects.filter(
        address=address, template_key=template_key, created_at__gt=timezone.now() - timedelta(hours=1)
    ).count()
    if dedupe_key is None and recent >= MAX_SAME_PER_HOUR:
        return None
    subject = " ".join(render(template.subject, values).split())  # one line: no header can be slipped in
    try:
        with transaction.atomic():  # the letter with its files, and no more than them undone where it is told already
            message = OutboxMessage.objects.create(
                recipient=recipient,
                address=address,
                template_key=template_key,
                subject=subject[:200],
                body=render(template.body, values),
                dedupe_key=dedupe_key,
                is_secret=is_secret,
            )
            for file in attachments:
                OutboxAttachment.objects.create(
                    message=message,
                    file_name=file.file_name,
                    content_type=file.content_type,
                    size=len(file.content),
                    content=file.content,
                )
    except IntegrityError:
        if dedupe_key and OutboxMessage.objects.filter(dedupe_key=dedupe_key).exists():
            return None
        raise
    if settings.OUTBOX_SEND_ON_COMMIT:
        transaction.on_commit(lambda: send_message(message.pk), robust=True)
    return message


def queue_many(
    template_key: str, letters: Iterable[tuple[str, dict[str, Any]]], *, is_secret: bool = False
) -> list[OutboxMessage]:
    """One letter to each (address, values), written at once; they leave with the next run of the outbox.

    For a thousand invitations in one act, where asking row by row would keep the sender waiting. Who calls keeps
    the number of letters to one address within bounds.
    """
    template = MessageTemplate.objects.get(key=template_key)
    return OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                address=address,
                template_key=template_key,
                subject=" ".join(render(template.subject, values).split())[:200],
                body=render(template.body, values),
                is_secret=is_secret,
            )
            for address, values in letters
        ],
        batch_size=200,
    )


def send_message(pk: int) -> bool:
    """Send one waiting message; True when it went out.

    The row is claimed first, then sent, then marked, so that two senders never send the same letter. Whoever is
    killed in between leaves it as being sent: it is not sent again by itself, for it may have gone out, but told as
    failed after ON_ITS_WAY, and a person decides.
    """
    now = timezone.now()
    claimed = (
        OutboxMessage.objects.filter(pk=pk, status=OutboxStatus.WAITING)
        .filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=now))
        .update(status=OutboxStatus.SENDING, attempts=F("attempts") + 1, next_attempt_at=now + ON_ITS_WAY)
    )
    if not claimed:
        return False
    message = OutboxMessage.objects.get(pk=pk)
    dies_soon = message.is_secret and message.template_key not in LASTING_LINKS
    if dies_soon and message.created_at < now - timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT):
        # The link in it is dead by now; a letter that leads nowhere is worse than none.
        message.status, message.next_attempt_at, message.body = OutboxStatus.FAILED, None, SECRET_WIPED
        message.save(update_fields=["status", "next_attempt_at", "body"])
        return False
    try:
        mail = EmailMessage(message.subject, message.body, to=[message.address], headers=_identity(message))
        for file in message.attachments.all():
            mail.attach(file.file_name, bytes(file.content), file.content_type)
        mail.send()
    except Exception as error:  # SMTP, DNS, TLS: each means "not now"
        if OutboxMessage.objects.filter(pk=pk, address=_NOWHERE).delete()[0]:
            return False  # its reader was forgotten meanwhile
        exhausted = message.attempts > len(RETRY_AFTER)
        message.status = OutboxStatus.FAILED if exhausted else OutboxStatus.WAITING
        message.next_attempt_at = None if exhausted else now + RETRY_AFTER[message.attempts - 1]
        message.last_error = type(error).__name__
        message.save(update_fields=["status", "next_attempt_at", "last_error"])
        logger.warning("outbox message %s not sent: %s", pk, type(error).__name__)
        return False
    message.status, message.sent_at, message.next_attempt_at, message.last_error = (
        OutboxStatus.SENT,
        timezone.now(),
        None,
        "",
    )
    written = ["status", "sent_at", "next_attempt_at", "last_error"]
    if message.is_secret and not settings.DEMO:
        message.body = SECRET_WIPED
        written.append("body")  # of others it may have been emptied while they were on their way
    message.save(update_fields=written)
    return True


def _identity(message: OutboxMessage) -> dict[str, str]:
    """The same for each attempt: a mail server that got a letter whose receipt was lost on the line knows it again."""
    return {
        "Message-ID": f"<surat-{message.pk}.{message.created_at:%Y%m%d%H%M%S}@{urlsplit(settings.SITE_URL).hostname}>"
    }


def tell_cut_off() -> int:
    """Letters whose sender was killed while they were on their way count as failed, with the reason; how many."""
    lost = OutboxMessage.objects.filter(status=OutboxStatus.SENDING, next_attempt_at__lt=timezone.now())
    return lost.update(status=OutboxStatus.FAILED, next_attempt_at=None, last_error=str(CUT_OFF))


def send_waiting(limit: int = 500, *, seconds: float = float("inf")) -> tuple[int, int]:
    """Send what waits, oldest first, and begin none after so many seconds; (sent, not sent)."""
    tell_cut_off()
    until = time.monotonic() + seconds
    waiting = OutboxMessage.objects.filter(status=OutboxStatus.WAITING).filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=timezone.now())
    )
    keys = waiting.order_by("pk").values_list("pk", flat=True)[:limit]
    results = [send_message(pk) for pk in keys if time.monotonic() < until]
    return results.count(True), results.count(False)


@transaction.atomic
def resend_message(*, message: OutboxMessage, by: Any) -> None:
    """Put a failed message back into the queue."""
    message = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if reason := why_not_resend(message, by):
        raise DomainError(reason, code="resend_message.not_failed")
    message.status, message.attempts, message.next_attempt_at = OutboxStatus.WAITING, 0, None
    message.save(update_fields=["status", "attempts", "next_attempt_at"])
    record_activity("message.resend", by=by, subject=message)


def hold_waiting() -> int:
    """After a restore: what waited at the moment of the backup has most likely left since. Nothing goes twice by
    itself; it stands among the failed letters, where a person looks and sends what is needed. How many."""
    waiting = OutboxMessage.objects.filter(status=OutboxStatus.WAITING)
    return waiting.update(status=OutboxStatus.FAILED, next_attempt_at=None, last_error=str(_HELD))


def wipe_old_bodies(batch: int = 1000) -> int:
    """Empty letters, with their files, that were sent or failed longer ago than the policy keeps them; how many.

    Who got what, and when, stays.
    """
    months = system_policy().letter_months
    if not months:
        return 0
    before = timezone.now() - timedelta(days=months * 365.25 / 12)
    over = Q(status=OutboxStatus.SENT, sent_at__lt=before) | Q(status=OutboxStatus.FAILED, created_at__lt=before)
    old = OutboxMessage.objects.filter(over).exclude(body__in=list(map(str, WIPED)))
    wiped, last = 0, 0
    while keys := list(old.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:batch]):
        with transaction.atomic():  # no letter is told to be empty while its attachment is still there
            OutboxAttachment.objects.filter(message__in=keys).update(content=b"")
            wiped += OutboxMessage.objects.filter(pk__in=keys).update(body=OLD_WIPED)
        last = keys[-1]
    return wiped


def forget_letters(*, person: Any) -> int:
    """Empty all letters to a person and take the address off; that one went out, of which kind and when, stays.

    Also those that went to their address before they had an account, as answers to a question do.

    What never went out goes for good: it would go to somebody who asked to be forgotten.
    """
    own = OutboxMessage.objects.filter(Q(recipient=person) | Q(recipient=None, address=person.email))
    return _forget(own)


def forget_events(*, keys: Iterable[str]) -> int:
    """Empty the letters about these events (`dedupe_key`) and take the addresses off; how many.

    For people without an account, whose address stands nowhere else any more.
    """
    return _forget(OutboxMessage.objects.filter(dedupe_key__in=list(keys)))


@transaction.atomic
def _forget(letters: QuerySet[OutboxMessage]) -> int:
    """What never went out is deleted, the rest emptied; how many are emptied.

    A letter that a sender holds this moment counts as gone out: it is claimed already. One that waits is locked before
    it goes, so that no sender claims it meanwhile.
    """
    letters = OutboxMessage.objects.filter(pk__in=list(letters.values_list("pk", flat=True)))  # found by what goes now
    unsent = letters.filter(status__in=[OutboxStatus.WAITING, OutboxStatus.FAILED])
    held = list(unsent.select_for_update().order_by("pk").values_list("pk", flat=True))
    OutboxMessage.objects.filter(pk__in=held).delete()
    OutboxAttachment.objects.filter(message__in=letters).update(content=b"")
    wiped = str(FORGOTTEN)
    return letters.update(address=_NOWHERE, subject=wiped, body=wiped)


def wipe_last_letters() -> int:
    """Empty what was sent to people who are forgotten, and take the address off; what no mailbox took goes after
    LAST_TRIES. How many."""
    wiped = str(FORGOTTEN)
    last = OutboxMessage.objects.filter(template_key__in=LAST_LETTERS)
    failed = last.filter(status=OutboxStatus.FAILED, created_at__lt=timezone.now() - LAST_TRIES).delete()[0]
    sent = last.filter(status=OutboxStatus.SENT).exclude(body=wiped)
    return failed + sent.update(address=_NOWHERE, subject=wiped, body=wiped)


def take_back_letters(keys: Iterable[int]) -> None:
    """Letters to people who never had an account: what has not left goes for good, what has is emptied."""
    _forget(OutboxMessage.objects.filter(pk__in=list(keys)))


@transaction.atomic
def send_test(*, template: MessageTemplate, subject: str, body: str, by: Any) -> OutboxMessage:
    """Send the wording as it was typed, saved or not, with invented values to the person's own address."""
    get_user_model().objects.select_for_update().values_list("pk").get(pk=by.pk)  # two presses queue here
    for text in (subject, body):
        if not text.strip():
            raise DomainError(_("Isi perihal dan isi surat dahulu."), code="send_test.empty")
        if fault := placeholder_fault(text, template.placeholders):
            raise DomainError(fault, code="send_test.faulty")
    sent = OutboxMessage.objects.filter(
        address=by.email, template_key__startswith=TEST_PREFIX, created_at__gt=timezone.now() - timedelta(hours=1)
    ).count()
    if sent >= MAX_TESTS_PER_HOUR:
        raise DomainError(
            _("Sudah %(limit)d surat uji dalam satu jam. Tunggu sebentar, atau gunakan pratinjau.")
            % {"limit": MAX_TESTS_PER_HOUR},
            code="send_test.too_many",
        )
    values = sample_values(template)
    message = OutboxMessage.objects.create(
        recipient=by,
        address=by.email,
        template_key=f"{TEST_PREFIX}{template.key}"[:50],
        subject="[UJI] " + " ".join(render(subject, values).split())[:180],
        body=render(body, values),
    )
    record_activity("template.send_test", by=by, subject=template)
    if settings.OUTBOX_SEND_ON_COMMIT:
        transaction.on_commit(lambda: send_message(message.pk), robust=True)
    return message


@transaction.atomic
def reset_template(*, template: MessageTemplate, by: Any) -> None:
    """Back to the wording that the program ships."""
    template = MessageTemplate.objects.select_for_update().get(pk=template.pk)
    shipped = shipped_wording(template.key)
    if shipped is None:
        raise DomainError(_("Templat ini tidak mempunyai teks bawaan."), code="reset_template.none")
    if (template.subject, template.body) == (shipped["subject"], shipped["body"]):
        raise DomainError(_("Templat ini sudah memakai teks bawaan."), code="reset_template.unchanged")
    template.subject, template.body = shipped["subject"], shipped["body"]
    template.save(update_fields=["subject", "body", "updated_at"])
    record_activity("template.reset", by=by, subject=template)
