"""A whole installation, run from exactly the files in server_docs/examples/: two application servers behind nginx, and
MariaDB with a replica."""

import http.client
import os
import re
import socket
import ssl
import threading
import time
import warnings
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import pytest

from public_site.views.verification import LIMIT
from tests.deployment import servers
from tests.deployment.conftest import Answer
from tests.deployment.test_upgrade import no_data_is_lost_and_old_code_can_write
from tests.security.observatory import directives, score

MB = 1024 * 1024
HSTS = "max-age=63072000; includeSubDomains; preload"


def status_and_headers(line: socket.socket) -> tuple[int, str]:
    """What came back on a line on which words were said by hand."""
    said = b""
    while b"\r\n\r\n" not in said and (more := line.recv(65536)):
        said += more
    return int(said.split()[1]), said.decode(errors="replace")


@contextmanager
def by_hand(port: int):
    """A TLS line to nginx on which a test says what no library would."""
    plain = socket.create_connection(("127.0.0.1", port), timeout=60)
    with servers.trusting().wrap_socket(plain, server_hostname="localhost") as line:
        yield line


# --- doors and headers ------------------------------------------------------------------------------------


def pages_come_over_tls_alone_with_the_headers_that_protect_them(world):
    page = world.ask("/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == HSTS
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Server"] == "nginx"  # and no version

    with closing(http.client.HTTPConnection("127.0.0.1", world.plain_port, timeout=20)) as plain:
        plain.request("GET", "/skema/?a=1", headers={"Host": "localhost"})
        answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/skema/?a=1")

    with socket.create_connection(("127.0.0.1", world.port), timeout=20) as line, pytest.raises(ssl.SSLError):
        servers.trusting().wrap_socket(line, server_hostname="orang-lain.contoh.id")
    old = servers.trusting()
    warnings.simplefilter("ignore", DeprecationWarning)  # on purpose
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", world.port), timeout=20) as line, pytest.raises(ssl.SSLError):
        old.wrap_socket(line, server_hostname="localhost")


PORTAL = (
    "/",
    "/skema/",
    "/kontak/",
    "/daftar/",
    "/masuk/",
    "/verifikasi/",
    "/verifikasi/luring/",
    "/en/",
    "/robots.txt",
)
DESK = (
    "/admin/",
    "/admin/core/application/",
    "/admin/core/certificate/",
    "/admin/rekap-sertifikasi/",
    "/admin/pengaturan/",
)
#: Of the portal; of the back office, whose pages evaluate expressions.
ENOUGH, ENOUGH_AT_THE_DESK = 110, 90
UNSAFE_AT_THE_DESK = {("script-src", "'unsafe-eval'"), ("style-src-attr", "'unsafe-inline'")}
#: The browser's own viewer of pictures and PDF writes styles into the page that it makes for them.
UNSAFE_IN_A_PAPER = {("style-src", "'unsafe-inline'")}


def every_kind_of_page_is_as_closed_as_the_observatory_asks_for(world):
    """By the published points, of whatever comes: pages, errors, papers, style sheets, and what nginx says by itself."""
    with closing(http.client.HTTPConnection("127.0.0.1", world.plain_port, timeout=20)) as line:
        line.request("GET", "/", headers={"Host": "localhost"})
        plain = line.getresponse()
    redirect = (plain.status, plain.headers["Location"])
    visitor, owner, clerk = "", world.known("asesi@contoh.id"), world.known("sekretariat@contoh.id")
    lists = world.ask("/admin/core/application/", Cookie=clerk).text
    case = re.search(r'href="(/admin/core/application/\d+/change/)', lists)[1]
    sheet, picture = (re.search(f'href="(/static/[^"]+[.]{kind})"', lists)[1] for kind in ("css", "svg"))
    asked = [
        *((path, visitor, 200, False) for path in PORTAL),
        ("/akun/", visitor, 302, False),
        ("/akun/", owner, 200, False),
        (world.told["paper"], owner, 200, False),
        (sheet, visitor, 200, False),
        (picture, visitor, 200, False),
        ("/tidak-ada/", visitor, 404, False),
        ("/admin/tidak-ada/", clerk, 404, False),  # nothing of Unfold's is on it
        ("/admin/core/user/add/", clerk, 403, False),
        ("/admin/login/?next=/admin/", visitor, 200, True),
        *((path, clerk, 200, True) for path in (*DESK, case)),
    ]
    told = [(path, status, is_desk, world.ask(path, Cookie=cookie)) for path, cookie, status, is_desk in asked]
    told.append(("without its token", 403, False, world.ask("/kontak/", method="POST", body=b"a=b")))
    with without_a_table(world, "core_scheme"):
        told.append(("broken", 500, False, world.ask("/skema/")))
    with by_hand(world.port) as line:
        line.sendall(f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {111 * MB}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        told.append(("too large", 413, False, Answer(answer.status, answer.headers, answer.read())))

    assert [(path, answer.status) for path, _status, _is_desk, answer in told] == [one[:2] for one in told]
    for path, _status, is_desk, answer in told:
        as_closed_as_it_can_be(path, answer, is_desk=is_desk, redirect=redirect)


def as_closed_as_it_can_be(path: str, answer: Answer, *, is_desk: bool, redirect: tuple[int, str]) -> None:
    is_page = answer.headers.get_content_type() == "text/html"
    found = score(answer.headers, answer.text if is_page else "", host="localhost", plain=redirect)
    assert found.points_without_new >= (ENOUGH_AT_THE_DESK if is_desk else ENOUGH), (path, found)

    policy = directives(answer.headers.get_all("Content-Security-Policy"))
    unsafe = {(name, word) for name, sources in policy.items() for word in sources if word.startswith("'unsafe")}
    allowed = UNSAFE_AT_THE_DESK if is_desk else set() if is_page else UNSAFE_IN_A_PAPER
    assert policy["default-src"] == {"'none'"}, path
    assert unsafe <= allowed, path

    assert answer.headers.get_all("Strict-Transport-Security") == [HSTS], path
    assert answer.headers.get_all("Cross-Origin-Opener-Policy") == ["same-origin"], path
    assert answer.headers.get_all("Cross-Origin-Resource-Policy") == ["same-origin"], path
    assert {"camera=()", "geolocation=()"} <= set(answer.headers["Permissions-Policy"].split(", ")), path


@contextmanager
def without_a_table(world, name: str):
    """What happens when something breaks that nobody thought of."""
    servers.sql(world.primary, f"RENAME TABLE {name} TO {name}_away", database="lsp")
    try:
        yield
    finally:
        servers.sql(world.primary, f"RENAME TABLE {name}_away TO {name}", database="lsp")


def style_sheets_come_compressed_and_for_long_and_python_is_asked_for_them_once(world):
    page = world.ask("/").text
    path = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]

    for wish, got in (("br", "br"), ("gzip", "gzip"), ("", None)):
        answer = world.ask(path, Accept_Encoding=wish)
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, got), wish
        assert "immutable" in answer.headers["Cache-Control"]

    for app in world.apps:
        os.kill(app.process.pid, 19)  # SIGSTOP: masters and workers stand still
        for worker in app.workers():
            os.kill(worker, 19)
    try:
        assert world.ask(path, Accept_Encoding="br").status == 200
    finally:
        for app in world.apps:
            os.kill(app.process.pid, 18)
            for worker in app.workers():
                os.kill(worker, 18)


