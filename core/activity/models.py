"""Who did what act, when, from where (rows are only ever added), and which records were deleted."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ActivityQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("the activity log is append-only")

    def delete(self):
        raise TypeError("the activity log is append-only")


class ActivityEntry(models.Model):
    """One act. `code` says which; the sentence for people is made in labels.py.

    `subject_type` and `subject_id` name the row it happened to without a foreign key, so that the
    log outlives what it tells of and no room is imported here. `data` holds small facts for the
    sentence and never personal data (UU PDP): numbers, states, counts, keys.
    """

    at = models.DateTimeField(_("waktu"), auto_now_add=True, db_index=True)
    code = models.CharField(_("tindakan"), max_length=60)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("pelaku"),
    )  # null: the system itself, or somebody not logged in
    subject_type = models.CharField(_("jenis objek"), max_length=40, blank=True)
    subject_id = models.CharField(_("kunci objek"), max_length=40, blank=True)
    subject_label = models.CharField(_("objek"), max_length=120, blank=True)
    ip_address = models.GenericIPAddressField(_("alamat IP"), null=True, blank=True)
    data = models.JSONField(_("rincian"), default=dict, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("catatan aktivitas")
        verbose_name_plural = _("catatan aktivitas")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="activity_by_subject"),
            models.Index(fields=["code", "ip_address", "at"], name="activity_by_code_ip"),
            models.Index(fields=["actor", "-id"], name="activity_by_actor"),
        ]

    def __str__(self) -> str:
        from core.activity.labels import sentence

        return sentence(self)

    def save(self, *args, **kwargs):
        if self.pk is not None:
            raise TypeError("the activity log is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("the activity log is append-only")


class DeletedRecord(models.Model):
    """That a versioned record was deleted, and which version holds its last state.

    Finding deleted records among millions of versions takes minutes; this table has one row for each.
    """

    model = models.CharField(_("jenis"), max_length=40)
    object_id = models.CharField(_("kunci objek"), max_length=40)
    label = models.CharField(_("data"), max_length=200)
    version = models.ForeignKey(
        "reversion.Version", on_delete=models.PROTECT, related_name="+", verbose_name=_("keadaan terakhir")
    )
    deleted_at = models.DateTimeField(_("dihapus"), auto_now_add=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("dihapus oleh")
    )  # null: the system itself
    restored_at = models.DateTimeField(_("dipulihkan"), null=True, blank=True)

    class Meta:
        verbose_name = _("data terhapus")
        verbose_name_plural = _("data terhapus")
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "-id"], name="deleted_by_model")]

    def __str__(self) -> str:
        return self.label

    @property
    def model_class(self) -> type[models.Model]:
        return apps.get_model("core", self.model)

    @property
    def kind(self) -> Any:
        return self.model_class._meta.verbose_name
