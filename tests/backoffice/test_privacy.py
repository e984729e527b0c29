"""Masa simpan, penahanan and permintaan data at the desk."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.documents.models import Document
from core.messaging.models import OutboxMessage
from core.policy.models import SystemPolicy
from core.privacy.models import DestructionBatch, LegalHold, PrivacyRequest
from core.privacy.services import approve_destruction, propose_destruction
from tests.backoffice.conftest import case_url, said
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.documents import jpeg_bytes, make_document
from tests.factories.privacy import evidence, keep_for, make_old_case, make_request

pytestmark = pytest.mark.django_db

DUE = "/admin/core/destructionbatch/jatuh-tempo/"


def url(name: str, *arguments) -> str:
    return reverse(f"admin:core_{name}", args=arguments)


@pytest.fixture
def second(sign_in):
    """Somebody else's browser."""
    return sign_in(make_user(role="administrator", full_name="Agus Salim"))


def test_without_a_retention_the_page_says_where_to_set_one(desk):
    page = desk.get(DUE).content.decode()
    assert "Belum ada jenis dokumen dengan masa simpan" in page
    assert "/admin/core/documenttype/" in page


def test_from_what_is_due_to_the_berita_acara(desk, second):
    kinds = keep_for(24, "ktp", "pasfoto")
    case = make_old_case()
    page = desk.get(DUE)
    assert {group.kind.code for group in page.context["groups"]} == {"ktp", "pasfoto"}
    answer = desk.post(DUE, {"jenis": [kinds[0].pk]})
    batch = DestructionBatch.objects.get()
    assert answer.url == url("destructionbatch_change", batch.pk)
    proposed = desk.get(answer.url).content.decode()
    assert "orang lain yang menyetujuinya" in proposed
    assert "Anda orang keduanya" not in proposed
    page = second.get(answer.url).content.decode()
    assert "Anda orang keduanya" in page
    assert case.number in page
    assert "Setujui dan musnahkan" in page
    asked = second.get(url("destructionbatch_act", batch.pk, "approve")).content.decode()
    assert "Ini tidak dapat dibatalkan." in asked
    assert Document.objects.filter(state="dimusnahkan").count() == 0  # looking does nothing
    answer = second.post(url("destructionbatch_act", batch.pk, "approve"))
    assert "1 dokumen dimusnahkan" in said(answer)
    gone = Document.objects.get(state="dimusnahkan")
    assert second.get(reverse("admin:document", args=[gone.public_id])).status_code == 410
    minutes = second.get(url("destructionbatch_minutes", batch.pk))
    assert minutes.getvalue()[:5] == b"%PDF-"
    assert "Dimusnahkan" in desk.get(f"/admin/core/document/{gone.pk}/change/").content.decode()
    assert 'bo-file-closed">Dimusnahkan' in desk.get(case_url(case)).content.decode()


def test_uploads_that_no_case_took_up_are_proposed_by_a_tick_of_their_own(desk):
    person = make_candidate().user
    upload = make_document(owner=person)
    Document.objects.filter(pk=upload.pk).update(created_at=timezone.now() - timedelta(days=400))
    assert "disimpan seterusnya; lamanya ditetapkan pada kebijakan" in desk.get(DUE).content.decode()
    SystemPolicy.objects.update(forgotten_upload_months=12)
    assert "Unggahan yang tidak dipakai" in desk.get(DUE).content.decode()

    desk.post(DUE, {"unggahan": "1"})

    assert DestructionBatch.objects.get().items.get().document == upload
    assert "Unggahan yang tidak dipakai" not in desk.get(DUE).content.decode()


def test_proposing_nothing_says_what_to_do(desk):
    keep_for(24, "ktp")
    make_old_case()
    answer = desk.post(DUE, {})
    assert answer.status_code == 422
    assert "Centang sedikitnya satu jenis" in answer.content.decode()


def test_papers_are_taken_out_of_a_proposal(desk, clerk):
    keep_for(24, "ktp")
    make_old_case()
    batch = propose_destruction(by=clerk)
    item = batch.items.get()
    answer = desk.post(url("destructionbatch_items", batch.pk), {"dokumen": [item.pk]})
    assert "1 dokumen dikeluarkan" in said(answer)
    assert batch.items.count() == 0
    page = desk.get(answer.url).content.decode()
    assert "Tidak ada dokumen lagi dalam usulan ini." in page


