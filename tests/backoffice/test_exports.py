"""Rows out of the lists: as they are filtered, without what the person may not see."""

import io

import openpyxl
import pytest
from django.urls import reverse

from backoffice import exports
from backoffice.resources import RESOURCES
from core.accounts.models import AssessorProfile
from core.accounts.services import assign_role
from core.activity.models import ActivityEntry
from core.assessments.models import Placement
from core.documents.models import DocumentType
from core.jobs.models import Job
from core.jobs.services import run_waiting
from core.savedviews.models import ExportProfile
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.assessments import make_assessor
from tests.factories.certificates import make_certificate
from tests.factories.corridor import make_case, make_session
from tests.factories.jobs import content_of

pytestmark = pytest.mark.django_db

PERSONAL = {"NIK", "E-mail", "Nomor HP", "Alamat rumah", "Tempat lahir", "Tanggal lahir"}


def export(client, kind: str, columns: list[str] | None = None, form: str = "csv", query: str = ""):
    columns = columns if columns is not None else list(RESOURCES[kind].columns())
    return client.post(reverse(f"admin:core_{kind}_export_rows") + query, {"format": form, "columns": columns})


def lines(response) -> list[str]:
    return text_of(response).splitlines()


def text_of(response) -> str:
    return response.getvalue().decode("utf-8-sig")


def test_the_list_s_own_filter_and_search_decide_what_goes_out(desk):
    make_application(status="submitted", full_name="Agus Menunggu")
    make_application(status="accepted", full_name="Bela Diterima")

    found = lines(export(desk, "application", ["number", "candidate"], query="?antrean=diterima"))

    assert len(found) == 2
    assert "Bela Diterima" in found[1]
    button = desk.get(reverse("admin:core_application_changelist") + "?antrean=diterima").content.decode()
    assert "/ekspor/?antrean=diterima" in button


def test_what_a_search_leaves_out_is_told_before_the_rows_go_out(desk, monkeypatch):
    monkeypatch.setattr("backoffice.base.MAX_PEOPLE", 1)
    for _case in range(2):
        make_application(status="submitted", full_name="Agus Menunggu")

    page = desk.get(reverse("admin:core_application_export_rows") + "?q=agus").content.decode()

    assert "yang tampil hanya 1 yang terbaru" in page


def test_columns_are_chosen_and_the_act_is_logged(desk, clerk):
    assert lines(export(desk, "scheme", ["code"]))[0] == "Kode"
    entry = ActivityEntry.objects.get(code="export.run")
    assert (entry.actor, entry.data["kind"], entry.data["count"]) == (clerk, "scheme", Scheme.objects.count())


def test_no_column_at_all_is_told(desk):
    response = export(desk, "scheme", [])
    assert response.status_code == 422
    assert "Pilih sedikitnya satu kolom" in response.content.decode()


def test_more_rows_than_are_handed_out_at_once_are_made_ready_in_the_background(desk, clerk, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT", 3)
    make_application(status="accepted")
    for name in ("Siti Aminah", "Siti Rahma", "Siti Badriah", "Siti Zahra"):
        make_application(status="submitted", full_name=name)

    answer = export(desk, "application", ["number", "candidate"], query="?antrean=menunggu&q=siti")

    job = Job.objects.get()
    assert answer["Location"] == reverse("admin:core_job_change", args=[job.pk])
    assert "siti" not in str(job.parameters)  # words of a search are names of people
    assert run_waiting(seconds=20) == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.result_name[:11]) == ("selesai", 4, "permohonan-")
    assert len(content_of(job).decode("utf-8-sig").splitlines()) == 5
    entry = ActivityEntry.objects.get(code="export.run")
    assert (entry.actor, entry.data["count"], entry.data["filter"]) == (clerk, 4, "antrean=menunggu")


