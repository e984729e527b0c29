"""The workflow table of a session: planned, announced, closed or cancelled.

Each row's name is the service (`<name>_session`), the activity code (`session.<name>`), the button and the test.
"""

from django.utils.translation import gettext_lazy as _

from core.assessments import session_rules
from core.assessments.enums import SessionStatus as S
from core.common.transitions import Transition, Workflow

WORKFLOW = Workflow(
    [
        Transition(
            name="announce",
            sources=frozenset({S.PLANNED}),
            target=S.ANNOUNCED,
            label=_("Umumkan jadwal"),
            permission="schedule_session",
            guards=(session_rules.lies_ahead, session_rules.has_seats_with_assessors, session_rules.still_fits),
            hint=_("Asesi mendapat undangan dengan berkas kalender; setiap asesor mendapat surat tugas bernomor."),
        ),
        Transition(
            name="close",
            sources=frozenset({S.ANNOUNCED}),
            target=S.CLOSED,
            label=_("Tutup jadwal"),
            permission="schedule_session",
            guards=(session_rules.day_is_done,),
            tone="success",
            hint=_("Asesi yang tidak hadir keluar dari jadwal ini dan dapat dijadwalkan lagi. Kehadiran terkunci."),
        ),
        Transition(
            name="cancel",
            sources=frozenset({S.PLANNED, S.ANNOUNCED}),
            target=S.CANCELLED,
            label=_("Batalkan jadwal"),
            permission="schedule_session",
            guards=(session_rules.nothing_signed,),
            tone="danger",
            hint=_("Semua asesi keluar dari jadwal dan dapat dijadwalkan lagi. Yang sudah diundang diberi tahu."),
        ),
    ]
)
