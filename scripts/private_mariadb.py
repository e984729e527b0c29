"""A MariaDB server of its own for tests and measurements: empty, on a free port of this machine, gone afterwards.

    python scripts/private_mariadb.py -- command …    runs the command with TEST_DATABASE_URL set

Safe where many people share a machine: it listens on the loopback address only, its account has a
random password, its files lie in a private folder, and under root it runs as the user mysql. It
flushes less often than a real server would; tests of durability must pass `durable=True`.
"""

import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

START_SECONDS = 60
QUICK = ("--innodb-flush-log-at-trx-commit=2", "--innodb-doublewrite=0", "--sync-binlog=0", "--skip-log-bin")


def server_binary() -> str | None:
    """Where mariadbd lies; Debian keeps it outside the PATH of ordinary people."""
    return shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin:/usr/libexec")


def driver_is_there() -> bool:
    """Whether Python can speak to MariaDB; its driver has to be compiled, so it is built only where that can work."""
    if importlib.util.find_spec("MySQLdb"):
        return True
    if not shutil.which("mariadb_config") and not shutil.which("mysql_config"):
        return False
    print("Memasang driver MariaDB (mysqlclient) …", flush=True)
    done = subprocess.run(["sh", "scripts/environment.sh", "production"], cwd=Path(__file__).resolve().parents[1])
    return done.returncode == 0


def server_version() -> str:
    """Such as 10.11.6."""
    line = subprocess.run([server_binary(), "--version"], capture_output=True, text=True, check=True).stdout
    return line.split("Ver ")[-1].split("-")[0]


class PrivateServer:
    """One server in a folder of its own; can be killed and started again on the same data and port."""

    def __init__(self, folder: Path, *, durable: bool, options: tuple[str, ...]):
        self.folder, self.log = folder, folder / "server.log"
        as_user = ()
        if os.geteuid() == 0:
            as_user = ("--user=mysql",)
            shutil.chown(folder, "mysql")
        _create(folder, as_user)
        self.port, password = _free_port(), secrets.token_hex(16)
        self.url = f"mysql://lsp:{password}@127.0.0.1:{self.port}/lsp"
        first_words = folder / "init.sql"
        first_words.write_text(  # one statement per line, as --init-file wants it
            f"CREATE USER IF NOT EXISTS lsp@'127.0.0.1' IDENTIFIED BY '{password}';\n"
            "GRANT ALL ON *.* TO lsp@'127.0.0.1';\n"
        )
        self.command = [
            *(server_binary(), "--no-defaults", *as_user),
            *(f"--datadir={folder / 'data'}", f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}"),
            # A server that starts clears away the temporary tables of all others in the same tmpdir.
            *(
                f"--log-error={self.log}",
                f"--init-file={first_words}",
                f"--secure-file-priv={folder}",
                f"--tmpdir={folder}",
            ),
            *("--bind-address=127.0.0.1", f"--port={self.port}", "--skip-name-resolve"),
            *("--character-set-server=utf8mb4", "--performance-schema=OFF", "--innodb-buffer-pool-size=256M"),
            *(() if durable else QUICK),
            *options,
        ]
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns when it answers."""
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C in the terminal stops the tests; the server is stopped below
        )
        _wait_until_it_answers(self.process, self.port, self.log)

    def stop(self) -> None:
        if self.process is not None:
            _stop(self.process)


@contextlib.contextmanager
def private_server(
    *, durable: bool = False, options: tuple[str, ...] = (), within: Path | None = None
) -> Iterator[PrivateServer]:
    """Start a server with its folder `within` another, yield it, stop it whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="lsp-mariadb-", dir=within))
    server = None
    try:
        server = PrivateServer(folder, durable=durable, options=options)
        server.start()
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def private_mariadb(*, durable: bool = False, options: tuple[str, ...] = ()) -> Iterator[str]:
    """The same for who needs no more than the URL of its (still missing) database `lsp`."""
    with private_server(durable=durable, options=options) as server:
        yield server.url


def _create(folder: Path, as_user: tuple[str, ...]) -> None:
    options = (*as_user, f"--datadir={folder / 'data'}", "--auth-root-authentication-method=socket", "--skip-test-db")
    made = subprocess.run(
        ["mariadb-install-db", "--no-defaults", *options], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if made.returncode:
        raise RuntimeError(f"mariadb-install-db failed:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_it_answers(server: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            if connection.recv(1):  # the greeting
                return
        time.sleep(0.1)
    raise RuntimeError(f"MariaDB did not start:\n{log.read_text(errors='replace')[-3000:] if log.exists() else ''}")


def _stop(server: subprocess.Popen) -> None:
    server.terminate()
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def stop_on_termination() -> None:
    """Let `kill` end this program through its `finally` blocks, so that no server is left behind."""
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_args: sys.exit(129))


def main() -> int:
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else []
    if not command:
        print(__doc__)
        return 2
    stop_on_termination()
    with private_mariadb() as url:
        return subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main())
