"""Accounts of the training: the trainer's, one per participant in each group, and those that exercises are about."""

from datetime import timedelta

from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts.models import AssessorProfile, Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.services import assign_role
from core.demo.cases import stored_password

DOMAIN = "latihan.contoh.id"
#: Role → the letter that marks what belongs to its participants; the group is called as its role.
LETTERS = {"sekretariat": "S", "asesor": "A", "administrator": "T", "bnsp": "B", "instansi": "I"}
GROUPS = tuple(LETTERS)
#: Role → (address, name). They act where an exercise needs a colleague, and are there to look on.
TRAINERS = {
    "sekretariat": (f"pelatih@{DOMAIN}", "Pelatih Sekretariat"),
    "administrator": (f"pelatih-admin@{DOMAIN}", "Pelatih Administrator"),
}
#: Colleagues whom the technical administrators help: first name → (role, has a second factor).
COLLEAGUES = {"Vera": ("asesor", True), "Wawan": ("sekretariat", False)}


def name_of(first: str, letter: str, number: int) -> str:
    return f"{first} Latihan {letter}{number:02d}"


def address_of(account: str) -> str:
    return f"{account}@{DOMAIN}"


def make_user(address: str, name: str, role: str, **fields) -> User:
    """Somebody who has chosen the demo's password and confirmed the address, unless `fields` says otherwise."""
    fields = {"email_confirmed_at": timezone.now(), "password": stored_password()} | fields
    user = User.objects.create(email=address, full_name=name, **fields)
    assign_role(user=user, role=role, by=None)
    return user


def make_trainers() -> dict[str, User]:
    return {role: make_user(address, name, role) for role, (address, name) in TRAINERS.items()}


def make_assessor(address: str, name: str, serial: int, *, days: int = 700) -> AssessorProfile:
    """`days`: so long the assessor's own certificate still holds."""
    return AssessorProfile.objects.create(
        user=make_user(address, name, "asesor"),
        registration_number=f"MET.000.{serial:06d} 2025",
        certificate_expires_on=timezone.localdate() + timedelta(days=days),
        institution="Lembaga Latihan",
    )


def make_participants(number: int) -> dict[str, User]:
    """One account in each group; two assessors stand beside the participant of the secretariat."""
    people = {}
    for role in GROUPS:
        address, name = address_of(f"{role}{number:02d}"), f"{role.capitalize()} {number:02d}"
        if role == "asesor":
            people[role] = make_assessor(address, name, 900_000 + number).user
        else:
            people[role] = make_user(address, name, role)
    Consent.objects.create(user=people["instansi"], text=current_consent_text())
    make_assessor(address_of(f"pendamping{number:02d}"), name_of("Pendamping", "S", number), 910_000 + number)
    make_assessor(address_of(f"lewat{number:02d}"), name_of("Lewat", "S", number), 920_000 + number, days=-30)
    for first, (role, has_factor) in COLLEAGUES.items():
        address = address_of(f"{first.lower()}{number:02d}")
        user = make_user(address, name_of(first, "T", number), role)
        if has_factor:
            TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    return people
