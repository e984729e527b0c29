"""Commands that a page names work: they exist with their options, what only looks is run, blocks for the shell parse."""

import io
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class

from core.timetable.table import entry_of
from tests.factories.backups import make_drill
from tests.server_docs.reading import Page, pages

#: `manage.py NAME …`, and in installation.md its short form `manage NAME …`: until the end of the command.
COMMAND = re.compile(r"(?:manage\.py|^\s*manage|&& manage) ([a-z_]+)((?:[^`\n|;&<>]|\\\n)*)", re.MULTILINE)

#: Commands that look, or that change nothing where all is well. They are run as written and must end well.
LOOKS = [
    ("backup", "--status"),
    ("extract_text",),
    ("load_reference",),
    ("permission_matrix",),
    ("personal_data_inventory", "--check"),
    ("rebuild_recap",),
    ("rebuild_tallies",),
    ("remind_expiring",),
    ("rotate_field_keys",),
    ("run_scheduled", "--list"),
    ("scan_documents",),
    ("send_outbox",),
    ("sweep_documents", "--dry-run"),
    ("verify_activity",),
    ("verify_documents",),
]
#: Every other command that a page names, and what tries it instead.
NOT_RUN = {
    "anonymise_copy": "makes a database of its own: tests/core/privacy/test_anonymise.py",
    "backup": "needs restic and a repository: tests/faults/test_backup_faults.py, scripts/full_drill.py",
    "build_manuals": "prints for a while: tests/core/manual/test_pdf.py",
    "breach_letter": "writes letters: tests/core/privacy",
    "check": "`--deploy` speaks of settings of production: tests/test_settings.py, make lint",
    "collectstatic": "writes files: tests/deployment",
    "createcachetable": "makes a table: tests/deployment",
    "crontab": "changes the crontab of this machine: tests/core/timetable",
    "makemigrations": "writes a migration: make lint asks for those that lack",
    "migrate": "tests/test_migrations.py, tests/deployment/test_upgrade.py",
    "personal_data_inventory": "writes a page: tests/core/privacy/test_inventory.py",
    "reset_second_factor": "needs a person: tests/core/accounts/test_second_factor.py",
    "restore": "replaces everything: scripts/full_drill.py",
    "restore_document": "needs a backup: tests/core/backups",
    "restore_drill": "needs a backup: tests/core/backups",
    "restore_record": "needs a backup: tests/core/backups",
    "run_jobs": "runs until it is ended: tests/core/jobs",
    "run_scheduled": "runs a job: tests/core/timetable; the names are looked up below",
    "seed_demo": "fills the database: tests/core/test_demo.py",
    "shell": "runs what is written after it",
    "sweep_documents": "removes files: tests/core/documents",
    "system_docs": "writes pages: they are compared with the code by tests of their own",
    "verify_certificate": "needs a certificate: tests/core/certificates",
}


@cache
def options_of(command: str) -> frozenset[str]:
    made = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    return frozenset(option for action in made._actions for option in action.option_strings)


def words_of(rest: str) -> list[str]:
    """The words after a command as the shell reads them; of a quotation that goes on elsewhere nothing."""
    line = re.sub(r"(^|\s)#.*", "", rest.replace("\\\n", " "))
    try:
        return shlex.split(line)
    except ValueError:
        return line.split('"')[0].split("'")[0].split()


def commands(page: Page) -> Iterator[tuple[str, ...]]:
    """Every command of manage.py on a page, with its words; those that are called by their name alone as well."""
    for text in page.code:
        for command, rest in COMMAND.findall(text):
            yield command, *words_of(rest)
    for span in page.spans:
        command, _blank, rest = span.partition(" ")
        if get_commands().get(command) == "core" and rest.startswith("--"):
            yield command, *words_of(rest)


def named() -> list[tuple[str, tuple[str, ...]]]:
    return [(page.name, words) for page in pages() for words in commands(page)]


def looks(words: tuple[str, ...]) -> bool:
    return "--help" in words or any(words[: len(harmless)] == harmless for harmless in LOOKS)


def test_every_command_and_option_that_is_named_exists():
    unknown = []
    for page, (command, *words) in named():
        if command not in get_commands():
            unknown.append((page, command))
        elif command != "crontab":  # takes words, not options
            given = {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)}
            unknown += [(page, command, option) for option in sorted(given - options_of(command))]
    assert unknown == []


