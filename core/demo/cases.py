"""Invented people and cases for demonstrations. Every case walks through the real services.

Names, numbers and papers are made up; the NIK are valid in form and belong to nobody: their serial
number is taken from the top of the range. Refused outside DEMO and tests (see seed_demo).
"""

import io
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from core.accounts.models import AssessorProfile, CandidateProfile, Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.services import assign_role, save_profile
from core.applications.models import Application
from core.applications.services import (
    accept_application,
    attach_evidence,
    check_requirement,
    open_draft,
    reject_application,
    return_application,
    save_purpose,
    save_unit_answers,
    submit_application,
    take_application,
)
from core.assessments.models import Venue
from core.assessments.services import assign_assessor
from core.codelists.models import CodeListEntry, Region
from core.demo.backups import seed_backups
from core.demo.content import seed_content
from core.demo.corridor import walk_corridor
from core.demo.handovers import seed_handovers
from core.demo.inquiries import seed_inquiries
from core.demo.institutions import seed_institutions
from core.demo.jobs import seed_jobs
from core.demo.past import seed_past
from core.demo.privacy import seed_privacy
from core.demo.recaps import seed_recaps
from core.demo.timetable import seed_timetable
from core.demo.today import seed_today
from core.documents.models import DocumentType
from core.documents.services import store_upload
from core.schemes.models import SchemeVersion
from core.schemes.queries import open_versions, units_in_order

PASSWORD = "contoh-lsp-bnpb"  # noqa: S105 - the published password of the demo
ACCOUNTS = {
    "administrator": ("admin@contoh.id", "Ratna Wijaya"),
    "sekretariat": ("sekretariat@contoh.id", "Dewi Lestari"),
    "asesor": ("asesor@contoh.id", "Bambang Prasetyo"),
    "bnsp": ("bnsp@contoh.id", "Petugas BNSP"),
    "asesi": ("asesi@contoh.id", "Siti Rahmawati"),
    "instansi": ("instansi@contoh.id", "Sri Wahyuni"),
}
#: A decision needs a second person.
SECOND_CLERK = ("sekretariat2@contoh.id", "Agus Salim")
FIRST = (
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
    "Taufik",
    "Umar",
    "Vina",
    "Wahyu",
    "Yusuf",
    "Zainab",
    "Agustina",
    "Benny",
    "Cahyo",
    "Desi",
    "Elisabet",
    "Frans",
)
LAST = (
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
    "Latuconsina",
    "Rumbiak",
    "Sihombing",
    "Ginting",
    "Suryani",
    "Utami",
    "Maharani",
    "Setiawan",
    "Purba",
    "Wenda",
    "Tuhuteru",
    "Daeng",
    "Mappasomba",
    "Paputungan",
)
BIRTH_PLACES = [
    "Ambon",
    "Padang",
    "Palu",
    "Yogyakarta",
    "Mataram",
    "Lumajang",
    "Kupang",
    "Manado",
    "Banda Aceh",
    "Garut",
]
#: (name, registration, certificate still valid for so many days, institution); the demo account comes before them.
ASSESSORS = (
    ("Yohana Latuconsina", "MET.000.002345 2023", 60, "BPBD Provinsi Maluku"),
    ("Surya Nasution", "MET.000.003456 2025", 800, "Pusdiklat PB"),
    ("Hadi Kusuma", "MET.000.000987 2021", -30, "BPBD Kota Padang"),
)
VENUES = (
    ("tuk-sentul", "TUK Pusdiklat PB Sentul", "mandiri", "Kawasan INA-DRTG, Sentul", "3201", 40, 500),
    ("tuk-bpbd-lumajang", "TUK BPBD Lumajang", "tempat-kerja", "Jalan Merdeka 1, Lumajang", "3508", 20, 45),
    ("tuk-ambon", "TUK Lapangan Ambon", "sewaktu", "Lapangan Merdeka, Ambon", "8171", 24, -10),
)
INSTITUTIONS = [
    "BPBD Provinsi Maluku",
    "BPBD Kabupaten Lumajang",
    "BPBD Kota Padang",
    "Relawan Tangguh Sejahtera",
    "BPBD Provinsi NTB",
    "Yayasan Siaga Bersama",
    "BPBD Kabupaten Garut",
    "BPBD Provinsi Sulawesi Tengah",
]
#: One case in so many is an accepted one of the first scheme, with its assessor.
FAVOURED = 2
#: Cases of the demo's own assessor whose session is held on the day of the seed.
CASES_TODAY = 2
#: Cases whose papers have been kept for as long as they may be.
OLD_CASES = 3
FATES = [*["submitted"] * 3, "under_review", *["accepted"] * 6, "returned", "rejected", "draft"]


