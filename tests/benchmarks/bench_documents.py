"""How long the repository takes with 10,000 and with 1,000,000 documents and their texts: lists, search, retention.

    TEST_DATABASE_URL=mysql://…/lsp python -m tests.benchmarks.bench_documents [small big]

A screen is a whole request through every middleware, template included; the first request of each is not
counted. Beside the time by the clock stands how long processors worked for it, here and in the database
server: on a machine where nothing else runs both are the same, and what else runs only stretches the clock. The aim
is for the work: p95 within 300 ms, and that of a database with little memory is the reader's own to measure. Words:
see texts.py.

Beside ours stand, on the same rows: Django's own list and its search (LIKE), and the full-text index asked
as it is usually asked (the newest 50 that match).
"""

import os
import sys
import time

from tests.benchmarks.databases import keep_connected, measured, server_thread, set_up_as_gunicorn, worked_ms

RUNS = int(os.environ.get("RUNS", "20"))
PEER_RUNS = 2
AIM_MS = 300
LIST, CLERK, ASSESSOR, BNSP, ADMIN = "/admin/core/document/", "sekretariat", "asesor", "bnsp", "admin"
#: Screen: who looks, address. `{…}` is filled in from the words of texts.py.
SCREENS = {
    "list": (CLERK, LIST),
    "list: page 200": (CLERK, f"{LIST}?p=200"),
    "list: kind": (CLERK, f"{LIST}?jenis=ktp"),
    "list: kind, page 100": (CLERK, f"{LIST}?jenis=ktp&p=100"),
    "list: scheme": (CLERK, f"{LIST}?skema=kerja-relawan"),
    "list: status of the case": (CLERK, f"{LIST}?status=returned"),
    "list: scheme and status": (CLERK, f"{LIST}?skema=kerja-relawan&status=rejected"),
    "list: number of a case": (CLERK, f"{LIST}?nomor=APL-2026-0000123"),
    "list: one week two years ago": (CLERK, f"{LIST}?created_at_from={{day}}&created_at_to={{week}}"),
    "list: kind, one week": (CLERK, f"{LIST}?jenis=ktp&created_at_from={{day}}&created_at_to={{week}}"),
    "list: state waiting (none)": (CLERK, f"{LIST}?keadaan=menunggu"),
    "list: read from scans": (CLERK, f"{LIST}?teks=ocr"),
    "list: failed (none)": (CLERK, f"{LIST}?teks=gagal"),
    "list: uploaded by the owner": (CLERK, f"{LIST}?pengunggah=asesi"),
    "list: made by the system (none)": (CLERK, f"{LIST}?pengunggah=sistem"),
    "list: as an assessor": (ASSESSOR, LIST),
    "list: as BNSP": (BNSP, LIST),
    "list: as BNSP, kind": (BNSP, f"{LIST}?jenis=surat-tugas"),
    "search: word of half the papers": (CLERK, f"{LIST}?q=bencana"),
    "search: two such words": (CLERK, f"{LIST}?q=bencana logistik"),
    "search: … gone on from the middle": (CLERK, f"{LIST}?q=bencana logistik&sebelum={{middle}}"),
    "search: common first name": (CLERK, f"{LIST}?q=ahmad"),
    "search: two names": (CLERK, f"{LIST}?q=ahmad santoso"),
    "search: rare name": (CLERK, f"{LIST}?q=miraki"),
    "search: rare word": (CLERK, f"{LIST}?q={{rare}}"),
    "search: middling word": (CLERK, f"{LIST}?q={{middling}}"),
    "search: rare word and common one": (CLERK, f"{LIST}?q={{rare}} bencana"),
    "search: number of a case": (CLERK, f"{LIST}?q=APL-2026-0000123"),
    "search: running number": (CLERK, f"{LIST}?q=0000123"),
    "search: nothing": (CLERK, f"{LIST}?q=qwertyuiop"),
    "search: common word, kind": (CLERK, f"{LIST}?q=bencana&jenis=ktp"),
    "search: rare word, kind": (CLERK, f"{LIST}?q={{rare}}&jenis=ijazah"),
    "search: common word, one week": (CLERK, f"{LIST}?q=bencana&created_at_from={{day}}&created_at_to={{week}}"),
    "search: middling word, one week": (CLERK, f"{LIST}?q={{middling}}&created_at_from={{day}}&created_at_to={{week}}"),
    "search: name, scheme and status": (CLERK, f"{LIST}?q=ahmad&skema=kerja-relawan&status=rejected"),
    "search: as an assessor": (ASSESSOR, f"{LIST}?q=bencana"),
    "search: as BNSP": (BNSP, f"{LIST}?q=bencana"),
    "search: rare word, as BNSP": (BNSP, f"{LIST}?q={{rare}}"),
    "due for destruction": (CLERK, "/admin/core/destructionbatch/jatuh-tempo/"),
    "integrity": (ADMIN, "/admin/core/integrityrun/"),
    "home of the administrator": (ADMIN, "/admin/"),
}
#: Peer: ours to compare it with, address, or words for the index asked as it is usually asked.
STOCK = "/stock/core/document/"
PEERS = {
    "Django's list": ("list", STOCK),
    "Django's search: common word": ("search: word of half the papers", f"{STOCK}?q=bencana"),
    "Django's search: rare word": ("search: rare word", f"{STOCK}?q={{rare}}"),
    "plain index: common word": ("search: word of half the papers", "+zzbencana*"),
    "plain index: two such words": ("search: two such words", "+zzbencana* +zzlogistik*"),
    "plain index: two names": ("search: two names", "+zzahmad* +zzsantoso*"),
    "plain index: rare word": ("search: rare word", "+zz{rare}*"),
}


