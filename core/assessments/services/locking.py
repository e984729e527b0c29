"""Sessions as they are now, for those who are about to change them or their seats."""

from collections.abc import Iterable

from core.assessments.models import AssessmentSession


def lock_sessions(keys: Iterable[int]) -> dict[int, AssessmentSession]:
    """Locked until the transaction ends, in the order of their keys; read with what letters tell of them second."""
    keys = sorted(set(keys))
    list(AssessmentSession.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    return AssessmentSession.objects.select_related("scheme", "venue__region").in_bulk(keys)


def lock_session(session: AssessmentSession) -> AssessmentSession:
    """One of them (see `applications.services.lock`)."""
    return lock_sessions([session.pk])[session.pk]
