"""Institutions, their officers and the people they invite."""

from itertools import count

from core.accounts.models import User
from core.codelists.models import CodeListEntry, Region
from core.imports.models import ImportRun
from core.imports.writing import csv_bytes
from core.institutions.models import KINDS, Institution, InstitutionOfficer, Invitation, InvitationBatch
from core.institutions.people_file import EMAIL, NAME, POSITION, SCHEME
from core.institutions.services import approve_institution, check_upload, send_invitations
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user

_numbers = count(1)
HEAD = [NAME, EMAIL, POSITION, SCHEME]
OPEN_SCHEME = "Distribusi Bantuan"


def institution_values(**values) -> dict:
    """What the form of an institution asks for."""
    return {
        "name": f"BPBD Kabupaten Contoh {next(_numbers)}",
        "kind": CodeListEntry.objects.filter(code_list__code=KINDS).first(),
        "region": Region.objects.get(code="3508"),
        "address": "Jalan Merdeka 1, Lumajang",
        "postal_code": "67316",
        "contact_name": "Sri Wahyuni",
        "contact_phone": "+62334881234",
    } | values


def make_officer(*, institution: Institution | None = None, status: str = "disetujui", **user) -> User:
    """Somebody who acts for an institution (a new one, approved, unless told otherwise) and has agreed."""
    from core.accounts.models import Consent
    from core.accounts.queries import current_consent_text

    officer = make_user(role="instansi", **user)
    Consent.objects.create(user=officer, text=current_consent_text())
    institution = institution or Institution.objects.create(**institution_values())
    InstitutionOfficer.objects.create(institution=institution, user=officer)
    if status == "disetujui" and institution.status != "disetujui":
        approve_institution(institution=institution, by=make_user(role="sekretariat"))
        institution.refresh_from_db()
    return User.objects.get(pk=officer.pk)


def person_row(
    name: str = "", email: str = "", position: str = "Analis kebencanaan", scheme: str = OPEN_SCHEME
) -> list[str]:
    number = next(_numbers)
    return [name or f"Pegawai Nomor {number}", email or f"pegawai{number}@contoh.id", position, scheme]


def people_csv(*rows: list[str]) -> bytes:
    return csv_bytes(HEAD, rows)


def make_upload(*rows: list[str], officer: User | None = None, name: str = "pegawai.csv") -> ImportRun:
    """A file that was checked and waits for the officer."""
    officer = officer or make_officer()
    content = people_csv(*(rows or [person_row(), person_row()]))
    return check_upload(institution=officer.officer.institution, content=content, file_name=name, by=officer)


def make_batch(*rows: list[str], officer: User | None = None) -> InvitationBatch:
    officer = officer or make_officer()
    return send_invitations(run=make_upload(*rows, officer=officer), leaves_out_faults=False, by=officer)


def make_invitation(*, officer: User | None = None, **row) -> Invitation:
    return make_batch(person_row(**row), officer=officer).invitations.get()


def link_of(invitation: Invitation) -> str:
    """The path in the newest letter to this person."""
    body = OutboxMessage.objects.filter(address=invitation.email).latest("pk").body
    return "/undangan/" + body.split("/undangan/")[1].split()[0]


def token_of(invitation: Invitation) -> str:
    return link_of(invitation).split("/")[2]