def seed_demo(*, applications: int, seed: int = 2026) -> Iterator[int]:
    """Make the demo accounts and so many cases; yields the running count, for a progress line."""
    luck = random.Random(seed)  # noqa: S311 - invented data, repeatable on purpose
    staff = seed_accounts()
    seed_places()
    versions = list(open_versions())
    for number in range(1, applications + 1):
        with transaction.atomic():
            version, fate = luck.choice(versions), luck.choice(FATES)
            if number % FAVOURED == 0:  # so many of one scheme that a session of it can be shown
                version, fate = versions[0], "accepted"
            _make_case(number, luck, version, staff["sekretariat"], fate, has_assessor=number % FAVOURED == 0)
        yield number
    with transaction.atomic():
        second = _second_clerk()
        walk_corridor(clerk=staff["sekretariat"], second=second)
        seed_backups(administrator=staff["administrator"])
        seed_handovers(clerk=staff["sekretariat"])
        seed_content(clerk=staff["sekretariat"])
        seed_institutions(clerk=staff["sekretariat"], officer=staff["instansi"], send=_send_first, luck=luck)
        seed_past(clerk=staff["sekretariat"], person=staff["asesi"], luck=luck)
        seed_inquiries(clerk=staff["sekretariat"], second=second, person=staff["asesi"])
        seed_recaps(clerk=staff["sekretariat"], recipients=[staff["sekretariat"], staff["bnsp"]])
        seed_timetable(luck=luck)
        if applications:
            own, clerk = staff["asesor"].assessor, staff["sekretariat"]
            later = range(applications + 1, applications + 1 + CASES_TODAY)
            cases = [_make_case(number, luck, versions[0], clerk, "accepted", assessor=own) for number in later]
            seed_today(cases=cases, clerk=clerk)
            past = range(later.stop, later.stop + OLD_CASES)
            old = [_make_case(number, luck, versions[0], clerk, "rejected") for number in past]
            seed_privacy(old=old, clerk=clerk, person=staff["asesi"])
        seed_jobs(clerk=staff["sekretariat"])


@cache
def stored_password() -> str:
    """Computed once: to make it strong takes a moment, and the demonstration may have thousands of people."""
    return make_password(PASSWORD)


def _second_clerk() -> User:
    """Whoever confirms what the demo's own clerk wrote down."""
    email, name = SECOND_CLERK
    user, created = User.objects.get_or_create(
        email=email, defaults={"full_name": name, "email_confirmed_at": timezone.now()}
    )
    if created:
        user.set_password(PASSWORD)
        user.save()
        assign_role(user=user, role="sekretariat", by=None)
    return user


@transaction.atomic
def seed_accounts() -> dict[str, User]:
    """One person for each role, by role, and some more assessors."""
    users = {}
    for role, (email, name) in ACCOUNTS.items():
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create(
                email=email, password=stored_password(), full_name=name, email_confirmed_at=timezone.now()
            )
            assign_role(user=user, role=role, by=None)
            if role == "asesi":
                CandidateProfile.objects.create(user=user)
                Consent.objects.create(user=user, text=current_consent_text())
            if role == "asesor":
                _make_assessor(user, "MET.000.001234 2024", 400, "Pusdiklat PB")
        users[role] = user
    for number, (name, registration, days, institution) in enumerate(ASSESSORS, start=2):
        user, created = User.objects.get_or_create(
            email=f"asesor{number}@contoh.id",
            defaults={"full_name": name, "password": stored_password(), "email_confirmed_at": timezone.now()},
        )
        if created:
            assign_role(user=user, role="asesor", by=None)
            _make_assessor(user, registration, days, institution)
    return users


