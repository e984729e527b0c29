"""The list of applications: order, tabs, search, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.applications.models import Application
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
    for words in (case.number, "yohana", case.candidate.nik, f"{case.candidate.nik[:6]} {case.candidate.nik[6:]}"):
        assert numbers(desk.get(LIST, {"q": words})) == [case.number], words


def test_bnsp_finds_nobody_by_nik(as_role):
    case = make_application()
    assert numbers(as_role("bnsp").get(LIST, {"q": case.candidate.nik})) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("petugas=saya", ["mine"]),
        ("petugas=belum", ["new"]),
        ("status=submitted", ["new"]),
        ("skema=kerja-relawan", []),
        ("provinsi=81", ["new", "mine"]),
        ("provinsi=31", []),
    ],
)
def test_filters(desk, clerk, query, found):
    cases = {"mine": make_application(status="under_review", officer=clerk), "new": make_application()}
    assert numbers(desk.get(f"{LIST}?antrean=semua&{query}")) == [cases[name].number for name in found]


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
