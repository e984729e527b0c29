"""The real server. Refuses to start rather than run unsafely or half-configured."""

from django.core.exceptions import ImproperlyConfigured

from core.config.env import env

from .base import *  # noqa: F403


def _required(name: str, minimum: int = 1) -> str:
    value = env.str(name, default="")
    if len(value) < minimum:
        raise ImproperlyConfigured(
            f"{name} is missing or shorter than {minimum} characters; see .env.example and server_docs/installation.md"
        )
    return value


if env.bool("DEMO", default=False) or env.bool("DEBUG", default=False):
    raise ImproperlyConfigured("DEMO and DEBUG must be off in production")

DEBUG = False
SECRET_KEY = _required("SECRET_KEY", 50)
LOOKUP_KEY = _required("LOOKUP_KEY", 32)
FIELD_ENCRYPTION_KEYS = _required("FIELD_ENCRYPTION_KEYS", 44).split(",")
ALLOWED_HOSTS = _required("ALLOWED_HOSTS").split(",")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts, not '*'")
if not _required("SITE_URL").startswith("https://"):
    raise ImproperlyConfigured("SITE_URL must begin with https://")
_required("DATABASE_URL")
_required("EMAIL_URL")
vars().update(env.email_url("EMAIL_URL"))

CSRF_TRUSTED_ORIGINS = [SITE_URL]  # noqa: F405
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
STORAGES["staticfiles"]["BACKEND"] = "whitenoise.storage.CompressedManifestStaticFilesStorage"  # noqa: F405
