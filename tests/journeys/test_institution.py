"""An HR officer registers forty people: in by a letter, a file with faults, the marked file mended, invited, followed."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.accounts.models import User
from core.institutions.models import Invitation
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user
from tests.journeys.steps import CandidateSteps, ClerkSteps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

OFFICER = "hr@lumajang.contoh.id"
PASSWORD = "lumajang-siaga-2026"
PEOPLE = 40


def fill(content: bytes) -> bytes:
    """The template with forty people; four rows are wrong in five cells."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Orang"]
    for number in range(1, PEOPLE + 1):
        sheet.append([f"Pegawai Nomor {number}", f"pegawai{number}@contoh.id", "Analis", "Distribusi Bantuan"])
    sheet["B4"] = "pegawai3@"
    sheet["A7"], sheet["D7"] = None, "Distribusi Bantuann"
    sheet["B11"] = sheet["B10"].value
    sheet["D20"] = None
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mend(content: bytes) -> bytes:
    """The marked file, put right where it is coloured."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Orang"]
    coloured = [c.coordinate for row in sheet["A2:D41"] for c in row if c.fill.fgColor.rgb == "00FFD9D6"]
    assert coloured == ["B4", "A7", "D7", "B11", "D20"]
    assert "Skema belum diisi" in sheet["E20"].value
    sheet["B4"], sheet["A7"], sheet["B11"] = "pegawai3@contoh.id", "Pegawai Nomor 6", "pegawai10@contoh.id"
    sheet["D7"] = sheet["D20"] = "distribusi-bantuan"
    return saved(book)


def download(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    with open(waiting.value.path(), "rb") as file:
        return file.read()


def upload(page: Page, content: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.get_by_label("Berkas Excel").set_input_files({"name": "pegawai.xlsx", "mimeType": kind, "buffer": content})
    page.get_by_role("button", name="Periksa berkas").click()


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_forty_people_are_invited_and_the_first_one_begins(has_script, request, desktop, live_server):
    phone: Page = request.getfixturevalue("phone" if has_script else "phone_without_js")
    make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
    officer = CandidateSteps(phone, live_server.url, has_script=has_script)

    officer.open("/instansi/")
    officer.press("Daftarkan instansi")
    officer.type("Nama instansi", "BPBD Kabupaten Lumajang")
    officer.choose("Jenis instansi", "BPBD kabupaten/kota")
    phone.get_by_label("Wilayah").select_option("3508")
    officer.type("Alamat kantor", "Jalan Merdeka 1")
    officer.type("Telepon narahubung", "0334 881234")
    officer.type("Nama Anda", "Sri Wahyuni")
    officer.type("E-mail kantor Anda", OFFICER)
    officer.tick("Saya menyetujui")
    officer.press("Kirim pendaftaran")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Periksa kotak surat Anda")
    officer.follow_letter(OFFICER)
    officer.type("Sandi", PASSWORD)
    officer.press("Simpan dan lanjutkan")
    expect(phone.get_by_text("Menunggu sekretariat")).to_be_visible()

    clerk = ClerkSteps(desktop, live_server.url)
    clerk.log_in("petugas@contoh.id", PASSWORD)
    desktop.goto(live_server.url + "/admin/core/institution/")
    desktop.get_by_role("link", name="BPBD Kabupaten Lumajang").click()
    desktop.get_by_role("button", name="Setujui instansi").click()
    expect(desktop.get_by_text("Instansi disetujui; petugasnya mendapat surat.")).to_be_visible()

    officer.open("/instansi/meja/")
    officer.press("Unggah daftar orang")
    upload(phone, fill(download(phone, "Templat Excel")))
    expect(phone.get_by_role("heading", name="Yang perlu diperbaiki")).to_be_visible()
    expect(phone.get_by_text("Skema belum diisi. Pilih dari daftar di templat.")).to_be_visible()
    expect(phone.get_by_role("button", name=f"Undang {PEOPLE - 4} orang yang sudah benar")).to_be_visible()
    assert not Invitation.objects.exists()

    mended = mend(download(phone, "Unduh berkas bertanda"))
    officer.press("Unggah berkas lain")
    upload(phone, mended)
    expect(phone.get_by_role("heading", name="Yang perlu diperbaiki")).to_have_count(0)
    officer.tick("Orang-orang ini sudah tahu")
    officer.press(f"Kirim undangan kepada {PEOPLE} orang")
    expect(phone.get_by_text(f"{PEOPLE} undangan sedang dikirim.")).to_be_visible()
    assert OutboxMessage.objects.filter(template_key="institution-invitation").count() == PEOPLE
    assert not User.objects.filter(groups__name="asesi").exists()
    following = phone.url

    officer.open("/instansi/pendaftaran/")
    upload(phone, mended)
    expect(phone.get_by_text("Berkas ini sama persis dengan yang sudah dikirim")).to_be_visible()
    expect(phone.get_by_role("button", name=re.compile("^Kirim undangan"))).to_have_count(0)

    person = CandidateSteps(desktop, live_server.url)
    desktop.context.clear_cookies()
    person.follow_letter("pegawai1@contoh.id")
    expect(desktop.get_by_text("BPBD Kabupaten Lumajang mengundang Anda")).to_be_visible()
    person.type("Sandi", "ambon-manise-2026")
    person.tick("Saya menyetujui")
    person.press("Buat akun dan mulai")
    expect(desktop.get_by_text("Permohonan Anda sudah dibuka.")).to_be_visible()

    phone.goto(following)
    row = phone.get_by_role("row", name=re.compile("Pegawai Nomor 1 "))
    expect(row.or_(phone.locator("tr").filter(has_text="pegawai1@contoh.id")).first).to_contain_text("Sedang mengisi")
