"""No word of English on a screen: what libraries say has a translation in core/locale or in Django's own catalogue."""

import importlib
import io
from pathlib import Path

import pytest
from babel.messages.extract import extract_python
from django.utils.translation import gettext, override
from django.utils.translation.template import templatize

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


def words_of(package: str) -> dict[str, str]:
    """{what a library says in English: where}."""
    root = Path(importlib.import_module(package).__file__).parent
    found: dict[str, str] = {}
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root).as_posix()
        skipped = {"tests", "locale", "management", "migrations"} & set(path.parts)
        if skipped or place.startswith(LIBRARIES[package]) or path.suffix not in {".html", ".py"}:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            source = f"(\n{templatize(source)}\n)"  # in brackets Python does not mind how lines are indented
        for _line, _function, message, _comments in extract_python(io.BytesIO(source.encode()), WORDS, [], {}):
            text = message[0] if isinstance(message, tuple) else message
            if isinstance(text, str) and text.strip():
                found.setdefault(text, place)
    return found


@pytest.mark.parametrize("package", LIBRARIES)
def test_everything_a_library_says_is_said_in_indonesian(package):
    with override("id"):
        untranslated = {text: place for text, place in words_of(package).items() if gettext(text) == text}

    assert {text: place for text, place in untranslated.items() if text not in SAME} == {}


def test_the_compiled_catalogue_is_the_written_one():
    from babel.messages.mofile import read_mo
    from babel.messages.pofile import read_po
    from django.conf import settings

    folder = Path(settings.LOCALE_PATHS[0]) / "id" / "LC_MESSAGES"
    with (folder / "django.po").open("rb") as written, (folder / "django.mo").open("rb") as compiled:
        wanted, used = (
            {tuple(m.id) if isinstance(m.id, list | tuple) else m.id: tuple(m.string) for m in catalog if m.id}
            for catalog in (read_po(written), read_mo(compiled))
        )
    assert used == wanted
