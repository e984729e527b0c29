"""“Kesehatan sistem”: the parts of /sehat/ in words, each with what to do, and the runbook beside them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backoffice import runbook
from backoffice.screens import screen
from core.watch.health import examine
from core.watch.secret_ages import secret_ages

#: Whose matter the server is.
MAY = "core.view_systempolicy"


@require_safe
def health_view(request: HttpRequest) -> HttpResponse:
    """What does not work stands first."""
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    reports = examine()
    failing = [report for report in reports if not report.works]
    context: dict[str, Any] = {
        "failing": failing,
        "working": [report for report in reports if report.works],
        "pages": runbook.listed(),
        "secrets": secret_ages(),
    }
    return screen(request, None, "backoffice/health/overview.html", context, title=_("Kesehatan sistem"))


@require_safe
def runbook_view(request: HttpRequest, slug: str = runbook.FRONT_PAGE) -> HttpResponse:
    if not request.user.has_perm(MAY):
        raise PermissionDenied
    page = runbook.read_page(slug)
    if page is None:
        raise Http404
    context = {"page": page, "front": runbook.read_page(runbook.FRONT_PAGE), "pages": runbook.listed()}
    return screen(request, None, "backoffice/health/runbook.html", context, title=_("Bila terjadi sesuatu"))
