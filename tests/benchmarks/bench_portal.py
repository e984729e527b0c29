"""What the portal's pages weigh and how soon they can be used on a poor link, beside a peer.

    python -m tests.benchmarks.bench_portal [--peer http://127.0.0.1:PORT/path/]

A server with the settings of production (WhiteNoise, compression, hashed names) on SQLite with the reference data, and Chromium
held by its own throttle to 400 kbps and 400 ms. First visit: an empty browser. Later: the same browser, which has seen
another page before. Bytes are those of the network with their heads, requests those that reached the server; "usable"
is when the page is painted and its scripts have run. `--peer`, or the environment's PEER, is a page of somebody else's
that runs already. Ends with 1 when a budget is exceeded.
"""

import argparse
import base64
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OF_THE_CANDIDATE = ("FR.APL-01, personal data", "FR.APL-02, one unit")
LINK = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
RUNS = 3
KB = 1024
TEXT_PAGE, FORM_PAGE, LATER, SCRIPTS, REQUESTS = 60 * KB, 100 * KB, 15 * KB, 20 * KB, 6
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
USABLE = """() => new Promise(resolve => {
  const tell = () => {
    const [painted] = performance.getEntriesByName('first-contentful-paint');
    const [way] = performance.getEntriesByType('navigation');
    if (painted && way.domContentLoadedEventEnd) resolve(Math.max(painted.startTime, way.domContentLoadedEventEnd));
    else setTimeout(tell, 50);
  };
  tell();
})"""


@dataclass
class Visit:
    """One opening of a page."""

    bytes: float = 0
    scripts: float = 0
    requests: int = 0
    seconds: float = 0
    _kinds: dict[str, str] = field(default_factory=dict)

    def listen(self, protocol: Any) -> None:
        protocol.on("Network.responseReceived", self._answered)
        protocol.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict) -> None:
        response = event["response"]
        if response["url"].startswith("http") and not response.get("fromDiskCache"):
            self._kinds[event["requestId"]] = event["type"]

    def _finished(self, event: dict) -> None:
        kind = self._kinds.pop(event["requestId"], None)
        if kind is None:
            return
        self.requests += 1
        self.bytes += event["encodedDataLength"]
        self.scripts += event["encodedDataLength"] if kind == "Script" else 0


