"""How long the home pages and the command palette take with 10,000 and with 1,000,000 cases; the tally beside counting.

    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_home [small big]

A screen is a whole request through every middleware,
template included. Small and big take turns, so that what else runs on the machine hits both. The
aims (design § 7): p95 within 300 ms and 1.5 × that of the small one. Ends with 1 when one is missed.
"""

import os
import subprocess
import sys
import time

from tests.benchmarks.databases import filled_database, look_at_the_server, set_up_as_gunicorn

RUNS = 40
AIM_MS, AIM_GROWTH = 300, 1.5
#: name: role, address, what is typed into the palette.
SCREENS = {
    "home: secretariat": ("sekretariat", "/admin/", ""),
    "home: administrator": ("admin", "/admin/", ""),
    "home: BNSP": ("bnsp", "/admin/", ""),
    "palette: menu": ("sekretariat", "/admin/search/", "templat"),
    "palette: number": ("sekretariat", "/admin/search/", "APL-2026-0000123"),
    "palette: beginning of number": ("sekretariat", "/admin/search/", "APL-2026-0"),
    "palette: running number": ("sekretariat", "/admin/search/", "123"),
    "palette: common name": ("sekretariat", "/admin/search/", "ahmad"),
    "palette: nobody": ("sekretariat", "/admin/search/", "zzzz"),
    "palette: e-mail": ("sekretariat", "/admin/search/", "asesi1234@"),
    "palette: NIK": ("sekretariat", "/admin/search/", "8171 0112 0590 0001"),
    "palette: name, as BNSP": ("bnsp", "/admin/search/", "ahmad"),
}
FIGURES = {"figures: tally": "tally", "figures: counting the cases": "live"}


def serve() -> None:
    """Answer each line (a name of the above) with how many milliseconds it took: by the clock, of the processor here."""
    from django.conf import settings
    from django.test import Client

    from core.accounts.models import User

    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    clients = {}
    for role in ("sekretariat", "admin", "bnsp"):
        clients[role] = Client()
        person = User.objects.get(email=f"{role}@contoh.id")
        clients[role].force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    for line in sys.stdin:
        name = line.strip()
        begun, worked = time.perf_counter(), time.process_time()
        if name in FIGURES:
            figures(FIGURES[name])
        else:
            role, address, typed = SCREENS[name]
            answer = clients[role].post(address, {"s": typed}) if typed else clients[role].get(address)
            assert answer.status_code == 200, (name, answer.status_code)
        print((time.perf_counter() - begun) * 1000, (time.process_time() - worked) * 1000, flush=True)


def figures(way: str) -> None:
    """The figures of a home page: as they are kept ready, or counted as a plain dashboard would."""
    from django.db.models import Count, F
    from django.db.models.functions import TruncMonth

    from core.applications.models import Application
    from core.reports.queries import recap

    if way == "tally":
        recap()
        return
    since = recap().since
    cases = Application.objects.filter(registered_on__gte=since).order_by()
    for dimension in (TruncMonth("registered_on"), F("scheme_version__scheme_id"), F("province_id")):
        list(cases.values_list(dimension, "status").annotate(n=Count("pk")))
    Application.objects.filter(status="draft").count()


def start(url: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bench_home", "serve"],
        env={**os.environ, "DATABASE_URL": url, "ENVIRONMENT": "development", "DEMO": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ask(server: subprocess.Popen, name: str) -> tuple[float, float]:
    server.stdin.write(name + "\n")
    server.stdin.flush()
    by_the_clock, worked = server.stdout.readline().split()
    return float(by_the_clock), float(worked)


def p95(sorted_times: list[float]) -> float:
    return sorted_times[max(0, round(len(sorted_times) * 0.95) - 1)]


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.config.settings"
    if sys.argv[1:] == ["serve"]:
        set_up_as_gunicorn()
        serve()
        return 0
    if "TEST_DATABASE_URL" not in os.environ:
        print(__doc__)
        return 2
    look_at_the_server()
    sizes = [int(word) for word in sys.argv[1:3]] or [10_000, 1_000_000]
    small, big = (start(filled_database(size)) for size in sizes)
    missed = 0
    print(f"{'ms: p95, median, own processor':34} {sizes[0]:>20,} {sizes[1]:>20,} {'growth':>7}")
    for name in (*SCREENS, *FIGURES):
        ask(small, name), ask(big, name)  # warms what is read once
        times = [(ask(small, name), ask(big, name)) for _run in range(RUNS if name in SCREENS else RUNS // 4)]
        few, many = (sorted(pair[side][0] for pair in times) for side in (0, 1))
        # The growth is that of the quickest quarter: what other programs on the machine take only ever adds.
        growth = many[len(many) // 4] / few[len(few) // 4]
        is_missed = name in SCREENS and (p95(many) > AIM_MS or growth > AIM_GROWTH)
        missed += is_missed
        columns = ""
        for side, found in enumerate((few, many)):
            worked = sorted(pair[side][1] for pair in times)
            columns += f"{p95(found):8.0f} {found[len(found) // 2]:6.0f} {worked[len(worked) // 2]:5.0f}"
        print(f"{name:34} {columns} {growth:7.2f}{'  <--' if is_missed else ''}", flush=True)
    for server in (small, big):
        server.stdin.close()
        server.wait()
    print(f"{missed} of {len(SCREENS)} screens miss the aim")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
