"""Words about decisions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlenaryStatus(models.TextChoices):
    """RECORDED: one person wrote down what was decided; a second one has to confirm it."""

    PREPARING = "persiapan", _("Disiapkan")
    RECORDED = "tercatat", _("Menunggu pengesahan")
    CONFIRMED = "disahkan", _("Disahkan")
    CANCELLED = "batal", _("Dibatalkan")


class MemberRole(models.TextChoices):
    CHAIR = "ketua", _("Ketua")
    SECRETARY = "sekretaris", _("Sekretaris")
    MEMBER = "anggota", _("Anggota")


class AppealStatus(models.TextChoices):
    """WITHDRAWN: the candidate took it back, nobody decided on it; the former decision stands again."""

    FILED = "diajukan", _("Diajukan")
    GRANTED = "diterima", _("Dikabulkan")
    DISMISSED = "ditolak", _("Tidak dikabulkan")
    WITHDRAWN = "dicabut", _("Dicabut asesi")
