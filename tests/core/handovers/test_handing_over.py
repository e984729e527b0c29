"""A hand-over from its preparation to BNSP: the list cell by cell, the archive, once per case, and corrections."""

import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from datetime import date, timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from core.activity.models import ActivityEntry
from core.decisions.models import Decision
from core.documents.archive import SUMS_NAME
from core.handovers.enums import HandoverStatus as H
from core.handovers.models import Handover, HandoverColumn, HandoverLayout
from core.handovers.papers import make_archive
from core.handovers.queries import handovers_for, pending_decisions
from core.handovers.services import (
    add_decisions,
    attach_letter,
    check_handover,
    correct_handover,
    hand_over,
    prepare_handover,
    remove_cases,
    reopen_handover,
    withdraw_handover,
)
from core.privacy.own_data import collect
from tests.core.helpers import at_once, refused
from tests.factories.accounts import make_user
from tests.factories.documents import text_pdf
from tests.factories.handovers import REASON, entry, make_decided, make_handover

pytestmark = pytest.mark.django_db
HEADINGS = [
    "Nama asesi", "NIK", "Tempat lahir", "Tanggal lahir", "Jenis kelamin", "Tempat tinggal", "Kode kabupaten/kota",
    "Kode provinsi", "Telp", "E-mail", "Kode pendidikan", "Kode pekerjaan", "Kode jadwal", "Tanggal uji",
    "Nomor registrasi asesor", "Kode sumber anggaran", "Kode kementerian", "K/BK",
]  # fmt: skip


@pytest.fixture
def clerk():
    return make_user(role="sekretariat", full_name="Ratna Puspita")


def opened(handover, by):
    return zipfile.ZipFile(io.BytesIO(bytes_of(handover, by)))


def bytes_of(handover, by):
    return b"".join(make_archive(handover=handover, by=by).pieces)


def cells(handover, by):
    archive = opened(handover, by)
    [name] = [name for name in archive.namelist() if name.endswith(".xlsx")]
    return load_workbook(io.BytesIO(archive.read(name)))["Asesi"]


# --- the list -----------------------------------------------------------------------------------------


def test_the_list_is_read_back_cell_by_cell(clerk):
    decision = make_decided(by=clerk, full_name="=HYPERLINK(1)")
    person = decision.application.candidate
    type(person).objects.filter(pk=person.pk).update(home_address="-5+2\nJalan\tAnyar")
    session = decision.application.placements.get().session

    sheet = cells(make_handover(decision, by=clerk, status="diperiksa"), clerk)

    head, row = list(sheet.iter_rows())
    assert [cell.value for cell in head] == HEADINGS
    assert [cell.value for cell in row] == [
        "=HYPERLINK(1)", person.nik, "Ambon", row[3].value, "L", "-5+2 Jalan Anyar", "8171", "81", "081234567890",
        person.user.email, "1", "1", "J-2026-77", row[13].value,
        decision.record.assessor.registration_number, "1", "54", "K",
    ]  # fmt: skip
    assert (row[3].value.date(), row[3].number_format) == (date(1990, 5, 12), "dd-mm-yyyy")
    assert row[13].value.date() == timezone.localdate(session.starts_at)
    texts = [cell for place, cell in enumerate(row) if place not in (3, 13)]
    assert {(cell.data_type, cell.number_format) for cell in texts} == {("s", "@")}  # no formula, no number
    assert [cell.quotePrefix for cell in (row[0], row[5], row[1])] == [True, True, False]


def test_the_layout_is_the_offices_and_what_was_checked_keeps_the_one_it_was_made_with(clerk):
    layout = HandoverLayout.objects.get()
    layout.columns.exclude(source__in=("nama", "keputusan")).delete()
    layout.columns.filter(source="nama").update(heading="NAMA PESERTA", position=9)
    HandoverColumn.objects.create(layout=layout, heading="Skema", source="skema", position=10)
    entry("hasil_uji", "K").__class__.objects.filter(code_list__code="hasil_uji", code="K").update(code="1")
    handover = make_handover(by=clerk, status="diperiksa")
    layout.columns.all().delete()

    head, row = list(cells(handover, clerk).iter_rows(values_only=True))

    assert head == ("NAMA PESERTA", "Skema", "K/BK")
    assert row[1:] == (handover.cases.get().application.scheme_version.scheme.title, "1")


