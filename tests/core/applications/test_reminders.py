"""Reminding a candidate whose case lies with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.models import Application
from core.applications.services import remind_candidate, submit_application
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user
from tests.factories.applications import make_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def letters():
    return OutboxMessage.objects.filter(template_key="application-reminder")


def test_the_letter_names_what_is_to_be_corrected(clerk):
    case = make_application(status="returned", officer=clerk)
    remind_candidate(application=case, by=clerk)
    letter = letters().get()
    assert letter.recipient == case.candidate.user
    assert case.number in letter.subject
    assert "Foto KTP buram." in letter.body
    assert case.number in letter.body
    assert ActivityEntry.objects.filter(code="application.remind", actor=clerk, subject_id=str(case.pk)).exists()


def test_at_most_one_a_day(clerk):
    case = make_application(status="returned", officer=clerk)
    remind_candidate(application=case, by=clerk)
    with pytest.raises(DomainError, match="sudah diingatkan hari ini"):
        remind_candidate(application=case, by=clerk)
    assert letters().count() == 1

    Application.objects.filter(pk=case.pk).update(reminded_at=timezone.now() - timedelta(days=1))
    remind_candidate(application=case, by=clerk)
    assert letters().count() == 2


@pytest.mark.parametrize("status", ["submitted", "under_review", "accepted"])
def test_only_what_lies_with_the_candidate(clerk, status):
    with pytest.raises(DomainError, match="Hanya permohonan yang perlu diperbaiki"):
        remind_candidate(application=make_application(status=status, officer=clerk), by=clerk)


@pytest.mark.parametrize("role", ["administrator", "bnsp", "asesor"])
def test_only_the_secretariat(clerk, role):
    with pytest.raises(DomainError, match="tidak berhak"):
        remind_candidate(application=make_application(status="returned", officer=clerk), by=make_user(role=role))
    assert not letters().exists()


def test_sending_again_counts_and_forgets_the_reminder(clerk):
    case = make_application(status="returned", officer=clerk)
    remind_candidate(application=case, by=clerk)
    submit_application(application=case, by=case.candidate.user)
    case.refresh_from_db()
    assert (case.sendings, case.reminded_at) == (2, None)
