"""What the LSP decides about security and keeping, without a developer."""

import re
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

#: So many letters before the end, the first at most so many days before it.
MAX_REMINDERS = 6
MAX_REMINDER_DAYS = 365


def check_reminder_days(text: str) -> None:
    """Whole days, falling, separated by commas: "90, 30, 7"."""
    if not re.fullmatch(r"\s*[0-9]{1,3}\s*(,\s*[0-9]{1,3}\s*)*", text):
        raise ValidationError(_("Tulis bilangan hari yang dipisahkan koma, misalnya: 90, 30, 7."))
    days = [int(part) for part in text.split(",")]
    if not all(1 <= day <= MAX_REMINDER_DAYS for day in days):
        raise ValidationError(_("Setiap batas antara 1 dan %(most)d hari.") % {"most": MAX_REMINDER_DAYS})
    if len(days) > MAX_REMINDERS:
        raise ValidationError(_("Paling banyak %(most)d pengingat.") % {"most": MAX_REMINDERS})
    if any(later >= earlier for earlier, later in pairwise(days)):
        raise ValidationError(_("Urutkan dari yang terjauh ke yang terdekat, tanpa pengulangan, misalnya: 90, 30, 7."))


class SystemPolicy(models.Model):
    """One row with all such decisions.

    Only settings that something obeys stand here: second factor and sessions in
    `core.accounts`, the bodies of letters in `core.messaging`, the age of the last
    verification of files in `core.documents`, how old a backup may be and how long backups are
    kept in `core.backups`.
    """

    second_factor_administrator = models.BooleanField(_("wajib bagi administrator teknis"), default=True)
    second_factor_sekretariat = models.BooleanField(_("wajib bagi sekretariat"), default=True)
    second_factor_asesor = models.BooleanField(_("wajib bagi asesor"), default=True)
    second_factor_bnsp = models.BooleanField(_("wajib bagi BNSP"), default=True)
    remember_device_days = models.PositiveSmallIntegerField(
        _("perangkat diingat selama (hari)"),
        default=14,
        validators=[MaxValueValidator(90)],
        help_text=_("Selama itu perangkat yang dipercaya pemiliknya tidak diminta kode lagi. 0: kode selalu diminta."),
    )
    idle_minutes = models.PositiveSmallIntegerField(
        _("keluar sendiri setelah tidak dipakai (menit)"),
        default=120,
        validators=[MinValueValidator(10), MaxValueValidator(1440)],
        help_text=_("Berlaku bagi staf: sesi berakhir bila tidak ada halaman yang dibuka selama ini."),
    )
    session_hours = models.PositiveSmallIntegerField(
        _("sesi paling lama (jam)"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
        help_text=_("Berlaku bagi staf: sesudah itu harus masuk lagi, walaupun sedang dipakai. Sesi asesi: 12 jam."),
    )
    letter_months = models.PositiveSmallIntegerField(
        _("isi surat terkirim disimpan (bulan)"),
        default=24,
        validators=[MaxValueValidator(240)],
        help_text=_(
            "Sesudah itu isi surat dihapus setiap malam; perihal, penerima, dan waktunya tetap. 0: disimpan selamanya."
        ),
    )
    import_months = models.PositiveSmallIntegerField(
        _("berkas impor disimpan (bulan)"),
        default=12,
        validators=[MaxValueValidator(240)],
        help_text=_(
            "Sesudah itu berkas lembar kerja yang diimpor dan laporan baris demi baris dihapus setiap malam; siapa, "
            "kapan, dan jumlah barisnya tetap. 0: disimpan selamanya."
        ),
    )

    job_result_days = models.PositiveSmallIntegerField(
        _("hasil pekerjaan latar disimpan (hari)"),
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Sesudah itu berkas hasil ekspor dan pekerjaan latar lain dihapus setiap malam."),
    )
    forgotten_upload_months = models.PositiveSmallIntegerField(
        _("unggahan yang tidak dipakai disimpan (bulan)"),
        default=0,
        validators=[MaxValueValidator(240)],
        help_text=_(
            "Unggahan asesi yang tidak pernah masuk berkas permohonan mana pun diusulkan untuk dimusnahkan sesudah "
            "selama ini. 0: tidak diusulkan."
        ),
    )
    integrity_days = models.PositiveSmallIntegerField(
        _("berkas diperiksa paling lama setiap (hari)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Bila selama ini tidak ada pemeriksaan keutuhan berkas, halaman /sehat/ menjadi merah."),
    )
    backup_hours = models.PositiveSmallIntegerField(
        _("cadangan paling lama setiap (jam)"),
        default=26,
        db_default=26,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text=_("Bila cadangan utuh yang terakhir lebih tua, /sehat/ menjadi merah dan administrator disurati."),
    )
    drill_days = models.PositiveSmallIntegerField(
        _("pemulihan diuji paling lama setiap (hari)"),
        default=8,
        db_default=8,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Bila selama ini tidak ada cadangan yang terbukti dapat dipulihkan, /sehat/ menjadi merah."),
    )
    backup_daily = models.PositiveSmallIntegerField(
        _("cadangan harian disimpan"),
        default=14,
        db_default=14,
        validators=[MinValueValidator(7), MaxValueValidator(366)],
    )
    backup_weekly = models.PositiveSmallIntegerField(
        _("cadangan mingguan disimpan"), default=8, db_default=8, validators=[MaxValueValidator(260)]
    )
    backup_monthly = models.PositiveSmallIntegerField(
        _("cadangan bulanan disimpan"), default=12, db_default=12, validators=[MaxValueValidator(120)]
    )
    backup_yearly = models.PositiveSmallIntegerField(
        _("cadangan tahunan disimpan"),
        default=0,
        db_default=0,
        validators=[MaxValueValidator(30)],
        help_text=_("Data yang dimusnahkan tetap ada di cadangan sampai cadangan tertua yang memuatnya dilepas."),
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("batas waktu banding (hari)"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Dihitung dari tanggal keputusan disahkan. Menunggu konfirmasi LSP."),
    )
    plenary_quorum = models.PositiveSmallIntegerField(
        _("anggota yang hadir dalam rapat pleno (paling sedikit)"),
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(15)],
        help_text=_("Termasuk ketua; tanpa itu keputusan rapat tidak dapat dicatat. Menunggu konfirmasi LSP."),
    )
    surveillance_months = models.PositiveSmallIntegerField(
        _("surveilan setiap (bulan)"),
        default=12,
        validators=[MaxValueValidator(60)],
        help_text=_("Jarak antara surveilan selama sertifikat berlaku. 0: tidak ada surveilan."),
    )
    renewal_days = models.PositiveSmallIntegerField(
        _("perpanjangan dibuka sebelum berakhir (hari)"),
        default=180,
        validators=[MinValueValidator(7), MaxValueValidator(730)],
        help_text=_("Sejak itu pemegang sertifikat dapat memulai perpanjangan (RCC)."),
    )
    expiry_reminder_days = models.CharField(
        _("pengingat sebelum sertifikat berakhir (hari)"),
        max_length=60,
        default="90, 30, 7",
        validators=[check_reminder_days],
        help_text=_(
            "Dari yang terjauh ke yang terdekat, dipisahkan koma. Pemegang mendapat satu surat pada tiap batas."
        ),
    )
    invitation_days = models.PositiveSmallIntegerField(
        _("undangan instansi berlaku (hari)"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("Selama itu orang yang diundang instansinya dapat membuka tautan di suratnya."),
    )

    ticket_days = models.PositiveSmallIntegerField(
        _("pertanyaan dijawab dalam (hari kerja)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Senin sampai Jumat, kecuali hari libur. Disebut dalam surat kepada pengirim."),
    )
    complaint_days = models.PositiveSmallIntegerField(
        _("pengaduan dijawab dalam (hari kerja)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
        help_text=_("Senin sampai Jumat, kecuali hari libur. Menunggu konfirmasi LSP."),
    )
    ticket_months = models.PositiveSmallIntegerField(
        _("isi pesan masuk disimpan (bulan)"),
        default=24,
        validators=[MaxValueValidator(240)],
        help_text=_(
            "Sesudah itu isi, nama, dan alamat pada pesan yang selesai dihapus setiap malam; nomor, topik, dan "
            "tanggalnya tetap. 0: disimpan selamanya."
        ),
    )

    class Meta:
        verbose_name = _("kebijakan sistem")
        verbose_name_plural = _("kebijakan sistem")

    def __str__(self) -> str:
        return str(_("Kebijakan sistem"))

    def demands_second_factor(self, role: str | None) -> bool:
        """Whether holders of a role must use a second factor; candidates may, and never must."""
        return bool(getattr(self, f"second_factor_{role}", False))

    @property
    def reminder_marks(self) -> list[int]:
        """The days before the end at which a holder is told, the farthest first."""
        return [int(part) for part in self.expiry_reminder_days.split(",")]
