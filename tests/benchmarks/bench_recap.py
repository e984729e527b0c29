"""How long the recap of documents and the lists behind it take with 10,000 and with 1,000,000 documents and cases.

    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_recap [small big]

A screen is a whole request through every middleware, template included; the first request of each is not counted.
The aim: p95 within 300 ms. Beside it: the same first table as a plain page would count it.
"""

import os
import sys
import time

from tests.benchmarks.databases import measured, set_up_as_gunicorn

RUNS = int(os.environ.get("RUNS", "20"))
AIM_MS = 300
PAGE = "/admin/rekap-dokumen/"
SCREENS = {
    "recap: twelve months": PAGE,
    "recap: ten years by quarters": f"{PAGE}?dari=2017-01&sampai=2026-12&per=3",
    "recap: one scheme": f"{PAGE}?skema=kerja-relawan",
    "recap: one kind": f"{PAGE}?jenis=ktp&dari=2017-01&sampai=2026-12&per=12",
    "recap: today is marked": PAGE,
    "print": f"{PAGE}?cetak",
    "export: CSV": f"{PAGE}ekspor/csv/",
    "export: XLSX": f"{PAGE}ekspor/xlsx/",
}
BY_HAND = "counting the documents"
#: Charts whose first figure is followed to its list.
FOLLOWED = ("jenis", "skema", "penyimpanan", "lengkap-skema", "lengkap-waktu", "kurang")


def measure() -> dict[str, tuple[float, float]]:
    """{screen: (p95, median) in ms} for the database in DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    set_up_as_gunicorn()
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from core.accounts.models import User
    from core.reports.models import RecapMark

    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    client = Client()
    clerk = User.objects.get(email="sekretariat@contoh.id")
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(PAGE)
    charts = {chart.key: chart for chart in page.context_data["charts"] + page.context_data["case_charts"]}
    screens = dict(SCREENS)
    for key in FOLLOWED:
        figure = next((f for _title, row in charts[key].rows for f in row if f.value and f.link), None)
        if figure is not None:
            screens[f"list behind: {key}"] = figure.link
    found = {}
    for name, address in screens.items():
        if name == "recap: today is marked":
            RecapMark.objects.create(day=timezone.localdate())
        found[name] = timed(name, RUNS, lambda address=address: _get(client, address))
    RecapMark.objects.all().delete()
    found[BY_HAND] = timed(BY_HAND, 3, _count)
    return found


def _get(client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    if response.streaming:
        b"".join(response.streaming_content)


def _count() -> None:
    """Documents by kind and by scheme of the last twelve months, straight from the rows."""
    from django.db.models import Count, Sum

    from core.applications.models import CaseDocument
    from core.common.dates import beginning_of
    from core.documents.models import Document
    from core.reports.document_recap import scope

    since = beginning_of(scope().since)
    documents = Document.objects.filter(created_at__gte=since).order_by()
    list(documents.values("document_type", "state", "text__source").annotate(n=Count("pk"), bytes=Sum("size")))
    filed = CaseDocument.objects.filter(document__created_at__gte=since, application__number__isnull=False).order_by()
    list(filed.values("application__scheme_version__scheme").annotate(n=Count("document", distinct=True)))


def timed(name: str, runs: int, act) -> tuple[float, float]:
    times = []
    for _run in range(runs + 1):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    times = sorted(times[1:])
    print(name, [round(number) for number in times], file=sys.stderr, flush=True)
    return times[max(0, round(runs * 0.95) - 1)], times[len(times) // 2]


def main() -> int:
    sizes, results = measured(measure)
    missed = 0
    print(f"{'p95 and median, ms':36}" + "".join(f"{size:>16}" for size in sizes))
    for name in results[-1]:
        is_missed = name != BY_HAND and any(result[name][0] > AIM_MS for result in results if name in result)
        missed += is_missed
        figures = "".join("{:9.0f}{:7.0f}".format(*result.get(name, (0, 0))) for result in results)
        print(f"{name:36}{figures}{'  <--' if is_missed else ''}")
    print(f"{missed} of {len(results[-1]) - 1} screens miss the aim of {AIM_MS} ms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
