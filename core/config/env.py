"""The only reader of the environment. Every name read here stands in .env.example with one line."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]

env = environ.Env()
if not os.environ.get("IGNORE_DOTENV"):
    environ.Env.read_env(BASE_DIR / ".env")

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
