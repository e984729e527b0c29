"""Since when each secret is in use (OWASP ASVS 13.3.4): the log remembers the night on which a new one was seen.

What is written is a digest under LOOKUP_KEY, from which nobody learns the secret. LOOKUP_KEY has no age here: it seals
the log, and is not changed by the calendar (server_docs/runbook/ganti-kunci.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core.activity.macs import secret_mark
from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.policy.queries import system_policy

CODE = "secret.renew"


@dataclass(frozen=True)
class SecretAge:
    """`since`: when it was first seen; None when no night has passed yet. `is_first`: it may well be older."""

    name: str
    since: datetime | None
    is_first: bool

    @property
    def is_old(self) -> bool:
        limit = settings.SECRETS_CHANGE_DAYS
        return bool(limit and self.since) and timezone.now() - self.since > timedelta(days=limit)


def secrets_in_use() -> dict[str, str]:
    """{name in the environment: secret}, of those that are set and can be read."""
    found = {
        "SECRET_KEY": settings.SECRET_KEY,
        "FIELD_ENCRYPTION_KEYS": settings.FIELD_ENCRYPTION_KEYS[0],  # the one that encrypts
        "CERTIFICATE_SIGNING_KEY": settings.CERTIFICATE_SIGNING_KEY,
        "DATABASE_URL": settings.DATABASES["default"].get("PASSWORD", ""),
        "BACKUP_PASSWORD_FILE": _content_of(settings.BACKUP_PASSWORD_FILE),
    }
    return {name: secret for name, secret in found.items() if secret}


def _content_of(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8").strip() if path else ""
    except OSError:  # whoever has no right to it does not judge its age
        return ""


def note_secrets() -> list[str]:
    """Write down which secrets are other ones than the last time; their names."""
    policy, last = system_policy(), _last_seen()
    new = []
    for name, secret in secrets_in_use().items():
        mark = secret_mark(name, secret)
        if name not in last or last[name].data["mark"] != mark:
            record_activity(CODE, subject=policy, name=name, mark=mark, is_first=name not in last)
            new.append(name)
    return new


def secret_ages() -> list[SecretAge]:
    """Each secret in use; one that was replaced today is the old one until the next night."""
    last = _last_seen()
    return [
        SecretAge(name, last[name].at, last[name].data["is_first"]) if name in last else SecretAge(name, None, True)
        for name in secrets_in_use()
    ]


def _last_seen() -> dict[str, ActivityEntry]:
    """The entries about the policy are few and have an index."""
    policy = system_policy()
    entries = ActivityEntry.objects.filter(
        subject_type=policy._meta.model_name, subject_id=str(policy.pk), code=CODE
    ).order_by("pk")
    return {entry.data["name"]: entry for entry in entries}
