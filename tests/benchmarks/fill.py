"""Fills a MariaDB database with many cases, quickly: plain SQL, no service. For measuring lists only.

    DATABASE_URL=mysql://…/lsp_big python -m tests.benchmarks.fill 1000000

The database is migrated and loaded with reference data first. What waits at the desk is the same
whatever the size: an office has so many clerks; it is the closed cases that grow.
"""

import os
import sys

#: How many cases are open, whatever the size.
OPEN = {"returned": 1500, "under_review": 500, "submitted": 1500}
FIRST = [
    "Ahmad",
    "Budi",
    "Citra",
    "Dian",
    "Eko",
    "Fajar",
    "Gita",
    "Hendra",
    "Indah",
    "Joko",
    "Kartika",
    "Lukman",
    "Maya",
    "Nurul",
    "Oktavia",
    "Putu",
    "Rahmat",
    "Sari",
]
LAST = [
    "Santoso",
    "Nasution",
    "Siregar",
    "Tampubolon",
    "Wibowo",
    "Hidayat",
    "Kurniawan",
    "Saputra",
    "Lubis",
    "Manurung",
    "Pattiasina",
    "Wenda",
]
SYLLABLES = [
    "ra",
    "mi",
    "ko",
    "ta",
    "su",
    "na",
    "li",
    "de",
    "wa",
    "pu",
    "ba",
    "si",
    "ha",
    "yo",
    "ne",
    "ga",
    "tu",
    "me",
    "la",
    "du",
]
INSTITUTIONS = ("BPBD Provinsi Maluku", "BPBD Kota Padang", "Relawan Tangguh Sejahtera", "Yayasan Siaga Bersama")


def elt(number: str, words) -> str:
    """SQL that picks a word by number."""
    return f"ELT({number} MOD {len(words)} + 1, {', '.join(repr(word) for word in words)})"


