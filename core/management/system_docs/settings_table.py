"""Every name that is read from the environment, and where lies what staff set instead."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse

from core.management.system_docs.data_model import MADE, theme_of
from core.models import (
    AnswerTemplate,
    CodeList,
    ConsentText,
    DocumentType,
    ExpectedDocument,
    FormDefinition,
    HandoverLayout,
    Holiday,
    MenuItem,
    MessageTemplate,
    NumberingRule,
    OfficeData,
    Page,
    ScheduledJob,
    Scheme,
    SystemPolicy,
)

#: Whoever reads one of these reads what it guards; never in a letter, a ticket, a repository of code.
#: restic asks for the names that begin with AWS itself (server_docs/backup.md): they have no line in .env.example.
SECRET = frozenset(name for name in settings.SECRET_NAMES if not name.startswith("AWS_")) | {"TEST_DATABASE_URL"}
#: Paths of files that are as secret as what they hold.
SECRET_FILES = frozenset({"PDF_SIGNING_P12", "BACKUP_PASSWORD_FILE", "BACKUP_SSH_CONFIG", "SECRETS_FOLDER"})
#: Functions of the settings of production that refuse to start without a value.
REQUIRED_BY = ("_required", "_listed")

#: Names that only tools read: {name: (who reads it, what for)}. The product itself never looks at them.
TOOLS = {
    "HOST": ("`make run`", "address that the demo listens on; any but 127.0.0.1 lets other machines in"),
    "PORT": ("`make run`", "its port; 8000"),
    "PYTHON": ("`make …`", "the Python that makes `.venv`; the newest from 3.12 on that is found"),
    "DEMO_MANUALS": ("`make run`", "0: the demo starts without printing the manuals as PDF"),
    "RETAKE": ("`make manual`", "1 keeps the pictures it takes; set by the target itself"),
    "DEMO_SITE": ("`make manual`", "the address of a demo that runs already, instead of a fresh one"),
    "UPGRADE": ("`make lock`", "1 takes the newest versions of all libraries"),
    "WEB_WORKERS": ("`server_docs/examples/gunicorn.conf.py`", "processes that answer; two for each processor and one"),
    "SKIP_BACKUP": ("`scripts/upgrade.sh`", "1 upgrades without a backup before it"),
    "CI": ("tests", "set by CI: what may be missing on a desk fails there"),
    "REQUIRE_MARIADB": ("`make test`", "1: no MariaDB is a failure"),
    "REQUIRE_BROWSER": ("`make test`", "1: no browser is a failure"),
    "REQUIRE_TESSERACT": ("`make test`", "1: no tesseract is a failure"),
    "WALK_ONCE": ("`make test`", "1: MariaDB runs only what each database answers in its own way"),
    "RUNS": ("`make bench`", "how often each question is asked"),
    "ONLY": ("`make bench`", "a part of a benchmark"),
    "PEER": ("`make bench`", "another copy of the program to compare with"),
    "KILLS": ("`make chaos`", "how often an upload is killed; 100"),
    "SECONDS": ("`make chaos`", "how long faults go on"),
    "SEED": ("`make chaos`", "repeats the faults of a run"),
    "FUZZ_CASES": ("`make fuzz`", "how many inputs; 100,000"),
    "FUZZ_SEED": ("`make fuzz`", "repeats a run"),
    "FUZZ_WORKERS": ("`make fuzz`", "processes side by side"),
    "CANDIDATES": ("`make load`", "candidates at once"),
    "CLERKS": ("`make load`", "clerks beside them"),
    "THINK": ("`make load`", "seconds a person thinks between two pages"),
    "PARTICIPANTS": ("`make training`", "for how many people the practice files are made; 12"),
    "UAT_RESULTS": ("`make uat`", "where its runner puts pictures and results"),
    "RUSH": ("`make load`", "candidates who want a seat at once"),
}

#: What staff set instead, on the screens below /admin/pengaturan/: (model, what it decides).
ROWS = (
    (SystemPolicy, "one row: second factor, log-ins, deadlines, how long letters and spreadsheets are kept, backups"),
    (OfficeData, "one row: name, licence, address, logo, who signs for the LSP"),
    (NumberingRule, "patterns of numbers of cases, certificates, letters"),
    (MessageTemplate, "the words of each letter"),
    (AnswerTemplate, "answers to questions that come often"),
    (ConsentText, "texts that people agree to, in versions"),
    (DocumentType, "kinds of papers: formats, size, how long they are kept"),
    (ExpectedDocument, "which papers a case needs from which stage on"),
    (FormDefinition, "assessment forms, in versions, and which scheme needs which"),
    (Scheme, "schemes, in versions, with units and requirements"),
    (CodeList, "entries of BNSP's code lists"),
    (HandoverLayout, "columns of the list that goes to BNSP"),
    (Holiday, "days on which deadlines do not count"),
    (Page, "texts of the portal, with drafts"),
    (MenuItem, "menus of the portal"),
    (ScheduledJob, "pausing a job of the timetable; when it is due stands in `core/config/settings/timetable.py`"),
)


@dataclass
class Name:
    """One line of .env.example and what the code says about it."""

    name: str
    words: str
    example: str
    defaults: list[str] = field(default_factory=list)
    is_required: bool = False


def names() -> list[Name]:
    """In the order of .env.example; a comment belongs to the name below it."""
    found: list[Name] = []
    words = ""
    for line in (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            words = line.removeprefix("# ")
        elif line:
            name, _equals, example = line.partition("=")
            found.append(Name(name, words, example))
    read = _read_in_code()
    for one in found:
        one.defaults, one.is_required = read.get(one.name, ([], False))
    return found


def _read_in_code() -> dict[str, tuple[list[str], bool]]:
    """{name: (its defaults as the code has them, whether production demands it)}, from the settings and env.py."""
    found: dict[str, tuple[list[str], bool]] = {}
    for path in sorted((settings.BASE_DIR / "core" / "config").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            if not re.fullmatch(r"[A-Z][A-Z0-9_]+", str(node.args[0].value)):
                continue
            defaults, required = found.get(node.args[0].value, ([], False))
            given = [word.value for word in node.keywords if word.arg == "default"]
            shown = [_shown(value) for value in given if path.name != "test.py"]
            found[node.args[0].value] = (
                list(dict.fromkeys([*defaults, *filter(None, shown)])),
                required or ast.unparse(node.func) in REQUIRED_BY,
            )
    return found


def _shown(value: ast.expr) -> str:
    """Empty for a default that says nothing: no value, False, an empty list."""
    if isinstance(value, ast.Constant):
        return str(value.value) if value.value not in ("", False, None) else ""
    return ast.unparse(value) if ast.unparse(value) != "[]" else ""


HEAD = f"""# Settings

