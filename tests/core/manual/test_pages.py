"""Pages of the manual: their links lead somewhere, and their words are those of the screens.

What a page prints **bold** is the label of something on the screen, and what it quotes in “…” of four
words and more is a sentence that the system says ("…" stands for what differs). Both are looked up here
among the words of the interface, so that a button that is renamed takes its manual along.
"""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.utils.translation import trans_real

from core.manual.books import all_slugs
from core.manual.pages import MANUAL, PICTURES, picture_size, plain, read_page


def source(slug: str) -> str:
    return (MANUAL / f"{slug}.md").read_text(encoding="utf-8")


# --- links and pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", all_slugs())
def test_every_link_leads_to_a_page_and_to_a_heading_that_are_there(slug):
    for target, heading in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#]*)(?:#([^)]*))?\)", source(slug)):
        if target.startswith("/"):  # an address of the system
            continue
        assert target.endswith(".md"), target
        page = read_page(target.removesuffix(".md"))
        assert page is not None, target
        assert not heading or f'id="{heading}"' in page.html, f"{target}#{heading}"


def test_links_lead_to_pages_of_the_same_book():
    assert 'href="../verifikasi/#langkah-pemeriksaan"' in read_page("manual-sekretariat").html
    assert ".md" not in "".join(read_page(slug).html for slug in all_slugs())


def test_a_picture_is_drawn_with_its_size_and_leads_to_itself():
    width, height = picture_size("antrean-daftar.webp")
    html = read_page("antrean").html
    assert f'width="{width}" height="{height}" loading="lazy"' in html
    assert re.search(r'<a href="/static/manual/antrean-daftar[^"]*\.webp">', html)
    assert "<figcaption>1 " in html


def test_the_pictures_of_all_manuals_weigh_little():
    """On a poor link a page is read before its pictures are there; each is a few dozen KB."""
    heavy = [path.name for path in PICTURES.glob("*.webp") if path.stat().st_size > 110_000]
    assert heavy == []


def test_a_page_that_does_not_exist_is_none():
    assert read_page("tidak-ada") is None
    assert read_page("../security") is None


def test_a_line_is_read_as_text():
    assert plain("1. Tekan **Ambil** di [antrean](antrean.md).") == "Tekan Ambil di antrean."
    assert plain('![Layar](gambar/x.webp "1 di sini")') == ""


# --- the words of the screens --------------------------------------------------------------------------------


def _in_python(text: str) -> Iterator[str]:
    yield from (
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _in_template(text: str) -> Iterator[str]:
    yield from (found[1] for found in re.findall(r"""(?:translate|_\()\s*(["'])(.+?)\1""", text))
    for block in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text, re.DOTALL):
        yield from (" ".join(part.split()) for part in block.split("{% plural %}"))


@cache
def interface() -> tuple[frozenset[str], list[re.Pattern]]:
    """All that the screens may say: whole strings, and patterns of those with something to fill in."""
    found: set[str] = set()
    for room in ("core", "backoffice", "public_site"):
        for path in (settings.BASE_DIR / room).rglob("*"):
            if path.suffix == ".py" and "migrations" not in path.parts:
                found.update(_in_python(path.read_text(encoding="utf-8")))
            elif path.suffix == ".html":
                found.update(_in_template(path.read_text(encoding="utf-8")))
            elif path.suffix == ".js" and "static" in path.parts:
                found.update(said for _mark, said in re.findall(r"""(["'])(.+?)\1""", path.read_text(encoding="utf-8")))
    found.update(str(said) for _msgid, said in trans_real.translation("id")._catalog.items())
    views = settings.BASE_DIR / "fixtures" / "reference" / "080_saved_views.json"
    found.update(view["title"] for view in json.loads(views.read_text(encoding="utf-8"))["saved_views"])
    patterns = []
    for said in found:
        pieces = re.split(r"%\(\w+\)[sd]|{{ ?\w+ ?}}", said)
        if len(pieces) > 1 and sum(len(piece.strip()) for piece in pieces) >= 10:
            patterns.append(
                re.compile(".*".join(re.escape(piece.strip()) for piece in pieces), re.IGNORECASE | re.DOTALL)
            )
    return frozenset(said.strip().casefold() for said in found), patterns


def is_label(phrase: str) -> bool:
    whole, patterns = interface()
    return phrase.casefold() in whole or any(pattern.fullmatch(phrase) for pattern in patterns)


def is_said(sentence: str) -> bool:
    """Whether the system says this; "…" and numbers stand for anything, at the end for how it goes on."""
    whole, _patterns = interface()
    pieces = [piece.strip(" .“”") for piece in re.split(r"…|\b\d[\d.]*\b", sentence.casefold())]
    wanted = re.compile(".*".join(re.escape(piece) for piece in pieces if piece), re.DOTALL)
    return any(wanted.search(said) for said in whole)


@pytest.mark.parametrize("slug", all_slugs())
def test_what_is_bold_stands_on_a_screen(slug):
    text = re.sub(r"\s+", " ", source(slug))
    phrases = set(re.findall(r"\*\*(.+?)\*\*", text))
    assert not sorted(phrase for phrase in phrases if not is_label(phrase))


@pytest.mark.parametrize("slug", all_slugs())
def test_what_is_quoted_is_said_by_the_system(slug):
    text = re.sub(r"\s+", " ", source(slug))
    quoted = {said for said in re.findall(r"“((?:[^“”]|“[^”]*”)*)”", text) if len(said.split()) >= 4}
    assert not sorted(said for said in quoted if not is_said(said))


def test_a_renamed_button_would_be_noticed():
    assert is_label("Ambil untuk diperiksa")
    assert is_label("Tambahkan Kode lagi")
    assert not is_label("Ambil untuk dikerjakan")
    assert is_said("Sertifikat asesor berakhir pada ….")
    assert not is_said("Sertifikat asesor sudah habis pada ….")
