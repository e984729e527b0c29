"""Which forms a case needs: the general set, and what a scheme says for itself."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.activity.models import ActivityEntry
from core.assessments.enums import FormNeed
from core.assessments.form_sets import current_form_version, form_set, forms_needed
from core.assessments.models import FormDefinition, FormRequirement
from core.assessments.services.definitions import draft_next_version, publish_form_version, set_form_need
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.form_definitions import make_form
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def scheme():
    return make_scheme().scheme


def form(code: str) -> FormDefinition:
    return FormDefinition.objects.get(code=code)


def needed(scheme, stage=None, **more) -> dict[str, bool]:
    return {row.definition.code: row.is_required for row in forms_needed(scheme, stage, **more)}


def test_every_scheme_needs_what_ships_until_somebody_says_otherwise(scheme):
    assert list(needed(scheme)) == ["fr-ak-01", "fr-ia-01", "fr-ak-02", "fr-ak-03", "fr-ak-05", "fr-ak-04"]
    assert needed(scheme, "sesudah") == {"fr-ak-02": True, "fr-ak-03": False, "fr-ak-05": True}
    assert needed(scheme, "sesudah", subject="jadwal") == {"fr-ak-05": True}
    assert needed(scheme, "banding") == {"fr-ak-04": True}


def test_what_a_scheme_says_goes_before_the_general_set(scheme, clerk):
    other = make_scheme().scheme
    set_form_need(definition=form("fr-ia-01"), scheme=scheme, need=FormNeed.UNUSED, by=clerk)
    set_form_need(definition=form("fr-ak-03"), scheme=scheme, need=FormNeed.REQUIRED, by=clerk)
    assert "fr-ia-01" not in needed(scheme)
    assert needed(scheme)["fr-ak-03"]
    assert needed(other)["fr-ia-01"]
    assert not needed(other)["fr-ak-03"]
    set_form_need(definition=form("fr-ia-01"), scheme=scheme, need="", by=clerk)
    assert needed(scheme)["fr-ia-01"]  # as the general set says again
    set_form_need(definition=form("fr-ia-01"), scheme=None, need=FormNeed.UNUSED, by=clerk)
    assert "fr-ia-01" not in needed(scheme)
    said = ActivityEntry.objects.filter(code="form.set_need").order_by("pk").first()
    assert said.data == {"scheme": scheme.code, "need": "tidak dipakai"}


def test_saying_the_same_again_tells_nothing(scheme, clerk):
    for _again in range(2):
        set_form_need(definition=form("fr-ak-01"), scheme=scheme, need=FormNeed.OPTIONAL, by=clerk)
        set_form_need(definition=form("fr-ak-02"), scheme=scheme, need="", by=clerk)
    assert ActivityEntry.objects.filter(code="form.set_need").count() == 1


@pytest.mark.parametrize(("need", "is_general"), [("", True), ("mungkin", True), ("mungkin", False)])
def test_the_general_set_follows_nobody(scheme, clerk, need, is_general):
    with refused("set_form_need.unknown"):
        set_form_need(definition=form("fr-ak-01"), scheme=None if is_general else scheme, need=need, by=clerk)


def test_a_form_counts_in_its_published_version_only(scheme, clerk):
    draft = make_form(published=False)
    assert draft.definition.code not in needed(scheme)
    assert current_form_version(draft.definition) is None
    publish_form_version(version=draft, by=clerk)
    second = draft_next_version(version=draft, by=clerk)
    assert [row.version for row in forms_needed(scheme) if row.definition == draft.definition] == [draft]
    publish_form_version(version=second, by=clerk)
    assert [row.version for row in forms_needed(scheme) if row.definition == draft.definition] == [second]
    assert current_form_version(draft.definition) == second


def test_a_form_that_is_put_away_is_needed_by_nobody(scheme):
    FormDefinition.objects.filter(code="fr-ak-03").update(is_active=False)
    assert "fr-ak-03" not in needed(scheme)
    assert "fr-ak-03" not in {row.definition.code for row in form_set(scheme)}


def test_the_set_on_the_screen_says_whose_word_each_line_is(scheme, clerk):
    set_form_need(definition=form("fr-ak-03"), scheme=scheme, need=FormNeed.REQUIRED, by=clerk)
    make_form(needed=False)
    rows = {row.definition.code: row for row in form_set(scheme)}
    feedback = rows["fr-ak-03"]
    assert (feedback.need, feedback.is_own, feedback.general) == (FormNeed.REQUIRED, True, FormNeed.OPTIONAL)
    assert (rows["fr-ak-01"].need, rows["fr-ak-01"].is_own) == (FormNeed.REQUIRED, False)
    assert next(row.need for code, row in rows.items() if code.startswith("fr-uji")) == FormNeed.UNUSED
    general = {row.definition.code: row for row in form_set(None)}
    assert (general["fr-ak-03"].need, general["fr-ak-03"].is_own) == (FormNeed.OPTIONAL, False)


@pytest.mark.parametrize("more", [0, 20])
def test_queries_do_not_grow_with_the_forms(scheme, more):
    for _number in range(more):
        make_form()
    for read in (lambda: forms_needed(scheme), lambda: form_set(scheme)):
        with CaptureQueriesContext(connection) as counted:
            read()
        assert len(counted) == 3


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_leave_one_general_row():
    clerk, version = make_user(role="sekretariat"), make_form(needed=False)
    acts = [
        lambda need=need: set_form_need(definition=version.definition, scheme=None, need=need, by=clerk)
        for need in (FormNeed.REQUIRED, FormNeed.OPTIONAL)
    ]
    assert at_once(*acts) == [None, None]
    assert FormRequirement.objects.filter(definition=version.definition, scheme=None).count() == 1
