"""The keyed digests that make the log tamper-evident. Pure functions; who uses them: models, sealing, verification.

The keys are derived from LOOKUP_KEY, which lies outside the database, never changes and is kept
apart from the backups. Who can write to the database alone can therefore forge none of these.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings

#: What the first link of the chain follows.
START = ""


@lru_cache
def _derived(secret: str, purpose: str) -> bytes:
    """HKDF's expand step for one block: a key for each purpose, so that no digest can stand for another."""
    return hmac.digest(secret.encode(), f"lsp-activity/1/{purpose}".encode(), hashlib.sha256)


def _mac(purpose: str, content: list[Any]) -> str:
    """HMAC-SHA-256 over JSON, in which no two different contents read the same."""
    words = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.digest(_derived(settings.LOOKUP_KEY, purpose), words.encode(), hashlib.sha256).hex()


def entry_mac(
    uid: Any,
    at: datetime,
    code: str,
    actor_id: int | None,
    subject_type: str,
    subject_id: str,
    subject_label: str,
    ip_address: str | None,
    data: Any,
) -> str:
    """Over everything an entry says. The moment to the microsecond, as both databases keep it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return _mac("entry", [str(uid), moment, code, actor_id, subject_type, subject_id, subject_label, ip_address, data])


def seal_digest(previous: str, sequence: int, entry_id: int, mac: str) -> str:
    """One link: the link before, the place in the chain, which row stands there and what it says."""
    return _mac("seal", [previous, sequence, entry_id, mac])


def head_mac(sequence: int, digest: str, swept_to: int) -> str:
    return _mac("head", [sequence, digest, swept_to])


def checkpoint_mac(at: str, sequence: int, digest: str) -> str:
    return _mac("checkpoint", [at, sequence, digest])


def secret_mark(name: str, secret: str) -> str:
    """By which a secret is recognised as the same one; short, so that it is no use for finding it."""
    return _mac("secret", [name, secret])[:16]


def is_same(given: str, computed: str) -> bool:
    return hmac.compare_digest(given.encode(), computed.encode())
