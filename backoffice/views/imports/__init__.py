"""Imports: one file per thing that happens to a spreadsheet that was handed in."""

# ruff: noqa: F401
from backoffice.views.imports.applying import apply_run, cancel_run, run_progress
from backoffice.views.imports.checking import check_again
from backoffice.views.imports.columns import run_columns
from backoffice.views.imports.common import get_run
from backoffice.views.imports.report import run_file, run_page, run_report
from backoffice.views.imports.upload import upload_rows, upload_workbook
from backoffice.views.imports.workbooks import download_workbook
