"""The only reader of the environment. Every name read here stands in .env.example with one line."""

import base64
import hashlib
import os
import re
import secrets
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

#: Whoever reads one of these reads what it guards. Each may stand in a file of SECRETS_FOLDER instead.
SECRET_NAMES = (
    "SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "LOOKUP_KEY", "CERTIFICATE_SIGNING_KEY", "PDF_SIGNING_PASSWORD",
    "DATABASE_URL", "DATABASE_REPLICA_URL", "EMAIL_URL", "STORAGE_URL", "METRICS_TOKEN", "BACKUP_REPOSITORY",
    "BACKUP_REPOSITORY_REMOTE", "BACKUP_DATABASE_URL", "DRILL_DATABASE_URL", "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
)  # fmt: skip


class _DotEnv(environ.Env):
    """What stands in .env, before it becomes the environment of this process."""

    ENVIRON: dict[str, str] = {}


def read_secrets(folder: Path, *, dotenv: dict[str, str]) -> dict[str, str]:
    """Secrets out of the files of a folder, each named as the setting that it holds; others there are left alone.

    What the environment of the process has itself counts before them: a restore drill names its own database. A secret
    that stands in .env as well is refused, since nobody could say which of the two counts.
    """
    if not folder.is_dir():
        raise ImproperlyConfigured(f"SECRETS_FOLDER: {folder} is no folder that this account can look into")
    found = {}
    for name in SECRET_NAMES:
        path = folder / name
        try:
            value, rights = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{name} in SECRETS_FOLDER cannot be read: {type(error).__name__}") from error
        if rights & 0o007:
            raise ImproperlyConfigured(f"{name} in SECRETS_FOLDER is open to every account here (chmod 0440)")
        if dotenv.get(name):
            raise ImproperlyConfigured(f"{name} stands in .env and in SECRETS_FOLDER; leave it in one of them")
        if not os.environ.get(name):
            found[name] = value
    return found


env = environ.Env()
if not os.environ.get("IGNORE_DOTENV"):
    _DotEnv.read_env(BASE_DIR / ".env")
SECRETS_FOLDER = (os.environ.get("SECRETS_FOLDER") or _DotEnv.ENVIRON.get("SECRETS_FOLDER", "")).strip()
# All is looked at before anything is taken over: Django asks for settings that were refused a second time.
os.environ |= read_secrets(Path(SECRETS_FOLDER), dotenv=_DotEnv.ENVIRON) if SECRETS_FOLDER else {}
for _name, _value in _DotEnv.ENVIRON.items():
    os.environ.setdefault(_name, _value)

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def whole_number(name: str, default: int) -> int:
    """A number of 0 or more."""
    value = env.str(name, default="").strip() or str(default)
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number; see .env.example")
    return int(value)


def database(name: str, default: str) -> dict:
    """Django's settings of the database that a variable names, with the options that the product relies on."""
    found = env.db_url_config(env.str(name, default="").strip() or default)
    if "ENGINE" not in found:
        raise ImproperlyConfigured(f"{name} is not the address of a database; see .env.example")
    if found["ENGINE"].endswith("sqlite3"):
        # IMMEDIATE takes the write lock at the start of a transaction, so that two writers queue up
        # instead of one of them failing with "database is locked" half-way.
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        }
    elif found["ENGINE"].endswith("mysql"):
        # READ COMMITTED: a row that was locked with select_for_update is then read as it is now, not
        # as it was when the transaction began. utf8mb4: names may hold any character.
        found.setdefault("OPTIONS", {}).update(
            {"charset": "utf8mb4", "isolation_level": "read committed", "sql_mode": "STRICT_TRANS_TABLES"}
        )
        found |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "TEST": {"CHARSET": "utf8mb4"}}
    return found


def replica_database(name: str, of: dict) -> dict | None:
    """Django's settings of a MariaDB that follows the database `of`; None when no replica is named."""
    if not env.str(name, default="").strip():
        return None
    found = database(name, default="")
    if not (found["ENGINE"].endswith("mysql") and of["ENGINE"].endswith("mysql")):
        raise ImproperlyConfigured(f"{name} must be a MariaDB that follows the one of DATABASE_URL; see .env.example")
    # A replica that hangs must not hang the page: the primary answers then (core.common.replica).
    found["OPTIONS"] |= {"connect_timeout": 2, "read_timeout": 60, "init_command": "SET SESSION TRANSACTION READ ONLY"}
    return found | {"TEST": {"MIRROR": "default"}}


