"""Load reference data (idempotent); run after every update of the product."""

from django.core.management.base import BaseCommand

from core.accounts.services import sync_role_permissions
from core.reference import load_reference


class Command(BaseCommand):
    help = (
        "Memuat data acuan (wilayah, daftar kode, standar, skema, templat) dan menyelaraskan hak peran. Aman diulang."
    )

    def handle(self, *args, **options):
        counts = load_reference()
        synced = sync_role_permissions()
        listed = ", ".join(f"{key} {count}" for key, count in counts.items())
        self.stdout.write(f"Data acuan: {listed}. Hak diselaraskan untuk {synced} pengguna.")
