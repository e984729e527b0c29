"""Proposed by one, approved by another, destroyed paper by paper; nothing half."""

from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.filing import file_document
from core.applications.forms import ensure_form
from core.applications.models import Submission
from core.applications.queries import latest_submission, reusable_documents
from core.assessments.models import AssignmentLetter
from core.assessments.seats import letter_states
from core.common.exceptions import DomainError
from core.documents.models import Document
from core.documents.serving import document_response
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from core.privacy import services
from core.privacy.minutes import ensure_minutes
from core.privacy.models import DestructionBatch
from core.privacy.retention import due_documents, due_uploads
from core.privacy.services import destruction
from core.reports.papers import paper_of_signature
from cron import jobs
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.documents import make_document
from tests.factories.privacy import ended, evidence, keep_for, make_old_case
from tests.factories.sessions import WEEK_BEFORE, make_planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Dewi Lestari")


@pytest.fixture
def second():
    return make_user(role="administrator", full_name="Agus Salim")


@pytest.fixture
def old():
    keep_for(24, "ktp")
    return make_old_case()


def is_on_disk(document: Document) -> bool:
    return document.file.storage.exists(document.file.name)


def destroy(clerk, second) -> DestructionBatch:
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    assert services.continue_destruction(batch=batch) == 0
    batch.refresh_from_db()
    return batch


def test_from_proposal_to_berita_acara(old, clerk, second):
    paper = evidence(old)
    batch = services.propose_destruction(by=clerk)
    item = batch.items.get()
    assert (item.document, item.cases, item.sha256) == (paper, old.number, paper.sha256)
    assert "24 bulan" in item.reason
    services.approve_destruction(batch=batch, by=second)
    assert is_on_disk(paper)  # approved, not done yet
    services.continue_destruction(batch=batch)
    batch.refresh_from_db()
    paper.refresh_from_db()
    assert (batch.status, paper.state) == ("dimusnahkan", "dimusnahkan")
    assert batch.number.endswith(str(timezone.localtime(batch.approved_at).year))
    assert paper.destroyed_under == batch.number
    assert paper.destroyed_at is not None
    assert not is_on_disk(paper)
    assert not due_documents().exists()
    codes = ActivityEntry.objects.filter(code__startswith="destruction.").order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["destruction.propose", "destruction.approve", "destruction.finish"]
    assert ActivityEntry.objects.get(code="document.destroy").actor == second


def test_nobody_approves_their_own_proposal(old, clerk):
    batch = services.propose_destruction(by=clerk)
    with pytest.raises(DomainError) as refused:
        services.approve_destruction(batch=batch, by=clerk)
    assert refused.value.code == "approve.refused"
    assert "orang lain" in refused.value.message
    assert is_on_disk(evidence(old))


def test_nobody_without_the_right_proposes_or_approves(old, clerk):
    bnsp = make_user(role="bnsp")
    with pytest.raises(DomainError):
        services.propose_destruction(by=bnsp)
    batch = services.propose_destruction(by=clerk)
    for act in (services.approve_destruction, services.cancel_destruction):
        with pytest.raises(DomainError):
            act(batch=batch, by=bnsp)


def test_a_paper_lies_in_one_running_proposal(old, clerk):
    services.propose_destruction(by=clerk)
    with pytest.raises(DomainError) as refused:
        services.propose_destruction(by=clerk)
    assert refused.value.code == "propose.none"


def test_a_cancelled_proposal_leaves_its_papers_due(old, clerk):
    batch = services.propose_destruction(by=clerk)
    services.cancel_destruction(batch=batch, by=clerk)
    assert services.propose_destruction(by=clerk).items.get().document == evidence(old)


