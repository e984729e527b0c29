"""What a draft asks: units, requirements, head data; and how schemes begin, are copied and discarded."""

from datetime import date

import pytest

from core.activity.labels import LABELS
from core.activity.models import ActivityEntry
from core.common.exceptions import DomainError, StaleVersion
from core.documents.models import DocumentType
from core.schemes import services
from core.schemes.enums import Completeness
from core.schemes.models import AssessmentPurpose, CompetencyUnit, PerformanceCriterion, Scheme, SchemeVersion
from core.schemes.queries import content_of, differences, find_units, propose_scheme_code
from core.schemes.rules import PUBLICATION_RULES, publication_findings
from core.schemes.services.editing import head_state, requirement_state
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.schemes import make_scheme, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return make_user(role="sekretariat")


@pytest.fixture
def draft():
    return make_scheme(units=3, requirements=("ktp", "ijazah", "cv"), published=False)


def codes(version: SchemeVersion) -> list[str]:
    return [link.unit.code for link in version.scheme_units.order_by("position")]


def titles(version: SchemeVersion) -> list[str]:
    return [row.title for row in version.requirements.order_by("position")]


def wanted(**more) -> dict:
    return {
        "section": "administratif",
        "title": "Surat sehat",
        "document_type": DocumentType.objects.get(code="bukti-kerja"),
        "is_required": True,
        "help_text": "",
        "is_confirmed": False,
    } | more


# --- units --------------------------------------------------------------------------------------------------


def test_a_unit_is_added_at_the_end_and_only_once(draft, clerk):
    unit, before = make_unit(), codes(draft)
    services.add_scheme_unit(version=draft, unit=unit, by=clerk)
    assert codes(draft) == [*before, unit.code]
    with refused("add_scheme_unit.twice") as refusal:
        services.add_scheme_unit(version=draft, unit=unit, by=clerk)
    assert unit.code in refusal.value.message


@pytest.mark.parametrize(
    ("place", "order"), [(1, "bac"), (2, "abc"), (3, "acb"), (99, "acb"), (0, "bac")], ids=lambda value: str(value)
)
def test_a_unit_is_moved_to_a_place(draft, clerk, place, order):
    names = dict(zip("abc", codes(draft), strict=True))
    middle = CompetencyUnit.objects.get(code=names["b"])
    for _twice in range(2):  # a second press of the same button moves nothing further
        services.move_scheme_unit(version=draft, unit=middle, place=place, by=clerk)
    assert codes(draft) == [names[letter] for letter in order]


def test_a_unit_taken_out_leaves_no_gap(draft, clerk):
    first = draft.scheme_units.order_by("position").first()
    services.remove_scheme_unit(version=draft, unit=first.unit, by=clerk)
    assert list(draft.scheme_units.order_by("position").values_list("position", flat=True)) == [1, 2]
    with refused("remove_scheme_unit.gone"):
        services.remove_scheme_unit(version=draft, unit=first.unit, by=clerk)


def test_nothing_of_a_published_version_changes(clerk):
    version = make_scheme()
    unit, requirement = version.units.get(), version.requirements.get()
    for act in (
        lambda: services.add_scheme_unit(version=version, unit=make_unit(), by=clerk),
        lambda: services.remove_scheme_unit(version=version, unit=unit, by=clerk),
        lambda: services.move_scheme_unit(version=version, unit=unit, place=1, by=clerk),
        lambda: services.add_requirement(version=version, values=wanted(), by=clerk),
        lambda: services.remove_requirement(requirement=requirement, by=clerk),
        lambda: services.move_requirement(requirement=requirement, place=1, by=clerk),
        lambda: services.change_requirement(
            requirement=requirement, seen=requirement_state(requirement), values=wanted(), by=clerk
        ),
    ):
        with refused("scheme_version.not_draft"):
            act()


def test_units_are_found_by_any_words_of_code_and_title():
    unit = CompetencyUnit.objects.order_by("code").first()
    word = unit.title.split()[-1].lower()
    assert unit in find_units(f"{unit.code[:9]} {word}", limit=500)
    assert find_units("  ") == find_units("tidak-ada-kata-ini") == []


# --- requirements -------------------------------------------------------------------------------------------


