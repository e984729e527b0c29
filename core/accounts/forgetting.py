"""What is left of an account whose owner was erased: a row that others point at, with nobody in it."""

from typing import Any

from django.db import transaction

from core.accounts.models import CandidateProfile, Consent, User
from core.accounts.second_factor import take_away
from core.accounts.sessions import end_other_sessions, forget_devices
from core.activity.services import record_activity
from core.common.text import FORGOTTEN


@transaction.atomic
def forget_person(*, user: User, by: Any) -> User:
    """Empty an account and its profile and close it for good; that consent was given once, and when, stays."""
    user = User.objects.select_for_update().get(pk=user.pk)
    end_other_sessions(user=user, keep=None, by=by)
    forget_devices(user=user, by=by)
    take_away(user)
    user.full_name, user.email = FORGOTTEN, f"dihapus-{user.pk}@dihapus.invalid"
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()
    Consent.objects.filter(user=user).update(ip_address=None)
    for profile in CandidateProfile.objects.select_for_update().filter(user=user):
        _empty(profile)
    record_activity("account.forget", by=by, subject=user)
    return user


def _empty(profile: CandidateProfile) -> None:
    """Every field back to what a profile begins with, but for whose it is."""
    for field in profile._meta.concrete_fields:
        if field.primary_key or field.name in ("user", "created_at", "version"):
            continue
        setattr(profile, field.attname, None if field.null else field.get_default())
    profile.nationality = ""
    profile.version += 1
    profile.save()