def test_what_is_taken_out_stays(clerk, second):
    keep_for(24, "ktp")
    first, other = make_old_case(), make_old_case()
    batch = services.propose_destruction(by=clerk)
    services.take_out(batch=batch, items=[batch.items.get(document=evidence(first)).pk], by=second)
    services.approve_destruction(batch=batch, by=second)
    services.continue_destruction(batch=batch)
    assert is_on_disk(evidence(first))
    assert not is_on_disk(evidence(other))
    with pytest.raises(DomainError) as refused:
        services.take_out(batch=batch, items=[1], by=second)
    assert refused.value.code == "take_out.decided"


def test_an_empty_proposal_cannot_be_approved(old, clerk, second):
    batch = services.propose_destruction(by=clerk)
    services.take_out(batch=batch, items=batch.items.values_list("pk", flat=True), by=clerk)
    with pytest.raises(DomainError) as refused:
        services.approve_destruction(batch=batch, by=second)
    assert "Batalkan usulannya" in refused.value.message


def test_bytes_stay_while_another_document_needs_the_same_ones(old, clerk, second):
    paper = evidence(old)
    with paper.file.open("rb") as stream:
        twin = make_document(owner=make_user(role="asesi"), kind="ktp", content=stream.read())
    twin.sha256, twin.file.name = paper.sha256, paper.file.name  # a picture is written anew at each intake
    twin.save()
    destroy(clerk, second)
    twin.refresh_from_db()
    assert is_on_disk(twin)
    answer = document_response(twin, request=RequestFactory().get("/"))
    answer.close()
    assert answer.status_code == 200


def test_the_same_file_can_be_handed_in_again_after_it_was_destroyed(old, clerk, second):
    owner, paper = old.candidate.user, evidence(old)
    with paper.file.open("rb") as stream:
        content = stream.read()
    destroy(clerk, second)
    assert paper not in reusable_documents(owner)
    again = make_document(owner=owner, kind="ktp", content=content)
    assert again.pk != paper.pk
    assert is_on_disk(again)


def test_a_hold_that_came_after_the_approval_still_keeps_the_paper(old, clerk, second):
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    services.place_hold(application=old, reason="Pemeriksaan", by=clerk)
    services.continue_destruction(batch=batch)
    item = batch.items.get()
    assert item.destroyed_at is None
    assert "Ditahan" in item.kept_reason
    assert is_on_disk(evidence(old))
    batch.refresh_from_db()
    assert batch.status == "dimusnahkan"


def test_a_case_that_was_opened_again_keeps_its_papers(old, clerk, second):
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    old.status = "under_review"
    old.save()
    services.continue_destruction(batch=batch)
    assert "Masa simpannya" in batch.items.get().kept_reason
    assert is_on_disk(evidence(old))


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("where", ["destroy_document", "remove_content", "_finish"])
def test_a_run_that_was_killed_anywhere_goes_on_and_leaves_nothing_half(clerk, second, monkeypatch, where):
    keep_for(24, "ktp")
    papers = [evidence(make_old_case()) for _case in range(3)]
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    calls, real = [], getattr(destruction, where)

    def killed_at_the_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == (1 if where == "_finish" else 2):
            raise Killed
        return real(*args, **kwargs)

    with monkeypatch.context() as killing:
        killing.setattr(destruction, where, killed_at_the_second)
        with pytest.raises(Killed):
            services.continue_destruction(batch=batch)
    for paper in Document.objects.filter(pk__in=[paper.pk for paper in papers]):
        assert paper.is_destroyed or is_on_disk(paper)  # never a live row without its file

    assert services.continue_all_destructions() == 1

    batch.refresh_from_db()
    assert batch.status == "dimusnahkan"
    for paper in Document.objects.filter(pk__in=[paper.pk for paper in papers]):
        assert paper.is_destroyed
        assert not is_on_disk(paper)
    assert ActivityEntry.objects.filter(code="document.destroy").count() == 3


def test_a_run_stops_when_its_time_is_up_and_says_what_is_left(clerk, second):
    keep_for(24, "ktp")
    for _case in range(2):
        make_old_case()
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    assert services.continue_destruction(batch=batch, seconds=-1) == 2
    assert services.continue_destruction(batch=batch) == 0


