"""Rows out of the lists: as they are filtered, without what the person may not see."""

import io

import openpyxl
import pytest
from django.urls import reverse

from backoffice.resources import RESOURCES
from backoffice.views import imports as views
from core.accounts.models import AssessorProfile
from core.activity.models import ActivityEntry
from core.assessments.models import Placement
from core.documents.models import DocumentType
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.assessments import make_assessor
from tests.factories.corridor import make_case, make_session

pytestmark = pytest.mark.django_db

PERSONAL = {"NIK", "E-mail", "Nomor HP", "Alamat rumah", "Tempat lahir", "Tanggal lahir"}


def export(client, kind: str, columns: list[str] | None = None, form: str = "csv", query: str = ""):
    columns = columns if columns is not None else list(RESOURCES[kind].columns())
    return client.post(reverse(f"admin:core_{kind}_export_rows") + query, {"format": form, "columns": columns})


def lines(response) -> list[str]:
    return response.content.decode("utf-8-sig").splitlines()


def test_the_list_s_own_filter_and_search_decide_what_goes_out(desk):
    make_application(status="submitted", full_name="Agus Menunggu")
    make_application(status="accepted", full_name="Bela Diterima")

    found = lines(export(desk, "application", ["number", "candidate"], query="?antrean=diterima"))

    assert len(found) == 2
    assert "Bela Diterima" in found[1]
    button = desk.get(reverse("admin:core_application_changelist") + "?antrean=diterima").content.decode()
    assert "/ekspor/?antrean=diterima" in button


def test_columns_are_chosen_and_the_act_is_logged(desk, clerk):
    assert lines(export(desk, "scheme", ["code"]))[0] == "Kode"
    entry = ActivityEntry.objects.get(code="export.run")
    assert (entry.actor, entry.data["kind"], entry.data["count"]) == (clerk, "scheme", Scheme.objects.count())


def test_no_column_at_all_is_told(desk):
    response = export(desk, "scheme", [])
    assert response.status_code == 422
    assert "Pilih sedikitnya satu kolom" in response.content.decode()


def test_more_rows_than_a_spreadsheet_wants_are_refused_with_a_way_on(desk, monkeypatch):
    monkeypatch.setattr(views, "MAX_ROWS", 3)
    response = export(desk, "documenttype")
    assert response.status_code == 422
    assert "Persempit daftar" in response.content.decode()
    assert not ActivityEntry.objects.filter(code="export.run").exists()


@pytest.mark.parametrize("kind", ["application", "assessorprofile", "scheme", "competencyunit", "codelist"])
def test_bnsp_gets_no_personal_identifier_even_when_asking_for_it(as_role, kind):
    case = make_application(status="submitted")
    person = make_user(role="asesor", email="siti@contoh.id", full_name="Siti")
    AssessorProfile.objects.create(user=person, registration_number="MET.9")

    response = export(as_role("bnsp"), kind)

    assert not PERSONAL & set(lines(response)[0].split(";"))
    text = response.content.decode()
    assert not any(secret in text for secret in (case.candidate.nik, case.candidate.user.email, "siti@contoh.id"))


def test_the_nik_goes_out_as_text_and_only_to_those_who_may_read_it(desk, as_role):
    case = make_application(status="submitted")
    content = export(desk, "candidateprofile", ["full_name", "nik", "phone_mobile"], form="xlsx").content
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (case.candidate.nik, "s")
    assert sheet["C2"].value == f"'{case.candidate.phone_mobile}"  # begins with +

    assert "NIK" not in lines(export(as_role("administrator"), "candidateprofile"))[0]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_formula_in_the_data_is_shown_not_run(desk, form):
    DocumentType.objects.create(code="jahat", title='=HYPERLINK("http://x","y")')
    content = export(desk, "documenttype", ["code", "title_"], form=form).content
    if form == "csv":
        assert "'=HYPERLINK" in content.decode()
    else:
        cells = {row[0].value: row[1] for row in openpyxl.load_workbook(io.BytesIO(content))["Data"].iter_rows()}
        assert cells["jahat"].value.startswith("'=")
        assert cells["jahat"].data_type == "s"


@pytest.mark.parametrize("kind", ["application", "candidateprofile", "competencyunit", "codelist"])
def test_an_export_costs_the_same_queries_for_any_number_of_rows(desk, kind, django_assert_max_num_queries):
    for _number in range(4):
        make_application(status="submitted")
    with django_assert_max_num_queries(25):
        assert export(desk, kind).status_code == 200


def test_sessions_go_out_as_filtered_with_seats_attendance_and_assessors(desk, as_role, django_assert_max_num_queries):
    case = make_case("scheduled", assessor=make_assessor(full_name="Yohana Latuconsina"))
    session = case.application.placements.get().session
    make_session(scheme=session.scheme, mode="jarak-jauh", quota=7)
    Placement.objects.update(attendance="hadir")
    wanted = ["number", "quota", "taken", "present", "absent", "assessors"]

    found = lines(export(desk, "assessmentsession", wanted, query="?mode__exact=luring"))

    assert found == [
        "Kode jadwal;Kuota;Asesi;Hadir;Tidak hadir;Asesor",
        f"{session.number};{session.quota};1;1;0;Yohana Latuconsina",
    ]
    with django_assert_max_num_queries(25):
        assert len(lines(export(desk, "assessmentsession"))) == 3
    assert export(as_role("bnsp"), "assessmentsession", form="xlsx").status_code == 200
    assert len(lines(export(as_role("asesor"), "assessmentsession"))) == 1  # none of their own


def test_who_may_not_see_a_list_may_not_export_it(as_role):
    assert export(as_role("bnsp"), "candidateprofile").status_code == 403
    assert export(as_role("asesor"), "assessorprofile").status_code == 403
