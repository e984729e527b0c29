"""Check the text of a certificate's QR code without a browser, and tell how the certificate stands now."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.formats import date_format

from core.certificates.models import Certificate
from core.certificates.signing import ForgedToken, UnreadableToken, check_token
from core.certificates.standing import status_now


class Command(BaseCommand):
    help = (
        "Memeriksa teks kode QR sebuah sertifikat. Kode keluar 0: asli dan berlaku, 1: dipalsukan, "
        "2: tidak terbaca, 3: asli, tetapi tidak berlaku (lagi)."
    )

    def add_arguments(self, parser):
        parser.add_argument("text", help="teks kode QR, atau bagian sesudah tanda #")

    def handle(self, *args, **options):
        try:
            found = check_token(options["text"])
        except UnreadableToken as error:
            raise CommandError("Ini bukan teks kode QR sertifikat, atau tidak lengkap.", returncode=2) from error
        except ForgedToken as error:
            raise CommandError("DIPALSUKAN: isinya tidak ditandatangani oleh LSP ini.", returncode=1) from error
        self.stdout.write(
            f"Asli: {found.number}, {found.name}, {found.scheme}; terbit {date_format(found.issued_on, 'j F Y')}, "
            f"berlaku sampai {date_format(found.valid_until, 'j F Y')}."
        )
        certificate = Certificate.objects.filter(code=found.code).first()
        if certificate is None:
            raise CommandError("Sertifikat ini tidak ada di basis data ini.", returncode=3)
        now = status_now(certificate)
        if not now.holds:
            raise CommandError(f"Keadaan sekarang: {now.label}.", returncode=3)
        self.stdout.write(f"Keadaan sekarang: {now.label}.")