def _make_assessor(user: User, registration: str, days: int, institution: str) -> None:
    AssessorProfile.objects.create(
        user=user,
        registration_number=registration,
        certificate_expires_on=timezone.localdate() + timedelta(days=days),
        institution=institution,
    )


def seed_places() -> None:
    """TUK to plan sessions at."""
    for code, name, kind, address, region, capacity, days in VENUES:
        Venue.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kind": kind,
                "address": address,
                "region_id": region,
                "capacity": capacity,
                "valid_until": timezone.localdate() + timedelta(days=days),
            },
        )


def _make_case(
    number: int,
    luck: random.Random,
    version: SchemeVersion,
    officer: User,
    fate: str,
    *,
    has_assessor: bool = False,
    assessor: AssessorProfile | None = None,
) -> Application:
    name = f"{luck.choice(FIRST)} {luck.choice(LAST)}"
    user = User.objects.create(
        email=f"asesi{number}@contoh.id", password=stored_password(), full_name=name, email_confirmed_at=timezone.now()
    )
    assign_role(user=user, role="asesi", by=None)
    profile = CandidateProfile.objects.create(user=user)
    Consent.objects.create(user=user, text=current_consent_text())
    values = _personal_data(luck, number) | {
        "institution": luck.choice(INSTITUTIONS),
        "job_title": luck.choice(["Staf", "Analis", "Koordinator lapangan", "Relawan"]),
    }
    save_profile(profile=profile, by=user, version=None, values=values)
    application = open_draft(scheme_version=version, by=user)
    if fate == "draft":
        return application
    _fill(application, luck, user, name)
    submit_application(application=application, by=user)
    _let_wait(application, days=_days_ago(luck, fate))
    if fate == "submitted":
        return application
    take_application(application=application, by=officer)
    if fate in ("accepted", "returned", "rejected"):
        for row in application.requirement_evidence.select_related("requirement"):
            check_requirement(
                application=application, requirement=row.requirement, verdict="memenuhi", note="", by=officer
            )
        for requirement in application.scheme_version.requirements.filter(is_required=False):
            if not application.requirement_evidence.filter(requirement=requirement, documents__isnull=False).exists():
                check_requirement(
                    application=application, requirement=requirement, verdict="tidak_ada", note="", by=officer
                )
    if fate == "accepted":
        accept_application(application=application, note="", by=officer)
        if assessor:
            assign_assessor(application=application, assessor=assessor, by=officer)
        elif luck.random() < 0.6 or has_assessor:
            fit = AssessorProfile.objects.filter(certificate_expires_on__gte=timezone.localdate()).order_by("pk")
            assign_assessor(application=application, assessor=luck.choice(list(fit)), by=officer)
    elif fate == "rejected":
        reject_application(application=application, reason="Pengalaman belum memenuhi syarat skema ini.", by=officer)
    elif fate == "returned":
        return_application(
            application=application,
            by=officer,
            reason="",
            parts={"requirements": "Foto KTP buram; unggah foto yang terbaca seluruhnya."},
        )
    if fate in ("accepted", "rejected"):
        _settle(application, days=luck.randint(1, 8))
    return application


