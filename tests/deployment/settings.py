"""Production as it is, except where static files lie and that the vendor's are not compressed: that takes half a minute."""

import os

from core.config.settings.production import *
from core.config.settings.production import STORAGES

STATIC_ROOT = os.environ["TEST_STATIC_ROOT"]
STORAGES["staticfiles"]["BACKEND"] = "tests.deployment.storage.QuickStorage"
