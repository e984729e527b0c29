"""Spreadsheets that were handed in."""

from core.accounts.models import User
from core.imports.models import ImportRun
from core.imports.report import Difference, Report
from core.imports.services import keep_run
from tests.factories.accounts import make_user


def make_import_run(
    *, by: User | None = None, content: bytes = b"Kunci;Nama\nsim;SIM\n", kind: str = "documenttype"
) -> ImportRun:
    """A list of kinds of papers that waits for consent to one new row."""
    report = Report("csv", ["Kunci", "Nama"], 1, differences=[Difference("", 2, "SIM", "baru")])
    return keep_run(
        kind=kind,
        kind_title="Jenis dokumen",
        content=content,
        file_name="jenis.csv",
        report=report,
        by=by or make_user(role="sekretariat"),
    )
