"""The report of the acceptance test says what happened, also of what failed and of what did not run."""

import io
import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.acceptance import report
from tests.acceptance.script import Script, acceptance


@pytest.fixture(autouse=True)
def _templates_of_the_report(settings):
    folder = Path(report.__file__).parent / "templates"
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [folder]}]


@acceptance("UAT-2a-99", "Contoh", answers=("2a",), purpose="p", role="r", before="b")
def example(script):
    with script.step("Langkah satu.", expect="Satu."):
        pass
    with script.step("Langkah dua.", expect="Dua."):
        raise AssertionError("tidak terlihat")
    with script.step("Langkah tiga.", expect="Tiga."):
        pass


def test_a_failed_step_ends_its_script_and_the_rest_is_told_as_not_run(tmp_path):
    script = Script(example, out=str(tmp_path))
    with pytest.raises(AssertionError, match="tidak terlihat"):
        example(script)
    script.close()
    steps = json.loads((tmp_path / "UAT-2a-99.json").read_text())["steps"]
    assert [step["outcome"] for step in steps] == ["sesuai", "gagal", "tidak dijalankan"]
    assert steps[1]["actual"] == "tidak terlihat"


def test_a_step_that_is_written_and_did_not_run_fails(tmp_path):
    script = Script(example)
    with script.step("Langkah satu.", expect="Satu."):
        pass
    with pytest.raises(AssertionError, match="bukan langkah yang tertulis"):
        script.close()


def test_the_report_counts_what_did_not_pass(tmp_path):
    first, second = report.scripts()[:2]
    for test, outcome in ((first, "sesuai"), (second, "gagal")):
        steps = [
            {
                "do": "Buka.",
                "expect": "Terbuka.",
                "outcome": outcome,
                "actual": "Terkunci.",
                "seconds": 1,
                "picture": "",
                "output": "",
            }
        ]
        (tmp_path / f"{test.heading.number}.json").write_text(json.dumps({"steps": steps}))
    not_passed = report.write(tmp_path, tmp_path, database="SQLite", browser="Chromium", version="uji")

    assert not_passed == len(report.scripts()) - 1
    text = "\n".join(page.extract_text() for page in PdfReader(tmp_path / "laporan-uat.pdf").pages)
    failures = text[text.rindex("Yang gagal") :]
    assert second.heading.number in failures[:200]
    assert "PHP" in text, "the trace names the deviation"


def test_what_a_program_wrote_is_put_so_that_it_can_be_read_in_a_column():
    table = "| disk | 40 GB |\n|---|---|\n| memory, **with what the database wants of it** | `8 GB` |"
    assert report.readable(table) == "disk | 40 GB\nmemory, with what the database wants of it | 8 GB"
    assert report.readable("$ manage.py check\nsatu\ndua\ntiga") == "$ manage.py check\nsatu · dua · tiga"
    assert max(map(len, report.readable("permission_matrix/" * 30).splitlines())) <= report.OUTPUT_LINE


def test_no_word_is_longer_than_its_column():
    path = "server_docs/decisions/0017-assessment-methods.md"
    assert report.breakable(f"Lihat {path}.").split() == [
        "Lihat",
        "server_docs/decisions/0017-",
        "assessment-methods.md.",
    ]
    assert max(map(len, report.breakable("4" * 64).split())) <= report.LONGEST


def test_the_empty_foot_of_a_picture_is_left_out(tmp_path):
    from PIL import Image, ImageDraw

    screen = Image.new("RGB", (900, 600), "white")
    ImageDraw.Draw(screen).rectangle((0, 0, 300, 250), fill="navy")
    screen.save(tmp_path / "satu.jpg")
    step = {"picture": "satu.jpg"}

    report.printed([report.Result(None, [step])], tmp_path)

    assert step["width"] == report.WIDTH
    assert 100 < step["height"] < 130


def test_the_blank_form_has_every_script_and_a_place_to_sign_it():
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(report.blank_form(version="uji"))).pages)
    for test in report.scripts():
        assert test.heading.number in text, test.heading.number
        assert f"Kesimpulan skrip {test.heading.number}:" in text
    assert "Paraf" in text
