"""Banding (FR.AK.04): the candidate asks that another assessor looks, and that a plenary decides again."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.models import Application
from core.applications.services import lock
from core.assessments.models import FilledForm
from core.assessments.services import end_assignment, restore_record, set_record_aside
from core.assessments.services.papers import lay_in_paper, save_answers, sign_form
from core.common.exceptions import DomainError
from core.common.text import within
from core.decisions import rules
from core.decisions.enums import AppealStatus
from core.decisions.models import Appeal
from core.decisions.queries import appeal_form, decision_of, open_appeal
from core.decisions.services.agenda import leave_agenda
from core.decisions.transitions import WORKFLOW
from core.messaging.services import queue_message

#: Under this key FR.AK.04 asks why.
REASON_KEY = "alasan"
MIN_REASON = 20
MAX_REASON = 4000


@transaction.atomic
def file_appeal(*, application: Application, reason: str, answers: Mapping[str, str] | None = None, by: Any) -> Appeal:
    """Sign and send the appeal: in time, once per case. `answers`: {key of a line of FR.AK.04: what was answered}.

    The decision and the results it stood on become history, and whoever assessed is relieved: the
    secretariat chooses another assessor, whose results a plenary decides on.
    """
    application = lock(application)
    decision = decision_of(application)
    WORKFLOW.apply(application, "appeal", by)
    reason = within(reason, MAX_REASON, field="reason")
    if len(reason) < MIN_REASON:
        raise DomainError(
            _("Jelaskan alasan banding Anda, sedikitnya %(limit)d karakter: asesor lain akan membacanya.")
            % {"limit": MIN_REASON},
            code="appeal.reason",
            field="reason",
        )
    application.save(update_fields=["status", "updated_at"])
    decision.in_force = None
    decision.save(update_fields=["in_force"])
    appeal = Appeal.objects.create(
        application=application,
        decision=decision,
        reason=reason,
        deadline=rules.last_day_to_appeal(decision),
        form=_paper(application, reason, answers or {}, by),
    )
    record_activity("application.appeal", by=by, subject=application)
    set_record_aside(application=application)
    end_assignment(application=application, reason=_("Asesi mengajukan banding; asesor lain menilai kembali."), by=by)
    _tell_candidate("appeal-filed", appeal, by)
    return appeal


@transaction.atomic
def withdraw_appeal(*, application: Application, by: Any) -> Appeal:
    """The candidate takes the appeal back: the decision and the results that were appealed against stand again.

    Whoever was assessing again is relieved; what they wrote stays as history.
    """
    application = lock(application)
    WORKFLOW.apply(application, "withdraw_appeal", by)
    application.save(update_fields=["status", "updated_at"])
    appeal = open_appeal(application)
    leave_agenda(application=application)
    decision = appeal.decision
    decision.in_force = True
    decision.save(update_fields=["in_force"])
    set_record_aside(application=application)
    restore_record(record=decision.record)
    end_assignment(application=application, reason=_("Asesi mencabut bandingnya."), by=by)
    appeal.status = AppealStatus.WITHDRAWN
    appeal.save(update_fields=["status", "updated_at"])
    record_activity("application.withdraw_appeal", by=by, subject=application)
    _tell_candidate("appeal-withdrawn", appeal, by)
    return appeal


def _tell_candidate(template: str, appeal: Appeal, by: Any) -> None:
    application = appeal.application
    queue_message(
        template,
        recipient=by,
        dedupe_key=f"{template}-{appeal.pk}",
        values={
            "nama": by.full_name,
            "nomor": application.number,
            "skema": application.scheme_version.scheme.title,
            "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/",
            "tanggal": date_format(timezone.localdate(), "j F Y"),
        },
    )


def _paper(application: Application, reason: str, answers: Mapping[str, str], by: Any) -> FilledForm | None:
    """FR.AK.04, filled in and signed by the candidate; None while the LSP publishes no such form.

    Where it asks more than was answered here it stays a draft, which the case's page asks for.
    """
    definition = appeal_form()
    if definition is None:
        return None
    paper = lay_in_paper(application=application, definition=definition, by=by)
    paper = save_answers(form=paper, answers={**answers, REASON_KEY: reason}, edit=paper.edit, by=by)
    try:
        with transaction.atomic():
            return sign_form(form=paper, by=by)
    except DomainError:
        return paper


def forget_appeals(*, application: Application) -> None:
    """What a candidate wrote in an appeal, once they are forgotten; that there was one, and how it ended, stays."""
    Appeal.objects.filter(application=application).update(reason="")
