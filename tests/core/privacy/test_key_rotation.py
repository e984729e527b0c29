"""Encryption keys are replaced while the product is in use, and the old one may go only when nothing needs it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.accounts.models import CandidateProfile
from core.accounts.nik import nik_hash
from core.activity.versioning import is_versioned
from core.common.fields import encrypted
from core.config.env import fernet_key
from core.inquiries.models import TicketMessage
from core.jobs.models import Job
from core.privacy import key_rotation
from core.privacy.key_rotation import encrypted_columns, rehash_niks, rotate_keys
from tests.core.helpers import at_once, everything_in_the_database
from tests.factories.accounts import make_candidate, make_user
from tests.factories.inquiries import make_ticket

pytestmark = pytest.mark.django_db

NIKS = ["8171011205900001", "8171011205900002", "8171011205900003"]
NEW = fernet_key("new")


def raw(profile: CandidateProfile) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik FROM core_candidateprofile WHERE id = %s", [profile.pk])
        return cursor.fetchone()[0]


@pytest.fixture
def people():
    return [make_candidate(nik=nik) for nik in NIKS]


@pytest.fixture
def new_in_front(people, settings):
    """A second key was put before the one under which three people were written."""
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *settings.FIELD_ENCRYPTION_KEYS]


def test_afterwards_the_new_key_alone_reads_everything(people, settings):
    ticket = make_ticket()
    words = TicketMessage.objects.get(ticket=ticket).text
    job = Job.objects.create(kind="ekspor", title="Daftar", by=make_user(), parameters={"query": encrypted("q=Siti")})
    updated = CandidateProfile.objects.get(pk=people[0].pk).updated_at
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *settings.FIELD_ENCRYPTION_KEYS]

    found = rotate_keys()

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert [CandidateProfile.objects.get(pk=one.pk).nik for one in people] == NIKS
    assert TicketMessage.objects.get(ticket=ticket).text == words
    job.refresh_from_db()
    assert key_rotation.decrypted(job.parameters["query"]) == "q=Siti"
    assert CandidateProfile.objects.get(pk=people[0].pk).updated_at == updated  # nobody edited it
    assert (found.left, found.unreadable) == (0, 0)
    assert found.changed == sum(found.old.values()) >= 5


def test_what_hangs_on_the_first_key_is_left_as_it_is(new_in_front, people):
    rotate_keys()
    before = [raw(one) for one in people]

    assert rotate_keys().changed == 0

    assert [raw(one) for one in people] == before


def test_check_counts_and_changes_nothing(new_in_front, people, capsys):
    before = everything_in_the_database()

    with pytest.raises(CommandError, match="3 nilai masih memerlukan kunci lama"):
        call_command("rotate_field_keys", "--check")

    assert "core_candidateprofile.nik: 3 dengan kunci lama" in capsys.readouterr().out
    assert everything_in_the_database() == before


def test_the_command_says_when_the_old_key_may_go(new_in_front, people, capsys):
    call_command("rotate_field_keys")
    call_command("rotate_field_keys", "--check")

    assert "boleh dilepas dari .env" in capsys.readouterr().out


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(new_in_front, people, monkeypatch):
    monkeypatch.setattr(key_rotation, "BATCH", 1)

    def pull_the_plug(table, found):
        if found.changed == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate_keys(tell=pull_the_plug)

    assert rotate_keys(write=False).left == 1
    assert rotate_keys().changed == 1


def test_what_somebody_saved_between_reading_and_writing_is_not_overwritten(new_in_front, people, monkeypatch):
    """The row was read under the old key; before its turn comes, its owner corrects the number."""
    replace = key_rotation._replace

    def meanwhile(model, due):
        if model is CandidateProfile:
            one = CandidateProfile.objects.get(pk=people[1].pk)
            one.nik = "8171011205900009"
            one.save()
        return replace(model, due)

    monkeypatch.setattr(key_rotation, "_replace", meanwhile)

    rotate_keys()

    assert CandidateProfile.objects.get(pk=people[1].pk).nik == "8171011205900009"
    assert rotate_keys(write=False).left == 0


def test_a_value_that_no_key_opens_is_named_and_hinders_no_other(people, settings, capsys):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_candidateprofile SET nik = %s WHERE id = %s", ["gAAAAAbroken", people[0].pk])
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *settings.FIELD_ENCRYPTION_KEYS]

    with pytest.raises(CommandError, match="1 nilai tidak terbuka"):
        call_command("rotate_field_keys")

    assert f"core_candidateprofile.nik #{people[0].pk}" in capsys.readouterr().out
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert CandidateProfile.objects.get(pk=people[1].pk).nik == NIKS[1]


def test_a_nik_is_found_again_after_the_lookup_key_was_replaced(people, settings):
    settings.LOOKUP_KEY = "another-lookup-key"
    assert not CandidateProfile.objects.filter(nik_hash=nik_hash(NIKS[0])).exists()

    assert rehash_niks(write=False) == (3, [])
    assert rehash_niks() == (3, [])

    assert CandidateProfile.objects.get(nik_hash=nik_hash(NIKS[0])).pk == people[0].pk
    assert rehash_niks() == (0, [])


def test_a_nik_entered_twice_under_two_lookup_keys_is_told_and_not_decided(people, settings):
    settings.LOOKUP_KEY = "another-lookup-key"
    make_candidate(nik=NIKS[0])  # the product could not know

    wrong, taken = rehash_niks()

    assert (wrong, taken) == (3, [f"core_candidateprofile #{people[0].pk}"])


def test_no_encrypted_field_is_copied_in_plain_into_the_history_of_versions():
    """django-reversion writes values as they read; so what is encrypted must not be versioned."""
    assert [model.__name__ for model in encrypted_columns() if is_versioned(model)] == []
    assert json.dumps(sorted(model.__name__ for model in encrypted_columns())).count('"') >= 24  # a dozen models


@pytest.mark.django_db(transaction=True)
def test_rotation_and_savings_at_the_same_moment_lose_nothing(settings):
    people = [make_candidate(nik=f"81710112059000{number:02d}") for number in range(10, 40)]
    settings.FIELD_ENCRYPTION_KEYS = [NEW, *settings.FIELD_ENCRYPTION_KEYS]

    def save_all():
        for one in people:
            row = CandidateProfile.objects.get(pk=one.pk)
            row.birth_place = "Ambon"
            row.save()

    at_once(rotate_keys, save_all, rotate_keys)

    rotate_keys()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    rows = CandidateProfile.objects.order_by("pk")
    assert [row.nik for row in rows] == [f"81710112059000{number:02d}" for number in range(10, 40)]
    assert {row.birth_place for row in rows} == {"Ambon"}