def test_every_command_in_the_examples_and_scripts_for_a_server_exists():
    """Units of systemd, settings, the script of an upgrade: what no person types is as wrong when it is gone."""
    unknown = []
    examples = [path for path in (settings.BASE_DIR / "server_docs" / "examples").rglob("*") if path.is_file()]
    for path in [settings.BASE_DIR / ".env.example", *examples, *(settings.BASE_DIR / "scripts").glob("*.sh")]:
        for command, rest in COMMAND.findall(path.read_text(encoding="utf-8")):
            given = {word for word in words_of(rest) if word.startswith("--")}
            if command not in get_commands() or given - options_of(command):
                unknown.append((path.name, command, *sorted(given)))
    assert unknown == []


def test_every_command_of_ours_stands_in_the_readme():
    """Those that others of ours call in a process of their own are not for people."""
    ours = {name for name, place in get_commands().items() if place == "core"}
    readme = (settings.BASE_DIR / "README.md").read_text(encoding="utf-8")
    table = readme.partition("\n## Commands\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`(?!python)([a-z_]+)[^`]*`", "".join(re.findall(r"^\|([^|]+)\|", table, re.MULTILINE))))
    assert ours - listed == {"inspect_restored", "read_restored_record"}
    assert listed - set(get_commands()) == set()


def test_it_is_decided_of_every_command_whether_it_is_run_here():
    """Whoever documents a new command says in LOOKS that it is harmless, or in NOT_RUN what tries it instead."""
    assert sorted({(page, *words) for page, words in named() if not looks(words) and words[0] not in NOT_RUN}) == []


def test_what_a_page_names_to_be_looked_at_ends_well(db, tmp_path, settings):
    """On an installation where all is well: backed up, proven, and nothing waiting."""
    settings.BACKUP_REPOSITORIES = {"local": str(tmp_path)}
    make_drill()
    failed = []
    for words in dict.fromkeys(words for _page, words in named() if looks(words)):
        if "--help" in words:
            continue  # every command answers it: the parser was made above
        said = io.StringIO()
        try:
            call_command(words[0], *_filled_in(words[1:]), stdout=said, stderr=said)
        except (Exception, SystemExit) as error:
            failed.append((" ".join(words), type(error).__name__, str(error)[:200]))
    assert failed == []


def _filled_in(words: tuple[str, ...]) -> list[str]:
    """What a page leaves open as one capital ("--sample N") is a number."""
    return ["2" if re.fullmatch(r"[A-Z]", word) else word for word in words]


def test_every_job_that_a_page_runs_stands_in_the_timetable():
    jobs = {words[1] for _page, words in named() if words[0] == "run_scheduled" and words[1:] and words[1][0].islower()}
    assert jobs
    assert {name for name in jobs if entry_of(name) is None} == set()


@pytest.mark.parametrize("document", [page for page in pages() if page.shell], ids=lambda page: page.name)
def test_every_block_for_the_shell_parses(document):
    """A block that is none names its language; "…" and <placeholders> are words like any other."""
    for block in document.shell:
        read = re.sub(r"<[a-z][\w ]*>", "X", block)
        ended = subprocess.run(["bash", "-n"], input=read, capture_output=True, text=True, timeout=20)
        assert ended.returncode == 0, f"{ended.stderr}\n{block}"


def test_every_service_that_is_named_is_ours_or_of_a_package_that_installation_names():
    ours = {path.stem for path in (settings.BASE_DIR / "server_docs" / "examples").glob("lsp*.*")}
    of_packages = {"mariadb", "nginx", "cron", "clamav-daemon", "clamav-freshclam", "nftables"}
    unknown = set()
    for page in pages():
        code = "\n".join(page.code)
        begun_there = set(re.findall(r"systemd-run --unit=([\w-]+)", code))
        for line in re.findall(r"systemctl ([a-z][^\n`|&;#\"]+)", code):
            _verb, *units = (word for word in line.split() if not word.startswith("-"))
            names = {re.sub(r"\.(service|socket|timer)$", "", unit) for unit in units}
            unknown |= {(page.name, name) for name in names - ours - of_packages - begun_there}
    assert unknown == set()
