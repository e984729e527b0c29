"""Reads of texts."""

from core.content.models import OfficeData


def office() -> OfficeData:
    """The LSP's own data; a nameless placeholder before `load_reference` has run."""
    return OfficeData.objects.first() or OfficeData(name="LSP BNPB")
