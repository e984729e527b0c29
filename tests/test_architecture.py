"""The import arrows of the house: who may know whom. Told in server_docs/decisions/0001-one-core-app.md."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
FACES = ("backoffice", "public_site", "cron")
#: A room may import itself and what stands before it, never what stands after it.
ROOMS = (
    "common", "codelists", "policy", "activity", "messaging", "accounts", "savedviews", "documents", "manual", "jobs", "timetable", "content", "imports",
    "schemes", "applications", "assessments", "decisions", "certificates", "handovers", "institutions", "inquiries", "privacy", "reports", "backups", "watch", "journey",
)  # fmt: skip
#: Modules of core that are no room: they look at all rooms, and no room looks at them.
ABOVE_ROOMS = ("models", "reference", "demo", "management", "apps", "migrations")
#: What goes against the arrows on purpose, and why.
EXCEPTIONS = {
    (
        "core/activity/versioning.py",
        "core.models",
    ): "the one list of versioned models names them all, when Django is ready"
}


def python_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imports(path: Path) -> set[str]:
    """Every module a file imports, also inside functions; `from core import models` counts as core.models."""
    found = set()
    package = path.relative_to(ROOT).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, (start, node.module)))
            found |= {f"{module}.{alias.name}" for alias in node.names} if module == "core" else {module}
    return found


def layer(module: str) -> int | None:
    """The place of a core module in the order; None when it is no part of core's rooms."""
    parts = module.split(".")
    if parts[0] != "core" or len(parts) < 2 or parts[1] == "config":
        return None
    if parts[1] in ROOMS:
        return ROOMS.index(parts[1])
    assert parts[1] in ABOVE_ROOMS, f"{module}: a new part of core; say in ROOMS or ABOVE_ROOMS where it stands"
    return len(ROOMS)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_rooms_look_down_or_left_only():
    wrong = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files("core")
        for module in sorted(imports(path))
        if layer(name_of(path)) is not None
        and layer(module) is not None
        and layer(module) > layer(name_of(path))
        and (str(path.relative_to(ROOT)), module) not in EXCEPTIONS
    ]
    assert wrong == []


def test_every_exception_is_still_needed():
    stale = [(path, module) for path, module in EXCEPTIONS if module not in imports(ROOT / path)]
    assert stale == []


def test_core_knows_no_face():
    assert _imports_of_others("core", FACES) == []


def test_config_names_other_packages_as_strings_only():
    wrong = [
        (str(path.relative_to(ROOT)), module)
        for path in python_files("core/config")
        for module in imports(path)
        if module.startswith(("core.", *FACES)) and not module.startswith("core.config")
    ]
    assert wrong == []


@pytest.mark.parametrize("face", FACES)
def test_faces_do_not_know_each_other(face):
    assert _imports_of_others(face, tuple(other for other in FACES if other != face)) == []


def _imports_of_others(folder: str, others: tuple[str, ...]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files(folder)
        for module in sorted(imports(path))
        if module.split(".")[0] in others
    ]


def test_product_does_not_import_tests_or_scripts():
    assert _imports_of_others("core", ("tests", "scripts")) == []
    for face in FACES:
        assert _imports_of_others(face, ("tests", "scripts")) == []


@pytest.mark.parametrize("face", FACES)
def test_faces_hold_no_models(face):
    assert not list((ROOT / face).rglob("models.py"))
    assert not [model for config in apps.get_app_configs() if config.name == face for model in config.get_models()]


def test_foreign_keys_follow_the_arrows():
    """Except those to the person: whoever did something is named in every room."""
    wrong = [
        f"{model.__module__}.{model.__name__}.{field.name} -> {field.related_model.__module__}"
        for model in apps.get_app_config("core").get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        and field.related_model._meta.label != settings.AUTH_USER_MODEL
        and (layer(field.related_model.__module__) or 0) > (layer(model.__module__) or 0)
    ]  # fmt: skip
    assert wrong == []


def test_every_model_stands_in_the_table_of_contents():
    from core import models

    missing = [
        model.__name__ for model in apps.get_app_config("core").get_models() if not hasattr(models, model.__name__)
    ]
    assert missing == []


def test_environment_is_read_in_one_place():
    """`core/config/env.py` and the settings beside it; everything else asks django.conf.settings."""
    wrong = [
        str(path.relative_to(ROOT))
        for path in python_files("core", *FACES)
        if "config" not in path.parts
        and ({"environ", "core.config.env"} & imports(path) or "os.environ" in path.read_text())
    ]
    assert wrong == []
