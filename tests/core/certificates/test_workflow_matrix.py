"""Every state × every act × every kind of person, for a certificate that was issued.

The expectation is stated by hand, apart from the workflow table that it checks.
"""

import pytest
from django.db import transaction

from core.activity.models import ActivityEntry
from core.certificates import services
from core.certificates.enums import CertificateStatus
from core.certificates.models import CertificateEvent
from core.certificates.transitions import CERTIFICATE_WORKFLOW
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate

pytestmark = pytest.mark.django_db

ACTS = ("suspend", "reinstate", "withdraw")
PEOPLE = ("holder", "other candidate", "clerk", "disabled clerk", "administrator", "asesor", "bnsp")
STATES = (*CertificateStatus.values, "kedaluwarsa")

#: (state, act) → who may do it, and where it leads. What is not here nobody may do.
ALLOWED = {
    ("aktif", "suspend"): ({"clerk"}, "dibekukan"),
    ("aktif", "withdraw"): ({"clerk"}, "dicabut"),
    ("dibekukan", "reinstate"): ({"clerk"}, "aktif"),
    ("dibekukan", "withdraw"): ({"clerk"}, "dicabut"),
    ("kedaluwarsa", "withdraw"): ({"clerk"}, "dicabut"),  # a paper that was got by deceit is disowned also afterwards
}


def act_of(name: str, certificate, by) -> str:
    """The refusal, or "" when it was done."""
    try:
        getattr(services, f"{name}_certificate")(certificate=certificate, reason="Alasan yang cukup jelas.", by=by)
    except DomainError as refusal:
        return refusal.message
    return ""


def people_around(certificate) -> dict:
    return {
        "holder": certificate.holder,
        "other candidate": make_user(role="asesi"),
        "clerk": make_user(role="sekretariat"),
        "disabled clerk": make_user(role="sekretariat", is_active=False),
        **{role: make_user(role=role) for role in ("administrator", "asesor", "bnsp")},
    }


@pytest.mark.parametrize("state", STATES)
def test_every_state_act_and_person(state):
    expired = state == "kedaluwarsa"
    status = CertificateStatus.ACTIVE if expired else state
    certificate = lay_certificate(status=status, days_left=-1 if expired else 400)
    people = people_around(certificate)
    for act in ACTS:
        _check(certificate, people, state, status, act)


def _check(certificate, people: dict, state: str, status: str, act: str) -> None:
    may, target = ALLOWED.get((state, act), (set(), status))
    offered, done = set(), set()

    for name in PEOPLE:
        log, letters = ActivityEntry.objects.latest("pk").pk, OutboxMessage.objects.count()
        if act in {row.name for row in CERTIFICATE_WORKFLOW.available(certificate, people[name])}:
            offered.add(name)
        with transaction.atomic():
            refusal = act_of(act, certificate, people[name])
            entries = ActivityEntry.objects.filter(pk__gt=log)
            if refusal:
                assert len(refusal) > 20  # a sentence, not a code
                assert not entries.exists()
                assert not CertificateEvent.objects.exists()
                assert OutboxMessage.objects.count() == letters
            else:
                done.add(name)
                certificate.refresh_from_db()
                assert certificate.status == target
                assert entries.get(code=f"certificate.{act}").actor == people[name]
                assert certificate.events.get().by == people[name]
                assert OutboxMessage.objects.latest("pk").recipient == certificate.holder
            transaction.set_rollback(True)  # the next person finds it as it was
        certificate.refresh_from_db()
        assert certificate.status == status

    assert (offered, done) == (may, may), act
