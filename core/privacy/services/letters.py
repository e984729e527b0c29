"""The letters about requests, all through the outbox."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format

from core.messaging.services import queue_message
from core.privacy.models import PrivacyRequest


def tell_person(request: PrivacyRequest, template: str, *, answer: str = "", event: int | None = None) -> None:
    """A letter to whoever asked, once for each event."""
    queue_message(
        template,
        recipient=request.person,
        values=_values(request, request.person.full_name, answer),
        dedupe_key=f"{template}-{event or request.pk}",
    )


def tell_forgotten(request: PrivacyRequest, *, address: str, name: str, answer: str) -> None:
    """The last letter, to an address that belongs to no account any more; emptied once it is sent (LAST_LETTERS)."""
    queue_message(
        "privacy-erased",
        address=address,
        values=_values(request, name, answer),
        dedupe_key=f"privacy-erased-{request.pk}",
    )


def _values(request: PrivacyRequest, name: str, answer: str) -> dict[str, str]:
    return {
        "nama": name,
        "nomor": request.number,
        "permintaan": request.get_kind_display().lower(),
        "dasar": request.article,
        "batas": date_format(timezone.localtime(request.due_at), "j F Y, H.i"),
        "jawaban": answer,
        "tautan": f"{settings.SITE_URL}/akun/data/",
    }
