"""Questions and complaints, out only; what was written in them stays here."""

from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.inquiries.models import Ticket


class TicketResource(SheetResource):
    kind = "ticket"
    title = _("Pesan masuk")
    is_importable = False

    number = Column("number", "Nomor")
    kind_ = Column("get_kind_display", "Jenis")
    topic = Column("topic__title", "Topik")
    status = Column("get_status_display", "Status")
    name = Column("name", "Nama", is_personal=True, needs="core.answer_ticket")
    email = Column("email", "E-mail", is_personal=True, needs="core.answer_ticket")
    phone = Column("phone", "Telepon", is_personal=True, needs="core.answer_ticket")
    about = Column("about", "Nomor yang disebut", needs="core.answer_ticket")
    created_at = Column("created_at", "Masuk", CellWidget())
    due_on = Column("due_on", "Batas jawaban", CellWidget())
    answered_at = Column("answered_at", "Terakhir dijawab", CellWidget())
    closed_at = Column("closed_at", "Selesai", CellWidget())
    assignee = Column("assignee__full_name", "Petugas")

    class Meta:
        model = Ticket
        fields = (
            "number", "kind_", "topic", "status", "name", "email", "phone", "about", "created_at", "due_on",
            "answered_at", "closed_at", "assignee",
        )  # fmt: skip