def test_a_requirement_is_added_changed_moved_and_removed(draft, clerk):
    made = services.add_requirement(version=draft, values=wanted(title="  Surat   sehat "), by=clerk)
    assert titles(draft)[-1] == "Surat sehat"
    services.move_requirement(requirement=made, place=1, by=clerk)
    assert titles(draft)[0] == "Surat sehat"
    made.refresh_from_db()
    services.change_requirement(
        requirement=made, seen=requirement_state(made), values=wanted(title="Surat dokter", section="dasar"), by=clerk
    )
    made.refresh_from_db()
    assert (made.title, made.section, made.position) == ("Surat dokter", "dasar", 1)
    services.remove_requirement(requirement=made, by=clerk)
    with refused("requirement.gone"):
        services.remove_requirement(requirement=made, by=clerk)
    assert len(titles(draft)) == 3


def test_posting_the_same_requirement_twice_makes_one(draft, clerk):
    services.add_requirement(version=draft, values=wanted(), by=clerk)
    with refused("requirement.twice", field="title"):
        services.add_requirement(version=draft, values=wanted(title="SURAT SEHAT"), by=clerk)


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"title": " "}, "requirement.no_title", "title"),
        ({"title": "a" * 251}, "text.too_long", "title"),
        ({"section": "lain"}, "requirement.no_section", "section"),
        ({"document_type": None}, "requirement.no_type", "document_type"),
        ({"help_text": "a" * 1001}, "text.too_long", "help_text"),
    ],
)
def test_a_faulty_requirement_is_refused_beside_its_field(draft, clerk, wrong, code, field):
    with refused(code, field=field):
        services.add_requirement(version=draft, values=wanted(**wrong), by=clerk)


def test_the_second_of_two_clerks_is_told(draft, clerk):
    requirement = draft.requirements.first()
    seen = requirement_state(requirement)
    services.change_requirement(requirement=requirement, seen=seen, values=wanted(title="Dari Ratna"), by=clerk)
    with pytest.raises(StaleVersion):
        services.change_requirement(requirement=requirement, seen=seen, values=wanted(title="Dari Dewi"), by=clerk)
    assert "Dari Ratna" in titles(draft)


# --- head data ----------------------------------------------------------------------------------------------


def head(version: SchemeVersion, **more) -> dict:
    return {
        "title": version.scheme.title,
        "number": "SKEMA-01",
        "kind": "okupasi",
        "group": "",
        "kbli_code": "",
        "kbji_code": "",
        "kkni_level": None,
        "summary": "",
        "title_en": "",
        "group_en": "",
        "summary_en": "",
        "validity_months": 24,
        "purposes": list(AssessmentPurpose.objects.filter(code="sertifikasi")),
        "registration_opens_on": None,
        "registration_closes_on": None,
        "is_confirmed": True,
        "confirmation_note": "",
    } | more


def save(version, clerk, **more):
    version = SchemeVersion.objects.get(pk=version.pk)
    return services.save_scheme(version=version, seen=head_state(version), values=head(version, **more), by=clerk)


def test_head_data_of_scheme_and_draft_are_saved_together(draft, clerk):
    saved = save(draft, clerk)
    assert (saved.scheme.number, saved.scheme.kind, saved.validity_months, saved.is_confirmed) == (
        "SKEMA-01",
        "okupasi",
        24,
        True,
    )
    assert [purpose.code for purpose in saved.purposes.all()] == ["sertifikasi"]


def test_a_published_version_keeps_validity_and_purposes(clerk):
    version = make_scheme()
    saved = save(version, clerk, registration_closes_on=date(2099, 1, 1))
    assert (saved.validity_months, saved.purposes.count()) == (36, AssessmentPurpose.objects.count())
    assert saved.registration_closes_on == date(2099, 1, 1)


def test_registration_cannot_close_before_it_opens(draft, clerk):
    with refused("save_scheme.dates", field="registration_closes_on"):
        save(draft, clerk, registration_opens_on=date(2026, 6, 2), registration_closes_on=date(2026, 6, 1))


def test_codes_that_certificate_numbers_are_made_of_have_their_digits(draft, clerk):
    saved = save(draft, clerk, kbli_code="84234", kbji_code="2423", kkni_level=4)
    assert (saved.scheme.kbli_code, saved.scheme.kbji_code, saved.scheme.kkni_level) == ("84234", "2423", 4)
    for field, code in (("kbli_code", "8423"), ("kbli_code", "8423A"), ("kbji_code", "24231")):
        with refused("save_scheme.bad_code", field=field):
            save(draft, clerk, **{field: code})


def test_two_schemes_do_not_share_a_title(draft, clerk):
    with refused("scheme.same_title", field="title"):
        save(draft, clerk, title=make_scheme().scheme.title.upper())


