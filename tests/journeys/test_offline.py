"""A phone on a bad link: the network goes away in the middle of everything, and nothing is lost."""

import io
import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect

from core.accounts.models import User
from core.applications.models import Application
from core.common.models import SentPage
from core.documents.models import Document, PartialUpload
from core.inquiries.models import Ticket
from tests.factories.accounts import make_user
from tests.factories.applications import make_application
from tests.journeys.steps import CandidateSteps, logged_in, phone_photo, script_that_takes_its_time
from tests.journeys.test_accessibility import RULES, RUN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

EMAIL = "nur@contoh.id"
PASSWORD = "ambon-manise-2026"
NIK = "8171015205900001"
#: What is left on the phone: answers, files, kept pages.
LEFT = """async () => ({
    answers: (await lspStore.all("answers")).length, files: (await lspStore.all("files")).length,
    pages: (await caches.keys()).filter((name) => name.startsWith("halaman-")).length,
})"""

#: A link that carries nothing, although the phone believes in it.
BELIEVES = "Object.defineProperty(navigator, 'onLine', { get: () => true })"


def kept(page: Page) -> None:
    """Wait until the page lies on the phone."""
    page.wait_for_function("() => caches.match(location.pathname)")


def under_the_worker(page: Page) -> None:
    page.wait_for_function("() => navigator.serviceWorker.controller")


def sign(page: Page):
    return page.locator("[data-sign]")


@pytest.fixture
def draft() -> Application:
    return make_application(status="draft")


@pytest.fixture
def own_phone(phone, draft, live_server) -> Page:
    """A phone on which the owner of the draft is logged in, with the service worker at work."""
    logged_in(phone.context, live_server, draft.candidate.user)
    phone.goto(f"/permohonan/{draft.code}/")
    under_the_worker(phone)
    return phone


def birth_place(draft: Application) -> str:
    draft.candidate.refresh_from_db()
    return draft.candidate.birth_place


def test_a_first_application_over_a_link_that_breaks_three_times(phone, live_server):
    candidate = CandidateSteps(phone, live_server.url)
    link = phone.context
    candidate.register(scheme="Distribusi Bantuan", name="Nur Pattiasina", email=EMAIL, password=PASSWORD)
    under_the_worker(phone)
    profile = User.objects.get(email=EMAIL).candidate

    # First: in the middle of a page; the phone is restarted before the link is back.
    candidate.press("Mulai mengisi")
    kept(phone)
    link.set_offline(True)
    candidate.type("Tempat lahir", "Ambon")
    candidate.choose("Kualifikasi pendidikan", "S1")
    candidate.press("Simpan dan lanjutkan")
    expect(sign(phone)).to_have_text("Tanpa jaringan: disimpan di ponsel ini")
    phone.reload()
    expect(phone.get_by_label("Tempat lahir")).to_have_value("Ambon")
    profile.refresh_from_db()
    assert profile.birth_place == ""
    link.set_offline(False)
    expect(sign(phone)).to_contain_text("Tersimpan")
    profile.refresh_from_db()
    assert (profile.birth_place, str(profile.education)) == ("Ambon", "S1")
    candidate.type("NIK", NIK)
    candidate.press("Simpan dan lanjutkan")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Alamat dan kontak")

    # Second: the moment the button is pressed, on a link that only seems to be there.
    kept(phone)
    phone.evaluate(BELIEVES)
    candidate.type("Alamat rumah", "Jalan Pattimura 5")
    candidate.type("Nomor HP", "0812 3456 7890")
    link.set_offline(True)
    candidate.press("Simpan dan lanjutkan")
    expect(phone.get_by_text("dipulihkan dari ponsel ini")).to_be_visible()
    expect(phone.get_by_label("Alamat rumah")).to_have_value("Jalan Pattimura 5")
    link.set_offline(False)
    expect(sign(phone)).to_contain_text("Tersimpan")
    candidate.press("Simpan dan lanjutkan")
    phone.get_by_label(re.compile("^Pekerjaan")).select_option(index=2)
    candidate.press("Simpan dan lanjutkan")
    candidate.choose_purpose()

    # Third: a photograph is half way up; the page is loaded anew before the link is back.
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Bukti persyaratan")
    kept(phone)
    pieces = cut_at_piece(2, link)
    slot = phone.get_by_role("group", name="KTP", exact=True)
    slot.locator("input[type=file]").set_input_files(phone_photo("linen"))
    expect(slot.locator(".upload")).to_contain_text("tanpa jaringan")
    upload = PartialUpload.objects.get()
    assert 0 < upload.received < upload.size
    phone.reload()
    expect(slot.locator(".upload")).to_contain_text("tanpa jaringan")
    link.set_offline(False)
    expect(slot.locator(".files li")).to_have_count(1)
    assert pieces[0] < 12  # it went on, and did not begin anew
    assert PartialUpload.objects.get().document == Document.objects.get()

    for requirement in (
        "Pendidikan: ijazah terakhir",
        "Surat tugas atau surat keterangan pengalaman di bidang penanggulangan bencana",
        "Pasfoto terbaru",
    ):
        candidate.attach(requirement, phone_photo())
    candidate.press("Simpan dan lanjutkan")
    candidate.assess_unit()
    candidate.assess_unit()
    number = candidate.sign_and_send()

    sections = Application.objects.get(number=number).submissions.get().snapshot["sections"]
    assert sections["personal"]["nik"] == NIK
    assert sections["personal"]["birth_place"] == "Ambon"
    assert sections["address"]["home_address"] == "Jalan Pattimura 5"
    assert Document.objects.filter(owner__email=EMAIL, uploaded_by__email=EMAIL).count() == 4
    assert not PartialUpload.objects.filter(document=None).exists()
    phone.goto("/akun/")
    assert phone.evaluate(LEFT) | {"pages": 0} == {"answers": 0, "files": 0, "pages": 0}


