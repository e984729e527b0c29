"""What server_docs/security/inventory.md says of the program is what the program does: nobody keeps such lists by hand."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.backends.db import SessionStore

from core.config.settings import base

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("core", "backoffice", "public_site", "cron")
INVENTORY = (ROOT / "server_docs/security/inventory.md").read_text(encoding="utf-8")


@cache
def sources() -> dict[str, str]:
    paths = (path for folder in PRODUCT for path in sorted((ROOT / folder).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@cache
def imports() -> dict[str, frozenset[str]]:
    """{file: every module or name that it imports, dotted}, wherever in the file."""
    found = {}
    for name, text in sources().items():
        names = set()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        found[name] = frozenset(names)
    return found


def importing(*modules: str) -> set[str]:
    """The files that import one of these modules, or something out of it."""
    return {
        name
        for name, names in imports().items()
        if any(one == module or one.startswith(f"{module}.") for one in names for module in modules)
    }


def section(title: str) -> str:
    return re.search(rf"^## {title}$(.*?)(?=^## |\Z)", INVENTORY, re.MULTILINE | re.DOTALL)[1]


def files_named_in(title: str) -> set[str]:
    return {name for name in re.findall(r"`([a-z_/]+\.py)`", section(title)) if name.startswith(PRODUCT)}


def test_cryptography_is_used_where_the_inventory_says_and_nowhere_else():
    users = importing(
        "hmac", "ssl", "cryptography", "pyhanko", "Crypto", "nacl", "jwt", "django.core.signing",
        "django.utils.crypto.salted_hmac",
    ) | {name for name, text in sources().items() if "signed_cookie(" in text or "hashlib.sha1" in text}  # fmt: skip
    assert users == files_named_in("Cryptography")
    hashes = {(name, word) for name, text in sources().items() for word in re.findall(r"hashlib\.(\w+)", text)}
    assert {word for _name, word in hashes} - {"sha1"} == {"sha256", "file_digest"}
    # By it the collections of breached passwords are sorted; nothing is kept or compared by it but what leaked already.
    assert {name for name, word in hashes if word == "sha1"} == {"core/accounts/breached.py"}
    assert {word for _name, text in sources().items() for word in re.findall(r"file_digest\([^)]*\"(\w+)\"", text)} == {
        "sha256"
    }


def test_the_program_connects_to_nothing_that_is_not_written_down():
    users = importing("socket", "ssl", "http.client", "urllib.request", "requests", "httpx", "smtplib", "ftplib", "boto3",
                      "botocore", "subprocess", "asyncio")  # fmt: skip
    assert users == files_named_in("Connections")


def test_nothing_that_must_not_be_guessed_comes_from_the_ordinary_generator():
    """`random` makes invented people and spreads waits; everything else comes from `secrets`."""
    users = importing("random", "django.utils.crypto.get_random_string")
    assert {name for name in users if not name.startswith("core/demo/")} == {"core/common/retrying.py"}


@pytest.mark.django_db
def test_the_key_of_a_session_cannot_be_guessed():
    assert len(VALID_KEY_CHARS) ** len(SessionStore()._get_new_session_key()) > 2**128


def test_secrets_are_compared_in_constant_time():
    """Where a token or a signature of the sender is held against ours; hashes of what everybody may know need it not."""
    for name in ("core/activity/macs.py", "core/inquiries/queries.py", "public_site/views/health.py"):
        assert re.search(r"compare_digest\(|constant_time_compare\(", (ROOT / name).read_text(encoding="utf-8")), name
    for name, text in sources().items():
        assert not re.search(r"\b(token|secret|password|signature|link_key) [!=]= \w", text), name


def test_no_secret_lies_in_the_source():
    shapes = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_[0-9A-Za-z]{20}"
        r"|(?:mysql|smtp\+?\w*|s3)://\w+:(?!password@|secret@)[^@$\s{<]{6,}@"
    )
    for name, text in sources().items():
        assert not shapes.search(text), name
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in ("SECRET_KEY", "LOOKUP_KEY", "FIELD_ENCRYPTION_KEYS", "CERTIFICATE_SIGNING_KEY", "METRICS_TOKEN"):
        assert re.search(rf"^{name}=$", example, re.MULTILINE), name
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_logs_go_where_the_inventory_says():
    assert {handler["class"] for handler in base.LOGGING["handlers"].values()} == {"logging.StreamHandler"}
    production = (ROOT / "core/config/settings/production.py").read_text(encoding="utf-8")
    assert re.findall(r'LOGGING\["handlers"\]\["(\w+)"\] = \{"class": "([\w.]+)"', production) == [
        ("letters", "core.watch.letters.FaultLetterHandler")
    ]
    for name in ("core.watch.letters", "journalctl", "/var/log/nginx/lsp.log", "core_activityentry"):
        assert name in section("Logs")
    assert importing("logging.handlers", "sentry_sdk", "syslog") == set()
    assert not [name for name, text in sources().items() if re.search(r"^\s*print\(", text, re.MULTILINE)]


def nginx_says(name: str) -> list[str]:
    text = (ROOT / "server_docs/examples/nginx.conf").read_text(encoding="utf-8")
    return re.findall(rf"^\s*{name}\s+([^;]+);", text, re.MULTILINE)


def test_tls_is_of_today():
    """No TLS 1.0 and 1.1, no 3DES, no CBC: forward secrecy and authenticated encryption only."""
    assert nginx_says("ssl_protocols") == ["TLSv1.2 TLSv1.3"]
    [ciphers] = nginx_says("ssl_ciphers")
    for cipher in ciphers.split(":"):
        assert cipher.startswith("ECDHE-"), cipher
        assert "-GCM-" in cipher or cipher.endswith("CHACHA20-POLY1305"), cipher
    assert nginx_says("server_tokens") == ["off"]
    assert nginx_says("autoindex") == []


def test_nginx_asks_nobody_but_the_application():
    assert set(nginx_says("proxy_pass")) == {"http://lsp"}
    assert nginx_says("resolver") == []
    assert nginx_says("server unix:/run/lsp.sock")


def test_the_example_of_nginx_is_the_one_proxy_that_the_settings_count():
    assert nginx_says("proxy_set_header X-Forwarded-For") == ["$proxy_add_x_forwarded_for"]
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(r"^TRUSTED_PROXIES=1$", example, re.MULTILINE)
