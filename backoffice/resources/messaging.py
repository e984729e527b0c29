"""Letters that were queued, sent or failed. Out only, and never what stood in them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.messaging.models import MessageTemplate, OutboxMessage


class OutboxResource(SheetResource):
    kind = "outboxmessage"
    title = _("Pesan keluar")
    is_importable = False

    created_at = Column("created_at", "Dibuat", CellWidget(), width=18)
    template = Column("template_title", "Templat", width=36)
    recipient = Column("recipient__full_name", "Penerima", width=32)
    address = Column("address", "Alamat e-mail", is_personal=True, width=32)
    subject = Column("subject", "Perihal", width=50)
    status = Column("get_status_display", "Status", width=14)
    attempts = Column("attempts", "Percobaan", CellWidget(), width=12)
    sent_at = Column("sent_at", "Terkirim", CellWidget(), width=18)
    next_attempt_at = Column("next_attempt_at", "Dicoba lagi", CellWidget(), is_usual=False, width=18)
    last_error = Column("last_error", "Galat terakhir", is_personal=True, is_usual=False, width=50)

    class Meta:
        model = OutboxMessage
        fields = (
            "created_at", "template", "recipient", "address", "subject", "status", "attempts", "sent_at",
            "next_attempt_at", "last_error",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        return super().for_export(rows).defer("body")

    def export_rows(self, rows: Iterable[OutboxMessage], names: Sequence[str]) -> list[list[Any]]:
        rows = list(rows)
        titles = dict(MessageTemplate.objects.values_list("key", "title"))
        for row in rows:
            row.template_title = titles.get(row.template_key, row.template_key)
        return super().export_rows(rows, names)
