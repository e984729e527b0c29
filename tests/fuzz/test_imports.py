"""Files of every kind of import, spoiled cell by cell or byte by byte: a fault is told or a row is written, never half.

A file begins as one that the product itself would take: the example of its template and rows that are there already.
"""

import io
from collections.abc import Callable
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.exceptions import IllegalCharacterError

from backoffice.imports import job_of
from backoffice.resources import RESOURCES
from core.common.exceptions import DomainError
from core.imports.models import ImportOutcome
from core.imports.services import apply_run, keep_run
from core.imports.writing import csv_bytes
from core.institutions import people_file
from core.institutions.models import Invitation
from core.institutions.services import check_upload, send_invitations
from core.schemes import workbook
from core.schemes.queries import current_version
from tests.factories.accounts import make_candidate, make_user
from tests.factories.assessments import make_assessor
from tests.factories.certificates import make_past_certificate
from tests.factories.content import make_question
from tests.factories.corridor import make_venue
from tests.factories.institutions import make_officer, person_row
from tests.fuzz import hostile
from tests.fuzz.conftest import share
from tests.fuzz.watching import writes

pytestmark = pytest.mark.django_db

IMPORTED = sorted(kind for kind, resource in RESOURCES.items() if resource.is_importable)
#: Personal data is refused as a file, before anything is read: what is written of such a run has no faults either.
cells = st.one_of(
    hostile.texts.filter(lambda text: len(text) < 40_000),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.none(),
    st.sampled_from(["ya", "tidak", "Aktif", "K", "BK", "2026-01-31", "31/01/2026", "31-02-2026", "45000", "1e5"]),
)


#: What a spreadsheet cannot hold.
UNFIT = (IllegalCharacterError, UnicodeEncodeError, ValueError, OverflowError)


class Made(bytes):
    """A file that is told in a line when it is what fails."""

    def __repr__(self) -> str:
        return f"{bytes(self[:1500])!r} ({len(self)} bytes)"


@st.composite
def spoiled(draw, titles: list[str], rows: list[list]) -> list[list]:
    """The table with its headings, one to four things of it changed."""
    table = [list(titles), *(list(row) for row in rows)]
    for _change in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(table) - 1, 0)))
        column = draw(st.integers(0, max(len(titles) - 1, 0)))
        way = draw(
            st.sampled_from(
                ("cell", "cell", "cell", "cell", "twice", "gone", "column gone", "longer", "heading", "order")
            )
        )
        if way == "cell" and place:
            table[place][column : column + 1] = [draw(cells)]
        elif way == "twice":
            table.append(list(table[place]))
        elif way == "gone" and len(table) > 1:
            del table[place]
        elif way == "column gone":
            for row in table:
                del row[column : column + 1]
        elif way == "longer":
            table[place] += [draw(cells), draw(cells)]
        elif way == "heading":
            table[0][column : column + 1] = [draw(st.one_of(cells, st.sampled_from(titles), st.just("NIK")))]
        elif way == "order":
            table = [list(reversed(row)) for row in table]
    return table


def as_csv(table: list[list], delimiter: str, encoding: str) -> bytes:
    lines = (
        delimiter.join('"' + ("" if cell is None else str(cell)).replace('"', '""') + '"' for cell in row)
        for row in table
    )
    return "\r\n".join(lines).encode(encoding, "replace")


def as_xlsx(table: list[list]) -> bytes | None:
    """None for what no spreadsheet can hold."""
    book = openpyxl.Workbook()
    try:
        for row in table:
            book.active.append(row)
    except UNFIT:
        return None
    out = io.BytesIO()
    try:
        book.save(out)
    except UNFIT:
        return None
    return out.getvalue()


