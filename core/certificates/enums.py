"""Words about certificates."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateStatus(models.TextChoices):
    """What an officer set. Whether it has expired is told by its last day (`Certificate.is_expired`)."""

    ACTIVE = "aktif", _("Berlaku")
    SUSPENDED = "dibekukan", _("Dibekukan")
    WITHDRAWN = "dicabut", _("Dicabut")
    REPLACED = "diganti", _("Diganti")


class PastStatus(models.TextChoices):
    """What the old register says of a certificate of the paper years: the words of `CertificateStatus` that fit it."""

    ACTIVE = CertificateStatus.ACTIVE.value, _("Berlaku")
    SUSPENDED = CertificateStatus.SUSPENDED.value, _("Dibekukan")
    WITHDRAWN = CertificateStatus.WITHDRAWN.value, _("Dicabut")


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
    MISSED = "terlewat", _("Tidak terlaksana")  # set by the system when the certificate ended before


#: What a clerk may write down.
RECORDED_OUTCOMES = (SurveillanceOutcome.MAINTAINED, SurveillanceOutcome.ACTION, SurveillanceOutcome.NO_ANSWER)


class CertificateState(models.TextChoices):
    """How a certificate stands today: what an officer set and what the calendar says, in one word."""

    VALID = "berlaku", _("Berlaku")
    ENDING = "segera", _("Segera berakhir")
    SUSPENDED = "dibekukan", _("Dibekukan")
    WITHDRAWN = "dicabut", _("Dicabut")
    REPLACED = "diganti", _("Diganti")
    EXPIRED = "kedaluwarsa", _("Kedaluwarsa")
