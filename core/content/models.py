"""Texts that the secretariat edits. The portal's pages come with their own issue; this is what papers need."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfficeData(models.Model):
    """The LSP itself, as it prints on forms and stands in the footer. One row."""

    name = models.CharField(_("nama LSP"), max_length=150)
    license_number = models.CharField(_("nomor lisensi BNSP"), max_length=80, blank=True)
    address = models.TextField(_("alamat"), blank=True)
    phone = models.CharField(_("telepon"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    note = models.TextField(
        _("catatan"), blank=True, help_text=_("Hanya untuk staf, misalnya apa yang menunggu konfirmasi.")
    )

    class Meta:
        verbose_name = _("data LSP")
        verbose_name_plural = _("data LSP")

    def __str__(self) -> str:
        return self.name
