"""Small named questions about a paper. Those that refuse return a sentence that says what to do, or ""."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.applications.rules import owns
from core.assessments.enums import FilledFormStatus, FormParty, FormStage, FormSubject
from core.assessments.models import FilledForm, FormDefinition
from core.assessments.papers.facts import assessor_of, session_of
from core.assessments.papers.layout import SILENT, Paper, layout
from core.assessments.rules import holds_case

#: No answer changes any more; what is wrong is corrected by a new paper.
LOCKED = frozenset({FilledFormStatus.PARTLY_SIGNED, FilledFormStatus.SIGNED, FilledFormStatus.SCANNED})
FINAL = frozenset({FilledFormStatus.SIGNED, FilledFormStatus.SCANNED})
_FROM_PREASSESSED = frozenset(
    {S.PREASSESSED, S.SCHEDULED, S.ASSESSED, S.COMPETENT, S.NOT_YET_COMPETENT, S.APPEALED, S.CERTIFIED}
)
#: In which states of a case papers of a stage are filled in and signed.
DUE_STATUSES = {
    FormStage.BEFORE: _FROM_PREASSESSED,
    FormStage.DURING: _FROM_PREASSESSED - {S.PREASSESSED},
    FormStage.AFTER: _FROM_PREASSESSED - {S.PREASSESSED},
    FormStage.APPEAL: frozenset({S.NOT_YET_COMPETENT, S.APPEALED}),
}
#: The decision was told: the candidate may read what the assessor wrote alone.
TOLD_STATUSES = frozenset({S.COMPETENT, S.NOT_YET_COMPETENT, S.CERTIFIED})
_NEEDS_THE_DAY = frozenset({FormStage.DURING, FormStage.AFTER})


def signers(form: FilledForm) -> tuple[FormParty, ...]:
    """Whose signatures the paper needs."""
    return parties_of(form.definition)


def parties_of(definition: FormDefinition) -> tuple[FormParty, ...]:
    if definition.filled_by == FormParty.BOTH:
        return (FormParty.ASSESSOR, FormParty.CANDIDATE)
    return (FormParty(definition.filled_by),)


def unsigned(form: FilledForm) -> list[FormParty]:
    """Whose signatures are still missing; nobody's when the signatures stand on a scan."""
    if form.status in FINAL:
        return []
    given = {row.party for row in form.signatures.all()}
    return [party for party in signers(form) if party not in given]


def lacking_people(form: FilledForm) -> str:
    """Whose signatures are still missing, in words: "asesor dan asesi"."""
    return _(" dan ").join(str(party.label).lower() for party in unsigned(form))


def party_of(form: FilledForm, by: Any) -> FormParty | None:
    """As whom somebody writes on this paper; None for those who only read it."""
    if form.application_id and owns(form.application, by):
        return FormParty.CANDIDATE
    assessor = assessor_of(form)
    return FormParty.ASSESSOR if assessor is not None and assessor.user_id == by.pk else None


def is_desk(by: Any) -> bool:
    """Whoever runs sessions also files their papers."""
    return by.is_active and by.has_perm("core.schedule_session")


def why_not_due(form: FilledForm) -> str:
    """Whether it is this paper's time."""
    if form.definition.subject == FormSubject.CASE:
        status = form.application.status
        if status not in DUE_STATUSES[FormStage(form.definition.stage)]:
            return _("Formulir ini belum atau tidak lagi dapat diisi: status permohonan “%(status)s”.") % {
                "status": form.application.get_status_display()
            }
        if status != S.SCHEDULED:
            return ""
    if form.definition.stage in _NEEDS_THE_DAY:
        session = session_of(form)
        day = session.local_start.date() if session else None
        if day is not None and day > timezone.localdate(timezone=session.zone):
            return _("Formulir ini diisi mulai hari uji, %(day)s.") % {"day": date_format(day, "j F Y")}
    return ""


def _why_closed(form: FilledForm) -> str:
    if form.in_force is None:
        return _("Formulir ini sudah diganti koreksinya. Buka yang berlaku.")
    if form.status in LOCKED:
        return _(
            "Formulir ini sudah ditandatangani dan tidak dapat diubah. Pakai “Koreksi” untuk membuat penggantinya."
        )
    return ""


def why_not_fill(form: FilledForm, by: Any) -> str:
    if not by.is_active or party_of(form, by) is None:
        return _("Formulir ini diisi oleh %(people)s.") % {"people": people(form)}
    if reason := _why_closed(form):
        return reason
    if not has_part(form, party_of(form, by)):
        return _("Tidak ada yang perlu Anda isi pada formulir ini.")
    return why_not_due(form)


def has_part(form: FilledForm, party: FormParty) -> bool:
    """Whether the form asks this party anything, rather than to read and sign alone."""
    return any(
        line.kind not in SILENT and (line.filled_by or form.definition.filled_by) in (party, FormParty.BOTH)
        for line in form.version.lines.all()
    )


