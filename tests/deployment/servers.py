"""Real servers from exactly the files in server_docs/examples/, with only names, places and addresses put in."""

import contextlib
import functools
import json
import lzma
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.core.helpers import free_port, until_it_listens

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "server_docs" / "examples"
PREVIOUS = Path(__file__).parent / "previous"
SEARCHED = f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin"


def tool(name: str) -> str:
    """Where a program lies. Missing: the test is skipped on a developer's machine and fails in CI."""
    found = shutil.which(name, path=SEARCHED)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{name} is not installed")
    return found


def needs_driver() -> None:
    """The same for what Python speaks to MariaDB with."""
    if not find_spec("MySQLdb"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("mysqlclient is not installed")


@functools.cache
def facts() -> dict:
    """What the previous release left: its newest migration and the keys of its data."""
    return json.loads((PREVIOUS / "facts.json").read_text(encoding="utf-8"))


def previous(name: str) -> bytes:
    return lzma.decompress((PREVIOUS / name).read_bytes())


def put_in(text: str, changes: dict[str, str]) -> str:
    """The text with our own names; each of theirs must stand there."""
    for theirs, ours in changes.items():
        assert theirs in text, theirs
        text = text.replace(theirs, ours)
    return text


#: How nginx treats an application server.
RULES = "max_fails=20 fail_timeout=10s;"

# --- nginx ------------------------------------------------------------------------------------------------


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


@contextlib.contextmanager
def nginx(
    folder: Path, *upstreams: str, documents: Path, port: int = 0, changes: dict[str, str] | None = None
) -> Iterator[tuple[int, int]]:
    """(port of HTTPS, port of HTTP) of an nginx from the example, before these servers."""
    program = tool("nginx")
    folder.mkdir(exist_ok=True)
    port, plain, (chain, key) = port or free_port(), free_port(), certificate(folder)
    site = put_in(
        (EXAMPLES / "nginx.conf").read_text(encoding="utf-8"),
        {
            "    server unix:/run/lsp.sock ": "".join(f"    server {server} {RULES}\n" for server in upstreams[1:])
            + f"    server {upstreams[0]} ",
            "    listen [::]:80 default_server;\n": "",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80": f"listen 127.0.0.1:{plain}",
            "listen 443": f"listen 127.0.0.1:{port}",
            "server_name sertifikasi.contoh.id;": "server_name localhost;",
            "/etc/ssl/lsp/fullchain.pem": str(chain),
            "/etc/ssl/lsp/privkey.pem": str(key),
            "/var/lib/lsp/documents/": f"{documents}/",
            "/var/cache/lsp-nginx": f"{folder}/cache",
            "/var/log/nginx/": f"{folder}/",
            "/opt/lsp/server_docs/examples/error_pages/": f"{EXAMPLES}/error_pages/",
            **(changes or {}),
        },
    )
    (folder / "site.conf").write_text(site)
    temporary = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{ worker_connections 4096; }}\n"
        f"http {{ access_log {folder}/access.log; types {{ }} default_type application/octet-stream; {temporary}\n"
        f"include {folder}/site.conf; }}\n"
    )
    command = [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen(command)
    try:
        until_it_listens(("127.0.0.1", port), process)
        yield port, plain
    finally:
        process.terminate()
        process.wait(timeout=20)


def trusting() -> ssl.SSLContext:
    """Speaks TLS with whoever answers: the certificate is its own."""
    return ssl._create_unverified_context()


# --- gunicorn ---------------------------------------------------------------------------------------------

#: What systemd does with lsp.socket: the listening socket is the program's third descriptor.
ACTIVATED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "--config", sys.argv[2]])
"""


class Gunicorn:
    """One application server from the example, met at `address` as with lsp.socket."""

    def __init__(self, folder: Path, name: str, environment: dict[str, str], *, wsgi: str = "core.config.wsgi"):
        self.path = folder / f"{name}.sock"
        self.address = f"unix:{self.path}"
        self.config = folder / f"{name}.conf.py"
        text = (EXAMPLES / "gunicorn.conf.py").read_text(encoding="utf-8")
        self.config.write_text(
            put_in(
                text,
                {
                    '"/opt/lsp"': repr(str(ROOT)),
                    "timeout = 60\ngrace": "timeout = 300\ngrace",
                    '"core.config.wsgi"': repr(wsgi),
                },
            )
        )
        self.log = folder / f"{name}.log"
        self.environment = environment
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(self.path))
        self.socket.listen(512)
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", ACTIVATED, str(self.socket.fileno()), str(self.config)],
                cwd=ROOT, env=self.environment, pass_fds=[self.socket.fileno()], stdout=log, stderr=log,
            )  # fmt: skip

    def workers(self) -> set[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return {int(number) for number in children.split()}

    def reload(self) -> None:
        """What `systemctl reload lsp` does."""
        self.process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        """Gone with its address, at once."""
        self.socket.close()
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.path.unlink(missing_ok=True)


# --- MariaDB ----------------------------------------------------------------------------------------------

#: Sizes of a real server, and what the private server says itself.
NOT_HERE = {
    "bind_address",
    "innodb_buffer_pool_size",
    "innodb_log_file_size",
    "innodb_flush_method",
    "innodb_doublewrite",
}


def options_of(name: str) -> tuple[str, ...]:
    """What a file of the examples tells MariaDB, as options of a private server."""
    lines = (EXAMPLES / name).read_text(encoding="utf-8").splitlines()
    told = dict(re.findall(r"^(\w+) = (.+)$", "\n".join(lines), re.MULTILINE))
    return tuple(f"--{key.replace('_', '-')}={value}" for key, value in told.items() if key not in NOT_HERE)


def sql(url: str, statement: str | bytes, *, database: str = "") -> str:
    """Say something to a MariaDB; what it answers, without headings."""
    address = urlsplit(url)
    done = subprocess.run(
        [
            tool("mariadb"), "--no-defaults", f"--host={address.hostname}", f"--port={address.port}",
            f"--user={address.username}", "--batch", "--skip-column-names", *([database] if database else []),
        ],
        input=statement.encode() if isinstance(statement, str) else statement,
        env=os.environ | {"MYSQL_PWD": address.password or ""}, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


# --- the product ------------------------------------------------------------------------------------------


def environment(var: Path, url: str, **more: str) -> dict[str, str]:
    """A production server's, with the keys of the previous release's data."""
    return {
        "PATH": os.environ["PATH"],
        "IGNORE_DOTENV": "1",
        "ENVIRONMENT": "production",
        "DJANGO_SETTINGS_MODULE": "tests.deployment.settings",
        "TEST_STATIC_ROOT": str(var / "staticfiles"),
        "VAR_DIR": str(var),
        "DATABASE_URL": url,
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "https://localhost",
        "EMAIL_URL": "smtp+tls://nobody:nothing@127.0.0.1:1",
        "TRUSTED_PROXIES": "1",
        "ACCEL_PREFIX": "/berkas-privat/",
        "CACHE_URL": "dbcache://lsp_cache",
        **facts()["keys"],
        **more,
    }


def manage(*arguments: str, env: dict[str, str], text: str = "") -> str:
    """Run a command of the product; what it said."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=env, input=text, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run(scenario: str, *arguments: str, env: dict[str, str]) -> dict:
    """What tests/deployment/scenarios.py does in a process of its own."""
    words = json.dumps([scenario, *arguments])
    code = f"from tests.deployment.scenarios import run; run({words!r})"
    return json.loads(manage("shell", "-v0", "-c", code, env=env).splitlines()[-1])
