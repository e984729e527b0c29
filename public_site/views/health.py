"""Whether the system works, for a watchdog: JSON, 503 when a part fails."""

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.activity.queries import is_log_trusted
from core.backups.queries import standing
from core.documents.integrity import repository_state
from core.documents.quarantine import scanner_backlog
from core.documents.storage import document_storage
from core.timetable.queries import timetable_state


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Exception:
        return False


def _storage() -> bool:
    try:
        return document_storage().is_ready()
    except Exception:
        return False


def _activity_log() -> bool:
    try:
        return is_log_trusted()
    except Exception:
        return False


def _documents() -> bool:
    """Files as they were stored, looked at lately."""
    try:
        return repository_state().is_sound
    except Exception:
        return False


def _virus_scanner() -> bool:
    """Without one nothing waits for it."""
    try:
        return not scanner_backlog()[1]
    except Exception:
        return False


def _cron() -> bool:
    """The timetable is read, and no job of it is late or keeps failing."""
    try:
        return timetable_state().is_sound
    except Exception:
        return False


def _backup() -> bool:
    """As young as the policy wants it, and proven."""
    try:
        return standing().is_sound
    except Exception:
        return False


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    parts = {
        "database": _database(),
        "storage": _storage(),
        "activity_log": _activity_log(),
        "documents": _documents(),
        "virus_scanner": _virus_scanner(),
        "cron": _cron(),
        "backup": _backup(),
    }
    return JsonResponse(
        {name: "ok" if works else "gagal" for name, works in parts.items()}, status=200 if all(parts.values()) else 503
    )
