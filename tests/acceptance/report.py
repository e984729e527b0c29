"""The report of the acceptance test and the blank form of the same scripts: `make uat` ends with it.

    python -m tests.acceptance.report <folder of results> <folder for the papers> [database] [browser]

Reads what tests/acceptance/script.py wrote down. A script that left nothing behind stands there as not run.
"""

import base64
import importlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PASSED, FAILED, NOT_RUN = "sesuai", "gagal", "tidak dijalankan"
#: A picture on paper, in points of the screen: as wide as its column, as high as a third of a page.
WIDTH, HEIGHT = 290, 330
SIGNERS = ("LSP BNPB", "Pusdatinkom BNPB", "Mercy Corps Indonesia / INVEST DM 2.0")


@dataclass
class Result:
    """A script with what came of it. `steps` are dicts with the fields of script.Step and, for print, `image`."""

    heading: Any
    steps: list[dict[str, Any]]

    @property
    def outcome(self) -> str:
        told = {step["outcome"] for step in self.steps}
        return FAILED if FAILED in told else PASSED if told == {PASSED} else NOT_RUN

    @property
    def seconds(self) -> float:
        return sum(step["seconds"] for step in self.steps)


@dataclass
class Row:
    """A clause with the scripts that answer it."""

    clause: Any
    results: list[Result]

    @property
    def passed(self) -> int:
        return sum(result.outcome == PASSED for result in self.results)

    @property
    def failed(self) -> int:
        return len(self.results) - self.passed


def scripts() -> list[Callable]:
    """Every script, in the order of its number."""
    found = []
    for path in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.acceptance.{path.stem}")
        found += [
            test for test in vars(module).values() if hasattr(test, "heading") and test.__module__ == module.__name__
        ]
    return sorted(found, key=lambda test: test.heading.number)


def results(folder: Path | None) -> list[Result]:
    """What each script did, from its file in `folder`; without a folder or a file, its steps as they are written."""
    from tests.acceptance.script import written_steps

    told = []
    for test in scripts():
        path = folder / f"{test.heading.number}.json" if folder else None
        if path and path.is_file():
            steps = json.loads(path.read_text(encoding="utf-8"))["steps"]
        else:
            steps = [
                {
                    "do": do,
                    "expect": expect,
                    "outcome": NOT_RUN,
                    "actual": "",
                    "seconds": 0,
                    "picture": "",
                    "output": "",
                }
                for do, expect in written_steps(test)
            ]
        told.append(Result(test.heading, steps))
    return told


def trace(told: list[Result]) -> list[Row]:
    """Each clause of the terms of reference, in their order, with the scripts that name it."""
    from tests.acceptance.clauses import CLAUSES

    return [Row(clause, [result for result in told if clause.key in result.heading.answers]) for clause in CLAUSES]


def context_of(told: list[Result], *, database: str, browser: str, version: str) -> dict[str, Any]:
    from tests.acceptance.clauses import PARTS

    rows = trace(told)
    parts = [(letter, title, [row for row in rows if row.clause.part == letter]) for letter, title in PARTS]
    passed = sum(result.outcome == PASSED for result in told)
    return {
        "told": told,
        "parts": parts,
        "rows": [row for row in rows if row.results],
        "passed": passed,
        "failed": sum(result.outcome == FAILED for result in told),
        "not_run": sum(result.outcome == NOT_RUN for result in told),
        "failures": [(result, step) for result in told for step in result.steps if step["outcome"] == FAILED],
        "steps": sum(len(result.steps) for result in told),
        "minutes": round(sum(result.seconds for result in told) / 60, 1),
        "database": database,
        "browser": browser,
        "version": version,
        "day": datetime.now(),
        "signers": SIGNERS,
    }


def printed(told: list[Result], folder: Path) -> None:
    """Give each step its picture as an address `data:` with the size it has on paper."""
    from PIL import Image

    for step in (step for result in told for step in result.steps if step["picture"]):
        path = folder / step["picture"]
        with Image.open(path) as picture:
            fits = min(WIDTH / picture.width, HEIGHT / picture.height)
            step["width"], step["height"] = round(picture.width * fits), round(picture.height * fits)
        step["image"] = "data:image/jpeg;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


def blank_form(*, version: str) -> bytes:
    """The scripts for people who test by hand, as PDF."""
    from core.documents.rendering import LARGE, render_pdf

    context = context_of(results(None), database="", browser="", version=version)
    return render_pdf("acceptance/form.html", context, policy=LARGE).content


def write(folder: Path, target: Path, *, database: str, browser: str, version: str) -> int:
    """Report as HTML and PDF, and the blank form; returns how many scripts did not pass."""
    from django.template.loader import render_to_string

    from core.documents.rendering import LARGE, render_pdf

    told = results(folder)
    context = context_of(told, database=database, browser=browser, version=version)
    pictures = os.path.relpath(folder, target)
    (target / "laporan-uat.html").write_text(
        render_to_string("acceptance/report.html", context | {"pictures": pictures}), encoding="utf-8"
    )
    printed(told, folder)
    pdf = render_pdf("acceptance/report.html", context | {"is_print": True}, policy=LARGE)
    (target / "laporan-uat.pdf").write_bytes(pdf.content)
    (target / "naskah-uat.pdf").write_bytes(blank_form(version=version))
    size = len(pdf.content) / 1_000_000
    print(f"laporan-uat.pdf: {pdf.pages} halaman, {size:.1f} MB; {context['passed']} dari {len(told)} skrip sesuai.")
    return len(told) - context["passed"]


def main() -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.acceptance.settings"
    import django

    django.setup()
    from core.common.version import program_version

    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    database, browser = [*sys.argv[3:], "", ""][:2]
    return 1 if write(folder, target, database=database, browser=browser, version=program_version()) else 0


if __name__ == "__main__":
    sys.exit(main())
