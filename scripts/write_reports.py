"""`make reports`: the reports to the client in server_docs/reports/ as PDF and DOCX in var/reports/.

What people still have to fill in ([diisi: …]) is marked yellow in both, and counted here.
"""

import os
import re
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")

import django  # noqa: E402

django.setup()

from dataclasses import replace  # noqa: E402

from django.template.defaultfilters import date as written  # noqa: E402
from django.utils import translation  # noqa: E402

from core.common.version import version  # noqa: E402
from core.manual.pages import ManualPage, plain, to_html  # noqa: E402
from core.manual.pdf import pages_pdf  # noqa: E402
from scripts.reports_docx import BLANK, write_docx  # noqa: E402

REPORTS = ROOT / "server_docs" / "reports"
FOLDER = ROOT / "var" / "reports"
YELLOW = r'<span style="background-color: #fff2ab">\1</span>'


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    translation.activate("id")
    day = date.today()
    for path in sorted(REPORTS.glob("*.md")):
        report = ManualPage.read(path.stem, path, to_html)
        summary = plain(" ".join(report.source.partition("\n")[2].strip().split("\n\n", 1)[0].split()))
        marked = replace(report, source=BLANK.sub(YELLOW, re.sub(r"`(\[diisi[^\]]*\])`", r"\1", report.source)))
        pdf = pages_pdf(report.title, summary, [marked], version=version(), day=day)
        (FOLDER / f"{path.stem}.pdf").write_bytes(pdf.content)
        write_docx(report, FOLDER / f"{path.stem}.docx", subtitle=f"Versi {version()} · {written(day, 'j F Y')}")
        blanks = len(set(re.findall(BLANK, report.source)))
        print(f"var/reports/{path.stem}: PDF {pdf.pages} halaman, DOCX; {blanks} hal masih harus diisi")


if __name__ == "__main__":
    main()
