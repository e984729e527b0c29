"""Small questions about schemes."""

from core.schemes.enums import VersionStatus
from core.schemes.models import SchemeVersion


def is_editable(version: SchemeVersion) -> bool:
    """Units and requirements change only in a draft: applications already rest on what was published."""
    return version.status == VersionStatus.DRAFT
