"""“Rekap dokumen”: who sees it, that each figure opens the list with the same number, and the file that is taken out."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.html import strip_tags
from openpyxl import load_workbook

from backoffice.dashboard.charts import Chart, Size
from core.activity.models import ActivityEntry
from core.documents.models import Document, DocumentType
from core.documents.services import destroy_document
from core.reports.recount import renew_recap
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case
from tests.factories.documents import make_document

pytestmark = pytest.mark.django_db

PAGE = "/admin/rekap-dokumen/"
FILE = f"{PAGE}ekspor/"


@pytest.fixture
def office():
    """Two cases, papers that lie nowhere, one that was destroyed; everything counted."""
    cases = [make_application(status="accepted"), make_case("certified").application]
    person = make_user(role="asesi")
    make_document(owner=person)
    destroy_document(document=make_document(owner=person), number="1/BA", by=None)
    renew_recap()
    return cases


def charts_of(page) -> dict[str, Chart]:
    return {chart.key: chart for chart in page.context["charts"] + page.context["case_charts"]}


def rows_behind(client, link: str) -> int:
    found = client.get(link)
    assert found.status_code == 200, link
    return found.context["cl"].queryset.count()


def test_every_figure_opens_the_list_that_shows_as_many(as_role, office):
    client = as_role("sekretariat")
    seen = {}
    for chart in charts_of(client.get(PAGE)).values():
        figures = [figure for _title, row in chart.rows for figure in row] + chart.foot
        for figure in figures:
            if figure.link and figure.value and not isinstance(figure, Size):
                seen[chart.key] = figure.link
                assert rows_behind(client, figure.link) == figure.value, (chart.key, figure)
    # Sizes belong to the same lists; texts and all others lead somewhere.
    assert seen.keys() >= {"masuk", "pertumbuhan", "jenis", "skema", "penyimpanan", "keadaan", "teks", "kurang"}
    assert seen.keys() >= {"lengkap-skema", "lengkap-waktu"}


def test_what_is_asked_for_narrows_figures_and_lists_alike(as_role, office):
    client = as_role("administrator")
    scheme = office[0].scheme_version.scheme.code
    for query in (f"?skema={scheme}", "?jenis=ktp", "?per=3", "?per=12&dari=2025-02&sampai=2026-12"):
        for chart in charts_of(client.get(PAGE + query)).values():
            for _title, row in chart.rows:
                figure = row[0]
                if figure.link and figure.value and not isinstance(figure, Size):
                    assert rows_behind(client, figure.link) == figure.value, (query, chart.key)


@pytest.mark.parametrize("query", ["?dari=abc&sampai=0000-99", "?per=7&jenis=tidak-ada&skema=x", "?dari=9999-01"])
def test_nonsense_in_the_address_is_left_out(as_role, office, query):
    assert as_role("sekretariat").get(PAGE + query).status_code == 200


def test_bnsp_reads_the_sums_and_opens_cases_only(as_role, office):
    client = as_role("bnsp")
    page = client.get(PAGE)
    charts = charts_of(page)
    assert charts["masuk"].foot[0].value == Document.objects.count()
    assert all(not figure.link for _title, row in charts["jenis"].rows for figure in row)
    figure = charts["lengkap-skema"].foot[-1]
    assert rows_behind(client, figure.link) == figure.value == 2
    assert "hanya angka permohonan yang membuka daftar" in strip_tags(page.content.decode())


def test_an_assessor_has_no_recap(as_role, office):
    client = as_role("asesor")
    for address in (PAGE, f"{FILE}csv/", f"{FILE}xlsx/"):
        assert client.get(address).status_code == 403
    assert "rekap-dokumen" not in client.get("/admin/").content.decode()


def test_the_csv_holds_the_figures_of_the_screen_and_is_told(as_role, office):
    client = as_role("bnsp")
    charts = charts_of(client.get(PAGE))

    answer = client.get(f"{FILE}csv/")

    assert answer.streaming
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(content), delimiter=";")
    assert head == ["Dari", "Sampai", "Bagian", "Baris", "Kolom", "Nilai"]
    told = {(part, row, column): int(value) for _since, _until, part, row, column, value in lines}
    shown = {
        (chart.title, title, column): figure.value
        for chart in charts.values()
        for title, row in chart.rows
        for column, figure in zip(chart.head[1:], row, strict=True)
    }
    assert told == shown
    entry = ActivityEntry.objects.get(code="export.run")
    assert entry.data["title"] == "Rekap dokumen"
    assert entry.data["count"] > 10


def test_the_workbook_has_a_sheet_for_each_table_with_its_sums(as_role, office):
    client = as_role("sekretariat")
    charts = charts_of(client.get(PAGE))

    answer = client.get(f"{FILE}xlsx/?per=1")

    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == [chart.title[:31] for chart in charts.values()]
    rows = list(book["Per jenis dokumen"].values)
    assert list(rows[0]) == charts["jenis"].head
    assert list(rows[-1][1:]) == [figure.value for figure in charts["jenis"].foot]


def test_a_title_that_a_spreadsheet_would_run_is_shown_instead(as_role, office):
    DocumentType.objects.filter(code="ktp").update(title="=1+1|cmd")
    client = as_role("sekretariat")
    content = b"".join(client.get(f"{FILE}csv/").streaming_content).decode()
    assert ";'=1+1|cmd;" in content
    book = load_workbook(io.BytesIO(b"".join(client.get(f"{FILE}xlsx/").streaming_content)))
    assert "'=1+1|cmd" in [row[0] for row in book["Per jenis dokumen"].values]
    assert client.get(f"{FILE}pdf/").status_code == 404


def test_the_page_for_paper_holds_the_same_tables(as_role, office):
    client = as_role("sekretariat")
    charts = charts_of(client.get(PAGE))
    page = client.get(f"{PAGE}?cetak").content.decode()
    for chart in charts.values():
        assert chart.title in page
    assert "<nav" not in page


def test_files_that_are_examined_again_and_days_that_are_counted_again_are_told(as_role, office):
    client = as_role("sekretariat")
    assert "diperiksa ulang" not in client.get(PAGE).content.decode()
    office[0].save()
    assert "diperiksa ulang" in client.get(PAGE).content.decode()
    renew_recap()
    assert "diperiksa ulang" not in client.get(PAGE).content.decode()


def test_links_name_the_period_and_what_was_asked(as_role, office):
    page = as_role("sekretariat").get(f"{PAGE}?dari=2026-01&sampai=2026-03&jenis=ktp")
    query = parse_qs(urlsplit(charts_of(page)["masuk"].foot[0].link).query)
    assert query == {"created_at_from": ["01-01-2026"], "created_at_to": ["31-03-2026"], "jenis": ["ktp"]}


def test_the_page_asks_as_many_questions_whatever_there_is(as_role, office, django_assert_max_num_queries):
    client = as_role("sekretariat")
    client.get(PAGE)

    def questions() -> int:
        with django_assert_max_num_queries(25) as asked:
            client.get(PAGE)
        return len(asked)

    few = questions()
    person = make_user(role="asesi")
    for _paper in range(5):
        make_document(owner=person)
    renew_recap()
    assert questions() == few
