"""Code lists of the state: regions, and BNSP's lists for its report of candidates."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.common.languages import Bilingual


class Region(models.Model):
    """A province (2 digits) or a regency/city (4 digits) by its Kemendagri code.

    `is_current` is false for codes that were retired when regions were split; they still stand at
    the head of the NIK of people who were registered before.
    """

    code = models.CharField(_("kode"), max_length=4, primary_key=True)
    name = models.CharField(_("nama"), max_length=100)
    province = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="regencies", verbose_name=_("provinsi")
    )  # null: this is a province
    is_current = models.BooleanField(_("masih berlaku"), default=True)

    class Meta:
        verbose_name = _("wilayah")
        verbose_name_plural = _("wilayah")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class CodeList(models.Model):
    """A list of BNSP, such as levels of education. `is_confirmed` is false until the LSP has checked its codes."""

    code = models.SlugField(_("kunci"), unique=True)
    title = models.CharField(_("nama"), max_length=120)
    source = models.TextField(_("sumber"), blank=True)
    is_confirmed = models.BooleanField(_("sudah dikonfirmasi LSP"), default=False)

    class Meta:
        verbose_name = _("daftar kode")
        verbose_name_plural = _("daftar kode")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class CodeListEntry(Bilingual, models.Model):
    """One entry of a code list, with the code that BNSP's spreadsheet expects.

    English is for the lists that the portal offers to readers of English, such as the topics of a question.
    """

    in_english = ("title",)

    code_list = models.ForeignKey(CodeList, on_delete=models.CASCADE, related_name="entries", verbose_name=_("daftar"))
    code = models.CharField(_("kode"), max_length=40)
    title = models.CharField(_("uraian"), max_length=200)
    title_en = models.CharField(_("uraian (Inggris)"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    is_active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        verbose_name = _("kode")
        verbose_name_plural = _("kode")
        ordering = ["position", "code"]
        constraints = [models.UniqueConstraint(fields=["code_list", "code"], name="one_code_per_list")]

    def __str__(self) -> str:
        return self.title
