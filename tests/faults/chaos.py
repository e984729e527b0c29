"""Whatever can break breaks, at random and under load: was everything that somebody was told is done still there?

    SECONDS=300 SEED=1 make chaos

A whole installation as server_docs describes it (tests/load/installation.py): gunicorn and nginx from the example files,
the worker for jobs, the timetable, MariaDB that acknowledges only what is on its disk, a mail server, documents on a
small disk of their own. A crowd fills in applications, hands in papers in pieces, signs; clerks take, judge, accept,
give back and ask for exports. Each act that was answered goes into a ledger. Meanwhile processes are killed with
SIGKILL, the disk is filled, made read-only, the mail server goes, the database is restarted.

In the end it may come to rest, the nightly jobs run, and the ledger is held against database, files and mail server.
Nobody starts anything by hand: what systemd would do is done by `Service` and `Database`, and no more.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.private_mariadb import driver_is_there, stop_on_termination
from tests.load.installation import Installation, installation, serve, small_disk, until
from tests.load.lines import PASSWORD, line, rest
from tests.load.papers import small_pdf
from tests.load.walking import Candidate, Clerk, Refused, Trouble

SCHEME = "distribusi-bantuan"
#: Between two faults, in seconds.
PAUSES = (0.5, 3.0)
#: How long a lasting fault lasts.
LASTS = (1.0, 4.0)
RECOVERY_LIMIT = 60


@dataclass
class Ledger:
    """What was acknowledged, to whom, and what went wrong on the way, kept by many threads."""

    rows: list[list[Any]] = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)
    refusals: Counter = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, who: str):
        def write(kind: str, *words: Any) -> None:
            with self.lock:
                self.rows.append([who, kind, *words])

        return write

    def told(self, name: str, status: int) -> None:
        with self.lock:
            self.answers[status] += 1

    def refused(self, words: str) -> None:
        with self.lock:
            self.refusals[words[:160]] += 1


# --- people -----------------------------------------------------------------------------------------------


def _persist(over: threading.Event, ledger: Ledger, act) -> Any:
    """Somebody tries again until it works; None when the day is over before."""
    while not over.is_set():
        try:
            return act()
        except Trouble:
            pass
        except Refused as words:
            ledger.refused(str(words))
        over.wait(0.3)
    return None


def a_candidate(made: Installation, email: str, number: int, ledger: Ledger, over: threading.Event) -> None:
    """Logs in, fills in, signs; when something is cut off, begins again where the product says it stands."""
    counted = iter(range(100))
    papers: dict[str, tuple[str, bytes]] = {}

    def files(slot: str) -> tuple[str, bytes]:
        if slot not in papers:
            papers[slot] = (f"bukti-{number}-{next(counted)}.pdf", small_pdf(number) + bytes(120_000 + 1_000 * number))
        name, content = papers[slot]
        return name, content.replace(b"Berkas ", b"Berkas %d " % int(name.split("-")[2].split(".")[0]), 1)

    person = Candidate(
        line(made.address, 1000 + number, told=ledger.told), name=f"Asesi {number}", nik="", files=files,
        think=lambda: over.wait(0.05), note=ledger.note(email),
    )  # fmt: skip

    def walk() -> str:
        reference = person.begin(SCHEME)
        return person.fill_in(reference)

    _persist(over, ledger, lambda: person.log_in(email, PASSWORD))
    _persist(over, ledger, walk)


def a_clerk(made: Installation, email: str, number: int, ledger: Ledger, over: threading.Event) -> None:
    chance = random.Random(number)
    person = Clerk(
        line(made.address, 500 + number, told=ledger.told), think=lambda: over.wait(0.1), note=ledger.note(email)
    )
    _persist(over, ledger, lambda: person.log_in(email, PASSWORD))
    while not over.is_set():
        try:
            page = person.take_next()
            if page is not None:
                case = int(page.address.strip("/").split("/")[3])
                person.judge(page)
                (person.give_back if chance.random() < 0.2 else person.accept)(case)
            if chance.random() < 0.4:
                person.ask_for_export()
        except Trouble:
            pass
        except Refused as words:
            ledger.refused(str(words))
        over.wait(0.3)


# --- what breaks ------------------------------------------------------------------------------------------


class Faults:
    """Each kind once more or less as often; `done` counts those that hit something."""

    def __init__(self, made: Installation, seed: int, *, has_disk: bool, kinds: tuple[str, ...] = ()):
        self.made, self.chance, self.done = made, random.Random(seed), Counter()
        self.lasts: list[str] = []
        always = ("web worker", "job worker", "timetable", "MariaDB killed", "MariaDB restarted", "mail server")
        disk = ("disk full", "disk read-only")
        self.kinds = tuple(kind for kind in kinds or (*always, *disk) if has_disk or kind not in disk)
        self._bag: list[str] = []

    def one(self, over: threading.Event) -> None:
        if not self._bag:
            self._bag = [*self.chance.sample(self.kinds, len(self.kinds)), "web worker", "web worker"]
            self.chance.shuffle(self._bag)
        kind = self._bag.pop()
        if getattr(self, "_" + kind.replace(" ", "_").replace("-", "_").lower())(over):
            self.done[kind] += 1

    def _web_worker(self, over: threading.Event) -> bool:
        workers = sorted(self.made.web.workers())
        if not workers:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.chance.choice(workers), signal.SIGKILL)
        return True

    def _job_worker(self, over: threading.Event) -> bool:
        return self.made.services["jobs"].kill()

    def _timetable(self, over: threading.Event) -> bool:
        return self.made.services["timetable"].kill()

    def _mariadb_killed(self, over: threading.Event) -> bool:
        return self.made.database.kill()

    def _mariadb_restarted(self, over: threading.Event) -> bool:
        return self.made.database.restart()

    def _mail_server(self, over: threading.Event) -> bool:
        self.made.post.shut()
        over.wait(self.chance.uniform(*LASTS))
        self.made.post.open()
        return True

    def _disk_full(self, over: threading.Event) -> bool:
        ballast = self.made.var / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb", buffering=0) as out:
            while True:
                out.write(bytes(1 << 20))
        with contextlib.suppress(OSError), open(ballast, "ab", buffering=0) as out:
            while True:
                out.write(bytes(4096))
        over.wait(self.chance.uniform(*LASTS))
        ballast.unlink(missing_ok=True)
        return True

    def _disk_read_only(self, over: threading.Event) -> bool:
        """Refused while a file is being written; tried for a while."""
        is_cut = until(lambda: self._mounted("ro"), seconds=3, step=0.01)
        if is_cut:
            over.wait(self.chance.uniform(*LASTS))
            self._mounted("rw")
        return is_cut

    def _mounted(self, how: str) -> bool:
        words = ["mount", "-o", f"remount,{how}", str(self.made.var)]
        return subprocess.run(words, capture_output=True).returncode == 0


# --- the day ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Size:
    seconds: float
    candidates: int
    at_once: int
    clerks: int
    workers: int
    turn_clock: bool
    kinds: tuple[str, ...] = ()
    has_timetable: bool = True


def run(folder: Path, size: Size, *, seed: int) -> dict[str, Any]:
    """One day; everything that is to be told about it."""
    with (
        small_disk(folder / "var", 300) as has_disk,
        installation(
            folder,
            workers=size.workers,
            wsgi="tests.faults.chaos_wsgi",
            in_memory=True,
            people={"candidates": size.candidates, "clerks": size.clerks},
        ) as made,
    ):
        people, staff = made.told["candidates"], made.told["clerks"]
        serve(made, "jobs", "run_jobs", rest=2.0)
        if size.has_timetable:
            serve(made, "timetable", "run_scheduled", "--forever", rest=2.0)
        ledger, over = Ledger(), threading.Event()
        queue = iter(enumerate(people))
        lock = threading.Lock()

        def walk_one_after_the_other() -> None:
            while not over.is_set():
                with lock:
                    number, email = next(queue, (0, ""))
                if not email:
                    return
                a_candidate(made, email, number, ledger, over)

        acts = [walk_one_after_the_other] * size.at_once
        acts += [lambda n=n, e=e: a_clerk(made, e, n, ledger, over) for n, e in enumerate(staff)]
        threads = [threading.Thread(target=_guarded, args=(act, ledger), daemon=True) for act in acts]
        faults = Faults(made, seed, has_disk=has_disk, kinds=size.kinds)
        made.until_it_answers()
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        chance = random.Random(seed + 1)
        while time.monotonic() - begun < size.seconds:
            rest(chance.uniform(*PAUSES))
            faults.one(over)
        ended = time.monotonic()
        recovered = until(made.answers, seconds=RECOVERY_LIMIT)
        recovery = time.monotonic() - ended
        over.set()
        for thread in threads:
            thread.join(timeout=90)
        if size.has_timetable:
            made.services["timetable"].stop()  # its jobs are done by who judges, without the minutes in between
        told = made.scene_with("rest_and_judge", ledger.rows, str(made.post.folder), size.turn_clock)
        found = list(told.pop("faults")) + ledger.broken
        if not recovered:
            found.append(f"no page within {RECOVERY_LIMIT} s after the last fault")
        if any(thread.is_alive() for thread in threads):
            found.append("somebody still waits for an answer")
        return {
            "seed": seed, "seconds": round(ended - begun), "faults done": dict(faults.done), "wrong": found,
            "answers": {str(key): count for key, count in sorted(ledger.answers.items())},
            "refusals": dict(ledger.refusals.most_common(12)),
            "recovered in s": round(recovery, 1), "has a disk of its own": has_disk,
            "starts": {"MariaDB": made.database.starts, **{k: s.starts for k, s in made.services.items()}},
            "letters taken": len(made.post.taken), **told,
        }  # fmt: skip


def _guarded(act, ledger: Ledger) -> None:
    try:
        act()
    except Exception as error:  # a fault of the crowd is no pass
        ledger.broken.append(f"crowd: {type(error).__name__}: {error}")


def report(told: dict[str, Any]) -> str:
    return json.dumps(told, indent=1, ensure_ascii=False)


def main() -> int:
    stop_on_termination()
    driver_is_there()
    seconds, seed = float(os.environ.get("SECONDS") or 120), int(os.environ.get("SEED") or 20261127)
    size = Size(seconds=seconds, candidates=max(60, int(seconds * 3)), at_once=12, clerks=3, workers=3, turn_clock=True)
    with tempfile.TemporaryDirectory(prefix="lsp-chaos-") as place:
        told = run(Path(place), size, seed=seed)
    print(report(told))
    print(f"{len(told['wrong'])} faults of the product" if told["wrong"] else "nothing lost, nothing double")
    return 1 if told["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
