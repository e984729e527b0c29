"""The sessions at the desk: list, form with its defaults, and the board on which cases are placed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.applications.models import Application
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession, AssessorQualification, Placement
from core.assessments.queries import assignment_in_force, seats_in
from core.codelists.models import Region
from core.schemes.queries import current_version
from tests.backoffice.conftest import case_url, said
from tests.core.helpers import at_once
from tests.factories.accounts import make_user
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session, make_venue

pytestmark = pytest.mark.django_db

LIST = "/admin/core/assessmentsession/"
BOARD = f"{LIST}papan/"


@pytest.fixture
def scheme():
    return current_version("distribusi-bantuan").scheme


@pytest.fixture
def session(scheme):
    return make_session(scheme=scheme, quota=3)


def qualified(scheme, **fields):
    assessor = make_assessor(**fields)
    AssessorQualification.objects.create(assessor=assessor, scheme=scheme)
    return assessor


@pytest.fixture
def fit(scheme):
    return qualified(scheme, full_name="Yohana Latuconsina")


def page_url(session) -> str:
    return reverse("admin:core_assessmentsession_change", args=[session.pk])


def seats_url(session) -> str:
    return reverse("admin:core_assessmentsession_seats", args=[session.pk])


def seated(session, **fields):
    case = make_case("preassessed", **fields)
    case.application.status = "scheduled"
    case.application.save()
    Placement.objects.create(session=session, application=case.application, placed_by=case.clerk)
    return case


def numbers(session) -> list[str]:
    return [seat.application.number for seat in seats_in(session)]


# --- the board ------------------------------------------------------------------------------------------


def test_ticked_cases_are_placed_with_one_press(desk, session, fit):
    first, second = (make_case("preassessed", assessor=fit).application for _number in range(2))
    other_scheme = make_case(
        "preassessed", scheme=current_version("pelayanan-pertolongan-pertama"), full_name="Skema Lain"
    )
    page = desk.get(page_url(session)).content.decode()
    assert first.number in page
    assert other_scheme.application.number not in page

    answer = desk.post(seats_url(session), {"act": "place", "case": [first.pk, second.pk]})

    assert answer.url == page_url(session)
    assert "2 asesi ditempatkan." in said(answer)
    assert numbers(session) == [first.number, second.number]
    assert "2 dari 3" in desk.get(page_url(session)).content.decode()


def test_what_speaks_against_a_case_stands_beside_it_before_it_is_placed(desk, session, scheme):
    late = qualified(scheme, full_name="A Kedaluwarsa", expires=timezone.localdate())
    case = make_case("preassessed", assessor=late).application

    page = desk.get(page_url(session)).content.decode()

    assert "A Kedaluwarsa: Sertifikat asesor berakhir" in page
    assert f'value="{case.pk}" id="case-{case.pk}" disabled' in page
    answer = desk.post(seats_url(session), {"act": "place", "case": case.pk})
    assert answer.status_code == 422
    assert not numbers(session)


def test_a_warning_keeps_the_ticks_and_asks_once_more(desk, session):
    case = make_case("preassessed").application  # nothing is recorded of its assessor

    answer = desk.post(seats_url(session), {"act": "place", "case": case.pk})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Peringatan sudah dipertimbangkan" in page
    assert f'value="{case.pk}" id="case-{case.pk}" checked' in page

    desk.post(seats_url(session), {"act": "place", "case": case.pk, "accept": "1"})
    assert numbers(session) == [case.number]


def test_a_full_session_takes_nobody(desk, session, fit):
    for _number in range(3):
        seated(session, assessor=fit)
    case = make_case("preassessed", assessor=fit).application

    answer = desk.post(seats_url(session), {"act": "place", "case": case.pk})

    assert "sudah penuh" in answer.content.decode()


def test_a_session_that_is_over_offers_no_seats_any_more(desk, session, fit):
    seated(session, assessor=fit)
    case = make_case("preassessed", assessor=fit).application
    hours = timedelta(hours=8)
    AssessmentSession.objects.update(starts_at=timezone.now() - 2 * hours, ends_at=timezone.now() - hours)

    page = desk.get(page_url(session)).content.decode()

    assert "Tempatkan yang dicentang" not in page
    assert "Keluarkan yang dicentang" in page
    answer = desk.post(seats_url(session), {"act": "place", "case": case.pk})
    assert "sudah lewat" in answer.content.decode()


def test_one_tick_takes_all_who_find_a_seat(desk, session, fit):
    make_case("preassessed", assessor=fit)
    assert 'data-tick-all data-most="3"' in desk.get(page_url(session)).content.decode()


def test_the_same_press_twice_gives_one_seat_and_says_why(desk, session, fit):
    case = make_case("preassessed", assessor=fit).application
    for _press in range(2):
        answer = desk.post(seats_url(session), {"act": "place", "case": case.pk})
    assert answer.status_code == 422
    assert numbers(session) == [case.number]


def test_taking_out_asks_why_and_moving_leads_to_a_session_of_the_same_scheme(desk, session, scheme, fit):
    case = seated(session, assessor=fit).application
    other = make_session(scheme=scheme, starts_at=timezone.now() + timedelta(days=4))
    foreign = make_session(scheme=current_version("pelayanan-pertolongan-pertama").scheme)
    page = desk.get(page_url(session)).content.decode()
    assert other.number in page
    assert foreign.number not in page

    assert "Tulis alasannya" in desk.post(seats_url(session), {"act": "unplace", "case": case.pk}).content.decode()
    assert "Pilih jadwal tujuan." in desk.post(
        seats_url(session), {"act": "move", "case": case.pk, "target": foreign.pk}
    ).content.decode()  # fmt: skip

    answer = desk.post(seats_url(session), {"act": "move", "case": case.pk, "target": other.pk})
    assert f"1 asesi dipindahkan ke {other.number}." in said(answer)
    assert numbers(other) == [case.number]

    answer = desk.post(seats_url(other), {"act": "unplace", "case": case.pk, "reason": "Berhalangan"})
    assert "1 asesi dikeluarkan." in said(answer)
    assert not numbers(other)


def test_nothing_ticked_or_an_unknown_act_changes_nothing(desk, session):
    assert "Centang sedikitnya satu" in desk.post(seats_url(session), {"act": "place"}).content.decode()
    assert "Centang sedikitnya satu" in desk.post(seats_url(session), {"act": "unplace"}).content.decode()
    assert desk.post(seats_url(session), {"act": "x"}).status_code == 302
    assert desk.get(seats_url(session)).status_code == 405


def test_the_waiting_ones_are_found_by_name_number_province_and_assessor(desk, session, scheme, fit):
    sari = make_case("preassessed", assessor=fit, full_name="Sari Wulandari").application
    budi = make_case("preassessed", assessor=qualified(scheme), full_name="Budi Hartono").application
    budi.province_id = "31"
    budi.save()

    def shown(**query):
        page = desk.get(page_url(session), query)
        return [row.case for row in page.context["waiting"]]

    assert shown() == [sari, budi]
    assert shown(q="sari") == [sari]
    assert shown(q=budi.number[-4:]) == [budi]
    assert shown(provinsi="31") == [budi]
    assert shown(asesor=fit.pk) == [sari]
    assert shown(q="tidak ada") == []
    assert shown(asesor="x", p="99") == [sari, budi]


def test_the_number_of_waiting_cases_leads_to_the_next_session_of_the_scheme(desk, session, scheme):
    assert "Tidak ada permohonan yang menunggu jadwal" in said(desk.get(BOARD))
    make_session(scheme=scheme, starts_at=timezone.now() + timedelta(days=9))
    make_case("preassessed")

    assert desk.get(BOARD).url == page_url(session)
    assert BOARD in desk.get(reverse("admin:index")).content.decode()
    assert "Distribusi Bantuan" in desk.get(LIST).content.decode()

    AssessmentSession.objects.update(status=SessionStatus.CANCELLED)
    assert desk.get(BOARD).url == f"{reverse('admin:core_assessmentsession_add')}?scheme={scheme.pk}"


def test_a_closed_session_is_only_read(desk, scheme, fit):
    session = make_session(scheme=scheme, status=SessionStatus.CLOSED)
    seated(session, assessor=fit, full_name="Sari Wulandari")

    page = desk.get(page_url(session)).content.decode()

    assert "Sari Wulandari" in page
    for act in ("Tempatkan yang dicentang", "Keluarkan", "Ubah jadwal", "Ganti asesor"):
        assert act not in page


# --- another assessor -----------------------------------------------------------------------------------


def test_all_cases_of_an_assessor_go_to_another_in_one_press(desk, session, scheme, fit):
    cases = [seated(session, assessor=fit).application for _number in range(2)]
    successor = qualified(scheme, full_name="Surya Nasution")
    qualified(scheme, full_name="Z Kedaluwarsa", expires=timezone.localdate() - timedelta(days=1))
    address = reverse("admin:core_assessmentsession_replace", args=[session.pk, fit.pk])
    page = desk.get(address).content.decode()
    assert page.index("Surya Nasution") < page.index("Z Kedaluwarsa")
    dialog = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    assert "Surya Nasution" in dialog
    assert address in desk.get(page_url(session)).content.decode()

    assert "Pilih satu asesor." in desk.post(address, {"reason": "Sakit"}).content.decode()
    refused = desk.post(address, {"assessor": successor.pk})
    assert refused.status_code == 422
    assert f'value="{successor.pk}" checked' in refused.content.decode()
    answer = desk.post(address, {"assessor": successor.pk, "reason": "Sakit"})

    assert "2 permohonan beralih dari Yohana Latuconsina kepada Surya Nasution." in said(answer)
    assert {assignment_in_force(case).assessor for case in cases} == {successor}


# --- the form -------------------------------------------------------------------------------------------


def form(scheme, **fields):
    start = timezone.localtime() + timedelta(days=10)
    values = {
        "scheme": scheme.pk, "mode": "luring", "venue": "", "meeting_url": "", "quota": "", "note": "",
        "starts_at_0": f"{start:%d-%m-%Y}", "starts_at_1": "08:00", "ends_at_0": f"{start:%d-%m-%Y}", "ends_at_1": "16:00",
    }  # fmt: skip
    return values | fields


def test_a_new_session_is_proposed_on_a_working_day_and_takes_its_quota_from_the_venue(desk, scheme):
    venue = make_venue(capacity=16)
    page = desk.get(reverse("admin:core_assessmentsession_add"), {"scheme": scheme.pk})
    initial = page.context["adminform"].form.initial
    assert timezone.localtime(initial["starts_at"]).weekday() < 5
    assert f"{timezone.localtime(initial['starts_at']):%H.%M}" == "08.00"
    assert str(initial["scheme"]) == str(scheme.pk)

    answer = desk.post(reverse("admin:core_assessmentsession_add"), form(scheme, venue=venue.pk))

    session = AssessmentSession.objects.get()
    assert answer.url == page_url(session)
    assert session.quota == 16
    assert session.number in said(answer)


def test_hours_are_those_of_the_clock_at_the_tuk(desk, scheme):
    """Eight o'clock in Ambon is six o'clock at the office; the form speaks of eight wherever it is opened."""
    ambon, makassar = (make_venue(region=Region.objects.get(pk=code)) for code in ("8171", "7371"))
    desk.post(reverse("admin:core_assessmentsession_add"), form(scheme, venue=ambon.pk))
    session = AssessmentSession.objects.get()
    assert f"{timezone.localtime(session.starts_at):%H.%M}" == "06.00"
    assert "08.00–16.00 WIT" in desk.get(page_url(session)).content.decode()

    address = reverse("admin:core_assessmentsession_edit", args=[session.pk])
    shown = desk.get(address).context["adminform"].form
    assert "08.00" in str(shown["starts_at"])
    assert "16.00" in str(shown["ends_at"])
    desk.post(address, form(scheme, venue=ambon.pk, quota=session.quota))
    session.refresh_from_db()
    assert session.sequence == 0, "saved as it was"

    desk.post(address, form(scheme, venue=makassar.pk, quota=session.quota))
    session.refresh_from_db()
    assert f"{timezone.localtime(session.starts_at):%H.%M}" == "07.00"
    assert "08.00–16.00 WITA" in desk.get(page_url(session)).content.decode()


def test_two_who_change_the_hours_at_once_compare_them_by_the_clock_there(desk, scheme):
    ambon = make_venue(region=Region.objects.get(pk="8171"))
    desk.post(reverse("admin:core_assessmentsession_add"), form(scheme, venue=ambon.pk))
    address = reverse("admin:core_assessmentsession_edit", args=[AssessmentSession.objects.get().pk])
    values = form(scheme, venue=ambon.pk, quota=9) | {"_drawn": desk.get(address).context_data["drawn"]}
    desk.post(address, values | {"starts_at_1": "09:00"})

    conflict = desk.post(address, values | {"starts_at_1": "10:00"}).context["conflict"]
    told = {one.label: (one.stored, one.typed) for one in conflict.fields}["Mulai"]
    assert (told[0].endswith("09.00"), told[1].endswith("10:00")) == (True, True)


def test_who_corrects_where_a_tuk_lies_is_told_of_the_hours_planned_there(desk, session):
    venue, address = session.venue, reverse("admin:core_venue_change", args=[session.venue_id])
    values = {"name": venue.name, "code": venue.code, "kind": venue.kind, "capacity": 20, "is_active": "on"}

    answer = desk.post(address, values | {"region": "3201"}, follow=True)
    assert "Jam jadwal di TUK ini" not in answer.content.decode()
    answer = desk.post(address, values | {"region": "8171"}, follow=True)
    assert "Jam jadwal di TUK ini sekarang menurut WIT. Periksa 1 jadwal yang akan datang." in answer.content.decode()
    assert (
        f'<a href="{reverse("admin:core_assessmentsession_changelist")}?tuk={venue.code}">' in answer.content.decode()
    )


def test_without_a_venue_only_the_venue_is_asked_for(desk, scheme):
    """How many it holds cannot be missing before it is chosen; elsewhere there is no venue to hold anybody."""
    answer = desk.post(reverse("admin:core_assessmentsession_add"), form(scheme))
    assert set(answer.context["adminform"].form.errors) == {"venue"}

    answer = desk.post(
        reverse("admin:core_assessmentsession_add"),
        form(scheme, mode="jarak-jauh", meeting_url="https://rapat.example/1"),
    )
    assert "uji jarak jauh" in str(answer.context["adminform"].form.errors["quota"])


def test_a_choice_that_is_no_key_is_refused_beside_its_field(desk):
    for key in ("false", "9" * 30):
        answer = desk.post(reverse("admin:core_assessmentsession_add"), {"scheme": key})
        assert answer.status_code == 200
        assert "scheme" in answer.context["adminform"].form.errors


def test_a_refused_venue_is_not_called_missing_as_well(desk, session, scheme):
    hours = form(scheme) | {"quota": session.venue.capacity, "venue": session.venue_id}
    desk.post(reverse("admin:core_assessmentsession_add"), hours)

    answer = desk.post(reverse("admin:core_assessmentsession_add"), hours)

    assert len(answer.context["adminform"].form.errors["venue"]) == 1
    assert "dipakai juga oleh" in answer.context["adminform"].form.errors["venue"][0]


def test_what_the_service_refuses_stands_beside_its_field(desk, session, scheme, fit):
    for _number in range(2):
        seated(session, assessor=fit)
    address = reverse("admin:core_assessmentsession_edit", args=[session.pk])

    answer = desk.post(address, form(scheme, venue=session.venue_id, quota=1))
    assert "kuotanya tidak dapat lebih kecil" in str(answer.context["adminform"].form.errors["quota"])

    small = make_venue(capacity=2)
    answer = desk.post(address, form(scheme, venue=small.pk, quota=3))
    assert "Daya tampung" in str(answer.context["adminform"].form.errors["quota"])

    answer = desk.post(address, form(scheme, venue=small.pk, quota=2))
    assert answer.url == page_url(session)
    session.refresh_from_db()
    assert (session.venue, session.quota, session.sequence) == (small, 2, 1)


def test_a_quota_that_nobody_knows_is_asked_for(desk, scheme):
    answer = desk.post(
        reverse("admin:core_assessmentsession_add"), form(scheme, mode="jarak-jauh", meeting_url="rapat.contoh.id/a")
    )

    assert "Isi kuotanya" in str(answer.context["adminform"].form.errors["quota"])


def test_qualifications_are_recorded_with_the_assessor(desk, fit):
    page = desk.get(reverse("admin:core_assessorprofile_change", args=[fit.pk])).content.decode()

    assert "kualifikasi asesor" in page.lower()
    assert "qualifications-0-scheme" in page


# --- who reads what -------------------------------------------------------------------------------------


def test_assessors_read_the_sessions_of_their_cases_and_only_these_candidates(sign_in, session, scheme, fit):
    seated(session, assessor=fit, full_name="Sari Wulandari")
    seated(session, assessor=qualified(scheme), full_name="Orang Lain")
    other = make_session(scheme=scheme)
    client = sign_in(fit.user)

    listed, page = client.get(LIST).content.decode(), client.get(page_url(session)).content.decode()

    assert session.number in listed
    assert other.number not in listed
    assert "Sari Wulandari" in page
    assert "Orang Lain" not in page
    assert "Tempatkan yang dicentang" not in page
    assert client.get(page_url(other)).status_code == 404
    assert client.post(seats_url(session), {"act": "place"}).status_code == 403


def test_bnsp_does_not_read_the_address_of_a_meeting(as_role, scheme):
    session = make_session(scheme=scheme, mode="jarak-jauh", meeting_url="https://rapat.contoh.id/rahasia")

    assert "rapat.contoh.id" in as_role("administrator").get(page_url(session)).content.decode()
    assert "rapat.contoh.id" not in as_role("bnsp").get(page_url(session)).content.decode()


def test_the_case_tells_its_schedule(desk, session, fit):
    placed = seated(session, assessor=fit).application
    waiting = make_case("preassessed", assessor=fit).application

    assert session.number in desk.get(case_url(placed)).content.decode()
    assert session.venue.name in desk.get(case_url(placed)).content.decode()
    assert f"{BOARD}?skema=distribusi-bantuan" in desk.get(case_url(waiting)).content.decode()


# --- the list -------------------------------------------------------------------------------------------


def test_the_list_shows_seats_assessors_and_conflicts_and_narrows(desk, session, scheme, fit):
    seated(session, assessor=fit)
    fit.certificate_expires_on = timezone.localdate()
    fit.save()
    other = make_session(
        scheme=current_version("pelayanan-pertolongan-pertama").scheme,
        mode="jarak-jauh",
        starts_at=timezone.now() + timedelta(days=40),
        status=SessionStatus.ANNOUNCED,
    )

    page = desk.get(LIST).content.decode()
    assert "1/3" in page
    assert "Yohana Latuconsina" in page
    assert "1 konflik" in page

    def shown(query):
        return {row.pk for row in desk.get(f"{LIST}?{query}").context["cl"].result_list}

    month = timezone.localtime(other.starts_at)
    for query, found in {
        "skema=distribusi-bantuan": {session.pk},
        f"tuk={session.venue.code}": {session.pk},
        f"bulan={month:%Y-%m}": {other.pk},
        "mode__exact=jarak-jauh": {other.pk},
        "status__exact=diumumkan": {other.pk},
        f"q={other.number}": {other.pk},
        "bulan=9999-99": {session.pk, other.pk},
    }.items():
        assert shown(query) == found, query


def cost(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


#: What the house allows a page: a list, and a screen to work on.
LIST_COST, FORM_COST = 25, 30


@pytest.mark.parametrize("status", [SessionStatus.PLANNED, SessionStatus.ANNOUNCED])
def test_board_and_list_cost_the_same_for_few_and_many_cases(desk, scheme, status):
    session = make_session(scheme=scheme, quota=50, status=status)
    make_session(scheme=scheme, status=status)
    fits = [qualified(scheme) for _number in range(3)]

    def more(count):
        for number in range(count):
            seated(session, assessor=fits[number % 3])
            make_case("preassessed", assessor=fits[number % 3])

    more(3)
    few = {
        address: (cost(desk, address), most) for address, most in ((page_url(session), FORM_COST), (LIST, LIST_COST))
    }
    more(7)
    for address, (before, most) in few.items():
        assert cost(desk, address) <= before <= most, address


def test_the_list_costs_the_same_for_few_and_many_sessions_and_turns_pages_without_counting(desk, scheme, fit):
    for _number in range(2):
        seated(make_session(scheme=scheme), assessor=fit)
    few = cost(desk, LIST)
    for day in range(8):
        make_session(scheme=scheme, venue=make_venue(), starts_at=timezone.now() + timedelta(days=day + 3))

    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    assert len(queries) <= few <= LIST_COST
    assert not [
        query for query in queries if "COUNT(*)" in query["sql"] and 'FROM "core_assessmentsession"' in query["sql"]
    ]


def test_the_dialog_of_successors_costs_the_same_for_few_and_many_assessors(desk, session, scheme, fit):
    seated(session, assessor=fit)
    qualified(scheme)
    address = reverse("admin:core_assessmentsession_replace", args=[session.pk, fit.pk])
    few = cost(desk, address)
    for _number in range(4):
        qualified(scheme)
    assert cost(desk, address) <= few


def test_the_dialog_of_assessors_costs_the_same_for_few_and_many(desk, session, scheme, fit):
    case = seated(session, assessor=fit).application
    make_user(role="asesor")
    address = reverse("admin:core_application_assign", args=[case.pk])
    few = cost(desk, address)
    for _number in range(4):
        make_assessor()
    assert cost(desk, address) <= few


@pytest.mark.django_db(transaction=True)
def test_a_rush_fills_a_session_to_its_last_seat_and_no_further():
    scheme = current_version("distribusi-bantuan").scheme
    session, assessor = make_session(scheme=scheme, quota=4), qualified(scheme)
    cases = [make_case("preassessed", assessor=assessor).application for _number in range(9)]
    desks = []
    for _case in cases:
        desks.append(Client())
        desks[-1].force_login(make_user(role="sekretariat"), backend="django.contrib.auth.backends.ModelBackend")

    def press(desk, case):
        return lambda: desk.post(seats_url(session), {"act": "place", "case": case.pk, "accept": "1"})

    answers = at_once(*[press(desk, case) for desk, case in zip(desks, cases, strict=True)])

    assert sorted(answer.status_code for answer in answers) == [302] * 4 + [422] * 5
    assert all("sudah penuh (4 kursi)" in answer.content.decode() for answer in answers if answer.status_code == 422)
    assert Placement.objects.filter(session=session, in_force=True).count() == 4
    assert Application.objects.filter(status="scheduled").count() == 4
