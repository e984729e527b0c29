"""The list of applications: order, tabs, search, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.accounts.models import CandidateProfile
from core.accounts.nik import nik_hash
from core.applications.models import Application
from core.applications.services import submit_application
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

LIST = "/admin/core/application/"


def numbers(response) -> list[str]:
    return [case.number for case in response.context["cl"].result_list]


def test_first_tab_shows_what_nobody_has_taken_oldest_first_and_counts_the_same(desk, clerk):
    make_application(status="under_review", officer=clerk)
    new, old = make_application(), make_application()
    Application.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    make_application(status="returned")
    make_application(status="ready")
    response = desk.get(LIST)
    assert numbers(response) == [old.number, new.number]
    assert {tab["key"]: tab["count"] for tab in response.context["queue_tabs"]}["menunggu"] == 2
    page = response.content.decode()
    assert 'data-tone="red">8 hari' in page
    assert "hari ini" in page


@pytest.mark.parametrize(
    ("tab", "status"), [("diperiksa", "under_review"), ("perbaikan", "returned"), ("diterima", "accepted")]
)
def test_tabs_show_their_status(desk, tab, status):
    case = make_application(status=status)
    make_application()
    assert numbers(desk.get(f"{LIST}?antrean={tab}")) == [case.number]


def test_my_tab_shows_only_what_i_took(desk, clerk):
    mine = make_application(status="under_review", officer=clerk)
    make_application(status="under_review")
    assert numbers(desk.get(f"{LIST}?antrean=saya")) == [mine.number]


def test_search_looks_through_all_tabs(desk):
    case = make_application(status="accepted", full_name="Yohana Tambunan")
    make_application()
    for words in (case.number, case.number[:-1], "yohana", "tam yoh", "081234567890", case.candidate.user.email):
        assert case.number in numbers(desk.post(LIST, {"cari": words}, follow=True)), words
    assert numbers(desk.post(LIST, {"cari": "yohana siregar"}, follow=True)) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("petugas=saya", ["mine"]),
        ("petugas=belum", ["new"]),
        ("status=submitted", ["new"]),
        ("skema=kerja-relawan", []),
        ("provinsi=81", ["new", "mine"]),
        ("provinsi=31", []),
        ("kabupaten=8171", ["new", "mine"]),
        ("kabupaten=8101", []),
        ("institusi=bpbd", ["mine"]),
        ("umur=7", ["mine"]),
        ("umur=3", ["mine"]),
        ("kiriman=pertama", ["new", "mine"]),
        ("kiriman=ulang", []),
        ("lengkap=ya", ["new", "mine"]),
        ("lengkap=belum", []),
        ("skema=kerja-relawan&status=bukan-status", []),
    ],
)
def test_filters(desk, clerk, query, found):
    cases = {"mine": make_application(status="under_review", officer=clerk), "new": make_application()}
    Application.objects.filter(pk=cases["mine"].pk).update(submitted_at=timezone.now() - timedelta(days=8))
    CandidateProfile.objects.filter(pk=cases["mine"].candidate_id).update(institution="BPBD Provinsi Maluku")
    assert set(numbers(desk.get(f"{LIST}?antrean=semua&{query}"))) == {cases[name].number for name in found}


@pytest.mark.parametrize("some", [0, 10])
def test_cases_of_many_people_are_found_as_those_of_few(desk, monkeypatch, some):
    """Above limits cases are gathered, or asked for their person, instead of naming the people one by one."""
    case = make_application()
    make_application()
    CandidateProfile.objects.filter(pk=case.candidate_id).update(institution="BPBD Provinsi Maluku")
    monkeypatch.setattr("core.applications.queries.FEW_PEOPLE", 0)
    monkeypatch.setattr("core.applications.queries.SOME_PEOPLE", some)
    assert numbers(desk.get(f"{LIST}?antrean=semua&institusi=BPBD")) == [case.number]


def test_sent_again_is_a_filter_of_its_own(desk, clerk):
    case = make_application(status="returned", officer=clerk)
    submit_application(application=case, by=case.candidate.user)
    make_application()
    assert numbers(desk.get(f"{LIST}?antrean=semua&kiriman=ulang")) == [case.number]


# --- a NIK is looked up without standing in an address --------------------------------------------------


@pytest.mark.parametrize("typed", ["{nik}", " {nik} ", "{spaced}", "{dotted}"])
def test_a_nik_is_posted_and_leads_to_an_address_without_it(desk, typed):
    case = make_application()
    make_application()
    nik = case.candidate.nik
    words = typed.format(nik=nik, spaced=f"{nik[:6]} {nik[6:]}", dotted=f"{nik[:6]}.{nik[6:]}")

    answer = desk.post(f"{LIST}?antrean=saya", {"cari": words})

    assert answer.status_code == 302
    assert nik not in answer.url
    assert nik_hash(nik) not in answer.url
    page = desk.get(answer.url)
    assert numbers(page) == [case.number]
    assert nik not in page.content.decode()


def test_the_search_form_posts(desk):
    assert '<form id="changelist-search" role="search" method="post"' in desk.get(LIST).content.decode()


def test_a_nik_in_an_address_is_led_out_of_it(desk):
    case = make_application()
    answer = desk.get(LIST, {"q": case.candidate.nik})
    assert answer.status_code == 302
    assert case.candidate.nik not in answer.url
    assert numbers(desk.get(answer.url)) == [case.number]


def test_a_made_up_token_finds_nobody(desk):
    make_application()
    answer = desk.get(LIST, {"nik": "abc:def"})
    assert answer.status_code == 302
    assert answer.url.endswith("?e=1")


def test_bnsp_finds_nobody_by_what_identifies_a_person(as_role):
    case = make_application(full_name="Yohana Tambunan")
    bnsp = as_role("bnsp")
    for words in (case.candidate.nik, case.candidate.user.email, "081234567890"):
        assert numbers(bnsp.post(LIST, {"cari": words}, follow=True)) == [], words
    assert numbers(bnsp.post(LIST, {"cari": "yohana"}, follow=True)) == [case.number]


def test_more_people_than_can_be_shown_are_told(desk, monkeypatch):
    monkeypatch.setattr("backoffice.base.MAX_PEOPLE", 1)
    make_application(full_name="Siti Aminah")
    newest = make_application(full_name="Siti Rahma")
    page = desk.post(LIST, {"cari": "siti"}, follow=True)
    assert numbers(page) == [newest.number]
    assert "Lebih dari 1 orang cocok dengan “siti”" in page.content.decode()


# --- rows that unfold ---------------------------------------------------------------------------------------


def test_a_row_unfolds_to_its_evidence_and_last_acts(desk, clerk):
    case = make_application(status="returned", officer=clerk)
    address = reverse("admin:core_application_evidence", args=[case.pk])
    assert address in desk.get(f"{LIST}?antrean=semua").content.decode()

    part = desk.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part
    for words in ("Memenuhi syarat", "berkas", "mengembalikan permohonan untuk diperbaiki", "Ratna Puspita"):
        assert words in part, words
    assert "<html" in desk.get(address).content.decode()  # without JavaScript: a page


def test_closed_rows_cost_no_look_at_their_evidence(desk):
    make_application()
    with CaptureQueriesContext(connection) as queries:
        desk.get(LIST)
    tables = " ".join(query["sql"] for query in queries)
    assert "core_requirementevidence" not in tables
    assert "core_submission" not in tables


def test_next_leads_to_the_longest_waiting_case(desk):
    _new, old = make_application(), make_application()
    Application.objects.filter(pk=old.pk).update(submitted_at=timezone.now() - timedelta(days=2))
    answer = desk.get(reverse("admin:core_application_open_next"))
    assert answer.url == reverse("admin:core_application_change", args=[old.pk])


def test_next_says_when_nothing_waits(desk):
    answer = desk.get(reverse("admin:core_application_open_next"), follow=True)
    assert "Tidak ada permohonan yang menunggu Anda." in answer.content.decode()


def test_taking_is_offered_where_the_table_allows_it(desk, as_role):
    make_application()
    assert "/tindakan/take/" in desk.get(LIST).content.decode()
    assert "/tindakan/take/" not in as_role("bnsp").get(LIST).content.decode()


def test_days_are_included_on_both_ends(desk):
    case = make_application()
    today = timezone.localdate()
    for first, last, found in ((today, today, True), (today + timedelta(days=1), today + timedelta(days=2), False)):
        query = {"antrean": "semua", "submitted_at_from": f"{first:%d-%m-%Y}", "submitted_at_to": f"{last:%d-%m-%Y}"}
        assert numbers(desk.get(LIST, query)) == ([case.number] if found else [])


def test_drafts_are_shown_to_nobody(as_role):
    make_application(status="ready")
    for role in ("sekretariat", "administrator", "bnsp"):
        assert numbers(as_role(role).get(f"{LIST}?antrean=semua")) == []


def test_assessor_reads_why_the_list_is_empty(as_role):
    make_application()
    response = as_role("asesor").get(LIST)
    assert numbers(response) == []
    assert "Belum ada permohonan yang ditugaskan" in response.content.decode()


def test_queries_do_not_grow_with_the_rows(desk):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        return len(queries)

    for _i in range(3):
        make_application()
    few = count()
    for _i in range(9):
        make_application()
    assert count() == few <= 25


def test_nothing_is_added_changed_or_deleted_by_form(desk):
    case = make_application()
    assert desk.get(reverse("admin:core_application_add")).status_code == 403
    assert desk.post(reverse("admin:core_application_delete", args=[case.pk]), {"post": "yes"}).status_code == 403
    assert (
        desk.post(reverse("admin:core_application_change", args=[case.pk]), {"status": "accepted"}).status_code == 405
    )
