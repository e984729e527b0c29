"""The second factor: enrolling, showing it, recovery codes, taking it away, remembered devices."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, get_hasher, identify_hasher
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts import second_factor
from core.accounts.models import RecoveryCode, RecoveryCodeGuard, TrustedDevice, User, UserSession
from core.accounts.services import assign_role, change_account, change_password
from core.activity.models import ActivityEntry
from core.common.fields import lookup_hash
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from core.reference import load_reference
from tests.core.helpers import at_once, everything_in_the_database, refused
from tests.factories.accounts import Phone, make_user, make_user_with_factor

pytestmark = pytest.mark.django_db


def log_in_of(user: User) -> UserSession:
    return UserSession.objects.create(user=user, device="Firefox di Windows")


def logged(code: str, user: User) -> int:
    return ActivityEntry.objects.filter(code=code, subject_id=str(user.pk)).count()


def letters(user: User) -> list[str]:
    return list(OutboxMessage.objects.filter(recipient=user).values_list("template_key", flat=True))


def long_ago(user: User) -> None:
    """The last wrong codes were entered yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    TOTPDevice.objects.filter(user=user, throttling_failure_count__gt=0).update(throttling_failure_timestamp=yesterday)
    RecoveryCodeGuard.objects.filter(user=user, failures__gt=0).update(failed_at=yesterday)


# --- who must ----------------------------------------------------------------------------------------------


def test_a_new_installation_obliges_all_staff_and_no_candidate():
    SystemPolicy.objects.all().delete()
    load_reference()
    obliged = {
        role: second_factor.is_obliged(make_user(role=role))
        for role in ("administrator", "sekretariat", "asesor", "bnsp", "asesi")
    }
    assert obliged == {"administrator": True, "sekretariat": True, "asesor": True, "bnsp": True, "asesi": False}


def test_loading_reference_data_again_keeps_what_the_lsp_decided():
    SystemPolicy.objects.update(remember_device_days=3)
    load_reference()
    assert SystemPolicy.objects.get().remember_device_days == 3


def test_the_demo_obliges_nobody(settings, second_factor_required):
    user = make_user(role="administrator")
    assert second_factor.is_obliged(user)
    settings.DEMO = True
    assert not second_factor.is_obliged(user)


@pytest.mark.parametrize(
    ("has_factor", "was_shown", "must", "step"),
    [
        (False, False, False, None),
        (False, False, True, second_factor.ENROL),
        (True, False, False, second_factor.VERIFY),  # enrolled by choice: asked as well
        (True, False, True, second_factor.VERIFY),
        (True, True, True, None),
        (False, True, True, second_factor.ENROL),  # shown once, then reset
    ],
)
def test_what_a_log_in_still_owes(has_factor, was_shown, must, step):
    session = log_in_of(make_user(role="sekretariat"))
    session.verified_at = timezone.now() if was_shown else None
    policy = SystemPolicy(second_factor_sekretariat=must)
    assert second_factor.open_step(session, has_factor=has_factor, policy=policy) == step


# --- enrolling -----------------------------------------------------------------------------------------------


def test_a_phone_counts_only_after_a_code_of_it_was_seen():
    user = make_user(role="asesor")
    device = second_factor.begin_enrolment(user=user)
    assert second_factor.factor_of(user) is None
    with refused("second_factor.wrong", field="code"):
        second_factor.confirm_enrolment(user=user, code="000000", session=None)
    assert second_factor.factor_of(user) is None
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    codes = second_factor.confirm_enrolment(user=user, code=Phone(user, device.bin_key, []).code(), session=None)
    assert second_factor.factor_of(user) == device
    assert len(set(codes)) == 10
    assert logged("account.confirm_enrolment", user) == 1
    assert letters(user) == ["account-second-factor-on"]


def test_looking_again_shows_the_same_key_for_an_hour():
    user = make_user(role="asesor")
    first = second_factor.begin_enrolment(user=user)
    assert second_factor.begin_enrolment(user=user) == first
    TOTPDevice.objects.update(created_at=timezone.now() - timedelta(hours=2))
    assert second_factor.begin_enrolment(user=user).key != first.key
    assert TOTPDevice.objects.count() == 1


