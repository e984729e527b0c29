"""Print who gets what at each address, and say where the code differs from what is stated."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.core.management.base import BaseCommand, CommandError
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver
from rolepermissions.roles import RolesManager

from core.accounts.models import User
from core.accounts.roles import STAFF_ROLES
from core.config import access

STANDARD = ("changelist", "add", "change", "history", "delete")
OF_VERSIONS = ("compare", "revision", "recoverlist")
#: Changed on a page of its own; the admin's form is never drawn, and its right says nothing.
OWN_PAGES = frozenset({("legalhold", "change")})
#: Last column: who gave the password and owes the second factor.
ROLES = (*access.PORTAL_ROLES, "password only")


@dataclass
class Row:
    """One address: `cells` holds a word of `access` for each of ROLES."""

    face: str
    name: str
    cells: dict[str, str]
    routes: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.face}:{self.name}"


def stated() -> dict[str, Row]:
    """{face:name: row} of everything that core.config.access states."""
    rows = [Row("public_site", name, cells) for name, cells in _table(access.PORTAL, access.PORTAL_ROLES).items()]
    there = addresses()
    open_to_all = dict.fromkeys(access.PORTAL_ROLES, "r")
    rows += [
        Row("public_site", name, dict(open_to_all)) for name in access.ONLY_IN_DEMO if f"public_site:{name}" in there
    ]
    for name, cells in _table(access.OFFICE, access.OFFICE_ROLES).items():
        rows.append(Row("admin", name, dict.fromkeys(access.PORTAL_ROLES, access.OPEN.get(name, "-")) | cells))
    for model, rights in models().items():
        pages = STANDARD + (OF_VERSIONS if model in access.VERSIONED else ())
        for page in pages:
            cells = {role: cell_of(page, letters) for role, letters in rights.items()}
            rows.append(Row("admin", f"core_{model}_{page}", dict.fromkeys(access.PORTAL_ROLES, "-") | cells))
    for row in rows:
        row.cells["password only"] = "rw" if row.key in access.STEPS else row.cells["anonymous"]
    return {row.key: row for row in rows}


def models() -> dict[str, dict[str, str]]:
    """{model: {role: letters}}"""
    return _table(access.MODELS, access.OFFICE_ROLES)


def _table(text: str, roles: tuple[str, ...]) -> dict[str, dict[str, str]]:
    lines = [line.split() for line in text.strip().splitlines()]
    return {name: dict(zip(roles, cells, strict=True)) for name, *cells in lines}


def cell_of(page: str, letters: str) -> str:
    """What the letters of a list mean for one of its standard pages."""
    sees = "v" in letters
    if page == "changelist":
        return "r" if sees or "l" in letters or "o" in letters else "-"
    if page in ("change", "history", "compare"):
        writes = page == "change" and "c" in letters
        return ("rw" if writes else "r") if sees else "o" if "o" in letters else "-"
    if page == "recoverlist":  # leads to the list of what was deleted, which asks for a right of its own
        return "r"
    return "rw" if {"add": "a", "delete": "d", "revision": "t"}[page] in letters else "-"


def addresses() -> dict[str, list[str]]:
    """{face:name: its routes} as the resolver has them; the portal's English ones follow the Indonesian ones."""
    found: dict[str, list[str]] = {}
    for face, name, route in _walk(get_resolver().url_patterns, "", "/"):
        if name not in access.HELPERS:
            found.setdefault(f"{face}:{name}", []).append(route)
    return found


def _walk(patterns: list, face: str, start: str) -> Iterator[tuple[str, str | None, str]]:
    for entry in patterns:
        route = start + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, entry.namespace or face, route)
        elif isinstance(entry, URLPattern):
            yield face, entry.name, route


def differences() -> list[str]:
    """Where the code is not as stated: addresses, the rights on lists, and acts on ticked rows."""
    real, said = addresses(), stated()
    found = [f"{key}: not stated in core/config/access.py" for key in real if key not in said]
    found += [f"{key}: stated, but there is no such address" for key in said if key not in real]
    requests = {role: _request_of(role) for role in sorted(STAFF_ROLES)}
    for model, model_admin in admin.site._registry.items():
        name = model._meta.model_name
        rights, acts = models().get(name, {}), access.BULK_ACTS.get(name, {})
        for role, request in requests.items():
            letters = rights.get("assessor" if role == "asesor" else role, "")
            for right, named in (("view", "vlo"), ("add", "a"), ("change", "c"), ("delete", "d")):
                if (name, right) in OWN_PAGES:
                    continue
                has = bool(getattr(model_admin, f"has_{right}_permission")(request))
                if has != any(letter in letters for letter in named):
                    found.append(f"{name}: {role} {'may' if has else 'may not'} {right}, which is stated otherwise")
            offered = set(model_admin.get_actions(request))
            if offered != {act for act, roles in acts.items() if role in roles.split()}:
                found.append(f"{name}: {role} is offered {sorted(offered)} on ticked rows, which is stated otherwise")
    return found