def cut_at_piece(number: int, link: BrowserContext) -> list[int]:
    """The network goes away when a piece of this number sets out; returns the count of pieces."""
    seen = [0]

    def watch(route: Route) -> None:
        seen[0] += 1
        if seen[0] == number:
            link.set_offline(True)
        route.continue_()

    link.route("**/akun/unggahan/*/", watch)
    return seen


def test_what_was_typed_without_network_is_sent_at_the_next_visit_of_any_page(own_phone, draft):
    own_phone.goto(f"/permohonan/{draft.code}/profil/data-pribadi/")
    kept(own_phone)
    own_phone.context.set_offline(True)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(sign(own_phone)).to_have_text("Tanpa jaringan: disimpan di ponsel ini")
    link = own_phone.context
    own_phone.close()
    link.set_offline(False)

    again = link.new_page()
    again.goto("/akun/")

    # By the worker as soon as the link is back, or else by the page that was opened.
    again.evaluate(
        "async () => { while ((await lspStore.all('answers')).length) await new Promise(requestAnimationFrame); }"
    )
    assert birth_place(draft) == "Saumlaki"


def test_a_page_opened_without_network_shows_what_was_saved_since_and_does_not_undo_it(own_phone, draft):
    address = f"/permohonan/{draft.code}/profil/data-pribadi/"
    nik = draft.candidate.nik
    own_phone.goto(address)
    kept(own_phone)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    own_phone.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(own_phone.get_by_role("heading", level=1)).to_contain_text("Tujuan asesmen")
    own_phone.evaluate(
        """async (address) => {
            while (!(await (await caches.match(address)).text()).includes("Saumlaki")) await new Promise(requestAnimationFrame);
        }""",
        address,
    )

    own_phone.context.set_offline(True)
    own_phone.goto(address)
    expect(own_phone.get_by_label("Tempat lahir")).to_have_value("Saumlaki")
    expect(own_phone.get_by_label(re.compile("^NIK"))).to_have_value("")  # it never lies on the phone
    own_phone.get_by_label("Kebangsaan").fill("Indonesia Timur")
    expect(sign(own_phone)).to_contain_text("Tanpa jaringan")
    own_phone.context.set_offline(False)

    expect(sign(own_phone)).to_contain_text("Tersimpan")
    expect(own_phone.get_by_label(re.compile("^NIK"))).to_have_value(nik)  # drawn anew
    draft.candidate.refresh_from_db()
    assert (draft.candidate.birth_place, draft.candidate.nationality) == ("Saumlaki", "Indonesia Timur")
    assert draft.candidate.nik == nik