def measure() -> dict[str, tuple[float, float, float]]:
    """{screen or peer: (p95, median, p95 of the work) in ms} for the database in DATABASE_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    set_up_as_gunicorn()
    import random
    from datetime import timedelta

    from django.conf import settings
    from django.contrib import admin
    from django.db import connection
    from django.test import Client
    from django.urls import path
    from django.utils import timezone
    from unfold.sites import UnfoldAdminSite

    from core.accounts.models import User
    from core.config import urls
    from core.documents.models import Document
    from tests.benchmarks.texts import COMMON, vocabulary

    class StockAdmin(admin.ModelAdmin):
        list_display = ("document_type", "title", "owner", "created_at", "size")
        search_fields = ("title", "owner__full_name", "text__body")

    site = UnfoldAdminSite(name="stock")
    site.register(Document, StockAdmin)
    urls.urlpatterns.insert(0, path("stock/", site.urls))
    settings.ALLOWED_HOSTS, settings.DEBUG = ["testserver"], False
    known = vocabulary(random.Random(7))
    day = timezone.localdate() - timedelta(days=730)
    words = {
        "rare": known[50_000],
        "middling": known[len(COMMON) + 400],
        "day": f"{day:%d-%m-%Y}",
        "week": f"{day + timedelta(days=7):%d-%m-%Y}",
        "middle": str(Document.objects.latest("pk").pk // 2),
    }
    clients = {role: Client() for role in (CLERK, ASSESSOR, BNSP, ADMIN)}
    for role, client in clients.items():
        person = User.objects.get(email=f"{role}@contoh.id")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def look(role: str, address: str) -> None:
        if address.startswith("+"):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT document_id FROM core_documenttext WHERE MATCH (words) AGAINST (%s IN BOOLEAN MODE) "
                    "ORDER BY document_id DESC LIMIT 50",
                    [address.format(**words)],
                )
            return
        response = clients[role].get(address.format(**words))
        assert response.status_code == 200, (address, response.status_code, response.headers.get("Location"))

    keep_connected()
    server = server_thread()
    peers = {name: (CLERK, address) for name, (_ours, address) in PEERS.items()}
    only = tuple(os.environ.get("ONLY", "").split(","))  # such as "search,Django's list"
    found = {}
    for name, (role, address) in {**SCREENS, **peers}.items():
        if not name.startswith(only):
            continue
        times, works = [], []
        for _run in range(1 + (PEER_RUNS if name in peers else RUNS)):
            start, here, there = time.perf_counter(), time.process_time(), worked_ms(server)
            look(role, address)
            times.append((time.perf_counter() - start) * 1000)
            works.append((time.process_time() - here) * 1000 + worked_ms(server) - there)
        works = works if server else times
        found[name] = p95(times[1:]), sorted(times[1:])[len(times) // 2 - 1], p95(works[1:])
        print(name, [round(number) for number in found[name]], file=sys.stderr, flush=True)
    return found


def p95(times: list[float]) -> float:
    return sorted(times)[max(0, round(len(times) * 0.95) - 1)]


def main() -> int:
    sizes, results = measured(measure)
    big = results[-1]
    missed = 0
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"{'ms: median, p95, work p95':36}" + "".join(f"{size:>24,}" for size in sizes))
    for name in (name for name in (*SCREENS, *PEERS) if name in big):
        is_missed = name in SCREENS and any(result[name][2] > AIM_MS for result in results)
        missed += is_missed
        figures = "".join(
            f"{median:8.0f}{slow:8.0f}{work:8.0f}" for slow, median, work in (result[name] for result in results)
        )
        times = (
            f"  {big[name][2] / big[PEERS[name][0]][2]:.1f} × ours" if name in PEERS and PEERS[name][0] in big else ""
        )
        print(f"{name:36}{figures}{'  <--' if is_missed else times}")
    print(f"{missed} of {len(SCREENS)} screens miss the aim of {AIM_MS} ms")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
