"""Every state × every act × every kind of person, for a certificate that was issued.

The expectation is stated by hand, apart from the workflow table that it checks.
"""

import pytest

from core.certificates import services
from core.certificates.enums import CertificateStatus
from core.certificates.models import CertificateEvent
from core.certificates.transitions import CERTIFICATE_WORKFLOW
from core.messaging.models import OutboxMessage
from tests.core.workflow_matrix import check_act
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate

pytestmark = pytest.mark.django_db

ACTS = ("suspend", "reinstate", "withdraw")
STATES = (*CertificateStatus.values, "kedaluwarsa")

#: (state, act) → who may do it, and where it leads. What is not here nobody may do.
ALLOWED = {
    ("aktif", "suspend"): ({"clerk"}, "dibekukan"),
    ("aktif", "withdraw"): ({"clerk"}, "dicabut"),
    ("dibekukan", "reinstate"): ({"clerk"}, "aktif"),
    ("dibekukan", "withdraw"): ({"clerk"}, "dicabut"),
    ("kedaluwarsa", "withdraw"): ({"clerk"}, "dicabut"),  # a paper that was got by deceit is disowned also afterwards
}


def act_of(name: str, certificate, by) -> None:
    getattr(services, f"{name}_certificate")(certificate=certificate, reason="Alasan yang cukup jelas.", by=by)


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
    letters = OutboxMessage.objects.count()

    def is_noted_and_told(person) -> None:
        assert certificate.events.get().by == person
        assert OutboxMessage.objects.latest("pk").recipient == certificate.holder

    def is_neither() -> None:
        assert not CertificateEvent.objects.exists()
        assert OutboxMessage.objects.count() == letters

    for act in ACTS:
        may, target = ALLOWED.get((state, act), (set(), status))
        check_act(
            CERTIFICATE_WORKFLOW, certificate, people, act=act, code=f"certificate.{act}", may=may, target=target,
            do=lambda person, act=act: act_of(act, certificate, person),
            after_it=is_noted_and_told, after_a_refusal=is_neither,
        )  # fmt: skip
