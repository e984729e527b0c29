"""The scheme editor: what each person sees and does there; the rules stay in core."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from reversion.models import Revision, Version

from core.activity.models import ActivityEntry
from core.applications.models import Application
from core.documents.models import Document, DocumentType, Signature
from core.schemes import services
from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyUnit, Scheme, SchemeVersion
from core.schemes.unit_text import text_of
from tests.backoffice.conftest import said
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.schemes import make_scheme, make_unit

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(version: SchemeVersion) -> str:
    return reverse("admin:core_scheme_change", args=[version.scheme_id]) + f"?versi={version.number}"


def to(name: str, version: SchemeVersion, *more) -> str:
    return reverse(f"admin:core_scheme_{name}", args=[version.scheme_id, version.number, *more])


def form_of(desk, draft: SchemeVersion, row):
    """The form in which the page shows this requirement."""
    tables = desk.get(page(draft)).context["tables"]
    return next(item["form"] for table in tables for item in table["rows"] if item["row"] == row)


def filled(form) -> dict:
    """What a browser would post of a form as it was drawn."""
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, False, ""):
            data[bound.html_name] = [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value
    return data


@pytest.fixture
def draft():
    return make_scheme(units=2, requirements=("ktp", "ijazah"), published=False)


# --- seeing -------------------------------------------------------------------------------------------------


def test_a_scheme_of_the_paper_years_has_nothing_to_open_and_says_so(desk):
    old = Scheme.objects.create(code="relawan-lama", title="Relawan (skema lama)")
    answer = desk.get(reverse("admin:core_scheme_change", args=[old.pk]), follow=True)
    assert answer.redirect_chain == [(reverse("admin:core_scheme_changelist"), 302)]
    assert "Skema ini tidak mempunyai versi; hanya dipakai sertifikat lama." in answer.content.decode()


def test_a_scheme_opens_in_the_version_that_is_worked_on(desk, clerk):
    first = make_scheme()
    address = reverse("admin:core_scheme_change", args=[first.scheme_id])
    assert desk.get(address).context["version"] == first
    second = services.draft_next_version(version=first, by=clerk)
    answer = desk.get(address)
    assert answer.context["version"] == second
    assert [item["row"] for item in answer.context["versions"]] == [second, first]
    assert desk.get(page(first)).context["version"] == first
    assert desk.get(f"{address}?versi=9").status_code == 404
    assert desk.get(reverse("admin:core_schemeversion_change", args=[first.pk])).url == page(first)


@pytest.mark.parametrize("role", ["asesor", "bnsp"])
def test_those_who_only_read_see_everything_and_no_button(as_role, role, draft):
    html = as_role(role).get(page(draft)).content.decode()
    assert all(unit.code in html for unit in draft.units.all())
    assert all(row.title in html for row in draft.requirements.all())
    assert "Siap terbit?" in html
    for word in ("Terbitkan", "Simpan data skema", "Tambah persyaratan", "Keluarkan unit", "Sunting elemen", "Buang"):
        assert word not in html


def test_a_published_version_offers_its_successor_and_no_lines_to_change(desk):
    html = desk.get(page(make_scheme())).content.decode()
    assert "Siapkan versi berikutnya" in html
    assert "Simpan data skema" in html  # registration and confirmation
    for word in ("Tambah unit", "Tambah persyaratan", "Keluarkan unit", "Simpan persyaratan"):
        assert word not in html


@pytest.mark.parametrize("units", [2, 20])
def test_queries_do_not_grow_with_units_and_requirements(desk, units):
    version = make_scheme(units=units, elements=3, requirements=("ktp", "ijazah", "cv"), published=False)
    make_scheme()
    desk.get(page(version))
    with CaptureQueriesContext(connection) as counted:
        desk.get(page(version) + "&cari=unit")
    print(f"\n{units} units: {len(counted)} queries")
    assert len(counted) <= 25


# --- units --------------------------------------------------------------------------------------------------


def test_a_unit_is_found_and_added_with_one_press(desk, draft):
    unit = make_unit()
    found = desk.get(page(draft) + f"&cari={unit.code}")
    assert [(item["row"], item["is_held"]) for item in found.context["results"]] == [(unit, False)]
    desk.post(to("units", draft), {"act": "add", "unit": unit.pk, "cari": unit.code})
    again = desk.get(page(draft) + f"&cari={unit.code}")
    assert again.context["results"][0]["is_held"]
    assert [item["row"] for item in again.context["units"]][-1] == unit


def test_without_script_an_act_leads_back_to_the_page_with_a_sentence(desk, draft):
    unit = make_unit()
    answer = desk.post(to("units", draft), {"act": "add", "unit": unit.pk, "cari": "unit uji"})
    assert answer.url == f"{page(draft)}&cari=unit+uji#unit"
    assert said(answer) == f"Unit ditambahkan: {unit.code}."
    assert "sudah ada di draf ini" in said(desk.post(to("units", draft), {"act": "add", "unit": unit.pk}))


def test_with_script_only_what_changed_comes_back(desk, draft):
    unit = make_unit()
    html = desk.post(to("units", draft), {"act": "add", "unit": unit.pk, "cari": unit.code}, **HTMX).content.decode()
    assert unit.title in html
    assert "Sudah ada" in html
    assert "Tersimpan pukul" in html
    assert "<html" not in html
    refused = desk.post(to("units", draft), {"act": "add", "unit": unit.pk}, **HTMX).content.decode()
    assert "is-refusal" in refused
    assert "Tersimpan pukul" not in refused


def test_units_are_ordered_and_taken_out_with_buttons(desk, draft):
    first, second = (link.unit for link in draft.scheme_units.order_by("position"))
    desk.post(to("units", draft), {"act": "move", "unit": second.pk, "place": "1"})
    assert [link.unit for link in draft.scheme_units.order_by("position")] == [second, first]
    desk.post(to("units", draft), {"act": "remove", "unit": second.pk})
    assert [link.unit for link in draft.scheme_units.all()] == [first]


@pytest.mark.parametrize(
    "words", [{"act": "add", "unit": "99999999"}, {"act": "add", "unit": "x"}, {"act": "remove", "unit": ""}]
)
def test_a_unit_that_is_gone_is_told_in_words(desk, draft, words):
    assert "Cari lagi" in said(desk.post(to("units", draft), words))


def test_unknown_acts_do_nothing(desk, draft):
    unit, requirement = draft.units.first(), draft.requirements.first()
    for words in ({"act": "lain"}, {"act": "move"}, {"act": "move", "place": "-1"}, {"act": "move", "place": "x"}):
        assert desk.post(to("units", draft), {"unit": unit.pk, **words}).status_code == 404
        assert desk.post(to("requirements", draft), {"requirement": requirement.pk, **words}).status_code == 404
    assert desk.get(to("act", draft, "lain")).status_code == 404
    assert not Revision.objects.exists()


# --- requirements -------------------------------------------------------------------------------------------


def test_a_requirement_takes_name_and_help_of_its_kind_of_paper(desk, draft):
    kind = DocumentType.objects.get(code="cv")
    desk.post(
        to("requirements", draft),
        {"act": "add", "syarat-section": "dasar", "syarat-document_type": kind.pk, "syarat-is_required": "on"},
    )
    made = draft.requirements.get(document_type=kind)
    assert (made.title, made.help_text, made.is_required) == (kind.title, kind.help_text, True)


def test_a_refused_requirement_comes_back_as_typed(desk, draft):
    words = {"act": "add", "syarat-section": "dasar", "syarat-title": "Surat sehat"}
    for more, status in (({}, 422), (HTMX, 200)):
        answer = desk.post(to("requirements", draft), words, **more)
        assert answer.status_code == status
        assert 'value="Surat sehat"' in answer.content.decode()
        assert "aria-invalid" in answer.content.decode()
    assert draft.requirements.count() == 2


def test_a_requirement_is_changed_in_its_place(desk, draft):
    row = draft.requirements.first()
    words = filled(form_of(desk, draft, row)) | {
        "act": "change",
        "requirement": row.pk,
        f"syarat{row.pk}-title": "KTP elektronik",
    }
    assert said(desk.post(to("requirements", draft), words)) == "Persyaratan tersimpan."
    stale = desk.post(to("requirements", draft), words | {f"syarat{row.pk}-title": "KTP lama"})
    html = stale.content.decode()
    assert "baru saja diubah orang lain" in html
    assert 'value="KTP lama"' in html  # what was typed
    assert "Sekarang tersimpan: KTP elektronik" in html
    again = filled(stale.context["tables"][1]["rows"][0]["form"]) | {"act": "change", "requirement": row.pk}
    desk.post(to("requirements", draft), again)
    row.refresh_from_db()
    assert row.title == "KTP lama"


def test_a_requirement_of_another_scheme_is_out_of_reach(desk, draft):
    other = make_scheme(published=False).requirements.get()
    answer = desk.post(to("requirements", draft), {"act": "remove", "requirement": other.pk})
    assert "sudah tidak ada" in said(answer)
    assert type(other).objects.filter(pk=other.pk).exists()


# --- head data ----------------------------------------------------------------------------------------------


def test_head_data_is_saved_and_a_second_desk_is_told(desk, draft):
    words = filled(desk.get(page(draft)).context["head"]) | {"data-number": "SKM/01", "data-summary": "Dari Ratna"}
    assert said(desk.post(to("save", draft), words)) == "Data skema tersimpan."
    assert Scheme.objects.get(pk=draft.scheme_id).number == "SKM/01"
    stale = desk.post(to("save", draft), words | {"data-summary": "Dari Dewi"})
    assert stale.status_code == 422
    assert "Sekarang tersimpan: Dari Ratna" in stale.content.decode()
    assert "Dari Dewi" in stale.content.decode()
    assert desk.post(to("save", draft), filled(stale.context["head"])).status_code == 302
    assert Scheme.objects.get(pk=draft.scheme_id).summary == "Dari Dewi"


def test_dates_the_wrong_way_round_are_told_beside_the_field(desk, draft):
    words = filled(desk.get(page(draft)).context["head"]) | {
        "data-registration_opens_on": "2026-06-02",
        "data-registration_closes_on": "2026-06-01",
    }
    answer = desk.post(to("save", draft), words)
    assert "sebelum dibuka" in answer.context["head"].errors["registration_closes_on"][0]
    assert 'value="2026-06-01"' in answer.content.decode()


def test_validity_and_purposes_of_a_published_version_cannot_be_posted(desk):
    version = make_scheme()
    words = filled(desk.get(page(version)).context["head"])
    desk.post(
        to("save", version), words | {"data-validity_months": "1", "data-purposes": [], "data-is_confirmed": "on"}
    )
    version.refresh_from_db()
    assert (version.validity_months, version.is_confirmed, version.purposes.exists()) == (36, True, True)


# --- acts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "published", "status"),
    [("publish", False, VersionStatus.PUBLISHED), ("retire", True, VersionStatus.RETIRED)],
)
def test_acts_ask_first_and_happen_once(desk, act, published, status):
    version = make_scheme(published=published)
    before = version.status
    assert desk.get(to("act", version, act)).status_code == 200
    version.refresh_from_db()
    assert version.status == before
    assert desk.post(to("act", version, act)).url == page(version)
    version.refresh_from_db()
    assert version.status == status
    assert "Hanya" in said(desk.post(to("act", version, act)))  # a second press


def test_what_a_colleague_changed_meanwhile_is_not_published_unseen(desk, clerk, draft):
    seen = desk.get(to("act", draft, "publish"), **HTMX).context["seen"]
    services.remove_requirement(requirement=draft.requirements.first(), by=clerk)

    assert "Draf ini berubah" in said(desk.post(to("act", draft, "publish"), {"seen": seen}))
    draft.refresh_from_db()
    assert draft.status == VersionStatus.DRAFT


def test_what_was_typed_in_a_requirement_that_a_colleague_took_out_comes_back_as_a_new_one(desk, clerk, draft):
    row = draft.requirements.first()
    words = filled(form_of(desk, draft, row)) | {
        "act": "change",
        "requirement": row.pk,
        f"syarat{row.pk}-title": "Syarat saya",
    }
    services.remove_requirement(requirement=row, by=clerk)

    answer = desk.post(to("requirements", draft), words)

    assert answer.status_code == 422
    assert answer.context["added"]["title"].value() == "Syarat saya"


def test_what_stops_publishing_stands_in_the_checklist_and_in_the_dialog(desk):
    version = make_scheme(units=0, published=False)
    sentence = "Skema tanpa unit kompetensi tidak dapat diterbitkan."
    assert sentence in desk.get(page(version)).content.decode()
    assert sentence in desk.get(to("act", version, "publish"), **HTMX).content.decode()
    assert sentence in said(desk.post(to("act", version, "publish")))


def test_the_next_version_opens_as_a_draft_and_shows_what_it_changes(desk):
    version = make_scheme(units=2)
    desk.post(to("act", version, "draft_next"))
    draft = version.scheme.versions.get(number=2)
    assert "Isinya sama" in desk.get(to("differences", draft)).content.decode()
    unit = make_unit()
    desk.post(to("units", draft), {"act": "add", "unit": unit.pk})
    assert unit.code in desk.get(to("differences", draft), **HTMX).content.decode()
    assert unit.code in desk.get(to("act", draft, "publish"), **HTMX).content.decode()
    assert desk.get(to("differences", version)).status_code == 404  # with itself


def test_a_copy_asks_for_its_title_and_leads_to_its_draft(desk):
    origin = make_scheme(units=3)
    same = desk.post(to("act", origin, "copy"), {"title": origin.scheme.title})
    assert same.status_code == 422
    assert "Beri judul yang membedakannya" in same.content.decode()
    answer = desk.post(to("act", origin, "copy"), {"title": "Skema Salinan", "code": ""}, **HTMX)
    copy = SchemeVersion.objects.get(scheme__code="skema-salinan")
    assert answer["HX-Redirect"] == page(copy)
    assert copy.scheme_units.count() == 3


def test_a_new_scheme_needs_a_title_and_one_is_in_its_draft(desk):
    address = reverse("admin:core_scheme_add")
    assert desk.post(address, {"title": ""}).status_code == 422
    version_page = desk.post(address, {"title": "Pengelola Posko Darurat"}).url
    version = SchemeVersion.objects.get(scheme__code="pengelola-posko-darurat")
    assert version_page == page(version)
    assert desk.post(address, {"title": "Pengelola Posko Darurat"}).status_code == 422  # pressed twice


def test_a_discarded_draft_leads_back_to_the_list(desk, draft):
    assert desk.post(to("act", draft, "discard")).url == reverse("admin:core_scheme_changelist")
    assert not Scheme.objects.filter(pk=draft.scheme_id).exists()


# --- versions and log ---------------------------------------------------------------------------------------


def test_each_act_is_one_revision_with_units_and_requirements_and_is_logged(desk, clerk, draft):
    unit = make_unit()
    desk.post(to("units", draft), {"act": "add", "unit": unit.pk})
    desk.post(to("requirements", draft), {"act": "remove", "requirement": draft.requirements.first().pk})
    desk.post(to("units", draft), {"act": "add", "unit": unit.pk})  # refused
    first, *revisions = Revision.objects.order_by("pk")
    assert first.comment == "Keadaan awal"
    assert [(r.user, r.comment.split()[0]) for r in revisions] == [(clerk, "Unit"), (clerk, "Persyaratan")]
    for revision, units, requirements in zip(revisions, (3, 3), (2, 1), strict=True):
        kept = [version.content_type.model for version in revision.version_set.all()]
        assert (kept.count("schemeversion"), kept.count("schemeunit"), kept.count("requirement")) == (
            1,
            units,
            requirements,
        )
    assert list(
        ActivityEntry.objects.filter(actor=clerk, code__startswith="scheme.").values_list("code", flat=True)
    ) == ["scheme.remove_requirement", "scheme.add_unit"]


def test_order_after_dragging_is_what_the_revision_keeps(desk, draft):
    first, second = draft.scheme_units.order_by("position")
    desk.post(to("units", draft), {"act": "move", "unit": second.unit_id, "place": "1"})
    kept = {link.pk: Version.objects.get_for_object(link).first().field_dict["position"] for link in (first, second)}
    assert kept == {first.pk: 2, second.pk: 1}


def test_a_draft_can_be_turned_back_and_a_published_version_not(desk, draft):
    desk.post(to("units", draft), {"act": "remove", "unit": draft.units.first().pk})
    kept = Version.objects.get_for_object(draft).first()
    address = reverse("admin:core_schemeversion_revision", args=[draft.pk, kept.pk])
    assert desk.get(address).status_code == 200
    services.publish_scheme_version(version=draft, by=make_user(role="sekretariat"))
    assert desk.post(address).status_code == 403
    draft.refresh_from_db()
    assert draft.status == VersionStatus.PUBLISHED


# --- sample forms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["fr-apl-01", "fr-apl-02"])
def test_a_sample_shows_the_scheme_says_what_it_is_and_is_kept_nowhere(desk, draft, form):
    before = [model.objects.count() for model in (Document, Signature, Application, ActivityEntry)]
    answer = desk.get(to("sample", draft, form))
    pages = [pdf_page.extract_text() for pdf_page in PdfReader(io.BytesIO(answer.content)).pages]
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert all("CONTOH" in text and "karangan" in text for text in pages)
    assert all(unit.code in "".join(pages) for unit in draft.units.all())
    assert [model.objects.count() for model in (Document, Signature, Application, ActivityEntry)] == before


def test_a_sample_of_an_empty_draft_can_be_looked_at_too(desk):
    version = make_scheme(units=0, requirements=(), published=False)
    version.purposes.clear()
    for form in ("fr-apl-01", "fr-apl-02"):
        assert desk.get(to("sample", version, form)).status_code == 200
    assert desk.get(to("sample", version, "fr-apl-99")).status_code == 404


# --- units as text ------------------------------------------------------------------------------------------


def text_address(unit: CompetencyUnit) -> str:
    return reverse("admin:core_competencyunit_text", args=[unit.pk])


def test_the_text_of_a_unit_is_checked_before_it_is_saved(desk, draft):
    unit = draft.units.first()
    words = filled(desk.get(text_address(unit)).context["form"])
    words["text"] = words["text"].replace("Kriteria 1", "Kriteria satu") + "\n2.3 Baru"
    checked = desk.post(text_address(unit), words | {"check": "1"})
    assert [(c.kind, c.number) for c in checked.context["changes"]] == [
        ("baru", "2.3"),
        ("berubah", "1.1"),
        ("berubah", "2.1"),
    ]
    assert "2 elemen, 5 kriteria terbaca" in checked.content.decode()
    assert "Kriteria satu" not in text_of(CompetencyUnit.objects.get(pk=unit.pk))
    saved = desk.post(text_address(unit), words | {"back": page(draft)})
    assert saved.url == page(draft)
    assert "2.3 Baru" in text_of(CompetencyUnit.objects.get(pk=unit.pk))


def test_text_saved_inside_the_editor_brings_list_and_checklist_up_to_date(desk):
    draft = make_scheme(units=0, published=False)
    unit = make_unit(elements=0)
    services.add_scheme_unit(version=draft, unit=unit, by=make_user(role="sekretariat"))
    assert "tanpa elemen" in desk.get(page(draft)).content.decode()
    words = filled(desk.get(text_address(unit), {"version": draft.pk}, **HTMX).context["form"])
    answer = desk.post(
        text_address(unit), words | {"text": "1. Menilai\n1.1 Lokasi dikenali.", "version": draft.pk}, **HTMX
    )
    assert answer["HX-Reswap"] == "none"
    assert "Lokasi dikenali." in answer.content.decode()
    assert "tanpa elemen" not in answer.content.decode()


def test_faulty_text_comes_back_with_every_fault(desk, draft):
    unit = draft.units.first()
    answer = desk.post(text_address(unit), {"text": "1. A\n2.1 B\n1.1 C\n1.1 D", "seen": "x"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Baris 2" in html
    assert "Baris 4" in html
    assert "2.1 B" in html


def test_a_page_to_go_back_to_is_one_of_ours(desk, draft):
    unit = draft.units.first()
    for wrong in ("https://jahat.example/", "//jahat.example/"):
        assert desk.get(text_address(unit), {"back": wrong}).context["back"].startswith("/admin/core/competencyunit/")


def test_a_unit_says_where_it_is_used_and_stays_while_it_is(desk):
    version = make_scheme()
    unit = version.units.get()
    html = desk.get(reverse("admin:core_competencyunit_change", args=[unit.pk])).content.decode()
    assert str(version) in html
    assert "Teksnya norma" in html
    assert "elements-0-title" not in html  # changed as text only, with the statement that it was compared
    free = reverse("admin:core_competencyunit_change", args=[make_unit().pk])
    assert "elements-0-title" in desk.get(free).content.decode()
    for ask in (desk.get, desk.post):
        answer = ask(reverse("admin:core_competencyunit_delete", args=[unit.pk]), {"post": "yes"})
        assert "tidak dapat dihapus: dipakai" in said(answer)
    free = make_unit()
    desk.post(reverse("admin:core_competencyunit_delete", args=[free.pk]), {"post": "yes"})
    assert not CompetencyUnit.objects.filter(pk=free.pk).exists()


def test_a_case_under_way_keeps_what_it_was_made_for(desk):
    case = make_application(scheme=make_scheme(elements=2), status="submitted")
    unit = case.scheme_version.units.first()
    words = filled(desk.get(text_address(unit)).context["form"])
    words["text"] = words["text"].split("\n2. ")[0]
    answer = desk.post(text_address(unit), words | {"is_compared": "on"})
    assert "sudah dijawab asesi" in answer.content.decode()
    assert unit.elements.count() == 2
