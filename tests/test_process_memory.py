"""What a process keeps in its memory, place by place: nothing that another process or server would have to know.

Whoever adds a place says here why each process may find it out for itself. What must be shared lies in the database, in
VAR_DIR or in the cache (server_docs/several-servers.md).
"""

import ast
from collections.abc import Callable, Iterator

from tests.test_architecture import ROOT, python_files

CHANGES = {"append", "add", "update", "pop", "clear", "setdefault", "extend", "insert", "remove", "discard", "popitem"}
#: {file: {name: why it need not be shared}}
KEPT = {
    "backoffice/base.py": {"_tick": "a template of a library"},
    "backoffice/dashboard/parts.py": {"_address": "addresses of the program"},
    "backoffice/dashboard/drawings.py": {"tiles": "a file of the program"},
    "backoffice/runbook.py": {"_page": "files of the program", "slugs": "files of the program"},
    "core/activity/macs.py": {"_derived": "follows from LOOKUP_KEY"},
    "core/activity/versioning.py": {"_table": "follows from the models"},
    "core/assessments/methods/registry.py": {"_methods": "filled when the program is loaded"},
    "core/certificates/backdrop.py": {"_backdrop": "drawn by the program alone"},
    "core/certificates/signing.py": {"_private_key": "follows from CERTIFICATE_SIGNING_KEY"},
    "core/common/tracing.py": {"_names": "the own name of each process"},
    "core/common/replica.py": {"_rests_until": "each process finds out for itself whether the replica fails"},
    "core/content/markdown.py": {"render_markdown": "the same text gives the same page"},
    "core/content/queries.py": {"logo_data_uri": "a file whose name is its content"},
    "core/demo/cases.py": {"stored_password": "only while demo data are made"},
    "core/demo/training/cases.py": {"_picture": "only while demo data are made"},
    "core/documents/pdf_signing.py": {"_signer": "follows from PDF_SIGNING_P12; a new file needs a reload"},
    "core/documents/rendering.py": {"_code_points": "a font of the program"},
    "core/imports/matching.py": {"_alike": "the same words are as alike everywhere"},
    "core/jobs/kinds.py": {"_KINDS": "filled when the program is loaded"},
    "core/common/version.py": {"version": "a file of the program"},
    "core/manual/books.py": {"_book": "files of the program"},
    "core/manual/pages.py": {"_page": "files of the program", "slugs": "files of the program"},
    "core/messaging/shipped.py": {"_shipped": "files of the program"},
    "core/reports/tally.py": {"_counted_rows": "a question that was not asked yet"},
    "core/timetable/expressions.py": {"parse": "the same words are the same times"},
    "core/watch/health.py": {"shipped_migrations": "files of the program"},
    "core/watch/letters.py": {"_postman": "each process sends its own; what was sent lately is shared in a file"},
    "core/watch/metrics.py": {"_places": "each process counts in a file of its own; whoever is asked adds them up"},
    "public_site/languages.py": {"english_address": "follows from the address"},
    "public_site/tokens.py": {"tokens": "a file of the program"},
    "public_site/views/verification.py": {"_part": "files of the program"},
}

#: What is kept for each thing asked for, without a limit: only things of which the program has a few. Of what a visitor
#: may make up (a name in an address, words of a search) it would fill the memory.
FEW = {
    "backoffice/dashboard/parts.py": {"_address": "our own models"},
    "backoffice/runbook.py": {"_page": "only pages that exist"},
    "core/demo/training/cases.py": {"_picture": "our own titles"},
    "core/manual/books.py": {"_book": "only roles that have a book"},
    "core/manual/pages.py": {"_page": "only pages that exist"},
    "core/timetable/expressions.py": {"parse": "the timetable of the program"},
    "public_site/views/verification.py": {"_part": "our own files"},
}


def kept_without_limit(tree: ast.Module) -> Iterator[str]:
    """Functions under `@cache` (or lru_cache(maxsize=None)) that take something."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.args.args:
            for decorator in function.decorator_list:
                word = ast.unparse(decorator)
                if word.split("(")[0].split(".")[-1] == "cache" or "maxsize=None" in word:
                    yield function.name


def kept_in(tree: ast.Module) -> Iterator[str]:
    """Names of a module that outlive a request: cached functions, globals that are set anew, containers that change."""
    containers = {
        target.id
        for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target]) if isinstance(target, ast.Name)
    }  # fmt: skip
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in function.decorator_list:
            if ast.unparse(decorator).split("(")[0].split(".")[-1] in {"cache", "lru_cache"}:
                yield function.name
        own, changed = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}, []
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                yield from node.names
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                own.add(node.id)
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
                changed.append(node.value)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES:
                changed.append(node.func.value)
        yield from (node.id for node in changed if isinstance(node, ast.Name) and node.id in containers - own)


def everywhere(rule: Callable[[ast.Module], Iterator[str]]) -> dict[str, set[str]]:
    """What a rule finds in each file of the program that has any of it."""
    found = {
        str(path.relative_to(ROOT)): set(rule(ast.parse(path.read_text(encoding="utf-8"))))
        for path in python_files("core", "backoffice", "public_site", "cron")
    }
    return {path: names for path, names in found.items() if names}


def test_every_place_in_memory_is_known_and_need_not_be_shared():
    assert everywhere(kept_in) == {path: set(reasons) for path, reasons in KEPT.items()}


def test_nothing_is_kept_without_limit_of_what_a_visitor_makes_up():
    assert everywhere(kept_without_limit) == {path: set(reasons) for path, reasons in FEW.items()}


def test_the_rule_sees_what_has_no_limit():
    tree = ast.parse(
        "@cache\ndef a(x): ...\n@functools.cache\ndef b(x): ...\n@lru_cache(maxsize=None)\ndef c(x): ...\n"
        "@cache\ndef none(): ...\n@lru_cache(maxsize=9)\ndef few(x): ...\n"
    )
    assert sorted(kept_without_limit(tree)) == ["a", "b", "c"]


def test_the_rule_sees_what_is_kept():
    tree = ast.parse(
        "seen = {}\nlast = None\n@lru_cache\ndef a(x):\n    seen[x] = 1\n"
        "def b():\n    global last\n    seen.update(a=1)\ndef c(seen):\n    seen.clear()\n"
    )
    assert sorted(set(kept_in(tree))) == ["a", "last", "seen"]
