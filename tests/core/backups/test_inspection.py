"""What a drill looks at in the restored copy: each thing that is not as it was is found, and told where it belongs."""

import hashlib
from pathlib import Path

import pytest
from django.db import connection

from core.accounts.models import CandidateProfile, User
from core.backups.databases import rows_per_table
from core.backups.drill_enums import DrillOutcome, DrillStep, StepResult
from core.backups.drills import outcome_of
from core.backups.inspection import Expected, inspect
from core.certificates.models import Certificate
from core.common.fields import encrypted
from core.documents.models import Document
from tests.factories.accounts import make_candidate, make_user
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate
from tests.factories.documents import make_document, pdf_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy(drill_places, migrated, settings):
    """This database stands for the copy: a case, a certificate, papers."""
    settings.IS_SCRATCH = True
    settings.ALLOWED_HOSTS = ["uji-pemulihan.invalid"]
    make_application(status="submitted")
    lay_certificate()
    person = make_candidate().user
    for pages in (1, 2, 3):
        make_document(owner=person, kind="cv", content=pdf_bytes(pages=pages), file_name="cv.pdf")
    files = [(f"documents/{paper.file.name}", paper.sha256, paper.size) for paper in Document.objects.all()]
    return Expected(rows_per_table(connection.settings_dict), files)


def test_a_copy_that_is_as_it_was_is_proven(copy):
    reports = {report.step: report for report in inspect(copy)}

    assert {step: report.result for step, report in reports.items()} == {
        DrillStep.ROWS: StepResult.FINE,
        DrillStep.FILES: StepResult.FINE,
        DrillStep.MIGRATE: StepResult.SKIPPED,
        DrillStep.KEYS: StepResult.FINE,
        DrillStep.PAPERS: StepResult.FINE,
        DrillStep.LOG_IN: StepResult.FINE,
    }, [report.as_json() for report in reports.values() if report.difference_count]
    assert reports[DrillStep.PAPERS].facts["papers"] >= 2
    assert User.objects.filter(email__endswith="@pemulihan.invalid").count() == 1  # here, and nowhere else


def test_whatever_is_not_as_it_was_is_found(copy):
    copy.rows["core_region"] += 1
    copy.rows["core_gone"] = 3
    lost, changed, torn, *_others = Document.objects.filter(content_type="application/pdf")
    Path(lost.file.path).unlink()
    Path(changed.file.path).write_bytes(b"%PDF-1.4 nothing else")
    Document.objects.filter(pk=torn.pk).update(pages=99)
    profile = CandidateProfile.objects.exclude(nik_hash=None).first()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_candidateprofile SET nik = %s WHERE id = %s", [encrypted("1234"), profile.pk])
    Certificate.objects.update(code="")

    reports = {report.step: report for report in inspect(copy)}

    def found(step):
        return {difference.name: difference.found for difference in reports[step].differences}

    assert found(DrillStep.ROWS) == {"core_region": str(copy.rows["core_region"] - 1), "core_gone": "tabel tidak ada"}
    assert found(DrillStep.FILES) == {
        f"documents/{lost.file.name}": "berkas tidak ada",
        f"documents/{changed.file.name}": hashlib.sha256(b"%PDF-1.4 nothing else").hexdigest(),
    }
    assert found(DrillStep.KEYS) == {f"core_candidateprofile #{profile.pk}": "kunci tidak cocok"}
    assert reports[DrillStep.PAPERS].result == StepResult.FAILED  # one of them is not there to be opened
    assert reports[DrillStep.LOG_IN].note == "Belum ada sertifikat untuk diperiksa keasliannya."


def step(code, result):
    return {"code": code, "result": result, "seconds": 1, "note": ""}


def test_a_difference_weighs_most_and_what_was_not_looked_at_proves_nothing():
    fine = [step(code, StepResult.FINE) for code in DrillStep]
    assert outcome_of(fine) == DrillOutcome.PROVEN
    assert outcome_of([*fine[:3], step(DrillStep.FILES, StepResult.FAILED), *fine[4:]]) == DrillOutcome.UNVERIFIED
    assert outcome_of(fine[:-2]) == DrillOutcome.UNVERIFIED
    both = [step(DrillStep.ROWS, StepResult.DIFFERS), step(DrillStep.FILES, StepResult.FAILED)]
    assert outcome_of([*fine[:2], *both]) == DrillOutcome.DIFFERS
    assert outcome_of([]) == DrillOutcome.UNVERIFIED


def test_it_never_runs_on_the_real_installation(db):
    with pytest.raises(RuntimeError):
        next(inspect(Expected({}, [])))
    assert make_user().pk
