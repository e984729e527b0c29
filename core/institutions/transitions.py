"""The workflow table of an institution's account."""

from django.utils.translation import gettext_lazy as _

from core.common.transitions import Transition, Workflow
from core.institutions import rules
from core.institutions.enums import InstitutionStatus as I

WORKFLOW = Workflow(
    [
        Transition(
            name="approve",
            sources=frozenset({I.WAITING}),
            target=I.APPROVED,
            label=_("Setujui instansi"),
            permission="approve_institution",
            tone="success",
            guards=(rules.has_confirmed_officer,),
            hint=_("Petugasnya mendapat surat dan dapat mengundang orang; ia melihat nama dan kemajuan mereka."),
        ),
        Transition(
            name="refuse",
            sources=frozenset({I.WAITING}),
            target=I.REFUSED,
            label=_("Tolak dengan alasan"),
            permission="approve_institution",
            tone="danger",
            hint=_(
                "Alasan Anda dikirim kepada petugas instansi apa adanya; ia dapat memperbaiki data dan mengajukan lagi."
            ),
        ),
        Transition(
            name="close",
            sources=frozenset({I.APPROVED}),
            target=I.CLOSED,
            label=_("Tutup akses instansi"),
            permission="approve_institution",
            tone="danger",
            hint=_(
                "Petugasnya tidak melihat siapa pun lagi. Undangan yang belum dijawab ditarik; permohonan jalan terus."
            ),
        ),
        Transition(
            name="reopen",
            sources=frozenset({I.CLOSED}),
            target=I.APPROVED,
            label=_("Buka lagi"),
            permission="approve_institution",
            guards=(rules.has_confirmed_officer,),
            hint=_("Petugasnya dapat mengundang lagi. Undangan yang sudah ditarik tidak berlaku lagi."),
        ),
        Transition(
            name="ask_again",
            sources=frozenset({I.REFUSED}),
            target=I.WAITING,
            label=_("Ajukan lagi"),
            actor=rules.acts_for,
        ),
    ]
)
