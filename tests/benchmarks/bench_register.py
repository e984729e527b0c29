"""How long the public register takes with 10,000 and with 1,000,000 certificates.

    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_register [small big]

A page is a whole request through every middleware, template included; the first request of each is not counted.
The aim: p95 within 300 ms, for figures that are counted anew within 1,000 ms, which is once in ten minutes.
"""

import os
import sys

from tests.benchmarks.bench_recap import timed
from tests.benchmarks.databases import measured

RUNS = int(os.environ.get("RUNS", "20"))
AIM_MS = 300
ANEW, ANEW_AIM_MS = "figures counted anew", 1000


def measure() -> dict[str, tuple[float, float]]:
    """{page: (p95, median) in ms} for the database in DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.cache import cache
    from django.test import Client
    from django.utils import timezone

    from core.certificates.models import Certificate

    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    client = Client()
    newest = Certificate.objects.select_related("scheme").latest("pk")
    year = min(newest.issued_on.year, timezone.localdate().year)
    numbers = f"/register/{newest.scheme.code}/{year}/"

    def look(address: str, *, keeps_figures: bool = False) -> None:
        if not keeps_figures:
            cache.clear()  # and the brake on readers who ask too often
        assert client.get(address).status_code == 200, address

    return {
        ANEW: timed(ANEW, RUNS, lambda: look("/register/")),
        "figures": timed("figures", RUNS, lambda: look("/register/", keeps_figures=True)),
        "numbers of a year": timed("numbers", RUNS, lambda: look(numbers)),
        "numbers, deep": timed("deep", RUNS, lambda: look(f"{numbers}?sesudah={year}-01-09.999999999")),
        "check of one": timed("check", RUNS, lambda: look(f"/verifikasi/{newest.code}/")),
    }


def main() -> int:
    sizes, results = measured(measure)
    missed = 0
    print(f"{'p95 and median, ms':36}" + "".join(f"{size:>16}" for size in sizes))
    for name in results[-1]:
        is_missed = any(result[name][0] > (ANEW_AIM_MS if name == ANEW else AIM_MS) for result in results)
        missed += is_missed
        figures = "".join("{:9.0f}{:7.0f}".format(*result[name]) for result in results)
        print(f"{name:36}{figures}{'  <--' if is_missed else ''}")
    print(f"{missed} of {len(results[-1])} pages miss their aim")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
