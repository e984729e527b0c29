"""Keep a small filled database of this version, for the next one to prove that it can be upgraded to.

    python scripts/keep_release.py

Run once for each release, on its tag, and commit what it writes: tests/deployment/previous/ then holds invented people
and cases on SQLite and MariaDB as this version left them, the keys that open them (made for this, of no other use), and
what the tests look for. tests/deployment/test_upgrade.py brings both to the newest migration.
"""

import base64
import json
import lzma
import os
import secrets
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from private_mariadb import private_mariadb, stop_on_termination

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "deployment" / "previous"
#: Every state of a case occurs among so many.
CASES = "24"


def keys() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "LOOKUP_KEY": secrets.token_urlsafe(48),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "CERTIFICATE_SIGNING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
    }


def fill(url: str, var: str, values: dict[str, str]) -> str:
    """A database with invented cases; the name of its newest migration."""
    environment = os.environ | values
    environment |= {
        "IGNORE_DOTENV": "1",
        "ENVIRONMENT": "development",
        "DEMO": "1",
        "DATABASE_URL": url,
        "VAR_DIR": var,
    }
    for command in (["migrate", "-v0"], ["load_reference"], ["seed_demo", "--applications", CASES]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment, check=True)
    return sorted(path.stem for path in (ROOT / "core" / "migrations").glob("0*.py"))[-1]


def keep(**files: bytes) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = KEPT / f"{name.replace('_', '.')}.xz"
        path.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))


def main() -> int:
    stop_on_termination()
    values = keys()
    with tempfile.TemporaryDirectory() as var:
        newest = fill(f"sqlite:///{var}/lsp.sqlite3", var, values)
        whole = Path(var, "whole.sqlite3")
        with sqlite3.connect(f"{var}/lsp.sqlite3") as line:
            line.execute("VACUUM INTO ?", [str(whole)])
        sqlite = whole.read_bytes()
    with tempfile.TemporaryDirectory() as var, private_mariadb() as url:
        address = urlsplit(url)
        client = [f"--host={address.hostname}", f"--port={address.port}", f"--user={address.username}"]
        password = os.environ | {"MYSQL_PWD": address.password or ""}
        create = "CREATE DATABASE lsp CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
        subprocess.run(["mariadb", "--no-defaults", *client, "-e", create], env=password, check=True)
        fill(url, var, values)
        quiet = ["--single-transaction", "--hex-blob", "--skip-dump-date", "--skip-comments", "--order-by-primary"]
        dump = ["mariadb-dump", "--no-defaults", *client, *quiet, "lsp"]
        mariadb = subprocess.run(dump, env=password, capture_output=True, check=True).stdout
    keep(sqlite3=sqlite, mariadb_sql=mariadb)
    facts = {"migration": newest, "keys": values}
    (KEPT / "facts.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
