"""Which files of the repository a person may look at: what all rooms keep there, asked in one place."""

from typing import Any

from django.db.models import QuerySet

from core.accounts.rules import role_of
from core.applications.queries import evidence_and_forms_for, keys_of_cases, named_by
from core.assessments.models import PreAssessment
from core.documents.models import Document


def documents_for(user: Any) -> QuerySet[Document]:
    """The files a member of staff may look at: everything, or what belongs to the cases they may see.

    Papers behind verification name people; without the right to personal identifiers none of them
    is opened.
    """
    found = evidence_and_forms_for(user)
    if role_of(user) in {"sekretariat", "administrator"} or not user.has_perm("core.view_identifiers"):
        return found
    reviewed = PreAssessment.objects.filter(application__in=keys_of_cases(user))
    return found | Document.objects.filter(named_by(reviewed, "document", user))