def _request_of(role: str) -> HttpRequest:
    """A request by somebody who holds the role as the program defines it; nobody of that name is stored."""
    person = User(email=f"{role}@localhost", is_staff=True)
    granted = {
        f"core.{right}" for right, given in RolesManager.retrieve_role(role).available_permissions.items() if given
    }
    person._perm_cache = person._user_perm_cache = person._group_perm_cache = granted
    person._role_name = role
    request = HttpRequest()
    request.method, request.user = "GET", person
    return request


class Command(BaseCommand):
    help = (
        "Mencetak matriks hak akses: setiap alamat × setiap peran, seperti yang dinyatakan dan diuji. Kode keluar 0: "
        "program sesuai dengan pernyataannya, 1: ada yang berbeda (disebut satu per satu)."
    )

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=("markdown", "csv"), default="markdown", help="bentuk cetakan")

    def handle(self, *args, **options):
        write = _as_csv if options["format"] == "csv" else _as_markdown
        write(self.stdout, with_routes())
        if found := differences():
            raise CommandError("Program berbeda dari core/config/access.py:\n" + "\n".join(found), returncode=1)


def with_routes() -> list[Row]:
    """What is stated, each row with its addresses, in the order of the statement."""
    real, rows = addresses(), list(stated().values())
    for row in rows:
        row.routes = real.get(row.key, [])
    return rows


def _as_csv(stream: Any, rows: list[Row]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["face", "name", "address", *ROLES])
    for row in rows:
        writer.writerow([row.face, row.name, row.routes[0] if row.routes else "", *(row.cells[role] for role in ROLES)])


def _as_markdown(stream: Any, rows: list[Row]) -> None:
    stream.write("\n".join(markdown(rows)))


HEAD = """# Who gets what

Printed by `python manage.py permission_matrix`; do not edit. What is stated stands in `core/config/access.py`; the
tests in `tests/security` ask every address as every role, and fail on an address without a line.

| cell | |
|---|---|
| r | opens by GET (and HEAD), or leads on to where it belongs |
| w | acts by POST |
| o | only what is the person's own |
| k | only with the key in its link |
| - | refused: the log-in page for whoever is not in, else 403, or 404 as if it did not exist |

PUT, PATCH, DELETE, OPTIONS and whatever else are refused to everybody before anybody asks who it is; pieces of an
upload (`/akun/unggahan/…`) speak PATCH and DELETE too. **Whoever gave the password and owes the second factor** is
anonymous everywhere, but for the steps themselves: the column "password only". Which roles owe one says the policy;
all staff do unless it was changed.

"candidate", "officer" and "assessor" are those whose case, letter, institution … it is; "other" is the same role
without that relation. An assessor's relation is the assignment in force. What a person may do with a case in each of
its states says `core/applications/transitions.py` and its neighbours in the other rooms."""

LETTERS = """`l` the list, with what one may see of it · `o` the list and own rows · `v` list, row and its history ·
`a` add · `c` change · `d` delete · `t` compare versions and turn one back. Everybody else is led to the log-in."""


def markdown(rows: list[Row]) -> Iterator[str]:
    yield HEAD
    yield from ("", "## Portal", "")
    yield from _lines([row for row in rows if row.face == "public_site"], ROLES)
    yield from ("", "## Back office: lists", "")
    yield LETTERS
    yield from ("", _line(["list", *access.OFFICE_ROLES]), "|---" * (len(access.OFFICE_ROLES) + 1) + "|")
    for model, rights in models().items():
        yield _line([f"`/admin/core/{model}/`", *rights.values()])
    yield from ("", "## Back office: acts on ticked rows", "", "| list | act | offered to |", "|---|---|---|")
    for model, acts in access.BULK_ACTS.items():
        for act, roles in acts.items():
            yield _line([f"`/admin/core/{model}/`", act, ", ".join(roles.split())])
    standard = {f"core_{model}_{page}" for model in models() for page in (*STANDARD, *OF_VERSIONS)}
    others = [row for row in rows if row.face == "admin" and row.name not in standard]
    yield from ("", "## Back office: every other page and act", "")
    yield from _lines(others, ("anonymous", "candidate", "officer", *access.OFFICE_ROLES, "password only"))


def _lines(rows: list[Row], roles: tuple[str, ...]) -> Iterator[str]:
    yield _line(["address", *roles])
    yield "|---" * (len(roles) + 1) + "|"
    for row in rows:
        yield _line([f"`{row.routes[0] if row.routes else row.name}`", *(row.cells[role] for role in roles)])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
