"""The runbook as administrators read it: the same files that lie in server_docs/runbook/, for when the server lives.

Links between its pages lead on; what lies elsewhere in server_docs is named, since it is read on the server.
"""

import re
from functools import cache

from django.conf import settings

from core.manual.pages import ManualPage, to_html

FOLDER = settings.BASE_DIR / "server_docs" / "runbook"
FRONT_PAGE = "mulai"
_FILES = {FRONT_PAGE: "README"}


@cache
def slugs() -> list[str]:
    """In the order in which the front page names them; what it names in passing comes last."""
    front = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = dict.fromkeys(re.findall(r"\]\(([a-z0-9-]+)\.md", front))
    return [*named, *sorted(path.stem for path in FOLDER.glob("*.md") if path.stem not in {*named, "README"})]


def listed() -> list[ManualPage]:
    return [page for slug in slugs() if (page := read_page(slug)) is not None]


def read_page(slug: str) -> ManualPage | None:
    """None when there is none of that name; of names that somebody makes up nothing is kept."""
    return _page(slug) if slug == FRONT_PAGE or slug in slugs() else None


@cache
def _page(slug: str) -> ManualPage:
    """Rendered once per process: it ships with the code."""
    return ManualPage.read(slug, FOLDER / f"{_FILES.get(slug, slug)}.md", _to_html)


def _to_html(body: str) -> str:
    body = _unindented(body).replace("[ ]", "☐")
    html = to_html(body).replace("<pre>", '<pre tabindex="0">')  # wide lines are scrolled by the keyboard too
    html = re.sub(r'<a href="(?:\.\./)+([^"#]+)(?:#[^"]*)?">(.*?)</a>', r"\2 (<code>\1</code>)", html)
    return re.sub(r'<a href="(?:README|([a-z0-9-]+))\.md(#[^"]*)?">', _inside, html)


def _inside(link: re.Match[str]) -> str:
    return f'<a href="../{link[1] or FRONT_PAGE}/{link[2] or ""}">'


def _unindented(text: str) -> str:
    """What stands inside a numbered step, as the library wants it: commands as code of that step, since it knows fences
    at the margin only; sentences by four blanks and an empty line, else the next step is none any more."""

    def indented(fence: re.Match[str]) -> str:
        lines = [line.removeprefix(fence[1]) for line in fence[2].splitlines()]
        return "".join(f"\n{fence[1]}{' ' * (8 - len(fence[1]))}{line}" for line in lines) + "\n"

    text = re.sub(r"^( +)```\w*\n(.*?)\n\1```$", indented, text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"^ {3}(?=\S)", " " * 4, text, flags=re.MULTILINE)
    return re.sub(r"^( {4}.*)\n(?=\d+\. )", r"\1\n\n", text, flags=re.MULTILINE)
