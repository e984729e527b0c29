"""One document or one record from a backup: nothing else changes, and what was restored can be turned back."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.activity.models import ActivityEntry
from core.activity.queries import versions_of
from core.activity.versions import restore_version
from core.assessments.models import Venue
from core.backups.services import run_backup
from core.backups.single import is_whole, look_up_record, model_called, restore_document, restore_record
from core.documents.models import DocumentState
from tests.core.helpers import refused
from tests.factories.accounts import make_candidate, make_user
from tests.factories.documents import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("restic") is None, reason="restic is not installed"),
]


@pytest.fixture
def administrator(drill_places, migrated):
    return make_user(role="administrator", email="admin@contoh.id")


def said(command: str, *words: str) -> str:
    out = io.StringIO()
    call_command(command, *words, "--by", "admin@contoh.id", stdout=out)
    return out.getvalue()


def test_a_lost_and_a_changed_file_come_back_and_nothing_else_does(administrator):
    owner = make_candidate().user
    lost, changed, destroyed = (make_document(owner=owner) for _paper in range(3))
    run_backup()
    Path(lost.file.path).unlink()
    Path(changed.file.path).write_bytes(b"x")
    Path(destroyed.file.path).unlink()
    destroyed.state, destroyed.destroyed_under = DocumentState.DESTROYED, "BA-1"
    destroyed.save()

    assert "Dipulihkan dari cadangan" in said("restore_document", lost.sha256)
    said("restore_document", str(changed.public_id))

    assert is_whole(lost)
    assert is_whole(changed)
    assert ActivityEntry.objects.filter(code="backup.restore_document", actor=administrator).count() == 2
    with pytest.raises(CommandError, match="ada dan utuh"):
        said("restore_document", lost.sha256)
    with pytest.raises(CommandError, match="BA-1; isinya tidak boleh dipulihkan"):
        said("restore_document", destroyed.sha256)
    with pytest.raises(CommandError, match="Tidak ada dokumen"):
        said("restore_document", "0" * 64)
    with refused("restore.forbidden"):
        restore_document(document=lost, by=owner)


def test_a_record_comes_back_field_by_field_as_a_version_that_can_be_turned_back(administrator):
    venue = Venue.objects.create(code="TUK-1", name="Sentul", address="Jalan Anyar 1")
    run_backup()
    Venue.objects.filter(pk=venue.pk).update(name="Salah ketik")
    kept = look_up_record(model=model_called("venue"), pk=str(venue.pk))
    [change] = kept.changes
    assert [(field.name, field.before, field.after) for field in change.fields] == [("name", "Salah ketik", "Sentul")]

    restore_record(kept=kept, by=administrator)

    venue.refresh_from_db()
    assert venue.name == "Sentul"
    assert ActivityEntry.objects.filter(code="backup.restore_record", subject_id=str(venue.pk)).count() == 1
    wrong = versions_of(Venue, venue.pk).order_by("pk").first()
    restore_version(version=wrong, by=administrator)
    venue.refresh_from_db()
    assert venue.name == "Salah ketik"

    Venue.objects.all().delete()
    restore_record(kept=kept, by=administrator)
    assert Venue.objects.get(pk=venue.pk).name == "Sentul"
    with refused("restore.forbidden"):
        restore_record(kept=kept, by=make_user(role="sekretariat"))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["application", "1"], "tidak dipulihkan satu per satu"),
        (["nothing", "1"], "Tidak ada jenis data bernama nothing"),
        (["venue", "x"], "bukan nomor yang dikenal"),
        (["venue", "1", "--date", "kemarin"], "ditulis seperti 2026-11-24"),
    ],
)
def test_what_cannot_come_back_is_refused_with_a_sentence(administrator, words, answer):
    with pytest.raises(CommandError, match=answer):
        said("restore_record", *words)
