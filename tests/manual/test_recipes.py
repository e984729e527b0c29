"""Pages and pictures of the manual belong together: none is named that is not there, none lies there unused."""

import re
from collections import Counter

from core.manual.books import all_slugs
from core.manual.pages import MANUAL, PICTURES
from tests.manual import recipes

NAMED = re.compile(r"!\[([^\]]*)\]\(gambar/([a-z0-9-]+)\.webp(?: \"[^\"]*\")?\)")


def in_pages() -> list[tuple[str, str, str]]:
    """(page, words for those who do not see it, name of the picture)"""
    return [
        (slug, *found)
        for slug in all_slugs()
        for found in NAMED.findall((MANUAL / f"{slug}.md").read_text(encoding="utf-8"))
    ]


def taken() -> list[str]:
    return [picture.name for pictures in recipes.PICTURES.values() for picture in pictures]


def test_every_picture_is_taken_once_by_a_recipe_and_stands_in_a_page():
    assert [name for name, times in Counter(taken()).items() if times > 1] == []
    assert set(taken()) == {name for _page, _words, name in in_pages()}


def test_every_picture_lies_in_the_folder_and_nothing_else_does():
    assert sorted(taken()) == sorted(path.stem for path in PICTURES.glob("*.webp"))


def test_every_picture_has_words_for_those_who_do_not_see_it():
    assert [(page, name) for page, words, name in in_pages() if len(words.split()) < 3] == []
