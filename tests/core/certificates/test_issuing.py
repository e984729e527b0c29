"""From a confirmed decision to a certificate: who, when, with which number, and never twice."""

import json
from datetime import date

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.applications.snapshot import content_hash
from core.certificates.content import content_of
from core.certificates.models import Certificate, Renewal
from core.certificates.queries import public_view
from core.certificates.services import (
    blanks,
    issue_certificate,
    issue_for_plenary,
    record_blank_number,
    record_blank_numbers,
    record_surveillance,
    reinstate_certificate,
    replace_certificate,
    suspend_certificate,
)
from core.certificates.signing import check_token, qr_text
from core.common.dates import add_months
from core.common.models import NumberingCounter, NumberingRule
from core.common.retrying import retried
from core.content.models import OfficeData
from core.decisions.models import Decision
from core.messaging.models import OutboxMessage
from core.schemes.models import Scheme
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.certificates import LEADER, fill_in_codes, make_certificate, make_competent
from tests.factories.corridor import make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def last_number() -> int:
    return sum(NumberingCounter.objects.filter(rule__key="certificate").values_list("last", flat=True))


def serials() -> list[int]:
    return sorted(int(number.split()[3]) for number in Certificate.objects.values_list("number", flat=True))


# --- one certificate ----------------------------------------------------------------------------------


def test_a_competent_case_gets_its_certificate(clerk, time_machine):
    application = make_competent(full_name="Siti Rahmawati")
    time_machine.move_to("2027-02-01T03:00:00Z", tick=False)

    certificate = issue_certificate(application=application, by=clerk)

    application.refresh_from_db()
    assert application.status == "certified"
    assert certificate.number == "84234 5411 4 0000001 2027"
    assert certificate.registration_number == "LSP-BNPB.000001.2027"
    assert (certificate.issued_on, certificate.valid_until) == (date(2027, 2, 1), date(2030, 2, 1))
    assert certificate.holder_name == "Siti Rahmawati"
    assert certificate.province == application.province is not None
    content = content_of(certificate)
    assert content["holder"]["birth_place"]
    assert [unit["code"] for unit in content["units"]] == [
        link.unit.code for link in application.scheme_version.scheme_units.order_by("position")
    ]
    assert certificate.sha256 == content_hash(certificate.content)
    assert json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")) == certificate.content
    assert check_token(qr_text(certificate)).number == certificate.number
    assert [event.get_act_display() for event in certificate.events.all()] == ["Diterbitkan"]
    entry = ActivityEntry.objects.get(code="application.issue")
    assert (entry.actor, entry.data) == (clerk, {"certificate": certificate.number})
    letter = OutboxMessage.objects.get(template_key="certificate-issued")
    assert letter.recipient == application.candidate.user
    assert certificate.number in letter.subject
    assert f"/verifikasi/{certificate.code}/" in letter.body


def test_the_name_is_the_one_of_the_form_that_was_verified(clerk):
    application = make_competent(full_name="Siti Rahmawati")
    person = application.candidate.user
    person.full_name = "Nama Lain"
    person.save()

    assert issue_certificate(application=application, by=clerk).holder_name == "Siti Rahmawati"


def test_a_second_certificate_for_the_same_case_is_refused(clerk):
    certificate = make_certificate(by=clerk)

    with refused("issue.already") as caught:
        issue_certificate(application=certificate.application, by=clerk)

    assert certificate.number in caught.value.message
    assert last_number() == 1


@pytest.mark.parametrize("status", ["assessed", "not_yet_competent", "appealed", "accepted"])
def test_only_who_was_declared_competent_gets_one(clerk, status):
    application = make_case(status).application if status != "accepted" else make_case("preassessed").application

    with refused("issue.refused"):
        issue_certificate(application=application, by=clerk)


def test_a_plenary_that_nobody_confirmed_decides_nothing(clerk):
    case = make_case("competent")
    fill_in_codes(case.application.scheme_version.scheme)
    case.decision.plenary.status = "tercatat"
    case.decision.plenary.save()

    with refused("issue.refused") as caught:
        issue_certificate(application=case.application, by=clerk)

    assert "disahkan" in caught.value.message


def test_who_assessed_does_not_certify():
    case = make_case("competent")
    fill_in_codes(case.application.scheme_version.scheme)
    both = make_user(role="sekretariat")
    case.record.assessor.user = both
    case.record.assessor.save()

    with refused("issue.refused") as caught:
        issue_certificate(application=case.application, by=both)

    assert caught.value.message == "Anda menilai asesi ini; sertifikatnya diterbitkan oleh orang lain."


def test_nobody_but_the_secretariat_issues():
    application = make_competent()

    for role in ("administrator", "asesor", "bnsp", "asesi"):
        with refused("issue.refused"):
            issue_certificate(application=application, by=make_user(role=role))


