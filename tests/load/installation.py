"""A whole server as server_docs sets it up, for crowds: MariaDB, gunicorn and nginx from the example files, a mail server,
and the processes that systemd and cron keep going. Whatever dies is started again, as systemd does; nobody else does.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller

from scripts.private_mariadb import PrivateServer, private_server
from tests.deployment import servers
from tests.load.lines import line

MANAGE = (sys.executable, "manage.py")


class PostOffice:
    """A mail server that can be shut; a letter that it took lies in a file, one line of JSON, under its address."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, servers.free_port()
        self.taken: list[tuple[str, str]] = []  # Message-ID and address of each letter, as they came
        self.refused = 0
        self._controller: Controller | None = None
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server, session, envelope) -> str:
        letter = message_from_bytes(envelope.content, policy=policy.default)
        address = envelope.rcpt_tos[0]
        self.taken.append((letter["Message-ID"], address))
        with open(self.folder / "taken.jsonl", "a") as book:
            book.write(json.dumps([letter["Message-ID"], address]) + "\n")
        body = letter.get_body(("plain",)).get_content()
        place = self.folder / address
        temporary = place.with_suffix(f".{len(self.taken)}.part")
        temporary.write_text(json.dumps({"subject": letter["Subject"], "body": body}))
        temporary.replace(place)
        return "250 OK"

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def shut(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


class Kept:
    """What is started again, so many seconds after it ended, until it is told that all is over."""

    def __init__(self, *, rest: float):
        self.rest, self.starts = rest, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _keep(self) -> None:
        raise NotImplementedError


class Service(Kept):
    """A process that systemd keeps going: `Restart=always`, so many seconds after it ended."""

    def __init__(self, name: str, command: tuple[str, ...], env: dict[str, str], log: Path, *, rest: float):
        super().__init__(rest=rest)
        self.name, self.command, self.env, self.log = name, command, env, log
        self.process: subprocess.Popen | None = None

    def _keep(self) -> None:
        while not self._over.is_set():
            with open(self.log, "ab") as log:
                self.process = subprocess.Popen(
                    self.command, cwd=servers.ROOT, env=self.env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )  # fmt: skip
            self.starts += 1
            self.process.wait()
            with contextlib.suppress(ProcessLookupError):  # systemd leaves nothing of a service behind
                os.killpg(self.process.pid, signal.SIGKILL)
            self._over.wait(self.rest)

    def kill(self) -> bool:
        """SIGKILL to it, and so to what it began; whether it was running."""
        process = self.process
        if process is None or process.poll() is not None:
            return False
        os.kill(process.pid, signal.SIGKILL)
        return True

    def stop(self) -> None:
        self._over.set()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._thread.join(timeout=30)


class Database(Kept):
    """MariaDB under systemd's eye: killed, it is started again on the same data."""

    def __init__(self, server: PrivateServer, *, rest: float):
        super().__init__(rest=rest)
        self.server, self.starts = server, 1

    def _keep(self) -> None:
        while not self._over.is_set():
            self.server.process.wait()
            if self._over.wait(self.rest):
                return
            with contextlib.suppress(RuntimeError):  # tried again in the next round
                self.server.start()
                self.starts += 1

    def kill(self) -> bool:
        if self.server.process.poll() is not None:
            return False
        self.server.process.kill()
        return True

    def restart(self) -> bool:
        """As an administrator does it: it ends in order, and comes back."""
        if self.server.process.poll() is not None:
            return False
        self.server.process.terminate()
        return True

    def stop(self) -> None:
        self._over.set()
        self.server.stop()
        self._thread.join(timeout=90)


@dataclass
class Installation:
    folder: Path
    env: dict[str, str]
    database: Database
    web: servers.Gunicorn
    post: PostOffice
    port: int
    services: dict[str, Service] = field(default_factory=dict)
    told: dict = field(default_factory=dict)

    @property
    def var(self) -> Path:
        return Path(self.env["VAR_DIR"])

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def scene(self, name: str, *arguments, timeout: float = 900) -> dict:
        """What tests/load/scenes.py does in a process of its own."""
        code = f"from tests.load.scenes import run; run({json.dumps([name, *arguments])!r})"
        done = subprocess.run(
            [*MANAGE, "shell", "-v0", "-c", code], cwd=servers.ROOT, env=self.env, capture_output=True, text=True,
            timeout=timeout,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{name}: {done.stdout[-2000:]}{done.stderr[-4000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def scene_with(self, name: str, *arguments) -> dict:
        """The same for arguments that are too long for a command line."""
        place = self.folder / f"{name}.json"
        place.write_text(json.dumps(arguments))
        return self.scene(name, f"@{place}")

    def answers(self) -> bool:
        """Whether pages come that ask the database."""
        ask = line(self.address, 9)
        return all(ask("GET", path, name="").status_code == 200 for path in ("/", "/masuk/", "/skema/"))

    def until_it_answers(self, *, seconds: float = 120) -> None:
        if not until(self.answers, seconds=seconds):
            raise RuntimeError((self.folder / "web.log").read_text(errors="replace")[-3000:])

    def manage(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([*MANAGE, *words], cwd=servers.ROOT, env=self.env, capture_output=True, text=True)


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A file system of its own, so that it can be filled up and made read-only; False where that is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(folder)], capture_output=True
    )
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)


@contextlib.contextmanager
def installation(
    folder: Path,
    *,
    workers: int,
    wsgi: str = "core.config.wsgi",
    in_memory: bool = False,
    people: dict[str, int] | None = None,
    **more: str,
) -> Iterator[Installation]:
    """Everything is up and empty but for the data of the last release, brought to the newest version.

    `in_memory`: MariaDB's files lie there, where a killed process leaves the same behind as on a disk.
    """
    servers.tool("nginx")
    servers.tool("mariadbd")
    servers.needs_driver()
    with contextlib.ExitStack() as running:
        memory = Path("/dev/shm") if in_memory and os.access("/dev/shm", os.W_OK) else None
        told = tuple(word for word in servers.options_of("mariadb.cnf") if not (memory and "flush-method" in word))
        server = running.enter_context(private_server(durable=True, options=told, within=memory))
        database = Database(server, rest=1.0)
        running.callback(database.stop)
        database.start()
        var = folder / "var"
        var.mkdir(exist_ok=True)
        post = PostOffice(folder / "post")
        post.open()
        running.callback(post.shut)
        env = servers.environment(
            var, server.url, WEB_WORKERS=str(workers), EMAIL_URL=f"smtp://127.0.0.1:{post.port}",
            TEST_STATIC_ROOT=str(folder / "static"), DISK_FREE_LIMIT_MB="1", TMPDIR=str(folder / "tmp"), **more,
        )  # fmt: skip
        (folder / "tmp").mkdir(exist_ok=True)
        servers.sql(server.url, "CREATE DATABASE lsp CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        servers.sql(server.url, servers.previous("mariadb.sql.xz"), database="lsp")
        collected = subprocess.Popen([*MANAGE, "collectstatic", "--noinput", "-v0"], cwd=servers.ROOT, env=env)
        web = servers.Gunicorn(folder, "web", env, wsgi=wsgi)
        running.callback(web.close)
        documents = var / "documents"
        documents.mkdir(exist_ok=True)
        port, _plain = running.enter_context(servers.nginx(folder / "nginx", web.address, documents=documents))
        # Links in letters lead to where the installation is met.
        env["SITE_URL"] = f"https://localhost:{port}"
        made = Installation(folder, env, database, web, post, port)
        made.told = made.scene("prepare", people or {})
        assert collected.wait() == 0
        web.start()
        running.callback(lambda: [service.stop() for service in made.services.values()])
        yield made


def serve(made: Installation, name: str, *words: str, rest: float) -> Service:
    """Have a command of the product kept going."""
    service = Service(name, (*MANAGE, *words), made.env, made.folder / f"{name}.log", rest=rest)
    made.services[name] = service
    service.start()
    return service


def until(what, *, seconds: float, step: float = 0.2) -> bool:
    """Ask again and again until something is so, for so many seconds at most."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if what():
            return True
        threading.Event().wait(step)
    return False