def test_sent_twice_the_second_is_told():
    phone = make_user_with_factor(role="asesor")
    with refused("confirm_enrolment.none"):
        second_factor.confirm_enrolment(user=phone.user, code=phone.code(), session=None)
    assert second_factor.recovery_codes_left(phone.user) == 10


def test_another_phone_replaces_the_first_and_ends_all_other_log_ins():
    old = make_user_with_factor(role="asesor")
    here, elsewhere = log_in_of(old.user), log_in_of(old.user)
    second_factor.remember_device(user=old.user, user_agent="")
    new = Phone(old.user, second_factor.begin_enrolment(user=old.user).bin_key, [])
    second_factor.confirm_enrolment(user=old.user, code=new.code(), session=here)
    assert list(UserSession.objects.filter(user=old.user)) == [here]
    assert not TrustedDevice.objects.filter(user=old.user).exists()
    with refused("second_factor.wrong", field="code"):
        second_factor.verify_code(user=old.user, code=old.code(steps=1), session=here)
    with refused("recovery_code.wrong", field="code"):
        second_factor.use_recovery_code(user=old.user, code=old.recovery_codes[0], session=here)
    assert not UserSession.objects.filter(pk=elsewhere.pk).exists()


def test_the_key_reads_as_apps_want_it():
    device = TOTPDevice(key="00" * 20)
    assert second_factor.key_as_text(device) == " ".join(["AAAA"] * 8)


# --- showing it -----------------------------------------------------------------------------------------------


def test_a_code_opens_the_log_in_and_works_once():
    phone = make_user_with_factor(role="sekretariat")
    session, other = log_in_of(phone.user), log_in_of(phone.user)
    code = phone.code()
    second_factor.verify_code(user=phone.user, code=f" {code[:3]} {code[3:]} ", session=session)
    assert UserSession.objects.get(pk=session.pk).verified_at is not None
    assert logged("account.second_factor_passed", phone.user) == 1
    with refused("second_factor.wrong", field="code"):
        second_factor.verify_code(user=phone.user, code=code, session=other)
    assert UserSession.objects.get(pk=other.pk).verified_at is None


@pytest.mark.parametrize("code", ["", "abcdef", "000000", "٣٤٥٦٧٨", "9" * 5000])
def test_wrong_codes_are_refused_and_logged(code):
    phone = make_user_with_factor(role="sekretariat")
    with refused("second_factor.wrong", field="code"):
        second_factor.verify_code(user=phone.user, code=code, session=log_in_of(phone.user))
    assert logged("account.second_factor_failed", phone.user) == 1


def test_guessing_waits_ever_longer_and_even_the_right_code_waits():
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    for _guess in range(5):
        long_ago(phone.user)
        with pytest.raises(second_factor.DomainError):
            second_factor.verify_code(user=phone.user, code="000000", session=session)
    with refused("second_factor.throttled", field="code") as caught:
        second_factor.verify_code(user=phone.user, code=phone.code(), session=session)
    assert "detik lagi" in caught.value.message
    long_ago(phone.user)
    second_factor.verify_code(user=phone.user, code=phone.code(), session=session)
    assert second_factor.factor_of(phone.user).throttling_failure_count == 0


def test_codes_of_somebody_else_open_nothing():
    mine, theirs = make_user_with_factor(role="asesor"), make_user_with_factor(role="asesor")
    session = log_in_of(mine.user)
    with refused("second_factor.wrong", field="code"):
        second_factor.verify_code(user=mine.user, code=theirs.code(), session=session)
    with refused("recovery_code.wrong", field="code"):
        second_factor.use_recovery_code(user=mine.user, code=theirs.recovery_codes[0], session=session)


# --- recovery codes --------------------------------------------------------------------------------------------


def test_a_recovery_code_works_once_and_its_owner_is_told():
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    code = phone.recovery_codes[3].lower().replace("-", " ")
    second_factor.use_recovery_code(user=phone.user, code=code, session=session)
    assert UserSession.objects.get(pk=session.pk).verified_at is not None
    assert second_factor.recovery_codes_left(phone.user) == 9
    assert "Sisa kode: 9" in OutboxMessage.objects.get(template_key="account-recovery-code-used").body
    with refused("recovery_code.wrong", field="code"):
        second_factor.use_recovery_code(user=phone.user, code=code, session=session)


