"""What may be answered to each kind of line. A draft may be empty everywhere; what stands there must fit."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.assessments.enums import LineKind
from core.assessments.models import FormLine
from core.assessments.papers.layout import Question, Value
from core.common.exceptions import DomainError
from core.common.text import clean_line, within

YES, NO = "ya", "tidak"
MAX_LINE = 300
MAX_TEXT = 4000


class AnswersRefused(DomainError):
    """Some answers do not fit: `errors` is {name of the question: sentence}. Nothing was kept."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(
            _("Belum disimpan: %(count)d isian perlu diperbaiki.") % {"count": len(errors)}, code="paper.answers"
        )
        self.errors = errors


def checked(questions: Mapping[str, Question], answers: Mapping[str, Any]) -> dict[str, Value]:
    """{name: clean value} of what was posted; raises AnswersRefused with all that does not fit."""
    clean: dict[str, Value] = {}
    errors: dict[str, str] = {}
    for name, value in answers.items():
        question = questions.get(name)
        if question is None:
            raise DomainError(
                _("Isian ini bukan bagian Anda, atau formulirnya sudah berubah. Muat ulang halaman."),
                code="paper.unknown_answer",
            )
        try:
            clean[name] = fit(question.line, value)
        except DomainError as refusal:
            errors[name] = refusal.message
    if errors:
        raise AnswersRefused(errors)
    return clean


def fit(line: FormLine, value: Any) -> Value:
    """The value as it is kept; "" (or [] of ticks) is no answer."""
    if line.kind == LineKind.CHECKS:
        return _ticks(line, value)
    if not isinstance(value, str):
        raise _unknown()
    return _FIT[LineKind(line.kind)](line, value)


def _ticks(line: FormLine, value: Any) -> list[str]:
    ticked = {value} if isinstance(value, str) else set(value)
    ticked.discard("")
    if not ticked <= set(line.choices):
        raise _unknown()
    return [option for option in line.choices if option in ticked]


def _line(line: FormLine, value: str) -> str:
    return within(clean_line(value), MAX_LINE, field=line.key)


def _text(line: FormLine, value: str) -> str:
    return within(value, MAX_TEXT, field=line.key)


def _one_of(*options: str) -> Callable[[FormLine, str], str]:
    def one(line: FormLine, value: str) -> str:
        if value not in ("", *(options or line.choices)):
            raise _unknown()
        return value

    return one


def _day(line: FormLine, value: str) -> str:
    value = value.strip()
    if not value:
        return ""
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise DomainError(
            _("Tanggal ini tidak ada. Tulis tahun-bulan-tanggal, misalnya 2026-03-31."),
            code="paper.date",
            field=line.key,
        ) from error


def _unknown() -> DomainError:
    return DomainError(_("Jawaban ini tidak ada pada pilihannya. Pilih salah satu."), code="paper.option")


_FIT: dict[LineKind, Callable[[FormLine, str], str]] = {
    LineKind.TEXT: _line,
    LineKind.LONG_TEXT: _text,
    LineKind.YES_NO: _one_of(YES, NO),
    LineKind.OUTCOME: _one_of(*Outcome.values),
    LineKind.CHOICE: _one_of(),
    LineKind.SCALE: _one_of(),
    LineKind.DATE: _day,
}
