"""The reference data: complete where it says so, sourced, and safe to load again."""

import json

import pytest

from core.accounts.queries import current_consent_text
from core.activity.versions import keep_version
from core.assessments.form_rules import content_of, publication_findings
from core.codelists.models import CodeList, CodeListEntry, Region
from core.common.models import NumberingRule
from core.content.entries import Question
from core.content.models import MenuItem, OfficeData, Page, PageEdition
from core.content.queries import live_text
from core.documents.models import DocumentType
from core.inquiries.enums import TOPIC_LISTS
from core.messaging.models import MessageTemplate
from core.models import (
    AssessmentPurpose,
    CompetencyStandard,
    CompetencyUnit,
    ConsentText,
    Element,
    FormDefinition,
    FormLine,
    FormRequirement,
    FormVersion,
    PerformanceCriterion,
    Requirement,
    Scheme,
    SchemeUnit,
    SchemeVersion,
)
from core.reference import REFERENCE_DIR, load_reference
from core.schemes.queries import published_versions, units_in_order
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

LOADED = (
    Region, CodeList, CodeListEntry, DocumentType, AssessmentPurpose, CompetencyStandard, CompetencyUnit, Element,
    PerformanceCriterion, Scheme, SchemeVersion, SchemeUnit, Requirement, MessageTemplate, NumberingRule, OfficeData,
    ConsentText, Page, PageEdition, MenuItem, FormDefinition, FormVersion, FormLine, FormRequirement,
)  # fmt: skip


def everything() -> dict[str, list]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in LOADED}


# --- loading ----------------------------------------------------------------------------------------------


def test_loading_again_changes_nothing():
    before = everything()

    counts = load_reference()

    assert everything() == before
    assert counts["provinces"] == 38
    assert counts["regencies"] == 514
    assert set(counts) > {"retired", "lists", "standards", "schemes", "templates", "consent_texts"}


@pytest.mark.parametrize(
    ("model", "key", "field", "text"),
    [
        (MessageTemplate, {"key": "application-accepted"}, "body", "Kata kami sendiri, {{ nama }}."),
        (MessageTemplate, {"key": "application-accepted"}, "subject", "Perihal kami"),
        (DocumentType, {"code": "ktp"}, "title", "Kartu Tanda Penduduk"),
        (NumberingRule, {"key": "application"}, "pattern", "P-{tahun}-{urut:04d}"),
        (OfficeData, {}, "phone", "(021) 2982 7793"),
        (Page, {"slug": "alur"}, "body", "1. Langkah kami"),
        (MenuItem, {"portal_page": "/alur/", "place": "atas"}, "label", "Cara mendaftar"),
        (Scheme, {"code": "distribusi-bantuan"}, "summary", "Ringkasan kami."),
        (FormDefinition, {"code": "fr-ak-05"}, "title", "FR.AK.05 Laporan kami"),
        (FormLine, {"version__definition__code": "fr-ak-05", "key": "saran"}, "label", "Saran kami"),
        (FormRequirement, {"definition__code": "fr-ak-03"}, "is_required", True),
        (AssessmentPurpose, {"code": "rpl"}, "title", "RPL"),
        (ConsentText, {"purpose": "data-pribadi", "version": 1}, "body", "Isi kami."),
        (CompetencyUnit, {"code__startswith": "O.842340.001"}, "title", "Judul dari keputusan terbaru"),
        (CodeListEntry, {"code_list__code": "pendidikan", "position": 1}, "title", "Judul kami"),
    ],
)
def test_what_the_secretariat_edited_stays_edited(model, key, field, text):
    model.objects.filter(**key).update(**{field: text})

    load_reference()

    assert list(model.objects.filter(**key).values_list(field, flat=True)) == [text]


def test_the_forms_that_ship_can_be_published_as_they_are_and_wait_for_the_lsp():
    versions = FormVersion.objects.filter(status="terbit").select_related("definition")
    assert {version.definition.code for version in versions} == {
        "fr-ak-01", "fr-ak-02", "fr-ak-03", "fr-ak-04", "fr-ak-05", "fr-ia-01",
    }  # fmt: skip
    for version in versions:
        told = [finding.rule.code for finding in publication_findings(content_of(version)) if not finding.is_met]
        assert told == ["unconfirmed"], version


def test_a_line_that_staff_took_out_of_a_form_and_a_newer_version_stay():
    FormLine.objects.get(version__definition__code="fr-ak-05", key="catatan").delete()
    FormVersion.objects.create(definition=FormDefinition.objects.get(code="fr-ak-05"), number=2)
    before = everything()

    load_reference()

    assert everything() == before


def test_a_requirement_that_was_taken_out_does_not_come_back():
    version = SchemeVersion.objects.get(scheme__code="distribusi-bantuan")
    version.requirements.filter(document_type__code="cv").delete()

    load_reference()

    assert not version.requirements.filter(document_type__code="cv").exists()


def test_a_menu_entry_that_was_taken_out_does_not_come_back():
    MenuItem.objects.filter(label="Alur").delete()

    load_reference()

    assert not MenuItem.objects.filter(label="Alur").exists()


def test_criteria_that_were_completed_in_the_back_office_stay():
    criterion = PerformanceCriterion.objects.first()
    PerformanceCriterion.objects.filter(pk=criterion.pk).update(text="Teks lengkap dari keputusan")
    PerformanceCriterion.objects.create(element=criterion.element, position=99, number="1.99", text="Tambahan")

    load_reference()

    texts = [row.text for row in criterion.element.criteria.all()]
    assert (texts[0], texts[-1]) == ("Teks lengkap dari keputusan", "Tambahan")


