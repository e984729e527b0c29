"""Text for every document of a database that `fill` filled: words as often as words are, the head from the case.

A tenth of the words anybody draws is one of forty that stand in half of all papers; the rarest stand in a few.
"""

import random
import re
from itertools import accumulate, islice, product
from typing import Any

from tests.benchmarks.fill import SYLLABLES, words

COMMON = words(
    "dan yang di dengan untuk pada bencana kegiatan logistik peserta sertifikat kompetensi penanggulangan tanggal nomor "
    "telah daerah badan nasional surat tugas bpbd pelatihan jam kepala selama evakuasi posko gempa banjir relawan tahun "
    "nama jabatan pengalaman laporan lokasi korban bantuan distribusi"
)
#: Of so many different words the papers are made; the 1000th stands in some 1.5 % of them.
VOCABULARY = 60_000
WORDS_IN_TEXT = 90
#: So many different texts; each is given to every so manieth document, each time under other names and numbers.
TEXTS = 100_000
BATCH = 2000


def vocabulary(draw: random.Random) -> list[str]:
    made = ["".join(parts) for parts in islice(product(SYLLABLES, repeat=4), VOCABULARY)]
    draw.shuffle(made)
    return [*COMMON, *made]


def marked(text: str) -> str:
    """SQL for the words of a name, as `core.documents.words` writes them."""
    return f"CONCAT(' zz', REPLACE(LOWER(REPLACE(REPLACE({text}, '-', ' '), '.', ' ')), ' ', ' zz'))"


def fill_texts(cursor: Any, size: int) -> None:
    draw = random.Random(7)
    known = vocabulary(draw)
    weights = list(accumulate(1 / (rank + 12) for rank in range(len(known))))
    cursor.execute("CREATE TABLE bench_text (id BIGINT PRIMARY KEY, words TEXT, body TEXT)")
    for first in range(0, min(TEXTS, size), BATCH):
        texts = [draw.choices(known, cum_weights=weights, k=WORDS_IN_TEXT) for _text in range(BATCH)]
        rows = [
            (first + number, "".join(f" zz{word}" for word in dict.fromkeys(text)), " ".join(text))
            for number, text in enumerate(texts)
        ]
        cursor.executemany("INSERT INTO bench_text VALUES (%s, %s, %s)", rows)
    cursor.execute("SHOW CREATE TABLE core_documenttext")
    made = cursor.fetchone()[1]
    cursor.execute("DROP TABLE core_documenttext")
    # Indexed when it is full; anew, since rows written where such an index was dropped are never found by the next one.
    cursor.execute(re.sub(r",\s*FULLTEXT KEY [^\n]*?\)(?=,|\n)", "", made))
    cursor.execute(
        f"""INSERT INTO core_documenttext (document_id, words, body, source, attempts, is_stale, updated_at)
        SELECT STRAIGHT_JOIN d.id, CONCAT(' xx', d.id DIV 4096,
            ' zzapl zz2026 zz', LPAD(d.id, 7, '0'), ' yy', {marked("k.title")}, {marked("u.full_name")}, t.words, ' '),
          t.body, IF(d.id MOD 3, 'ocr', 'lapisan'), 1, 0, NOW()
        FROM core_document d JOIN core_documenttype k ON k.id = d.document_type_id JOIN core_user u ON u.id = d.owner_id
        JOIN bench_text t ON t.id = d.id MOD {min(TEXTS, size)} ORDER BY d.id"""
    )
    cursor.execute("DROP TABLE bench_text")
    cursor.execute("ALTER TABLE core_documenttext ADD FULLTEXT INDEX core_documenttext_fts (words)")
    cursor.execute("ANALYZE TABLE core_documenttext")
    cursor.fetchall()
