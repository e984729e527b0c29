"""Perpanjangan: when it may begin, what it opens, and that two clicks are one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.applications.services import open_draft, submit_application, withdraw_application
from core.certificates.aftercare_queries import renewal_of
from core.certificates.aftercare_rules import RENEWAL_GRACE_DAYS
from core.certificates.models import Renewal
from core.certificates.services import start_renewal
from core.schemes.models import SchemeVersion
from core.schemes.queries import current_version
from tests.core.certificates.helpers import refused
from tests.factories.accounts import make_user
from tests.factories.applications import fill_in
from tests.factories.certificates import lay_certificate

pytestmark = pytest.mark.django_db


def test_the_application_is_filled_in_with_what_is_known():
    certificate = lay_certificate(days_left=100)

    application = start_renewal(certificate=certificate, by=certificate.holder)

    assert application.status == ApplicationStatus.DRAFT
    assert application.scheme_version == current_version(certificate.scheme.code)
    assert application.purpose.code == "pkt"
    assert application.answers.exclude(outcome="").exists()
    assert application.requirement_evidence.filter(documents__isnull=False).exists()
    assert renewal_of(application).certificate == certificate
    entry = ActivityEntry.objects.get(code="application.renew")
    assert (entry.actor, entry.data) == (certificate.holder, {"certificate": certificate.number})


def test_twice_the_same_click_leads_to_the_same_draft():
    certificate = lay_certificate(days_left=100)
    first = start_renewal(certificate=certificate, by=certificate.holder)
    assert start_renewal(certificate=certificate, by=certificate.holder) == first
    assert Renewal.objects.count() == 1
    assert ActivityEntry.objects.filter(code="application.renew").count() == 1


def test_a_draft_that_was_begun_some_other_way_becomes_the_renewal():
    certificate = lay_certificate(days_left=100)
    draft = open_draft(scheme_version=current_version(certificate.scheme.code), by=certificate.holder)
    assert start_renewal(certificate=certificate, by=certificate.holder) == draft
    draft.refresh_from_db()
    assert draft.purpose.code == "pkt"


def test_a_draft_goes_on_for_the_certificate_that_replaced_the_one_it_was_begun_for():
    old = lay_certificate(days_left=100)
    draft = start_renewal(certificate=old, by=old.holder)
    new = lay_certificate(days_left=100, holder=old.holder, replaces=old)
    assert start_renewal(certificate=new, by=old.holder) == draft
    assert Renewal.objects.get().certificate == new


def test_what_was_sent_already_is_not_turned_into_a_renewal():
    certificate = lay_certificate(days_left=100)
    draft = open_draft(scheme_version=current_version(certificate.scheme.code), by=certificate.holder)
    fill_in(draft)
    submit_application(application=draft, by=certificate.holder)

    error = refused(start_renewal, certificate=certificate, by=certificate.holder)

    draft.refresh_from_db()
    assert draft.number in error.message


def test_a_scheme_without_that_purpose_leaves_the_choice_to_the_holder():
    certificate = lay_certificate(days_left=100)
    version = current_version(certificate.scheme.code)
    version.purposes.remove(version.purposes.get(code="pkt"))
    assert start_renewal(certificate=certificate, by=certificate.holder).purpose is None


@pytest.mark.parametrize(
    ("days_left", "may"),
    [(181, False), (180, True), (0, True), (-RENEWAL_GRACE_DAYS, True), (-RENEWAL_GRACE_DAYS - 1, False)],
)
def test_the_window_opens_by_the_policy_and_closes_some_days_after_the_end(days_left, may):
    certificate = lay_certificate(days_left=days_left)
    if may:
        assert start_renewal(certificate=certificate, by=certificate.holder)
    else:
        error = refused(start_renewal, certificate=certificate, by=certificate.holder)
        assert "Perpanjangan dibuka mulai" in error.message or "Waktu perpanjangan berakhir" in error.message


@pytest.mark.parametrize("status", ["dibekukan", "dicabut", "diganti"])
def test_what_does_not_hold_is_not_renewed(status):
    certificate = lay_certificate(days_left=100, status=status)
    assert refused(start_renewal, certificate=certificate, by=certificate.holder)
    assert not Renewal.objects.exists()


@pytest.mark.parametrize("role", ["asesi", "sekretariat", "administrator"])
def test_only_the_holder_renews(role):
    certificate = lay_certificate(days_left=100)
    start_renewal(certificate=certificate, by=certificate.holder)
    assert refused(start_renewal, certificate=certificate, by=make_user(role=role))


def test_after_a_renewal_that_failed_another_may_begin():
    certificate = lay_certificate(days_left=100)
    first = start_renewal(certificate=certificate, by=certificate.holder)
    withdraw_application(application=first, by=certificate.holder)
    second = start_renewal(certificate=certificate, by=certificate.holder)
    assert second != first
    assert certificate.renewals.count() == 2


def test_what_was_renewed_is_not_renewed_again():
    certificate = lay_certificate(days_left=100)
    application = start_renewal(certificate=certificate, by=certificate.holder)
    application.status = ApplicationStatus.CERTIFIED
    application.save()
    assert "sudah diperpanjang" in refused(start_renewal, certificate=certificate, by=certificate.holder).message


def test_a_scheme_that_is_closed_says_so():
    certificate = lay_certificate(days_left=100)
    yesterday = timezone.localdate() - timedelta(days=1)
    SchemeVersion.objects.filter(scheme=certificate.scheme).update(registration_closes_on=yesterday)
    before = Application.objects.count()
    assert "ditutup" in refused(start_renewal, certificate=certificate, by=certificate.holder).message
    assert Application.objects.count() == before