def a_private_paper_is_sent_by_nginx_to_its_owner_and_the_look_is_recorded(world):
    owner = world.known("asesi@contoh.id")
    looks = "SELECT COUNT(*) FROM core_activityentry WHERE code = 'document.view'"
    before = int(servers.sql(world.primary, looks, database="lsp"))

    answer = world.ask(world.told["paper"], Cookie=owner)

    assert (answer.status, len(answer.body)) == (200, world.told["size"])
    assert answer.body.startswith(b"%PDF")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Strict-Transport-Security"] == HSTS
    assert int(servers.sql(world.primary, looks, database="lsp")) == before + 1
    assert world.ask(world.told["paper"]).status == 302
    assert world.ask("/berkas-privat/").status == 404


# --- uploads and slow clients -----------------------------------------------------------------------------


def a_hundred_and_ten_mb_pass_and_more_is_refused_with_a_page_before_it_is_sent(world):
    first = world.ask("/masuk/")
    cookie = first.headers["Set-Cookie"].partition(";")[0]
    head = (
        f'--batas\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{cookie.partition("=")[2]}\r\n'
        '--batas\r\nContent-Disposition: form-data; name="username"\r\n\r\nada@contoh.id\r\n'
        '--batas\r\nContent-Disposition: form-data; name="password"\r\n\r\nsalah\r\n'
        '--batas\r\nContent-Disposition: form-data; name="berkas"; filename="besar.pdf"\r\n\r\n'
    ).encode()
    tail = b"\r\n--batas--\r\n"
    words = {
        "Cookie": cookie, "Referer": "https://localhost/masuk/", "Content_Type": "multipart/form-data; boundary=batas",
    }  # fmt: skip
    body = head + bytes(110 * MB - len(head) - len(tail)) + tail

    taken = world.ask("/masuk/", method="POST", body=body, **words)
    assert (taken.status, "E-mail atau sandi tidak cocok" in taken.text) == (200, True)  # the form has read it all

    with by_hand(world.port) as line:
        line.sendall(f"POST /masuk/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {111 * MB}\r\n\r\n".encode())
        status, said = status_and_headers(line)
    assert status == 413
    assert "Berkas yang dikirim terlalu besar" in said
    assert f"Strict-Transport-Security: {HSTS}" in said


