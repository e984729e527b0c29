"""The command palette: what is typed stays out of addresses, what is found opens."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.backoffice.conftest import case_url
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

SEARCH = "/admin/search/"


def links(response) -> list[str]:
    return re.findall(r'href="([^"]+)"', response.content.decode())


def test_records_and_menu_entries_open(desk):
    case = make_application(full_name="Yohana Tambunan")
    assert case_url(case) in links(desk.post(SEARCH, {"s": "yohana"}))
    assert "/admin/core/messagetemplate/" in links(desk.post(SEARCH, {"s": "templat pesan"}))
    for link in links(desk.post(SEARCH, {"s": "yohana"})):
        assert desk.get(link).status_code == 200, link


def test_menu_entries_follow_the_role(as_role):
    assert links(as_role("bnsp").post(SEARCH, {"s": "templat"})) == []
    assert "/admin/core/competencyunit/" in links(as_role("asesor").post(SEARCH, {"s": "unit"}))


def test_only_a_post_is_answered(desk):
    case = make_application(full_name="Yohana Tambunan")
    for words in ("yohana", case.candidate.nik):
        assert desk.get(SEARCH, {"s": words}).content == b""
    page = desk.get("/admin/").content.decode()
    assert f'hx-post="{SEARCH}"' in page
    assert f'hx-get="{SEARCH}"' not in page


def test_a_nik_finds_its_person_and_is_neither_shown_nor_kept(desk, caplog):
    case = make_application()
    response = desk.post(SEARCH, {"s": case.candidate.nik})
    assert case_url(case) in links(response)
    assert case.candidate.nik not in response.content.decode()
    assert case.candidate.nik not in caplog.text
    assert not getattr(cache, "_cache", {})
    assert "no-store" in response["Cache-Control"]


def test_strangers_find_nothing(client, as_role):
    case = make_application()
    for somebody in (client, as_role("asesi")):
        assert somebody.post(SEARCH, {"s": case.number}).status_code == 302


def test_nothing_found_says_how_to_go_on(desk):
    assert "Tidak ada yang cocok" in desk.post(SEARCH, {"s": "zzzz"}).content.decode()


def test_queries_do_not_grow_with_what_is_found(desk):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.post(SEARCH, {"s": "yohana"})
        return len(queries)

    make_application(full_name="Yohana Satu")
    few = count()
    for number in range(4):
        make_application(full_name=f"Yohana {number}")
    assert count() == few <= 25
