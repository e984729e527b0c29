"""Two workflow tables: the last step of an application, and the life of a certificate."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.certificates import aftercare_rules
from core.certificates.enums import CertificateStatus as C
from core.certificates.rules import already_issued, may_be_issued, may_replace, what_stops
from core.common.transitions import Transition, Workflow

#: Over `Application.status`.
WORKFLOW = Workflow(
    [
        Transition(
            name="issue",
            sources=frozenset({S.COMPETENT}),
            target=S.CERTIFIED,
            label=_("Terbitkan sertifikat"),
            permission="issue_certificate",
            tone="success",
            guards=(may_be_issued,),
        )
    ]
)

#: Over `Certificate.status`; services are `<name>_certificate`, codes `certificate.<name>`.
CERTIFICATE_WORKFLOW = Workflow(
    [
        Transition(
            name="suspend",
            sources=frozenset({C.ACTIVE}),
            target=C.SUSPENDED,
            label=_("Bekukan"),
            permission="suspend_certificate",
            tone="warning",
            guards=(aftercare_rules.is_not_own_certificate, aftercare_rules.is_not_expired),
            hint=_("Halaman verifikasi langsung menyebut sertifikat ini dibekukan."),
        ),
        Transition(
            name="reinstate",
            sources=frozenset({C.SUSPENDED}),
            target=C.ACTIVE,
            label=_("Berlakukan kembali"),
            permission="suspend_certificate",
            tone="success",
            guards=(aftercare_rules.is_not_own_certificate, aftercare_rules.is_not_expired),
            hint=_("Sertifikat kembali berlaku mulai hari ini."),
        ),
        Transition(
            name="withdraw",
            sources=frozenset({C.ACTIVE, C.SUSPENDED}),
            target=C.WITHDRAWN,
            label=_("Cabut"),
            permission="withdraw_certificate",
            tone="danger",
            guards=(aftercare_rules.is_not_own_certificate,),
            hint=_("Pencabutan tidak dapat dibatalkan."),
        ),
        Transition(
            name="replace",
            sources=frozenset({C.ACTIVE, C.SUSPENDED}),
            target=C.REPLACED,
            label=_("Terbitkan pengganti"),
            permission="issue_certificate",
            tone="warning",
            guards=(aftercare_rules.is_not_own_certificate, may_replace),
            hint=_("Sertifikat baru dengan nomor baru menunjuk pada sertifikat ini."),
        ),
    ]
)


def refusals_of_issue(applications: Collection[Application], by: Any) -> dict[int, str]:
    """What `WORKFLOW["issue"].refusal` says of each case, asked for all of them together."""
    row = WORKFLOW["issue"]
    competent = [application for application in applications if application.status in row.sources]
    found = what_stops(competent, by)
    others = [application for application in applications if application.pk not in found]
    numbers = Application.objects.filter(pk__in=[one.pk for one in others], certificates__in_force=True)
    issued = dict(numbers.values_list("pk", "certificates__number"))
    for application in others:
        number = issued.get(application.pk)
        found[application.pk] = already_issued(number) if number else row.refusal(application, by)
    return found
