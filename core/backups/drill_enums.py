"""How a restore drill can end, and what it does on the way."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DrillOutcome(TextChoices):
    RUNNING = "berjalan", _("Sedang berjalan")
    PROVEN = "terbukti", _("Terbukti")
    DIFFERS = "berbeda", _("Berbeda")
    UNVERIFIED = "tak-teruji", _("Tidak dapat diuji")


class DrillStep(TextChoices):
    """In the order in which they are done."""

    PREPARE = "siapkan", _("Menyiapkan tempat uji")
    RESTORE = "pulihkan", _("Memulihkan basis data dan berkas")
    ROWS = "baris", _("Membandingkan baris tiap tabel")
    FILES = "berkas", _("Membandingkan sidik tiap berkas")
    MIGRATE = "sesuaikan", _("Menyesuaikan dengan versi program")
    KEYS = "kunci", _("Membuka data yang tersandi")
    PAPERS = "pdf", _("Membuka contoh PDF")
    LOG_IN = "masuk", _("Masuk ke sistem yang dipulihkan")
    CLEAN = "bersihkan", _("Menghapus tempat uji")


class StepResult(TextChoices):
    FINE = "baik", _("Baik")
    DIFFERS = "berbeda", _("Berbeda")
    FAILED = "gagal", _("Tidak dapat diperiksa")
    SKIPPED = "tidak-perlu", _("Tidak perlu")


#: What must have been looked at before a backup counts as proven; cleaning up afterwards proves nothing.
PROOFS = (
    DrillStep.PREPARE,
    DrillStep.RESTORE,
    DrillStep.ROWS,
    DrillStep.FILES,
    DrillStep.MIGRATE,
    DrillStep.KEYS,
    DrillStep.PAPERS,
    DrillStep.LOG_IN,
)
