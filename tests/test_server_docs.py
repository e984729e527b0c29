"""What server_docs says can be done: every command with its options exists, every link leads to a file and a heading."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.core.management import get_commands, load_command_class
from markdown.extensions.toc import slugify

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "cron").glob("*.md")),
    *(path for path in sorted((ROOT / "server_docs").rglob("*.md")) if "manual" not in path.parts),
]
#: Until the end of the line, of the code, or of the command.
COMMAND = re.compile(r"manage\.py ([a-z_]+)((?:[^`\n|;&]|\\\n)*)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def options_of(command: str) -> frozenset[str]:
    made = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    return frozenset(option for action in made._actions for option in action.option_strings)


def links(text: str) -> Iterator[tuple[str, str]]:
    """(file, heading) of every link that stays in the house."""
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL)):
        if not re.match(r"[a-z]+:", target):
            file, _hash, heading = target.partition("#")
            yield file, heading


@cache
def headings(path: Path) -> frozenset[str]:
    titles = re.findall(r"^#{1,6} (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(slugify(re.sub(r"[`*]", "", title), "-") for title in titles)


def test_every_command_and_option_that_is_named_exists():
    unknown = []
    for path in PAGES:
        for command, rest in COMMAND.findall(path.read_text(encoding="utf-8")):
            if command not in get_commands():
                unknown.append((name_of(path), command))
            elif command != "crontab":  # takes words, not options
                named = set(re.findall(r"(?<!\S)(--[a-z-]+)", rest.split(" # ")[0]))
                unknown += [(name_of(path), command, option) for option in named - options_of(command)]
    assert unknown == []


def test_every_link_leads_to_a_file_and_a_heading():
    broken = []
    for path in PAGES:
        for file, heading in links(path.read_text(encoding="utf-8")):
            target = (path.parent / file).resolve() if file else path
            if not target.exists() or (heading and heading not in headings(target)):
                broken.append((name_of(path), file, heading))
    assert broken == []


def test_each_runbook_says_what_shows_what_first_when_it_is_over_and_whom_to_tell():
    for path in sorted((ROOT / "server_docs" / "runbook").glob("*.md")):
        if path.stem in ("README", "surat-pemberitahuan", "serah-terima-ti"):
            continue
        parts = re.findall(r"^## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        told = [part for part in parts if part.startswith(("Lakukan dahulu", "Selesai bila"))]
        assert len(told) == 2, (path.stem, parts)
        assert path.stem == "kebocoran-data" or "Beri tahu" in parts, path.stem


def test_the_letter_of_a_breach_holds_what_the_law_asks_for():
    """UU 27/2022 pasal 46 ayat (2): the data, when and how, what was done about it."""
    letter = (ROOT / "server_docs" / "runbook" / "surat-pemberitahuan.md").read_text(encoding="utf-8")
    for part in ("Data yang terkena.", "Kapan dan bagaimana.", "Yang sudah kami lakukan."):
        assert part in letter
    for part in ("Data yang terungkap", "Bagaimana terungkap", "Penanganan dan pemulihan"):
        assert part in letter
