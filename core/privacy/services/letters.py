"""The letters about requests and destruction, all through the outbox."""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.queries import staff_users
from core.messaging.services import queue_message
from core.privacy.models import DestructionBatch, DestructionItem, PrivacyRequest
from core.privacy.queries import batches_to_approve


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


def tell_approvers(batches: list[DestructionBatch]) -> None:
    """One letter to each who may decide about these lists; all of them come from the same proposer."""
    keys = [batch.pk for batch in batches]
    count = DestructionItem.objects.filter(batch__in=keys).count()
    proposer = batches[0].proposed_by
    place = f"{keys[0]}/change/" if len(keys) == 1 else ""
    for person in staff_users():
        if batches_to_approve(person).filter(pk__in=keys).exists():
            queue_message(
                "destruction-proposed",
                recipient=person,
                values={
                    "nama": person.full_name,
                    "jumlah": count,
                    "pengusul": proposer.full_name if proposer else _("sistem"),
                    "tautan": f"{settings.SITE_URL}/admin/core/destructionbatch/{place}",
                },
                dedupe_key=f"destruction-proposed-{keys[0]}-{person.pk}",
            )


def _values(request: PrivacyRequest, name: str, answer: str) -> dict[str, str]:
    return {
        "nama": name,
        "nomor": request.number,
        "permintaan": request.get_kind_display().lower(),
        "dasar": request.article,
        "batas": date_format(timezone.localtime(request.due_at), "j F Y, H.i T"),
        "jawaban": answer,
        "tautan": f"{settings.SITE_URL}/akun/data/",
    }
