"""Questions and complaints that reach the LSP over the portal, and what was answered."""

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.certificates.models import Certificate
from core.codelists.models import CodeListEntry
from core.common.fields import EncryptedTextField
from core.common.languages import ENGLISH, INDONESIAN
from core.common.models import Timestamped
from core.inquiries.enums import Origin, TicketKind, TicketStatus

#: Characters of one message, also of an answer.
MAX_TEXT = 4000
MAX_NAME = 100


def new_link_key() -> str:
    """144 bits; nobody comes upon it by trying."""
    return secrets.token_urlsafe(18)


class Ticket(Timestamped):
    """One conversation with somebody who may or may not have an account.

    `link_key` opens it from the letter that went to `email`, so it is stored encrypted: a copy of the database
    opens nothing. `waiting_since` is when the oldest message came that nobody has answered, `due_on` the last
    day to answer it; both are empty while the LSP owes nothing. `about` is the number as it was typed; the two
    keys beside it are what the office found under it, and the sender never learns whether it was found.
    `language` is that of the form it was written on; the letters about it keep to that.
    """

    number = models.CharField(_("nomor"), max_length=60, unique=True, editable=False)
    kind = models.CharField(_("jenis"), max_length=12, choices=TicketKind)
    topic = models.ForeignKey(CodeListEntry, on_delete=models.PROTECT, related_name="+", verbose_name=_("topik"))
    status = models.CharField(
        _("status"), max_length=10, choices=TicketStatus, default=TicketStatus.OPEN, editable=False
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("akun pengirim"),
    )
    name = models.CharField(_("nama"), max_length=MAX_NAME)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("telepon"), max_length=20, blank=True)
    about = models.CharField(_("nomor yang disebut"), max_length=80, blank=True)
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("permohonan"),
    )
    certificate = models.ForeignKey(
        Certificate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("sertifikat"),
    )
    language = models.CharField(max_length=2, default=INDONESIAN, editable=False)
    link_key = EncryptedTextField(default=new_link_key, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("petugas"),
    )
    waiting_since = models.DateTimeField(_("menunggu sejak"), null=True, blank=True)
    due_on = models.DateField(_("dijawab paling lambat"), null=True, blank=True)
    last_at = models.DateTimeField(_("pesan terakhir"), default=timezone.now)
    answered_at = models.DateTimeField(_("terakhir dijawab"), null=True, blank=True)
    closed_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    emptied_at = models.DateTimeField(_("isi dihapus"), null=True, blank=True)

    class Meta:
        verbose_name = _("pesan masuk")
        verbose_name_plural = _("pesan masuk")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "waiting_since"], name="ticket_queue"),
            models.Index(fields=["kind", "-id"], name="ticket_by_kind"),
            models.Index(fields=["email", "created_at"], name="ticket_by_address"),
            models.Index(fields=["created_at"], name="ticket_by_day"),
            models.Index(fields=["emptied_at", "last_at"], name="ticket_to_empty"),
        ]
        permissions = [("answer_ticket", "Can answer, assign and close questions and complaints")]

    def __str__(self) -> str:
        return self.number

    @property
    def activity_label(self) -> str:
        return self.number

    @property
    def is_complaint(self) -> bool:
        return self.kind == TicketKind.COMPLAINT

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def is_open(self) -> bool:
        return self.status == TicketStatus.OPEN

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()


class TicketMessage(models.Model):
    """One line of the thread. `by` is empty for somebody who came by the link alone.

    `submission` names the form that it was typed into: the same form sent twice is one message.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages", verbose_name=_("pesan masuk"))
    origin = models.CharField(_("dari"), max_length=10, choices=Origin)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("oleh"),
    )
    text = EncryptedTextField(_("isi"), blank=True, default="")
    at = models.DateTimeField(_("waktu"), auto_now_add=True)
    submission = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("pesan")
        verbose_name_plural = _("pesan")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id}: #{self.pk}"

    def is_same(self, ticket: Ticket, text: str, by: Any) -> bool:
        """Whether this is what somebody sends once more: a second click, or a form sent again after a lost answer."""
        return (self.ticket_id, self.text, self.by_id) == (ticket.pk, text, by.pk)

    @property
    def is_note(self) -> bool:
        return self.origin == Origin.NOTE


class AnswerTemplate(Timestamped):
    """An answer that is given often; whoever answers goes on from it."""

    title = models.CharField(_("judul"), max_length=80, unique=True)
    body = models.TextField(_("isi"), max_length=MAX_TEXT, help_text=_("Salam dan nama pengirim ditambahkan surat."))
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("jawaban siap pakai")
        verbose_name_plural = _("jawaban siap pakai")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.title
