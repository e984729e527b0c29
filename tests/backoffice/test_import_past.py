"""The old register by file: columns matched, everything wrong told at once, written wholly or without the faulty rows."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from backoffice.import_jobs import DIRECT_ROWS
from backoffice.resources import PastCertificateResource
from core.assessments.models import AssessorQualification
from core.certificates.models import PastCertificate
from core.certificates.services import withdraw_past_certificate
from core.imports.models import ImportOutcome, ImportRun, RememberedColumns
from core.jobs.models import Job
from core.jobs.progress import Cancelled
from core.jobs.services import run_waiting
from core.schemes.models import Scheme
from tests.backoffice.conftest import said
from tests.core.helpers import everything_in_the_database
from tests.factories.accounts import make_user
from tests.factories.certificates import lay_certificate, make_past_certificate
from tests.factories.schemes import make_scheme

pytestmark = pytest.mark.django_db

HEAD = ("Nomor sertifikat", "Nama pemegang", "NIK", "Skema", "Tanggal terbit", "Berlaku sampai", "Status")
GOOD = ("84230 0001 2019", "Siti Rahma", "8171015204900001", "distribusi-bantuan", "31 Des 2019", "30/12/2022", "")


@pytest.fixture(autouse=True)
def scheme() -> Scheme:
    return make_scheme().scheme


def xlsx(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(client, *rows, kind: str = "pastcertificate") -> tuple[str, ImportRun]:
    """(where it leads to, what was kept)."""
    upload = SimpleUploadedFile("register.xlsx", xlsx(*rows))
    response = client.post(reverse(f"admin:core_{kind}_import_rows"), {"file": upload})
    assert response.status_code == 302, response.context["refusal"]
    return response["Location"], ImportRun.objects.latest("pk")


def address(run: ImportRun, page: str) -> str:
    return reverse(f"admin:core_importrun_{page}", args=[run.pk])


def faults(run: ImportRun) -> list[tuple[int, str]]:
    return [(fault["row"], fault["column"]) for fault in run.report["faults"]]


# --- what is read -----------------------------------------------------------------------------------------


def test_a_good_file_is_written_and_says_of_a_nik_only_its_ends(desk, clerk):
    _where, run = hand_in(
        desk, HEAD, GOOD, ("84230 0002 2019", "Budi", None, "Distribusi Bantuan", 43830, "2099-01-01", "Dicabut")
    )
    assert run.outcome == ImportOutcome.CHECKED, run.report["faults"]
    desk.post(address(run, "apply"))

    first, second = PastCertificate.objects.order_by("number")
    assert (first.nik, first.holder_name, first.issued_on.isoformat()) == (GOOD[2], "Siti Rahma", "2019-12-31")
    assert first.valid_until.isoformat() == "2022-12-30"
    assert (second.issued_on.isoformat(), second.status, second.nik_hash) == ("2019-12-31", "dicabut", None)
    assert GOOD[2] not in everything_in_the_database()


def test_the_file_with_whole_niks_is_only_for_those_who_may_see_one(desk, as_role):
    _where, run = hand_in(desk, HEAD, GOOD, ("84230 0002 2019", "", GOOD[2], "tidak-ada", "x", "y", ""))
    assert desk.get(address(run, "file")).getvalue().startswith(b"PK")
    technician = as_role("administrator")
    page = technician.get(address(run, "change")).content.decode()
    assert address(run, "file") not in page
    assert address(run, "report") not in page
    for name in ("file", "report"):
        assert technician.get(address(run, name)).status_code == 403, name


@pytest.mark.parametrize("page", ["columns", "check", "apply"])
def test_whoever_has_too_many_jobs_already_is_told_so(desk, monkeypatch, page):
    _where, run = hand_in(desk, HEAD, GOOD)
    monkeypatch.setattr("backoffice.import_jobs.DIRECT_ROWS", 0)
    monkeypatch.setattr("core.jobs.services.MAX_OPEN", 0)
    chosen = {"periksa": "ya"} | {f"kolom-{n}": "" for n in range(13)}
    chosen |= {"kolom-0": "0", "kolom-2": "1", "kolom-5": "3", "kolom-7": "4", "kolom-8": "5"}
    answer = desk.post(address(run, page), chosen, follow=True)
    assert answer.status_code == 200
    assert "pekerjaan Anda yang belum selesai" in answer.content.decode()


def test_every_fault_is_told_at_once_by_row_and_column_and_grouped_by_sort(desk):
    issued, known = lay_certificate(), make_past_certificate(holder_name="Orang Lain")
    row = dict(zip(HEAD, GOOD, strict=True))

    def wrong(**changes) -> list:
        return list((row | {"Nomor sertifikat": f"N {next(numbers)}"} | changes).values())

    numbers = iter(range(100))
    _where, run = hand_in(
        desk,
        HEAD,
        wrong(NIK=3.1e15 + 1),  # 2: digits lost
        wrong(NIK="317101520490000"),  # 3: one too few
        wrong(NIK="9971015204900001"),  # 4: no such province
        wrong(Skema="Distribusi Bantuann"),  # 5: nearly
        wrong(Skema="Distribusi Bantuann"),  # 6
        wrong(**{"Tanggal terbit": "31 Desembre 19"}),  # 7
        wrong(**{"Berlaku sampai": "01-01-2019"}),  # 8: ends before it begins
        wrong(**{"Nomor sertifikat": issued.number}),  # 9
        wrong(**{"Nomor sertifikat": known.number}),  # 10: somebody else's
        wrong(**{"Nomor sertifikat": "ganda"}),  # 11
        wrong(**{"Nomor sertifikat": "ganda"}),  # 12
        wrong(**{"Nama pemegang": None}),  # 13
        list(GOOD),  # 14: the only good one
    )  # fmt: skip
    assert faults(run) == [
        (2, "NIK"), (3, "NIK"), (4, "NIK"), (5, "Skema"), (6, "Skema"), (7, "Tanggal terbit"), (8, "Berlaku sampai"),
        (9, "Nomor sertifikat"), (10, "Nomor sertifikat"), (11, "Nomor sertifikat"), (12, "Nomor sertifikat"),
        (13, "Nama pemegang"),
    ]  # fmt: skip
    told = {fault["row"]: fault["message"] for fault in run.report["faults"]}
    assert "menjadi Teks" in told[2]
    assert "yang tertulis 15" in told[3]
    assert "Mungkin maksudnya “Distribusi Bantuan”" in told[5]
    page = desk.get(address(run, "change")).content.decode()
    assert "Menurut jenis kesalahan" in page
    assert "Sama dengan baris lain" in page
    assert "317101520490000" not in page

    marked = openpyxl.load_workbook(io.BytesIO(desk.get(address(run, "report")).content)).active
    assert marked["H3"].value.startswith("NIK: NIK harus 16 angka")
    assert marked["C3"].fill.fgColor.rgb.endswith("FFD9D6")
    assert marked["H14"].value is None


def test_the_paper_register_once_more_makes_nothing_valid_that_was_withdrawn_here(desk, clerk):
    _where, run = hand_in(desk, HEAD, GOOD)
    desk.post(address(run, "apply"))
    withdraw_past_certificate(certificate=PastCertificate.objects.get(), reason="Dipalsukan.", by=clerk)

    _where, again = hand_in(desk, HEAD, GOOD)

    assert faults(again) == [(2, "Status")]
    assert "Dicabut" in again.report["faults"][0]["message"]
    _where, same = hand_in(desk, HEAD, (*GOOD[:6], "Dicabut"))
    assert same.outcome == ImportOutcome.UNCHANGED


def test_the_good_rows_may_be_written_without_the_faulty_ones(desk):
    bad = ["84230 0002 2019", *GOOD[1:3], "Tidak Ada", *GOOD[4:]]
    _where, run = hand_in(desk, HEAD, GOOD, bad)
    desk.post(address(run, "apply"))  # all or nothing
    assert not PastCertificate.objects.exists()

    assert "1 baru" in said(desk.post(address(run, "apply"), {"yang-benar": "1"}))

    assert PastCertificate.objects.get().number == GOOD[0]
    run.refresh_from_db()
    assert (run.outcome, run.counts["ditinggalkan"]) == (ImportOutcome.WRITTEN, 1)
    page = desk.get(address(run, "change")).content.decode()
    assert "Baris yang benar sudah ditulis" in page


def test_what_was_missing_in_the_system_is_looked_for_again(desk):
    _where, run = hand_in(desk, HEAD, [*GOOD[:3], "Relawan Lama", *GOOD[4:]])
    Scheme.objects.create(code="relawan-lama", title="Relawan Lama")  # not offered: without a version
    desk.post(address(run, "check"))
    run.refresh_from_db()
    assert run.outcome == ImportOutcome.CHECKED


# --- columns ------------------------------------------------------------------------------------------------

OTHERS = (
    "No.",
    "No Sertifikat",
    "Nama Peserta",
    "No. KTP",
    "Skema Sertifikasi",
    "Tgl. Terbit",
    "Berlaku s.d.",
    "Keterangan Status",
)
ROW = ("1", *GOOD)


def test_columns_of_other_names_are_proposed_shown_and_remembered(desk):
    where, run = hand_in(desk, ("REGISTER SERTIFIKAT",), OTHERS, ROW)
    assert where == address(run, "columns")
    page = desk.get(where).content.decode()
    assert "Pratinjau baris pertama" in page
    assert "81••••••••••••01" in page
    assert "Kolom yang tidak dibaca: No.." in page
    chosen = {
        f"kolom-{row['name'].rpartition('-')[2]}": row["chosen"]
        for row in desk.get(where).context_data["rows"]
        if row["chosen"] is not None
    }
    assert sorted(chosen.values()) == [1, 2, 3, 4, 5, 6, 7]

    desk.post(where, chosen | {"periksa": "1"})

    run.refresh_from_db()
    assert (run.outcome, run.counts["baru"]) == (ImportOutcome.CHECKED, 1)
    where, second = hand_in(desk, ("Judul lain",), OTHERS, ("2", "84230 0002 2019", *GOOD[1:]))
    assert (where, second.outcome) == (address(second, "change"), ImportOutcome.CHECKED)
    assert RememberedColumns.objects.count() == 1
    desk.post(address(run, "apply"))
    assert PastCertificate.objects.get().holder_name == "Siti Rahma"


def test_a_column_is_chosen_once_and_needed_ones_are_chosen(desk):
    where, run = hand_in(desk, OTHERS, ROW)
    twice = desk.post(
        where, {"kolom-0": "1", "kolom-2": "1", "kolom-5": "4", "kolom-7": "5", "kolom-8": "6", "periksa": "1"}
    )
    assert "Satu kolom berkas dipilih untuk Nomor sertifikat dan Nama pemegang" in twice.content.decode()
    absent = desk.post(where, {"kolom-0": "1", "lihat": "1"})
    assert "Pilih kolom untuk Nama pemegang, Skema" in absent.content.decode()
    run.refresh_from_db()
    assert run.outcome == ImportOutcome.RECEIVED


def test_others_match_no_columns(desk, as_role):
    _where, run = hand_in(desk, OTHERS, ROW)
    for role in ("administrator", "asesor", "bnsp"):
        other = as_role(role)
        assert other.get(address(run, "columns")).status_code == 403
        assert other.post(address(run, "check")).status_code == 403


# --- long files ---------------------------------------------------------------------------------------------


@pytest.fixture
def long_file() -> list:
    return [HEAD, *([f"84230 {n:04d} 2019", *GOOD[1:2], None, *GOOD[3:]] for n in range(DIRECT_ROWS + 1))]


def test_a_long_file_is_checked_and_written_in_the_background(desk, clerk, long_file):
    _where, run = hand_in(desk, *long_file)
    assert (run.outcome, run.job.kind) == (ImportOutcome.RECEIVED, "import-check")
    assert "Menunggu giliran di latar belakang" in desk.get(address(run, "change")).content.decode()
    run_waiting(seconds=60)
    run.refresh_from_db()
    assert (run.outcome, run.counts["baru"], run.job.done) == (
        ImportOutcome.CHECKED,
        len(long_file) - 1,
        len(long_file) - 1,
    )

    desk.post(address(run, "apply"))
    desk.post(address(run, "apply"))  # pressed twice
    assert Job.objects.filter(kind="import-write").count() == 1
    run_waiting(seconds=60)

    run.refresh_from_db()
    assert (run.outcome, run.written_by) == (ImportOutcome.WRITTEN, clerk)
    assert PastCertificate.objects.count() == len(long_file) - 1


def test_what_is_called_off_writes_nothing(desk, long_file):
    _where, run = hand_in(desk, *long_file)
    desk.post(address(run, "cancel"))
    run_waiting(seconds=60)
    page = desk.get(address(run, "change")).content.decode()
    assert "Dibatalkan; tidak ada yang ditulis" in page
    assert "Periksa lagi" in page


def test_a_writing_that_is_stopped_on_its_way_leaves_nothing(clerk):
    rows = [HEAD, GOOD, ["84230 0002 2019", *GOOD[1:2], None, *GOOD[3:]]]

    class StopsAtTheSecondRow:
        def begin(self, total, what=""):
            self.done = 0

        def step(self, n=1):
            self.done += n
            if self.done == 2:
                raise Cancelled

    tool = PastCertificateResource(by=clerk, writes=True, progress=StopsAtTheSecondRow())
    with pytest.raises(Cancelled), transaction.atomic():
        tool.run(xlsx(*rows))
    assert not PastCertificate.objects.exists()


# --- assessors ------------------------------------------------------------------------------------------------


def test_the_schemes_of_an_assessor_come_in_and_none_is_taken_away(as_role):
    admin = as_role("administrator")
    other = Scheme.objects.create(code="dapur-umum", title="Dapur Umum")
    head = ("Nama lengkap", "E-mail", "No. Reg.", "Berlaku sampai", "Skema yang boleh dinilai")
    row = ["Siti Rahma", "siti@contoh.id", "MET.000.000009 2024", "24/11/2027", "distribusi-bantuan; Dapur Umum"]
    _where, run = hand_in(admin, head, row, kind="assessorprofile")
    assert run.outcome == ImportOutcome.CHECKED, run.report["faults"]
    admin.post(address(run, "apply"))
    schemes = AssessorQualification.objects.filter(assessor__registration_number=row[2])
    assert schemes.count() == 2
    _where, again = hand_in(admin, head, [*row[:4], other.code], kind="assessorprofile")
    assert again.outcome == ImportOutcome.UNCHANGED


# --- the list and its page ------------------------------------------------------------------------------------


def test_the_register_is_corrected_linked_and_found_by_nik(desk, clerk):
    row = make_past_certificate(nik="8171015204900001")
    make_past_certificate(holder_name="Budi")
    page = reverse("admin:core_pastcertificate_changelist")
    found = desk.post(page, {"cari": "8171 0152 0490 0001"}, follow=True).content.decode()
    assert row.number in found
    assert "Budi" not in found

    change = reverse("admin:core_pastcertificate_change", args=[row.pk])
    form = desk.get(change).context_data["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    desk.post(change, values | {"holder_name": "Siti Rahmah", "_drawn": desk.get(change).context_data.get("drawn", "")})
    person = make_user(role="asesi", full_name="Siti Rahmah", email="siti@contoh.id")
    link = reverse("admin:core_pastcertificate_link", args=[row.pk])
    assert "Nama pada akun" in desk.post(link, {"email": person.email}).content.decode()
    desk.post(link, {"email": person.email, "tautkan": "1"})
    row.refresh_from_db()
    assert (row.holder_name, row.holder, row.nik) == ("Siti Rahmah", person, "8171015204900001")
    desk.post(reverse("admin:core_pastcertificate_unlink", args=[row.pk]))
    row.refresh_from_db()
    assert row.holder is None


def test_the_page_offers_the_acts_that_the_table_allows_and_tells_what_was_done(desk, as_role):
    row = make_past_certificate()
    change = reverse("admin:core_pastcertificate_change", args=[row.pk])
    act = {name: reverse(f"admin:core_pastcertificate_{name}", args=[row.pk]) for name in ("suspend", "reinstate")}
    page = desk.get(change).content.decode()
    assert act["suspend"] in page
    assert act["reinstate"] not in page
    assert "tidak ada surat" in desk.get(act["suspend"]).content.decode()

    refused = desk.post(act["suspend"], {"reason": ""})
    assert refused.status_code == 422
    done = desk.post(act["suspend"], {"reason": "Laporan BPBD."}, follow=True).content.decode()

    assert "dibekukan." in done
    assert "mendapat surat" not in done  # nobody knows where to
    assert "Laporan BPBD." in done
    assert act["reinstate"] in done
    for role in ("administrator", "bnsp"):
        assert as_role(role).post(act["reinstate"], {"reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert row.status == "dibekukan"


def test_bnsp_reads_the_register_without_personal_identifiers(as_role):
    row = make_past_certificate(nik="8171015204900001", email="siti@contoh.id")
    page = as_role("bnsp").get(reverse("admin:core_pastcertificate_change", args=[row.pk])).content.decode()
    assert row.number in page
    assert "81••" not in page
    assert "siti@contoh.id" not in page
