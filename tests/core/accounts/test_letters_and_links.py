"""Registration, confirmation and new passwords: who gets which letter, and how long its link works."""

from datetime import timedelta

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import connection
from django.utils import timezone

from core.accounts import services
from core.accounts.models import Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.rules import is_candidate
from core.activity.models import ActivityEntry
from core.messaging.models import OutboxMessage
from tests.core.helpers import at_once, from_address, refused
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def register(email: str = "baru@contoh.id", full_name: str = "Nur Pattiasina", **more):
    return services.register_candidate(full_name=full_name, email=email, consent_text=current_consent_text(), **more)


def letters() -> list[tuple[str, str]]:
    return list(OutboxMessage.objects.order_by("pk").values_list("address", "template_key"))


def link_in_last_letter() -> tuple[str, str]:
    """Key and token, as the link in the newest letter has them."""
    body = OutboxMessage.objects.order_by("-pk").first().body
    key, token = body.split("://")[1].split("/")[2:4]
    return key, token


# --- registration -------------------------------------------------------------------------------------


def test_an_unknown_address_becomes_a_candidate_without_a_password():
    register(full_name="  Nur   Pattiasina ")

    user = User.objects.get(email="baru@contoh.id")
    assert (user.full_name, user.email_confirmed_at, user.is_staff) == ("Nur Pattiasina", None, False)
    assert not user.has_usable_password()
    assert is_candidate(user)
    assert (user.candidate.nik, user.candidate.nationality) == ("", "Indonesia")
    assert letters() == [("baru@contoh.id", "account-confirm")]


def test_a_known_address_gets_a_letter_that_says_so_and_the_asker_the_same_answer():
    known = make_user(role="asesi", full_name="Siti Rahmawati", email="siti@contoh.id")

    answers = [register("SITI@contoh.id", "Orang Lain"), register("baru@contoh.id")]

    assert answers == [None, None]
    assert letters() == [("siti@contoh.id", "account-known"), ("baru@contoh.id", "account-confirm")]
    known.refresh_from_db()
    assert known.full_name == "Siti Rahmawati"
    assert User.objects.filter(email__iexact="siti@contoh.id").count() == 1


def test_the_letter_to_a_known_address_holds_no_link_that_logs_in():
    make_user(role="asesi", email="siti@contoh.id")

    register("siti@contoh.id")

    letter = OutboxMessage.objects.get()
    assert "/masuk/" in letter.body
    assert "/lupa-sandi/" in letter.body
    assert "/konfirmasi/" not in letter.body


def test_a_candidate_who_registers_again_before_confirming_may_correct_the_name():
    register(full_name="Nur Patiasina")

    register("Baru@Contoh.id", "Nur Pattiasina")

    assert User.objects.get().full_name == "Nur Pattiasina"
    assert letters() == [("baru@contoh.id", "account-confirm")] * 2


def test_a_stranger_cannot_rename_a_colleague_who_was_invited():
    clerk = services.invite_user(
        full_name="Dewi Lestari", email="dewi@contoh.id", role="sekretariat", by=make_user(role="administrator")
    )

    register("dewi@contoh.id", "Bukan Dewi")

    clerk.refresh_from_db()
    assert clerk.full_name == "Dewi Lestari"
    assert not Consent.objects.filter(user=clerk).exists()
    assert letters() == [("dewi@contoh.id", "account-confirm")] * 2  # the invitation, and once more


def test_the_scheme_the_person_came_for_stands_in_the_link():
    register(scheme_code="distribusi-bantuan")

    assert "/?skema=distribusi-bantuan" in OutboxMessage.objects.get().body


def test_consent_is_recorded_with_its_version_and_the_address_it_came_from():
    from_address("203.0.113.9", register)

    consent = Consent.objects.get()
    assert (consent.text, consent.text.version) == (current_consent_text(), 1)
    assert consent.ip_address == "203.0.113.9"


def test_the_log_of_a_registration_holds_no_personal_data():
    register()

    entry = ActivityEntry.objects.get(code="account.register")
    assert (entry.actor, entry.data, entry.subject_label) == (None, {}, "")


