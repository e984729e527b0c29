"""Open log-ins: who is in, from where and on what; how a log-in ends, here or elsewhere."""

from datetime import timedelta
from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from ua_parser import parse

from core.accounts.models import TrustedDevice, User, UserSession
from core.activity.context import request_address
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.messaging.services import queue_message
from core.policy.models import SystemPolicy
from core.policy.queries import system_policy

#: Where a session keeps the key of its row.
SESSION_KEY = "user_session"
#: `last_seen_at` is not written more often than this; the limit of idleness grants it on top.
SEEN_EVERY = timedelta(minutes=3)

_PLAIN_NAMES = {"Edge": "Microsoft Edge", "Mac OS X": "macOS"}


def device_words(user_agent: str) -> str:
    """A browser in plain words, such as "Chrome di Android"."""
    found = parse(user_agent[:500])
    browser, system = (_plain(part.family) if part else "" for part in (found.user_agent, found.os))
    if browser and system:
        return _("%(browser)s di %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Perangkat yang tidak dikenal")


def _plain(name: str) -> str:
    """Without what says little to a person: "Chrome Mobile WebView" is Chrome."""
    words = " ".join(word for word in name.split() if word not in ("Mobile", "WebView"))
    return _PLAIN_NAMES.get(words, words)


# --- beginning and going on ----------------------------------------------------------------------------


def open_session(sender: Any, request: Any, user: User, **kwargs: Any) -> None:
    """Django's log-in happened, through whichever door: note it, and how long it may last."""
    row = UserSession.objects.create(
        user=user,
        ip_address=request_address(request),
        device=device_words(request.META.get("HTTP_USER_AGENT", ""))[:80],
    )
    request.session[SESSION_KEY] = row.pk
    if user.is_staff:
        request.session.set_expiry(timedelta(hours=system_policy().session_hours))
    record_activity("account.log_in", by=user, subject=user)


def close_session(sender: Any, request: Any, user: User | None, **kwargs: Any) -> None:
    """Django's log-out: the row goes, and with it the session wherever else it was copied to."""
    row = UserSession.objects.filter(pk=request.session.get(SESSION_KEY)).select_related("user").first()
    if row is not None:
        record_activity("account.log_out", by=row.user, subject=row.user)
        row.delete()


def note_guess(sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any) -> None:
    """A password that did not fit, whether at a door or asked for again. What was typed is kept nowhere."""
    if _was_shut(request):
        return
    name = str(credentials.get("username") or "").strip()
    meant = User.objects.filter(email__iexact=name).first() if name else None
    record_activity("account.log_in_failed", subject=meant)


def note_shut_door(sender: Any, request: Any, username: str | None = None, **kwargs: Any) -> None:
    """The guess that shut the door for this name from this address: its owner is told, once a day."""
    if _was_shut(request):
        return
    owner = User.objects.filter(email__iexact=username or "", is_active=True).first()
    record_activity("account.shut_out", subject=owner)
    if owner is not None and owner.email_confirmed_at:
        queue_message(
            "account-guessed",
            recipient=owner,
            values={"nama": owner.full_name, "tautan": f"{settings.SITE_URL}/lupa-sandi/"},
            dedupe_key=f"account-guessed-{owner.pk}-{timezone.localdate():%Y%m%d}",
        )


def _was_shut(request: Any) -> bool:
    """Whether this is a knock at a door that django-axes had shut before: the log must not grow with every one.

    A guess that is counted bears the count, also the one that shuts the door.
    """
    return getattr(request, "axes_locked_out", False) and not getattr(request, "axes_failures_since_start", None)


def connect() -> None:
    user_logged_in.connect(open_session, dispatch_uid="open_session")
    user_logged_out.connect(close_session, dispatch_uid="close_session")
    user_login_failed.connect(note_guess, dispatch_uid="note_guess")
    user_locked_out.connect(note_shut_door, dispatch_uid="note_shut_door")


def is_over(session: UserSession, policy: SystemPolicy) -> bool:
    """Whether a log-in ends now: of staff by the policy, of everybody else with the age of their first cookie.

    Django renews the cookie whenever a page writes into the session, so that the cookie alone would set no end.
    """
    now = timezone.now()
    if not session.user.is_staff:
        return session.created_at + timedelta(seconds=settings.SESSION_COOKIE_AGE) <= now
    return (
        session.created_at + timedelta(hours=policy.session_hours) <= now
        or session.last_seen_at + timedelta(minutes=policy.idle_minutes) + SEEN_EVERY <= now
    )


def touch(session: UserSession) -> None:
    """The person is here."""
    now = timezone.now()
    if session.last_seen_at + SEEN_EVERY < now:
        UserSession.objects.filter(pk=session.pk).update(last_seen_at=now)


def open_sessions(user: User) -> QuerySet[UserSession]:
    """Log-ins that still work, the latest used first."""
    now, policy = timezone.now(), system_policy()
    if user.is_staff:
        idle = timedelta(minutes=policy.idle_minutes) + SEEN_EVERY
        longest = timedelta(hours=policy.session_hours)
        return user.sessions.filter(last_seen_at__gt=now - idle, created_at__gt=now - longest)
    return user.sessions.filter(created_at__gt=now - timedelta(seconds=settings.SESSION_COOKIE_AGE))


# --- ending ------------------------------------------------------------------------------------------------


@transaction.atomic
def end_session(*, user: User, key: int, by: User) -> None:
    """Throw one of one's own log-ins out. Twice does no harm."""
    count, _rows = UserSession.objects.filter(user=user, pk=key).delete()
    if count:
        record_activity("account.end_sessions", by=by, subject=user, count=count)


@transaction.atomic
def end_other_sessions(*, user: User, keep: UserSession | None, by: Any) -> int:
    """Throw all log-ins of a person out but the one under way; how many went."""
    count, _rows = UserSession.objects.filter(user=user).exclude(pk=keep.pk if keep else None).delete()
    if count:
        record_activity("account.end_sessions", by=by, subject=user, count=count)
    return count


@transaction.atomic
def end_sessions_of(*, user: User, by: User) -> int:
    """An administrator throws somebody out everywhere, and no device of theirs is trusted any longer."""
    if not by.has_perm("core.change_user"):
        raise DomainError(_("Hanya administrator yang dapat mengakhiri sesi orang lain."), code="end_sessions.right")
    forget_devices(user=user, by=by)
    return end_other_sessions(user=user, keep=None, by=by)


@transaction.atomic
def forget_devices(*, user: User, by: Any, key: int | None = None) -> int:
    """No longer trust one or all of a person's devices; how many were trusted."""
    chosen = Q(user=user) if key is None else Q(user=user, pk=key)
    count, _rows = TrustedDevice.objects.filter(chosen).delete()
    if count:
        record_activity("account.forget_device", by=by, subject=user, count=count)
    return count


def end_everything() -> int:
    """After a restore: who was logged in or had a trusted device then need not have it now. How many log-ins ended."""
    Session.objects.all().delete()
    TrustedDevice.objects.all().delete()
    count, _rows = UserSession.objects.all().delete()
    return count


def clear_ended() -> int:
    """Remove what no longer opens anything (cron)."""
    now = timezone.now()
    longest = max(timedelta(hours=72), timedelta(seconds=settings.SESSION_COOKIE_AGE))
    sessions, _rows = UserSession.objects.filter(last_seen_at__lt=now - longest).delete()
    devices, _rows = TrustedDevice.objects.filter(expires_at__lt=now).delete()
    return sessions + devices
