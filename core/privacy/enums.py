"""Words about keeping, destroying, and what people may ask of their own data."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BatchStatus(models.TextChoices):
    PROPOSED = "diusulkan", _("Menunggu persetujuan")
    APPROVED = "disetujui", _("Sedang dimusnahkan")
    DESTROYED = "dimusnahkan", _("Dimusnahkan")
    CANCELLED = "batal", _("Dibatalkan")


class RequestKind(models.TextChoices):
    """What a person may ask for (UU PDP 27/2022, art. 5 to 9)."""

    COPY = "salinan", _("Salinan data")
    CORRECTION = "perbaikan", _("Perbaikan data")
    ERASURE = "penghapusan", _("Penghapusan data")
    WITHDRAWAL = "penarikan", _("Penarikan persetujuan")


class RequestStatus(models.TextChoices):
    RECEIVED = "diterima", _("Diterima")
    IN_PROGRESS = "dikerjakan", _("Sedang dikerjakan")
    ANSWERED = "dijawab", _("Dipenuhi")
    REFUSED = "ditolak", _("Ditolak")
    CANCELLED = "dibatalkan", _("Dibatalkan pemohon")


OPEN_REQUESTS = frozenset({RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS})

#: The article that each kind of request rests on, as the letters and the screens name it.
ARTICLES = {
    RequestKind.COPY: _("UU 27/2022 Pasal 7 dan Pasal 32"),
    RequestKind.CORRECTION: _("UU 27/2022 Pasal 6 dan Pasal 30"),
    RequestKind.ERASURE: _("UU 27/2022 Pasal 8 dan Pasal 43 sampai 45"),
    RequestKind.WITHDRAWAL: _("UU 27/2022 Pasal 9 dan Pasal 40"),
}
