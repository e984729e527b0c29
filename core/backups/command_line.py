"""What the commands that restore a single thing have in common: who does it, and as of when."""

from argparse import ArgumentParser
from datetime import date, datetime, time

from django.core.management.base import CommandError
from django.utils import timezone

from core.accounts.models import User
from core.accounts.queries import find_user_by_email


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--by", required=True, metavar="E-MAIL", help="administrator yang memulihkan; dicatat")
    parser.add_argument(
        "--date", metavar="2026-11-24[T10:15]", help="keadaan paling akhir pada saat itu (bawaan: cadangan terbaru)"
    )


def moment_of(text: str | None) -> datetime | None:
    """A day means its end; without a zone, the office's clock."""
    if not text:
        return None
    try:
        if len(text) == len("2026-11-24"):
            return timezone.make_aware(datetime.combine(date.fromisoformat(text), time.max))
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError("--date ditulis seperti 2026-11-24 atau 2026-11-24T10:15.") from error
    return moment if moment.tzinfo else timezone.make_aware(moment)


def person_of(email: str) -> User:
    person = find_user_by_email(email)
    if person is None or not person.is_active:
        raise CommandError("Tidak ada akun aktif dengan alamat itu. --by menyebut administrator yang memulihkan.")
    return person
