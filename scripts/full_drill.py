"""The whole loss, for real: seed, back up to another server, lose everything, restore on a clean one, log in.

    python scripts/full_drill.py [number of applications]

A MariaDB and an SSH server of its own on the loopback address, both gone afterwards. Runs the very commands of
server_docs/backup.md, each in a process of its own, with the keys that are kept apart from the server. Compares every
row count and the SHA-256 of every document, logs in over HTTP, has a restore drill prove the backup once more, and
prints what each step took. Exit code 1 where anything differs.
"""

import contextlib
import getpass
import hashlib
import http.cookiejar
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from private_mariadb import driver_is_there, private_mariadb, server_binary, stop_on_termination

ROOT = Path(__file__).resolve().parents[1]
SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
ACCOUNT, PASSWORD = "admin@contoh.id", "contoh-lsp-bnpb"
#: What a restore itself writes or ends: its own record, the log of it, sessions, letters that are held back.
WRITTEN_BY_RESTORE = re.compile("^(core_backup|core_activity|core_job|core_outbox|core_partialupload|django_session)")
TABLES = "import sys; sys.path.insert(0, 'scripts'); from fresh_tables import make_tables; make_tables()"
COUNT = """
import json
from core.backups.databases import own_settings, rows_per_table
print(json.dumps(rows_per_table(own_settings())))
"""


