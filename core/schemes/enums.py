"""Words about schemes and standards."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StandardKind(models.TextChoices):
    SKKNI = "skkni", _("SKKNI")
    SPECIAL = "khusus", _("Standar khusus")
    INTERNATIONAL = "internasional", _("Standar internasional")


class SchemeKind(models.TextChoices):
    KKNI = "kkni", _("KKNI")
    OCCUPATION = "okupasi", _("Okupasi")
    CLUSTER = "klaster", _("Klaster")


class Completeness(models.TextChoices):
    """How much of a unit's text in the decree could be sourced."""

    COMPLETE = "lengkap", _("Lengkap")
    INCOMPLETE = "terpotong", _("Belum lengkap")
    TITLE_ONLY = "judul", _("Baru judul")


class VersionStatus(models.TextChoices):
    DRAFT = "draf", _("Draf")
    PUBLISHED = "terbit", _("Terbit")
    RETIRED = "ditutup", _("Ditutup")


class RequirementSection(models.TextChoices):
    """The two tables of FR.APL-01 part 3."""

    BASIC = "dasar", _("Bukti persyaratan dasar")
    ADMINISTRATIVE = "administratif", _("Bukti administratif")
