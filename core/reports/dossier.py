"""The file of a case as a checklist: every paper it should hold at its stage, and how each one stands.

What a file should hold is told in three places: the scheme's requirements, the forms of its cases, and
the list of expected papers (`ExpectedDocument`). Here they are read together, for one case or for many at
once with the same number of queries. A paper that the system prints when somebody first looks at it
counts as there.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models import TextChoices as Choices
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.applications.enums import (
    CLOSED_STATUSES,
    FILE_STAGES,
    MASKED_EDITIONS,
    ApplicationStatus,
    FormCode,
    FormEdition,
    Outcome,
    Verdict,
)
from core.applications.models import (
    Application,
    CaseDocument,
    ExpectedDocument,
    FormDocument,
    RequirementEvidence,
    Review,
    SelfAssessmentAnswer,
    Submission,
)
from core.assessments.enums import FilledFormStatus, FormParty, FormStage
from core.assessments.form_sets import forms_needed
from core.assessments.models import Assignment, FilledForm, FormDefinition, FormSignature, Placement, PreAssessment
from core.assessments.papers.rules import FINAL, lacking_people
from core.certificates.models import Certificate
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Decision
from core.documents.models import Document, DocumentState, DocumentType
from core.reports.repository import documents_for
from core.schemes.models import Requirement


class Part(Choices):
    """The chapters of a file, in the order of a case's journey."""

    APPLICATION = "permohonan", _("Permohonan")
    EVIDENCE = "persyaratan", _("Persyaratan")
    ASSESSMENT = "asesmen", _("Asesmen")
    DECISION = "keputusan", _("Keputusan")
    CERTIFICATE = "sertifikat", _("Sertifikat")
    OTHER = "lain-lain", _("Lain-lain")


class PaperState(Choices):
    """How one line of the checklist stands."""

    THERE = "ada", _("Ada")
    UNSIGNED = "belum-ditandatangani", _("Menunggu tanda tangan")
    LATER = "nanti", _("Belum waktunya")
    MISSING = "belum-ada", _("Belum ada")
    OPTIONAL = "tidak-wajib", _("Tidak wajib")
    NOT_NEEDED = "tidak-perlu", _("Tidak diperlukan lagi")
    REJECTED = "tidak-memenuhi", _("Tidak memenuhi syarat")
    EXPIRED = "kedaluwarsa", _("Kedaluwarsa")
    SCANNING = "karantina", _("Menunggu pemeriksaan virus")
    REFUSED = "ditolak", _("Ditolak pemeriksaan virus")
    DESTROYED = "dimusnahkan", _("Dimusnahkan")


#: What a required line must not be, for the file to be complete.
LACKING = frozenset(
    {
        PaperState.MISSING,
        PaperState.UNSIGNED,
        PaperState.REJECTED,
        PaperState.EXPIRED,
        PaperState.SCANNING,
        PaperState.REFUSED,
    }
)

S = ApplicationStatus
#: Cases that ended early: nothing more is asked of their files.
ENDED = frozenset({S.REJECTED, S.NOT_CONTINUED, S.WITHDRAWN})
#: How far a case has come, as a place in FILE_STAGES; in between counts as the stage before.
_REACHED = {status: place for place, status in enumerate(FILE_STAGES)} | {
    S.DRAFT: -1,
    S.UNDER_REVIEW: 0,
    S.RETURNED: 0,
    S.REJECTED: 0,
    S.WITHDRAWN: 0,
    S.NOT_CONTINUED: 1,
    S.NOT_YET_COMPETENT: FILE_STAGES.index(S.COMPETENT),
    S.APPEALED: FILE_STAGES.index(S.COMPETENT),
}
_ASSESSED = FILE_STAGES.index(S.ASSESSED)
_PART_OF_STAGE = {
    S.SUBMITTED: Part.APPLICATION,
    S.ACCEPTED: Part.APPLICATION,
    S.PREASSESSED: Part.ASSESSMENT,
    S.SCHEDULED: Part.ASSESSMENT,
    S.ASSESSED: Part.ASSESSMENT,
    S.COMPETENT: Part.DECISION,
    S.CERTIFIED: Part.CERTIFICATE,
}
#: Where forms stand among the expected papers of the same chapter.
_PLACE_OF_FORM = {FormStage.BEFORE: 3.2, FormStage.DURING: 3.5, FormStage.AFTER: 3.8, FormStage.APPEAL: 5.5}
_ATTENDANCE, _MINUTES, _DECISION_LETTER = "daftar-hadir", "berita-acara-pleno", "sk-kelulusan"
_CERTIFICATE = "sertifikat-kompetensi"


