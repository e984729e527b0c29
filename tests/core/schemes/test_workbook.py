"""A scheme or a standard as a workbook: out, back in, and what a change in it does."""

import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.models import User
from core.common.text import clean_text
from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyStandard, CompetencyUnit, PerformanceCriterion, Scheme, SchemeVersion
from core.schemes.queries import current_version
from core.schemes.workbook import empty_workbook, workbook_of_standard, workbook_of_version
from core.schemes.workbook_services import check_workbook, import_workbook
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk() -> User:
    return make_user(role="sekretariat")


class Workbook:
    """A workbook in the hands of a clerk: cells are found by sheet, row and heading."""

    def __init__(self, content: bytes):
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def _column(self, sheet: str, heading: str) -> int:
        titles = [str(cell.value).rstrip(" *") for cell in self.book[sheet][1]]
        return titles.index(heading) + 1

    def put(self, sheet: str, row: int, **cells) -> "Workbook":
        for heading, value in cells.items():
            self.book[sheet].cell(row, self._column(sheet, heading.replace("_", " ")), value)
        return self

    def add(self, sheet: str, *values) -> "Workbook":
        self.book[sheet].append(values)
        return self

    def drop(self, sheet: str, row: int) -> "Workbook":
        self.book[sheet].delete_rows(row)
        return self

    def save(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def kinds(report) -> list[tuple[str, str, str]]:
    return [(d.sheet, d.label, d.kind) for d in report.differences]


def faults(report) -> list[tuple[str, int, str]]:
    return [(f.sheet, f.row, f.column) for f in report.faults]


# --- round trip ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["distribusi-bantuan", "kerja-relawan"])
def test_a_scheme_that_comes_back_as_it_went_changes_nothing(code):
    report = check_workbook(workbook_of_version(current_version(code)))

    assert (report.faults, report.differences) == ([], [])
    assert report.unchanged == report.rows > 20


def test_a_standard_that_comes_back_as_it_went_changes_nothing():
    standard = CompetencyStandard.objects.first()

    report = check_workbook(workbook_of_standard(standard))

    assert (report.faults, report.differences) == ([], [])
    assert report.extra["sheets"]["Unit"] == standard.units.count()


#: Whatever people paste: quotes, signs of formulas, apostrophes, line ends, other scripts.
texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")) | st.sampled_from("=+-@'\n\t"),
    max_size=60,
).filter(lambda text: clean_text(text))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=texts, title=texts)
def test_any_text_survives_the_way_out_and_back(text, title):
    version = make_scheme(published=False)
    criterion = PerformanceCriterion.objects.filter(element__unit__scheme_versions=version).first()
    criterion.text = text
    criterion.save()
    version.confirmation_note = title
    version.save()

    report = check_workbook(workbook_of_version(version))

    assert (report.faults, report.differences) == ([], [])


# --- new schemes --------------------------------------------------------------------------------------


def new_scheme() -> Workbook:
    return (
        Workbook(empty_workbook())
        .add("Standar", "SKKNI 99/2026", "Standar Baru", "SKKNI", "Kepmenaker 99/2026")
        .add("Unit", "SKKNI 99/2026", "X.990000.001.01", "Menyiapkan dapur umum", "Deskripsi")
        .add("Elemen", "X.990000.001.01", 1, "Menyiapkan tempat")
        .add("KUK", "X.990000.001.01", 1, "1.1", "Lokasi diperiksa.")
        .add("KUK", "X.990000.001.01", 1, "1.2", "Alat disiapkan.")
        .add("Skema", "dapur-umum", "SKM-99", "Dapur Umum", "Klaster", "Logistik", "Ringkasan.", 24, "sertifikasi")
        .add("Unit skema", "dapur-umum", "X.990000.001.01")
        .add("Persyaratan", "dapur-umum", "Bukti administratif", "Fotokopi KTP", "", "ktp", "ya", "tidak")
    )


def test_a_new_scheme_becomes_a_draft_with_units_and_requirements(clerk):
    report = import_workbook(content=new_scheme().save(), by=clerk)

    version = SchemeVersion.objects.get(scheme__code="dapur-umum")
    assert (version.number, version.status, version.validity_months) == (1, VersionStatus.DRAFT, 24)
    assert [p.code for p in version.purposes.all()] == ["sertifikasi"]
    unit = version.units.get()
    assert [c.text for c in unit.elements.get().criteria.all()] == ["Lokasi diperiksa.", "Alat disiapkan."]
    assert [r.document_type.code for r in version.requirements.all()] == ["ktp"]
    assert (report.counts["baru"], report.counts["berubah"]) == (10, 0)
    assert check_workbook(workbook_of_version(version)).differences == []


def test_the_check_writes_nothing():
    before = (Scheme.objects.count(), CompetencyUnit.objects.count())

    report = check_workbook(new_scheme().save())

    assert ("Skema", "Dapur Umum", "baru") in kinds(report)
    assert (Scheme.objects.count(), CompetencyUnit.objects.count()) == before


def test_every_fault_of_all_sheets_is_named_at_once(clerk):
    workbook = new_scheme()
    workbook.put("Unit", 2, Standar="SKKNI 1/1900").add("Elemen", "TIDAK.ADA", 1, "Tanpa unit")
    workbook.put("Skema", 2, Tujuan_asesmen="sertifikasi, wisata").put("Persyaratan", 2, Jenis_dokumen="paspor-mars")

    report = check_workbook(workbook.save())

    assert faults(report) == [
        ("Elemen", 3, "Kode unit"),
        ("Persyaratan", 2, "Jenis dokumen"),
        ("Skema", 2, "Tujuan asesmen"),
        ("Unit", 2, "Standar"),
    ]
    with refused("import_workbook.faults"):
        import_workbook(content=workbook.save(), by=clerk)
    assert not Scheme.objects.filter(code="dapur-umum").exists()
    assert not CompetencyStandard.objects.filter(code="SKKNI 99/2026").exists()
