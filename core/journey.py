"""Acts that join rooms in one transaction, readable as the story of a case."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.applications.models import Application
from core.applications.services import withdraw_application
from core.assessments.services import end_assignment, end_placement, lock_session_of
from core.common.exceptions import DomainError
from core.decisions.rules import why_not_withdraw_case
from core.decisions.services import leave_agenda


@transaction.atomic
def withdraw_case(*, application: Application, by: Any) -> Application:
    """The candidate gives up: the case closes, leaves its seat and its agenda, and its assessor is told.

    A case that was decided and is under appeal does not vanish: `withdraw_appeal` takes the appeal back.
    """
    lock_session_of(application)
    if reason := why_not_withdraw_case(application):
        raise DomainError(reason, code="withdraw.appealed")
    application = withdraw_application(application=application, by=by)
    reason = _("Asesi membatalkan permohonannya.")
    end_placement(application=application, reason=reason, by=by)
    end_assignment(application=application, reason=reason, by=by)
    leave_agenda(application=application)
    return application
