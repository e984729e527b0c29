"""What a cell says: texts, numbers, days, yes or no. Every refusal tells what to write instead."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.common.text import clean_text

EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})
#: What our own files put in front of a text that a spreadsheet would take for a formula.
_NEUTRALISED = re.compile(r"^'(?='*[=+\-@\t\r])")
_SCIENTIFIC = re.compile(r"^[+-]?\d+([.,]\d+)?[eE]\+?\d{2,}$")
_ISO_DAY = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_LOCAL_DAY = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_WORDY_DAY = re.compile(r"^(\d{1,2})[-/. ]+([A-Za-z]{3,9})\.?,?[-/. ]+(\d{4})$")
#: Months by the beginning of their names, Indonesian and English.
_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "ags": 8,
    "agt": 8, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
#: A cell that Excel shows as a number although it is a day (1 January 1990 to the end of 2099).
_SERIALS = range(32_874, 73_051)
_SHORT_YEAR = re.compile(r"^\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}$")
MAX_NUMBER = 32_767  # what a small whole number of every database holds
YES = frozenset({"ya", "y", "yes", "true", "benar", "1"})
NO = frozenset({"tidak", "t", "no", "n", "false", "salah", "0"})


class BadValue(ValueError):
    """A cell that cannot be taken; the message is a whole sentence.

    `kind`: what all faults of this sort are called together, where the sentence names the single case.
    """

    def __init__(self, message: str, *, kind: str = ""):
        super().__init__(message)
        self.kind = kind


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def plain(value: Any) -> str:
    """A cell as a person sees it, for reports."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    if isinstance(value, (date, datetime)):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def text(value: Any) -> str:
    """A text, as it stands. Numbers of a spreadsheet are taken as their digits, unless digits were lost."""
    if isinstance(value, (datetime, date)):
        raise BadValue(
            _("Excel menyimpan isian ini sebagai tanggal. Ubah format kolom menjadi Teks, lalu ketik ulang isinya.")
        )
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= 10**15:
            raise BadValue(_digits_lost())
        return plain(value)
    found = clean_text(_NEUTRALISED.sub("", plain(value)))
    if _SCIENTIFIC.match(found):
        raise BadValue(_digits_lost())
    if found in EXCEL_ERRORS:
        raise BadValue(_("Sel ini berisi kesalahan Excel. Isi ulang dengan nilai yang benar."))
    return found


def _digits_lost() -> str:
    return _(
        "Excel mengubah deretan angka ini menjadi bilangan (seperti 3,2E+15) sehingga angka terakhirnya hilang. "
        "Ubah format kolom menjadi Teks, lalu ketik ulang angkanya."
    )


def whole_number(value: Any) -> int | None:
    if is_blank(value):
        return None
    found = plain(value).strip()
    if not re.fullmatch(r"[0-9]{1,5}", found) or int(found) > MAX_NUMBER:
        raise BadValue(_("Isi bilangan bulat tanpa titik atau koma, paling besar 32767, misalnya 36."))
    return int(found)


def yes_no(value: Any) -> bool | None:
    if is_blank(value):
        return None
    found = plain(value).strip().casefold()
    if found in YES or found in NO:
        return found in YES
    raise BadValue(_("Isi “ya” atau “tidak”."))


def choice(value: Any, options: Mapping[str, Any]) -> Any:
    """One of `options` (label or key → value), whatever the capitals; None for a blank cell."""
    if is_blank(value):
        return None
    wanted = " ".join(text(value).casefold().split())
    for label, found in options.items():
        if wanted in (str(label).casefold(), str(found).casefold()):
            return found
    raise BadValue(_("Isi salah satu dari: %(options)s.") % {"options": _some(list(options))})


def _some(labels: list[str], limit: int = 8) -> str:
    shown = ", ".join(str(label) for label in labels[:limit])
    return shown + (_(", … (seluruhnya di lembar Pilihan)") if len(labels) > limit else "")


def day(value: Any) -> date | None:
    """A day: an Excel date (also one shown as a number), 2026-11-24, 24/11/2026 or 24 Nov 2026; the day comes first."""
    if is_blank(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and int(value) in _SERIALS:
        return (datetime(1899, 12, 30) + timedelta(days=int(value))).date()
    found = plain(value).strip()
    if (match := _WORDY_DAY.match(found)) and (month := _MONTHS.get(match[2][:3].casefold())):
        number, year = int(match[1]), int(match[3])
    elif match := _ISO_DAY.match(found):
        year, month, number = map(int, match.groups())
    elif match := _LOCAL_DAY.match(found):
        number, month, year = map(int, match.groups())
    elif _SHORT_YEAR.match(found):
        raise BadValue(_("Tahun dua angka dapat berarti abad mana saja. Tulis empat angka, misalnya 24-11-2026."))
    else:
        raise BadValue(_("Tanggal tidak dapat dibaca. Tulis seperti 24-11-2026, atau pakai format tanggal Excel."))
    if month > 12 >= number:
        raise BadValue(_("Tidak ada bulan %(month)d. Tulis hari dahulu, lalu bulan: 24-11-2026.") % {"month": month})
    try:
        return date(year, month, number)
    except ValueError as error:
        raise BadValue(_("Tanggal ini tidak ada di kalender. Tulis seperti 24-11-2026.")) from error


def day_notice(value: Any) -> str:
    """Says how a text was read that an American spreadsheet would read with the month first; "" when it is clear."""
    if not isinstance(value, str) or not (match := _LOCAL_DAY.match(value.strip())):
        return ""
    number, month = int(match[1]), int(match[2])
    if number == month or number > 12 or month > 12:
        return ""
    return _("“%(text)s” dapat berarti dua tanggal; dibaca %(day)s (hari dahulu).") % {
        "text": value.strip(),
        "day": date_format(date(int(match[3]), month, number), "j F Y"),
    }