def test_a_hundred_log_ins_by_phone_leave_the_recovery_codes_as_they_were():
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    for _log_in in range(100):
        TOTPDevice.objects.update(last_t=-1)
        second_factor.verify_code(user=phone.user, code=phone.code(), session=session)
    assert second_factor.recovery_codes_left(phone.user) == 10
    second_factor.use_recovery_code(user=phone.user, code=phone.recovery_codes[0], session=session)


def test_wrong_codes_of_one_kind_do_not_close_the_other_way():
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    for _guess in range(4):
        for check in (second_factor.verify_code, second_factor.use_recovery_code):
            with pytest.raises(second_factor.DomainError):
                check(user=phone.user, code="111111", session=session)
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    second_factor.verify_code(user=phone.user, code=phone.code(), session=session)
    TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now(), throttling_failure_count=20)
    RecoveryCodeGuard.objects.update(failures=0, failed_at=None)
    second_factor.use_recovery_code(user=phone.user, code=phone.recovery_codes[0], session=session)


def test_guessing_recovery_codes_waits_too_but_never_longer_than_a_quarter_of_an_hour():
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    RecoveryCodeGuard.objects.create(user=phone.user, failures=30, failed_at=timezone.now())
    with refused("second_factor.throttled", field="code") as caught:
        second_factor.use_recovery_code(user=phone.user, code=phone.recovery_codes[0], session=session)
    assert "15 menit lagi" in caught.value.message
    RecoveryCodeGuard.objects.update(failed_at=timezone.now() - timedelta(minutes=16))
    second_factor.use_recovery_code(user=phone.user, code=phone.recovery_codes[0], session=session)


def test_new_codes_make_the_old_ones_void():
    phone = make_user_with_factor(role="sekretariat")
    new = second_factor.make_recovery_codes(user=phone.user)
    session = log_in_of(phone.user)
    with refused("recovery_code.wrong", field="code"):
        second_factor.use_recovery_code(user=phone.user, code=phone.recovery_codes[0], session=session)
    long_ago(phone.user)
    second_factor.use_recovery_code(user=phone.user, code=new[0], session=session)
    assert "account-recovery-codes-new" in letters(phone.user)
    with refused("make_recovery_codes.no_factor"):
        second_factor.make_recovery_codes(user=make_user(role="asesor"))


def keyed_hash(user: User, code: str) -> str:
    """What a code becomes before it is hashed slowly; codes from before migration 0052 lie under this alone."""
    return lookup_hash(f"recovery:{user.pk}:{code.replace('-', '')}")


def test_recovery_codes_lie_under_the_slow_hash_of_passwords_each_with_a_salt_of_its_own():
    """OWASP ASVS 6.5.2; that the hash of passwords is a slow one: tests/security/test_lessons.py."""
    phone = make_user_with_factor(role="sekretariat")

    kept = list(RecoveryCode.objects.filter(user=phone.user).values_list("code_hash", flat=True))
    hasher = get_hasher()
    assert {identify_hasher(code).algorithm for code in kept} == {hasher.algorithm}
    assert len({hasher.decode(code)["salt"] for code in kept}) == 10
    dump = everything_in_the_database()
    assert not [code for code in phone.recovery_codes if keyed_hash(phone.user, code) in dump]


def test_whatever_is_typed_costs_one_slow_hash(monkeypatch):
    """Neither do ten hashes keep the server busy for one guess, nor does the time of the answer tell how near it was."""
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    taken = set(RecoveryCode.objects.filter(user=phone.user).values_list("place", flat=True))
    guesses = [f"SALAH{number:05}" for number in range(60)]
    near = next(guess for guess in guesses if keyed_hash(phone.user, guess)[0] in taken)
    far = next(guess for guess in guesses if keyed_hash(phone.user, guess)[0] not in taken)
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))

    def cost(code: str) -> int:
        hashed.clear()
        long_ago(phone.user)
        second_factor.use_recovery_code(user=phone.user, code=code, session=session)
        return len(hashed)

    def cost_of_wrong(code: str) -> int:
        with refused("recovery_code.wrong", field="code"):
            cost(code)
        return len(hashed)

    right = phone.recovery_codes[0]
    assert cost(right) == 1
    assert [cost_of_wrong(code) for code in (right, near, far, "")] == [1, 1, 1, 1]
    assert len(taken) == 10


