"""The only module that knows restic: starts it, understands what it says, and turns that into sentences.

Addresses and passwords go to it in private files, never on a command line that everybody on the machine can read, and
never come back in a sentence or a log line.
"""

import json
import logging
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.backups.enums import Place
from core.common.exceptions import DomainError

logger = logging.getLogger(__name__)

#: One series in each repository, whatever the server is called at the moment.
HOST = "lsp"
FULL, LOG = "penuh", "log"
#: Seconds until a repository that does not answer counts as away.
CONNECT_SECONDS = 15
#: What a repository is asked briefly, and what moves data.
BRIEF, LONG = 600, 20 * 3600

SENTENCES = {
    "no_program": gettext_lazy("restic belum terpasang di server ini. Pasang paket restic, lalu ulangi."),
    "no_password": gettext_lazy("Berkas kata sandi cadangan belum diatur. Isi BACKUP_PASSWORD_FILE di .env."),
    "host_key": gettext_lazy(
        "Kunci server tujuan berbeda dari yang dikenal. Jangan lanjutkan sebelum pengelolanya memastikan kunci itu; "
        "lalu perbarui known_hosts."
    ),
    "refused_key": gettext_lazy("Server tujuan menolak kunci SSH kita. Periksa kunci dan akun di server tujuan."),
    "refused_account": gettext_lazy(
        "Penyedia bucket menolak kunci kita. Periksa AWS_ACCESS_KEY_ID dan AWS_SECRET_ACCESS_KEY di .env."
    ),
    "unreachable": gettext_lazy("Server tujuan tidak dapat dihubungi. Periksa jaringan dan server itu, lalu ulangi."),
    "full": gettext_lazy("Tempat cadangan penuh. Tambah ruangnya, lalu ulangi; cadangan lama tetap utuh."),
    "password": gettext_lazy("Kata sandi repositori cadangan salah. Periksa berkas di BACKUP_PASSWORD_FILE."),
    "missing": gettext_lazy(
        "Di alamat itu tidak ada repositori cadangan. Periksa alamatnya, dan apakah cakramnya terpasang."
    ),
    "locked": gettext_lazy("Repositori sedang dipakai proses lain. Tunggu sampai selesai, lalu ulangi."),
    "damaged": gettext_lazy(
        "Isi repositori cadangan rusak. Jangan menghapus apa pun; ikuti “Repositori rusak” di server_docs/backup.md."
    ),
    "no_rights": gettext_lazy("Repositori cadangan tidak boleh ditulis atau dibaca oleh akun layanan. Periksa haknya."),
    "timeout": gettext_lazy("Repositori tidak selesai menjawab dalam batas waktunya. Periksa server tujuan."),
    "stopped": gettext_lazy("restic dihentikan di tengah. Jalankan lagi; yang sudah tersimpan tidak diulang."),
    "other": gettext_lazy("restic gagal. Rinciannya ada di log server."),
}
#: The first that is found in what restic wrote says what happened.
SIGNS = (
    ("host_key", r"Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED"),
    ("refused_key", r"Permission denied \((?:publickey|password)"),
    ("refused_account", r"Access Denied|Access Key Id you provided does not exist|request signature we calculated"),
    ("full", r"no space left on device|disk quota exceeded|file too large|SSH_FX_FAILURE"),
    ("password", r"wrong password or no key found"),
    ("locked", r"repository is already locked|unable to create lock"),
    (
        "unreachable",
        r"Connection (?:refused|timed out|closed|reset)|Could not resolve hostname|No route to host|Network is "
        r"unreachable|i/o timeout|no such host|dial tcp|unable to start the sftp session|broken pipe|client: EOF",
    ),
    ("missing", r"Is there a repository at the following location|unable to open config file"),
    (
        "damaged",
        r"ciphertext verification failed|hash mismatch|repository contains errors|invalid data returned|not referenced|"
        r"pack .* (?:damaged|contains)|blob .* not found|id .* not found in|unable to load|size mismatch|wrong hash|"
        r"error loading tree|does not match (?:id|header)",
    ),
    ("no_rights", r"permission denied|operation not permitted|read-only file system"),
)


class RepositoryError(DomainError):
    """A repository did not do what was asked; `kind` is a key of SENTENCES."""

    def __init__(self, kind: str):
        super().__init__(str(SENTENCES[kind]), code=f"backup.{kind}")
        self.kind = kind


@dataclass(frozen=True)
class Snapshot:
    """One backup in a repository."""

    id: str
    at: datetime
    paths: tuple[str, ...]
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stored:
    """What one backup added. `is_whole`: no file was passed over."""

    snapshot: str
    bytes_added: int
    is_whole: bool = True


