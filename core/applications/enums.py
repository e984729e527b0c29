"""Words about applications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Terkirim")
    UNDER_REVIEW = "under_review", _("Sedang diverifikasi")
    RETURNED = "returned", _("Perlu diperbaiki")
    ACCEPTED = "accepted", _("Diterima")
    REJECTED = "rejected", _("Tidak diterima")
    PREASSESSED = "preassessed", _("Siap dijadwalkan")
    NOT_CONTINUED = "not_continued", _("Tidak dilanjutkan")
    SCHEDULED = "scheduled", _("Terjadwal")
    ASSESSED = "assessed", _("Menunggu keputusan")
    COMPETENT = "competent", _("Kompeten")
    NOT_YET_COMPETENT = "not_yet_competent", _("Belum kompeten")
    APPEALED = "appealed", _("Banding")
    CERTIFIED = "certified", _("Bersertifikat")
    WITHDRAWN = "withdrawn", _("Dibatalkan asesi")


#: The candidate may write only in these.
EDITABLE_STATUSES = frozenset({ApplicationStatus.DRAFT, ApplicationStatus.RETURNED})
#: The case is over; a new application for the same scheme may be opened.
CLOSED_STATUSES = frozenset(
    {
        ApplicationStatus.REJECTED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.NOT_CONTINUED,
        ApplicationStatus.NOT_YET_COMPETENT,
        ApplicationStatus.CERTIFIED,
    }
)

#: The way through the house, in order: from which of these on a paper should lie in the file of a case.
FILE_STAGES = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ACCEPTED,
    ApplicationStatus.PREASSESSED,
    ApplicationStatus.SCHEDULED,
    ApplicationStatus.ASSESSED,
    ApplicationStatus.COMPETENT,
    ApplicationStatus.CERTIFIED,
)


class Outcome(models.TextChoices):
    """FR.APL-02: kompeten or belum kompeten, in the candidate's own judgement."""

    COMPETENT = "K", _("Kompeten")
    NOT_YET = "BK", _("Belum kompeten")


class Verdict(models.TextChoices):
    """FR.APL-01 part 3: how the secretariat finds a piece of evidence."""

    MEETS = "memenuhi", _("Memenuhi syarat")
    FAILS = "tidak_memenuhi", _("Tidak memenuhi syarat")
    ABSENT = "tidak_ada", _("Tidak ada")


class FormCode(models.TextChoices):
    APL_01 = "fr-apl-01", "FR.APL-01"
    APL_02 = "fr-apl-02", "FR.APL-02"


class FormEdition(models.TextChoices):
    """FR.APL-01 prints once as it was sent, once more with the LSP's recommendation.

    Each has a masked twin for readers who may not see personal identifiers.
    """

    SUBMITTED = "terkirim", _("Saat dikirim")
    REVIEWED = "diperiksa", _("Dengan rekomendasi LSP")
    SUBMITTED_MASKED = "terkirim-s", _("Saat dikirim, data pribadi disamarkan")
    REVIEWED_MASKED = "diperiksa-s", _("Dengan rekomendasi LSP, data pribadi disamarkan")

    @property
    def masked(self) -> "FormEdition":
        return {self.SUBMITTED: self.SUBMITTED_MASKED, self.REVIEWED: self.REVIEWED_MASKED}.get(self, self)


#: What readers without the right to personal identifiers get.
MASKED_EDITIONS = frozenset({FormEdition.SUBMITTED_MASKED, FormEdition.REVIEWED_MASKED})
