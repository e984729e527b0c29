"""Reads of the policy."""

from core.policy.models import SystemPolicy


def system_policy() -> SystemPolicy:
    """What the LSP decided; the strict defaults before `load_reference` has run."""
    return SystemPolicy.objects.first() or SystemPolicy()
