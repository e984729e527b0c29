"""Links and pictures of every page: each leads to what is there, and no picture lies around that no page shows."""

from tests.server_docs.addresses import leads_somewhere
from tests.server_docs.reading import ROOT, files, headings, pages

PICTURES = {".webp", ".png", ".jpg", ".jpeg", ".svg", ".gif"}


def test_every_link_leads_to_a_file_and_a_heading_or_to_a_page_of_the_site():
    broken = []
    for page in pages():
        for file, heading in page.links():
            if file.startswith("/"):
                broken += [] if leads_somewhere(file) else [(page.name, file)]
                continue
            target = (page.path.parent / file).resolve() if file else page.path
            if not target.exists() or (heading and heading not in headings(target)):
                broken.append((page.name, file, heading))
    assert broken == []


def test_every_picture_exists_and_has_words_for_who_does_not_see_it():
    faults = []
    for page in pages():
        for words, file in page.pictures():
            if not (page.path.parent / file).is_file():
                faults.append((page.name, file, "does not exist"))
            if len(words.split()) < 2:
                faults.append((page.name, file, "say in words what one sees"))
    assert faults == []


def test_no_picture_lies_in_the_documents_that_no_page_shows():
    shown = {(page.path.parent / file).resolve() for page in pages() for _words, file in page.pictures()}
    linked = {(page.path.parent / file).resolve() for page in pages() for file, _heading in page.links()}
    lying = {path for path in files() if path.is_relative_to(ROOT / "server_docs") and path.suffix in PICTURES}
    assert sorted(path.relative_to(ROOT).as_posix() for path in lying - shown - linked) == []
