"""A scheme or a standard as a workbook: out, back in, and what a change in it does."""

import io

import openpyxl
import pytest
import reversion
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reversion.models import Version

from core.accounts.models import User
from core.common.text import clean_text
from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyStandard, CompetencyUnit, PerformanceCriterion, Scheme, SchemeVersion
from core.schemes.queries import current_version
from core.schemes.workbook import empty_workbook, workbook_of_standard, workbook_of_version
from core.schemes.workbook_services import check_workbook, import_workbook
from tests.core.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
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

    def without_column(self, sheet: str, heading: str) -> "Workbook":
        self.book[sheet].delete_cols(self._column(sheet, heading))
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


# --- schemes that are there already ---------------------------------------------------------------------


@pytest.fixture
def published() -> SchemeVersion:
    return make_scheme(units=2, requirements=("ktp", "ijazah"))


def test_a_published_version_stays_and_the_change_becomes_a_new_draft(clerk, published):
    workbook = Workbook(workbook_of_version(published)).drop("Unit skema", 3).drop("Persyaratan", 2)
    workbook.put("Skema", 2, **{"Masa berlaku (bulan)": 24})

    report = check_workbook(workbook.save())
    assert [d.kind for d in report.differences] == ["berubah", "dihapus", "dihapus", "baru"]
    assert report.differences[-1].label == "Draf versi 2"
    import_workbook(content=workbook.save(), by=clerk)

    published.refresh_from_db()
    assert (published.units.count(), published.requirements.count(), published.validity_months) == (2, 2, 36)
    draft = published.scheme.versions.get(number=2)
    assert (draft.status, draft.units.count(), draft.requirements.count()) == (VersionStatus.DRAFT, 1, 1)
    assert draft.validity_months == 24
    assert draft.purposes.count() == published.purposes.count()


def test_an_existing_draft_takes_the_change(clerk):
    draft = make_scheme(units=2, published=False)
    book = Workbook(workbook_of_version(draft))
    codes = [book.book["Unit skema"][f"B{row}"].value for row in (2, 3)]
    book.put("Unit skema", 2, Kode_unit=codes[1]).put("Unit skema", 3, Kode_unit=codes[0])

    import_workbook(content=book.save(), by=clerk)

    assert draft.scheme.versions.count() == 1
    assert [link.unit.code for link in draft.scheme_units.order_by("position")] == [codes[1], codes[0]]


def test_a_changed_requirement_keeps_its_place_and_a_new_one_joins(clerk):
    draft = make_scheme(requirements=("ktp", "ijazah"), published=False)
    workbook = Workbook(workbook_of_version(draft)).put("Persyaratan", 3, Petunjuk="Dipindai berwarna.", Wajib="tidak")
    workbook.add("Persyaratan", draft.scheme.code, "Bukti persyaratan dasar", "Pengalaman", "", "cv", "ya", "tidak")

    report = import_workbook(content=workbook.save(), by=clerk)

    assert {kind for _sheet, _label, kind in kinds(report)} == {"baru", "berubah"}
    found = [(r.title, r.is_required, r.help_text) for r in draft.requirements.order_by("-section", "position")]
    assert found[0][0] == "Pengalaman"
    assert ("Ijazah terakhir", False, "Dipindai berwarna.") in found
    assert check_workbook(workbook_of_version(draft)).differences == []


def test_the_words_of_a_published_unit_need_a_tick(clerk, published):
    workbook = Workbook(workbook_of_version(published)).put("KUK", 2, **{"Kriteria unjuk kerja": "Kata lain"})

    assert check_workbook(workbook.save()).extra["locked_units"] == [published.units.first().code]
    with refused("import_workbook.published_text"):
        import_workbook(content=workbook.save(), by=clerk)
    assert not PerformanceCriterion.objects.filter(text="Kata lain").exists()

    import_workbook(content=workbook.save(), by=clerk, change_published_text=True)
    assert PerformanceCriterion.objects.filter(text="Kata lain").count() == 1


