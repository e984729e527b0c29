"""What a page weighs over the wire: counted from what the server sends, so that it holds on every run.

Bytes in a real browser on a slow link, beside a peer, are measured by tests/benchmarks/bench_portal.py.
"""

import gzip
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate

pytestmark = pytest.mark.django_db

KB = 1024
TEXT_PAGE, FORM_PAGE, LATER_PAGE, SCRIPTS, REQUESTS = 60 * KB, 100 * KB, 15 * KB, 20 * KB, 6
COMPRESSED = {"accept-encoding": "gzip"}
_LOADED = re.compile(
    r'<(?:link[^>]+rel="(?:stylesheet|icon|manifest|preload)"|script[^>]+src=|img[^>]+src=|source|iframe)[^>]*>'
)
_ADDRESS = re.compile(r'(?:href|src)="([^"]+)"')


@pytest.fixture
def case():
    return make_application(status="draft")


def texts() -> list[str]:
    pages = ["/", "/skema/", "/skema/distribusi-bantuan/", "/alur/", "/privasi/", "/verifikasi/", "/verifikasi/luring/"]
    pages += [
        "/tentang/",
        "/layanan/",
        "/persyaratan/",
        "/faq/",
        "/pengumuman/",
        "/register/",
        "/instansi/",
        "/kontak/",
    ]
    return [*pages, *(f"/en{page}" for page in pages), f"/verifikasi/{make_certificate().code}/"]


def forms(case) -> list[str]:
    own = f"/permohonan/{case.reference}"
    unit = case.scheme_version.units.first().pk
    return [
        f"{own}/profil/data-pribadi/",
        f"{own}/bukti/",
        f"{own}/unit/{unit}/",
        f"{own}/periksa/",
        f"{own}/",
        "/akun/",
    ]


def visit(client: Client, address: str) -> tuple[int, dict[str, int]]:
    """Bytes of the page itself, and {address: bytes} of what it has the browser load, everything compressed."""
    response = client.get(address, headers=COMPRESSED)
    assert response.status_code == 200, address
    assert response["Content-Encoding"] == "gzip", address
    page = gzip.decompress(response.content).decode()
    loaded = {}
    for tag in _LOADED.findall(page):
        for name in _ADDRESS.findall(tag):
            assert name.startswith("/"), f"{address} asks somebody else for {name}"
            path = finders.find(name.removeprefix(settings.STATIC_URL))
            assert path, f"{address}: {name} is not there"
            with open(path, "rb") as file:
                loaded[name] = len(gzip.compress(file.read(), 9))
    return len(response.content), loaded


def faults(client: Client, addresses: list[str], limit: int) -> list[str]:
    found = []
    for address in addresses:
        own, loaded = visit(client, address)
        scripts = sum(size for name, size in loaded.items() if name.endswith(".js"))
        figures = (
            ("first visit", own + sum(loaded.values()), limit),
            ("later visit", own, LATER_PAGE),
            ("scripts", scripts, SCRIPTS),
            ("requests", 1 + len(loaded), REQUESTS),
        )
        found += [f"{address}: {what} {size} > {most}" for what, size, most in figures if size > most]
    return found


def test_pages_to_read_keep_to_their_weight(client):
    assert faults(client, texts(), TEXT_PAGE) == []


def test_pages_to_fill_in_keep_to_theirs(client, case):
    assert faults(client, ["/daftar/", "/masuk/", "/lupa-sandi/"], FORM_PAGE) == []
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    assert faults(client, forms(case), FORM_PAGE) == []


def test_words_go_out_compressed_and_say_so(client):
    for address in ("/", "/static/public_site/css/portal.css", "/static/public_site/js/portal.js", "/sitemap.xml"):
        response = client.get(address, headers=COMPRESSED)
        assert response["Content-Encoding"] == "gzip", address
        assert "Accept-Encoding" in response["Vary"], address
        assert "Content-Encoding" not in client.get(address), address


def test_papers_are_left_alone_so_that_a_part_of_them_can_be_asked_for(client):
    response = client.get("/static/public_site/img/sharing-id.png", headers=COMPRESSED)
    assert "Content-Encoding" not in response
    assert int(response["Content-Length"]) == len(b"".join(response.streaming_content))
