"""The workflow table of a question or complaint."""

from django.utils.translation import gettext_lazy as _

from core.common.transitions import Transition, Workflow
from core.inquiries import rules
from core.inquiries.enums import TicketStatus as S

WORKFLOW = Workflow(
    [
        Transition(
            name="answer",
            sources=frozenset({S.OPEN, S.ANSWERED}),
            target=S.ANSWERED,
            label=_("Kirim jawaban"),
            permission="answer_ticket",
            guards=(rules.is_kept,),
            hint=_("Pengirim mendapat surat dengan jawaban Anda apa adanya."),
        ),
        Transition(
            name="write",
            sources=frozenset({S.OPEN, S.ANSWERED, S.CLOSED}),
            target=S.OPEN,
            label=_("Kirim pesan"),
            actor=rules.is_sender,
            guards=(rules.is_kept,),
            hint=_("Pesan yang sudah selesai dibuka kembali bila pengirimnya menulis lagi."),
        ),
        Transition(
            name="close",
            sources=frozenset({S.OPEN, S.ANSWERED}),
            target=S.CLOSED,
            label=_("Selesai"),
            permission="answer_ticket",
            tone="secondary",
            hint=_("Tidak ada lagi yang ditunggu. Pengirim tetap dapat menulis lagi."),
        ),
        Transition(
            name="reopen",
            sources=frozenset({S.CLOSED}),
            target=S.OPEN,
            label=_("Buka kembali"),
            permission="answer_ticket",
            guards=(rules.is_kept,),
            hint=_("Kembali ke antrean, dengan batas waktu baru."),
        ),
    ]
)
