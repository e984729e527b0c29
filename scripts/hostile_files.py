"""Writes server_docs/hostile-files.md: every hostile file of the tests and what entry control answers to it."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django  # noqa: E402

django.setup()

from tests.core.documents.hostile import table  # noqa: E402

(ROOT / "server_docs" / "hostile-files.md").write_text(table(), encoding="utf-8")
