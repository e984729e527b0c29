"""Small abstract bases and the rows of the numbering."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _


class Labelled(models.Model):
    """`get_status_display` as Django's own, without a hash of all labels each time, which translates each of them.

    A list asks for a hundred labels a page, an export for millions: one of 16 costs 5 microseconds instead of 400.
    """

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: models.Field) -> str:
        value = getattr(self, field.attname)
        return force_str(dict(field.flatchoices).get(value, value), strings_only=True)


class Timestamped(Labelled):
    """When a row was made and last changed."""

    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("diubah"), auto_now=True, editable=False)

    class Meta:
        abstract = True


class NumberingRule(models.Model):
    """How papers of one kind are numbered; the secretariat edits the pattern.

    `pattern` may name `{urut}` (running number, with a width such as `{urut:06d}`), `{tahun}`,
    `{bulan}` (two digits), `{bulan_romawi}`, and what `numbering.MORE_PLACEHOLDERS` adds for its key.
    Numbers already given stay as they are.
    """

    key = models.SlugField(_("kunci"), unique=True, editable=False)
    title = models.CharField(_("nama"), max_length=120)
    pattern = models.CharField(
        _("pola"), max_length=120, help_text=_("Isian yang dikenal: {urut:06d}, {tahun}, {bulan}, {bulan_romawi}.")
    )
    restarts_yearly = models.BooleanField(_("mulai dari 1 setiap tahun"), default=True)

    class Meta:
        verbose_name = _("pola nomor")
        verbose_name_plural = _("pola nomor")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title

    @property
    def activity_label(self) -> str:
        return self.title

    def clean(self) -> None:
        from core.common.numbering import MORE_PLACEHOLDERS, format_number

        more = MORE_PLACEHOLDERS.get(self.key, {})

        try:
            sample = {format_number(self.pattern, serial=n, year=2026, month=11, **more) for n in (1, 2)}
        except (KeyError, ValueError, IndexError, AttributeError) as error:
            raise ValidationError(
                {"pattern": _("Pola ini tidak dapat dibaca. Contoh: APL-{tahun}-{urut:06d}")}
            ) from error
        if max(map(len, sample)) > 60:
            raise ValidationError({"pattern": _("Nomor menurut pola ini lebih dari 60 karakter.")})
        if len(sample) < 2:
            raise ValidationError({"pattern": _("Pola harus memuat {urut}, supaya setiap nomor berbeda.")})
        if self.restarts_yearly and "{tahun" not in self.pattern:
            raise ValidationError({"pattern": _("Nomor yang mulai dari 1 setiap tahun harus memuat {tahun}.")})
        if "/" in self.pattern and self.key in ("application", "ticket"):
            raise ValidationError(
                {"pattern": _("Nomor ini menjadi bagian alamat halaman; garis miring tidak dapat dipakai.")}
            )


class NumberingCounter(models.Model):
    """The last number given for one rule and year (0 where the rule does not restart). Locked while counting."""

    rule = models.ForeignKey(NumberingRule, on_delete=models.PROTECT, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("penghitung nomor")
        verbose_name_plural = _("penghitung nomor")
        constraints = [models.UniqueConstraint(fields=["rule", "year"], name="one_counter_per_rule_and_year")]

    def __str__(self) -> str:
        return f"{self.rule_id}/{self.year}: {self.last}"


class SentPage(models.Model):
    """What was taken from one open page of a form (the only writer is `sendings.py`): its last number, and the
    version that it led to."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=16)
    number = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("halaman terkirim")
        verbose_name_plural = _("halaman terkirim")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_row_per_page")]

    def __str__(self) -> str:
        return f"{self.name}: {self.number}"


class UnsentForm(models.Model):
    """What somebody who is signed in has typed into a form that is sent as a whole, until they send it (the only
    writer is `unsent.py`). A sent one stays as an empty row, so that its version goes on counting."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    answers = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("isian yang belum dikirim")
        verbose_name_plural = _("isian yang belum dikirim")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_row_per_unsent_form")]

    def __str__(self) -> str:
        return f"{self.name}: {self.version}"


class Holiday(Timestamped):
    """A day on which the office is closed although it is a weekday: deadlines in working days pass over it."""

    day = models.DateField(_("tanggal"), unique=True, error_messages={"unique": _("Tanggal ini sudah tercatat.")})
    name = models.CharField(_("hari libur"), max_length=120)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.name

    @property
    def activity_label(self) -> str:
        return f"{self.name} {self.day:%d-%m-%Y}"
