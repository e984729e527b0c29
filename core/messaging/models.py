"""The outbox: messages are rows first, mail afterwards."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.common.models import Labelled, Timestamped

#: Kinds of letters that try a wording out begin so.
TEST_PREFIX = "uji-"


class MessageTemplate(Timestamped):
    """The words of one kind of message; the secretariat edits them.

    Placeholders are written `{{ nama }}`; which ones a template knows stands in `placeholders`.
    An unknown one is refused when saving, so that no letter goes out with a hole.
    """

    key = models.SlugField(_("kunci"), unique=True, editable=False)
    title = models.CharField(_("nama"), max_length=120)
    subject = models.CharField(_("perihal"), max_length=150)
    body = models.TextField(_("isi"))
    placeholders = models.JSONField(_("isian yang dikenal"), default=list, editable=False)

    class Meta:
        verbose_name = _("templat pesan")
        verbose_name_plural = _("templat pesan")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.title

    def clean(self) -> None:
        from core.messaging.services import check_placeholders

        check_placeholders(self)


class OutboxStatus(models.TextChoices):
    WAITING = "menunggu", _("Menunggu dikirim")
    SENDING = "dikirim", _("Sedang dikirim")
    SENT = "terkirim", _("Terkirim")
    FAILED = "gagal", _("Gagal")


class OutboxMessage(Labelled):
    """A message to one address. Written in the transaction of the act it tells of, sent after it.

    `dedupe_key` makes a message unique where sending twice would confuse (one per event).
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("penerima"),
    )
    address = models.EmailField(_("alamat"))
    template_key = models.SlugField(_("templat"))
    subject = models.CharField(_("perihal"), max_length=200)
    body = models.TextField(_("isi"))
    is_secret = models.BooleanField(default=False)  # holds a link that logs in: body is wiped once sent
    dedupe_key = models.CharField(max_length=120, unique=True, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=OutboxStatus, default=OutboxStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(_("percobaan"), default=0)
    next_attempt_at = models.DateTimeField(_("dicoba lagi"), null=True, blank=True)
    last_error = models.CharField(_("galat terakhir"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    sent_at = models.DateTimeField(_("terkirim pada"), null=True, blank=True)

    class Meta:
        verbose_name = _("pesan keluar")
        verbose_name_plural = _("pesan keluar")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["status", "next_attempt_at"], name="outbox_by_status"),
            models.Index(fields=["address", "template_key", "created_at"], name="outbox_by_address"),
            models.Index(fields=["created_at"], name="outbox_by_day"),
            models.Index(fields=["template_key"], name="outbox_by_template"),
        ]
        permissions = [("resend_outboxmessage", "Can send a failed message again")]

    def __str__(self) -> str:
        return self.subject


class OutboxAttachment(models.Model):
    """A small file that goes with a message, such as a calendar entry; emptied together with the message's body.

    The bytes stand in the row: they are written in the transaction of the act, like the message itself.
    """

    message = models.ForeignKey(
        OutboxMessage, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("pesan keluar")
    )
    file_name = models.CharField(_("nama berkas"), max_length=120)
    content_type = models.CharField(_("jenis isi"), max_length=100)
    size = models.PositiveIntegerField(_("ukuran (byte)"))  # as it was sent; stays when the content is gone
    content = models.BinaryField(_("isi"))

    class Meta:
        verbose_name = _("lampiran pesan")
        verbose_name_plural = _("lampiran pesan")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_kept(self) -> bool:
        return bool(self.content) or not self.size