def prepare() -> dict[str, str]:
    """Fill an empty database; {name of a page: address} and the cookie of the candidate."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from tests.factories.applications import make_application
    from tests.factories.certificates import make_certificate

    case = make_application(status="draft")
    client = Client()
    client.force_login(case.candidate.user, backend="django.contrib.auth.backends.ModelBackend")
    own = f"/permohonan/{case.reference}"
    return {
        "landing": "/",
        "landing, English": "/en/",
        "scheme": "/skema/distribusi-bantuan/",
        "verification": f"/verifikasi/{make_certificate().code}/",
        "registration": "/daftar/",
        "FR.APL-01, personal data": f"{own}/profil/data-pribadi/",
        "FR.APL-02, one unit": f"{own}/unit/{case.scheme_version.units.first().pk}/",
        "cookie": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "cookie name": settings.SESSION_COOKIE_NAME,
    }


def environment(folder: Path, port: int) -> dict[str, str]:
    """Settings that production accepts, all data in `folder`."""
    secret = lambda: secrets.token_urlsafe(48)  # noqa: E731
    return os.environ | {
        "ENVIRONMENT": "production",
        "DJANGO_SETTINGS_MODULE": "core.config.settings",
        "IGNORE_DOTENV": "1",
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'lsp.sqlite3'}",
        "SECRET_KEY": secret(),
        "LOOKUP_KEY": secret(),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "CERTIFICATE_SIGNING_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        "ALLOWED_HOSTS": "localhost,testserver",
        "SITE_URL": f"https://localhost:{port}",
        "EMAIL_URL": "smtp://localhost:9",
        "TRUSTED_PROXIES": "0",
    }


def serve(port: int) -> None:
    """As gunicorn would, with a thread for each request."""
    import django
    from django.core.servers.basehttp import get_internal_wsgi_application, run

    django.setup()
    run("127.0.0.1", port, get_internal_wsgi_application(), threading=True)


@contextlib.contextmanager
def portal() -> Iterator[tuple[str, dict[str, str]]]:
    """(base address, pages) of a server that runs as long as the block."""
    with tempfile.TemporaryDirectory() as name, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        env = environment(Path(name), port)
        call = [sys.executable, "-m", "tests.benchmarks.bench_portal"]
        told = subprocess.run([*call, "--prepare"], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
        pages = json.loads(told.stdout.splitlines()[-1])
        quiet = subprocess.DEVNULL
        server = subprocess.Popen([*call, "--serve", str(port)], cwd=ROOT, env=env, stdout=quiet, stderr=quiet)
        try:
            for _try in range(100):
                with contextlib.suppress(OSError):
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                time.sleep(0.3)
            yield f"http://localhost:{port}", pages
        finally:
            server.terminate()
            server.wait()


def opened(context: Any, address: str) -> Visit:
    """A page opened on the poor link, in a tab of its own."""
    tab = context.new_page()
    protocol = context.new_cdp_session(tab)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", LINK)
    visit = Visit()
    visit.listen(protocol)
    answer = tab.goto(address, wait_until="load", timeout=120_000)
    assert answer.status == 200, f"{address}: {answer.status}"
    visit.seconds = tab.evaluate(USABLE) / 1000
    tab.wait_for_load_state("networkidle")
    tab.close()
    return visit


def median(visits: list[Visit]) -> Visit:
    return sorted(visits, key=lambda visit: visit.seconds)[len(visits) // 2]


def measure(browser: Any, address: str, before: str, headers: dict[str, str]) -> tuple[Visit, Visit]:
    """(first visit, later visit after `before`), of several the one in the middle."""
    first, later = [], []
    for _run in range(RUNS):
        for earlier, visits in ((None, first), (before, later)):
            context = browser.new_context(extra_http_headers=headers, viewport={"width": 360, "height": 740})
            if earlier:
                opened(context, earlier)
            visits.append(opened(context, address))
            context.close()
    return median(first), median(later)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", default=os.environ.get("PEER", ""), help="address of a registration page that runs")
    parser.add_argument("--prepare", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.prepare:
        print(json.dumps(prepare()))
        return 0
    if asked.serve:
        serve(asked.serve)
        return 0

    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    missed = 0
    print(
        f"{'':28} {'first: KB':>10} {'requests':>9} {'JS KB':>6} {'usable s':>9} {'later: KB':>10} {'requests':>9} {'usable s':>9}"
    )
    with portal() as (base, pages), sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        cookie = f"{pages.pop('cookie name')}={pages.pop('cookie')}"
        rows = [(name, base + path, f"{base}/alur/") for name, path in pages.items()]
        if asked.peer:
            rows.append(("peer: its registration", asked.peer, asked.peer))
        for name, address, before in rows:
            is_ours = address.startswith(base)
            # TLS ends before the application; a proxy says so. Cookies of TLS are handed over by hand.
            headers = {"X-Forwarded-Proto": "https"} if is_ours else {}
            if name in OF_THE_CANDIDATE:
                headers["Cookie"] = cookie
            first, later = measure(browser, address, before, headers)
            most = FORM_PAGE if name in OF_THE_CANDIDATE or name == "registration" else TEXT_PAGE
            is_missed = is_ours and (
                first.bytes > most or later.bytes > LATER or first.scripts > SCRIPTS or first.requests > REQUESTS
            )
            missed += is_missed
            print(
                f"{name:28} {first.bytes / KB:10.1f} {first.requests:9} {first.scripts / KB:6.1f} {first.seconds:9.1f} "
                f"{later.bytes / KB:10.1f} {later.requests:9} {later.seconds:9.1f}{'  <--' if is_missed else ''}",
                flush=True,
            )
        browser.close()
    print(f"{missed} of {len(pages)} pages miss the aim")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
