"""When and where is assessed, and which cases take part."""

from datetime import datetime, tzinfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.applications.models import Application
from core.assessments.enums import Attendance, SessionMode, SessionStatus
from core.assessments.models.venues import Venue
from core.common.models import Labelled, Timestamped
from core.documents.models import Document
from core.schemes.models import Scheme


class AssessmentSession(Timestamped):
    """A jadwal uji: one scheme, one time, one place, so many seats.

    A remote session has no venue but a `meeting_url`. Who assesses stands in the assignments of the
    cases that are placed in it. `status` changes only through `assessments.services.sessions`.
    """

    number = models.CharField(_("kode jadwal"), max_length=60, unique=True, editable=False)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("skema"))
    mode = models.CharField(_("cara"), max_length=12, choices=SessionMode, default=SessionMode.ON_SITE)
    venue = models.ForeignKey(
        Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions", verbose_name=_("TUK")
    )
    meeting_url = models.URLField(_("alamat pertemuan daring"), max_length=300, blank=True)
    starts_at = models.DateTimeField(_("mulai"))
    ends_at = models.DateTimeField(_("selesai"))
    quota = models.PositiveSmallIntegerField(_("kuota asesi"), validators=[MinValueValidator(1)])
    note = models.TextField(_("catatan untuk peserta"), blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=SessionStatus, default=SessionStatus.PLANNED, editable=False
    )
    announced_at = models.DateTimeField(_("diumumkan"), null=True, blank=True, editable=False)
    attendance_list = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("daftar hadir")
    )  # as it stood when the session was closed
    cancel_reason = models.CharField(_("alasan dibatalkan"), max_length=250, blank=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0, editable=False)  # of the calendar entry: counts changes

    class Meta:
        verbose_name = _("jadwal uji")
        verbose_name_plural = _("jadwal uji")
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "starts_at"], name="session_by_status"),
            models.Index(fields=["venue", "starts_at"], name="session_by_venue"),
            models.Index(fields=["scheme", "starts_at"], name="session_by_scheme"),
            models.Index(fields=["starts_at"], name="session_by_start"),
            models.Index(fields=["mode", "starts_at"], name="session_by_mode"),
        ]
        permissions = [("schedule_session", "Can plan sessions and place cases in them")]

    def __str__(self) -> str:
        return self.number

    @property
    def activity_label(self) -> str:
        return self.number

    @property
    def zone(self) -> tzinfo:
        """By whose clock everybody is called: that of the TUK; of a remote session the office's."""
        return self.venue.zone if self.venue else timezone.get_default_timezone()

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.zone)

    def clean(self) -> None:
        faults = {}
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            faults["ends_at"] = _t("Waktu selesai harus sesudah waktu mulai.")
        if self.mode == SessionMode.ON_SITE and self.venue_id is None:
            faults["venue"] = _t("Pilih TUK, atau ubah caranya menjadi jarak jauh.")
        if self.mode == SessionMode.REMOTE and self.venue_id is not None:
            faults["venue"] = _t("Jadwal jarak jauh tidak memakai TUK; kosongkan.")
        if faults:
            raise ValidationError(faults)


class Placement(Labelled):
    """That a case takes part in a session; the row stays when it was taken out again.

    `in_force` is True or NULL, never False (see Assignment): a case has one seat at a time.
    """

    session = models.ForeignKey(
        AssessmentSession, on_delete=models.PROTECT, related_name="placements", verbose_name=_("jadwal uji")
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="placements", verbose_name=_("permohonan")
    )
    in_force = models.BooleanField(null=True, default=True, editable=False)
    attendance = models.CharField(_("kehadiran"), max_length=12, choices=Attendance, blank=True)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("ditempatkan oleh")
    )
    placed_at = models.DateTimeField(_("ditempatkan"), auto_now_add=True)
    invited_at = models.DateTimeField(_("diundang"), null=True, blank=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True, blank=True)
    end_reason = models.CharField(_("alasan berakhir"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("peserta jadwal uji")
        verbose_name_plural = _("peserta jadwal uji")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "in_force"], name="one_seat_in_force_per_case")]
        indexes = [models.Index(fields=["session", "in_force"], name="placement_by_session")]

    def __str__(self) -> str:
        return f"{self.session}: {self.application}"
