"""Two workflow tables: the last step of an application, and the life of a certificate."""

from django.utils.translation import gettext_lazy as _

from core.applications.enums import ApplicationStatus as S
from core.certificates import aftercare_rules
from core.certificates.enums import CertificateStatus as C
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
            hint=_("Sertifikat baru dengan nomor baru menunjuk pada sertifikat ini."),
        ),
    ]
)