def fill(cursor, size: int) -> None:
    """So many candidates with one case, one document and one letter each, and a tenth more without a case."""
    numbers = f"seq_1_to_{size + size // 10}"
    cursor.execute("SELECT COALESCE(MAX(id), 0) FROM core_user")
    base = cursor.fetchone()[0]
    rare = f"CONCAT({elt('seq', SYLLABLES)}, {elt('seq DIV 20', SYLLABLES)}, {elt('seq DIV 400', SYLLABLES)})"
    cursor.execute(
        f"""INSERT INTO core_user (id, password, is_superuser, email, full_name, is_active, is_staff,
              email_confirmed_at, date_joined, last_login)
            SELECT {base} + seq, '!', 0, CONCAT('asesi', seq, '@contoh.id'),
              CONCAT({elt("seq * 7 DIV 3", FIRST)}, ' ', {rare}, ' ', {elt("seq DIV 11", LAST)}),
              seq MOD 500 > 0, 0, IF(seq MOD 50 = 0, NULL, NOW()), NOW(),
              IF(seq MOD 3 = 0, NULL, NOW() - INTERVAL seq MOD 700 DAY)
            FROM {numbers}"""
    )
    for place in (1, 2, 3):
        cursor.execute(
            f"""INSERT IGNORE INTO core_nameword (user_id, word)
                SELECT id, LOWER(SUBSTRING_INDEX(SUBSTRING_INDEX(full_name, ' ', {place}), ' ', -1))
                FROM core_user WHERE id > {base} ORDER BY id"""
        )
    cursor.execute(
        f"""INSERT INTO core_user_groups (user_id, group_id)
            SELECT {base} + seq, (SELECT id FROM auth_group WHERE name = 'asesi') FROM {numbers}"""
    )
    cursor.execute("SELECT code FROM core_region WHERE province_id IS NOT NULL AND is_current = 1")
    regions = [row[0] for row in cursor.fetchall()]
    cursor.execute(
        f"""INSERT INTO core_candidateprofile (id, created_at, updated_at, user_id, version, nik, nik_hash,
              birth_place, sex, nationality, home_address, home_region_id, home_postal_code, phone_mobile,
              phone_home, phone_office, institution, job_title, office_address, office_postal_code, office_email,
              office_fax)
            SELECT {base} + seq, NOW(), NOW(), {base} + seq, 1, '', SHA2(seq, 256), 'Ambon', IF(seq MOD 2, 'L', 'P'),
              'Indonesia', 'Jalan Merdeka 1', {elt("seq * 31", regions)}, '', CONCAT('+62812', LPAD(seq, 8, '0')),
              '', '', IF(seq MOD 2, {elt("seq DIV 2", INSTITUTIONS)}, CONCAT('Kantor ', seq MOD 50000)),
              '', '', '', '', ''
            FROM {numbers}"""
    )
    cursor.execute("SELECT id FROM core_schemeversion WHERE status = 'terbit'")
    versions = [str(row[0]) for row in cursor.fetchall()]
    cursor.execute("SELECT id FROM core_user WHERE is_staff = 1")
    officers = [str(row[0]) for row in cursor.fetchall()]
    from_end, status = 0, "IF(seq MOD 9 = 0, 'rejected', 'accepted')"
    for name, count in OPEN.items():
        status = f"IF(seq > {size - from_end - count} AND seq <= {size - from_end}, '{name}', {status})"
        from_end += count
    closed = f"seq <= {size - from_end}"
    moment = f"NOW() - INTERVAL FLOOR(({size} - seq) * {3 * 365 * 24 * 60} / {size}) MINUTE"
    cursor.execute(
        f"""INSERT INTO core_application (id, created_at, updated_at, code, number, candidate_id, scheme_version_id,
              status, purpose_explanation, officer_id, submitted_at, closed_at, note, completeness, sendings)
            SELECT seq, NOW(), NOW(), CONCAT('x', LPAD(seq, 9, '0')), CONCAT('APL-2026-', LPAD(seq, 7, '0')),
              {base} + seq, {elt("seq * 13", versions)}, {status}, '',
              IF({status} = 'submitted', NULL, {elt("seq", officers)}), {moment},
              IF({closed}, {moment} + INTERVAL 2 DAY, NULL), '', 100, IF(seq MOD 12 = 0, 2, 1)
            FROM seq_1_to_{size}"""
    )
    cursor.execute("SELECT id FROM core_documenttype")
    types = [str(row[0]) for row in cursor.fetchall()]
    cursor.execute(
        f"""INSERT INTO core_document (id, public_id, document_type_id, owner_id, uploaded_by_id, title, file_name,
              content_type, size, sha256, file, created_at)
            SELECT seq, UUID(), {elt("seq", types)}, {base} + seq, {base} + seq, 'KTP', 'ktp.jpg', 'image/jpeg', 90000,
              SHA2(seq, 256), CONCAT('x/', seq), {moment} FROM seq_1_to_{size}"""
    )
    cursor.execute("SELECT id FROM core_requirement LIMIT 1")
    requirement = cursor.fetchone()[0]
    cursor.execute(
        f"""INSERT INTO core_requirementevidence (id, application_id, requirement_id, verdict, note)
            SELECT seq, seq, {requirement}, '', '' FROM seq_1_to_{size}"""
    )
    cursor.execute(
        f"""INSERT INTO core_requirementevidence_documents (requirementevidence_id, document_id)
            SELECT seq, seq FROM seq_1_to_{size}"""
    )
    cursor.execute(
        f"""INSERT INTO core_outboxmessage (recipient_id, address, template_key, subject, body, is_secret, status,
              attempts, last_error, created_at, sent_at)
            SELECT {base} + seq, CONCAT('asesi', seq, '@contoh.id'), 'application-submitted', 'Permohonan', 'Yth.', 0,
              IF(seq MOD 20000 = 7, 'gagal', 'terkirim'), 1, '', {moment}, NOW() FROM seq_1_to_{size}"""
    )
    for table in ("user", "user_groups", "nameword", "candidateprofile", "application", "document", "outboxmessage"):
        cursor.execute(f"ANALYZE TABLE core_{table}")
        cursor.fetchall()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "core.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from core.demo import seed_demo

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    list(seed_demo(applications=0))  # the staff
    with connection.cursor() as cursor:
        fill(cursor, int(sys.argv[1]))


if __name__ == "__main__":
    main()