@st.composite
def files(draw, titles: list[str], rows: list[list]) -> bytes:
    table = draw(spoiled(titles, rows))
    form = draw(st.sampled_from(("csv", "csv", "xlsx")))
    content = as_xlsx(table) if form == "xlsx" else None
    if content is None:
        content = as_csv(
            table, draw(st.sampled_from(";,\t|")), draw(st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16")))
        )
    way = draw(st.sampled_from(("whole",) * 8 + ("cut", "spoiled")))
    # Not bounded by its length: that of a compressed file differs by the second in which it was made.
    place = draw(st.integers(0, 2**16)) % (len(content) + 1)
    if way == "cut":
        return Made(content[:place])
    if way == "spoiled":
        return Made(content[:place] + draw(st.binary(min_size=1, max_size=6)) + content[place + 3 :])
    return Made(content)


def rows_for(kind: str, by) -> tuple[list[str], list[list]]:
    """Headings, and rows as they are stored and as the template shows them."""
    resource = RESOURCES[kind](by=by)
    specs = resource.import_columns()
    fields = {name: column for name, column in resource.columns().items() if not column.readonly}
    stored = resource.export_rows(resource._meta.model._default_manager.all()[:2], list(fields))
    example = [
        next(iter(spec.choices() or [""]), "") if spec.choices and not spec.example else spec.example for spec in specs
    ]
    return [spec.title for spec in specs], [example, *stored]


def some_of_each() -> None:
    make_candidate()
    make_assessor()
    make_venue()
    make_question()
    make_past_certificate()


@pytest.mark.parametrize("kind", [*IMPORTED, workbook.KIND])
def test_an_import_tells_its_faults_or_writes_all_of_it(kind, undone, findings):
    some_of_each()
    by = make_user(role="sekretariat" if kind != "user" else "administrator")
    job = job_of(kind, by, change_published_text=True)
    if kind == workbook.KIND:
        whole = workbook.workbook_of_version(current_version("distribusi-bantuan"))
        made = broken_book(lambda: whole)
    else:
        made = files(*rows_for(kind, by))

    @share(0.06, small=3, among=len(IMPORTED) + 1)
    @given(made)
    def hand_in(content):
        findings.cases += 1
        with undone():
            through(job, content, by=by)

    hand_in()
    findings.close()


@st.composite
def broken_book(draw, whole: Callable[[], bytes]) -> bytes:
    """A workbook of a scheme with some of its cells changed."""
    book = openpyxl.load_workbook(io.BytesIO(whole()))
    for _change in range(draw(st.integers(0, 4))):
        sheet = book[draw(st.sampled_from(book.sheetnames))]
        cell = sheet.cell(draw(st.integers(1, min(sheet.max_row, 30))), draw(st.integers(1, sheet.max_column)))
        with suppress(*UNFIT, AttributeError):
            cell.value = draw(cells)
    out = io.BytesIO()
    try:
        book.save(out)
    except UNFIT:
        return Made(whole())
    return Made(out.getvalue())


def through(job, content: bytes, *, by) -> None:
    """Check, consent, check again. The check writes nothing; the consent all or nothing; then there is nothing to do."""
    with writes() as looked:
        report = looked_at(job, content)
    assert not looked.tables, f"the check wrote {looked.tables}"
    if report is None:
        return
    assert all(fault.message and fault.row >= 0 for fault in report.faults)
    run = keep_run(kind=job.kind, kind_title=job.title, content=content, file_name="a.csv", report=report, by=by)
    with writes() as written:
        try:
            run = apply_run(run=run, check=job.check, write=job.write, by=by)
        except DomainError:
            assert written.tables <= {"core_importrun"}, f"refused, yet wrote {written.tables}"
            assert run.outcome in (ImportOutcome.FAULTY, ImportOutcome.UNCHANGED), "what was shown as good was refused"
            return
    assert not report.faults
    again = job.check(content)
    assert not again.writes_something, f"the same file again would change {again.differences[:3]}"


def looked_at(job, content: bytes):
    """The report; None for a file that is refused as a whole."""
    try:
        return job.check(content)
    except DomainError:
        return None


def test_a_list_of_people_tells_its_faults_or_invites_them_all(undone, findings):
    officer = make_officer()
    titles = [spec.title for spec in people_file.columns(people_file.open_schemes())]
    rows = [person_row(), person_row()]

    @share(0.02, small=6)
    @given(files(titles, rows), st.booleans())
    def hand_in(content, leaves_out):
        findings.cases += 1
        with undone():
            try:
                run = check_upload(
                    institution=officer.officer.institution, content=content, file_name="a.csv", by=officer
                )
            except DomainError:
                return
            has_faults, good = run.outcome == ImportOutcome.FAULTY, run.counts["baru"]
            before = Invitation.objects.count()
            try:
                batch = send_invitations(run=run, leaves_out_faults=leaves_out, by=officer)
            except DomainError:
                assert Invitation.objects.count() == before
                assert (has_faults and not leaves_out) or not good
                return
            assert not has_faults or leaves_out
            assert Invitation.objects.count() - before == batch.people == good

    hand_in()
    findings.close()


def test_an_ordinary_file_is_written():
    """The fuzz can tell: what it begins with is taken."""
    by = make_user(role="sekretariat")
    make_venue()
    titles, rows = rows_for("venue", by)

    assert not job_of("venue", by).check(csv_bytes(titles, rows[1:])).faults
