"""No word of English on an Indonesian screen and none of ours in Indonesian on an English page.

What libraries say has a translation in core/locale/id or in Django's own catalogue; what the public pages say has one in
core/locale/en.
"""

import ast
import importlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
#: Package → folders or files whose words nobody sees: parts that are not installed, or developers' messages.
LIBRARIES = {
    "unfold": (
        "contrib/import_export", "contrib/reversion", "contrib/constance", "contrib/crispy_forms", "contrib/guardian", "contrib/hijack", "contrib/inlines",
        "contrib/location_field", "contrib/reversion_compare", "contrib/simple_history", "forms.py",
        "mixins/formfield_model_admin.py", "templates/admin/auth", "templates/unfold_crispy",
    ),
    "django.contrib.admin": (),
}  # fmt: skip
#: The same word in both languages, or said to developers only.
SAME = {
    "addedname", "changedname", "deletedname",  # keys of Django's own log
    "Format", "Filter", "None", "Email", "%(class_name)s %(instance)s", "DATETIME_FORMAT", "Breadcrumbs", "Sidebar",
    "use_natural_foreign_keys and key_is_id cannot both be True", "Form is not validated, call `is_valid` first",
    "export failed due to IllegalCharacterError",
}  # fmt: skip
WORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}


#: Templates of the portal that are not read in English: the desks of candidates and institutions, with the ways in,
#: and what the demo and developers see.
INDONESIAN_ONLY = (
    "account", "application", "own_data", "certificates", "desk.html", "institution", "inquiries/letter.html",
    "inquiries/messages.html", "manual", "offline.html", "demo", "style_page.html",
)  # fmt: skip
#: In their folders, but public.
BUT_THESE = ("account/resend.html", "institution/about.html")
#: Modules whose every word stands on a page that is read in English too.
ENGLISH_TOO = ("core/schemes/enums.py:SchemeKind", "core/certificates/enums.py:CertificateState",
    "core/applications/enums.py:ApplicationStatus", "core/assessments/enums.py:SessionStatus",
    "core/decisions/enums.py:PlenaryStatus", "core/privacy/enums.py:BatchStatus", "public_site/sharing.py",
    "public_site/forms/inquiries.py", "public_site/forms/guard.py", "public_site/views/inquiries.py",
    "public_site/presenters.py:download_line", "core/inquiries/services/conversation.py",
    "core/inquiries/services/base.py", "core/inquiries/enums.py:TicketKind", "core/inquiries/enums.py:TicketStatus",
    "core/inquiries/rules.py:is_kept", "core/accounts/phone.py", "core/common/text.py")  # fmt: skip


def words_of(package: str) -> dict[str, str]:
    """{what a library says in English: where}."""
    root = Path(importlib.import_module(package).__file__).parent
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root).as_posix()
        skipped = {"tests", "locale", "management", "migrations"} & set(path.parts)
        if skipped or place.startswith(LIBRARIES[package]) or path.suffix not in {".html", ".py"}:
            continue
        found = (
            dict.fromkeys(said_in(path.read_text(encoding="utf-8"), is_template=path.suffix == ".html"), place) | found
        )
    return found


def said_in(source: str, *, is_template: bool) -> Iterator[str]:
    """What a file gives to gettext."""
    if is_template:
        source = f"(\n{templatize(source)}\n)"  # in brackets Python does not mind how lines are indented
    for _line, _function, message, _comments in extract_python(io.BytesIO(source.encode()), WORDS, [], {}):
        text = message[0] if isinstance(message, tuple) else message
        if isinstance(text, str) and text.strip():
            yield text


def words_in_english() -> dict[str, str]:
    """{what a page says that is read in English too: where}."""
    templates = ROOT / "public_site/templates/public_site"
    found: dict[str, str] = {}
    for path in sorted(templates.rglob("*.html")):
        place = path.relative_to(templates).as_posix()
        if place in BUT_THESE or not place.startswith(INDONESIAN_ONLY):
            found |= dict.fromkeys(said_in(path.read_text(encoding="utf-8"), is_template=True), place)
    for place in ENGLISH_TOO:
        name, _colon, part = place.partition(":")
        source = (ROOT / name).read_text(encoding="utf-8")
        if part:
            node = next(n for n in ast.parse(source).body if getattr(n, "name", "") == part)
            source = ast.unparse(node)
        found |= dict.fromkeys(said_in(source, is_template=False), place)
    return found


@pytest.mark.parametrize("package", LIBRARIES)
def test_everything_a_library_says_is_said_in_indonesian(package):
    with override("id"):
        untranslated = {text: place for text, place in words_of(package).items() if gettext(text) == text}

    assert {text: place for text, place in untranslated.items() if text not in SAME} == {}


def test_everything_a_public_page_says_is_said_in_english():
    with (ROOT / "core/locale/en/LC_MESSAGES/django.po").open("rb") as file:
        known = {m.id[0] if isinstance(m.id, tuple | list) else m.id for m in read_po(file) if all(m.string or "")}

    missing = {text: place for text, place in words_in_english().items() if text not in known}

    assert missing == {}, (
        "tulis dalam core/locale/en/LC_MESSAGES/django.po, lalu: pybabel compile -d core/locale -D django"
    )


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_compiled_catalogue_is_the_written_one(language):
    folder = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as written, (folder / "django.mo").open("rb") as compiled:
        wanted, used = (
            {tuple(m.id) if isinstance(m.id, list | tuple) else m.id: tuple(m.string) for m in catalog if m.id}
            for catalog in (read_po(written), read_mo(compiled))
        )
    assert used == wanted
