"""From "I want a certificate" to an accepted application: a candidate on a phone, a clerk at a desk."""

import pytest
from playwright.sync_api import Browser, Page, expect

from core.accounts.models import User
from core.applications.models import Application
from core.messaging.models import OutboxMessage
from tests.factories.accounts import make_user
from tests.journeys.steps import CandidateSteps, ClerkSteps, phone_photo

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SCHEME = "Distribusi Bantuan"
EMAIL = "nur@contoh.id"
PASSWORD = "ambon-manise-2026"
NIK = "8171015205900001"


@pytest.mark.parametrize("has_script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_candidate_is_returned_corrects_and_is_accepted(has_script, request, desktop, live_server):
    phone: Page = request.getfixturevalue("phone" if has_script else "phone_without_js")
    make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
    candidate = CandidateSteps(phone, live_server.url, has_script=has_script)
    clerk = ClerkSteps(desktop, live_server.url)

    candidate.register(scheme=SCHEME, name="Nur Aïsyah 🌊 Pattiasina", email=EMAIL, password=PASSWORD)
    candidate.fill_profile(NIK)
    candidate.choose_purpose()
    candidate.attach_requirements()
    candidate.assess_unit()
    candidate.assess_unit()
    number = candidate.sign_and_send()

    clerk.log_in("petugas@contoh.id", PASSWORD)
    clerk.open_oldest()
    clerk.press("Ambil untuk diperiksa")
    clerk.judge("KTP", "Tidak memenuhi syarat", note="Foto KTP buram.")
    clerk.judge_the_rest_as_met()
    clerk.return_with_prefilled_parts()
    assert Application.objects.get(number=number).status == "returned"
    assert "Foto KTP buram." in OutboxMessage.objects.filter(template_key="application-returned").get().body

    candidate.open("/akun/")
    candidate.press("Perbaiki sekarang Distribusi Bantuan")
    expect(phone.get_by_text("Perbaiki", exact=True)).to_have_count(1)
    expect(phone.locator(".task a")).to_have_count(2)  # the part that was named, and sending
    candidate.press("Bukti persyaratan")
    expect(phone.get_by_text("Foto KTP buram.").first).to_be_visible()
    candidate.attach("KTP", phone_photo("linen"))
    candidate.press("Simpan dan lanjutkan")
    assert candidate.sign_and_send() == number

    clerk.open_oldest()
    expect(desktop.get_by_text("Yang berubah sejak pengiriman sebelumnya")).to_be_visible()
    clerk.press("Ambil untuk diperiksa")
    clerk.judge_the_rest_as_met()
    clerk.judge("Sertifikat pelatihan", "Tidak ada")
    clerk.judge("Daftar riwayat hidup", "Tidak ada")
    clerk.accept()

    candidate.open(f"/permohonan/{number}/")
    expect(phone.locator(".tag").first).to_have_text("Diterima")
    assert Application.objects.get(number=number).status == "accepted"


def test_a_second_application_types_nothing_that_was_known(phone, live_server):
    candidate = CandidateSteps(phone, live_server.url)
    candidate.register(scheme=SCHEME, name="Nur Pattiasina", email=EMAIL, password=PASSWORD)
    candidate.fill_profile(NIK)
    candidate.choose_purpose()
    candidate.attach_requirements()
    candidate.assess_unit()
    candidate.assess_unit()
    candidate.sign_and_send()
    first = dict(candidate.counts)

    candidate.counts = dict.fromkeys(candidate.counts, 0)
    candidate.open("/akun/")
    candidate.press("Ajukan skema lain")
    candidate.press("Pelayanan Pertolongan Pertama")
    candidate.press("Ajukan permohonan")
    candidate.press("Lanjutkan mengisi")
    candidate.choose_purpose()
    number = candidate.sign_and_send()

    print(f"\nFirst application: {first}; second: {candidate.counts}")  # the figures of the closing note
    assert candidate.counts["typed"] == candidate.counts["files"] == 0
    answers = Application.objects.get(number=number).submissions.get().snapshot["sections"]
    assert answers["personal"]["nik"] == NIK


def test_what_was_typed_survives_an_expired_session(phone_without_js, live_server):
    candidate = CandidateSteps(phone_without_js, live_server.url, has_script=False)
    candidate.register(scheme=SCHEME, name="Nur Pattiasina", email=EMAIL, password=PASSWORD)
    candidate.press("Mulai mengisi")
    candidate.type("NIK", NIK)
    candidate.type("Tempat lahir", "Ambon")
    phone_without_js.context.clear_cookies(name="sessionid")

    candidate.press("Simpan dan lanjutkan")
    candidate.type("Alamat e-mail", EMAIL)
    candidate.type("Sandi", PASSWORD)
    phone_without_js.locator("main").get_by_role("button", name="Masuk").click()
    candidate.press("Simpan isian saya")

    assert User.objects.get(email=EMAIL).candidate.birth_place == "Ambon"
    assert User.objects.get(email=EMAIL).candidate.nik == NIK


def test_what_was_typed_survives_a_dead_link(phone, live_server):
    candidate = CandidateSteps(phone, live_server.url)
    candidate.register(scheme=SCHEME, name="Nur Pattiasina", email=EMAIL, password=PASSWORD)
    candidate.press("Mulai mengisi")
    address = phone.url
    candidate.type("Tempat lahir", "Ambon")

    phone.context.set_offline(True)
    expect(phone.get_by_text("Sambungan terputus")).to_be_visible()
    phone.close()
    phone.context.set_offline(False)
    again = phone.context.new_page()
    again.goto(address)

    expect(again.get_by_text("dipulihkan dari ponsel ini")).to_be_visible()
    expect(again.get_by_label("Tempat lahir")).to_have_value("Ambon")


def test_two_tabs_never_overwrite_each_other_silently(phone, live_server):
    candidate = CandidateSteps(phone, live_server.url)
    candidate.register(scheme=SCHEME, name="Nur Pattiasina", email=EMAIL, password=PASSWORD)
    candidate.press("Mulai mengisi")
    second = phone.context.new_page()
    second.goto(phone.url)
    candidate.type("Tempat lahir", "Ambon")
    candidate.press("Simpan dan lanjutkan")

    second.get_by_label("Tempat lahir").fill("Masohi")
    second.get_by_role("button", name="Simpan dan lanjutkan").click()

    expect(second.get_by_role("heading", level=1)).to_contain_text("Bandingkan isian")
    question = second.get_by_role("group", name="Tempat lahir")
    expect(question.get_by_label("Yang tersimpan")).to_be_visible()
    assert User.objects.get(email=EMAIL).candidate.birth_place == "Ambon"
    question.get_by_label("Yang Anda isi di sini").check()
    second.get_by_role("button", name="Simpan pilihan saya").click()
    expect(second.get_by_role("heading", level=1)).to_contain_text("Alamat dan kontak")
    assert User.objects.get(email=EMAIL).candidate.birth_place == "Masohi"


def test_answers_save_themselves_and_go_on_on_another_phone(phone, browser: Browser, live_server):
    candidate = CandidateSteps(phone, live_server.url)
    candidate.register(scheme="Mengevaluasi Risiko", name="Nur Pattiasina", email=EMAIL, password=PASSWORD)
    phone.get_by_role("link", name="Mengevaluasi Risiko").first.click()
    address = phone.url
    phone.locator(".seg__opt label").first.click()
    expect(phone.locator("[data-sign]")).to_contain_text("Tersimpan")

    other = CandidateSteps(browser.new_page(), live_server.url)
    other.log_in(EMAIL, PASSWORD)
    other.page.goto(address)

    expect(other.page.locator(".seg__opt input").first).to_be_checked()