def test_the_same_answer_sent_by_page_and_worker_counts_once(own_phone, draft):
    """The server took it, and the answer never came back."""
    own_phone.goto(f"/permohonan/{draft.code}/profil/data-pribadi/")
    lost = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    own_phone.route("**/profil/data-pribadi/", lose)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(sign(own_phone)).to_contain_text("Tanpa jaringan")
    own_phone.evaluate("dispatchEvent(new Event('online'))")
    expect(sign(own_phone)).to_contain_text("Tersimpan")

    draft.candidate.refresh_from_db()
    assert lost == [200]
    assert draft.candidate.version == SentPage.objects.get().version
    assert birth_place(draft) == "Saumlaki"


def test_new_evidence_stays_ticked_where_the_server_ticked_it(own_phone, draft):
    unit = draft.scheme_version.units.order_by("pk").first()
    own_phone.goto(f"/permohonan/{draft.code}/unit/{unit.pk}/")
    own_phone.locator(".seg label").first.click()
    expect(sign(own_phone)).to_have_text(re.compile("^Tersimpan"))
    own_phone.locator("#unit-file").set_input_files(phone_photo())
    ticked = own_phone.locator(".element .choice:has-text('IMG_2026') input:checked")
    expect(ticked).to_have_count(unit.elements.count())
    own_phone.wait_for_load_state("networkidle")
    expect(own_phone.get_by_text("dipulihkan dari ponsel ini")).to_have_count(0)
    own_phone.reload()
    expect(ticked).to_have_count(unit.elements.count())
    assert draft.answers.filter(documents__isnull=False).distinct().count() == unit.elements.count()


@pytest.mark.parametrize("browser_says", ["how the page was opened", "nothing of that"])
def test_what_was_answered_before_the_script_came_is_saved_as_well(new_context, draft, live_server, browser_says):
    """On a slow link the page can be filled in some seconds before its script is there."""
    page = new_context(service_workers="block").new_page()
    logged_in(page.context, live_server, draft.candidate.user)
    if browser_says == "nothing of that":
        page.add_init_script("performance.getEntriesByType = () => []")

    with script_that_takes_its_time(page, "**/form*.js"):
        page.goto(f"/permohonan/{draft.code}/profil/data-pribadi/", wait_until="commit")
        page.get_by_label("NIK").fill(NIK)
        page.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(page.locator("#nik-line")).to_contain_text("1990")
    expect(sign(page)).to_have_text(re.compile("^Tersimpan"))
    assert birth_place(draft) == "Saumlaki"


def test_a_file_that_was_chosen_before_the_script_came_goes_up_as_well(new_context, draft, live_server):
    page = new_context(service_workers="block").new_page()
    logged_in(page.context, live_server, draft.candidate.user)
    unit = draft.scheme_version.units.order_by("pk").first()

    with script_that_takes_its_time(page, "**/form*.js"):
        page.goto(f"/permohonan/{draft.code}/unit/{unit.pk}/", wait_until="commit")
        page.locator("#unit-file").set_input_files(phone_photo())
    expect(page.locator(".element .choice:has-text('IMG_2026') input:checked")).to_have_count(unit.elements.count())


def test_what_was_typed_after_a_page_was_saved_outlives_a_look_at_the_page_behind_it(own_phone, draft):
    """The page that followed the saving lies on the phone, too, and says no more what has arrived since."""
    address, work = (f"/permohonan/{draft.code}/profil/{part}/" for part in ("alamat", "pekerjaan"))
    own_phone.goto(address)
    kept(own_phone)
    own_phone.get_by_label("Alamat rumah").fill("Jalan Lama 1")
    own_phone.get_by_role("button", name="Simpan, ke daftar tugas").click()
    own_phone.wait_for_url(f"**/permohonan/{draft.code}/")
    kept(own_phone)
    own_phone.context.set_offline(True)
    own_phone.goto(address)
    own_phone.get_by_label("Alamat rumah").fill("Jalan Baru 2")
    expect(sign(own_phone)).to_contain_text("Tanpa jaringan")
    own_phone.goto(f"/permohonan/{draft.code}/")
    own_phone.wait_for_load_state("networkidle")
    assert own_phone.evaluate(LEFT)["answers"] == 1
    own_phone.context.set_offline(False)
    own_phone.goto(work)
    expect(own_phone.get_by_text("sudah terkirim").first).to_be_visible()
    draft.candidate.refresh_from_db()
    assert draft.candidate.home_address == "Jalan Baru 2"


