"""What may be answered to each kind of line. A draft may be empty everywhere; what stands there must fit."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.assessments.enums import LineKind
from core.assessments.models import FormLine
from core.assessments.papers.content import readable
from core.assessments.papers.layout import Paper, Question, Value
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


def read_answers(questions: Iterable[Question], data: QueryDict) -> dict[str, Value]:
    """What a page posted: a page always sends all of its own questions, an empty one by leaving it out."""
    return {
        question.name: data.getlist(question.name)
        if question.line.kind == LineKind.CHECKS
        else data.get(question.name, "")
        for question in questions
    }


def answer_the_rest(paper: Paper, answers: dict[str, Value], wanted: str) -> None:
    """Answer Ya (or K) wherever one unit of one section has no answer yet: `wanted` is "<section>:<unit>".

    What was answered otherwise on purpose stays.
    """
    position, _colon, unit = wanted.partition(":")
    for section in paper.sections:
        if str(section.position) != position:
            continue
        for group in section.by_unit:
            if group.unit["id"] != unit:
                continue
            for question in group.questions:
                yes = {LineKind.YES_NO: YES, LineKind.OUTCOME: str(Outcome.COMPETENT)}.get(question.line.kind)
                if yes and answers.get(question.name) == "":
                    answers[question.name] = yes


def typed_over(paper: Paper, answers: Mapping[str, Value], errors: Mapping[str, str]) -> list[dict[str, str]]:
    """Put what was typed into the questions, with the sentences beside them; returns what is stored instead,
    where it differs, as rows {key, value}: after another tab saved, both are on the screen."""
    stored = []
    for question in paper.questions():
        question.error = errors.get(question.name, "")
        if question.name not in answers or question.value == answers[question.name]:
            continue
        stored.append({"key": question.title, "value": readable(question.line.kind, question.value)})
        question.value, question.is_filled_in = answers[question.name], False
    return stored


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
