"""What speaks against a session or a seat in it: each conflict by its name, and whether it blocks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.applications.models import Application
from core.assessments.conflicts import ConflictKind, case_conflicts, quota_conflict, session_conflicts
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession, AssessorQualification, Assignment, Placement
from core.codelists.models import Region
from core.schemes.queries import current_version
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session, make_venue

pytestmark = pytest.mark.django_db

BLOCKS, WARNS = True, False


@pytest.fixture
def scheme():
    return current_version("distribusi-bantuan").scheme


@pytest.fixture
def session(scheme):
    return make_session(scheme=scheme)


def waiting(**fields):
    """A case that waits for a schedule."""
    return make_case("preassessed", **fields)


def seated(session, **fields):
    case = waiting(**fields)
    Placement.objects.create(session=session, application=case.application, placed_by=case.clerk)
    return case


def against(session, case) -> set[tuple[str, bool]]:
    return {
        (found.kind, found.is_blocking) for found in case_conflicts(session, [case.application])[case.application.pk]
    }


def against_session(session) -> set[tuple[str, bool]]:
    return {(found.kind, found.is_blocking) for found in session_conflicts(session)}


def qualify(assessor, scheme, days=365):
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    return AssessorQualification.objects.create(assessor=assessor, scheme=scheme, valid_until=until)


@pytest.fixture
def fit(scheme):
    """An assessor against whom nothing speaks."""
    assessor = make_assessor(full_name="Yohana Latuconsina")
    qualify(assessor, scheme)
    return assessor


def test_nothing_speaks_against_a_fit_assessor_in_a_free_place(session, fit):
    assert against(session, waiting(assessor=fit)) == set()
    assert against_session(session) == set()


# --- seats ----------------------------------------------------------------------------------------------


def test_there_are_as_many_seats_as_the_quota_says(scheme):
    session = make_session(scheme=scheme, quota=2)
    seated(session)

    assert quota_conflict(session, coming=1) is None
    assert "tinggal 1 kursi" in quota_conflict(session, coming=2).sentence
    seated(session)
    assert "sudah penuh" in quota_conflict(session, coming=1).sentence


def test_a_freed_seat_counts_no_longer(scheme):
    session = make_session(scheme=scheme, quota=1)
    case = seated(session)
    case.application.placements.update(in_force=None)

    assert quota_conflict(session, coming=1) is None


# --- time and place -------------------------------------------------------------------------------------


def test_a_session_that_is_over_blocks_and_one_that_has_begun_warns(scheme):
    now = timezone.now()
    begun = make_session(scheme=scheme, starts_at=now - timedelta(hours=1))
    over = make_session(scheme=scheme, starts_at=now - timedelta(hours=9))

    assert against_session(begun) == {(ConflictKind.PAST, WARNS)}
    assert against_session(over) == {(ConflictKind.PAST, BLOCKS)}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"is_active": False}, {(ConflictKind.VENUE, BLOCKS)}),
        ({"capacity": 9}, {(ConflictKind.VENUE, BLOCKS)}),  # the quota is 10
        ({"capacity": 10}, set()),
        ({"capacity": None}, set()),
    ],
)
def test_a_venue_is_in_use_and_large_enough(scheme, fields, found):
    assert against_session(make_session(scheme=scheme, venue=make_venue(**fields))) == found


@pytest.mark.parametrize(("days", "blocks"), [(-1, True), (0, False), (1, False)])
def test_a_venue_is_verified_on_the_last_day_of_the_session(scheme, days, blocks):
    start = timezone.now() + timedelta(days=10)
    end = start + timedelta(days=2)
    venue = make_venue(valid_until=timezone.localdate(end) + timedelta(days=days))

    found = session_conflicts(make_session(scheme=scheme, venue=venue, starts_at=start, ends_at=end))

    assert bool(found) is blocks
    assert not blocks or "Verifikasi" in found[0].sentence


def test_sessions_at_the_same_time_share_the_seats_of_a_venue(scheme):
    venue = make_venue(capacity=20)
    start = timezone.now() + timedelta(days=3)
    first = make_session(scheme=scheme, venue=venue, starts_at=start, quota=12)
    fits = make_session(scheme=scheme, venue=venue, starts_at=start + timedelta(hours=1), quota=8)
    assert against_session(fits) == set()

    fits.quota = 9
    assert against_session(fits) == {(ConflictKind.VENUE, BLOCKS)}
    assert first.number in session_conflicts(fits)[0].sentence

    fits.starts_at, fits.ends_at = first.ends_at, first.ends_at + timedelta(hours=4)  # the one begins as the other ends
    assert against_session(fits) == set()


def test_a_cancelled_session_takes_no_seats(scheme):
    venue = make_venue(capacity=10)
    start = timezone.now() + timedelta(days=3)
    make_session(scheme=scheme, venue=venue, starts_at=start, status=SessionStatus.CANCELLED)

    assert against_session(make_session(scheme=scheme, venue=venue, starts_at=start)) == set()


def test_a_venue_of_unknown_size_warns_when_it_is_shared(scheme):
    venue = make_venue(capacity=None)
    start = timezone.now() + timedelta(days=3)
    make_session(scheme=scheme, venue=venue, starts_at=start)

    assert against_session(make_session(scheme=scheme, venue=venue, starts_at=start)) == {(ConflictKind.VENUE, WARNS)}


def test_a_remote_session_has_no_place_to_be_in_conflict(scheme):
    assert (
        against_session(make_session(scheme=scheme, mode="jarak-jauh", meeting_url="https://rapat.contoh.id/a"))
        == set()
    )


# --- the case and its assessor --------------------------------------------------------------------------


def test_a_case_for_another_scheme_blocks(fit):
    other = current_version("pelayanan-pertolongan-pertama").scheme
    qualify(fit, other)

    assert against(make_session(scheme=other), waiting(assessor=fit)) == {(ConflictKind.SCHEME, BLOCKS)}


def test_a_case_without_an_assessor_warns(session):
    case = waiting()
    Assignment.objects.update(in_force=None)

    assert against(session, case) == {(ConflictKind.NO_ASSESSOR, WARNS)}


def test_an_assessor_is_in_one_session_at_a_time(scheme, session, fit):
    ambon = make_venue(region=Region.objects.get(pk="8171"))
    other = make_session(scheme=scheme, starts_at=session.starts_at + timedelta(hours=7), venue=ambon)
    seated(other, assessor=fit)
    case = waiting(assessor=fit)

    [found] = case_conflicts(session, [case.application])[case.application.pk]
    assert (found.kind, found.is_blocking) == (ConflictKind.ASSESSOR_BUSY, BLOCKS)
    assert fit.user.full_name in found.sentence
    assert other.number in found.sentence
    assert f"{other.local_end:%H.%M} WIT" in found.sentence

    AssessmentSession.objects.filter(pk=other.pk).update(starts_at=session.ends_at)
    assert against(session, case) == set()


def test_an_assessor_with_several_cases_in_the_same_session_is_not_double_booked(session, fit):
    first, second = seated(session, assessor=fit), waiting(assessor=fit)

    assert against(session, first) == against(session, second) == set()


def test_who_was_relieved_is_on_duty_no_longer(scheme, session, fit):
    other = seated(make_session(scheme=scheme, starts_at=session.starts_at), assessor=fit)
    other.application.assignments.update(in_force=None)

    assert against(session, waiting(assessor=fit)) == set()


def test_a_candidate_is_in_one_session_at_a_time(scheme, session, fit):
    elsewhere = seated(make_session(scheme=scheme, starts_at=session.starts_at))
    case = waiting(assessor=fit)
    case.application.candidate = elsewhere.application.candidate
    case.application.save()

    assert against(session, case) == {(ConflictKind.CANDIDATE_BUSY, BLOCKS)}


@pytest.mark.parametrize(("days", "found"), [(0, {(ConflictKind.LICENCE, BLOCKS)}), (1, set()), (2, set())])
def test_the_licence_holds_on_the_day_of_the_session(scheme, fit, days, found):
    """Valid today is not enough."""
    noon = timezone.localtime().replace(hour=8, minute=0) + timedelta(days=1)
    session = make_session(scheme=scheme, starts_at=noon)
    fit.certificate_expires_on = timezone.localdate() + timedelta(days=days)
    fit.save()

    assert against(session, waiting(assessor=fit)) == found


def test_qualifications_bind_as_soon_as_they_are_recorded(scheme, session):
    """Nothing recorded: a warning. Something recorded, of the assessor or of the scheme, but not this pair: refused."""
    other_scheme = current_version("pelayanan-pertolongan-pertama").scheme
    case = waiting()
    assert against(session, case) == {(ConflictKind.QUALIFICATION, WARNS)}

    qualify(case.assessor, other_scheme)
    assert against(session, case) == {(ConflictKind.QUALIFICATION, BLOCKS)}

    AssessorQualification.objects.all().delete()
    qualify(make_assessor(), scheme)
    assert against(fresh(session), case) == {(ConflictKind.QUALIFICATION, BLOCKS)}

    qualify(case.assessor, scheme, days=None)
    assert against(fresh(session), case) == set()


@pytest.mark.parametrize(("days", "found"), [(0, {(ConflictKind.QUALIFICATION, BLOCKS)}), (2, set())])
def test_a_qualification_holds_on_the_day_of_the_session(scheme, session, days, found):
    case = waiting()
    qualify(case.assessor, scheme, days=days)

    assert against(session, case) == found


def test_a_shared_unit_of_work_warns(session, fit):
    fit.institution = "BPBD Kota Padang"
    fit.save()
    case = waiting(assessor=fit)
    case.application.candidate.institution = "bpbd kota padang"

    assert against(session, case) == {(ConflictKind.INSTITUTION, WARNS)}


def test_a_closed_account_assesses_nobody(session, fit):
    case = waiting(assessor=fit)
    fit.user.is_active = False
    fit.user.save()

    assert against(session, case) == {(ConflictKind.ASSESSOR_UNFIT, BLOCKS)}


def test_many_cases_cost_as_many_queries_as_two(session):
    cases = [waiting().application.pk for _number in range(6)]

    def cost(keys):
        of = list(Application.objects.filter(pk__in=keys))
        with CaptureQueriesContext(connection) as queries:
            case_conflicts(fresh(session), of)
        return len(queries)

    assert cost(cases) == cost(cases[:2]) <= 12


def fresh(session):
    return AssessmentSession.objects.select_related("scheme", "venue").get(pk=session.pk)
