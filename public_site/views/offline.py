"""The service worker: form pages that can be opened without network, and answers that are sent when the link is back.

One file at the root, so that it may serve both the desk and the applications; made of the worker's own script, the
store that it shares with the pages, and the list of what the pages need.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).resolve().parents[1] / "static"
SHARED, OWN = "public_site/js/store.js", "public_site/js/worker.js"
ASSETS = (
    "public_site/css/portal.css",
    "public_site/img/favicon.svg",
    "public_site/js/form.js",
    "public_site/js/portal.js",
    "public_site/js/upload.js",
    SHARED,
)


def _script() -> str:
    """A change in any of the files makes another version, and browsers fetch everything anew."""
    contents = [(FOLDER / name).read_bytes() for name in (*ASSETS, OWN)]
    facts = {
        "VERSION": hashlib.sha256(b"\0".join(contents)).hexdigest()[:12],
        "ASSETS": [static(name) for name in ASSETS],
        "FALLBACK": reverse("public_site:offline"),
    }
    parts = [(FOLDER / name).read_text(encoding="utf-8") for name in (SHARED, OWN)]
    return "\n".join([f"self.lspWorker = {json.dumps(facts)};", *parts])


_script_of_this_release = cache(_script)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """Browsers ask for it again at every visit and compare it byte by byte."""
    script = _script() if settings.DEBUG else _script_of_this_release()
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def fallback(request: HttpRequest) -> HttpResponse:
    return render(request, "public_site/offline.html")
