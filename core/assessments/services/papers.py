"""The only writers of papers: laid in, filled in, signed or scanned, corrected by a new one."""

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.activity.services import record_activity, record_view
from core.applications.filing import set_aside
from core.applications.models import Application
from core.applications.services import lock
from core.applications.snapshot import canonical, content_hash
from core.assessments.enums import FilledFormStatus, FormStage, FormSubject
from core.assessments.form_sets import NeededForm, forms_needed
from core.assessments.models import AssessmentSession, FilledForm, FormDefinition, FormSignature, FormVersion
from core.assessments.papers import rules
from core.assessments.papers.answers import checked
from core.assessments.papers.content import answers_of, build_content, number_of
from core.assessments.papers.filing import file_paper
from core.assessments.papers.layout import Value, layout
from core.assessments.papers.queries import own_papers, with_all
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import clean_line
from core.documents.services import sign, store_upload
from core.messaging.services import queue_message
from core.schemes.enums import VersionStatus

# --- laying in ----------------------------------------------------------------------------------------


@transaction.atomic
def lay_in_papers(*, application: Application, needed: Iterable[NeededForm], by: Any) -> list[FilledForm]:
    """Put the empty papers that the scheme asks for into a case; what is there already stays as it is.

    Returns the new ones. Papers of an appeal come with the appeal (`lay_in_paper`), reports about a
    session with `lay_in_session_papers`; a form that was never published is passed over.
    """
    application = lock(application)
    there = set(application.filled_forms.filter(in_force=True).values_list("definition_id", flat=True))
    wanted = [
        row
        for row in needed
        if row.definition.subject == FormSubject.CASE
        and row.definition.stage != FormStage.APPEAL
        and row.definition.pk not in there
    ]
    versions = _published([row.definition for row in wanted])
    papers = [
        FilledForm.objects.create(
            application=application,
            definition=row.definition,
            version=versions[row.definition.pk],
            is_required=row.is_required,
        )
        for row in wanted
        if row.definition.pk in versions
    ]
    if papers:
        record_activity("form.lay_in", by=by, subject=application, count=len(papers))
    return papers


@transaction.atomic
def prepare_papers(*, application: Application, by: Any) -> list[FilledForm]:
    """Lay in what the scheme asks for today: for a case that came here before its forms were published.

    Asked for twice it finds nothing to do, and returns nothing.
    """
    application = lock(application)
    if reason := rules.why_not_prepare(application, by):
        raise DomainError(reason, code="paper.not_preparable")
    papers = lay_in_papers(application=application, needed=forms_needed(application.scheme_version.scheme), by=by)
    tell_candidate(application)
    return papers


@transaction.atomic
def lay_in_paper(
    *, application: Application, definition: FormDefinition, is_required: bool = True, by: Any
) -> FilledForm:
    """One paper by itself, such as FR.AK.04 when a candidate appeals; asked for twice it is the same one."""
    application = lock(application)
    existing = application.filled_forms.filter(definition=definition, in_force=True).first()
    if existing is not None:
        return existing
    version = _published([definition]).get(definition.pk)
    if version is None:
        raise DomainError(
            _("Formulir “%(form)s” belum diterbitkan. Minta sekretariat menerbitkannya.") % {"form": definition.title},
            code="paper.unpublished",
        )
    record_activity("form.lay_in", by=by, subject=application, count=1)
    return FilledForm.objects.create(
        application=application, definition=definition, version=version, is_required=is_required
    )


@transaction.atomic
def lay_in_session_papers(*, session: AssessmentSession, needed: Iterable[NeededForm], by: Any) -> list[FilledForm]:
    """The reports about a session, one for each assessor who has a case in it; returns the new ones."""
    AssessmentSession.objects.select_for_update().values_list("pk").get(pk=session.pk)
    wanted = [row for row in needed if row.definition.subject == FormSubject.SESSION]
    versions = _published([row.definition for row in wanted])
    there = set(session.filled_forms.filter(in_force=True).values_list("assessor_id", "definition_id"))
    assessors = (
        Application.objects.filter(placements__session=session, placements__in_force=True, assignments__in_force=True)
        .order_by("assignments__assessor_id")
        .values_list("assignments__assessor_id", flat=True)
        .distinct()
    )
    papers = [
        FilledForm.objects.create(
            session=session,
            assessor_id=assessor,
            definition=row.definition,
            version=versions[row.definition.pk],
            is_required=row.is_required,
        )
        for assessor in assessors
        for row in wanted
        if row.definition.pk in versions and (assessor, row.definition.pk) not in there
    ]
    if papers:
        record_activity("form.lay_in", by=by, subject=session, count=len(papers))
    return papers