# --- the archive --------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="needs sha256sum")
def test_the_archive_holds_letter_minutes_and_list_and_its_checksums_hold(tmp_path, clerk):
    decisions = [make_decided(by=clerk), make_decided(by=clerk, outcome="BK")]
    handover = make_handover(*decisions, by=clerk, status="diserahkan")
    content = bytes_of(handover, clerk)
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    [folder] = [path for path in tmp_path.iterdir() if path.is_dir()]

    checked = subprocess.run(["sha256sum", "-c", SUMS_NAME], cwd=folder, capture_output=True, text=True)

    assert (checked.returncode, checked.stderr) == (0, "")
    names = sorted(path.name for path in folder.iterdir())
    assert [name[:15] for name in names[:-1]] == [
        "01 Surat pengan",
        "02 Berita acara",
        "03 Berita acara",
        "04 Daftar asesi",
    ]
    assert names[-1] == SUMS_NAME
    manifest = (folder / SUMS_NAME).read_text()
    assert all(f"# {(folder / name).stat().st_size} byte  {name}" in manifest for name in names[:-1])
    assert (len(content), hashlib.sha256(content).hexdigest()) == (handover.archive_size, handover.archive_sha256)
    letter = " ".join(" ".join(page.extract_text() for page in PdfReader(folder / names[0]).pages).split())
    for words in (handover.number, "2 asesi", "1 kompeten dan 1 belum kompeten", decisions[0].plenary.number, "Agus Hartono"):  # fmt: skip
        assert words in letter


def test_what_went_out_is_the_same_byte_for_byte_whatever_changes_afterwards(clerk):
    handover = make_handover(by=clerk, status="diserahkan")
    before = bytes_of(handover, clerk)
    person = handover.cases.get().application.candidate
    type(person).objects.filter(pk=person.pk).update(birth_place="Masohi")
    HandoverColumn.objects.all().delete()

    assert bytes_of(handover, make_user(role="administrator")) == before
    assert bytes_of(handover, make_user(role="bnsp")) == before
    assert ActivityEntry.objects.filter(code="handover.download").count() == 3


def test_a_letter_signed_on_paper_takes_the_place_of_ours(clerk):
    handover = make_handover(by=clerk)
    signed = text_pdf("Ditandatangani basah")
    handover = attach_letter(handover=handover, stream=io.BytesIO(signed), file_name="surat.pdf", by=clerk)

    archive = opened(check_handover(handover=handover, by=clerk), clerk)

    assert "Ditandatangani basah" in PdfReader(io.BytesIO(archive.read(archive.namelist()[0]))).pages[0].extract_text()


# --- once per case ------------------------------------------------------------------------------------


def test_a_case_lies_in_one_handover_at_a_time_and_waits_again_when_it_is_taken_out(clerk):
    first, second = make_decided(by=clerk), make_decided(by=clerk, outcome="BK")
    assert list(pending_decisions()) == [first, second]
    handover = make_handover(first, by=clerk)

    with refused("add_decisions.taken"):
        prepare_handover(decisions=[first, second], by=clerk)
    assert list(Handover.objects.all()) == [handover]
    add_decisions(handover=handover, decisions=[second], by=clerk)
    assert not pending_decisions().exists()
    remove_cases(handover=handover, cases=[handover.cases.first().pk], by=clerk)
    assert list(pending_decisions()) == [first]


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_gets_the_cases_and_both_the_same_archive():
    clerks = [make_user(role="sekretariat") for _each in range(2)]
    decisions = [make_decided(by=clerks[0]) for _each in range(2)]

    results = at_once(
        lambda: prepare_handover(decisions=decisions, by=clerks[0]),
        lambda: prepare_handover(decisions=decisions[::-1], by=clerks[1]),
    )

    assert sorted(type(result).__name__ for result in results) == ["DomainError", "Handover"]
    assert [row.cases.count() for row in Handover.objects.all()] == [2]
    handover = check_handover(handover=Handover.objects.get(), by=clerks[0])
    first, second = at_once(lambda: bytes_of(handover, clerks[0]), lambda: bytes_of(handover, clerks[1]))
    assert first == second
    assert handover.files.count() == 4


# --- afterwards ---------------------------------------------------------------------------------------


def test_reopening_keeps_the_number_and_what_was_made_of_the_earlier_edition(clerk):
    handover = make_handover(by=clerk, status="diperiksa")
    number, before = handover.number, bytes_of(handover, clerk)

    handover = reopen_handover(handover=handover, by=clerk)
    assert (handover.status, handover.signature, handover.manifest) == (H.PREPARING, None, "")
    handover = check_handover(handover=handover, by=clerk)

    assert handover.number == number
    assert bytes_of(handover, clerk) != before
    assert sorted(handover.files.values_list("edition", flat=True)) == [1, 1, 1, 2, 2, 2]


def test_a_correction_takes_the_place_of_what_went_out_and_says_so(clerk):
    kept, left_out = make_decided(by=clerk), make_decided(by=clerk)
    former = make_handover(kept, left_out, by=clerk, status="diserahkan")
    person = kept.application.candidate
    type(person).objects.filter(pk=person.pk).update(birth_place="Masohi")

    correction = correct_handover(handover=former, reason="Tempat lahir keliru.", by=clerk)
    with refused("correct_handover.refused"):
        correct_handover(handover=former, reason="Tempat lahir keliru.", by=clerk)
    remove_cases(handover=correction, cases=[correction.cases.get(decision=left_out).pk], by=clerk)
    assert not pending_decisions().exists()  # the former still holds
    correction = check_handover(handover=correction, by=clerk)
    assert f"menggantikan surat kami nomor {former.number}" in " ".join(correction.frozen["letter"]["paragraphs"])
    correction = hand_over(handover=correction, handed_on=timezone.localdate(), channel="email", by=clerk)

    former.refresh_from_db()
    assert (former.status, correction.status, correction.replaces) == (H.REPLACED, H.HANDED, former)
    assert list(pending_decisions()) == [left_out]
    assert list(correction.cases.values_list("in_force", flat=True)) == [True]
    assert set(former.cases.values_list("in_force", flat=True)) == {None}
    assert bytes_of(former, clerk) != bytes_of(correction, clerk)


