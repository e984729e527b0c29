"""Reading what the check found or what was written: on the page, as a marked file, the file itself."""

import difflib
import itertools
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.imports import job_of
from backoffice.screens import screen
from backoffice.views.imports.common import file_answer, may_cancel, may_read_file
from core.documents.serving import private
from core.imports import services
from core.imports.models import ImportOutcome, ImportRun
from core.imports.reading import read_book
from core.imports.report import KINDS, Fault, fault_groups
from core.imports.tables import ColumnSpec
from core.imports.writing import CSV_TYPE, XLSX_TYPE, SheetOut, marked, xlsx
from core.jobs.enums import JobState
from core.schemes import workbook

PER_PAGE = 100


#: More nodes than this make a page nobody reads; the whole of it is in the report to download.
MAX_TREE = 1500


logger = logging.getLogger(__name__)


def run_page(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """One import: its faults, or what it changes (or changed)."""
    job = job_of(run.kind, request.user)
    report = run.report
    may_work = (
        run.outcome != ImportOutcome.WRITTEN
        and bool(run.file)
        and not run.is_busy
        and job is not None
        and job.is_allowed
    )
    context = {
        "run": run,
        "job": job,
        "report": report,
        "tiles": [(kind, run.counts.get(kind, 0)) for kind in KINDS],
        "is_waiting": run.outcome == ImportOutcome.CHECKED and may_work,
        "may_work": may_work,
        "may_read_file": may_read_file(run, request.user),
        "may_check_again": may_work and (bool(report["faults"]) or run.outcome == ImportOutcome.RECEIVED),
        "was_interrupted": run.job is not None
        and run.job.state in (JobState.FAILED, JobState.INTERRUPTED, JobState.CANCELLED)
        and run.outcome != ImportOutcome.WRITTEN,
        "may_cancel": may_cancel(run, request.user),
        "good_rows": len(report["differences"]) if job is not None and job.may_leave_out_faults else 0,
        "bad_rows": len({(fault["sheet"], fault["row"]) for fault in report["faults"]}),
        "title": _("Impor: %(title)s") % {"title": run.kind_title},
        "has_sheets": run.kind == workbook.KIND,
        "locked": report.get("extra", {}).get("locked_units", []),
    }
    if report["faults"]:
        context["groups"] = fault_groups(Fault(**fault) for fault in report["faults"])
        context["page"] = Paginator(report["faults"], PER_PAGE).get_page(request.GET.get("p"))
    elif run.kind == workbook.KIND:
        shown = report["differences"][:MAX_TREE]
        context |= {"tree": _tree(shown), "left_out": len(report["differences"]) - len(shown)}
    else:
        context["page"] = page = Paginator(report["differences"], PER_PAGE).get_page(request.GET.get("p"))
        for row in page.object_list:
            row["shown"] = [_change(*change) for change in row["changes"]]
    return screen(request, None, "backoffice/imports/run.html", context, title=context["title"])


def _change(title: str, old: str, new: str) -> dict[str, Any]:
    return {"title": title, "parts": _words(old, new)}


def _words(old: str, new: str) -> list[tuple[str, str]]:
    """What was taken out and put in, word by word."""
    if not old or not new or len(old) + len(new) > 6000:
        return [(op, text) for op, text in (("del", old), ("ins", new)) if text]
    a, b = old.split(" "), new.split(" ")
    parts: list[tuple[str, str]] = []
    for op, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            parts.append(("", " ".join(a[i:j])))
        else:
            parts += [(tag, " ".join(words)) for tag, words in (("del", a[i:j]), ("ins", b[k:m])) if words]
    if not any(op == "" for op, _text in parts):
        return [("del", old), ("ins", new)]
    return parts


def _tree(differences: list[dict]) -> list[dict]:
    """Differences nested by what they belong to: scheme → unit → element → criterion."""
    root: dict[str, Any] = {"children": {}}
    for difference in differences:
        node = root
        for name in difference["path"]:
            node = node["children"].setdefault(name, {"title": name, "children": {}, "lines": []})
        node["lines"].append({**difference, "shown": [_change(*change) for change in difference["changes"]]})
    return _listed(root)


def _listed(node: dict) -> list[dict]:
    children = []
    for child in node["children"].values():
        nested = _listed(child)
        count = len(child["lines"]) + sum(inner["count"] for inner in nested)
        children.append({"title": child["title"], "lines": child["lines"], "children": nested, "count": count})
    return children


def run_file(request: HttpRequest, run: ImportRun) -> HttpResponseBase:
    """The file as it was handed in."""
    if not may_read_file(run, request.user):
        raise PermissionDenied
    if not run.file:  # its time was over (policy)
        raise Http404
    try:
        stream = run.file.open("rb")
    except FileNotFoundError as error:
        logger.error("import run %s has no file", run.pk)
        raise Http404 from error
    kind = CSV_TYPE if run.report.get("format") == "csv" else XLSX_TYPE
    return private(FileResponse(stream, as_attachment=True, filename=run.file_name, content_type=kind))


def run_report(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """The faults, written into the file; or all differences as a table."""
    stem = slugify(run.file_name.rsplit(".", 1)[0]) or "berkas"
    if run.report["faults"]:
        if not may_read_file(run, request.user):
            raise PermissionDenied
        if not run.file:  # nothing to write them into
            raise Http404
        faults = [Fault(**fault) for fault in run.report["faults"]]
        form = run.report["format"]
        content = marked(read_book(services.content_of(run)), faults)
        return file_answer(content, f"{stem}-kesalahan.{form}", CSV_TYPE if form == "csv" else XLSX_TYPE)
    titles = ("Lembar", "Baris", "Data", "Perubahan", "Kolom", "Semula", "Menjadi")
    rows = itertools.chain.from_iterable(
        [
            [row["sheet"], row["row"], row["label"], row["kind"], *change]
            for change in (row["changes"] or [["", "", "; ".join(row["notices"])]])
        ]
        for row in run.report["differences"]
    )
    sheet = SheetOut("Perubahan", [ColumnSpec(title, width=30) for title in titles], list(rows))
    return file_answer(xlsx([sheet]), f"{stem}-perubahan.xlsx", XLSX_TYPE)
