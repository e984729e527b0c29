"""The workflow tables as drawings and tables; what a state field without a table may hold, as a list."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import models
from rolepermissions.roles import RolesManager

from core.accounts.roles import ROLE_LABELS
from core.applications.models import Application
from core.assessments.models import AssessmentSession
from core.certificates.models import Certificate
from core.common.transitions import Transition
from core.handovers.models import Handover
from core.inquiries.models import Ticket
from core.institutions.models import Institution
from core.management.system_docs.data_model import MADE, all_models, theme_of
from core.management.system_docs.drawing import FONT, escaped
from core.privacy.models import DestructionBatch, PrivacyRequest

#: An act that more states than so many allow is drawn once.
MANY = 3
#: How the colour of a button looks as an arrow.
TONES = {"success": "#1b7f4b", "danger": "#b3261e", "warning": "#a86200"}


@dataclass(frozen=True)
class Table:
    """The life of one kind of row. `noun`: services are called `<act>_<noun>`, but for those in `services`."""

    slug: str
    title: str
    model: type[models.Model]
    noun: str
    parts: tuple[tuple[str, str], ...]
    services: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, Transition]]:
        """(the module of the table, a row), in the order of the corridor."""
        for module, name in self.parts:
            for row in getattr(import_module(module), name):
                yield module, row

    def drawing(self) -> str:
        return "\n".join(_drawing(self)) + "\n"

    def states(self) -> dict[str, str]:
        return {value: str(label) for value, label in self.model._meta.get_field("status").flatchoices}

    def service(self, module: str, row: Transition) -> Any:
        """The function that does it."""
        package = import_module(module.rpartition(".")[0] + ".services")
        return getattr(package, self.services.get(row.name, f"{row.name}_{self.noun}"))


TABLES = (
    Table("case", "Case", Application, "application", (
        ("core.applications.transitions", "WORKFLOW"),
        ("core.assessments.transitions", "WORKFLOW"),
        ("core.decisions.transitions", "WORKFLOW"),
        ("core.certificates.transitions", "WORKFLOW"),
    ), {
        "schedule": "place_applications", "unschedule": "unplace_application", "assess": "sign_results",
        "declare_competent": "confirm_plenary", "declare_not_yet_competent": "confirm_plenary",
        "appeal": "file_appeal", "withdraw_appeal": "withdraw_appeal", "issue": "issue_certificate",
    }),
    Table("session", "Session", AssessmentSession, "session", (("core.assessments.session_transitions", "WORKFLOW"),)),
    Table("certificate", "Certificate", Certificate, "certificate", (("core.certificates.transitions", "CERTIFICATE_WORKFLOW"),)),
    Table("handover", "Hand-over to BNSP", Handover, "handover", (("core.handovers.transitions", "WORKFLOW"),),
          {"hand_over": "hand_over", "replace": "hand_over"}),
    Table("institution", "Institution", Institution, "institution", (("core.institutions.transitions", "WORKFLOW"),),
          {"ask_again": "save_institution"}),
    Table("ticket", "Question or complaint", Ticket, "ticket", (("core.inquiries.transitions", "WORKFLOW"),),
          {"write": "write_to_ticket"}),
    Table("request", "Request about one's own data", PrivacyRequest, "request", (("core.privacy.transitions", "REQUEST_WORKFLOW"),)),
    Table("destruction", "Destruction of papers", DestructionBatch, "destruction", (("core.privacy.transitions", "BATCH_WORKFLOW"),)),
)  # fmt: skip


def _drawing(table: Table) -> Iterator[str]:
    """From top to bottom. An act that many states allow is one arrow from a list of them, or all would cross."""
    rows = list(table.rows())
    states = table.states()
    used = {state for _module, row in rows for state in (*row.sources, row.target)}
    start = table.model._meta.get_field("status").default
    yield "digraph {"
    yield f'graph [rankdir=TB, bgcolor=white, ranksep=0.45, nodesep=0.35, pad=0.2, fontname="{FONT}"]'
    yield f'node [shape=box, style="rounded,filled", fillcolor="#dbe7f5", color="#7a8a9a", fontname="{FONT}", fontsize=11]'
    yield f'edge [fontname="{FONT}", fontsize=10, arrowsize=0.7]'
    left = {state for _module, row in rows for state in row.sources}
    for state in (state for state in states if state in used):
        ends = "" if state in left else ', fillcolor="#eeeeee", peripheries=2'
        yield f'"{state}" [label="{escaped(states[state])}\\n{state}"{ends}]'
    yield 'begin [shape=circle, label="", width=0.15, fillcolor="#4a5a6a"]'
    yield f'begin -> "{start}"'
    for _module, row in rows:
        colour = TONES.get(row.tone, "#4a5a6a")
        sources = [state for state in states if state in row.sources]
        if len(sources) > MANY:
            listed = "\\n".join(escaped(states[state]) for state in sources)
            yield f'"from {row.name}" [label="{listed}", style=dashed, fontsize=9]'
            sources = [f"from {row.name}"]
        for source in sources:
            back = ", constraint=false" if _goes_back(table, source, row.target) else ""
            yield f'"{source}" -> "{row.target}" [label=" {row.name} ", color="{colour}", fontcolor="{colour}"{back}]'
    yield "}"


def _goes_back(table: Table, source: str, target: str) -> bool:
    order = list(table.states())
    return source in order and order.index(target) < order.index(source)


HEAD = f"""# Workflows

