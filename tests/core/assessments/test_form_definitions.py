"""What a form asks: written in a draft, fixed once published, turned back like any other text."""

import pytest

from core.activity.models import ActivityEntry, DeletedRecord
from core.activity.queries import versions_of
from core.activity.versions import kept, recover_record, restore_version
from core.assessments.form_rules import content_of, publication_findings
from core.assessments.models import FilledForm, FormDefinition, FormLine, FormRequirement, FormVersion
from core.assessments.services import definitions
from core.assessments.services.definitions import head_state, line_state
from core.documents.models import DocumentType
from core.schemes.enums import VersionStatus
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.corridor import make_case
from tests.factories.form_definitions import LINE, make_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def draft():
    return make_form(published=False)


def add(version, clerk, place=None, **words) -> FormLine:
    return definitions.add_line(version=version, values=LINE | words, place=place, by=clerk)


def change(line, clerk, **words) -> FormLine:
    values = {name: getattr(line, name) for name in LINE} | words
    return definitions.change_line(line=line, seen=line_state(line), values=values, by=clerk)


def texts(version) -> list[str]:
    return [line.label for line in version.lines.order_by("position")]


def next_of(code: str, clerk) -> FormVersion:
    """A draft of a form that ships."""
    return definitions.draft_next_version(version=FormVersion.objects.get(definition__code=code), by=clerk)


def line(version: FormVersion, key: str) -> FormLine:
    return version.lines.select_related("version__definition").get(key=key)


# --- a new form ---------------------------------------------------------------------------------------


def new(clerk, title, **words):
    facts = {"subject": "permohonan", "stage": "selama", "filled_by": "asesor"} | words
    return definitions.create_definition(title=title, by=clerk, **facts)


def test_a_new_form_is_a_draft_whose_papers_have_a_kind_of_their_own(clerk):
    draft = new(clerk, "FR.IA.07 Pertanyaan Lisan")
    form = draft.definition
    assert (form.code, draft.number, draft.status) == ("fr-ia-07", 1, VersionStatus.DRAFT)
    assert (form.document_type.title, form.document_type.is_personal_evidence) == (form.title, False)
    assert form.position > FormDefinition.objects.get(code="fr-ak-04").position
    assert ActivityEntry.objects.get(code="form.create").subject_label == "fr-ia-07"


def test_a_form_never_shares_its_kind_of_paper_with_what_candidates_upload(clerk):
    assert new(clerk, "KTP").definition.code == "ktp-2"
    assert not DocumentType.objects.get(code="ktp-2").is_personal_evidence


def test_a_form_named_twice_is_refused_beside_its_name(clerk):
    with refused("form.same_title", field="title"):
        new(clerk, "fr.ak.02 rekaman asesmen kompetensi")
    with refused("form.no_title", field="title"):
        new(clerk, "  ")
    with refused("form.no_stage", field="stage"):
        new(clerk, "FR.IA.08", stage="besok")
    with refused("text.too_long", field="title"):
        new(clerk, "A" * 151)


def test_head_data_of_a_form_with_papers_keeps_who_fills_it_in(clerk):
    version = make_form()
    case = make_case("scheduled")
    words = {
        "title": "FR.UJI Baru", "subject": "permohonan", "stage": "selama", "filled_by": "asesi",
        "is_active": True, "is_confirmed": True,
    }  # fmt: skip
    FilledForm.objects.create(definition=version.definition, version=version, application=case.application)
    with refused("save_definition.in_use", field="filled_by"):
        definitions.save_definition(version=version, seen=head_state(version), values=words, by=clerk)
    words["filled_by"] = "asesor"
    saved = definitions.save_definition(version=version, seen=head_state(version), values=words, by=clerk)
    assert (saved.definition.title, saved.definition.stage, saved.is_confirmed) == ("FR.UJI Baru", "selama", True)
    with refused("save_definition.stale"):
        definitions.save_definition(version=version, seen=head_state(version) + "x", values=words, by=clerk)


# --- lines --------------------------------------------------------------------------------------------


def test_lines_are_added_ordered_and_taken_out(draft, clerk):
    section, first = draft.lines.order_by("position")
    last = add(draft, clerk, label="Terakhir")
    between = add(draft, clerk, place=2, label="Di antara")
    assert texts(draft) == ["Bagian satu", "Di antara", "Isian 1", "Terakhir"]
    definitions.move_line(line=last, place=2, by=clerk)
    definitions.remove_line(line=first, by=clerk)
    assert texts(draft) == ["Bagian satu", "Terakhir", "Di antara"]
    assert [row.position for row in draft.lines.order_by("position")] == [1, 2, 3]
    with refused("line.gone"):
        definitions.remove_line(line=first, by=clerk)
    assert between.key == "di-antara"
    assert section.pk in draft.lines.values_list("pk", flat=True)


