"""Two workflow tables: the life of a destruction, and of a request about one's own data."""

from django.utils.translation import gettext_lazy as _

from core.common.transitions import Transition, Workflow
from core.privacy import rules
from core.privacy.enums import BatchStatus as B
from core.privacy.enums import RequestStatus as R

BATCH_WORKFLOW = Workflow(
    [
        Transition(
            name="approve",
            sources=frozenset({B.PROPOSED}),
            target=B.APPROVED,
            label=_("Setujui dan musnahkan"),
            permission="approve_destruction",
            tone="danger",
            guards=(rules.is_second_person, rules.has_papers, rules.is_still_erasable),
            hint=_("Berkas yang dimusnahkan tidak dapat dikembalikan."),
        ),
        Transition(
            name="cancel",
            sources=frozenset({B.PROPOSED}),
            target=B.CANCELLED,
            label=_("Batalkan usulan"),
            permission="propose_destruction",
            tone="secondary",
            hint=_("Dokumennya tetap disimpan dan dapat diusulkan lagi."),
        ),
    ]
)

REQUEST_WORKFLOW = Workflow(
    [
        Transition(
            name="take",
            sources=frozenset({R.RECEIVED}),
            target=R.IN_PROGRESS,
            label=_("Kerjakan"),
            permission="answer_privacyrequest",
            guards=(rules.is_not_own_request,),
            hint=_("Permintaan menjadi tugas Anda; pemohon melihat bahwa permintaannya dikerjakan."),
        ),
        Transition(
            name="answer",
            sources=frozenset({R.RECEIVED, R.IN_PROGRESS}),
            target=R.ANSWERED,
            label=_("Jawab: dipenuhi"),
            permission="answer_privacyrequest",
            tone="success",
            guards=(rules.is_not_own_request, rules.is_answered_by_hand, rules.has_no_running_case),
            hint=_("Jawaban Anda dikirim kepada pemohon apa adanya."),
        ),
        Transition(
            name="refuse",
            sources=frozenset({R.RECEIVED, R.IN_PROGRESS}),
            target=R.REFUSED,
            label=_("Tolak dengan alasan"),
            permission="answer_privacyrequest",
            tone="danger",
            guards=(rules.is_not_own_request, rules.has_no_destruction_proposed),
            hint=_("Alasan Anda dikirim kepada pemohon apa adanya."),
        ),
        Transition(
            name="cancel",
            sources=frozenset({R.RECEIVED, R.IN_PROGRESS}),
            target=R.CANCELLED,
            label=_("Batalkan permintaan"),
            actor=rules.owns_request,
            tone="secondary",
            guards=(rules.is_not_being_destroyed,),
        ),
    ]
)
