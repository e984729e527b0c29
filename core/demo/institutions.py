"""An institution with a batch on its way, one that waits for the secretariat, and the officer's demo account."""

import random
from collections.abc import Callable

from django.utils import timezone

from core.accounts.models import Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.services import assign_role
from core.applications.models import Application
from core.codelists.models import CodeListEntry, Region
from core.imports.writing import csv_bytes
from core.institutions.models import KINDS, Institution, InstitutionOfficer
from core.institutions.people_file import EMAIL, NAME, POSITION, SCHEME, open_schemes
from core.institutions.services import (
    accept_invitation,
    approve_institution,
    check_upload,
    decline_invitation,
    mark_opened,
    send_invitations,
)

PASSWORD = "contoh-lsp-bnpb"  # noqa: S105 - the published password of the demo
OFFICES = (
    ("BPBD Kabupaten Lumajang", "BPBD kabupaten/kota", "3508", "Jalan Merdeka 1, Lumajang", "Sri Wahyuni"),
    ("Yayasan Siaga Bersama", "Organisasi relawan atau masyarakat", "8171", "Jalan Pattimura 20, Ambon", "Yopi Talla"),
)
PEOPLE = (
    "Slamet Riyadi", "Endang Sulastri", "Bagus Prakoso", "Nur Hasanah", "Teguh Wibowo", "Lilis Karlina",
    "Arif Budiman", "Dewi Anggraini", "Imam Syafii", "Ratih Kusuma", "Yudi Hartono", "Fitri Handayani",
)  # fmt: skip
POSITIONS = ("Analis kebencanaan", "Petugas pusdalops", "Staf logistik", "Koordinator lapangan")


def seed_institutions(
    *, clerk: User, officer: User, send: Callable[[Application, random.Random, int], None], luck: random.Random
) -> None:
    """Everything is done by the real services; only who has an account already is laid directly."""
    first, second = (_office(*facts) for facts in OFFICES)
    _join(officer, first)
    first = approve_institution(institution=first, by=clerk)
    waiting, created = User.objects.get_or_create(
        email="instansi2@contoh.id", defaults={"full_name": OFFICES[1][4], "email_confirmed_at": timezone.now()}
    )
    if created:
        waiting.set_password(PASSWORD)
        waiting.save()
    assign_role(user=waiting, role="instansi", by=None)
    _join(waiting, second)

    schemes = open_schemes()[:3]
    rows = [
        [name, f"{name.split()[0].lower()}.lumajang@contoh.id", luck.choice(POSITIONS), luck.choice(schemes).title]
        for name in PEOPLE
    ]
    content = csv_bytes([NAME, EMAIL, POSITION, SCHEME], rows)
    run = check_upload(institution=first, content=content, file_name="pegawai-lumajang.csv", by=officer)
    people = list(send_invitations(run=run, leaves_out_faults=False, by=officer).invitations.order_by("pk"))
    for invitation in people[:7]:
        mark_opened(invitation)
    for number, invitation in enumerate(people[:4]):
        _person, case = accept_invitation(
            invitation=invitation,
            full_name=invitation.full_name,
            password=PASSWORD,
            consent_text=current_consent_text(),
            shares_result=number == 0,
        )
        if case is not None and number < 2:
            send(case, luck, 80 + number)
    decline_invitation(invitation=people[4])


def _office(name: str, kind: str, region: str, address: str, contact: str) -> Institution:
    return Institution.objects.create(
        name=name,
        kind=CodeListEntry.objects.get(code_list__code=KINDS, title=kind),
        region=Region.objects.get(code=region),
        address=address,
        contact_name=contact,
        contact_phone="+62334881234",
    )


def _join(user: User, institution: Institution) -> None:
    InstitutionOfficer.objects.create(institution=institution, user=user)
    Consent.objects.get_or_create(user=user, text=current_consent_text())
