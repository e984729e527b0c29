"""What runs at night."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import UserSession
from core.messaging.models import OutboxMessage, OutboxStatus
from core.messaging.services import wipe_old_bodies
from core.policy.models import SystemPolicy
from cron.jobs import clear_expired
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def letter(*, days: int, status: str = OutboxStatus.SENT) -> OutboxMessage:
    """A letter that went out this many days ago."""
    return OutboxMessage.objects.create(
        address="a@contoh.id",
        template_key="uji",
        subject="Perihal",
        body="Isi yang lama",
        status=status,
        sent_at=timezone.now() - timedelta(days=days) if status == OutboxStatus.SENT else None,
    )


def bodies() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("body", flat=True))


def test_letters_lose_their_words_after_the_months_of_the_policy_and_nothing_else():
    SystemPolicy.objects.update(letter_months=12)
    letter(days=370)
    letter(days=360)
    letter(days=400, status=OutboxStatus.WAITING)
    letter(days=400, status=OutboxStatus.FAILED)
    assert wipe_old_bodies() == 1
    assert bodies()[1:] == ["Isi yang lama"] * 3
    assert "masa simpannya habis" in bodies()[0]
    assert OutboxMessage.objects.first().subject == "Perihal"
    assert wipe_old_bodies() == 0


def test_a_letter_that_failed_so_long_ago_loses_its_words_too():
    letter(days=400, status=OutboxStatus.FAILED)
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(days=3000))
    assert wipe_old_bodies() == 1
    assert "masa simpannya habis" in bodies()[0]


def test_more_letters_than_one_batch():
    for _letter in range(5):
        letter(days=2000)
    assert wipe_old_bodies(batch=2) == 5


def test_zero_months_keep_letters_for_ever():
    SystemPolicy.objects.update(letter_months=0)
    letter(days=9000)
    assert wipe_old_bodies() == 0
    assert bodies() == ["Isi yang lama"]


def test_the_nightly_job_does_it_all():
    letter(days=9000)
    UserSession.objects.create(user=make_user(role="asesi"), last_seen_at=timezone.now() - timedelta(days=30))
    clear_expired()
    assert "masa simpannya habis" in bodies()[0]
    assert not UserSession.objects.exists()
