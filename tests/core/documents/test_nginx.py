"""Behind a real nginx with exactly the example of the manual: it sends the bytes, and only when Django said so."""

import contextlib
import http.client

import pytest

from core.activity.models import ActivityEntry
from core.documents.models import Document
from tests.deployment import servers
from tests.factories.accounts import make_user
from tests.factories.documents import make_document, pdf_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def nginx(live_server, tmp_path, settings):
    """(port) of an nginx in front of the live server, from the example with its own names put in."""
    settings.ACCEL_PREFIX = "/berkas-privat/"
    settings.DOCUMENT_ROOT.mkdir(parents=True, exist_ok=True)
    address = f"{live_server.thread.host}:{live_server.thread.port}"
    with servers.nginx(tmp_path / "nginx", address, documents=settings.DOCUMENT_ROOT) as (port, _plain):
        yield port


def get(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    line = http.client.HTTPSConnection("localhost", port, timeout=20, context=servers.trusting())
    line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with contextlib.closing(line):
        answer = line.getresponse()
        return answer, answer.read()


def test_nginx_sends_what_django_allows_whole_and_in_pieces_and_nothing_else(nginx, client):
    owner, content = make_user(role="asesi"), pdf_bytes(pages=3)
    document = make_document(owner=owner, content=content, kind="ijazah", file_name="Ijazah Sari.pdf")
    client.force_login(owner)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    address = f"/akun/berkas/{document.public_id}/"

    whole, body = get(nginx, address, Cookie=cookie)
    assert (whole.status, body) == (200, content)
    assert whole.headers["Content-Type"] == "application/pdf"
    assert whole.headers["Content-Disposition"] == 'inline; filename="Ijazah Sari.pdf"'
    assert whole.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in whole.headers["Content-Security-Policy"]
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert whole.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert {"ETag", "Last-Modified", "X-Accel-Redirect"} & set(whole.headers) == set()

    piece, part = get(nginx, address, Cookie=cookie, Range="bytes=10-29")
    assert (piece.status, part) == (206, content[10:30])
    assert piece.headers["Content-Range"] == f"bytes 10-29/{len(content)}"
    beyond, _body = get(nginx, address, Cookie=cookie, Range=f"bytes={len(content)}-")
    assert beyond.status == 416

    later, body = get(nginx, address, Cookie=cookie, If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT")
    assert (later.status, body) == (200, content)  # never "not modified"
    assert get(nginx, address)[0].status == 302  # nobody is logged in
    for guess in (f"/berkas-privat/{document.file.name}", f"/berkas-privat/../{document.file.name}"):
        assert get(nginx, guess, Cookie=cookie)[0].status == 404


def test_a_look_through_nginx_is_recorded(nginx, client):
    document, clerk = make_document(owner=make_user(role="asesi")), make_user(role="sekretariat")
    client.force_login(clerk)
    cookie = f"sessionid={client.cookies['sessionid'].value}"

    answer, body = get(nginx, f"/admin/dokumen/{document.public_id}/", Cookie=cookie)

    assert (answer.status, len(body)) == (200, document.size)
    assert ActivityEntry.objects.get(code="document.view").actor == clerk


def test_a_paper_that_waits_for_the_scanner_is_not_sent(nginx, client):
    document = make_document(owner=make_user(role="asesi"))
    Document.objects.update(state="menunggu")
    client.force_login(document.owner)

    answer, body = get(
        nginx, f"/akun/berkas/{document.public_id}/", Cookie=f"sessionid={client.cookies['sessionid'].value}"
    )

    assert answer.status == 409
    assert "menunggu pemeriksaan virus" in body.decode()