def test_the_monthly_job_proposes_once_and_waits_for_a_person(old, second):
    jobs.propose_destruction()
    batch = DestructionBatch.objects.get()
    assert batch.proposed_by is None
    make_old_case()
    jobs.propose_destruction()
    assert DestructionBatch.objects.count() == 1
    services.approve_destruction(batch=batch, by=second)
    jobs.continue_destructions()
    batch.refresh_from_db()
    assert batch.status == "dimusnahkan"
    jobs.propose_destruction()
    assert DestructionBatch.objects.count() == 2


def approvers_told() -> list[str]:
    return sorted(OutboxMessage.objects.filter(template_key="destruction-proposed").values_list("address", flat=True))


def test_whoever_may_decide_hears_of_a_proposal_and_its_proposer_does_not(old, clerk, second):
    colleague = make_user(role="sekretariat")
    others = {clerk.email, make_user(role="bnsp").email, make_user(role="sekretariat", is_active=False).email}
    batch = services.propose_destruction(by=clerk)
    assert {second.email, colleague.email} <= set(approvers_told())
    assert not others & set(approvers_told())
    letter = OutboxMessage.objects.filter(template_key="destruction-proposed").first()
    assert "1 dokumen diusulkan dimusnahkan oleh Dewi Lestari." in letter.body
    assert f"/admin/core/destructionbatch/{batch.pk}/change/" in letter.body


def test_the_monthly_job_writes_one_letter_for_all_its_lists(old, clerk, second, monkeypatch):
    monkeypatch.setattr(destruction, "MAX_ITEMS", 1)
    make_old_case()
    jobs.propose_destruction()
    assert DestructionBatch.objects.count() == 2
    assert approvers_told().count(clerk.email) == approvers_told().count(second.email) == 1
    assert "2 dokumen diusulkan dimusnahkan oleh sistem." in OutboxMessage.objects.latest("pk").body


def test_a_destroyed_form_goes_with_all_its_editions_and_what_it_was_printed_from(clerk, second):
    keep_for(24, "fr-apl-01")
    case = make_old_case(full_name="Siti Rahmawati")
    submission = latest_submission(case)
    whole = ensure_form(submission=submission, form="fr-apl-01")
    masked = ensure_form(submission=submission, form="fr-apl-01", masked=True)
    batch = destroy(clerk, second)
    assert {item.document for item in batch.items.all()} == {whole, masked}
    submission = Submission.objects.get(pk=submission.pk)
    assert "Siti" not in str(submission.snapshot)
    assert case.candidate.nik not in str(submission.snapshot)
    assert submission.sha256
    assert ensure_form(submission=submission, form="fr-apl-01") == whole  # not printed anew
    assert (
        document_response(
            ensure_form(submission=submission, form="fr-apl-01"), request=RequestFactory().get("/")
        ).status_code
        == 410
    )


@pytest.mark.parametrize("how", ["taken out", "held"])
def test_a_form_that_stays_keeps_its_editions_and_what_it_was_printed_from(clerk, second, how):
    keep_for(24, "fr-apl-01")
    case = make_old_case(full_name="Siti Rahmawati")
    submission = latest_submission(case)
    masked = ensure_form(submission=submission, form="fr-apl-01", masked=True)
    whole = ensure_form(submission=submission, form="fr-apl-01")
    batch = services.propose_destruction(by=clerk)
    if how == "taken out":
        services.take_out(batch=batch, items=[batch.items.get(document=whole).pk], by=second)
    services.approve_destruction(batch=batch, by=second)
    if how == "held":
        services.place_hold(application=case, reason="Sengketa", by=clerk)
    services.continue_destruction(batch=batch)
    assert "Siti" in str(Submission.objects.get(pk=submission.pk).snapshot)
    assert "Ikut cetakan utamanya" in batch.items.get(document=masked).kept_reason
    assert is_on_disk(whole)