def test_the_background_gives_no_more_than_the_person_may_see_when_it_runs(desk, clerk, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT", 0)
    make_application(status="submitted")
    export(desk, "candidateprofile", ["full_name"])
    assign_role(user=clerk, role="bnsp", by=None)

    run_waiting(seconds=20)

    job = Job.objects.get()
    assert (job.state, job.error) == ("gagal", "Anda tidak lagi berhak membuka daftar ini.")


def test_a_file_made_in_another_role_is_not_handed_out_any_more(desk, clerk, monkeypatch):
    monkeypatch.setattr(exports, "DIRECT", 0)
    make_application(status="submitted")
    export(desk, "candidateprofile", ["full_name", "nik"])
    run_waiting(seconds=20)
    job = Job.objects.get()
    address = reverse("admin:core_job_download", args=[job.pk])
    assert desk.get(address).getvalue()

    assign_role(user=clerk, role="bnsp", by=None)

    assert desk.get(address).status_code == 404
    assert address not in desk.get(reverse("admin:core_job_change", args=[job.pk])).content.decode()


@pytest.mark.parametrize("kind", ["application", "assessorprofile", "scheme", "competencyunit", "codelist"])
def test_bnsp_gets_no_personal_identifier_even_when_asking_for_it(as_role, kind):
    case = make_application(status="submitted")
    person = make_user(role="asesor", email="siti@contoh.id", full_name="Siti")
    AssessorProfile.objects.create(user=person, registration_number="MET.9")

    text = text_of(export(as_role("bnsp"), kind))

    assert not PERSONAL & set(text.splitlines()[0].split(";"))
    assert not any(secret in text for secret in (case.candidate.nik, case.candidate.user.email, "siti@contoh.id"))


def test_the_nik_goes_out_as_text_and_only_to_those_who_may_read_it(desk, as_role):
    case = make_application(status="submitted")
    content = export(desk, "candidateprofile", ["full_name", "nik", "phone_mobile"], form="xlsx").getvalue()
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Data"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (case.candidate.nik, "s")
    assert sheet["C2"].value == f"'{case.candidate.phone_mobile}"  # begins with +

    assert "NIK" not in lines(export(as_role("administrator"), "candidateprofile"))[0]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_formula_in_the_data_is_shown_not_run(desk, form):
    DocumentType.objects.create(code="jahat", title='=HYPERLINK("http://x","y")')
    content = export(desk, "documenttype", ["code", "title_"], form=form).getvalue()
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
    assert export(as_role("bnsp"), "assessmentsession", form="xlsx").getvalue()[:2] == b"PK"
    assert len(lines(export(as_role("asesor"), "assessmentsession"))) == 1  # none of their own


def test_who_may_not_see_a_list_may_not_export_it(as_role):
    assert export(as_role("bnsp"), "candidateprofile").status_code == 403
    assert export(as_role("asesor"), "assessorprofile").status_code == 403


# --- the wide table ---------------------------------------------------------------------------------------


WIDE = "/admin/core/application/ekspor/?antrean=semua"


def row_of(response) -> dict[str, str]:
    head, row = [line.split(";") for line in lines(response)]
    return dict(zip(head, row, strict=True))


def test_one_wide_table_holds_everything_that_became_of_a_case(desk, as_role, django_assert_max_num_queries):
    certificate = make_certificate()
    case = certificate.application

    with django_assert_max_num_queries(60):
        row = row_of(desk.post(WIDE, {"tindakan": "semua", "format": "csv"}))

    assert list(row) == [column.column_name for column in RESOURCES["application"].columns().values()]
    assert row["Nomor sertifikat"] == certificate.number
    assert row["Nomor rapat pleno"] == certificate.decision.plenary.number
    assert row["Keputusan"] == certificate.decision.get_outcome_display()
    assert row["Asesor"] == case.assignments.get(in_force=True).assessor.user.full_name
    assert row["Kode jadwal"] == case.placements.get(in_force=True).session.number
    assert row["Tahun lahir"] == str(case.candidate.birth_date.year)
    masked = row_of(as_role("bnsp").post(WIDE, {"tindakan": "semua", "format": "csv"}))
    assert not (PERSONAL | {"Catatan untuk asesi"}) & set(masked)
    assert masked["Nomor sertifikat"] == certificate.number


def test_a_nik_that_is_not_asked_for_is_not_even_decrypted(desk, monkeypatch):
    make_application(status="submitted")
    monkeypatch.setattr("core.common.fields._cipher", lambda: pytest.fail("something was decrypted"))
    assert len(lines(export(desk, "application", ["number", "candidate", "regency"]))) == 2


# --- profiles -----------------------------------------------------------------------------------------------


def press(client, act: str, **typed):
    return client.post(reverse("admin:core_scheme_export_rows"), {"tindakan": act, **typed})


def test_columns_and_format_are_kept_and_the_usual_is_one_press(desk, clerk):
    kept = press(desk, "simpan", judul="Bulanan", columns=["code", "title_"], format="csv")
    profile = ExportProfile.objects.get()
    assert (profile.owner, profile.columns, profile.format) == (clerk, ["code", "title_"], "csv")
    page = desk.get(kept["Location"]).content.decode()
    assert f'value="profil-{profile.pk}"' in page
    assert page.count("checked") == 3  # two columns and the format

    assert lines(press(desk, f"profil-{profile.pk}"))[0] == "Kode;Judul skema"

    press(desk, f"hapus-{profile.pk}")
    assert not ExportProfile.objects.exists()


def test_a_profile_is_shared_with_colleagues_by_those_who_may(desk, as_role):
    press(desk, "simpan", judul="Bersama", columns=["code"], format="xlsx", untuk="peran")
    profile = ExportProfile.objects.get()
    assert (profile.owner, profile.role) == (None, "sekretariat")
    address = reverse("admin:core_scheme_export_rows")
    assert "Bersama" in as_role("sekretariat").get(address).content.decode()
    bnsp = as_role("bnsp")
    assert "Bersama" not in bnsp.get(address).content.decode()
    assert press(bnsp, "simpan", judul="X", columns=["code"], untuk="peran").status_code == 422
    press(bnsp, f"hapus-{profile.pk}")
    assert ExportProfile.objects.get() == profile


def test_a_profile_without_a_name_is_refused_and_nothing_typed_is_lost(desk):
    answer = press(desk, "simpan", judul=" ", columns=["code"], format="csv")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Beri nama profil ini." in page
    assert page.count("checked") == 2
