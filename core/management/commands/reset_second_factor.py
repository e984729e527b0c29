"""Take a lost second factor away when no administrator can get in to do it."""

from django.core.management.base import BaseCommand, CommandError

from core.accounts.queries import find_user_by_email
from core.accounts.second_factor import reset_second_factor
from core.common.exceptions import DomainError


class Command(BaseCommand):
    help = (
        "Mengatur ulang faktor kedua sebuah akun: kode ponsel dan kode pemulihannya tidak berlaku lagi, semua sesinya "
        "berakhir, pemiliknya dikabari lewat surat, dan kejadiannya tercatat. Sandi tidak berubah."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help="alamat e-mail akun")
        parser.add_argument(
            "--reason", default="diatur ulang lewat server", help="alasan, tercatat dan tertulis di surat"
        )

    def handle(self, *args, email: str, reason: str, **options):
        user = find_user_by_email(email)
        if user is None:
            raise CommandError(f"Tidak ada akun dengan alamat {email}. Periksa ejaannya.")
        try:
            reset_second_factor(user=user, reason=reason)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write("Faktor kedua diatur ulang. Pemiliknya mengaktifkan yang baru saat masuk dengan sandinya.")
