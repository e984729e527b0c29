"""Acts that join rooms in one transaction, readable as the story of a case."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.applications.models import Application
from core.applications.services import withdraw_application
from core.assessments.services import end_assignment, end_placement, lock_session_of
from core.decisions.services import leave_agenda


@transaction.atomic
def withdraw_case(*, application: Application, by: Any) -> Application:
    """The candidate gives up: the case closes, leaves its seat and its agenda, and its assessor is told."""
    lock_session_of(application)
    application = withdraw_application(application=application, by=by)
    reason = _("Asesi membatalkan permohonannya.")
    end_placement(application=application, reason=reason, by=by)
    end_assignment(application=application, reason=reason, by=by)
    leave_agenda(application=application)
    return application
