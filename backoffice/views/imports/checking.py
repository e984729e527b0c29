"""Checking a file that is kept: at once or in the background, the first time and again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from backoffice.import_jobs import CHECK, is_long
from backoffice.imports import job_of
from backoffice.resources.base import SheetResource
from backoffice.views.imports.common import may_work_on, to_run
from core.common.exceptions import DomainError
from core.common.text import hide_identifiers
from core.imports import services
from core.imports.matching import Headings, find_headings, is_plain, missing, propose
from core.imports.models import ImportRun
from core.imports.reading import Sheet
from core.imports.tables import Matching


def check(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Check a kept file as its columns are matched now; a long one in the background."""
    if is_long(run):
        title = _("Periksa %(file)s") % {"file": hide_identifiers(run.file_name)}
        return to_run(services.work_in_background(run=run, kind=CHECK, title=title, by=request.user))
    job = job_of(run.kind, request.user, matching=services.matching_of(run))
    return to_run(services.check_run(run=run, check=job.check, by=request.user))


@require_POST
def check_again(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """The same file once more: what it lacked in the system may be there now."""
    may_work_on(request, run)
    try:
        return check(request, run)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return to_run(run)


def proposed_columns(tool: SheetResource, sheet: Sheet) -> tuple[Headings, Matching | None, bool]:
    """The headings of a file, how its columns are read, and whether nobody needs to be asked.

    None: every column stands under its own title, or is missed in words by the check.
    """
    specs = tool.import_columns()
    headings = find_headings(sheet, specs)
    remembered = services.remembered_columns(tool.kind, headings.digest)
    matching = Matching(headings.row, remembered) if remembered else propose(headings, specs)
    if is_plain(headings, matching, specs):
        return headings, None, True
    return headings, matching, remembered is not None and not missing(matching, specs)