{MADE} What is set where: **the environment** says what differs from server to server (addresses, keys, folders), read in one place,
[core/config/env.py](../../core/config/env.py); **rows** hold what the LSP decides ([below](#what-staff-set-instead)); all else is the
same everywhere and stands in [core/config/settings/](../../core/config/settings/base.py).

A name comes from the environment of the process or from `.env` beside `manage.py`
([.env.example](../../.env.example), [installation.md](../installation.md)). A development copy needs none. With `ENVIRONMENT=production`
the program does not start while a required name is missing, too short or unsafe, and says which. A changed value counts from the next
start of the processes.

**Secret**: yes, it is one, and may stand in a file of `SECRETS_FOLDER` instead, not in both; file, it names a file that is one; key and password files lie outside the folder of the program
and are readable to its account only. How keys are replaced: [ganti-kunci.md](../runbook/ganti-kunci.md).

| name | what it does | required in production | secret | default, as the code has it | example |
|---|---|---|---|---|---|"""


def page() -> str:
    return "\n".join(_page()).rstrip() + "\n"


def _page() -> Iterator[str]:
    yield HEAD
    for one in names():
        secret = "yes" if one.name in SECRET else "file" if one.name in SECRET_FILES else ""
        words = re.sub(r'(python -c ".*?\)+")', r"`\1`", one.words.removeprefix("* ").replace("|", "\\|"))
        default = "; ".join(f"`{word}`" for word in one.defaults)
        example = f"`{one.example}`" if one.example else ""
        yield f"| `{one.name}` | {words} | {'yes' if one.is_required else ''} | {secret} | {default} | {example} |"
    yield "\n## Names that only tools read\n\n| name | read by | what for |\n|---|---|---|"
    for name, (reader, words) in TOOLS.items():
        yield f"| `{name}` | {reader} | {words} |"
    yield """
## What staff set instead

Rows, edited below `/admin/pengaturan/`, versioned and logged; nobody has to touch the server for them. What is true in every
installation comes from `fixtures/reference/` by `python manage.py load_reference`, which leaves alone what staff have changed.

| row | what it decides | edited at |
|---|---|---|"""
    for model, words in ROWS:
        link = f"[{model._meta.verbose_name}](data/{theme_of(model).slug}.md#{model.__name__.lower()})"
        yield f"| {link} | {words} | `{reverse(f'admin:core_{model._meta.model_name}_changelist')}` |"
    yield "\n### Kebijakan sistem, decision by decision\n\n| decision | column | as shipped |\n|---|---|---|"
    for column in SystemPolicy._meta.concrete_fields:
        if column.editable and not column.primary_key and column.has_default():
            yield f"| {column.verbose_name} | `{column.name}` | {_told(column.get_default())} |"


def _told(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
