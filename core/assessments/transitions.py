"""The workflow table of an application in the rooms of assessment: from accepted to assessed.

As in applications/transitions.py each row's name is the service (`<name>_application`), the activity
code (`application.<name>`), the button and the test.
"""

from django.utils.translation import gettext_lazy as _

from core.applications.enums import ApplicationStatus as S
from core.assessments.rules import appeal_is_judged_anew, assessment_has_begun, candidate_was_present, holds_case
from core.common.transitions import Transition, Workflow

WORKFLOW = Workflow(
    [
        Transition(
            name="continue",
            sources=frozenset({S.ACCEPTED}),
            target=S.PREASSESSED,
            label=_("Tanda tangani: asesmen dapat dilanjutkan"),
            actor=holds_case,
            tone="success",
            hint=_("Anda menandatangani tinjauan FR.APL-02; sekretariat menjadwalkan asesmennya."),
        ),
        Transition(
            name="discontinue",
            sources=frozenset({S.ACCEPTED}),
            target=S.NOT_CONTINUED,
            label=_("Tanda tangani: asesmen tidak dapat dilanjutkan"),
            actor=holds_case,
            tone="danger",
            hint=_("Permohonan ditutup. Catatan Anda dikirim kepada asesi apa adanya."),
        ),
        Transition(
            name="schedule",
            sources=frozenset({S.PREASSESSED}),
            target=S.SCHEDULED,
            label=_("Tempatkan dalam jadwal uji"),
            permission="schedule_session",
            hint=_("Asesi diundang begitu jadwalnya diumumkan."),
        ),
        Transition(
            name="unschedule",
            sources=frozenset({S.SCHEDULED}),
            target=S.PREASSESSED,
            label=_("Keluarkan dari jadwal uji"),
            permission="schedule_session",
            tone="warning",
            hint=_("Asesi yang sudah diundang mendapat pemberitahuan."),
        ),
        Transition(
            name="assess",
            sources=frozenset({S.SCHEDULED, S.APPEALED}),
            target=S.ASSESSED,
            label=_("Tanda tangani hasil asesmen"),
            actor=holds_case,
            guards=(appeal_is_judged_anew, assessment_has_begun, candidate_was_present),
            hint=_("Hasil terkunci dan menunggu keputusan rapat pleno."),
        ),
    ]
)
