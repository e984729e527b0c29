"""The throw-away copy in which a restore drill looks at what it restored.

The same keys and rules as the installation around it, which it is started by, but a database and a folder that are
gone afterwards, and no letters: nothing that is done here reaches a person or the real data.
"""

import json
from pathlib import Path

from core.config.env import env

from . import *

IS_SCRATCH = True
_folder = Path(env.str("SCRATCH_FOLDER"))
DATABASES = {"default": json.loads((_folder / "database.json").read_text(encoding="utf-8"))}
DATABASE_ROUTERS: list[str] = []
DOCUMENT_ROOT = _folder / "documents"
STORAGES = STORAGES | {"default": {"BACKEND": "core.documents.storage.ContentAddressedStorage"}}
ACTIVITY_CHECKPOINTS = _folder / "activity-checkpoints.jsonl"
IMPORT_ROOT, JOB_ROOT, PIECES_ROOT = _folder / "imports", _folder / "jobs", _folder / "pieces"
ALLOWED_HOSTS = ["uji-pemulihan.invalid"]
ACCEL_PREFIX, CLAMD_URL, BREACHED_PASSWORDS = "", None, None
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
OUTBOX_SEND_ON_COMMIT = False
DEMO = False