def test_a_case_decided_anew_on_appeal_is_handed_over_again_as_a_correction(clerk):
    decision = make_decided(by=clerk, outcome="BK")
    former = make_handover(decision, by=clerk, status="diserahkan")
    Decision.objects.filter(pk=decision.pk).update(in_force=None)
    anew = Decision.objects.create(
        plenary=make_decided(by=clerk).plenary,
        application=decision.application,
        record=decision.record,
        outcome="K",
        decided_at=timezone.now(),
        to_report=True,
    )

    correction = correct_handover(handover=former, reason="Banding dikabulkan.", by=clerk)

    assert list(correction.cases.values_list("decision", flat=True)) == [anew.pk]
    assert anew not in pending_decisions()
    withdraw_handover(handover=correction, reason="Menunggu keputusan lain.", by=clerk)
    assert anew in pending_decisions()


def test_what_was_appealed_against_after_the_check_does_not_go_out(clerk):
    handover = make_handover(by=clerk, status="diperiksa")
    Decision.objects.update(in_force=None)

    with refused("hand_over.refused"):
        hand_over(handover=handover, handed_on=timezone.localdate(), channel="aplikasi", by=clerk)


def test_withdrawing_needs_a_reason_and_gives_the_cases_back(clerk):
    handover = make_handover(by=clerk, status="diserahkan")
    with refused("handover.reason", field="reason"):
        withdraw_handover(handover=handover, reason="salah", by=clerk)

    handover = withdraw_handover(handover=handover, reason="BNSP meminta jadwal lain.", by=clerk)

    assert (handover.status, pending_decisions().count()) == (H.WITHDRAWN, 1)
    assert bytes_of(handover, clerk)  # what went out stays kept
    with refused("handover_download.refused"):
        make_archive(handover=handover, by=make_user(role="bnsp"))


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"channel": "merpati"}, "hand_over.channel", "channel"),
        ({"handed_on": date.max}, "hand_over.day", "handed_on"),
        ({"handed_on": timezone.localdate() - timedelta(days=1)}, "hand_over.day", "handed_on"),
    ],
)
def test_how_and_when_it_went_out_must_be_told(clerk, values, code, field):
    handover = make_handover(by=clerk, status="diperiksa")
    with refused(code, field=field):
        hand_over(handover=handover, by=clerk, **{"handed_on": timezone.localdate(), "channel": "aplikasi"} | values)


# --- who may, and the person behind a row -------------------------------------------------------------


@pytest.mark.parametrize("role", ["administrator", "asesor", "bnsp", "asesi"])
def test_only_the_secretariat_prepares_checks_and_hands_over(clerk, role):
    stranger, handover = make_user(role=role), make_handover(by=clerk)
    acts = {
        "prepare_handover.refused": lambda: prepare_handover(decisions=[], by=stranger),
        "add_decisions.refused": lambda: add_decisions(handover=handover, decisions=[], by=stranger),
        "check.refused": lambda: check_handover(handover=handover, acceptance=REASON, by=stranger),
        "withdraw.refused": lambda: withdraw_handover(handover=handover, reason=REASON, by=stranger),
        "correct_handover.refused": lambda: correct_handover(handover=handover, reason=REASON, by=stranger),
    }
    for code, act in acts.items():
        with refused(code):
            act()


def test_bnsp_sees_what_went_out_only(clerk):
    make_handover(by=clerk)
    handed = make_handover(by=clerk, status="diserahkan")
    assert list(handovers_for(make_user(role="bnsp"))) == [handed]
    assert handovers_for(clerk).count() == 2


def test_a_person_learns_what_bnsp_was_told_and_no_name_stands_in_what_was_signed(clerk):
    decision = make_decided(by=clerk, full_name="Sari Wulandari")
    handover = make_handover(decision, by=clerk, status="diserahkan")

    [told] = collect(decision.application.candidate.user)["serah_terima_bnsp"]

    assert told["surat"] == handover.number
    assert "Nama asesi: Sari Wulandari; NIK: " in told["isi"]
    assert "Sari" not in handover.content
    row = handover.cases.get()
    assert json.loads(row.content)[0] == "Sari Wulandari"
    assert hashlib.sha256(row.content.encode()).hexdigest() in handover.frozen["rows"]
