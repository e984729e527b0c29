"""The files that exercises name: what is uploaded rightly and wrongly, and lists with a fault in them."""

from collections.abc import Iterator

from core.demo.cases import paper
from core.imports.writing import csv_bytes
from core.institutions.people_file import EMAIL, NAME, POSITION, SCHEME

#: Of the scheme that the invited people are to apply for.
INVITED_TO = "Pelayanan Pertolongan Pertama"
VENUE_HEADINGS = ("Kode TUK", "Nama TUK", "Jenis TUK", "Daya tampung", "Verifikasi berlaku sampai")
#: No such day; the exercise puts the last of December in its place.
BAD_DAY = "31-31-2027"


def practice_files(participants: int) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each; lists come once per participant, so that nobody writes a colleague's rows."""
    yield "ktp-hana.jpg", paper("KTP, foto baru", "Hana Latihan").getvalue()
    yield "foto-kucing.jpg", paper("Foto kucing", "Bukan dokumen").getvalue()
    yield "fr-ia-01.jpg", paper("FR.IA.01 bertanda tangan", "Umi Latihan").getvalue()
    yield "rusak.pdf", b"Ini bukan PDF, hanya tulisan.\n"
    for number in range(1, participants + 1):
        yield f"tuk-{number:02d}.csv", csv_bytes(list(VENUE_HEADINGS), _venues(number))
        yield f"orang-{number:02d}.csv", csv_bytes([NAME, EMAIL, POSITION, SCHEME], _people(number))


def _venues(number: int) -> list[list[str]]:
    days = ("31-12-2027", BAD_DAY, "31-12-2027")
    return [
        [f"tuk-impor-t{number:02d}-{row}", f"TUK Impor T{number:02d} nomor {row}", "TUK mandiri", "20", day]
        for row, day in enumerate(days, start=1)
    ]


def _people(number: int) -> list[list[str]]:
    """The third has the address of the second."""
    addresses = ("satu", "dua", "dua")
    return [
        [f"{name} Latihan I{number:02d}", f"{address}{number:02d}@latihan.contoh.id", "Relawan", INVITED_TO]
        for name, address in zip(("Satria", "Dinda", "Tirta"), addresses, strict=True)
    ]