def test_a_line_keeps_only_what_its_kind_knows(draft, clerk):
    words = {"options": "Ya\nTidak", "repeat": "unit", "filled_by": "asesor", "help_text": "Petunjuk"}
    note = add(draft, clerk, kind="petunjuk", **words)
    assert (note.options, note.repeat, note.filled_by, note.is_required) == ("", "sekali", "", False)
    section = add(draft, clerk, kind="bagian", **words)
    assert (section.repeat, section.is_required) == ("unit", False)
    ticks = add(draft, clerk, kind="centang", **words | {"options": " Ya \n\n Tidak  lagi "})
    assert (ticks.choices, ticks.repeat, ticks.filled_by, ticks.is_required) == (
        ["Ya", "Tidak lagi"], "sekali", "asesor", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "field"),
    [
        ({"label": " \n "}, "line.no_label", "label"),
        ({"label": "x" * 2001}, "text.too_long", "label"),
        ({"help_text": "x" * 301}, "text.too_long", "help_text"),
        ({"kind": "tabel"}, "line.no_kind", "kind"),
        ({"kind": "bagian", "repeat": "asesi"}, "line.no_repeat", "repeat"),
        ({"filled_by": "penyelia"}, "line.no_party", "filled_by"),
        ({"kind": "pilihan", "options": "A\nB\na \nA"}, "line.option_twice", "options"),
    ],
)
def test_what_is_wrong_in_a_line_is_told_beside_its_field(draft, clerk, words, code, field):
    with refused(code, field=field):
        add(draft, clerk, **words)
    with refused(code, field=field):
        change(line(draft, "isian-1"), clerk, **words)
    assert texts(draft) == ["Bagian satu", "Isian 1"]


def test_two_clerks_on_one_line_are_told_of_each_other(draft, clerk):
    row = line(draft, "isian-1")
    seen = line_state(row)
    change(row, clerk, label="Dari Ratna")
    with refused("change_line.stale"):
        definitions.change_line(line=row, seen=seen, values=LINE | {"label": "Dari Dewi"}, by=clerk)
    assert texts(draft)[1] == "Dari Ratna"


# --- keys ---------------------------------------------------------------------------------------------


def test_keys_follow_the_text_once_and_are_never_given_twice(draft, clerk):
    first, second = add(draft, clerk, label="Saran perbaikan"), add(draft, clerk, label="Saran perbaikan")
    assert (first.key, second.key) == ("saran-perbaikan", "saran-perbaikan-2")
    assert change(line(draft, first.key), clerk, label="Saran lain").key == "saran-perbaikan"
    assert add(draft, clerk, label="???").key == "teks"


def test_a_key_keeps_its_meaning_over_the_versions_of_a_form(clerk):
    version = next_of("fr-ak-05", clerk)
    saran = line(version, "saran")
    assert change(saran, clerk, kind="teks", label="Saran").key == "saran"  # answered alike: written words
    assert change(line(version, "saran"), clerk, kind="ya-tidak", label="Saran").key == "saran-2"
    assert add(version, clerk, kind="tanggal", label="Catatan").key == "catatan-2"
    definitions.remove_line(line=line(version, "catatan"), by=clerk)
    assert add(version, clerk, label="Catatan").key == "catatan"  # the same question comes back under its key


def test_what_the_system_reads_stays_where_it_is(clerk):
    version = next_of("fr-ak-02", clerk)
    with refused("remove_line.read_by_system"):
        definitions.remove_line(line=line(version, "hasil"), by=clerk)
    with refused("change_line.read_by_system", field="kind"):
        change(line(version, "metode"), clerk, kind="pilihan")
    assert change(line(version, "hasil"), clerk, label="Pencapaian").key == "hasil"
    change(line(version, "hasil-unit"), clerk, repeat="elemen")
    with refused("publish_form_version.system_lines"):
        definitions.publish_form_version(version=version, by=clerk)
    change(line(version, "hasil-unit"), clerk, repeat="unit")
    definitions.publish_form_version(version=version, by=clerk)


# --- publishing ---------------------------------------------------------------------------------------


def blocking(version) -> list[str]:
    return [finding.rule.code for finding in publication_findings(content_of(version)) if finding.blocks]


def test_an_empty_form_is_not_published(clerk):
    draft = new(clerk, "FR.IA.09 Wawancara")
    assert blocking(draft) == ["no_questions"]
    with refused("publish_form_version.no_questions"):
        definitions.publish_form_version(version=draft, by=clerk)