def _personal_data(luck: random.Random, number: int) -> dict:
    """What a person tells of themselves; where they work comes apart."""
    region = luck.choice(list(Region.objects.filter(province__isnull=False, is_current=True)[:514:7]))
    return {
        "nik": make_nik(luck, region.code, number),
        "birth_place": luck.choice(BIRTH_PLACES),
        "education": luck.choice(list(CodeListEntry.objects.filter(code_list__code="pendidikan")[2:8])),
        "home_address": f"Jalan Merdeka Nomor {luck.randint(1, 120)}",
        "home_region": region,
        "home_postal_code": f"{luck.randint(10000, 99999)}",
        "phone_mobile": f"+62812{luck.randint(10_000_000, 99_999_999)}",
        "occupation": luck.choice(list(CodeListEntry.objects.filter(code_list__code="pekerjaan")[:20])),
    }


def _send_first(application: Application, luck: random.Random, number: int) -> None:
    """Somebody whom an institution invited tells the rest, fills in and sends."""
    user = application.candidate.user
    save_profile(profile=user.candidate, by=user, version=None, values=_personal_data(luck, number))
    _fill(application, luck, user, user.full_name)
    submit_application(application=application, by=user)


def _fill(application: Application, luck: random.Random, user: User, name: str) -> None:
    purpose = application.scheme_version.purposes.get(code="sertifikasi")
    save_purpose(application=application, purpose=purpose, explanation="", version=None, by=user)
    for requirement in application.scheme_version.requirements.select_related("document_type"):
        if requirement.is_required or luck.random() < 0.6:
            document = store_upload(
                stream=paper(requirement.document_type.title, name),
                file_name=f"{requirement.document_type.code}.jpg",
                document_type=requirement.document_type,
                owner=user,
                by=user,
            )
            attach_evidence(application=application, requirement=requirement, documents=[document], by=user)
    work = store_upload(
        stream=paper("Laporan kegiatan", name),
        file_name="laporan-kegiatan.jpg",
        owner=user,
        by=user,
        document_type=DocumentType.objects.get(code="bukti-kerja"),
        title="Laporan kegiatan",
    )
    for unit in units_in_order(application.scheme_version):
        save_unit_answers(
            application=application,
            unit=unit,
            version=None,
            by=user,
            answers={e.pk: ("K" if luck.random() < 0.9 else "BK", [work]) for e in unit.elements.all()},
        )


def _days_ago(luck: random.Random, fate: str) -> int:
    """What waits came in lately; what is settled lies in the last twelve months, rather in the later ones."""
    if fate in ("accepted", "rejected"):
        return luck.randint(3, 345) if luck.random() < 0.6 else luck.randint(3, 120)
    return luck.randint(0, 30 if fate == "returned" else 12)


def _let_wait(application: Application, days: int) -> None:
    """Age a case, so that the queue has something to sort and the charts something to compare."""
    application.refresh_from_db()
    application.submitted_at = timezone.now() - timedelta(days=days, hours=days % 5)
    application.registered_on = timezone.localdate(application.submitted_at)
    application.save(update_fields=["submitted_at", "registered_on", "updated_at"])


def _settle(application: Application, days: int) -> None:
    """A case that came in long ago was settled a few days later."""
    application.refresh_from_db()
    application.closed_at = min(timezone.now(), application.submitted_at + timedelta(days=days))
    application.save(update_fields=["closed_at", "updated_at"])


def make_nik(luck: random.Random, regency: str, number: int) -> str:
    born = date(luck.randint(1966, 2003), luck.randint(1, 12), luck.randint(1, 28))
    day = born.day + (40 if luck.random() < 0.45 else 0)
    return f"{regency}{luck.randint(1, 20):02d}{day:02d}{born:%m%y}{9999 - number % 9000:04d}"


def paper(title: str, name: str) -> io.BytesIO:
    """A picture of a paper that says what it stands for."""
    picture = Image.new("RGB", (900, 640), "#f4f1e8")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((30, 30, 870, 610), outline="#0b2c55", width=6)
    pen.text((80, 90), title.encode("latin-1", "replace").decode("latin-1"), fill="#0b2c55", font_size=46)
    pen.text((80, 190), name, fill="#222222", font_size=34)
    pen.text((80, 540), "CONTOH - bukan dokumen asli", fill="#b3261e", font_size=28)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    out.seek(0)
    return out
