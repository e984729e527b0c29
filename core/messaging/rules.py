"""Small questions about letters."""

from typing import Any

from django.utils.translation import gettext as _

from core.messaging.models import OutboxStatus


def why_not_resend(message: Any, by: Any) -> str:
    """Only what failed goes out again; a sentence why not, or ""."""
    if not by.has_perm("core.resend_outboxmessage"):
        return _("Anda tidak berhak melakukan tindakan ini.")
    return "" if message.status == OutboxStatus.FAILED else _("Hanya pesan yang gagal dapat dikirim ulang.")
