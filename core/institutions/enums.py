"""Words about institutions and the people they invite."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionStatus(models.TextChoices):
    WAITING = "menunggu", _("Menunggu persetujuan")
    APPROVED = "disetujui", _("Disetujui")
    REFUSED = "ditolak", _("Ditolak")
    CLOSED = "ditutup", _("Ditutup")


class InvitationStatus(models.TextChoices):
    SENT = "dikirim", _("Dikirim")
    OPENED = "dibuka", _("Dibuka")
    ACCEPTED = "diterima", _("Diterima")
    DECLINED = "ditolak", _("Ditolak")
    WITHDRAWN = "ditarik", _("Ditarik")


#: The person has not answered yet.
UNANSWERED = frozenset({InvitationStatus.SENT, InvitationStatus.OPENED})


class Stage(models.TextChoices):
    """How far an invited person is, in the words of the officer's list. A result shows only where its owner allows."""

    INVITED = "diundang", _("Diundang")
    OPENED = "dibuka", _("Tautan dibuka")
    FILLING = "mengisi", _("Sedang mengisi")
    SUBMITTED = "terkirim", _("Permohonan terkirim")
    COMPETENT = "kompeten", _("Kompeten")
    NOT_YET_COMPETENT = "belum-kompeten", _("Belum kompeten")
    ENDED = "berakhir", _("Tidak dilanjutkan")
    CANCELLED = "batal", _("Dibatalkan orangnya")
    EXPIRED = "kedaluwarsa", _("Undangan kedaluwarsa")
    DECLINED = "ditolak", _("Menolak undangan")
    WITHDRAWN = "ditarik", _("Undangan ditarik")