@dataclass
class Paper:
    """One file of a line. Without `document` it is printed when somebody first looks at it.

    `source` says where such a paper comes from: ("form", sending, code), ("filled", key),
    ("minutes", key), ("decision_letter", key), ("certificate", key), ("attendance", key of the session).
    """

    document: Document | None = None
    source: tuple[Any, ...] | None = None
    filed: CaseDocument | None = None
    is_visible: bool = True

    @property
    def counts(self) -> bool:
        """Whether somebody can open it: printed at need, or kept and clean."""
        return self.document is None or self.document.can_be_opened


@dataclass
class Item:
    """One line of the checklist."""

    key: str
    part: Part
    title: str
    kind: DocumentType
    is_required: bool = True
    state: PaperState = PaperState.MISSING
    note: str = ""
    papers: list[Paper] = field(default_factory=list)
    earlier: list[Paper] = field(default_factory=list)
    place: float = 0
    is_form: bool = False
    is_shared: bool = False  # about a session: it names others too
    form: int | None = None  # key of the laid-in paper that somebody still fills in or signs

    @property
    def lacks(self) -> bool:
        return self.is_required and self.state in LACKING


@dataclass
class Checklist:
    """The whole file of one case."""

    application: Application
    items: list[Item]

    @property
    def parts(self) -> list[tuple[Part, list[Item]]]:
        parts = [(part, [item for item in self.items if item.part == part]) for part in Part]
        return [(part, items) for part, items in parts if items]

    @property
    def lacking(self) -> list[Item]:
        return [item for item in self.items if item.lacks]

    @property
    def required(self) -> list[Item]:
        """What must be there by now, whether it is or not."""
        return [item for item in self.items if item.is_required and item.state not in _NOT_YET]

    @property
    def is_complete(self) -> bool:
        return not self.lacking

    def all_papers(self) -> Iterator[Paper]:
        for item in self.items:
            yield from item.papers
            yield from item.earlier


_NOT_YET = frozenset({PaperState.LATER, PaperState.NOT_NEEDED})


def checklist_of(application: Application, *, viewer: Any = None) -> Checklist:
    """The file of one case; with a `viewer` each paper says whether this person may open it."""
    checklist = checklists_of([application])[application.pk]
    if viewer is not None:
        _mark_visible(checklist, viewer)
    return checklist


def is_complete(application: Application) -> bool:
    """Whether the file holds everything that it should hold at the case's stage."""
    return checklist_of(application).is_complete


def checklists_of(applications: Iterable[Application]) -> dict[int, Checklist]:
    """The files of many cases, {key of the case: checklist}: as many queries as for one."""
    cases = list(applications)
    facts = _Facts(cases)
    return {case.pk: Checklist(case, _Builder(case, facts).items()) for case in cases}


def _mark_visible(checklist: Checklist, viewer: Any) -> None:
    """What is kept is asked of the repository; what is printed at need is asked of its own page."""
    papers = list(checklist.all_papers())
    kept = {paper.document.pk for paper in papers if paper.document is not None}
    visible = set(documents_for(viewer).filter(pk__in=kept).values_list("pk", flat=True))
    whole = viewer.has_perm("core.view_identifiers")
    for paper in papers:
        opens = paper.document is not None and paper.document.pk in visible
        if paper.source is not None:
            kind = paper.source[0]
            opens = opens or (viewer.has_perm(_RIGHTS[kind]) and (whole or kind in _HAS_MASKED_COPY))
        paper.is_visible = opens


#: Who may have a paper printed, by where it comes from; of some there is a copy without personal identifiers.
_RIGHTS = {
    "form": "core.view_application",
    "filled": "core.view_filledform",
    "minutes": "core.view_plenary",
    "decision_letter": "core.view_plenary",
    "certificate": "core.view_certificate",
    "attendance": "core.view_assessmentsession",
}
_HAS_MASKED_COPY = frozenset({"form", "filled"})


