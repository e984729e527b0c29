"""Small questions about people, asked by both faces."""

from typing import Any

from django.utils.translation import gettext as _

from core.accounts.roles import ROLE_LABELS


def role_of(user: Any) -> str | None:
    """The role's name (`sekretariat`, `asesi`, …); None for anonymous people and accounts without one.

    Everybody holds one role at most: `services.assign_role` takes the others away.
    """
    if not getattr(user, "is_authenticated", False):
        return None
    cached = getattr(user, "_role_name", None)
    if cached is None:
        held = {group.name for group in user.groups.all()}  # prefetched where many people are looked at
        cached = user._role_name = next((name for name in ROLE_LABELS if name in held), "")
    return cached or None


def is_candidate(user: Any) -> bool:
    return role_of(user) == "asesi"


def can_see_nik(user: Any, profile: Any) -> bool:
    """The owner and those whose work needs it; everybody else sees the masked form."""
    return profile.user_id == user.pk or user.has_perm("core.view_nik")


def can_see_identifiers(user: Any, profile: Any) -> bool:
    """Whether street address, telephone, e-mail and identity papers are shown: the owner and the LSP's own people."""
    return profile.user_id == user.pk or user.has_perm("core.view_identifiers")


def name_at_the_door(request: Any, credentials: dict | None = None) -> str:
    """Under which name a guess is counted: capitals make no new name (django-axes asks).

    What is longer than any address is cut: it is nobody's, and the table of guesses would refuse it.
    """
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return str(name).strip().lower()[:255]


def why_not_deactivate(user: Any, by: Any) -> str:
    """Administrators put accounts out of use, never their own; a sentence why not, or ""."""
    if not by.has_perm("core.change_user"):
        return _("Anda tidak berhak melakukan tindakan ini.")
    if user.pk == by.pk:
        return _("Anda tidak dapat menonaktifkan akun Anda sendiri.")
    return "" if user.is_active else _("Akun ini sudah tidak aktif.")


def why_not_confirm_again(user: Any, by: Any) -> str:
    """A confirmation letter serves an active account whose address nobody has confirmed."""
    if not by.has_perm("core.add_user"):
        return _("Anda tidak berhak melakukan tindakan ini.")
    if user.email_confirmed_at:
        return _("Alamat e-mail akun ini sudah dikonfirmasi.")
    return "" if user.is_active else _("Akun ini tidak aktif.")
