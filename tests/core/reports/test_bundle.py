"""The whole file as one ZIP: opened by the real unzip, its checksums read by the real sha256sum."""

import hashlib
import io
import shutil
import subprocess
import zipfile

import pytest
from pypdf import PdfReader

from core.activity.models import ActivityEntry
from core.applications.case_file import add_to_file
from core.applications.models import CaseDocument
from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentType
from core.reports.bundle import INDEX_NAME, make_bundle
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.documents import jpeg_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def opened(bundle) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(bundle.stream())))


def names(archive):
    return [name.partition("/")[2] for name in archive.namelist()]


def index_text(archive):
    [name] = [name for name in archive.namelist() if name.endswith(INDEX_NAME)]
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read(name))).pages)


@pytest.mark.skipif(not (shutil.which("unzip") and shutil.which("sha256sum")), reason="needs unzip and sha256sum")
def test_the_archive_opens_everywhere_and_its_checksums_hold(tmp_path, clerk):
    case = make_certificate().application
    (tmp_path / "berkas.zip").write_bytes(b"".join(make_bundle(application=case, by=clerk).stream()))

    unpacked = subprocess.run(["unzip", "-q", "berkas.zip"], cwd=tmp_path, capture_output=True, text=True)
    assert (unpacked.returncode, unpacked.stderr) == (0, "")
    [folder] = [path for path in tmp_path.iterdir() if path.is_dir()]
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert checked.stdout.count(": OK") == len(files) - 1  # all but the list itself
    assert (folder / "1 Permohonan").is_dir()

    (folder / INDEX_NAME).write_bytes(b"changed")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True).returncode == 1


def test_what_nobody_looked_at_is_printed_and_kept(clerk):
    case = make_certificate().application
    assert not Document.objects.filter(document_type__code="berita-acara-pleno").exists()

    archive = opened(make_bundle(application=case, by=clerk))

    kinds = set(CaseDocument.objects.filter(application=case).values_list("document__document_type__code", flat=True))
    assert {"fr-apl-01", "fr-apl-02", "sertifikat-kompetensi"} <= kinds
    assert any("FR.APL-01" in name for name in names(archive))
    assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_names_are_clean_unique_and_in_the_order_of_the_checklist(clerk):
    case = make_application(status="accepted")
    DocumentType.objects.filter(code="ktp").update(title="KTP / Kartu: «Tanda» Penduduk?")
    ktp = case.scheme_version.requirements.get(title="KTP")
    ktp.title = "KTP/SIM: “asli”? …"
    ktp.save()

    found = names(opened(make_bundle(application=case, by=clerk)))

    assert found[0] == INDEX_NAME
    assert found[-1] == "SHA256SUMS"
    numbers = [name.split("/")[1][:2] for name in found[1:-1]]
    assert numbers == [f"{number:02d}" for number in range(1, len(numbers) + 1)]
    assert any(name.endswith("KTP-SIM asli.jpg") for name in found)


def test_a_file_used_twice_lies_in_the_archive_once_and_the_index_says_so(clerk):
    case = make_application(status="accepted")
    first, second = case.requirement_evidence.filter(documents__isnull=False)[:2]
    second.documents.set(first.documents.all())

    archive = opened(make_bundle(application=case, by=clerk))

    document = first.documents.get()
    assert sum(hashlib.sha256(archive.read(name)).hexdigest() == document.sha256 for name in archive.namelist()) == 1
    assert "sama dengan" in index_text(archive)


def test_earlier_editions_lie_in_a_folder_of_their_own(clerk):
    case = make_application(status="accepted")
    old = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    add_to_file(
        application=case,
        document_type=old.document_type,
        stream=io.BytesIO(jpeg_bytes()),
        file_name="ktp.jpg",
        replaces=old,
        by=clerk,
    )
    archive = opened(make_bundle(application=case, by=clerk))
    [name] = [name for name in archive.namelist() if "Edisi sebelumnya/" in name]
    assert hashlib.sha256(archive.read(name)).hexdigest() == old.sha256


@pytest.mark.parametrize("harm", ["menunggu", "gone"])
def test_a_paper_that_cannot_be_opened_stands_in_the_index_only(clerk, harm, caplog):
    case = make_application(status="accepted")
    ktp = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    if harm == "gone":
        ktp.file.storage.delete(ktp.file.name)
    else:
        Document.objects.filter(pk=ktp.pk).update(state=harm)

    archive = opened(make_bundle(application=case, by=clerk))

    assert not any(name.endswith("KTP.jpg") for name in archive.namelist())
    text = index_text(archive)
    assert ("tidak ditemukan" if harm == "gone" else "Menunggu pemeriksaan virus") in text
    assert ktp.sha256[:32] not in text


def test_taking_the_file_along_is_one_act_with_the_number_of_papers(clerk):
    case = make_application(status="accepted")
    bundle = make_bundle(application=case, by=clerk)
    entry = ActivityEntry.objects.get(code="application.download_file")
    kept = [paper.document.pk for paper in bundle.papers if paper.document]
    assert (entry.actor, entry.data) == (clerk, {"papers": len(bundle.papers) - 1, "documents": kept})
    assert not ActivityEntry.objects.filter(code="document.view").exists()


@pytest.mark.parametrize(
    ("role", "may"), [("sekretariat", True), ("administrator", True), ("asesor", False), ("bnsp", False)]
)
def test_only_those_who_keep_the_repository_take_a_whole_file(role, may):
    case = make_application(status="accepted")
    by = make_user(role=role)
    if may:
        assert make_bundle(application=case, by=by).papers
        return
    with pytest.raises(DomainError) as refused:
        make_bundle(application=case, by=by)
    assert refused.value.code == "bundle.refused"


def test_a_draft_is_nobodys_business(clerk):
    with pytest.raises(DomainError):
        make_bundle(application=make_application(status="draft"), by=clerk)
