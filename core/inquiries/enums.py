"""Words about questions and complaints."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TicketKind(models.TextChoices):
    QUESTION = "pertanyaan", _("Pertanyaan")
    COMPLAINT = "pengaduan", _("Pengaduan")


class TicketStatus(models.TextChoices):
    OPEN = "terbuka", _("Menunggu jawaban LSP")
    ANSWERED = "dijawab", _("Dijawab")
    CLOSED = "ditutup", _("Selesai")


class Origin(models.TextChoices):
    """Where a line of the thread comes from; notes are read by the office alone."""

    SENDER = "pengirim", _("Pengirim")
    OFFICE = "lsp", _("LSP")
    NOTE = "catatan", _("Catatan internal")


#: The code list that holds the topics of each kind; the secretariat edits them there.
TOPIC_LISTS = {TicketKind.QUESTION: "topik-pertanyaan", TicketKind.COMPLAINT: "topik-pengaduan"}
