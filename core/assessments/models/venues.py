"""Where is assessed."""

from datetime import tzinfo

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.assessments.enums import VenueKind
from core.codelists.models import Region
from core.codelists.zones import zone_of
from core.common.models import Timestamped


class Venue(Timestamped):
    """A TUK (tempat uji kompetensi). `valid_until` is the end of its verification by the LSP; None: not stated."""

    code = models.SlugField(_("kode TUK"), max_length=40, unique=True, help_text=_("Contoh: tuk-sentul"))
    name = models.CharField(_("nama TUK"), max_length=150)
    kind = models.CharField(_("jenis TUK"), max_length=16, choices=VenueKind)
    address = models.CharField(_("alamat"), max_length=300, blank=True)
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kabupaten/kota")
    )
    capacity = models.PositiveSmallIntegerField(_("daya tampung (asesi)"), null=True, blank=True)
    contact_name = models.CharField(_("penanggung jawab"), max_length=150, blank=True)
    contact_phone = models.CharField(_("telepon"), max_length=20, blank=True)
    verification_number = models.CharField(_("nomor surat verifikasi"), max_length=80, blank=True)
    valid_until = models.DateField(_("verifikasi berlaku sampai"), null=True, blank=True)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("TUK")
        verbose_name_plural = _("TUK")
        ordering = ["name"]
        indexes = [
            models.Index(fields=["name"], name="venue_by_name"),
            models.Index(fields=["kind", "name"], name="venue_by_kind"),
            models.Index(fields=["is_active", "name"], name="venue_by_use"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> tzinfo:
        """Whose clock hangs on its wall: WIB, WITA or WIT."""
        return zone_of(self.region_id)

    @property
    def is_valid(self) -> bool:
        """Whether one may assess there today."""
        return self.is_active and (self.valid_until is None or timezone.localdate() <= self.valid_until)
