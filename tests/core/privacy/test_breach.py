"""The notice of a breach: what the system knows stands in it, and everybody who must be told is on the list."""

import csv
import stat
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.content.models import OfficeData
from core.privacy.breach import OPEN
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db


def letters(folder, *numbers, found, capsys):
    started = found - timedelta(days=2)
    call_command("breach_letter", *numbers, started=started.isoformat(), found=found.isoformat(), folder=folder)
    return (folder / "surat-orang.md").read_text(), (folder / "surat-lembaga.md").read_text(), capsys.readouterr().out


def test_what_the_system_knows_is_filled_in_and_nobody_else_can_read_it(tmp_path, capsys):
    OfficeData.objects.update(leader_name="Dr. Sari Utami", address="Jl. Pramuka 38\nJakarta")
    first, second = make_application(full_name="Rina Kusuma"), make_application(full_name="=SUM(A1) Santoso")
    found = timezone.localtime(timezone.now()) - timedelta(hours=5)
    folder = tmp_path / "surat"

    person, authority, said = letters(folder, first.number, second.number, found=found, capsys=capsys)

    assert f"kami ketahui pada {found:%-d} " in person
    assert "Dr. Sari Utami" in person
    assert "Dr. Sari Utami" in authority
    assert "Jl. Pramuka 38, Jakarta" in authority
    assert "| Jumlah orang | 2 orang, 2 permohonan |" in authority
    assert "KTP" in authority  # the documents that lay in their files
    limit = timezone.localtime(found + timedelta(hours=72))
    assert f"{limit:%-d} " in said.partition("sebelum")[2]
    assert f"{limit:%H.%M}" in said
    assert not person.startswith(">")
    assert OPEN.findall(person)  # what only people know is still theirs to write

    with open(folder / "penerima.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [(row["nama"], row["e-mail"]) for row in rows] == [
        ("Rina Kusuma", first.candidate.user.email),
        ("'=SUM(A1) Santoso", second.candidate.user.email),  # a spreadsheet shows it and runs nothing
    ]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert ActivityEntry.objects.get(code="privacy.breach_letter").data["people"] == 2


@pytest.mark.parametrize(
    ("numbers", "hours", "words"),
    [
        (["APL-TIDAK-ADA"], 5, "APL-TIDAK-ADA"),
        ([""], 5, "Sebut nomor permohonan"),
        (["APL-TIDAK-ADA"], -5, "keduanya sudah lewat"),
    ],
)
def test_a_slip_of_the_pen_writes_nothing(tmp_path, capsys, numbers, hours, words):
    with pytest.raises(CommandError, match=words):
        letters(tmp_path / "surat", *numbers, found=timezone.now() - timedelta(hours=hours), capsys=capsys)
    assert not (tmp_path / "surat").exists()


def test_letters_that_were_written_are_not_written_over(tmp_path, capsys):
    case, found = make_application(), timezone.now() - timedelta(hours=1)
    letters(tmp_path / "surat", case.number, found=found, capsys=capsys)
    with pytest.raises(CommandError, match="sudah berisi"):
        letters(tmp_path / "surat", case.number, found=found, capsys=capsys)