def test_a_destroyed_document_says_so_in_a_plain_sentence(old, clerk, second):
    batch = destroy(clerk, second)
    answer = document_response(evidence(old), request=RequestFactory().get("/"))
    page = answer.content.decode()
    assert answer.status_code == 410
    assert batch.number in page
    assert "Isinya tidak dapat dibuka lagi" in page
    assert answer["Cache-Control"] == "private, no-store"


def test_the_berita_acara_is_kept_and_its_signatures_can_be_checked(old, clerk, second):
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    with pytest.raises(DomainError):
        ensure_minutes(batch=batch)
    services.continue_destruction(batch=batch)
    batch.refresh_from_db()
    document = ensure_minutes(batch=batch)
    assert document == ensure_minutes(batch=batch)
    assert document.document_type.code == "berita-acara-pemusnahan"
    assert document.pages >= 1
    for signature in (batch.proposal_signature, batch.approval_signature):
        assert paper_of_signature(signature).status == "Dimusnahkan"


def test_the_list_names_papers_and_nobody(old, clerk, second):
    batch = destroy(clerk, second)
    assert old.candidate.user.full_name not in batch.content
    assert evidence(old).file_name not in batch.content


# --- uploads that no case took up, and what papers were printed from -----------------------------------------


@pytest.fixture
def forgotten():
    """Two uploads of long ago that lie in no case."""
    SystemPolicy.objects.update(forgotten_upload_months=12)
    person = make_candidate().user
    papers = [make_document(owner=person) for _paper in range(2)]
    Document.objects.filter(owner=person).update(created_at=timezone.now() - timedelta(days=400))
    return papers


def test_forgotten_uploads_are_destroyed_like_any_paper_with_their_own_reason(forgotten, clerk, second):
    batch = destroy(clerk, second)

    assert {item.document for item in batch.items.all()} == set(forgotten)
    assert all("tidak dipakai permohonan mana pun" in item.reason for item in batch.items.all())
    assert not any(is_on_disk(paper) for paper in forgotten)
    assert not due_uploads().exists()


def test_an_upload_that_a_case_took_up_in_the_meantime_is_kept(forgotten, clerk, second):
    batch = services.propose_destruction(by=clerk)
    services.approve_destruction(batch=batch, by=second)
    file_document(application=make_application(status="draft"), document=forgotten[0])

    services.continue_destruction(batch=batch)

    kept = batch.items.get(document=forgotten[0])
    assert (kept.destroyed_at, kept.kept_reason) == (None, "Tidak lagi terhitung unggahan yang tidak dipakai")
    assert [is_on_disk(paper) for paper in forgotten] == [True, False]


def test_who_proposes_some_kinds_need_not_propose_the_uploads(forgotten, old, clerk):
    batch = services.propose_destruction(uploads=False, by=clerk)
    assert batch.items.get().document == evidence(old)


def test_the_monthly_job_proposes_forgotten_uploads(forgotten):
    jobs.propose_destruction()
    assert {item.document for item in DestructionBatch.objects.get().items.all()} == set(forgotten)


def test_a_surat_tugas_takes_what_it_was_printed_from_along(clerk, second, time_machine):
    """It names all cases of a session: kept beside the destroyed PDF it would tell what was to be forgotten."""
    time_machine.move_to(WEEK_BEFORE)
    planned = make_planned()
    session = planned.announce()
    letter = AssignmentLetter.objects.get(assessor=planned.bambang)
    assert "Siti Rahmawati" in letter.content
    keep_for(1, "surat-tugas-asesor")
    for row in letter.document.case_documents.all():
        ended(row.application, months=3)

    destroy(clerk, second)

    letter.refresh_from_db()
    letter.document.refresh_from_db()
    assert (letter.content, letter.document.is_destroyed) == ("", True)
    assert len(letter.sha256) == 64  # that there was one, and what was signed, can still be proven
    assert all(state.is_true for state in letter_states(session))  # nobody is asked to write it anew