class _Facts:
    """Everything that the checklists of some cases rest on, read at once."""

    def __init__(self, cases: list[Application]) -> None:
        keys = [case.pk for case in cases]
        self.today = timezone.localdate()
        self.filed: dict[int, list[CaseDocument]] = defaultdict(list)
        for row in (
            CaseDocument.objects.filter(application__in=keys)
            .select_related("document__document_type", "document__uploaded_by", "filed_by")
            .order_by("-filed_at", "-pk")
        ):
            self.filed[row.application_id].append(row)
        self.requirements: dict[int, list[Requirement]] = defaultdict(list)
        versions = {case.scheme_version_id for case in cases}
        for requirement in Requirement.objects.filter(scheme_version__in=versions).select_related("document_type"):
            self.requirements[requirement.scheme_version_id].append(requirement)
        self.evidence = {
            (row.application_id, row.requirement_id): row
            for row in RequirementEvidence.objects.filter(application__in=keys)
        }
        self._read_attached(keys)
        self._read_forms(keys)
        self._read_corridor(keys)
        self.expected: dict[int | None, list[ExpectedDocument]] = defaultdict(list)
        schemes = {case.scheme_version.scheme_id for case in cases}
        lines = ExpectedDocument.objects.filter(Q(scheme=None) | Q(scheme__in=schemes)).select_related("document_type")
        for line in lines:
            self.expected[line.scheme_id].append(line)
        self._needed: dict[int, list] = {}

    def _read_attached(self, keys: list[int]) -> None:
        """Which documents hang on which requirement, and which support the self-assessment."""
        self.attached: dict[tuple[int, int], list[int]] = defaultdict(list)
        through = RequirementEvidence.documents.through.objects.filter(requirementevidence__application__in=keys)
        for case, requirement, document in through.order_by("document_id").values_list(
            "requirementevidence__application", "requirementevidence__requirement", "document"
        ):
            self.attached[case, requirement].append(document)
        self.supporting: dict[int, list[int]] = defaultdict(list)
        through = SelfAssessmentAnswer.documents.through.objects.filter(selfassessmentanswer__application__in=keys)
        for case, document in through.values_list("selfassessmentanswer__application", "document").distinct():
            self.supporting[case].append(document)
        named = {pk for found in (*self.attached.values(), *self.supporting.values()) for pk in found}
        known = {row.document_id: row.document for rows in self.filed.values() for row in rows}
        self.documents = known | Document.objects.select_related("document_type", "uploaded_by").in_bulk(
            named - known.keys()
        )

    def _read_forms(self, keys: list[int]) -> None:
        """The last sending of each case, and the paper that its FR.APL forms are printed on by now."""
        newer = Submission.objects.filter(application=OuterRef("application"), sequence__gt=OuterRef("sequence"))
        self.sent = {
            row.application_id: row
            for row in Submission.objects.filter(~Exists(newer), application__in=keys)
            .annotate(is_reviewed=Exists(Review.objects.filter(submission=OuterRef("pk"))))
            .defer("content")
        }
        printed = FormDocument.objects.filter(submission__in=[row.pk for row in self.sent.values()])
        self.printed = {
            (row.submission_id, row.form, row.edition): row.document
            for row in printed.exclude(edition__in=MASKED_EDITIONS).select_related("document__document_type")
        }
        reviews = PreAssessment.objects.filter(application__in=keys, signature__isnull=False)
        self.reviews = {
            row.application_id: row
            for row in reviews.select_related("document__document_type").defer("content", "note").order_by("pk")
        }

    def _read_corridor(self, keys: list[int]) -> None:
        """Seats, filled-in forms, decisions and certificates."""
        held = Prefetch("application__assignments", Assignment.objects.filter(in_force=True), to_attr="held_by")
        self.seats = {
            seat.application_id: seat
            for seat in Placement.objects.filter(application__in=keys, in_force=True).prefetch_related(held)
        }
        sessions = {seat.session_id for seat in self.seats.values()}
        forms = (
            FilledForm.objects.filter(Q(application__in=keys) | Q(session__in=sessions))
            .select_related("definition__document_type", "document__document_type", "document__uploaded_by")
            .prefetch_related(Prefetch("signatures", FormSignature.objects.only("form", "party")))
            .defer("answers", "content")
            .order_by("definition__position", "-pk")
        )
        self.forms: dict[int, list[FilledForm]] = defaultdict(list)
        self.session_forms: dict[int, list[FilledForm]] = defaultdict(list)
        for form in forms:
            if form.application_id:
                self.forms[form.application_id].append(form)
            else:
                self.session_forms[form.session_id].append(form)
        self.minutes: dict[int, list[Decision]] = defaultdict(list)
        decisions = Decision.objects.filter(application__in=keys, plenary__status=PlenaryStatus.CONFIRMED)
        for decision in decisions.select_related(
            "plenary__document__document_type", "plenary__letter__document_type"
        ).order_by("pk"):
            self.minutes[decision.application_id].append(decision)
        self.certificates = {
            row.application_id: row
            for row in Certificate.objects.filter(application__in=keys, in_force=True)
            .select_related("document__document_type")
            .defer("content")
        }

    def needed(self, case: Application) -> list:
        """The set of forms of a case's scheme, for a case whose papers were never laid in."""
        scheme = case.scheme_version.scheme
        if scheme.pk not in self._needed:
            self._needed[scheme.pk] = forms_needed(scheme)
        return self._needed[scheme.pk]


