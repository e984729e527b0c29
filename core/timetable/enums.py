"""How a run went, and why it was begun."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    RUNNING = "berjalan", _("Berjalan")
    DONE = "selesai", _("Selesai")
    FAILED = "gagal", _("Gagal")
    OVER_LIMIT = "lewat-batas", _("Melewati batas waktu")
    INTERRUPTED = "terputus", _("Terputus")


class Trigger(TextChoices):
    SCHEDULE = "jadwal", _("Jadwal")
    MISSED = "susulan", _("Susulan")
    AGAIN = "ulang", _("Diulang")
    REQUEST = "diminta", _("Diminta")


#: What is tried again before its next time comes. Over the limit it would only take the limit once more.
TRIED_AGAIN = (RunState.FAILED, RunState.INTERRUPTED)
