"""The people of `make load` and `make chaos` know the product: they come through, and hear when it says no."""

import re

import pytest
import requests
from django.conf import settings

from core.applications.models import Application
from core.jobs.models import Job
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_nik, make_user
from tests.load.papers import photograph, scan
from tests.load.walking import Candidate, Clerk, Refused, kind_of

pytestmark = pytest.mark.django_db(transaction=True)

SCHEME, PASSWORD = "distribusi-bantuan", "ambon-manise-2026"


@pytest.fixture
def browser(live_server):
    """A new one, with its own cookies, each time."""
    opened = []

    def open_one():
        line = requests.Session()
        opened.append(line)
        return lambda method, address, *, name, headers=None, **more: line.request(
            method, requests.compat.urljoin(live_server.url, address),
            headers={key: requests.compat.urljoin(live_server.url, value) if key == "Referer" else value
                     for key, value in (headers or {}).items()}, **more)  # fmt: skip

    yield open_one
    for line in opened:
        line.close()


@pytest.fixture
def clerk(browser):
    make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
    person = Clerk(browser())
    person.log_in("petugas@contoh.id", PASSWORD)
    return person


def test_a_candidate_comes_from_the_landing_page_to_a_number_and_a_clerk_accepts(browser, clerk):
    noted = []
    files = iter([("ijazah.pdf", scan(1)), ("tugas.pdf", scan(2)), ("ktp.jpg", photograph(3)), ("foto.jpg", photograph(4))])  # fmt: skip
    candidate = Candidate(
        browser(), name="Nur Pattiasina", nik=make_nik(), files=lambda field: next(files),
        note=lambda *words: noted.append(words),
    )  # fmt: skip
    candidate.register("nur@contoh.id", SCHEME)
    letter = OutboxMessage.objects.get(address="nur@contoh.id")
    candidate.confirm(re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1], PASSWORD)
    number = candidate.fill_in(reference := candidate.begin(SCHEME))

    case = Application.objects.get(number=number)
    assert case.status == "submitted"
    assert sum(kind == "file" for kind, *_rest in noted) == 4
    assert sum(kind == "piece" for kind, *_rest in noted) > 8
    assert noted[-1] == ("submitted", reference, number)

    page = clerk.take_next()
    assert list(clerk.look(page))
    clerk.judge(page)
    clerk.accept(case.pk)
    case.refresh_from_db()
    assert case.status == "accepted"
    assert clerk.take_next() is None


def test_a_long_export_becomes_a_job(clerk, monkeypatch):
    monkeypatch.setattr("backoffice.exports.DIRECT", -1)
    assert Job.objects.get(pk=clerk.ask_for_export()).kind == "ekspor"


def test_who_is_refused_says_why(browser):
    candidate = Candidate(browser(), name="", nik="", files=lambda field: ("", b""))
    with pytest.raises(Refused, match="nama lengkap"):
        candidate.register("nur@contoh.id", SCHEME)


def test_addresses_of_different_people_are_one_line_of_the_table():
    assert kind_of("/permohonan/abc123/profil/alamat/") == kind_of("/permohonan/xyz/profil/alamat/?a=1")
    assert kind_of("/admin/core/application/7/change/") == "/admin/core/application/…/change/"
    assert settings.DOCUMENT_MAX_BYTES > len(scan(1)) > 200_000 > 1_000
    assert 200_000 < len(photograph(3)) < 900_000
