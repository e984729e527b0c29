"""An approved institution per participant, whose officer has invited three people; one address is misspelt."""

from core.accounts.models import User
from core.codelists.models import CodeListEntry, Region
from core.imports.writing import csv_bytes
from core.institutions.models import KINDS, Institution, InstitutionOfficer
from core.institutions.people_file import EMAIL, NAME, POSITION, SCHEME, open_schemes
from core.institutions.services import approve_institution, check_upload, mark_opened, send_invitations

#: First names of whom it invited before the course; the first has opened the letter, the last one's address is wrong.
INVITED = ("Wati", "Xaver", "Zaki")
KIND, REGION = "BPBD kabupaten/kota", "3508"


def make_institution(number: int, *, officer: User, clerk: User) -> Institution:
    institution = Institution.objects.create(
        name=f"BPBD Latihan I{number:02d}",
        kind=CodeListEntry.objects.get(code_list__code=KINDS, title=KIND),
        region=Region.objects.get(code=REGION),
        address="Jalan Latihan 2, Lumajang",
        contact_name=officer.full_name,
        contact_phone="+62334881234",
    )
    InstitutionOfficer.objects.create(institution=institution, user=officer)
    institution = approve_institution(institution=institution, by=clerk)
    scheme = open_schemes()[0].title
    rows = [[f"{first} Latihan I{number:02d}", address(first, number), "Relawan", scheme] for first in INVITED]
    run = check_upload(
        institution=institution,
        content=csv_bytes([NAME, EMAIL, POSITION, SCHEME], rows),
        file_name="rombongan-pertama.csv",
        by=officer,
    )
    people = send_invitations(run=run, leaves_out_faults=False, by=officer).invitations.order_by("pk")
    mark_opened(people[0])
    return institution


def address(first: str, number: int) -> str:
    """Zaki's lacks a letter: the exercise mends it."""
    host = "latihn.contoh.id" if first == INVITED[-1] else "latihan.contoh.id"
    return f"{first.lower()}{number:02d}@{host}"
