"""Whether a password is known from a breach elsewhere (OWASP ASVS 6.2.12), asked so that nobody learns the password.

The collection is sorted by the first five figures of a password's SHA-1: one file, or one answer of a service, for each
of the 1,048,576 beginnings. Only the beginning is asked for; the rest is compared here (decision 0054). It is named by
BREACHED_PASSWORDS: a folder of the operator's own, or the address of a service.
"""

import hashlib
import http.client
import logging
import time
import urllib.request
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.common.telling import kind_of

logger = logging.getLogger(__name__)

#: Figures of the SHA-1 by which the collection is divided, as whoever publishes it has laid down.
BEGINNING = 5
#: Seconds until a person goes on without an answer, and until the collection is asked again after that.
PATIENCE, REST = 2, 60
#: A beginning has some thousand endings of 35 figures with their counts; what is longer is something else.
LARGEST = 512 * 1024
_RESTS = "breached-passwords-rest"


class _NowhereElse(urllib.request.HTTPRedirectHandler):
    """A service that leads elsewhere is not followed: the operator named one, and no other."""

    def redirect_request(self, *about: Any, **more: Any) -> None:
        return None


_ask = urllib.request.build_opener(_NowhereElse)


def is_breached(password: str) -> bool:
    """False also when no collection is named, or none answers: a service that is away keeps nobody from an account."""
    if settings.BREACHED_PASSWORDS is None or cache.get(_RESTS):
        return False
    digest = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper()
    try:
        return _holds(_endings(digest[:BEGINNING]), digest[BEGINNING:])
    except (OSError, ValueError, http.client.HTTPException) as error:
        cache.set(_RESTS, True, REST)
        logger.warning("the collection of breached passwords does not answer: %s", kind_of(error))
        return False


def _endings(beginning: str) -> str:
    """Lines of `rest of the SHA-1:how often`. OSError: they cannot be had; ValueError: they are something else."""
    place = settings.BREACHED_PASSWORDS
    if place.scheme == "file":
        with (Path(unquote(place.path)) / f"{beginning}.txt").open("rb") as file:
            return _read(file)
    # Padding: as long for every beginning, so that whoever sees the line learns nothing from its length.
    about = {"Add-Padding": "true", "User-Agent": "lsp"}
    asked = urllib.request.Request(place.geturl() + beginning, headers=about)  # noqa: S310 - https, as the settings check
    with _ask.open(asked, timeout=PATIENCE) as answer:
        return _read(answer)


def _read(source: IO[bytes]) -> str:
    """All of it within the time and the size that an answer may have: one that drips in byte by byte holds nobody."""
    parts, until = [], time.monotonic() + PATIENCE
    read = getattr(source, "read1", source.read)
    while part := read(16 * 1024):
        parts.append(part)
        if time.monotonic() > until:
            raise TimeoutError
        if sum(map(len, parts)) > LARGEST:
            raise ValueError("longer than an answer is")
    return b"".join(parts).decode("ascii")


def _holds(lines: str, ending: str) -> bool:
    """Lines that only fill up have the count 0."""
    for line in lines.splitlines():
        found, _colon, count = line.partition(":")
        if found.strip().upper() == ending:
            return count.strip() != "0"
    return False


class BreachedPasswordValidator:
    """Refuses what was found in a breach, wherever that was: it is tried with every address found beside it."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_breached(password):
            raise ValidationError(
                _("Sandi ini pernah bocor dari situs lain. Pakai kalimat pendek yang belum pernah Anda pakai."),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return ""
