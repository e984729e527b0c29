"""The repository: private files by content, what kind of paper each is, and signatures."""

import secrets
import uuid
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.common.dates import add_months
from core.common.models import Labelled
from core.documents.full_text import WordsField
from core.documents.storage import document_storage

#: Kinds that the program itself looks for by their key; they cannot be deleted.
FIXED_TYPES = frozenset(
    {
        "fr-apl-01",
        "fr-apl-02",
        "bukti-kerja",
        "surat-tugas-asesor",
        "daftar-hadir",
        "berita-acara-pleno",
        "sk-kelulusan",
        "sertifikat-kompetensi",
        "berita-acara-pemusnahan",
        "unduhan-portal",
        "surat-serah-terima",
        "daftar-serah-terima",
        "surat-uji-pemulihan",
    }
)
#: Proof of what the LSP decided and issued, for several people or for anybody who checks: never due for destruction.
KEPT_FOR_EVER = frozenset(
    {
        "berita-acara-pleno",
        "sertifikat-kompetensi",
        "berita-acara-pemusnahan",
        "surat-serah-terima",
        "daftar-serah-terima",
        "surat-uji-pemulihan",
    }
)
#: The LSP's own papers, which bear as owner whoever made them out: they tell of others, or of nobody, and neither go
#: along with that person's data nor go with them.
OF_THE_OFFICE = (KEPT_FOR_EVER - {"sertifikat-kompetensi"}) | {"daftar-hadir", "sk-kelulusan", "unduhan-portal"}


class Accepts(models.TextChoices):
    BOTH = "semua", _("PDF atau gambar (foto)")
    PDF = "pdf", _("Hanya PDF")
    PICTURE = "gambar", _("Hanya gambar (foto)")


class DocumentState(models.TextChoices):
    """Whether a file may be opened. A file waits until the virus scanner, where one is configured, has seen it."""

    CLEAN = "bersih", _("Dapat dibuka")
    WAITING = "menunggu", _("Menunggu pemeriksaan virus")
    REFUSED = "ditolak", _("Ditolak pemeriksaan virus")
    DESTROYED = "dimusnahkan", _("Dimusnahkan")


#: States in which the bytes of a document are there.
KEPT_STATES = (DocumentState.CLEAN, DocumentState.WAITING)


