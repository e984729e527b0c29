"""Reads of texts."""

from core.content.models import OfficeData, SystemPolicy


def office() -> OfficeData:
    """The LSP's own data; a nameless placeholder before `load_reference` has run."""
    return OfficeData.objects.first() or OfficeData(name="LSP BNPB")


def system_policy() -> SystemPolicy:
    """What the LSP decided; the strict defaults before `load_reference` has run."""
    return SystemPolicy.objects.first() or SystemPolicy()
