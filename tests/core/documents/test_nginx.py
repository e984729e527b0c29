"""Behind a real nginx with exactly the example of the manual: it sends the bytes, and only when Django said so."""

import contextlib
import http.client
import os
import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings as django_settings

from core.activity.models import ActivityEntry
from core.documents.models import Document
from tests.core.helpers import free_port, until_it_listens
from tests.factories.accounts import make_user
from tests.factories.documents import make_document, pdf_bytes

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
EXAMPLE = Path(django_settings.BASE_DIR, "server_docs", "examples", "nginx.conf")

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not NGINX and not os.environ.get("CI"), reason="nginx is not installed"),
]


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    chain, private = folder / "fullchain.pem", folder / "privkey.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, private


@pytest.fixture
def nginx(live_server, tmp_path, settings):
    """(port) of an nginx in front of the live server, from the example with its own names put in."""
    port, chain_and_key = free_port(), certificate(tmp_path)
    site = EXAMPLE.read_text(encoding="utf-8")
    for theirs, ours in {
        "server unix:/run/lsp.sock;": f"server {live_server.thread.host}:{live_server.thread.port};",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "server_name sertifikasi.contoh.id;": "server_name localhost;",
        "/etc/ssl/lsp/fullchain.pem": str(chain_and_key[0]),
        "/etc/ssl/lsp/privkey.pem": str(chain_and_key[1]),
        "/var/lib/lsp/documents/": f"{settings.DOCUMENT_ROOT}/",
    }.items():
        assert theirs in site
        site = site.replace(theirs, ours)
    (tmp_path / "site.conf").write_text(site)
    temporary = " ".join(
        f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}}\n"
        f"http {{ access_log {tmp_path}/access.log; types {{ }} default_type application/octet-stream; {temporary}\n"
        f"include {tmp_path}/site.conf; }}\n"
    )
    settings.ACCEL_PREFIX = "/berkas-privat/"
    settings.DOCUMENT_ROOT.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "error.log")])
    try:
        until_it_listens(("127.0.0.1", port), process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def get(port: int, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    trusting = ssl._create_unverified_context()
    line = http.client.HTTPSConnection("localhost", port, timeout=20, context=trusting)
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
