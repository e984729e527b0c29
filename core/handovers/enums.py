"""Words about the hand-over to BNSP."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HandoverStatus(models.TextChoices):
    """CHECKED: number, letter and list stand; nothing of it changes unless it is opened again."""

    PREPARING = "persiapan", _("Disiapkan")
    CHECKED = "diperiksa", _("Siap diserahkan")
    HANDED = "diserahkan", _("Diserahkan")
    REPLACED = "diganti", _("Diganti")
    WITHDRAWN = "ditarik", _("Ditarik")


#: What has been with BNSP and was not taken back.
DELIVERED = (HandoverStatus.HANDED, HandoverStatus.REPLACED)


class Channel(models.TextChoices):
    """How it went to BNSP."""

    PORTAL = "aplikasi", _("Aplikasi BNSP")
    EMAIL = "email", _("E-mail")
    COURIER = "langsung", _("Diantar langsung atau kurir")


class CertificateRule(models.TextChoices):
    """Whether the certificate of somebody competent comes before the hand-over (it does where BNSP gives the blanks
    afterwards), after it, or whenever it likes."""

    FREE = "bebas", _("Tidak diperiksa")
    BEFORE = "sudah", _("Yang kompeten harus sudah bersertifikat")
    AFTER = "belum", _("Sertifikat terbit sesudah serah terima")


class FileKind(models.TextChoices):
    """What the archive holds, in its order."""

    LETTER = "surat", _("Surat pengantar")
    MINUTES = "berita-acara", _("Berita acara")
    LIST = "daftar", _("Daftar asesi")


class Source(models.TextChoices):
    """What a column of BNSP's list can be filled with."""

    FULL_NAME = "nama", _("Nama asesi")
    NIK = "nik", _("NIK")
    BIRTH_PLACE = "tempat-lahir", _("Tempat lahir")
    BIRTH_DATE = "tanggal-lahir", _("Tanggal lahir")
    SEX = "jenis-kelamin", _("Jenis kelamin")
    ADDRESS = "alamat", _("Alamat rumah")
    REGENCY = "kabupaten-kota", _("Kabupaten/kota")
    PROVINCE = "provinsi", _("Provinsi")
    PHONE = "telepon", _("Nomor HP")
    EMAIL = "email", _("E-mail")
    EDUCATION = "pendidikan", _("Kualifikasi pendidikan")
    OCCUPATION = "pekerjaan", _("Pekerjaan")
    SESSION_CODE = "kode-jadwal", _("Kode jadwal BNSP")
    TEST_DATE = "tanggal-uji", _("Tanggal uji")
    ASSESSOR = "asesor", _("No. Reg. asesor")
    FUNDING = "sumber-anggaran", _("Sumber anggaran")
    MINISTRY = "kementerian", _("Kementerian/lembaga pemberi anggaran")
    OUTCOME = "keputusan", _("Keputusan K/BK")
    SCHEME = "skema", _("Judul skema")
    SCHEME_NUMBER = "nomor-skema", _("Nomor skema")
    INSTITUTION = "instansi", _("Nama institusi/perusahaan")
    APPLICATION = "nomor-permohonan", _("Nomor permohonan")
    CERTIFICATE = "nomor-sertifikat", _("Nomor sertifikat")


#: Columns that hold a day.
DATES = frozenset({Source.BIRTH_DATE, Source.TEST_DATE})