@pytest.mark.parametrize(
    ("words", "place", "rule"),
    [
        ({"label": "Terlalu awal"}, 1, "sections_first"),
        ({"kind": "pilihan", "options": "Satu saja"}, None, "no_options"),
        ({"kind": "centang"}, None, "no_options"),
        ({"filled_by": "asesi"}, None, "strangers"),
    ],
)
def test_what_nobody_could_fill_in_stops_publishing(draft, clerk, words, place, rule):
    assert blocking(draft) == []
    add(draft, clerk, place=place, **words)
    assert blocking(draft) == [rule]
    with refused(f"publish_form_version.{rule}"):
        definitions.publish_form_version(version=draft, by=clerk)


def test_a_form_about_a_session_repeats_no_section(clerk):
    draft = make_form(published=False, subject="jadwal")
    add(draft, clerk, kind="bagian", repeat="unit", label="Setiap unit")
    assert blocking(draft) == ["repeats"]


def test_empty_sections_and_missing_confirmation_are_told_and_do_not_stop(draft, clerk):
    add(draft, clerk, kind="bagian", label="Kosong")
    told = {finding.rule.code for finding in publication_findings(content_of(draft)) if not finding.is_met}
    assert told == {"empty_sections", "unconfirmed"}
    definitions.publish_form_version(version=draft, by=clerk)


def test_publishing_retires_the_version_before_and_papers_stay_with_theirs(clerk):
    first = make_form()
    case = make_case("scheduled")
    paper = FilledForm.objects.create(definition=first.definition, version=first, application=case.application)
    second = definitions.draft_next_version(version=first, by=clerk)
    assert [(row.key, row.label) for row in second.lines.all()] == [(row.key, row.label) for row in first.lines.all()]
    change(line(second, "isian-1"), clerk, label="Kata baru")
    definitions.publish_form_version(version=second, by=clerk)
    first.refresh_from_db()
    paper.refresh_from_db()
    assert (first.status, paper.version) == (VersionStatus.RETIRED, first)
    assert texts(first)[1] == "Isian 1"
    assert ActivityEntry.objects.filter(code__in=("form.draft", "form.publish")).count() == 2


def test_what_is_published_no_longer_changes(clerk):
    version = make_form()
    row = line(version, "isian-1")
    for act in (
        lambda: add(version, clerk),
        lambda: change(row, clerk, label="Lain"),
        lambda: definitions.remove_line(line=row, by=clerk),
        lambda: definitions.move_line(line=row, place=1, by=clerk),
    ):
        with refused("form_version.not_draft"):
            act()
    with refused("publish_form_version.not_draft"):
        definitions.publish_form_version(version=version, by=clerk)
    with refused("discard_draft.not_draft"):
        definitions.discard_draft(version=version, by=clerk)


def test_there_is_one_draft_at_a_time(clerk):
    version = make_form()
    definitions.draft_next_version(version=version, by=clerk)
    with refused("draft_next_version.exists"):
        definitions.draft_next_version(version=version, by=clerk)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_prepare_one_draft():
    clerk, version = make_user(role="sekretariat"), make_form()
    answers = at_once(*[lambda: definitions.draft_next_version(version=version, by=clerk)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["DomainError", "FormVersion"]


# --- discarding and turning back ----------------------------------------------------------------------


def test_a_draft_is_discarded_and_a_form_that_was_never_published_goes_with_it(clerk):
    published = make_form()
    assert (
        definitions.discard_draft(version=definitions.draft_next_version(version=published, by=clerk), by=clerk)
        == published.definition
    )
    fresh = make_form(published=False)
    assert definitions.discard_draft(version=fresh, by=clerk) is None
    assert not FormDefinition.objects.filter(pk=fresh.definition_id).exists()
    assert not FormRequirement.objects.filter(definition=fresh.definition_id).exists()


def test_a_discarded_draft_comes_back_with_its_lines(clerk):
    published = make_form(lines=3)
    draft = definitions.draft_next_version(version=published, by=clerk)
    definitions.discard_draft(version=draft, by=clerk)
    recover_record(deleted=DeletedRecord.objects.get(model="formversion"), by=clerk)
    again = FormVersion.objects.get(definition=published.definition, number=2)
    assert texts(again) == texts(published)


def test_a_draft_is_turned_back_with_its_lines_and_a_published_version_is_not(draft, clerk):
    with kept(draft, by=clerk, reason="Baris dihapus"):
        definitions.remove_line(line=line(draft, "isian-1"), by=clerk)
        add(draft, clerk, label="Lain")
    earliest = versions_of(FormVersion, draft.pk).last()
    restore_version(version=earliest, by=clerk)
    assert texts(draft) == ["Bagian satu", "Isian 1"]
    definitions.publish_form_version(version=draft, by=clerk)
    with refused("restore_version.refused"):
        restore_version(version=earliest, by=clerk)
