"""The pages of an application: what goes wrong gets a sentence, what was typed stays."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.applications.models import Application, RequirementEvidence
from core.documents.models import Document
from core.schemes.enums import VersionStatus
from core.schemes.models import SchemeVersion
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.documents import jpeg_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Application:
    return make_application(status="draft")


@pytest.fixture
def candidate(client, draft) -> Client:
    client.force_login(draft.candidate.user)
    return client


def post_personal(client: Client, draft: Application, **values) -> str:
    draft.candidate.refresh_from_db()
    data = {
        "full_name": "Nur Pattiasina",
        "nationality": "Indonesia",
        "version": draft.candidate.version,
        "writer": "a",
    }
    answer = client.post(f"/permohonan/{draft.code}/profil/data-pribadi/", data | values)
    return answer.content.decode() if answer.status_code == 200 else answer.url


@pytest.mark.parametrize(
    ("nik", "sentence"),
    [
        ("12345", "NIK harus 16 angka, yang diisi 5 angka."),
        ("81710152059000AB", "NIK hanya terdiri atas angka."),
        ("0071015205900001", "bukan kode wilayah"),
        ("8171017205900001", "bukan tanggal lahir yang ada"),
        ("8171015213900001", "bukan tanggal lahir yang ada"),
        ("8171015205900000", "tidak boleh 0000"),
    ],
)
def test_a_wrong_nik_gets_its_sentence_and_stays_typed(candidate, draft, nik, sentence):
    page = post_personal(candidate, draft, nik=nik, birth_place="Ambon")

    assert page.count(sentence) == 2
    assert f'value="{nik}"' in page
    assert 'value="Ambon"' in page


def test_a_nik_fills_in_birth_date_and_sex(candidate, draft):
    post_personal(candidate, draft, nik="8171015205900001")

    draft.candidate.refresh_from_db()
    assert (draft.candidate.birth_date.isoformat(), draft.candidate.sex) == ("1990-05-12", "P")


def test_somebody_elses_nik_is_refused_beside_the_field_without_naming_anybody(candidate, draft):
    other = make_application(status="submitted").candidate

    page = post_personal(candidate, draft, nik=other.nik)

    assert page.count("NIK ini tidak dapat dipakai pada akun ini") == 2
    assert other.user.full_name not in page


def test_ten_thousand_characters_are_refused_and_stay_typed(candidate, draft):
    page = post_personal(candidate, draft, birth_place="x" * 10_000)

    assert "paling banyak 100 karakter" in page
    assert "x" * 10_000 in page


def test_names_may_hold_emoji_and_combining_characters(candidate, draft):
    post_personal(candidate, draft, full_name="Siti A\u0308isyah 🌊 O’Neil")

    draft.candidate.user.refresh_from_db()
    assert draft.candidate.user.full_name == "Siti Äisyah 🌊 O’Neil"


def test_text_with_markup_is_shown_as_text(candidate, draft):
    post_personal(candidate, draft, birth_place="<script>alert(1)</script>")

    page = candidate.get(f"/permohonan/{draft.code}/periksa/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def upload(client: Client, draft: Application, name: str, content: bytes):
    requirement = draft.scheme_version.requirements.get(title="KTP")
    data = {f"file-{requirement.pk}": SimpleUploadedFile(name, content), "stay": "1"}
    return client.post(f"/permohonan/{draft.code}/bukti/", data)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("kosong.jpg", b"", "kosong"),
        ("program.jpg", b"MZ" + b"\0" * 500, "Berkas ini sebuah program"),
        ("surat.pdf", b"%PDF-1.7\nrusak", "PDF ini rusak"),
        ("foto.jpg", b"\xff\xd8\xff\xe0 terpotong", "Gambar ini rusak"),
        ("halaman.pdf", b"<html><script>1</script>", "Halaman web dan gambar SVG tidak diterima"),
    ],
)
def test_a_bad_file_gets_a_sentence_in_its_slot(candidate, draft, name, content, sentence):
    page = upload(candidate, draft, name, content).content.decode()

    assert sentence in page
    assert not Document.objects.exists()


def test_an_upload_that_is_too_large_is_refused(candidate, draft, settings):
    settings.DOCUMENT_MAX_BYTES = 1024

    page = upload(candidate, draft, "besar.jpg", jpeg_bytes(size=(900, 900))).content.decode()

    assert "lebih besar dari" in page


def test_of_two_files_the_good_one_is_kept_and_the_bad_one_named(candidate, draft):
    ktp, photo = (draft.scheme_version.requirements.get(title=title) for title in ("KTP", "Pasfoto terbaru"))
    files = {
        f"file-{ktp.pk}": SimpleUploadedFile("ktp.jpg", jpeg_bytes()),
        f"file-{photo.pk}": SimpleUploadedFile("foto.jpg", b"bukan foto"),
    }

    page = candidate.post(f"/permohonan/{draft.code}/bukti/", files).content.decode()

    assert "foto.jpg: Jenis berkas ini tidak dapat dibaca" in page
    assert RequirementEvidence.objects.get(requirement=ktp).documents.count() == 1


def test_a_file_is_taken_away_by_its_own_button(candidate, draft):
    upload(candidate, draft, "ktp.jpg", jpeg_bytes())
    requirement = draft.scheme_version.requirements.get(title="KTP")
    document = Document.objects.get()

    candidate.post(f"/permohonan/{draft.code}/bukti/", {"remove": f"{requirement.pk}:{document.pk}"})

    assert not RequirementEvidence.objects.get(requirement=requirement).documents.exists()


def test_a_slot_sent_by_script_answers_with_the_slot_alone(candidate, draft):
    requirement = draft.scheme_version.requirements.get(title="KTP")

    answer = candidate.post(
        f"/permohonan/{draft.code}/bukti/{requirement.pk}/",
        {f"file-{requirement.pk}": SimpleUploadedFile("ktp.jpg", jpeg_bytes())},
    )

    assert b"<html" not in answer.content
    assert b"ktp.jpg" in answer.content


def test_a_unit_saves_what_was_answered_and_points_to_what_is_missing(candidate, draft):
    unit = draft.scheme_version.units.first()
    first, *rest = unit.elements.all()

    page = candidate.post(
        f"/permohonan/{draft.code}/unit/{unit.pk}/",
        {f"outcome-{first.pk}": "BK", "version": 0, "writer": "a", "to_next": ""},
    ).content.decode()

    assert f"Jawab elemen {rest[0].number} dengan K atau BK" in page
    assert f'href="#element-{rest[0].pk}-k"' in page
    assert draft.answers.get(element=first).outcome == "BK"


def test_evidence_of_one_element_is_used_for_all_with_one_press(candidate, draft):
    upload(candidate, draft, "ktp.jpg", jpeg_bytes())
    document = Document.objects.get()
    unit = draft.scheme_version.units.first()
    first, *_rest = unit.elements.all()

    candidate.post(
        f"/permohonan/{draft.code}/unit/{unit.pk}/",
        {f"evidence-{first.pk}": document.pk, "copy": first.pk, "version": 0, "writer": "a"},
    )

    assert {a.documents.count() for a in draft.answers.filter(element__unit=unit)} == {1}


def test_a_scheme_that_closed_meanwhile_is_told_and_nothing_is_lost(client):
    ready = make_application(status="ready")
    client.force_login(ready.candidate.user)
    SchemeVersion.objects.filter(pk=ready.scheme_version_id).update(status=VersionStatus.RETIRED)

    page = client.post(f"/permohonan/{ready.code}/periksa/", {"agreed": "on"}).content.decode()

    assert "Pendaftaran skema ini sudah ditutup" in page
    assert Application.objects.get(pk=ready.pk).status == "draft"
    assert ready.answers.exists()


def test_sending_twice_leads_to_the_same_confirmation(client):
    ready = make_application(status="ready")
    client.force_login(ready.candidate.user)

    first = client.post(f"/permohonan/{ready.code}/periksa/", {"agreed": "on"})
    second = client.post(f"/permohonan/{ready.code}/periksa/", {"agreed": "on"})

    assert first.url == second.url
    assert ready.submissions.count() == 1


def test_an_unticked_declaration_sends_nothing(client):
    ready = make_application(status="ready")
    client.force_login(ready.candidate.user)

    page = client.post(f"/permohonan/{ready.code}/periksa/", {}).content.decode()

    assert page.count("Centang pernyataan ini untuk menandatangani.") == 2
    assert not ready.submissions.exists()


def test_starting_the_same_scheme_twice_goes_on_with_the_same_case(candidate, draft):
    code = draft.scheme_version.scheme.code

    answers = {candidate.post(f"/permohonan/baru/{code}/").url for _press in range(2)}

    assert answers == {f"/permohonan/{draft.code}/"}


@pytest.mark.parametrize(
    "page",
    ["", "profil/data-pribadi/", "tujuan/", "bukti/", "periksa/", "terkirim/", "batalkan/", "formulir/fr-apl-01/"],
)
def test_somebody_elses_application_does_not_exist(client, draft, page):
    client.force_login(make_user(role="asesi"))

    answer = client.get(f"/permohonan/{draft.code}/{page}")

    assert answer.status_code == 404


def test_somebody_elses_file_does_not_exist(candidate, draft, client):
    upload(candidate, draft, "ktp.jpg", jpeg_bytes())
    address = f"/akun/berkas/{Document.objects.get().public_id}/"
    stranger = Client()
    stranger.force_login(make_user(role="asesi"))

    assert candidate.get(address).getvalue().startswith(b"\xff\xd8")
    assert stranger.get(address).status_code == 404


def test_the_check_page_asks_the_same_number_of_queries_for_any_scheme(client, django_assert_max_num_queries):
    ready = make_application(status="ready")
    client.force_login(ready.candidate.user)

    with django_assert_max_num_queries(60):
        client.get(f"/permohonan/{ready.code}/periksa/")


def test_both_forms_are_rendered_once_and_then_served(client):
    application = make_application(status="submitted")
    client.force_login(application.candidate.user)

    bodies = {client.get(f"/permohonan/{application.number}/formulir/fr-apl-02/").getvalue() for _reader in range(2)}

    assert len(bodies) == 1
    assert Document.objects.filter(document_type__code="fr-apl-02").count() == 1
    assert next(iter(bodies)).startswith(b"%PDF-")


def test_a_document_never_lies_under_a_public_address(candidate, draft, client):
    upload(candidate, draft, "ktp.jpg", jpeg_bytes())
    document = Document.objects.get()

    for address in (f"/media/{document.file.name}", f"/static/{document.file.name}", f"/{document.file.name}"):
        assert Client().get(address).status_code == 404
    with document.file.open() as stored:
        assert stored.read(2) == b"\xff\xd8"
