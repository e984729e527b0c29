"""What must hold of every answer, whatever was sent: it is an answer, nothing of it runs, and a refusal wrote nothing."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.forms import BaseForm
from django.urls import get_resolver

#: Written while a request is answered, whatever becomes of it: who looked, who is in, what was counted.
BESIDE = {
    "core_activityentry", "core_activityhead", "core_activityseal", "django_session", "core_usersession",
    "axes_accessattempt", "axes_accessfailurelog", "axes_accesslog",
}  # fmt: skip
WRITES = re.compile(
    r'\s*(?:INSERT(?: OR IGNORE)? INTO|INSERT IGNORE INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+["`]?(\w+)', re.IGNORECASE
)
SAVEPOINT = re.compile(
    r'\s*(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT|RELEASE|ROLLBACK TO)\s+["`]?(\w+)', re.IGNORECASE
)


@dataclass
class Written:
    """Tables that were written, without what was taken back by the end of a savepoint."""

    log: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if match := SAVEPOINT.match(sql):
            word = match[1].upper()
            if word == "SAVEPOINT":
                self.log.append(("savepoint", match[2]))
            elif word.startswith("ROLLBACK") and ("savepoint", match[2]) in self.log:
                del self.log[self.log.index(("savepoint", match[2])) + 1 :]
        elif match := WRITES.match(sql):
            self.log.append(("table", match[1].lower()))
        return answer

    @property
    def tables(self) -> set[str]:
        return {name for kind, name in self.log if kind == "table"} - BESIDE


@contextmanager
def writes() -> Iterator[Written]:
    written = Written()
    with connection.execute_wrapper(written):
        yield written


#: The style page shows it, in the demo alone; nobody can send it anything (`public_site/views/demo.py` only answers GET).
TAKES_NOTHING = {"public_site.templatetags.style_page.SampleForm"}
#: Others build on them; no page shows them by themselves.
BUILT_ON = {
    "backoffice.forms_handover.Dressed",
    "backoffice.scheme_forms.EditorForm",
    "public_site.forms.guard.GuardedForm",
    "public_site.forms.profile.ProfileForm",
}
OURS = ("backoffice", "public_site", "core")


def _is_ours(form: type) -> bool:
    return issubclass(form, BaseForm) and form.__module__.split(".")[0] in OURS


def name_of(form: type) -> str:
    return f"{form.__module__}.{form.__qualname__}"


@contextmanager
def forms_bound() -> Iterator[set[str]]:
    """Classes of forms that were given something to check meanwhile: as the product wrote them, under whatever the
    admin or a set of lines makes of them. What a class builds on is not counted with it."""
    bound: set[str] = set()
    kept = BaseForm.full_clean

    def noting(form):
        if form.is_bound and (written := next(filter(_is_ours, type(form).__mro__), None)):
            bound.add(name_of(written))
        return kept(form)

    BaseForm.full_clean = noting
    try:
        yield bound
    finally:
        BaseForm.full_clean = kept


def all_forms() -> set[str]:
    """Every class of forms that the product writes out and that takes something."""
    _ = get_resolver().url_patterns  # loads every page, and with it every form
    found, waiting = set(), [BaseForm]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found.update(name_of(one) for one in below if _is_ours(one))
    return found - TAKES_NOTHING - BUILT_ON


@contextmanager
def columns_as_strict_as_mariadb() -> Iterator[None]:
    """SQLite keeps what does not fit into its column; MariaDB answers with an error, and the page with 500.

    Forms ask Django how large a number the database holds, so they are told what they are told on MariaDB.
    """
    kept = models.CharField.get_db_prep_save, models.IntegerField.get_db_prep_save
    validators = models.IntegerField.__dict__["validators"]

    def as_on_mariadb(self):
        low, high = RANGES.get(self.get_internal_type(), (None, None))
        limits = [] if low is None else [MinValueValidator(low), MaxValueValidator(high)]
        return [*validators.func(self), *limits]

    def short_enough(self, value, connection):
        found = kept[0](self, value, connection)
        if isinstance(found, str) and self.max_length and len(found) > self.max_length:
            raise AssertionError(f"{self} holds {self.max_length} characters, not {len(found)}: {found[:40]!r}…")
        return found

    def small_enough(self, value, connection):
        found = kept[1](self, value, connection)
        low, high = RANGES.get(self.get_internal_type(), (None, None))
        if isinstance(found, int) and low is not None and not low <= found <= high:
            raise AssertionError(f"{self} holds {low} to {high}, not {found}")
        return found

    models.CharField.get_db_prep_save, models.IntegerField.get_db_prep_save = short_enough, small_enough
    models.IntegerField.validators = property(as_on_mariadb)  # before what each field has worked out already
    try:
        yield
    finally:
        models.IntegerField.validators = validators
        del models.CharField.get_db_prep_save, models.IntegerField.get_db_prep_save


#: What MariaDB's columns hold.
RANGES = {
    "SmallIntegerField": (-32768, 32767),
    "IntegerField": (-2147483648, 2147483647),
    "PositiveIntegerField": (0, 4294967295),
    "PositiveSmallIntegerField": (0, 65535),
    "PositiveBigIntegerField": (0, 18446744073709551615),
    "BigIntegerField": (-9223372036854775808, 9223372036854775807),
}


class _Running(HTMLParser):
    """Looks for what was sent and became markup: a tag, an attribute, an address that runs, a word of a script."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.tag = ""
        self.is_data = False

    def handle_starttag(self, tag, attrs):
        self.tag, self.is_data = tag, any(key == "type" and "json" in (value or "") for key, value in attrs)
        if tag.startswith("zzq"):
            self.found.append(f"tag <{tag}>")
        for key, value in attrs:
            if "zzq" in key:
                self.found.append(f"attribute {key} of <{tag}>")
            runs = (value or "").strip().lower().startswith(("javascript:", "data:text/html"))
            if key in ("href", "src", "action", "formaction", "xlink:href", "srcdoc") and runs:
                self.found.append(f"{key}={value[:60]} of <{tag}>")
            if key.startswith("on") and "zzq" in (value or ""):
                self.found.append(f"{key} of <{tag}>")

    def handle_data(self, data):
        if self.tag == "script" and not self.is_data and "zzq" in data:
            self.found.append(f"script: …{data[max(data.index('zzq') - 40, 0) :][:90]}")

    def handle_endtag(self, tag):
        self.tag = ""


