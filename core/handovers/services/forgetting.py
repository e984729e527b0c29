"""Forgetting a person's rows; the list that BNSP was given stays what it was."""

from core.applications.models import Application
from core.handovers.models import HandoverCase


def forget_rows(*, application: Application) -> None:
    """The cells go; that the case was handed over, when, and the hash of its row stay."""
    HandoverCase.objects.filter(application=application).update(content="")
