"""Texts that staff edit: the LSP's own data, the pages of the portal and its menus."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.common.languages import Bilingual
from core.common.models import Timestamped
from core.content.markdown import find_fault
from core.documents.storage import document_storage

#: More entries do not fit beside the logo and the buttons at 1280 pixels.
MAX_HEADER_ITEMS = 6


def logo_path(office: "OfficeData", filename: str) -> str:
    """By content like every file of the repository, but in a folder that may be shown to everybody."""
    return f"logo/{filename}"


class OfficeData(Bilingual, models.Model):
    """The LSP itself, as it prints on forms and stands in the footer. One row."""

    in_english = ("office_hours",)

    name = models.CharField(_("nama LSP"), max_length=150)
    license_number = models.CharField(_("nomor lisensi BNSP"), max_length=80, blank=True)
    logo = models.FileField(
        _("logo"), storage=document_storage, upload_to=logo_path, max_length=120, blank=True, editable=False
    )
    leader_name = models.CharField(
        _("nama pimpinan"), max_length=150, blank=True, help_text=_("Dengan gelar, seperti tercetak pada dokumen.")
    )
    leader_position = models.CharField(
        _("jabatan pimpinan"), max_length=100, blank=True, help_text=_("Contoh: Direktur LSP BNPB.")
    )
    address = models.TextField(_("alamat"), blank=True)
    phone = models.CharField(_("telepon"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(
        _("situs web"),
        blank=True,
        validators=[RegexValidator(r"^https://", _("Tulis alamat yang diawali https://"), code="insecure")],
        help_text=_("Alamat yang diawali https://"),
    )
    office_hours = models.CharField(
        _("jam layanan"), max_length=120, blank=True, help_text=_("Contoh: Senin–Jumat, 08.00–16.00 WIB.")
    )
    office_hours_en = models.CharField(_("jam layanan (Inggris)"), max_length=120, blank=True)
    note = models.TextField(
        _("catatan"), blank=True, help_text=_("Hanya untuk staf, misalnya apa yang menunggu konfirmasi.")
    )

    class Meta:
        verbose_name = _("data LSP")
        verbose_name_plural = _("data LSP")

    def __str__(self) -> str:
        return self.name

    @property
    def logo_url(self) -> str:
        """The public address of the logo: it changes with the picture, so browsers may keep it for good."""
        return f"/{self.logo.name}" if self.logo else ""


@dataclass(frozen=True)
class BuiltIn:
    """A text that the portal itself reads: what staff call the place, its address, what becomes of the words."""

    name: Any
    path: str
    use: Any


#: Slug of a page row → the place of the portal that reads it. These rows cannot be deleted or withdrawn.
BUILT_IN = {
    "beranda": BuiltIn(
        _("Halaman muka"), "/", _("Judul dan ringkasan tampil di pita atas, isi di bawah daftar skema yang dibuka.")
    ),
    "skema": BuiltIn(
        _("Daftar skema"), "/skema/", _("Judul dan ringkasan tampil di atas daftar skema, isi di bawahnya.")
    ),
    "alur": BuiltIn(
        _("Alur sertifikasi"),
        "/alur/",
        _(
            "Baris bernomor pada isi menjadi gambar dan langkah: kata tebal judulnya, kata miring di belakangnya siapa "
            "yang mengerjakan. Contoh: 1. **Buat akun** *Anda*"
        ),
    ),
    "instansi": BuiltIn(
        _("Pendaftaran kolektif"),
        "/instansi/",
        _("Judul dan ringkasan tampil di atas tombol untuk instansi, isi di bawahnya; baris bernomor sebagai langkah."),
    ),
    "privasi": BuiltIn(
        _("Data pribadi"),
        "/privasi/",
        _("Isi tampil di bawah teks persetujuan yang berlaku; teks itu sendiri diatur pada Teks persetujuan."),
    ),
    "tentang": BuiltIn(_("Tentang LSP BNPB"), "/tentang/", _("Judul, ringkasan, dan isi tampil apa adanya.")),
    "layanan": BuiltIn(_("Layanan"), "/layanan/", _("Judul, ringkasan, dan isi tampil apa adanya.")),
    "persyaratan": BuiltIn(
        _("Persyaratan"),
        "/persyaratan/",
        _("Isi tampil di atas persyaratan setiap skema, yang diambil dari Skema sertifikasi."),
    ),
    "faq": BuiltIn(_("Tanya jawab"), "/faq/", _("Isi tampil di bawah daftar pertanyaan.")),
    "pengumuman": BuiltIn(_("Daftar pengumuman"), "/pengumuman/", _("Isi tampil di bawah daftar pengumuman.")),
    "unduhan": BuiltIn(_("Daftar unduhan"), "/unduhan/", _("Isi tampil di bawah daftar berkas.")),
    "register": BuiltIn(
        _("Register sertifikat"), "/register/", _("Isi tampil di bawah angka sertifikat yang berlaku.")
    ),
    "kontak": BuiltIn(
        _("Hubungi kami"),
        "/kontak/",
        _("Tampil di atas formulir kontak. Alamat, telepon, dan jam layanan diambil dari Data LSP."),
    ),
    "pengaduan": BuiltIn(_("Pengaduan"), "/pengaduan/", _("Tampil di atas formulir pengaduan.")),
    "kaki-halaman": BuiltIn(
        _("Kaki halaman"), "", _("Tampil di bawah setiap halaman. Alamat dan telepon diambil dari Data LSP.")
    ),
}


class PageText(Bilingual, models.Model):
    """The words of a page, in English too where somebody wrote them.

    Bodies are Markdown; HTML in them is shown as typed, never run.
    """

    in_english = ("title", "summary", "body")
    #: All that an edition takes over from the draft.
    WORDS = ("title", "summary", "body", "title_en", "summary_en", "body_en")

    title = models.CharField(_("judul"), max_length=120)
    summary = models.CharField(
        _("ringkasan"), max_length=300, blank=True, help_text=_("Satu atau dua kalimat di bawah judul.")
    )
    body = models.TextField(_("isi"), max_length=20_000, blank=True)
    title_en = models.CharField(_("judul (Inggris)"), max_length=120, blank=True)
    summary_en = models.CharField(_("ringkasan (Inggris)"), max_length=300, blank=True)
    body_en = models.TextField(_("isi (Inggris)"), max_length=20_000, blank=True)

    class Meta:
        abstract = True

    @property
    def words(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.WORDS}


class Page(PageText, Timestamped):
    """A page that staff write. Title, summary and body here are the draft; readers get an edition."""

    slug = models.SlugField(
        _("alamat halaman"),
        max_length=60,
        unique=True,
        help_text=_("Huruf kecil, angka, dan tanda hubung. Contoh: “jadwal-uji” tampil di /info/jadwal-uji/."),
    )
    #: Editions that went live before this moment are no longer shown.
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("halaman portal")
        verbose_name_plural = _("halaman portal")
        ordering = ["title"]

    def __str__(self) -> str:
        return str(self.built_in.name) if self.built_in else self.title

    @property
    def activity_label(self) -> str:
        return str(self)

    @property
    def built_in(self) -> BuiltIn | None:
        return BUILT_IN.get(self.slug)

    @property
    def address(self) -> str:
        """Where readers find it; "" for a text that is part of other pages."""
        return self.built_in.path if self.built_in else f"/info/{self.slug}/"

    @property
    def preview_address(self) -> str:
        """Where those who write it see the draft in the portal's own look."""
        return f"/pratinjau/{self.slug}/"

    def clean(self) -> None:
        self.slug = self.slug.lower()
        faults = {name: fault for name in ("body", "body_en") if (fault := find_fault(getattr(self, name)))}
        if faults:
            raise ValidationError(faults)
        if self.slug in BUILT_IN:
            if not self.body.strip() and self.slug == "alur":
                raise ValidationError({"body": _t("Halaman alur memerlukan isi.")})
            return
        if not self.body.strip():
            raise ValidationError({"body": _t("Isi halaman belum ditulis.")})
        if is_portal_path(f"/{self.slug}/"):
            raise ValidationError(
                {
                    "slug": _t("“%(slug)s” sudah menjadi alamat portal (/%(slug)s/). Pilih nama lain.")
                    % {"slug": self.slug}
                }
            )


