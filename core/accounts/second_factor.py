"""The second factor: a code from an app on the phone, or one of ten recovery codes.

A device is always chosen, never tried in turn: a code of the app cannot spend or slow down the
recovery codes, nor the other way round. Wrong codes are counted and logged even though they are
refused, so the checks answer instead of raising inside their transaction.
"""

import secrets
from base64 import b32encode
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password, make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts.models import RecoveryCode, RecoveryCodeGuard, TrustedDevice, User, UserSession
from core.accounts.rules import role_of
from core.accounts.sessions import device_words, end_other_sessions, forget_devices
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.fields import lookup_hash
from core.messaging.services import queue_message
from core.policy.models import SystemPolicy
from core.policy.queries import system_policy

#: Without letters and figures that look alike on paper.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODES = 10
#: Somebody who gave the password this recently need not give it again to enrol.
FRESH = timedelta(minutes=15)
#: An enrolment that was begun and left is begun anew after this time.
BEGUN = timedelta(hours=1)
#: The longest wait after wrong recovery codes: long enough against guessing 49 bits.
LONGEST_WAIT = timedelta(minutes=15)

VERIFY, ENROL = "verify", "enrol"


# --- questions ---------------------------------------------------------------------------------------------


def factor_of(user: User) -> TOTPDevice | None:
    """The person's device in use."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_obliged(user: User, policy: SystemPolicy | None = None) -> bool:
    """Whether the policy demands a second factor of this person. The demo only offers it."""
    return not settings.DEMO and (policy or system_policy()).demands_second_factor(role_of(user))


def open_step(session: UserSession, *, has_factor: bool, policy: SystemPolicy) -> str | None:
    """What stands between a log-in and the rooms: the code, the enrolment, or nothing."""
    if session.verified_at and has_factor:
        return None
    if has_factor:
        return VERIFY
    return ENROL if is_obliged(session.user, policy) else None


def is_fresh(session: UserSession) -> bool:
    """Whether the password was given a moment ago."""
    return session.created_at > timezone.now() - FRESH


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def trusted_devices(user: User) -> Any:
    now = timezone.now()
    since = now - timedelta(days=system_policy().remember_device_days)
    return TrustedDevice.objects.filter(user=user, expires_at__gt=now, created_at__gt=since)


def key_as_text(device: TOTPDevice) -> str:
    """The secret as it is typed into an app, in groups of four."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def require_password(*, user: User, password: str, request: Any) -> None:
    """Ask for the password again; guesses count like those at the door, and the session gets a new key like there."""
    if not password or authenticate(request, username=user.email, password=password) is None:
        raise DomainError(
            _("Sandi tidak cocok. Tulis sandi yang Anda pakai untuk masuk."), code="password.wrong", field="password"
        )
    request.session.cycle_key()


# --- enrolling -----------------------------------------------------------------------------------------------


@transaction.atomic
def begin_enrolment(*, user: User) -> TOTPDevice:
    """A device that counts once a code of it was seen. Looking again shows the same key for an hour."""
    User.objects.select_for_update().get(pk=user.pk)  # two tabs begin the same one
    begun = TOTPDevice.objects.filter(user=user, confirmed=False)
    begun.filter(created_at__lt=timezone.now() - BEGUN).delete()
    return begun.first() or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def confirm_enrolment(*, user: User, code: str, session: UserSession | None) -> list[str]:
    """Put the begun device into use, instead of any earlier one; the new recovery codes, shown this once.

    All other log-ins end, and no device is trusted any longer: whoever was in before must show the new factor.
    """
    codes = _confirm(user=user, code=code, session=session)
    if codes is None:
        raise _wrong_code(TOTPDevice.objects.filter(user=user, confirmed=False).first())
    return codes


@transaction.atomic
def _confirm(*, user: User, code: str, session: UserSession | None) -> list[str] | None:
    begun = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if begun is None:
        raise DomainError(
            _("Pengaktifan ini sudah selesai atau kedaluwarsa. Buka lagi halaman pengaktifan."),
            code="confirm_enrolment.none",
        )
    if not begun.verify_token(_digits(code)):
        record_activity("account.second_factor_failed", by=user, subject=user)
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    begun.confirmed = True
    begun.save(update_fields=["confirmed"])
    forget_devices(user=user, by=user)
    _pass(session)
    end_other_sessions(user=user, keep=session, by=user)
    record_activity("account.confirm_enrolment", by=user, subject=user)
    _tell(user, "account-second-factor-on")
    return _new_codes(user)


