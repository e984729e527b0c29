"""The demo: invented people, the same ones for the same seed, and only where it is allowed."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from core.accounts.models import CandidateProfile, User
from core.accounts.nik import parse_nik
from core.accounts.rules import role_of
from core.applications.models import Application
from core.applications.sections import sections_of
from core.assessments.models import AssessmentSession, FilledForm
from core.assessments.queries import assignment_in_force
from core.assessments.rules import assessment_has_begun
from core.backups.drill_models import RestoreDrill
from core.backups.models import BackupRun
from core.certificates.aftercare_queries import due_surveillances
from core.certificates.models import Certificate, Surveillance
from core.certificates.signing import check_token, qr_text
from core.certificates.standing import CertificateState, state_on
from core.decisions.models import Appeal, Plenary
from core.demo import ACCOUNTS, FATES, PASSWORD, seed_demo
from core.demo.backups import seed_backups
from core.handovers.checks import examine
from core.handovers.models import Handover
from core.handovers.queries import pending_decisions
from core.inquiries.models import Ticket
from core.jobs.models import Job
from core.jobs.services import run_waiting
from core.messaging.models import OutboxMessage
from core.reports.tally import differences
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def seeded(*, applications: int = 3, seed: int = 2026) -> list[tuple]:
    """What the seed makes, told without the keys of the database; taken back afterwards."""
    with transaction.atomic():
        assert list(seed_demo(applications=applications, seed=seed)) == list(range(1, applications + 1))
        told = [
            (
                case.candidate.user.full_name, case.candidate.nik, case.candidate.home_address, case.candidate.phone_mobile,
                case.scheme_version.scheme.code, case.status, case.number, case.completeness,
                sorted(case.answers.values_list("element__unit__code", "element__number", "outcome")),
                sorted(case.requirement_evidence.values_list("requirement__title", "verdict", "documents__sha256")),
            )
            for case in Application.objects.order_by("pk").select_related("candidate__user", "scheme_version__scheme")
        ]  # fmt: skip
        transaction.set_rollback(True)
    return told


def test_the_same_seed_makes_the_same_people_and_cases():
    first, second, other = seeded(), seeded(), seeded(seed=7)

    assert (
        len(first) == 3 + 4 + 2 + 3
    )  # also who accepted the invitation of their institution, is assessed today, is long past
    assert second == first
    assert other != first


def test_there_is_one_account_per_role_that_can_log_in(settings):
    settings.DEMO = True

    call_command("seed_demo", applications=0, verbosity=0)

    for role, (email, name) in ACCOUNTS.items():
        user = User.objects.get(email=email)
        assert (role_of(user), user.full_name, user.check_password(PASSWORD)) == (role, name, True)
    assert set(ACCOUNTS) == {"administrator", "sekretariat", "asesor", "bnsp", "asesi", "instansi"}


def test_invented_people_are_valid_and_belong_to_the_top_of_the_serial_numbers():
    list(seed_demo(applications=4))

    assert User.objects.get(email="asesi1@contoh.id").check_password(PASSWORD)  # their cases can be looked at
    for profile in CandidateProfile.objects.exclude(nik_hash=None):
        nik = parse_nik(profile.nik)
        assert (nik.birth_date, nik.sex) == (profile.birth_date, profile.sex)
        assert int(profile.nik[-4:]) > 9900
        assert profile.user.email.endswith("@contoh.id")


def test_every_case_went_the_way_of_a_real_one():
    list(seed_demo(applications=8))

    statuses = set()
    for case in Application.objects.all():
        statuses.add(case.status)
        assert (case.number is None) == (case.status == "draft")
        assert case.submissions.count() == (case.status != "draft")
        if case.status != "draft":
            assert all(section.is_complete for section in sections_of(case))
    assert statuses <= {*FATES, "scheduled"}
    assert len(statuses) >= 3
    assert set(Ticket.objects.values_list("status", flat=True)) == {"terbuka", "dijawab", "ditutup"}
    assert differences() == {}
    assert len({case.registered_on.month for case in Application.objects.exclude(registered_on=None)}) > 1


@pytest.mark.parametrize("options", [[], ["--if-empty"], ["--applications", "1"]])
def test_outside_the_demo_nothing_is_invented(options):
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo", *options)

    assert not User.objects.exists()


def test_a_copy_that_is_in_use_is_left_alone(settings):
    settings.DEMO = True
    call_command("seed_demo", "--applications", "1")
    before = User.objects.count()

    call_command("seed_demo", "--applications", "1", "--if-empty")

    assert User.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_invented_people_get_no_letters(settings, mailoutbox):
    settings.DEMO = settings.OUTBOX_SEND_ON_COMMIT = True

    call_command("seed_demo", "--applications", "2")

    assert mailoutbox == []
    assert settings.OUTBOX_SEND_ON_COMMIT is True
    assert not OutboxMessage.objects.exclude(status="menunggu").exists()


def test_the_demo_shows_every_room_behind_acceptance():
    list(seed_demo(applications=24))

    found = set(Application.objects.values_list("status", flat=True))
    assert {"scheduled", "assessed", "competent", "appealed", "certified"} <= found
    today = timezone.localdate()
    assert {state_on(row, today) for row in Certificate.objects.all()} >= {
        CertificateState.VALID, CertificateState.EXPIRED, CertificateState.SUSPENDED, CertificateState.WITHDRAWN,
        CertificateState.ENDING,
    }  # fmt: skip
    assert due_surveillances(today).count() == 1
    assert all(row.due_on > row.certificate.issued_on for row in Surveillance.objects.select_related("certificate"))
    for certificate in Certificate.objects.all():
        told = check_token(qr_text(certificate))
        assert (told.number, told.valid_until) == (certificate.number, certificate.valid_until)
    assert set(Plenary.objects.values_list("status", flat=True)) == {"persiapan", "disahkan"}
    assert set(Appeal.objects.values_list("status", flat=True)) == {"diajukan", "diterima"}
    assert set(AssessmentSession.objects.values_list("status", flat=True)) >= {"diumumkan"}
    assert set(Ticket.objects.values_list("status", flat=True)) == {"terbuka", "dijawab", "ditutup"}
    [open_one] = Handover.objects.filter(status="persiapan")
    assert {finding.column for finding in examine(open_one).faults} == {"Telp", "Kode pekerjaan"}
    assert Handover.objects.filter(status="diserahkan").exists()
    assert pending_decisions().exists()
    assert differences() == {}
    run_waiting(seconds=30)
    [job] = Job.objects.filter(kind="ekspor")
    assert (job.state, job.error) == ("selesai", "")
    assert job.result_size > 1000, "the list of background jobs has a result to be fetched"


def test_a_demo_begun_in_the_night_has_no_backup_from_the_future(time_machine):
    time_machine.move_to(datetime(2026, 11, 27, 17, 6, tzinfo=UTC), tick=False)  # six past midnight in Jakarta
    seed_backups(administrator=make_user(role="administrator"))

    newest = BackupRun.objects.latest("begun_at")
    assert newest.ended_at < timezone.now()
    assert RestoreDrill.objects.latest("begun_at").ended_at < timezone.now()


def test_the_demos_assessor_has_candidates_whose_day_is_today(time_machine):
    """Also just after midnight in Jakarta, when an hour ago was yesterday."""
    time_machine.move_to(datetime(2026, 11, 27, 17, 47, tzinfo=UTC))
    list(seed_demo(applications=4))

    session = AssessmentSession.objects.get()
    assert session.starts_at < timezone.now() < session.ends_at
    assert timezone.localdate(session.starts_at) == timezone.localdate()
    seats = list(session.placements.select_related("application"))
    assert len(seats) == 2
    for seat in seats:
        assert seat.attendance == ""
        assert assignment_in_force(seat.application).assessor.user.email == ACCOUNTS["asesor"][0]
        assert assessment_has_begun(seat.application, None) == ""
        papers = dict(FilledForm.objects.filter(application=seat.application).values_list("definition__code", "status"))
        assert papers.pop("fr-ak-01") == "ditandatangani"
        assert set(papers.values()) == {"kosong"}
