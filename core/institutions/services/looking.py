"""That somebody looked at names: officers and the secretariat alike."""

from typing import Any

from core.activity.services import record_view
from core.institutions.models import Institution, InvitationBatch


def view_institution(*, institution: Institution, by: Any) -> None:
    record_view("institution.view", subject=institution, by=by)


def view_people(*, batch: InvitationBatch, by: Any) -> None:
    record_view("institution.view_people", subject=batch, by=by)