# --- showing it -----------------------------------------------------------------------------------------------


def verify_code(*, user: User, code: str, session: UserSession) -> None:
    """A code of the app opens the log-in. Each code works once."""
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is not None and device.verify_token(_digits(code)):
            _pass(session)
            record_activity("account.second_factor_passed", by=user, subject=user, method=_("kode aplikasi"))
            return
        record_activity("account.second_factor_failed", by=user, subject=user)
    raise _wrong_code(device)


def use_recovery_code(*, user: User, code: str, session: UserSession) -> None:
    """A recovery code opens the log-in and is spent; its owner is told."""
    with transaction.atomic():
        RecoveryCodeGuard.objects.get_or_create(user=user)
        guard = RecoveryCodeGuard.objects.select_for_update().get(user=user)
        wait = _guard_waits(guard)
        if wait is None and factor_of(user) is not None and _spend(user, code):
            guard.failures, guard.failed_at = 0, None
            guard.save()
            _pass(session)
            record_activity("account.second_factor_passed", by=user, subject=user, method=_("kode pemulihan"))
            _tell(user, "account-recovery-code-used", sisa=recovery_codes_left(user))
            return
        if wait is None:
            guard.failures, guard.failed_at = guard.failures + 1, timezone.now()
            guard.save()
        record_activity("account.second_factor_failed", by=user, subject=user)
    if wait is not None:
        raise _slow_down(wait)
    raise DomainError(
        _("Kode pemulihan ini tidak cocok atau sudah pernah dipakai. Periksa kembali, atau pakai kode yang lain."),
        code="recovery_code.wrong",
        field="code",
    )


def _spend(user: User, code: str) -> bool:
    """Whether a code is one of the person's own that was not used; then it is now.

    Whatever was typed costs one slow hash: right, spent, wrong, or at a place where no code stands.
    """
    keyed = _keyed(user, "".join(letter for letter in code.upper() if letter.isalnum()))
    own = RecoveryCode.objects.filter(user=user)
    found = own.filter(place=_place(keyed)).first()
    if not check_password(keyed, found.code_hash if found else UNUSABLE_PASSWORD_PREFIX):
        found = own.filter(code_hash=keyed).first()  # issued before codes were hashed slowly
    return found is not None and bool(own.filter(pk=found.pk, used_at=None).update(used_at=timezone.now()))


def _guard_waits(guard: RecoveryCodeGuard) -> timedelta | None:
    """How long the next guess has to wait: 1, 2, 4, 8 … seconds after the last one."""
    if not guard.failures or guard.failed_at is None:
        return None
    wait = min(timedelta(seconds=2 ** min(guard.failures - 1, 20)), LONGEST_WAIT)
    left = guard.failed_at + wait - timezone.now()
    return left if left > timedelta(0) else None


# --- changing and taking away -----------------------------------------------------------------------------------


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """Ten new codes, shown this once; the earlier ones are void."""
    if factor_of(user) is None:
        raise DomainError(_("Aktifkan faktor kedua lebih dulu."), code="make_recovery_codes.no_factor")
    record_activity("account.make_recovery_codes", by=user, subject=user)
    _tell(user, "account-recovery-codes-new")
    return _new_codes(user)


@transaction.atomic
def remove_factor(*, user: User, session: UserSession | None) -> None:
    """Do without a second factor again, where the policy leaves the choice."""
    if is_obliged(user):
        raise DomainError(
            _("Peran Anda wajib memakai faktor kedua. Untuk pindah ke ponsel lain, pilih “Ganti perangkat”."),
            code="remove_factor.obliged",
        )
    if not take_away(user):
        return
    forget_devices(user=user, by=user)
    end_other_sessions(user=user, keep=session, by=user)
    record_activity("account.remove_factor", by=user, subject=user)
    _tell(user, "account-second-factor-off")


