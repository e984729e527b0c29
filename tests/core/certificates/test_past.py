"""Certificates of the paper years: kept, checked by anybody, found again by their holders, reminded of."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.accounts.services import save_profile
from core.activity.models import ActivityEntry
from core.certificates import services
from core.certificates.models import PastCertificate
from core.certificates.past_rules import is_same_name
from core.certificates.queries import find_public, public_view
from core.common.exceptions import DomainError
from core.messaging.models import OutboxMessage
from tests.core.helpers import everything_in_the_database
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate, make_certificate, make_past_certificate
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db

NIK = "8171015204900001"


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def with_nik(name: str = "Siti Rahma Putri", nik: str = NIK):
    person = make_user(role="asesi", full_name=name)
    save_profile(profile=person.candidate, values={"nik": nik}, version=None, by=person)
    return person


# --- what may be kept -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_until": date(2018, 1, 1), "issued_on": date(2019, 1, 1)}, "valid_until"),
        ({"issued_on": date(1990, 1, 1)}, "issued_on"),
        ({"issued_on": timezone.localdate() + timedelta(days=2)}, "issued_on"),
    ],
)
def test_impossible_days_are_refused(clerk, changes, field):
    row = make_past_certificate()
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(DomainError) as refusal:
        services.correct_past_certificate(certificate=row, by=clerk)
    assert refusal.value.field == field


def test_no_number_stands_for_two_certificates(clerk):
    issued = lay_certificate()
    row = make_past_certificate()
    row.number = issued.number
    with pytest.raises(DomainError, match="diterbitkan sistem"):
        services.keep_past_certificate(certificate=row, by=clerk)


def test_a_number_of_the_old_register_is_not_given_again(clerk):
    first = make_certificate(by=clerk)
    serial = first.number.split()[-2]
    make_past_certificate(number=first.number.replace(serial, f"{int(serial) + 1:07d}"))
    with pytest.raises(DomainError, match="sudah dipakai sertifikat lama"):
        make_certificate(by=clerk)


@pytest.mark.parametrize("role", ["administrator", "bnsp", "asesor"])
def test_only_the_secretariat_writes_the_old_register(role):
    with pytest.raises(DomainError, match="tidak berhak"):
        services.keep_past_certificate(certificate=make_past_certificate(), by=make_user(role=role))


def test_a_nik_is_unreadable_in_the_database(clerk):
    row = make_past_certificate()
    row.nik = NIK
    services.keep_past_certificate(certificate=row, by=clerk)
    assert PastCertificate.objects.get(pk=row.pk).nik == NIK
    assert NIK not in everything_in_the_database()


# --- the check of a paper ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, "berlaku"),
        ({"days_left": -1}, "kedaluwarsa"),
        ({"status": "dicabut"}, "dicabut"),
        ({"status": "dibekukan"}, "dibekukan"),
    ],
)
def test_anybody_checks_an_old_certificate_by_its_number(fields, state):
    row = make_past_certificate(**fields)
    found = public_view(find_public(f"  {row.number} "))
    assert (found["state"], found["name"], found["is_past"], found["place"]) == (
        state,
        "Siti R*******",
        True,
        "Jakarta",
    )


# --- whose it is ------------------------------------------------------------------------------------------


def test_who_fills_in_the_same_nik_finds_the_old_certificate():
    row, stranger = make_past_certificate(nik=NIK), make_past_certificate()
    person = with_nik()
    assert services.link_own_past_certificates(person=person, by=person) == 1
    row.refresh_from_db()
    stranger.refresh_from_db()
    assert (row.holder, stranger.holder) == (person, None)
    assert ActivityEntry.objects.get(code="past_certificate.link").actor == person
    assert services.link_own_past_certificates(person=person, by=person) == 0


def test_a_nik_alone_takes_nobodys_certificate():
    row = make_past_certificate(nik=NIK)
    person = with_nik("Bambang Sutrisno")
    assert services.link_own_past_certificates(person=person, by=person) == 0
    row.refresh_from_db()
    assert row.holder is None


def test_what_is_written_down_later_goes_to_the_account_that_has_its_nik(clerk):
    person, row = with_nik(), make_past_certificate()
    row.nik = NIK
    assert services.keep_past_certificate(certificate=row, by=clerk).holder == person


def test_the_secretariat_links_and_takes_the_link_off(clerk):
    row, person, assessor = make_past_certificate(), make_user(role="asesi"), make_user(role="asesor")
    with pytest.raises(DomainError, match="bukan akun asesi"):
        services.link_past_certificate(certificate=row, person=assessor, by=clerk)
    services.link_past_certificate(certificate=row, person=person, by=clerk)
    with pytest.raises(DomainError, match="orang lain"):
        services.link_past_certificate(certificate=row, person=make_user(role="asesi"), by=clerk)
    assert services.unlink_past_certificate(certificate=row, by=clerk).holder is None


def test_names_are_compared_without_titles_and_with_missing_parts():
    assert is_same_name("Siti Rahma", "SITI RAHMA PUTRI, S.T.")
    assert is_same_name("M. Ali Akbar", "Ali Akbar")
    assert not is_same_name("Siti Rahma", "Siti Aminah")
    assert not is_same_name("", "Siti")


def test_an_erased_person_leaves_the_register_but_neither_nik_nor_address(clerk):
    person = make_user(role="asesi")
    row = make_past_certificate(nik=NIK, holder=person, email="siti@contoh.id")
    services.forget_past_holder(person=person)
    row.refresh_from_db()
    assert (row.holder_name, row.nik, row.nik_hash, row.email) == ("Siti Rahma", "", None, "")


# --- at night ---------------------------------------------------------------------------------------------


def test_only_who_can_be_reached_is_reminded_once_at_each_mark():
    person = make_user(role="asesi")
    make_past_certificate(days_left=30)
    make_past_certificate(days_left=30, email="siti@contoh.id", status="dicabut")
    make_past_certificate(days_left=30, email="siti@contoh.id")
    make_past_certificate(days_left=60, holder=person)
    assert services.remind_past_expiring() == 2
    assert services.remind_past_expiring() == 0
    letters = OutboxMessage.objects.filter(template_key="past-certificate-expiring")
    assert set(letters.values_list("address", flat=True)) == {"siti@contoh.id", person.email}


@pytest.mark.parametrize(("status", "letters"), [("scheduled", 0), ("certified", 0), ("not_yet_competent", 1)])
def test_who_has_applied_for_the_scheme_already_is_not_told_to_apply(status, letters):
    case = make_case(status).application
    make_past_certificate(days_left=30, holder=case.candidate.user, scheme=case.scheme_version.scheme)
    assert services.remind_past_expiring() == letters


# --- acts -------------------------------------------------------------------------------------------------


def test_it_is_suspended_reinstated_and_withdrawn_like_any_other_and_only_who_can_be_reached_is_written_to(clerk):
    row, silent = make_past_certificate(email="siti@contoh.id"), make_past_certificate()
    until = timezone.localdate() + timedelta(days=30)

    row = services.suspend_past_certificate(certificate=row, reason="Laporan BPBD.", until=until, by=clerk)
    assert (row.status, row.suspended_until) == ("dibekukan", until)
    services.reinstate_past_certificate(certificate=row, reason="Sudah jelas.", by=clerk)
    services.withdraw_past_certificate(certificate=row, reason="Dipalsukan.", by=clerk)
    services.withdraw_past_certificate(certificate=silent, reason="Dipalsukan.", by=clerk)

    row.refresh_from_db()
    assert (row.status, row.suspended_until) == ("dicabut", None)
    assert list(row.events.values_list("act", "reason", "until", "by")) == [
        ("bekukan", "Laporan BPBD.", until, clerk.pk),
        ("pulihkan", "Sudah jelas.", None, clerk.pk),
        ("cabut", "Dipalsukan.", None, clerk.pk),
    ]
    letters = OutboxMessage.objects.filter(template_key__startswith="certificate-").order_by("pk")
    assert [(letter.template_key, letter.address) for letter in letters] == [
        (f"certificate-{act}", "siti@contoh.id") for act in ("suspended", "reinstated", "withdrawn")
    ]
    assert "Laporan BPBD." in letters[0].body
    entry = ActivityEntry.objects.get(code="past_certificate.suspend")
    assert (entry.actor, entry.data) == (clerk, {"until": f"{until}"})


def test_what_the_table_of_acts_refuses_changes_nothing(clerk):
    row, expired = make_past_certificate(), make_past_certificate(days_left=-1)
    own = make_past_certificate(holder=clerk)
    suspend = services.suspend_past_certificate
    for refused, code, values in (
        (row, "suspend.no_reason", {"reason": " "}),
        (row, "suspend.until", {"until": row.valid_until}),
        (expired, "suspend.refused", {}),
        (own, "suspend.refused", {}),  # nobody rules on what they hold themselves
        (row, "suspend.refused", {"by": make_user(role="administrator")}),
    ):
        with pytest.raises(DomainError) as refusal:
            suspend(**{"certificate": refused, "reason": "Laporan.", "by": clerk} | values)
        assert refusal.value.code == code
    assert not OutboxMessage.objects.exists()
    assert set(PastCertificate.objects.values_list("status", flat=True)) == {"aktif"}


def test_a_copy_of_the_old_register_undoes_nothing_that_was_decided_here(clerk):
    row, untouched = make_past_certificate(), make_past_certificate(status="dicabut")
    services.withdraw_past_certificate(certificate=row, reason="Dipalsukan.", by=clerk)
    for each in (row, untouched):
        each.refresh_from_db()
        each.status = "aktif"

    with pytest.raises(DomainError, match="Dicabut") as refusal:
        services.keep_past_certificates(certificates=[untouched, row], by=clerk)

    assert (refusal.value.code, refusal.value.field) == ("past_certificate.wrong", "status")
    assert set(PastCertificate.objects.values_list("status", flat=True)) == {"dicabut"}
    row.status, row.holder_name = "dicabut", "Siti Rahmah"
    services.keep_past_certificates(certificates=[untouched, row], by=clerk)
    assert set(PastCertificate.objects.values_list("status", flat=True)) == {"dicabut", "aktif"}


def test_a_suspension_ends_by_itself_on_the_day_after_its_last(clerk):
    yesterday = timezone.localdate() - timedelta(days=1)
    ended = make_past_certificate(status="dibekukan", suspended_until=yesterday)
    make_past_certificate(status="dibekukan")
    assert (services.end_past_suspensions(), services.end_past_suspensions()) == (1, 0)
    ended.refresh_from_db()
    assert (ended.status, ended.suspended_until, ended.events.get().by) == ("aktif", None, None)
