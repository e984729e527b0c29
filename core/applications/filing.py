"""Filing: the only writers of which paper lies in the file of which case (CaseDocument).

Every room that makes or takes in a paper says so here, in its own transaction; search, recap and the
case's file read one table instead of asking each room.
"""

from collections.abc import Iterable
from typing import Any

from core.applications.models import Application, CaseDocument
from core.documents.changes import tell_changed
from core.documents.models import Document
from core.documents.text import mark_stale


def file_document(*, application: Application, document: Document, by: Any = None, is_current: bool = True) -> None:
    """Lay a paper into the file of one case; with `is_current` off it lies there as an earlier edition."""
    CaseDocument.objects.update_or_create(
        application=application,
        document=document,
        defaults={"is_current": is_current},
        create_defaults={"is_current": is_current, "filed_by": by},
    )
    mark_stale([document.pk])


def file_only_one_of_its_kind(*, application: Application, document: Document) -> None:
    """Lay a printed form into the file; earlier editions of it stay readable behind it."""
    file_document(application=application, document=document)
    CaseDocument.objects.filter(
        application=application, document__document_type=document.document_type_id, is_current=True
    ).exclude(document=document).update(is_current=False, replaced_by=document)


def set_aside(document: Document | None) -> None:
    """A paper is no longer in force, in whichever files it lies: a surat tugas taken back, a corrected form."""
    if document is not None:
        CaseDocument.objects.filter(document=document).update(is_current=False)
        tell_changed([document.pk], is_filing=True)


def file_many(*, applications: Iterable[int], documents: Iterable[int], by: Any = None) -> None:
    """Lay each of these papers into the file of each of these cases (both by primary key); twice is once."""
    keys = list(documents)
    CaseDocument.objects.bulk_create(
        [CaseDocument(application_id=pk, document_id=key, filed_by=by) for pk in applications for key in keys],
        ignore_conflicts=True,
    )
    mark_stale(keys)


def refile_evidence(application: Application, *, by: Any) -> None:
    """Bring the file in line with the evidence that the candidate has attached now.

    Asked after each change of a draft; a paper that is no longer attached anywhere stays, not current.
    """
    evidence = Document.objects.filter(document_type__is_personal_evidence=True)
    attached = {
        *evidence.filter(requirement_evidence__application=application).values_list("pk", flat=True),
        *evidence.filter(answers__application=application).values_list("pk", flat=True),
    }
    filed = CaseDocument.objects.filter(application=application, document__in=evidence, is_added_by_desk=False)
    is_current = dict(filed.values_list("document_id", "is_current"))
    file_many(applications=[application.pk], documents=attached - is_current.keys(), by=by)
    taken_out = {pk for pk, current in is_current.items() if current} - attached
    put_back = {pk for pk, current in is_current.items() if not current} & attached
    for documents, current in ((taken_out, False), (put_back, True)):
        if documents:  # what the desk replaced by a better copy stays behind it
            filed.filter(document_id__in=documents, replaced_by=None).update(is_current=current)
            tell_changed(documents, is_filing=True)


def file_by_desk(*, applications: Iterable[int], document: Document, replaces: Document | None, by: Any) -> None:
    """Lay a paper that the LSP took in into files (by primary key), in front of the one it replaces."""
    cases = list(applications)
    for pk in cases:
        CaseDocument.objects.update_or_create(
            application_id=pk,
            document=document,
            defaults={"is_current": True, "replaced_by": None},
            create_defaults={"is_added_by_desk": True, "filed_by": by},
        )
    mark_stale([document.pk])
    if replaces is not None:
        CaseDocument.objects.filter(application__in=cases, document=replaces).update(
            is_current=False, replaced_by=document
        )


def take_out_what_the_desk_filed(row: CaseDocument) -> None:
    """The paper no longer counts in this file; those that it had replaced there do again."""
    CaseDocument.objects.filter(pk=row.pk).update(is_current=False)
    CaseDocument.objects.filter(application=row.application_id, replaced_by=row.document_id).update(
        is_current=True, replaced_by=None
    )
    tell_changed([row.document_id], is_filing=True)
