"""The test suite: quick hashing, mail in memory; database file and documents in a folder that is thrown away.

The database is SQLite, or the one that TEST_DATABASE_URL names: Django makes its own test database
there. SQLite keeps it in a file rather than in memory, so that two connections are really two, as
they are in production; each process has a folder of its own, so that several test runs can go on
side by side.
"""

import atexit
import shutil
import tempfile
from pathlib import Path

from core.config.env import database, fernet_key, signing_seed

from .base import *

#: In memory where there is plenty: every stored file is flushed to the disk before its row is written.
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it has a name nobody can guess
IN_MEMORY = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 4 << 30
TEST_DIR = Path(tempfile.mkdtemp(prefix="lsp-test-", dir=MEMORY if IN_MEMORY else None))
atexit.register(shutil.rmtree, TEST_DIR, ignore_errors=True)

DEBUG = False
DEMO = False
SECRET_KEY = "test-only-secret-key-of-no-value"  # noqa: S105
FIELD_ENCRYPTION_KEYS = [fernet_key("test-only")]
LOOKUP_KEY = "test-only-lookup"
CERTIFICATE_SIGNING_KEY = signing_seed("test-only")
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

DATABASES = {"default": database("TEST_DATABASE_URL", default=f"sqlite:///{TEST_DIR / 'lsp.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DOCUMENT_ROOT = TEST_DIR / "documents"
ACCEL_PREFIX = ""
CLAMD_URL = BREACHED_PASSWORDS = None
STORAGES["default"] = {"BACKEND": "core.documents.storage.ContentAddressedStorage"}
ACTIVITY_CHECKPOINTS = TEST_DIR / "activity-checkpoints.jsonl"
IMPORT_ROOT = TEST_DIR / "imports"
JOB_ROOT = TEST_DIR / "jobs"
MANUAL_ROOT = TEST_DIR / "manuals"
BACKUP_ROOT = TEST_DIR / "backups"
BACKUP_REPOSITORIES = {"local": str(TEST_DIR / "repository"), "remote": ""}
BACKUP_PASSWORD_FILE = BACKUP_SSH_CONFIG = None
BACKUP_DATABASE_URL = ""
TIMETABLE_ROOT = TEST_DIR / "timetable"
PIECES_ROOT = TEST_DIR / "pieces"
FAULT_MEMORY = TEST_DIR / "faults.json"
ADMINS = []
METRICS_TOKEN = ""
DISK_FREE_LIMIT = 0
CLOCKS_APART = timedelta(days=36500)  # tests travel in time, the database does not
DRILL_FOLDER, DRILL_DATABASE_URL = TEST_DIR / "drill", ""
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
