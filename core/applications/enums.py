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


class Stage(models.TextChoices):
    """What an office asks of a case before it asks for the status: every status but the draft's stands in one."""

    RUNNING = "proses", _("Dalam proses")
    COMPETENT = "kompeten", _("Kompeten, belum bersertifikat")
    CERTIFIED = "bersertifikat", _("Bersertifikat")
    NOT_YET = "belum-kompeten", _("Belum kompeten")
    REFUSED = "ditolak", _("Tidak diterima atau tidak dilanjutkan")
    WITHDRAWN = "dibatalkan", _("Dibatalkan asesi")


STAGE_STATUSES = {
    Stage.RUNNING: (
        ApplicationStatus.SUBMITTED,
        ApplicationStatus.UNDER_REVIEW,
        ApplicationStatus.RETURNED,
        ApplicationStatus.ACCEPTED,
        ApplicationStatus.PREASSESSED,
        ApplicationStatus.SCHEDULED,
        ApplicationStatus.ASSESSED,
        ApplicationStatus.APPEALED,
    ),
    Stage.COMPETENT: (ApplicationStatus.COMPETENT,),
    Stage.CERTIFIED: (ApplicationStatus.CERTIFIED,),
    Stage.NOT_YET: (ApplicationStatus.NOT_YET_COMPETENT,),
    Stage.REFUSED: (ApplicationStatus.REJECTED, ApplicationStatus.NOT_CONTINUED),
    Stage.WITHDRAWN: (ApplicationStatus.WITHDRAWN,),
}


class Reached(models.TextChoices):
    """How far a case came on the way through the house, also where it ended there. Each holds the next one."""

    ACCEPTED = "sampai-diterima", _("Diterima")
    PREASSESSED = "sampai-siap", _("Lolos pra-asesmen")
    ASSESSED = "sampai-dinilai", _("Dinilai asesor")
    COMPETENT = "sampai-kompeten", _("Diputuskan kompeten")
    CERTIFIED = "sampai-sertifikat", _("Bersertifikat")


_CERTIFIED = (ApplicationStatus.CERTIFIED,)
_COMPETENT = (ApplicationStatus.COMPETENT, *_CERTIFIED)
_ASSESSED = (ApplicationStatus.ASSESSED, ApplicationStatus.NOT_YET_COMPETENT, ApplicationStatus.APPEALED, *_COMPETENT)
_PREASSESSED = (ApplicationStatus.PREASSESSED, ApplicationStatus.SCHEDULED, *_ASSESSED)
REACHED_STATUSES = {
    Reached.ACCEPTED: (ApplicationStatus.ACCEPTED, ApplicationStatus.NOT_CONTINUED, *_PREASSESSED),
    Reached.PREASSESSED: _PREASSESSED,
    Reached.ASSESSED: _ASSESSED,
    Reached.COMPETENT: _COMPETENT,
    Reached.CERTIFIED: _CERTIFIED,
}


class AgeBand(models.IntegerChoices):
    """How old somebody was on the day of registration, by the years where a band begins."""

    UNKNOWN = 0, _("Tidak diketahui")
    UNDER_20 = 1, _("Di bawah 20 tahun")
    TWENTIES = 20, _("20–29 tahun")
    THIRTIES = 30, _("30–39 tahun")
    FORTIES = 40, _("40–49 tahun")
    FIFTIES = 50, _("50–59 tahun")
    SIXTIES = 60, _("60 tahun ke atas")

    @classmethod
    def of(cls, years: int) -> "AgeBand":
        return max(band for band in cls if band != cls.UNKNOWN and band <= max(years, 1))


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
