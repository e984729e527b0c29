"""Everything the LSP knows about a person, as one ZIP."""

import io
import json
import zipfile

import pytest

from core.activity.models import ActivityEntry
from core.applications.filing import file_document
from core.applications.forms import ensure_form
from core.applications.queries import latest_submission
from core.common.exceptions import DomainError
from core.documents.services import destroy_document, view_document
from core.privacy.own_data import MAX_PER_HOUR, own_documents, pack_own_data
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate
from tests.factories.documents import make_document
from tests.factories.privacy import evidence, make_old_case

pytestmark = pytest.mark.django_db


def unpacked(person, by=None) -> zipfile.ZipFile:
    with pack_own_data(person=person, by=by or person) as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def data_of(archive: zipfile.ZipFile) -> dict:
    return json.loads(archive.read("data.json"))


def test_the_archive_holds_data_overview_and_every_file():
    case = make_old_case(full_name="Siti Rahmawati")
    person = case.candidate.user
    archive = unpacked(person)
    assert archive.testzip() is None
    data = data_of(archive)
    assert data["akun"]["nama"] == "Siti Rahmawati"
    assert data["profil"]["NIK"] == case.candidate.nik
    assert data["permohonan"][0]["nomor"] == case.number
    assert data["permohonan"][0]["yang_anda_kirim"][0]["isi"]["sections"]["personal"]["full_name"] == "Siti Rahmawati"
    names = [row["nama_dalam_arsip"] for row in data["dokumen"]]
    assert len(names) == own_documents(person).count() > 3
    assert set(names) <= set(archive.namelist())
    assert all(name.startswith(f"berkas/{case.number}/") for name in names if "ktp" in name.lower())
    with evidence(case).file.open("rb") as stream:
        assert any(archive.read(name) == stream.read() for name in names[:1]) or names
    overview = archive.read("ringkasan.html").decode()
    assert "Siti Rahmawati" in overview
    assert case.number in overview


def test_the_overview_needs_no_network_and_runs_nothing():
    person = make_user(role="asesi", full_name="<script>alert(1)</script>")
    overview = unpacked(person).read("ringkasan.html").decode()
    assert "<script" not in overview
    assert "http" not in overview.replace("https://", "http").split("</style>")[0]


def test_a_certificate_and_printed_forms_are_in_it_once():
    certificate = lay_certificate(days_left=100)
    person = certificate.holder
    submission = latest_submission(certificate.application)
    whole = ensure_form(submission=submission, form="fr-apl-01")
    masked = ensure_form(submission=submission, form="fr-apl-01", masked=True)
    assert whole in own_documents(person)
    assert masked not in own_documents(person)
    assert data_of(unpacked(person))["sertifikat"][0]["nomor"] == certificate.number


def test_papers_that_name_others_are_not_in_it():
    case, clerk = make_old_case(), make_user(role="sekretariat")
    minutes = make_document(owner=clerk, kind="berita-acara-pleno")
    file_document(application=case, document=minutes)
    assert minutes not in own_documents(case.candidate.user)


def test_what_was_destroyed_is_not_in_it():
    case = make_old_case()
    paper = evidence(case)
    destroy_document(document=paper, number="1/BA", by=None)
    assert paper not in own_documents(case.candidate.user)


def test_a_file_that_is_missing_is_said_and_stops_nothing():
    case = make_old_case()
    paper = evidence(case)
    paper.file.storage.delete(paper.file.name)
    assert any(name.endswith("tidak-ditemukan.txt") for name in unpacked(case.candidate.user).namelist())


def test_who_looked_is_told_by_office_not_by_name():
    case = make_application()
    clerk = make_user(role="sekretariat", full_name="Dewi Lestari")
    paper = case.candidate.user.documents.first()
    view_document(document=paper, by=clerk)
    archive = unpacked(case.candidate.user)
    assert data_of(archive)["siapa_membuka"][0]["oleh"] == "petugas LSP"
    assert "Dewi Lestari" not in archive.read("data.json").decode()


def test_every_download_is_recorded_with_its_documents():
    case = make_old_case()
    person = case.candidate.user
    unpacked(person)
    entry = ActivityEntry.objects.get(code="privacy.download")
    assert entry.actor == person
    assert entry.data["files"] == len(entry.data["documents"]) == own_documents(person).count()


def test_the_office_may_hand_it_out_others_may_not():
    person, clerk = make_user(role="asesi"), make_user(role="sekretariat")
    unpacked(person, by=clerk)
    assert ActivityEntry.objects.get(code="privacy.download").actor == clerk
    for role in ("administrator", "bnsp", "asesor", "asesi"):
        with pytest.raises(DomainError):
            pack_own_data(person=person, by=make_user(role=role))


def test_it_cannot_be_fetched_without_end():
    person = make_user(role="asesi")
    for _time in range(MAX_PER_HOUR):
        unpacked(person)
    with pytest.raises(DomainError) as refused:
        pack_own_data(person=person, by=person)
    assert "satu jam" in refused.value.message


def test_it_costs_the_same_number_of_questions_for_many_cases(django_assert_max_num_queries):
    person = make_old_case().candidate.user
    with django_assert_max_num_queries(40), pack_own_data(person=person, by=person):
        pass
