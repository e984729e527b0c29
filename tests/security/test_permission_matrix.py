"""Every address × every role × method: no more than core/config/access.py states, and nothing written by a refusal.

What an open page answers exactly is asked by test_url_matrix.py. Here every refusal of GET and POST is asked, every act
beside the standard forms, what the assessor gets whom the case is assigned to, and HEAD where an act hangs on the
address.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection, transaction
from django.urls import reverse

from core import models
from core.config import access
from core.management.commands.permission_matrix import STANDARD, stated
from core.management.commands.permission_matrix import models as models_stated
from tests.factories.certificates import make_certificate
from tests.security.test_url_matrix import ADMIN_ACTS, ADMIN_PAGES
from tests.security.world import (
    CERTIFICATE_PAGES,
    OF_AN_INSTITUTION,
    OF_SENT_CASES,
    STAFF,
    address_of_institution,
    client_of,
    office_address,
    portal_address,
    profile_of,
    row_of,
)

pytestmark = pytest.mark.django_db

#: How the roles of the statement are called in the world of these tests.
PEOPLE = {"candidate": "owner", "other candidate": "other candidate", "other assessor": "asesor"}
#: They lead everybody on, to the log-in or away from it: test_url_matrix.py and test_before_second_factor.py.
LEADING_ON = ("public_site:login", "public_site:verify_code", "admin:login", "admin:logout", "admin:second_factor")
#: Django's own pages: a HEAD is a GET to all of them, and whoever may open the form may send it.
STANDARD_PAGES = frozenset(f"core_{model}_{page}" for model in models_stated() for page in STANDARD)
DOORS = ("/admin/login/", "/masuk/", "/admin/masuk/")
#: A look at a paper is told, a guess or an enrolment leaves its traces; none of these is an act on a record.
TRACES = frozenset({"django_session", "core_usersession", "core_activityentry", "otp_totp_totpdevice"})
WRITING = re.compile(r"^(?:INSERT(?: OR IGNORE| IGNORE)? INTO|UPDATE|DELETE FROM) [`\"](\w+)")


@dataclass
class Answer:
    status: int
    leads_to: str
    shows_login: bool
    wrote: set[str] = field(default_factory=set)

    @property
    def is_refusal(self) -> bool:
        """Also: led to the log-in, or by the admin to its front page because there is no such row."""
        led_away = self.status == 302 and (self.leads_to.startswith(DOORS) or self.leads_to == "/admin/")
        return led_away or self.shows_login or self.status in (401, 403, 404, 405, 410)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(make_client: Callable, method: str, address: str, data: dict | None = None) -> Answer:
    wrote: set[str] = set()

    def listen(execute, sql, params, many, context):
        if found := WRITING.match(sql):
            wrote.add(found[1])
        return execute(sql, params, many, context)

    with undone():
        client = make_client()
        with connection.execute_wrapper(listen):
            answer = getattr(client, method)(address, data)
            body = answer.getvalue()
    return Answer(answer.status_code, answer.headers.get("Location", ""), b'name="kept"' in body, wrote - TRACES)


@dataclass
class Walk:
    """An address, and how somebody of each role comes to it."""

    address: str
    clients: dict[str, Callable]


@contextmanager
def walk(name: str, face: str, world: dict) -> Iterator[Walk]:
    with undone():
        case = world["sent"] if face == "admin" or name in OF_SENT_CASES else world["draft"]
        case = make_certificate().application if name in CERTIFICATE_PAGES else case
        assigned = world["people"]["assigned"]
        if not case.assignments.exists():
            clerk = world["people"]["sekretariat"]
            models.Assignment.objects.create(application=case, assessor=profile_of(assigned), assigned_by=clerk)
        theirs = world | {"people": world["people"] | {"asesor": assigned}}
        if face == "admin":
            address = office_address(name, theirs)
        elif name in OF_AN_INSTITUTION:
            address = address_of_institution(name, world["batch"])
        else:
            address = portal_address(name, case)
        clients = {
            role: lambda role=role: client_of(world, PEOPLE.get(role, role), case) for role in access.PORTAL_ROLES
        }
        clients["assessor"] = lambda: client_of(world, "assigned", case)
        yield Walk(address, clients)


@pytest.mark.parametrize("key", [key for key in stated() if key not in LEADING_ON])
def test_nobody_gets_more_than_is_stated(world, key):
    face, name = key.split(":")
    cells = stated()[key].cells
    roles = access.PORTAL_ROLES if face == "public_site" else access.OFFICE_ROLES
    with walk(name, face, world) as there:
        for role in roles:
            cell, client = cells[role], there.clients[role]
            if "r" not in cell:
                seen = ask(client, "get", there.address)
                assert seen.is_refusal or cell == "o", (role, "GET", cell, seen)
            elif role == "assessor" and cell != cells["other assessor"]:
                assert not ask(client, "get", there.address).is_refusal, (role, "GET", cell)
            if cell != "r" and not ("w" in cell and name in STANDARD_PAGES):
                done = ask(client, "post", there.address)
                expect(cell, done, (role, "POST", cell, done))
        if reader := last(role for role in roles if cells[role] == "r"):
            done = ask(there.clients[reader], "post", there.address)
            expect("r", done, (reader, "POST", done))
        actor = last(role for role in roles if "w" in cells[role])
        if actor and name not in STANDARD_PAGES:
            looked = ask(there.clients[actor], "head", there.address)
            expect("r", looked, (actor, "HEAD", looked))
        if face == "admin":  # one gate before every page, which asks only whether somebody is staff
            for role, method in (("anonymous", "get"), ("candidate", "post"), ("officer", "get")):
                answer = ask(there.clients[role], method, there.address)
                expect(access.OPEN.get(name, "-"), answer, (role, method, answer))


def expect(cell: str, done: Answer, told: tuple) -> None:
    """What an act, or a look that must not act, may have come to."""
    assert done.status < 500, told
    if "w" in cell:
        assert done.status not in (401, 403), told
        assert not done.shows_login, told
    elif cell == "r":  # refused, or a page that asks for no method and shows itself
        assert done.wrote == set(), told
    elif cell != "o":
        assert done.is_refusal, told
        assert done.wrote == set(), told


def last(roles: Iterator[str]) -> str | None:
    return next(reversed(list(roles)), None)


BULK_ACTS = [(model, act) for model, acts in access.BULK_ACTS.items() for act in acts]


@pytest.mark.parametrize(("model", "act"), BULK_ACTS)
def test_acts_on_ticked_rows_only_for_whom_they_are_offered(world, model, act):
    """Chosen in the list, which asks first; and confirmed, which acts."""
    may = access.BULK_ACTS[model][act].split()
    with undone():
        ticked = {"action": act, ACTION_CHECKBOX_NAME: [row_of(model, world).pk]}
        pages = [(reverse(f"admin:core_{model}_changelist"), ticked)]
        if act not in ("issue", "record_blanks"):  # they lead to pages of their own, which are walked above
            pages.append((reverse(f"admin:core_{model}_bulk", args=[act]), {}))
        for role in STAFF:
            for address, data in pages:
                done = ask(partial(client_of, world, role, world["sent"]), "post", address, data)
                if role in may:
                    assert done.status in (200, 302), (role, address)
                else:
                    assert done.status == 403 or data, (
                        role,
                        address,
                    )  # the list is drawn again, as if nothing were chosen
                    assert done.status != 302 or done.leads_to.startswith(pages[0][0]), (role, address)
                    assert done.wrote == set(), (role, address)


def test_the_exact_answers_say_the_same():
    """The numbers of test_url_matrix.py: an open page is seen or leads on, and is not there yet at most."""
    said, wrong = stated(), []
    answers = {name: dict(zip(("administrator", "sekretariat", "other assessor", "bnsp"), numbers, strict=True))
               for name, numbers in ADMIN_PAGES.items()}  # fmt: skip
    for name, numbers in answers.items():
        for role, number in numbers.items():
            cell = said[f"admin:{name}"].cells[role]
            opens = number in (200, 302)
            if (
                cell != "o"
                and opens != ("r" in cell)
                and number != 404
                and not name.startswith("core_assessmentsession")
            ):
                wrong.append((name, role, cell, number))
    for name, roles in ADMIN_ACTS.items():
        may = {role for role in access.OFFICE_ROLES if "w" in said[f"admin:{name}"].cells[role]}
        if may != set(roles.split()):
            wrong.append((name, may, roles))
    assert wrong == []