def test_codes_from_before_they_were_hashed_slowly_still_work_once_until_there_are_new_ones():
    phone = make_user_with_factor(role="sekretariat")
    session = log_in_of(phone.user)
    old = ["ABCDE-FGHJK", "23456-789AB"]
    RecoveryCode.objects.filter(user=phone.user).delete()
    for code in old:
        RecoveryCode.objects.create(user=phone.user, code_hash=keyed_hash(phone.user, code))

    second_factor.use_recovery_code(user=phone.user, code=old[0], session=session)
    with refused("recovery_code.wrong", field="code"):
        second_factor.use_recovery_code(user=phone.user, code=old[0], session=session)
    assert second_factor.recovery_codes_left(phone.user) == 1

    second_factor.make_recovery_codes(user=phone.user)
    with refused("recovery_code.wrong", field="code"):
        second_factor.use_recovery_code(user=phone.user, code=old[1], session=session)


def test_a_stolen_database_shows_no_recovery_code_and_no_token():
    phone = make_user_with_factor(role="sekretariat")
    token, _days = second_factor.remember_device(user=phone.user, user_agent="")
    dump = everything_in_the_database()
    for secret in (*phone.recovery_codes, *(code.replace("-", "") for code in phone.recovery_codes), token):
        assert secret not in dump


@pytest.mark.django_db(transaction=True)
def test_one_recovery_code_sent_twice_at_once_opens_one_log_in():
    phone = make_user_with_factor(role="sekretariat")
    first, second = log_in_of(phone.user), log_in_of(phone.user)
    at_once(
        *(
            lambda session=session: second_factor.use_recovery_code(
                user=phone.user, code=phone.recovery_codes[0], session=session
            )
            for session in (first, second)
        )
    )
    assert UserSession.objects.filter(verified_at__isnull=False).count() == 1
    assert RecoveryCode.objects.filter(user=phone.user, used_at=None).count() == 9


# --- taking it away ----------------------------------------------------------------------------------------------


def test_the_owner_takes_it_off_where_the_policy_allows(second_factor_required):
    phone = make_user_with_factor(role="sekretariat")
    here, elsewhere = log_in_of(phone.user), log_in_of(phone.user)
    with refused("remove_factor.obliged"):
        second_factor.remove_factor(user=phone.user, session=here)
    SystemPolicy.objects.update(second_factor_sekretariat=False)
    second_factor.remove_factor(user=phone.user, session=here)
    assert second_factor.factor_of(phone.user) is None
    assert second_factor.recovery_codes_left(phone.user) == 0
    assert list(UserSession.objects.filter(user=phone.user)) == [here]
    assert "account-second-factor-off" in letters(phone.user)
    assert not UserSession.objects.filter(pk=elsewhere.pk).exists()
    second_factor.remove_factor(user=phone.user, session=here)  # twice does no harm
    assert logged("account.remove_factor", phone.user) == 1


def test_an_administrator_resets_a_lost_factor_and_its_owner_is_told():
    phone, admin = make_user_with_factor(role="asesor"), make_user(role="administrator")
    log_in_of(phone.user)
    second_factor.remember_device(user=phone.user, user_agent="")
    second_factor.reset_second_factor(user=phone.user, reason="Ponsel  hilang", by=admin)
    assert second_factor.factor_of(phone.user) is None
    assert not UserSession.objects.filter(user=phone.user).exists()
    assert not TrustedDevice.objects.filter(user=phone.user).exists()
    assert "Alasan: Ponsel hilang" in OutboxMessage.objects.get(template_key="account-second-factor-reset").body
    entry = ActivityEntry.objects.get(code="account.reset_second_factor")
    assert (entry.actor, entry.data["reason"]) == (admin, "Ponsel hilang")
    with refused("reset_second_factor.none"):
        second_factor.reset_second_factor(user=phone.user, reason="Lagi", by=admin)


