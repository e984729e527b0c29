"""What has been kept for long enough, and what is kept all the same."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.applications.filing import file_document, refile_evidence
from core.applications.models import Application
from core.common.exceptions import DomainError
from core.documents.models import Document, DocumentType
from core.policy.models import SystemPolicy
from core.privacy.retention import due_documents, due_groups, due_uploads, due_uploads_group, held_documents
from core.privacy.services import lift_hold, place_hold
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.certificates import lay_certificate
from tests.factories.documents import make_document
from tests.factories.privacy import ended, evidence, keep_for, make_old_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def test_a_case_knows_since_when_it_is_over_whichever_way_it_ended():
    for status in ("rejected", "withdrawn", "not_continued", "not_yet_competent", "certified"):
        assert make_application(status=status).ended_at is not None, status
    for status in ("draft", "submitted", "accepted", "assessed", "competent"):
        assert make_application(status=status).ended_at is None, status


def test_a_case_that_is_opened_again_is_not_over():
    case = make_application(status="not_yet_competent")
    case.status = "appealed"
    case.save(update_fields=["status"])
    assert Application.objects.get(pk=case.pk).ended_at is None


def test_due_is_what_has_lain_longer_than_its_kind_demands_since_its_case_ended():
    keep_for(24, "ktp")
    keep_for(60, "pasfoto")
    old, young = make_old_case(months=30), make_old_case(months=20)
    assert set(due_documents()) == {evidence(old)}
    ended(young, months=25)
    assert set(due_documents()) == {evidence(old), evidence(young)}


def test_nothing_is_due_without_a_retention():
    make_old_case(months=300)
    assert not due_documents().exists()
    assert due_groups() == []


def test_a_paper_of_two_cases_waits_for_the_later_one():
    keep_for(24, "ktp")
    old, running = make_old_case(), make_application(status="submitted")
    file_document(application=running, document=evidence(old))
    assert not due_documents().exists()
    running.status = "withdrawn"
    running.save()
    assert not due_documents().exists()
    ended(running, months=25)
    assert evidence(old) in due_documents()


def test_a_valid_certificate_holds_the_papers_of_its_case():
    keep_for(24, "ktp")
    certificate = lay_certificate(days_left=100)
    case = ended(certificate.application, months=36)
    refile_evidence(case, by=None)
    assert not due_documents().exists()
    certificate.valid_until = timezone.localdate() - timezone.timedelta(days=1)
    certificate.save()
    assert set(due_documents()) == {evidence(case)}


def test_a_withdrawn_certificate_holds_nothing():
    keep_for(24, "ktp")
    certificate = lay_certificate(status="dicabut")
    refile_evidence(ended(certificate.application, months=36), by=None)
    assert due_documents().count() == 1


@pytest.mark.parametrize("on", ["application", "person", "document"])
def test_a_hold_keeps_papers_until_it_is_lifted(clerk, on):
    keep_for(24, "ktp")
    case, other = make_old_case(), make_old_case()
    held = {"application": case, "person": case.candidate.user, "document": evidence(case)}[on]
    hold = place_hold(**{on: held}, reason="Sengketa di pengadilan", by=clerk)
    assert set(due_documents()) == {evidence(other)}
    assert set(held_documents()) == {evidence(case)}
    lift_hold(hold=hold, reason="Putusan sudah tetap", by=clerk)
    assert set(due_documents()) == {evidence(other), evidence(case)}


def test_a_hold_needs_a_reason_a_right_and_one_thing_that_is_not_held_yet(clerk):
    case = make_old_case()
    for arguments, code in (
        ({"application": case, "reason": " "}, "hold.reason"),
        ({"reason": "Sengketa"}, "place_hold.what"),
        ({"application": case, "person": case.candidate.user, "reason": "Sengketa"}, "place_hold.what"),
    ):
        with pytest.raises(DomainError) as refused:
            place_hold(**arguments, by=clerk)
        assert refused.value.code == code
    with pytest.raises(DomainError) as refused:
        place_hold(application=case, reason="Sengketa", by=make_user(role="bnsp"))
    assert refused.value.code == "place_hold.forbidden"
    hold = place_hold(application=case, reason="Sengketa", by=clerk)
    with pytest.raises(DomainError) as refused:
        place_hold(application=case, reason="Sekali lagi", by=clerk)
    assert refused.value.code == "place_hold.held"
    lift_hold(hold=hold, reason="Selesai", by=clerk)
    with pytest.raises(DomainError) as refused:
        lift_hold(hold=hold, reason="Selesai", by=clerk)
    assert refused.value.code == "lift_hold.lifted"


def test_certificates_and_minutes_are_never_due():
    kind = DocumentType.objects.get(code="sertifikat-kompetensi")
    kind.retention_months = 1
    with pytest.raises(ValidationError) as refused:
        kind.clean()
    assert "retention_months" in refused.value.message_dict
    keep_for(1, "sertifikat-kompetensi")
    case = make_old_case()
    file_document(application=case, document=evidence(case))
    evidence_row = evidence(case)
    evidence_row.document_type = kind
    evidence_row.save()
    assert not due_documents().exists()


@pytest.mark.parametrize("few_cases", [0, 1000])
def test_what_is_due_is_told_by_kind_with_its_space(django_assert_max_num_queries, monkeypatch, few_cases):
    monkeypatch.setattr("core.privacy.retention.FEW_CASES", few_cases)
    keep_for(24, "ktp", "ijazah")
    cases = [make_old_case() for _case in range(3)]
    with django_assert_max_num_queries(7):  # the kinds, then of each the old cases, their papers, what of them is due
        groups = due_groups()
    assert {group.kind.code: group.count for group in groups} == {"ktp": 3, "ijazah": 3}
    ktp = next(group for group in groups if group.kind.code == "ktp")
    assert ktp.size == sum(evidence(case).size for case in cases)
    assert not ktp.has_more


def test_what_is_due_is_counted_no_further_than_anybody_reads(monkeypatch):
    monkeypatch.setattr("core.privacy.retention.MOST_COUNTED", 2)
    keep_for(24, "ktp")
    cases = [make_old_case() for _case in range(3)]
    [group] = due_groups()
    assert (group.count, group.has_more) == (2, True)
    assert group.size == sum(evidence(case).size for case in cases[:2])


# --- uploads that no case took up ----------------------------------------------------------------------------


def aged(document: Document, *, months: int) -> Document:
    Document.objects.filter(pk=document.pk).update(created_at=timezone.now() - timedelta(days=31 * months))
    return document


def test_what_no_case_took_up_is_due_after_the_months_of_the_policy_and_only_that():
    person = make_user(role="asesi")
    forgotten, young = aged(make_document(owner=person), months=13), make_document(owner=person)
    draft = make_application(status="draft")
    refile_evidence(draft, by=None)
    for document in Document.objects.exclude(pk__in=[forgotten.pk, young.pk]):
        aged(document, months=40)  # in the draft, and the LSP's own
    assert not due_uploads().exists()  # nobody has said after how long
    assert due_uploads_group() is None

    SystemPolicy.objects.update(forgotten_upload_months=12)

    assert list(due_uploads()) == [forgotten]
    group = due_uploads_group()
    assert (group.kind, group.count, group.size) == (None, 1, forgotten.size)
    hold = place_hold(person=person, reason="Sengketa", by=make_user(role="sekretariat"))
    assert not due_uploads().exists()
    lift_hold(hold=hold, reason="Selesai", by=hold.placed_by)
    SystemPolicy.objects.update(forgotten_upload_months=14)
    assert not due_uploads().exists()