def test_another_device_saved_in_between(own_phone, desktop, draft, live_server):
    address = f"/permohonan/{draft.code}/profil/data-pribadi/"
    logged_in(desktop.context, live_server, draft.candidate.user)
    own_phone.goto(address)
    kept(own_phone)
    own_phone.context.set_offline(True)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(sign(own_phone)).to_contain_text("Tanpa jaringan")
    desktop.goto(address)
    desktop.get_by_label("Tempat lahir").fill("Tual")
    expect(sign(desktop)).to_contain_text("Tersimpan")

    own_phone.context.set_offline(False)
    expect(sign(own_phone)).to_contain_text("perangkat lain")
    assert birth_place(draft) == "Tual"
    own_phone.get_by_role("button", name="Bandingkan").click()
    question = own_phone.get_by_role("group", name="Tempat lahir")
    expect(question).to_contain_text("Tual")
    own_phone.evaluate(AXE_SCRIPT)
    assert own_phone.evaluate(RUN, list(RULES)) == []
    question.get_by_label("Yang Anda isi di sini").check()
    own_phone.get_by_role("button", name="Simpan pilihan saya").click()

    expect(own_phone.get_by_role("heading", level=1)).to_contain_text("Tujuan asesmen")
    assert birth_place(draft) == "Saumlaki"


def test_two_devices_without_javascript(phone_without_js, new_context, draft, live_server):
    address = f"/permohonan/{draft.code}/profil/data-pribadi/"
    other = new_context(java_script_enabled=False).new_page()
    for page in (phone_without_js, other):
        logged_in(page.context, live_server, draft.candidate.user)
        page.goto(address)
    other.get_by_label("Tempat lahir").fill("Tual")
    other.get_by_role("button", name="Simpan dan lanjutkan").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Tujuan asesmen")

    phone_without_js.get_by_label("Tempat lahir").fill("Saumlaki")
    phone_without_js.get_by_role("button", name="Simpan dan lanjutkan").click()
    phone_without_js.get_by_role("group", name="Tempat lahir").get_by_label("Yang tersimpan").check()
    phone_without_js.get_by_role("button", name="Simpan pilihan saya").click()

    expect(phone_without_js.get_by_role("heading", level=1)).to_contain_text("Tujuan asesmen")
    assert birth_place(draft) == "Tual"


def test_logging_out_leaves_nothing_on_the_phone_and_asks_before_it_throws_away(own_phone, draft):
    # As in Safari and Firefox: nothing is sent behind the page's back.
    own_phone.add_init_script("Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: null })")
    own_phone.goto(f"/permohonan/{draft.code}/profil/data-pribadi/")
    kept(own_phone)
    own_phone.context.set_offline(True)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(sign(own_phone)).to_contain_text("Tanpa jaringan")
    assert own_phone.evaluate(LEFT) == {"answers": 1, "files": 0, "pages": 1}
    asked = []

    def answer(dialog) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    own_phone.on("dialog", answer)
    own_phone.route("**/profil/data-pribadi/", lambda route: route.abort())  # still nothing gets through
    own_phone.context.set_offline(False)
    own_phone.get_by_text("Menu").click()
    own_phone.get_by_role("button", name="Keluar").click()
    assert own_phone.evaluate(LEFT)["answers"] == 1
    own_phone.get_by_role("button", name="Keluar").click()

    expect(own_phone.get_by_text("Anda sudah keluar.")).to_be_visible()
    own_phone.add_script_tag(url="/static/public_site/js/store.js")
    assert own_phone.evaluate(LEFT) == {"answers": 0, "files": 0, "pages": 0}
    assert "belum terkirim" in asked[0]


def test_the_next_person_on_a_shared_phone_finds_nothing_of_the_last(own_phone, draft, live_server):
    own_phone.goto(f"/permohonan/{draft.code}/profil/data-pribadi/")
    kept(own_phone)
    own_phone.context.set_offline(True)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(sign(own_phone)).to_contain_text("Tanpa jaringan")
    address, link = own_phone.url, own_phone.context
    own_phone.close()  # without logging out
    link.clear_cookies()
    logged_in(link, live_server, make_user(role="asesi"))
    link.set_offline(False)

    page = link.new_page()
    page.goto("/akun/")
    page.evaluate(
        f"async () => {{ while (Object.values(await ({LEFT})()).some(Boolean)) await new Promise(requestAnimationFrame); }}"
    )
    link.set_offline(True)
    page.goto(address)

    expect(page.get_by_role("heading", level=1)).to_have_text("Tanpa jaringan")
    assert birth_place(draft) == "Ambon"


