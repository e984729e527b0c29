"""A page that sends itself again and again: each sending counts once, and is no conflict with itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.common.models import SentPage
from core.common.sendings import KEPT, Sending, Taken, forget_sendings, take
from tests.core.helpers import at_once
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


class Draft:
    """Something with a version, as sections, profiles and papers are."""

    def __init__(self):
        self.version, self.compared = 0, []

    def save(self, version: int) -> int:
        self.compared.append(version)
        self.version += 1
        return self.version


def test_the_same_sending_twice_counts_once_and_is_answered_alike():
    person, draft = make_user(role="asesi"), Draft()
    sending = Sending(version=0, page="halaman", number=1)

    answers = [take(draft.save, sending=sending, by=person) for _time in range(3)]

    assert answers == [Taken(1, 1)] * 3
    assert draft.version == 1


def test_an_older_sending_that_comes_late_does_not_undo_a_newer_one():
    person, draft = make_user(role="asesi"), Draft()
    take(draft.save, sending=Sending(0, "halaman", 2), by=person)

    late = take(draft.save, sending=Sending(0, "halaman", 1), by=person)

    assert late == Taken(1, 2)  # the page hears that a newer one was taken
    assert draft.version == 1


def test_a_page_that_did_not_hear_of_its_own_version_is_not_in_conflict_with_itself():
    person, draft = make_user(role="asesi"), Draft()

    for number in (1, 2):
        take(draft.save, sending=Sending(0, "halaman", number), by=person)

    assert draft.compared == [0, 1]


def test_after_a_comparison_the_newer_version_is_believed():
    person, draft = make_user(role="asesi"), Draft()
    take(draft.save, sending=Sending(0, "halaman", 1), by=person)

    take(draft.save, sending=Sending(7, "halaman", 2), by=person)

    assert draft.compared == [0, 7]


def test_pages_and_people_have_numbers_of_their_own():
    person, draft = make_user(role="asesi"), Draft()

    for by, page in ((person, "a"), (person, "b"), (make_user(role="asesi"), "a")):
        take(draft.save, sending=Sending(0, page, 1), by=by)

    assert draft.version == 3


def test_without_a_script_nothing_is_counted_and_every_press_saves():
    person, draft = make_user(role="asesi"), Draft()

    for _press in range(2):
        take(draft.save, sending=Sending(0, "halaman"), by=person)
        take(draft.save, sending=Sending(0), by=person)

    assert draft.version == 4
    assert draft.compared == [0, 0, 1, 0]


def test_what_is_refused_is_not_counted():
    person, draft = make_user(role="asesi"), Draft()

    def refuse(version: int) -> int:
        raise ValueError

    with pytest.raises(ValueError):
        take(refuse, sending=Sending(0, "halaman", 1), by=person)

    assert not SentPage.objects.exists()
    assert take(draft.save, sending=Sending(0, "halaman", 1), by=person) == Taken(1, 1)


@pytest.mark.django_db(transaction=True)
def test_phone_and_service_worker_send_the_same_at_the_same_moment():
    person, draft = make_user(role="asesi"), Draft()

    answers = at_once(*[lambda: take(draft.save, sending=Sending(0, "halaman", 1), by=person)] * 4)

    assert answers == [Taken(1, 1)] * 4
    assert draft.version == 1


def test_pages_long_gone_are_forgotten():
    person, draft = make_user(role="asesi"), Draft()
    for page in ("old", "new"):
        take(draft.save, sending=Sending(0, page, 1), by=person)
    SentPage.objects.filter(name="old").update(sent_at=timezone.now() - KEPT - timedelta(days=1))

    assert forget_sendings() == 1
    assert SentPage.objects.get().name == "new"
