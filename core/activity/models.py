"""Who did what act, when, from where. Rows are only ever added, and rows that were touched are noticed;
and which records were deleted.

Three things hold the log together, see server_docs/decisions/0009-activity-log.md: each entry carries
a keyed digest of what it says (`mac`), seals chain the entries in the order in which they were
sealed, and the head says where the chain ends.
"""

import uuid
from collections.abc import Iterable
from typing import Any, NoReturn

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.activity.enums import CheckOutcome
from core.activity.macs import entry_mac


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise TypeError("the activity log is append-only")


class AppendOnlyQuerySet(models.QuerySet):
    """Reads, and nothing else; also what Django itself calls to update and delete (`_update`, `_raw_delete`)."""

    update = _update = delete = _raw_delete = bulk_update = bulk_create = _refuse


class SealQuerySet(AppendOnlyQuerySet):
    def append(self, seals: "Iterable[ActivitySeal]") -> None:
        """The next links of the chain; `core.activity.sealing` alone has the right to add them."""
        models.QuerySet.bulk_create(self, seals)


class AppendOnly(models.Model):
    """A row that can be added, never changed or taken out."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None or not self._state.adding:
            _refuse()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse()


class ActivityEntry(AppendOnly):
    """One act. `code` says which; the sentence for people is made in labels.py.

    `subject_type` and `subject_id` name the row it happened to without a foreign key, so that the
    log outlives what it tells of and no room is imported here. `data` holds small facts for the
    sentence and never personal data (UU PDP): numbers, states, counts, keys.
    """

    uid = models.UUIDField(unique=True, editable=False)  # no two entries have the same mac, whatever they say
    at = models.DateTimeField(_("waktu"), db_index=True)  # set by us: the mac must know it as it is stored
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
    mac = models.CharField(max_length=64, editable=False)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("catatan aktivitas")
        verbose_name_plural = _("catatan aktivitas")
        base_manager_name = "objects"
        # By time: each index below ends with it, so that every filter together with a range of days is
        # one stretch of one index, already in the order of the list.
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="activity_of_row"),
            models.Index(fields=["subject_type", "at"], name="activity_of_kind"),
            models.Index(fields=["subject_label", "at"], name="activity_of_number"),
            models.Index(fields=["code", "at"], name="activity_of_act"),
            models.Index(fields=["code", "ip_address", "at"], name="activity_by_code_ip"),
            models.Index(fields=["actor", "at"], name="activity_of_person"),
        ]
        permissions = [
            ("view_whole_activity", "Can see the acts on accounts and on the log itself"),
            ("view_activity_address", "Can see from where an act came"),
            ("view_activity_names", "Can see the names of candidates in the log"),
            ("export_activityentry", "Can export the activity log"),
        ]

    def __str__(self) -> str:
        from core.activity.labels import sentence

        return sentence(self, names=False)  # stands in titles, which every reader of the log sees

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and self.pk is None:
            self.uid = self.uid or uuid.uuid4()
            self.at = self.at or timezone.now()
            self.ip_address = self._meta.get_field("ip_address").get_prep_value(self.ip_address)
            self.mac = self.expected_mac()
        super().save(*args, **kwargs)

    def expected_mac(self) -> str:
        return entry_mac(
            self.uid,
            self.at,
            self.code,
            self.actor_id,
            self.subject_type,
            self.subject_id,
            self.subject_label,
            self.ip_address,
            self.data,
        )


class ActivitySeal(AppendOnly):
    """One link of the chain: which entry stands at this place, bound to the link before."""

    sequence = models.BigIntegerField(primary_key=True)
    # Without a constraint in the database: an entry that somebody deletes there must leave its seal behind.
    entry = models.OneToOneField(
        ActivityEntry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="seal", editable=False
    )
    digest = models.CharField(max_length=64)

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("segel catatan")
        verbose_name_plural = _("segel catatan")
        base_manager_name = "objects"
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence}"


class ActivityHead(models.Model):
    """Where the chain ends: one row, which is also the lock of whoever seals. Written by `core.activity.sealing`.

    `swept_to`: all entries up to this key were looked at when leftovers were sealed.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    swept_to = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("ujung rantai segel")
        verbose_name_plural = _("ujung rantai segel")

    def __str__(self) -> str:
        return f"{self.sequence}"


class ActivityCheck(models.Model):
    """That the log was verified, and how it ended."""

    at = models.DateTimeField(_("waktu"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("oleh"),
    )  # null: the timetable or the server's command line
    since = models.DateTimeField(_("sejak"), null=True, blank=True)  # null: from the first entry
    outcome = models.CharField(_("hasil"), max_length=12, choices=CheckOutcome)
    rows = models.PositiveIntegerField(_("catatan diperiksa"), default=0)
    faults = models.PositiveIntegerField(_("temuan"), default=0)
    first_fault = models.CharField(_("temuan pertama"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("pemeriksaan catatan")
        verbose_name_plural = _("pemeriksaan catatan")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.outcome}"


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