def lay_in_reports(session: AssessmentSession, *, by: Any) -> list[FilledForm]:
    """The reports that the session's scheme asks for, such as FR.AK.05, in the caller's transaction."""
    needed = forms_needed(session.scheme, subject=FormSubject.SESSION)
    return lay_in_session_papers(session=session, needed=needed, by=by)


def lay_in_session(session: AssessmentSession, *, by: Any) -> None:
    """The reports, and the papers of its cases that were published since they were placed."""
    lay_in_reports(session, by=by)
    needed = forms_needed(session.scheme, subject=FormSubject.CASE)
    for seat in session.placements.filter(in_force=True).select_related("application").order_by("application_id"):
        lay_in_papers(application=seat.application, needed=needed, by=by)


def tell_candidate(application: Application) -> None:
    """A letter for each paper that waits for the candidate, once, in the caller's transaction."""
    user = application.candidate.user
    for paper in own_papers(application)["waiting"]:
        queue_message(
            "paper-waiting",
            recipient=user,
            dedupe_key=f"paper-{paper.pk}",
            values={
                "nama": user.full_name,
                "nomor": application.number,
                "skema": application.scheme_version.scheme.title,
                "formulir": paper.definition.title,
                "tautan": f"{settings.SITE_URL}/permohonan/{application.reference}/berkas/{paper.pk}/",
            },
        )


def _published(definitions: list[FormDefinition]) -> dict[int, FormVersion]:
    """{definition: its newest published version} of those in use."""
    versions = FormVersion.objects.filter(
        definition__in=[definition.pk for definition in definitions if definition.is_active],
        status=VersionStatus.PUBLISHED,
    ).order_by("number")
    return {version.definition_id: version for version in versions}


# --- filling in ---------------------------------------------------------------------------------------


@transaction.atomic
def save_answers(*, form: FilledForm, answers: Mapping[str, Value], edit: int, by: Any) -> FilledForm:
    """Keep what somebody typed into their own part: {name of the question: value}; what is not named stays.

    A draft may be incomplete. `edit` is what the page was drawn with: when another tab or person saved
    meanwhile nothing is kept (StaleVersion). Answers that do not fit raise AnswersRefused, with a
    sentence for each.
    """
    form = _locked(form)
    if reason := rules.why_not_fill(form, by):
        raise DomainError(reason, code="paper.not_fillable")
    paper = layout(form)
    own = {question.name: question for question in paper.questions(rules.party_of(form, by))}
    clean = checked(own, answers)
    stored = json.loads(form.answers) if form.answers else {}
    before = json.dumps(stored, sort_keys=True)
    for name, value in clean.items():
        question = own[name]
        if question.instance:
            stored.setdefault(question.line.key, {})[question.instance] = value
        else:
            stored[question.line.key] = value
    if json.dumps(stored, sort_keys=True) == before:  # sent twice, or the same from two tabs
        return form
    if edit != form.edit:
        raise StaleVersion(
            _("Formulir ini sudah disimpan dari tab atau perangkat lain. Bandingkan isiannya, lalu simpan lagi."),
            code="paper.stale",
        )
    form.answers, form.edit = canonical(stored), form.edit + 1
    form.status = FilledFormStatus.DRAFT
    form.save(update_fields=["answers", "edit", "status", "updated_at"])
    record_view("form.save", by=by, subject=form)  # pages save by themselves: told once an hour
    return form


# --- signing ------------------------------------------------------------------------------------------