def test_head_data_changed_meanwhile_is_not_overwritten(draft, clerk):
    seen = head_state(draft)
    save(draft, clerk, summary="Dari Ratna")
    with pytest.raises(StaleVersion):
        services.save_scheme(version=draft, seen=seen, values=head(draft, summary="Dari Dewi"), by=clerk)
    assert Scheme.objects.get(pk=draft.scheme_id).summary == "Dari Ratna"


# --- begin and copy -----------------------------------------------------------------------------------------


def test_a_new_scheme_begins_with_its_draft(clerk):
    version = services.create_scheme(title="  Pengelola   Posko ", by=clerk)
    assert (version.scheme.title, version.scheme.code, version.number, version.status) == (
        "Pengelola Posko",
        "pengelola-posko",
        1,
        "draf",
    )
    assert version.purposes.count() == AssessmentPurpose.objects.count()


def test_a_code_is_proposed_that_nobody_has():
    make_scheme()
    Scheme.objects.create(code="posko", title="Posko")
    assert propose_scheme_code("Posko") == "posko-2"
    assert propose_scheme_code("避難所") == "skema"


@pytest.mark.parametrize(
    ("title", "code", "refusal", "field"),
    [
        ("", "", "scheme.no_title", "title"),
        ("a" * 201, "", "scheme.long_title", "title"),
        ("Kerja Relawan", "lain", "scheme.same_title", "title"),
        ("Lain", "kerja-relawan", "scheme.same_code", "code"),
        ("Lain", "Kode Salah!", "scheme.bad_code", "code"),
    ],
)
def test_titles_and_codes_that_do_not_do(clerk, title, code, refusal, field):
    Scheme.objects.update_or_create(code="kerja-relawan", defaults={"title": "Kerja Relawan"})
    with refused(refusal, field=field):
        services.create_scheme(title=title, code=code, by=clerk)


def test_a_copy_asks_the_same_and_has_its_confirmation_still_to_get(clerk):
    origin = make_scheme(units=3, requirements=("ktp", "ijazah"))
    origin.requirements.update(is_confirmed=True)
    copy = services.copy_scheme(version=origin, title="Salinan", by=clerk)
    assert (copy.scheme.code, copy.number, copy.status, copy.is_confirmed) == ("salinan", 1, "draf", False)
    assert (codes(copy), titles(copy)) == (codes(origin), titles(origin))
    assert set(copy.purposes.all()) == set(origin.purposes.all())
    assert not copy.requirements.filter(is_confirmed=True).exists()
    assert origin.requirements.filter(is_confirmed=True).count() == 2
    entry = ActivityEntry.objects.get(code="scheme.copy")
    assert (entry.subject_label, entry.data["origin"]) == ("salinan", origin.activity_label)


def test_copying_twice_makes_one_scheme(clerk):
    origin = make_scheme()
    services.copy_scheme(version=origin, title="Salinan", by=clerk)
    with refused("scheme.same_title", field="title"):
        services.copy_scheme(version=origin, title="Salinan", by=clerk)


def test_who_goes_on_with_a_draft_that_a_colleague_discarded_with_its_scheme_is_told(clerk, draft):
    services.discard_draft(version=SchemeVersion.objects.get(pk=draft.pk), by=clerk)

    with refused("scheme_version.gone"):
        services.publish_scheme_version(version=draft, by=clerk)


def test_a_discarded_draft_takes_a_scheme_along_that_was_never_published(clerk, draft):
    assert services.discard_draft(version=draft, by=clerk) is None
    assert not Scheme.objects.filter(pk=draft.scheme_id).exists()
    first = make_scheme()
    second = services.draft_next_version(version=first, by=clerk)
    assert services.discard_draft(version=second, by=clerk) == first.scheme
    with refused("discard_draft.not_draft"):
        services.discard_draft(version=first, by=clerk)
    with refused("scheme_version.gone"):
        services.publish_scheme_version(version=second, by=clerk)


# --- ready to publish? --------------------------------------------------------------------------------------


def open_codes(version) -> set[str]:
    version = SchemeVersion.objects.get(pk=version.pk)
    return {finding.rule.code for finding in publication_findings(content_of(version)) if not finding.is_met}


def _no_units(version):
    version.scheme_units.all().delete()


def _unit_without_elements(version):
    version.units.first().elements.all().delete()


def _element_without_criteria(version):
    PerformanceCriterion.objects.filter(element__unit=version.units.first()).delete()


def _unit_incomplete(version):
    CompetencyUnit.objects.filter(pk=version.units.first().pk).update(completeness=Completeness.INCOMPLETE)


def _no_purpose(version):
    version.purposes.clear()


