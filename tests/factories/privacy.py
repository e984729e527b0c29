"""Papers whose time is over, and requests about one's own data."""

from datetime import timedelta

from django.utils import timezone

from core.accounts.models import User
from core.applications.filing import refile_evidence
from core.applications.models import Application
from core.documents.models import Document, DocumentType
from core.privacy.models import PrivacyRequest
from core.privacy.services import open_request
from tests.factories.accounts import make_user
from tests.factories.applications import make_application


def keep_for(months: int | None, *kinds: str) -> list[DocumentType]:
    """Give kinds of papers a retention."""
    DocumentType.objects.filter(code__in=kinds).update(retention_months=months)
    return list(DocumentType.objects.filter(code__in=kinds))


def ended(application: Application, *, months: int) -> Application:
    """As if the case had been over for so long (a month of 31 days)."""
    Application.objects.filter(pk=application.pk).update(ended_at=timezone.now() - timedelta(days=31 * months))
    application.refresh_from_db()
    return application


def make_old_case(*, months: int = 30, status: str = "rejected", **more) -> Application:
    """A case that ended so many months ago, its evidence in its file."""
    application = make_application(status=status, **more)
    refile_evidence(application, by=None)
    return ended(application, months=months)


def evidence(application: Application, kind: str = "ktp") -> Document:
    """One piece of evidence of a case."""
    return Document.objects.get(case_documents__application=application, document_type__code=kind)


def make_request(*, person: User | None = None, kind: str = "salinan", words: str = "Mohon dibantu.") -> PrivacyRequest:
    person = person or make_user(role="asesi")
    return open_request(person=person, kind=kind, words=words, by=person)
