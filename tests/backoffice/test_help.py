"""The manual behind the “?”: it covers every screen, its links lead somewhere, and its words are those of the screens.

What a page prints **bold** is the label of something on the screen, and what it quotes in “…” of four
words and more is a sentence that the system says ("…" stands for what differs). Both are looked up here
among the words of the interface, so that a button that is renamed takes its manual along.
"""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, reverse
from django.utils.translation import trans_real

from backoffice import help as manual

#: Addresses of the back office that draw no screen with a “?”, or only the manual itself.
WITHOUT_SCREEN = {
    "login", "logout", "jsi18n", "search", "autocomplete", "view_on_site", "app_list", "choices", "document",
    "manual", "manual_front", "toggle_sidebar", "end_sessions", "forget_devices", "second_factor", "second_factor_enrol",
}  # fmt: skip


def source(slug: str) -> str:
    return (manual.MANUAL / f"{slug}.md").read_text(encoding="utf-8")


def files() -> list[str]:
    return sorted(path.stem for path in manual.MANUAL.glob("*.md"))


def page_at(name: str) -> str:
    return manual.page_of(SimpleNamespace(resolver_match=SimpleNamespace(url_name=name)))


def addresses(patterns: list) -> Iterator[str]:
    """Names of all addresses of the back office."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


# --- every screen has a page ------------------------------------------------------------------------------


def test_every_list_has_a_page():
    lacking = {model._meta.model_name for model in admin.site._registry} - set(manual.PAGE_OF_MODEL)
    assert not lacking


def test_every_address_leads_to_a_page_that_exists_and_only_screens_without_a_subject_to_the_front_page():
    names = set(addresses(admin.site.get_urls()))
    assert {page_at(name) for name in names} <= set(files())
    assert {name for name in names if page_at(name) == manual.FRONT_PAGE} <= WITHOUT_SCREEN


def test_every_page_stands_in_the_table_of_contents():
    assert sorted(manual.slugs()) == files()
    assert manual.slugs()[0] == manual.FRONT_PAGE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("index", "beranda"),
        ("core_application_changelist", "antrean"),
        ("core_venue_changelist", "tuk"),
        ("core_venue_add", "tuk"),
        ("core_venue_import_rows", "impor-ekspor"),
        ("core_scheme_import_workbook", "impor-ekspor"),
        ("core_deletedrecord_changelist", "riwayat-versi"),
        ("security", "keamanan-akun"),
        ("setup", "pengaturan"),
    ],
)
def test_the_question_mark_of_a_screen_leads_to_its_page(desk, name, page):
    screen = desk.get(reverse(f"admin:{name}"))
    assert f'class="bo-help" href="{reverse("admin:manual", args=[page])}"' in screen.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["sekretariat", "administrator", "asesor", "bnsp"])
def test_every_page_opens_for_everybody_at_the_desk(as_role, role):
    browser = as_role(role)
    for slug in files():
        response = browser.get(reverse("admin:manual", args=[slug]))
        assert response.status_code == 200
        assert response.context["page"].title in response.content.decode()


@pytest.mark.django_db
def test_a_page_that_does_not_exist_is_not_found(desk):
    assert desk.get(reverse("admin:manual", args=["tidak-ada"])).status_code == 404


# --- links ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", files())
def test_every_link_leads_to_a_page_and_to_a_heading_that_are_there(slug):
    for target, heading in re.findall(r"\]\(([^)#]*)(?:#([^)]*))?\)", source(slug)):
        assert target.endswith(".md"), target
        page = manual.read_page(target.removesuffix(".md"))
        assert page is not None, target
        assert not heading or f'id="{heading}"' in page.html, f"{target}#{heading}"


def test_links_are_drawn_as_addresses_of_the_back_office():
    assert 'href="../beranda/#sekretariat"' in manual.read_page("mulai").html
    assert ".md" not in "".join(manual.read_page(slug).html for slug in files())


# --- search -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_search_finds_pages_by_all_words_titles_first(desk):
    found = desk.get(reverse("admin:manual_front"), {"q": "pola nomor"})
    assert found.context["hits"][0][0].slug == "pola-nomor"
    assert [manual.search_pages(words)[0][0].slug for words in ("kirim ulang", "pulihkan", "ponsel hilang")] == [
        "pesan",
        "riwayat-versi",
        "pengguna",
    ]
    assert {page.slug for page, _line in manual.search_pages("Kode PEMULIHAN")} >= {"keamanan-akun"}
    assert manual.search_pages("kata-yang-tidak-ada") == []
    assert (
        "Tidak ada halaman yang memuat kata itu"
        in desk.get(reverse("admin:manual_front"), {"q": "kata-yang-tidak-ada"}).content.decode()
    )


def test_what_search_shows_of_a_page_reads_as_text():
    for words in ("impor", "terbitkan", "asesor", "riwayat"):
        for _page, line in manual.search_pages(words):
            assert "**" not in line
            assert "](" not in line


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


@pytest.mark.parametrize("slug", files())
def test_what_is_bold_stands_on_a_screen(slug):
    text = re.sub(r"\s+", " ", source(slug))
    phrases = set(re.findall(r"\*\*(.+?)\*\*", text))
    assert not sorted(phrase for phrase in phrases if not is_label(phrase))


@pytest.mark.parametrize("slug", files())
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
