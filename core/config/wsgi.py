"""WSGI entry point for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
application = get_wsgi_application()

# What was loaded stays: a collection need not look through all of it again while somebody waits for a page (one
# request of some sixty took 0.2 s more, on a slow machine 0.5 s). The addresses bring in both faces.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