@transaction.atomic
def reset_second_factor(*, user: User, reason: str, by: Any = None) -> None:
    """Take somebody's lost factor away, so that they can enrol anew; they are told, and logged out everywhere.

    `by` is an administrator, or None for the command on the server.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    reason = " ".join(reason.split())
    if by is not None and not by.has_perm("core.reset_second_factor"):
        raise DomainError(
            _("Hanya administrator yang dapat mengatur ulang faktor kedua."), code="reset_second_factor.right"
        )
    if by is not None and by.pk == user.pk:
        raise DomainError(
            _("Faktor kedua Anda sendiri diganti di “Keamanan akun”, atau diatur ulang oleh administrator lain."),
            code="reset_second_factor.self",
        )
    if not reason:
        raise DomainError(_("Tulis alasannya."), code="reset_second_factor.reason", field="reason")
    if not take_away(user):
        raise DomainError(_("Akun ini tidak mempunyai faktor kedua."), code="reset_second_factor.none")
    forget_devices(user=user, by=by)
    end_other_sessions(user=user, keep=None, by=by)
    record_activity("account.reset_second_factor", by=by, subject=user, reason=reason[:200])
    _tell(user, "account-second-factor-reset", alasan=reason)


def take_away(user: User) -> bool:
    """Delete device and codes; whether there was a device."""
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCodeGuard.objects.filter(user=user).delete()
    _count, rows = TOTPDevice.objects.filter(user=user).delete()
    return bool(rows)


# --- remembered devices --------------------------------------------------------------------------------------


@transaction.atomic
def remember_device(*, user: User, user_agent: str) -> tuple[str, int] | None:
    """Trust this browser for some days; the token for its cookie and the days, None where the policy allows none."""
    days = system_policy().remember_device_days
    if not days:
        return None
    token = secrets.token_urlsafe(32)
    TrustedDevice.objects.create(
        user=user,
        token_hash=lookup_hash(f"device:{token}"),
        expires_at=timezone.now() + timedelta(days=days),
        device=device_words(user_agent)[:80],
    )
    record_activity("account.remember_device", by=user, subject=user)
    return token, days


def recognise_device(*, session: UserSession, token: str) -> bool:
    """Whether a browser that just logged in is trusted; then the code is not asked."""
    found = trusted_devices(session.user).filter(token_hash=lookup_hash(f"device:{token}"))
    if not found.update(last_used_at=timezone.now()):
        return False
    _pass(session)
    record_activity(
        "account.second_factor_passed", by=session.user, subject=session.user, method=_("perangkat yang diingat")
    )
    return True


# --- small parts ------------------------------------------------------------------------------------------------


def _pass(session: UserSession | None) -> None:
    if session is not None:
        session.verified_at = timezone.now()
        session.save(update_fields=["verified_at"])


def _digits(code: str) -> str:
    """Apps show codes in two groups; anything that is no figure is left out, and words never become numbers."""
    return "".join(letter for letter in code if letter in "0123456789")[:8] or "x"


def _keyed(user: User, word: str) -> str:
    """What is hashed slowly instead of the code itself: a stolen database alone cannot be searched at all."""
    return lookup_hash(f"recovery:{user.pk}:{word}")


def _place(keyed: str) -> str:
    """Which of sixteen places a code stands at, so that a guess is held against one code and not against all ten."""
    return keyed[0]


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCodeGuard.objects.filter(user=user).delete()
    words: dict[str, str] = {}
    while len(words) < CODES:
        word = "".join(secrets.choice(ALPHABET) for _letter in range(10))
        words.setdefault(_place(_keyed(user, word)), word)
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, place=place, code_hash=make_password(_keyed(user, word)))
        for place, word in words.items()
    )
    return [f"{word[:5]}-{word[5:]}" for word in words.values()]


def _wrong_code(device: TOTPDevice | None) -> DomainError:
    allowed, why = device.verify_is_allowed() if device is not None else (True, None)
    if not allowed and why["failure_count"] > 2:
        return _slow_down(why["locked_until"] - timezone.now())
    return DomainError(
        _("Kode ini tidak cocok atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu tulis keenam angkanya."),
        code="second_factor.wrong",
        field="code",
    )


def _slow_down(wait: timedelta) -> DomainError:
    seconds = int(wait.total_seconds()) + 1
    minutes = -(-seconds // 60)
    left = (
        ngettext("%(count)d detik", "%(count)d detik", seconds) % {"count": seconds}
        if seconds < 60
        else ngettext("%(count)d menit", "%(count)d menit", minutes) % {"count": minutes}
    )
    return DomainError(
        _("Terlalu banyak kode salah. Coba lagi %(left)s lagi.") % {"left": left},
        code="second_factor.throttled",
        field="code",
    )


def _tell(user: User, template: str, **values: Any) -> None:
    """Every change of the factor goes to its owner by letter."""
    queue_message(
        template,
        recipient=user,
        values={"nama": user.full_name, "tautan": f"{settings.SITE_URL}/lupa-sandi/", **values},
    )
