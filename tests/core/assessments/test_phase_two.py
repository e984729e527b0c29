"""The open door: a graded test and a video room are built here, with tables of their own and no change to any other.

What a later app would bring stands in this file as it would stand there: its tables, one call that
registers its method, and one function that hands in what its machine found.
"""

import json
from datetime import timedelta

import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.utils import timezone

from core.applications.models import Application
from core.assessments import services
from core.assessments.methods import Evidence, Method, register, registry
from core.assessments.models import AssessmentSession
from core.assessments.queries import record_in_force, results_by_unit
from core.assessments.rules import unit_outcome
from core.common.exceptions import DomainError
from core.schemes.models import CompetencyUnit
from core.schemes.queries import units_in_order
from tests.factories.corridor import make_case, make_session

# --- what a later app brings ----------------------------------------------------------------------------

LATER = Apps()  # a list of models apart from the product's
QUIZ = Method("kuis-daring", "Kuis daring", Evidence.WRITTEN, is_automatic=True)
PASS_MARK = 70


class Question(models.Model):
    """One question about one unit, with the number of its right answer."""

    unit = models.ForeignKey(CompetencyUnit, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=200)
    key = models.PositiveSmallIntegerField()

    class Meta:
        app_label, apps = "kuis", LATER

    def __str__(self) -> str:
        return self.text


class Attempt(models.Model):
    """One sitting of one case."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label, apps = "kuis", LATER

    def __str__(self) -> str:
        return str(self.application)


class Answer(models.Model):
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    choice = models.PositiveSmallIntegerField()

    class Meta:
        app_label, apps = "kuis", LATER

    def __str__(self) -> str:
        return f"{self.question}: {self.choice}"


class VideoRoom(models.Model):
    """Where a remote session meets, and since when."""

    session = models.OneToOneField(AssessmentSession, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=60, unique=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        app_label, apps = "kuis", LATER

    def __str__(self) -> str:
        return self.key


def grade(attempt: Attempt) -> None:
    """Hand in one result per unit that was asked about."""
    right: dict[CompetencyUnit, list[bool]] = {}
    for answer in attempt.answers.select_related("question__unit"):
        right.setdefault(answer.question.unit, []).append(answer.choice == answer.question.key)
    for unit, answers in right.items():
        score = round(100 * sum(answers) / len(answers))
        services.record_result(
            application=attempt.application,
            unit=unit,
            method=QUIZ.key,
            outcome="K" if score >= PASS_MARK else "BK",
            score=score,
            note=f"{sum(answers)} dari {len(answers)} benar",
        )


# --- the door is tried ------------------------------------------------------------------------------------


def existing_tables() -> dict:
    """Every table of the database with its columns and its constraints."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, name)
            constraints = connection.introspection.get_constraints(cursor, name)
            # How wide a column is shown depends on what lies in it, not on the table.
            found[name] = ([tuple(column._replace(display_size=None)) for column in columns], constraints)
    return found


@pytest.fixture
def installed(transactional_db, monkeypatch):
    """The later app is installed, and gone again after the test. Gives the tables as they were before."""
    before = existing_tables()
    monkeypatch.setattr(registry, "_methods", dict(registry._methods))
    register(QUIZ)
    tables = (Question, Attempt, Answer, VideoRoom)
    with connection.schema_editor() as editor:
        for model in tables:
            editor.create_model(model)
    yield before
    with connection.schema_editor() as editor:
        for model in reversed(tables):
            editor.delete_model(model)


def take_test(case, *, wrong: CompetencyUnit | None = None) -> Attempt:
    """The candidate answers two questions about every unit, all of them right but those about `wrong`."""
    attempt = Attempt.objects.create(application=case.application)
    for unit in units_in_order(case.application.scheme_version):
        for number in (1, 2):
            question = Question.objects.create(unit=unit, text=f"Soal {number} {unit.code}", key=number)
            Answer.objects.create(attempt=attempt, question=question, choice=0 if unit == wrong else number)
    return attempt


@pytest.mark.django_db(transaction=True)
def test_a_graded_test_and_a_video_room_need_new_tables_and_nothing_else(installed):
    other = make_case("preassessed")
    session = make_session(
        scheme=other.application.scheme_version.scheme,
        mode="jarak-jauh",
        meeting_url="https://rapat.contoh.id/ruang-1",
        starts_at=timezone.now() - timedelta(minutes=30),
        status="diumumkan",
    )
    room = VideoRoom.objects.create(session=session, key="ruang-1", opened_at=timezone.now())
    case = make_case("scheduled", session=session)
    failed = units_in_order(case.application.scheme_version)[-1]

    # The candidate sits the test in the room before the assessor has opened the case.
    grade(take_test(case, wrong=failed))

    record = services.open_record(application=case.application, by=case.assessor.user)
    outcomes = {unit: unit_outcome(results) for unit, results in results_by_unit(record).items()}
    assert outcomes[failed.pk] == "BK"
    assert set(outcomes.values()) == {"K", "BK"}

    # The assessor asks once more about the unit that the machine found wanting; all else stands as it was graded.
    by = case.assessor.user
    results = {failed.pk: ("K", ["lisan"], "Salah membaca soal")}
    services.save_results(record=record, results=results, recommendation="K", by=by)
    services.sign_results(record=record, by=by)

    case.application.refresh_from_db()
    assert case.application.status == "assessed"
    content = json.loads(record_in_force(case.application).content)
    assert content["session"]["mode"] == "jarak-jauh"
    graded, asked = content["units"][-1]["results"]
    assert (graded["method"], graded["outcome"], graded["score"], graded["by"]) == ("kuis-daring", "BK", "0.00", "")
    assert (asked["method"], asked["outcome"], asked["by"]) == ("lisan", "K", by.full_name)
    assert content["units"][0]["results"][0]["evidence"] == Evidence.WRITTEN  # the column of FR.AK.02
    assert VideoRoom.objects.get(session__placements__application=case.application) == room

    now = existing_tables()
    assert {name: now[name] for name in installed} == installed  # no table that was there is another one now
    assert set(now) - set(installed) == {"kuis_question", "kuis_attempt", "kuis_answer", "kuis_videoroom"}


@pytest.mark.django_db(transaction=True)
def test_a_test_that_is_graded_after_signing_changes_nothing(installed):
    case = make_case("assessed")
    attempt = take_test(case)
    with pytest.raises(DomainError, match="sudah ditandatangani"):
        grade(attempt)
    assert not record_in_force(case.application).results.filter(method=QUIZ.key).exists()
