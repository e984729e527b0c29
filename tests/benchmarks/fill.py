"""Fills a MariaDB database with many cases, quickly: plain SQL, no service. For measuring only.

    DATABASE_URL=mysql://…/lsp_big python -m tests.benchmarks.fill 1000000

The database is migrated and loaded with reference data first. What waits at the desk is the same
whatever the size: an office has so many clerks; it is the closed cases that grow. Sessions, certificates and
surveillances are as many as cases, plenaries and appeals half as many: far more than an office has, so that no
list is quick because its table is small.

A table is given by what matters of it; columns that this checkout does not have are left out, and
columns that are not named get an empty value. So the same filler serves as the models grow.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def words(text: str) -> list[str]:
    return text.split()


#: How many cases are open, whatever the size; the newest first.
OPEN = {
    "draft": 1500,
    "returned": 1500,
    "under_review": 500,
    "submitted": 1500,
    "accepted": 400,
    "scheduled": 100,
    "assessed": 300,
    "appealed": 100,
}
#: A plenary decides on so many cases, one of so many cases is appealed.
PER_PLENARY, PER_APPEAL = 2, 2
#: So many closed cases one assessor has, as many as a long life in the trade brings.
OF_ONE_ASSESSOR = 2000
#: How many sessions lie ahead, whatever the size.
SESSIONS_AHEAD = 200
#: The closed cases lie in so many years before now, evenly.
YEARS = 3
#: So many tables are filled at once.
AT_ONCE = 3
FIRST = words(
    "Ahmad Budi Citra Dian Eko Fajar Gita Hendra Indah Joko Kartika Lukman Maya Nurul Oktavia Putu Rahmat Sari"
)
LAST = words("Santoso Nasution Siregar Tampubolon Wibowo Hidayat Kurniawan Saputra Lubis Manurung Pattiasina Wenda")
SYLLABLES = words("ra mi ko ta su na li de wa pu ba si ha yo ne ga tu me la du")
INSTITUTIONS = ("BPBD Provinsi Maluku", "BPBD Kota Padang", "Relawan Tangguh Sejahtera", "Yayasan Siaga Bersama")
#: So many small ones beside the four large, whatever the size.
OFFICES = 50_000
EMPTY = {"char": "''", "varchar": "''", "text": "''", "longtext": "''", "datetime": "NOW()", "date": "CURDATE()"}


def pick(number: str, words: Any) -> str:
    """SQL that picks a word by number."""
    return f"ELT({number} MOD {len(words)} + 1, {', '.join(repr(str(word)) for word in words)})"


class Filler:
    """Fills whole tables from MariaDB's sequence tables (`seq` counts the rows), some at once.

    A table's indexes are dropped first and built when it is full, which is far quicker than row by row; nothing is
    checked, since what is written here is known to fit.
    """

    def __init__(self, cursor: Any):
        self.cursor = cursor
        self.tables: dict[str, str] = {}

    def column(self, sql: str) -> list:
        self.cursor.execute(sql)
        return [row[0] for row in self.cursor.fetchall()]

    def insert(self, table: str, rows: int, /, **values: str) -> None:
        """Note down what `run` is to write."""
        self.cursor.execute(
            "SELECT column_name, data_type, is_nullable, column_default, extra FROM information_schema.columns "
            f"WHERE table_schema = DATABASE() AND table_name = '{table}'"
        )
        columns = {}
        for name, kind, nullable, default, extra in self.cursor.fetchall():
            if name in values:
                columns[name] = values[name]
            elif nullable == "NO" and default is None and "auto_increment" not in extra:
                columns[name] = EMPTY.get(kind, "0")
        self.tables[table] = (
            f"INSERT INTO {table} ({', '.join(f'`{name}`' for name in columns)}) "
            f"SELECT {', '.join(columns.values())} FROM seq_1_to_{rows}"
        )

    def run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(_fill, *zip(*self.tables.items(), strict=True)))


def _fill(table: str, statement: str) -> None:
    from django.db import connection  # one for each thread

    with connection.cursor() as cursor:
        cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
        cursor.execute(f"SHOW CREATE TABLE {table}")
        lines = [line.strip().rstrip(",") for line in cursor.fetchone()[1].splitlines()]
        # A foreign key goes before the index that it needs, and comes back after it.
        foreign = [line for line in lines if line.startswith("CONSTRAINT ") and " FOREIGN KEY " in line]
        keys = [line for line in lines if line.startswith(("KEY ", "UNIQUE KEY "))]
        drops = [f"DROP FOREIGN KEY `{line.split('`')[1]}`" for line in foreign]
        drops += [f"DROP KEY `{line.split('`')[1]}`" for line in keys]
        if drops:
            cursor.execute(f"ALTER TABLE {table} {', '.join(drops)}")
        cursor.execute(statement)
        if drops:
            cursor.execute(f"ALTER TABLE {table} {', '.join(f'ADD {line}' for line in (*keys, *foreign))}")
        cursor.execute(f"ANALYZE TABLE {table}")
        cursor.fetchall()
    connection.close()


def person_name(number: str = "seq") -> str:
    parts = ", ".join(pick(f"{number}{scale}", SYLLABLES) for scale in ("", " DIV 20", " DIV 400"))
    first, last = pick(f"{number} * 7 DIV 3", FIRST), pick(f"{number} DIV 11", LAST)
    return f"CONCAT({first}, ' ', {parts}, ' ', {last})"


def moment_of(size: int) -> str:
    """When the case by this number was sent."""
    return f"NOW() - INTERVAL FLOOR(({size} - seq) * {YEARS * 365 * 24 * 60} / {size}) MINUTE"


def fill_all(fill: Filler, size: int) -> None:
    """So many candidates with one case, one document and one letter each, and a tenth more without a case."""
    people, moment = size + size // 10, moment_of(size)
    base = fill.column("SELECT COALESCE(MAX(id), 0) FROM core_user")[0]
    fill.insert(
        "core_user",
        people,
        id=f"{base} + seq",
        password="'!'",
        email="CONCAT('asesi', seq + 100, '@contoh.id')",
        full_name=person_name(),
        is_active="seq MOD 500 > 0",
        email_confirmed_at="IF(seq MOD 50 = 0, NULL, NOW())",
        last_login="IF(seq MOD 3 = 0, NULL, NOW() - INTERVAL seq MOD 700 DAY)",
    )
    whose = "((seq + 2) DIV 3)"  # a name has three words
    fill.insert(
        "core_nameword",
        people * 3,
        user_id=f"{base} + {whose}",
        word=f"LOWER(SUBSTRING_INDEX(SUBSTRING_INDEX({person_name(whose)}, ' ', seq MOD 3 + 1), ' ', -1))",
    )
    role = fill.column("SELECT id FROM auth_group WHERE name = 'asesi'")[0]
    fill.insert("core_user_groups", people, user_id=f"{base} + seq", group_id=str(role))
    regions = fill.column("SELECT code FROM core_region WHERE province_id IS NOT NULL AND is_current = 1 ORDER BY code")
    fill.insert(
        "core_candidateprofile",
        people,
        id=f"{base} + seq",
        user_id=f"{base} + seq",
        version="1",
        nik_hash="SHA2(seq, 256)",
        sex="IF(seq MOD 2, 'L', 'P')",
        home_address="'Jalan Merdeka 1'",
        home_region_id=pick("seq * 31", regions),
        phone_mobile="CONCAT('+62812', LPAD(seq, 8, '0'))",
        institution=f"IF(seq MOD 2, {pick('seq DIV 2', INSTITUTIONS)}, CONCAT('Kantor ', seq MOD {OFFICES}))",
    )
    name = f"IF(seq <= 4, {pick('seq - 1', INSTITUTIONS)}, CONCAT('Kantor ', seq - 5))"
    known = fill.column("SELECT COALESCE(MAX(id), 0) FROM core_employer")[0]  # of the demo's people
    fill.insert("core_employer", OFFICES + 4, id=f"{known} + seq", name=name, key=f"CONCAT(LOWER({name}), ' *')")
    versions = fill.column("SELECT id FROM core_schemeversion WHERE status = 'terbit' ORDER BY id")
    officers = fill.column("SELECT id FROM core_user WHERE is_staff = 1 ORDER BY id")
    open_ones, status = 0, "IF(seq MOD 9 = 0, 'rejected', IF(seq MOD 8 = 0, 'not_yet_competent', 'certified'))"
    for key, count in OPEN.items():
        status = f"IF(seq > {size - open_ones - count} AND seq <= {size - open_ones}, '{key}', {status})"
        open_ones += count
    closed = size - open_ones
    sent = f"{status} <> 'draft'"
    fill.insert(
        "core_application",
        size,
        id="seq",
        code="CONCAT('x', LPAD(seq, 9, '0'))",
        number=f"IF({sent}, CONCAT('APL-2026-', LPAD(seq, 7, '0')), NULL)",
        candidate_id=f"{base} + seq",
        scheme_version_id=pick("seq * 13", versions),
        status=status,
        officer_id=f"IF({status} IN ('submitted', 'draft'), NULL, {pick('seq', officers)})",
        submitted_at=f"IF({sent}, {moment}, NULL)",
        registered_on=f"IF({sent}, DATE({moment} + INTERVAL 7 HOUR), NULL)",
        province_id=f"IF({sent}, {pick('seq * 31', [code[:2] for code in regions])}, NULL)",
        closed_at=f"IF({status} IN ('draft', 'returned', 'under_review', 'submitted'), NULL, "
        f"LEAST(NOW(), {moment} + INTERVAL 2 DAY))",
        ended_at=f"IF(seq <= {closed}, LEAST(NOW(), {moment} + INTERVAL 60 DAY), NULL)",
        days_taken=f"IF(seq <= {closed}, DATEDIFF(LEAST(NOW(), {moment} + INTERVAL 60 DAY), {moment}), NULL)",
        sex=f"IF({sent}, IF(seq MOD 2, 'L', 'P'), '')",
        age_band=f"IF({sent}, {pick('seq DIV 3', (1, 20, 30, 40, 50, 60))}, 0)",
        employer_id=f"IF({sent}, {known} + IF(seq MOD 2, seq DIV 2 MOD 4 + 1, 5 + seq MOD {OFFICES}), NULL)",
        completeness="100",
        sendings="IF(seq MOD 12 = 0, 2, 1)",
    )
    types = fill.column("SELECT id FROM core_documenttype ORDER BY id")
    fill.insert(
        "core_document",
        size,
        id="seq",
        public_id="UUID()",
        document_type_id=pick("seq", types),
        owner_id=f"{base} + seq",
        uploaded_by_id=f"{base} + seq",
        title="'KTP'",
        file_name="'ktp.jpg'",
        content_type="'image/jpeg'",
        size="90000",
        sha256="SHA2(seq, 256)",
        file="CONCAT('x/', seq)",
        state="'bersih'",
        created_at=moment,
    )
    requirement = fill.column("SELECT MIN(id) FROM core_requirement")[0]
    fill.insert("core_requirementevidence", size, id="seq", application_id="seq", requirement_id=str(requirement))
    fill.insert("core_requirementevidence_documents", size, requirementevidence_id="seq", document_id="seq")
    fill.insert("core_casedocument", size, application_id="seq", document_id="seq", is_current="1", filed_at=moment)
    # Nobody destroyed anything yet: a ninth of the cases lies behind the retention of three kinds of papers.
    fill.cursor.execute("UPDATE core_documenttype SET retention_months = 30 WHERE code IN ('ktp', 'pasfoto', 'cv')")
    fill.insert(
        "core_outboxmessage",
        size,
        recipient_id=f"{base} + seq",
        address="CONCAT('asesi', seq + 100, '@contoh.id')",
        template_key="'application-submitted'",
        subject="'Permohonan'",
        body="'Yth.'",
        status="IF(seq MOD 20000 = 7, 'gagal', 'terkirim')",
        attempts="1",
        created_at=moment,
        sent_at="NOW()",
    )
    fill_assignments(fill, size, status, closed)
    fill_decisions(fill, size, closed)
    fill_certificates(fill, size, base, [code[:2] for code in regions])
    fill_sessions(fill, size)
    fill.run()
    fill_tallies(fill.cursor)


def fill_tallies(cursor: Any) -> None:
    """What `core.reports.tally` would have folded by now."""
    cursor.execute(
        """INSERT INTO core_applicationtally (month, scheme, province, status, count, days)
           SELECT COALESCE(DATE_FORMAT(registered_on, '%Y-%m-01'), '1900-01-01'), v.scheme_id,
             COALESCE(a.province_id, ''), a.status, COUNT(*), COALESCE(SUM(days_taken), 0)
           FROM core_application a JOIN core_schemeversion v ON v.id = a.scheme_version_id GROUP BY 1, 2, 3, 4"""
    )
    given = "LEFT JOIN core_{0} g ON g.application_id = a.id AND g.in_force = 1"
    seated = "LEFT JOIN core_assessmentsession s ON s.id = g.session_id"
    for facet, value, join in (
        ("version", "a.scheme_version_id", ""),
        ("sex", "FIELD(a.sex, 'L', 'P')", ""),
        ("age_band", "a.age_band", ""),
        ("employer", "COALESCE(a.employer_id, 0)", ""),
        ("assessor", "COALESCE(g.assessor_id, 0)", given.format("assignment")),
        ("session", "COALESCE(g.session_id, 0)", given.format("placement")),
        ("venue", "IF(g.id IS NULL, 0, COALESCE(s.venue_id, -1))", f"{given.format('placement')} {seated}"),
    ):
        cursor.execute(
            f"""INSERT INTO core_facettally (facet, value, month, status, count, days)
                SELECT '{facet}', {value}, DATE_FORMAT(a.registered_on, '%Y-%m-01'), a.status, COUNT(*),
                  COALESCE(SUM(a.days_taken), 0)
                FROM core_application a {join} WHERE a.registered_on IS NOT NULL GROUP BY 2, 3, 4"""
        )
    cursor.execute(
        """INSERT INTO core_facettally (facet, value, month, status, count, days)
           SELECT facet, value, '1900-01-02', '', SUM(count), SUM(days) FROM core_facettally
           WHERE facet IN ('employer', 'venue') GROUP BY facet, value"""
    )
    cursor.execute(
        """INSERT INTO core_certificatetally (month, scheme, valid_until, status, count)
           SELECT DATE_FORMAT(issued_on, '%Y-%m-01'), scheme_id, valid_until, status, COUNT(*)
           FROM core_certificate GROUP BY 1, 2, 3, 4"""
    )
    cursor.execute(
        """INSERT INTO core_certificateprovincetally (month, province, valid_until, status, count)
           SELECT DATE_FORMAT(issued_on, '%Y-%m-01'), COALESCE(province_id, ''), valid_until, status, COUNT(*)
           FROM core_certificate GROUP BY 1, 2, 3, 4"""
    )
    for table in ("applicationtally", "facettally", "certificatetally", "certificateprovincetally"):
        cursor.execute(f"ANALYZE TABLE core_{table}")
        cursor.fetchall()


def fill_assignments(fill: Filler, size: int, status: str, closed: int) -> None:
    """One per case that was accepted; half of those that wait for an assessor have none. Those of closed cases have
    ended, but for what one assessor keeps in sight."""
    [own] = fill.column(
        "SELECT p.id FROM core_assessorprofile p JOIN core_user u ON u.id = p.user_id WHERE email = 'asesor@contoh.id'"
    )
    is_own = f"seq <= {closed} AND seq MOD {max(1, closed // OF_ONE_ASSESSOR)} = 0"
    is_open = f"{status} IN ('scheduled', 'assessed', 'appealed') OR {status} = 'accepted' AND seq MOD 2"
    fill.insert(
        "core_assignment",
        closed + OPEN["appealed"] + OPEN["assessed"] + OPEN["scheduled"] + OPEN["accepted"],
        id="seq",
        application_id="seq",
        assessor_id=f"IF({is_own}, {own}, {pick('seq', fill.column('SELECT id FROM core_assessorprofile ORDER BY id'))})",
        assigned_by_id=str(fill.column("SELECT MIN(id) FROM core_user WHERE is_staff = 1")[0]),
        assigned_at=moment_of(size),
        in_force=f"IF(({is_own}) OR ({is_open}), 1, NULL)",
    )


def fill_certificates(fill: Filler, size: int, base: int, provinces: list[str]) -> None:
    """One certificate and one surveillance per case, issued evenly over four years: a quarter has ended.

    All letters up to yesterday were told. What an office has to look after stays the same whatever the size.
    """
    clerk = fill.column("SELECT MIN(id) FROM core_user WHERE is_staff = 1")[0]
    issued = f"CURDATE() - INTERVAL FLOOR(({size} - seq) * {4 * 365} / {size}) DAY"
    end = f"({issued} + INTERVAL 3 YEAR)"
    left = f"DATEDIFF({end}, CURDATE())"
    fill.insert(
        "core_certificate",
        size,
        id="seq",
        code="LPAD(CONV(seq * 7919, 10, 36), 16, 'A')",
        number="CONCAT('84230 2264 3 ', LPAD(seq, 7, '0'), ' 2026')",
        registration_number="CONCAT('LSP-BNPB.', LPAD(seq, 7, '0'), '.2026')",
        blank_number=f"IF(seq > {size} - 200, NULL, CONCAT('B', LPAD(seq, 8, '0')))",
        application_id="seq",
        decision_id="1",
        scheme_id=pick("seq * 13", fill.column("SELECT id FROM core_scheme ORDER BY id")),
        scheme_version_id=pick("seq * 13", fill.column("SELECT MIN(id) FROM core_schemeversion GROUP BY scheme_id")),
        holder_id=f"{base} + seq",
        holder_name=person_name(),
        province_id=pick("seq * 31", provinces),
        issued_on=issued,
        valid_until=end,
        status=f"IF(seq > {size} - 300, 'dibekukan', IF(seq MOD 1000 = 7, 'dicabut', 'aktif'))",
        suspended_until=f"IF(seq > {size} - 20, CURDATE() - INTERVAL 1 DAY, NULL)",
        in_force="1",
        reminded_days=f"IF({left} < 7, 7, IF({left} < 30, 30, IF({left} < 90, 90, NULL)))",
        reminded_on=f"IF({left} < 90, CURDATE() - INTERVAL 1 DAY, NULL)",
        issued_by_id=str(clerk),
    )
    due = f"({issued} + INTERVAL 1 YEAR)"
    fill.insert(
        "core_surveillance",
        size,
        id="seq",
        certificate_id="seq",
        due_on=due,
        outcome=f"IF({due} < CURDATE(), 'terpelihara', '')",
        done_on=f"IF({due} < CURDATE(), {due}, NULL)",
        reminded_on=f"IF({due} < CURDATE() + INTERVAL 30 DAY, CURDATE() - INTERVAL 1 DAY, NULL)",
    )


def fill_decisions(fill: Filler, size: int, closed: int) -> None:
    """Results of every closed case and of what waits; plenaries that decided, a few that are open; appeals.

    Cases are ordered by age: the closed ones first, then those of OPEN, the last kind first.
    """
    officers, moment = fill.column("SELECT id FROM core_user WHERE is_staff = 1 ORDER BY id"), moment_of(size)
    appealed, decided = closed + OPEN["appealed"], closed + OPEN["appealed"] + OPEN["assessed"]
    assessors = fill.column("SELECT id FROM core_assessorprofile ORDER BY id")
    signed = {"status": "'ditandatangani'", "recommendation": "IF(seq MOD 8 = 0, 'BK', 'K')"}
    fill.insert(
        "core_assessmentrecord",
        decided,
        id="seq",
        application_id="seq",
        assessor_id=pick("seq", assessors),
        sequence="1",
        in_force=f"IF(seq > {closed} AND seq <= {appealed}, NULL, 1)",
        **signed,
    )
    plenaries = appealed // PER_PLENARY + 1
    fill.insert(
        "core_plenary",
        plenaries,
        id="seq",
        title="CONCAT('Rapat pleno gelombang ', seq)",
        number="CONCAT(LPAD(seq, 6, '0'), '/BA-PLENO/LSP')",
        held_on=f"DATE(NOW() - INTERVAL FLOOR(({plenaries} - seq) * {YEARS * 365} / {plenaries}) DAY)",
        status=f"IF(seq > {plenaries - 5}, 'tercatat', IF(seq > {plenaries - 15}, 'persiapan', 'disahkan'))",
        opened_by_id=pick("seq", officers),
        recorded_by_id=pick("seq", officers),
        confirmed_by_id="NULL",
    )
    fill.insert(
        "core_plenarymember",
        plenaries * 3,
        plenary_id="(seq + 2) DIV 3",
        position="seq MOD 3",
        name="CONCAT('Anggota ', seq)",
        role="IF(seq MOD 3, 'anggota', 'ketua')",
        is_present="1",
    )
    fill.insert(
        "core_decision",
        appealed,
        id="seq",
        plenary_id=f"seq DIV {PER_PLENARY} + 1",
        application_id="seq",
        record_id="seq",
        in_force=f"IF(seq > {closed}, NULL, 1)",
        outcome="IF(seq MOD 8 = 0, 'BK', 'K')",
        decided_at=moment,
    )
    former, appeals = f"seq <= {closed // PER_APPEAL}", closed // PER_APPEAL + OPEN["appealed"]
    case = f"IF({former}, seq * {PER_APPEAL}, {appealed - appeals} + seq)"
    fill.insert(
        "core_appeal",
        appeals,
        application_id=case,
        decision_id=case,
        reason="'Bukti hari kedua belum dilihat.'",
        status=f"IF({former}, ELT(seq MOD 3 + 1, 'diterima', 'ditolak', 'dicabut'), 'diajukan')",
        filed_at=moment.replace("seq", case),
    )


def fill_recap(cursor: Any) -> None:
    """The kept sums of the recap of documents, as `core.reports.recount` would come to them; a fifth of the files lack
    two papers."""
    day = "DATE(d.created_at + INTERVAL 7 HOUR)"
    sums = "COUNT(*), SUM(d.size), SUM(d.size)"
    columns = "(day, month, scheme, document_type, state, source, documents, size, stored)"
    cursor.execute(
        f"""INSERT INTO core_documenttally {columns}
            SELECT {day}, DATE_FORMAT({day}, '%Y-%m-01'), 0, d.document_type_id, d.state, COALESCE(t.source, ''), {sums}
            FROM core_document d LEFT JOIN core_documenttext t ON t.document_id = d.id GROUP BY 1, 2, 4, 5, 6"""
    )
    cursor.execute(
        f"""INSERT INTO core_documenttally {columns}
            SELECT {day}, DATE_FORMAT({day}, '%Y-%m-01'), COALESCE(v.scheme_id, -1), d.document_type_id, d.state, '', {sums}
            FROM core_document d JOIN core_casedocument c ON c.document_id = d.id
            JOIN core_application a ON a.id = c.application_id
            LEFT JOIN core_schemeversion v ON v.id = a.scheme_version_id AND a.number IS NOT NULL GROUP BY 1, 2, 3, 4, 5"""
    )
    cursor.execute(
        """INSERT INTO core_monthtally (month, scheme, document_type, state, source, documents, size, stored)
           SELECT month, scheme, document_type, state, source, SUM(documents), SUM(size), SUM(stored)
           FROM core_documenttally GROUP BY 1, 2, 3, 4, 5"""
    )
    cursor.execute(
        """INSERT INTO core_casestanding (application_id, month, scheme, is_complete, examined_at)
           SELECT a.id, DATE_FORMAT(a.registered_on, '%Y-%m-01'), v.scheme_id, a.id MOD 5 > 0, NOW()
           FROM core_application a JOIN core_schemeversion v ON v.id = a.scheme_version_id WHERE a.number IS NOT NULL"""
    )
    cursor.execute("SELECT id FROM core_documenttype ORDER BY id")
    kinds = [row[0] for row in cursor.fetchall()]
    for kind, state in ((pick("application_id DIV 5", kinds), "belum-ada"), (str(kinds[0]), "kedaluwarsa")):
        cursor.execute(
            f"""INSERT IGNORE INTO core_caselack (standing_id, document_type, state)
                SELECT application_id, {kind}, '{state}' FROM core_casestanding WHERE is_complete = 0"""
        )
    cursor.execute(
        """INSERT INTO core_casetally (month, scheme, document_type, state, cases)
           SELECT month, scheme, 0, IF(is_complete, 'lengkap', 'kurang'), COUNT(*) FROM core_casestanding GROUP BY 1, 2, 4"""
    )
    cursor.execute(
        """INSERT INTO core_casetally (month, scheme, document_type, state, cases)
           SELECT s.month, s.scheme, l.document_type, l.state, COUNT(*)
           FROM core_caselack l JOIN core_casestanding s ON s.application_id = l.standing_id GROUP BY 1, 2, 3, 4"""
    )
    cursor.execute("DELETE FROM core_recapmark")  # of the demo's staff: all is counted
    for table in ("documenttally", "monthtally", "casestanding", "caselack", "casetally"):
        cursor.execute(f"ANALYZE TABLE core_{table}")
        cursor.fetchall()


def fill_sessions(fill: Filler, size: int) -> None:
    """As many sessions as cases, each with one seat, and a hundredth as many venues.

    The last ones lie ahead, whatever the size; all others are closed.
    """
    venues = max(100, size // 100)
    regions = fill.column("SELECT code FROM core_region WHERE province_id IS NOT NULL AND is_current = 1 ORDER BY code")
    fill.insert(
        "core_venue",
        venues,
        id="1000 + seq",
        code="CONCAT('tuk-', seq + 30)",
        name=f"CONCAT('TUK ', {pick('seq', FIRST)}, ' ', {pick('seq DIV 7', SYLLABLES)}, ' ', seq)",
        kind="'mandiri'",
        region_id=pick("seq * 31", regions),
        capacity="20",
        is_active="seq MOD 50 > 0",
    )
    schemes = fill.column("SELECT id FROM core_scheme ORDER BY id")
    ahead = f"seq > {size} - {SESSIONS_AHEAD}"
    moment = (
        f"IF({ahead}, NOW() + INTERVAL (seq + {SESSIONS_AHEAD} - {size}) * 6 HOUR, "
        f"NOW() - INTERVAL FLOOR(({size} - seq) * {YEARS * 365 * 24 * 60} / {size}) MINUTE - INTERVAL 1 DAY)"
    )
    fill.insert(
        "core_assessmentsession",
        size,
        id="seq",
        number="CONCAT('JDW-2026-', LPAD(seq, 7, '0'))",
        scheme_id=pick("seq * 13", schemes),
        mode="IF(seq MOD 10 = 0, 'jarak-jauh', 'luring')",
        venue_id=f"IF(seq MOD 10 = 0, NULL, 1001 + seq * 7 MOD {venues})",
        starts_at=moment,
        ends_at=f"{moment} + INTERVAL 8 HOUR",
        quota="12",
        status=f"IF({ahead}, ELT(seq MOD 2 + 1, 'rencana', 'diumumkan'), IF(seq MOD 20 = 3, 'batal', 'selesai'))",
    )
    clerk = fill.column("SELECT MIN(id) FROM core_user WHERE is_staff = 1")[0]
    fill.insert(
        "core_placement",
        size,
        session_id="seq",
        application_id="seq",
        in_force="1",
        attendance=f"IF({ahead}, '', 'hadir')",
        placed_by_id=str(clerk),
        placed_at=moment,
    )


def prepare(size: int) -> None:
    """An empty database becomes one with the reference data, the demo's staff, so many cases with their papers'
    texts, and at last one case that walked the corridor, whose page can be opened."""
    from django.core.management import call_command
    from django.db import connection

    from core.accounts.models import AssessorProfile
    from core.demo.cases import seed_accounts, seed_places
    from tests.benchmarks.texts import fill_texts
    from tests.factories.corridor import make_case

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    seed_accounts()
    seed_places()
    with connection.cursor() as cursor:
        cursor.execute("SET unique_checks = 0, foreign_key_checks = 0")
        fill_all(Filler(cursor), size)
        fill_texts(cursor, size)
        fill_recap(cursor)
    make_case("assessed", assessor=AssessorProfile.objects.get(user__email="asesor@contoh.id"))


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    import django

    django.setup()
    prepare(int(sys.argv[1]))


if __name__ == "__main__":
    main()
