"""The tables of a recap as a file: one value per line for a pivot table, or a sheet for each table."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from backoffice.dashboard.charts import Chart
from core.documents.serving import private
from core.imports.tables import ColumnSpec
from core.imports.writing import CSV_TYPE, XLSX_TYPE, SheetOut, csv_lines, xlsx_file

#: Titles of columns are a data format, not words of the screen.
CSV_HEAD = ("Dari", "Sampai", "Bagian", "Baris", "Kolom", "Nilai")


def recap_file(scope: Any, tables: Sequence[Chart], *, kind: str, name: str) -> HttpResponseBase:
    """`scope`: with the first and the last day, `since` and `until`; `kind`: csv or xlsx; sizes are in bytes."""
    response: HttpResponseBase
    if kind == "xlsx":
        file = xlsx_file(_sheets(tables))
        response = FileResponse(file, as_attachment=True, filename=name, content_type=XLSX_TYPE)
    else:
        response = StreamingHttpResponse(csv_lines(CSV_HEAD, _csv_rows(scope, tables)), content_type=CSV_TYPE)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


def _csv_rows(scope: Any, tables: Sequence[Chart]) -> Iterator[list[Any]]:
    for table in tables:
        for title, figures in table.rows:
            for column, figure in zip(table.head[1:], figures, strict=True):
                yield [scope.since, scope.until, table.title, title, column, figure.value]


def _sheets(tables: Sequence[Chart]) -> Iterator[SheetOut]:
    """With the sums at the foot."""
    for table in tables:
        columns = [ColumnSpec(title, width=40 if place == 0 else 18) for place, title in enumerate(table.head)]
        rows = ([title, *(figure.value for figure in figures)] for title, figures in table.rows)
        foot = [["Jumlah", *(figure.value for figure in table.foot)]] if table.foot else []
        yield SheetOut(table.title[:31], columns, chain(rows, foot))
