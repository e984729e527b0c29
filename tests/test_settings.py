"""Settings come from the environment; production refuses to start on an unsafe one, and says which."""

import ast
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.config.env import read_secrets

ROOT = Path(__file__).resolve().parents[1]
READERS = (
    "env.str",
    "env.bool",
    "env.list",
    "env.email_url",
    "os.environ.get",
    "database",
    "replica_database",
    "shared_cache",
    "whole_number",
    "document_place",
    "file_or_none",
    "folder_address",
    "metrics_folder",
    "breached_passwords",
    "virus_scanner",
    "_required",
    "_listed",
)
#: An environment that production accepts.
SAFE = {
    "ENVIRONMENT": "production",
    "IGNORE_DOTENV": "1",
    "SECRET_KEY": "".join(map(chr, range(48, 123))),
    "LOOKUP_KEY": "Zq7" * 14,
    "FIELD_ENCRYPTION_KEYS": "0vS9aZ2Vqk1m3n5p7r9t1v3x5z7B9D1F3H5J7L9N1P0=",
    "CERTIFICATE_SIGNING_KEY": "bm8gc2VjcmV0IGF0IGFsbCwganVzdCAzMiBieXRlcyE",
    "ALLOWED_HOSTS": "sertifikasi.contoh.id, www.contoh.id",
    "SITE_URL": "https://sertifikasi.contoh.id",
    "DATABASE_URL": "sqlite:////nonexistent/lsp.sqlite3",
    "EMAIL_URL": "smtp+tls://user:password@mail.contoh.id:587",
    "TRUSTED_PROXIES": "1",
}
UNSAFE = [
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "short"),
    ("LOOKUP_KEY", ""),
    ("LOOKUP_KEY", "short"),
    ("LOOKUP_KEY", SAFE["SECRET_KEY"]),
    ("FIELD_ENCRYPTION_KEYS", ""),
    ("FIELD_ENCRYPTION_KEYS", " , "),
    ("FIELD_ENCRYPTION_KEYS", "this is not a key of Fernet, though long enough"),
    ("CERTIFICATE_SIGNING_KEY", ""),
    ("CERTIFICATE_SIGNING_KEY", "bm8gc2VjcmV0"),
    ("CERTIFICATE_SIGNING_KEY", "bm8gc2VjcmV0IGF0IGFsbCwganVzdCAzMiBieXRlcyF"),
    ("ALLOWED_HOSTS", ""),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "sertifikasi.contoh.id, *"),
    ("SITE_URL", ""),
    ("SITE_URL", "http://sertifikasi.contoh.id"),
    ("DATABASE_URL", ""),
    ("EMAIL_URL", ""),
    ("EMAIL_URL", "consolemail://"),
    ("TRUSTED_PROXIES", ""),
    ("TRUSTED_PROXIES", "many"),
    ("STORAGE_URL", "/var/lib/lsp/documents"),
    ("STORAGE_URL", "file://documents"),
    ("STORAGE_URL", "s3://key:secret@bucket"),
    ("STORAGE_URL", "s3://host/bucket"),
    ("STORAGE_URL", "s3://key:secret@s3.contoh.id/bucket?tls=0"),
    ("STORAGE_URL", "s3://key:secret@s3.contoh.id:x/bucket"),
    ("ACCEL_PREFIX", "berkas"),
    ("ACCEL_PREFIX", "/"),
    ("CLAMD_URL", "127.0.0.1:3310"),
    ("CLAMD_URL", "tcp://127.0.0.1"),
    ("CLAMD_URL", "unix://"),
    ("BREACHED_PASSWORDS", "http://sandi.contoh.id/range/"),
    ("BREACHED_PASSWORDS", "/srv/sandi-bocor"),
    ("DATABASE_REPLICA_URL", "mysql://lsp:x@replica.contoh.id/lsp"),  # of a database that is no MariaDB
    ("CACHE_URL", "redis://127.0.0.1"),
    ("DEMO", "1"),
    ("DEBUG", "1"),
]


