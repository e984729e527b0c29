"""What the portal lists: questions with their answers, announcements, files for everybody.

A switch says whether a row is shown; what is saved of a row that is shown is read at once. Older words
come back from its versions.
"""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.common.languages import Bilingual
from core.common.models import Timestamped
from core.content.markdown import find_fault
from core.documents.models import Document

#: The kind of document that files for everybody are kept as.
DOWNLOAD_TYPE = "unduhan-portal"


def _refuse_faults(row: models.Model, *names: str) -> None:
    """What would surprise the author of Markdown, beside its field."""
    if faults := {name: fault for name in names if (fault := find_fault(getattr(row, name)))}:
        raise ValidationError(faults)


class Question(Bilingual, Timestamped):
    """A question that people ask, and its answer in Markdown."""

    in_english = ("question", "group", "answer")

    group = models.CharField(
        _("kelompok"), max_length=80, blank=True, help_text=_("Pertanyaan sekelompok tampil bersama. Contoh: Biaya.")
    )
    question = models.CharField(_("pertanyaan"), max_length=200)
    answer = models.TextField(_("jawaban"), max_length=5_000)
    question_en = models.CharField(_("pertanyaan (Inggris)"), max_length=200, blank=True)
    group_en = models.CharField(_("kelompok (Inggris)"), max_length=80, blank=True)
    answer_en = models.TextField(_("jawaban (Inggris)"), max_length=5_000, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    is_published = models.BooleanField(_("tampil di portal"), default=False)

    class Meta:
        verbose_name = _("tanya jawab")
        verbose_name_plural = _("tanya jawab")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.question

    @property
    def activity_label(self) -> str:
        return self.question[:80]

    @property
    def address(self) -> str:
        return f"/faq/#tanya-{self.pk}"

    @property
    def preview_address(self) -> str:
        return f"/pratinjau/pertanyaan/{self.pk}/"

    def clean(self) -> None:
        _refuse_faults(self, "answer", "answer_en")


class Standing(models.TextChoices):
    """How an announcement stands at a moment."""

    DRAFT = "draf", _("Draf")
    PLANNED = "terjadwal", _("Terjadwal")
    SHOWN = "tampil", _("Tampil")
    ENDED = "berakhir", _("Sudah berakhir")


class Announcement(Bilingual, Timestamped):
    """News from the LSP, shown from `live_from` until the end of the day `ends_on`."""

    in_english = ("title", "summary", "body")

    title = models.CharField(_("judul"), max_length=150)
    slug = models.SlugField(
        _("alamat"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Kosongkan: dibuat dari judul. Setelah tampil alamatnya tetap, supaya tautan orang tidak putus."),
    )
    summary = models.CharField(
        _("ringkasan"), max_length=300, blank=True, help_text=_("Satu atau dua kalimat; tampil di halaman muka.")
    )
    body = models.TextField(_("isi"), max_length=20_000, blank=True)
    title_en = models.CharField(_("judul (Inggris)"), max_length=150, blank=True)
    summary_en = models.CharField(_("ringkasan (Inggris)"), max_length=300, blank=True)
    body_en = models.TextField(_("isi (Inggris)"), max_length=20_000, blank=True)
    is_published = models.BooleanField(_("tampil di portal"), default=False)
    live_from = models.DateTimeField(
        _("mulai tampil"), null=True, blank=True, help_text=_("Kosongkan untuk menampilkannya sekarang.")
    )
    ends_on = models.DateField(
        _("tampil sampai"), null=True, blank=True, help_text=_("Hari terakhir. Kosong: sampai Anda sembunyikan.")
    )
    is_pinned = models.BooleanField(_("sematkan paling atas"), default=False)

    class Meta:
        verbose_name = _("pengumuman")
        verbose_name_plural = _("pengumuman")
        ordering = ["-is_pinned", "-live_from", "-pk"]
        indexes = [models.Index(fields=["is_published", "-is_pinned", "-live_from"], name="announcement_shown")]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        return f"/pengumuman/{self.slug}/"

    @property
    def preview_address(self) -> str:
        return f"/pratinjau/pengumuman/{self.pk}/"

    def standing(self, now: datetime | None = None) -> Standing:
        now = now or timezone.now()
        if not self.is_published or self.live_from is None:
            return Standing.DRAFT
        if self.ends_on is not None and self.ends_on < timezone.localtime(now).date():
            return Standing.ENDED
        return Standing.PLANNED if self.live_from > now else Standing.SHOWN

    def clean(self) -> None:
        _refuse_faults(self, "body", "body_en")
        if self.is_published and self.live_from is None:
            self.live_from = timezone.now().replace(second=0, microsecond=0)
        if self.live_from and self.ends_on and self.ends_on < timezone.localtime(self.live_from).date():
            raise ValidationError({"ends_on": _t("Hari terakhir lebih awal daripada saat mulai tampil.")})
        if self.is_published and not (self.summary or self.body.strip()):
            raise ValidationError({"body": _t("Tulis isi atau ringkasan sebelum pengumuman ditampilkan.")})
        self.slug = self.slug.lower() or self._free_slug()

    def _free_slug(self) -> str:
        stem = slugify(self.title)[:74].strip("-") or "pengumuman"
        taken = set(Announcement.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        return next(slug for n in range(1, len(taken) + 3) if (slug := stem if n == 1 else f"{stem}-{n}") not in taken)


class Download(Bilingual, Timestamped):
    """A file for everybody. `public_id` is its address, which stays when a newer file takes its place.

    Title and description may stand in English; the file itself speaks its own language.
    """

    in_english = ("title", "description")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("judul"), max_length=120)
    description = models.CharField(_("keterangan"), max_length=300, blank=True)
    title_en = models.CharField(_("judul (Inggris)"), max_length=120, blank=True)
    description_en = models.CharField(_("keterangan (Inggris)"), max_length=300, blank=True)
    version = models.CharField(
        _("versi"), max_length=40, blank=True, help_text=_("Seperti tercetak pada dokumen. Contoh: 2026 atau Rev. 2.")
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("berkas")
    )
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    is_published = models.BooleanField(_("tampil di portal"), default=False)

    class Meta:
        verbose_name = _("unduhan")
        verbose_name_plural = _("unduhan")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        return f"/unduhan/{self.public_id}/"

    @property
    def preview_address(self) -> str:
        return f"/pratinjau/unduhan/{self.pk}/"
