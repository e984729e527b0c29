"""Two sizes of the same fuzz: a small one with the suite, and `make fuzz`, which is told how many cases (FUZZ_CASES).

A case is one generated input that was really sent, applied or read. Each test counts its own; the counts, the seed and
what was found stand at the end of the run.
"""

import os
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from tests.fuzz.watching import all_forms, columns_as_strict_as_mariadb, forms_bound
from tests.security.conftest import built, world  # noqa: F401 - the rows of the matrix, and who is in

ASKED = int(os.environ.get("FUZZ_CASES", "0"))
OFF = [
    HealthCheck.too_slow,
    HealthCheck.function_scoped_fixture,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
]
#: What is found is told as it was found: making it smaller takes minutes.
AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
settings.register_profile(
    "suite", derandomize=True, database=None, deadline=None, suppress_health_check=OFF, phases=AS_FOUND
)
settings.register_profile(
    "fuzz",
    deadline=None,
    suppress_health_check=OFF,
    print_blob=True,
    database=DirectoryBasedExampleDatabase("var/fuzz"),
    phases=AS_FOUND,
)
PROFILE = settings.get_profile("fuzz" if ASKED else "suite")


def share(part: float, *, small: int, among: int = 1) -> settings:
    """So many cases: `small` with the suite; of `make fuzz` this part of all, divided among so many tests."""
    return settings(PROFILE, max_examples=max(round(ASKED * part / among), 2) if ASKED else small)


class Findings:
    """What was found in one test: each kind once, with what was sent."""

    def __init__(self, record_property):
        self.cases, self.found, self.forms, self._record = 0, {}, set(), record_property

    def add(self, kind: str, how: str) -> None:
        self.found.setdefault(kind, how)

    def close(self) -> None:
        self._record("cases", self.cases)
        self._record("forms", sorted(self.forms))
        self._record("all_forms", sorted(all_forms()))  # told by a worker: who writes the summary has loaded none
        self._record("findings", sorted(self.found))
        assert not self.found, "\n\n".join(f"{kind}\n  {how}" for kind, how in self.found.items())


@pytest.fixture
def findings(record_property):
    found = Findings(record_property)
    with columns_as_strict_as_mariadb(), forms_bound() as found.forms:
        yield found


@pytest.fixture
def undone(db):
    """A context that takes back what one case did."""

    class Undone:
        def __enter__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def __exit__(self, *error):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)
            cache.clear()

    return Undone


def pytest_collection_modifyitems(items):
    """The longest first, so that no worker waits for it at the end."""
    if ASKED:
        items.sort(key=lambda item: "test_workflow" not in item.nodeid)


def pytest_terminal_summary(terminalreporter):
    counts, found, bound, known = Counter(), [], set(), set()
    for reports in terminalreporter.stats.values():
        for report in reports:
            told = dict(getattr(report, "user_properties", ()))
            if "cases" in told and report.when == "call":
                test = report.nodeid.removeprefix("tests/fuzz/").split("[")[0]
                counts[test] += told["cases"]
                bound.update(told.get("forms", ()))
                known.update(told.get("all_forms", ()))
                found += [f"{report.nodeid}: {kind}" for kind in told.get("findings", ())]
    for test, number in counts.items():
        terminalreporter.write_line(f"{number:>8} {test}")
    if counts:
        terminalreporter.write_line(f"{sum(counts.values()):>8} cases in all, {len(found)} findings")
    for line in found:
        terminalreporter.write_line(f"  {line}")
    if "test_forms.py::test_each_form_is_reached_and_breaks_nothing" in counts:
        missed = sorted(known - bound)
        terminalreporter.write_line(f"{len(known)} forms, {len(missed)} of them reached by no case")
        for name in missed:
            terminalreporter.write_line(f"  no case reached {name}")
