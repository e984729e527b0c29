"""What programs ask from outside: whether the system works, and its figures."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.watch.health import examine

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For a watchdog: JSON, 503 when a part fails. The back office says it in words, and a letter goes out."""
    reports = examine()
    if failing := [report.part.key for report in reports if not report.works]:
        logger.error("parts of the system fail: " + ", ".join(failing))  # each set of them is an error of its own
    return JsonResponse(
        {report.part.key: "ok" if report.works else "gagal" for report in reports},
        status=200 if all(report.works for report in reports) else 503,
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with the token; to everybody else as if there were no such address."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    from core.watch.metrics import CONTENT_TYPE, exposition  # where nobody reads figures none are kept

    return HttpResponse(exposition(), content_type=CONTENT_TYPE)
