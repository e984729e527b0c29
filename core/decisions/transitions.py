"""The workflow table of an application in the room of decisions.

"declare_…" are done by the confirmation of a plenary for every case on its agenda; "appeal" and
"withdraw_appeal" by the candidate.
"""

from django.utils.translation import gettext_lazy as _

from core.applications.enums import ApplicationStatus as S
from core.applications.rules import is_not_own_case, owns
from core.common.transitions import Transition, Workflow
from core.decisions.rules import did_not_assess, has_open_appeal, may_appeal

WORKFLOW = Workflow(
    [
        Transition(
            name="declare_competent",
            sources=frozenset({S.ASSESSED}),
            target=S.COMPETENT,
            label=_("Nyatakan kompeten"),
            permission="confirm_decision",
            tone="success",
            guards=(is_not_own_case, did_not_assess),
        ),
        Transition(
            name="declare_not_yet_competent",
            sources=frozenset({S.ASSESSED}),
            target=S.NOT_YET_COMPETENT,
            label=_("Nyatakan belum kompeten"),
            permission="confirm_decision",
            tone="warning",
            guards=(is_not_own_case, did_not_assess),
        ),
        Transition(
            name="appeal",
            sources=frozenset({S.NOT_YET_COMPETENT}),
            target=S.APPEALED,
            label=_("Ajukan banding"),
            actor=owns,
            tone="warning",
            guards=(may_appeal,),
            hint=_("Asesor lain menilai kembali; keputusan banding diambil dalam rapat pleno."),
        ),
        Transition(
            name="withdraw_appeal",
            sources=frozenset({S.APPEALED, S.ASSESSED}),
            target=S.NOT_YET_COMPETENT,
            label=_("Cabut banding"),
            actor=owns,
            tone="danger",
            guards=(has_open_appeal,),
            hint=_("Keputusan yang dibanding berlaku lagi. Banding tidak dapat diajukan dua kali."),
        ),
    ]
)