def test_an_interrupted_destruction_offers_to_go_on(desk, clerk, second):
    keep_for(24, "ktp")
    make_old_case()
    batch = propose_destruction(by=clerk)
    approve_destruction(batch=batch, by=make_user(role="administrator"))
    assert "Lanjutkan pemusnahan" in second.get(url("destructionbatch_change", batch.pk)).content.decode()
    assert "berita acara" in said(second.post(url("destructionbatch_act", batch.pk, "continue")))
    batch.refresh_from_db()
    assert batch.status == "dimusnahkan"


def test_whoever_may_be_the_second_person_finds_the_proposal_on_their_home_page(desk, second, sign_in, clerk):
    keep_for(24, "ktp")
    make_old_case()
    batch = propose_destruction(by=clerk)
    title = "Usulan pemusnahan menunggu keputusan"

    def line(client):
        return next((line for line in client.get("/admin/").context["work"] if line.title == title), None)

    assert line(desk) is None, "the proposer waits for somebody else"
    for client in (second, sign_in(make_user(role="sekretariat"))):
        found = line(client)
        assert (found.figure, found.tone) == (1, "warning")
        assert [row.pk for row in client.get(found.link).context["cl"].result_list] == [batch.pk]
    assert list(desk.get(found.link).context["cl"].result_list) == []

    approve_destruction(batch=batch, by=make_user(role="administrator"))
    assert (line(second).figure, line(second).note) == (0, "Tidak ada yang menunggu.")


def test_the_home_page_names_requests_with_their_deadline(desk):
    make_request()
    found = next(line for line in desk.get("/admin/").context["work"] if line.title.startswith("Permintaan data"))
    assert (found.figure, found.link) == (1, url("privacyrequest_changelist") + "?keadaan=terbuka")


def test_beside_batal_cancelling_a_proposal_says_so_plainly(desk, clerk):
    keep_for(24, "ktp")
    make_old_case()
    batch = propose_destruction(by=clerk)
    page = desk.get(url("destructionbatch_act", batch.pk, "cancel")).content.decode()
    assert ">Batal</a>" in page
    assert ">Ya, batalkan usulan</button>" in page


def test_bnsp_reads_what_was_destroyed_and_no_names(as_role, clerk):
    keep_for(24, "ktp")
    case = make_old_case(full_name="Siti Rahmawati")
    batch = propose_destruction(by=clerk)
    page = as_role("bnsp").get(url("destructionbatch_change", batch.pk)).content.decode()
    assert case.number in page
    assert "Siti" not in page
    assert "Setujui dan musnahkan" not in page


def test_a_case_is_held_from_its_own_page_and_let_go_again(desk):
    case = make_application(status="rejected")
    page = desk.get(case_url(case)).content.decode()
    assert "Kasus selesai" in page
    link = url("legalhold_add") + f"?jenis=application&acuan={case.number}"
    assert case.number in desk.get(link).content.decode()
    answer = desk.post(url("legalhold_add"), {"jenis": "application", "acuan": case.number, "reason": "Sengketa"})
    hold = LegalHold.objects.get()
    assert answer.url == url("legalhold_change", hold.pk)
    assert "Ditahan sejak" in desk.get(case_url(case)).content.decode()
    assert case.number in desk.get(url("legalhold_changelist")).content.decode()
    answer = desk.post(url("legalhold_change", hold.pk), {"reason": "Selesai"})
    hold.refresh_from_db()
    assert hold.lifted_at is not None
    assert "Lepas penahanan" not in desk.get(answer.url).content.decode()


