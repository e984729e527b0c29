"""A profile is filled in once, never overwritten unnoticed; consent is given to a version of a text."""

from datetime import date

import pytest
from django.utils import timezone

from core.accounts import services
from core.accounts.models import CandidateProfile, Consent, ConsentText
from core.accounts.queries import current_consent_text
from core.activity.models import ActivityEntry
from core.codelists.models import Region
from core.common.exceptions import StaleVersion
from tests.core.helpers import from_address, refused
from tests.factories.accounts import make_candidate, make_nik, make_user

pytestmark = pytest.mark.django_db


def save(profile: CandidateProfile, version: int | None = None, by=None, **values) -> CandidateProfile:
    return services.save_profile(profile=profile, values=values, version=version, by=by or profile.user)


# --- profile ------------------------------------------------------------------------------------------


def test_a_nik_fills_in_birth_date_and_sex_and_cannot_be_contradicted():
    profile = make_user(role="asesi").candidate

    profile = save(profile, nik=make_nik(birth="520590"), birth_date=date(1970, 1, 1), sex="L")

    assert (profile.birth_date, profile.sex) == (date(1990, 5, 12), "P")


def test_without_a_nik_birth_date_and_sex_are_what_was_typed():
    profile = make_user(role="asesi").candidate

    profile = save(profile, birth_date=date(1970, 1, 1), sex="L")

    assert (profile.nik, profile.birth_date, profile.sex) == ("", date(1970, 1, 1), "L")


def test_a_wrong_nik_saves_nothing_of_the_page():
    profile = make_candidate(birth_place="Ambon")

    with refused("nik.length", field="nik"):
        save(profile, nik="123", birth_place="Tual", full_name="Lain")

    profile = CandidateProfile.objects.select_related("user").get(pk=profile.pk)
    assert (profile.birth_place, profile.version) == ("Ambon", 1)
    assert profile.user.full_name != "Lain"


def test_every_change_counts_the_version_up_and_the_same_once_more_does_not():
    profile = make_candidate()

    versions = [save(profile, birth_place=place).version for place in ("Tual", "Masohi", "Masohi")]

    assert versions == [2, 3, 3]


@pytest.mark.parametrize(
    "values",
    [
        {"birth_place": "Tual"},
        {"full_name": "Nama dari tab lain"},
        {"birth_place": "Ambon", "job_title": "Staf"},
        {"home_region": None},
    ],
)
def test_what_another_tab_saved_is_not_overwritten(values):
    profile = make_candidate(birth_place="Ambon")
    drawn_with = profile.version
    save(profile, drawn_with, birth_place="Masohi", job_title="Analis")

    with pytest.raises(StaleVersion) as refusal:
        save(profile, drawn_with, **values)

    assert refusal.value.code == "save_profile.stale"
    profile.refresh_from_db()
    assert (profile.birth_place, profile.job_title) == ("Masohi", "Analis")


def test_the_same_page_sent_twice_is_no_conflict():
    profile = make_candidate()
    page = {
        "full_name": "Siti",
        "birth_place": "Ambon",
        "home_region": Region.objects.get(code="8171"),
        "phone_home": "",
    }
    drawn_with = profile.version

    save(profile, drawn_with, **page)
    again = save(profile, drawn_with, **page)

    assert (again.user.full_name, again.birth_place) == ("Siti", "Ambon")


def test_a_profile_belongs_to_its_owner_and_to_those_who_may_correct_it():
    profile = make_candidate(birth_place="Ambon")

    for role in ("asesi", "asesor", "bnsp"):
        with refused("save_profile.not_owner"):
            save(profile, by=make_user(role=role), birth_place="Tual")

    for role in ("sekretariat", "administrator"):
        assert save(profile, by=make_user(role=role), birth_place=role).birth_place == role


def test_the_log_names_the_fields_and_not_what_was_written():
    profile = make_candidate()

    save(profile, nik=profile.nik, home_address="Jalan Rahasia 1")

    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.data) == ("account.save_profile", {"fields": ["home_address"]})


# --- consent ------------------------------------------------------------------------------------------


def new_text(**fields) -> ConsentText:
    return ConsentText.objects.create(**{"version": 2, "title": "Versi baru", "body": "Isi baru."} | fields)


def test_a_new_version_is_asked_for_only_once_it_is_published():
    user = make_user(role="asesi")
    text = new_text()
    before = services.needs_consent(user)

    services.publish_consent_text(text=text, by=make_user(role="sekretariat"))

    assert before is None
    assert services.needs_consent(user) == text == current_consent_text()
    services.give_consent(user=user, text=text)
    assert services.needs_consent(user) is None


def test_a_published_text_keeps_the_day_it_was_published():
    text = current_consent_text()
    published_at = text.published_at

    with refused("publish_consent_text.published"):
        services.publish_consent_text(text=text, by=make_user(role="sekretariat"))

    assert current_consent_text().published_at == published_at


def test_what_was_agreed_to_before_stays_on_record():
    user = make_user(role="asesi")

    services.give_consent(user=user, text=new_text(published_at=timezone.now()))

    assert [c.text.version for c in Consent.objects.filter(user=user).order_by("text__version")] == [1, 2]


def test_consent_given_twice_is_one_record_with_the_first_address():
    user, text = make_user(role="asesi"), new_text(published_at=timezone.now())

    from_address("203.0.113.1", lambda: services.give_consent(user=user, text=text))
    from_address("203.0.113.2", lambda: services.give_consent(user=user, text=text))

    assert Consent.objects.get(user=user, text=text).ip_address == "203.0.113.1"
    entry = ActivityEntry.objects.filter(code="consent.give").first()
    assert (entry.actor, entry.data) == (user, {"version": 2})


def test_the_highest_version_is_in_force_whenever_it_was_published():
    new_text(version=3, published_at=timezone.now())
    new_text(version=2, published_at=timezone.now())

    assert current_consent_text().version == 3
    assert current_consent_text("pernyataan-permohonan").version == 1
    assert current_consent_text("tidak-ada") is None