@dataclass
class Repository:
    """One place where backups lie. `held`: open files that go on with every process started, so that a lock on them
    lasts as long as the last of these processes."""

    place: str
    address: str
    held: tuple[int, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(Place(self.place).label)

    # --- what is asked of it ------------------------------------------------------------------------------

    def ensure(self) -> list[Snapshot]:
        """What lies in it. Makes it where there is none yet, but not where one was: a disk that is not mounted looks
        empty."""
        try:
            found = self.snapshots()
        except RepositoryError as error:
            if error.kind != "missing" or self._seen.exists():
                raise
            self._run("init", timeout=BRIEF)
            found = []
        self._seen.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._seen.touch()
        return found

    def backup(self, paths: Iterable[str], *, tags: Iterable[str], excludes: Iterable[str] = ()) -> Stored:
        words = ["backup", "--json", "--host", HOST]
        for tag in tags:
            words += ["--tag", tag]
        for pattern in excludes:
            words += ["--exclude", pattern]
        output, is_whole = self._run(*words, *paths, may_be_incomplete=True)
        for line in reversed(output.splitlines()):
            told = _json(line)
            if isinstance(told, dict) and told.get("message_type") == "summary":
                return Stored(told["snapshot_id"], told["data_added"], is_whole)
        raise RepositoryError("other")

    def snapshots(self, *, tag: str = "") -> list[Snapshot]:
        """Those of one kind, or all; the oldest first."""
        words = ["snapshots", "--json", "--no-lock", "--host", HOST, *(("--tag", tag) if tag else ())]
        output, _whole = self._run(*words, timeout=BRIEF)
        found = [
            Snapshot(row["id"], _moment(row["time"]), tuple(row["paths"]), tuple(row.get("tags") or ()))
            for row in json.loads(output) or []
        ]
        return sorted(found, key=lambda snapshot: snapshot.at)

    def listed(self, snapshot: str, wanted: dict[str, int]) -> str:
        """Strike off `wanted` ({path: bytes}) what the repository says the snapshot holds; the snapshot's whole id."""
        whole = snapshot
        with self._started("ls", "--json", snapshot) as process:
            for line in process.stdout or ():
                node = _json(line)
                if not isinstance(node, dict):
                    continue
                if node.get("struct_type") == "snapshot":
                    whole = node["id"]
                elif node.get("type") == "file" and wanted.get(node["path"]) == node.get("size", 0):
                    del wanted[node["path"]]
        return whole

    def read(self, snapshot: str, path: str) -> bytes:
        """One small file."""
        with self._started("dump", snapshot, path) as process:
            return process.stdout.read() if process.stdout else b""

    def fetch(self, snapshot: str, path: str, out: IO[bytes]) -> None:
        """One file of any size into an open one."""
        with self._started("dump", snapshot, path, stdout=out):
            pass

    def restore(self, snapshot: str, *, target: Path, includes: Iterable[str]) -> None:
        """Files and folders below `target`, each at its whole path in the snapshot."""
        words = [word for path in includes for word in ("--include", path)]
        self._run("restore", snapshot, "--target", str(target), *words)

    def check(self, *, part: str = "") -> None:
        """The structure, and of the data the part `n/t`, read back and compared with their hashes."""
        self._run("check", *((f"--read-data-subset={part}",) if part else ()))

    def forget(self, *, keep: dict[str, int], tag: str) -> None:
        """Let go of old ones, and of data that only they held."""
        words = [f"--keep-{unit}={number}" for unit, number in keep.items() if number]
        self._run("forget", "--prune", "--group-by", "", "--host", HOST, "--tag", tag, *words)

    # --- how it is started --------------------------------------------------------------------------------

    def _run(self, *words: str, timeout: int = LONG, may_be_incomplete: bool = False) -> tuple[str, bool]:
        """(what it wrote, whether it passed nothing over). A stale lock is taken away once, and told."""
        try:
            return self._once(*words, timeout=timeout, may_be_incomplete=may_be_incomplete)
        except RepositoryError as error:
            if error.kind != "locked":
                raise
        # Plain `unlock` takes only locks whose process is dead or silent for half an hour.
        self._once("unlock", timeout=BRIEF)
        result = self._once(*words, timeout=timeout, may_be_incomplete=may_be_incomplete)
        self.notes.append(_("Kunci yang ditinggalkan proses yang sudah mati dilepas."))
        return result

    def _once(self, *words: str, timeout: int, may_be_incomplete: bool = False) -> tuple[str, bool]:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program, no shell
                self._command(words), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout, pass_fds=self.held
            )
        except subprocess.TimeoutExpired as error:
            raise RepositoryError("timeout") from error
        if done.returncode == 0:
            return done.stdout.decode(errors="replace"), True
        if may_be_incomplete and done.returncode == 3:  # stored, but something vanished or could not be read
            return done.stdout.decode(errors="replace"), False
        raise self._error(words, done.returncode, done.stderr + done.stdout[-20_000:])

    @contextmanager
    def _started(self, *words: str, stdout: IO[bytes] | None = None) -> Iterator[subprocess.Popen]:
        """For output that is read while it comes, or goes straight into a file; ended well or raised."""
        complaints = self._scratch()
        with (
            open(complaints, "w+b") as stderr,
            subprocess.Popen(  # noqa: S603
                self._command(("--no-lock", *words)),
                stdin=subprocess.DEVNULL,
                stdout=stdout or subprocess.PIPE,
                stderr=stderr,
                pass_fds=self.held,
            ) as process,
        ):
            complaints.unlink()
            try:
                yield process
            except BaseException:
                process.kill()
                raise
            if process.wait(timeout=LONG):
                stderr.seek(0)
                raise self._error(words, process.returncode, stderr.read())

    def _command(self, words: Iterable[str]) -> list[str]:
        program = shutil.which("restic")
        if program is None:
            raise RepositoryError("no_program")
        if settings.BACKUP_PASSWORD_FILE is None:
            raise RepositoryError("no_password")
        private = [
            "--repository-file",
            str(self._address_file()),
            "--password-file",
            str(settings.BACKUP_PASSWORD_FILE),
        ]
        cache = ["--cache-dir", str(settings.BACKUP_ROOT / "cache")]
        return [program, "--quiet", *private, *cache, *self._sftp_command(), *words]

    def _sftp_command(self) -> list[str]:
        place = _sftp_place(self.address)
        return ["-o", f"sftp.command={shlex.join(_ssh(*place))}"] if place else []

    def _what_ssh_says(self) -> str:
        """restic often ends before it has passed on why SSH did: asked once more without it."""
        place = _sftp_place(self.address)
        if place is None:
            return ""
        try:
            asked = subprocess.run(  # noqa: S603
                _ssh(*place), stdin=subprocess.DEVNULL, capture_output=True, timeout=4 * CONNECT_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        return asked.stderr.decode(errors="replace")

    def _address_file(self) -> Path:
        """An address may hold a password (rest:https://…): it is told in a private file."""
        path = settings.BACKUP_ROOT / f"address-{self.place}"
        if not path.exists() or path.read_text(encoding="utf-8") != self.address:
            settings.BACKUP_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside = path.with_name(f"{path.name}.{os.getpid()}")
            with open(os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
                file.write(self.address)
            os.replace(beside, path)
        return path

    def _scratch(self) -> Path:
        settings.BACKUP_ROOT.mkdir(mode=0o700, parents=True, exist_ok=True)
        return settings.BACKUP_ROOT / f"restic-{os.getpid()}-{time.monotonic_ns()}.err"

    @property
    def _seen(self) -> Path:
        """A mark that this place has had its repository."""
        return settings.BACKUP_ROOT / f"known-{self.place}"

    def _error(self, words: Iterable[str], code: int, output: bytes) -> RepositoryError:
        text = output.decode(errors="replace")
        kind = "stopped" if code < 0 else _kind_of(text)
        if kind == "unreachable":
            text += self._what_ssh_says()
            kind = _kind_of(text)
        verb = next((word for word in words if not word.startswith("-")), "")
        level = logging.INFO if kind == "missing" else logging.ERROR  # a new place has none yet
        logger.log(
            level, "restic %s, %s: exit %s, %s: %s", verb, self.place, code, kind, self._without_address(text)[-1500:]
        )
        return RepositoryError(kind)

    def _without_address(self, text: str) -> str:
        return text.replace(self.address, f"({self.place})") if self.address else text


def repositories(held: tuple[int, ...] = ()) -> list[Repository]:
    """Those that the environment names."""
    named = settings.BACKUP_REPOSITORIES
    return [Repository(place, named[place], held) for place in Place.values if named.get(place)]


def repository_called(place: str) -> Repository:
    found = next((one for one in repositories() if one.place == place), None)
    if found is None:
        raise DomainError(
            _("%(name)s belum diatur. Isi alamatnya di .env (BACKUP_REPOSITORY atau BACKUP_REPOSITORY_REMOTE).")
            % {"name": Place(place).label},
            code="backup.no_repository",
        )
    return found


def _kind_of(text: str) -> str:
    return next((kind for kind, sign in SIGNS if re.search(sign, text, re.IGNORECASE)), "other")


def _ssh(host: str, port: str) -> list[str]:
    """SSH that never asks anybody, and never believes a key it does not know."""
    options = ("BatchMode=yes", "StrictHostKeyChecking=yes", f"ConnectTimeout={CONNECT_SECONDS}")
    options += ("ServerAliveInterval=15", "ServerAliveCountMax=4")
    words = ["ssh", *(word for option in options for word in ("-o", option))]
    if settings.BACKUP_SSH_CONFIG:
        words += ["-F", str(settings.BACKUP_SSH_CONFIG)]
    if port:
        words += ["-p", port]
    return [*words, host, "-s", "sftp"]


def _sftp_place(address: str) -> tuple[str, str] | None:
    """(user@host, port or "") of an address over SFTP: sftp:user@host:/folder or sftp://user@host:port//folder."""
    if match := re.fullmatch(r"sftp://([^/:]+)(?::([0-9]+))?/.*", address):
        return match[1], match[2] or ""
    if match := re.fullmatch(r"sftp:([^/:]+):.*", address):
        return match[1], ""
    return None


def _json(line: str | bytes) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _moment(text: str) -> datetime:
    """restic tells nanoseconds, Python knows microseconds."""
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)
