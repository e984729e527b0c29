"""The generated pages and drawings of server_docs/system (command `system_docs`, decision 0050).

Each module makes one kind of page from what the program itself says; a test holds what lies in the folder to it.
"""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation

from core.management.system_docs import data_model, decisions, roles, settings_table, workflows
from core.management.system_docs.drawing import is_fresh, svg_of

FOLDER = "server_docs/system"

#: {page, from server_docs/system: what makes it}
PAGES: dict[str, Callable[[], str]] = {
    "data-model.md": data_model.index,
    **{f"data/{theme.slug}.md": theme.page for theme in data_model.THEMES},
    "workflows.md": workflows.page,
    "roles.md": roles.page,
    "settings.md": settings_table.page,
    "../decisions/README.md": decisions.page,
}
#: {drawing: what makes its source in the language of graphviz}
DRAWINGS: dict[str, Callable[[], str]] = {
    **{f"data/{theme.slug}.svg": theme.drawing for theme in data_model.THEMES},
    **{f"workflows/{table.slug}.svg": table.drawing for table in workflows.TABLES},
}


def stale() -> list[str]:
    """Which of them are not as the program says, by path. Needs no graphviz: a drawing names the source it came from."""
    folder = settings.BASE_DIR / FOLDER
    with translation.override(settings.LANGUAGE_CODE):
        pages = [name for name, make in PAGES.items() if _text(folder / name) != make()]
        drawings = [name for name, make in DRAWINGS.items() if not is_fresh(_text(folder / name), make())]
    return pages + drawings


def write() -> list[str]:
    """Write what is stale, and say what that was. Only a drawing that changed asks for graphviz."""
    folder = settings.BASE_DIR / FOLDER
    written = stale()
    with translation.override(settings.LANGUAGE_CODE):
        for name in written:
            text = PAGES[name]() if name in PAGES else svg_of(DRAWINGS[name]())
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    return written


def _text(path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
