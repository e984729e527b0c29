"""The form editor and the sets of forms: what each person sees and does there; the rules stay in core."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Revision

from core.activity.models import ActivityEntry
from core.assessments.form_sets import forms_needed
from core.assessments.models import FilledForm, FormDefinition, FormLine, FormRequirement, FormVersion
from core.assessments.services import definitions
from core.schemes.enums import VersionStatus
from tests.backoffice.conftest import said
from tests.backoffice.test_scheme_editor import filled
from tests.factories.corridor import make_case
from tests.factories.form_definitions import make_form
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db

HTMX = {"HTTP_HX_REQUEST": "true"}


def page(version: FormVersion) -> str:
    return reverse("admin:core_formdefinition_change", args=[version.definition_id]) + f"?versi={version.number}"


def to(name: str, version: FormVersion, *more) -> str:
    return reverse(f"admin:core_formdefinition_{name}", args=[version.definition_id, version.number, *more])


def texts(version: FormVersion) -> list[str]:
    return [line.label for line in version.lines.order_by("position")]


@pytest.fixture
def draft():
    return make_form(published=False, lines=2)


# --- seeing ---------------------------------------------------------------------------------------------


def test_a_form_opens_in_the_version_that_is_worked_on(desk, clerk):
    first = make_form()
    address = reverse("admin:core_formdefinition_change", args=[first.definition_id])
    assert desk.get(address).context["version"] == first
    second = definitions.draft_next_version(version=first, by=clerk)
    answer = desk.get(address)
    assert answer.context["version"] == second
    assert [item["row"] for item in answer.context["versions"]] == [second, first]
    assert desk.get(page(first)).context["version"] == first
    assert desk.get(f"{address}?versi=9").status_code == 404
    assert desk.get(reverse("admin:core_formversion_change", args=[first.pk])).url == page(first)


def test_bnsp_reads_every_line_and_finds_no_button(as_role, draft):
    html = as_role("bnsp").get(page(draft)).content.decode()
    assert all(text in html for text in texts(draft))
    for word in ("Terbitkan", "Simpan data formulir", "Tambah baris", "Hapus baris", "Simpan baris", "Buang draf"):
        assert word not in html


def test_an_assessor_has_no_business_with_forms_in_the_making(as_role, draft):
    assessor = as_role("asesor")
    assert assessor.get(page(draft)).status_code == 403
    scheme = make_scheme()
    html = assessor.get(reverse("admin:core_scheme_change", args=[scheme.scheme_id])).content.decode()
    assert 'id="formulir"' not in html


def test_what_is_published_offers_its_successor_and_no_lines_to_change(desk):
    html = desk.get(page(make_form())).content.decode()
    assert "Siapkan versi berikutnya" in html
    assert "Simpan data formulir" in html
    for word in ("Tambah baris", "Hapus baris", "Simpan baris", "Sisipkan baris"):
        assert word not in html


def test_a_form_that_waits_for_the_lsp_says_so_on_its_page_and_in_the_list(desk):
    version = FormVersion.objects.get(definition__code="fr-ak-01")
    assert "Menunggu konfirmasi LSP" in desk.get(page(version)).content.decode()
    assert "Menunggu konfirmasi LSP" in desk.get(reverse("admin:core_formdefinition_changelist")).content.decode()


def test_the_preview_shows_the_form_as_it_will_be_filled_in(desk):
    html = desk.get(page(FormVersion.objects.get(definition__code="fr-ak-02"))).content.decode()
    preview = html.split('id="pratinjau"')[1].split("</section>")[0]
    for words in ("Unit 1 … kode dan judul unit", "Observasi demonstrasi", "Belum kompeten", "(bila ada)"):
        assert words in preview


@pytest.mark.parametrize("lines", [3, 60])
def test_queries_do_not_grow_with_the_lines(desk, lines):
    version = make_form(published=False, lines=lines)
    desk.get(page(version))
    with CaptureQueriesContext(connection) as counted:
        desk.get(page(version))
    assert len(counted) <= 25


def test_the_list_says_where_a_form_is_used_and_whether_it_was_filled_in(desk):
    version = make_form(needed=False)
    address = reverse("admin:core_formdefinition_changelist") + f"?q={version.definition.code}"
    assert "Belum dipakai skema" in desk.get(address).content.decode()
    FormRequirement.objects.create(definition=version.definition, scheme=make_scheme().scheme)
    assert "1 skema" in desk.get(address).content.decode()
    case = make_case("scheduled")
    FilledForm.objects.create(definition=version.definition, version=version, application=case.application)
    assert "sudah pernah diisi" in desk.get(address).content.decode()


# --- lines ----------------------------------------------------------------------------------------------


def test_a_line_is_added_at_the_end_and_in_between(desk, draft):
    desk.post(to("lines", draft), {"act": "add", "baru-kind": "ya-tidak", "baru-label": "Sudah jelas?"})
    opened = desk.get(page(draft) + "&sisip=2").content.decode()
    assert 'name="place" value="2"' in opened
    desk.post(
        to("lines", draft), {"act": "add", "place": "2", "baru-kind": "petunjuk", "baru-label": "Bacalah dahulu."}
    )
    assert texts(draft) == ["Bagian satu", "Bacalah dahulu.", "Isian 1", "Isian 2", "Sudah jelas?"]


def test_a_line_that_is_ticked_may_ask_for_a_comment_and_the_preview_shows_its_room(desk, draft):
    words = {"act": "add", "baru-kind": "ya-tidak", "baru-label": "Sudah jelas?", "baru-asks_comment": "on"}
    desk.post(to("lines", draft), words)
    html = desk.get(page(draft)).content.decode()
    assert "Sediakan catatan di sebelah jawaban" in html
    assert "dengan catatan" in html.split('id="pratinjau"')[0]
    assert "Catatan/komentar" in html.split('id="pratinjau"')[1].split("</section>")[0]


def test_the_blank_line_opens_where_it_was_asked_for(desk, draft):
    assert desk.get(to("lines", draft) + "?sisip=3").url == f"{page(draft)}&sisip=3#tambah-baris"
    html = desk.get(to("lines", draft) + "?sisip=3", **HTMX).content.decode()
    assert html.index("Isian 1") < html.index('value="3"') < html.index("Isian 2")
    assert "<html" not in html


def test_a_refused_line_comes_back_as_typed_in_its_place(desk, draft):
    words = {"act": "add", "place": "2", "baru-kind": "pilihan", "baru-label": "Pilih", "baru-options": "A\nA"}
    for more, status in (({}, 422), (HTMX, 200)):
        answer = desk.post(to("lines", draft), words, **more)
        html = answer.content.decode()
        assert answer.status_code == status
        assert "Pilihan “A” tertulis dua kali." in html
        assert 'name="place" value="2"' in html
    assert len(texts(draft)) == 3


def test_a_line_is_changed_where_it_stands_and_a_second_desk_is_told(desk, draft):
    row = draft.lines.get(key="isian-1")
    form = next(item["form"] for item in desk.get(page(draft)).context["lines"] if item["row"] == row)
    words = filled(form) | {"act": "change", "line": row.pk, f"baris{row.pk}-label": "Dari Ratna"}
    assert said(desk.post(to("lines", draft), words)) == "Baris tersimpan."
    stale = desk.post(to("lines", draft), words | {f"baris{row.pk}-label": "Dari Dewi"})
    html = stale.content.decode()
    assert stale.status_code == 422
    assert "baru saja diubah orang lain" in html
    assert "Sekarang tersimpan: Dari Ratna" in html
    assert "Dari Dewi" in html


def test_lines_are_ordered_and_taken_out_with_buttons(desk, draft):
    first, second = draft.lines.get(key="isian-1"), draft.lines.get(key="isian-2")
    desk.post(to("lines", draft), {"act": "move", "line": second.pk, "place": "2"})
    assert texts(draft) == ["Bagian satu", "Isian 2", "Isian 1"]
    answer = desk.post(to("lines", draft), {"act": "remove", "line": first.pk})
    assert said(answer).endswith("Baris dihapus: “Isian 1”.")
    assert "sudah tidak ada" in said(desk.post(to("lines", draft), {"act": "remove", "line": first.pk}))


def test_with_script_only_what_changed_comes_back(desk, draft):
    words = {"act": "add", "baru-kind": "teks", "baru-label": "Isian baru"}
    html = desk.post(to("lines", draft), words, **HTMX).content.decode()
    assert html.count("Isian baru") >= 3  # in the list, in the preview, in what was said
    assert "Tersimpan pukul" in html
    assert "<html" not in html


def test_unknown_acts_and_lines_of_other_forms_do_nothing(desk, draft):
    row = draft.lines.first()
    for words in ({"act": "lain"}, {"act": "move"}, {"act": "move", "place": "-1"}, {"act": "move", "place": "x"}):
        assert desk.post(to("lines", draft), {"line": row.pk, **words}).status_code == 404
    other = make_form(published=False).lines.first()
    assert "sudah tidak ada" in said(desk.post(to("lines", draft), {"act": "remove", "line": other.pk}))
    assert FormLine.objects.filter(pk=other.pk).exists()
    assert desk.get(to("act", draft, "lain")).status_code == 404
    assert not Revision.objects.exists()


def test_each_act_is_one_revision_with_all_lines_and_is_logged(desk, clerk, draft):
    desk.post(to("lines", draft), {"act": "add", "baru-kind": "teks", "baru-label": "Isian baru"})
    first, second = Revision.objects.order_by("pk")
    assert (first.comment, second.comment, second.user) == ("Keadaan awal", "Baris ditambahkan", clerk)
    lines = [one for one in second.version_set.all() if one.content_type.model == "formline"]
    assert len(lines) == 4
    assert ActivityEntry.objects.get(code="form.add_line").data == {"line": "Isian baru"}


# --- head data ------------------------------------------------------------------------------------------


def test_head_data_is_saved_and_a_second_desk_is_told(desk, draft):
    words = filled(desk.get(page(draft)).context["head"]) | {"data-title": "FR.UJI Ratna", "data-is_confirmed": "on"}
    assert said(desk.post(to("save", draft), words)) == "Data formulir tersimpan."
    draft.refresh_from_db()
    assert (draft.definition.title, draft.is_confirmed) == ("FR.UJI Ratna", True)
    stale = desk.post(to("save", draft), words | {"data-title": "FR.UJI Dewi"})
    assert stale.status_code == 422
    assert "Sekarang tersimpan: FR.UJI Ratna" in stale.content.decode()


def test_who_fills_in_is_closed_once_papers_exist(desk):
    version = make_form()
    case = make_case("scheduled")
    FilledForm.objects.create(definition=version.definition, version=version, application=case.application)
    answer = desk.get(page(version))
    assert "sudah pernah diisi" in answer.content.decode()
    words = filled(answer.context["head"]) | {"data-filled_by": "asesi", "data-title": "FR.UJI Lain"}
    desk.post(to("save", version), words)
    form = FormDefinition.objects.get(pk=version.definition_id)
    assert (form.filled_by, form.title) == ("asesor", "FR.UJI Lain")


# --- acts -----------------------------------------------------------------------------------------------


def test_publishing_asks_first_tells_what_changes_and_happens_once(desk, clerk):
    first = make_form()
    case = make_case("scheduled")
    FilledForm.objects.create(definition=first.definition, version=first, application=case.application)
    desk.post(to("act", first, "draft_next"))
    draft = first.definition.versions.get(number=2)
    desk.post(to("lines", draft), {"act": "add", "baru-kind": "tanggal", "baru-label": "Tanggal kunjungan"})
    asked = desk.get(to("act", draft, "publish"), **HTMX).content.decode()
    assert "Tanggal kunjungan" in asked
    assert "1 formulir terisi tetap memakai versi 1." in asked
    assert "Tanggal kunjungan" in desk.get(to("differences", draft)).content.decode()
    assert desk.post(to("act", draft, "publish")).url == page(draft)
    draft.refresh_from_db()
    assert draft.status == VersionStatus.PUBLISHED
    assert "Hanya draf" in said(desk.post(to("act", draft, "publish")))
    assert desk.get(to("differences", draft)).status_code == 404  # with itself


@pytest.mark.parametrize(("act", "status"), [("publish", VersionStatus.DRAFT), ("discard", VersionStatus.DRAFT)])
def test_what_a_colleague_changed_meanwhile_is_neither_published_nor_thrown_away_unseen(
    desk, clerk, draft, act, status
):
    seen = desk.get(to("act", draft, act), **HTMX).context["seen"]
    definitions.remove_line(line=draft.lines.last(), by=clerk)

    assert "Draf ini berubah" in said(desk.post(to("act", draft, act), {"seen": seen}))
    draft.refresh_from_db()
    assert draft.status == status

    again = desk.get(to("act", draft, act), **HTMX).context["seen"]
    assert desk.post(to("act", draft, act), {"seen": again}).status_code == 302
    assert not FormVersion.objects.filter(pk=draft.pk, status=status).exists()


def test_what_was_typed_in_a_line_that_a_colleague_took_out_comes_back_as_a_new_one(desk, clerk, draft):
    row = draft.lines.get(key="isian-1")
    form = next(item["form"] for item in desk.get(page(draft)).context["lines"] if item["row"] == row)
    words = filled(form) | {"act": "change", "line": row.pk, f"baris{row.pk}-label": "Kalimat panjang saya"}
    definitions.remove_line(line=row, by=clerk)

    answer = desk.post(to("lines", draft), words)

    assert answer.status_code == 422
    assert answer.context["added"]["label"].value() == "Kalimat panjang saya"


def test_what_was_typed_stays_on_the_screen_when_a_colleague_publishes_meanwhile(desk, clerk, draft):
    row = draft.lines.get(key="isian-1")
    form = next(item["form"] for item in desk.get(page(draft)).context["lines"] if item["row"] == row)
    definitions.publish_form_version(version=draft, by=clerk)

    html = desk.post(to("lines", draft), filled(form) | {"act": "change", "line": row.pk}, **HTMX).content.decode()

    assert "sudah terbit" in html
    assert 'id="daftar-baris"' not in html


def test_what_stops_publishing_stands_in_the_checklist_and_in_the_dialog(desk):
    version = make_form(published=False, lines=0)
    sentence = "Formulir tanpa isian tidak dapat diterbitkan."
    assert sentence in desk.get(page(version)).content.decode()
    assert sentence in desk.get(to("act", version, "publish"), **HTMX).content.decode()
    assert sentence in said(desk.post(to("act", version, "publish")))


def test_a_comparison_names_what_came_went_and_changed(desk, clerk):
    first = make_form(lines=3)
    draft = definitions.draft_next_version(version=first, by=clerk)
    lines = {line.key: line for line in draft.lines.all()}
    definitions.remove_line(line=lines["isian-2"], by=clerk)
    definitions.move_line(line=lines["isian-3"], place=2, by=clerk)
    FormLine.objects.filter(pk=lines["isian-1"].pk).update(label="Isian satu", is_required=False)
    told = [(row.kind, row.subject, row.detail) for row in desk.get(to("differences", draft)).context["changes"]]
    assert told == [
        ("berubah", "Isian satu", "teks: Isian 1 → Isian satu; sifat: wajib → bila ada"),
        ("hilang", "Isian 2", "Isian satu baris"),
        ("berubah", "Urutan baris", "Ada baris yang berpindah tempat."),
    ]


def test_a_new_form_needs_a_name_and_one_is_in_its_draft(desk):
    address = reverse("admin:core_formdefinition_add")
    words = {"title": "FR.IA.07 Pertanyaan Lisan", "subject": "permohonan", "stage": "selama", "filled_by": "asesor"}
    assert desk.post(address, words | {"title": ""}).status_code == 422
    answer = desk.post(address, words)
    version = FormVersion.objects.get(definition__code="fr-ia-07")
    assert answer.url == page(version)
    assert desk.post(address, words).status_code == 422  # pressed twice


def test_a_discarded_draft_leads_back_to_the_list(desk, draft):
    assert desk.post(to("act", draft, "discard")).url == reverse("admin:core_formdefinition_changelist")
    assert not FormDefinition.objects.filter(pk=draft.definition_id).exists()


# --- the sets -------------------------------------------------------------------------------------------

GENERAL = "/admin/core/formdefinition/kelengkapan/"


def needs(scheme) -> dict[str, bool]:
    return {row.definition.code: row.is_required for row in forms_needed(scheme)}


def test_the_general_set_is_changed_with_one_press(desk):
    scheme = make_scheme().scheme
    feedback = FormDefinition.objects.get(code="fr-ak-03")
    assert desk.get(GENERAL).status_code == 200
    answer = desk.post(GENERAL, {"formulir": feedback.pk, "perlu": "wajib"})
    assert said(answer) == "FR.AK.03 Umpan Balik dan Catatan Asesmen: wajib."
    assert needs(scheme)["fr-ak-03"]
    html = desk.post(GENERAL, {"formulir": feedback.pk, "perlu": "tidak"}, **HTMX).content.decode()
    assert "<html" not in html
    assert "fr-ak-03" not in needs(scheme)


def test_a_scheme_says_for_itself_and_follows_the_general_set_again(desk):
    scheme = make_scheme().scheme
    form = FormDefinition.objects.get(code="fr-ia-01")
    address = reverse("admin:core_scheme_forms", args=[scheme.pk])
    desk.post(address, {"formulir": form.pk, "perlu": "tidak"})
    assert "fr-ia-01" not in needs(scheme)
    assert address in desk.get(reverse("admin:core_scheme_change", args=[scheme.pk])).content.decode()
    assert "khusus skema ini" in desk.get(address, **HTMX).content.decode()
    assert scheme.title in desk.get(GENERAL).content.decode()  # listed as an exception
    answer = desk.post(address, {"formulir": form.pk, "perlu": ""})
    assert said(answer).endswith("mengikuti kelengkapan umum.")
    assert needs(scheme)["fr-ia-01"]


def test_bnsp_reads_the_sets_and_changes_nothing(as_role):
    bnsp, scheme = as_role("bnsp"), make_scheme().scheme
    form = FormDefinition.objects.get(code="fr-ia-01")
    for address in (GENERAL, reverse("admin:core_scheme_forms", args=[scheme.pk])):
        html = bnsp.get(address).content.decode()
        assert form.title in html
        assert 'name="perlu"' not in html
    for address in (GENERAL, reverse("admin:core_scheme_forms", args=[scheme.pk])):
        assert bnsp.post(address, {"formulir": form.pk, "perlu": "tidak"}).status_code == 403


def test_nonsense_about_a_set_is_refused_in_words_or_not_found(desk):
    form = FormDefinition.objects.get(code="fr-ia-01")
    assert desk.post(GENERAL, {"formulir": "x", "perlu": "wajib"}).status_code == 404
    assert "Pilih wajib" in said(desk.post(GENERAL, {"formulir": form.pk, "perlu": "kadang"}))


@pytest.mark.parametrize("schemes", [2, 20])
def test_the_general_set_costs_the_same_however_many_schemes_differ(desk, schemes):
    form = FormDefinition.objects.get(code="fr-ia-01")
    for _number in range(schemes):
        FormRequirement.objects.create(definition=form, scheme=make_scheme().scheme, is_used=False)
    desk.get(GENERAL)
    with CaptureQueriesContext(connection) as counted:
        desk.get(GENERAL)
    assert len(counted) <= 15
