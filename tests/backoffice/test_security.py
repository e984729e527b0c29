"""The steps after the password, "Keamanan akun", the policy, and what an administrator does for others."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts import second_factor
from core.accounts.models import TrustedDevice, User, UserSession
from core.activity.models import ActivityEntry
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from tests.backoffice.conftest import said
from tests.factories.accounts import Phone, make_user, make_user_with_factor

pytestmark = pytest.mark.django_db

PASSWORD = "sandi-uji-sekretariat"
VERIFY, ENROL, SECURITY = "/admin/masuk/kode/", "/admin/masuk/faktor-kedua/", "/admin/keamanan/"


@pytest.fixture(params=["/masuk/", "/admin/login/"])
def door(request) -> str:
    return request.param


def give_password(client: Client, user: User, door: str = "/admin/login/", wanted: str = "/admin/core/scheme/"):
    """The password at one of the doors, then where the browser is led."""
    return client.post(
        f"{door}?next={wanted}", {"username": user.email, "password": PASSWORD, "next": wanted}, follow=True
    )


def person(role: str = "sekretariat") -> User:
    return make_user(role=role, password=PASSWORD)


def somebody_with_a_phone(role: str = "sekretariat") -> Phone:
    return make_user_with_factor(role=role, password=PASSWORD)


def page_of(answer) -> str:
    return answer.request["PATH_INFO"]


def enrol(client: Client, user: User, **words):
    """Scan the picture, type the code."""
    client.get(ENROL)
    app = Phone(user, TOTPDevice.objects.get(user=user, confirmed=False).bin_key, [])
    return client.post(ENROL, {"code": app.code(), **words})


def codes_in(answer) -> list[str]:
    return re.findall(r"<code>([A-Z2-9]{5}-[A-Z2-9]{5})</code>", answer.content.decode())


# --- after the password ------------------------------------------------------------------------------------


def test_whoever_enrolled_is_asked_for_the_code_at_either_door_and_then_reaches_the_page_wanted(client, door):
    phone = somebody_with_a_phone()
    answer = give_password(client, phone.user, door)
    assert page_of(answer) == VERIFY
    assert 'autocomplete="one-time-code"' in answer.content.decode()
    assert 'inputmode="numeric"' in answer.content.decode()
    assert client.get("/admin/").status_code == 302
    done = client.post(VERIFY, {"code": phone.code(), "next": answer.context["next"]})
    assert done.url == "/admin/core/scheme/"
    assert client.get(done.url).status_code == 200


def test_whoever_forgot_the_password_finds_the_way_at_either_door(client, door):
    assert 'href="/lupa-sandi/"' in client.get(door, follow=True).text


def test_whoever_must_and_has_not_yet_is_led_through_enrolment(client, door, second_factor_required):
    user = person()
    answer = give_password(client, user, door)
    assert page_of(answer) == ENROL
    assert "<svg" in answer.content.decode()
    shown = enrol(client, user, next="/admin/core/scheme/")
    assert len(codes_in(shown)) == 10
    assert 'href="/admin/core/scheme/"' in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert client.get("/admin/core/scheme/").status_code == 200


def test_the_step_is_no_way_round_the_code(client, second_factor_required):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    assert client.get(ENROL, follow=True).request["PATH_INFO"] == VERIFY
    assert page_of(enrol_anyway(client)) == VERIFY
    assert second_factor.factor_of(phone.user).bin_key == phone.key
    assert not UserSession.objects.get(user=phone.user).verified_at


def enrol_anyway(client: Client):
    return client.post(ENROL, {"code": "123456"}, follow=True)


def test_where_nobody_must_nobody_is_asked(client, door):
    assert page_of(give_password(client, person(), door)) == "/admin/core/scheme/"


def test_the_policy_reaches_log_ins_that_are_already_open(sign_in):
    user = person()
    client = sign_in(user)
    assert client.get("/admin/").status_code == 200
    SystemPolicy.objects.update(second_factor_sekretariat=True)
    assert client.get("/admin/core/scheme/", follow=True).redirect_chain[-1][0].startswith(ENROL)


def test_wrong_code_is_told_beside_the_field_and_keeps_the_way(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    answer = client.post(VERIFY, {"code": "000000", "next": "/admin/core/scheme/"})
    assert "tidak cocok" in answer.context["form"].errors["code"][0]
    assert answer.context["next"] == "/admin/core/scheme/"
    assert ActivityEntry.objects.filter(code="account.second_factor_failed").exists()


def test_a_foreign_address_is_not_gone_on_to(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    assert client.post(VERIFY, {"code": phone.code(), "next": "https://jahat.example/"}).url == "/admin/"


def test_recovery_code_instead_of_the_phone(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    assert "Kode pemulihan" in client.get(f"{VERIFY}?cara=pemulihan").content.decode()
    done = client.post(VERIFY, {"code": phone.recovery_codes[0], "cara": "pemulihan", "next": SECURITY})
    assert done.url == SECURITY
    assert "Sisa 9 kode pemulihan" in client.get(SECURITY).content.decode()


def test_the_key_of_the_session_changes_when_the_code_was_shown(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    before = client.session.session_key
    client.post(VERIFY, {"code": phone.code()})
    assert client.session.session_key != before


def test_one_can_leave_without_the_code(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    assert client.post(VERIFY, {"leave": "1"}, follow=True).request["PATH_INFO"] == "/admin/login/"
    assert not UserSession.objects.exists()
    assert client.get(VERIFY, follow=True).request["PATH_INFO"] == "/admin/login/"


def test_htmx_is_led_to_the_door_never_given_a_log_in_page(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    for browser in (client, Client()):  # with the password only, and without anything
        answer = browser.get(
            "/admin/core/scheme/",
            headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/admin/core/scheme/?q=a"},
        )
        assert answer.status_code == 401
        assert answer["HX-Redirect"] == "/admin/login/?next=/admin/core/scheme/%3Fq%3Da"
        assert not answer.content


def test_a_candidate_is_not_let_into_the_steps_of_staff(client, second_factor_required):
    phone = make_user_with_factor(role="asesi", password=PASSWORD)
    give_password(client, phone.user, "/masuk/")
    assert client.get(VERIFY, follow=True).request["PATH_INFO"] == "/admin/login/"
    assert client.get(ENROL, follow=True).request["PATH_INFO"] == "/admin/login/"


# --- remembered devices --------------------------------------------------------------------------------------


def test_a_remembered_device_is_not_asked_again_until_it_is_forgotten(client):
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    done = client.post(VERIFY, {"code": phone.code(), "remember": "on"})
    cookie = done.cookies[f"perangkat-{phone.user.pk}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 14 * 24 * 3600
    client.post(reverse("public_site:logout"))
    assert page_of(give_password(client, phone.user)) == "/admin/core/scheme/"
    client.post(reverse("admin:forget_devices"), {"device": TrustedDevice.objects.get().pk})
    client.post(reverse("public_site:logout"))
    assert page_of(give_password(client, phone.user)) == VERIFY


def test_a_cookie_of_somebody_else_or_changed_opens_nothing(client):
    phone, other = somebody_with_a_phone(), somebody_with_a_phone()
    give_password(client, phone.user)
    client.post(VERIFY, {"code": phone.code(), "remember": "on"})
    token = client.cookies[f"perangkat-{phone.user.pk}"].value
    thief = Client()
    for value in (token, token[:-1] + "x", "apa saja"):
        thief.cookies[f"perangkat-{other.user.pk}"] = value
        assert page_of(give_password(thief, other.user)) == VERIFY


def test_where_the_policy_remembers_nothing_the_box_is_not_there(client):
    SystemPolicy.objects.update(remember_device_days=0)
    phone = somebody_with_a_phone()
    assert "Ingat perangkat" not in give_password(client, phone.user).content.decode()
    client.post(VERIFY, {"code": phone.code(), "remember": "on"})
    assert not TrustedDevice.objects.exists()


# --- one's own account -----------------------------------------------------------------------------------------


@pytest.fixture
def at_desk(client):
    """Somebody with a phone who is in: (person, browser)."""
    phone = somebody_with_a_phone()
    give_password(client, phone.user)
    client.post(VERIFY, {"code": phone.code()})
    TOTPDevice.objects.update(last_t=-1)
    return phone, client


def test_enrolling_by_choice_long_after_the_log_in_asks_for_the_password(sign_in):
    user = person()
    client = sign_in(user)
    UserSession.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert "Sandi Anda" in client.get(ENROL).content.decode()
    refused = enrol(client, user, password="salah sekali")
    assert "Sandi tidak cocok" in refused.content.decode()
    assert second_factor.factor_of(user) is None
    assert len(codes_in(enrol(client, user, password=PASSWORD))) == 10
    assert client.get(SECURITY).status_code == 200


def test_every_change_asks_for_the_password_and_tells_the_owner(at_desk):
    phone, client = at_desk
    for name, template in (
        ("recovery_codes", "account-recovery-codes-new"),
        ("second_factor_remove", "account-second-factor-off"),
    ):
        address = reverse(f"admin:{name}")
        assert "Sandi tidak cocok" in client.post(address, {"password": "salah sekali"}).content.decode()
        assert not OutboxMessage.objects.filter(template_key=template).exists()
        client.post(address, {"password": PASSWORD})
        assert OutboxMessage.objects.filter(recipient=phone.user, template_key=template).exists()
    assert second_factor.factor_of(phone.user) is None


def test_another_phone_asks_for_the_password_even_right_after_the_log_in(at_desk):
    phone, client = at_desk
    assert "Ganti perangkat" in client.get(ENROL).content.decode()
    assert codes_in(enrol(client, phone.user, password="salah sekali")) == []
    TOTPDevice.objects.filter(confirmed=False).update(throttling_failure_count=0)
    assert len(codes_in(enrol(client, phone.user, password=PASSWORD))) == 10
    assert second_factor.factor_of(phone.user).bin_key != phone.key


def test_guessing_the_password_again_is_locked_like_at_the_door(at_desk):
    _phone, client = at_desk
    answers = [
        client.post(reverse("admin:recovery_codes"), {"password": f"salah {guess}"}).status_code for guess in range(7)
    ]
    assert answers[-1] == 429


def test_guessing_the_old_password_is_locked_like_at_the_door(at_desk):
    phone, client = at_desk
    new = {"new_password1": "kalimat-yang-baru", "new_password2": "kalimat-yang-baru"}
    for guess in range(6):
        answer = client.post(reverse("admin:password_change"), {"old_password": f"salah {guess}"} | new)
        assert guess == 5 or "Sandi tidak cocok" in answer.content.decode()
    answer = client.post(reverse("admin:password_change"), {"old_password": PASSWORD} | new)
    assert answer.status_code == 429
    phone.user.refresh_from_db()
    assert phone.user.check_password(PASSWORD)


def test_whoever_must_cannot_take_it_off(at_desk, second_factor_required):
    phone, client = at_desk
    assert reverse("admin:second_factor_remove") not in client.get(SECURITY).content.decode()
    answer = client.post(reverse("admin:second_factor_remove"), {"password": PASSWORD})
    assert "wajib memakai faktor kedua" in answer.content.decode()
    assert second_factor.factor_of(phone.user)


def test_the_page_lists_log_ins_and_throws_them_out(at_desk):
    phone, client = at_desk
    agent = (
        "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36"
    )
    elsewhere = Client(headers={"user-agent": agent})
    give_password(elsewhere, phone.user)
    elsewhere.post(VERIFY, {"code": phone.code()})
    page = client.get(SECURITY).content.decode()
    assert "Chrome di Android" in page
    assert page.count("sesi ini") == 1
    assert elsewhere.get("/admin/").status_code == 200
    client.post(reverse("admin:end_sessions"), {"session": "others"})
    assert elsewhere.get("/admin/").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_a_new_password_goes_through_the_service(at_desk):
    phone, client = at_desk
    second_factor.remember_device(user=phone.user, user_agent="")
    other = UserSession.objects.create(user=phone.user)
    answer = client.post(
        reverse("admin:password_change"),
        {"old_password": PASSWORD, "new_password1": "kalimat-yang-baru", "new_password2": "kalimat-yang-baru"},
    )
    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200  # still in
    assert not UserSession.objects.filter(pk=other.pk).exists()
    assert not TrustedDevice.objects.exists()
    assert OutboxMessage.objects.filter(recipient=phone.user, template_key="account-password-changed").exists()


def test_the_menu_of_ones_own_name_leads_here(desk):
    assert f'href="{SECURITY}"' in desk.get("/admin/").content.decode()


# --- for others -----------------------------------------------------------------------------------------------


def test_an_administrator_sees_the_state_and_resets_with_a_reason(as_role):
    phone, admin = somebody_with_a_phone("asesor"), as_role("administrator")
    page = admin.get(reverse("admin:core_user_change", args=[phone.user.pk])).content.decode()
    assert "sisa 10 kode pemulihan" in page
    assert "Atur ulang faktor kedua" in page
    address = reverse("admin:core_user_reset_second_factor", args=[phone.user.pk])
    assert admin.post(address, {"_form_submitted": "1", "reason": ""}).status_code == 200
    assert second_factor.factor_of(phone.user)
    done = admin.post(address, {"_form_submitted": "1", "reason": "Ponsel hilang"})
    assert "diatur ulang" in said(done)
    assert second_factor.factor_of(phone.user) is None


def test_nobody_resets_their_own(sign_in):
    phone = make_user_with_factor(role="administrator")
    client = Client()
    client.force_login(phone.user)
    UserSession.objects.update(verified_at=timezone.now())
    assert client.get("/admin/").status_code == 200
    address = reverse("admin:core_user_reset_second_factor", args=[phone.user.pk])
    assert client.post(address, {"_form_submitted": "1", "reason": "Ponsel hilang"}).status_code == 403


def test_an_administrator_ends_somebodys_log_ins(as_role, sign_in):
    user = person()
    theirs = sign_in(user)
    admin = as_role("administrator")
    admin.post(reverse("admin:core_user_end_sessions", args=[user.pk]), {"_form_submitted": "1"})
    assert theirs.get("/admin/").status_code == 302


def test_the_list_of_users_asks_the_same_number_of_questions_for_10_and_40(as_role, django_assert_max_num_queries):
    admin = as_role("administrator")
    address = reverse("admin:core_user_changelist")

    def questions() -> int:
        with django_assert_max_num_queries(25) as asked:
            assert admin.get(address).status_code == 200
        return len(asked)

    for _person in range(5):
        make_user_with_factor(role="asesor")
    few = questions()
    for _person in range(15):
        make_user_with_factor(role="asesor")
        make_user(role="asesi")
    assert questions() == few


# --- the policy -------------------------------------------------------------------------------------------------


def policy_form(**changes) -> dict:
    return {
        "remember_device_days": 14,
        "idle_minutes": 120,
        "session_hours": 12,
        "letter_months": 24,
        "import_months": 12,
        "job_result_days": 7,
        "forgotten_upload_months": 0,
        "integrity_days": 3,
        "backup_hours": 26,
        "drill_days": 8,
        "backup_daily": 14,
        "backup_weekly": 8,
        "backup_monthly": 12,
        "backup_yearly": 0,
        "appeal_days": 14,
        "plenary_quorum": 2,
        "surveillance_months": 12,
        "renewal_days": 180,
        "invitation_days": 14,
        "ticket_days": 3,
        "complaint_days": 10,
        "ticket_months": 24,
        "expiry_reminder_days": "90, 30, 7",
    } | changes


def test_the_policy_is_one_form_versioned_and_logged(as_role):
    admin = as_role("administrator")
    policy = SystemPolicy.objects.get()
    address = reverse("admin:core_systempolicy_change", args=[policy.pk])
    assert admin.get(reverse("admin:core_systempolicy_changelist")).url == address
    assert admin.post(address, policy_form(idle_minutes=60, second_factor_bnsp="on")).status_code == 302
    policy.refresh_from_db()
    assert (policy.idle_minutes, policy.second_factor_bnsp) == (60, True)
    entry = ActivityEntry.objects.get(code="policy.change")
    assert entry.data["fields"] == ["idle_minutes", "second_factor_bnsp"]
    assert "60" not in str(entry.data)
    history = admin.get(reverse("admin:core_systempolicy_history", args=[policy.pk]))
    newest, first = history.context["entries"]  # the change, and how it was
    assert "keluar sendiri" in newest["what"]
    assert first["reason"] == "Keadaan awal"


@pytest.mark.parametrize(
    ("field", "value"),
    [("idle_minutes", 5), ("session_hours", 0), ("session_hours", 100), ("remember_device_days", 91)],
)
def test_values_that_would_lock_everybody_out_or_protect_nobody_are_refused(as_role, field, value):
    policy = SystemPolicy.objects.get()
    answer = as_role("administrator").post(
        reverse("admin:core_systempolicy_change", args=[policy.pk]), policy_form(**{field: value})
    )
    assert field in answer.context["adminform"].form.errors
    assert getattr(SystemPolicy.objects.get(), field) == getattr(policy, field)


@pytest.mark.parametrize("page", ["admin:end_sessions", "admin:forget_devices"])
def test_a_key_of_endless_figures_is_nobody_s(desk, page):
    answer = desk.post(reverse(page), {"session": "9" * 5000, "device": "9" * 5000})
    assert answer.status_code == 302


def test_logging_out_leaves_nothing_in_the_browser_of_a_shared_computer(sign_in):
    """Such as answers of a paper that did not arrive."""
    browser = sign_in(make_user(role="asesor"))

    assert browser.post(reverse("admin:logout"))["Clear-Site-Data"] == '"cache", "storage"'
