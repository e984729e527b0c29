"""Words about certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateStatus(models.TextChoices):
    """What an officer set. Whether it has expired is told by its last day (`Certificate.is_expired`)."""

    ACTIVE = "aktif", _("Berlaku")
    SUSPENDED = "dibekukan", _("Dibekukan")
    WITHDRAWN = "dicabut", _("Dicabut")
    REPLACED = "diganti", _("Diganti")


class CertificateAct(models.TextChoices):
    ISSUE = "terbit", _("Diterbitkan")
    SUSPEND = "bekukan", _("Dibekukan")
    REINSTATE = "pulihkan", _("Diberlakukan kembali")
    WITHDRAW = "cabut", _("Dicabut")
    REPLACE = "ganti", _("Diganti")


class SurveillanceOutcome(models.TextChoices):
    MAINTAINED = "terpelihara", _("Kompetensi terpelihara")
    ACTION = "tindakan", _("Perlu tindakan")
    NO_ANSWER = "tidak-menjawab", _("Pemegang tidak menjawab")
