"""What an encrypted field does with keys and searches."""

import pytest
from cryptography.fernet import InvalidToken
from django.db import connection

from core.accounts.models import CandidateProfile
from core.common.fields import lookup_hash
from core.config.env import fernet_key
from tests.factories.accounts import make_candidate

pytestmark = pytest.mark.django_db

NIK = "8171011205900001"


def raw_nik(profile: CandidateProfile) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nik FROM core_candidateprofile WHERE id = %s", [profile.pk])
        return cursor.fetchone()[0]


def test_the_column_holds_no_digit_of_the_nik_in_order():
    profile = make_candidate(nik=NIK)

    raw = raw_nik(profile)

    assert raw.startswith("gAAAA")  # Fernet
    assert NIK not in raw
    assert CandidateProfile.objects.get(pk=profile.pk).nik == NIK


def test_the_same_nik_looks_different_each_time_it_is_saved():
    profile = make_candidate(nik=NIK)
    before = raw_nik(profile)

    profile.save()

    assert raw_nik(profile) != before


def test_nothing_stays_nothing_and_can_be_asked_for():
    profile = make_candidate()

    CandidateProfile.objects.filter(pk=profile.pk).update(nik="")

    assert raw_nik(profile) == ""
    assert CandidateProfile.objects.get(pk=profile.pk).nik == ""


def test_after_a_key_was_added_in_front_the_old_rows_are_still_read(settings):
    profile = make_candidate(nik=NIK)
    old, new = settings.FIELD_ENCRYPTION_KEYS[0], fernet_key("new")
    before = raw_nik(profile)

    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    profile = CandidateProfile.objects.get(pk=profile.pk)
    assert profile.nik == NIK
    profile.save()

    settings.FIELD_ENCRYPTION_KEYS = [new]  # written with the new key from now on
    assert raw_nik(profile) != before
    assert CandidateProfile.objects.get(pk=profile.pk).nik == NIK


def test_without_its_key_a_row_is_not_read_as_something_else(settings):
    profile = make_candidate(nik=NIK)

    settings.FIELD_ENCRYPTION_KEYS = [fernet_key("stranger")]

    with pytest.raises(InvalidToken):
        CandidateProfile.objects.get(pk=profile.pk)


@pytest.mark.parametrize("lookup", ["nik", "nik__contains", "nik__startswith", "nik__in", "nik__gt"])
def test_a_search_by_the_number_itself_is_an_error_and_no_empty_answer(lookup):
    with pytest.raises(TypeError, match="lookup hash"):
        CandidateProfile.objects.filter(**{lookup: NIK}).exists()


def test_the_lookup_hash_depends_on_the_key(settings):
    before = lookup_hash(NIK)

    settings.LOOKUP_KEY = "another"

    assert len(before) == 64
    assert lookup_hash(NIK) != before
