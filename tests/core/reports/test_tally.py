"""The figures are exact at every moment, whoever changes a case and how."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from core.accounts.services import save_profile
from core.applications.models import Application
from core.applications.services import return_application, submit_application, take_application, withdraw_application
from core.applications.transitions import WORKFLOW
from core.codelists.models import Region
from core.reports.models import ApplicationTally, Facet, TallyMove
from core.reports.queries import recap
from core.reports.tally import differences, fold_tallies, rebuild_tallies
from tests.core.applications.test_workflow_matrix import ALLOWED, act_of, world
from tests.core.helpers import at_once
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db
#: Figures that one case changes when it goes from one status to another: two of the case, two of each of its facets.
OF_A_CASE = 2 + 2 * len(Facet)


def figures() -> dict:
    found = recap()
    return {status: number for status, number in {"draft": found.drafts, **found.by_status}.items() if number}


@pytest.mark.parametrize(("state", "act"), ALLOWED)
def test_every_act_of_the_workflow_moves_the_case_in_the_figures(state, act):
    application, people = world(state)
    may, target = ALLOWED[state, act]
    assert figures() == {state: 1}

    act_of(act, application, people[sorted(may)[0]])

    assert differences() == {}
    # What is withdrawn as a draft was never sent: it is no figure at all.
    assert figures() == ({} if (state, act) == ("draft", "withdraw") else {target: 1})


def test_the_walk_above_leaves_no_act_out():
    assert {act for _state, act in ALLOWED} == {row.name for row in WORKFLOW}


def test_folding_changes_no_figure_and_leaves_nothing_to_fold():
    make_application(status="accepted")
    make_application(status="ready")
    before, moves = figures(), TallyMove.objects.count()
    assert ApplicationTally.objects.count() == 0

    assert fold_tallies() == moves > 0

    assert (figures(), differences(), TallyMove.objects.count()) == (before, {}, 0)
    assert fold_tallies() == 0
    make_application()
    assert figures() == before | {"submitted": 1}


def test_what_somebody_read_before_does_not_matter():
    """A page that was open saves the whole case as it once was: the figures follow what is stored."""
    case = make_application()
    old = Application.objects.get(pk=case.pk)
    take_application(application=case, by=make_user(role="sekretariat"))

    old.save()

    assert (figures(), differences()) == ({"submitted": 1}, {})


def test_saving_something_else_writes_no_move():
    case = make_application()
    before = TallyMove.objects.count()

    case.note = "Catatan"
    case.save(update_fields=["note"])
    case.save()

    assert TallyMove.objects.count() == before


def test_a_deleted_case_is_no_longer_counted():
    case = make_application(status="draft")
    case.sections.all().delete()
    case.delete()
    assert (figures(), differences()) == ({}, {})


def test_ways_around_saving_are_refused():
    case = make_application(status="draft")
    for change in ({"status": "accepted"}, {"province_id": "81"}, {"registered_on": timezone.localdate()}):
        with pytest.raises(TypeError, match="save"):
            Application.objects.filter(pk=case.pk).update(**change)
    with pytest.raises(TypeError, match="save"):
        case.candidate.applications.update(scheme_version=case.scheme_version)
    case.status = "accepted"
    with pytest.raises(TypeError, match="save"), transaction.atomic():
        Application.objects.bulk_update([case], ["status"])
    with pytest.raises(TypeError, match="save"):
        Application.objects.bulk_create([Application(candidate=case.candidate, scheme_version=case.scheme_version)])
    assert (figures(), differences()) == ({"draft": 1}, {})


def test_province_is_the_one_on_the_form_that_was_sent():
    """Moving house later changes nothing, until a form with the new address is sent."""
    clerk, case = make_user(role="sekretariat"), make_application()
    person = case.candidate.user

    def move_to(code: str) -> None:
        case.candidate.refresh_from_db()
        region = Region.objects.get(code=code)
        save_profile(profile=case.candidate, values={"home_region": region}, version=None, by=person)

    def send_again(part: str) -> str:
        take_application(application=case, by=clerk)
        return_application(application=case, parts={part: "Perbaiki."}, by=clerk)
        case.refresh_from_db()
        submit_application(application=case, by=person)
        case.refresh_from_db()
        return case.province_id

    assert case.province_id == "81"
    move_to("3171")
    case.refresh_from_db()
    assert case.province_id == "81"
    assert send_again("purpose") == "81"
    assert send_again("address") == "31"
    assert {row.key: row.total for row in recap().provinces} == {"31": 1}
    assert case.registered_on == timezone.localdate()


def test_command_finds_what_was_written_past_the_application_and_sets_it_right(capsys):
    case = make_application()
    make_application(status="accepted")
    call_command("rebuild_tallies")
    assert "cocok" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_application SET status = 'rejected' WHERE id = %s", [case.pk])

    with pytest.raises(CommandError, match=f"{OF_A_CASE} angka rekap berbeda"):
        call_command("rebuild_tallies")

    told = capsys.readouterr().out
    assert "submitted: tertulis 1, seharusnya 0" in told
    assert "rejected: tertulis 0, seharusnya 1" in told
    assert figures() == {"accepted": 1, "rejected": 1}
    assert rebuild_tallies() == {}


@pytest.mark.django_db(transaction=True)
def test_two_checks_at_once_correct_once():
    case = make_application()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_application SET status = 'rejected' WHERE id = %s", [case.pk])

    found = at_once(rebuild_tallies, rebuild_tallies)

    assert sorted(len(wrong) for wrong in found) == [0, OF_A_CASE]
    assert (figures(), differences()) == ({"rejected": 1}, {})


@pytest.mark.django_db(transaction=True)
def test_folding_twice_while_cases_move_counts_each_move_once():
    clerk = make_user(role="sekretariat")
    cases = [make_application() for _i in range(3)]
    acts = [
        lambda: take_application(application=cases[0], by=clerk),
        lambda: withdraw_application(application=cases[1], by=cases[1].candidate.user),
        lambda: take_application(application=cases[2], by=clerk),
    ]

    at_once(fold_tallies, fold_tallies, *acts, rebuild_tallies)

    assert differences() == {}
    fold_tallies()
    assert (figures(), differences()) == ({"under_review": 2, "withdrawn": 1}, {})