def slow_clients_take_nothing_from_others(world):
    """More unfinished requests and half-sent uploads than all application servers have threads: nginx waits, not they."""
    with ExitStack() as open_lines:
        for _one in range(150):
            line = open_lines.enter_context(by_hand(world.port))
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Sluggish: ")
        uploads = [open_lines.enter_context(by_hand(world.port)) for _one in range(30)]
        for line in uploads:
            line.sendall(
                b"POST /kontak/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" + bytes(100_000)
            )

        for _one in range(3):
            assert world.ask("/sehat/").status in (200, 503)
        assert world.ask("/").status == 200

        for line in uploads:  # and nobody was cut off meanwhile
            line.sendall(bytes(100_000))
        for line in uploads:
            answer = http.client.HTTPResponse(line)
            answer.begin()
            assert answer.status == 403  # no form was shown to them; the page that says so comes whole
            assert answer.read().rstrip().endswith(b"</html>")


# --- what nginx itself says -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("listens", "status", "words"),
    [(False, 502, "Sistem sedang tidak dapat dibuka"), (True, 504, "Jawaban terlalu lama")],
)
def test_without_an_answer_nginx_has_a_light_page_of_its_own(tmp_path, listens, status, words):
    with socket.create_server(("127.0.0.1", 0)) as silent, ExitStack() as running:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        if not listens:
            silent.close()
        hasty = {"proxy_read_timeout 60s;": "proxy_read_timeout 200ms;"}
        port, _plain = running.enter_context(servers.nginx(tmp_path / "n", address, documents=tmp_path, changes=hasty))
        line = http.client.HTTPSConnection("localhost", port, timeout=20, context=servers.trusting())
        line.request("GET", "/akun/")
        answer = line.getresponse()
        page = answer.read().decode()
        line.close()

    assert answer.status == status
    assert words in page
    assert 'lang="id"' in page
    assert len(page) < 2500
    assert (answer.headers["Cache-Control"], answer.headers["Retry-After"]) == ("no-store", "60")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_one_address_that_tries_passwords_one_after_another_is_slowed_down_and_readers_are_not(tmp_path):
    with ExitStack() as running:
        silent = running.enter_context(socket.create_server(("127.0.0.1", 0)))
        silent.close()  # each request that is let through is answered with 502
        address = f"127.0.0.1:{servers.free_port()}"
        port, _plain = running.enter_context(servers.nginx(tmp_path / "n", address, documents=tmp_path))
        line = http.client.HTTPSConnection("localhost", port, timeout=20, context=servers.trusting())

        def ask(method: str, path: str) -> tuple[int, str]:
            line.request(method, path, headers={"Content-Length": "0"})
            answer = line.getresponse()
            return answer.status, answer.read().decode()

        tries = [ask("POST", ("/masuk/", "/admin/login/", "/en/masuk/")[number % 3]) for number in range(100)]
        reads = {ask("GET", "/masuk/")[0] for _one in range(100)}
        line.close()

    assert [status for status, _page in tries[:61]] == [502] * 61
    assert (tries[-1][0], "Terlalu banyak percobaan" in tries[-1][1]) == (429, True)
    assert reads == {502}


# --- several servers --------------------------------------------------------------------------------------


