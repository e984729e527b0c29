"""A script of the acceptance test: words that a person can follow by hand, bound to the acts that the browser does.

    @acceptance("UAT-2c-01", "Judul", answers=("2c",), purpose="…", role="…", before="…")
    def test_…(script, site):
        script.page = site.visitor()
        with script.step("Buka halaman depan.", expect="Halaman depan tampil.") as step:
            script.page.goto("/")
            step.look_at(script.page.get_by_role("heading"))

The words of a step stand as plain strings in the body of the test, so that they can be read without running it (the
blank form for people who test by hand) and cannot part from the acts: a step that ran and is not read, or is read
and did not run, fails.
"""

import ast
import inspect
import io
import json
import os
import re
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Error, Locator, Page

from tests.acceptance.clauses import BY_KEY

#: Where results and pictures go; without it (CI) the scripts run and leave nothing behind.
OUT = os.environ.get("UAT_RESULTS", "")
#: Wide enough to read on paper, small enough that the whole report can be sent by mail.
WIDTH, QUALITY = 940, 52
PASSED, FAILED, NOT_RUN = "sesuai", "gagal", "tidak dijalankan"
#: Marks what was looked at, for the moment of the picture.
FRAME = "e => { e.style.outline = '3px solid #d4610a'; e.style.outlineOffset = '3px'; }"
UNFRAME = "e => { e.style.outline = ''; e.style.outlineOffset = ''; }"


@dataclass(frozen=True)
class Heading:
    """What stands above the steps of a script."""

    number: str
    title: str
    answers: tuple[str, ...]
    purpose: str
    role: str
    before: str


@dataclass
class Step:
    do: str
    expect: str
    outcome: str = NOT_RUN
    actual: str = ""
    seconds: float = 0.0
    picture: str = ""
    output: str = ""
    _focus: Locator | None = field(default=None, repr=False)

    def found(self, words: str) -> None:
        """What was seen, where it says more than that it was as expected."""
        self.actual = words

    def shows(self, output: str) -> None:
        """What a command wrote: stands in the report instead of a picture."""
        self.output = "\n".join(output.strip().splitlines()[-25:])

    def look_at(self, place: Locator) -> None:
        """The picture shows this place, in a frame."""
        self._focus = place.first


def acceptance(number: str, title: str, *, answers: tuple[str, ...], purpose: str, role: str, before: str) -> Callable:
    """Makes a test function a script; `answers` are keys of clauses, the first of them the one that numbers it."""
    assert re.fullmatch(rf"UAT-{answers[0]}-\d\d", number), number
    assert all(key in BY_KEY for key in answers), answers

    def decorated(test: Callable) -> Callable:
        test.heading = Heading(number, title, answers, purpose, role, before)
        return pytest.mark.journey(test)

    return decorated


def written_steps(test: Callable) -> list[tuple[str, str]]:
    """(what one does, what one should see) of each step, read from the code. Raises AssertionError on words that are computed."""
    steps = []
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(test)))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "step":
            words = [*node.args, *(word.value for word in node.keywords)]
            assert len(words) == 2, ast.unparse(node)
            assert all(isinstance(word, ast.Constant) for word in words), ast.unparse(node)
            steps.append((node.lineno, words[0].value, words[1].value))
    return [(do, expect) for _line, do, expect in sorted(steps)]


class Script:
    """One run of a script. `page` is the page that the next picture shows."""

    def __init__(self, test: Callable, out: str = OUT) -> None:
        self.heading: Heading = test.heading
        self.written = written_steps(test)
        self.page: Page | None = None
        self.steps: list[Step] = []
        self.out = Path(out) if out else None

    @contextmanager
    def step(self, do: str, *, expect: str) -> Iterator[Step]:
        step = Step(do, expect)
        self.steps.append(step)
        begun = time.monotonic()
        try:
            yield step
        except BaseException as error:
            step.outcome, step.actual = FAILED, _told(error)
            raise
        else:
            step.outcome = PASSED
        finally:
            step.seconds = time.monotonic() - begun
            if self.out and not step.output:
                self._take_picture(step)

    def _take_picture(self, step: Step) -> None:
        if self.page is None or self.page.is_closed():
            return
        name = f"{self.heading.number}-{len(self.steps):02d}.jpg"
        with suppress(Error):  # what was looked at may be gone by now: then the page without a frame
            if step._focus is not None:
                step._focus.scroll_into_view_if_needed(timeout=2_000)
                step._focus.evaluate(FRAME)
        with suppress(Error):  # a page that cannot be photographed is not what is tested
            raw = self.page.screenshot(timeout=10_000, animations="disabled")
            picture = Image.open(io.BytesIO(raw)).convert("RGB")
            if picture.width > WIDTH:
                picture = picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS)
            picture.save(self.out / name, "JPEG", quality=QUALITY, optimize=True)
            step.picture = name
        with suppress(Error):
            if step._focus is not None:
                step._focus.evaluate(UNFRAME, timeout=2_000)

    def close(self) -> None:
        """Write down what happened; steps after a failure stand there as not run. Raises AssertionError where words and acts part."""
        ran = [(step.do, step.expect) for step in self.steps]
        failed = any(step.outcome == FAILED for step in self.steps)
        if not failed:
            assert ran == self.written, "langkah yang berjalan bukan langkah yang tertulis"
        if self.out:
            rest = [Step(do, expect) for do, expect in self.written[len(ran) :]]
            steps = [{k: v for k, v in vars(step).items() if k[0] != "_"} for step in [*self.steps, *rest]]
            told = json.dumps(asdict(self.heading) | {"steps": steps}, ensure_ascii=False, indent=1)
            (self.out / f"{self.heading.number}.json").write_text(told, encoding="utf-8")


def _told(error: BaseException) -> str:
    """The first lines of what went wrong, without colours and call logs."""
    words = re.sub(r"\x1b\[[0-9;]*m", "", str(error) or type(error).__name__)
    lines = [line.strip() for line in words.split("Call log:")[0].splitlines() if line.strip()]
    return " · ".join(lines)[:400]
