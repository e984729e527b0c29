"""Sidebar, home page and log-in of each role."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import reverse

from backoffice.navigation import sidebar
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db

EVERYBODY_AT_THE_DESK = {
    "application",
    "document",
    "assessorprofile",
    "scheme",
    "competencyunit",
    "competencystandard",
    "documenttype",
    "expecteddocument",
    "assessmentpurpose",
    "codelist",
    "region",
    "venue",
    "assessmentsession",
    "formdefinition",
    "plenary",
    "appeal",
    "certificate",
    "surveillance",
    "destructionbatch",
    "activityentry",
    "integrityrun",
    "deletedrecord",
}
OVERSEERS = EVERYBODY_AT_THE_DESK | {"ticket", "job", "handover", "pastcertificate"}
OFFICE = OVERSEERS | {
    "candidateprofile",
    "user",
    "outboxmessage",
    "messagetemplate",
    "answertemplate",
    "officedata",
    "page",
    "menuitem",
    "question",
    "announcement",
    "holiday",
    "download",
    "numberingrule",
    "consenttext",
    "consent",
    "importrun",
    "legalhold",
    "privacyrequest",
    "institution",
    "invitationbatch",
    "handoverlayout",
}


@pytest.mark.parametrize(
    ("role", "models"),
    [
        ("sekretariat", OFFICE),
        ("administrator", OFFICE | {"systempolicy", "scheduledjob"}),
        ("bnsp", OVERSEERS),
        ("asesor", {"application", "document", "scheme", "competencyunit", "venue", "assessmentsession", "job"}),
    ],
)
def test_sidebar_shows_what_the_role_may_open_and_all_of_it_opens(sign_in, role, models):
    user = make_user(role=role)
    request = RequestFactory().get("/admin/")
    request.user = user
    links = [item["link"] for group in sidebar(request) for item in group["items"]]
    lists = [link for link in links if link.startswith("/admin/core/")]
    assert {link.split("/")[3] for link in lists} == models
    own = ("index", "setup", "document_recap", "certification_recap", "system_health", "backups")
    assert set(links) - set(lists) <= {reverse(f"admin:{name}") for name in own}
    client = sign_in(user)
    for link in links:
        assert client.get(link, follow=True).status_code == 200, link


def test_badge_counts_what_nobody_took(clerk):
    make_application()
    make_application(status="under_review")
    request = RequestFactory().get("/admin/")
    request.user = clerk
    assert sidebar(request)[1]["items"][0]["badge"] == "1"


def test_home_of_the_secretariat_counts_and_lists(desk, clerk):
    waiting = make_application(full_name="Yohana Tambunan")
    make_application(status="under_review", officer=clerk)
    make_application(status="returned")
    make_application(status="accepted")
    response = desk.get("/admin/")
    assert [card["figure"] for card in response.context["cards"]] == [1, 1, 1, 1]
    for card in response.context["cards"]:
        assert len(desk.get(card["link"]).context["cl"].result_list) == 1, card["link"]
    assert waiting.number in response.content.decode()


def test_home_of_bnsp_offers_no_work(as_role):
    make_application()
    response = as_role("bnsp").get("/admin/")
    assert "Sedang saya periksa" not in response.content.decode()
    assert "tanpa dapat mengubah" in response.content.decode()


def test_home_of_an_assessor_says_why_it_is_empty(as_role):
    assert "Belum ada permohonan yang ditugaskan" in as_role("asesor").get("/admin/").content.decode()


def test_candidates_do_not_get_in(as_role):
    assert as_role("asesi").get("/admin/").url.startswith("/admin/login/")


def test_log_in_leads_to_the_home_page_or_back_to_the_page_asked_for(client):
    make_user(role="bnsp", email="bnsp@contoh.id", password="sandi-uji-bnsp")
    for asked, reached in (("/admin/login/", "/admin/"), ("/admin/core/scheme/", "/admin/core/scheme/")):
        form = client.get(asked, follow=True).context["app_path"]
        response = client.post(form, {"username": "bnsp@contoh.id", "password": "sandi-uji-bnsp"})
        assert response.url == reached
        client.logout()


def test_log_in_page_names_demo_accounts_only_in_the_demo(client, settings):
    assert "sekretariat@contoh.id" not in client.get("/admin/login/", follow=True).content.decode()
    settings.DEMO = True
    page = client.get("/admin/login/", follow=True).content.decode()
    shown = re.findall(r'data-demo-account="([^"]+)"', page)
    assert shown == [*(f"{name}@contoh.id" for name in ("sekretariat", "sekretariat2", "admin", "bnsp", "asesor"))]


@pytest.mark.parametrize(
    "word", ["Filters", "Search apps", "Previous<", "Welcome back", "Log in", "Select record", "Return to site"]
)
def test_unfolds_own_words_are_indonesian(desk, client, word):
    make_application()
    pages = [desk.get(url) for url in ("/admin/", "/admin/core/application/", "/admin/core/scheme/")]
    for page in [*pages, client.get("/admin/login/", follow=True)]:
        assert word not in page.content.decode()


def test_pages_carry_a_policy(desk, client):
    for page in (desk.get("/admin/"), client.get("/admin/login/", follow=True)):
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize(("role", "adds"), [("sekretariat", True), ("bnsp", False)])
def test_the_head_of_a_list_leads_to_adding_where_the_role_may(as_role, role, adds):
    screen = as_role(role).get(reverse("admin:core_venue_changelist")).content.decode()
    assert (f'href="{reverse("admin:core_venue_add")}"' in screen) is adds


def test_every_block_of_the_stylesheet_is_closed():
    """One that stays open takes everything after it away from wide screens."""
    text = re.sub(
        r"/\*.*?\*/", "", Path(finders.find("backoffice/backoffice.css")).read_text(encoding="utf-8"), flags=re.S
    )
    depth = 0
    for line in text.splitlines():
        assert depth == 0 or line.startswith((" ", "}")) or not line, line
        depth += line.count("{") - line.count("}")
    assert depth == 0