def test_what_is_not_found_keeps_what_was_typed(desk):
    answer = desk.post(
        url("legalhold_add"), {"jenis": "person", "acuan": "siapa@contoh.id", "reason": "Audit internal"}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tidak ditemukan" in page
    assert "Audit internal" in page


def test_a_document_is_held_by_its_hash(desk):
    paper = evidence(make_old_case())
    page = desk.get(f"/admin/core/document/{paper.pk}/change/").content.decode()
    assert f"acuan={paper.public_id}" in page
    desk.post(url("legalhold_add"), {"jenis": "document", "acuan": paper.sha256, "reason": "Bukti"})
    assert LegalHold.objects.get().document == paper
    assert "Sedang ditahan" in desk.get(f"/admin/core/document/{paper.pk}/change/").content.decode()


def test_of_two_documents_with_the_same_content_the_one_that_was_looked_at_is_held(desk):
    meant, _other = (make_document(owner=make_user(role="asesi"), content=picture) for picture in [jpeg_bytes()] * 2)
    page = desk.get(url("document_change", meant.pk)).content.decode()
    assert f"?jenis=document&amp;acuan={meant.public_id}" in page

    refused = desk.post(url("legalhold_add"), {"jenis": "document", "acuan": meant.sha256, "reason": "Bukti"})
    assert "2 dokumen berisi sama" in refused.content.decode()
    desk.post(url("legalhold_add"), {"jenis": "document", "acuan": str(meant.public_id), "reason": "Bukti"})

    assert LegalHold.objects.get().document == meant


def test_requests_wait_in_the_order_of_their_deadlines(desk):
    first, later = make_request(), make_request(kind="perbaikan")
    page = desk.get(url("privacyrequest_changelist"), follow=True)
    assert [row.pk for row in page.context["cl"].result_list] == [first.pk, later.pk]
    assert "hari lagi" in page.content.decode()
    assert "Permintaan data pribadi" in desk.get("/admin/").content.decode()


def test_from_taking_a_request_to_its_answer(desk, clerk):
    row = make_request(person=make_candidate(full_name="Siti Rahmawati").user)
    page = desk.get(url("privacyrequest_change", row.pk)).content.decode()
    assert "Siti Rahmawati" in page
    assert "Mohon dibantu." in page
    desk.post(url("privacyrequest_act", row.pk, "take"))
    desk.post(url("privacyrequest_note", row.pk), {"text": "Cek arsip dahulu.", "simpan": "1"})
    desk.post(url("privacyrequest_note", row.pk), {"text": "Kami siapkan.", "kirim": "1"})
    assert list(row.notes.values_list("is_shared", flat=True)) == [False, True]
    answer = desk.post(url("privacyrequest_act", row.pk, "answer"), {"answer": ""})
    assert answer.status_code == 422
    answer = desk.post(url("privacyrequest_act", row.pk, "answer"), {"answer": "Salinan terlampir."})
    row.refresh_from_db()
    assert (row.status, row.answered_by) == ("dijawab", clerk)
    assert OutboxMessage.objects.filter(template_key="privacy-answered").count() == 1
    assert "Salinan terlampir." in desk.get(answer.url).content.decode()


def test_the_office_hands_out_a_copy(desk):
    row = make_request(person=make_candidate(full_name="Siti Rahmawati").user)
    answer = desk.post(url("privacyrequest_export", row.pk))
    archive = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    assert "Siti Rahmawati" in archive.read("ringkasan.html").decode()
    assert "no-store" in answer["Cache-Control"]


def test_an_erasure_tells_what_hinders_it_and_begins_the_refusal_with_that(desk):
    row = make_request(person=make_application(status="submitted").candidate.user, kind="penghapusan")
    page = desk.get(url("privacyrequest_change", row.pk)).content.decode()
    assert "Belum dapat dihapus, karena:" in page
    assert ">Usulkan penghapusan</button>" not in page
    assert "masih berjalan" in desk.get(url("privacyrequest_act", row.pk, "refuse")).content.decode()


def test_an_erasure_goes_through_two_hands(desk, second):
    person = make_candidate(full_name="Siti Rahmawati").user
    row = make_request(person=person, kind="penghapusan")
    page = desk.get(url("privacyrequest_change", row.pk)).content.decode()
    assert ">Usulkan penghapusan</button>" in page
    assert "catatan aktivitas tanpa nama" in page
    answer = desk.post(url("privacyrequest_erase", row.pk))
    batch = DestructionBatch.objects.get()
    assert answer.url == url("destructionbatch_change", batch.pk)
    assert "akunnya ditutup" in second.get(answer.url).content.decode()
    second.post(url("destructionbatch_act", batch.pk, "approve"))
    person.refresh_from_db()
    assert person.full_name == "Data dihapus"
    assert desk.get(url("privacyrequest_change", row.pk)).status_code == 200


def test_a_request_that_came_on_paper_is_written_down(desk, clerk):
    person = make_candidate().user
    page = desk.get(url("candidateprofile_change", person.candidate.pk)).content.decode()
    assert "Catat permintaan" in page
    answer = desk.post(url("privacyrequest_add"), {"email": "siapa@contoh.id", "kind": "salinan"})
    assert answer.status_code == 422
    assert "Tidak ada akun" in answer.content.decode()
    desk.post(url("privacyrequest_add"), {"email": person.email, "kind": "salinan", "words": "Surat 3 November"})
    assert PrivacyRequest.objects.get().recorded_by == clerk


def test_the_administrator_reads_requests_and_answers_none(second):
    row = make_request()
    page = second.get(url("privacyrequest_change", row.pk)).content.decode()
    assert "Kerjakan" not in page
    assert "Unduh semua datanya" not in page
    assert second.post(url("privacyrequest_export", row.pk)).status_code == 403
    assert second.post(url("privacyrequest_note", row.pk), {"text": "x"}).status_code == 403
