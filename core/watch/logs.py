"""One line of JSON for every line of every logger, without personal data.

What goes out is what this module lists, not what a caller or a library puts into a record: of our own loggers the
sentence, of foreign ones the sentence without what was filled in, of an error its kind and the way to it.
"""

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from core.common.telling import causes, kind_of, scrubbed, trail
from core.common.tracing import current_id

#: Loggers whose every sentence is written in this project, and kept free of personal data there.
OURS = ("core", "backoffice", "public_site", "cron")
#: What a record may carry beside its sentence; the request's line does.
FIELDS = ("method", "route", "status", "ms", "queries", "user")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[\d.]*[a-z%]|\{\w*\}")


class LineFormatter(JsonFormatter):
    """`time`, `level`, `logger`, `message`, `request_id`, `process`; FIELDS; `error` with its way."""

    def __init__(self) -> None:
        super().__init__(fmt=["message"], json_ensure_ascii=False)

    def format(self, record: logging.LogRecord) -> str:
        try:
            return super().format(record)
        except Exception as error:  # a sentence that does not fit its values: Python would print them all
            return self.serialize_log_record(
                {**_head(record), "message": f"a line could not be written: {kind_of(error)}"}
            )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data |= {**_head(record), "message": sentence_of(record)}
        log_data |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if record.exc_info and record.exc_info[1] is not None:
            log_data["error"] = [
                {"kind": kind_of(error), "way": trail(error.__traceback__)} for error in causes(record.exc_info[1])
            ]

    def formatException(self, ei: Any) -> str:
        return ""  # with its text, which may quote a row; `error` tells what may be told


class OnlyFaults(logging.Filter):
    """For `django.request`: what was answered with 4xx or 5xx has its line already; what broke has none yet."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


def _head(record: logging.LogRecord) -> dict[str, Any]:
    return {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname,
        "logger": record.name,
        "request_id": current_id(),
        "process": record.process,
    }


def sentence_of(record: logging.LogRecord) -> str:
    """What a line says: of a foreign logger without what was filled in, since that may be a path, a row, a person."""
    if is_ours(record.name):
        return scrubbed(record.getMessage())
    words = str(record.msg) if record.args else _QUOTED.sub("“…”", scrubbed(str(record.msg)))
    if record.exc_info and str(record.msg) == str(record.exc_info[1]):
        words = ""  # the text of an error, as Django tells what it suspects: it quotes the address
    if any(letter.isalpha() for letter in _PLACEHOLDER.sub("", words)):
        return words
    return "unhandled error" if record.exc_info else "–"


def is_ours(logger: str) -> bool:
    return logger.partition(".")[0] in OURS