class _Builder:
    """The lines of one case. Each document that lies in its file stands in one line at least."""

    def __init__(self, case: Application, facts: _Facts) -> None:
        self.case, self.facts = case, facts
        self.reached = _REACHED[S(case.status)]
        self.has_ended = case.status in ENDED
        #: In a case that is over nothing expires any more: it was valid when it counted.
        self.today = None if case.status in CLOSED_STATUSES else facts.today
        self.rows = {row.document_id: row for row in facts.filed[case.pk]}
        self.placed: set[int] = set()
        self.found: list[Item] = []

    def items(self) -> list[Item]:
        self._requirements()
        self._forms()
        self._expected()
        self._supporting()
        self._rest()
        order = list(Part)
        return sorted(self.found, key=lambda item: (order.index(item.part), item.place))

    # --- requirements of the scheme --------------------------------------------------------------------

    def _requirements(self) -> None:
        items: list[Item] = []
        for place, requirement in enumerate(self.facts.requirements[self.case.scheme_version_id]):
            row = self.facts.evidence.get((self.case.pk, requirement.pk))
            item = Item(
                key=f"syarat-{requirement.pk}",
                part=Part.EVIDENCE,
                title=requirement.title,
                kind=requirement.document_type,
                is_required=requirement.is_required,
                place=place,
                note=row.note if row else "",
            )
            for pk in self.facts.attached[self.case.pk, requirement.pk]:
                self._lay(item, pk)
            items.append(item)
        self._place_additions(items)
        for item, requirement in zip(items, self.facts.requirements[self.case.scheme_version_id], strict=True):
            row = self.facts.evidence.get((self.case.pk, requirement.pk))
            is_failed = bool(row and row.verdict == Verdict.FAILS)
            item.state = self._state(item)
            if is_failed and item.state == PaperState.THERE and not _is_answered(item, row):
                item.state = PaperState.REJECTED
        self.found += items

    def _place_additions(self, items: list[Item]) -> None:
        """What the desk added: beside what it replaced, else to the first requirement that lacks its kind."""
        additions = sorted((row for row in self.rows.values() if row.is_added_by_desk), key=lambda row: row.pk)
        for row in additions:
            replaced = {old.document_id for old in self._replaced_by(row)}
            same = [item for item in items if item.kind.pk == row.document.document_type_id]
            target = next((item for item in same if replaced & _keys(item.papers + item.earlier)), None)
            target = target or next((item for item in same if not item.papers), None) or (same[0] if same else None)
            if target is not None:
                self._lay(target, row.document_id)

    def _replaced_by(self, row: CaseDocument) -> list[CaseDocument]:
        return [old for old in self.rows.values() if old.replaced_by_id == row.document_id]

    # --- forms -----------------------------------------------------------------------------------------

    def _forms(self) -> None:
        seat = self.facts.seats.get(self.case.pk)
        holders = {row.assessor_id for row in seat.application.held_by} if seat else set()
        of_session = [
            form
            for form in (self.facts.session_forms[seat.session_id] if seat else ())
            if form.assessor_id is None or form.assessor_id in holders
        ]
        forms = [*self.facts.forms[self.case.pk], *of_session]
        for form in forms:
            form.application = self.case if form.application_id else None
        for form in forms:
            if form.in_force:
                self._form(form, [old for old in forms if old.definition_id == form.definition_id and not old.in_force])
        if forms or self.has_ended or self.reached < _ASSESSED:
            return
        for line in self.facts.needed(self.case):
            if line.definition.stage != FormStage.APPEAL:
                item = self._form_item(line.definition, is_required=line.is_required)
                for row in self.rows.values():
                    if row.document.document_type_id == item.kind.pk:
                        self._lay(item, row.document_id)
                item.state = self._state(item)
                self.found.append(item)

    def _form_item(self, definition: FormDefinition, *, is_required: bool, key: str = "") -> Item:
        stage = FormStage(definition.stage)
        return Item(
            key=key or f"jenis-{definition.document_type.code}",
            part=Part.DECISION if stage == FormStage.APPEAL else Part.ASSESSMENT,
            title=definition.title,
            kind=definition.document_type,
            is_required=is_required,
            place=_PLACE_OF_FORM[stage] + definition.position / 10_000,
            is_form=True,
        )

    def _form(self, form: FilledForm, earlier: list[FilledForm]) -> None:
        item = self._form_item(form.definition, is_required=form.is_required, key=f"formulir-{form.pk}")
        item.is_shared = form.application_id is None
        if form.status in FINAL:
            self._lay_printed(item, form.document, ("filled", form.pk))
        for old in earlier:
            if old.document is not None:
                self._lay(item, old.document_id, document=old.document, is_current=False)
        for row in self.rows.values():
            if row.is_added_by_desk and row.document.document_type_id == item.kind.pk:
                self._lay(item, row.document_id)
        item.state = self._state(item)
        if not item.papers:
            item.form = form.pk
            item.state, item.note = self._state_of_unsigned(form)
        self.found.append(item)

    def _state_of_unsigned(self, form: FilledForm) -> tuple[PaperState, str]:
        is_due = self.reached >= _ASSESSED
        if form.definition.stage == FormStage.APPEAL:
            is_due = self.case.status == S.APPEALED
        if self.has_ended or (self.case.status in CLOSED_STATUSES and form.definition.stage == FormStage.APPEAL):
            return PaperState.NOT_NEEDED, ""
        if form.status == FilledFormStatus.PARTLY_SIGNED:
            people = lacking_people(form)
            return PaperState.UNSIGNED, _t("Menunggu %(people)s.") % {"people": people}
        if not form.is_required:
            return PaperState.OPTIONAL, ""
        writer = str(FormParty(form.definition.filled_by).label).lower()
        return (PaperState.MISSING if is_due else PaperState.LATER), _t("Diisi %(people)s.") % {"people": writer}

    # --- expected papers -------------------------------------------------------------------------------

    def _expected(self) -> None:
        """A line of the scheme itself goes before the one of all schemes."""
        lines = {line.document_type_id: line for line in self.facts.expected[None]}
        lines |= {line.document_type_id: line for line in self.facts.expected[self.case.scheme_version.scheme_id]}
        answered = {item.kind.pk for item in self.found}
        for line in lines.values():
            if line.document_type_id in answered:
                continue
            stage = S(line.from_status)
            item = Item(
                key=f"jenis-{line.document_type.code}",
                part=_PART_OF_STAGE[stage],
                title=line.document_type.title,
                kind=line.document_type,
                is_required=line.is_required and FILE_STAGES.index(stage) <= self.reached,
                place=FILE_STAGES.index(stage) + line.position / 10_000,
            )
            self._lay_all_of_kind(item)
            if FILE_STAGES.index(stage) > self.reached and not item.papers:
                continue
            item.state = self._state(item)
            self.found.append(item)

    def _lay_all_of_kind(self, item: Item) -> None:
        for document, source in self._printed(item.kind.code):
            self._lay_printed(item, document, source)
        for row in self.rows.values():
            if row.document.document_type_id == item.kind.pk:
                # Of the FR.APL forms the edition of today counts, also when it is printed later than the one before.
                is_old_form = item.kind.code in FormCode.values and row.document.uploaded_by_id is None
                self._lay(item, row.document_id, is_current=row.is_current and not is_old_form)

    def _printed(self, code: str) -> list[tuple[Document | None, tuple[Any, ...]]]:
        """What the system prints of a kind: the kept PDF, or None until somebody looks at it."""
        facts, case = self.facts, self.case.pk
        if code in FormCode.values and (sent := facts.sent.get(case)):
            review = facts.reviews.get(case) if code == FormCode.APL_02 else None
            edition = FormEdition.SUBMITTED
            if code == FormCode.APL_01 and sent.is_reviewed:  # type: ignore[attr-defined]
                edition = FormEdition.REVIEWED
            document = review.document if review else facts.printed.get((sent.pk, code, edition))
            return [(document, ("form", sent.sequence, code))]
        if code == _MINUTES:
            return [(row.plenary.document, ("minutes", row.plenary_id)) for row in facts.minutes[case]]
        if code == _DECISION_LETTER:
            named = [row.plenary for row in facts.minutes[case] if row.outcome == Outcome.COMPETENT]
            return [(plenary.letter, ("decision_letter", plenary.pk)) for plenary in named if plenary.letter_number]
        if code == _CERTIFICATE and (certificate := facts.certificates.get(case)):
            return [(certificate.document, ("certificate", certificate.pk))]
        if code == _ATTENDANCE and (seat := facts.seats.get(case)) and seat.attendance:
            return [(None, ("attendance", seat.session_id))]
        return []

    # --- what is left ----------------------------------------------------------------------------------

    def _supporting(self) -> None:
        """Evidence of FR.APL-02 that no requirement holds."""
        left = [pk for pk in self.facts.supporting[self.case.pk] if pk not in self.placed]
        if not left:
            return
        kind = self.facts.documents[left[0]].document_type
        title = _t("Bukti pendukung FR.APL-02")
        item = Item("bukti-apl-02", Part.EVIDENCE, title, kind, is_required=False, place=1000)
        for pk in left:
            self._lay(item, pk)
        for row in self.rows.values():  # a better copy of one of them
            if row.document_id not in self.placed and {old.document_id for old in self._replaced_by(row)} & set(left):
                self._lay(item, row.document_id)
        item.state = self._state(item)
        self.found.append(item)

    def _rest(self) -> None:
        """What else lies in the file; what no longer counts stands behind the line of its kind, if there is one."""
        own: dict[int, Item] = {}
        for row in self.rows.values():
            if row.document_id in self.placed:
                continue
            kind = row.document.document_type
            item = next((item for item in self.found if item.kind.pk == kind.pk), None) if not row.is_current else None
            if item is None:
                item = own.setdefault(
                    kind.pk,
                    Item(f"jenis-{kind.code}", Part.OTHER, kind.title, kind, is_required=False, place=kind.position),
                )
            self._lay(item, row.document_id)
        for item in own.values():
            item.state = self._state(item)
        self.found += own.values()

    # --- papers and states -----------------------------------------------------------------------------

    def _lay(self, item: Item, pk: int, *, document: Document | None = None, is_current: bool | None = None) -> None:
        if pk in _keys(item.papers + item.earlier):
            return
        row = self.rows.get(pk)
        paper = Paper(document=row.document if row else document or self.facts.documents[pk], filed=row)
        if is_current is None:
            is_current = row is None or row.is_current
        (item.papers if is_current else item.earlier).append(paper)
        self.placed.add(pk)

    def _lay_printed(self, item: Item, document: Document | None, source: tuple[Any, ...]) -> None:
        if document is not None:
            if document.pk in _keys(item.papers):
                return
            self.placed.add(document.pk)
        filed = self.rows.get(document.pk) if document is not None else None
        if filed is not None:
            document = filed.document
        item.papers.append(Paper(document=document, source=source, filed=filed))

    def _state(self, item: Item) -> PaperState:
        if not item.papers:
            if not item.is_required:
                return PaperState.OPTIONAL
            return PaperState.NOT_NEEDED if self.has_ended else PaperState.MISSING
        usable = [paper for paper in item.papers if paper.counts]
        if not usable:
            states = {paper.document.state for paper in item.papers if paper.document is not None}
            if DocumentState.WAITING in states:
                return PaperState.SCANNING
            return PaperState.REFUSED if DocumentState.REFUSED in states else PaperState.DESTROYED
        if self.today is not None and all(_has_expired(paper, self.today) for paper in usable):
            return PaperState.EXPIRED
        return PaperState.THERE


def _keys(papers: Iterable[Paper]) -> set[int]:
    return {paper.document.pk for paper in papers if paper.document is not None}


def _has_expired(paper: Paper, today: date) -> bool:
    return paper.document is not None and paper.document.valid_until is not None and paper.document.valid_until < today


def _is_answered(item: Item, row: RequirementEvidence) -> bool:
    """Whether the desk filed something newer than the verdict that found the evidence wanting."""
    return row.checked_at is not None and any(
        paper.filed is not None and paper.filed.is_added_by_desk and paper.filed.filed_at > row.checked_at
        for paper in item.papers
    )
