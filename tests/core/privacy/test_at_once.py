"""Two at the same moment; on MariaDB they truly meet."""

from threading import Event

import pytest
from django.db import transaction

from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError
from core.documents.models import DocumentType
from core.documents.services import destroy_document, remove_content, store_rendered
from core.privacy import services
from core.privacy.models import DestructionBatch
from tests.core.helpers import at_once
from tests.factories.accounts import make_user
from tests.factories.privacy import evidence, keep_for, make_old_case

pytestmark = pytest.mark.django_db(transaction=True)


def stored(content: bytes, owner):
    kind = DocumentType.objects.get(code="fr-apl-01")
    return store_rendered(content=content, file_name="a.pdf", document_type=kind, owner=owner, title="A", pages=1)


def test_the_same_bytes_kept_while_they_are_being_destroyed_are_there_in_the_end():
    """Whoever comes second waits: never a row without its file."""
    owner, other = make_user(role="asesi"), make_user(role="asesi")
    old = stored(b"%PDF-1.4 sama", owner)
    destroy_document(document=old, number="1/BA", by=None)
    begun = Event()

    def keep():
        with transaction.atomic():
            document = stored(b"%PDF-1.4 sama", other)
            begun.set()
            return document

    def destroy():
        begun.wait(timeout=10)  # the other has looked at the file already and not yet told that it needs it
        return remove_content(document=old)

    kept, is_gone = at_once(keep, destroy)
    assert is_gone is False
    assert kept.file.storage.exists(kept.file.name)


def test_two_proposals_share_no_paper():
    keep_for(24, "ktp")
    make_old_case()
    first, second = make_user(role="sekretariat"), make_user(role="sekretariat")
    done = at_once(lambda: services.propose_destruction(by=first), lambda: services.propose_destruction(by=second))
    assert sorted(isinstance(outcome, DomainError) for outcome in done) == [False, True]
    assert DestructionBatch.objects.count() == 1


def test_two_runs_destroy_each_paper_once():
    keep_for(24, "ktp")
    papers = [evidence(make_old_case()) for _case in range(2)]
    batch = services.propose_destruction(by=make_user(role="sekretariat"))
    services.approve_destruction(batch=batch, by=make_user(role="sekretariat"))

    def run():
        return services.continue_destruction(batch=DestructionBatch.objects.get(pk=batch.pk))

    assert at_once(run, run) == [0, 0]
    batch.refresh_from_db()
    assert batch.status == "dimusnahkan"
    assert ActivityEntry.objects.filter(code="document.destroy").count() == len(papers)
    assert ActivityEntry.objects.filter(code="destruction.finish").count() == 1
