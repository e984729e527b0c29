"""From accepted to certified: five candidates, two assessors, a plenary, an appeal that succeeds, and a withdrawal.

Everything is done on screens: assessors and candidates on a phone, the secretariat at a desk. Only the
calendar is turned by hand, since nothing may be assessed before its session begins.
"""

import os
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.accounts.models import User
from core.applications.models import Application
from core.assessments.models import AssessmentSession
from core.certificates.models import Certificate
from core.certificates.printing import ensure_pdf
from core.decisions.models import Plenary
from tests.browser import PATIENCE
from tests.core.assessments.test_preassessment import case_with_evidence
from tests.factories.accounts import make_user
from tests.factories.assessments import assign, make_assessor
from tests.factories.certificates import KBJI, KBLI, KKNI, fill_in_codes
from tests.factories.corridor import make_session
from tests.factories.schemes import make_scheme

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1366, "height": 900}}


@pytest.fixture
def screen_of(new_context, live_server):
    """A screen on which somebody is logged in."""

    def opened(person: User, **options) -> Page:
        client = Client()
        client.force_login(person)
        context = new_context(**options)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return opened


def press(page: Page, name: str, *, within: str = "body") -> None:
    """Press a button, or a link that looks like one, and wait for the page it leads to."""
    place = page.locator(within)
    target = place.get_by_role("button", name=name, exact=True).or_(place.get_by_role("link", name=name, exact=True))
    with page.expect_navigation():
        target.last.click()


def press_at(page: Page, place: str) -> None:
    """The same for a button whose words tell how many are ticked."""
    with page.expect_navigation():
        page.locator(place).last.click()


def act(page: Page, name: str) -> None:
    """Press an act and confirm it: in a dialog where there is one, else on the page that asks."""
    page.get_by_role("button", name=name, exact=True).last.click()
    with page.expect_navigation():
        page.locator(".bo-act-form button[type=submit]").last.click()


def preassess(page: Page, case: Application) -> None:
    page.goto(f"/admin/core/application/{case.pk}/change/")
    press(page, "Tinjau FR.APL-02")
    press(page, "Sisanya terpenuhi")
    page.get_by_text("Asesmen dapat dilanjutkan", exact=True).click()
    press(page, "Tanda tangani")
    expect(page.locator("body")).to_contain_text("ditandatangani")


def write_results(page: Page, case: Application, *, not_yet: bool = False) -> None:
    page.goto(f"/admin/core/application/{case.pk}/hasil/")
    page.get_by_role("button", name="Semua K", exact=True).click()
    expect(page.locator("[data-k=K] input").first).to_be_checked()
    if not_yet:
        page.locator("[data-k=BK]").first.click()
        expect(page.locator("#hasil-rekomendasi")).to_contain_text("Belum kompeten")
    press(page, "Periksa dan tanda tangani")
    press(page, "Tanda tangani: Belum kompeten" if not_yet else "Tanda tangani: Kompeten")


def hold_plenary(clerk: Page, second: Page, *, title: str, members: tuple[User, User]) -> Plenary:
    """Prepared and written down by one clerk, confirmed by another."""
    clerk.goto("/admin/core/plenary/add/")
    clerk.fill("[name=title]", title)
    clerk.fill("[name=held_on]", f"{timezone.localdate():%Y-%m-%d}")
    press(clerk, "Siapkan rapat")
    plenary = Plenary.objects.get(title=title)
    clerk.goto(f"/admin/core/plenary/{plenary.pk}/anggota/")
    for number, (person, role) in enumerate(zip(members, ("ketua", "anggota"), strict=True)):
        row = clerk.locator("fieldset.bo-member").nth(number)
        row.locator("[name$=-name]").fill(person.full_name)
        row.locator("[name$=-role]").select_option(role)
    press(clerk, "Simpan anggota")
    clerk.goto(f"/admin/core/plenary/{plenary.pk}/permohonan/")
    press(clerk, "Tambahkan yang dicentang")
    press(clerk, "Ikuti rekomendasi untuk semua")
    act(clerk, "Catat keputusan")
    second.goto(f"/admin/core/plenary/{plenary.pk}/change/")
    act(second, "Sahkan keputusan")
    plenary.refresh_from_db()
    assert plenary.confirmed_at is not None
    return plenary


def issue(clerk: Page, plenary: Plenary) -> None:
    clerk.goto(f"/admin/core/certificate/terbitkan/?pleno={plenary.pk}")
    with clerk.expect_navigation():
        clerk.locator("button[name=terbitkan]").click()
    expect(clerk.locator("body")).to_contain_text("sertifikat terbit")


def statuses(cases: list[Application]) -> list[str]:
    for case in cases:
        case.refresh_from_db()
    return [case.status for case in cases]


