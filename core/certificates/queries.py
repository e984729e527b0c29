"""Reads of certificates: who may see which, what waits, what anybody may know."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.accounts.rules import role_of
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.certificates.content import content_of
from core.certificates.models import Certificate, PastCertificate
from core.certificates.standing import status_now

#: What stands for the rest of a name; always as many, so that the length tells nothing.
STARS = "*" * 7


def certificates_for(user: Any) -> QuerySet[Certificate]:
    """The certificates a person may see: holders their own, the office and its overseers all."""
    role = role_of(user)
    if role == "asesi":
        return Certificate.objects.filter(holder=user)
    if role in {"sekretariat", "administrator", "bnsp"}:
        return Certificate.objects.all()
    return Certificate.objects.none()


def certificates_of_case(application: Application) -> list[Certificate]:
    """The one that is in force first, then what it replaced."""
    return list(application.certificates.defer("content", "token").order_by("-pk"))


def waiting_for_certificate() -> QuerySet[Application]:
    """Competent cases without a certificate, in the order of the decisions."""
    return Application.objects.filter(status=ApplicationStatus.COMPETENT).order_by("pk")


def competent_of_plenary(plenary: Any) -> QuerySet[Application]:
    """The cases that a plenary declared competent, in the order of its agenda; issued already or not."""
    return Application.objects.filter(
        decisions__plenary=plenary, decisions__in_force=True, decisions__outcome="K"
    ).order_by("decisions__pk")


def masked_name(name: str) -> str:
    """“Siti R*******” of Siti Rahmawati: enough to compare with the paper, not enough to learn it."""
    first, *rest = name.split()
    if not rest:
        return first[0] + STARS
    return " ".join([first, *(word[0] + STARS for word in rest)])


def public_view(certificate: Certificate | PastCertificate) -> dict[str, Any]:
    """What anybody who holds the paper is told, and nothing more."""
    now = status_now(certificate)
    is_past = isinstance(certificate, PastCertificate)
    successor = "" if is_past else _successor_of(certificate)
    return {
        "number": certificate.number,
        "name": masked_name(certificate.holder_name),
        # As printed: who compares it with the paper must not take a scheme that was renamed since for a forgery.
        "scheme": certificate.scheme.title if is_past else content_of(certificate)["scheme"]["title"],
        "issued_on": certificate.issued_on,
        "valid_until": certificate.valid_until,
        "state": now.state,
        "tone": "success" if now.holds else now.tone,
        "status": _("Berlaku") if now.holds else now.label,
        "holds": now.holds,
        "replaced_by": successor,
        "is_past": is_past,
        "place": certificate.place if is_past else "",
    }


def _successor_of(certificate: Certificate) -> str:
    return Certificate.objects.filter(replaces=certificate).values_list("number", flat=True).first() or ""


def find_public(words: str) -> Certificate | PastCertificate | None:
    """By the code on the paper or by its number, however it was spaced; papers of the old register by number."""
    words = " ".join(words.split())[:80]
    code = "".join(c for c in words.upper() if c.isalnum())
    found = Certificate.objects.select_related("scheme")
    return (found.filter(code=code[:16]).first() if len(code) == 16 else None) or (
        (
            found.filter(number=words).first()
            or PastCertificate.objects.select_related("scheme").filter(number=words).first()
        )
        if words
        else None
    )
