"""The life of a scheme's versions, and when registration is open."""

from datetime import date

import pytest

from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError
from core.schemes.enums import VersionStatus
from core.schemes.models import SchemeUnit, SchemeVersion
from core.schemes.queries import current_version, open_versions, published_versions, units_in_order
from core.schemes.rules import is_editable
from core.schemes.services import draft_next_version, publish_scheme_version, retire_scheme_version
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.schemes import make_scheme, make_unit

pytestmark = pytest.mark.django_db


def states(version: SchemeVersion) -> dict[int, str]:
    return dict(version.scheme.versions.values_list("number", "status"))


# --- publish ----------------------------------------------------------------------------------------------


def test_publishing_a_draft_opens_it_and_is_logged():
    clerk, draft = make_user(role="sekretariat"), make_scheme(published=False)

    version = publish_scheme_version(version=draft, by=clerk)

    assert (version.status, version.is_open, is_editable(version)) == ("terbit", True, False)
    assert version.published_at is not None
    assert current_version(draft.scheme.code) == version
    entry = ActivityEntry.objects.latest("pk")
    assert (entry.code, entry.actor, entry.subject_label) == (
        "scheme.publish_version",
        clerk,
        f"{draft.scheme.code} v1",
    )


def test_the_version_before_is_retired_and_its_applications_go_on():
    clerk, first = make_user(role="sekretariat"), make_scheme()
    running = make_application(scheme=first, status="under_review", officer=clerk)
    second = draft_next_version(version=first, by=clerk)

    publish_scheme_version(version=second, by=clerk)

    assert states(first) == {1: "ditutup", 2: "terbit"}
    running.refresh_from_db()
    assert running.scheme_version == first


def without_units(version):
    version.scheme_units.all().delete()


def with_an_empty_unit(version):
    SchemeUnit.objects.create(scheme_version=version, unit=make_unit(elements=0), position=9)


def without_purpose(version):
    version.purposes.clear()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (without_units, "publish_scheme_version.no_units"),
        (with_an_empty_unit, "publish_scheme_version.unit_without_elements"),
        (without_purpose, "publish_scheme_version.no_purpose"),
    ],
)
def test_what_cannot_be_filled_in_cannot_be_published(spoil, code):
    draft = make_scheme(published=False)
    spoil(draft)

    with refused(code):
        publish_scheme_version(version=draft, by=make_user(role="sekretariat"))

    assert states(draft) == {1: "draf"}


@pytest.mark.parametrize("status", [VersionStatus.PUBLISHED, VersionStatus.RETIRED])
def test_only_a_draft_can_be_published(status):
    version = make_scheme()
    SchemeVersion.objects.filter(pk=version.pk).update(status=status)

    with refused("publish_scheme_version.not_draft"):
        publish_scheme_version(version=version, by=make_user(role="sekretariat"))


# --- retire -------------------------------------------------------------------------------------------------


def test_a_retired_version_takes_no_more_applications():
    version = retire_scheme_version(version=make_scheme(), by=make_user(role="sekretariat"))

    assert (version.status, version.is_open) == ("ditutup", False)
    assert current_version(version.scheme.code) is None
    with refused("retire_scheme_version.not_published"):
        retire_scheme_version(version=version, by=make_user(role="sekretariat"))


def test_a_draft_cannot_be_retired():
    with refused("retire_scheme_version.not_published"):
        retire_scheme_version(version=make_scheme(published=False), by=make_user(role="sekretariat"))


# --- next version -------------------------------------------------------------------------------------------


def test_the_next_version_begins_as_a_copy_and_leaves_the_old_one_alone():
    clerk, first = make_user(role="sekretariat"), make_scheme(units=3, requirements=("ktp", "ijazah"))

    draft = draft_next_version(version=first, by=clerk)

    assert (draft.number, draft.status, draft.published_at, is_editable(draft)) == (2, "draf", None, True)
    assert units_in_order(draft) == units_in_order(first)
    titles = [[r.title for r in v.requirements.all()] for v in (first, draft)]
    assert titles == [["KTP", "Ijazah terakhir"]] * 2
    assert set(draft.purposes.all()) == set(first.purposes.all())
    draft.requirements.all().delete()
    assert first.requirements.count() == 2
    assert states(first) == {1: "terbit", 2: "draf"}


def test_there_is_one_draft_at_a_time():
    clerk, first = make_user(role="sekretariat"), make_scheme()
    draft_next_version(version=first, by=clerk)

    with refused("draft_next_version.exists") as refusal:
        draft_next_version(version=first, by=clerk)

    assert refusal.value.message == "Draf versi 2 sudah ada."


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_make_one_draft():
    clerk, first = make_user(role="sekretariat"), make_scheme()

    results = at_once(*[lambda: draft_next_version(version=first, by=clerk)] * 3)

    assert states(first) == {1: "terbit", 2: "draf"}
    assert sum(isinstance(result, DomainError) for result in results) == 2


# --- open ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "opens", "closes", "is_open"),
    [
        ("terbit", None, None, True),
        ("terbit", date(2026, 6, 15), date(2026, 6, 15), True),
        ("terbit", date(2026, 6, 1), None, True),
        ("terbit", None, date(2026, 6, 30), True),
        ("terbit", date(2026, 6, 16), None, False),
        ("terbit", None, date(2026, 6, 14), False),
        ("draf", None, None, False),
        ("ditutup", None, None, False),
    ],
)
def test_registration_is_open_on_its_first_and_last_day(status, opens, closes, is_open, time_machine):
    time_machine.move_to("2026-06-15T03:00:00Z", tick=False)
    version = make_scheme()
    SchemeVersion.objects.filter(pk=version.pk).update(
        status=status, registration_opens_on=opens, registration_closes_on=closes
    )
    version.refresh_from_db()

    assert version.is_open is is_open
    assert (version in open_versions()) is is_open  # the list and the rule agree


def test_a_day_ends_at_midnight_in_jakarta(time_machine):
    version = make_scheme()
    version.registration_closes_on = date(2026, 6, 15)

    time_machine.move_to("2026-06-15T16:59:59Z", tick=False)
    before = version.is_open
    time_machine.move_to("2026-06-15T17:00:00Z", tick=False)

    assert (before, version.is_open) == (True, False)


# --- reading ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("units", [1, 6])
def test_units_come_with_all_their_criteria_in_as_many_queries_for_any_scheme(units, django_assert_num_queries):
    version = make_scheme(units=units, elements=3)

    with django_assert_num_queries(3):
        found = units_in_order(version)
        texts = [c.text for unit in found for element in unit.elements.all() for c in element.criteria.all()]
        standards = {unit.standard.code for unit in found}

    assert len(texts) == units * 3 * 2
    assert standards == {"SKKNI Uji"}


def test_units_stand_in_the_order_of_the_scheme_and_not_of_their_codes():
    version = make_scheme(units=3)
    first, second, third = version.scheme_units.order_by("position")
    SchemeUnit.objects.filter(pk=first.pk).update(position=9)

    assert units_in_order(version) == [second.unit, third.unit, first.unit]


def test_the_public_list_counts_the_units_of_each_published_scheme():
    version, draft = make_scheme(units=4), make_scheme(published=False)

    listed = {v: v.unit_count for v in published_versions()}

    assert listed[version] == 4
    assert draft not in listed