def qr_of(certificate: Certificate, folder) -> str:
    """What a reader of QR codes finds on a picture of the printed certificate."""
    for tool in ("zbarimg", "pdftoppm"):
        if shutil.which(tool) is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{tool} tidak ada")
    with ensure_pdf(certificate).file.open("rb") as file:
        (folder / "s.pdf").write_bytes(file.read())
    subprocess.run(["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-png", "s.pdf", "s"], cwd=folder, check=True)
    picture = next(folder.glob("*.png"))
    return subprocess.run(
        ["zbarimg", "-q", "--raw", picture], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_five_candidates_from_accepted_to_certified(screen_of, live_server, tmp_path):
    version = make_scheme(units=1)
    fill_in_codes(version.scheme)
    clerk, second = make_user(role="sekretariat", full_name="Dewi"), make_user(role="sekretariat", full_name="Agus")
    assessors = [make_assessor(full_name="Bambang"), make_assessor(full_name="Yohana")]
    cases = []
    for number in range(5):
        case, former = case_with_evidence(version=version)
        case.assignments.filter(assessor=former).update(in_force=None, ended_at=timezone.now())
        assign(case, assessors[number % 2])
        cases.append(case)
    desk, second_desk = screen_of(clerk, **DESK), screen_of(second, **DESK)
    phones = [screen_of(assessor.user, **PHONE) for assessor in assessors]

    # Both assessors read the evidence and say that it can go on.
    for number, case in enumerate(cases):
        preassess(phones[number % 2], case)
    assert statuses(cases) == ["preassessed"] * 5

    # The secretariat places all five in one session and announces it.
    session = make_session(scheme=version.scheme)
    desk.goto(f"/admin/core/assessmentsession/{session.pk}/change/")
    for box in desk.locator("#menunggu input[name=case]").all():
        box.check()
    press_at(desk, "#menunggu .bo-board-foot button")
    if desk.locator("#menunggu [name=accept]").count():  # warnings are taken note of
        desk.locator("#menunggu [name=accept]").check()
        press_at(desk, "#menunggu .bo-board-foot button")
    act(desk, "Umumkan jadwal")
    assert statuses(cases) == ["scheduled"] * 5
    session.refresh_from_db()
    assert session.letters.filter(in_force=True).count() == 2

    # One candidate gives up.
    leaving = screen_of(cases[4].candidate.user, **PHONE)
    leaving.goto(f"/permohonan/{cases[4].number}/batalkan/")
    press(leaving, "Ya, batalkan")
    assert statuses(cases)[4] == "withdrawn"
    assert session.placements.filter(in_force=True).count() == 4

    # The day has come: who is there is written down, then what was found.
    AssessmentSession.objects.filter(pk=session.pk).update(
        starts_at=timezone.now() - timedelta(hours=2), ends_at=timezone.now() + timedelta(hours=6)
    )
    for phone in phones:
        phone.goto(f"/admin/core/assessmentsession/{session.pk}/kehadiran/")
        press(phone, "Sisanya hadir")
    for number, case in enumerate(cases[:4]):
        write_results(phones[number % 2], case, not_yet=number == 3)
    assert statuses(cases[:4]) == ["assessed"] * 4

    # The plenary: one writes down, another confirms.
    members = (make_user(full_name="Ketua"), make_user(full_name="Anggota"))
    plenary = hold_plenary(desk, second_desk, title="Pleno pertama", members=members)
    assert statuses(cases[:4]) == ["competent"] * 3 + ["not_yet_competent"]
    issue(desk, plenary)
    assert statuses(cases[:4]) == ["certified"] * 3 + ["not_yet_competent"]

    # The one who was found not yet competent appeals; the other assessor looks again.
    appellant = cases[3]
    phone = screen_of(appellant.candidate.user, **PHONE)
    phone.goto(f"/permohonan/{appellant.number}/")
    expect(phone.locator("main")).to_contain_text("Belum kompeten")
    phone.goto(f"/permohonan/{appellant.number}/banding/")
    for question in phone.locator("input[type=radio][value=ya]").all():
        question.check()
    phone.fill("[name=reason]", "Bukti kerja saya pada unit pertama belum dilihat oleh asesor.")
    phone.check("[name=agreed]")
    press(phone, "Tanda tangani dan ajukan banding")
    assert statuses([appellant]) == ["appealed"]
    desk.goto(f"/admin/core/application/{appellant.pk}/asesor/")
    assert desk.locator(f"input[value='{assessors[1].pk}']").is_disabled()
    desk.check(f"input[value='{assessors[0].pk}']")
    press(desk, "Tunjuk")
    write_results(phones[0], appellant)
    plenary = hold_plenary(desk, second_desk, title="Pleno banding", members=members)
    issue(desk, plenary)
    assert statuses(cases) == ["certified"] * 4 + ["withdrawn"]
    assert appellant.appeals.get().get_status_display() == "Dikabulkan"

    # Four certificates, numbered in a row; the QR code of one is read from its picture and checked twice.
    numbers = list(Certificate.objects.order_by("pk").values_list("number", flat=True))
    year = timezone.localdate().year
    assert numbers == [f"{KBLI} {KBJI} {KKNI} {serial:07d} {year}" for serial in range(1, 5)]
    certificate = Certificate.objects.get(application=appellant)
    text = qr_of(certificate, tmp_path)
    anybody = screen_of(make_user(role="asesi"), **PHONE)
    anybody.goto(text)
    expect(anybody.locator("main")).to_contain_text(certificate.number)
    expect(anybody.locator("main")).to_contain_text("Berlaku")
    page = tmp_path / "periksa.html"
    page.write_bytes(Client().get("/verifikasi/luring/").content)
    anybody.context.set_offline(True)
    anybody.goto(page.as_uri())
    anybody.fill("#teks", text)
    anybody.click("#periksa")
    anybody.wait_for_selector("#hasil:not([hidden])")
    expect(anybody.locator("#hasil")).to_contain_text("Tanda tangannya asli")
    expect(anybody.locator("#isi")).to_contain_text(appellant.candidate.user.full_name)