def test_a_clock_that_stands_before_the_decision_issues_nothing(clerk, time_machine):
    time_machine.move_to("2027-02-10T03:00:00Z", tick=False)
    application = make_competent()
    time_machine.move_to("2027-02-09T03:00:00Z", tick=False)

    with refused("issue.refused") as caught:
        issue_certificate(application=application, by=clerk)

    assert "9 Februari 2027, sebelum tanggal keputusan 10 Februari 2027" in caught.value.message
    assert last_number() == 0


def test_a_scheme_without_what_the_number_needs_is_named_with_what_it_lacks(clerk):
    application = make_competent()
    scheme = application.scheme_version.scheme
    scheme.kbji_code, scheme.kkni_level = "", None
    scheme.save()

    with refused("issue.refused") as caught:
        issue_certificate(application=application, by=clerk)
    NumberingRule.objects.filter(key="certificate").update(pattern="{urut:05d}/SERT/{tahun}")

    assert "belum mempunyai kode KBJI, jenjang KKNI" in caught.value.message
    assert issue_certificate(application=application, by=clerk).number.startswith("00001/SERT/")


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 11, 26), 36, date(2029, 11, 26)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_validity_is_counted_in_calendar_months(day, months, end):
    assert add_months(day, months) == end


def test_what_fails_gives_its_number_back(clerk):
    application = make_competent()
    with transaction.atomic():
        issue_certificate(application=application, by=clerk)
        transaction.set_rollback(True)  # as when the power goes

    assert last_number() == 0
    assert issue_certificate(application=application, by=clerk).number.split()[3] == "0000001"


# --- many ---------------------------------------------------------------------------------------------


def test_a_plenary_is_issued_whole_and_one_that_fails_stops_no_other(clerk):
    applications = [make_competent() for _each in range(3)]
    plenary = Decision.objects.get(application=applications[0]).plenary
    Decision.objects.update(plenary=plenary)
    Decision.objects.filter(application=applications[1]).update(decided_at=None)
    heard = []

    results = issue_for_plenary(plenary=plenary, by=clerk, progress=lambda done, total: heard.append((done, total)))

    assert [result.is_done for result in results] == [True, False, True]
    assert "Belum ada keputusan" in results[1].reason
    assert heard == [(1, 3), (2, 3), (3, 3)]
    assert serials() == [1, 2]


def test_the_same_batch_sent_twice_issues_nothing_twice(clerk):
    applications = [make_competent() for _each in range(2)]
    issue_for_plenary(applications=applications, by=clerk)

    again = issue_for_plenary(applications=applications, by=clerk)

    assert not any(result.is_done for result in again)
    assert all("sudah terbit" in result.reason for result in again)
    assert serials() == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_clerks_who_issue_at_once_leave_no_gap_and_no_double():
    clerks = [make_user(role="sekretariat") for _each in range(4)]
    applications = [make_competent() for _each in range(4)]

    # Everybody issues everything, from another end: most meet somebody else's certificate.
    def all_of_them(number: int):
        turned = applications[number:] + applications[:number]
        return lambda: issue_for_plenary(applications=turned, by=clerks[number])

    results = [result for part in at_once(*map(all_of_them, range(4))) for result in part]

    assert sum(result.is_done for result in results) == 4
    assert all("sudah terbit" in result.reason for result in results if not result.is_done)
    assert serials() == list(range(1, 5))
    assert last_number() == 4


@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_again_and_other_faults_are_not():
    tries = []

    def act(code: int):
        def tried():
            tries.append(code)
            if len(tries) < 3:
                raise OperationalError(code, "…")
            return "done"

        return tried

    assert retried(act(1213)) == "done"
    tries.clear()
    with pytest.raises(OperationalError):
        retried(act(2006))
    assert tries == [2006]
    tries.clear()
    with pytest.raises(OperationalError), transaction.atomic():  # the whole transaction is gone, not this act alone
        retried(act(1213))
    assert tries == [1213]


# --- the number of the blank --------------------------------------------------------------------------


def test_the_number_of_the_blank_is_written_down_and_belongs_to_one_certificate(clerk):
    first, second = make_certificate(), make_certificate()

    assert record_blank_number(certificate=first, number=" b 0012 ", by=clerk).blank_number == "B 0012"
    with refused("record_blank.used", field="blank_number") as caught:
        record_blank_number(certificate=second, number="B 0012", by=clerk)

    assert first.number in caught.value.message


def test_sheets_that_follow_one_another_go_to_certificates_in_their_order(clerk):
    certificates = [make_certificate() for _each in range(3)]

    record_blank_numbers(certificates=certificates[::-1], first="0009998", spoiled=["0009999"], by=clerk)

    assert list(Certificate.objects.order_by("pk").values_list("blank_number", flat=True)) == [
        "0009998",
        "0010000",
        "0010001",
    ]