@pytest.mark.django_db(transaction=True)
def test_a_double_click_registers_once():
    at_once(register, register, register)

    assert User.objects.get().consents.count() == 1
    assert set(letters()) == {("baru@contoh.id", "account-confirm")}


# --- too many ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda number: register(f"orang{number}@contoh.id"), "account.register.throttled"),
        (
            lambda number: services.request_password_reset(email=f"x{number}@contoh.id"),
            "account.request_reset.throttled",
        ),
    ],
)
def test_one_network_is_slowed_down_for_an_hour_and_others_are_not(ask, code, time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    for number in range(services.MAX_REQUESTS_PER_HOUR):
        from_address("203.0.113.5", lambda number=number: ask(number))

    with refused(code):
        from_address("203.0.113.5", lambda: ask(100))

    from_address("203.0.113.6", lambda: ask(101))
    time_machine.shift(timedelta(hours=1, seconds=1))
    from_address("203.0.113.5", lambda: ask(102))


# --- confirmation ----------------------------------------------------------------------------------------


def test_the_link_of_a_letter_confirms_once():
    register()
    key, token = link_in_last_letter()
    user = services.user_of_confirmation(key, token)

    services.confirm_email(user=user, password="kuda-laut-biru")

    user.refresh_from_db()
    assert user.email_confirmed_at is not None
    assert user.check_password("kuda-laut-biru")
    assert services.user_of_confirmation(key, token) is None
    with refused("confirm_email.done"):
        services.confirm_email(user=user, password="sandi-orang-lain")


def test_a_link_is_good_for_two_hours(time_machine):
    time_machine.move_to("2026-06-01T08:00:00Z", tick=False)
    register()
    key, token = link_in_last_letter()

    time_machine.shift(timedelta(hours=2))
    in_time = services.user_of_confirmation(key, token)
    time_machine.shift(timedelta(seconds=1))

    assert in_time == User.objects.get()
    assert services.user_of_confirmation(key, token) is None


@pytest.mark.parametrize(
    "key", ["", "MA", "%%%", "8J-YgA", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "LTE", "MSBPUiAx", "w_8", "A" * 9000]
)
def test_a_key_that_somebody_made_up_confirms_nobody(key):
    register()
    _key, token = link_in_last_letter()

    assert services.user_of_confirmation(key, token) is None


def test_a_link_confirms_only_the_person_it_was_sent_to():
    register("satu@contoh.id")
    _key, token_of_one = link_in_last_letter()
    register("dua@contoh.id")
    key_of_two, token_of_two = link_in_last_letter()

    assert services.user_of_confirmation(key_of_two, token_of_one) is None
    assert services.user_of_confirmation(key_of_two, token_of_two).email == "dua@contoh.id"


def test_a_link_that_resets_a_password_does_not_confirm_an_address():
    register()
    user = User.objects.get()
    key, _token = link_in_last_letter()

    assert services.user_of_confirmation(key, PasswordResetTokenGenerator().make_token(user)) is None


# --- passwords --------------------------------------------------------------------------------------------


def test_whoever_forgot_a_password_gets_a_link_that_works_until_it_was_used():
    user = make_user(role="asesi", email="siti@contoh.id", password="sandi-yang-lama")

    services.request_password_reset(email=" Siti@contoh.id ")
    _key, token = link_in_last_letter()

    check = PasswordResetTokenGenerator().check_token
    assert check(user, token)
    services.change_password(user=user, password="sandi-yang-baru")
    assert not check(User.objects.get(pk=user.pk), token)


@pytest.mark.parametrize(
    ("fields", "letter"),
    [
        ({}, [("siti@contoh.id", "account-reset")]),
        ({"email_confirmed_at": None}, [("siti@contoh.id", "account-confirm")]),
        ({"is_active": False}, []),
    ],
    ids=["confirmed", "never confirmed", "disabled"],
)
def test_a_request_for_a_new_password_answers_everybody_alike(fields, letter):
    make_user(role="asesi", email="siti@contoh.id", **fields)

    answers = [services.request_password_reset(email=email) for email in ("siti@contoh.id", "tidak-ada@contoh.id")]

    assert answers == [None, None]
    assert letters() == letter
    assert ActivityEntry.objects.filter(code="account.request_reset").count() == 2


def test_a_changed_password_is_told_to_its_owner():
    user = make_user(role="asesi", email="siti@contoh.id", password="sandi-yang-lama")

    services.change_password(user=user, password="sandi-yang-baru")

    assert User.objects.get(pk=user.pk).check_password("sandi-yang-baru")
    letter = OutboxMessage.objects.get()
    assert letter.template_key == "account-password-changed"
    assert "sandi-yang-baru" not in letter.body
    assert ActivityEntry.objects.latest("pk").code == "account.change_password"


def test_letters_with_a_link_that_logs_in_are_marked_secret():
    make_user(role="asesi", email="siti@contoh.id")
    register()
    services.request_password_reset(email="siti@contoh.id")
    register("siti@contoh.id")

    secret = dict(OutboxMessage.objects.values_list("template_key", "is_secret"))

    assert secret == {"account-confirm": True, "account-reset": True, "account-known": False}


# --- colleagues -------------------------------------------------------------------------------------------


def test_an_invited_colleague_gets_a_role_and_a_link_but_no_password():
    clerk = services.invite_user(
        full_name=" Dewi  Lestari ", email="Dewi@Contoh.id", role="sekretariat", by=make_user(role="administrator")
    )

    assert (clerk.full_name, clerk.email, clerk.is_staff) == ("Dewi Lestari", "dewi@contoh.id", True)
    assert not clerk.has_usable_password()
    assert clerk.has_perm("core.verify_application")
    assert services.user_of_confirmation(*link_in_last_letter()) == clerk
    body = OutboxMessage.objects.order_by("-pk").first().body
    assert "administrator LSP yang mengundang Anda" in body  # whoever never registered knows that it is meant


def test_a_colleague_with_an_account_is_not_invited_again():
    known = make_user(role="asesi", email="dewi@contoh.id")

    with refused("invite_user.known", field="email"):
        services.invite_user(
            full_name="Dewi", email="DEWI@contoh.id", role="administrator", by=make_user(role="administrator")
        )

    assert not User.objects.get(pk=known.pk).is_staff
    assert letters() == []


@pytest.mark.parametrize("is_invited", [True, False], ids=["invited", "given the role"])
def test_a_candidate_made_by_an_administrator_has_a_desk(client, is_invited):
    admin = make_user(role="administrator")
    if is_invited:
        person = services.invite_user(full_name="Siti", email="siti@contoh.id", role="asesi", by=admin)
        person = services.confirm_email(user=person, password="perahu layar di teluk")
    else:
        person = change(make_user(role="bnsp"), admin, role="asesi")
    services.give_consent(user=person, text=current_consent_text())
    client.force_login(person)

    assert client.get("/akun/").status_code == 200


def change(user, by, **what):
    values = {"full_name": user.full_name, "email": user.email, "is_active": True, "role": "sekretariat"}
    return services.change_account(user=user, by=by, **values | what)


def test_the_address_of_a_confirmed_account_stays():
    admin, clerk = make_user(role="administrator"), make_user(role="sekretariat", email="dewi@contoh.id")

    with refused("change_account.email", field="email"):
        change(clerk, admin, email="penyusup@contoh.id")

    clerk.refresh_from_db()
    assert clerk.email == "dewi@contoh.id"
    assert change(clerk, admin, full_name="Dewi L.").full_name == "Dewi L."


@pytest.mark.parametrize("what", [{"is_active": False}, {"role": "bnsp"}])
def test_nobody_locks_themselves_out(what):
    clerk = make_user(role="sekretariat")

    with refused("change_account.self", field="role"):
        change(clerk, clerk, **what)

    clerk = User.objects.get(pk=clerk.pk)
    assert clerk.is_active
    assert clerk.has_perm("core.verify_application")


def test_the_column_of_passwords_holds_only_hashes():
    user = make_user(role="asesi", password="kuda-laut-biru")

    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM core_user WHERE id = %s", [user.pk])
        stored = cursor.fetchone()[0]

    assert "kuda-laut-biru" not in stored
    assert timezone.is_aware(user.email_confirmed_at)