{MADE}

A state changes in one place only: `Workflow.apply` ([core/common/transitions.py](../../core/common/transitions.py), decision
[0004](../decisions/0004-own-transition-table.md)), called by a service on a row that it has locked. The tables stand in the
`transitions.py` of the rooms. Buttons of both faces, refusals and tests come from the same rows. The word of an act is the name of
the row, of the service, of the code in the activity log, and of the test: grep it.

In a drawing a double line is an end, an arrow is an act (green goes well, red ends, orange turns back), and a dashed box lists the
states that one act starts from. In a table "who" is a right
that a role gives ([roles.md](roles.md)) or a relation to the row; "only when" are the guards, each a function that answers with the
sentence the person reads; "what it does" is the first line of the service.
"""


def page() -> str:
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield HEAD
    for table in TABLES:
        states = table.states()
        yield f"## {table.title}\n\n![States and acts: {table.title.lower()}](workflows/{table.slug}.svg)\n"
        yield "| act | from | to | who | only when | what it does |\n|---|---|---|---|---|---|"
        for module, row in table.rows():
            sources = ", ".join(f"`{state}`" for state in states if state in row.sources)
            guards = "<br>".join(f"`{guard.__name__}`: {_first(guard)}" for guard in row.guards)
            service = table.service(module, row)
            yield (
                f"| **{row.name}**<br>{row.label} | {sources} | `{row.target}` | {_who(row)} | {guards} | "
                f"{_link(service)}: {_first(service)} |"
            )
        reached = {state for _module, row in table.rows() for state in (*row.sources, row.target)}
        if others := [f"`{state}`" for state in states if state not in reached]:
            yield f"\nNo act of a person leads there, the services do when their work is done: {', '.join(others)}."
        places = [module.replace(".", "/") + ".py" for module, _name in table.parts]
        yield "\nIn " + ", ".join(f"[{place}](../../{place})" for place in places) + ".\n"
    yield from _others()


def _who(row: Transition) -> str:
    told = []
    if row.actor is not None:
        told.append(f"`{row.actor.__name__}`: {_first(row.actor)}")
    if row.permission:
        roles = [ROLE_LABELS[name] for name in ROLE_LABELS if _gives(name, row.permission)]
        told.append(f"`{row.permission}` ({', '.join(roles)})")
    return "<br>".join(told)


def _gives(role: str, permission: str) -> bool:
    return RolesManager.retrieve_role(role).available_permissions.get(permission, False)


def _first(function: Any) -> str:
    text = inspect.getdoc(function) or ""
    return re.split(r"\n\n", text)[0].replace("\n", " ").replace("|", "\\|")


def _link(function: Any) -> str:
    place = inspect.getsourcefile(inspect.unwrap(function))
    place = place.removeprefix(f"{settings.BASE_DIR}/")
    return f"[`{function.__name__}`](../../{place})"


def _others() -> Iterator[str]:
    yield """## States without a table

Rows whose state follows from one or two acts, or from technique. Each is written by the services of its room only.

| table | field | may hold |
|---|---|---|"""
    drawn = {table.model for table in TABLES}
    for model in all_models():
        for column in model._meta.concrete_fields:
            if column.name in ("status", "state") and column.choices and model not in drawn:
                values = ", ".join(f"`{value}` {label}" for value, label in column.flatchoices)
                name = f"[{model.__name__}](data/{theme_of(model).slug}.md#{model.__name__.lower()})"
                yield f"| {name} | `{column.name}` | {values} |"