def test_who_may_reset_and_why_must_be_said():
    phone = make_user_with_factor(role="asesor")
    for role in ("sekretariat", "bnsp", "asesor"):
        with refused("reset_second_factor.right"):
            second_factor.reset_second_factor(user=phone.user, reason="Ponsel hilang", by=make_user(role=role))
    admin = make_user_with_factor(role="administrator")
    with refused("reset_second_factor.self"):
        second_factor.reset_second_factor(user=admin.user, reason="Ponsel hilang", by=admin.user)
    with refused("reset_second_factor.reason", field="reason"):
        second_factor.reset_second_factor(user=phone.user, reason="  ", by=admin.user)
    assert second_factor.recovery_codes_left(phone.user) == second_factor.recovery_codes_left(admin.user) == 10


def test_the_command_on_the_server_is_the_way_back_for_the_last_administrator(capsys):
    phone = make_user_with_factor(role="administrator", email="admin@contoh.id")
    call_command("reset_second_factor", "Admin@contoh.id")
    assert second_factor.factor_of(phone.user) is None
    assert ActivityEntry.objects.get(code="account.reset_second_factor").actor is None
    assert "account-second-factor-reset" in letters(phone.user)
    with pytest.raises(CommandError, match="tidak mempunyai faktor kedua"):
        call_command("reset_second_factor", "admin@contoh.id")
    with pytest.raises(CommandError, match="Tidak ada akun"):
        call_command("reset_second_factor", "siapa@contoh.id")


# --- remembered devices --------------------------------------------------------------------------------------


def test_a_remembered_device_opens_log_ins_until_its_days_are_over():
    phone = make_user_with_factor(role="sekretariat")
    token, days = second_factor.remember_device(user=phone.user, user_agent="")
    session = log_in_of(phone.user)
    assert days == 14
    assert second_factor.recognise_device(session=session, token=token)
    assert session.verified_at is not None
    assert not second_factor.recognise_device(session=session, token="x" * 43)
    assert not second_factor.recognise_device(session=log_in_of(make_user(role="asesor")), token=token)
    TrustedDevice.objects.update(expires_at=timezone.now())
    assert not second_factor.recognise_device(session=session, token=token)


def test_fewer_days_in_the_policy_hold_for_devices_already_remembered():
    phone = make_user_with_factor(role="sekretariat")
    token, _days = second_factor.remember_device(user=phone.user, user_agent="")
    TrustedDevice.objects.update(created_at=timezone.now() - timedelta(days=5))
    SystemPolicy.objects.update(remember_device_days=4)
    assert not second_factor.recognise_device(session=log_in_of(phone.user), token=token)
    SystemPolicy.objects.update(remember_device_days=0)
    assert second_factor.remember_device(user=phone.user, user_agent="") is None


@pytest.mark.parametrize(
    "act",
    [
        lambda user, admin: change_password(user=user, password="kalimat-yang-baru"),
        lambda user, admin: second_factor.reset_second_factor(user=user, reason="Ponsel hilang", by=admin),
        lambda user, admin: change_account(
            user=user, full_name="A", email=user.email, is_active=False, role="sekretariat", by=admin
        ),
    ],
    ids=["new password", "reset", "account closed"],
)
def test_what_ends_all_log_ins_and_remembered_devices(act):
    phone, admin = make_user_with_factor(role="sekretariat"), make_user(role="administrator")
    log_in_of(phone.user)
    second_factor.remember_device(user=phone.user, user_agent="")
    act(phone.user, admin)
    assert not UserSession.objects.filter(user=phone.user).exists()
    assert not TrustedDevice.objects.filter(user=phone.user).exists()


def test_a_new_role_is_obliged_at_once(second_factor_required):
    user = make_user(role="asesi")
    assert not second_factor.is_obliged(user)
    assign_role(user=user, role="sekretariat", by=None)
    assert second_factor.is_obliged(User.objects.get(pk=user.pk))
