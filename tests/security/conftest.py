"""The people and rows of the matrix, made once for a file of tests."""

import io

import pytest
from django.db import transaction

from core import models
from core.content.services import set_logo
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.content import make_page, png_bytes
from tests.factories.institutions import make_batch, make_officer
from tests.security.world import STAFF, session_of


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """A draft and a sent case, and people of every role, who logged in; made once, undone after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        draft = make_application(status="ready")
        sent = make_application(status="submitted")
        make_page(slug="terbit", published=True)
        set_logo(office=models.OfficeData.objects.get(), stream=io.BytesIO(png_bytes()), by=None)
        people = {role: make_user(role=role) for role in STAFF} | {"other candidate": make_user(role="asesi")}
        people["assigned"] = make_user(role="asesor")
        people |= {"officer": make_officer(), "other officer": make_officer()}
        batch = make_batch(officer=people["officer"])
        owners = [case.candidate.user for case in (draft, sent)]
        sessions = {person.pk: session_of(person) for person in [*people.values(), *owners]}
        yield {"draft": draft, "sent": sent, "batch": batch, "people": people, "sessions": sessions}
        transaction.set_rollback(True)


@pytest.fixture
def world(built, db):
    """Rows as they are in the database: what one test changed in them is gone for the next."""
    read = {name: type(built[name]).objects.get(pk=built[name].pk) for name in ("draft", "sent", "batch")}
    people = models.User.objects.in_bulk([person.pk for person in built["people"].values()])
    by_role = {role: people[person.pk] for role, person in built["people"].items()}
    return read | {"people": by_role, "sessions": built["sessions"]}
