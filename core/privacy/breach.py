"""The written notice of a failure to protect personal data: UU 27/2022 article 46, within 3 × 24 hours.

The words are those of server_docs/runbook/surat-pemberitahuan.md, which is what people without this program use. What
the program knows is put in, what only people know stays in square brackets. Sends nothing: who is told, and when, is
for the head of the LSP to decide.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.activity.exports import csv_lines
from core.activity.services import record_activity
from core.applications.models import Application, CaseDocument
from core.common.exceptions import DomainError
from core.common.text import grouped
from core.content.queries import office

LETTER = settings.BASE_DIR / "server_docs" / "runbook" / "surat-pemberitahuan.md"
#: Article 46 (1): counted from when it was found.
TIME_TO_TELL = timedelta(hours=72)
#: What every case that was begun holds of its person, apart from documents; NIK lies encrypted.
FORMS = "Isian FR.APL-01 (nama, NIK, tempat dan tanggal lahir, alamat, telepon, e-mail, pendidikan, pekerjaan)"
#: What stays for people to fill in; [x] in a table's frame is none.
OPEN = re.compile(r"\[[^\]\n|]{2,}\]")


@dataclass(frozen=True)
class Breach:
    """What is known of it. `cases`: those whose data were touched."""

    started: datetime
    found: datetime
    cases: list[Application]

    @property
    def deadline(self) -> datetime:
        return self.found + TIME_TO_TELL

    @property
    def people(self) -> dict[User, list[Application]]:
        told: dict[User, list[Application]] = {}
        for case in self.cases:
            told.setdefault(case.candidate.user, []).append(case)
        return told


def find_breach(*, started: datetime, found: datetime, numbers: Iterable[str]) -> Breach:
    """DomainError when a number is not known, so that nobody is left out by a slip of the pen."""
    if not started <= found <= timezone.now():
        raise DomainError(
            _("Waktu terjadi harus sebelum waktu diketahui, dan keduanya sudah lewat."), code="breach.time"
        )
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise DomainError(_("Sebut nomor permohonan yang datanya terkena."), code="breach.nobody")
    cases = list(Application.objects.filter(number__in=wanted).select_related("candidate__user").order_by("pk"))
    unknown = sorted(set(wanted) - {case.number for case in cases})
    if unknown:
        raise DomainError(
            _("Nomor ini tidak dikenal: %(numbers)s.") % {"numbers": ", ".join(unknown[:10])}, code="breach.unknown"
        )
    return Breach(started, found, cases)


def write_letters(*, breach: Breach, folder: Path) -> dict[str, int]:
    """Three files that only their owner may read: the letter to the people, the one to the authority, and who gets the
    first. How many people, and how many places are left for people to fill in."""
    people, organisation = _filled(breach)
    if folder.exists() and any(folder.iterdir()):
        raise DomainError(_("Foldernya sudah berisi. Sebut folder baru."), code="breach.folder")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    with transaction.atomic():
        record_activity("privacy.breach_letter", people=len(breach.people), cases=len(breach.cases))
    _private(folder / "surat-orang.md", people)
    _private(folder / "surat-lembaga.md", organisation)
    with _opened(folder / "penerima.csv") as out:
        out.writelines(csv_lines(_recipients(breach)))
    return {"people": len(breach.people), "open": len(OPEN.findall(people + organisation))}


def _recipients(breach: Breach) -> Iterator[list[str]]:
    yield ["nama", "e-mail", "permohonan", "dokumen"]
    for person, cases in breach.people.items():
        yield [person.full_name, person.email, "; ".join(case.number for case in cases), "; ".join(_kinds(cases))]


def _kinds(cases: list[Application]) -> list[str]:
    """Which documents lie in their files, replaced ones as well; what was destroyed cannot have been read."""
    there = CaseDocument.objects.filter(application__in=cases, document__destroyed_at=None)
    return list(
        there.order_by("document__document_type__title")
        .values_list("document__document_type__title", flat=True)
        .distinct()
    )


def _filled(breach: Breach) -> tuple[str, str]:
    """Both letters. Each place that is filled must stand in the page: a test notices when its words were changed."""
    lsp, started, found = office(), _moment(breach.started), _moment(breach.found)
    data = ", ".join([FORMS, *_kinds(breach.cases)])
    leader = lsp.leader_name or _("[nama Ketua LSP]")
    count = _("%(people)s orang, %(cases)s permohonan") % {
        "people": grouped(len(breach.people)),
        "cases": grouped(len(breach.cases)),
    }
    places = {
        "[Misalnya: nama, alamat e-mail, salinan ijazah.]": f"{data}. [Periksa, hapus yang tidak terkena.]",
        "Terjadi pada [tanggal dan jam],": f"Terjadi pada {started},",
        "kami ketahui pada [tanggal dan jam].": f"kami ketahui pada {found}.",
        "LSP BNPB, [alamat]": ", ".join(filter(None, [lsp.name, lsp.address.replace("\n", ", ")])),
        "[tanggal, jam, oleh siapa]": f"{found}, [oleh siapa]",
        "[tanggal, jam] sampai [tanggal, jam]": f"{started} sampai [tanggal, jam]",
        "[jenis; sebut": f"{data} [periksa, hapus yang tidak terkena; sebut",
        "[angka, atau perkiraan dan dasarnya]": count,
        "[nama Ketua LSP], Ketua LSP BNPB": f"{leader}, {lsp.leader_position or _('Ketua LSP BNPB')}",
    }
    text = LETTER.read_text(encoding="utf-8")
    for theirs, ours in places.items():
        if theirs not in text:
            raise LookupError(theirs)
        text = text.replace(theirs, ours)
    _head, people, organisation = re.split(r"^## .+$", text, flags=re.MULTILINE)
    notice = _("Batas waktu: %(deadline)s (3 × 24 jam sejak diketahui).") % {"deadline": _moment(breach.deadline)}
    return tuple(
        f"<!-- {notice} -->\n\n{re.sub('^> ?', '', part.strip(), flags=re.MULTILINE)}\n"
        for part in (people, organisation)
    )


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "j F Y, H.i T")


def _opened(path: Path):
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="")


def _private(path: Path, text: str) -> None:
    with _opened(path) as out:
        out.write(text)
