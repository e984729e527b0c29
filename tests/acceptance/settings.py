"""What the report is made with: the product's settings, and the templates of the report beside its own."""

import os
from pathlib import Path

os.environ["ENVIRONMENT"] = "test"
os.environ["IGNORE_DOTENV"] = "1"

from core.config.settings import *  # noqa: F403

TEMPLATES = [TEMPLATES[0] | {"DIRS": [Path(__file__).parent / "templates"]}]  # noqa: F405
