"""The recap of documents tells what the lists show: for every figure, whatever was done to the documents before."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.applications.models import Application, CaseDocument, ExpectedDocument
from core.documents.models import KEPT_STATES, Document, DocumentState, DocumentText, DocumentType, TextSource
from core.documents.quarantine import refuse_content
from core.documents.services import destroy_document
from core.documents.text import claim, read_again, read_document
from core.reports.document_recap import LIVE_DAYS, document_recap, in_no_case, lacking, scope, with_file
from core.reports.dossier import checklist_of
from core.reports.models import CaseStanding, CaseTally, DocumentTally, MonthTally, RecapMark
from core.reports.recount import examine_open, rebuild_recap, recount_days, renew_recap
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.corridor import make_case
from tests.factories.documents import jpeg_bytes, make_document, text_pdf

pytestmark = pytest.mark.django_db


def counted() -> dict[str, dict]:
    """The same figures, counted row by row: what the lists would show."""
    documents = Document.objects.all()
    kept: dict[str, str] = {}
    stored: dict[str, int] = {}
    for document in documents.filter(state__in=KEPT_STATES).select_related("document_type").order_by("pk"):
        if kept.setdefault(document.sha256, document.document_type.code) == document.document_type.code:
            stored.setdefault(document.sha256, document.size)
    return {
        "kinds": _numbers(documents.values_list("document_type__code", flat=True)),
        "states": _numbers(documents.values_list("state", flat=True)),
        "sources": _numbers(documents.values_list("text__source", flat=True)),
        "schemes": {
            scheme.code: number
            for scheme in Scheme.objects.all()
            if (
                number := documents.filter(
                    pk__in=CaseDocument.objects.filter(
                        application__scheme_version__scheme=scheme, application__number__isnull=False
                    ).values("document")
                ).count()
            )
        }
        | ({"": number} if (number := in_no_case(documents).count()) else {}),
        "stored": sum(stored.values()),
        "size": sum(documents.filter(state__in=KEPT_STATES).values_list("size", flat=True)),
    }


def _numbers(values) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def told(**asked) -> dict[str, dict]:
    found = document_recap(scope(**asked))
    return {
        "kinds": {kind.code: kind.added.documents for kind in found.kinds if kind.added.documents},
        "states": {state: one.documents for state, one in found.by_state.items() if one.documents},
        "sources": {source: number for source, number in found.sources.items() if number},
        "schemes": {row.code: row.added.documents for row in found.schemes if row.added.documents},
        "stored": found.kept.stored,
        "size": found.kept.size,
    }


@pytest.fixture
def person():
    return make_user(role="asesi")


def test_figures_are_those_of_the_lists_before_and_after_they_were_counted(person):
    application = make_application(status="accepted")
    make_application(status="draft")
    make_document(owner=person)
    assert Document.objects.count() > 4

    before = told()

    assert before == counted()
    assert DocumentTally.objects.count() == 0
    renew_recap()
    assert RecapMark.objects.count() == 0
    assert DocumentTally.objects.count() > 0
    assert told() == before
    assert told()["schemes"][application.scheme_version.scheme.code] > 0
    assert told()["schemes"][""] > 0  # those of the draft, and the one that lies nowhere


@pytest.mark.parametrize("was_counted", [True, False])
def test_every_change_of_a_document_changes_the_figures_at_once(person, was_counted):
    """A virus, a destruction, a text that was read, a sending: with kept sums behind or not."""
    draft = make_application(status="ready")
    infected, twin = make_document(owner=person), make_document(owner=make_user(role="asesi"), content=text_pdf("isi"))
    gone = make_document(owner=person, content=jpeg_bytes())
    if was_counted:
        renew_recap()
    assert told() == counted()

    refuse_content(sha256=infected.sha256, virus="Eicar")
    assert told() == counted()
    destroy_document(document=gone, number="1/BA", by=None)
    assert told() == counted()
    text = DocumentText.objects.get(document=twin)
    claim(text)
    assert read_document(text) != TextSource.WAITING
    assert told() == counted()
    from core.applications.services import submit_application

    submit_application(application=draft, by=draft.candidate.user)
    assert told() == counted()
    read_again(Document.objects.all())
    renew_recap()
    assert told() == counted()
    assert rebuild_recap().is_right


def test_bytes_that_several_documents_share_lie_once_and_count_with_the_first(person):
    content = jpeg_bytes(color="red")
    first = make_document(owner=person, content=content)
    second = make_document(owner=make_user(role="asesi"), content=content, kind="ijazah")
    assert first.sha256 == second.sha256
    renew_recap()

    found = document_recap(scope())
    kinds = {kind.code: kind for kind in found.kinds}
    assert (found.kept.size, found.kept.stored, found.kept.saved) == (2 * first.size, first.size, first.size)
    assert (kinds["ktp"].kept.saved, kinds["ijazah"].kept.saved) == (0, first.size)

    destroy_document(document=first, number="1/BA", by=None)

    for _counted in (False, True):
        found = document_recap(scope())
        kinds = {kind.code: kind for kind in found.kinds}
        assert (found.kept.size, found.kept.stored, found.kept.saved) == (first.size, first.size, 0)
        assert kinds["ijazah"].kept.stored == first.size
        renew_recap()


def test_growth_adds_up_and_begins_with_what_was_there_before(person):
    today = date(2026, 8, 17)
    days = {"2024-12-31 18:00+00:00": 2, "2026-03-05 05:00+00:00": 1, "2026-08-17 05:00+00:00": 3}
    for moment, number in days.items():
        for _one in range(number):
            Document.objects.filter(pk=make_document(owner=person).pk).update(created_at=moment)
    RecapMark.objects.create(day=RecapMark.ALL_DAYS)
    assert document_recap(scope(until=today)).is_behind
    recount_days()

    yearly = document_recap(scope(since=date(2024, 5, 1), until=today, step=12)).periods
    # 18.00 UTC on New Year's Eve is the first of January in Jakarta.
    assert [(row.since.year, row.added.documents, row.total.documents) for row in yearly] == [
        (2024, 0, 0),
        (2025, 2, 2),
        (2026, 4, 6),
    ]
    quarters = document_recap(scope(since=date(2026, 2, 9), until=today, step=3))
    assert [(row.since, row.until) for row in quarters.periods][:2] == [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
    ]
    assert [(row.added.documents, row.total.documents) for row in quarters.periods] == [(1, 3), (0, 3), (3, 6)]
    assert quarters.before.documents == 2
    assert quarters.periods[-1].total.size == sum(Document.objects.values_list("size", flat=True))


def test_a_kind_and_a_scheme_narrow_all_figures(person):
    application = make_application(status="accepted")
    make_document(owner=person)
    scheme = application.scheme_version.scheme
    for _counted in (False, True):
        narrowed = document_recap(scope(scheme=scheme))
        files = Document.objects.filter(case_documents__application=application).distinct()
        assert narrowed.added.documents == files.count() > 0
        assert narrowed.added.size == sum(files.values_list("size", flat=True))
        assert [row.code for row in narrowed.schemes] == [scheme.code]
        assert narrowed.sources is None
        kind = DocumentType.objects.get(code="ktp")
        ktp = document_recap(scope(kind=kind))
        assert [row.code for row in ktp.kinds] == ["ktp"]
        assert ktp.added.documents == Document.objects.filter(document_type=kind).count()
        renew_recap()


def test_many_marked_days_are_told_instead_of_counted(person):
    make_document(owner=person)
    today = timezone.localdate()
    RecapMark.objects.bulk_create([RecapMark(day=today - timedelta(days=n)) for n in range(LIVE_DAYS + 1)])

    assert document_recap(scope()).is_behind
    renew_recap()
    assert not document_recap(scope()).is_behind


# --- files of cases -----------------------------------------------------------------------------------------


def standings() -> dict[int, set[str]]:
    """{case: kinds that it lacks}, as the lists tell them."""
    cases = Application.objects.filter(number__isnull=False)
    kinds = DocumentType.objects.values_list("code", flat=True)
    found = {case.pk: set() for case in cases}
    for code in kinds:
        for case in lacking(cases, kind=code):
            found[case.pk].add(code)
    assert set(with_file(cases, is_complete=True)) == {case for case in cases if not found[case.pk]}
    assert set(with_file(cases, is_complete=False)) == {case for case in cases if found[case.pk]}
    return found


def checklists() -> dict[int, set[str]]:
    cases = Application.objects.filter(number__isnull=False).select_related("scheme_version__scheme")
    return {case.pk: {item.kind.code for item in checklist_of(case).lacking} for case in cases}


@pytest.fixture
def world():
    """Cases of several states; the last one lacks what its decision should have brought."""
    cases = [make_application(status="accepted"), make_case("assessed").application, make_case("certified").application]
    renew_recap()
    return cases


def test_complete_and_incomplete_are_what_the_checklists_say(world):
    assert standings() == checklists()
    assert any(checklists().values())
    found = document_recap(scope())
    assert (found.complete + found.lacking) == len(world)
    assert found.lacking == sum(1 for kinds in checklists().values() if kinds)
    for kind in found.kinds:
        assert kind.lacking == sum(kind.code in kinds for kinds in checklists().values())
        for reason, number in kind.lacks.items():
            assert lacking(Application.objects.all(), kind=kind.code, reason=reason).count() == number
    assert sum(row.cases for row in found.schemes) == len(world)


def test_a_case_is_examined_again_after_what_changes_its_file(world):
    case = world[0]
    kind = DocumentType.objects.create(code="surat-sehat", title="Surat sehat")
    expected = ExpectedDocument.objects.create(document_type=kind, from_status="submitted")
    assert document_recap(scope()).waiting_cases == 1  # all of them, as one mark
    renew_recap()
    assert {pk for pk, kinds in standings().items() if "surat-sehat" in kinds} == {row.pk for row in world}

    import io

    from core.applications.case_file import add_to_file

    document, _is_new = add_to_file(
        application=case,
        document_type=kind,
        stream=io.BytesIO(jpeg_bytes()),
        file_name="sehat.jpg",
        by=make_user(role="sekretariat"),
    )
    renew_recap()
    assert "surat-sehat" not in standings()[case.pk]

    destroy_document(document=document, number="2/BA", by=None)
    refuse_content(sha256=document.sha256, virus="x")
    renew_recap()
    assert standings() == checklists()
    expected.delete()
    renew_recap()
    assert standings() == checklists()


def test_what_expires_overnight_is_found_by_the_nightly_round(world):
    case = world[0]
    document = CaseDocument.objects.filter(application=case, is_current=True, document__uploaded_by__isnull=False)[0]
    Document.objects.filter(pk=document.document_id).update(valid_until=timezone.localdate() - timedelta(days=1))
    CaseStanding.objects.update(examined_at=timezone.now() - timedelta(days=1))

    assert examine_open(seconds=60) == len(world)

    assert standings() == checklists()
    assert document.document.document_type.code in standings()[case.pk]
    assert examine_open(seconds=60) == 0


# --- rebuilding ---------------------------------------------------------------------------------------------


def test_the_command_finds_what_was_written_past_the_program_and_sets_it_right(world, capsys):
    call_command("rebuild_recap")
    assert "cocok" in capsys.readouterr().out
    document = Document.objects.first()
    Document.objects.filter(pk=document.pk).update(size=document.size + 7)
    CaseTally.objects.filter(document_type=0).update(cases=99)
    MonthTally.objects.update(documents=7)
    CaseStanding.objects.filter(pk=world[0].pk).delete()

    with pytest.raises(CommandError, match="berbeda"):
        call_command("rebuild_recap")

    call_command("rebuild_recap")
    assert told() == counted()
    assert standings() == checklists()


def test_as_many_questions_for_many_documents_as_for_one(person):
    make_application(status="accepted")
    renew_recap()
    numbers = []
    for _round in range(2):
        for _one in range(4):
            make_document(owner=person)
        with CaptureQueriesContext(connection) as asked:
            document_recap(scope())
        numbers.append(len(asked))
    assert numbers[0] == numbers[1] <= 12


def test_states_are_told_of_what_came_in(person):
    destroy_document(document=make_document(owner=person), number="1/BA", by=None)
    found = document_recap(scope())
    assert found.by_state[DocumentState.DESTROYED].documents == 1
    assert found.kept.documents == 0
