"""The secretariat's commonest acts, from the home page to done; presses, typed fields and seconds are counted."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from reversion.models import Revision

from core.activity.versions import kept
from core.applications.models import Application
from core.schemes.models import Scheme
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.factories.assessments import make_assessor
from tests.factories.forms import assessor_of, make_paper
from tests.journeys.steps import ClerkSteps, logged_in

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASSWORD = "ambon-manise-2026"


class Desk:
    """A clerk's screen that counts."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.presses = self.typed = 0
        ClerkSteps(page, address).log_in("petugas@contoh.id", PASSWORD)
        expect(page.get_by_role("heading", name="Beranda")).to_be_visible()

    def press(self, name: str, *, within: str = "body", role: str = "button", leaves: bool = False) -> None:
        target = self.page.locator(within).get_by_role(role, name=name, exact=role == "button").first
        self.presses += 1
        if leaves:
            with self.page.expect_navigation():
                target.click()
        else:
            target.click()

    def type(self, where: str, text: str) -> None:
        self.page.locator(where).fill(text)
        self.typed += 1

    @contextmanager
    def act(self, title: str) -> Iterator[None]:
        """Prints what the act cost: the figures of the closing note."""
        start = time.perf_counter()
        yield
        print(f"\n{title}: {self.presses} presses, {self.typed} typed, {time.perf_counter() - start:.1f} s")


@pytest.fixture
def desk(desktop: Page, live_server) -> Desk:
    make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
    desktop.set_viewport_size({"width": 1440, "height": 900})
    return Desk(desktop, live_server.url)


def test_one_application_is_verified(desk):
    case = make_application()
    desk.page.reload()
    with desk.act("Verify one application"):
        desk.press("Ambil berikutnya", leaves=True)
        desk.press("Sisanya memenuhi syarat", leaves=True)
        desk.press("Terima")
        desk.press("Terima", within="#bo-act-body", leaves=True)
    assert Application.objects.get(pk=case.pk).status == "accepted"


def test_one_application_is_returned(desk):
    case = make_application()
    desk.page.reload()
    with desk.act("Return one application"):
        desk.press("Ambil berikutnya", leaves=True)
        row = desk.page.get_by_role("group", name="KTP")
        row.get_by_text("Tidak memenuhi syarat", exact=True).click()
        desk.presses += 1
        row.locator("input[type=text]").fill("Foto KTP buram.")
        desk.typed += 1
        row.locator("input[type=text]").blur()
        expect(row.locator(".bo-state strong")).to_have_text("Tidak memenuhi syarat")
        desk.press("Kembalikan untuk diperbaiki")
        desk.press("Kembalikan untuk diperbaiki", within="#bo-act-body", leaves=True)
    assert Application.objects.get(pk=case.pk).status == "returned"


def test_the_choice_of_an_assessor_fits_into_its_dialog_and_is_found_by_typing(desk):
    make_assessor(full_name="Bambang Prasetyo", institution="Balai Pelatihan Penanggulangan Bencana Provinsi Maluku")
    for number in range(7):
        make_assessor(full_name=f"Asesor {number}")
    case = make_application(status="accepted")
    desk.page.goto(f"{desk.address}/admin/core/application/{case.pk}/change/")
    desk.press("Tunjuk asesor")
    dialog = desk.page.locator("#bo-act-dialog")
    expect(dialog.get_by_text("0 permohonan").first).to_be_visible()
    assert dialog.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")

    search = dialog.get_by_label("Cari asesor")
    search.fill("maluku bambang")  # every word, in whichever line of the person it stands
    expect(dialog.locator(".bo-person:visible")).to_have_count(1)
    search.press("Enter")  # chooses, and does not send
    expect(dialog.get_by_role("radio", name="Bambang Prasetyo")).to_be_checked()
    search.fill("tidak ada")
    expect(dialog.get_by_text("Tidak ada yang cocok.")).to_be_visible()
    expect(dialog.locator(".bo-person:visible")).to_have_count(1)  # whoever is chosen stays in sight


def test_a_person_is_found_by_nik(desk):
    case = make_application(full_name="Yohana Pattiasina")
    with desk.act("Find a person by NIK"):
        desk.page.keyboard.press("Control+k")
        desk.presses += 1
        desk.type("#command-search, [name=s]:visible", case.candidate.nik)
        hit = desk.page.get_by_role("link", name="Yohana Pattiasina").first
        expect(hit).to_be_visible()
        desk.page.keyboard.press("Enter")
        desk.presses += 1
        expect(desk.page.get_by_text("Yohana Pattiasina").first).to_be_visible()
    assert case.candidate.nik not in desk.page.url


def test_yesterdays_version_of_a_scheme_is_restored(desk):
    clerk = make_user(role="sekretariat")
    scheme = Scheme.objects.get(code="distribusi-bantuan")
    scheme.summary = "Ringkasan kemarin."
    with kept(Scheme.objects.get(pk=scheme.pk), by=clerk, reason="Kemarin"):
        scheme.save()
    Revision.objects.update(date_created=timezone.now() - timedelta(days=1))
    scheme.summary = "Ringkasan yang keliru."
    with kept(Scheme.objects.get(pk=scheme.pk), by=clerk, reason="Hari ini"):
        scheme.save()

    with desk.act("Restore yesterday's version of a scheme"):
        desk.press("Skema sertifikasi", role="link", leaves=True)
        desk.press(scheme.title, role="link", leaves=True)
        desk.press("Riwayat data skema", role="link", leaves=True)
        row = desk.page.locator("li, tr").filter(has_text="Kemarin").first
        with desk.page.expect_navigation():
            row.get_by_role("link", name="Pulihkan").first.click()
        desk.presses += 1
        desk.press("Pulihkan versi ini", leaves=True)
    scheme.refresh_from_db()
    assert scheme.summary == "Ringkasan kemarin."


def test_the_next_assessor_on_the_same_computer_sends_nothing_that_the_last_one_typed(desktop, live_server):
    paper = make_paper()
    address = reverse("admin:paper", args=[paper.pk])
    logged_in(desktop.context, live_server, assessor_of(paper))
    desktop.goto(address)
    desktop.route("**/berkas/**", lambda route: route.abort())
    desktop.get_by_label("Nama peralatan").fill("Tandu lipat")
    expect(desktop.locator("#bo-paper-saved")).to_contain_text("Belum tersimpan")
    desktop.unroute_all()

    desktop.context.clear_cookies()  # the session ended; nobody logged out
    following = make_assessor()
    paper.application.assignments.filter(in_force=True).update(assessor=following)
    logged_in(desktop.context, live_server, following.user)
    desktop.goto(address)

    expect(desktop.get_by_label("Nama peralatan")).to_have_value("")
    expect(desktop.locator("#bo-paper-saved")).to_be_empty()
