"""Letters about errors to those who run the server (ADMINS): what went wrong and where, of nobody's data anything.

The first error of a kind is told at once, then one letter in LETTER_EVERY at most, with how often it happened
meanwhile. Letters leave by a thread of their own: whoever met the error waits for no mail server.
"""

import fcntl
import hashlib
import json
import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.core.mail import mail_admins
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from core.common.telling import causes, is_ours, kind_of, place_of, short_path, told
from core.common.tracing import current_id, spoken
from core.watch.logs import sentence_of
from core.watch.middleware import route_of

logger = logging.getLogger(__name__)

#: Seconds between two letters about the same error: at first, and when it goes on for days (each pause is twice the one
#: before). Letters of one hour about all errors together.
LETTER_EVERY, SELDOM, MOST_PER_HOUR = 30 * 60, 24 * 3600, 20
#: Letters that wait in one process while the mail server is slow; more are not sent.
MOST_WAITING = 10
#: Head lines of a request that tell what kind of request it was, and nothing of who made it.
META = ("REQUEST_METHOD", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME", "HTTP_HX_REQUEST")
#: Numbers below it are told: keys, counts, sizes. A NIK, a telephone number, a date as a number lie above.
SMALL = 10_000_000
#: Calls that a letter tells with their variables, the last ones.
MOST_FRAMES = 12


# --- what a letter may tell -------------------------------------------------------------------------------


class PersonalDataFilter(SafeExceptionReporterFilter):
    """Tells of every value only what it is: "str of 16". Django's own hides what has a suspicious name; a NIK can
    stand in any variable."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        return {name: request.META[name] for name in META if request.META.get(name)}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return dict.fromkeys(request.COOKIES, self.cleansed_substitute)

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        if request is None:
            return {}
        return {name[:40]: described(value) for name, value in request.POST.items() if name.isidentifier()}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: Any) -> list[tuple[str, Any]]:
        return [(name, described(value)) for name, value in tb_frame.f_locals.items()]


class FaultReporter(ExceptionReporter):
    """The text of a letter. Django's own prints path, query, who is logged in and the error's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filter = PersonalDataFilter()  # whatever the settings say

    def get_traceback_text(self) -> str:
        lines: list[str] = []
        error = self.exc_value
        for cause in causes(error) if error is not None else ():
            lines += ["", f"{kind_of(cause)} — {place_of(cause)}"]
            for frame in list(self.get_exception_traceback_frames(cause, cause.__traceback__))[-MOST_FRAMES:]:
                place = f"{short_path(frame['filename'])}:{frame['lineno']} {frame['function']}"
                lines.append(f"  {place}")
                if is_ours(place):
                    lines += [f"      {name} = {value}" for name, value in frame["vars"]]
        if self.request is not None and (sent := self.filter.get_post_parameters(self.request)):
            lines += ["", "Isian yang dikirim:", *(f"  {name} = {value}" for name, value in sent.items())]
        return "\n".join(lines).strip()

    def get_traceback_html(self) -> str:
        return ""


def described(value: Any) -> str:
    """What a value is, not what it says. Asks nothing of the database, and calls no `repr` of anybody."""
    kind = type(value)
    if value is None or kind is bool or (kind is int and abs(value) < SMALL):
        return str(value)
    if issubclass(kind, Model):
        return f"{kind.__name__} pk={described(value.__dict__.get('id'))}"
    if kind in (str, bytes, list, tuple, dict, set, frozenset):
        return f"{kind.__name__} of {len(value)}"
    if issubclass(kind, BaseException):
        return kind_of(value)
    return kind.__qualname__


# --- which letters leave ----------------------------------------------------------------------------------


def admit(kind: str, *, now: float | None = None) -> int | None:
    """Whether a letter about this error may leave now: how many were held back since the last one; None: held back.

    The memory is a file, since processes share it and the database may be what is broken.
    """
    now = time.time() if now is None else now
    key = key_of(kind)
    try:
        with open(settings.FAULT_MEMORY, "a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            memory = _read(file.read())
            answer = _decide(memory, key, now)
            file.seek(0)
            file.truncate()
            json.dump(memory, file)
    except OSError:  # a full disk is told of as well: each process then remembers for itself
        return _decide(_own_memory, key, now)
    return answer


_own_memory: dict[str, list[float]] = {}


def key_of(kind: str) -> str:
    return hashlib.sha256(kind.encode()).hexdigest()[:16]


def _read(text: str) -> dict[str, list[float]]:
    """What was cut off in the middle is begun anew."""
    try:
        found = json.loads(text or "{}")
        return {name: [float(at), float(held), float(pause)] for name, (at, held, pause) in found.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _decide(memory: dict[str, list[float]], key: str, now: float) -> int | None:
    """`memory`: {kind: [when the last letter left, how many were held back since, the pause after it]}."""
    for old in [name for name, (at, _held, pause) in memory.items() if not now - 2 * pause < at <= now]:
        del memory[old]  # quiet for so long that it is news again; or the clock was set back
    if key not in memory:
        if sum(at > now - 3600 for at, _held, _pause in memory.values()) >= MOST_PER_HOUR:
            return None
        memory[key] = [now, 0, LETTER_EVERY]
        return 0
    at, held, pause = memory[key]
    if now - at < pause:
        memory[key] = [at, held + 1, pause]
        return None
    memory[key] = [now, 0, min(pause * 2, SELDOM)]
    return int(held)


class FaultLetterHandler(logging.Handler):
    """What any logger calls an error becomes a letter, or is counted for the next."""

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS:
            return
        try:
            held = admit(kind_of_record(record))
            if held is not None:
                post(*compose(record, held))
        except Exception as error:  # the log has the line; a fault here must not become one of the page
            logger.warning("no letter about an error: %s", told(error))


def kind_of_record(record: logging.LogRecord) -> str:
    """Two errors are the same when they are of one kind and happened at one place."""
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        return f"{kind_of(error)} {place_of(error)}"
    return f"{record.name} {record.msg}"


def compose(record: logging.LogRecord, held: int) -> tuple[str, str]:
    """(subject, text). Written where the error happened: only there its calls can still be looked at."""
    error = record.exc_info[1] if record.exc_info else None
    request = getattr(record, "request", None)
    what = f"{kind_of(error)} di {place_of(error)}" if error is not None else sentence_of(record)
    name = current_id()
    lines = [
        what,
        "",
        f"Waktu         : {timezone.localtime():%d-%m-%Y %H.%M.%S}",
        f"Pencatat      : {record.name} ({record.levelname})",
    ]
    if isinstance(request, HttpRequest):
        user = getattr(request, "_cached_user", None)
        lines += [
            f"Layar         : {request.method} {route_of(request)}",
            f"Pengguna      : {'#' + str(user.pk) if getattr(user, 'pk', None) else '-'}",
        ]
    lines += [f"Kode kesalahan: {spoken(name)}", f"Baris log     : request_id {name}"]
    if held:
        lines.append(f"Terulang      : {held} kali sejak surat sebelumnya")
    if error is not None:
        lines += ["", FaultReporter(request, *record.exc_info).get_traceback_text()]  # type: ignore[misc]
    lines += [
        "",
        "Surat ini tidak memuat isian orang: nilai hanya disebut jenis dan panjangnya.",
        f"Galat yang sama dikabarkan paling sering tiap {LETTER_EVERY // 60} menit.",
    ]
    return f"Galat: {what}"[:150], "\n".join(lines)


# --- the post ---------------------------------------------------------------------------------------------

_waiting = threading.BoundedSemaphore(MOST_WAITING)
_postman: list[ThreadPoolExecutor] = []


def post(subject: str, text: str) -> Future | None:
    """Hand a letter to the thread that sends; None when too many wait there."""
    if not _waiting.acquire(blocking=False):
        logger.warning("no letter about an error: too many wait for the mail server")
        return None
    if not _postman:
        _postman.append(ThreadPoolExecutor(max_workers=1, thread_name_prefix="fault-letters"))
    return _postman[0].submit(_send, subject, text)


def _send(subject: str, text: str) -> None:
    try:
        mail_admins(subject, text)
    except Exception as error:  # SMTP, DNS, TLS
        logger.warning("no letter about an error: %s", kind_of(error))
    finally:
        _waiting.release()


def wait_for_post() -> None:
    """Until every letter that was handed over has left, or failed to."""
    if _postman:
        _postman.pop().shutdown()
