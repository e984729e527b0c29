"""Finding people by any word of the name, by mobile number and by e-mail."""

import pytest

from core.accounts.models import NameWord, User
from core.accounts.queries import MAX_PEOPLE, find_people, find_user_by_email, people_named
from core.accounts.services import change_account, save_profile
from core.common.text import search_words
from tests.factories.accounts import make_candidate, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Siti  Nur Aisyah", ["siti", "nur", "aisyah"]),
        ("Ma'ruf Hidayat-Putra, S.T.", ["maruf", "hidayat", "putra", "s", "t"]),
        ("José Ñande", ["jose", "nande"]),
        ("Budi Budi", ["budi"]),
        ("", []),
        ("…", []),
    ],
)
def test_words_of_a_name(name, words):
    assert search_words(name) == words


def test_a_domain_with_an_accent_is_another_domain():
    """To MariaDB é and e are one letter; whoever owns the other domain must not pass for this person."""
    person = make_user(email="sari@contoh.id")

    stranger = make_user(email="Sari@Cóntoh.id")

    assert stranger.email == "sari@xn--cntoh-0ta.id"
    assert find_user_by_email("SARI@contoh.id") == person
    assert find_user_by_email("sari@cóntoh.id") == stranger
    assert User.objects.get_by_natural_key("sari@cóntoh.id") == stranger


@pytest.mark.parametrize("typed", ["nur", "AISY", "siti aisyah", "aisyah siti", "nur s aisyah", "st"])
def test_any_word_is_found_by_its_beginning(typed):
    person = make_user(full_name="Siti Nur Aisyah S. St.")
    make_user(full_name="Sutrisno")
    assert people_named(typed) == [person.pk]


@pytest.mark.parametrize("typed", ["isyah", "siti sutrisno", "n", "", " ", "%", "_iti"])
def test_what_does_not_begin_a_word_finds_nobody(typed):
    make_user(full_name="Siti Nur Aisyah")
    assert people_named(typed) == []


def test_newest_first_and_never_without_end():
    people = [make_user(full_name=f"Siti {number}") for number in range(3)]
    assert people_named("siti", limit=2) == [people[2].pk, people[1].pk]
    assert MAX_PEOPLE < 900  # fits one IN (…) on every database


def test_words_follow_the_name():
    person = make_user(full_name="Siti Aminah")
    admin = make_user(role="administrator")
    change_account(user=person, full_name="Siti Rahmawati", email=person.email, is_active=True, role="asesor", by=admin)
    assert (people_named("aminah"), people_named("rahma")) == ([], [person.pk])
    profile = make_candidate(full_name="Budi Lama")
    save_profile(profile=profile, values={"full_name": "Budi Baru"}, version=None, by=profile.user)
    assert (people_named("lama"), people_named("baru")) == ([], [profile.user_id])


def test_words_are_left_alone_when_the_name_is_not_saved():
    person = make_user(full_name="Siti Aminah")
    before = list(NameWord.objects.filter(user=person).values_list("pk", flat=True))
    User.objects.get(pk=person.pk).save(update_fields=["last_login"])
    User.objects.get(pk=person.pk).save()
    assert list(NameWord.objects.filter(user=person).values_list("pk", flat=True)) == before


@pytest.mark.parametrize("typed", ["081299887766", "+62 812-9988-7766", "62812998877", "0812 9988"])
def test_mobile_numbers_are_found_however_they_are_typed(typed):
    person = make_candidate(phone_mobile="+6281299887766")
    make_candidate()
    assert find_people(typed, may_see_contacts=True) == [person.user_id]
    assert find_people(typed, may_see_contacts=False) == []


def test_e_mail_is_found_by_its_beginning():
    person = make_user(email="siti.aminah@contoh.id")
    assert find_people("Siti.Aminah@", may_see_contacts=True) == [person.pk]
    assert find_people("siti.aminah@contoh.id", may_see_contacts=False) == []
