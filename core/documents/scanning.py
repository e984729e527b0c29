"""Asking the virus scanner (clamd) about one file, by its own protocol (INSTREAM).

Our own client, since it is twenty lines over a socket: see server_docs/decisions/0022.
"""

import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings

CHUNK = 64 * 1024
#: What clamd answers about a stream: "stream: OK", or "stream: Win.Test.EICAR_HDB-1 FOUND".
_FOUND = re.compile(r"^stream: (.+) FOUND$")
_CLEAN = "stream: OK"
#: Longer answers are none: clamd says one line.
_MAX_ANSWER = 4096


class ScannerUnavailable(Exception):
    """No answer now: not running, still loading its signatures, too slow. Asking again later may help."""


class NotScannable(Exception):
    """The scanner is there, but says it cannot judge this file (over its limits, for instance)."""


def is_scanner_configured() -> bool:
    return settings.CLAMD_URL is not None


def find_virus(stream: IO[bytes], *, timeout: float) -> str:
    """The name of the virus in a file, "" when there is none. Each step may take `timeout` seconds."""
    try:
        with _connection(timeout) as line:
            line.sendall(b"zINSTREAM\0")
            try:
                while chunk := stream.read(CHUNK):
                    line.sendall(struct.pack("!L", len(chunk)) + chunk)
                line.sendall(struct.pack("!L", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it stopped listening: over its size limit; the reason waits to be read
            answer = _answer(line)
    except OSError as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if answer == _CLEAN:
        return ""
    if found := _FOUND.match(answer):
        return found[1]
    if not answer:
        raise ScannerUnavailable("no answer")
    raise NotScannable(answer)


@contextmanager
def _connection(timeout: float) -> Iterator[socket.socket]:
    place = settings.CLAMD_URL
    if place.scheme == "unix":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(timeout)
            line.connect(place.path)
            yield line
    else:
        with socket.create_connection((place.hostname, place.port), timeout=timeout) as line:
            yield line


def _answer(line: socket.socket) -> str:
    received = b""
    while b"\0" not in received and len(received) < _MAX_ANSWER:
        part = line.recv(_MAX_ANSWER)
        if not part:
            break
        received += part
    return received.split(b"\0")[0].decode("utf-8", "replace").strip()