def test_the_names_of_regions_follow_the_files():
    Region.objects.filter(code="8171").update(name="Kota Lain", is_current=False)

    load_reference()

    region = Region.objects.get(code="8171")
    assert (region.name, region.is_current) == ("Kota Ambon", True)


# --- English -----------------------------------------------------------------------------------------------

ENGLISH_ROWS = (Page, PageEdition, MenuItem, Question, CodeListEntry, Scheme)


def without_english() -> None:
    """As a database stands whose release knew no English."""
    for model in ENGLISH_ROWS:
        model.objects.update(**dict.fromkeys(model.twins(), ""))


def test_every_text_that_ships_is_there_in_english():
    for model in (Page, MenuItem, Question, Scheme):
        assert [row for row in model.objects.all() if not row.has_english] == []
    topics = CodeListEntry.objects.filter(code_list__code__in=TOPIC_LISTS.values())
    assert [row for row in topics if not row.has_english] == []


def test_an_older_database_gets_the_english_of_rows_that_nobody_edited():
    words = {model: list(model.objects.order_by("pk").values(*model.twins())) for model in ENGLISH_ROWS}
    without_english()

    load_reference()

    for model in set(ENGLISH_ROWS) - {PageEdition}:
        assert list(model.objects.order_by("pk").values(*model.twins())) == words[model], model
    assert live_text("tentang").has_english
    assert live_text("tentang").published_by is None


def test_english_is_never_put_beside_words_of_the_secretariat_nor_in_the_place_of_theirs():
    without_english()
    clerk = make_user(role="sekretariat")
    other, emptied, own = Question.objects.order_by("pk")[:3]
    Question.objects.filter(pk=other.pk).update(answer="Kata kami.")
    Question.objects.filter(pk=own.pk).update(question_en="Our own words?")
    keep_version(row=emptied, by=clerk)
    about = Page.objects.get(slug="tentang")
    about.editions.update(published_by=clerk)

    load_reference()

    rows = Question.objects.in_bulk([other.pk, emptied.pk, own.pk])
    assert [rows[row.pk].question_en for row in (other, emptied, own)] == ["", "", "Our own words?"]
    assert rows[own.pk].answer_en == ""
    about.refresh_from_db()
    assert (about.title_en, about.editions.count()) == ("", 1)


def test_a_missing_row_is_filled_in_again():
    MessageTemplate.objects.filter(key="account-reset").delete()

    load_reference()

    assert MessageTemplate.objects.filter(key="account-reset").exists()


def test_which_placeholders_a_template_knows_follows_the_program():
    MessageTemplate.objects.filter(key="application-returned").update(placeholders=["nama"], body="Kata kami")

    load_reference()

    template = MessageTemplate.objects.get(key="application-returned")
    assert "bagian" in template.placeholders
    assert template.body == "Kata kami"


def test_a_broken_file_loads_nothing(tmp_path):
    (tmp_path / "010.json").write_text(json.dumps({"provinces": [{"code": "99", "name": "Uji"}]}))
    (tmp_path / "020.json").write_text("{")

    with pytest.raises(ValueError, match="Expecting"):
        load_reference(tmp_path)

    assert not Region.objects.filter(code="99").exists()


# --- what it says -------------------------------------------------------------------------------------------


def test_at_least_eight_published_schemes_are_complete_down_to_the_criteria():
    complete = []
    for version in published_versions():
        units = units_in_order(version)
        elements = [element for unit in units for element in unit.elements.all()]
        if units and elements and all(element.criteria.all() for element in elements):
            complete.append(version.scheme.code)
        assert all(unit.elements.all() for unit in units)
        assert version.purposes.exists()
        assert version.requirements.filter(is_required=True).exists()

    assert len(complete) >= 8
    assert len(complete) == published_versions().count()


def test_every_unit_tells_where_its_text_was_read():
    for unit in CompetencyUnit.objects.all():
        sources = unit.source.splitlines()
        assert sources, unit.code
        assert all(source.startswith(("http://", "https://")) for source in sources), unit.code


def test_elements_and_criteria_are_numbered_without_gaps():
    for unit in CompetencyUnit.objects.prefetch_related("elements__criteria"):
        elements = list(unit.elements.all())
        assert [element.number for element in elements] == list(range(1, len(elements) + 1))
        for element in elements:
            numbers = [criterion.number for criterion in element.criteria.all()]
            assert len(set(numbers)) == len(numbers), f"{unit.code} {element.number}"
            assert all(criterion.text.strip() for criterion in element.criteria.all())


def test_what_could_not_be_confirmed_says_so():
    for version in SchemeVersion.objects.select_related("scheme"):
        assert not version.is_confirmed
        assert version.confirmation_note.strip(), version.scheme.code

    assert not CodeList.objects.filter(source="").exists()


def test_an_incomplete_unit_says_what_is_missing():
    for unit in CompetencyUnit.objects.exclude(completeness="lengkap"):
        assert unit.source_note.strip(), unit.code


def test_regions_hang_together():
    assert Region.objects.filter(province=None, is_current=True).count() == 38
    assert Region.objects.filter(province__isnull=False, is_current=True).count() == 514
    for region in Region.objects.filter(province__isnull=False):
        assert region.code[:2] == region.province_id
    assert not Region.objects.get(code="6404").is_current


def test_every_text_a_person_agrees_to_is_published():
    for purpose in ("data-pribadi", "pernyataan-permohonan"):
        text = current_consent_text(purpose)
        assert (text.version, bool(text.body.strip())) == (1, True)


def test_the_files_hold_no_key_that_nobody_loads():
    told = {"source", "note", "catatan", "license", "retrieved"}

    keys = {key for path in REFERENCE_DIR.glob("*.json") for key in json.loads(path.read_text(encoding="utf-8"))}

    assert keys - told <= set(load_reference())
