"""Lists from spreadsheets: handed in, checked, applied once or not at all."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from reversion.models import Version

from backoffice.resources import RESOURCES
from core.accounts.models import AssessorProfile, CandidateProfile, User
from core.accounts.rules import role_of
from core.activity.models import ActivityEntry
from core.applications.models import ExpectedDocument
from core.assessments.models import Venue
from core.codelists.models import CodeList, CodeListEntry
from core.imports.models import ImportOutcome, ImportRun
from core.messaging.models import OutboxMessage
from core.schemes.models import CompetencyUnit, Scheme
from core.schemes.workbook import workbook_of_version
from tests.backoffice.conftest import said
from tests.core.helpers import at_once, everything_in_the_database
from tests.factories.accounts import make_user
from tests.factories.schemes import make_scheme, make_unit

pytestmark = pytest.mark.django_db

IMPORTABLE = [kind for kind, resource in RESOURCES.items() if resource.is_importable]


def hand_in(client, kind: str, content: bytes | str, name: str = "berkas.csv", page: str = "import_rows"):
    content = content.encode() if isinstance(content, str) else content
    upload = SimpleUploadedFile(name, content)
    return client.post(reverse(f"admin:core_{kind}_{page}"), {"file": upload})


def checked(client, kind: str, content: bytes | str, **options) -> ImportRun:
    response = hand_in(client, kind, content, **options)
    assert response.status_code == 302, response.context["refusal"]
    return ImportRun.objects.latest("pk")


def apply(client, run: ImportRun, **ticks):
    return client.post(reverse("admin:core_importrun_apply", args=[run.pk]), ticks)


def page_of(client, run: ImportRun) -> str:
    return client.get(reverse("admin:core_importrun_change", args=[run.pk])).content.decode()


def faults(run: ImportRun) -> list[tuple[int, str]]:
    return [(fault["row"], fault["column"]) for fault in run.report["faults"]]


# --- from the page to the rows ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", IMPORTABLE)
def test_every_importable_list_has_a_page_with_limits_and_a_template(as_role, kind):
    admin = as_role("sekretariat" if kind == "pastcertificate" else "administrator")  # certificates are the desk's
    address = reverse(f"admin:core_{kind}_import_rows")
    page = admin.get(address).content.decode()
    assert "paling besar 5 MB dan 10.000 baris" in page

    book = openpyxl.load_workbook(io.BytesIO(admin.get(f"{address}?templat=xlsx").content))
    assert book.sheetnames[0] == "Data"
    assert "Petunjuk" in book.sheetnames
    titles = [column.title for column in RESOURCES[kind].import_columns()]
    assert [cell.value.rstrip(" *") for cell in book["Data"][1]] == titles
    assert admin.get(f"{address}?templat=csv").content.decode("utf-8-sig").strip() == ";".join(titles)


@pytest.mark.parametrize("kind", IMPORTABLE)
def test_what_a_new_row_cannot_do_without_is_called_required(kind):
    """A template that calls a column optional, and a refusal once it is left empty, would be two answers."""
    resource = RESOURCES[kind]
    fields = {field.name: field for field in resource._meta.model._meta.concrete_fields}
    needed = {
        column.spec.title
        for column in resource.columns().values()
        if not column.readonly
        and (field := fields.get(column.attribute)) is not None
        and not (field.blank or field.has_default())
    }
    assert needed - {column.title for column in resource.import_columns() if column.is_required} == set()


def test_a_file_of_which_no_column_was_recognised_is_not_called_empty(desk):
    run = checked(desk, "venue", "Tempat;Kota\nTUK Solo;3372\n")

    page = desk.get(reverse("admin:core_importrun_columns", args=[run.pk])).content.decode()

    assert "Belum ada kolom yang dipilih" in page
    assert "Tidak ada baris data" not in page


def test_choices_of_the_template_are_offered_in_the_cell(desk):
    template = desk.get(reverse("admin:core_scheme_import_rows") + "?templat=xlsx")
    assert "templat-skema-sertifikasi.xlsx" in template["Content-Disposition"]
    content = template.content
    book = openpyxl.load_workbook(io.BytesIO(content))
    (rule,) = book["Data"].data_validations.dataValidation
    assert str(rule.sqref).startswith("D2")
    assert [book["Pilihan"][f"A{row}"].value for row in (2, 3, 4)] == ["KKNI", "Okupasi", "Klaster"]


def test_a_good_file_shows_what_changes_and_writes_it_once_it_is_agreed_to(desk, clerk):
    run = checked(
        desk,
        "scheme",
        "Kode;Judul skema;Jenis skema\ndistribusi-bantuan;Distribusi Bantuan Logistik;Klaster\ndapur-umum;Dapur Umum;Okupasi\n",
    )
    scheme = Scheme.objects.get(code="distribusi-bantuan")
    page = page_of(desk, run)
    assert "<ins>Logistik</ins>" in page
    assert "Belum ada yang ditulis" in page
    assert scheme.title == "Distribusi Bantuan"
    assert not Scheme.objects.filter(code="dapur-umum").exists()

    apply(desk, run)

    scheme.refresh_from_db()
    run.refresh_from_db()
    assert scheme.title == "Distribusi Bantuan Logistik"
    assert Scheme.objects.get(code="dapur-umum").kind == "okupasi"
    assert (run.outcome, run.written_by) == (ImportOutcome.WRITTEN, clerk)
    entry = ActivityEntry.objects.get(code="import.run")
    assert (entry.actor, entry.data["created"], entry.data["changed"]) == (clerk, 1, 1)


def test_what_is_imported_is_versioned_in_one_revision(desk, clerk):
    run = checked(desk, "documenttype", "Kunci;Nama\nktp;KTP elektronik\nsim;SIM\n")
    apply(desk, run)
    versions = Version.objects.filter(revision__comment__contains=f"riwayat impor #{run.pk}")
    assert {v.field_dict["code"] for v in versions} == {"ktp", "sim"}
    assert len({v.revision_id for v in versions}) == 1
    assert versions[0].revision.user == clerk


def test_blank_columns_are_left_alone_blank_cells_are_emptied(desk):
    make_scheme()
    scheme = Scheme.objects.get(code="distribusi-bantuan")
    run = checked(desk, "scheme", f"Kode;Judul skema;Kelompok\n{scheme.code};{scheme.title};\n")
    apply(desk, run)
    after = Scheme.objects.get(pk=scheme.pk)
    assert (after.group, after.summary) == ("", scheme.summary)


def test_the_same_file_again_has_nothing_to_write(desk):
    content = desk.post(
        reverse("admin:core_documenttype_export_rows"),
        {"format": "xlsx", "columns": list(RESOURCES["documenttype"].columns())},
    ).getvalue()
    run = checked(desk, "documenttype", content, name="berkas.xlsx")
    assert run.outcome == ImportOutcome.UNCHANGED
    assert "tidak ada yang perlu diterapkan" in page_of(desk, run)


def test_what_files_should_hold_is_told_by_kind_and_scheme_and_a_blank_scheme_means_all(desk):
    expected = RESOURCES["expecteddocument"]._meta.model.objects
    lines = "Kunci jenis dokumen;Kunci skema;Harus ada sejak;Wajib\n"
    apply(
        desk,
        checked(
            desk, "expecteddocument", f"{lines}daftar-hadir;;Bersertifikat;tidak\nktp;distribusi-bantuan;Terkirim;ya\n"
        ),
    )
    changed = expected.get(document_type__code="daftar-hadir")
    assert (changed.scheme, changed.from_status, changed.is_required) == (None, "certified", False)
    assert expected.get(document_type__code="ktp").scheme.code == "distribusi-bantuan"

    twice = checked(desk, "expecteddocument", f"{lines}ktp;;Terkirim;ya\nktp;;Terjadwal;ya\n")
    assert "Sama dengan baris 2" in page_of(desk, twice)

    run = checked(desk, "expecteddocument", f"{lines}nihil;;Terkirim;ya\nktp;nihil;Terkirim;ya\nktp;;Draf;ya\n")
    assert faults(run) == [(2, "Kunci jenis dokumen"), (3, "Kunci skema"), (4, "Harus ada sejak")]


def test_without_a_column_for_the_scheme_the_line_of_all_schemes_is_meant(desk):
    """Not a second line beside it, and a third when the file is handed in again."""
    line = "Kunci jenis dokumen;Harus ada sejak;Wajib\ndaftar-hadir;Bersertifikat;tidak\n"
    apply(desk, checked(desk, "expecteddocument", line))
    row = ExpectedDocument.objects.get(document_type__code="daftar-hadir")
    assert (row.scheme, row.from_status, row.is_required) == (None, "certified", False)
    assert checked(desk, "expecteddocument", line).outcome == ImportOutcome.UNCHANGED


@pytest.mark.parametrize("kind", ["scheme", "competencyunit", "codelist", "documenttype", "expecteddocument"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_an_export_gives_an_import_takes(desk, kind, form):
    columns = [name for name, column in RESOURCES[kind].columns().items() if not column.readonly]
    content = desk.post(reverse(f"admin:core_{kind}_export_rows"), {"format": form, "columns": columns}).getvalue()
    run = checked(desk, kind, content, name=f"berkas.{form}")
    assert (run.outcome, run.counts["kesalahan"]) == (ImportOutcome.UNCHANGED, 0)
    assert run.counts["sama"] == run.counts["baris"] > 5


# --- faults -------------------------------------------------------------------------------------------


def test_codes_of_certificate_numbers_come_in_with_the_scheme_and_must_have_their_digits(desk, clerk):
    header = "Kode;Judul skema;Kode KBLI;Kode KBJI;Jenjang KKNI\n"
    run = checked(desk, "scheme", f"{header}dapur-umum;Dapur Umum;84234;2423;4\nposko;Posko;;;\n")
    apply(desk, run)
    stored = Scheme.objects.filter(code__in=("dapur-umum", "posko")).order_by("code")
    assert list(stored.values_list("kbli_code", "kbji_code", "kkni_level")) == [("84234", "2423", 4), ("", "", None)]
    refused = checked(desk, "scheme", f"{header}satu;Satu;842;2423;4\ndua;Dua;84234;24x3;12\n")
    assert faults(refused) == [(2, "Kode KBLI"), (3, "Jenjang KKNI"), (3, "Kode KBJI")]


def test_every_fault_of_the_file_is_told_at_once_and_nothing_is_written(desk):
    run = checked(
        desk,
        "scheme",
        "Kode;Judul skema;Jenis skema;Urutan\nbuat baru;Judul;Diploma;satu\nbaru;;Klaster;1\nbaru;Ganda;KKNI;2\nlain;=1+1;KKNI;3\n",
    )
    assert faults(run) == [
        (2, "Jenis skema"),
        (2, "Kode"),
        (2, "Urutan"),
        (3, "Judul skema"),
        (4, "Kode"),
        (5, "Judul skema"),
    ]
    page = page_of(desk, run)
    assert "Sama dengan baris 3" in page
    assert "Terapkan semua" not in page

    apply(desk, run)  # a forged press
    assert not Scheme.objects.filter(code__in=["baru", "lain"]).exists()
    run.refresh_from_db()
    assert run.outcome == ImportOutcome.FAULTY


def test_the_file_comes_back_with_its_faults_marked(desk):
    run = checked(desk, "scheme", "Kode;Judul skema\nsatu;\ndua;Dua\n")
    content = desk.get(reverse("admin:core_importrun_report", args=[run.pk])).content.decode("utf-8-sig")
    assert content.splitlines() == ["Kode;Judul skema;Kesalahan", "satu;;Judul skema: Wajib diisi.", "dua;Dua;"]


def test_a_file_that_cannot_be_read_is_told_on_the_page_and_not_kept(desk):
    response = hand_in(desk, "scheme", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name="skema.xlsx")
    assert response.status_code == 422
    assert "simpan sebagai Excel Workbook" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_no_file_at_all(desk):
    response = desk.post(reverse("admin:core_scheme_import_rows"))
    assert "Pilih berkasnya dahulu" in response.content.decode()


def test_the_text_of_a_unit_in_use_is_not_changed_by_a_list(desk):
    unit = make_scheme().units.get()
    free = make_unit()
    run = checked(
        desk,
        "competencyunit",
        f"Standar;Kode unit;Judul unit\nSKKNI Uji;{unit.code};Judul lain\nSKKNI Uji;{free.code};Judul lain\nSKKNI 0;X.1;Y\n",
    )
    assert faults(run) == [(2, "Judul unit"), (4, "Standar")]
    assert "skema terbit" in run.report["faults"][0]["message"]
    assert not CompetencyUnit.objects.filter(title="Judul lain").exists()


# --- what changed meanwhile -----------------------------------------------------------------------------


def test_nothing_is_written_when_the_data_changed_after_the_check(desk):
    run = checked(desk, "documenttype", "Kunci;Nama\nktp;KTP baru\nsim;SIM\n")
    RESOURCES["documenttype"]._meta.model.objects.filter(code="ktp").update(title="KTP digital")

    response = apply(desk, run)

    assert "berubah sejak berkas diperiksa" in said(response)
    assert RESOURCES["documenttype"]._meta.model.objects.get(code="ktp").title == "KTP digital"
    page = page_of(desk, run)  # the preview was renewed
    assert "digital" in page
    apply(desk, run)
    assert RESOURCES["documenttype"]._meta.model.objects.get(code="ktp").title == "KTP baru"


def test_codes_that_only_capitals_or_accents_tell_apart_are_told_before_anything_is_written(desk):
    """The database holds one of them: what was shown as two new rows could never be written."""
    codes = CodeList.objects.create(code="agama-uji", title="Uji")
    CodeListEntry.objects.create(code_list=codes, code="Lama", title="Sudah ada")

    run = checked(
        desk, "codelist", "Kunci daftar;Kode;Uraian\nagama-uji;a1;Satu\nagama-uji;Á1;Dua\nagama-uji;lama;Tiga\n"
    )

    assert faults(run) == [(3, "Kode"), (4, "Kode")]
    assert "Di sistem tertulis “Lama”" in page_of(desk, run)


def test_pressed_twice_it_is_written_once(desk):
    run = checked(desk, "documenttype", "Kunci;Nama\nsim;SIM\n")
    apply(desk, run)
    apply(desk, run)
    assert ActivityEntry.objects.filter(code="import.run").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_write_once(sign_in):
    clerk = make_user(role="sekretariat")
    run = checked(sign_in(clerk), "documenttype", "Kunci;Nama\nsim;SIM\n")
    at_once(*[lambda: apply(sign_in(clerk), run)] * 2)
    assert ActivityEntry.objects.filter(code="import.run").count() == 1
    assert Version.objects.get_for_model(RESOURCES["documenttype"]._meta.model).count() == 1


# --- people -------------------------------------------------------------------------------------------

ASSESSORS = "Nama lengkap;E-mail;No. Reg.;Berlaku sampai\n"


def test_an_assessor_without_an_account_is_invited_by_an_administrator(as_role):
    admin = as_role("administrator")
    run = checked(admin, "assessorprofile", ASSESSORS + "Siti Rahma;Siti@Contoh.id;MET.000.000009 2024;24/11/2027\n")
    assert not User.objects.filter(email="siti@contoh.id").exists()

    apply(admin, run)

    profile = AssessorProfile.objects.get(registration_number="MET.000.000009 2024")
    assert (role_of(profile.user), profile.user.full_name) == ("asesor", "Siti Rahma")
    assert profile.certificate_expires_on.isoformat() == "2027-11-24"
    assert OutboxMessage.objects.filter(recipient=profile.user, template_key="account-confirm").exists()


def test_the_secretariat_changes_assessors_but_invites_none(desk):
    known = make_user(role="asesor", email="lama@contoh.id")
    AssessorProfile.objects.create(user=known, registration_number="MET.1")
    run = checked(desk, "assessorprofile", ASSESSORS + "X;lama@contoh.id;MET.1;2027-01-31\n")
    apply(desk, run)
    assert AssessorProfile.objects.get(user=known).certificate_expires_on.isoformat() == "2027-01-31"
    known.refresh_from_db()
    assert known.full_name != "X"  # a list renames nobody's account

    run = checked(desk, "assessorprofile", ASSESSORS + "Baru;baru@contoh.id;MET.2;\n")
    assert faults(run) == [(2, "E-mail")]
    assert "administrator" in run.report["faults"][0]["message"]


def test_registrations_and_accounts_of_others_are_not_taken(as_role):
    known = make_user(role="asesor", email="lama@contoh.id")
    AssessorProfile.objects.create(user=known, registration_number="MET.1")
    clerk = make_user(role="sekretariat")
    run = checked(
        as_role("administrator"),
        "assessorprofile",
        ASSESSORS + f"Baru;baru@contoh.id;MET.1;\nClerk;{clerk.email};MET.3;\nDua;dua@contoh.id;3.2E+15;\n",
    )
    assert faults(run) == [(2, "No. Reg."), (3, "E-mail"), (4, "No. Reg.")]


def test_an_old_candidate_is_invited_and_does_the_rest_alone(desk, sign_in):
    known = make_user(role="asesi", email="ada@contoh.id")
    run = checked(desk, "candidateprofile", f"Nama lengkap;E-mail\nBudi Lama;Budi@Contoh.id\nX;{known.email}\n")
    assert (run.counts["baru"], run.counts["dilewati"]) == (1, 1)
    assert "tidak diundang lagi" in page_of(desk, run)
    assert not User.objects.filter(email="budi@contoh.id").exists()

    apply(desk, run)

    user = User.objects.get(email="budi@contoh.id")
    assert (role_of(user), user.has_usable_password(), user.email_confirmed_at) == ("asesi", False, None)
    assert (user.candidate.nik, user.consents.count()) == ("", 0)
    letter = OutboxMessage.objects.get(recipient=user)
    assert letter.template_key == "account-invited"
    assert "mengundang" in letter.body
    known.refresh_from_db()
    assert known.full_name != "X"


def test_personal_data_of_candidates_is_turned_away_unread(desk):
    response = hand_in(desk, "candidateprofile", "Nama lengkap;E-mail;NIK\nBudi;budi@contoh.id;3201010101900001\n")
    assert response.status_code == 422
    assert "Hapus kolom itu" in response.content.decode()
    assert not ImportRun.objects.exists()
    assert "3201010101900001" not in everything_in_the_database()
    assert not CandidateProfile.objects.exists()


def test_a_new_code_list_comes_with_its_first_entry(desk):
    run = checked(
        desk,
        "codelist",
        "Kunci daftar;Nama daftar;Kode;Uraian;Urutan;Dipakai\nbahasa;Bahasa;id;Indonesia;1;ya\nbahasa;Bahasa;en;Inggris;2;tidak\n",
    )
    assert not CodeList.objects.filter(code="bahasa").exists()
    apply(desk, run)
    assert [(e.code, e.is_active) for e in CodeListEntry.objects.filter(code_list__code="bahasa")] == [
        ("id", True),
        ("en", False),
    ]
    run = checked(desk, "codelist", "Kunci daftar;Kode;Uraian\nsuku;1;Jawa\n")
    assert faults(run) == [(2, "Nama daftar")]


def test_a_list_with_two_names_in_one_file_is_told_instead_of_taking_the_last(desk):
    """The same file handed in again would change the name each time."""
    lines = "Kunci daftar;Nama daftar;Kode;Uraian\nsuku;Suku;1;Jawa\nsuku;Suku bangsa;2;Bali\n"
    assert faults(checked(desk, "codelist", lines)) == [(3, "Nama daftar")]


def test_a_venue_that_names_no_regency_goes_out_and_comes_in_again(desk):
    lines = "Kode TUK;Nama TUK;Jenis TUK;Kode kabupaten/kota\n"
    run = checked(desk, "venue", f"{lines}tuk-daring;TUK Daring;TUK mandiri;\ntuk-dua;TUK Dua;TUK mandiri;9999\n")
    assert faults(run) == [(3, "Kode kabupaten/kota")]

    apply(desk, checked(desk, "venue", f"{lines}tuk-daring;TUK Daring;TUK mandiri;\n"))
    assert Venue.objects.get(code="tuk-daring").region is None


# --- workbooks ----------------------------------------------------------------------------------------


def test_a_workbook_is_shown_as_a_tree_and_asks_before_it_touches_a_norm(desk):
    version = make_scheme()
    book = openpyxl.load_workbook(io.BytesIO(workbook_of_version(version)))
    book["KUK"]["D2"] = "Kriteria yang dibetulkan"
    out = io.BytesIO()
    book.save(out)
    run = checked(desk, "scheme", out.getvalue(), name="skema.xlsx", page="import_workbook")
    page = page_of(desk, run)
    assert f"Skema {version.scheme.title}" in page
    assert "Ubah juga teks unit yang dipakai skema terbit" in page

    response = apply(desk, run)
    assert "Centang" in said(response)
    criterion = version.units.get().elements.first().criteria.first()
    assert criterion.text == "Kriteria 1"

    apply(desk, run, change_published_text="1")
    criterion.refresh_from_db()
    assert criterion.text == "Kriteria yang dibetulkan"


def test_scheme_and_standard_are_downloaded_as_workbooks(desk):
    version = make_scheme()
    unit = version.units.get()
    for address in (
        reverse("admin:core_schemeversion_export_workbook", args=[version.pk]),
        reverse("admin:core_competencystandard_export_workbook", args=[unit.standard_id]),
        reverse("admin:core_scheme_import_workbook") + "?templat",
    ):
        book = openpyxl.load_workbook(io.BytesIO(desk.get(address).content))
        assert book.sheetnames[:4] == ["Standar", "Unit", "Elemen", "KUK"]
    assert ActivityEntry.objects.filter(code="export.run").count() == 2


# --- the history --------------------------------------------------------------------------------------


def test_file_and_report_stay_to_be_read(desk):
    content = "Kode;Judul skema\ndapur-umum;Dapur Umum\n"
    run = checked(desk, "scheme", content)
    apply(desk, run)
    answer = desk.get(reverse("admin:core_importrun_file", args=[run.pk]))
    assert answer.getvalue().decode() == content
    assert "no-store" in answer["Cache-Control"]
    report = openpyxl.load_workbook(io.BytesIO(desk.get(reverse("admin:core_importrun_report", args=[run.pk])).content))
    assert [cell.value for cell in report["Perubahan"][2]][2:6] == ["Dapur Umum", "baru", "Kode", None]
    history = desk.get(reverse("admin:core_importrun_changelist")).content.decode()
    assert "Riwayat impor" in history
    assert "Diterapkan" in history


@pytest.mark.parametrize("role", ["asesor", "bnsp"])
def test_others_import_nothing_and_see_no_history(as_role, desk, role):
    run = checked(desk, "scheme", "Kode;Judul skema\ndapur-umum;Dapur Umum\n")
    other = as_role(role)
    for kind in IMPORTABLE:
        assert hand_in(other, kind, "Kode;Judul skema\nx;y\n").status_code == 403
    assert hand_in(other, "scheme", b"x", page="import_workbook").status_code == 403
    assert apply(other, run).status_code == 403
    for page in ("change", "file", "report"):
        assert other.get(reverse(f"admin:core_importrun_{page}", args=[run.pk])).status_code == 403
    assert not Scheme.objects.filter(code="dapur-umum").exists()


def test_the_history_costs_the_same_for_one_file_and_for_many(desk, django_assert_max_num_queries):
    for number in range(12):
        checked(desk, "scheme", f"Kode;Judul skema\nskema-{number};Judul\n")
    with django_assert_max_num_queries(15):
        desk.get(reverse("admin:core_importrun_changelist"))
