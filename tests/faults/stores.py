"""Real places for backups: folders, and an SSH server of its own on the loopback address."""

import getpass
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.core.helpers import free_port, until_it_listens

SSHD = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
needs_restic = pytest.mark.skipif(
    not (shutil.which("restic") and SSHD) and not os.environ.get("CI"), reason="restic or openssh-server is missing"
)


@dataclass
class SshServer:
    """`config` is what BACKUP_SSH_CONFIG names; `known_hosts` is what our side knows of the server."""

    folder: Path
    port: int
    process: subprocess.Popen | None = None

    @property
    def config(self) -> Path:
        return self.folder / "ssh_config"

    @property
    def known_hosts(self) -> Path:
        return self.folder / "known_hosts"

    def address(self, folder: Path) -> str:
        return f"sftp:{getpass.getuser()}@127.0.0.1:{folder}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [SSHD, "-D", "-f", self.folder / "sshd_config", "-E", self.folder / "sshd.log"], start_new_session=True
        )
        until_it_listens(("127.0.0.1", self.port), self.process)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=10)
            self.process = None


def ssh_key(path: Path) -> str:
    """A key pair; its public half as one line."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True, stdin=subprocess.DEVNULL)
    return path.with_name(path.name + ".pub").read_text().strip()


@contextmanager
def ssh_server(folder: Path) -> Iterator[SshServer]:
    """With its own host key; lets in one key only, and only to move files."""
    server = SshServer(folder, free_port())
    host_key = ssh_key(folder / "host_key")
    (folder / "authorized_keys").write_text(ssh_key(folder / "our_key") + "\n")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd drops its rights into it
    (folder / "sshd_config").write_text(
        f"Port {server.port}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\nPidFile none\nUsePAM no\n"
        f"AuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\nPasswordAuthentication no\n"
        "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
    )
    server.known_hosts.write_text(f"[127.0.0.1]:{server.port} {host_key}\n")
    server.config.write_text(
        f"Host *\nPort {server.port}\nIdentityFile {folder}/our_key\nIdentitiesOnly yes\n"
        f"UserKnownHostsFile {server.known_hosts}\nGlobalKnownHostsFile /dev/null\n"
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()


def point_backups_at(
    settings, folder: Path, *, local: str | Path = "", remote: str = "", ssh: Path | None = None
) -> None:
    """The settings of an installation that backs up; everything of it lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    password = folder / "password"
    password.write_text("kata-sandi-uji\n")
    settings.BACKUP_ROOT = folder / "work"
    settings.BACKUP_REPOSITORIES = {"local": str(local), "remote": remote}
    settings.BACKUP_PASSWORD_FILE, settings.BACKUP_SSH_CONFIG = password, ssh
    settings.DOCUMENT_ROOT, settings.IMPORT_ROOT = folder / "documents", folder / "imports"
    settings.ACTIVITY_CHECKPOINTS = folder / "checkpoints.jsonl"
    settings.BACKUP_CHECK_NIGHTS, settings.BACKUP_LOG_DAYS = 1, 7
