"""The activity log at the desk: who reads what, finding an act, taking the log out, and the foot of every page."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.activity import exports
from core.activity.models import ActivityCheck, ActivityEntry
from core.activity.services import record_activity
from core.documents.models import DocumentType
from core.messaging.models import MessageTemplate
from core.schemes.models import CompetencyUnit
from tests.backoffice.conftest import case_url, said
from tests.backoffice.test_setup import change, form_data
from tests.core.helpers import from_address
from tests.factories.accounts import make_candidate, make_nik, make_user
from tests.factories.applications import make_application
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db

LOG = reverse("admin:core_activityentry_changelist")


def codes(response) -> list[str]:
    return [entry.code for entry in response.context["cl"].result_list]


def log_page(client, **query) -> str:
    return client.get(LOG, query).content.decode()


def text(page: str) -> str:
    """Without the marks around the words."""
    from html import unescape

    from django.utils.html import strip_tags

    return " ".join(unescape(strip_tags(page)).split())


# --- reading --------------------------------------------------------------------------------------------


def test_an_act_reads_as_a_sentence_that_leads_to_its_record(desk, clerk):
    case = make_application(status="under_review", officer=clerk)

    page = log_page(desk, tindakan="application.take", q=case.number)

    assert f"Ratna Puspita mengambil permohonan untuk diperiksa {case.number}" in text(page)
    assert f'href="{case_url(case)}">{case.number}</a>' in page


def test_nobody_changes_an_entry(desk):
    entry = record_activity("account.log_in", by=make_user())
    assert desk.post(change("activityentry", entry.pk), {"code": "x"}).status_code == 403


def test_a_draft_or_a_deleted_record_has_no_link(desk):
    make_application(status="draft")
    scheme = make_scheme().scheme
    entry = record_activity("record.delete", subject=scheme)
    scheme.versions.all().delete()
    scheme.delete()

    page = log_page(desk)

    assert "memulai permohonan" in page
    assert "bo-link" not in page.split("bo-act")[1].split("</td>")[0]
    assert str(entry.subject_label) in page


def test_accounts_are_the_administrators_business(desk, as_role):
    stranger = make_user(role="asesor")
    entry = ActivityEntry.objects.filter(code="account.assign_role", subject_id=str(stranger.pk)).get()

    assert "account.assign_role" not in codes(desk.get(LOG))
    assert desk.get(change("activityentry", entry.pk)).status_code == 302  # as if it did not exist
    assert "Memberi peran" not in log_page(desk)
    administrator = as_role("administrator")
    assert "account.assign_role" in codes(administrator.get(LOG))
    assert administrator.get(change("activityentry", entry.pk)).status_code == 200


def test_an_entry_names_its_act_in_words_and_not_by_its_code(desk):
    make_application(status="accepted")
    page = desk.get(change("activityentry", ActivityEntry.objects.get(code="application.accept").pk)).content.decode()
    assert "Menerima permohonan" in page
    assert "application.accept" not in page


def test_bnsp_reads_acts_without_addresses_and_without_names_of_candidates(as_role, desk):
    officer = make_user(role="sekretariat", full_name="Dewi Lestari")
    case = from_address(
        "203.0.113.77", lambda: make_application(status="accepted", full_name="Yohana Tambunan", officer=officer)
    )
    bnsp = as_role("bnsp")
    one = change("activityentry", ActivityEntry.objects.get(code="application.submit").pk)
    export = b"".join(bnsp.get(reverse("admin:core_activityentry_export", args=["csv"])).streaming_content).decode()

    for page in (log_page(bnsp), bnsp.get(one).content.decode(), export, bnsp.get(case_url(case)).content.decode()):
        assert "203.0.113.77" not in page
    for page in (log_page(bnsp), bnsp.get(one).content.decode(), export):
        assert "Yohana" not in page
    assert f"Asesi menandatangani dan mengirim permohonan (pengiriman ke-1) {case.number}" in text(log_page(bnsp))
    assert f"Dewi Lestari menerima permohonan {case.number}" in text(log_page(bnsp))
    assert "203.0.113.77" in log_page(desk)


def test_a_list_of_many_kinds_asks_no_more_with_more_rows(desk):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            desk.get(LOG)
        return len(queries)

    make_application(status="accepted")
    few = count()
    for _i in range(3):
        make_application(status="accepted")
    assert count() == few <= 25


# --- finding --------------------------------------------------------------------------------------------


def test_acts_are_offered_by_what_they_are_about(desk):
    page = log_page(desk)
    assert '<optgroup label="Permohonan">' in page
    assert ">Menandatangani dan mengirim permohonan<" in page
    assert "%(" not in page


def test_a_search_wants_the_whole_number_in_any_capitals(desk):
    case = make_application()
    assert set(codes(desk.get(LOG, {"q": case.number.lower()}))) == {"application.submit"}
    assert codes(desk.get(LOG, {"q": case.number[:-1]})) == []


def test_filters_by_person_kind_and_day_join(desk):
    case = make_application(status="accepted")
    person = case.candidate.user
    found = desk.get(LOG, {"pelaku": person.pk, "jenis": "application"})
    assert codes(found) == ["application.submit", "application.open_draft"]
    assert person.full_name in found.content.decode()  # the box shows who is chosen
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%d-%m-%Y}"
    assert codes(desk.get(LOG, {"pelaku": person.pk, "at_from": tomorrow})) == []
    assert codes(desk.get(LOG, {"pelaku": "sistem", "jenis": "application"})) == []


@pytest.mark.parametrize(
    "query", [{"pelaku": "x"}, {"objek": "nonsens"}, {"jenis": "x"}, {"at_from": "x"}, {"tindakan": "%"}]
)
def test_nonsense_in_the_address_is_no_error(desk, query):
    assert desk.get(LOG, query).status_code == 200


def test_people_are_found_by_the_beginning_of_name_or_address_candidates_too(desk, as_role):
    make_candidate(full_name="Yohana Tambunan")
    make_user(role="sekretariat", full_name="Yohanes Bria", email="bria@contoh.id")
    address = reverse("admin:core_activityentry_people")

    def names(client, term: str) -> list[str]:
        return [row["text"].split(" (")[0] for row in client.get(address, {"term": term}).json()["results"]]

    assert names(desk, "yohan") == ["Yohana Tambunan", "Yohanes Bria"]
    assert names(desk, "bria@") == ["Yohanes Bria"]
    assert names(desk, "sis") == ["Sistem"]
    assert names(as_role("bnsp"), "yohan") == ["Yohanes Bria"]


def test_a_chip_shows_looks_at_documents_alone(desk, clerk):
    case = make_application()
    record_activity("document.view", by=clerk, subject=case.requirement_evidence.first().documents.first())
    response = desk.get(LOG)
    chip = next(chip for chip in response.context["quick_chips"] if chip["title"] == "Hanya melihat dokumen")
    narrowed = desk.get(LOG + chip["link"])
    assert codes(narrowed) == ["document.view"]
    assert [chip["title"] for chip in narrowed.context["quick_chips"] if chip["is_open"]] == ["Hanya melihat dokumen"]


# --- the last verification ---------------------------------------------------------------------------------


def test_the_list_says_when_the_log_was_verified_and_how_it_ended(desk):
    assert "belum pernah diperiksa" in log_page(desk)
    at = timezone.now()
    ActivityCheck.objects.create(at=at, outcome="utuh", rows=12)
    assert ", utuh (12 catatan)" in text(log_page(desk))
    ActivityCheck.objects.create(at=at, outcome="berbeda", faults=3, first_fault="Catatan #7 dihapus.")
    assert "berbeda. Catatan #7 dihapus. (3 temuan)" in text(log_page(desk))


# --- taking it out ------------------------------------------------------------------------------------------


def export(client, kind: str, **query):
    return client.get(reverse("admin:core_activityentry_export", args=[kind]), query)


def test_what_is_filtered_comes_as_csv_and_the_export_is_told(desk, as_role):
    case = make_application(status="accepted")
    response = export(desk, "csv", jenis="application", tindakan="application.accept")

    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))

    assert lines[0] == ["Waktu", "Pelaku", "Tindakan", "Jenis", "Objek", "Dari alamat", "Kode", "Rincian"]
    assert [line[2:5] for line in lines[1:]] == [["menerima permohonan", "permohonan", case.number]]
    entry = ActivityEntry.objects.get(code="activity.export")
    assert entry.data == {"rows": 1, "format": "CSV"}
    assert "mengekspor catatan aktivitas (1 baris, CSV)" in text(log_page(as_role("administrator")))


def test_a_filter_that_the_log_does_not_have_leads_back_and_nothing_is_taken_out(desk):
    response = export(desk, "csv", penerima="siapa-saja")

    assert (response.status_code, response.url) == (302, f"{reverse('admin:core_activityentry_changelist')}?e=1")
    assert not ActivityEntry.objects.filter(code="activity.export").exists()


def test_what_is_filtered_comes_as_a_workbook(desk):
    case = make_application()
    response = export(desk, "xlsx", q=case.number)
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [row[4].value for row in sheet.iter_rows(min_row=2)] == [case.number]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_formula_comes_out_as_text(desk, kind):
    record_activity("record.change", by=make_user(full_name="=HYPERLINK(0)"), subject=DocumentType(pk=1, title="@x"))
    response = export(desk, kind, tindakan="record.change")
    content = b"".join(response.streaming_content)
    if kind == "csv":
        assert ",'=HYPERLINK(0)," in content.decode()
    else:
        cell = load_workbook(io.BytesIO(content)).active["B2"]
        assert (cell.value, cell.data_type) == ("'=HYPERLINK(0)", "s")


def test_too_much_is_refused_with_a_way_on(desk, monkeypatch):
    monkeypatch.setattr(exports, "MAX_ROWS", 3)
    make_application()
    response = export(desk, "csv", jenis="document")
    assert response.url == f"{LOG}?jenis=document"
    assert "Lebih dari 3 catatan" in said(response)
    assert not ActivityEntry.objects.filter(code="activity.export").exists()


def test_unknown_formats_and_posts_are_not_found(desk):
    assert export(desk, "pdf").status_code == 404
    assert desk.post(reverse("admin:core_activityentry_export", args=["csv"])).status_code == 404


# --- acts by form --------------------------------------------------------------------------------------------


def test_a_change_of_the_setup_is_told_with_the_names_of_its_fields_never_their_values(desk, clerk):
    row = DocumentType.objects.get(code="ktp")
    address = change("documenttype", row.pk)
    data = form_data(desk.get(address)) | {"help_text": "Rahasia negara"}
    del data["is_active"]

    desk.post(address, data)

    entry = ActivityEntry.objects.get(code="record.change")
    assert str(entry) == "Ratna Puspita mengubah jenis dokumen “KTP” (petunjuk untuk asesi, dipakai)"
    assert "Rahasia" not in str(entry.data)
    desk.post(address, form_data(desk.get(address)))  # saved as it was
    assert ActivityEntry.objects.filter(code="record.change").count() == 1


def test_lines_of_a_form_are_told_by_their_kind(desk):
    unit = make_scheme(published=False).units.get()
    unit = CompetencyUnit.objects.get(pk=unit.pk)
    address = change("competencyunit", unit.pk)
    data = form_data(desk.get(address))
    name = next(name for name in data if name.endswith("-0-title"))

    desk.post(address, data | {name: "Elemen lain"})

    entry = ActivityEntry.objects.get(code="record.change")
    assert entry.data["fields"] == ["elemen"]
    assert unit.code in str(entry)


def test_adding_and_deleting_are_told(desk):
    add = reverse("admin:core_documenttype_add")
    words = {
        "code": "uji",
        "title": "Kertas uji",
        "accepts": "semua",
        "max_megabytes": "10",
        "position": "99",
        "is_active": "on",
    }
    desk.post(add, words)
    row = DocumentType.objects.get(code="uji")
    desk.post(reverse("admin:core_documenttype_delete", args=[row.pk]), {"post": "yes"})

    told = [str(entry) for entry in ActivityEntry.objects.filter(subject_type="documenttype", subject_id=str(row.pk))]

    assert told == [
        "Ratna Puspita menghapus jenis dokumen “Kertas uji”",
        "Ratna Puspita menambah jenis dokumen “Kertas uji”",
    ]


def test_rows_that_belong_to_a_person_are_told_by_number_not_by_name(as_role):
    assessor = make_user(role="asesor", full_name="Markus Wenda")
    add = reverse("admin:core_assessorprofile_add")
    as_role("administrator").post(
        add,
        {
            "user": assessor.pk,
            "registration_number": "MET.000.000009 2024",
            "qualifications-TOTAL_FORMS": 0,
            "qualifications-INITIAL_FORMS": 0,
        },
    )

    entry = ActivityEntry.objects.get(code="record.add")

    assert entry.subject_label == f"#{assessor.assessor.pk}"


def test_an_act_of_a_service_is_not_told_twice(as_role):
    user = make_user(role="asesor")
    as_role("administrator").post(change("user", user.pk), {"full_name": "Lain", "role": "asesor", "is_active": "on"})
    assert ActivityEntry.objects.filter(code="account.change", subject_id=str(user.pk)).count() == 1
    assert not ActivityEntry.objects.filter(code__startswith="record.").exists()


# --- the foot of every page ------------------------------------------------------------------------------


def test_a_page_ends_with_the_last_acts_on_its_row_and_leads_to_all_of_them(desk):
    row = MessageTemplate.objects.first()
    other = MessageTemplate.objects.last()
    for _time in range(12):
        record_activity("record.change", subject=row, fields=["isi"])
    record_activity("record.change", subject=other, fields=["isi"])

    response = desk.get(change("messagetemplate", row.pk))

    shown = response.context["timeline"]
    assert (len(shown["rows"]), shown["has_more"]) == (10, True)
    assert "Kegiatan pada data ini" in response.content.decode()
    narrowed = desk.get(shown["log"])
    assert len(codes(narrowed)) == 12
    assert f"Hanya catatan tentang templat pesan {row}" in text(narrowed.content.decode())


def test_a_page_without_acts_and_a_reader_without_the_right_see_no_foot(desk, as_role):
    version = make_scheme()
    address = change("scheme", version.scheme_id)
    assert "Kegiatan pada data ini" not in desk.get(address).content.decode()
    record_activity("scheme.publish_version", subject=version)
    assert "Kegiatan pada data ini" in desk.get(address).content.decode()
    assert "Kegiatan pada data ini" not in as_role("asesor").get(address).content.decode()


def test_the_case_page_draws_its_history_with_the_same_piece(desk):
    case = make_application(status="under_review")
    response = desk.get(case_url(case))
    assert "mengambil permohonan untuk diperiksa" in text(response.content.decode())
    assert response.context["timeline"]["log"] == f"{LOG}?objek=application-{case.pk}"


# --- looking ----------------------------------------------------------------------------------------------


def test_opening_a_case_or_a_profile_is_told_once_an_hour(desk, clerk, time_machine):
    case = make_application()
    for _time in range(2):
        desk.get(case_url(case))
        desk.get(change("candidateprofile", case.candidate.pk))

    def seen() -> list[tuple[str, int]]:
        return list(
            ActivityEntry.objects.filter(code__in=["application.view", "profile.view"])
            .order_by("pk")
            .values_list("code", "actor_id")
        )

    assert seen() == [("application.view", clerk.pk), ("profile.view", clerk.pk)]
    time_machine.move_to(timezone.now() + timedelta(minutes=61))
    desk.get(case_url(case))
    assert len(seen()) == 3


def test_a_candidate_at_the_own_case_is_not_told(client):
    case = make_application()
    client.force_login(case.candidate.user)
    client.get(reverse("public_site:case", args=[case.reference]))
    assert not ActivityEntry.objects.filter(code="application.view").exists()


def test_the_pdf_of_a_form_is_told_as_a_look_at_a_document(desk, clerk):
    case = make_application()
    b"".join(
        desk.get(reverse("admin:core_application_form", args=[case.pk, 1, "fr-apl-01"]), follow=True).streaming_content
    )
    entry = ActivityEntry.objects.get(code="document.view")
    assert (entry.actor, "FR.APL-01" in entry.subject_label) == (clerk, True)


@pytest.mark.parametrize("page", ["candidateprofile", "application"])
def test_a_search_by_nik_is_told_without_the_nik(desk, clerk, page):
    case = make_application()
    nik = case.candidate.nik
    for number in (nik, make_nik(), nik):
        desk.get(reverse(f"admin:core_{page}_changelist"), {"q": number})

    told = ActivityEntry.objects.filter(code="profile.search_nik").order_by("pk")

    assert [(entry.actor, entry.subject_id) for entry in told] == [(clerk, str(case.candidate.pk)), (clerk, "")]
    assert nik not in str(list(told.values()))
