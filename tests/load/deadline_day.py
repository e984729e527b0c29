"""`make load`: the last day before a deadline, and the rush for the seats of a session.

    python -m tests.load.deadline_day     CANDIDATES=500 THINK=12 CLERKS=6

Starts a whole installation (tests/load/installation.py), lets locust send the crowd, and holds what people were told
against the database. Aim: no error, nothing lost, 95 of 100 answers within 2 s. Then many clerks at once want to place
many candidates in a session with fewer seats: exactly as many get one as there are. Crowd and servers share the machine.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from scripts.private_mariadb import driver_is_there, stop_on_termination
from tests.deployment import servers
from tests.load.installation import Installation, installation, serve
from tests.load.lines import PASSWORD, line
from tests.load.papers import photograph, scan
from tests.load.walking import Clerk

AIM_MS = 2000
#: Of the rush: seats, cases that want one, clerks who press at the same time.
SEATS, WANTED, PRESSING = (int(word) for word in (os.environ.get("RUSH") or "40,200,20").split(","))


def make_papers(folder: Path, candidates: int) -> None:
    """Two scans and two photographs for each."""
    folder.mkdir()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda n: (folder / f"photo-{n}").write_bytes(photograph(n)), range(2 * candidates)))
    for number in range(2 * candidates):
        (folder / f"scan-{number}").write_bytes(scan(number))


def crowd(made: Installation, folder: Path, *, candidates: int, think: float) -> dict[str, Any]:
    """Send it, and tell how it went; `submitted` is {address: number that was shown}."""
    ledger = folder / "ledger.jsonl"
    env = os.environ | {
        "CANDIDATES": str(candidates), "CLERKS": json.dumps(made.told["clerks"]), "THINK": str(think),
        "PAPERS": str(folder / "papers"), "POST": str(made.post.folder), "LEDGER": str(ledger),
    }  # fmt: skip
    people = candidates + len(made.told["clerks"])
    begun = time.monotonic()
    done = subprocess.run(
        [
            sys.executable, "-m", "locust", "-f", "tests/load/locustfile.py", "--headless", "--host", made.address,
            "--users", str(people), "--spawn-rate", str(max(1, people / 90)), "--run-time", "40m", "--only-summary",
            "--csv", str(folder / "times"),
        ],
        cwd=servers.ROOT, env=env, capture_output=True, text=True,
    )  # fmt: skip
    (folder / "locust.log").write_text(done.stdout + done.stderr)
    rows = [json.loads(row) for row in ledger.read_text().splitlines()] if ledger.exists() else []
    if not rows:
        raise RuntimeError(done.stdout[-3000:] + done.stderr[-3000:])
    with open(folder / "times_stats.csv") as table:
        times = list(csv.DictReader(table))
    return {
        "seconds": round(time.monotonic() - begun),
        "submitted": {who: words[1] for _at, who, kind, *words in rows if kind == "submitted"},
        "acknowledged": dict(Counter(kind for _at, who, kind, *_words in rows if who != "trouble")),
        "gave_up": Counter(words[0] for _at, _who, kind, *words in rows if kind == "gave up").most_common(10),
        "trouble": Counter(words[0] for _at, who, _kind, *words in rows if who == "trouble").most_common(10),
        "at_once": most_at_once(rows),
        "times": times,
    }


def most_at_once(rows: list[list[Any]]) -> int:
    """How many candidates were under way at the same moment, from their first to their last acknowledged act."""
    first, last = {}, {}
    for at, who, *_words in rows:
        if str(who).startswith("tenggat-"):
            first.setdefault(who, at)
            last[who] = at
    moves = sorted([(at, 1) for at in first.values()] + [(at, -1) for at in last.values()])
    most = now = 0
    for _at, move in moves:
        now += move
        most = max(most, now)
    return most


def rush(made: Installation) -> dict[str, Any]:
    """Many clerks at once want seats in one session; how many got one, and what the others were told."""
    place = made.scene("a_session", SEATS, WANTED)
    staff = made.told["clerks"]
    cases = list(place["cases"])
    lock, start = threading.Lock(), threading.Barrier(PRESSING)
    told: Counter = Counter()
    address = f"/admin/core/assessmentsession/{place['session']}/change/"

    def one_clerk(number: int) -> None:
        person = Clerk(line(made.address, 40_000 + number))
        person.log_in(staff[number % len(staff)], PASSWORD)
        page = person.get(address)
        start.wait(timeout=120)
        while True:
            with lock:
                if not cases:
                    return
                case = cases.pop()
            typed = {"case": str(case), "act": "place", "accept": "on"}
            answer = person.send_to(page, f"/admin/core/assessmentsession/{place['session']}/kursi/", typed)
            words = answer.messages() + answer.errors()
            with lock:
                told[
                    "placed" if "ditempatkan" in words else "full" if "sudah penuh" in words else words[:160] or "?"
                ] += 1

    with ThreadPoolExecutor(PRESSING) as pool:
        list(pool.map(one_clerk, range(PRESSING)))
    return {"told": dict(told), **made.scene("seats", place["session"])}


def table(times: list[dict[str, str]]) -> str:
    lines = [f"{'':52} {'n':>6} {'errors':>6} {'p50 ms':>7} {'p95 ms':>7} {'max':>7}"]
    for row in times:
        name = row["Name"] if row["Name"] != "Aggregated" else "ALL"
        lines.append(
            f"{name[:52]:52} {row['Request Count']:>6} {row['Failure Count']:>6} {float(row['50%'] or 0):>7.0f} "
            f"{float(row['95%'] or 0):>7.0f} {float(row['Max Response Time'] or 0):>7.0f}"
        )
    return "\n".join(lines)


def main() -> int:
    stop_on_termination()
    driver_is_there()
    candidates, think = int(os.environ.get("CANDIDATES") or 500), float(os.environ.get("THINK") or 12)
    clerks = int(os.environ.get("CLERKS") or 6)
    with tempfile.TemporaryDirectory(prefix="lsp-load-") as place:
        folder = Path(place)
        make_papers(folder / "papers", candidates)
        with installation(folder, workers=2 * (os.cpu_count() or 1) + 1, people={"clerks": clerks}) as made:
            made.until_it_answers()
            serve(made, "jobs", "run_jobs", rest=5.0)
            serve(made, "timetable", "run_scheduled", "--forever", rest=5.0)
            told = crowd(made, folder, candidates=candidates, think=think)
            there = made.scene_with("submitted", told["submitted"])
            seats = rush(made)
    return report(told, there, seats, candidates)


def report(told: dict[str, Any], there: dict[str, Any], seats: dict[str, Any], candidates: int) -> int:
    print(table(told["times"]))
    pages = [row for row in told["times"] if row["Name"] not in ("Aggregated", "surat konfirmasi tiba")]
    errors = sum(int(row["Failure Count"]) for row in pages)
    slow = [row["Name"] for row in pages if float(row["95%"] or 0) > AIM_MS]
    everything = next(row for row in told["times"] if row["Name"] == "Aggregated")
    requests = sum(int(row["Request Count"]) for row in pages)
    print(
        f"\n{candidates} candidates ({told['at_once']} at once) in {told['seconds']} s: {requests} requests, "
        f"{errors} errors, {len(told['submitted'])} submissions acknowledged, {len(there['lost'])} lost; "
        f"{there['documents']} papers, {there['bytes'] / 1e6:.0f} MB, {there['broken']} broken; "
        f"all answers p50 {everything['50%']} ms, p95 {everything['95%']} ms; states {there['states']}"
    )
    print(f"acknowledged: {told['acknowledged']}; trouble {told['trouble']}; gave up {told['gave_up']}")
    print(f"steps whose p95 is above {AIM_MS} ms: {slow or 'none'}")
    print(f"rush: {SEATS} seats, {WANTED} wanted, {PRESSING} clerks at once: {seats}")
    is_well = (
        not errors
        and not there["lost"]
        and not there["broken"]
        and len(told["submitted"]) == candidates
        and float(everything["95%"]) <= AIM_MS
        and seats["seats"] == seats["cases"] == seats["scheduled"] == SEATS
        and seats["told"] == {"placed": SEATS, "full": WANTED - SEATS}
    )
    print("aim reached" if is_well else "aim missed")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
