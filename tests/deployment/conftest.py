"""One whole installation of several servers, started once: MariaDB with a replica, two application servers, nginx.

Its data is what the previous release left, brought to the newest version: so every test here also runs on an upgraded
database.
"""

import contextlib
import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from urllib.parse import urlencode, urlsplit

import pytest

from scripts.private_mariadb import private_mariadb
from tests.deployment import servers

#: A machine that runs many tests may take minutes to start a process.
PATIENT = {"proxy_read_timeout 60s;": "proxy_read_timeout 300s;"}


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class World:
    folder: Path
    primary: str
    replica: str
    env: dict[str, str]
    apps: list[servers.Gunicorn]
    port: int
    plain_port: int
    told: dict

    def line(self, *, timeout: float = 300) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection("localhost", self.port, timeout=timeout, context=servers.trusting())

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        with contextlib.closing(self.line()) as line:
            line.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = line.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def known(self, email: str) -> str:
        """The cookie of somebody who is in, as the log-in page gives it."""
        cookie = self.ask("/masuk/").headers["Set-Cookie"].partition(";")[0]
        page = {
            "csrfmiddlewaretoken": cookie.partition("=")[2], "username": email, "password": "contoh-lsp-bnpb",
        }  # fmt: skip
        answer = self.ask(
            "/masuk/", method="POST", body=urlencode(page).encode(), Cookie=cookie, Referer="https://localhost/masuk/",
            Content_Type="application/x-www-form-urlencoded",
        )  # fmt: skip
        assert answer.status == 302, answer.text
        cookies = [value.partition(";")[0] for value in answer.headers.get_all("Set-Cookie")]
        return "; ".join(cookies)


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> Iterator[World]:
    servers.tool("nginx")
    servers.tool("mariadbd")
    servers.needs_driver()
    folder = tmp_path_factory.mktemp("w")
    with contextlib.ExitStack() as running:
        primary = running.enter_context(private_mariadb(options=servers.options_of("mariadb.cnf")))
        replica = running.enter_context(private_mariadb(options=servers.options_of("mariadb-replica.cnf")))
        follow(replica, primary)
        servers.sql(primary, "CREATE DATABASE lsp CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        servers.sql(primary, servers.previous("mariadb.sql.xz"), database="lsp")
        env = servers.environment(folder, primary, DATABASE_REPLICA_URL=replica, WEB_WORKERS="1")
        collected = Popen(
            [servers.sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=servers.ROOT, env=env
        )
        told = servers.run("install", servers.facts()["migration"], env=env)
        assert collected.wait() == 0
        apps = [servers.Gunicorn(folder, name, env) for name in ("one", "two")]
        running.callback(lambda: [app.close() for app in apps])
        for app in apps:
            app.start()
        documents = folder / "documents"
        documents.mkdir(exist_ok=True)
        addresses = [app.address for app in apps]
        port, plain = running.enter_context(
            servers.nginx(folder / "nginx", *addresses, documents=documents, changes=PATIENT)
        )
        yield World(folder, primary, replica, env, apps, port, plain, told)


def follow(replica: str, primary: str) -> None:
    """As server_docs/several-servers.md says it."""
    address, position = urlsplit(primary), servers.sql(primary, "SELECT @@GLOBAL.gtid_binlog_pos")
    servers.sql(
        replica,
        f"SET GLOBAL gtid_slave_pos = '{position}';"
        f"CHANGE MASTER TO MASTER_HOST='{address.hostname}', MASTER_PORT={address.port}, MASTER_USER='{address.username}',"
        f" MASTER_PASSWORD='{address.password}', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1; START SLAVE",
    )