def running_markup(html: str) -> list[str]:
    """Where something that was sent stands in the page as markup or as program."""
    if "zzq" not in html.lower():
        return []
    parser = _Running()
    parser.feed(html)
    parser.close()
    return parser.found


FORMULA = re.compile(r"^[\t\r ]*[=+\-@＝]+\s*(zzq|HYPERLINK)")


def running_cells(kind: str, content: bytes) -> list[str]:
    """Cells of a spreadsheet that would be calculated."""
    if kind.startswith("text/csv"):
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace").replace("\x00", "")), delimiter=";")
        return [f"cell {cell[:40]!r}" for row in rows for cell in row if FORMULA.match(cell)]
    if "spreadsheetml" in kind:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/")]
        return [
            f"formula {cell[:60]!r}" for sheet in sheets for cell in re.findall(rb"<f>[^<]*", sheet) if b"zzq" in cell
        ]
    return []


def _is_said_by_design(answer) -> bool:
    """`/sehat/` speaks in this way of a part that fails: letters of a long run, say, that nobody sends."""
    match = getattr(answer, "resolver_match", None)
    return answer.status_code == 503 and match is not None and match.view_name == "public_site:health"


def complaints(answer, written: Written | None = None, *, keeps: frozenset[str] = frozenset()) -> list[str]:
    """What is wrong with an answer; empty when all is well. `keeps`: tables that this page writes although it refuses."""
    content, kind = answer.getvalue(), answer.headers.get("Content-Type", "")
    found = []
    if answer.status_code >= 500 and not _is_said_by_design(answer):
        found.append(f"answered {answer.status_code}")
    if kind.startswith(("text/html", "image/svg", "application/xhtml")):
        found += running_markup(content.decode("utf-8", "replace"))
    found += running_cells(kind, content)
    if any("\n" in value or "\r" in value for value in answer.headers.values()):
        found.append("a header of two lines")
    if answer.headers.get("Location", "").lower().startswith(("javascript:", "//", "http://zzq", "https://zzq")):
        found.append(f"leads to {answer.headers['Location']}")
    if written is not None and answer.status_code >= 400 and (beside := written.tables - keeps):
        found.append(f"answered {answer.status_code}, yet wrote {sorted(beside)}")
    return found
