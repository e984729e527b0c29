"""Words about assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VenueKind(models.TextChoices):
    """The three kinds of TUK that BNSP knows."""

    TEMPORARY = "sewaktu", _("TUK sewaktu")
    WORKPLACE = "tempat-kerja", _("TUK tempat kerja")
    INDEPENDENT = "mandiri", _("TUK mandiri")


class SessionMode(models.TextChoices):
    """Remote sessions have no TUK but an address on the network; everything else of a session is the same."""

    ON_SITE = "luring", _("Di TUK")
    REMOTE = "jarak-jauh", _("Jarak jauh")


class SessionStatus(models.TextChoices):
    PLANNED = "rencana", _("Direncanakan")
    ANNOUNCED = "diumumkan", _("Diumumkan")
    CLOSED = "selesai", _("Selesai")
    CANCELLED = "batal", _("Dibatalkan")


class Attendance(models.TextChoices):
    PRESENT = "hadir", _("Hadir")
    ABSENT = "tidak-hadir", _("Tidak hadir")


class PreAssessmentAdvice(models.TextChoices):
    """Foot of FR.APL-02: asesmen dapat / tidak dapat dilanjutkan."""

    CONTINUE = "lanjut", _("Asesmen dapat dilanjutkan")
    STOP = "tidak-lanjut", _("Asesmen tidak dapat dilanjutkan")


class FormSubject(models.TextChoices):
    """What one filled-in form is about."""

    CASE = "permohonan", _("Satu permohonan")
    SESSION = "jadwal", _("Satu jadwal uji")


class FormStage(models.TextChoices):
    """When a paper is due, in the order of a case's journey."""

    BEFORE = "sebelum", _("Sebelum asesmen")
    DURING = "selama", _("Selama asesmen")
    AFTER = "sesudah", _("Sesudah asesmen")
    APPEAL = "banding", _("Saat banding")


class FormParty(models.TextChoices):
    """Who fills in a form, or one line of it, and signs it."""

    ASSESSOR = "asesor", _("Asesor")
    CANDIDATE = "asesi", _("Asesi")
    BOTH = "keduanya", _("Asesi dan asesor")


class LineKind(models.TextChoices):
    """What one line of a form definition is. A section line begins a section; the lines below belong to it."""

    SECTION = "bagian", _("Bagian (judul)")
    NOTE = "petunjuk", _("Petunjuk (teks saja)")
    TEXT = "teks", _("Isian satu baris")
    LONG_TEXT = "teks-panjang", _("Isian beberapa baris")
    YES_NO = "ya-tidak", _("Ya / Tidak")
    OUTCOME = "k-bk", _("Kompeten / Belum kompeten")
    CHOICE = "pilihan", _("Pilih satu")
    CHECKS = "centang", _("Centang beberapa")
    SCALE = "skala", _("Skala")
    DATE = "tanggal", _("Tanggal")


class Repeat(models.TextChoices):
    """How often the questions of a section are asked."""

    ONCE = "sekali", _("Sekali")
    UNIT = "unit", _("Setiap unit")
    ELEMENT = "elemen", _("Setiap elemen")
    CRITERION = "kuk", _("Setiap KUK")


#: Lines that are only read; all others are answered.
SILENT_KINDS = frozenset({LineKind.SECTION, LineKind.NOTE})
#: Lines whose answer is one of, or some of, the options that the form names.
KINDS_WITH_OPTIONS = frozenset({LineKind.CHOICE, LineKind.CHECKS, LineKind.SCALE})
#: Lines that are answered with one tick, beside which there may be room for a comment.
KINDS_WITH_COMMENT = frozenset({LineKind.YES_NO, LineKind.OUTCOME, LineKind.CHOICE, LineKind.SCALE})


class FormNeed(models.TextChoices):
    """Whether the cases of a scheme need a form."""

    REQUIRED = "wajib", _("Wajib")
    OPTIONAL = "bila-perlu", _("Bila perlu")
    UNUSED = "tidak", _("Tidak dipakai")


class FilledFormStatus(models.TextChoices):
    """A paper of a case, from empty to closed. SCANNED is as final as SIGNED: the signatures stand on the scan."""

    EMPTY = "kosong", _("Belum diisi")
    DRAFT = "diisi", _("Sedang diisi")
    PARTLY_SIGNED = "sebagian", _("Menunggu tanda tangan")
    SIGNED = "ditandatangani", _("Ditandatangani")
    SCANNED = "pindaian", _("Pindaian bertanda tangan")


class RecordStatus(models.TextChoices):
    DRAFT = "draf", _("Draf")
    SIGNED = "ditandatangani", _("Ditandatangani")
