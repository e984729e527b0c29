"""The recap of certification: every figure is the number of cases that are so, before and after it was folded."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.applications.enums import AgeBand, Stage
from core.applications.models import Application, Employer
from core.applications.people_counted import age_band, employer_named
from core.assessments.models import Assignment, Placement
from core.certificates.enums import CertificateState
from core.certificates.models import Certificate
from core.certificates.standing import state_on
from core.codelists.models import Region
from core.reports.certification_recap import COUNTED, DIMENSIONS, NEAR, certification_recap, period_of, scope_for
from core.reports.certification_recap import cases as counting
from core.reports.models import REMOTE, CertificateMove, CertificateProvinceTally, FacetTally, TallyMove
from core.reports.queries import month_before
from core.reports.tally import SEXES, differences, fold_tallies
from core.schemes.models import Scheme, SchemeUnit
from tests.factories.accounts import make_candidate, make_user
from tests.factories.assessments import make_assessor
from tests.factories.certificates import make_past_certificate
from tests.factories.corridor import make_case, make_session, make_venue
from tests.factories.recap import add_certificate, lay_case

pytestmark = pytest.mark.django_db
#: The day on which the suite began; for these tests it lasts, however long the suite takes.
TODAY = timezone.localdate()
LAST_MONTH = TODAY.replace(day=1) - timedelta(days=1)
YEAR = (date(TODAY.year - 1, 1, 1), date(TODAY.year, 12, 31))


@pytest.fixture(autouse=True)
def _it_is_still_today(time_machine):
    time_machine.move_to(datetime.combine(TODAY, time(12), timezone.get_current_timezone()))


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def cases():
    """Seven that differ in everything that is counted, and a draft that is nobody's business."""
    person, assessor = make_candidate(), make_assessor()
    session = make_session(scheme=Scheme.objects.get(code="distribusi-bantuan"))
    elsewhere = make_session(scheme=session.scheme, mode="jarak-jauh", venue=None)
    Application.objects.create(candidate=person, scheme_version=Scheme.objects.first().versions.first())
    seat = {"assessor": assessor, "session": session}
    return [
        lay_case(candidate=person, on=TODAY),
        lay_case(candidate=person, on=TODAY, status="certified", sex="L", age=AgeBand.FORTIES, **seat),
        lay_case(candidate=person, on=LAST_MONTH, status="certified", employer="bpbd  kota AMBON", **seat),
        lay_case(candidate=person, on=LAST_MONTH, status="rejected", scheme="kerja-relawan", province="31"),
        lay_case(candidate=person, on=LAST_MONTH, status="not_yet_competent", scheme="kerja-relawan", sex=""),
        lay_case(candidate=person, on=TODAY, status="assessed", province="", employer="", age=AgeBand.UNKNOWN, **seat),
        lay_case(candidate=person, on=LAST_MONTH, status="scheduled", province="31", session=elsewhere),
    ]


