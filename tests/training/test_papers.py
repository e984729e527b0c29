"""The papers of the training agree with one another, lead somewhere, and can be printed."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from pypdf import PdfReader

from core.demo.training.files import practice_files
from core.manual import training
from tests.training.starts import STARTS

TRAINING = training.TRAINING
PARTS = ("Keadaan.", "Tugas.", "Langkah.", "Hasil.", "Bila keliru.", "Lebih sulit.")
LETTERS = {"sekretariat": "S", "asesor": "A", "administrator": "T", "bnsp": "B", "instansi": "I"}


def read(name: str) -> str:
    return (TRAINING / f"{name}.md").read_text(encoding="utf-8")


def exercises(group: str) -> dict[str, str]:
    """{code: everything below its heading}"""
    parts = re.split(r"^## ([A-Z]\d\d) .+$", read(f"latihan-{group}"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


@pytest.mark.parametrize("group", training.GROUPS)
def test_each_exercise_stands_once_in_the_agenda_and_is_shown_on_a_slide(group):
    written = list(exercises(group))
    slides = "".join(path.read_text(encoding="utf-8") for path in training.decks() if path.stem.startswith(group))

    assert sorted(re.findall(r"\[([A-Z]\d\d)\]\(", read(f"agenda-{group}"))) == written
    assert sorted(re.findall(r"Latihan ([A-Z]\d\d)", slides)) == written
    assert written == [f"{LETTERS[group]}{number:02d}" for number in range(1, len(written) + 1)]
    assert len(written) >= (4 if group in ("bnsp", "instansi") else 8)


def test_each_exercise_has_a_state_that_is_checked():
    assert list(STARTS) == [code for group in training.GROUPS for code in exercises(group)]


@pytest.mark.parametrize("group", training.GROUPS)
def test_each_exercise_says_what_is_so_what_to_do_and_how_to_tell_that_it_is_done(group):
    for code, text in exercises(group).items():
        assert [part for part in PARTS if f"**{part}**" not in text] == [], code
        assert re.search(r"^Waktu: \d+ menit", text, re.MULTILINE), code
        results = text.split("**Hasil.**")[1].split("**Bila keliru.**")[0]
        assert results.count("\n- ") >= 1, code
        assert "../manual/" in text.split("**Keadaan.**")[0], code


def test_the_days_have_time_for_their_exercises():
    for group in training.GROUPS:
        for day in re.split(r"^## ", read(f"agenda-{group}"), flags=re.MULTILINE):
            for start, end, row in re.findall(r"^\| (\d\d\.\d\d)–(\d\d\.\d\d) (\|.*)$", day, re.MULTILINE):
                codes = re.findall(r"\[([A-Z]\d\d)\]\(", row)
                needed = sum(int(re.search(r"Waktu: (\d+)", exercises(group)[code])[1]) for code in codes)
                has = minutes(end) - minutes(start)
                assert needed <= has, (group, start, codes, needed, has)


def minutes(clock: str) -> int:
    hour, minute = clock.split(".")
    return int(hour) * 60 + int(minute)


def test_each_file_that_an_exercise_names_is_handed_out():
    named = set(
        re.findall(r"`([a-z0-9-]+(?:NN)?\.(?:jpg|pdf|csv))`", "".join(read(f"latihan-{g}") for g in training.GROUPS))
    )
    given = {name.replace("01", "NN") if name.endswith(".csv") else name for name, _content in practice_files(1)}

    given_exactly = {name for name, _content in practice_files(1)}
    assert named == given
    assert "tuk-01.csv" in given_exactly


def test_slides_are_one_page_that_needs_nothing_else():
    for path in training.decks():
        page = training.deck_page(path)
        count = len(re.findall(r"^---$", path.read_text(encoding="utf-8"), re.MULTILINE)) + 1
        assert 12 <= count <= 20, path.stem
        assert page.count("<section") == count
        assert "<script" not in page
        assert re.findall(r'(?:src|href)="(?!data:|https://)', page) == []
        assert "scroll-snap-type: y mandatory" in page


def pages(content: bytes) -> list:
    import io

    return PdfReader(io.BytesIO(content)).pages


@pytest.mark.parametrize("deck", training.decks(), ids=lambda path: path.stem)
def test_slides_print_one_to_a_page_lying_each_with_its_heading_and_its_picture(deck):
    slides = deck.read_text(encoding="utf-8").split("\n---\n")
    printed = pages(training.deck_pdf(deck).content)

    assert printed[0].mediabox.width > printed[0].mediabox.height
    assert len(printed) == len(slides)
    for page, slide in zip(printed, slides, strict=True):
        heading = re.search(r"^#+ (.+)$", slide, re.MULTILINE)[1]
        assert heading in page.extract_text().replace("\n", " ")
        assert len(page.images) == slide.count("![") <= 1, heading


def test_slides_that_speak_of_a_screen_show_it():
    for path in training.decks():
        page = training.deck_page(path)
        pictures = re.findall(r'<img alt="([^"]+)" src="data:image/webp;base64,', page)
        assert len(pictures) == path.read_text(encoding="utf-8").count("![") >= 5, path.stem


def test_sheets_fit_on_one_page():
    for path in training.sheets():
        sheet = pages(training.sheet_pdf(path, participants=12).content)
        assert len(sheet) == 1, path.stem
        assert (sheet[0].mediabox.width > sheet[0].mediabox.height) == (path.stem in training.WIDE)
    attendance = pages(training.sheet_pdf(Path(TRAINING / "lembar" / "daftar-hadir.md"), participants=12).content)
    assert re.findall(r"^(\d\d)$", attendance[0].extract_text(), re.MULTILINE) == [f"{n:02d}" for n in range(1, 13)]


def test_the_report_leaves_open_only_what_the_course_will_tell():
    report = (settings.BASE_DIR / "server_docs" / "reports" / "laporan-pelatihan.md").read_text(encoding="utf-8")

    assert f"| latihan | {len(STARTS)} |" in report
    for group, count in (("Sekretariat", 12), ("Asesor", 10), ("Administrator teknis dan IT Pusdatinkom", 12)):
        assert f"| {group} | 2 | {count} |" in report
    assert "`[diisi: tanggal, tempat]`" in report
