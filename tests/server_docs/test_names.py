"""Names that a page puts in `code` exist: files, make targets and their variables, settings, modules, tests, addresses."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pkgutil import resolve_name

from tests.server_docs.addresses import leads_somewhere
from tests.server_docs.reading import ROOT, Page, files, pages

ROOMS = ("core", "backoffice", "public_site", "cron", "tests", "fixtures", "scripts", "server_docs", "requirements")
#: What a word in `code` ends with when it names a file of ours. Pictures and PDF are files that people hand in.
ENDINGS = ("py", "sh", "md", "html", "css", "js", "conf", "service", "socket", "cnf", "toml", "yml", "in", "webp")
#: Files that others make.
OTHERS = {"/etc/logrotate.conf", "/luring.js", "admin/base.html"}
#: What a page that tells how to add something adds for an example.
INVENTED = {"core/quizzes/", "core/quizzes/method.py", "backoffice/today.html", "/admin/hari-ini/"}
#: Words in capitals with an underscore that belong to others: a function of MariaDB, a setting that we do not use.
OTHERS_WORDS = {"MASTER_GTID_WAIT", "IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT"}
#: Beginnings of places on a server, which are no addresses of the site; the last is nginx's own.
PLACES = ("/etc", "/opt", "/srv", "/var", "/run", "/usr", "/tmp", "/dev", "/root", "/home", "/mnt", "/berkas-privat")


# --- files ------------------------------------------------------------------------------------------------------


@cache
def places() -> frozenset[str]:
    """Every file and folder of the project, by its path from the top."""
    found = {path.relative_to(ROOT) for path in files()}
    return frozenset(part.as_posix() for path in found for part in (path, *path.parents))


def named_files(page: Page) -> Iterator[str]:
    """What stands in code and looks like a file of ours, and plain paths that begin with one of the rooms."""
    for span in page.spans:
        for word in re.split(r"[\s,;()\"']+", re.sub(r"\{[^}]*\}", "…", span)):
            name = re.sub(r"(::.*|:\d+)$", "", word)  # a test, a line
            begins = name.partition("/")[0] in ROOMS and "/" in name
            if begins or re.fullmatch(rf"[\w./<>*…-]+\.({'|'.join(ENDINGS)})", name):
                yield name
    text = page.prose + "\n".join(page.shell)
    yield from re.findall(rf"(?<![\w/.-])((?:{'|'.join(ROOMS)})/[\w./-]*\w\.(?:{'|'.join(ENDINGS)}))\b", text)


def is_there(name: str, page: Page) -> bool:
    """From the top, beside the page, or as the end of a path; <placeholders> and … stand for anything."""
    wanted = re.sub(r"<[^>]*>|…", "*", name).removeprefix("./").rstrip("/")
    if "*" in wanted:
        return any(fnmatch(place, wanted) or fnmatch(place, f"*/{wanted}") for place in places())
    ends = any(place == wanted or place.endswith(f"/{wanted}") for place in places())
    return ends or (page.path.parent / wanted).exists()


def test_every_file_of_ours_that_a_page_names_exists():
    assert [
        (page.name, name)
        for page in pages()
        for name in dict.fromkeys(named_files(page))
        if name not in OTHERS | INVENTED and not is_there(name, page)
    ] == []


def test_every_decision_that_a_page_names_by_its_number_exists():
    there = {path.name[:4] for path in (ROOT / "server_docs" / "decisions").glob("*.md")}
    for page in pages():
        named = set(re.findall(r"\b(?:decisions?|keputusan) (\d{4})\b", page.prose, re.IGNORECASE))
        assert named <= there, page.name


def test_every_example_that_a_page_names_lies_among_the_examples():
    """Also where a page names it without its folder: a unit of systemd, the configuration of nginx."""
    examples = ROOT / "server_docs" / "examples"
    for page in pages():
        for name in re.findall(r"examples/([\w.-]+\w)", page.prose + "\n".join(page.shell)):
            assert (examples / name).exists(), (page.name, name)


def test_every_test_that_a_page_names_exists():
    gone = []
    for page in pages():
        for name, test in re.findall(r"`(tests/[\w./-]+\.py)::(\w+)`", page.prose):
            path = ROOT / name
            if not path.exists() or not re.search(rf"\bdef {test}\(", path.read_text(encoding="utf-8")):
                gone.append((page.name, name, test))
    assert gone == []


def test_every_module_that_a_page_runs_or_names_exists():
    gone = []
    for page in pages():
        for text in page.code:
            for module in re.findall(r"python3? -m ([\w.]+)", text):
                path = ROOT / module.replace(".", "/")
                if module.partition(".")[0] in ROOMS and not path.is_dir() and not path.with_suffix(".py").is_file():
                    gone.append((page.name, module))
        for span in page.spans:
            if span.endswith(tuple(f".{ending}" for ending in ENDINGS)):
                continue
            if found := re.fullmatch(r"((?:core|backoffice|public_site|cron)\.[\w.]*\w)(\(.*\))?", span):
                gone += [] if _leads_to_something(found[1]) else [(page.name, span)]
    assert gone == []


def _leads_to_something(name: str) -> bool:
    try:
        return resolve_name(name) is not None
    except (ImportError, AttributeError):
        return False


# --- make and the environment ------------------------------------------------------------------------------------


@cache
def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


@cache
def read_from_the_environment() -> frozenset[str]:
    """Names that anything of ours reads: .env, settings, Makefile, scripts, examples."""
    found = set(re.findall(r"^([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    for path in files():
        if path.suffix in {".py", ".sh"} or path.name in {"Makefile", "run"}:
            text = path.read_text(encoding="utf-8")
            found |= set(
                re.findall(r"""(?:environ(?:\.\w+)?[(\[]|getenv\(|env(?:\.\w+)?\()\s*["']([A-Z][A-Z0-9_]*)["']""", text)
            )
            if path.suffix != ".py":
                found |= set(re.findall(r"\$[({]*([A-Z][A-Z0-9_]*)\b", text))
    return frozenset(found)


@cache
def constants() -> frozenset[str]:
    """Names in capitals that stand in our code for something that stays."""
    python = [path.read_text(encoding="utf-8") for path in files() if path.suffix == ".py"]
    return frozenset(
        name for text in python for name in re.findall(r"^\s*([A-Z][A-Z0-9_]+)\b(?:: [^=]+)? = ", text, re.MULTILINE)
    )


def calls_of_make(page: Page) -> Iterator[tuple[str, list[str]]]:
    """(target, variables given with it) wherever a page says `make …`."""
    for text in page.code:
        for before, target, after in re.findall(
            r"(?:^|[\n;&(] *)((?:[A-Z_]+=\S+ )*)make ([a-z][a-z-]*)((?: [A-Z_]+=(?:\"[^\"]*\"|\S+))*)", text
        ):
            if target != "altinstall":  # of Python, built from its source
                yield target, re.findall(r"([A-Z_]+)=", before + after)


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):", makefile(), re.MULTILINE))


def test_every_target_that_make_is_told_of_has_a_rule():
    assert set(" ".join(re.findall(r"^\.PHONY: (.+)$", makefile(), re.MULTILINE)).split()) == targets()


def test_every_target_of_make_that_a_page_names_exists():
    named = {(page.name, target) for page in pages() for target, _variables in calls_of_make(page)}
    assert named
    assert {(page, target) for page, target in named if target not in targets()} == set()


def test_every_variable_given_to_make_is_read_by_something():
    given = {(page.name, name) for page in pages() for _target, names in calls_of_make(page) for name in names}
    assert {(page, name) for page, name in given if name not in read_from_the_environment()} == set()


def test_every_benchmark_that_is_chosen_with_make_bench_exists():
    for page in pages():
        for text in page.code:
            for chosen in re.findall(r"make bench ARGS=\"?([a-z_ ]+)", text):
                for name in chosen.split():
                    assert (ROOT / "tests" / "benchmarks" / f"bench_{name}.py").exists(), (page.name, name)


def test_every_setting_that_a_page_names_exists():
    """`NAME=value` is read by something; a name with an underscore is read, or a constant of the code."""
    unknown = []
    for page in pages():
        for span in page.spans:
            given = re.findall(r"(?:^|(?<= ))([A-Z][A-Z0-9_]*)=(?!=)", span)
            unknown += [(page.name, name) for name in given if name not in read_from_the_environment()]
            if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", span) and span not in OTHERS_WORDS:
                unknown += [] if span in read_from_the_environment() | constants() else [(page.name, span)]
        for text in page.shell:
            unknown += [
                (page.name, name)
                for name in re.findall(r"set_to ([A-Z_]+)", text)
                if name not in read_from_the_environment()
            ]
    assert unknown == []


# --- addresses ---------------------------------------------------------------------------------------------------


def test_every_address_of_the_site_that_a_page_names_is_there():
    gone = []
    for page in pages():
        for span in page.spans:
            is_address = re.fullmatch(r"/[\w<>:.?=&#/…-]*", span) and not span.startswith(PLACES)
            if is_address and span not in INVENTED and not leads_somewhere(span):
                gone.append((page.name, span))
    assert gone == []
