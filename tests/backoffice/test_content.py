"""The set-up that staff do themselves: pages, menus, the LSP's data, numbers, letters, kinds of documents."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from core.common.models import NumberingRule
from core.common.numbering import last_given
from core.content.models import MenuItem, OfficeData, Page
from core.content.queries import live_text
from core.content.services import publish_page
from core.documents.models import DocumentType
from core.messaging.models import MessageTemplate, OutboxMessage
from tests.backoffice.conftest import said
from tests.backoffice.test_setup import change, form_data
from tests.core.common.test_numbering import take_number
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.content import make_page, png_bytes

pytestmark = pytest.mark.django_db


def act(name: str, row) -> str:
    return reverse(f"admin:core_{row._meta.model_name}_{name}", args=[row.pk])


def text_of(response) -> str:
    return response.content.decode()


# --- pages --------------------------------------------------------------------------------------------


def test_a_new_page_is_a_draft_and_says_so(desk):
    response = desk.post(
        reverse("admin:core_page_add"),
        {"title": "Jadwal", "slug": "jadwal", "summary": "", "body": "Tanggal 3", "_continue": "1"},
        follow=True,
    )
    assert "masih draf" in text_of(response)
    assert live_text("jadwal") is None
    assert 'src="/pratinjau/jadwal/"' in text_of(response)
    assert Version.objects.get_for_object(Page.objects.get(slug="jadwal")).count() == 1


def test_a_fault_is_told_beside_the_body_and_keeps_what_was_typed(desk):
    page = make_page()
    response = desk.post(change("page", page.pk), {"title": "T", "slug": page.slug, "body": "Satu <b>dua</b>"})
    assert "Kode HTML seperti" in response.context["adminform"].form.errors["body"][0]
    assert "Satu &lt;b&gt;dua" in text_of(response)


def test_publishing_is_an_act_with_a_moment(desk):
    page = make_page(slug="jadwal")
    address = act("publish", page)
    assert desk.get(address).status_code == 200
    assert live_text("jadwal") is None

    past = desk.post(address, {"_form_submitted": "True", "live_from": "2020-01-01T10:00"})
    assert "sudah lewat" in text_of(past)
    assert 'value="2020-01-01T10:00"' in text_of(past)

    moment = timezone.localtime() + timedelta(days=2)
    desk.post(address, {"_form_submitted": "True", "live_from": f"{moment:%Y-%m-%dT%H:%M}"})
    assert (page.editions.count(), live_text("jadwal")) == (1, None)

    desk.post(address, {"_form_submitted": "True", "live_from": ""})
    assert live_text("jadwal").published_by.full_name == "Ratna Puspita"
    assert desk.post(address, {"_form_submitted": "True"}).status_code == 403  # nothing new to publish


def test_acts_on_a_page_are_offered_when_they_are_possible(desk):
    page = make_page(slug="jadwal", published=True)
    assert desk.get(act("unschedule", page)).status_code == 403
    assert desk.get(act("discard", page)).status_code == 403
    Page.objects.filter(pk=page.pk).update(body="Baru")
    publish_page(page=page, by=None, live_from=timezone.now() + timedelta(days=1))

    desk.post(act("unschedule", page), {"_form_submitted": "True"})
    desk.post(act("discard", page), {"_form_submitted": "True"})
    page.refresh_from_db()
    assert page.body == "Isi."

    desk.post(act("withdraw", page), {"_form_submitted": "True"})
    assert live_text("jadwal") is None
    assert desk.get(act("withdraw", page)).status_code == 403


def test_texts_of_the_portal_are_neither_deleted_nor_withdrawn_nor_renamed(desk):
    page = Page.objects.get(slug="alur")
    assert desk.post(reverse("admin:core_page_delete", args=[page.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(act("withdraw", page), {"_form_submitted": "True"}).status_code == 403
    desk.post(change("page", page.pk), {"title": "Alur", "slug": "lain", "summary": "", "body": "1. Satu"})
    page.refresh_from_db()
    assert (page.slug, page.body) == ("alur", "1. Satu")


def test_an_address_that_readers_know_stays_and_a_live_page_is_not_deleted(desk):
    page = make_page(slug="jadwal", published=True)
    desk.post(change("page", page.pk), {"title": "Lain", "slug": "lain", "body": "x"})
    page.refresh_from_db()
    assert (page.slug, page.title) == ("jadwal", "Lain")
    assert desk.post(reverse("admin:core_page_delete", args=[page.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(
        reverse("admin:core_page_delete", args=[make_page().pk]), {"post": "yes"}
    ).status_code == 302  # fmt: skip


def test_restoring_an_older_draft_does_not_change_what_readers_see(desk):
    page = make_page(slug="jadwal", published=True)
    address = change("page", page.pk)
    for body in ("Kedua", "Ketiga"):
        desk.post(address, {"title": "T", "summary": "", "body": body})
    second = Version.objects.get_for_object(page)[1]

    desk.post(reverse("admin:core_page_revision", args=[page.pk, second.pk]))

    page.refresh_from_db()
    assert (page.body, live_text("jadwal").body) == ("Kedua", "Isi.")


def test_lists_cost_the_same_for_few_and_many(desk, django_assert_max_num_queries):
    def visit(address):
        with django_assert_max_num_queries(25) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    addresses = [reverse(f"admin:core_{m}_changelist") for m in ("page", "menuitem", "documenttype", "messagetemplate")]
    addresses += [reverse("admin:core_numberingrule_changelist"), reverse("admin:setup")]
    MenuItem.objects.create(place="bawah", label="M", page=make_page(slug="p", published=True), position=9)
    for address in addresses:
        desk.get(address)
    few = [visit(address) for address in addresses]
    for number in range(12):
        page = make_page(slug=f"p-{number}", published=number % 2 == 0)
        MenuItem.objects.create(place="bawah", label=f"M{number}", page=page, position=number + 20)
        DocumentType.objects.create(code=f"jenis-{number}", title=f"Jenis {number}")
    assert [visit(address) for address in addresses] == few


# --- menus --------------------------------------------------------------------------------------------


def test_a_menu_entry_goes_to_the_end_and_a_broken_one_is_refused(desk):
    address = reverse("admin:core_menuitem_add")
    data = {"place": "bawah", "label": "BNSP", "url": "bnsp.go.id", "is_active": "on"}
    assert desk.post(address, data).status_code == 302
    item = MenuItem.objects.get(label="BNSP")
    assert (item.url, item.position) == ("https://bnsp.go.id", MenuItem.objects.count())

    twice = desk.post(address, data)
    assert "sudah menuju ke sana" in text_of(twice)
    none = desk.post(address, {"place": "bawah", "label": "Kosong"})
    assert "tepat satu tujuan" in text_of(none)


def test_an_entry_tells_when_its_page_is_not_published(desk):
    MenuItem.objects.create(place="bawah", label="Jadwal", page=make_page(), position=9)
    assert "Menunggu halamannya terbit" in text_of(desk.get(reverse("admin:core_menuitem_changelist")))


# --- the LSP's data -----------------------------------------------------------------------------------


def office_form(desk, **words):
    office = OfficeData.objects.get()
    return desk.post(change("officedata", office.pk), {"name": "LSP BNPB", **words})


def test_a_logo_is_uploaded_and_taken_off(desk):
    response = office_form(desk, new_logo=SimpleUploadedFile("l.png", png_bytes()), leader_name="Dr. Siti Aminah")
    assert response.status_code == 302
    office = OfficeData.objects.get()
    assert office.leader_name == "Dr. Siti Aminah"
    assert f'src="{office.logo_url}"' in text_of(desk.get(reverse("admin:index")))

    office_form(desk, drop_logo="on")
    assert not OfficeData.objects.get().logo


def test_a_file_that_is_no_logo_is_refused_and_nothing_is_lost(desk):
    svg = SimpleUploadedFile("l.svg", b"<svg onload='alert(1)'/>", content_type="image/png")
    response = office_form(desk, new_logo=svg, phone="021 345")
    assert "SVG tidak diterima" in response.context["adminform"].form.errors["new_logo"][0]
    assert 'value="021 345"' in text_of(response)
    assert OfficeData.objects.get().phone == ""


def test_an_insecure_website_is_refused(desk):
    response = office_form(desk, website="http://lsp.id")
    assert "https://" in response.context["adminform"].form.errors["website"][0]


# --- numbers ------------------------------------------------------------------------------------------


def test_the_next_numbers_are_shown_while_typing(desk):
    rule = NumberingRule.objects.get(key="application")
    address = reverse("admin:core_numberingrule_example", args=[rule.pk])
    year = timezone.localdate().year
    take_number()

    text = text_of(desk.post(address, {"pattern": "P-{tahun}-{urut:03d}", "restarts_yearly": "on"}))
    for number in ("002", "003", "004"):
        assert f"P-{year}-{number}" in text
    assert "Nomor yang sudah diberikan tidak berubah" in text

    assert "harus memuat {urut}" in text_of(desk.post(address, {"pattern": "P-{tahun}", "restarts_yearly": "on"}))
    assert "tidak dapat dibaca" in text_of(desk.post(address, {"pattern": "P-{thn}-{urut}"}))
    rule.refresh_from_db()
    assert rule.pattern == "APL-{tahun}-{urut:06d}"


def test_the_last_number_is_raised_but_not_lowered(desk):
    rule = NumberingRule.objects.get(key="application")
    address = change("numberingrule", rule.pk)
    data = form_data(desk.get(address))
    assert desk.post(address, data | {"last": "57"}).status_code == 302
    assert last_given(rule) == 57
    response = desk.post(address, data | {"last": "3"})
    assert "tidak dapat diturunkan" in response.context["adminform"].form.errors["last"][0]
    assert desk.post(address, data | {"last": ""}).status_code == 302
    assert last_given(NumberingRule.objects.get(key="application")) == 57


# --- letters ------------------------------------------------------------------------------------------


def returned() -> MessageTemplate:
    return MessageTemplate.objects.get(key="application-returned")


def test_the_letter_is_drawn_while_typing(desk):
    address = act("preview", returned())
    text = text_of(desk.post(address, {"subject": "Untuk {{ nama }}", "body": "<b>{{ nomor }}</b>"}))
    assert "Untuk Sari Wulandari" in text
    assert "&lt;b&gt;APL-2026-000123&lt;/b&gt;" in text
    assert "tidak memuat isian “tautan”" in text
    assert "Mungkin maksud Anda: nama" in text_of(desk.post(address, {"subject": "x", "body": "{{ nmaa }}"}))


def test_a_test_letter_goes_to_oneself(desk, clerk):
    text = text_of(desk.post(act("test", returned()), {"subject": "S {{ nama }}", "body": "B {{ tautan }}"}))
    assert clerk.email in text
    assert OutboxMessage.objects.get().address == clerk.email
    refusal = desk.post(act("test", returned()), {"subject": "S", "body": "{{ salah }}"})
    assert "Isian tidak dikenal" in text_of(refusal)
    assert OutboxMessage.objects.count() == 1


def test_saving_a_letter_without_its_link_warns(desk):
    row = returned()
    response = desk.post(change("messagetemplate", row.pk), {"title": "T", "subject": "S", "body": "Tanpa tautan"})
    assert "tidak memuat {{ bagian }}, {{ tautan }}" in said(response)


def test_the_shipped_wording_comes_back_and_the_other_stays_in_the_history(desk):
    row = returned()
    shipped = row.body
    assert desk.get(act("reset", row)).status_code == 403  # nothing to bring back
    desk.post(change("messagetemplate", row.pk), {"title": "T", "subject": "S", "body": "Kata kami {{ tautan }}"})
    desk.post(act("reset", row), {"_form_submitted": "True"})
    row.refresh_from_db()
    assert row.body == shipped
    assert [version.field_dict["subject"] for version in Version.objects.get_for_object(row)][1:] == ["S", row.subject]


def test_only_those_who_write_letters_preview_and_send_them(as_role):
    rule = NumberingRule.objects.get(key="application")
    for role in ("bnsp", "asesor"):
        client = as_role(role)
        for address in (act("preview", returned()), act("test", returned()), act("example", rule)):
            assert client.post(address, {"body": "x"}).status_code == 403
    assert not OutboxMessage.objects.exists()


# --- kinds of documents -------------------------------------------------------------------------------


def test_a_kind_tells_where_it_is_asked_for(desk):
    make_application()
    text = text_of(desk.get(change("documenttype", DocumentType.objects.get(code="ktp").pk)))
    assert "Distribusi Bantuan" in text
    assert "persyaratan baru" in text  # what switching off means


def test_kinds_that_the_program_needs_stay(desk):
    for code in ("fr-apl-01", "bukti-kerja"):
        row = DocumentType.objects.get(code=code)
        assert desk.post(reverse("admin:core_documenttype_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_size_that_the_server_does_not_take_is_refused(desk):
    row = DocumentType.objects.get(code="ktp")
    data = form_data(desk.get(change("documenttype", row.pk)))
    response = desk.post(change("documenttype", row.pk), data | {"max_megabytes": "50"})
    assert "paling besar 10 MB" in response.context["adminform"].form.errors["max_megabytes"][0]


# --- the home of the set-up -----------------------------------------------------------------------------


def test_the_set_up_home_tells_how_things_stand_and_leads_there(desk):
    response = desk.get(reverse("admin:setup"))
    text = text_of(response)
    assert "Belum diisi: nomor lisensi" in text
    assert "daftar menunggu konfirmasi LSP" in text
    for group in response.context["groups"]:
        for card in group["cards"]:
            assert desk.get(card["link"], follow=True).status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("administrator", 200), ("sekretariat", 200), ("asesor", 403), ("bnsp", 403)]
)
def test_the_set_up_home_is_for_those_who_set_up(sign_in, role, status):
    assert sign_in(make_user(role=role)).get(reverse("admin:setup")).status_code == status
