"""The columns of FR.AK.02."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Evidence(models.TextChoices):
    """What kind of evidence a unit was judged on, in the order of the form."""

    OBSERVATION = "observasi", _("Observasi demonstrasi")
    PORTFOLIO = "portofolio", _("Portofolio")
    THIRD_PARTY = "pihak-ketiga", _("Pernyataan pihak ketiga")
    INTERVIEW = "wawancara", _("Pertanyaan wawancara")
    ORAL = "lisan", _("Pertanyaan lisan")
    WRITTEN = "tertulis", _("Pertanyaan tertulis")
    PROJECT = "proyek", _("Proyek kerja")
    OTHER = "lainnya", _("Lainnya")
