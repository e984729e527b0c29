"""Words about assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VenueKind(models.TextChoices):
    """The three kinds of TUK that BNSP knows."""

    TEMPORARY = "sewaktu", _("TUK sewaktu")
    WORKPLACE = "tempat-kerja", _("TUK tempat kerja")
    INDEPENDENT = "mandiri", _("TUK mandiri")