def a_reload_brings_new_processes_and_loses_no_request(world):
    before = [app.workers() for app in world.apps]
    over, told = threading.Event(), []

    def visitor() -> None:
        while not over.is_set():
            told.append(world.ask("/sehat/").status)

    def is_replaced() -> bool:
        return not any(old & app.workers() for old, app in zip(before, world.apps, strict=True))

    with ThreadPoolExecutor(3) as pool:
        visitors = [pool.submit(visitor) for _one in range(3)]
        try:
            for app in world.apps:
                app.reload()
            give_up = time.monotonic() + 240
            while not is_replaced() or len(told) < 6:  # some come before the change, some to the new processes
                assert time.monotonic() < give_up, "the old processes did not end"
                futures.wait(visitors, timeout=0.2)
                assert not any(one.done() for one in visitors), [one.exception() for one in visitors if one.done()]
        finally:
            over.set()

    assert set(told) <= {200, 503}  # 503: what /sehat/ itself says of a young installation


def who_logged_in_at_one_server_is_known_at_the_other_and_nobody_notices_that_one_is_gone(world):
    owner = world.known("asesi@contoh.id")
    assert {world.ask("/akun/", Cookie=owner).status for _one in range(4)} == {200}  # at both in turn

    answers = [world.ask("/verifikasi/?kode=TIDAKADA").status for _one in range(LIMIT + 2)]
    assert answers.count(429) == 2  # both count together: the limit is not twice as high

    world.apps[0].close()
    try:
        assert {world.ask("/akun/", Cookie=owner).status for _one in range(4)} == {200}
    finally:
        world.apps[0] = servers.Gunicorn(world.folder, "one", world.env)
        world.apps[0].start()


def recaps_are_read_from_the_replica_when_it_is_level_and_from_the_primary_otherwise(world):
    told = servers.run("read_from_replica", env=world.env)

    assert told["level"] == [["replica", "Satu"], ["replica", "Dua"]]  # never older than what was just written
    assert told["in a transaction"] == ["default", "Tiga"]
    assert told["standing still"] == ["default", "Empat"]
    assert told["is level"] is False
    assert told["going on"] == ["replica", "Lima"]
    assert "READ ONLY" in told["writing there"].upper()
    assert told["outside"] == "default"
    assert told["gone"] == ["default", "Tujuh"]


def the_recap_page_is_answered_by_the_replica_and_health_says_when_it_fell_behind(world):
    clerk = world.known("sekretariat@contoh.id")
    selects = "SHOW GLOBAL STATUS LIKE 'Com_select'"

    before = int(servers.sql(world.replica, selects).split()[1])
    assert world.ask("/admin/rekap-sertifikasi/", Cookie=clerk).status == 200
    assert int(servers.sql(world.replica, selects).split()[1]) > before + 3
    assert '"replica": "ok"' in world.ask("/sehat/").text

    servers.sql(world.replica, "STOP SLAVE SQL_THREAD")
    servers.sql(world.primary, "CREATE TABLE written_meanwhile (id INT)", database="lsp")
    try:
        page = world.ask("/admin/rekap-sertifikasi/", Cookie=clerk)
        health = world.ask("/sehat/")
    finally:
        servers.sql(world.replica, "START SLAVE SQL_THREAD")
    assert page.status == 200
    assert (health.status, '"replica": "gagal"' in health.text) == (503, True)


# --- all of it, on one installation ------------------------------------------------------------------------


def the_upgrade_left_all_data_as_it_was_and_old_code_can_write(world):
    no_data_is_lost_and_old_code_can_write(world.told)


CHECKS = (
    the_upgrade_left_all_data_as_it_was_and_old_code_can_write,
    pages_come_over_tls_alone_with_the_headers_that_protect_them,
    every_kind_of_page_is_as_closed_as_the_observatory_asks_for,
    style_sheets_come_compressed_and_for_long_and_python_is_asked_for_them_once,
    a_private_paper_is_sent_by_nginx_to_its_owner_and_the_look_is_recorded,
    a_hundred_and_ten_mb_pass_and_more_is_refused_with_a_page_before_it_is_sent,
    slow_clients_take_nothing_from_others,
    a_reload_brings_new_processes_and_loses_no_request,
    who_logged_in_at_one_server_is_known_at_the_other_and_nobody_notices_that_one_is_gone,
    recaps_are_read_from_the_replica_when_it_is_level_and_from_the_primary_otherwise,
    the_recap_page_is_answered_by_the_replica_and_health_says_when_it_fell_behind,
)


def test_a_whole_installation(world, subtests):
    """One test, so that its servers are started once, however many processes run the suite."""
    for check in CHECKS:
        with subtests.test(check.__name__):
            check(world)
