"""The test suite: quick hashing, mail in memory, documents in a folder that pytest throws away."""

import tempfile
from pathlib import Path

from core.config.env import env, fernet_key

from .base import *  # noqa: F403

DEBUG = False
DEMO = False
SECRET_KEY = "test-only-secret-key-of-no-value"  # noqa: S105
FIELD_ENCRYPTION_KEYS = [fernet_key("test-only")]
LOOKUP_KEY = "test-only-lookup"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

if env.str("TEST_DATABASE_URL", default=""):
    DATABASES["default"] |= env.db_url("TEST_DATABASE_URL")  # noqa: F405

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DOCUMENT_ROOT = Path(tempfile.gettempdir()) / "lsp-test-documents"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