def manage(*arguments: str, environment: dict[str, str], var: Path) -> subprocess.CompletedProcess:
    """Run a command of the product with exactly this environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={"PATH": os.environ["PATH"], "VAR_DIR": str(var)} | environment, capture_output=True, text=True,
    )  # fmt: skip


def test_production_starts_on_a_safe_environment(tmp_path):
    answer = manage("check", "--deploy", "--fail-level", "WARNING", environment=SAFE, var=tmp_path)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_production_refuses_an_unsafe_setting_and_names_it(name, value, tmp_path):
    answer = manage("check", environment=SAFE | {name: value}, var=tmp_path)
    assert answer.returncode != 0
    assert "ImproperlyConfigured" in answer.stderr
    assert name in answer.stderr.strip().splitlines()[-1]


def test_production_keeps_no_secret_beside_the_data(tmp_path):
    manage("check", environment=SAFE, var=tmp_path)
    assert not (tmp_path / "secrets").exists()


# --- secrets in files ---------------------------------------------------------------------------------------------

IN_FILES = ("SECRET_KEY", "LOOKUP_KEY", "FIELD_ENCRYPTION_KEYS", "CERTIFICATE_SIGNING_KEY", "DATABASE_URL", "EMAIL_URL")


@pytest.fixture
def secrets_folder(tmp_path) -> Path:
    """Every secret of a safe environment in a file named as its setting; beside them one that is none of them."""
    folder = tmp_path / "run"
    folder.mkdir()
    for name in IN_FILES:
        (folder / name).write_text(f"{SAFE[name]}\n", encoding="utf-8")
        (folder / name).chmod(0o440)
    (folder / "backup-password").write_text("lain")
    return folder


@pytest.fixture
def from_files(secrets_folder) -> dict[str, str]:
    """The environment that is left when its secrets stand in files."""
    left = {name: value for name, value in SAFE.items() if name not in IN_FILES}
    return left | {"SECRETS_FOLDER": str(secrets_folder)}


def test_secrets_may_stand_in_files_of_which_every_command_knows(from_files, tmp_path):
    """Web, cron, jobs and whoever types a command begin with the same settings: there is no other way in."""
    tell = "from django.conf import settings as s; print(s.SECRET_KEY, s.EMAIL_HOST_PASSWORD, s.DATABASES['default']['NAME'])"
    environment = {"DJANGO_SETTINGS_MODULE": "core.config.settings", "VAR_DIR": str(tmp_path / "var")} | from_files
    told = subprocess.run([sys.executable, "-c", tell], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert told.stdout.split() == [SAFE["SECRET_KEY"], "password", "/nonexistent/lsp.sqlite3"], told.stderr


def test_what_the_process_was_given_itself_counts_before_a_file(secrets_folder, monkeypatch):
    """A restore drill gives its commands a database of their own."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////elsewhere/drill.sqlite3")
    monkeypatch.setenv("EMAIL_URL", "")

    found = read_secrets(secrets_folder, dotenv={"SECRET_KEY": ""})

    assert "DATABASE_URL" not in found
    assert (found["SECRET_KEY"], found["EMAIL_URL"]) == (SAFE["SECRET_KEY"], SAFE["EMAIL_URL"])


def test_no_secret_stands_in_two_places(from_files, secrets_folder, tmp_path):
    """Also not on the second look: Django asks for settings that were refused once more."""
    with pytest.raises(ImproperlyConfigured, match=r"LOOKUP_KEY stands in \.env and in SECRETS_FOLDER"):
        read_secrets(secrets_folder, dotenv={"LOOKUP_KEY": "an older one"})

    copy = tmp_path / "copy" / "core" / "config"
    shutil.copytree(ROOT / "core" / "config", copy)
    (tmp_path / "copy" / ".env").write_text(f"SECRET_KEY={'x' * 60}\n", encoding="utf-8")
    look = "import core.config.env as env; print(env.env.str('SECRET_KEY'))"
    twice = f"""
try:
    {look}
except Exception as error:
    print(type(error).__name__)
{look}
"""
    environment = {"SECRETS_FOLDER": str(secrets_folder), "VAR_DIR": str(tmp_path / "var")}
    told = subprocess.run(
        [sys.executable, "-c", twice], cwd=tmp_path / "copy", env=environment, capture_output=True, text=True
    )
    assert told.stdout.split() == ["ImproperlyConfigured"]
    assert "SECRET_KEY stands in .env" in told.stderr.splitlines()[-1]


def test_a_folder_that_is_not_there_or_open_to_everybody_is_refused(from_files, secrets_folder, tmp_path):
    def refusal(**changed: str) -> str:
        answer = manage("check", environment=from_files | changed, var=tmp_path / "var")
        assert answer.returncode != 0
        return answer.stderr.strip().splitlines()[-1]

    assert "is no folder" in refusal(SECRETS_FOLDER=str(tmp_path / "none"))
    (secrets_folder / "LOOKUP_KEY").chmod(0o444)
    assert "LOOKUP_KEY in SECRETS_FOLDER is open to every account" in refusal()
    (secrets_folder / "LOOKUP_KEY").chmod(0o440)
    assert "must not lie in VAR_DIR" in refusal(VAR_DIR=str(tmp_path))


def test_an_unknown_environment_is_refused(tmp_path):
    answer = manage("check", environment={"ENVIRONMENT": "produksi", "IGNORE_DOTENV": "1"}, var=tmp_path)
    assert answer.returncode != 0
    assert "development, test, production" in answer.stderr


def test_development_needs_no_configuration(tmp_path):
    answer = manage("check", "--fail-level", "WARNING", environment={"IGNORE_DOTENV": "1"}, var=tmp_path)
    assert answer.returncode == 0, answer.stderr
    secrets = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(secrets) == {"secret_key", "field_key", "lookup_key", "certificate_key", "backup_password"}
    assert len(set(secrets.values())) == 5
    manage("check", environment={"IGNORE_DOTENV": "1"}, var=tmp_path)
    assert secrets == {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}


def test_env_example_lists_exactly_what_is_read():
    listed = re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == _names_read_in_config()


def test_every_line_of_env_example_is_explained():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for before, line in pairwise(lines):
        assert not re.match(r"[A-Z0-9_]+=", line) or before.startswith("# "), line


def _names_read_in_config() -> set[str]:
    names = set()
    for path in (ROOT / "core" / "config").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func) in READERS:
                names |= {word.value for word in node.args[:1] if isinstance(word, ast.Constant)}
            elif isinstance(node, ast.For) and isinstance(node.iter, ast.Tuple):  # for name in ("DEMO", "DEBUG")
                names |= {word.value for word in node.iter.elts if isinstance(word, ast.Constant)}
    return names
