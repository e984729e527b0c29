"""An institution on the portal: in by a letter and the secretariat's look, a file checked whole, people followed."""

import io
import json
import re
import zipfile
from functools import partial

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.accounts.models import User
from core.activity.labels import who
from core.activity.services import record_activity
from core.codelists.models import CodeListEntry
from core.imports.models import ImportRun
from core.inquiries.models import Ticket
from core.inquiries.queries import topics_of
from core.institutions import services
from core.institutions.models import Institution, Invitation
from core.institutions.services import mark_opened, refuse_institution
from core.messaging.models import OutboxMessage
from core.privacy.models import PrivacyRequest
from public_site.forms.guard import new_stamp
from tests.factories.accounts import make_candidate, make_user
from tests.factories.institutions import (
    link_of,
    make_batch,
    make_invitation,
    make_officer,
    make_upload,
    people_csv,
    person_row,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db) -> User:
    return make_officer(full_name="Sri Wahyuni")


@pytest.fixture
def desk(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def words(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def file_of(content: bytes, name: str = "pegawai.csv") -> dict:
    return {"file": SimpleUploadedFile(name, content)}


FORM = {
    "name": "BPBD Kabupaten Lumajang",
    "region": "3508",
    "address": "Jalan Merdeka 1",
    "postal_code": "67316",
    "contact_phone": "0334 881234",
    "full_name": "Sri Wahyuni",
    "email": "hr@bpbd.contoh.id",
    "consent": "on",
}


def form(**values) -> dict:
    kind = CodeListEntry.objects.get(code_list__code="jenis_instansi", title="BPBD kabupaten/kota")
    return FORM | {"kind": kind.pk} | values


# --- getting in -------------------------------------------------------------------------------------------


def test_the_page_for_institutions_says_how_and_leads_on(client):
    page = words(client.get("/instansi/"))

    assert "Daftarkan pegawai Anda sekaligus" in page
    assert 'href="/instansi/daftar/"' in page
    assert "/instansi/" in words(client.get("/"))  # from the menu at the foot


def test_an_officer_registers_confirms_and_waits(client):
    answer = client.post("/instansi/daftar/", form())

    assert answer.url == "/daftar/terkirim/"
    letter = OutboxMessage.objects.get(address="hr@bpbd.contoh.id")
    path = re.search(r"(/konfirmasi/\S+)", letter.body)[1]
    answer = client.post(path, {"password": "lumajang-siaga-2026"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/instansi/meja/"
    page = words(answer)
    assert "Menunggu sekretariat" in page
    assert "Unggah daftar orang" not in page
    assert client.get("/instansi/pendaftaran/").url == "/instansi/meja/"
    institution = Institution.objects.get()
    assert (institution.contact_name, institution.contact_phone) == ("Sri Wahyuni", "+62334881234")


def test_every_missing_field_is_said_at_once_and_nothing_is_lost(client):
    page = words(client.post("/instansi/daftar/", form(name="", email="hr@", contact_phone="abc", consent="")))

    for sentence in ("Nama instansi:", "Alamat e-mail ini tidak lengkap", "Nomor telepon hanya angka", "Centang"):
        assert sentence in page
    assert 'value="Jalan Merdeka 1"' in page


def test_known_and_unknown_addresses_get_the_same_answer(client):
    make_user(role="asesi", email="lama@contoh.id")

    pages = [
        words(client.post("/instansi/daftar/", form(email=email), follow=True)).replace(email, "x")
        for email in ("lama@contoh.id", "baru@contoh.id")
    ]

    assert pages[0] == pages[1]
    assert Institution.objects.count() == 1


def test_a_refused_institution_reads_why_and_asks_again(desk, officer):
    institution = officer.officer.institution
    Institution.objects.filter(pk=institution.pk).update(status="menunggu")
    refuse_institution(institution=institution, reason="Nama belum lengkap.", by=make_user(role="sekretariat"))

    assert "Nama belum lengkap." in words(desk.get("/instansi/meja/"))
    kept = {name: value for name, value in form().items() if name not in ("full_name", "email", "consent")}
    answer = desk.post("/instansi/data/", kept | {"contact_name": "Sri Wahyuni"}, follow=True)

    assert "Diajukan lagi" in words(answer)
    institution.refresh_from_db()
    assert (institution.name, institution.status) == ("BPBD Kabupaten Lumajang", "menunggu")


def test_an_approved_institution_cannot_change_under_which_name_it_is_seen(desk, officer):
    before = officer.officer.institution.name

    assert 'name="name"' not in words(desk.get("/instansi/data/"))
    desk.post(
        "/instansi/data/",
        {"name": "Kantor lain", "address": "Baru 1", "contact_name": "A", "contact_phone": "0334 881234"},
    )

    assert Institution.objects.get().name == before
    assert Institution.objects.get().address == "Baru 1"


def test_officers_have_the_safety_of_their_account_and_log_in_to_their_desk(client):
    officer = make_officer(email="hr@contoh.id", password="lumajang-siaga-2026")

    answer = client.post("/masuk/", {"username": "hr@contoh.id", "password": "lumajang-siaga-2026"})

    assert answer.url == "/instansi/meja/"
    assert client.get("/akun/").url == "/instansi/meja/"
    assert client.get("/akun/keamanan/").status_code == 200
    assert client.get("/akun/keamanan/faktor-kedua/").status_code == 200
    assert officer.officer.institution.name in words(client.get("/instansi/meja/"))


def test_an_officer_is_asked_for_consent_like_a_candidate(client):
    officer = make_officer()
    officer.consents.all().delete()
    client.force_login(officer)

    assert client.get("/instansi/meja/").url == "/persetujuan/?next=/instansi/meja/"
    assert client.post("/persetujuan/", {"agreed": "1", "next": "/instansi/meja/"}).url == "/instansi/meja/"


# --- the file ---------------------------------------------------------------------------------------------


def test_the_template_is_a_workbook_and_a_csv(desk):
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/instansi/pendaftaran/templat/xlsx/").content))
    assert "Petunjuk" in book.sheetnames
    assert b"E-mail" in desk.get("/instansi/pendaftaran/templat/csv/").content
    assert desk.get("/instansi/pendaftaran/templat/pdf/").status_code == 404


def test_a_file_is_shown_before_anything_is_sent_and_sent_after_a_tick(desk):
    answer = desk.post("/instansi/pendaftaran/", file_of(people_csv(person_row("Budi"), person_row("Citra"))))
    page = words(desk.get(answer.url))
    assert "Kirim undangan kepada 2 orang" in page
    assert not Invitation.objects.exists()

    assert "Beri tahu mereka dahulu" in words(desk.post(answer.url, {}))
    assert not Invitation.objects.exists()
    sent = desk.post(answer.url, {"knows": "on"}, follow=True)

    assert "2 undangan sedang dikirim" in words(sent)
    assert desk.get(answer.url).url == sent.redirect_chain[-1][0]  # opened again: its batch
    assert desk.post(answer.url, {"knows": "on"}).url == sent.redirect_chain[-1][0]  # pressed twice
    assert Invitation.objects.count() == 2


def test_faults_are_listed_and_the_marked_file_comes_back(desk):
    answer = desk.post(
        "/instansi/pendaftaran/", file_of(people_csv(person_row("Budi"), person_row("", "x@", scheme="X")))
    )
    page = words(desk.get(answer.url))

    assert "Alamat e-mail tidak lengkap" in page
    assert "Skema ini tidak dikenal" in page
    assert "Undang 1 orang yang sudah benar" in page
    marked = desk.get(f"{answer.url}kesalahan/")
    assert marked["Content-Disposition"] == 'attachment; filename="pegawai-kesalahan.csv"'
    assert "Skema ini tidak dikenal" in marked.content.decode()

    refused = desk.post(answer.url, {"knows": "on"})  # without saying that the faults are left out
    assert "Masih ada baris yang salah" in words(refused)
    assert desk.post(answer.url, {"knows": "on", "yang-benar": "1"}).status_code == 302
    assert Invitation.objects.get().full_name == "Budi"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04x", b"Nama;NIK\nBudi;3508010101900001\n"])
def test_a_file_that_cannot_be_taken_says_why_beside_the_field(desk, content):
    page = desk.post("/instansi/pendaftaran/", file_of(content))

    assert page.status_code == 200
    assert "field__error" in page.content.decode()
    assert not ImportRun.objects.exists()


def test_what_a_file_says_is_only_text(desk):
    run = make_upload(person_row("<script>alert(1)</script>"), person_row(email="<b>x"), officer=desk_officer(desk))

    assert "<script>alert" not in words(desk.get(f"/instansi/pendaftaran/{run.pk}/"))
    assert "<b>x" not in words(desk.get(f"/instansi/pendaftaran/{run.pk}/"))


def desk_officer(desk: Client) -> User:
    return User.objects.get(pk=desk.session["_auth_user_id"])


# --- following --------------------------------------------------------------------------------------------


def test_progress_stands_in_counts_and_narrows_the_list(desk, officer):
    batch = make_batch(person_row("Budi"), person_row("Citra"), officer=officer)
    mark_opened(batch.invitations.get(full_name="Citra"))

    page = words(desk.get(f"/instansi/rombongan/{batch.pk}/"))
    assert "Diundang" in page
    assert "Tautan dibuka" in page
    only = words(desk.get(f"/instansi/rombongan/{batch.pk}/?tahap=dibuka"))
    assert "Citra" in only
    assert "Budi" not in only
    assert desk.get(f"/instansi/rombongan/{batch.pk}/?tahap=<x>").status_code == 200
    assert batch.number in words(desk.get("/instansi/meja/"))


def test_an_invitation_is_sent_again_corrected_and_taken_back(desk, officer):
    invitation = make_invitation(officer=officer, email="budi@contih.id")
    address = f"/instansi/undangan/{invitation.pk}/"

    assert "Surat baru saja dikirim" in words(desk.get(address))
    assert "Surat baru saja dikirim" in words(desk.post(address, {"ulang": "1"}, follow=True))
    assert "tidak lengkap" in words(desk.post(address, {"perbaiki": "1", "email": "budi@"}))
    assert "Alamat diperbaiki" in words(desk.post(address, {"perbaiki": "1", "email": "budi@contoh.id"}, follow=True))
    assert "Undangan ditarik" in words(desk.post(address, {"tarik": "1"}, follow=True))
    assert "Tarik undangan" not in words(desk.get(address))


def test_everybody_who_has_not_answered_gets_the_letter_again(desk, officer):
    batch = make_batch(officer=officer)
    address = f"/instansi/rombongan/{batch.pk}/"
    assert "Tidak ada yang dapat dikirimi lagi" in words(desk.post(address, follow=True))
    Invitation.objects.update(sent_at="2026-11-01T08:00Z")

    assert "2 surat dikirim ulang" in words(desk.post(address, follow=True))
    assert OutboxMessage.objects.filter(template_key="institution-invitation").count() == 4


# --- the invited person -------------------------------------------------------------------------------------

ANSWER = {"full_name": "Budi Santoso", "password": "ambon-manise-2026", "consent": "on", "terima": "1"}


def test_the_link_begins_an_account_and_the_application(client):
    invitation = make_invitation(name="Budi S.", position="Analis")
    path = link_of(invitation)

    page = words(client.get(path))
    assert invitation.institution.name in page
    assert 'value="Budi S."' in page
    invitation.refresh_from_db()
    assert invitation.status == "dibuka"
    answer = client.post(path, ANSWER, follow=True)

    assert "Permohonan Anda sudah dibuka" in words(answer)
    person = User.objects.get(email=invitation.email)
    assert person.candidate.job_title == "Analis"
    assert client.get(path).url == f"/permohonan/{person.candidate.applications.get().reference}/"  # opened once more
    assert Client().get(path).status_code == 410


def test_without_consent_or_a_good_password_nothing_begins(client):
    path = link_of(make_invitation())

    page = words(client.post(path, ANSWER | {"consent": "", "password": "pendek"}))

    assert "Centang persetujuan data pribadi" in page
    assert not User.objects.filter(groups__name="asesi").exists()


def test_who_has_an_account_logs_in_and_accepts_with_one_press(client):
    person = make_candidate().user
    path = link_of(make_invitation(email=person.email))

    page = words(client.get(path))
    assert f'href="/masuk/?next={path}"' in page
    assert 'name="password"' not in page
    client.force_login(person)
    assert "Terima dan mulai" in words(client.get(path))
    assert client.post(path, {"terima": "1", "shares_result": "on"}).url.startswith("/permohonan/")
    assert Invitation.objects.get().shares_result


@pytest.mark.parametrize("role", ["asesor", "instansi"])
def test_an_account_of_another_kind_is_told_so(client, role):
    path = link_of(make_invitation(email=make_user(role=role).email))

    assert "bukan akun asesi" in words(client.get(path))
    assert client.post(path, ANSWER).status_code == 200
    assert Invitation.objects.get().status == "dibuka"


def test_somebody_elses_account_cannot_take_the_invitation(client):
    path = link_of(make_invitation())
    client.force_login(make_candidate().user)

    assert "Anda masuk dengan akun lain" in words(client.get(path))


def test_declining_is_one_press(client):
    path = link_of(make_invitation(email="budi@contoh.id"))

    assert "Undangan ditolak" in words(client.post(path, {"tolak": "1"}))
    assert client.get(path).status_code == 410
    assert not Invitation.objects.filter(email="budi@contoh.id").exists()


def test_declining_what_was_withdrawn_meanwhile_is_told_and_no_fault(client, monkeypatch):
    invitation = make_invitation()
    withdraw = partial(services.withdraw_invitation, invitation=invitation, by=invitation.batch.sent_by)
    monkeypatch.setattr(services, "mark_opened", lambda _found: withdraw())

    assert client.post(link_of(invitation), {"tolak": "1"}).status_code == 410


def test_the_person_decides_later_what_the_institution_sees(client):
    invitation = make_invitation()
    client.post(link_of(invitation), ANSWER)
    address = f"/akun/instansi/{invitation.pk}/"

    assert "Izinkan melihat hasil saya" in words(client.get("/akun/data/"))
    assert "boleh melihat hasil Anda" in words(client.post(address, {"boleh": "1"}, follow=True))
    assert "tidak lagi melihat hasil Anda" in words(client.post(address, follow=True))
    stranger = Client()
    stranger.force_login(make_candidate().user)
    assert stranger.post(address, {"boleh": "1"}).status_code == 404


# --- an officer's own data ------------------------------------------------------------------------------------


def test_an_officer_sees_corrects_and_takes_along_what_is_known_of_them(client):
    officer = make_officer(full_name="Sri Wahyuni", password="lumajang-siaga-2026")
    make_batch(person_row(), officer=officer)
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")

    assert "/akun/data/" in words(client.get("/instansi/meja/"))
    page = words(client.get("/akun/data/"))
    assert f"petugas {officer.officer.institution.name}, 1 rombongan" in page
    assert "permohonan" not in page.split("<main")[1].split("</main")[0]
    assert client.post("/akun/data/nama/", {"full_name": "Sri Wahyuni, S.Kom."}).url == "/akun/data/"
    assert "Sri Wahyuni, S.Kom." in words(client.get("/akun/data/"))
    archive = client.post("/akun/data/unduh/", {"password": "lumajang-siaga-2026"})
    data = json.loads(zipfile.ZipFile(io.BytesIO(archive.getvalue())).read("data.json"))
    assert data["petugas_instansi"][0]["instansi"] == officer.officer.institution.name
    assert data["rombongan_yang_dikirim"][0]["orang"] == 1


def test_an_officer_asks_for_erasure_in_words_of_their_own(desk, officer):
    page = words(desk.get("/akun/data/permintaan/penghapusan/"))
    assert "tanpa nama Anda" in page
    answer = desk.post("/akun/data/permintaan/penghapusan/", {"agreed": "on"})
    assert PrivacyRequest.objects.get(person=officer).number in answer.url
    assert desk.get(answer.url).status_code == 200


def test_an_officer_writes_in_their_own_name_and_reads_the_answer(desk, officer):
    form = {"topic": topics_of("pertanyaan").first().pk, "text": "Kapan rombongan diuji?", "about": "", "phone": ""}
    desk.post("/kontak/", form | {"stamp": new_stamp(seconds_ago=60)})

    ticket = Ticket.objects.get()
    assert (ticket.sender, ticket.email) == (officer, officer.email)
    assert ticket.topic.title in words(desk.get("/akun/pesan/"))
    assert "Kapan rombongan diuji?" in words(desk.get(f"/akun/pesan/{ticket.number}/"))


def test_the_log_without_names_does_not_call_an_officer_a_candidate(officer):
    labels = [
        who(record_activity("account.log_in", by=person, subject=None), names=False)
        for person in (officer, make_user(role="asesi"), make_user(role="sekretariat", full_name="Dewi"))
    ]
    assert labels == ["Petugas instansi", "Asesi", "Dewi"]
