"""The runbooks: each says what shows, what comes first, when it is over and whom to tell."""

import re

from tests.server_docs.reading import ROOT


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
