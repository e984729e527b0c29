"""Questions and complaints in the demonstration: some wait, one too long, some are answered, one is over."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from core.accounts.models import User
from core.applications.models import Application
from core.inquiries.models import Ticket
from core.inquiries.queries import last_line, topics_of
from core.inquiries.rules import LinkHolder
from core.inquiries.services import add_note, answer_ticket, assign_ticket, open_ticket, write_to_ticket


def seed_inquiries(*, clerk: User, second: User, person: User) -> None:
    """All written by the real services; only the waiting is moved back."""
    case = Application.objects.filter(number__isnull=False).order_by("pk").first()
    _ask(
        "kerja-sama",
        "Hendra Manurung",
        "hendra@bpbd.contoh.id",
        "Kami ingin mendaftarkan 40 relawan. Bagaimana caranya?",
    )
    old = _ask("jadwal", "Maria Pattiasina", "maria@contoh.id", "Kapan uji berikutnya di Ambon?")
    _let_wait(old, days=6)
    number = case.number if case else ""
    complaint = _ask("tuk", "Yohana Tambunan", "yohana@contoh.id", "Ruang uji bocor saat hujan.", "pengaduan", number)
    assign_ticket(ticket=complaint, assignee=second, by=clerk)
    add_note(ticket=complaint, text="Pengelola TUK ditelepon; atap diperiksa hari ini.", by=clerk)
    answered = _ask("sertifikat", "Eko Saputra", "eko@contoh.id", "Apakah sertifikat dapat dicetak ulang?")
    _answer(answered, "Dapat. Unduh lagi dari meja Anda; berkasnya selalu sama.", by=clerk)
    over = _ask("pendaftaran", "Vina Lubis", "vina@contoh.id", "Surat konfirmasi tidak sampai.")
    _answer(over, "Sudah kami kirim ulang. Periksa juga folder spam.", by=second)
    write_to_ticket(ticket=over, text="Sudah sampai, terima kasih.", by=LinkHolder(over.pk))
    _answer(over, "Senang membantu.", by=second, closes=True)
    own = open_ticket(
        kind="pertanyaan",
        topic=topics_of("pertanyaan").get(code="permohonan"),
        text="Bolehkah surat tugas lama dipakai sebagai bukti pengalaman?",
        submission=uuid4(),
        by=person,
    )
    _answer(own, "Boleh, asal menyebut nama Anda, tempat, dan waktunya.", by=clerk)


def _ask(topic: str, name: str, email: str, text: str, kind: str = "pertanyaan", about: str = "") -> Ticket:
    return open_ticket(
        kind=kind,
        topic=topics_of(kind).get(code=topic),
        name=name,
        email=email,
        text=text,
        about=about,
        submission=uuid4(),
    )


def _answer(ticket: Ticket, text: str, *, by: User, closes: bool = False) -> None:
    answer_ticket(ticket=ticket, text=text, seen=last_line(ticket), closes=closes, by=by)


def _let_wait(ticket: Ticket, *, days: int) -> None:
    before = timedelta(days=days)
    Ticket.objects.filter(pk=ticket.pk).update(
        created_at=timezone.now() - before,
        waiting_since=timezone.now() - before,
        due_on=timezone.localdate() - timedelta(days=1),
    )
