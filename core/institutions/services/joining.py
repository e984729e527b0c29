"""How an institution gets in: its first officer registers it, the secretariat decides, officers add colleagues."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import ConsentText, User
from core.accounts.queries import find_user_by_email
from core.accounts.services import assign_role, register_officer, send_confirmation
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.institutions.enums import InstitutionStatus
from core.institutions.models import Institution, InstitutionOfficer
from core.institutions.rules import acts_for, why_not_invite
from core.institutions.services.locking import lock_institution
from core.institutions.transitions import WORKFLOW

#: What an officer fills in; the first three are what the secretariat approved, and stay.
IDENTITY = ("name", "kind", "region")
CONTACT = ("address", "postal_code", "contact_name", "contact_phone")
#: People who may act for one institution.
MAX_OFFICERS = 20


@transaction.atomic
def register_institution(
    *, full_name: str, email: str, consent_text: ConsentText, values: dict[str, Any]
) -> Institution | None:
    """First step: a letter to the officer's address, and the institution waits for the secretariat.

    None when the address has an account already; the answer on the screen is the same.
    """
    user = register_officer(full_name=full_name, email=email, consent_text=consent_text)
    if user is None:
        return None
    institution = Institution.objects.create(
        **_cleaned({name: values[name] for name in (*IDENTITY, *CONTACT)} | {"contact_name": values["contact_name"]})
    )
    InstitutionOfficer.objects.create(institution=institution, user=user)
    record_activity("institution.register", by=user, subject=institution)
    return institution


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    return {name: clean_line(value) if isinstance(value, str) else value for name, value in values.items()}


@transaction.atomic
def save_institution(*, institution: Institution, values: dict[str, Any], by: Any) -> Institution:
    """Correct the institution's data; one that was refused is put before the secretariat again.

    What was approved is the name, the kind and the region: they stay, or somebody else's people could be seen under
    a name that nobody looked at.
    """
    institution = lock_institution(institution)
    if not acts_for(institution, by):
        raise DomainError(_("Anda bukan petugas instansi ini."), code="save_institution.forbidden")
    if institution.status == InstitutionStatus.CLOSED:
        raise DomainError(_("Akses instansi ini ditutup. Hubungi sekretariat LSP."), code="save_institution.closed")
    is_decided = institution.status == InstitutionStatus.APPROVED
    for name, value in _cleaned(values).items():
        if name in CONTACT or (name in IDENTITY and not is_decided):
            setattr(institution, name, value)
    if institution.status == InstitutionStatus.REFUSED:
        WORKFLOW.apply(institution, "ask_again", by)
        institution.asked_at = timezone.now()
        record_activity("institution.ask_again", by=by, subject=institution)
    institution.save()
    record_activity("institution.save", by=by, subject=institution)
    return institution


@transaction.atomic
def add_officer(*, institution: Institution, full_name: str, email: str, by: Any) -> None:
    """A colleague who acts for the institution too: a letter to the address, and the same answer for every address."""
    institution = lock_institution(institution)
    if reason := why_not_invite(institution, by):
        raise DomainError(reason, code="add_officer.refused")
    if institution.officers.count() >= MAX_OFFICERS:
        raise DomainError(
            _("Paling banyak %(limit)d petugas untuk satu instansi.") % {"limit": MAX_OFFICERS},
            code="add_officer.too_many",
        )
    record_activity("institution.add_officer", by=by, subject=institution)
    if find_user_by_email(email) is not None:
        return
    user = User.objects.create_user(email=email, password=None, full_name=clean_line(full_name))
    assign_role(user=user, role="instansi", by=by)
    InstitutionOfficer.objects.create(institution=institution, user=user, added_by=by)
    send_confirmation(user=user, template="institution-colleague")
