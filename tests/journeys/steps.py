"""What people do in the browser, told as they would tell it. Shared by the journeys."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from core.accounts.models import User
from core.messaging.models import OutboxMessage
from tests.browser import HURRIED


def phone_photo(tint: str = "white") -> dict:
    """A photograph as a phone takes it: large, a few hundred KB."""
    picture = Image.effect_noise((1600, 1200), 40).convert("RGB")
    picture.paste(tint, (200, 200, 1400, 1000))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return {"name": "IMG_2026.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def logged_in(context: BrowserContext, live_server, person: User) -> None:
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


@contextmanager
def script_that_takes_its_time(page: Page, address: str) -> Iterator[None]:
    """The page is there and can be used; the scripts of this address come when the block ends."""
    held: list[Route] = []
    page.add_init_script(HURRIED)
    page.route(address, lambda route: held.append(route))
    yield
    assert held
    for route in held:
        route.continue_()
    page.unroute_all()


class CandidateSteps:
    """A candidate at a screen; `counts` tells presses and typed fields, for the record."""

    def __init__(self, page: Page, address: str, *, has_script: bool = True):
        self.page, self.address, self.has_script = page, address, has_script
        self.counts = {"presses": 0, "typed": 0, "chosen": 0, "files": 0}

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        ).first.click()
        self.counts["presses"] += 1

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).fill(text)
        self.counts["typed"] += 1

    def choose(self, label: str, option: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).select_option(label=option)
        self.counts["chosen"] += 1

    def tick(self, label: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).check()
        self.counts["presses"] += 1

    def register(self, *, scheme: str, name: str, email: str, password: str) -> None:
        """From the landing page to the task list of a first application."""
        self.open("/")
        self.press("Pilih skema dan daftar")
        self.press(scheme)
        self.press("Ajukan permohonan")
        self.type("Nama lengkap", name)
        self.type("Alamat e-mail", email)
        self.tick("Saya menyetujui")
        self.press("Kirim tautan konfirmasi")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Periksa kotak surat Anda")
        self.follow_letter(email)
        self.type("Sandi", password)
        self.press("Simpan dan lanjutkan")
        self.press("Mulai permohonan")

    def follow_letter(self, email: str) -> None:
        """Open the link of the newest letter, on this test's server."""
        letter = OutboxMessage.objects.filter(address=email).latest("pk")
        path = re.search(r"https?://[^/\s]+(/\S+)", letter.body)[1]
        self.open(path)
        self.counts["presses"] += 1

    def log_in(self, email: str, password: str) -> None:
        self.open("/masuk/")
        self.type("Alamat e-mail", email)
        self.type("Sandi", password)
        self.page.locator("main").get_by_role("button", name="Masuk").click()
        self.counts["presses"] += 1

    def fill_profile(self, nik: str) -> None:
        """FR.APL-01 part 1."""
        self.press("Mulai mengisi")
        self.type("NIK", nik)
        self.type("Tempat lahir", "Ambon")
        self.choose("Kualifikasi pendidikan", "S1")
        self.press("Simpan dan lanjutkan")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Alamat dan kontak")
        self.type("Alamat rumah", "Jalan Pattimura 5")
        self.type("Nomor HP", "0812 3456 7890")
        self.press("Simpan dan lanjutkan")
        self.page.get_by_label(re.compile("^Pekerjaan")).select_option(index=2)
        self.counts["chosen"] += 1
        self.press("Simpan dan lanjutkan")

    def choose_purpose(self) -> None:
        """FR.APL-01 part 2."""
        self.tick("Sertifikasi")
        self.press("Simpan dan lanjutkan")

    def attach(self, requirement: str, photo: dict) -> None:
        slot = self.page.get_by_role("group", name=requirement, exact=True)
        slot.locator("input[type=file]").set_input_files(photo)
        self.counts["files"] += 1
        if self.has_script:  # the file goes up by itself
            expect(slot.locator(".files li")).not_to_have_count(0)

    def attach_requirements(self) -> None:
        """FR.APL-01 part 3: the required papers."""
        for number, requirement in enumerate(
            (
                "Pendidikan: ijazah terakhir",
                "Surat tugas atau surat keterangan pengalaman di bidang penanggulangan bencana",
                "KTP",
                "Pasfoto terbaru",
            )
        ):
            self.attach(requirement, phone_photo(("white", "ivory", "azure", "snow")[number]))
        self.press("Simpan dan lanjutkan")

    def assess_unit(self) -> None:
        """FR.APL-02, one unit: competent in everything."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Asesmen mandiri")
        self.press("Jawab K untuk yang belum dijawab, lanjutkan")

    def sign_and_send(self) -> str:
        """Check answers, sign; returns the number of the application."""
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Periksa jawaban")
        self.tick("Saya menyatakan demikian")
        self.press("Tanda tangani dan kirim")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Permohonan terkirim")
        return self.page.locator(".panel__ref").inner_text().strip()


class ClerkSteps:
    """A member of the secretariat at the desk."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address

    def log_in(self, email: str, password: str) -> None:
        self.page.goto(f"{self.address}/admin/")
        self.page.locator("[name=username]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.page.get_by_role("button", name="Masuk").click()

    def open_oldest(self) -> None:
        """The queue, then its first row."""
        self.page.goto(f"{self.address}/admin/core/application/")
        self.page.locator("#result_list tbody a").first.click()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def judge(self, requirement: str, verdict: str, note: str = "") -> None:
        row = self.page.get_by_role("group", name=requirement)
        row.locator("label").get_by_text(verdict, exact=True).click()
        if note:
            row.locator("input[type=text]").fill(note)
            row.locator("input[type=text]").blur()
        expect(row.locator(".bo-state strong")).to_have_text(verdict)

    def judge_the_rest_as_met(self) -> None:
        with self.page.expect_navigation():
            self.press("Sisanya memenuhi syarat")

    def return_with_prefilled_parts(self) -> None:
        """The dialog comes with the parts that were judged wanting."""
        self.press("Kembalikan untuk diperbaiki")
        self._confirm("Kembalikan untuk diperbaiki")

    def accept(self) -> None:
        self.press("Terima")
        self._confirm("Terima")

    def _confirm(self, name: str) -> None:
        """The button of the dialog; the desk then goes on to what waits next."""
        with self.page.expect_navigation():
            self.page.locator("#bo-act-body").get_by_role("button", name=name).click()
