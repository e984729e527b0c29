"""The deadline day: candidates who fill in both forms, and the clerks who verify meanwhile. Run by deadline_day.py.

Each candidate comes once: registers, waits for the letter, confirms, fills in FR.APL-01 with its papers and FR.APL-02,
signs. Between two pages somebody reads, types and looks for a file: THINK seconds on average, spread as people are.
"""

import json
import os
import random
import time
from collections import deque
from itertools import count
from pathlib import Path

import gevent
import requests
from locust import HttpUser, between, events, task
from locust.exception import StopUser

from tests.load.lines import PASSWORD, fit, full
from tests.load.walking import Candidate, Clerk, Refused, Trouble

SCHEME = "distribusi-bantuan"
CANDIDATES, CLERKS = int(os.environ["CANDIDATES"]), json.loads(os.environ["CLERKS"])
THINK, PAPERS, POST = float(os.environ["THINK"]), Path(os.environ["PAPERS"]), Path(os.environ["POST"])
LEDGER = open(os.environ["LEDGER"], "a", buffering=1)  # noqa: SIM115 - to the end of the process
LETTER_LIMIT = 240
TRIES = 3

numbers, waiting_clerks = count(), deque(enumerate(CLERKS))
finished: set[int] = set()


def write(*words) -> None:
    LEDGER.write(json.dumps([round(time.time(), 1), *words]) + "\n")


def ask_with(user: HttpUser):
    """Requests of this person, counted by locust; a page that refuses by 4xx is a fault unless somebody expects it."""

    def ask(method: str, address: str, *, name: str, headers=None, **more):
        with user.client.request(
            method, address, name=name, headers=full(user.host, headers), timeout=120, catch_response=True, **more
        ) as answer:
            if answer.status_code in (409, 422):
                answer.success()
            return answer

    return ask


class Person(HttpUser):
    abstract = True

    def think(self, share: float = 1.0) -> None:
        gevent.sleep(min(random.expovariate(1 / (THINK * share)) + THINK * share / 4, THINK * 5))

    def persist(self, act, what: str):
        """People try again when a page says that something went wrong; it counts as an error all the same."""
        for attempt in range(TRIES):
            try:
                return act()
            except Trouble as trouble:
                write("trouble", what, str(trouble))
                if attempt + 1 == TRIES:
                    raise
                gevent.sleep(2)
        raise AssertionError("TRIES must be 1 or more")


class OnTheDeadline(Person):
    """One candidate."""

    fixed_count = CANDIDATES

    @task
    def apply(self) -> None:
        number = next(numbers)
        if number >= CANDIDATES:
            raise StopUser
        fit(self.client, number)
        email = f"tenggat-{number}@contoh.id"
        files = iter(
            [
                (f"ijazah-{number}.pdf", PAPERS / f"scan-{number}"),
                (f"surat-tugas-{number}.pdf", PAPERS / f"scan-{CANDIDATES + number}"),
                (f"ktp-{number}.jpg", PAPERS / f"photo-{number}"),
                (f"foto-{number}.jpg", PAPERS / f"photo-{CANDIDATES + number}"),
            ]
        )
        kept: dict[str, tuple[str, Path]] = {}

        def of_slot(slot: str) -> tuple[str, bytes]:
            if slot not in kept:
                kept[slot] = next(files)
            return kept[slot][0], kept[slot][1].read_bytes()

        person = Candidate(
            ask_with(self), name=f"Asesi {number}", nik=f"{'8171010107' if number % 2 else '8171014107'}{80 + number % 20}{number + 1:04d}",
            files=of_slot, think=self.think, note=lambda *words: write(email, *words),
        )  # fmt: skip
        try:
            self.persist(lambda: person.register(email, SCHEME), "register")
            link = self.letter(email)
            self.persist(lambda: person.confirm(link, PASSWORD), "confirm")
            write(email, "confirmed")
            reference = self.persist(lambda: person.begin(SCHEME), "begin")
            self.persist(lambda: person.fill_in(reference), "fill in")
        except (Trouble, Refused, requests.RequestException) as error:
            write(email, "gave up", f"{type(error).__name__}: {error}")
        finished.add(number)
        if len(finished) == CANDIDATES:
            gevent.spawn_later(1, self.environment.runner.quit)  # not from within one of those whom it ends
        raise StopUser

    def letter(self, email: str) -> str:
        """The path of the link in the letter that has come."""
        place, begun = POST / email, time.monotonic()
        while not place.exists():
            if time.monotonic() - begun > LETTER_LIMIT:
                raise Refused(f"no letter within {LETTER_LIMIT} s")
            gevent.sleep(1)
        waited = (time.monotonic() - begun) * 1000
        self.environment.events.request.fire(
            request_type="SURAT", name="surat konfirmasi tiba", response_time=waited, response_length=0, exception=None,
            context={},
        )  # fmt: skip
        body = json.loads(place.read_text())["body"]
        link = next(word for word in body.split() if "/konfirmasi/" in word)
        return "/" + link.split("/", 3)[3]


class AtTheDesk(Person):
    """One clerk, until the day is over."""

    fixed_count = len(CLERKS)
    wait_time = between(1, 4)

    def on_start(self) -> None:
        number, email = waiting_clerks.popleft()
        fit(self.client, 50_000 + number)
        self.email = email
        self.person = Clerk(
            ask_with(self), think=lambda: self.think(0.2), note=lambda *words: write(email, *words)
        )  # fmt: skip
        self.person.log_in(email, PASSWORD)

    @task
    def verify(self) -> None:
        try:
            page = self.person.take_next()
            if page is None:
                return self.think()
            case = int(page.address.strip("/").split("/")[3])
            for _paper in self.person.look(page):
                pass
            self.person.judge(page)
            self.person.accept(case)
        except (Trouble, Refused, requests.RequestException) as error:
            write(self.email, "gave up", f"{type(error).__name__}: {error}")
        return None


@events.quitting.add_listener
def close(environment, **_more) -> None:
    LEDGER.flush()
