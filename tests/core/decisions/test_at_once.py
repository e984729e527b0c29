"""Two people at the same moment; on MariaDB they truly meet."""

import pytest

from core.common.exceptions import DomainError
from core.decisions.models import Decision, Plenary
from core.decisions.services import add_cases, confirm_plenary, file_appeal, record_plenary, withdraw_appeal
from core.documents.models import Signature
from core.messaging.models import OutboxMessage
from tests.core.decisions.conftest import held
from tests.core.helpers import at_once
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_confirmations_give_one_number_and_one_letter_each():
    clerk, second, third = (make_user(role="sekretariat") for _i in range(3))
    plenary = record_plenary(plenary=held(by=clerk, cases=[make_case("assessed"), make_case("assessed")]), by=clerk)
    done = at_once(
        lambda: confirm_plenary(plenary=plenary, by=second), lambda: confirm_plenary(plenary=plenary, by=third)
    )
    assert sorted(isinstance(outcome, DomainError) for outcome in done) == [False, True]
    assert Plenary.objects.exclude(number=None).count() == 1
    assert OutboxMessage.objects.filter(template_key="decision-competent").count() == 2


def test_two_who_close_at_once_leave_one_recorder():
    clerk, second = (make_user(role="sekretariat") for _i in range(2))
    plenary = held(by=clerk, cases=[make_case("assessed")])
    done = at_once(
        lambda: record_plenary(plenary=plenary, by=clerk), lambda: record_plenary(plenary=plenary, by=second)
    )
    assert sorted(isinstance(outcome, DomainError) for outcome in done) == [False, True]
    assert Signature.objects.filter(role="Pencatat").count() == 1


def test_an_appeal_is_taken_back_once():
    case = make_case("not_yet_competent")
    person = case.application.candidate.user
    file_appeal(application=case.application, reason="Rekaman praktik hari kedua belum dilihat.", by=person)
    done = at_once(
        lambda: withdraw_appeal(application=case.application, by=person),
        lambda: withdraw_appeal(application=case.application, by=person),
    )
    assert sorted(isinstance(outcome, DomainError) for outcome in done) == [False, True]
    assert OutboxMessage.objects.filter(template_key="appeal-withdrawn").count() == 1


def test_a_case_reaches_one_agenda_only():
    clerk = make_user(role="sekretariat")
    case = make_case("assessed")
    first, second = held(by=clerk), held(by=clerk)
    done = at_once(
        lambda: add_cases(plenary=first, applications=[case.application], by=clerk),
        lambda: add_cases(plenary=second, applications=[case.application], by=clerk),
    )
    assert sorted(isinstance(outcome, DomainError) for outcome in done) == [False, True]
    assert Decision.objects.count() == 1


def test_a_double_click_files_one_appeal():
    case = make_case("not_yet_competent")
    person = case.application.candidate.user
    reason = "Rekaman praktik hari kedua belum dilihat."
    done = at_once(
        lambda: file_appeal(application=case.application, reason=reason, by=person),
        lambda: file_appeal(application=case.application, reason=reason, by=person),
    )
    assert sorted(isinstance(outcome, DomainError) for outcome in done) == [False, True]
    assert case.application.appeals.count() == 1