def shared_cache(name: str) -> dict:
    """Django's settings of the cache: a table that all processes share (dbcache://name), or each process's memory."""
    value = env.str(name, default="").strip()
    if not value:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    url = urlsplit(value)
    if url.scheme != "dbcache" or not re.fullmatch(r"[a-z_]{1,60}", url.netloc) or url.path:
        raise ImproperlyConfigured(f"{name} must be dbcache://name_of_a_table; see .env.example")
    return {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": url.netloc,
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }


def document_place(name: str, default: Path) -> tuple[Path, dict]:
    """Where documents lie: (the folder, Django's settings of the storage).

    file:///folder, or s3://key:secret@host[:port]/bucket[/folder] with ?region=… and, for a server on
    the same machine only, ?tls=0. The folder stays where it is for a copy that has moved to a bucket.
    """
    value = env.str(name, default="").strip() or default.as_uri()
    try:
        url = urlsplit(value)
        port = url.port
    except ValueError as error:
        raise _no_place(name) from error
    if url.scheme == "file" and not url.netloc and url.path.startswith("/"):
        return Path(unquote(url.path)), {"BACKEND": "core.documents.storage.ContentAddressedStorage"}
    bucket, _slash, folder = unquote(url.path).strip("/").partition("/")
    if url.scheme != "s3" or not (url.hostname and url.username and url.password and bucket):
        raise _no_place(name)
    query = parse_qs(url.query)
    scheme = "http" if query.get("tls") == ["0"] else "https"
    if scheme == "http" and url.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ImproperlyConfigured(f"{name} must not send documents unencrypted to another machine; see .env.example")
    host = f"[{url.hostname}]" if ":" in url.hostname else url.hostname
    return default, {
        "BACKEND": "core.documents.bucket.ContentAddressedBucket",
        "OPTIONS": {
            "access_key": unquote(url.username),
            "secret_key": unquote(url.password),
            "bucket_name": bucket,
            "location": folder,
            "endpoint_url": f"{scheme}://{host}{f':{port}' if port else ''}",
            "region_name": query.get("region", ["us-east-1"])[0],
        },
    }


def _no_place(name: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} must be file:///folder or s3://key:secret@host/bucket; see .env.example")


def file_or_none(name: str) -> Path | None:
    """A file that the environment names; None when it names none."""
    value = env.str(name, default="").strip()
    return Path(value) if value else None


def breached_passwords(name: str) -> SplitResult | None:
    """Where breached passwords are looked up: file:///folder or https://service/range/; None when nowhere.

    Unencrypted only on the same machine.
    """
    value = env.str(name, default="").strip()
    if not value:
        return None
    url = urlsplit(value)
    is_folder = url.scheme == "file" and not url.netloc and url.path.startswith("/")
    is_near = url.scheme == "http" and url.hostname == "127.0.0.1"
    is_service = (url.scheme == "https" or is_near) and url.hostname and url.path.endswith("/")
    if url.query or url.fragment or not (is_folder or is_service):
        raise ImproperlyConfigured(f"{name} must be file:///folder or https://service/range/; see .env.example")
    return url


def virus_scanner(name: str) -> SplitResult | None:
    """Where clamd listens: tcp://host:port or unix:///path; None when none is configured."""
    value = env.str(name, default="").strip()
    if not value:
        return None
    try:
        url = urlsplit(value)
        if (url.scheme == "tcp" and url.hostname and url.port) or (url.scheme == "unix" and len(url.path) > 1):
            return url
    except ValueError:
        pass
    raise ImproperlyConfigured(f"{name} must be tcp://host:port or unix:///path; see .env.example")


def folder_address(name: str) -> str:
    """A path of an address such as /berkas-privat/, with a slash at both ends; "" when none is set."""
    value = env.str(name, default="").strip()
    if value and not (value.startswith("/") and value.endswith("/") and len(value) > 2):
        raise ImproperlyConfigured(f"{name} must begin and end with a slash; see .env.example")
    return value


def metrics_folder(name: str, default: Path) -> Path:
    """Where processes keep their counts. The library that writes them asks the environment itself, for its own name."""
    folder = Path(env.str(name, default="").strip() or default)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return folder


def local_secret(name: str) -> str:
    """A random secret kept in `var/secrets/`, so that a development copy needs no configuration.

    Production never uses this: `production.py` demands each secret from the environment, because
    a key that lies beside the data it protects protects nothing.
    """
    path = VAR_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(secrets.token_urlsafe(48))
        temporary.chmod(0o600)
        try:
            os.link(temporary, path)  # atomic: of two processes that start at once, one wins
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text().strip()


def signing_seed(secret: str) -> str:
    """A private Ed25519 key (32 bytes, base64url without padding) derived from any secret text."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).rstrip(b"=").decode()


def fernet_key(secret: str) -> str:
    """A Fernet key (32 bytes, url-safe base64) derived from any secret text."""
    return base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode()
