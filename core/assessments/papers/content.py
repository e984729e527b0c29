"""What a paper says, as plain data: hashed, signed, shown before signing, printed.

Written as canonical JSON (see applications.snapshot). It holds the questions word for word, so that
a signed paper can be read without the form's definition.
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from core.applications.privacy import without_identifiers
from core.assessments.enums import LineKind, Repeat
from core.assessments.models import FilledForm, FormDefinition, FormVersion
from core.assessments.papers.facts import assessor_of
from core.assessments.papers.layout import Paper, Question, Section, layout
from core.content.queries import letterhead

FORMAT = 1
_WRITTEN = frozenset({LineKind.TEXT, LineKind.LONG_TEXT})


def content_of(form: FilledForm) -> dict[str, Any]:
    """What was frozen at the first signature; before it, what would be."""
    return json.loads(form.content) if form.content else build_content(layout(form))


def build_content(paper: Paper) -> dict[str, Any]:
    form = paper.form
    assessor = assessor_of(form)
    return frame(form.definition, form.version, number_of(form)) | {
        "assessor": assessor.registration_number if assessor else "",
        "head": [list(pair) for pair in paper.head],
        "people": paper.people,
        "units": paper.units,
        "sections": [section_content(section) for section in paper.sections],
    }


def frame(definition: FormDefinition, version: FormVersion, number: str) -> dict[str, Any]:
    """What every paper says of itself and of the LSP."""
    return {
        "format": FORMAT,
        "form": definition.code,
        "title": definition.title,
        "version": version.number,
        "number": number,
        "lsp": letterhead(),
    }


def number_of(form: FilledForm) -> str:
    """The number that the paper goes by: its case's, or its session's."""
    return form.application.number if form.application_id else form.session.number


def section_content(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "help": section.help_text,
        "repeat": str(section.repeat),
        "lines": [
            {
                "key": line.key,
                "kind": line.kind,
                "label": line.label,
                "help": line.help_text,
                "options": line.choices,
                "required": line.is_required,
            }
            | ({"about": line.about.key} if line.about else {})
            for line in section.lines
        ],
        "instances": [
            {
                "code": instance.subject.code if instance.subject else "",
                "title": instance.subject.title if instance.subject else "",
                "unit": instance.subject.unit if instance.subject else None,
                "element": instance.subject.element if instance.subject else None,
                "answers": {q.line.key: q.value for q in instance.questions},
            }
            for instance in section.instances
        ],
    }


def without_answers(content: dict[str, Any]) -> dict[str, Any]:
    """The same paper with nothing filled in, to be written on by hand."""
    return _answers(content, lambda line, value: [] if line["kind"] == LineKind.CHECKS else "") | {
        "people": [person | {"outcome": "", "note": ""} for person in content["people"]]
    }


def masked_content(content: dict[str, Any]) -> dict[str, Any]:
    """For readers from outside the LSP: what was written freely loses numbers and addresses that point at a person."""
    masked = _answers(
        content, lambda line, value: without_identifiers(value) if line["kind"] in _WRITTEN and value else value
    )
    return masked | {"people": [person | {"note": without_identifiers(person["note"])} for person in content["people"]]}


def _answers(content: dict[str, Any], change: Any) -> dict[str, Any]:
    sections = []
    for section in content["sections"]:
        lines = {line["key"]: line for line in section["lines"]}
        instances = [
            row | {"answers": {key: change(lines[key], value) for key, value in row["answers"].items()}}
            for row in section["instances"]
        ]
        sections.append(section | {"instances": instances})
    return content | {"sections": sections}


def in_words(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The content to be read before signing: sections of {title, text} with groups of {title, rows: {key, value}}."""
    return [
        {
            "title": section["title"],
            "text": [line["label"] for line in section["lines"] if line["kind"] == LineKind.NOTE],
            "groups": _once(section) if section["repeat"] == Repeat.ONCE else _repeated(section),
        }
        for section in content["sections"]
    ]


def _once(section: dict) -> list[dict]:
    rows = _rows(section["lines"], section["instances"][0]["answers"] if section["instances"] else {})
    return [{"title": "", "rows": rows}] if rows else []


def _rows(lines: list[dict], answers: dict) -> list[dict]:
    """Each question with its answer, a comment below the answer that it is about."""
    rows: list[dict] = []
    for line in lines:
        if line["key"] not in answers:
            continue
        value = readable(line["kind"], answers[line["key"]])
        if "about" not in line:
            rows.append({"key": line["label"], "value": value})
        elif answers[line["key"]]:
            rows[-1]["value"] += f"\n{line['label']}: {value}"
    return rows


def _repeated(section: dict) -> list[dict]:
    lines = [line for line in section["lines"] if line["kind"] != LineKind.NOTE]
    groups: list[dict] = []
    for instance in section["instances"]:
        unit = instance["unit"]
        title = f"{unit['code']} {unit['title']}"
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "rows": []})
        if section["repeat"] == Repeat.UNIT:
            groups[-1]["rows"] += _rows(lines, instance["answers"])
            continue
        said = [
            (line["label"], readable(line["kind"], instance["answers"][line["key"]]))
            for line in lines
            if instance["answers"][line["key"]] or line["required"]
        ]
        words = [value if len(lines) == 1 or n == 0 else f"{label}: {value}" for n, (label, value) in enumerate(said)]
        groups[-1]["rows"].append({"key": f"{instance['code']} {instance['title']}", "value": "\n".join(words) or "–"})
    return groups


def readable(kind: str, value: Any) -> str:
    """An answer in words; “–” for none."""
    if isinstance(value, list):
        return ", ".join(value) or "–"
    if kind == LineKind.YES_NO:
        return {"ya": _("Ya"), "tidak": _("Tidak")}.get(value, "–")
    return value or "–"


def answers_of(questions: list[Question]) -> dict[str, Any]:
    """{key: value} or {key: {instance: value}}, as FilledForm keeps them."""
    kept: dict[str, Any] = {}
    for question in questions:
        if question.instance:
            kept.setdefault(question.line.key, {})[question.instance] = question.value
        else:
            kept[question.line.key] = question.value
    return kept
