"""Small questions about letters."""

import re
from typing import Any

from django.utils.translation import gettext as _

from core.common.text import HIDDEN
from core.messaging.models import OutboxMessage, OutboxStatus

#: The link by which somebody without an account goes on in their conversation; whoever has it writes in their name.
_CONVERSATION = re.compile(r"(/pesan/[^/\s]+/)[\w-]+/")


def told_body(message: OutboxMessage) -> str:
    """The words of a letter for those who look after the outbox: without what only its reader may hold."""
    return _CONVERSATION.sub(rf"\1{HIDDEN}/", message.body)


def why_not_resend(message: Any, by: Any) -> str:
    """Only what failed goes out again; a sentence why not, or ""."""
    if not by.has_perm("core.resend_outboxmessage"):
        return _("Anda tidak berhak melakukan tindakan ini.")
    return "" if message.status == OutboxStatus.FAILED else _("Hanya pesan yang gagal dapat dikirim ulang.")
