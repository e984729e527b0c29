"""“Berkas kasus”: what each reader sees, how papers come in with and without JavaScript, and the ZIP."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.models import CaseDocument
from core.documents.models import Document
from tests.backoffice.conftest import said
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case
from tests.factories.documents import jpeg_bytes, pdf_bytes
from tests.factories.forms import CHECKLIST, make_paper

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return make_application(status="accepted")


def address(case, page="file"):
    return reverse(f"admin:core_application_{page}", args=[case.pk])


def upload(name, content=None):
    return SimpleUploadedFile(name, content or jpeg_bytes())


def filed(case, kind):
    return case.case_documents.filter(document__document_type__code=kind, is_current=True)


def ktp_of(case):
    return case.requirement_evidence.get(requirement__title="KTP").documents.get()


# --- what is seen -----------------------------------------------------------------------------------------


def test_the_page_says_what_lacks_and_leads_to_each_paper(desk, case):
    case.requirement_evidence.get(requirement__title="KTP").documents.clear()
    case.case_documents.filter(document__document_type__code="ktp").delete()

    page = desk.get(address(case)).content.decode()

    assert "Kurang 1 dokumen" in page
    assert re.search(r'<a href="#syarat-\d+">KTP</a>', page)
    assert "dibuat saat dibuka" in page
    ijazah = case.requirement_evidence.get(requirement__document_type__code="ijazah").documents.get()
    assert reverse("admin:document", args=[ijazah.public_id]) in page
    assert reverse("admin:core_application_form", args=[case.pk, 1, "fr-apl-01"]) in page


def test_both_papers_of_the_plenary_lie_in_the_file_of_whoever_passed(desk):
    case = make_case("certified").application
    plenary = case.decisions.get().plenary
    plenary.letter_number = "001/SK/LSP-BNPB/XI/2026"
    plenary.save()

    page = desk.get(address(case)).content.decode()

    for name in ("minutes", "letter"):
        assert reverse(f"admin:core_plenary_{name}", args=[plenary.pk]) in page


def test_the_case_leads_to_its_file_and_the_file_to_its_case(desk, case):
    assert address(case) in desk.get(reverse("admin:core_application_change", args=[case.pk])).content.decode()
    assert reverse("admin:core_application_change", args=[case.pk]) in desk.get(address(case)).content.decode()


def test_looking_at_the_list_opens_nothing(desk, case):
    desk.get(address(case))
    assert not ActivityEntry.objects.filter(code="document.view").exists()


@pytest.mark.parametrize("role", ["bnsp", "administrator"])
def test_those_who_only_read_get_no_way_to_add(as_role, case, role):
    page = as_role(role).get(address(case)).content.decode()
    assert "Tambah dokumen" not in page
    assert "Keluarkan dari berkas" not in page
    assert ("Unduh semua (ZIP)" in page) == (role == "administrator")


def test_readers_from_outside_see_that_an_identity_paper_is_there_but_neither_it_nor_its_name(as_role, case):
    Document.objects.filter(pk=ktp_of(case).pk).update(file_name="3171012345678901.jpg")
    page = as_role("bnsp").get(address(case)).content.decode()
    assert str(ktp_of(case).public_id) not in page
    assert "3171012345678901" not in page
    assert "KTP" in page


def test_the_assessor_of_the_case_adds_scans_of_its_forms_and_nothing_else(sign_in):
    case = make_case("assessed")
    form = make_paper(*CHECKLIST, case=case, kind="fr-ia-01")
    client = sign_in(case.assessor.user)
    page = client.get(address(case.application)).content.decode()
    assert 'value="fr-ia-01"' in page
    assert 'value="ktp"' not in page

    client.post(address(case.application), {"files": upload("ktp.jpg")})
    assert not case.application.case_documents.filter(is_added_by_desk=True).exists()

    client.post(address(case.application), {"files": upload("FR.IA.01 scan.jpg")})
    form.refresh_from_db()
    assert form.status == "pindaian"


def test_the_page_costs_the_same_for_few_and_many_papers(desk, case):
    def cost():
        with CaptureQueriesContext(connection) as spent:
            desk.get(address(case))
        return len(spent)

    cost()
    few = cost()
    for number in range(12):
        desk.post(address(case), {"files": upload(f"laporan {number}.jpg"), "beside": "1"})
    assert filed(case, "bukti-kerja").count() >= 12
    assert cost() <= few <= 45


# --- what comes in ------------------------------------------------------------------------------------------


def test_many_files_without_javascript_each_by_its_name_and_the_failed_ones_named(desk, case):
    old = ktp_of(case)
    answer = desk.post(
        address(case),
        {
            "files": [
                upload("KTP_baru.jpg"),
                upload("Laporan kegiatan.pdf", pdf_bytes()),
                upload("IMG_1.jpg"),
                upload("ijazah.jpg", b"x"),
            ]
        },
    )
    words = said(answer)
    assert "KTP_baru.jpg: Tersimpan sebagai KTP." in words
    assert "IMG_1.jpg: Jenisnya tidak dikenali" in words
    assert "ijazah.jpg: Jenis berkas ini tidak dapat dibaca" in words
    assert filed(case, "bukti-kerja").count() == 1
    assert not case.case_documents.get(document=old).is_current
    assert "1 edisi sebelumnya" in desk.get(address(case)).content.decode()


def test_one_kind_and_one_day_for_all_chosen_files(desk, case):
    day = timezone.localdate() + timedelta(days=90)
    desk.post(address(case), {"files": upload("IMG_2.jpg"), "kind": "bukti-kerja", "valid_until": day.isoformat()})
    assert filed(case, "bukti-kerja").get().document.valid_until == day


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Pilih berkas dahulu"),
        ({"kind": "tidak-ada"}, "tidak dipakai lagi"),
        ({"valid_until": "kapan-kapan"}, "tidak terbaca"),
    ],
)
def test_what_cannot_be_read_is_told_and_nothing_kept(desk, case, data, words):
    before = CaseDocument.objects.count()
    files = {"files": upload("laporan.jpg")} if data else {}
    assert words in said(desk.post(address(case), {**data, **files}))
    assert CaseDocument.objects.count() == before


def test_the_page_itself_sends_file_by_file_and_hears_what_became_of_each(desk, case):
    picture = jpeg_bytes()

    def send(name, **more):
        answer = desk.post(
            address(case), {"files": upload(name, picture), **more}, headers={"accept": "application/json"}
        )
        [told] = answer.json()["files"]
        return told

    assert send("a.jpg", kind="bukti-kerja") == {
        "name": "a.jpg",
        "ok": True,
        "text": "Tersimpan sebagai Bukti hasil kerja.",
    }
    assert send("a.jpg", kind="bukti-kerja")["text"] == "Sudah ada di berkas sebagai Bukti hasil kerja."
    assert not send("a.jpg")["ok"]
    assert not send("a.jpg", kind="nihil")["ok"]
    assert filed(case, "bukti-kerja").count() == 1


def test_names_are_recognised_while_files_are_chosen(desk, case):
    answer = desk.post(address(case), {"name": ["KTP.jpg", "IMG_9.jpg"]})
    assert answer.json() == {"KTP.jpg": "ktp", "IMG_9.jpg": ""}


# --- changing -----------------------------------------------------------------------------------------------


def test_a_paper_added_by_mistake_is_taken_out_and_the_older_one_counts_again(desk, case):
    old = ktp_of(case)
    desk.post(address(case), {"files": upload("ktp.jpg")})
    new = filed(case, "ktp").get().document

    desk.post(address(case, "file_take_out"), {"document": new.public_id})

    assert filed(case, "ktp").get().document == old
    refused = desk.post(address(case, "file_take_out"), {"document": old.public_id})
    assert "ditambahkan LSP" in said(refused)


def test_the_day_until_which_a_paper_counts_is_stated_and_taken_back(desk, case):
    day = timezone.localdate() - timedelta(days=1)
    desk.post(address(case, "file_validity"), {"document": ktp_of(case).public_id, "valid_until": day.isoformat()})
    assert ktp_of(case).valid_until == day
    assert "Kedaluwarsa" in desk.get(address(case)).content.decode()

    desk.post(address(case, "file_validity"), {"document": ktp_of(case).public_id, "valid_until": ""})
    assert ktp_of(case).valid_until is None


# --- all at once --------------------------------------------------------------------------------------------


def test_the_whole_file_comes_as_one_zip(desk, case):
    answer = desk.post(address(case, "file_bundle"))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}.zip"'
    assert f"{case.number}/SHA256SUMS" in archive.namelist()


def test_a_file_of_another_assessors_case_does_not_exist(sign_in, case):
    client = sign_in(make_user(role="asesor"))
    assert client.get(address(case)).status_code == 404