@transaction.atomic
def sign_form(*, form: FilledForm, shown: str = "", by: Any) -> FilledForm:
    """Sign as the party that one is. The first signature freezes the paper, the last one completes it.

    Both sign the hash of the same content. `shown` is the hash of what the person read: when it
    changed meanwhile nothing is signed (StaleVersion).
    """
    form = _locked(form)
    paper = layout(form)
    if reason := rules.why_not_sign(form, by, paper):
        raise DomainError(reason, code="paper.not_signable")
    party = rules.party_of(form, by)
    if not form.content:
        form.answers = canonical(answers_of(list(paper.questions())))  # with what the system had filled in
        form.content = canonical(build_content(paper))
        form.sha256 = content_hash(form.content)
    elif reason := rules.why_other_assessor(form, json.loads(form.content)["assessor"]):
        raise DomainError(reason, code="paper.other_assessor")
    if shown and shown != form.sha256:
        raise StaleVersion(
            _("Isi formulir berubah sejak halaman ini dibuka. Periksa sekali lagi."), code="paper.changed"
        )
    FormSignature.objects.create(
        form=form,
        party=party,
        signature=sign(
            by=by,
            role=party.label,
            meaning=f"{form.definition.title} {number_of(form)}"[:200],
            content_sha256=form.sha256,
        ),
    )
    given = set(form.signatures.all().values_list("party", flat=True))
    complete = given.issuperset(rules.signers(form))
    form.status = FilledFormStatus.SIGNED if complete else FilledFormStatus.PARTLY_SIGNED
    form.completed_at = timezone.now() if complete else None
    form.save(update_fields=["answers", "content", "sha256", "status", "completed_at", "updated_at"])
    record_activity("form.sign", by=by, subject=form, party=str(party), sha256=form.sha256)
    if form.application_id and not complete:
        tell_candidate(form.application)
    return form


def upload_scan(*, form: FilledForm, stream: IO[bytes], file_name: str, by: Any) -> FilledForm:
    """Keep the paper that was signed by hand. It is as final as one signed here.

    The file is looked at before anything is locked: that takes a moment.
    """
    if reason := rules.why_not_scan(form, by):
        raise DomainError(reason, code="paper.not_scannable")
    document = store_upload(
        stream=stream,
        file_name=file_name,
        document_type=form.definition.document_type,
        owner=form.application.candidate.user if form.application_id else form.assessor.user,
        by=by,
        title=f"{form.definition.title} {number_of(form)}"[:150],
    )
    with transaction.atomic():
        form = _locked(form)
        if reason := rules.why_not_scan(form, by):
            raise DomainError(reason, code="paper.not_scannable")
        form.document, form.sha256 = document, document.sha256  # content stays: a first signature may cover it
        form.status, form.completed_at = FilledFormStatus.SCANNED, timezone.now()
        form.save(update_fields=["document", "sha256", "status", "completed_at", "updated_at"])
        file_paper(form)
        record_activity("form.scan", by=by, subject=form, sha256=document.sha256)
    return form


@transaction.atomic
def correct_form(*, form: FilledForm, reason: str, by: Any) -> FilledForm:
    """Lay in a new paper with the same answers that replaces a signed one, which stays readable."""
    form = _locked(form)
    if refusal := rules.why_not_correct(form, by):
        raise DomainError(refusal, code="paper.not_correctable")
    reason = clean_line(reason)
    if not reason:
        raise DomainError(_("Tulis apa yang salah dan mengapa."), code="paper.no_reason", field="reason")
    if len(reason) > 250:
        raise DomainError(_("Paling banyak 250 karakter."), code="paper.long_reason", field="reason")
    form.in_force = None
    form.save(update_fields=["in_force", "updated_at"])
    set_aside(form.document)
    new = FilledForm.objects.create(
        definition=form.definition,
        version=form.version,
        application=form.application,
        session=form.session,
        assessor=form.assessor,
        is_required=form.is_required,
        answers=form.answers,
        status=FilledFormStatus.DRAFT if form.answers else FilledFormStatus.EMPTY,
        replaces=form,
        correction_reason=reason,
    )
    record_activity("form.correct", by=by, subject=new)
    if new.application_id:
        tell_candidate(new.application)
    return new


def _locked(form: FilledForm) -> FilledForm:
    """The row as it is now, locked until the transaction ends; its case first, as everywhere."""
    if form.application_id:
        lock(form.application)
    FilledForm.objects.select_for_update().values_list("pk").get(pk=form.pk)
    return with_all(FilledForm.objects.filter(pk=form.pk)).get()