def camera_photo(*, orientation: int) -> dict:
    """2400 × 1600 pixels, held upright: the camera writes only into EXIF how it was held."""
    picture = Image.effect_noise((2400, 1600), 12).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, exif=exif)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("is_small", [True, False], ids=["made smaller", "as it is"])
def test_photographs_are_made_smaller_upright_unless_somebody_does_not_want_that(own_phone, draft, is_small):
    photo = camera_photo(orientation=6)
    own_phone.goto(f"/permohonan/{draft.code}/bukti/")
    if not is_small:
        own_phone.get_by_label("Kecilkan foto sebelum dikirim").uncheck()
    slot = own_phone.get_by_role("group", name="KTP", exact=True)

    slot.locator("input[type=file]").set_input_files(photo)

    expect(slot.locator(".files li")).to_have_count(1)
    travelled = PartialUpload.objects.get().size
    assert travelled < len(photo["buffer"]) if is_small else travelled == len(photo["buffer"])
    with Document.objects.get().file.open() as stored:
        assert Image.open(stored).size == (1333, 2000)


def test_a_complaint_whose_button_was_pressed_without_network_goes_by_itself_and_once(own_phone):
    own_phone.goto("/pengaduan/")
    own_phone.get_by_label("Topik").select_option(index=1)
    own_phone.get_by_label("Apa yang terjadi?").fill("Jadwal uji berubah tanpa kabar.")
    expect(sign(own_phone)).to_contain_text("Tersimpan")
    own_phone.context.set_offline(True)
    own_phone.get_by_label("Apa yang terjadi?").fill("Jadwal uji berubah dua kali tanpa kabar.")
    own_phone.get_by_role("button", name="Kirim pengaduan").click()
    expect(sign(own_phone)).to_contain_text("Dikirim sendiri begitu tersambung.")
    assert not Ticket.objects.exists()

    own_phone.context.set_offline(False)

    expect(own_phone.get_by_role("heading", level=1)).to_contain_text("Pesan Anda kami terima")
    assert [line.text for line in Ticket.objects.get().messages.all()] == ["Jadwal uji berubah dua kali tanpa kabar."]
    own_phone.goto("/pengaduan/")
    expect(own_phone.get_by_label("Apa yang terjadi?")).to_have_value("")
    assert own_phone.evaluate(LEFT)["answers"] == 0


def test_a_page_goes_on_saving_whatever_came_between(own_phone, draft):
    """An answer that is none of ours, then a link that carries nothing while another tab sends all but the NIK."""
    own_phone.add_init_script("Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: null })")
    own_phone.goto(f"/permohonan/{draft.code}/profil/data-pribadi/")
    answers = ["<html>Selamat datang di wifi bandara</html>", None]

    def stand_between(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
        elif body := answers.pop(0):
            route.fulfill(status=200, content_type="text/html", body=body)
        else:
            route.abort()

    own_phone.route("**/profil/data-pribadi/", stand_between)
    own_phone.get_by_label("Tempat lahir").fill("Saumlaki")
    expect(sign(own_phone)).to_contain_text("karena ada gangguan")
    own_phone.get_by_label("NIK").fill(NIK)
    expect(sign(own_phone)).to_contain_text("kecuali NIK")
    own_phone.unroute_all()
    own_phone.evaluate("lspStore.flushAll()")  # as the worker or the page of another tab does
    assert birth_place(draft) == "Saumlaki"

    own_phone.evaluate("dispatchEvent(new Event('online'))")

    expect(sign(own_phone)).to_have_text(re.compile("^Tersimpan"))
    draft.candidate.refresh_from_db()
    assert draft.candidate.nik == NIK


def test_a_file_that_was_moved_before_it_went_up_is_told(new_context, draft, live_server, tmp_path):
    page = new_context(service_workers="block").new_page()
    logged_in(page.context, live_server, draft.candidate.user)
    paper = tmp_path / "ktp.pdf"
    paper.write_bytes(b"%PDF-1.4")

    with script_that_takes_its_time(page, "**/upload*.js"):
        page.goto(f"/permohonan/{draft.code}/bukti/", wait_until="commit")
        slot = page.get_by_role("group", name="KTP", exact=True)
        slot.locator("input[type=file]").set_input_files(paper)
        paper.unlink()
    expect(slot.get_by_role("status")).to_contain_text("ktp.pdf: Berkas ini tidak dapat dibaca lagi")
