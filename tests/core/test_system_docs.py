"""server_docs/system: what is made from the program is as the program says, and it leaves nothing out."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from core.accounts.models import User
from core.applications.models import Application
from core.common.transitions import Workflow
from core.management import system_docs
from core.management.system_docs import data_model, decisions, drawing, settings_table, workflows
from tests.test_architecture import ROOMS

ROOT = Path(__file__).resolve().parents[2]
SYSTEM = ROOT / "server_docs" / "system"
#: Between the processes of one test or benchmark, for nobody's hand.
NOT_FOR_HANDS = {"PATH", "DIES_AT", "PYTEST_CURRENT_TEST", "TEST_DATABASE_URL"}


def test_pages_and_drawings_are_as_the_program_says():
    """Otherwise: python manage.py system_docs (only a drawing that changed needs graphviz)."""
    assert system_docs.stale() == []


def test_nothing_lies_there_that_nobody_makes():
    made = {(SYSTEM / name).resolve() for name in (*system_docs.PAGES, *system_docs.DRAWINGS)}
    for folder in ("data", "workflows"):
        assert set((SYSTEM / folder).iterdir()) <= made


def test_a_stale_page_is_named(monkeypatch):
    monkeypatch.setitem(system_docs.PAGES, "roles.md", lambda: "# Roles\n")

    with pytest.raises(CommandError, match=r"roles\.md"):
        call_command("system_docs", "--check")


def test_a_drawing_is_stale_when_its_source_changed_and_without_graphviz_the_command_says_what_to_install(monkeypatch):
    monkeypatch.setitem(system_docs.DRAWINGS, "workflows/case.svg", lambda: "digraph { draft -> sent }\n")
    monkeypatch.setenv("PATH", "")

    assert system_docs.stale() == ["workflows/case.svg"]
    with pytest.raises(CommandError, match="apt install graphviz"):
        call_command("system_docs")
    assert not drawing.is_fresh((SYSTEM / "workflows" / "case.svg").read_text(), "digraph { draft -> sent }\n")


# --- data model -------------------------------------------------------------------------------------------------


def test_every_model_stands_on_one_page_with_what_it_is_and_every_column():
    for model in data_model.all_models():
        page = (SYSTEM / "data" / f"{data_model.theme_of(model).slug}.md").read_text(encoding="utf-8")
        part = page.split(f"\n## {model.__name__}\n")[1].split("\n## ")[0]
        assert data_model.about(model), f"{model.__name__} needs a docstring: it is its line in the dictionary"
        assert data_model.about(model) in part
        assert [column.column for column in model._meta.concrete_fields] == [
            name
            for name in re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)
            if name not in {m.name for m in model._meta.many_to_many}
        ]


def test_every_model_has_an_indonesian_name():
    """Without one Django calls it after the class, in English, on every page that lists tables."""
    english = [
        model.__name__
        for model in data_model.all_models()
        if str(model._meta.verbose_name) == re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower()
    ]
    assert english == []


def test_a_model_of_a_new_room_asks_where_it_stands(monkeypatch):
    model = apps.get_model("core", "Venue")
    monkeypatch.setattr(model, "__module__", "core.weather.models")

    with pytest.raises(LookupError, match=r"core\.weather: say in THEMES"):
        data_model.theme_of(model)


def test_what_is_personal_and_what_is_encrypted_is_marked():
    page = (SYSTEM / "data" / "people.md").read_text(encoding="utf-8")

    assert "| `nik` | encrypted text | " in page
    assert "**personal**, masked for whoever may not see identifiers; **encrypted**" in page
    assert data_model.PERSONAL in (SYSTEM / "data" / "people.svg").read_text(encoding="utf-8")


# --- workflows --------------------------------------------------------------------------------------------------


def test_every_workflow_table_of_the_program_is_drawn_and_every_row_has_its_service():
    drawn = {
        id(getattr(workflows.import_module(module), name)) for table in workflows.TABLES for module, name in table.parts
    }
    for path in sorted((ROOT / "core").rglob("*transitions.py")):
        module = workflows.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, value in vars(module).items():
            assert not isinstance(value, Workflow) or id(value) in drawn, f"{module.__name__}.{name}: add it to TABLES"
    for table in workflows.TABLES:
        for module, row in table.rows():
            assert callable(table.service(module, row))


def test_the_page_says_of_each_act_who_may_and_what_stops_it():
    page = (SYSTEM / "workflows.md").read_text(encoding="utf-8")
    for table in workflows.TABLES:
        for _module, row in table.rows():
            [line] = [
                line
                for line in page.split(f"\n## {table.title}\n")[1].split("\n## ")[0].splitlines()
                if line.startswith(f"| **{row.name}**")
            ]
            told = [
                row.label,
                row.target,
                *row.sources,
                *(guard.__name__ for guard in row.guards),
                *filter(None, [row.permission]),
            ]
            assert all(f"{word}" in line for word in told)
            assert all(guard.__doc__ for guard in (*row.guards, *filter(None, [row.actor]))), (
                f"{row.name}: its guards need a docstring"
            )


def test_an_act_that_many_states_allow_is_one_arrow_in_the_drawing():
    source = next(table for table in workflows.TABLES if table.slug == "case").drawing()

    assert source.count('-> "withdrawn"') == 1
    assert '"draft" -> "submitted" [label=" submit "' in source


# --- settings ---------------------------------------------------------------------------------------------------


def test_every_name_of_the_environment_stands_on_the_page():
    page = (SYSTEM / "settings.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)` \|", page, re.MULTILINE))
    # which test_settings.py holds to what the program reads
    product = set(re.findall(r"^([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))

    assert product <= listed
    assert _read_by_tools() - product <= listed


def _read_by_tools() -> set[str]:
    """What scripts, tests, examples and the Makefile take from the environment when it is there."""
    names = set()
    for folder in ("scripts", "tests", "server_docs"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"os.environ.get", "os.getenv"}:
                    names |= {word.value for word in node.args[:1] if isinstance(word, ast.Constant)}
    for path in (ROOT / "Makefile", *(ROOT / "scripts").glob("*.sh")):
        names |= set(re.findall(r"\$\{?\{([A-Z]{3,}[A-Z_]*):?-", path.read_text(encoding="utf-8")))
    return names - NOT_FOR_HANDS


def test_what_production_demands_is_starred_in_the_example_and_what_is_secret_exists():
    names = {one.name: one for one in settings_table.names()}

    assert {name for name, one in names.items() if one.words.startswith("* ")} == {
        name for name, one in names.items() if one.is_required
    }
    assert set(names) >= settings_table.SECRET | settings_table.SECRET_FILES
    sound_like_it = {name for name in names if re.search("SECRET|KEY|PASSWORD|TOKEN", name)}
    assert sound_like_it - settings_table.SECRET - settings_table.SECRET_FILES == {
        "BREACHED_PASSWORDS",  # where a public collection is
        "SECRETS_CHANGE_DAYS",
    }


# --- decisions --------------------------------------------------------------------------------------------------


def test_the_index_of_decisions_is_complete_and_no_number_is_used_twice():
    index = (ROOT / "server_docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    files = decisions.files()

    assert re.findall(r"\((\d{4}-[^)]+)\)", index) == [path.name for path in files]
    assert len({path.stem[:4] for path in files}) == len(files)
    assert not re.search(r"\| (\d+[.:]|\|)", index.split("|---|---|\n")[1]), (
        "a title that begins with a number, or none"
    )


# --- the page that leads everywhere -----------------------------------------------------------------------------


def test_the_first_page_names_the_rooms_in_their_order():
    page = (SYSTEM / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE) == list(ROOMS)


def test_the_first_page_leads_to_every_document_for_engineers():
    """What stands in a folder with a page of its own that leads on needs no line here."""
    page = (SYSTEM / "README.md").read_text(encoding="utf-8")
    linked = {(SYSTEM / target).resolve() for target in re.findall(r"\]\(([^)#]+)", page)}
    leads_on = {"manual", "runbook", "decisions", "data", "training", "salindia", "lembar"}
    documents = [path for path in (ROOT / "server_docs").rglob("*.md") if path.parent.name not in leads_on]

    assert [path.relative_to(ROOT) for path in documents if path not in linked | {SYSTEM / "README.md"}] == []
    assert {ROOT / "server_docs" / folder / "README.md" for folder in ("runbook", "decisions")} <= linked


def test_what_the_first_page_tells_of_one_state_change_still_reads_so():
    service = (ROOT / "core" / "applications" / "services.py").read_text(encoding="utf-8")
    view = (ROOT / "public_site" / "views" / "application.py").read_text(encoding="utf-8")
    jobs = (ROOT / "cron" / "jobs.py").read_text(encoding="utf-8")

    assert 'WORKFLOW.apply(application, "submit", by)' in service
    assert 'record_activity("application.submit"' in service
    assert "def check_answers(" in view
    assert "submit_application(" in view
    assert "def send_outbox(" in jobs
    assert "def render_pending_forms(" in jobs


# --- the first change -------------------------------------------------------------------------------------------


def test_what_the_first_change_edits_still_reads_so():
    """Whoever changes the rule of reminders walks server_docs/system/first-change.md anew."""
    page = (SYSTEM / "first-change.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)

    assert blocks[0] in (ROOT / "core" / "applications" / "rules.py").read_text(encoding="utf-8")
    for path, line in re.findall(r"^([a-z_/]+\.(?:py|md)):\d+:(.+)$", page, re.MULTILINE):
        assert line in (ROOT / path).read_text(encoding="utf-8").splitlines(), path
    for name in re.findall(r"^FAILED (\S+)::(\w+)", page, re.MULTILINE):
        assert f"def {name[1]}(" in (ROOT / name[0]).read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z-]+)", page, re.MULTILINE):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_python_of_the_first_change_does_what_the_page_says():
    """Laid into the rule as the page says, the sentence names the third day."""
    page = (SYSTEM / "first-change.md").read_text(encoding="utf-8")
    before, after, constant, _test = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    source = (ROOT / "core" / "applications" / "rules.py").read_text(encoding="utf-8").replace(before, after)
    names = {"__name__": "walked"}
    exec("from datetime import timedelta\nfrom django.utils.formats import date_format\n" + constant + source, names)

    case = Application(status="returned", reminded_at=timezone.now() - timedelta(days=2))
    clerk = User(is_active=True)
    clerk._perm_cache = clerk._user_perm_cache = clerk._group_perm_cache = {"core.verify_application"}

    assert "Ingatkan lagi paling cepat" in names["why_not_remind"](case, clerk)
    case.reminded_at -= timedelta(days=1)
    assert names["why_not_remind"](case, clerk) == ""


# --- how to add -------------------------------------------------------------------------------------------------


def test_every_file_function_and_test_that_how_to_add_names_is_there():
    """Files that its examples invent are the only ones that are not."""
    page = re.sub(r"```.*?```", "", (SYSTEM / "how-to-add.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    named = set(re.findall(r"`((?:core|backoffice|public_site|cron|fixtures|tests)/[\w./]+)`", page))
    invented = {"core/quizzes/", "core/quizzes/method.py"}
    everything = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("core", "backoffice", "public_site", "cron", "tests")
        for path in (ROOT / folder).rglob("*.py")
    )

    assert [name for name in sorted(named - invented) if not (ROOT / name).exists()] == []
    constants = set(re.findall(r"`([A-Z]{3,}(?:_[A-Z]+)*)`", page))
    assert [name for name in sorted(constants) if not re.search(rf"^{name}\b", everything, re.MULTILINE)] == []
    assert [name for name in re.findall(r"`(test_\w+)`", page) if f"def {name}(" not in everything] == []
