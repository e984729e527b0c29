"""The workflow table of an application, from draft to the end of verification.

Each row's name is also the service in services.py (`<name>_application`), the activity code
(`application.<name>`), the button and the test. Rows after "accepted" belong to later rooms.
"""

from django.utils.translation import gettext_lazy as _

from core.applications import rules
from core.applications.enums import ApplicationStatus as S
from core.common.transitions import Transition, Workflow

WORKFLOW = Workflow(
    [
        Transition(
            name="submit",
            sources=frozenset({S.DRAFT, S.RETURNED}),
            target=S.SUBMITTED,
            label=_("Tanda tangani dan kirim"),
            actor=rules.owns,
            guards=(rules.scheme_still_open, rules.is_complete),
        ),
        Transition(
            name="take",
            sources=frozenset({S.SUBMITTED}),
            target=S.UNDER_REVIEW,
            label=_("Ambil untuk diperiksa"),
            permission="verify_application",
            guards=(rules.is_not_own_case,),
            hint=_("Permohonan menjadi tugas Anda; asesi melihat bahwa berkasnya sedang diperiksa."),
        ),
        Transition(
            name="take_over",
            sources=frozenset({S.UNDER_REVIEW}),
            target=S.UNDER_REVIEW,
            label=_("Ambil alih"),
            permission="verify_application",
            tone="secondary",
            guards=(rules.is_not_own_case, rules.is_taken_by_somebody_else),
            hint=_("Anda meneruskan pemeriksaan dari rekan yang berhalangan."),
        ),
        Transition(
            name="accept",
            sources=frozenset({S.UNDER_REVIEW}),
            target=S.ACCEPTED,
            label=_("Terima"),
            permission="verify_application",
            tone="success",
            guards=(
                rules.is_not_own_case,
                rules.is_taken_by,
                rules.every_requirement_meets,
                rules.every_needed_paper_was_scanned,
            ),
            hint=_("Anda menandatangani rekomendasi pada FR.APL-01; asesi mendapat pesan."),
        ),
        Transition(
            name="return",
            sources=frozenset({S.UNDER_REVIEW}),
            target=S.RETURNED,
            label=_("Kembalikan untuk diperbaiki"),
            permission="verify_application",
            tone="warning",
            guards=(rules.is_not_own_case, rules.is_taken_by),
            hint=_("Hanya bagian yang Anda sebut yang terbuka bagi asesi."),
        ),
        Transition(
            name="reject",
            sources=frozenset({S.UNDER_REVIEW}),
            target=S.REJECTED,
            label=_("Tolak"),
            permission="verify_application",
            tone="danger",
            guards=(rules.is_not_own_case, rules.is_taken_by),
            hint=_("Permohonan ditutup. Alasan Anda dikirim kepada asesi apa adanya."),
        ),
        Transition(
            name="withdraw",
            sources=frozenset(
                {S.DRAFT, S.RETURNED, S.SUBMITTED, S.UNDER_REVIEW, S.ACCEPTED, S.PREASSESSED, S.SCHEDULED, S.ASSESSED}
            ),
            target=S.WITHDRAWN,
            label=_("Batalkan permohonan"),
            actor=rules.owns,
            tone="danger",
            hint=_("Permohonan ditutup dan tidak dapat dibuka kembali; profil dan berkas Anda tetap ada."),
        ),
    ]
)
