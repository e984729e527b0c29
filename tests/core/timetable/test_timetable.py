"""The timetable: what is due when, what one run leaves behind, who is told, what an administrator may do."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from core.activity.models import ActivityEntry
from core.jobs.models import Job
from core.messaging.models import OutboxMessage
from core.timetable import locks, rules, services
from core.timetable.enums import RunState, Trigger
from core.timetable.models import ScheduledJob, ScheduledRun
from core.timetable.queries import timetable_state
from core.timetable.runner import carry
from core.timetable.services import (
    claim_run,
    end_run,
    look,
    pause_job,
    prune_runs,
    request_run,
    resume_job,
    take_up_interrupted,
)
from core.timetable.table import entry_of, timetable
from tests.core.helpers import refused
from tests.core.timetable import work
from tests.factories.accounts import make_user
from tests.factories.timetable import job_named, make_failed_job, make_scheduled_run

pytestmark = pytest.mark.django_db

HERE = "tests.core.timetable.work"
NIGHTLY, MINUTELY = "malam", "menit"


@pytest.fixture(autouse=True)
def _two_jobs(settings, time_machine):
    """One each night at half past two and one each minute; it is Thursday evening."""
    settings.TIMETABLE = (
        (NIGHTLY, "30 2 * * *", 3600, "Malam", "Bekerja.", f"{HERE}.well"),
        (MINUTELY, "* * * * *", 60, "Menit", "Bekerja.", f"{HERE}.well"),
    )
    go_to(time_machine, "2026-11-26 20:00")
    ScheduledJob.objects.all().delete()
    services.lay_timetable_ready()
    work.done.clear()


def go_to(time_machine, text: str) -> datetime:
    """The wall clock in Jakarta."""
    time_machine.move_to(datetime.fromisoformat(f"{text}+07:00"), tick=False)
    return timezone.now()


def begin(name: str = NIGHTLY) -> ScheduledRun | None:
    """Take the job up if it is due now."""
    job, entry = job_named(name), entry_of(name)
    trigger = rules.why_due(job, entry, timezone.now())
    return claim_run(job=job, entry=entry, trigger=trigger, now=timezone.now()) if trigger else None


def do(name: str = NIGHTLY) -> str:
    """Carry the job in this process if it is due; why it was begun, or ""."""
    run = begin(name)
    if run is None:
        return ""
    outcome, result = carry(entry_of(name))
    end_run(token=run.token, outcome=outcome, result=result)
    return run.trigger


# --- when ---------------------------------------------------------------------------------------------------


def test_a_nightly_job_runs_once_a_night_and_a_new_one_has_missed_nothing(time_machine):
    assert do() == ""
    go_to(time_machine, "2026-11-27 02:30")
    assert [do(), do()] == ["jadwal", ""]
    go_to(time_machine, "2026-11-27 23:59")
    assert do() == ""
    assert work.done == ["well"]


def test_ten_days_off_are_made_up_for_once(time_machine):
    go_to(time_machine, "2026-12-06 09:17")
    assert [do(), do()] == ["susulan", ""]
    go_to(time_machine, "2026-12-07 02:30")
    assert do() == "jadwal"


def test_a_clock_that_was_set_back_runs_nothing_twice(time_machine):
    go_to(time_machine, "2026-11-27 02:31")
    assert do() == "jadwal"
    go_to(time_machine, "2026-11-27 01:00")
    look(now=timezone.now())
    assert do() == ""
    go_to(time_machine, "2026-11-27 02:30")
    assert do() == ""
    go_to(time_machine, "2026-11-28 02:30")
    assert do() == "jadwal"


def test_a_clock_that_was_a_year_ahead_does_not_stop_the_jobs_for_a_year(time_machine):
    go_to(time_machine, "2027-11-27 02:30")
    assert [do(), do(MINUTELY)] == ["jadwal", "jadwal"]
    go_to(time_machine, "2026-11-26 20:05")
    look(now=timezone.now())
    assert [do(), do(MINUTELY)] == ["", ""]
    go_to(time_machine, "2026-11-26 20:06")
    assert do(MINUTELY) == "jadwal"
    go_to(time_machine, "2026-11-27 02:30")
    assert do() == "jadwal"


def test_what_broke_is_tried_again_after_a_while_three_times_at_most(settings, time_machine):
    settings.TIMETABLE = ((NIGHTLY, "30 2 * * *", 3600, "Malam", "Bekerja.", f"{HERE}.refused"),)
    seen = []
    for clock in ("02:30", "02:31", "02:46", "03:02", "03:30"):
        go_to(time_machine, f"2026-11-27 {clock}")
        seen.append(do())
    assert seen == ["jadwal", "", "ulang", "ulang", ""]
    assert job_named(NIGHTLY).failures == 3
    settings.TIMETABLE = ((NIGHTLY, "30 2 * * *", 3600, "Malam", "Bekerja.", f"{HERE}.well"),)
    go_to(time_machine, "2026-11-28 02:30")
    assert do() == "jadwal"
    assert job_named(NIGHTLY).failures == 0


# --- the lock -----------------------------------------------------------------------------------------------


def test_a_job_under_way_is_not_begun_again_and_one_whose_process_died_is(time_machine):
    go_to(time_machine, "2026-11-27 02:30")
    run = begin()
    held = locks.hold(NIGHTLY)
    assert [do(), take_up_interrupted(now=timezone.now())] == ["", 0]  # its process lives
    held.close()
    assert take_up_interrupted(now=timezone.now()) == 1
    assert do() == "ulang"
    assert [row.outcome for row in ScheduledRun.objects.order_by("pk")] == ["terputus", "selesai"]
    assert end_run(token=run.token, outcome=RunState.DONE) is False  # it was told dead: its word counts no more


@pytest.mark.parametrize(
    ("minutes", "beat_minutes", "is_dead"),
    [(59, 59, False), (62, 1, False), (62, 10, True), (-1440, -1440, True)],  # the last: the clock was set back a day
)
def test_of_a_run_on_another_server_only_its_limit_and_its_silence_tell(minutes, beat_minutes, is_dead, time_machine):
    go_to(time_machine, "2026-11-27 02:30")
    begin()
    now = timezone.now()
    ScheduledJob.objects.filter(name=NIGHTLY).update(
        place="server-dua:1", begun_at=now - timedelta(minutes=minutes), beat_at=now - timedelta(minutes=beat_minutes)
    )
    assert take_up_interrupted(now=now) == is_dead


def test_of_two_who_ask_at_the_same_moment_one_gets_it(time_machine):
    now = go_to(time_machine, "2026-11-27 02:30")
    job, entry = job_named(NIGHTLY), entry_of(NIGHTLY)  # both have read the same row
    claims = [claim_run(job=job, entry=entry, trigger=Trigger.SCHEDULE, now=now) for _server in (1, 2)]
    assert [claim is not None for claim in claims] == [True, False]
    end_run(token=claims[0].token, outcome=RunState.DONE)
    assert claim_run(job=job, entry=entry, trigger=Trigger.SCHEDULE, now=now) is None  # done meanwhile, by the other


# --- what is told -------------------------------------------------------------------------------------------


def test_the_row_and_the_log_say_how_it_went(time_machine, caplog):
    go_to(time_machine, "2026-11-27 02:30")
    with caplog.at_level("INFO", "cron"):
        do()
    job, run = job_named(NIGHTLY), ScheduledRun.objects.get()
    assert (job.outcome, job.result, job.worker) == ("selesai", "3 surat terkirim", "")
    assert (run.outcome, run.result, run.trigger) == ("selesai", "3 surat terkirim", "jadwal")
    [line] = [record for record in caplog.records if record.name == "cron"]
    assert (line.job, line.outcome, line.run) == (NIGHTLY, "selesai", run.pk)


def test_an_error_tells_where_and_never_whom(settings, time_machine, caplog):
    settings.TIMETABLE = ((NIGHTLY, "30 2 * * *", 3600, "Malam", "Bekerja.", f"{HERE}.broken"),)
    make_user(role="administrator")
    go_to(time_machine, "2026-11-27 02:30")
    do()
    result = job_named(NIGHTLY).result
    assert "ZeroDivisionError at" in result
    assert "work.py" in result
    assert "Budi" not in result + caplog.text + OutboxMessage.objects.get().body


def test_administrators_are_told_once_a_day(settings, time_machine):
    settings.TIMETABLE = (
        (NIGHTLY, "30 2 * * *", 3600, "Malam", "Bekerja.", f"{HERE}.refused"),
        (MINUTELY, "* * * * *", 60, "Menit", "Bekerja.", f"{HERE}.refused"),
    )
    administrator = make_user(role="administrator")
    make_user(role="sekretariat")
    for clock in ("02:30", "02:46", "03:02"):
        go_to(time_machine, f"2026-11-27 {clock}")
        do()
        do(MINUTELY)
        letters = OutboxMessage.objects.filter(template_key="scheduled-job-failed")
        assert letters.count() == (2 if clock == "03:02" else 1)  # the frequent one is told at the third failure
    assert {letter.recipient for letter in letters} == {administrator}
    assert letters.last().subject == "Perlu diperiksa: Malam"
    assert "Tempat cadangan tidak menjawab." in letters.last().body
    go_to(time_machine, "2026-11-28 02:30")
    do()
    assert letters.all().count() == 3


def test_health_tells_of_cron_that_stands_still_of_failing_and_of_late_jobs(client, time_machine):
    def told() -> tuple[int, str]:
        answer = client.get("/sehat/")
        return answer.status_code, answer.json()["cron"]

    look(now=timezone.now())
    assert told() == (200, "ok")
    make_failed_job(name=NIGHTLY)
    assert told() == (503, "gagal")
    pause_job(
        job=job_named(NIGHTLY), until=timezone.now() + timedelta(days=1), reason="x", by=make_user(role="administrator")
    )
    assert told() == (200, "ok")  # somebody knows
    go_to(time_machine, "2026-11-26 20:09")
    assert told() == (200, "ok")
    go_to(time_machine, "2026-11-26 20:11")
    assert told() == (503, "gagal")  # nobody read the timetable for more than ten minutes
    look(now=timezone.now())
    assert told() == (200, "ok")
    go_to(time_machine, "2026-11-26 20:17")
    look(now=timezone.now())
    assert [job.name for job in timetable_state().late] == [MINUTELY]
    assert told() == (503, "gagal")


# --- what an administrator does -----------------------------------------------------------------------------


def test_a_job_is_asked_for_once_and_carried_in_the_background():
    by = make_user(role="administrator")
    job = request_run(job=job_named(NIGHTLY), by=by)
    assert (job.kind, job.parameters, job.by) == (services.KIND, {"name": NIGHTLY}, by)
    assert ActivityEntry.objects.filter(code="schedule.run", actor=by).count() == 1
    with refused("request_run.refused") as told:
        request_run(job=job_named(NIGHTLY), by=by)
    assert "sudah diminta" in told.value.message
    Job.objects.update(state="selesai")
    ScheduledJob.objects.filter(name=NIGHTLY).update(worker="x")
    with refused("request_run.refused") as told:
        request_run(job=job_named(NIGHTLY), by=by)
    assert "sedang berjalan" in told.value.message
    with refused("request_run.refused"):
        request_run(job=job_named(NIGHTLY), by=make_user(role="sekretariat"))


def test_a_job_that_is_off_waits_and_makes_up_for_it_once(time_machine):
    by = make_user(role="administrator")
    pause_job(job=job_named(NIGHTLY), until=timezone.now() + timedelta(days=2), reason=" Pindah  server ", by=by)
    assert job_named(NIGHTLY).pause_reason == "Pindah server"
    go_to(time_machine, "2026-11-27 02:30")
    assert do() == ""
    go_to(time_machine, "2026-11-28 20:01")
    assert [do(), do()] == ["susulan", ""]
    pause_job(job=job_named(NIGHTLY), until=timezone.now() + timedelta(days=2), reason="Lagi", by=by)
    go_to(time_machine, "2026-11-29 09:00")
    assert do() == ""
    resume_job(job=job_named(NIGHTLY), by=by)
    assert do() == "susulan"
    codes = ActivityEntry.objects.filter(code__startswith="schedule.").order_by("pk").values_list("code", flat=True)
    assert list(codes) == ["schedule.pause", "schedule.pause", "schedule.resume"]


@pytest.mark.parametrize(
    ("days", "reason", "field"), [(0, "Alasan", "until"), (31, "Alasan", "until"), (1, "  ", "reason")]
)
def test_a_job_is_switched_off_for_a_time_and_with_a_reason(days, reason, field):
    until = timezone.now() + timedelta(days=days)
    with refused(f"pause_job.{field}", field=field):
        pause_job(job=job_named(NIGHTLY), until=until, reason=reason, by=make_user(role="administrator"))


def test_old_runs_go_and_what_went_wrong_stays_longer():
    now = timezone.now()
    for days, name, outcome in (
        (1, MINUTELY, "selesai"), (3, MINUTELY, "selesai"), (3, MINUTELY, "gagal"), (3, NIGHTLY, "selesai"),
        (181, NIGHTLY, "gagal"),
    ):  # fmt: skip
        make_scheduled_run(name=name, begun_at=now - timedelta(days=days), outcome=outcome)
    assert prune_runs(batch=1) == 2
    kept = ScheduledRun.objects.order_by("pk").values_list("job__name", "outcome")
    assert list(kept) == [(MINUTELY, "selesai"), (MINUTELY, "gagal"), (NIGHTLY, "selesai")]


def test_a_job_that_the_settings_no_longer_know_is_left_alone(settings):
    settings.TIMETABLE = settings.TIMETABLE[1:]
    assert NIGHTLY not in timetable()
    assert [job.name for job in timetable_state().late + timetable_state().failing] == []
    with refused("schedule.unknown"):
        request_run(job=job_named(NIGHTLY), by=make_user(role="administrator"))