def why_not_sign(form: FilledForm, by: Any, paper: Paper | None = None) -> str:
    """The first signature needs the whole paper: both parties sign the same words."""
    party = party_of(form, by)
    if not by.is_active or party not in signers(form):
        return _("Formulir ini ditandatangani oleh %(people)s.") % {"people": people(form)}
    if form.in_force is None or form.status in FINAL:
        return _why_closed(form)
    if party not in unsigned(form):
        return _("Anda sudah menandatangani formulir ini.")
    if reason := why_not_due(form):
        return reason
    if form.status == FilledFormStatus.PARTLY_SIGNED:
        return ""
    missing = (paper or layout(form)).missing()
    own = [question for question in missing if question.is_for(party)]
    if own:
        return _("Lengkapi dahulu: %(count)d isian wajib belum dijawab.") % {"count": len(own)}
    if missing or (party == FormParty.CANDIDATE and not _assessors_part_is_kept(form)):
        other = FormParty.CANDIDATE if party == FormParty.ASSESSOR else FormParty.ASSESSOR
        return _("%(party)s belum melengkapi bagiannya.") % {"party": other.label}
    return ""


def may_prepare(application: Application, by: Any) -> bool:
    """Papers are laid into a case by the desk, or by its assessor."""
    return is_desk(by) or holds_case(application, by)


def why_not_prepare(application: Application, by: Any) -> str:
    """Whether papers may be laid into this case by hand now."""
    if not may_prepare(application, by):
        return _("Berkas disiapkan oleh sekretariat atau asesor permohonan ini.")
    if application.status not in _FROM_PREASSESSED:
        return _("Berkas asesmen disiapkan setelah pra-asesmen ditandatangani; status permohonan ini “%(status)s”.") % {
            "status": application.get_status_display()
        }
    return ""


def why_not_scan(form: FilledForm, by: Any) -> str:
    if not is_desk(by) and party_of(form, by) != FormParty.ASSESSOR:
        return _("Pindaian diunggah oleh asesor permohonan ini atau sekretariat.")
    if form.in_force is None or form.status in FINAL:
        return _why_closed(form)
    return why_not_due(form)


def why_not_correct(form: FilledForm, by: Any) -> str:
    if not is_desk(by) and not (party_of(form, by) == FormParty.ASSESSOR and FormParty.ASSESSOR in signers(form)):
        return _("Koreksi dibuat oleh asesor permohonan ini atau sekretariat.")
    if form.in_force is None:
        return _why_closed(form)
    if form.status not in LOCKED:
        return _("Formulir ini belum ditandatangani; ubah saja isinya.")
    return ""


def why_other_assessor(form: FilledForm, registered: str) -> str:
    """A paper that one assessor's colleague began to sign is not finished by another."""
    now = assessor_of(form)
    if registered and now is not None and now.registration_number != registered:
        return _("Asesor sudah diganti sejak tanda tangan pertama. Pakai “Koreksi” untuk membuat penggantinya.")
    return ""


def may_read(form: FilledForm, by: Any) -> bool:
    """The candidate reads a paper when it is their turn or it is complete; readers from outside only what was signed
    here: a scan may show anything. Whether the case itself is theirs to see, `queries.papers_for` says."""
    if form.application_id and owns(form.application, by):
        return is_released(form) or is_candidates_turn(form)
    if not by.has_perm("core.view_identifiers"):
        return form.status == FilledFormStatus.SIGNED
    return True


def is_released(form: FilledForm) -> bool:
    """Whether the candidate keeps a complete paper. What they sign themselves they know; what the assessor wrote
    alone tells the recommendation, so it waits for the decision. An appeal takes away nothing that was read before.
    """
    if form.status not in FINAL:
        return False
    if FormParty.CANDIDATE in signers(form) or form.application.status in TOLD_STATUSES:
        return True
    return form.application.status == S.APPEALED and form.replaces_id is None


def is_candidates_turn(form: FilledForm) -> bool:
    """Whether the candidate has something to do on this paper now."""
    if form.in_force is None or FormParty.CANDIDATE not in unsigned(form) or why_not_due(form):
        return False
    if form.definition.filled_by == FormParty.CANDIDATE or form.status == FilledFormStatus.PARTLY_SIGNED:
        return True
    return has_part(form, FormParty.CANDIDATE) or _assessors_part_is_kept(form)


def _assessors_part_is_kept(form: FilledForm) -> bool:
    """Whether the assessor has said what was theirs to say; what the system filled in is nobody's word yet.

    From then on either of the two may sign first, as they sit together.
    """
    if not has_part(form, FormParty.ASSESSOR):
        return True
    if form.status == FilledFormStatus.EMPTY:
        return False
    required = [q for q in layout(form).questions(FormParty.ASSESSOR) if q.line.is_required]
    return all(question.is_answered and not question.is_filled_in for question in required)


def is_assessors_turn(form: FilledForm) -> bool:
    """Whether the paper waits for its assessor now: to be filled in, or to be signed.

    What follows the assessment waits for its results, which fill most of it in.
    """
    if form.in_force is None or FormParty.ASSESSOR not in unsigned(form):
        return False
    if form.definition.stage == FormStage.AFTER and form.application_id and form.application.status == S.SCHEDULED:
        return False
    return not why_not_due(form)


def people(form: FilledForm) -> str:
    return FormParty(form.definition.filled_by).label.lower()
