"""The workflow table over `Handover.status`; services are `<name>_handover` (and `hand_over`)."""

from django.utils.translation import gettext_lazy as _

from core.common.transitions import Transition, Workflow
from core.handovers import rules
from core.handovers.enums import HandoverStatus as H

WORKFLOW = Workflow(
    [
        Transition(
            name="check",
            sources=frozenset({H.PREPARING}),
            target=H.CHECKED,
            label=_("Periksa dan kunci"),
            permission="prepare_handover",
            guards=(rules.has_cases,),
            hint=_("Surat mendapat nomor, dan daftarnya terkunci seperti yang diperiksa."),
        ),
        Transition(
            name="reopen",
            sources=frozenset({H.CHECKED}),
            target=H.PREPARING,
            label=_("Buka kembali"),
            permission="prepare_handover",
            tone="warning",
            hint=_("Nomor suratnya tetap; daftar dan surat dibuat lagi saat diperiksa lagi."),
        ),
        Transition(
            name="hand_over",
            sources=frozenset({H.CHECKED}),
            target=H.HANDED,
            label=_("Catat penyerahan"),
            permission="prepare_handover",
            tone="success",
            guards=(rules.stands_as_checked, rules.replaces_what_still_stands),
            hint=_("Sesudah dicatat tidak ada yang berubah; yang keliru diganti dengan serah terima baru."),
        ),
        Transition(
            name="replace",
            sources=frozenset({H.HANDED}),
            target=H.REPLACED,
            label=_("Ganti"),
            permission="prepare_handover",
            tone="warning",
        ),
        Transition(
            name="withdraw",
            sources=frozenset({H.PREPARING, H.CHECKED, H.HANDED}),
            target=H.WITHDRAWN,
            label=_("Tarik"),
            permission="prepare_handover",
            tone="secondary",
            guards=(rules.has_no_open_correction,),
            hint=_("Permohonannya kembali menunggu serah terima lain."),
        ),
    ]
)
