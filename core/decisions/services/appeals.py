"""Banding (FR.AK.04): the candidate asks that another assessor looks, and that a plenary decides again."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.services import record_activity
from core.applications.models import Application
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.assessments.enums import FilledFormStatus, FormParty
from core.assessments.models import FilledForm, FormSignature, FormVersion
from core.assessments.services import end_assignment, set_record_aside
from core.common.exceptions import DomainError
from core.common.text import within
from core.decisions import rules
from core.decisions.models import Appeal
from core.decisions.queries import decision_of
from core.decisions.transitions import WORKFLOW
from core.documents.services import sign
from core.messaging.services import queue_message
from core.schemes.enums import VersionStatus

FORM = "fr-ak-04"
#: Under this key FR.AK.04 asks why.
REASON_KEY = "alasan"
MIN_REASON = 20
MAX_REASON = 4000


@transaction.atomic
def file_appeal(*, application: Application, reason: str, by: Any) -> Appeal:
    """Sign and send the appeal: in time, once per case.

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
        form=_paper(application, reason, by),
    )
    record_activity("application.appeal", by=by, subject=application)
    set_record_aside(application=application)
    end_assignment(application=application, reason=_("Asesi mengajukan banding; asesor lain menilai kembali."), by=by)
    queue_message(
        "appeal-filed",
        recipient=by,
        dedupe_key=f"appeal-filed-{appeal.pk}",
        values={
            "nama": by.full_name,
            "nomor": application.number,
            "skema": application.scheme_version.scheme.title,
            "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/",
            "tanggal": date_format(timezone.localdate(), "j F Y"),
        },
    )
    return appeal


def _paper(application: Application, reason: str, by: Any) -> FilledForm | None:
    """FR.AK.04, signed by the candidate; only the signature while the LSP publishes no such form."""
    content = canonical({"form": FORM, "application": application.number, "answers": {REASON_KEY: reason}})
    signature = sign(
        by=by,
        role=_("Asesi"),
        meaning=_("FR.AK.04 %(number)s") % {"number": application.number},
        content_sha256=content_hash(content),
    )
    version = (
        FormVersion.objects.filter(definition__code=FORM, definition__is_active=True, status=VersionStatus.PUBLISHED)
        .select_related("definition")
        .order_by("-number")
        .first()
    )
    if version is None:
        return None
    paper = FilledForm.objects.create(
        definition=version.definition,
        version=version,
        application=application,
        is_required=False,
        status=FilledFormStatus.SIGNED,
        answers=canonical({REASON_KEY: reason}),
        content=content,
        sha256=content_hash(content),
        completed_at=signature.signed_at,
    )
    FormSignature.objects.create(form=paper, party=FormParty.CANDIDATE, signature=signature)
    return paper
