"""Words of the activity log that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckOutcome(models.TextChoices):
    """How a verification of the log ended."""

    INTACT = "utuh", _("utuh")
    DIFFERS = "berbeda", _("berbeda")
    FAILED = "gagal", _("tidak dapat diperiksa")