def values_of(case: Application, dimension: str) -> list:
    """Under which rows a case stands, asked of the case itself."""
    month = case.registered_on.replace(day=1)
    quarter = month.replace(month=(month.month - 1) // 3 * 3 + 1)
    given = {
        name: model.objects.filter(application=case, in_force=True).values_list(name, flat=True).first() or 0
        for name, model in (("assessor", Assignment), ("session", Placement))
    }
    return {
        "bulan": [month],
        "triwulan": [quarter],
        "tahun": [month.replace(month=1)],
        "status": [case.status],
        "skema": [case.scheme_version.scheme_id],
        "unit": list(SchemeUnit.objects.filter(scheme_version=case.scheme_version).values_list("unit", flat=True)),
        "provinsi": [case.province_id or ""],
        "institusi": [case.employer_id or 0],
        "kelamin": [SEXES[case.sex]],
        "usia": [case.age_band],
        "asesor": [given["assessor"]],
        "jadwal": [given["session"]],
        "tuk": [seat.session.venue_id or REMOTE if (seat := _seat(case)) else 0],
    }[dimension]


def _seat(case: Application) -> Placement | None:
    return Placement.objects.filter(application=case, in_force=True).select_related("session").first()


def told(found) -> dict:
    return {
        row.key: {status: number for status, number in row.by_status.items() if number}
        for row in found.rows
        if row.registered
    }


@pytest.mark.parametrize("narrowed", ["", "scheme", "province", "both"])
def test_every_dimension_tells_what_the_cases_are(cases, clerk, narrowed):
    scheme = Scheme.objects.get(code="distribusi-bantuan") if narrowed in ("scheme", "both") else None
    province = Region.objects.get(pk="81") if narrowed in ("province", "both") else None
    meant = [
        case
        for case in cases
        if (scheme is None or case.scheme_version.scheme == scheme) and (province is None or case.province == province)
    ]
    for is_folded in (False, True):
        assert (TallyMove.objects.count() == 0) == is_folded
        for dimension in DIMENSIONS:
            counted: dict = {}
            for case in meant:
                for value in values_of(case, dimension):
                    counted.setdefault(value, Counter())[case.status] += 1
            asked = scope_for(
                clerk, since=YEAR[0], until=YEAR[1], dimension=dimension, scheme=scheme, province=province
            )
            found = certification_recap(asked)
            assert told(found) == counted, (dimension, is_folded)
            assert found.total.registered == len(meant)
            assert found.others is None
        fold_tallies()
    assert differences() == {}


def test_what_changes_of_a_case_moves_it(cases, clerk):
    """A seat, an assessor, a form with another employer: each as it is written, in whichever room."""
    fold_tallies()
    case, other = cases[1], make_assessor()
    seat = Placement.objects.get(application=case)
    seat.in_force = None
    seat.save(update_fields=["in_force"])
    given = Assignment.objects.get(application=case)
    given.in_force = None
    given.save(update_fields=["in_force"])
    Assignment.objects.create(application=case, assessor=other, assigned_by=clerk)
    case.employer, case.sex = employer_named("PMI Ambon"), "P"
    case.save()

    for _folded in (False, True):
        assert differences() == {}
        for dimension in ("asesor", "jadwal", "tuk", "institusi", "kelamin"):
            found = certification_recap(scope_for(clerk, since=YEAR[0], until=YEAR[1], dimension=dimension))
            [value] = values_of(case, dimension)
            assert told(found)[value]["certified"] >= 1
        fold_tallies()
    assert not FacetTally.objects.filter(count__lt=0).exists()


def test_a_session_that_moves_takes_its_cases_to_the_other_venue(cases, clerk):
    fold_tallies()
    session = Placement.objects.filter(application=cases[1]).get().session
    former, session.venue = session.venue_id, make_venue()
    session.save()

    for _folded in (False, True):
        found = certification_recap(scope_for(clerk, since=YEAR[0], until=YEAR[1], dimension="tuk"))
        assert told(found)[session.venue_id] == {"certified": 2, "assessed": 1}
        assert former not in told(found)
        assert differences() == {}
        fold_tallies()
    with CaptureQueriesContext(connection) as questions:
        session.note = "Bawa KTP."
        session.save(update_fields=["note"])
    assert len(questions) == 1


def test_the_form_that_was_sent_says_what_a_case_is_counted_by():
    case = make_case("preassessed").application
    assert case.sex == case.candidate.sex != ""
    assert case.age_band == age_band(case.candidate.birth_date, case.registered_on) != AgeBand.UNKNOWN
    assert employer_named(" Dinas  Sosial ") == employer_named("DINAS SOSIAL")
    assert Employer.objects.get(key="dinas sosial").name == "Dinas Sosial"
    assert employer_named("  ") is None
    born = date(2000, 2, 29)
    assert [age_band(born, on) for on in (date(2020, 2, 28), date(2020, 2, 29), date(2061, 1, 1), None)] == [
        AgeBand.UNDER_20,
        AgeBand.TWENTIES,
        AgeBand.SIXTIES,
        AgeBand.UNKNOWN,
    ]


def test_days_are_those_of_cases_that_are_over(clerk):
    person = make_candidate()
    for days in (10, 21):
        case = lay_case(candidate=person, on=TODAY - timedelta(days=days))
        case.status = "rejected"
        case.save()
        assert case.days_taken == days
    lay_case(candidate=person, on=TODAY - timedelta(days=90))
    since, _until = period_of("bebas", TODAY - timedelta(days=120))

    for _folded in (False, True):
        for dimension in ("skema", "kelamin"):
            [row] = certification_recap(scope_for(clerk, since=since, until=TODAY, dimension=dimension)).rows
            assert (row.mean_days, row.stage(Stage.RUNNING), row.stage(Stage.REFUSED)) == (16, 1, 2)
        fold_tallies()


def test_two_periods_are_compared_row_by_row(cases, clerk):
    since, until = period_of("bulan-ini")
    asked = scope_for(clerk, since=since, until=until, dimension="skema", compare="sebelumnya")

    found = certification_recap(asked)

    assert (found.total.registered, found.before.registered) == (3, 4)
    [row] = [row for row in found.rows if row.query == {"skema": "distribusi-bantuan"}]
    assert (row.registered, row.before.registered) == (3, 2)
    monthly = certification_recap(scope_for(clerk, since=since, until=until, compare="sebelumnya"))
    assert [(row.registered, row.before.registered) for row in monthly.rows] == [(3, 4)]


def _compared(clerk, since: date, until: date, dimension: str, **asked):
    return certification_recap(
        scope_for(clerk, since=since, until=until, dimension=dimension, compare="sebelumnya", **asked)
    )


def test_a_part_of_a_quarter_is_compared_with_as_many_months(clerk):
    """Four months from January against the four before: not the quarter against the one month that ends one."""
    person = make_candidate()
    for month in (10, 11, 12, 12):
        lay_case(candidate=person, on=date(2025, month, 9))

    found = _compared(clerk, date(2026, 1, 1), date(2026, 4, 30), "triwulan")

    assert [(row.key, row.before.registered) for row in found.rows] == [(date(2026, 1, 1), 2), (date(2026, 4, 1), 2)]
    years = _compared(clerk, date(2026, 12, 1), date(2027, 1, 31), "tahun")
    assert [(row.registered, row.before.registered) for row in years.rows] == [(0, 0), (0, 0)]


def test_what_shares_a_row_is_compared_as_well(cases, clerk, monkeypatch):
    """The largest now need not be the largest then; what has no row of its own had cases then, too."""
    monkeypatch.setattr(counting, "MOST_VALUES", 1)
    person = cases[0].candidate
    for _case in range(3):
        lay_case(candidate=person, on=LAST_MONTH, employer="Dinas Sosial")
    fold_tallies()
    for narrowed in ({}, {"scheme": Scheme.objects.get(code="distribusi-bantuan")}):
        found = _compared(clerk, TODAY.replace(day=1), TODAY, "institusi", **narrowed)
        assert [row.title for row in found.rows] == ["BPBD Kota Ambon"]
        before = [row.before.registered for row in (*found.rows, found.others)]
        assert (sum(before), before[-1]) == (found.before.registered, 3), narrowed


def test_what_was_there_then_and_is_no_more_has_its_row(cases, clerk):
    this_month = TODAY.replace(day=1)
    next_month = month_before(this_month, -1)
    for dimension in DIMENSIONS.keys() - {"unit"}:
        found = _compared(clerk, this_month, TODAY, dimension)
        assert sum(row.before.registered for row in found.rows) == found.before.registered == 4, dimension
        assert sum(row.registered for row in found.rows) == found.total.registered == 3, dimension
        empty = _compared(clerk, next_month, next_month, dimension)
        assert sum(row.before.registered for row in empty.rows) == empty.before.registered == 3, dimension
        assert sum(row.registered for row in empty.rows) == 0, dimension


def test_nothing_is_compared_with_more_than_one_waits_for(cases, clerk, monkeypatch):
    monkeypatch.setattr(counting, "MOST_ROWS", 3)
    for _case in range(3):
        lay_case(candidate=cases[0].candidate, on=LAST_MONTH)
    scheme = Scheme.objects.get(code="distribusi-bantuan")

    found = _compared(clerk, TODAY.replace(day=1), TODAY, "kelamin", scheme=scheme)

    assert (found.total.registered, found.before.registered, found.too_many, found.rows) == (3, 5, 5, [])


@pytest.fixture
def certificates():
    """Every status, on both sides of every day that matters, in two provinces and in none, half of them folded."""
    case = make_case("certified")
    ends = [-1, 0, 30, 31, 90, 91, 180, 365, 366]
    places = [Region.objects.get(pk="81"), Region.objects.get(pk="31"), None]
    for number, days in enumerate(ends):
        for status, over in (("aktif", False), ("dicabut", False), ("dibekukan", False), ("dibekukan", True)):
            add_certificate(
                case.application,
                issued_on=TODAY if number % 2 else LAST_MONTH.replace(year=LAST_MONTH.year - 2),
                valid_until=TODAY + timedelta(days=days),
                decision=case.decision,
                status=status,
                suspended_until=TODAY - timedelta(days=1) if over else None,
                in_force=None,
                province=places[number % 3],
            )
        if number == len(ends) // 2:
            fold_tallies()
    return case


def stands(certificate, near: int) -> str:
    """As `standing` says, but for how near an end is."""
    state = state_on(certificate, TODAY)
    if state in (CertificateState.VALID, CertificateState.ENDING):
        is_near = certificate.valid_until <= TODAY + timedelta(days=near)
        return (CertificateState.ENDING if is_near else CertificateState.VALID).value
    return state.value


@pytest.mark.parametrize("dimension", ["bulan", "skema", "provinsi", "kelamin"])
def test_certificates_are_counted_as_they_stand_today(certificates, clerk, dimension):
    since, until = period_of("12-bulan")
    scheme, province = certificates.application.scheme_version.scheme, Region.objects.get(pk="81")
    for narrowed in ({}, {"scheme": scheme}, {"province": province}, {"scheme": scheme, "province": province}):
        for key, (near, _title) in NEAR.items():
            for which in COUNTED:
                meant = Certificate.objects.filter(**narrowed)
                if which == "terbit":
                    meant = meant.filter(issued_on__gte=since)
                found = certification_recap(
                    scope_for(
                        clerk, since=since, until=until, dimension=dimension, certificates=which, near=key, **narrowed
                    )
                ).certificates
                counted = Counter(stands(one, near) for one in meant)
                assert {state: number for state, number in found.total.by_state.items() if number} == counted
                has_rows = dimension in ("skema", "provinsi") or (dimension == "bulan" and which == "terbit")
                assert sum(row.total for row in found.rows) == (meant.count() if has_rows else 0)
                if dimension == "provinsi":
                    of_row = {row.query["provinsi"]: row.total for row in found.rows}
                    assert of_row == Counter(one.province_id or "kosong" for one in meant)
    assert differences() == {}


def test_a_certificate_that_changes_leaves_its_cells(certificates, clerk):
    fold_tallies()
    one = Certificate.objects.filter(status="aktif", province="81", valid_until__gt=TODAY).first()
    one.status = "dicabut"
    one.save(update_fields=["status"])
    for _folded in (False, True):
        found = certification_recap(scope_for(clerk, since=TODAY, until=TODAY, province=one.province)).certificates
        withdrawn = Certificate.objects.filter(status="dicabut", province="81").count()
        assert found.total.by_state[CertificateState.WITHDRAWN] == withdrawn
        assert differences() == {}
        fold_tallies()


def test_the_old_register_is_counted_beside_the_new_one(certificates, clerk):
    since, until = period_of("12-bulan")
    for days, status in ((-1, "aktif"), (60, "aktif"), (400, "dibekukan"), (400, "dicabut")):
        make_past_certificate(status=status, issued_on=date(2019, 5, 4), valid_until=TODAY + timedelta(days=days))
    asked = {"since": since, "until": until, "dimension": "skema"}

    past = certification_recap(scope_for(clerk, near="1", **asked)).past
    assert past.total.by_state == {
        "berlaku": 1, "segera": 0, "dibekukan": 1, "dicabut": 1, "diganti": 0, "kedaluwarsa": 1,
    }  # fmt: skip
    assert [row.total for row in past.rows] == [4]
    assert certification_recap(scope_for(clerk, certificates="terbit", **asked)).past is None
    province = Region.objects.get(pk="81")
    assert certification_recap(scope_for(clerk, province=province, **asked)).past is None


def test_the_upgrade_counts_what_was_there_before(cases, certificates, clerk):
    """Sums of the venues and of the provinces, with some moves folded and some not, as the migration finds them."""
    migration = import_module("core.migrations.0044_venue_and_provinces")
    FacetTally.objects.filter(facet="venue").delete()
    TallyMove.objects.update(venue=0)
    CertificateProvinceTally.objects.all().delete()
    CertificateMove.objects.update(province="")
    lay_case(candidate=cases[0].candidate, on=TODAY, session=Placement.objects.first().session)
    TallyMove.objects.update(venue=0)

    migration.count_venues(apps, None)
    migration.take_down_provinces(apps, None)
    migration.count_provinces(apps, None)

    for _folded in (False, True):
        assert differences() == {}
        fold_tallies()
    assert set(Certificate.objects.values_list("province", flat=True)) == {certificates.application.province_id}


def test_an_assessor_counts_their_own_cases_only(cases):
    assessor = Assignment.objects.first().assessor.user

    found = certification_recap(scope_for(assessor, since=YEAR[0], until=YEAR[1], dimension="skema"))

    assert told(found) == {Scheme.objects.get(code="distribusi-bantuan").pk: {"certified": 2, "assessed": 1}}
    assert (found.certificates, found.past) == (None, None)


def test_more_rows_than_one_waits_for_are_not_counted(cases, clerk, monkeypatch):
    monkeypatch.setattr(counting, "MOST_ROWS", 3)
    scheme, province = Scheme.objects.get(code="distribusi-bantuan"), Region.objects.get(pk="81")
    asked = {"since": YEAR[0], "until": YEAR[1], "dimension": "kelamin"}

    found = certification_recap(scope_for(clerk, scheme=scheme, **asked))
    assert (found.too_many, found.rows, found.total.registered) == (5, [], 5)
    assert certification_recap(scope_for(clerk, scheme=scheme, province=province, **asked)).too_many == 0
    assert certification_recap(scope_for(clerk, **asked)).too_many == 0


def test_institutions_beyond_a_page_share_a_row(cases, clerk, monkeypatch):
    monkeypatch.setattr(counting, "MOST_VALUES", 1)
    fold_tallies()
    found = certification_recap(scope_for(clerk, since=YEAR[0], until=YEAR[1], dimension="institusi"))
    assert [(row.title, row.registered) for row in found.rows] == [("BPBD Kota Ambon", 6)]
    assert found.others.registered == 1


def test_as_many_questions_for_many_cases_as_for_few(clerk):
    person = make_candidate()
    for dimension in DIMENSIONS:
        numbers = []
        for _round in range(2):
            lay_case(candidate=person, on=TODAY)
            asked = scope_for(clerk, since=YEAR[0], until=YEAR[1], dimension=dimension, compare="tahun-lalu")
            with CaptureQueriesContext(connection) as questions:
                certification_recap(asked)
            numbers.append(len(questions))
        assert numbers[0] == numbers[1] <= 14, dimension


def test_presets_are_whole_months():
    assert period_of("tahun-lalu") == (date(TODAY.year - 1, 1, 1), date(TODAY.year - 1, 12, 31))
    assert period_of("bebas", date(2026, 3, 9), date(2026, 1, 2)) == (date(2026, 1, 1), date(2026, 3, 31))
    first, last = period_of("bebas", date(1990, 1, 1), date(2026, 12, 1))
    assert (first, last) == (date(2017, 1, 1), date(2026, 12, 31))
    assert period_of("ngawur") == period_of("12-bulan")
