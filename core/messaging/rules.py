"""Small questions about letters."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.common.text import HIDDEN
from core.messaging.models import OutboxMessage, OutboxStatus

#: The link by which somebody without an account goes on in their conversation; whoever has it writes in their name.
_CONVERSATION = re.compile(r"(/pesan/[^/\s]+/)[\w-]+/")
#: What stands in the place of words that were taken out of a letter.
SECRET_WIPED = gettext_lazy("(isi dihapus karena memuat tautan rahasia)")
OLD_WIPED = gettext_lazy("(isi dihapus karena masa simpannya habis)")
FORGOTTEN = gettext_lazy("(dihapus atas permintaan pemilik data)")
WIPED = (SECRET_WIPED, OLD_WIPED, FORGOTTEN)


def told_body(message: OutboxMessage) -> str:
    """The words of a letter for those who look after the outbox: without what only its reader may hold."""
    return _CONVERSATION.sub(rf"\1{HIDDEN}/", message.body)


def why_not_resend(message: Any, by: Any) -> str:
    """Only what failed and still has its words goes out again; a sentence why not, or ""."""
    if not by.has_perm("core.resend_outboxmessage"):
        return _("Anda tidak berhak melakukan tindakan ini.")
    if message.status != OutboxStatus.FAILED:
        return _("Hanya pesan yang gagal dapat dikirim ulang.")
    return _("Isi surat ini sudah dihapus; tidak ada yang dapat dikirim.") if message.body in map(str, WIPED) else ""
