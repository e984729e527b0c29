"""Which tables there are, theme by theme: a drawing, and what each column holds."""

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched

from django.apps import apps
from django.db import models

from core.accounts.models import User
from core.common.fields import EncryptedTextField
from core.management.system_docs.drawing import FONT, escaped
from core.privacy.inventory import holding_of

#: The kinds of fields in words; a subclass goes before what it continues.
WORDS = {
    EncryptedTextField: "encrypted text",
    models.BigAutoField: "key",
    models.BooleanField: "yes/no",
    models.DateTimeField: "moment",
    models.DateField: "date",
    models.TimeField: "time",
    models.JSONField: "JSON",
    models.UUIDField: "UUID",
    models.GenericIPAddressField: "IP address",
    models.FileField: "file",
    models.DecimalField: "decimal",
    models.FloatField: "number",
    models.BigIntegerField: "number",
    models.IntegerField: "number",
    models.BinaryField: "bytes",
    models.DurationField: "span of time",
    models.TextField: "long text",
    models.CharField: "text",
}
#: So many tables that point nowhere stand side by side.
IN_A_ROW = 4
PERSONAL, PLAIN, HEAD, STUB = "#fde8d0", "#ffffff", "#dbe7f5", "#eeeeee"


@dataclass(frozen=True)
class Theme:
    """A page of the dictionary: the models of some modules of core, named without `core.` and `.models`."""

    slug: str
    title: str
    sentence: str
    modules: tuple[str, ...]

    def models(self) -> list[type[models.Model]]:
        return [model for model in all_models() if room_of(model) in self.modules]

    def page(self) -> str:
        return "\n".join(_page(self)).rstrip() + "\n"

    def drawing(self) -> str:
        return "\n".join(_drawing(self.models())) + "\n"


THEMES = (
    Theme("people", "People and their log-ins", "Who somebody is, what they agreed to, and how they come in.", ("accounts",)),
    Theme("lists", "Lists, numbers, policy", "What other rooms look up or count by.", ("codelists", "common", "policy")),
    Theme("activity", "Activity log", "Who did what when, in a chain that shows when somebody touched it.", ("activity",)),
    Theme("messaging", "Letters", "What is sent, and the words that staff edit.", ("messaging",)),
    Theme("documents", "Documents", "Every paper: its kind, its immutable file, its signatures, its text.", ("documents",)),
    Theme("schemes", "Schemes and standards", "What is certified, and what it asks.", ("schemes",)),
    Theme("content", "Texts of the portal", "Pages, menus, questions, announcements, downloads.", ("content.models", "content.entries")),
    Theme("applications", "Cases", "FR.APL-01 and FR.APL-02, from draft to accepted, and the file of the case.",
          ("applications.cases", "applications.case_files")),
    Theme("sessions", "Venues, sessions, assignments", "Where, when and by whom a case is assessed.",
          ("assessments.venues", "assessments.sessions", "assessments.assignments")),
    Theme("forms", "Assessment forms", "FR.AK and FR.IA as data, and what was filled in.", ("assessments.forms",)),
    Theme("results", "Results and decisions", "Pre-assessment, results per unit, plenary, decision, appeal.",
          ("assessments.preassessment", "assessments.results", "decisions")),
    Theme("certificates", "Certificates", "Certificates, what was done to them, surveillance, renewal, the old register.",
          ("certificates",)),
    Theme("handovers", "Hand-over to BNSP", "What was handed over, as it was checked.", ("handovers",)),
    Theme("institutions", "Institutions", "Offices that invite their people.", ("institutions",)),
    Theme("inquiries", "Questions and complaints", "Conversations with people inside and outside.", ("inquiries",)),
    Theme("privacy", "Personal data", "Requests, holds, destruction (UU 27/2022).", ("privacy",)),
    Theme("reports", "Figures", "Counted cells behind recaps and home pages; no table here is a source of truth.", ("reports",)),
    Theme("work", "Work in the background", "Jobs, timetable, spreadsheets that came in, saved lists.",
          ("jobs", "timetable", "imports", "savedviews")),
    Theme("backups", "Backups", "What was backed up, where to, and proven when.", ("backups", "backups.drill_models")),
)  # fmt: skip


def all_models() -> list[type[models.Model]]:
    return list(apps.get_app_config("core").get_models())


def room_of(model: type[models.Model]) -> str:
    """core.accounts.models → accounts; core.assessments.models.forms → assessments.forms."""
    parts = [part for part in model.__module__.split(".")[1:] if part != "models"]
    return ".".join(parts) if model.__module__ != "core.content.models" else "content.models"


