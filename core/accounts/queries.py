"""Reads about people."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet

from core.accounts.models import CandidateProfile, ConsentText, NameWord, User
from core.accounts.nik import nik_hash
from core.accounts.phone import normalise_phone
from core.common.exceptions import DomainError
from core.common.lookups import found_in
from core.common.text import clean_address, search_words

#: A search by name or the like goes on with so many people, the newest first; who typed it is told.
MAX_PEOPLE = 500


def current_consent_text(purpose: str = "data-pribadi") -> ConsentText | None:
    """The text in force: the highest published version."""
    return ConsentText.objects.filter(purpose=purpose, published_at__isnull=False).order_by("-version").first()


def find_user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=clean_address(email)).first()


def find_candidate_by_nik(number: str) -> CandidateProfile | None:
    """Exact search by the keyed hash; the number itself is unreadable in the database."""
    return CandidateProfile.objects.filter(nik_hash=nik_hash(number)).first()


def candidate_profile_of(user: Any) -> CandidateProfile:
    """The person's profile, with what its pages show."""
    return CandidateProfile.objects.select_related("user", "home_region__province", "education", "occupation").get(
        user=user
    )


def staff_users(*, also_inactive: bool = False) -> QuerySet[User]:
    staff = User.objects.filter(is_staff=True)
    return staff if also_inactive else staff.filter(is_active=True)


def administrators() -> QuerySet[User]:
    """Those who run the system: whom letters about its health go to."""
    return staff_users().filter(groups__name="administrator")


def people_beginning_with(words: str, *, staff_only: bool = False, limit: int = 10) -> list[User]:
    """Accounts whose name or address begins so; each half follows its own index, also among a million people."""
    people = User.objects.filter(is_staff=True) if staff_only else User.objects.all()
    by_name = list(people.filter(full_name__istartswith=words).order_by("full_name")[:limit])
    by_address = people.filter(email__istartswith=words).order_by("email")[:limit]
    return by_name + [person for person in by_address if person not in by_name]


def people_named(text: str, limit: int = MAX_PEOPLE + 1) -> list[int]:
    """Keys of the people whose name has, for each word typed, a word that begins so; the newest first.

    The rarest word is looked up, the others are checked person by person. One letter stands for
    itself only (an initial), or half the people would be found.
    """
    words = search_words(text)
    if not words:
        return []
    first, *others = sorted(words, key=_how_common) if len(words) > 1 else words
    found = NameWord.objects.filter(_begins(first))
    whole = list(found.order_by("word").values_list("word", flat=True).distinct()[:2])
    if len(whole) == 1:  # a word typed to its end: its people stand in order in the index, and reading stops early
        found = NameWord.objects.filter(word=whole[0])
    for number, other in enumerate(others):
        rows = NameWord.objects.filter(_begins(other), user_id=OuterRef("user_id"))
        found = found.alias(**{f"has_{number}": found_in(rows)}).filter(**{f"has_{number}": 1})
    keys = found.order_by("-user_id").values_list("user_id", flat=True)
    return list((keys if len(whole) == 1 else keys.distinct())[:limit])


def _how_common(word: str) -> int:
    """Enough to tell rare words from common ones; never counts to the end."""
    return NameWord.objects.filter(_begins(word))[:2000].count()


def _begins(word: str) -> Q:
    return Q(word__istartswith=word) if len(word) > 1 else Q(word=word)


def find_people(text: str, *, may_see_contacts: bool) -> list[int]:
    """Keys of at most MAX_PEOPLE + 1 people by e-mail, mobile number or name, whichever the text looks like.

    One more than MAX_PEOPLE means that there are further ones. Contacts are a way to find somebody
    only for those who may see them.
    """
    if "@" in text:
        found = User.objects.filter(email__istartswith=text.strip()) if may_see_contacts else User.objects.none()
        return list(found.order_by("-pk").values_list("pk", flat=True)[: MAX_PEOPLE + 1])
    try:
        number = normalise_phone(text.strip(), field="phone")
    except DomainError:
        return people_named(text)
    found = CandidateProfile.objects.filter(phone_mobile__istartswith=number)
    return list(found.values_list("user_id", flat=True)[: MAX_PEOPLE + 1]) if may_see_contacts else []