def test_criteria_are_added_taken_out_and_put_in_order(clerk):
    draft = make_scheme(elements=1, published=False)
    unit = draft.units.get()
    workbook = Workbook(workbook_of_version(draft)).put("KUK", 2, **{"No. KUK": "1.2", "Kriteria unjuk kerja": "Kedua"})
    workbook.put("KUK", 3, **{"No. KUK": "1.3", "Kriteria unjuk kerja": "Ketiga"})

    import_workbook(content=workbook.save(), by=clerk)

    criteria = unit.elements.get().criteria.order_by("position")
    assert [(c.position, c.number, c.text) for c in criteria] == [(1, "1.2", "Kedua"), (2, "1.3", "Ketiga")]
    assert check_workbook(workbook_of_version(draft)).differences == []


def test_an_element_that_candidates_answered_is_not_taken_away(clerk):
    version = make_scheme(elements=2)
    make_application(status="submitted", scheme=version)
    workbook = Workbook(workbook_of_version(version)).drop("Elemen", 3).drop("KUK", 5).drop("KUK", 4)

    report = check_workbook(workbook.save())

    assert faults(report) == [("Elemen", 2, "No. elemen")]
    assert "sudah dijawab asesi" in report.faults[0].message


def test_sheets_that_are_empty_change_nothing(clerk, published):
    unit = published.units.first()
    workbook = Workbook(empty_workbook()).add("Unit", "SKKNI Uji", unit.code, unit.title, "Deskripsi baru")

    report = import_workbook(content=workbook.save(), by=clerk, change_published_text=True)

    assert kinds(report) == [("Unit", unit.code, "berubah")]
    assert unit.elements.count() == 2
    assert published.scheme.versions.count() == 1


def test_double_rows_name_the_first_one():
    workbook = (
        new_scheme().add("KUK", "X.990000.001.01", 1, "1.1", "Lagi").add("Unit skema", "dapur-umum", "X.990000.001.01")
    )

    report = check_workbook(workbook.save())

    assert faults(report) == [("KUK", 4, "No. KUK"), ("Unit skema", 3, "Kode unit")]
    assert "Sama dengan baris 2" in report.faults[0].message


def test_codes_that_only_capitals_tell_apart_are_one_code():
    """The database holds one of them; the second could never be written."""
    workbook = new_scheme().add("Unit", "SKKNI Uji", "x.990000.001.01", "Unit yang sama", "")

    assert ("Unit", 3, "Kode unit") in faults(check_workbook(workbook.save()))


def test_a_broken_row_is_told_once_not_by_all_that_refer_to_it():
    workbook = new_scheme()
    workbook.book["Unit"]["C2"] = None  # the title of the unit that elements, criteria and scheme refer to

    assert faults(check_workbook(workbook.save())) == [("Unit", 2, "Judul unit")]


@pytest.mark.parametrize("role", ["asesor", "bnsp", "asesi"])
def test_others_import_no_schemes(role):
    with refused("import_workbook.forbidden"):
        import_workbook(content=new_scheme().save(), by=make_user(role=role))


def test_what_a_workbook_writes_is_versioned(clerk):
    with reversion.create_revision():
        import_workbook(content=new_scheme().save(), by=clerk)
    unit = CompetencyUnit.objects.get(code="X.990000.001.01")
    assert Version.objects.get_for_object(unit).count() == 1
    version = SchemeVersion.objects.get(scheme__code="dapur-umum")
    assert Version.objects.get_for_object(version).count() == 1


def test_a_file_without_our_sheets_names_them():
    book = openpyxl.Workbook()
    book.active.append(["Kode", "Judul"])
    out = io.BytesIO()
    book.save(out)
    (fault,) = check_workbook(out.getvalue()).faults
    assert "Unit skema" in fault.message


@pytest.mark.parametrize(("sheet", "heading"), [("Elemen", "No. elemen"), ("KUK", "No. KUK"), ("Unit", "Kode unit")])
def test_a_sheet_without_a_column_that_it_needs_is_a_fault_told_once(sheet, heading):
    workbook = Workbook(workbook_of_version(current_version("distribusi-bantuan"))).without_column(sheet, heading)

    report = check_workbook(workbook.save())

    assert [(f.sheet, f.column) for f in report.faults if f.sheet == sheet] == [(sheet, heading)]
