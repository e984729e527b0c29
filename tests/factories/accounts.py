"""People. Plain makers: what is not said gets an ordinary value, nothing is random."""

import time
from dataclasses import dataclass
from itertools import count

from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.accounts.models import CandidateProfile, Consent, User
from core.accounts.queries import current_consent_text
from core.accounts.second_factor import begin_enrolment, confirm_enrolment
from core.accounts.services import assign_role, save_profile
from core.codelists.models import CodeListEntry, Region

_numbers = count(1)


def make_user(*, role: str | None = None, email: str = "", password: str = "", full_name: str = "", **fields) -> User:
    """Somebody whose address is confirmed; a candidate also has an empty profile and has given consent."""
    number = next(_numbers)
    user = User.objects.create_user(
        email=email or f"{role or 'orang'}{number}@contoh.id",
        password=password or None,
        full_name=full_name or f"Orang {number}",
        **{"email_confirmed_at": timezone.now()} | fields,
    )
    if role:
        assign_role(user=user, role=role, by=None)
    if role == "asesi":
        CandidateProfile.objects.create(user=user)
        Consent.objects.create(user=user, text=current_consent_text())
    return user


@dataclass
class Phone:
    """Somebody's phone with an authenticator app, and the paper with the recovery codes."""

    user: User
    key: bytes
    recovery_codes: list[str]

    def code(self, *, steps: int = 0) -> str:
        """What the app shows now, or some half minutes later."""
        app = TOTP(self.key)
        app.time = time.time() + 30 * steps
        return f"{app.token():06d}"


def make_user_with_factor(**user) -> Phone:
    """Somebody who enrolled a phone; as if that were long ago."""
    person = make_user(**user)
    phone = Phone(person, begin_enrolment(user=person).bin_key, [])
    phone.recovery_codes = confirm_enrolment(user=person, code=phone.code(), session=None)
    TOTPDevice.objects.filter(user=person).update(last_t=-1)
    return phone


def make_nik(*, regency: str = "8171", birth: str = "120590", serial: int | None = None) -> str:
    """A valid NIK; a new serial number each time, so that two people never share one."""
    return f"{regency}01{birth}{next(_numbers) % 9999 + 1 if serial is None else serial:04d}"


def make_candidate(*, password: str = "", full_name: str = "", **profile) -> CandidateProfile:
    """A candidate whose profile has all that an application needs."""
    user = make_user(role="asesi", password=password, full_name=full_name)
    values = {
        "nik": make_nik(),
        "birth_place": "Ambon",
        "education": CodeListEntry.objects.filter(code_list__code="pendidikan").first(),
        "home_address": "Jalan Pattimura 5",
        "home_region": Region.objects.get(code="8171"),
        "phone_mobile": "+6281234567890",
        "occupation": CodeListEntry.objects.filter(code_list__code="pekerjaan").first(),
    }
    return save_profile(profile=user.candidate, values=values | profile, version=None, by=user)
