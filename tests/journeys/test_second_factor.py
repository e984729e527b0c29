"""The second factor as people meet it: once set up, then at each log-in, and on the day when the phone is gone."""

from base64 import b32decode

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from core.accounts.models import User
from core.policy.models import SystemPolicy
from tests.factories.accounts import Phone, make_user
from tests.journeys.steps import CandidateSteps, ClerkSteps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASSWORD = "ambon-manise-2026"


def phone_of(page: Page, user: User) -> Phone:
    """Type the key that the page shows into an app."""
    typed = page.locator("code").first.inner_text().replace(" ", "")
    return Phone(user, b32decode(typed), [])


def half_a_minute_later(user: User) -> None:
    """The code that was just used may be used again: the test does not wait for the next one."""
    TOTPDevice.objects.filter(user=user).update(last_t=-1)


def log_out(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    with page.expect_navigation():
        page.get_by_role("button", name="Keluar").first.click()


def test_a_clerk_enrols_and_comes_in_by_phone_by_remembered_device_and_by_recovery_code(desktop, live_server):
    SystemPolicy.objects.update(second_factor_sekretariat=True)
    user = make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
    clerk = ClerkSteps(desktop, live_server.url)

    clerk.log_in("petugas@contoh.id", PASSWORD)
    expect(desktop.get_by_role("heading", name="Aktifkan faktor kedua")).to_be_visible()
    phone = phone_of(desktop, user)
    desktop.get_by_label("Kode yang ditampilkan aplikasi").fill(phone.code())
    clerk.press("Aktifkan")
    expect(desktop.locator(".bo-codes code")).to_have_count(10)
    codes = desktop.locator(".bo-codes code").all_inner_texts()
    with desktop.expect_download() as download:
        desktop.get_by_role("link", name="Unduh").click()
    assert download.value.path().read_text().split() == codes
    desktop.get_by_role("link", name="Sudah saya simpan, lanjutkan").click()
    expect(desktop).to_have_url(f"{live_server.url}/admin/")

    log_out(desktop, live_server.url)
    half_a_minute_later(user)
    clerk.log_in("petugas@contoh.id", PASSWORD)
    desktop.get_by_label("Kode dari aplikasi").fill(phone.code())
    desktop.get_by_label("Ingat perangkat ini 14 hari").check()
    clerk.press("Lanjutkan")
    expect(desktop).to_have_url(f"{live_server.url}/admin/")

    log_out(desktop, live_server.url)
    clerk.log_in("petugas@contoh.id", PASSWORD)
    expect(desktop).to_have_url(f"{live_server.url}/admin/")  # remembered: not asked

    desktop.goto(f"{live_server.url}/admin/keamanan/")
    clerk.press("Lupakan")
    log_out(desktop, live_server.url)
    clerk.log_in("petugas@contoh.id", PASSWORD)
    desktop.get_by_role("link", name="Pakai kode pemulihan").click()
    desktop.get_by_label("Kode pemulihan").fill(codes[0].lower())
    clerk.press("Lanjutkan")
    expect(desktop).to_have_url(f"{live_server.url}/admin/")
    desktop.goto(f"{live_server.url}/admin/keamanan/")
    expect(desktop.get_by_text("Sisa 9 kode pemulihan")).to_be_visible()


@pytest.mark.parametrize("screen", ["phone", "phone_without_js"])
def test_a_candidate_enrols_by_choice_on_a_phone(screen, request, live_server):
    page: Page = request.getfixturevalue(screen)
    user = make_user(role="asesi", email="nur@contoh.id", password=PASSWORD)
    candidate = CandidateSteps(page, live_server.url, has_script=screen == "phone")

    candidate.log_in("nur@contoh.id", PASSWORD)
    candidate.press("Atur keamanan akun")
    candidate.press("Aktifkan faktor kedua")
    phone = phone_of(page, user)
    candidate.type("Kode yang ditampilkan aplikasi", phone.code())
    candidate.press("Aktifkan")
    expect(page.locator(".codes code")).to_have_count(10)
    code = page.locator(".codes code").first.inner_text()
    candidate.press("Sudah saya simpan, lanjutkan")

    log_out_candidate(page)
    half_a_minute_later(user)
    candidate.log_in("nur@contoh.id", PASSWORD)
    candidate.type("Kode dari aplikasi", phone.code())
    candidate.press("Lanjutkan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Halo")

    log_out_candidate(page)
    candidate.log_in("nur@contoh.id", PASSWORD)
    candidate.press("Pakai kode pemulihan")
    candidate.type("Kode pemulihan", code)
    candidate.press("Lanjutkan")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Halo")


def log_out_candidate(page: Page) -> None:
    page.locator("summary", has_text="Menu").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Keluar").locator("visible=true").first.click()
