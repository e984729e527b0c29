"""Whole lives of cases, made up step by step: right and wrong people, in right and wrong states, two cases at a time.

A model written by hand says of each act whether it may be done and what comes of it. After every act it is compared with
the database, and everything that must always hold is asked again.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.accounts.models import AssessorProfile, User
from core.accounts.services import assign_role
from core.activity.models import ActivityEntry
from core.activity.sealing import seal_waiting
from core.activity.verification import Verification, verify
from core.applications import services as applying
from core.applications.models import Application, Submission
from core.applications.snapshot import content_hash
from core.assessments import services as assessing
from core.assessments.models import AssessmentRecord, AssessmentSession
from core.assessments.queries import record_in_force
from core.assessments.services import announcing
from core.certificates.models import Certificate
from core.certificates.services import aftercare, issuing
from core.common.exceptions import DomainError
from core.common.models import NumberingCounter
from core.decisions.models import Decision, Plenary
from core.decisions.queries import agenda
from core.decisions.services import agenda as agendas
from core.decisions.services import appeals, closing, plenaries
from core.journey import withdraw_case
from core.schemes.queries import current_version, units_in_order
from tests.factories.accounts import make_user
from tests.factories.applications import judge_all, make_application
from tests.factories.assessments import make_assessor
from tests.factories.certificates import fill_in_codes
from tests.factories.corridor import make_session
from tests.fuzz.conftest import ASKED, share
from tests.fuzz.watching import writes

pytestmark = pytest.mark.django_db

STEPS = 40
CLERK, OFFICER = "sekretariat", "administrator"
ASSIGNABLE = {"accepted", "preassessed", "scheduled", "appealed"}
WITHDRAWABLE = {"draft", "returned", "submitted", "under_review", "accepted", "preassessed", "scheduled", "assessed"}
#: Neither yes nor no by the model: the act decides, and the model follows.
PERHAPS = None


@dataclass
class Case:
    """What the model knows of a case; people are their keys."""

    pk: int
    owner: int
    status: str = "draft"
    officer: int = 0
    assessor: int = 0
    session: int = 0
    attendance: str = ""
    recommendation: str = ""
    assessed_by: set[int] = field(default_factory=set)
    appeal: str = ""
    plenary: int = 0
    certificate: int = 0
    certificate_status: str = ""


@dataclass
class Meeting:
    pk: int
    status: str = "persiapan"
    recorded_by: int = 0
    recorded: frozenset[int] = frozenset()


@dataclass
class Setting:
    """What stands before the first step; made once, each life is undone."""

    cases: list[int]
    owners: list[int]
    clerks: list[int]
    others: list[int]
    assessors: list[int]
    sessions: list[int]
    units: list


def lay() -> Setting:
    version = current_version("distribusi-bantuan")
    fill_in_codes(version.scheme)
    cases = [make_application(status="ready") for _number in range(2)]
    begun = timezone.now() - timedelta(hours=1)
    return Setting(
        cases=[case.pk for case in cases],
        owners=[case.candidate.user_id for case in cases],
        clerks=[make_user(role=CLERK).pk for _number in range(2)],
        others=[make_user(role=OFFICER).pk, make_user(role="bnsp").pk],
        assessors=[make_assessor().user_id for _number in range(3)],
        sessions=[
            make_session(scheme=version.scheme, starts_at=begun, quota=quota, status="diumumkan", announced_at=begun).pk
            for quota in (1, 2, 1)
        ],
        units=list(units_in_order(version, with_criteria=False)),
    )


def machine(setting: Setting, findings):
    everybody = [*setting.clerks, *setting.clerks, *setting.assessors, *setting.owners, *setting.others]
    #: Mostly the right ones, or no case would come far.
    clerk = st.one_of(*[st.sampled_from(setting.clerks)] * 5, st.sampled_from(everybody))
    case = st.integers(0, 1)
    session = st.sampled_from(setting.sessions)

    class Life(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            self.undone = transaction.atomic()
            self.undone.__enter__()
            self.cases = [Case(pk, owner) for pk, owner in zip(setting.cases, setting.owners, strict=True)]
            self.meetings: list[Meeting] = []
            self.roles = dict.fromkeys(setting.clerks, CLERK) | dict.fromkeys(setting.assessors, "asesor")
            self.closed: set[int] = set()
            self.frozen: dict[int, tuple[str, str]] = {}
            self.given = Counter({row.rule.key: row.last for row in NumberingCounter.objects.select_related("rule")})
            self.replaced = 0
            self.tried: set[tuple] = set()
            self.first = ActivityEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0

        def teardown(self):
            try:
                seal_waiting(everything=True)
                found = Verification()
                verify(found)
                assert not found.faults, found.told
            finally:
                transaction.set_rollback(True)
                self.undone.__exit__(None, None, None)

        # --- doing ---------------------------------------------------------------------------------------------------

        def do(self, act: str, allowed, codes: Counter, work) -> bool:
            """Try it. What may not be done is refused and writes nothing; what is done is told in the log, once."""
            findings.cases += 1
            before = self._entries()
            with writes() as written:
                try:
                    with transaction.atomic():
                        work()
                    done = True
                except DomainError as refusal:
                    done, why = False, refusal
            if not done:
                assert not allowed, f"{act} was refused: {why.message}"
                assert not written.tables, f"{act} was refused, yet wrote {written.tables}"
                assert self._entries() == before, f"{act} was refused, yet stands in the log"
                return False
            assert allowed is not False, f"{act} was done by somebody who may not, or too early or late"
            new = self._entries() - before
            assert all(new[code] == number for code, number in codes.items()), f"{act}: the log says {dict(new)}"
            return True

        def _entries(self) -> Counter:
            rows = ActivityEntry.objects.filter(pk__gt=self.first)
            return Counter(rows.values_list("code", flat=True))

        def person(self, pk: int) -> User:
            return User.objects.get(pk=pk)

        def row(self, number: int) -> Application:
            return Application.objects.get(pk=self.cases[number].pk)

        def is_clerk(self, pk: int) -> bool:
            return self.roles.get(pk) == CLERK

        # --- the corridor as it should be walked ---------------------------------------------------------------------

        @initialize(
            first=st.one_of(st.integers(0, 20), st.just(2), st.just(20)),
            second=st.integers(0, 20),
            outcome=st.sampled_from(["K", "BK"]),
        )
        def come_far(self, first, second, outcome):
            """From the door alone few lives would come to the end of the corridor, or to an appeal (20 and BK)."""
            for number, steps in ((0, first), (1, second)):
                for _step in range(steps):
                    self._go_on(number, outcome)

        @rule(number=case, steps=st.integers(1, 6), outcome=st.sampled_from(["K", "K", "BK"]))
        def go_on(self, number, steps, outcome):
            for _step in range(steps):
                self._go_on(number, outcome)

        def _go_on(self, number, outcome):
            """What the right person would do next."""
            one = self.cases[number]
            clerk, other = setting.clerks
            free = [pk for pk in setting.assessors if self.roles[pk] == "asesor" and pk not in one.assessed_by]
            free = [pk for pk in free if pk not in {case.assessor for case in self.cases}] or free
            if one.status in {"draft", "returned"}:
                self.submit(number=number, by=None)
            elif one.status == "submitted":
                self.take(number=number, by=clerk)
            elif one.status == "under_review":
                self.finish_review(number=number, by=None, how="accept")
            elif one.status in {"accepted", "appealed"} and not one.assessor and free:
                self.assign(number=number, who=free[0], by=clerk)
            elif one.status == "accepted":
                self.preassess(number=number, by=None, goes_on=True)
            elif one.status == "preassessed":
                left = [pk for pk in setting.sessions if pk not in self.closed] or setting.sessions
                self.place(number=number, where=left[number % len(left)], by=clerk)
            elif one.status == "scheduled" and not one.attendance:
                self.attend(number=number, by=clerk, value="hadir")
            elif one.status in {"scheduled", "appealed"}:
                self.judge(number=number, by=None, outcome=outcome, how="assess")
            elif one.status == "assessed":
                self._decide(number, clerk, other)
            elif one.status == "not_yet_competent":
                self.appeal(number=number, by=None, words="Bukti saya belum dilihat seluruhnya.")
            elif one.status == "competent":
                self.issue(number=number, by=clerk)
            elif one.status == "certified":
                self.look_after(number=number, by=clerk, act="suspend")
            self.look_at_everything()

        def _decide(self, number, clerk, other):
            one = self.cases[number]
            meeting = next((meeting for meeting in self.meetings if meeting.pk == one.plenary), None)
            if meeting is not None and meeting.status == "persiapan":
                self._record(meeting, clerk)
            elif meeting is not None:
                self._end_plenary(meeting, other if meeting.recorded_by != other else clerk, "confirm")
            elif waiting := [meeting for meeting in self.meetings if meeting.status == "persiapan"]:
                self._change_agenda(waiting[0], number, clerk, "add")
            else:
                self.open_plenary(by=clerk)

        def look_at_everything(self):
            self.the_states_are_the_models()
            self.what_was_signed_stays()
            self.numbers_have_no_gap_and_no_double()
            self.the_wrong_people_are_refused()

        # --- the candidate -------------------------------------------------------------------------------------------

        @rule(number=case, by=st.one_of(st.none(), st.sampled_from(everybody)))
        def submit(self, number, by):
            one = self.cases[number]
            by = by or one.owner
            may = by == one.owner and one.status in {"draft", "returned"}
            if self.do(
                "submit",
                may,
                Counter({"application.submit": 1}),
                lambda: applying.submit_application(application=self.row(number), by=self.person(by)),
            ):
                one.status, one.officer = "submitted", 0

        @rule(number=case, by=st.one_of(st.none(), st.sampled_from(everybody)), seldom=st.integers(0, 5))
        def withdraw(self, number, by, seldom):
            one = self.cases[number]
            by = by or one.owner
            if seldom and by == one.owner:
                return
            may = by == one.owner and one.status in WITHDRAWABLE and one.appeal != "open"
            if self.do(
                "withdraw",
                may,
                Counter({"application.withdraw": 1}),
                lambda: withdraw_case(application=self.row(number), by=self.person(by)),
            ):
                one.status, one.session, one.assessor, one.plenary = "withdrawn", 0, 0, 0

        @rule(
            number=case,
            by=st.one_of(st.none(), st.sampled_from(everybody)),
            words=st.sampled_from(["Bukti saya belum dilihat seluruhnya.", "pendek"]),
        )
        def appeal(self, number, by, words):
            one = self.cases[number]
            by = by or one.owner
            may = by == one.owner and one.status == "not_yet_competent" and not one.appeal and len(words) > 20
            if self.do(
                "appeal",
                may,
                Counter({"application.appeal": 1}),
                lambda: appeals.file_appeal(application=self.row(number), reason=words, by=self.person(by)),
            ):
                one.status, one.appeal, one.assessor, one.plenary = "appealed", "open", 0, 0

        @rule(number=case, by=st.one_of(st.none(), st.sampled_from(everybody)))
        def withdraw_appeal(self, number, by):
            one = self.cases[number]
            by = by or one.owner
            recorded = any(meeting.pk == one.plenary and meeting.status == "tercatat" for meeting in self.meetings)
            may = by == one.owner and one.appeal == "open" and one.status in {"appealed", "assessed"} and not recorded
            if self.do(
                "withdraw_appeal",
                may,
                Counter({"application.withdraw_appeal": 1}),
                lambda: appeals.withdraw_appeal(application=self.row(number), by=self.person(by)),
            ):
                one.status, one.appeal, one.assessor, one.plenary = "not_yet_competent", "ended", 0, 0

        # --- the desk ------------------------------------------------------------------------------------------------

        @rule(number=case, by=clerk)
        def take(self, number, by):
            one = self.cases[number]
            may = self.is_clerk(by) and one.status == "submitted"
            if self.do(
                "take",
                may,
                Counter({"application.take": 1}),
                lambda: applying.take_application(application=self.row(number), by=self.person(by)),
            ):
                one.status, one.officer = "under_review", by

        @rule(number=case, by=clerk)
        def take_over(self, number, by):
            one = self.cases[number]
            may = self.is_clerk(by) and one.status == "under_review" and one.officer != by
            if self.do(
                "take_over",
                may,
                Counter({"application.take_over": 1}),
                lambda: applying.take_over_application(application=self.row(number), by=self.person(by)),
            ):
                one.officer = by

        @rule(
            number=case,
            by=st.one_of(st.none(), clerk, st.sampled_from(everybody)),
            how=st.sampled_from(["accept", "accept", "return", "reject", "reject for no reason"]),
        )
        def finish_review(self, number, by, how):
            one, row = self.cases[number], self.row(number)
            by = by or one.officer or setting.clerks[0]
            may = self.is_clerk(by) and one.status == "under_review" and one.officer == by and "no reason" not in how
            if how == "accept" and one.status == "under_review":  # that nothing but the wrong person is in the way
                judge_all(row, by=self.person(one.officer))
            work = {
                "accept": lambda: applying.accept_application(application=row, by=self.person(by)),
                "return": lambda: applying.return_application(
                    application=row, parts={"requirements": "Buram."}, by=self.person(by)
                ),
                "reject": lambda: applying.reject_application(
                    application=row, reason="Belum memenuhi syarat.", by=self.person(by)
                ),
                "reject for no reason": lambda: applying.reject_application(
                    application=row, reason=" \n", by=self.person(by)
                ),
            }
            if self.do(how, may, Counter({f"application.{how}": 1}), work[how]):
                one.status = {"accept": "accepted", "return": "returned", "reject": "rejected"}[how]

        @rule(number=case, who=st.sampled_from(setting.assessors), by=clerk)
        def assign(self, number, who, by):
            one = self.cases[number]
            may = self.is_clerk(by) and one.status in ASSIGNABLE
            same = one.assessor == who
            if may and not same:
                may = self.roles[who] == "asesor" and not (one.status == "appealed" and who in one.assessed_by)
                if may and one.status == "scheduled":
                    may = PERHAPS if any(other is not one and other.assessor == who for other in self.cases) else True
            codes = Counter() if same else Counter({"application.assign_assessor": 1})
            assessor = AssessorProfile.objects.get(user=who)
            if self.do(
                "assign",
                may,
                codes,
                lambda: assessing.assign_assessor(
                    application=self.row(number), assessor=assessor, by=self.person(by), reason="Sakit."
                ),
            ):
                one.assessor = who

        @rule(who=st.sampled_from(setting.assessors), seldom=st.integers(0, 9))
        def becomes_a_clerk(self, who, seldom):
            """The door through which somebody could come to decide what they assessed."""
            if seldom or list(self.roles.values()).count("asesor") < 3:
                return
            assign_role(user=self.person(who), role=CLERK, by=None)
            self.roles[who] = CLERK

        # --- the assessor --------------------------------------------------------------------------------------------

        @rule(
            number=case,
            by=st.one_of(st.none(), st.none(), st.sampled_from(everybody)),
            goes_on=st.sampled_from([True, True, True, False]),
        )
        def preassess(self, number, by, goes_on):
            one, row = self.cases[number], self.row(number)
            person = self.person(by or one.assessor or setting.assessors[0])
            may = one.status == "accepted" and one.assessor == person.pk

            def stop():
                assessing.save_reviews(application=row, reviews={}, advice="", note="Bukti tidak cukup.", by=person)
                assessing.discontinue_application(application=row, by=person)

            act = "continue" if goes_on else "discontinue"
            work = (lambda: assessing.continue_application(application=row, by=person)) if goes_on else stop
            if self.do(act, may, Counter({f"application.{act}": 1}), work):
                one.status = "preassessed" if goes_on else "not_continued"

        @rule(
            number=case,
            by=st.one_of(st.none(), st.none(), st.sampled_from(everybody)),
            outcome=st.sampled_from(["K", "BK"]),
            how=st.sampled_from(["assess", "assess", "correct"]),
        )
        def judge(self, number, by, outcome, how):
            one, row = self.cases[number], self.row(number)
            person = self.person(by or one.assessor or setting.assessors[0])
            recorded = any(meeting.pk == one.plenary and meeting.status == "tercatat" for meeting in self.meetings)
            if how == "assess":
                may = one.assessor == person.pk and (
                    (one.status == "scheduled" and one.attendance != "tidak_hadir")
                    or (one.status == "appealed" and person.pk not in one.assessed_by)
                )
            else:
                may = one.assessor == person.pk and one.status == "assessed" and not recorded

            def work():
                if how == "assess":
                    record = assessing.open_record(application=row, by=person)
                else:
                    record = assessing.correct_results(application=row, reason="Keliru menekan.", by=person)
                said = {unit.pk: (outcome, ["observasi"], "") for unit in setting.units}
                assessing.save_results(record=record, results=said, recommendation=outcome, by=person)
                assessing.sign_results(record=record, by=person)

            if how == "assess" and one.status == "assessed":
                may = PERHAPS if may else False
            if self.do(how, may, Counter({"application.assess": 1}), work):
                one.status, one.recommendation = "assessed", outcome
                one.assessed_by.add(person.pk)

        # --- sessions ------------------------------------------------------------------------------------------------

        @rule(number=case, where=session, by=clerk)
        def place(self, number, where, by):
            one, row = self.cases[number], AssessmentSession.objects.get(pk=where)
            taken = sum(other.session == where for other in self.cases)
            may = self.is_clerk(by) and one.status == "preassessed" and taken < row.quota and where not in self.closed
            if may and one.assessor:
                busy = any(
                    other is not one and other.assessor == one.assessor and other.session for other in self.cases
                )
                may = PERHAPS if busy or self.roles[one.assessor] != "asesor" else True
            if self.do(
                "schedule",
                may,
                Counter({"application.schedule": 1}),
                lambda: assessing.place_applications(
                    session=row, applications=[self.row(number)], accept_warnings=True, by=self.person(by)
                ),
            ):
                one.status, one.session, one.attendance = "scheduled", where, ""

        @rule(number=case, by=clerk, seldom=st.integers(0, 3))
        def unplace(self, number, by, seldom):
            one = self.cases[number]
            if seldom and self.is_clerk(by):
                return
            may = self.is_clerk(by) and one.status == "scheduled"
            if self.do(
                "unschedule",
                may,
                Counter({"application.unschedule": 1}),
                lambda: assessing.unplace_application(
                    application=self.row(number), reason="Sakit.", by=self.person(by)
                ),
            ):
                one.status, one.session = "preassessed", 0

        @rule(number=case, by=clerk, value=st.sampled_from(["hadir", "hadir", "tidak_hadir", "", "zzq"]))
        def attend(self, number, by, value):
            one = self.cases[number]
            seat = self.row(number).placements.filter(in_force=True).first()
            if seat is None:
                return
            may = PERHAPS if value != "zzq" else False
            if not self.is_clerk(by) and by != one.assessor:
                may = False
            if self.do(
                "attendance",
                may,
                Counter(),
                lambda: assessing.record_attendance(
                    session=seat.session, attendance={seat.pk: value}, by=self.person(by)
                ),
            ):
                one.attendance = value

        @rule(where=session, by=clerk, act=st.sampled_from(["close", "cancel"]), seldom=st.integers(0, 5))
        def end_session(self, where, by, act, seldom):
            if seldom and self.is_clerk(by):
                return
            row = AssessmentSession.objects.get(pk=where)
            may = PERHAPS if self.is_clerk(by) and where not in self.closed else False
            if act == "cancel" and any(one.session == where and one.status != "scheduled" for one in self.cases):
                may = False
            work = {
                "close": lambda: assessing.close_session(session=row, by=self.person(by)),
                "cancel": lambda: announcing.cancel_session(session=row, reason="Banjir.", by=self.person(by)),
            }
            if self.do(f"{act} a session", may, Counter({f"session.{act}": 1}), work[act]):
                self.closed.add(where)
                for one in self.cases:
                    if one.session == where and (act == "cancel" or one.attendance == "tidak_hadir"):
                        one.status, one.session = "preassessed", 0

        # --- the plenary ---------------------------------------------------------------------------------------------

        @rule(by=clerk)
        def open_plenary(self, by):
            if sum(meeting.status in {"persiapan", "tercatat"} for meeting in self.meetings) > 1:
                return
            made = []

            def work():
                made.append(plenaries.create_plenary(title="Rapat", held_on=timezone.localdate(), by=self.person(by)))

            if self.do("create a plenary", self.is_clerk(by), Counter({"plenary.create": 1}), work):
                self.meetings.append(Meeting(made[0].pk))

        @rule(data=st.data(), number=case, by=clerk, act=st.sampled_from(["add", "add", "add", "remove"]))
        def change_agenda(self, data, number, by, act):
            if self.meetings:
                self._change_agenda(data.draw(st.sampled_from(self.meetings)), number, by, act)

        def _change_agenda(self, meeting, number, by, act):
            one = self.cases[number]
            plenary = Plenary.objects.get(pk=meeting.pk)
            is_there = one.plenary == meeting.pk
            may = self.is_clerk(by) and meeting.status == "persiapan"
            if act == "add":
                may = may and (is_there or (one.status == "assessed" and not one.plenary))
                work = lambda: agendas.add_cases(plenary=plenary, applications=[self.row(number)], by=self.person(by))  # noqa: E731
            else:
                work = lambda: agendas.remove_case(plenary=plenary, application=self.row(number), by=self.person(by))  # noqa: E731
            changes = is_there == (act == "remove")
            if self.do(f"{act} a case", may, Counter({f"plenary.{act}_case": int(changes)}), work) and changes:
                one.plenary = meeting.pk if act == "add" else 0

        def _agenda(self, meeting: Meeting) -> list[Case]:
            return [one for one in self.cases if one.plenary == meeting.pk]

        @rule(data=st.data(), by=clerk)
        def record(self, data, by):
            if self.meetings:
                self._record(data.draw(st.sampled_from(self.meetings)), by)

        def _record(self, meeting, by):
            plenary, person, cases = Plenary.objects.get(pk=meeting.pk), self.person(by), self._agenda(meeting)
            may = (
                self.is_clerk(by)
                and meeting.status == "persiapan"
                and bool(cases)
                and not any(by in one.assessed_by for one in cases)
            )

            def work():
                seats = [
                    plenaries.Seat(name=name, role=role)
                    for name, role in (("Ketua", "ketua"), ("Dua", "anggota"), ("Tiga", "anggota"))
                ]
                plenaries.save_members(plenary=plenary, seats=seats, by=person)
                rows = agenda(plenary)
                choices = [
                    agendas.Choice(row.application.pk, row.record.pk, row.recommendation) for row in rows if row.record
                ]
                agendas.save_decisions(plenary=plenary, choices=choices, by=person)
                closing.record_plenary(plenary=plenary, by=person)

            if self.do("record", may, Counter({"plenary.record": 1}), work):
                meeting.status, meeting.recorded_by, meeting.recorded = (
                    "tercatat",
                    by,
                    frozenset(one.pk for one in cases),
                )

        @rule(data=st.data(), by=clerk, act=st.sampled_from(["confirm"] * 5 + ["reopen", "cancel"]))
        def end_plenary(self, data, by, act):
            if self.meetings:
                self._end_plenary(data.draw(st.sampled_from(self.meetings)), by, act)

        def _end_plenary(self, meeting, by, act):
            plenary, person, cases = Plenary.objects.get(pk=meeting.pk), self.person(by), self._agenda(meeting)
            may = self.is_clerk(by) and meeting.status in (
                {"tercatat"} if act != "cancel" else {"persiapan", "tercatat"}
            )
            codes = Counter({f"plenary.{act}": 1})
            if act == "confirm":
                as_recorded = {one.pk for one in cases} == meeting.recorded
                may = (
                    may
                    and meeting.recorded_by != by
                    and as_recorded
                    and not any(by in one.assessed_by for one in cases)
                )
                for one in cases:
                    codes[
                        "application.declare_competent"
                        if one.recommendation == "K"
                        else "application.declare_not_yet_competent"
                    ] += 1
            work = {
                "confirm": lambda: closing.confirm_plenary(plenary=plenary, by=person),
                "reopen": lambda: closing.reopen_plenary(plenary=plenary, by=person),
                "cancel": lambda: closing.cancel_plenary(plenary=plenary, by=person),
            }
            if not self.do(act, may, codes, work[act]):
                return
            meeting.status = {"confirm": "disahkan", "reopen": "persiapan", "cancel": "batal"}[act]
            for one in cases:
                if act == "confirm":
                    one.status = "competent" if one.recommendation == "K" else "not_yet_competent"
                    one.appeal = "ended" if one.appeal else ""
                if act != "reopen":
                    one.plenary = 0

        # --- the certificate -----------------------------------------------------------------------------------------

        @rule(number=case, by=clerk)
        def issue(self, number, by):
            one, made = self.cases[number], []
            may = self.is_clerk(by) and one.status == "competent" and by not in one.assessed_by
            work = lambda: made.append(issuing.issue_certificate(application=self.row(number), by=self.person(by)))  # noqa: E731
            if self.do("issue", may, Counter({"application.issue": 1}), work):
                one.status, one.certificate, one.certificate_status = "certified", made[0].pk, "aktif"

        @rule(number=case, by=clerk, act=st.sampled_from(["suspend", "reinstate", "replace", "withdraw"]))
        def look_after(self, number, by, act):
            one = self.cases[number]
            if not one.certificate:
                return
            certificate, person, made = Certificate.objects.get(pk=one.certificate), self.person(by), []
            sources = {"suspend": {"aktif"}, "reinstate": {"dibekukan"}}.get(act, {"aktif", "dibekukan"})
            may = self.is_clerk(by) and one.certificate_status in sources
            if act == "replace":
                may = may and by not in one.assessed_by
            self.replaced += 1
            corrections = {"full_name": f"Nama Benar {'I' * self.replaced}"}
            work = {
                "suspend": lambda: aftercare.suspend_certificate(certificate=certificate, reason="Keluhan.", by=person),
                "reinstate": lambda: aftercare.reinstate_certificate(
                    certificate=certificate, reason="Selesai.", by=person
                ),
                "withdraw": lambda: aftercare.withdraw_certificate(certificate=certificate, reason="Palsu.", by=person),
                "replace": lambda: made.append(
                    issuing.replace_certificate(
                        certificate=certificate, corrections=corrections, reason="Salah.", by=person
                    )
                ),
            }
            if self.do(f"{act} a certificate", may, Counter({f"certificate.{act}": 1}), work[act]):
                one.certificate = made[0].pk if made else one.certificate
                one.certificate_status = {"suspend": "dibekukan", "reinstate": "aktif", "withdraw": "dicabut"}.get(
                    act, one.certificate_status
                )

        # --- who must not --------------------------------------------------------------------------------------------

        @invariant()
        def the_wrong_people_are_refused(self):
            """As often as a case stands somewhere new, who must not act there tries to.

            Such a moment passes quickly: left to chance, hardly any life has the wrong person come just then.
            """
            for number, one in enumerate(self.cases):
                meeting = next((found for found in self.meetings if found.pk == one.plenary), None)
                standing = (number, *map(str, vars(one).values()), meeting and (meeting.status, meeting.recorded_by))
                if standing not in self.tried:
                    self.tried.add(standing)
                    self._try_the_desk(number, one)
                    self._try_assessing(number, one)
                    self._try_seats(number, one)
                    self._try_deciding(number, one, meeting)

        def _try_the_desk(self, number, one):
            if one.status == "under_review":
                for by in sorted({*setting.clerks, one.owner} - {one.officer}):
                    for how in ("return", "reject", "accept"):
                        self.finish_review(number=number, by=by, how=how)

        def _try_assessing(self, number, one):
            """Whose case it is not; a clerk may not either."""
            others = [pk for pk in setting.assessors if pk != one.assessor][:1] + setting.clerks[:1]
            for by in others:
                if one.status == "accepted":
                    self.preassess(number=number, by=by, goes_on=True)
                elif one.status in {"scheduled", "appealed"}:
                    self.judge(number=number, by=by, outcome="K", how="assess")
                elif one.status == "assessed":
                    self.judge(number=number, by=by, outcome="K", how="correct")

            if one.status == "appealed":
                for who in sorted(one.assessed_by - {one.assessor}):
                    self.assign(number=number, who=who, by=setting.clerks[0])

        def _try_seats(self, number, one):
            if one.status == "preassessed":
                for where in setting.sessions:
                    seats = AssessmentSession.objects.get(pk=where).quota
                    if sum(other.session == where for other in self.cases) >= seats:
                        self.place(number=number, where=where, by=setting.clerks[0])

        def _try_deciding(self, number, one, meeting):
            """A certificate before the plenary has confirmed; the plenary by who assessed, and twice by one person."""
            clerk = setting.clerks[0]
            if one.status in {"scheduled", "assessed", "not_yet_competent"}:
                self.issue(number=number, by=clerk)
            if meeting is not None and meeting.status == "tercatat":
                self._end_plenary(meeting, meeting.recorded_by, "confirm")
            for who in sorted(one.assessed_by):
                with self.working_at_the_desk(who):
                    if meeting is not None and meeting.status == "persiapan":
                        self._record(meeting, who)
                    elif meeting is not None:
                        self._end_plenary(meeting, who, "confirm")
                    elif one.status == "competent":
                        self.issue(number=number, by=who)

        @contextmanager
        def working_at_the_desk(self, who: int) -> Iterator[None]:
            """What if they had changed from assessing to the desk? Taken back at the end."""
            kept = self.roles[who]
            with transaction.atomic():
                assign_role(user=self.person(who), role=CLERK, by=None)
                self.roles[who] = CLERK
                try:
                    yield
                finally:
                    self.roles[who] = kept
                    transaction.set_rollback(True)

        # --- what always holds ---------------------------------------------------------------------------------------

        @invariant()
        def the_states_are_the_models(self):
            found = dict(Application.objects.filter(pk__in=setting.cases).values_list("pk", "status"))
            assert found == {one.pk: one.status for one in self.cases}
            meetings = dict(Plenary.objects.values_list("pk", "status"))
            assert meetings == meetings | {meeting.pk: meeting.status for meeting in self.meetings}
            papers = dict(
                Certificate.objects.filter(application__in=setting.cases, in_force=True).values_list("pk", "status")
            )
            assert papers == {one.certificate: one.certificate_status for one in self.cases if one.certificate}

        @invariant()
        def what_was_signed_stays(self):
            rows = [*Submission.objects.all(), *AssessmentRecord.objects.exclude(sha256="")]
            for row in rows:
                key = (type(row).__name__, row.pk)
                assert content_hash(row.content) == row.sha256
                assert self.frozen.setdefault(key, row.sha256) == row.sha256, key
            assert self.frozen.keys() <= {(type(row).__name__, row.pk) for row in rows}

        @invariant()
        def numbers_have_no_gap_and_no_double(self):
            for key, rows in (
                ("application", Application.objects.exclude(number=None)),
                ("certificate", Certificate.objects.all()),
                ("plenary", Plenary.objects.exclude(number=None).exclude(number="")),
            ):
                numbers = list(rows.values_list("number", flat=True))
                last = sum(NumberingCounter.objects.filter(rule__key=key).values_list("last", flat=True))
                assert len(set(numbers)) == len(numbers) == last - self.given[key], (key, numbers, last)

        @invariant()
        def who_ended_a_review_had_taken_it(self):
            """Read from the log alone, beside what the model says of each act."""
            acts = [f"application.{act}" for act in ("take", "take_over", "accept", "return", "reject")]
            entries = ActivityEntry.objects.filter(pk__gt=self.first, code__in=acts).order_by("pk")
            holder: dict[str, int] = {}
            for code, who, which in entries.values_list("code", "actor", "subject_id"):
                if code in acts[:2]:
                    holder[which] = who
                assert holder.get(which) == who, f"{code} by somebody who had not taken the case"

        @invariant()
        def no_session_is_over_its_quota(self):
            for row in AssessmentSession.objects.filter(pk__in=setting.sessions):
                assert row.placements.filter(in_force=True).count() <= row.quota

        @invariant()
        def nobody_decides_what_they_assessed(self):
            for decision in Decision.objects.exclude(decided_at=None).select_related("plenary"):
                signed = set(
                    AssessmentRecord.objects.filter(application=decision.application_id)
                    .exclude(signature=None)
                    .values_list("assessor__user", flat=True)
                )
                deciders = {decision.plenary.recorded_by_id, decision.plenary.confirmed_by_id}
                assert len(deciders) == 2
                assert not deciders & signed
            for paper in Certificate.objects.filter(application__in=setting.cases):
                one = next(one for one in self.cases if one.pk == paper.application_id)
                assert paper.issued_by_id not in one.assessed_by

        @invariant()
        def the_record_in_force_is_one_and_signed_once_assessed(self):
            for one in self.cases:
                if one.status in {"assessed", "competent", "not_yet_competent", "certified"}:
                    assert record_in_force(Application.objects.get(pk=one.pk)).signature_id

    return Life


def test_no_life_of_two_cases_leaves_the_rules(db, findings):
    """A step is a case: each act is really tried."""
    life = machine(lay(), findings)
    size = share(0.2, small=8)
    examples = max(size.max_examples // STEPS, 2) if ASKED else size.max_examples
    run_state_machine_as_test(life, settings=settings(size, max_examples=examples, stateful_step_count=STEPS))
    findings.close()
