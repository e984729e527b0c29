"""A form's lines spread over a case: sections, repeated per unit, element or KUK, with their questions.

One structure for the screen, for the check whether everything is filled in, and for what is signed
and printed. Units, elements and criteria are those of the submission's frozen snapshot: a scheme
that changes tomorrow changes no paper of today's case.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.applications.models import Application
from core.applications.queries import latest_submission
from core.assessments.enums import FormParty, FormSubject, LineKind, Repeat
from core.assessments.models import FilledForm, FormLine, FormVersion
from core.assessments.papers.facts import head_facts, participants
from core.assessments.papers.prefill import suggestions

#: Lines that ask nothing.
SILENT = frozenset({LineKind.SECTION, LineKind.NOTE})

type Value = str | list[str]


@dataclass(frozen=True)
class Subject:
    """What a section is repeated for: one unit, element or criterion of the frozen scheme.

    `key` is the unit's id, followed by the places of element and criterion within it: 12, 12-1, 12-1-3.
    """

    key: str
    code: str
    title: str
    unit: dict
    element: dict | None = None


@dataclass
class Question:
    """One line asked once, with what was answered; `suggestion` is what the system knows itself."""

    line: FormLine
    party: FormParty
    instance: str
    value: Value
    suggestion: Value | None = None
    is_filled_in: bool = False  # by the system, not kept yet
    code: str = ""  # of the unit, element or KUK it is asked for
    error: str = ""  # why what was just typed does not fit

    @property
    def name(self) -> str:
        """Of the input on the screen."""
        return f"{self.line.key}.{self.instance}" if self.instance else self.line.key

    @property
    def element_id(self) -> str:
        return "q-" + self.name.replace(".", "-")

    @property
    def is_answered(self) -> bool:
        return bool(self.value)

    @property
    def title(self) -> str:
        """What it is called away from its place on the paper."""
        if self.line.about is None:
            return self.line.label
        return _("Catatan atas “%(question)s”") % {"question": self.line.about.label}

    @property
    def is_aside(self) -> bool:
        return is_aside(self.line)

    @property
    def is_comment(self) -> bool:
        return self.line.about is not None

    @property
    def is_missing(self) -> bool:
        return self.line.is_required and not self.value

    @property
    def differs(self) -> bool:
        """What was typed is not what the system knows: worth a look before signing."""
        return self.suggestion is not None and bool(self.value) and self.value != self.suggestion

    def is_for(self, party: FormParty | None) -> bool:
        return party is not None and self.party in (party, FormParty.BOTH)


@dataclass
class Instance:
    """A section's questions for one subject; `subject` is None in a section that is asked once.

    `items` are notes and questions in the order of the lines.
    """

    subject: Subject | None
    items: list[FormLine | Question] = field(default_factory=list)

    @property
    def questions(self) -> list[Question]:
        return [item for item in self.items if isinstance(item, Question)]

    @property
    def is_answered(self) -> bool:
        return all(question.is_answered or not question.line.is_required for question in self.questions)


@dataclass
class Section:
    """A heading with what stands below it. `notes` of a repeated section stand once, at its head."""

    title: str
    help_text: str
    repeat: Repeat
    lines: list[FormLine] = field(default_factory=list)
    notes: list[FormLine] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    position: int = 0
    per_element: "Section | None" = None  # asked per element, and drawn within this one, which asks per KUK
    is_within: bool = False

    @property
    def asked(self) -> list[FormLine]:
        return [line for line in self.lines if line.kind not in SILENT]

    @property
    def is_repeated(self) -> bool:
        return self.repeat != Repeat.ONCE

    @property
    def has_one_question(self) -> bool:
        """Whether one tap answers each subject: then its words need not stand above every one of them."""
        return self.is_repeated and sum(not is_aside(line) for line in self.asked) == 1

    @property
    def by_unit(self) -> list["UnitGroup"]:
        """The instances of a repeated section under their units and elements."""
        groups: list[UnitGroup] = []
        of_element = {
            (i.subject.unit["id"], i.subject.element["number"], i.subject.element["title"]): i.questions
            for i in (self.per_element.instances if self.per_element else ())
            if i.subject and i.subject.element
        }
        for instance in self.instances:
            if instance.subject is None:
                continue
            if not groups or groups[-1].unit != instance.subject.unit:
                groups.append(UnitGroup(instance.subject.unit, self))
            groups[-1].add(instance, of_element)
        return groups


def is_aside(line: FormLine) -> bool:
    """Written only when there is something to add."""
    return not line.is_required and line.kind in (LineKind.TEXT, LineKind.LONG_TEXT)


@dataclass
class UnitGroup:
    """One unit of a repeated section: [(element or None, questions about the element, instances)]."""

    unit: dict
    section: Section
    parts: list[tuple[dict | None, list[Question], list[Instance]]] = field(default_factory=list)

    def add(self, instance: Instance, of_element: dict[tuple, list[Question]]) -> None:
        element = instance.subject.element if instance.subject and self.section.repeat == Repeat.CRITERION else None
        if not self.parts or self.parts[-1][0] != element:
            about = of_element.get((self.unit["id"], element["number"], element["title"]), []) if element else []
            self.parts.append((element, about, []))
        self.parts[-1][2].append(instance)

    @property
    def anchor(self) -> str:
        return f"unit-{self.section.position}-{self.unit['id']}"

    @property
    def questions(self) -> list[Question]:
        return [q for _element, _about, instances in self.parts for instance in instances for q in instance.questions]

    @property
    def instances(self) -> list[Instance]:
        return [instance for _element, _about, instances in self.parts for instance in instances]

    @property
    def answered(self) -> int:
        return sum(instance.is_answered for instance in self.instances)

    @property
    def rest(self) -> str:
        """What “Sisanya …” says: the favourable answer, where a line of this section has one."""
        kinds = {line.kind for line in self.section.lines}
        return _("Sisanya Ya") if LineKind.YES_NO in kinds else _("Sisanya K") if LineKind.OUTCOME in kinds else ""


@dataclass
class Paper:
    """A form spread over its case."""

    form: FilledForm
    head: list[tuple[str, str]]
    people: list[dict]
    sections: list[Section]
    units: list[dict] = field(default_factory=list)

    def questions(self, party: FormParty | None = None) -> Iterator[Question]:
        """All questions in the order of the paper, or those that a party may answer."""
        for section in self.sections:
            for instance in section.instances:
                for question in instance.questions:
                    if party is None or question.is_for(party):
                        yield question

    def missing(self, party: FormParty | None = None) -> list[Question]:
        return [question for question in self.questions(party) if question.is_missing]

    @property
    def progress(self) -> dict[str, Any]:
        """How much of the paper is done, counted as its people count: KUK where it has some, else questions."""
        by_criterion = [
            instance
            for section in self.sections
            if section.repeat == Repeat.CRITERION
            for instance in section.instances
        ]
        if by_criterion:
            return {
                "done": sum(instance.is_answered for instance in by_criterion),
                "total": len(by_criterion),
                "is_kuk": True,
            }
        required = [question for question in self.questions() if question.line.is_required]
        return {"done": sum(q.is_answered for q in required), "total": len(required), "is_kuk": False}


def layout(form: FilledForm) -> Paper:
    """The paper as it stands, what the system knows filled in where nobody has answered yet."""
    application = form.application or _first_case(form)
    snapshot = latest_submission(application).snapshot if application else None
    stored = json.loads(form.answers) if form.answers else {}
    party = FormParty(form.definition.filled_by)
    sections = spread(form.version, snapshot, party=party, stored=stored, known=suggestions(form))
    return Paper(form, head_facts(form, snapshot), participants(form), sections, units=_listed_units(form, snapshot))


def _listed_units(form: FilledForm, snapshot: dict | None) -> list[dict]:
    """The units that a report about a session names, since nothing else on it does."""
    if form.definition.subject != FormSubject.SESSION:
        return []
    return named_units(snapshot)


def named_units(snapshot: dict | None) -> list[dict]:
    return [{"code": unit["code"], "title": unit["title"]} for _id, unit in units_of(snapshot)]


def spread(
    version: FormVersion, snapshot: dict | None, *, party: FormParty, stored: dict, known: dict
) -> list[Section]:
    """The lines of a version over the units of a snapshot, with what was answered and what is known.

    `party` answers where a line does not name its own.
    """
    sections = _sections(list(version.lines.all()))
    for position, section in enumerate(sections, start=1):
        section.position = position
        before = sections[position - 2] if position > 1 else None
        if before and (before.repeat, section.repeat) == (Repeat.ELEMENT, Repeat.CRITERION):
            section.per_element, before.is_within = before, True
        for subject in [None] if not section.is_repeated else _subjects(snapshot, section.repeat):
            instance = Instance(subject)
            for line in section.lines:
                if line.kind == LineKind.NOTE:
                    if not section.is_repeated:
                        instance.items.append(line)
                    continue
                instance.items.append(_question(line, subject, stored, known, party))
            section.instances.append(instance)
    return sections


def _question(line: FormLine, subject: Subject | None, stored: dict, known: dict, party: FormParty) -> Question:
    kept = stored.get(line.key)
    suggested = known.get(line.key)
    if subject is not None:
        kept = kept.get(subject.key) if isinstance(kept, dict) else None
        suggested = suggested.get(subject.unit["id"]) if isinstance(suggested, dict) else None
    elif isinstance(suggested, dict):
        suggested = None
    if line.kind == LineKind.CHECKS and suggested is not None:
        suggested = [option for option in line.choices if option in _named(suggested, line)]
    empty: Value = [] if line.kind == LineKind.CHECKS else ""
    return Question(
        line=line,
        party=FormParty(line.filled_by) if line.filled_by else party,
        instance=subject.key if subject else "",
        code=subject.code if subject else "",
        value=kept if kept is not None else suggested or empty,
        suggestion=suggested,
        is_filled_in=kept is None and bool(suggested),
    )


def _named(words: Value, line: FormLine) -> list[str]:
    """The options that a list of keys names: “observasi” the one that begins “Observasi demonstrasi”."""
    keys = [words] if isinstance(words, str) else words
    wanted = [key.replace("-", " ").casefold().split() for key in keys]
    return [option for option in line.choices if any(all(w in option.casefold() for w in key) for key in wanted)]


def _sections(lines: list[FormLine]) -> list[Section]:
    """Lines from top to bottom, each comment after what it is about; what stands before the first heading is a
    section without one."""
    sections: list[Section] = []
    for line in lines:
        if line.kind == LineKind.SECTION:
            sections.append(Section(line.label, line.help_text, Repeat(line.repeat)))
            continue
        if not sections:
            sections.append(Section("", "", Repeat.ONCE))
        section = sections[-1]
        section.lines += [line, comment_line(line)] if line.asks_comment else [line]
        if line.kind == LineKind.NOTE and section.is_repeated:
            section.notes.append(line)
    return sections


def comment_line(line: FormLine) -> FormLine:
    """Room for a few words about one answer. Its key is no slug, so that no line of a version has it."""
    comment = FormLine(
        key=f"{line.key}:catatan",
        kind=LineKind.TEXT,
        label=_("Catatan/komentar"),
        filled_by=line.filled_by,
        is_required=False,
    )
    comment.about = line
    return comment


def _subjects(snapshot: dict | None, repeat: Repeat) -> list[Subject]:
    subjects = []
    for unit_id, section in units_of(snapshot):
        unit = {"id": unit_id, "position": section["position"], "code": section["code"], "title": section["title"]}
        if repeat == Repeat.UNIT:
            subjects.append(Subject(unit_id, section["code"], section["title"], unit))
            continue
        for place, found in enumerate(section["elements"], start=1):
            element = {"number": str(found["number"]), "title": found["title"]}
            key = f"{unit_id}-{place}"
            if repeat == Repeat.ELEMENT:
                subjects.append(Subject(key, element["number"], element["title"], unit, element))
                continue
            subjects += [
                Subject(f"{key}-{n}", str(criterion["number"]), criterion["text"], unit, element)
                for n, criterion in enumerate(found["criteria"], start=1)
            ]
    return subjects


def units_of(snapshot: dict | None) -> list[tuple[str, dict]]:
    """(id, unit) of a snapshot in the order of the scheme."""
    sections = snapshot["sections"] if snapshot else {}
    found = [(key.removeprefix("unit-"), unit) for key, unit in sections.items() if key.startswith("unit-")]
    return sorted(found, key=lambda pair: pair[1]["position"])


def _first_case(form: FilledForm) -> Application | None:
    """A paper about a session asks by unit what its cases have in common: their scheme."""
    seat = form.session.placements.filter(in_force=True).order_by("pk").first()
    return seat.application if seat else None