class PageEdition(PageText):
    """What readers see from `live_from` on. Never changed; a later edition takes its place."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="editions", verbose_name=_("halaman"))
    live_from = models.DateTimeField(_("terbit sejak"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("diterbitkan oleh"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("terbitan halaman")
        verbose_name_plural = _("terbitan halaman")
        ordering = ["-live_from", "-pk"]
        indexes = [models.Index(fields=["page", "-live_from", "-id"], name="edition_by_page")]

    def __str__(self) -> str:
        return self.title


class MenuPlace(models.TextChoices):
    HEADER = "atas", _("Menu atas")
    FOOTER = "bawah", _("Menu bawah")


class PortalPage(models.TextChoices):
    """Pages of the portal that a menu may lead to; the value is the address."""

    HOME = "/", _("Halaman muka")
    SCHEMES = "/skema/", _("Skema sertifikasi")
    FLOW = "/alur/", _("Alur sertifikasi")
    ABOUT = "/tentang/", _("Tentang LSP BNPB")
    SERVICES = "/layanan/", _("Layanan")
    REQUIREMENTS = "/persyaratan/", _("Persyaratan")
    QUESTIONS = "/faq/", _("Tanya jawab")
    NEWS = "/pengumuman/", _("Pengumuman")
    DOWNLOADS = "/unduhan/", _("Unduhan")
    CERTIFIED = "/register/", _("Register sertifikat")
    CHECK = "/verifikasi/", _("Periksa dokumen")
    PRIVACY = "/privasi/", _("Data pribadi")
    REGISTER = "/daftar/", _("Pendaftaran akun")
    LOGIN = "/masuk/", _("Masuk")
    CONTACT = "/kontak/", _("Hubungi kami")
    COMPLAINT = "/pengaduan/", _("Pengaduan")


class MenuItem(Bilingual, models.Model):
    """One line of the portal's menus. It leads to exactly one target."""

    in_english = ("label",)

    place = models.CharField(_("tempat"), max_length=8, choices=MenuPlace, default=MenuPlace.HEADER)
    label = models.CharField(_("tulisan"), max_length=28)
    label_en = models.CharField(_("tulisan (Inggris)"), max_length=28, blank=True)
    portal_page = models.CharField(_("halaman bawaan portal"), max_length=20, choices=PortalPage, blank=True)
    page = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="menu_items",
        verbose_name=_("halaman buatan sendiri"),
        help_text=_("Selama halaman belum terbit, menu ini tidak tampil di portal."),
    )
    url = models.URLField(_("alamat luar"), blank=True, help_text=_("Alamat situs lain, diawali https://"))
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    is_active = models.BooleanField(_("tampil"), default=True)

    class Meta:
        verbose_name = _("menu portal")
        verbose_name_plural = _("menu portal")
        ordering = ["place", "position", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def address(self) -> str:
        return self.portal_page or (self.page.address if self.page else self.url)

    def clean(self) -> None:
        targets = [name for name in ("portal_page", "page", "url") if getattr(self, name)]
        if len(targets) != 1:
            raise ValidationError(
                _t("Pilih tepat satu tujuan: halaman bawaan portal, halaman buatan sendiri, atau alamat luar.")
            )
        target = targets[0]
        if target == "portal_page" and not is_portal_path(self.portal_page):
            raise ValidationError({target: _t("Halaman ini tidak ada lagi di portal. Pilih yang lain.")})
        if target == "page" and not self.page.address:
            raise ValidationError({target: _t("Teks ini bagian dari halaman lain dan tidak mempunyai alamat sendiri.")})
        if target == "url" and not self.url.startswith("https://"):
            raise ValidationError({target: _t("Tulis alamat lengkap yang diawali https://")})
        if target == "url" and "@" in self.url.split("/")[2]:
            raise ValidationError({target: _t("Alamat dengan nama pengguna di depannya tidak dapat dipakai.")})
        siblings = list(MenuItem.objects.filter(place=self.place).select_related("page"))
        twin = next((item for item in siblings if item.pk != self.pk and item.address == self.address), None)
        if twin is not None:
            raise ValidationError(
                {target: _t("Menu “%(label)s” di tempat yang sama sudah menuju ke sana.") % {"label": twin.label}}
            )
        active = sum(1 for item in siblings if item.is_active and item.pk != self.pk)
        if self.place == MenuPlace.HEADER and self.is_active and active >= MAX_HEADER_ITEMS:
            raise ValidationError(
                _t("Menu atas memuat paling banyak %(limit)d tulisan. Sembunyikan yang lain dahulu.")
                % {"limit": MAX_HEADER_ITEMS}
            )


def is_portal_path(path: str) -> bool:
    """Whether the portal or the back office answers at this path already."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
