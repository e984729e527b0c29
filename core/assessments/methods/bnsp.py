"""The methods of FR.AK.02, judged by an assessor; registered as those of any other app."""

from django.utils.translation import gettext_lazy as _

from core.assessments.methods.evidence import Evidence
from core.assessments.methods.registry import Method

BNSP_METHODS = (
    Method("observasi", _("Observasi"), Evidence.OBSERVATION),
    Method("portofolio", _("Portofolio"), Evidence.PORTFOLIO),
    Method("pihak-ketiga", _("Pihak ketiga"), Evidence.THIRD_PARTY),
    Method("wawancara", _("Wawancara"), Evidence.INTERVIEW),
    Method("lisan", _("Lisan"), Evidence.ORAL),
    Method("tertulis", _("Tertulis"), Evidence.WRITTEN),
    Method("proyek", _("Proyek kerja"), Evidence.PROJECT),
    Method("lainnya", _("Lainnya"), Evidence.OTHER),
)
