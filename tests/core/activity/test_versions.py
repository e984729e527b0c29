"""Versions of records: kept whole, compared, turned back exactly, never against the workflow."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from reversion.models import Revision, Version

from core.accounts.models import ConsentText, User
from core.activity import versions as services
from core.activity.comparison import ADDED, CHANGED, REMOVED, compare
from core.activity.models import ActivityEntry, DeletedRecord
from core.activity.queries import last_saved, versions_of
from core.activity.records import kept_record, stored_record
from core.activity.services import record_activity
from core.activity.versions import keep_deleted, keep_version, prune_versions, recover_record, restore_version
from core.applications.models import SelfAssessmentAnswer
from core.common.exceptions import DomainError
from core.documents.models import DocumentType
from core.messaging.models import MessageTemplate
from core.schemes.models import (
    AssessmentPurpose,
    CompetencyUnit,
    Element,
    PerformanceCriterion,
    Requirement,
    SchemeUnit,
    SchemeVersion,
)
from core.schemes.services import publish_scheme_version
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.schemes import make_scheme, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


def first_version(row):
    return versions_of(type(row), row.pk).last()


def refused(act, **arguments) -> DomainError:
    with pytest.raises(DomainError) as caught:
        act(**arguments)
    return caught.value


# --- keeping ------------------------------------------------------------------------------------------


def test_a_version_holds_the_record_with_its_lines_and_lines_of_lines(clerk):
    unit = make_unit(elements=2, criteria=3)

    version = keep_version(row=unit, by=clerk, reason="Rapat komite")

    record = kept_record(version)
    assert record.root.values["title"] == unit.title
    assert [row.model for row in record.lines] == [Element] * 2 + [PerformanceCriterion] * 6
    assert (version.revision.user, version.revision.comment) == (clerk, "Rapat komite")


def test_what_was_never_kept_is_kept_before_the_first_change(clerk):
    unit = make_unit()
    before = stored_record(CompetencyUnit, unit.pk)
    CompetencyUnit.objects.filter(pk=unit.pk).update(title="Judul baru")

    keep_version(row=unit, by=clerk, before=before)

    new, old = versions_of(CompetencyUnit, unit.pk)
    assert kept_record(old).root.values["title"] == unit.title
    assert (old.revision.user, old.revision.comment) == (None, "Keadaan awal")
    assert (kept_record(new).root.values["title"], new.revision.user) == ("Judul baru", clerk)


def test_a_change_that_no_form_made_stands_in_the_history_as_such(clerk):
    unit = make_unit()
    keep_version(row=unit, by=clerk)
    CompetencyUnit.objects.filter(pk=unit.pk).update(title="Oleh perintah")
    before = stored_record(CompetencyUnit, unit.pk)
    CompetencyUnit.objects.filter(pk=unit.pk).update(title="Oleh formulir")

    keep_version(row=unit, by=clerk, before=before)

    told = [(kept_record(v).root.values["title"], v.revision.comment) for v in versions_of(CompetencyUnit, unit.pk)]
    assert told == [("Oleh formulir", ""), ("Oleh perintah", "Perubahan di luar formulir"), (unit.title, "")]


def test_saving_without_a_change_keeps_nothing(clerk):
    unit = make_unit()
    keep_version(row=unit, by=clerk)
    assert keep_version(row=unit, by=clerk, before=stored_record(CompetencyUnit, unit.pk)) is None
    assert versions_of(CompetencyUnit, unit.pk).count() == 1


def test_keeping_takes_the_same_queries_for_few_and_many_lines(clerk, django_assert_max_num_queries):
    small, large = make_unit(elements=1, criteria=1), make_unit(elements=6, criteria=8)
    keep_version(row=small, by=clerk)
    for unit in (small, large):
        with django_assert_max_num_queries(12):
            keep_version(row=unit, by=clerk, reason="x")


# --- comparing ----------------------------------------------------------------------------------------


def test_comparison_tells_fields_and_lines_added_removed_changed_and_moved():
    unit = make_unit(elements=1, criteria=4)
    element = unit.elements.get()
    before = stored_record(CompetencyUnit, unit.pk)
    CompetencyUnit.objects.filter(pk=unit.pk).update(title="Judul baru")
    one, two, three, four = element.criteria.order_by("position")
    PerformanceCriterion.objects.filter(pk=two.pk).update(text="Diubah")
    PerformanceCriterion.objects.filter(pk=three.pk).delete()
    PerformanceCriterion.objects.filter(pk=four.pk).update(position=9)
    PerformanceCriterion.objects.filter(pk=one.pk).update(position=10)  # dragged to the end
    new = PerformanceCriterion.objects.create(element=element, position=11, number="1.9", text="Baru")

    changes = compare(before, stored_record(CompetencyUnit, unit.pk))

    told = {(change.row.model, change.row.pk): change for change in changes}
    assert [one.name for one in told[CompetencyUnit, str(unit.pk)].fields] == ["title"]
    assert [one.name for one in told[PerformanceCriterion, str(two.pk)].fields] == ["text"]
    assert told[PerformanceCriterion, str(one.pk)].moved == (1, 3)
    assert told[PerformanceCriterion, str(new.pk)].kind == ADDED
    assert told[PerformanceCriterion, str(three.pk)].kind == REMOVED
    assert len(told) == 5  # the fourth only made room


def test_a_record_is_no_different_from_itself():
    version = make_scheme(units=2)
    record = stored_record(SchemeVersion, version.pk)
    assert compare(record, stored_record(SchemeVersion, version.pk)) == []
    assert {change.kind for change in compare(record, record)} <= {CHANGED}


# --- turning back -------------------------------------------------------------------------------------


def test_restoring_brings_back_the_fields_and_lines_and_is_itself_a_version(clerk):
    version = make_scheme(units=2, requirements=("ktp", "cv"), published=False)
    keep_version(row=version, by=None)
    then = stored_record(SchemeVersion, version.pk)
    version.validity_months = 12
    version.save()
    version.purposes.clear()
    version.requirements.first().delete()
    version.scheme_units.first().delete()
    Requirement.objects.create(
        scheme_version=version, section="dasar", title="Baru", document_type=DocumentType.objects.first()
    )
    keep_version(row=version, by=clerk)

    restore_version(version=first_version(version), by=clerk)

    assert stored_record(SchemeVersion, version.pk).equals(then)
    assert versions_of(SchemeVersion, version.pk).count() == 3
    assert versions_of(SchemeVersion, version.pk).first().revision.comment.startswith("Dikembalikan ke versi")
    entry = ActivityEntry.objects.filter(code="record.restore").get()
    assert (entry.actor, entry.subject_id) == (clerk, str(version.pk))


def test_restoring_twice_does_nothing_the_second_time(clerk):
    unit = make_unit()
    keep_version(row=unit, by=None)
    CompetencyUnit.objects.filter(pk=unit.pk).update(title="Lain")
    restore_version(version=first_version(unit), by=clerk)
    assert refused(restore_version, version=first_version(unit), by=clerk).code == "restore_version.same"
    assert ActivityEntry.objects.filter(code="record.restore").count() == 1


def test_lines_that_changed_places_go_back_although_places_are_unique(clerk):
    unit = make_unit(elements=2, criteria=3)
    keep_version(row=unit, by=None)
    then = stored_record(CompetencyUnit, unit.pk)
    for element in unit.elements.all():
        criteria = list(element.criteria.order_by("position"))
        for criterion in criteria:
            PerformanceCriterion.objects.filter(pk=criterion.pk).update(position=criterion.position + 100)
        for place, criterion in enumerate(reversed(criteria), start=1):
            PerformanceCriterion.objects.filter(pk=criterion.pk).update(position=place)
    first, second = unit.elements.order_by("number")
    Element.objects.filter(pk=first.pk).update(number=99)
    Element.objects.filter(pk=second.pk).update(number=1)
    Element.objects.filter(pk=first.pk).update(number=2)

    restore_version(version=first_version(unit), by=clerk)

    assert stored_record(CompetencyUnit, unit.pk).equals(then)


def test_two_lines_that_exchanged_their_units_go_back(clerk):
    version = make_scheme(units=2, published=False)
    keep_version(row=version, by=None)
    then = stored_record(SchemeVersion, version.pk)
    one, two = version.scheme_units.order_by("position")
    two.delete()
    SchemeUnit.objects.filter(pk=one.pk).update(unit=two.unit)
    SchemeUnit.objects.create(scheme_version=version, unit=one.unit, position=2)

    restore_version(version=first_version(version), by=clerk)

    assert stored_record(SchemeVersion, version.pk).equals(then)


def test_the_code_that_stands_in_snapshots_stays(clerk):
    unit = make_unit()
    keep_version(row=unit, by=None)
    CompetencyUnit.objects.filter(pk=unit.pk).update(code="X.999999.001.01", title="Lain")
    restore_version(version=first_version(unit), by=clerk)
    unit_now = CompetencyUnit.objects.get(pk=unit.pk)
    assert (unit_now.code, unit_now.title) == ("X.999999.001.01", unit.title)


def test_a_published_version_is_refused_with_a_sentence(clerk):
    version = make_scheme(published=False)
    keep_version(row=version, by=None)
    publish_scheme_version(version=version, by=clerk)
    refusal = refused(restore_version, version=first_version(version), by=clerk)
    assert "sudah terbit" in refusal.message
    version.refresh_from_db()
    assert version.status == "terbit"


def test_a_published_consent_text_is_refused(clerk):
    text = ConsentText.objects.exclude(published_at=None).first()
    keep_version(row=text, by=None)
    ConsentText.objects.filter(pk=text.pk).update(body="Diubah di luar aplikasi")
    assert "sudah terbit" in refused(restore_version, version=first_version(text), by=clerk).message


def test_who_may_not_change_a_record_may_not_turn_it_back():
    unit = make_unit()
    keep_version(row=unit, by=None)
    CompetencyUnit.objects.filter(pk=unit.pk).update(title="Lain")
    for role in ("bnsp", "asesor"):
        by = make_user(role=role)
        assert refused(restore_version, version=first_version(unit), by=by).code == "restore_version.refused"


def test_a_line_that_a_case_uses_does_not_vanish(clerk):
    unit = make_unit(elements=1)
    keep_version(row=unit, by=None)
    case = make_application(status="ready")
    element = Element.objects.create(unit=unit, number=2, title="Kemudian dipakai")
    SelfAssessmentAnswer.objects.create(application=case, element=element)

    refusal = refused(restore_version, version=first_version(unit), by=clerk)

    assert "Kemudian dipakai" in refusal.message
    assert Element.objects.filter(pk=element.pk).exists()


def test_a_version_that_names_a_deleted_record_says_so(clerk):
    version = make_scheme(units=2, published=False)
    keep_version(row=version, by=None)
    unit = version.scheme_units.first().unit
    version.scheme_units.filter(unit=unit).delete()
    unit.delete()
    refusal = refused(restore_version, version=first_version(version), by=clerk)
    assert "unit kompetensi yang sudah dihapus" in refusal.message
    assert version.scheme_units.count() == 1


def test_what_the_form_would_refuse_today_is_not_restored(clerk):
    template = MessageTemplate.objects.get(key="application-accepted")
    MessageTemplate.objects.filter(pk=template.pk).update(body="Lama: {{ tidak_dikenal_lagi }}")
    keep_version(row=template, by=None)
    MessageTemplate.objects.filter(pk=template.pk).update(body="Sekarang")
    assert refused(restore_version, version=first_version(template), by=clerk).code == "restore_version.invalid"
    template.refresh_from_db()
    assert template.body == "Sekarang"


# --- random histories ---------------------------------------------------------------------------------

TEXTS = st.sampled_from(["Satu", "Dua kata", "Teks – dengan “tanda” & <b>", "", "😀 emoji"])
UNIT_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["title", "add", "remove", "text", "shuffle", "add_element", "remove_element", "swap"]),
        st.integers(0, 5),
        TEXTS,
    ),
    min_size=1,
    max_size=8,
)
VERSION_EDITS = st.lists(
    st.tuples(
        st.sampled_from(["months", "purposes", "add_unit", "remove_unit", "shuffle", "requirement", "drop", "new"]),
        st.integers(0, 5),
        TEXTS,
    ),
    min_size=1,
    max_size=8,
)
TWENTY = hypothesis_settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def renumber(rows, order, name):
    for place, row in enumerate(rows):
        type(row).objects.filter(pk=row.pk).update(**{name: 500 + place})
    for place, row in enumerate(order, start=1):
        type(row).objects.filter(pk=row.pk).update(**{name: place})


def edit_unit(unit, what, number, text):
    elements = list(Element.objects.filter(unit=unit).order_by("number"))
    element = elements[number % len(elements)] if elements else None
    criteria = list(element.criteria.order_by("position")) if element else []
    criterion = criteria[number % len(criteria)] if criteria else None
    if what == "title":
        CompetencyUnit.objects.filter(pk=unit.pk).update(description=text, completeness="terpotong")
    elif what == "add" and element:
        place = max([row.position for row in criteria], default=0) + 1
        PerformanceCriterion.objects.create(element=element, position=place, number="9", text=text)
    elif what == "remove" and criterion:
        criterion.delete()
    elif what == "text" and criterion:
        PerformanceCriterion.objects.filter(pk=criterion.pk).update(text=text)
    elif what == "shuffle" and criteria:
        cut = number % len(criteria)
        renumber(criteria, criteria[cut:] + criteria[:cut], "position")
    elif what == "add_element":
        place = max([row.number for row in elements], default=0) + 1
        Element.objects.create(unit=unit, number=place, title=text)
    elif what == "remove_element" and element:
        element.delete()
    elif what == "swap" and elements:
        renumber(elements, elements[::-1], "number")


def edit_version(version, what, number, text):
    lines = list(version.scheme_units.order_by("position"))
    requirements = list(version.requirements.order_by("pk"))
    if what == "months":
        SchemeVersion.objects.filter(pk=version.pk).update(validity_months=number + 1, confirmation_note=text)
    elif what == "purposes":
        version.purposes.set(AssessmentPurpose.objects.all()[: number % 4])
    elif what == "add_unit":
        SchemeUnit.objects.create(scheme_version=version, unit=make_unit(elements=1), position=len(lines) + 1)
    elif what == "remove_unit" and lines:
        lines[number % len(lines)].delete()
    elif what == "shuffle":
        renumber(lines, lines[::-1], "position")
    elif what == "requirement" and requirements:
        chosen = requirements[number % len(requirements)]
        Requirement.objects.filter(pk=chosen.pk).update(title=text, is_required=number % 2 == 0)
    elif what == "drop" and requirements:
        requirements[number % len(requirements)].delete()
    elif what == "new":
        kind = DocumentType.objects.all()[number]
        Requirement.objects.create(scheme_version=version, section="dasar", title=text, document_type=kind, position=9)


class TestRandomHistories(TestCase):
    """Whatever was edited, each version kept on the way comes back exactly (field.md: version restore)."""

    def history(self, row, edit, edits, pick):
        clerk = make_user(role="sekretariat")
        states = [(keep_version(row=row, by=clerk, reason="awal"), stored_record(type(row), row.pk))]
        for what, number, text in edits:
            edit(row, what, number, text)
            states.append((keep_version(row=row, by=clerk, reason="x"), stored_record(type(row), row.pk)))
        version, then = states[pick % len(states)]
        try:
            restore_version(version=version, by=clerk)
        except DomainError as refusal:
            assert refusal.code == "restore_version.same"  # noqa: PT017 - the edits led back to where they began
        assert stored_record(type(row), row.pk).equals(then)

    @given(edits=UNIT_EDITS, pick=st.integers(0, 8))
    @TWENTY
    def test_unit(self, edits, pick):
        self.history(make_unit(elements=2, criteria=2), edit_unit, edits, pick)

    @given(edits=VERSION_EDITS, pick=st.integers(0, 8))
    @TWENTY
    def test_scheme_version(self, edits, pick):
        self.history(make_scheme(units=2, requirements=("ktp", "cv"), published=False), edit_version, edits, pick)


# --- deleted records ----------------------------------------------------------------------------------


def delete(row, by) -> DeletedRecord:
    deleted = keep_deleted(row=row, by=by)
    row.delete()
    return deleted


def test_a_deleted_record_comes_back_whole_under_its_old_key(clerk):
    unit = make_unit(elements=2, criteria=2)
    then = stored_record(CompetencyUnit, unit.pk)
    deleted = delete(CompetencyUnit.objects.get(pk=unit.pk), clerk)
    assert (deleted.label, deleted.deleted_by) == (str(unit), clerk)

    row = recover_record(deleted=deleted, by=clerk)

    assert stored_record(CompetencyUnit, row.pk).equals(then)
    deleted.refresh_from_db()
    assert deleted.restored_at is not None
    assert ActivityEntry.objects.filter(code="record.recover", subject_id=str(unit.pk), actor=clerk).exists()
    assert "sudah dipulihkan" in refused(recover_record, deleted=deleted, by=clerk).message


def test_a_draft_comes_back_with_its_purposes_and_the_day_it_was_made(clerk):
    version = make_scheme(units=1, published=False)
    purposes, created_at = list(version.purposes.all()), version.created_at
    deleted = delete(SchemeVersion.objects.get(pk=version.pk), clerk)
    recover_record(deleted=deleted, by=clerk)
    version = SchemeVersion.objects.get(pk=version.pk)
    assert list(version.purposes.all()) == purposes
    assert abs(version.created_at - created_at) < timedelta(milliseconds=1)


def test_a_code_taken_meanwhile_is_told_and_nothing_comes_back_halfway(clerk):
    unit = make_unit()
    deleted = delete(CompetencyUnit.objects.get(pk=unit.pk), clerk)
    CompetencyUnit.objects.create(standard=unit.standard, code=unit.code, title="Pengganti")
    assert "Kode unit" in refused(recover_record, deleted=deleted, by=clerk).message
    assert not Element.objects.filter(unit_id=unit.pk).exists()


def test_who_may_not_add_may_not_recover():
    deleted = delete(make_unit(), None)
    assert refused(recover_record, deleted=deleted, by=make_user(role="bnsp")).code == "recover_record.refused"


# --- pruning ------------------------------------------------------------------------------------------


def age(row, days):
    moment = timezone.now() - timedelta(days=days)
    Revision.objects.filter(version__in=versions_of(type(row), row.pk)).update(date_created=moment)


def test_pruning_leaves_the_last_ones_of_each_record_and_everything_recent(clerk, monkeypatch):
    monkeypatch.setattr(services, "KEEP_LAST", 3)
    old, recent, few = make_unit(), make_unit(), make_unit()
    for unit, times in ((old, 6), (recent, 6), (few, 3)):
        for number in range(times):
            keep_version(row=unit, by=clerk, reason=str(number))
    age(old, 800)
    age(few, 800)
    lines_before = Version.objects.filter(content_type__model="performancecriterion").count()

    assert prune_versions(batch=2) == 3

    assert [v.revision.comment for v in versions_of(CompetencyUnit, old.pk)] == ["5", "4", "3"]
    assert versions_of(CompetencyUnit, recent.pk).count() == 6
    assert versions_of(CompetencyUnit, few.pk).count() == 3
    assert Version.objects.filter(content_type__model="performancecriterion").count() == lines_before - 3 * 4
    assert not Revision.objects.filter(version=None).exists()
    assert prune_versions() == 0


def test_what_a_deleted_record_comes_back_from_is_not_pruned(clerk, monkeypatch):
    monkeypatch.setattr(services, "KEEP_LAST", 1)
    unit = make_unit()
    deleted = delete(CompetencyUnit.objects.get(pk=unit.pk), clerk)
    recover_record(deleted=deleted, by=clerk)
    for number in range(3):
        keep_version(row=unit, by=clerk, reason=str(number))
    age(unit, 800)
    prune_versions()
    assert Version.objects.filter(pk=deleted.version_id).exists()


# --- no change behind reversion's back ----------------------------------------------------------------

#: Writing versioned models past save(): where, and why no history is lost.
ALLOWED_BULK = {
    "core/demo/corridor.py": "invented data of a demo that was just laid",
    "core/demo/training/seeding.py": "invented data of a course that was just laid",
    "core/demo/privacy.py": "invented data of a demo that was just laid",
    "core/reference.py": "fills empty tables; the first edit keeps the loaded state",
    "core/schemes/services/versions.py": "retires the version before; the next saving keeps it as a change outside the form",
    "core/schemes/unit_text.py": "lines step aside within saving a unit's text, which keeps a version at its end",
    "core/schemes/workbook_services.py": "lines step aside within an import, which keeps a version at its end",
    "core/activity/versions.py": "lines step aside within restoring, which keeps a version at its end",
}
VERSIONED_WORDS = re.compile(
    r"\b(Element|PerformanceCriterion|CompetencyUnit|CompetencyStandard|Scheme|SchemeUnit|SchemeVersion|Requirement|"
    r"AssessmentPurpose|DocumentType|MessageTemplate|NumberingRule|OfficeData|CodeList|CodeListEntry|ConsentText|"
    r"AssessorProfile)\.(_base_manager|objects)\b|versions\.|scheme_units\.|requirements\.|elements\.|criteria\.|"
    r"entries\.|stored\."
)


def bulk_writes(path: Path) -> list[str]:
    text = re.sub(r"\n\s*\.", ".", path.read_text(encoding="utf-8"))
    return [
        line.strip()
        for line in text.splitlines()
        if re.search(r"\.(update|bulk_create|bulk_update)\(", line) and VERSIONED_WORDS.search(line)
    ]


def test_bulk_writes_to_versioned_models_are_known():
    """`update()` and `bulk_…` leave no version: each place is argued above."""
    found = {
        str(path.relative_to(settings.BASE_DIR)): lines
        for path in sorted((settings.BASE_DIR / "core").rglob("*.py"))
        if "migrations" not in path.parts and (lines := bulk_writes(path))
    }
    assert set(found) == set(ALLOWED_BULK), found


def test_who_failed_to_log_in_is_not_told_as_the_last_to_save_an_account(clerk):
    account = make_user()
    record_activity("account.change", by=clerk, subject=account)

    for code in ("account.log_in_failed", "account.shut_out", "account.second_factor_failed"):
        record_activity(code, subject=account)

    assert last_saved(User, account.pk).who == str(clerk)
