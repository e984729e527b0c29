"""Rows as they are now, locked until the transaction ends; the institution first, then what belongs to it."""

from core.institutions.models import Institution, Invitation


def lock_institution(institution: Institution) -> Institution:
    Institution.objects.select_for_update().values_list("pk").get(pk=institution.pk)
    return Institution.objects.select_related("region__province", "kind").get(pk=institution.pk)


def lock_invitation(invitation: Invitation) -> Invitation:
    """Of an answered one too: who calls asks."""
    Invitation.objects.select_for_update().values_list("pk").get(pk=invitation.pk)
    return Invitation.objects.select_related("institution", "scheme", "batch", "letter").get(pk=invitation.pk)
