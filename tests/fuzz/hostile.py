"""What nobody types by accident: values for fields, changes to a form, and files, as hypothesis makes them.

Every text carries the word `zzq`, so that `watching.py` finds again what a page printed of it.
"""

import io
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter

MARKUP = (
    "<zzq>", '"><zzq>', "'><zzq onload=1>", "</script><zzq>", "</textarea><zzq>", "--><zzq>", "]]><zzq>",
    '" onzzq="1', "' onzzq='1", "` onzzq=`1", "javascript:zzq()", "[x](javascript:zzq())", "![x](x\" onzzq=\"1)",
    "<a href=javascript:zzq()>x</a>", "data:text/html,<zzq>", '";zzq()//', "';zzq()//", "\\';zzq()//",
    "{{ zzq }}{% zzq %}", "${zzq}", "&lt;zzq&gt;", "%3Czzq%3E", "<zzq\x00>", "<<zzq>>", "<ZZQ/>",
)  # fmt: skip
FORMULAS = ("=zzq()", "+zzq", "-zzq", "@zzq", "\t=zzq()", "\r=zzq()", "＝zzq()", '=HYPERLINK("http://zzq")', "|zzq")
DATABASE = (
    "' OR 1=1 -- zzq",
    '"; DROP TABLE core_user; -- zzq',
    "%zzq_%",
    "zzq\\",
    "zzq'",
    '"zzq',
    "zzq*",
    "+zzq -zzq",
)
LETTERS = (
    "zzq\x00", "\x00", "\ud800zzq", "zzq😀😀", "\u202ezzq", "\u200bzzq\u200f", "zzq\r\nBcc: a@contoh.id", "zzq\x1b[31m",
    "ｚｚｑ", "zzq" + "a\u0301" * 40, "İzzqı", "ßzzq", "\ufeffzzq", "zzq\u2028", "\x85", "zzq\x0b", "﷽zzq",
)  # fmt: skip
LENGTHS = ("", " ", "\n", "zzq" * 90, "zzq " * 400, "z" * 70_000, "😀" * 300)
NUMBERS = (
    "0", "-1", "1", "2", "-0", "007", "1e9", "1e400", "NaN", "Infinity", "-inf", "0x10", "1_000", "1.5", "1,5", "٣", "²",
    "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "1" * 5000,
    "65536", "32768", "4294967296", "0.1" + "0" * 60 + "1", "9" * 19,
)  # fmt: skip
DATES = (
    "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "31/12/2026", "2026-11-27", "1899-12-31",
    "2026-11-27T25:61", "2026-11-27T09:00", "2026-11-27 09:00:00+99:00", "24:00", "09:00", "-1:00", "2026-W53-7", "27-11-2026",
    "9999-12-31T23:59", "0001-01-01T00:00",
)  # fmt: skip
OTHERS = (
    "on", "true", "false", "None", "null", "undefined", "[]", "{}", '{"zzq": 1}', '["zzq"]', "[" * 2000, "1,2,zzq",
    "../../../etc/passwd", "//zzq.example/", "https://zzq.example", "zzq@contoh.id", "zzq@@contoh", "a" * 250 + "@contoh.id",
    "00000000-0000-0000-0000-000000000000", "zzq-tidak-ada", "+6281234567890", "3508012345678901", "*", ".", "__all__",
)  # fmt: skip

#: One after the other, most telling first: hypothesis draws the first ones more often when it has few examples.
KNOWN = (*MARKUP, *FORMULAS, *DATABASE, *LETTERS, *LENGTHS, *NUMBERS, *DATES, *OTHERS)
texts = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(MARKUP),
    st.text(max_size=40).map(lambda text: text + "<zzq>"),
    st.integers().map(str),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()[:16]),
)
#: For addresses: what a browser can send behind the question mark.
queries = st.sampled_from(KNOWN).filter(lambda text: len(text) < 3000)


def a_picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (12, 9), "white").save(out, kind)
    return out.getvalue()


def a_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


PDF, PNG, JPEG = a_pdf(), a_picture(), a_picture("JPEG")
WHOLE = (PDF, PNG, JPEG)
MAGIC = (
    b"%PDF-1.7\n",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    b"PK\x03\x04",
    b"GIF89a",
    b"MZ",
    b"<svg ",
    b"RIFF",
)
NAMES = (
    "berkas.pdf", "foto.png", "foto.jpg", "berkas.PDF", "berkas.exe", "foto.pdf.exe", "", ".", "..", "../../zzq.pdf",
    "<zzq>.pdf", '"onzzq="1.pdf', "zzq\x00.pdf", "zzq\r\n.pdf", "\u202efdp.zzq", "z" * 300 + ".pdf", "=zzq().csv",
    "con.pdf", "berkas", "data.xlsx", "data.csv", "😀.pdf", "C:\\zzq\\a.pdf",
)  # fmt: skip
TYPES = (
    "application/pdf",
    "image/png",
    "image/jpeg",
    "text/html",
    "application/octet-stream",
    "",
    "zzq/<zzq>",
    "text/csv",
)


@st.composite
def contents(draw) -> bytes:
    """Bytes of a file: whole, cut off, spoiled in the middle, of two kinds at once, or only the beginning of a kind."""
    way = draw(st.sampled_from(("whole", "cut", "spoiled", "polyglot", "magic", "anything")))
    whole = draw(st.sampled_from(WHOLE))
    if way == "whole":
        return whole
    if way == "cut":
        return whole[: draw(st.integers(0, len(whole)))]
    if way == "spoiled":
        place = draw(st.integers(0, len(whole) - 1))
        return whole[:place] + draw(st.binary(min_size=1, max_size=8)) + whole[place + draw(st.integers(0, 8)) :]
    if way == "polyglot":
        return whole + draw(st.sampled_from((*WHOLE, *MAGIC, b"<script>zzq()</script>", b"\n<?php zzq(); ?>")))
    if way == "magic":
        return draw(st.sampled_from(MAGIC)) + draw(st.binary(max_size=300))
    return draw(st.binary(max_size=300))


@st.composite
def files(draw) -> SimpleUploadedFile:
    """A file as a browser sends it: its bytes, its name and its declared type need not agree."""
    found = SimpleUploadedFile("x", draw(contents()), draw(st.sampled_from(TYPES)))
    # Past Django's own cleaning in the constructor: the other side sends what it likes.
    found._name = draw(st.sampled_from(NAMES))
    return found


@dataclass(frozen=True)
class Change:
    """One deviation from what the form would have sent."""

    kind: str
    field: str
    values: tuple = ()


CHANGES = ("set", "set", "set", "set", "drop", "repeat", "file", "invent")


@st.composite
def changes(draw, fields: tuple[str, ...], *, most: int = 3) -> list[Change]:
    """One to `most` deviations; `fields` are the names that the form, or the view, knows."""
    found = []
    for _number in range(draw(st.integers(1, most))):
        kind = draw(st.sampled_from(CHANGES)) if fields else "invent"
        field = draw(st.sampled_from(fields)) if kind != "invent" else "zzq<zzq>"
        if kind == "file":
            values = (draw(files()),)
        else:
            values = tuple(draw(texts) for _value in range({"drop": 0, "repeat": 2}.get(kind, 1)))
        found.append(Change(kind, field, values))
    return found