def theme_of(model: type[models.Model]) -> Theme:
    """A model of a new module has no theme yet: say in THEMES where it stands."""
    found = [theme for theme in THEMES if room_of(model) in theme.modules]
    if len(found) != 1:
        raise LookupError(
            f"core.{room_of(model)}: say in THEMES (core/management/system_docs/data_model.py) where it stands"
        )
    return found[0]


def columns(model: type[models.Model]) -> list[models.Field]:
    """Columns, and lists of other rows that need no model of their own."""
    lists = [field for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created]
    return [*model._meta.concrete_fields, *lists]


def kind_of(field: models.Field) -> str:
    if field.is_relation:
        return f"→ {field.related_model.__name__}" + (" (several)" if field.many_to_many else "")
    word = next(word for kind, word in WORDS.items() if isinstance(field, kind))
    return f"{word} {field.max_length}" if word == "text" else word


def is_personal(field: models.Field) -> bool:
    holding = holding_of(field.model)
    return holding is not None and field.name in holding.fields


# --- the drawing ------------------------------------------------------------------------------------------------


def _drawing(chosen: list[type[models.Model]]) -> Iterator[str]:
    """Whoever did something is a line without an arrow, except where people are the subject: all rows lead to them."""
    yield "digraph {"
    yield f'graph [rankdir=LR, bgcolor=white, ranksep=0.7, nodesep=0.25, pad=0.2, fontname="{FONT}"]'
    yield f'node [shape=plain, fontname="{FONT}", fontsize=10]'
    yield 'edge [dir=both, arrowsize=0.7, color="#4a5a6a"]'
    stubs: dict[str, type[models.Model]] = {}
    arrows: list[str] = []
    for model in chosen:
        yield f"{model.__name__} [label=<{_box(model)}>]"
        for field in columns(model):
            target = field.related_model if field.is_relation else None
            if target in (None, model) or target._meta.app_label != "core" or (target is User and User not in chosen):
                continue
            if target not in chosen:
                stubs[target.__name__] = target
            arrows.append(f"{model.__name__}:{field.name} -> {target.__name__}:_ [{_ends(field)}]")
    for name, target in stubs.items():
        where = escaped(theme_of(target).title)
        yield (
            f'{name} [label=<<table border="1" cellborder="0" cellspacing="0" cellpadding="4" color="#999999" '
            f'bgcolor="{STUB}" style="rounded"><tr><td port="_">{name}<br/><font point-size="8" color="#555555">{where}'
            f"</font></td></tr></table>>]"
        )
    yield from arrows
    drawn = " ".join(arrows)
    alone = [model.__name__ for model in chosen if not re.search(rf"\b{model.__name__}:", drawn)]
    for row in batched(alone, IN_A_ROW):
        if len(row) > 1:
            yield f"{' -> '.join(row)} [style=invis]"  # beside one another, not all in one column
    yield "}"


def _box(model: type[models.Model]) -> str:
    name = f'<b>{model.__name__}</b><br/><font point-size="9">{escaped(model._meta.verbose_name)}</font>'
    rows = [f'<tr><td port="_" colspan="2" bgcolor="{HEAD}">{name}</td></tr>']
    for field in columns(model):
        if isinstance(field, models.BigAutoField):
            continue
        shade = PERSONAL if is_personal(field) else PLAIN
        label = f"<b>{field.name}</b>" if field.unique else field.name
        optional = "?" if field.null else ""
        rows.append(
            f'<tr><td align="left" bgcolor="{shade}">{label}</td><td port="{field.name}" align="left" bgcolor="{shade}">'
            f'<font color="#555555">{escaped(kind_of(field))}{optional}</font></td></tr>'
        )
    return (
        '<table border="1" cellborder="0" cellspacing="0" cellpadding="2" color="#7a8a9a">' + "".join(rows) + "</table>"
    )


def _ends(field: models.Field) -> str:
    """Crow's feet: how many rows stand at either end."""
    here = "crow" if not field.unique else "tee"
    there = "crow" if field.many_to_many else "teeodot" if field.null else "tee"
    return f"arrowtail={here}, arrowhead={there}"


# --- the pages --------------------------------------------------------------------------------------------------

MADE = "Made from the program by `python manage.py system_docs`; do not edit."


def index() -> str:
    return "\n".join(_index()).rstrip() + "\n"


