"""Reads about people."""

from typing import Any

from django.db.models import QuerySet

from core.accounts.models import CandidateProfile, ConsentText, User
from core.accounts.nik import nik_hash


def current_consent_text(purpose: str = "data-pribadi") -> ConsentText | None:
    """The text in force: the highest published version."""
    return ConsentText.objects.filter(purpose=purpose, published_at__isnull=False).order_by("-version").first()


def find_user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email.strip()).first()


def find_candidate_by_nik(number: str) -> CandidateProfile | None:
    """Exact search by the keyed hash; the number itself is unreadable in the database."""
    return CandidateProfile.objects.filter(nik_hash=nik_hash(number)).first()


def candidate_profile_of(user: Any) -> CandidateProfile:
    """The person's profile, with what its pages show."""
    return CandidateProfile.objects.select_related("user", "home_region__province", "education", "occupation").get(
        user=user
    )


def staff_users() -> QuerySet[User]:
    return User.objects.filter(is_staff=True, is_active=True)


def people_beginning_with(words: str, *, staff_only: bool = False, limit: int = 10) -> list[User]:
    """Accounts whose name or address begins so; each half follows its own index, also among a million people."""
    people = User.objects.filter(is_staff=True) if staff_only else User.objects.all()
    by_name = list(people.filter(full_name__istartswith=words).order_by("full_name")[:limit])
    by_address = people.filter(email__istartswith=words).order_by("email")[:limit]
    return by_name + [person for person in by_address if person not in by_name]
