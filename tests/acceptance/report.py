"""The report of the acceptance test and the blank form of the same scripts: `make uat` ends with it.

    python -m tests.acceptance.report <folder of results> <folder for the papers> [database] [browser]

Reads what tests/acceptance/script.py wrote down. A script that left nothing behind stands there as not run.
"""

import base64
import importlib
import io
import json
import os
import re
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PASSED, FAILED, NOT_RUN = "sesuai", "gagal", "tidak dijalankan"
#: A picture on paper, in points of the screen: as wide as its column, as high as a third of a page.
WIDTH, HEIGHT = 392, 300
#: So many characters of what a program wrote fit in a line of that column; lines shorter than the second are put together.
OUTPUT_LINE, SHORT = 88, 32
#: A longer word than this would run out of its column.
LONGEST = 30
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
    def elsewhere(self) -> str:
        return breakable(self.clause.elsewhere)

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
        for step in steps:
            step["output"], step["actual"] = readable(step["output"]), breakable(step["actual"])
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
        with Image.open(folder / step["picture"]) as picture:
            shown = _without_empty_foot(picture.convert("RGB"))
        fits = min(WIDTH / shown.width, HEIGHT / shown.height)
        step["width"], step["height"] = round(shown.width * fits), round(shown.height * fits)
        out = io.BytesIO()
        shown.save(out, "JPEG", quality=70, optimize=True)
        step["image"] = "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def _without_empty_foot(picture: Any) -> Any:
    """A short page leaves the lower part of a screen empty, and on paper that much of the next step's place."""
    from PIL import Image, ImageChops

    empty = Image.new("RGB", picture.size, picture.getpixel((picture.width // 2, picture.height - 1)))
    differs = ImageChops.difference(picture, empty).convert("L").point(lambda value: 255 if value > 24 else 0)
    last = (differs.getbbox() or (0, 0, 0, picture.height))[3]
    return picture.crop((0, 0, picture.width, min(picture.height, max(last + 16, picture.height // 4))))


def readable(output: str) -> str:
    """What a program wrote, for a column of a page: tables and emphasis without their marks, short lines together, long ones broken."""
    lines: list[str] = []
    was_short = False
    for raw in output.splitlines():
        if re.fullmatch(r"[|:\s-]*", raw):
            continue
        line = re.sub(r"\*\*|`", "", raw).strip().strip("|").strip()
        is_short = len(line) < SHORT and not raw.startswith("$")
        if is_short and was_short and len(lines[-1]) + len(line) + 3 <= OUTPUT_LINE:
            lines[-1] += f" · {line}"
        else:
            lines += textwrap.wrap(line, OUTPUT_LINE) or [""]
        was_short = is_short
    return "\n".join(lines)


def breakable(words: str) -> str:
    """Words of which none is too long for its column: a path breaks after a stroke, anything else where it must."""
    return re.sub(rf"\S{{{LONGEST},}}", lambda word: _broken(word[0]), words)


def _broken(word: str) -> str:
    pieces, line = re.split(r"(?<=[/_.-])", word), ""
    lines = []
    for piece in (part for whole in pieces for part in textwrap.wrap(whole, LONGEST)):
        if line and len(line) + len(piece) > LONGEST:
            lines.append(line)
            line = ""
        line += piece
    return " ".join([*lines, line])


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