def _index() -> Iterator[str]:
    yield f"""# Data model

{MADE}

One page per theme: a drawing, then every column. Tables are called `core_<model>` in the database. What the models
promise beyond columns (`clean`, constraints) stands in the `models.py` of the room.

**Reading a drawing.** One box is one table, with its name in the program and the one on the screens. `→` points to another
table, `?` may be empty, **bold** is unique. A crow's foot is "many", a bar "one", a circle "or none". Grey boxes belong to
another theme. Orange columns hold something about a person ([personal-data.md](../personal-data.md) says what for, how
long and who reads it). A line to `User` is left out where it only says
who did something, and so is one from a table to itself.

| theme | tables | |
|---|---|---|"""
    for theme in THEMES:
        yield f"| [{theme.title}](data/{theme.slug}.md) | {len(theme.models())} | {theme.sentence} |"
    yield "\n## Every table\n\n| table | on the screens | what | theme |\n|---|---|---|---|"
    for model in sorted(all_models(), key=lambda one: one.__name__):
        theme = theme_of(model)
        link = f"[{theme.title}](data/{theme.slug}.md#{model.__name__.lower()})"
        yield f"| `{model._meta.db_table}` | {model._meta.verbose_name} | {_cell(about(model).split('. ')[0])} | {link} |"
    yield """
## Tables of libraries

| tables | of | what |
|---|---|---|
| `auth_*`, `core_user_groups`, `core_user_user_permissions` | Django, django-role-permissions | the permissions that roles give ([roles.md](roles.md)) |
| `django_session` | Django | who is in |
| `otp_totp_totpdevice` | django-otp | second factors |
| `axes_*` | django-axes | guesses of passwords |
| `reversion_*` | django-reversion | versions of what staff edit ([decision 0010](../decisions/0010-versions-of-records.md)) |
| `django_content_type`, `django_migrations` | Django | which models and migrations there are |
| `lsp_cache` | Django | requests counted per address, where `CACHE_URL` says so; may be emptied at any time |"""


def _page(theme: Theme) -> Iterator[str]:
    yield f"# Data model: {theme.title.lower()}\n\n{theme.sentence} {MADE}"
    yield "How to read the drawing, and all other themes: [data-model.md](../data-model.md).\n"
    yield f"![Tables of “{theme.title}” and what they point to]({theme.slug}.svg)"
    for model in theme.models():
        yield f"\n## {model.__name__}\n"
        file = model.__module__.replace(".", "/") + ".py"
        yield f"`{model._meta.db_table}` · {model._meta.verbose_name} · [{file}](../../../{file})\n"
        yield f"{about(model)}\n"
        yield "| column | what it holds | empty | on the screens | |\n|---|---|---|---|---|"
        for field in columns(model):
            yield (
                f"| `{field.column or field.name}` | {_kind(field)} | {'may be' if field.null else ''} | {_label(field)} | "
                f"{_cell('; '.join(_notes(field)))} |"
            )
        for rule in model._meta.constraints:
            if isinstance(rule, models.UniqueConstraint):
                only = " (of some rows, as the model says)" if rule.condition else ""
                yield f"\nUnique together{only}: {', '.join(f'`{name}`' for name in rule.fields)}."


def about(model: type[models.Model]) -> str:
    """The docstring in one line; Django writes one itself where nobody did."""
    text = " ".join(inspect.cleandoc(model.__doc__ or "").split())
    return "" if text.startswith(f"{model.__name__}(") else text


def _kind(field: models.Field) -> str:
    if not field.is_relation or field.related_model._meta.app_label != "core":
        return kind_of(field)
    target = field.related_model
    link = f"→ [{target.__name__}]({theme_of(target).slug}.md#{target.__name__.lower()})"
    return f"{link} (several)" if field.many_to_many else link


def _label(field: models.Field) -> str:
    """Nothing where nobody gave it words, since no screen shows it."""
    words = str(field.verbose_name)
    return "" if words in (field.name.replace("_", " "), "ID") else words


def _notes(field: models.Field) -> Iterator[str]:
    if isinstance(field, models.BigAutoField):
        return
    holding = holding_of(field.model)
    if is_personal(field):
        yield "**personal**" + (", masked for whoever may not see identifiers" if field.name in holding.masked else "")
    if isinstance(field, EncryptedTextField):
        yield "**encrypted**"
    if field.unique and not field.many_to_many:
        yield "unique"
    if field.choices:
        yield ", ".join(f"`{value}` {label}" for value, label in field.flatchoices)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