def test_a_row_of_sheets_is_written_down_whole_or_not_at_all(clerk):
    certificates = [make_certificate() for _each in range(3)]
    other = record_blank_number(certificate=make_certificate(), number="0003", by=clerk)

    with refused("record_blank.used", field="first") as caught:
        record_blank_numbers(certificates=certificates, first="0001", by=clerk)
    with refused("record_blank.has_one"):
        record_blank_numbers(certificates=[*certificates, other], first="0011", by=clerk)
    with refused("record_blank.first", field="first"):
        record_blank_numbers(certificates=certificates, first="LEMBAR", by=clerk)

    assert other.number in caught.value.message
    assert not Certificate.objects.filter(pk__in=[c.pk for c in certificates]).exclude(blank_number=None).exists()


def test_only_the_secretariat_writes_blanks_down():
    certificate = make_certificate()

    for role in ("administrator", "bnsp", "asesor"):
        with refused("record_blank.refused"):
            record_blank_number(certificate=certificate, number="1", by=make_user(role=role))


def test_two_clerks_who_write_the_same_sheet_down_at_once_do_not_both_get_it(clerk, monkeypatch):
    first, second = make_certificate(by=clerk), make_certificate(by=clerk)
    monkeypatch.setattr(blanks, "_refuse_used", lambda *a, **k: record_for(first))  # the other one is quicker

    def record_for(certificate):
        Certificate.objects.filter(pk=certificate.pk).update(blank_number="B1")

    with refused("record_blank.used", field="first") as caught:
        record_blank_number(certificate=second, number="b1", by=clerk)

    assert "baru saja dicatat" in caught.value.message
    second.refresh_from_db()
    assert second.blank_number is None


# --- a renewal ----------------------------------------------------------------------------------------


def test_a_renewal_of_what_is_suspended_waits_until_that_is_settled(clerk):
    old, application = make_certificate(by=clerk), make_competent()
    Renewal.objects.create(certificate=old, application=application)
    suspend_certificate(certificate=old, reason="Aduan pengguna jasa.", by=clerk)

    with refused("issue.refused") as caught:
        issue_certificate(application=application, by=clerk)
    assert f"{old.number} yang diperpanjang sedang dibekukan" in caught.value.message

    reinstate_certificate(certificate=old, reason="Aduan tidak terbukti.", by=clerk)
    assert issue_certificate(application=application, by=clerk).in_force


# --- the signatory and the clock ------------------------------------------------------------------------


@pytest.mark.parametrize("lacks", ["leader_name", "leader_position"])
def test_without_a_signatory_nothing_is_issued_and_no_number_is_used(clerk, lacks):
    application = make_competent()
    OfficeData.objects.update(**{lacks: ""})

    with refused("issue.refused") as caught:
        issue_certificate(application=application, by=clerk)

    assert "Data LSP" in caught.value.message
    assert last_number() == 0


def test_a_clock_that_was_set_back_issues_nothing_before_the_last_certificate(clerk, time_machine):
    time_machine.move_to("2027-02-01T03:00:00Z", tick=False)
    application = make_competent()
    last = make_certificate(by=clerk)
    Certificate.objects.filter(pk=last.pk).update(issued_on=date(2027, 2, 2))

    with refused("issue.refused") as caught:
        issue_certificate(application=application, by=clerk)
    with refused("issue.lacks"):
        replace_certificate(certificate=last, corrections={"full_name": "Nama Baru"}, reason="x", by=clerk)

    assert "sebelum tanggal sertifikat terakhir 2 Februari 2027" in caught.value.message
    time_machine.move_to("2027-02-02T03:00:00Z", tick=False)
    assert issue_certificate(application=application, by=clerk).number.split()[3] == "0000002"


# --- replacement --------------------------------------------------------------------------------------


def test_a_wrong_name_is_put_right_by_a_new_certificate_that_names_the_old(clerk, time_machine):
    time_machine.move_to("2027-02-01T03:00:00Z", tick=False)
    old = make_certificate(full_name="Siti Rahmawti", by=clerk)
    time_machine.move_to("2027-05-01T03:00:00Z", tick=False)

    new = replace_certificate(
        certificate=old, corrections={"full_name": "Siti Rahmawati"}, reason="Salah ketik", by=clerk
    )

    old.refresh_from_db()
    assert (old.status, old.in_force) == ("diganti", None)
    assert (new.status, new.in_force, new.replaces) == ("aktif", True, old)
    assert (new.holder_name, old.holder_name) == ("Siti Rahmawati", "Siti Rahmawti")
    assert new.number.split()[3] == "0000002"
    assert new.valid_until == old.valid_until
    assert new.issued_on == date(2027, 5, 1)
    assert content_of(new)["replaces"] == old.number
    assert check_token(new.token).name == "Siti Rahmawati"
    assert [(event.act, event.reason) for event in old.events.all()] == [("terbit", ""), ("ganti", "Salah ketik")]
    assert OutboxMessage.objects.filter(template_key="certificate-replaced").count() == 1


