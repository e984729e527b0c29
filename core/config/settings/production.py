"""The real server. Refuses to start rather than run unsafely or half-configured."""

import base64
import binascii
import shlex
from pathlib import Path

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from core.config.env import SECRETS_FOLDER, env, metrics_folder

from .base import *


def _refuse(name: str, reason: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} {reason}; see .env.example and server_docs/installation.md")


def _required(name: str, minimum: int = 1) -> str:
    value = env.str(name, default="").strip()
    if len(value) < minimum:
        raise _refuse(name, f"is missing or shorter than {minimum} characters")
    return value


def _listed(name: str) -> list[str]:
    values = [part.strip() for part in _required(name).split(",") if part.strip()]
    if not values:
        raise _refuse(name, "is missing")
    return values


for name in ("DEMO", "DEBUG"):
    if env.bool(name, default=False):
        raise _refuse(name, "must be off in production")

if SECRETS_FOLDER and Path(SECRETS_FOLDER).resolve().is_relative_to(VAR_DIR.resolve()):
    raise _refuse("SECRETS_FOLDER", "must not lie in VAR_DIR, beside the data that the secrets protect")

DEBUG = False
SECRET_KEY = _required("SECRET_KEY", 50)
LOOKUP_KEY = _required("LOOKUP_KEY", 32)
FIELD_ENCRYPTION_KEYS = _listed("FIELD_ENCRYPTION_KEYS")
for key in FIELD_ENCRYPTION_KEYS:
    try:
        Fernet(key)
    except ValueError as error:
        raise _refuse("FIELD_ENCRYPTION_KEYS", "holds something that is no Fernet key") from error
if len({SECRET_KEY, LOOKUP_KEY, *FIELD_ENCRYPTION_KEYS}) < 2 + len(FIELD_ENCRYPTION_KEYS):
    raise _refuse("SECRET_KEY, LOOKUP_KEY, FIELD_ENCRYPTION_KEYS", "must differ from one another")

CERTIFICATE_SIGNING_KEY = _required("CERTIFICATE_SIGNING_KEY", 43).rstrip("=")
try:
    seed = base64.b64decode(CERTIFICATE_SIGNING_KEY + "=", altchars=b"-_", validate=True)
except binascii.Error as error:
    raise _refuse("CERTIFICATE_SIGNING_KEY", "is no base64url") from error
if len(seed) != 32 or base64.urlsafe_b64encode(seed).rstrip(b"=").decode() != CERTIFICATE_SIGNING_KEY:
    raise _refuse("CERTIFICATE_SIGNING_KEY", "is not 32 bytes as base64url")

ALLOWED_HOSTS = _listed("ALLOWED_HOSTS")
if any("*" in host for host in ALLOWED_HOSTS):
    raise _refuse("ALLOWED_HOSTS", "must name the hosts, not '*'")
if not _required("SITE_URL").startswith("https://"):
    raise _refuse("SITE_URL", "must begin with https://")
_required("DATABASE_URL")
if not _required("EMAIL_URL").startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
    raise _refuse("EMAIL_URL", "must be a mail server (smtp…)")
vars().update(env.email_url("EMAIL_URL"))
# Said, not guessed: with a number too low all visitors share the proxy's address, and so one limit
# of guesses; with one too high they choose their own address.
_required("TRUSTED_PROXIES")

CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^sehat/$"]
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
TRUSTED_DEVICE_COOKIE = "__Host-perangkat"
if CRON_LOG := env.str("CRON_LOG", default="").strip():
    CRONTAB_COMMAND_SUFFIX = f">> {shlex.quote(CRON_LOG)} 2>&1"
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"

# --- watching ------------------------------------------------------------------------------------

if METRICS_TOKEN:
    if len(METRICS_TOKEN) < 32:
        raise _refuse("METRICS_TOKEN", "is shorter than 32 characters")
    METRICS_DIR = metrics_folder("METRICS_DIR", default=VAR_DIR / "metrics")
if not all("@" in address for _name, address in ADMINS):
    raise _refuse("ADMINS", "must be addresses, comma-separated")
DEFAULT_EXCEPTION_REPORTER_FILTER = "core.watch.letters.PersonalDataFilter"
LOGGING["formatters"]["line"] = {"()": "core.watch.logs.LineFormatter"}
LOGGING["filters"] = {"only_faults": {"()": "core.watch.logs.OnlyFaults"}}
LOGGING["handlers"]["console"]["formatter"] = "line"
LOGGING["handlers"]["letters"] = {"class": "core.watch.letters.FaultLetterHandler", "level": "ERROR"}
LOGGING["root"]["handlers"] = ["console", "letters"]
LOGGING["loggers"] |= {
    "core.watch.request": {"level": "INFO"},
    "django.request": {"level": "ERROR", "filters": ["only_faults"]},
    # Django's own handlers would write the same a second time, and mail it unscrubbed.
    "django": {"handlers": [], "level": "INFO"},
    # Every scanner of the net asks for hosts that are none; nginx answers most of them.
    "django.security.DisallowedHost": {"level": "CRITICAL"},
    "django.server": {"handlers": [], "level": "ERROR"},
}