class Drill:
    """One server after the other: what it is told by its environment, and the clock."""

    def __init__(self, folder: Path, ssh_config: Path, ssh_address: str) -> None:
        self.folder, self.times = folder, {}
        password = folder / "kata-sandi-cadangan"
        password.write_text(secrets.token_urlsafe(32))
        password.chmod(0o600)
        self.kept_apart = {
            "ENVIRONMENT": "development",
            "DEMO": "1",
            "IGNORE_DOTENV": "1",
            "SECRET_KEY": secrets.token_urlsafe(64),
            "LOOKUP_KEY": secrets.token_urlsafe(48),
            "BACKUP_REPOSITORY_REMOTE": ssh_address,
            "BACKUP_PASSWORD_FILE": str(password),
            "BACKUP_SSH_CONFIG": str(ssh_config),
        }
        self.kept_apart["FIELD_ENCRYPTION_KEYS"] = _fernet_key()
        self.kept_apart["CERTIFICATE_SIGNING_KEY"] = secrets.token_urlsafe(32)
        self.environment: dict[str, str] = {}

    def set_up(self, name: str, database_url: str) -> Path:
        """A clean server: an empty folder, an empty database, and the keys from where they are kept."""
        place = self.folder / name
        place.mkdir()
        self.environment = os.environ | self.kept_apart | {"VAR_DIR": str(place), "DATABASE_URL": database_url}
        return place

    def manage(self, *words: str, what: str = "") -> str:
        """One command of the program; ends the drill if it says that it failed."""
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            _fail(f"manage.py {' '.join(words)}: kode {done.returncode}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        lasted = time.monotonic() - begun
        if what:
            self.times[what] = self.times.get(what, 0.0) + lasted
            print(f"{what}: {words[0]}, {lasted:.0f} detik", flush=True)
        return done.stdout

    def rows(self) -> dict[str, int]:
        counted = json.loads(self.manage("shell", "--no-imports", "-c", COUNT).splitlines()[-1])
        return {table: rows for table, rows in counted.items() if not WRITTEN_BY_RESTORE.match(table)}


def main() -> int:
    if not (shutil.which("restic") and SSHD and server_binary() and driver_is_there()):
        print("Uji penuh dilewati: restic, openssh-server, mariadb-server, atau driver mysqlclient tidak terpasang.")
        return 1 if os.environ.get("CI") else 0
    stop_on_termination()
    applications = sys.argv[1] if len(sys.argv) > 1 else "4"
    folder = Path(tempfile.mkdtemp(prefix="lsp-drill-"))
    try:
        with private_mariadb() as url, _ssh_server(folder) as (config, address):
            _drill(Drill(folder, config, address), url, applications)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _drill(drill: Drill, url: str, applications: str) -> None:
    first = drill.set_up("server-lama", url)
    _sql(url, "CREATE DATABASE lsp CHARACTER SET utf8mb4")
    drill.manage("shell", "--no-imports", "-c", TABLES, what="mengisi")
    drill.manage("load_reference", what="mengisi")
    drill.manage("seed_demo", "--applications", applications, what="mengisi")
    before, papers = drill.rows(), _hashes(first / "documents")
    drill.manage("backup", what="mencadangkan")

    shutil.rmtree(first)
    _sql(url, "DROP DATABASE lsp")

    new_url = url.removesuffix("/lsp") + "/lsp_baru"
    _sql(url, "CREATE DATABASE lsp_baru CHARACTER SET utf8mb4")
    second = drill.set_up("server-baru", new_url)
    drill.manage("restore", "--from", "remote", "--yes", what="memulihkan")
    _compare("baris tiap tabel", before, drill.rows())
    _compare("sidik tiap berkas", papers, _hashes(second / "documents"))
    _log_in(drill)
    told = drill.manage("restore_drill", "--from", "remote", what="restore_drill")

    print(told.splitlines()[-1])
    print(f"Uji penuh: {sum(before.values())} baris dan {len(papers)} berkas sama sesudah dipulihkan dari server lain.")
    print("; ".join(f"{what} {seconds / 60:.1f} menit" for what, seconds in drill.times.items()))


def _hashes(folder: Path) -> dict[str, str]:
    """{path: SHA-256 of what lies there}."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def _compare(what: str, before: dict, after: dict) -> None:
    if before != after:
        differing = sorted({key for key in before | after if before.get(key) != after.get(key)})
        told = "\n".join(f"  {key}: {before.get(key)} → {after.get(key)}" for key in differing[:20])
        _fail(f"{what}: {len(differing)} berbeda\n{told}")


def _fail(words: str) -> None:
    print(f"GAGAL: {words}", file=sys.stderr)
    sys.exit(1)


# --- the restored server ------------------------------------------------------------------------------------


def _log_in(drill: Drill) -> None:
    """Over HTTP, as a person would: the log-in page, the back office, the list of applications."""
    port, begun = _free_port(), time.monotonic()
    serving = subprocess.Popen(
        [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
        cwd=ROOT,
        env=drill.environment | {"SITE_URL": f"http://127.0.0.1:{port}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, serving)
        cookies = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
        site = f"http://127.0.0.1:{port}"
        browser.open(f"{site}/admin/login/", timeout=60).read()
        token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
        words = {"username": ACCOUNT, "password": PASSWORD, "csrfmiddlewaretoken": token, "next": "/admin/"}
        asked = urllib.request.Request(  # noqa: S310 - always http://127.0.0.1
            f"{site}/admin/login/", urllib.parse.urlencode(words).encode(), {"Referer": f"{site}/admin/login/"}
        )
        home = browser.open(asked, timeout=60)
        if not home.geturl().endswith("/admin/"):
            _fail(f"masuk: berakhir di {home.geturl()}")
        listed = browser.open(f"{site}/admin/core/application/?antrean=semua", timeout=60).read().decode()
        if "APL-" not in listed:
            _fail("daftar permohonan tidak memuat satu permohonan pun")
    except urllib.error.HTTPError as error:
        _fail(f"masuk: {error.url} menjawab {error.code}")
    finally:
        serving.terminate()
        serving.wait(timeout=30)
    drill.times["masuk"] = time.monotonic() - begun


def _wait_for(port: int, process: subprocess.Popen) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    _fail(f"tidak ada yang menjawab di port {port}")


# --- the places around it -----------------------------------------------------------------------------------


@contextlib.contextmanager
def _ssh_server(folder: Path) -> Iterator[tuple[Path, str]]:
    """(what BACKUP_SSH_CONFIG names, the address of a repository): a server with a host key and one account key."""
    ssh, port = folder / "ssh", _free_port()
    ssh.mkdir(mode=0o700)
    for name in ("host", "account"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", ssh / name], check=True)
    shutil.copy(ssh / "account.pub", ssh / "authorized_keys")
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{port} {(ssh / 'host.pub').read_text()}")
    (ssh / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {ssh}/host\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {ssh}/authorized_keys\nStrictModes no\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
    )
    config = ssh / "config"
    config.write_text(
        f"Host *\nPort {port}\nIdentityFile {ssh}/account\nIdentitiesOnly yes\n"
        f"UserKnownHostsFile {ssh}/known_hosts\nGlobalKnownHostsFile /dev/null\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd drops its rights into it
    server = subprocess.Popen([SSHD, "-D", "-f", ssh / "sshd_config", "-E", ssh / "sshd.log"], start_new_session=True)
    try:
        _wait_for(port, server)
        yield config, f"sftp:{getpass.getuser()}@127.0.0.1:{folder}/server-lain"
    finally:
        server.terminate()
        server.wait(timeout=10)


def _sql(url: str, statement: str) -> None:
    """As the account of the address, with no database chosen."""
    place = urllib.parse.urlsplit(url)
    subprocess.run(
        [
            "mariadb",
            "--no-defaults",
            "-h",
            place.hostname,
            "-P",
            str(place.port),
            "-u",
            place.username,
            "-e",
            statement,
        ],
        env=os.environ | {"MYSQL_PWD": place.password},
        check=True,
    )


def _fernet_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    sys.exit(main())
