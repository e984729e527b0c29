"""The first thing that the desk says: what to do next, and by when. In every state of a case, as its owner sees it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from tests.factories.accounts import make_candidate
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate
from tests.factories.corridor import make_case
from tests.factories.forms import FEEDBACK, make_paper

pytestmark = pytest.mark.django_db


def desk_of(client, person):
    client.force_login(person)
    return client.get("/akun/")


def told(page) -> list[tuple[str, str]]:
    return [(task.title, task.status) for section in page.context["to_do"] for task in section["tasks"]]


#: Status → what the owner has to do, and the step that is under way.
DESK = {
    "draft": (["Lanjutkan mengisi"], 1),
    "submitted": ([], 2),
    "under_review": ([], 2),
    "returned": (["Perbaiki permohonan"], 1),
    "accepted": ([], 3),
    "rejected": ([], None),
    "preassessed": ([], 4),
    "not_continued": ([], None),
    "scheduled": (["Ikuti uji kompetensi"], 5),
    "assessed": ([], 6),
    "competent": ([], 7),
    "not_yet_competent": (["Bila berkeberatan, ajukan banding"], None),
    "appealed": ([], 6),
    "certified": ([], 7),
    "withdrawn": ([], None),
}


@pytest.mark.parametrize("status", ApplicationStatus.values)
def test_every_state_says_what_to_do_and_where_it_is(client, status):
    case = make_application(status=status)
    if status == "scheduled":
        case.placements.update(in_force=True)
        session = case.placements.get().session
        session.status, session.starts_at = "diumumkan", timezone.now() + timedelta(days=3)
        session.ends_at = session.starts_at + timedelta(hours=8)
        session.save()
    page = desk_of(client, case.candidate.user)
    titles, step = DESK[status]
    found = [title for title, _status in told(page) if "FR." not in title]
    assert len(found) == len(titles)
    assert all(title.startswith(start) for title, start in zip(found, titles, strict=True))
    (shown,) = page.context["applications"]
    assert (shown["step"] or {}).get("number") == step
    text = page.content.decode()
    assert ("Tidak ada. Kami menulis ke e-mail Anda" in text) is not told(page)
    assert (f"Langkah {step} dari 7" in text) is (step is not None and status != "certified")


def test_the_nearest_day_comes_first_and_is_told_in_days(client):
    scheduled = make_case("scheduled").application
    person = scheduled.candidate.user
    session = scheduled.placements.get().session
    session.status, session.starts_at = "diumumkan", timezone.now() + timedelta(days=2)
    session.ends_at = session.starts_at + timedelta(hours=8)
    session.save()
    certificate = lay_certificate(days_left=30, holder=person)
    draft = make_application(status="draft")
    Application.objects.filter(pk=draft.pk).update(candidate=scheduled.candidate)

    page = desk_of(client, person)

    found = [entry for entry in told(page) if "FR." not in entry[0]]
    assert [title.split()[0] for title, _status in found] == ["Ikuti", "Perpanjang", "Lanjutkan"]
    assert found[0][1] == "2 hari lagi"
    assert certificate.scheme.title in found[1][0]


def test_a_paper_that_waits_is_named_and_leads_there(client):
    paper = make_paper(*FEEDBACK, status="assessed", filled_by="asesi", stage="sesudah", kind="fr-ak-03")
    page = desk_of(client, paper.application.candidate.user)
    assert (f"Isi dan tanda tangani {paper.definition.title}", "Menunggu Anda") in told(page)
    assert reverse("public_site:paper", args=[paper.application.reference, paper.pk]) in page.content.decode()


def test_the_desk_leads_to_papers_messages_security_and_ones_data(client):
    case = make_application(status="submitted")
    text = desk_of(client, case.candidate.user).content.decode()
    for address in (
        f"/permohonan/{case.number}/berkas/", "/akun/pesan/", "/kontak/", "/akun/keamanan/", "/akun/data/",
    ):  # fmt: skip
        assert f'href="{address}' in text, address
    assert "Anda masuk dengan sandi saja. 1 perangkat sedang masuk." in text
    assert f"Permohonan {case.number} sudah kami terima" in text  # the letter


def test_somebody_without_a_case_is_told_how_to_begin(client):
    text = desk_of(client, make_candidate().user).content.decode()
    assert "Pilih skema, lalu ajukan permohonan pertama Anda." in text


def test_the_desk_costs_the_same_however_many_cases_there_are(client):
    """Every kind of thing once, then more of each."""
    statuses = ("not_yet_competent", "returned", "assessed", "scheduled")

    def make(status: str) -> Application:
        return make_application(status=status) if status == "returned" else make_case(status).application

    cases = [make(status) for status in statuses]
    owner = cases[0].candidate
    Application.objects.filter(pk__in=[case.pk for case in cases]).update(candidate=owner)
    lay_certificate(days_left=30, holder=owner.user)
    client.force_login(owner.user)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/akun/").status_code == 200
        return len(queries)

    cost()
    few = cost()
    more = [make(status) for status in statuses]
    Application.objects.filter(pk__in=[case.pk for case in more]).update(candidate=owner)
    lay_certificate(days_left=100, holder=owner.user)
    assert cost() <= few
    assert few <= 45
