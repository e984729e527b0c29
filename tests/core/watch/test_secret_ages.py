"""Since when each key and password of the server is in use: the log remembers it, administrators read it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core.activity.labels import act
from core.activity.models import ActivityEntry
from core.activity.queries import entries_for
from core.watch.secret_ages import note_secrets, secret_ages, secrets_in_use
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def ages() -> dict[str, tuple]:
    return {one.name: (one.since and timezone.localdate(one.since), one.is_first, one.is_old) for one in secret_ages()}


def test_a_key_that_was_replaced_is_young_again_and_the_others_keep_their_age(settings):
    begun = timezone.now() - timedelta(days=400)
    with time_machine.travel(begun):
        assert "SECRET_KEY" in note_secrets()
        assert note_secrets() == [], "the same ones are no news"
    assert ages()["SECRET_KEY"] == (timezone.localdate(begun), True, True)

    settings.SECRET_KEY = "another-key-of-no-value"
    assert note_secrets() == ["SECRET_KEY"]

    assert ages()["SECRET_KEY"] == (timezone.localdate(), False, False)
    assert ages()["CERTIFICATE_SIGNING_KEY"] == (timezone.localdate(begun), True, True)


@pytest.mark.parametrize(("days", "is_old"), [(400, False), (399, True), (0, False)])
def test_the_operator_says_what_is_old(settings, days, is_old):
    with time_machine.travel(timezone.now() - timedelta(days=400) + timedelta(minutes=1)):
        note_secrets()
    settings.SECRETS_CHANGE_DAYS = days
    assert ages()["SECRET_KEY"][2] is is_old


def test_the_first_of_the_field_keys_is_the_one_whose_age_counts(settings):
    old = settings.FIELD_ENCRYPTION_KEYS
    note_secrets()
    settings.FIELD_ENCRYPTION_KEYS = [*old, "x"]
    assert note_secrets() == []
    settings.FIELD_ENCRYPTION_KEYS = ["x", *old]
    assert note_secrets() == ["FIELD_ENCRYPTION_KEYS"]


def test_the_password_of_the_backup_is_read_from_its_file_and_its_absence_is_no_fault(settings, tmp_path):
    settings.BACKUP_PASSWORD_FILE = tmp_path / "sandi"
    assert "BACKUP_PASSWORD_FILE" not in secrets_in_use()
    settings.BACKUP_PASSWORD_FILE.write_text("perahu-kayu-di-muara\n")
    assert "BACKUP_PASSWORD_FILE" in note_secrets()


def test_the_log_holds_nothing_of_the_secret_and_only_administrators_read_of_it():
    note_secrets()
    rows = ActivityEntry.objects.filter(code="secret.renew")
    told = " ".join(str(row.data) for row in rows)
    assert not [name for name, secret in secrets_in_use().items() if secret in told]
    assert {len(row.data["mark"]) for row in rows} == {16}
    assert act(rows.get(data__name="SECRET_KEY")) == "mulai memakai kunci atau sandi lain: SECRET KEY"
    assert entries_for(make_user(role="administrator")).filter(code="secret.renew").exists()
    assert not entries_for(make_user(role="bnsp")).filter(code="secret.renew").exists()