class DocumentType(models.Model):
    """A kind of paper (KTP, ijazah, FR.APL-01 …); the secretariat edits the list."""

    code = models.SlugField(_("kunci"), max_length=60, unique=True)
    title = models.CharField(_("nama"), max_length=150)
    help_text = models.TextField(_("petunjuk untuk asesi"), blank=True)
    is_personal_evidence = models.BooleanField(
        _("diunggah asesi"),
        default=True,
        help_text=_("Dapat dipakai lagi pada permohonan berikutnya tanpa mengunggah ulang."),
    )
    is_identity = models.BooleanField(
        _("memuat identitas pribadi"),
        default=False,
        help_text=_("BNSP dan pembaca lain dari luar LSP tidak dapat membuka berkas jenis ini."),
    )
    is_active = models.BooleanField(_("dipakai"), default=True)
    position = models.PositiveSmallIntegerField(_("urutan"), default=0)
    accepts = models.CharField(_("berkas yang diterima"), max_length=8, choices=Accepts, default=Accepts.BOTH)
    max_megabytes = models.PositiveSmallIntegerField(
        _("ukuran terbesar (MB)"), default=10, validators=[MinValueValidator(1)]
    )
    keywords = models.CharField(
        _("kata pada nama berkas"),
        max_length=250,
        blank=True,
        help_text=_("Dipisahkan koma, misalnya: ktp, kartu tanda penduduk. Berkas dengan kata ini dikenali sendiri."),
    )
    validity_months = models.PositiveSmallIntegerField(
        _("masa berlaku (bulan)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Dihitung sejak berkas disimpan, kecuali tanggal lain disebut. Kosong: tidak kedaluwarsa."),
    )
    retention_months = models.PositiveSmallIntegerField(
        _("masa simpan sesudah kasus selesai (bulan)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Sesudah itu diusulkan untuk dimusnahkan. Kosong: disimpan seterusnya."),
    )

    class Meta:
        verbose_name = _("jenis dokumen")
        verbose_name_plural = _("jenis dokumen")
        ordering = ["position", "title"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        ceiling = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        if self.max_megabytes is not None and self.max_megabytes > ceiling:
            raise ValidationError(
                {"max_megabytes": _t("Server menerima paling besar %(limit)d MB.") % {"limit": ceiling}}
            )
        if self.retention_months and self.code in KEPT_FOR_EVER:
            raise ValidationError(
                {"retention_months": _t("Dokumen ini bukti keputusan LSP, disimpan seterusnya. Kosongkan masa simpan.")}
            )

    def valid_until(self, since: date) -> date | None:
        """The last day on which a paper of this kind counts; None: for ever."""
        return add_months(since, self.validity_months) if self.validity_months else None

    @property
    def max_bytes(self) -> int:
        return min(self.max_megabytes * 1024 * 1024, settings.DOCUMENT_MAX_BYTES)


def content_path(document: "Document", filename: str) -> str:
    """Where the file lies: by its hash, so equal content is stored once and no name is guessable from outside."""
    return path_of_content(document.sha256)


def path_of_content(sha256: str) -> str:
    """Below the folder of documents, or in the bucket."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


class Document(Labelled):
    """One immutable file. A better photograph is a new row; nothing is overwritten.

    `sha256` and `size` are of the stored bytes. `file_name` is only shown, never used as a path.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    document_type = models.ForeignKey(
        DocumentType, on_delete=models.PROTECT, related_name="documents", verbose_name=_("jenis dokumen")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="documents", verbose_name=_("pemilik")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("diunggah oleh")
    )  # null: made by the system, such as the PDF of a form
    title = models.CharField(_("judul"), max_length=150)
    file_name = models.CharField(_("nama berkas"), max_length=150)
    content_type = models.CharField(_("jenis isi"), max_length=100)
    size = models.PositiveIntegerField(_("ukuran (byte)"))
    pages = models.PositiveSmallIntegerField(_("halaman"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    file = models.FileField(_("berkas"), storage=document_storage, upload_to=content_path, max_length=120)
    state = models.CharField(
        _("keadaan"), max_length=12, choices=DocumentState, default=DocumentState.CLEAN, editable=False
    )
    scanned_at = models.DateTimeField(_("diperiksa pemindai virus"), null=True, blank=True, editable=False)
    virus = models.CharField(_("virus yang ditemukan"), max_length=100, blank=True, editable=False)
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    created_at = models.DateTimeField(_("disimpan"), auto_now_add=True)
    removed_at = models.DateTimeField(_("dilepas pemiliknya"), null=True, blank=True)  # no longer offered for reuse
    destroyed_at = models.DateTimeField(_("dimusnahkan"), null=True, blank=True, editable=False)
    destroyed_under = models.CharField(_("berita acara pemusnahan"), max_length=60, blank=True, editable=False)

    class Meta:
        verbose_name = _("dokumen")
        verbose_name_plural = _("dokumen")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "document_type", "-id"], name="document_by_owner_type"),
            models.Index(fields=["created_at"], name="document_by_day"),
            models.Index(fields=["document_type", "-id"], name="document_by_type"),
            models.Index(fields=["state", "id"], name="document_by_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are there, or at least wait to be seen by the scanner."""
        return self.state in KEPT_STATES

    @property
    def can_be_opened(self) -> bool:
        return self.state == DocumentState.CLEAN

    @property
    def is_destroyed(self) -> bool:
        """The row tells what there was; the file is gone."""
        return self.state == DocumentState.DESTROYED

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def activity_label(self) -> str:
        return f"{self.document_type.title} #{self.pk}"


class PartialUpload(models.Model):
    """A file that comes in pieces (the only writer is `pieces.py`). Its bytes lie in a folder of their own until the
    last piece is there and entry control has looked at it; then `document` tells what became of it.

    `received` is what is safely on the disk. `place` says which input of which page it was chosen in: the same file
    chosen there again goes on where it stopped.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=255)
    place = models.CharField(max_length=200, blank=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    received = models.PositiveIntegerField(default=0)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, related_name="+")
    touched_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("unggahan yang belum utuh")
        verbose_name_plural = _("unggahan yang belum utuh")
        indexes = [models.Index(fields=["owner", "sha256"], name="partial_upload_by_content")]

    def __str__(self) -> str:
        return f"{self.public_id}: {self.received}/{self.size}"

    @property
    def is_whole(self) -> bool:
        return self.received == self.size


def signature_code() -> str:
    """16 characters without look-alikes (80 bits): cannot be guessed, can be typed from paper."""
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _i in range(16))


class Signature(models.Model):
    """That a person signed something: who, in which role, when, from where, and the hash of what.

    `code` prints on the paper with a QR and leads to `/verifikasi/<code>/`.
    """

    code = models.CharField(_("kode"), max_length=16, unique=True, default=signature_code, editable=False)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("penanda tangan")
    )
    signer_name = models.CharField(_("nama"), max_length=150)  # as it was on the day
    role = models.CharField(_("sebagai"), max_length=40)
    meaning = models.CharField(_("untuk"), max_length=200)
    content_sha256 = models.CharField(_("sidik isi (SHA-256)"), max_length=64)
    signed_at = models.DateTimeField(_("waktu"))
    ip_address = models.GenericIPAddressField(_("alamat IP"), null=True, blank=True)

    class Meta:
        verbose_name = _("tanda tangan")
        verbose_name_plural = _("tanda tangan")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.signer_name}, {self.meaning}"


class TextSource(models.TextChoices):
    """Where the text of a file that the search looks through came from, or why there is none."""

    WAITING = "menunggu", _("Belum dibaca")
    SCAN = "pindaian", _("Pindaian, menunggu dibaca")
    LAYER = "lapisan", _("Teks di dalam PDF")
    OCR = "ocr", _("Dibaca dari pindaian")
    NONE = "kosong", _("Tidak berisi teks")
    FAILED = "gagal", _("Gagal dibaca")
    NOT_READ = "identitas", _("Tidak dibaca (dokumen identitas)")


class DocumentText(models.Model):
    """What a document is found by (only writers: `text.py`, and `reports.document_words` for what cases add).

    `words` is for the database to search, written as `words.py` says; `body` is the text as it stands in the
    file, shown around what was found. `is_stale`: what a case adds (number, scheme, names) is to be gathered
    again. `attempts` counts readings that were begun, so that a file on which the reader dies is left alone.
    """

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="text")
    words = WordsField(blank=True)
    body = models.TextField(blank=True)
    source = models.CharField(_("teks"), max_length=10, choices=TextSource, default=TextSource.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_stale = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("teks dokumen")
        verbose_name_plural = _("teks dokumen")
        indexes = [
            models.Index(fields=["source", "document"], name="document_text_by_source"),
            models.Index(fields=["is_stale", "document"], name="document_text_stale"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.source}"


class RunOutcome(models.TextChoices):
    """How a verification of the files ended. One that was killed or ran out of time stays unfinished."""

    UNFINISHED = "terputus", _("Belum selesai")
    INTACT = "utuh", _("Utuh")
    FAULTY = "bermasalah", _("Bermasalah")


class FindingKind(models.TextChoices):
    """What can be wrong between rows and files."""

    MISSING = "hilang", _("Berkas hilang")
    CHANGED = "berubah", _("Isi berubah")
    UNREADABLE = "tak-terbaca", _("Tidak terbaca")
    ORPHAN = "tak-dikenal", _("Tidak dikenal dokumen mana pun")
    LEFTOVER = "sisa", _("Seharusnya sudah dihapus")


class IntegrityRun(models.Model):
    """That the files were verified, all or a sample, how far it came and what was wrong (only writer: integrity.py).

    A sample takes every `step`-th document from the `offset`-th on, in the order of their keys. `last_document`
    is how far it came: a run that was killed is taken up behind it. `requested_by`: who did not want to wait for the
    night; such a run goes on every minute.
    """

    started_at = models.DateTimeField(_("dimulai"), auto_now_add=True)
    touched_at = models.DateTimeField(_("terakhir maju"), auto_now_add=True)
    ended_at = models.DateTimeField(_("selesai"), null=True, blank=True)
    outcome = models.CharField(_("hasil"), max_length=10, choices=RunOutcome, default=RunOutcome.UNFINISHED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("diminta oleh")
    )
    step = models.PositiveIntegerField(default=1)
    offset = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(_("dokumen saat dimulai"), default=0)
    passed = models.PositiveIntegerField(_("dokumen dilewati"), default=0)
    last_document = models.PositiveBigIntegerField(_("dokumen terakhir"), default=0)
    documents = models.PositiveIntegerField(_("dokumen diperiksa"), default=0)
    size = models.PositiveBigIntegerField(_("byte diperiksa"), default=0)
    missing = models.PositiveIntegerField(_("hilang"), default=0)
    changed = models.PositiveIntegerField(_("berubah"), default=0)
    unreadable = models.PositiveIntegerField(_("tidak terbaca"), default=0)
    orphans = models.PositiveIntegerField(_("tidak dikenal"), default=0)
    leftovers = models.PositiveIntegerField(_("seharusnya sudah dihapus"), default=0)

    class Meta:
        verbose_name = _("pemeriksaan berkas")
        verbose_name_plural = _("keutuhan berkas")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["outcome", "id"], name="integrity_run_by_outcome")]
        permissions = [("request_integrityrun", "Can have the files verified without waiting for the night")]

    def __str__(self) -> str:
        return date_format(localtime(self.started_at), "j M Y, H.i")

    @property
    def is_sample(self) -> bool:
        return self.step > 1

    @property
    def faults(self) -> int:
        return self.missing + self.changed + self.unreadable + self.orphans + self.leftovers

    @property
    def percent(self) -> int:
        return 100 if self.ended_at or not self.expected else min(99, 100 * self.passed // self.expected)


class IntegrityFinding(models.Model):
    """One thing that a run found wrong. It stays in its run; whether it was mended says the next one."""

    run = models.ForeignKey(IntegrityRun, on_delete=models.CASCADE, related_name="findings", verbose_name=_("dari"))
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("dokumen")
    )  # null: no document knows of the file
    file = models.CharField(_("berkas"), max_length=255)
    kind = models.CharField(_("temuan"), max_length=12, choices=FindingKind)
    seen_at = models.DateTimeField(_("terlihat"), auto_now_add=True)

    class Meta:
        verbose_name = _("temuan pemeriksaan berkas")
        verbose_name_plural = _("temuan pemeriksaan berkas")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.file}"