def test_a_replacement_needs_a_reason_and_a_difference(clerk):
    certificate = make_certificate(full_name="Siti Rahmawati", by=clerk)

    with refused("replace.reason", field="reason"):
        replace_certificate(certificate=certificate, corrections={"full_name": "Siti R."}, reason=" ", by=clerk)
    with refused("replace.unchanged"):
        replace_certificate(certificate=certificate, corrections={"full_name": "Siti Rahmawati"}, reason="x", by=clerk)
    with refused("replace.birth_date", field="birth_date"):
        replace_certificate(certificate=certificate, corrections={"birth_date": "besok"}, reason="x", by=clerk)
    with refused("replace.name", field="full_name"):
        replace_certificate(certificate=certificate, corrections={"full_name": ""}, reason="x", by=clerk)
    with refused("replace.length", field="full_name"):
        replace_certificate(certificate=certificate, corrections={"full_name": "S" * 200}, reason="x", by=clerk)

    certificate.refresh_from_db()
    assert (certificate.status, last_number()) == ("aktif", 1)


def test_a_replacement_is_signed_by_who_leads_the_lsp_today(clerk):
    old = make_certificate(by=clerk)
    OfficeData.objects.update(leader_name="Ir. Sri Wahyuni", leader_position="Plt. Direktur LSP BNPB")

    new = replace_certificate(certificate=old, corrections={"full_name": "Nama Baru"}, reason="x", by=clerk)

    assert content_of(old)["signatory"] == {"name": LEADER["leader_name"], "position": LEADER["leader_position"]}
    assert content_of(new)["signatory"] == {"name": "Ir. Sri Wahyuni", "position": "Plt. Direktur LSP BNPB"}


def test_paper_code_and_public_check_name_the_scheme_alike_though_it_was_renamed(clerk):
    old = make_certificate(full_name="Siti Rahma")
    printed = old.scheme.title
    Scheme.objects.update(title="Judul yang baru")

    new = replace_certificate(
        certificate=old, corrections={"full_name": "Siti Rahmawati"}, reason="Salah ketik.", by=clerk
    )

    assert content_of(new)["scheme"]["title"] == printed
    assert check_token(qr_text(new)).scheme == printed
    assert [public_view(each)["scheme"] for each in (old, new)] == [printed, printed]


def test_who_did_not_answer_before_a_replacement_may_still_do_so(clerk):
    old = make_certificate(full_name="Siti Rahma")
    check = old.surveillances.first()
    today = timezone.localdate()
    record_surveillance(
        surveillance=check, outcome="tidak-menjawab", note="Dua kali disurati.", done_on=today, by=clerk
    )

    new = replace_certificate(
        certificate=old, corrections={"full_name": "Siti Rahmawati"}, reason="Salah ketik.", by=clerk
    )

    check.refresh_from_db()
    assert check.certificate == new
    record_surveillance(surveillance=check, outcome="terpelihara", done_on=today, by=clerk)


def test_what_was_replaced_is_not_replaced_again(clerk):
    certificate = make_certificate(by=clerk)
    replace_certificate(certificate=certificate, corrections={"full_name": "Nama Baru"}, reason="x", by=clerk)

    with refused("replace.refused"):
        replace_certificate(certificate=certificate, corrections={"full_name": "Nama Lain"}, reason="x", by=clerk)


def test_a_replacement_lifts_no_suspension(clerk):
    certificate = make_certificate(by=clerk)
    Certificate.objects.filter(pk=certificate.pk).update(status="dibekukan")
    certificate.events.create(act="bekukan", reason="Aduan", by=clerk)

    new = replace_certificate(certificate=certificate, corrections={"full_name": "Nama Baru"}, reason="x", by=clerk)

    assert new.status == "dibekukan"
    assert new.events.get(act="bekukan").reason == "Aduan"


def test_a_certificate_whose_time_is_over_is_renewed_not_replaced(clerk, time_machine):
    certificate = make_certificate(by=clerk)
    time_machine.move_to("2040-01-01T03:00:00Z", tick=False)

    with refused("replace.refused") as caught:
        replace_certificate(certificate=certificate, corrections={"full_name": "Nama Baru"}, reason="x", by=clerk)

    assert "perpanjangan" in caught.value.message
