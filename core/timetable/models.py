"""What the timetable remembers: one row per job with its lock and its last run, and one per run."""

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from core.jobs.models import Job
from core.timetable.enums import RunState, Trigger
from core.timetable.table import entry_of

#: Runs that the bars of a job show.
LATELY = 20


class ScheduledJob(models.Model):
    """A job of the timetable. When it is due and what it does stands in the settings, under the same name.

    `worker` is the lock: the token of the run that is under way, "" when none is. Only its holder may write
    how it ends. `place` says where the run is carried; whoever finds it there can ask the kernel whether it
    lives. `slot` is the time of the timetable up to which the job has been taken up: it only grows, so that
    no time is carried twice, whichever server or clock asks.
    """

    name = models.SlugField(_("nama"), max_length=40, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    looked_at = models.DateTimeField(_("jadwal terakhir dibaca"), null=True)
    slot = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=32, blank=True)
    place = models.CharField(_("server"), max_length=120, blank=True)
    beat_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(_("dimulai"), null=True)
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    outcome = models.CharField(_("hasil"), max_length=12, choices=RunState, blank=True)
    milliseconds = models.PositiveBigIntegerField(_("lama"), default=0)
    result = models.CharField(_("keterangan"), max_length=500, blank=True)
    failures = models.PositiveIntegerField(_("gagal berturut-turut"), default=0)
    lately = models.JSONField(default=list)  # [[milliseconds, outcome], …], the last LATELY runs, the latest last
    asked = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    paused_until = models.DateTimeField(_("dimatikan sampai"), null=True)
    pause_reason = models.CharField(_("alasan"), max_length=200, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("oleh")
    )

    class Meta:
        verbose_name = _("pekerjaan terjadwal")
        verbose_name_plural = _("jadwal pekerjaan")
        ordering = ["pk"]
        permissions = [("run_scheduledjob", "Can run a scheduled job now and switch it off for a time")]

    def __str__(self) -> str:
        entry = entry_of(self.name)
        return str(entry.title) if entry is not None else self.name

    @property
    def activity_label(self) -> str:
        return ""  # the acts name it by its title


class ScheduledRun(models.Model):
    """One run of a job, from its beginning on. Old ones are pruned: services.prune_runs."""

    job = models.ForeignKey(ScheduledJob, on_delete=models.CASCADE, related_name="runs", verbose_name=_("pekerjaan"))
    token = models.CharField(max_length=32, unique=True)
    slot = models.DateTimeField(_("waktu menurut jadwal"), null=True)
    trigger = models.CharField(_("sebab"), max_length=10, choices=Trigger)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("diminta oleh")
    )
    place = models.CharField(_("server"), max_length=120)
    begun_at = models.DateTimeField(_("dimulai"))
    ended_at = models.DateTimeField(_("berakhir"), null=True)
    outcome = models.CharField(_("hasil"), max_length=12, choices=RunState, default=RunState.RUNNING)
    milliseconds = models.PositiveBigIntegerField(_("lama"), default=0)
    result = models.CharField(_("keterangan"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("jalannya pekerjaan")
        verbose_name_plural = _("riwayat jadwal pekerjaan")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["job", "id"], name="run_by_job"),
            models.Index(fields=["outcome", "id"], name="run_by_outcome"),
            models.Index(fields=["begun_at"], name="run_by_day"),
        ]

    def __str__(self) -> str:
        return date_format(localtime(self.begun_at), "j M Y, H.i.s")

    @property
    def activity_label(self) -> str:
        return f"#{self.pk}"
