"""What people ask about their own data: taken in, answered in time, fulfilled or refused with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.accounts.models import User
from core.accounts.services import give_consent, needs_consent
from core.activity.models import ActivityEntry
from core.applications.models import Application, Submission
from core.applications.services import submit_application
from core.certificates.models import Certificate
from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentState
from core.messaging.models import OutboxMessage
from core.messaging.services import send_waiting, wipe_last_letters
from core.privacy import services
from core.privacy.own_data import own_documents
from core.privacy.rules import why_not_erase
from tests.factories.accounts import make_candidate, make_user, make_user_with_factor
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate
from tests.factories.documents import make_document
from tests.factories.privacy import ended, evidence, keep_for, make_old_case, make_request

pytestmark = pytest.mark.django_db

EVIDENCE = ("ktp", "pasfoto", "ijazah", "cv", "sertifikat-pelatihan", "surat-tugas", "bukti-kerja")


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Dewi Lestari")


@pytest.fixture
def second():
    return make_user(role="administrator")


def letters(person: User) -> list[str]:
    return list(OutboxMessage.objects.filter(recipient=person).order_by("pk").values_list("template_key", flat=True))


def refusal(act, **arguments) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act(**arguments)
    return refused.value


# --- taking in, answering ----------------------------------------------------------------------------


def test_the_clock_of_three_days_starts_when_the_request_arrives():
    request = make_request()
    assert request.due_at - request.received_at == timedelta(hours=72)
    assert request.number.startswith("PDP-")
    assert letters(request.person)[-1] == "privacy-received"


def test_from_request_to_answer(clerk):
    request = make_request(kind="perbaikan", words="Tempat lahir saya Ambon.")
    services.take_request(request=request, by=clerk)
    services.answer_request(request=request, answer="Sudah kami perbaiki.", by=clerk)
    request.refresh_from_db()
    assert (request.status, request.handler, request.answered_by) == ("dijawab", clerk, clerk)
    assert "Sudah kami perbaiki." in OutboxMessage.objects.get(template_key="privacy-answered").body
    acts = ActivityEntry.objects.filter(code__startswith="privacy.").order_by("pk")
    assert [entry.code for entry in acts] == ["privacy.request", "privacy.take", "privacy.answer"]
    assert "Ambon" not in str(list(acts.values_list("data", flat=True)))


def test_a_refusal_needs_words_and_tells_them(clerk):
    request = make_request()
    assert refusal(services.refuse_request, request=request, reason=" ", by=clerk).field == "answer"
    services.refuse_request(request=request, reason="Data orang lain ikut terbuka (Pasal 33).", by=clerk)
    assert "Pasal 33" in OutboxMessage.objects.get(template_key="privacy-refused").body
    assert "Hanya" not in refusal(services.answer_request, request=request, answer="Ya", by=clerk).message


def test_one_request_of_each_kind_at_a_time():
    request = make_request()
    again = refusal(services.open_request, person=request.person, kind="salinan", by=request.person)
    assert request.number in again.message
    services.cancel_request(request=request, by=request.person)
    assert make_request(person=request.person).number != request.number


def test_a_correction_says_what_is_wrong():
    person = make_user(role="asesi")
    assert refusal(services.open_request, person=person, kind="perbaikan", by=person).field == "words"


def test_an_officer_writes_down_what_came_by_letter_and_nobody_else_does(clerk):
    person = make_user(role="asesi")
    request = services.open_request(person=person, kind="salinan", words="Surat 12 November", by=clerk)
    assert request.recorded_by == clerk
    stranger = make_user(role="asesi")
    assert refusal(services.open_request, person=person, kind="perbaikan", words="x", by=stranger).code.endswith(
        "forbidden"
    )


def test_nobody_answers_their_own_request_or_without_the_right(clerk, second):
    request = make_request(person=clerk)
    assert "permintaan Anda sendiri" in refusal(services.answer_request, request=request, answer="Ya", by=clerk).message
    assert "tidak berhak" in refusal(services.take_request, request=request, by=second).message


def test_the_thread_is_internal_unless_it_is_shared(clerk):
    request = make_request()
    services.add_note(request=request, text="Sudah dicek ke arsip.", by=clerk)
    assert letters(request.person)[-1] == "privacy-received"
    services.add_note(request=request, text="Kolom mana yang keliru?", is_shared=True, by=clerk)
    assert letters(request.person)[-1] == "privacy-note"
    services.add_note(request=request, text="Tempat lahir.", by=request.person)
    assert list(request.notes.values_list("is_shared", flat=True)) == [False, True, True]
    services.refuse_request(request=request, reason="Sudah dijawab.", by=clerk)
    assert refusal(services.add_note, request=request, text="Lagi", by=request.person).code == "add_note.closed"


# --- withdrawing consent --------------------------------------------------------------------------------


def test_withdrawing_consent_ends_running_applications_and_then_all_processing(clerk):
    case = make_application(status="submitted")
    person = case.candidate.user
    request = make_request(person=person, kind="penarikan")
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert needs_consent(person) is None  # in force until the LSP has answered
    services.answer_request(request=request, answer="Persetujuan Anda kami tarik.", by=clerk)
    text = needs_consent(person)
    assert text is not None
    give_consent(user=person, text=text)
    assert needs_consent(person) is None


def test_consent_is_not_withdrawn_while_a_case_rests_on_it(clerk):
    case = make_application(status="competent")
    request = make_request(person=case.candidate.user, kind="penarikan")
    assert case.number in refusal(services.answer_request, request=request, answer="Ya", by=clerk).message


# --- erasing ----------------------------------------------------------------------------------------------


def erase(request, clerk, second):
    batch = services.propose_erasure(request=request, by=clerk)
    services.approve_destruction(batch=batch, by=second)
    services.continue_destruction(batch=batch)
    request.refresh_from_db()
    return batch


def test_what_must_be_kept_is_told_with_its_reason(clerk):
    running = make_application(status="submitted").candidate.user
    assert "masih berjalan" in why_not_erase(running)[0]
    holder = lay_certificate(days_left=100).holder
    assert "berlaku sampai" in why_not_erase(holder)[0]
    closed = make_application(status="rejected").candidate.user
    from core.applications.filing import refile_evidence

    refile_evidence(Application.objects.get(candidate__user=closed), by=None)
    assert any("disimpan seterusnya" in why and "KTP" in why for why in why_not_erase(closed))
    held = make_candidate().user
    assert why_not_erase(held) == []
    services.place_hold(person=held, reason="Pemeriksaan", by=clerk)
    assert "ditahan" in why_not_erase(held)[0]
    assert "petugas" in why_not_erase(clerk)[0]


def test_an_erasure_is_never_fulfilled_by_words_or_by_one_person(clerk):
    request = make_request(person=make_candidate().user, kind="penghapusan")
    assert "orang kedua" in refusal(services.answer_request, request=request, answer="Ya", by=clerk).message
    batch = services.propose_erasure(request=request, by=clerk)
    assert "orang lain" in refusal(services.approve_destruction, batch=batch, by=clerk).message
    assert "menunggu orang kedua" in refusal(services.propose_erasure, request=request, by=clerk).message
    assert "menunggu orang kedua" in refusal(services.refuse_request, request=request, reason="x", by=clerk).message


def test_somebody_without_cases_is_forgotten_wholly(clerk, second):
    phone = make_user_with_factor(role="asesi", email="siti@contoh.id", full_name="Siti Rahmawati")
    person = phone.user
    paper = make_document(owner=person, file_name="KTP Siti Rahmawati.jpg")
    draft = make_application(status="draft", full_name="Siti Rahmawati")
    Application.objects.filter(pk=draft.pk).update(candidate=person.candidate)
    request = make_request(person=person, kind="penghapusan", words="Saya, Siti, minta dihapus.")
    erase(request, clerk, second)
    person.refresh_from_db()
    paper.refresh_from_db()
    draft.refresh_from_db()
    assert (person.full_name, person.is_active, person.has_usable_password()) == ("Data dihapus", False, False)
    assert not User.objects.filter(email__contains="siti").exists()
    assert not person.name_words.filter(word="siti").exists()
    assert not person.totpdevice_set.exists()
    assert (paper.is_destroyed, paper.file_name) == (True, "dokumen.jpg")
    assert not paper.file.storage.exists(paper.file.name)
    assert draft.status == "withdrawn"
    assert (request.status, request.words) == ("dijawab", "")
    last = OutboxMessage.objects.get(template_key="privacy-erased")
    assert last.address == "siti@contoh.id"
    assert "catatan aktivitas tanpa nama" in last.body
    send_waiting()
    assert wipe_last_letters() == 1
    assert not OutboxMessage.objects.filter(address="siti@contoh.id").exists()
    assert not OutboxMessage.objects.filter(body__contains="Siti").exists()


@pytest.mark.parametrize("kind", ["unduhan-portal", "daftar-hadir", "sk-kelulusan"])
def test_a_former_colleague_neither_takes_the_papers_of_the_office_along_nor_gets_them(clerk, second, kind):
    """They bear the name of whoever made them out: a regulation on the portal, a list with the names of others."""
    person = make_candidate().user
    office, own = make_document(owner=person, kind=kind), make_document(owner=person)

    assert set(own_documents(person)) == {own}
    erase(make_request(person=person, kind="penghapusan"), clerk, second)

    office.refresh_from_db()
    own.refresh_from_db()
    assert (office.is_destroyed, own.is_destroyed) == (False, True)


def test_somebody_whose_papers_are_past_retention_is_forgotten_and_the_case_stays_without_them(clerk, second):
    keep_for(24, *EVIDENCE)
    case = make_old_case(full_name="Siti Rahmawati")
    person, nik = case.candidate.user, case.candidate.nik
    signed = Submission.objects.get(application=case).sha256
    erase(make_request(person=person, kind="penghapusan"), clerk, second)
    case = Application.objects.get(pk=case.pk)
    submission = case.submissions.get()
    assert submission.sha256 == signed
    assert submission.erased_at is not None
    words = str(submission.snapshot)
    assert "Siti" not in words
    assert nik not in words
    assert case.candidate.nik == ""
    assert case.candidate.nik_hash is None
    assert case.candidate.home_region is None
    assert submission.signature.signer_name == "Data dihapus"
    assert Document.objects.filter(owner=person, state="bersih").count() == 0
    assert case.number
    assert case.scheme_version_id


def test_the_screens_of_a_forgotten_case_still_open(clerk, second, client):
    keep_for(24, *EVIDENCE)
    case = make_old_case(full_name="Siti Rahmawati")
    erase(make_request(person=case.candidate.user, kind="penghapusan"), clerk, second)
    client.force_login(clerk)
    page = client.get(f"/admin/core/application/{case.pk}/change/")
    assert page.status_code == 200
    assert "Siti" not in page.content.decode()
    assert client.get(f"/admin/core/candidateprofile/{case.candidate_id}/change/").status_code == 200


def test_the_register_of_certificates_outlives_an_erasure(clerk, second):
    keep_for(24, *EVIDENCE)
    certificate = lay_certificate(days_left=-400, full_name="Siti Rahmawati")
    ended(certificate.application, months=40)
    from core.applications.filing import refile_evidence

    refile_evidence(certificate.application, by=None)
    request = make_request(person=certificate.holder, kind="penghapusan")
    erase(request, clerk, second)
    assert Certificate.objects.get(pk=certificate.pk).holder_name == "Siti Rahmawati"
    assert "register sertifikat" in OutboxMessage.objects.get(template_key="privacy-erased").body


def test_who_changes_their_mind_before_the_approval_keeps_everything(clerk, second):
    person = make_candidate(full_name="Siti Rahmawati").user
    request = make_request(person=person, kind="penghapusan")
    batch = services.propose_erasure(request=request, by=clerk)
    services.cancel_request(request=request, by=person)
    batch.refresh_from_db()
    assert batch.status == "batal"
    assert "tidak dapat dilakukan" in refusal(services.approve_destruction, batch=batch, by=second).message


def test_an_erasure_that_was_killed_half_way_goes_on(clerk, second, monkeypatch):
    from core.privacy.services import destruction

    person = make_candidate(full_name="Siti Rahmawati").user
    make_document(owner=person)
    request = make_request(person=person, kind="penghapusan")
    batch = services.propose_erasure(request=request, by=clerk)
    services.approve_destruction(batch=batch, by=second)

    def killed(**_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr(destruction, "conclude_erasure", killed)
        with pytest.raises(KeyboardInterrupt):
            services.continue_destruction(batch=batch)
    person.refresh_from_db()
    assert person.full_name == "Siti Rahmawati"  # all of it, or none
    assert services.continue_all_destructions() == 1
    person.refresh_from_db()
    assert person.full_name == "Data dihapus"


def test_a_new_application_stops_an_erasure_that_was_proposed(clerk, second):
    case = make_application(status="ready")
    request = make_request(person=case.candidate.user, kind="penghapusan")
    batch = services.propose_erasure(request=request, by=clerk)
    submit_application(application=case, by=case.candidate.user)
    assert "masih berjalan" in refusal(services.approve_destruction, batch=batch, by=second).message


@pytest.mark.parametrize("what", ["hold", "paper", "case"])
def test_what_came_up_after_the_approval_keeps_the_person(clerk, second, what):
    case = make_application(status="ready", full_name="Siti Rahmawati")
    person = case.candidate.user
    request = make_request(person=person, kind="penghapusan")
    batch = services.propose_erasure(request=request, by=clerk)
    services.approve_destruction(batch=batch, by=second)
    if what == "hold":
        services.place_hold(person=person, reason="Sengketa", by=clerk)
    elif what == "paper":
        make_document(owner=person)
    else:
        submit_application(application=case, by=person)
    services.continue_destruction(batch=batch)
    person.refresh_from_db()
    request.refresh_from_db()
    assert (person.full_name, person.is_active) == ("Siti Rahmawati", True)
    assert request.is_open
    assert "belum dihapus" in request.notes.get().text
    assert not OutboxMessage.objects.filter(template_key="privacy-erased").exists()
    if what == "case":
        assert not Document.objects.filter(requirement_evidence__application=case, destroyed_at__isnull=False).exists()


def test_a_paper_that_came_after_the_proposal_is_not_forgotten_behind_it(clerk, second):
    request = make_request(person=make_candidate().user, kind="penghapusan")
    batch = services.propose_erasure(request=request, by=clerk)
    late = make_document(owner=request.person)
    assert late.document_type.title in refusal(services.approve_destruction, batch=batch, by=second).message
    services.cancel_destruction(batch=batch, by=clerk)
    erase(request, clerk, second)
    late.refresh_from_db()
    assert late.is_destroyed


def test_a_paper_that_the_virus_scanner_refused_keeps_nobody_from_being_forgotten(clerk, second):
    keep_for(24, *EVIDENCE)
    case = make_old_case()
    Document.objects.filter(pk=evidence(case).pk).update(state=DocumentState.REFUSED)
    assert why_not_erase(case.candidate.user) == []
    erase(make_request(person=case.candidate.user, kind="penghapusan"), clerk, second)
    assert evidence(case).is_destroyed


def test_an_erasure_names_the_running_list_that_has_its_papers(clerk, second):
    keep_for(24, *EVIDENCE)
    case = make_old_case()
    batch = services.propose_destruction(by=clerk)
    request = make_request(person=case.candidate.user, kind="penghapusan")
    assert str(batch) in refusal(services.propose_erasure, request=request, by=clerk).message
    services.cancel_destruction(batch=batch, by=clerk)
    erase(request, clerk, second)
    assert request.status == "dijawab"


def test_late_is_told(clerk):
    request = make_request()
    assert not request.is_late
    request.due_at = timezone.now() - timedelta(minutes=1)
    assert request.is_late
    services.answer_request(request=request, answer="Ya", by=clerk)
    request.refresh_from_db()
    assert not request.is_late
