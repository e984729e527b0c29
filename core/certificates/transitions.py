"""Two workflow tables: the last step of an application, and the life of a certificate."""

from django.utils.translation import gettext_lazy as _

from core.applications.enums import ApplicationStatus as S
from core.applications.rules import is_not_own_case
from core.certificates.enums import CertificateStatus as C
from core.certificates.rules import can_be_numbered, did_not_assess, is_decided, is_not_issued, may_replace
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
            guards=(is_not_own_case, did_not_assess, is_not_issued, is_decided, can_be_numbered),
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
            hint=_("Halaman verifikasi langsung menyebut sertifikat ini dibekukan."),
        ),
        Transition(
            name="reinstate",
            sources=frozenset({C.SUSPENDED}),
            target=C.ACTIVE,
            label=_("Berlakukan kembali"),
            permission="suspend_certificate",
            tone="success",
        ),
        Transition(
            name="withdraw",
            sources=frozenset({C.ACTIVE, C.SUSPENDED}),
            target=C.WITHDRAWN,
            label=_("Cabut"),
            permission="withdraw_certificate",
            tone="danger",
            hint=_("Pencabutan tidak dapat dibatalkan."),
        ),
        Transition(
            name="replace",
            sources=frozenset({C.ACTIVE, C.SUSPENDED}),
            target=C.REPLACED,
            label=_("Terbitkan pengganti"),
            permission="issue_certificate",
            tone="warning",
            guards=(may_replace,),
            hint=_("Sertifikat baru dengan nomor baru menunjuk pada sertifikat ini."),
        ),
    ]
)
