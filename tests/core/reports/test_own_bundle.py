"""What a candidate takes along of a case: every paper that they may open one by one, and no other."""

import hashlib
import io
import subprocess
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from pypdf import PdfReader

from core.activity.models import ActivityEntry
from core.activity.services import record_activity
from core.applications.case_file import add_to_file
from core.applications.filing import file_by_desk
from core.assessments.papers.printing import stored_paper
from core.common.exceptions import DomainError
from core.documents.archive import PIECE, SUMS_NAME
from core.documents.models import Document
from core.privacy.own_data import own_documents
from core.reports.bundle import INDEX_NAME, MAX_PER_HOUR, make_own_bundle
from core.reports.own_file import own_checklist
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case
from tests.factories.documents import jpeg_bytes, make_document
from tests.factories.forms import CHECKLIST, make_agreement, make_report, make_signed_paper

pytestmark = pytest.mark.django_db


def taken_along(case) -> zipfile.ZipFile:
    bundle = make_own_bundle(application=case, by=case.candidate.user)
    return zipfile.ZipFile(io.BytesIO(b"".join(bundle.stream())))


def index_of(archive) -> str:
    [name] = [name for name in archive.namelist() if name.endswith(INDEX_NAME)]
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read(name))).pages)


def test_a_certified_candidate_takes_forms_evidence_and_certificate_along(tmp_path):
    case = make_certificate().application

    archive = taken_along(case)

    names = [name.partition("/")[2] for name in archive.namelist()]
    assert (names[0], names[-1]) == (INDEX_NAME, SUMS_NAME)
    for part in ("1 Permohonan", "2 Persyaratan", "Sertifikat"):
        assert any(part in name for name in names), part
    assert [name for name in names if "KTP" in name]
    archive.extractall(tmp_path)
    [folder] = tmp_path.iterdir()
    checked = subprocess.run(["sha256sum", "-c", SUMS_NAME], cwd=folder, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.count(": OK") == len(names) - 1  # all but the list itself


def test_papers_that_name_others_stay_with_the_office():
    case = make_case("assessed")
    signed = make_agreement(case)
    report = make_report(case, *CHECKLIST)
    clerk = make_user(role="sekretariat")
    shared = make_document(owner=clerk, kind="daftar-hadir")
    file_by_desk(applications=[case.application.pk], document=shared, replaces=None, by=clerk)

    archive = taken_along(case.application)

    hashes = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    signed.refresh_from_db()
    assert signed.document.sha256 in hashes
    assert shared.sha256 not in hashes
    text = index_of(archive)
    assert signed.definition.title.split()[-1] in text
    for foreign in (report.definition.title, "Daftar hadir", "Surat tugas asesor", "Berita acara"):
        assert foreign not in text


def test_the_index_does_not_tell_a_verdict_before_its_time():
    case = make_application(status="under_review")
    case.requirement_evidence.filter(requirement__title="KTP").update(
        verdict="tidak_memenuhi", note="Foto KTP buram", checked_at=timezone.now()
    )
    assert "Tidak memenuhi" not in index_of(taken_along(case))

    case.status = "returned"
    case.save()
    [ktp] = [item for item in own_checklist(case).items if item.title == "KTP"]
    assert (str(ktp.state.label), ktp.note) == ("Tidak memenuhi syarat", "Foto KTP buram")


def test_own_earlier_editions_come_along_in_a_folder_of_their_own():
    case = make_application(status="accepted")
    old = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    add_to_file(
        application=case,
        document_type=old.document_type,
        stream=io.BytesIO(jpeg_bytes()),
        file_name="ktp.jpg",
        replaces=old,
        by=make_user(role="sekretariat"),
    )
    archive = taken_along(case)
    [name] = [name for name in archive.namelist() if "Edisi sebelumnya/" in name]
    assert hashlib.sha256(archive.read(name)).hexdigest() == old.sha256


def test_somebody_elses_case_and_a_draft_are_refused():
    case = make_application(status="accepted")
    for stranger in (make_user(role="asesi"), make_user(role="sekretariat")):
        with pytest.raises(DomainError) as refused:
            make_own_bundle(application=case, by=stranger)
        assert refused.value.code == "bundle.refused"
    draft = make_application(status="draft")
    with pytest.raises(DomainError, match="masih draf"):
        make_own_bundle(application=draft, by=draft.candidate.user)


def test_the_act_is_recorded_with_every_document_and_only_so_often_an_hour():
    case = make_application(status="accepted")
    by = case.candidate.user
    bundle = make_own_bundle(application=case, by=by)

    entry = ActivityEntry.objects.get(code="application.download_file")
    assert (entry.actor, entry.subject_id) == (by, str(case.pk))
    assert entry.data["documents"] == [paper.document.pk for paper in bundle.papers if paper.document]

    for _again in range(MAX_PER_HOUR - 1):
        record_activity("application.download_file", by=by, subject=case, papers=1)
    with pytest.raises(DomainError, match="satu jam lagi"):
        make_own_bundle(application=case, by=by)


def test_a_big_paper_passes_in_pieces():
    """Twenty megabytes of evidence never lie in memory at once."""
    case = make_application(status="accepted")
    ktp = case.requirement_evidence.get(requirement__title="KTP").documents.get()
    size = 20 * 1024 * 1024
    name = ktp.file.storage.save(ktp.file.name + "-besar", ContentFile(bytes(size)))
    Document.objects.filter(pk=ktp.pk).update(file=name, size=size)
    bundle = make_own_bundle(application=case, by=case.candidate.user)

    tracemalloc.start()
    sent = sum(len(piece) for piece in bundle.stream())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sent > size
    assert peak < 8 * PIECE


def test_what_the_assessor_recommended_waits_for_the_decision():
    case = make_case("assessed")
    record = make_signed_paper(*CHECKLIST, case=case, kind="fr-ak-02", filled_by="asesor")
    agreement = make_agreement(case)
    application = case.application

    assert _forms_of(application) == [agreement.definition.title]
    assert stored_paper(record) not in own_documents(application.candidate.user)

    application.status = "not_yet_competent"
    application.save()
    assert set(_forms_of(application)) == {record.definition.title, agreement.definition.title}
    assert stored_paper(record) in own_documents(application.candidate.user)

    application.status = "appealed"  # what was read before stays
    application.save()
    assert set(_forms_of(application)) == {record.definition.title, agreement.definition.title}


def _forms_of(application) -> list[str]:
    return [item.title for item in own_checklist(application).items if item.is_form and item.papers]
