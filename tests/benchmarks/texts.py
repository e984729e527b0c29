"""Text for every document of a database that `fill` filled: words as often as words are, the head from the case.

A tenth of the words anybody draws is one of forty that stand in half of all papers; the rarest stand in a few.
"""

import random
from itertools import accumulate, product
from typing import Any

from core.documents.words import written
from tests.benchmarks.fill import SYLLABLES, words

COMMON = words(
    "dan yang di dengan untuk pada bencana kegiatan logistik peserta sertifikat kompetensi penanggulangan tanggal nomor "
    "telah daerah badan nasional surat tugas bpbd pelatihan jam kepala selama evakuasi posko gempa banjir relawan tahun "
    "nama jabatan pengalaman laporan lokasi korban bantuan distribusi"
)
#: Of so many different words the papers are made; the 1000th stands in some 1.5 % of them.
VOCABULARY = 60_000
WORDS_IN_TEXT = 90
BATCH = 2000


def vocabulary() -> list[str]:
    made = ("".join(parts) for parts in product(SYLLABLES, repeat=4))
    return [*COMMON, *(word for _number, word in zip(range(VOCABULARY), made, strict=False))]


def fill_texts(cursor: Any) -> None:
    draw, known = random.Random(7), vocabulary()
    draw_from = known[: len(COMMON)], known[len(COMMON) :]
    draw.shuffle(draw_from[1])
    known = [*draw_from[0], *draw_from[1]]
    weights = list(accumulate(1 / (rank + 12) for rank in range(len(known))))
    cursor.execute("ALTER TABLE core_documenttext DROP INDEX core_documenttext_fts")
    cursor.execute("SELECT MAX(id) FROM core_document")
    last = cursor.fetchone()[0] or 0
    for first in range(0, last + 1, BATCH):
        cursor.execute(
            """SELECT d.id, k.title, d.file_name, u.full_name, a.number, s.title, d.document_type_id
               FROM core_document d JOIN core_documenttype k ON k.id = d.document_type_id
               JOIN core_user u ON u.id = d.owner_id LEFT JOIN core_casedocument c ON c.document_id = d.id
               LEFT JOIN core_application a ON a.id = c.application_id
               LEFT JOIN core_schemeversion v ON v.id = a.scheme_version_id LEFT JOIN core_scheme s ON s.id = v.scheme_id
               WHERE d.id >= %s AND d.id < %s""",
            [first, first + BATCH],
        )
        rows = []
        for key, kind, file_name, person, number, scheme, _kind in cursor.fetchall():
            text = " ".join(draw.choices(known, cum_weights=weights, k=WORDS_IN_TEXT))
            head = written([kind, file_name, person, text], [number or "", scheme or ""])
            rows.append((key, head, text, "ocr" if key % 3 else "lapisan"))
        if rows:
            cursor.executemany(
                "INSERT INTO core_documenttext (document_id, words, body, source, attempts, is_stale, updated_at) "
                "VALUES (%s, %s, %s, %s, 1, 0, NOW())",
                rows,
            )
    cursor.execute("ALTER TABLE core_documenttext ADD FULLTEXT INDEX core_documenttext_fts (words)")
    cursor.execute("ANALYZE TABLE core_documenttext")
    cursor.fetchall()
