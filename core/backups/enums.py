"""Words about backups."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BackupKind(models.TextChoices):
    """FULL: database and documents of one moment. LOG: the binary logs of MariaDB since then, for a restore up to
    any moment."""

    FULL = "penuh", _("Cadangan penuh")
    LOG = "log", _("Log basis data")


class BackupOutcome(models.TextChoices):
    """PARTIAL: whole and verified in one place, not in all. Whoever asks whether it went well hears no."""

    RUNNING = "berjalan", _("Berjalan")
    OK = "berhasil", _("Berhasil")
    PARTIAL = "sebagian", _("Berhasil sebagian")
    FAILED = "gagal", _("Gagal")


class Place(models.TextChoices):
    """The repositories that a backup goes to; which of them there are says the environment."""

    LOCAL = "local", _("Repositori lokal")
    REMOTE = "remote", _("Repositori luar")
