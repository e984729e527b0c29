"""What is typed and not sent: kept for its owner, never written over unseen, gone once it was sent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.common.exceptions import DomainError, StaleVersion
from core.common.models import UnsentForm
from core.common.unsent import KEPT, empty_unsent, forget_unsent, save_unsent, unsent_form
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db
FORM = "pengaduan"


@pytest.fixture
def person():
    return make_user(role="asesi")


def save(person, text: str, version: int = 0) -> int:
    return save_unsent(name=FORM, answers={"text": text, "phone": ""}, version=version, by=person)


def test_what_was_typed_is_there_for_its_owner_alone(person):
    assert save(person, "Asesor datang terlambat") == 1

    assert unsent_form(person=person, name=FORM).answers == {"text": "Asesor datang terlambat"}
    assert unsent_form(person=make_user(role="asesi"), name=FORM).answers == {}
    assert unsent_form(person=person, name="banding-1").answers == {}


def test_the_same_words_again_write_nothing(person):
    save(person, "Sama")
    assert save(person, "Sama") == 1


def test_another_device_does_not_write_over_newer_words(person):
    save(person, "dari ponsel")
    for act in (lambda: save(person, "dari laptop"), lambda: empty_unsent(name=FORM, version=0, by=person)):
        with pytest.raises(StaleVersion):
            act()
    assert unsent_form(person=person, name=FORM).answers == {"text": "dari ponsel"}


def test_sending_empties_it_and_whatever_is_typed_next_begins_anew(person):
    save(person, "Pertama")
    emptied = empty_unsent(name=FORM, version=1, by=person)

    assert unsent_form(person=person, name=FORM).answers == {}
    assert save(person, "Kedua", version=0) > emptied  # a page that is open elsewhere: nothing is lost by it


def test_what_is_longer_than_any_box_is_refused(person):
    with pytest.raises(DomainError):
        save(person, "x" * 10_001)


def test_what_nobody_came_back_to_goes(person):
    save(person, "lama")
    UnsentForm.objects.update(saved_at=timezone.now() - KEPT - timedelta(days=1))
    save(make_user(role="asesi"), "baru")

    assert forget_unsent() == 1
    assert UnsentForm.objects.get().answers == {"text": "baru"}