def _dates(version):
    SchemeVersion.objects.filter(pk=version.pk).update(registration_closes_on=date(2020, 1, 1))


def _no_requirements(version):
    version.requirements.all().delete()


def _no_facts(version):
    Scheme.objects.filter(pk=version.scheme_id).update(number="")


def _unconfirmed(version):
    SchemeVersion.objects.filter(pk=version.pk).update(is_confirmed=False)


@pytest.mark.parametrize("rule", PUBLICATION_RULES, ids=lambda rule: rule.code)
def test_the_checklist_and_the_service_say_the_same(draft, clerk, rule):
    save(draft, clerk, summary="Ringkas")
    draft.requirements.update(is_confirmed=True)
    assert open_codes(draft) == set()
    globals()[f"_{rule.code}"](draft)
    assert open_codes(draft) == {rule.code}
    if rule.is_required:
        with refused(f"publish_scheme_version.{rule.code}"):
            services.publish_scheme_version(version=draft, by=clerk)
    else:
        services.publish_scheme_version(version=draft, by=clerk)


# --- two versions -------------------------------------------------------------------------------------------


def test_a_comparison_is_a_short_list(clerk):
    first = make_scheme(units=2, requirements=("ktp", "ijazah"))
    second = services.draft_next_version(version=first, by=clerk)
    assert differences(first, second) == []
    gone, stays = (link.unit for link in second.scheme_units.order_by("position"))
    new = make_unit()
    services.remove_scheme_unit(version=second, unit=gone, by=clerk)
    services.add_scheme_unit(version=second, unit=new, by=clerk)
    services.add_requirement(version=second, values=wanted(), by=clerk)
    services.remove_requirement(requirement=second.requirements.get(title="KTP"), by=clerk)
    diploma = second.requirements.get(title="Ijazah terakhir")
    values = wanted(title=diploma.title, document_type=diploma.document_type, is_required=False)
    services.change_requirement(requirement=diploma, seen=requirement_state(diploma), values=values, by=clerk)
    second = save(second, clerk)
    rows = {(row.kind, str(row.subject)): row.detail for row in differences(first, second)}
    assert {key for key in rows if key[0] != "berubah"} == {
        ("baru", str(new)),
        ("hilang", str(gone)),
        ("baru", "Surat sehat"),
        ("hilang", "KTP"),
    }
    assert rows["berubah", "Ijazah terakhir"] == "sifat: wajib → bila ada"
    assert rows["berubah", "Masa berlaku sertifikat"] == "36 bulan → 24 bulan"
    assert not any(str(stays) in key[1] for key in rows)


# --- at the same moment -------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once():
    clerk, draft = make_user(role="sekretariat"), make_scheme(published=False)
    results = at_once(*[lambda: services.publish_scheme_version(version=draft, by=clerk)] * 3)
    assert sum(isinstance(result, DomainError) for result in results) == 2
    assert ActivityEntry.objects.filter(code="scheme.publish_version").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_loses_its_only_unit_while_it_is_published_is_never_published_empty():
    clerk, draft = make_user(role="sekretariat"), make_scheme(units=1, published=False)
    unit = draft.units.get()
    at_once(
        lambda: services.publish_scheme_version(version=draft, by=clerk),
        lambda: services.remove_scheme_unit(version=draft, unit=unit, by=clerk),
    )
    draft.refresh_from_db()
    assert (draft.status, draft.scheme_units.count()) in {("terbit", 1), ("draf", 0)}


@pytest.mark.django_db(transaction=True)
def test_the_same_unit_added_from_two_desks_stands_once():
    clerk, draft, unit = make_user(role="sekretariat"), make_scheme(published=False), make_unit()
    results = at_once(*[lambda: services.add_scheme_unit(version=draft, unit=unit, by=clerk)] * 3)
    assert sum(isinstance(result, DomainError) for result in results) == 2
    assert draft.scheme_units.filter(unit=unit).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_choose_the_same_code_make_one_scheme():
    clerk = make_user(role="sekretariat")
    results = at_once(*[lambda n=n: services.create_scheme(title=f"Posko {n}", code="posko", by=clerk) for n in "ab"])
    assert sum(isinstance(result, DomainError) for result in results) == 1


def test_every_act_has_its_sentence():
    acts = {"create", "copy", "save", "discard_draft"}
    acts |= {f"{act}_{noun}" for act in ("add", "remove", "move") for noun in ("unit", "requirement")}
    assert {f"scheme.{act}" for act in acts} | {"scheme.change_requirement", "unit.save_text"} <= set(LABELS)
