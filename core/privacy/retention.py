"""Which papers have been kept for long enough.

Due is a paper whose kind has a retention, which lies in the file of at least one case, and whose
cases are all over for that long. Kept all the same: what a valid certificate of one of its cases rests
on, and what a legal hold lies on. Due as well, when the policy says after how long: what a candidate once
uploaded and no case, not even a draft, ever took up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.models import Application, CaseDocument, RequirementEvidence, SelfAssessmentAnswer
from core.certificates.enums import CertificateStatus
from core.certificates.models import Certificate
from core.common.dates import add_months, beginning_of
from core.documents.models import KEPT_FOR_EVER, Document, DocumentState, DocumentType
from core.policy.queries import system_policy
from core.privacy.models import DestructionItem, LegalHold

#: So many papers of a kind are counted; a list for destruction holds fewer.
MOST_COUNTED = 1000
#: Up to so many cases their papers are gathered.
FEW_CASES = 1000


def kinds_with_retention() -> QuerySet[DocumentType]:
    return DocumentType.objects.filter(retention_months__isnull=False).exclude(code__in=KEPT_FOR_EVER)


def over_before(kind: DocumentType) -> datetime:
    """A case that ended before this moment has its retention for such papers behind it."""
    return _months_ago(kind.retention_months)


def _months_ago(months: int) -> datetime:
    return beginning_of(add_months(timezone.localdate(), -months))


def held() -> Q:
    """On whom, on what or on whose case a legal hold lies, as a condition on documents."""
    holds = LegalHold.objects.filter(lifted_at=None)
    files = CaseDocument.objects.filter(document=OuterRef("pk"))
    return (
        Exists(holds.filter(document=OuterRef("pk")))
        | Exists(holds.filter(person=OuterRef("owner")))
        | Exists(files.filter(application__in=holds.filter(application__isnull=False).values("application")))
        | Exists(files.filter(application__candidate__user__in=holds.filter(person__isnull=False).values("person")))
    )


def certified() -> Q:
    """What a certificate that is still valid rests on, as a condition on documents."""
    valid = Certificate.objects.filter(
        status__in=[CertificateStatus.ACTIVE, CertificateStatus.SUSPENDED], valid_until__gte=timezone.localdate()
    )
    return Q(Exists(CaseDocument.objects.filter(document=OuterRef("pk"), application__certificates__in=valid)))


def past_retention(kinds: Iterable[DocumentType] | None = None) -> QuerySet[Document]:
    """Papers whose time is over, held or not."""
    kinds = list(kinds_with_retention() if kinds is None else kinds)
    if not kinds:
        return Document.objects.none()
    limits = {kind.pk: over_before(kind) for kind in kinds}
    limit = Case(
        *(When(document_type=pk, then=Value(moment)) for pk, moment in limits.items()), output_field=DateTimeField()
    )
    files = CaseDocument.objects.filter(document=OuterRef("pk"))
    running = Q(application__ended_at=None) | Q(application__ended_at__gte=OuterRef("limit"))
    documents = Document.objects.filter(document_type__in=limits, state=DocumentState.CLEAN)
    return (
        documents.filter(pk__in=_in_old_files(documents, max(limits.values())))
        .alias(limit=limit)
        .exclude(Exists(files.filter(running)))
    )


def _in_old_files(documents: QuerySet[Document], moment: datetime) -> Any:
    """Keys of what lies in the file of a case that ended before this moment. Of few such cases the papers are gathered;
    where they are many, so are the papers, and whoever goes along all papers soon has enough of them."""
    old = Application.objects.filter(ended_at__lt=moment).order_by()
    some = list(old.values_list("pk", flat=True)[: FEW_CASES + 1])
    if len(some) > FEW_CASES:
        return CaseDocument.objects.filter(application__in=old).values("document")
    found = documents.filter(case_documents__application__in=some).order_by()
    return set(found.values_list("pk", flat=True)) if some else []


def due_documents(kinds: Iterable[DocumentType] | None = None) -> QuerySet[Document]:
    """What may be proposed now: its time is over, nothing holds it, and no running batch has it."""
    return past_retention(kinds).exclude(certified()).exclude(held()).exclude(_proposed())


def _proposed() -> Exists:
    return Exists(DestructionItem.objects.filter(document=OuterRef("pk"), is_open=True))


def forgotten_uploads() -> QuerySet[Document]:
    """Evidence that lies in the file of no case, draft or sent, for longer than the policy keeps it; held or not."""
    months = system_policy().forgotten_upload_months
    if not months:
        return Document.objects.none()
    requirements = RequirementEvidence.documents.through.objects.filter(document=OuterRef("pk"))
    answers = SelfAssessmentAnswer.documents.through.objects.filter(document=OuterRef("pk"))
    return (
        Document.objects.filter(
            state=DocumentState.CLEAN,
            created_at__lt=_months_ago(months),
            uploaded_by__isnull=False,
            document_type__in=list(
                DocumentType.objects.filter(is_personal_evidence=True).exclude(code__in=KEPT_FOR_EVER)
            ),
        )
        .exclude(Exists(CaseDocument.objects.filter(document=OuterRef("pk"))))
        .exclude(Exists(requirements))
        .exclude(Exists(answers))
    )


def due_uploads() -> QuerySet[Document]:
    """Those of them that may be proposed now."""
    return forgotten_uploads().exclude(held()).exclude(_proposed())


def oldest_due(kinds: Iterable[DocumentType] | None, most: int) -> list[Document]:
    """The oldest of what is due. Asked kind by kind: so each goes along its own index until it has enough."""
    keys: list[int] = []
    for kind in kinds_with_retention() if kinds is None else kinds:
        keys += due_documents([kind]).order_by("pk").values_list("pk", flat=True)[:most]
    found = Document.objects.filter(pk__in=sorted(keys)[:most])
    return list(found.select_related("document_type").order_by("pk"))


def held_documents() -> QuerySet[Document]:
    """What would be due but for a legal hold. Holds are few: what they lie on is gathered first."""
    holds = LegalHold.objects.filter(lifted_at=None)
    people = list(holds.filter(person__isnull=False).values_list("person", flat=True))
    cases = Q(application__in=list(holds.filter(application__isnull=False).values_list("application", flat=True)))
    cases |= Q(application__candidate__user__in=people)
    keys = {*holds.filter(document__isnull=False).values_list("document", flat=True)}
    keys |= {*Document.objects.filter(owner__in=people).order_by().values_list("pk", flat=True)}
    keys |= {*CaseDocument.objects.filter(cases).order_by().values_list("document", flat=True)}
    return past_retention().filter(pk__in=keys).exclude(certified())


@dataclass(frozen=True)
class DueGroup:
    """What is due of one kind, or, without a kind, what was uploaded and never used; counted up to `MOST_COUNTED`."""

    kind: DocumentType | None
    count: int
    size: int
    oldest: datetime
    has_more: bool = False


def due_groups() -> list[DueGroup]:
    """What is due by kind, the most space first."""
    groups = [group for kind in kinds_with_retention() if (group := _group(kind, due_documents([kind])))]
    return sorted(groups, key=lambda group: (-group.size, group.kind.title))


def due_uploads_group() -> DueGroup | None:
    """Forgotten uploads as one group, whatever their kinds; None where there are none."""
    return _group(None, due_uploads())


def _group(kind: DocumentType | None, documents: QuerySet[Document]) -> DueGroup | None:
    rows = documents.order_by("pk").values_list("size", "created_at")[: MOST_COUNTED + 1]
    sizes, moments = zip(*rows, strict=True) if rows else ((), ())
    counted = sizes[:MOST_COUNTED]
    return DueGroup(kind, len(counted), sum(counted), min(moments), len(sizes) > MOST_COUNTED) if sizes else None


def cases_of(documents: Iterable[Document]) -> dict[int, list[Application]]:
    """{document: the cases in whose files it lies}"""
    found: dict[int, list[Application]] = {}
    rows = CaseDocument.objects.filter(document__in=documents).select_related("application").order_by("application")
    for row in rows:
        found.setdefault(row.document_id, []).append(row.application)
    return found


def why_due(kind: DocumentType, cases: Iterable[Application]) -> str:
    """The ground that the berita acara names, in a sentence."""
    ended = max((case.ended_at for case in cases if case.ended_at), default=None)
    words = {"months": kind.retention_months, "day": date_format(timezone.localtime(ended), "j M Y") if ended else "–"}
    return _("Masa simpan %(months)s bulan sejak kasus selesai %(day)s sudah lewat") % words


def why_forgotten(upload: Document) -> str:
    """The same for what was never used."""
    words = {
        "day": date_format(timezone.localtime(upload.created_at), "j M Y"),
        "months": system_policy().forgotten_upload_months,
    }
    return _("Diunggah %(day)s, tidak dipakai permohonan mana pun; disimpan %(months)s bulan") % words
