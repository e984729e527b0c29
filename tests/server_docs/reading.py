"""The Markdown of the project as the tests take it apart: blocks, words in code, links, pictures, headings.

A fenced block without a language is one for the shell; configuration, diagrams and what a program prints name theirs
("text", "sql", "nginx" …). Where a block begins with "$ ", its commands do, and the other lines are what they answer.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown.extensions.toc import slugify

ROOT = Path(__file__).resolve().parents[2]
#: What lies in the tree without being the project's own.
FOREIGN = {".venv", ".git", "var", "staticfiles", "node_modules", ".pytest_cache", ".ruff_cache", "__pycache__"}

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\S*)[^\n]*\n(?P<text>.*?)^(?P=indent)``` *$", re.MULTILINE | re.DOTALL
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SPAN = re.compile(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)")


@dataclass(frozen=True)
class Block:
    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """One Markdown file. `prose` is what is left without its fenced blocks and comments."""

    path: Path
    blocks: tuple[Block, ...]
    prose: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def shell(self) -> list[str]:
        return [_commands(block.text) for block in self.blocks if not block.language]

    @property
    def spans(self) -> list[str]:
        """What stands in `code` within the text, on one line each."""
        return [" ".join(span.split()) for span in SPAN.findall(self.prose)]

    @property
    def code(self) -> list[str]:
        """Whatever may be typed at a shell."""
        return [*self.shell, *self.spans]

    def links(self) -> Iterator[tuple[str, str]]:
        """(file, heading) of every link that stays in the house; pictures are none."""
        for target in re.findall(r"(?<!!)\[(?:[^\[\]]|!\[[^\]]*\]\([^)]*\))*\]\(<?([^)\s>]+)[^)]*\)", self._words):
            if not re.match(r"[a-z]+:", target):
                file, _hash, heading = target.partition("#")
                yield file, heading

    def pictures(self) -> Iterator[tuple[str, str]]:
        """(words for who does not see it, file)"""
        yield from re.findall(r"!\[([^\]]*)\]\(<?([^)\s>]+)[^)]*\)", self._words)

    @property
    def _words(self) -> str:
        return SPAN.sub("", self.prose)


def _commands(text: str) -> str:
    lines = text.splitlines(keepends=True)
    if not lines or not lines[0].lstrip().startswith("$ "):
        return text
    return "".join(line.lstrip().removeprefix("$ ") for line in lines if line.lstrip().startswith("$ "))


def read(path: Path) -> Page:
    source = COMMENT.sub("", path.read_text(encoding="utf-8"))
    blocks = tuple(Block(found["language"], found["text"]) for found in FENCE.finditer(source))
    return Page(path, blocks, FENCE.sub("", source))


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project."""
    found = []
    for folder, folders, names in ROOT.walk():
        folders[:] = sorted(set(folders) - FOREIGN)
        found += [folder / name for name in sorted(names)]
    return tuple(found)


@cache
def pages() -> tuple[Page, ...]:
    """Every Markdown file of the project."""
    return tuple(read(path) for path in files() if path.suffix == ".md")


@cache
def headings(path: Path) -> frozenset[str]:
    """What a link may name after "#"; of two headings with the same words the second gets "_1"."""
    seen: Counter[str] = Counter()
    found = set()
    for title in re.findall(r"^ {0,3}#{1,6} (.+?)(?: +#+)?$", read(path).prose, re.MULTILINE):
        slug = slugify(re.sub(r"[`*]|\]\([^)]*\)|\[", "", title), "-")
        found.add(f"{slug}_{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return frozenset(found)
