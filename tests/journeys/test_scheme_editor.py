"""A clerk makes a scheme out of another one, and fills a draft: with a mouse, with keys, and without JavaScript.

Prints clicks and seconds: the figures of the closing note.
"""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from core.schemes.enums import VersionStatus
from core.schemes.models import CompetencyUnit, SchemeVersion
from tests.factories.accounts import make_user
from tests.factories.schemes import make_scheme
from tests.journeys.steps import ClerkSteps

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASSWORD = "ambon-manise-2026"
UNITS = ("O.842340.051.01", "O.842340.026.01", "O.842340.045.01")


class EditorSteps:
    """A clerk at the editor; `clicks` counts presses and choices, typing apart."""

    def __init__(self, page: Page, address: str):
        self.page, self.address, self.clicks = page, address, 0
        make_user(role="sekretariat", email="petugas@contoh.id", password=PASSWORD)
        ClerkSteps(page, address).log_in("petugas@contoh.id", PASSWORD)
        page.wait_for_url(re.compile("/admin/$"))

    def open(self, version: SchemeVersion) -> None:
        self.page.goto(f"{self.address}/admin/core/scheme/{version.scheme_id}/change/")

    def press(self, name: str, *, inside: str = "body") -> None:
        place = self.page.locator(inside)
        place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name)).first.click()
        self.clicks += 1

    def add_unit(self, code: str) -> None:
        self.page.get_by_label("Cari unit").fill(code)
        self.press(f"Tambah unit {code}")
        expect(self.page.locator("#daftar-unit")).to_contain_text(code)

    def add_requirement(self, kind: str) -> None:
        self.page.locator("#tambah-persyaratan").get_by_label("Jenis dokumen").select_option(label=kind)
        self.clicks += 1
        self.press("Tambahkan", inside="#tambah-persyaratan")
        expect(self.page.locator("#daftar-persyaratan .bo-line-title strong", has_text=kind)).to_be_visible()


def codes(version: SchemeVersion) -> list[str]:
    return [link.unit.code for link in version.scheme_units.order_by("position")]


def test_a_scheme_is_copied_and_published(desktop, live_server):
    origin = make_scheme(units=4, requirements=("ktp", "ijazah"))
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(origin)
    begun = time.monotonic()

    clerk.press("Salin menjadi skema baru")
    desktop.locator("#bo-act-body").get_by_label("Judul skema").fill("Pengelola Posko Darurat")
    expect(desktop.get_by_label("Kode", exact=True)).to_have_value("pengelola-posko-darurat")
    clerk.press("Salin menjadi skema baru", inside="#bo-act-body")
    expect(desktop.locator("#bo-editor-title")).to_contain_text("Pengelola Posko Darurat")
    clerk.press("Terbitkan")
    clerk.press("Terbitkan", inside="#bo-act-body")
    expect(desktop.get_by_text("Versi 1 terbit.")).to_be_visible()

    print(f"\nCopy and publish: {clerk.clicks} clicks, 1 title typed, {time.monotonic() - begun:.1f} s")
    version = SchemeVersion.objects.get(scheme__code="pengelola-posko-darurat")
    assert (version.status, codes(version)) == (VersionStatus.PUBLISHED, codes(origin))


def test_units_and_requirements_are_added_to_a_draft(desktop, live_server):
    draft = make_scheme(units=0, requirements=(), published=False)
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(draft)
    expect(desktop.get_by_text("Skema tanpa unit kompetensi")).to_be_visible()
    begun = time.monotonic()

    for code in UNITS:
        clerk.add_unit(code)
    desktop.get_by_text("Tambah persyaratan").click()
    clerk.clicks += 1
    clerk.add_requirement("KTP")
    clerk.add_requirement("Ijazah terakhir")

    print(f"\nThree units, two requirements: {clerk.clicks} clicks, {time.monotonic() - begun:.1f} s")
    expect(desktop.locator("#bo-sign")).to_contain_text("Tersimpan pukul")
    expect(desktop.get_by_text("Skema tanpa unit kompetensi")).to_have_count(0)
    assert codes(draft) == list(UNITS)
    assert draft.requirements.count() == 2


def test_lines_are_dragged_and_moved_with_keys(desktop, live_server):
    draft = make_scheme(units=3, published=False)
    first, second, third = codes(draft)
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(draft)

    handles = desktop.locator("#daftar-unit .bo-handle")
    handles.nth(2).hover()
    desktop.mouse.down()
    box = handles.nth(0).bounding_box()
    top = desktop.locator("#daftar-unit .bo-line").nth(0)
    for step in range(60):  # upwards, and to and fro there until the lines have made room, as a hand does
        desktop.mouse.move(box["x"] + 8, box["y"] + (4 if step % 2 else -4), steps=6)
        if third in top.inner_text():
            break
    desktop.mouse.up()
    expect(desktop.locator("#bo-sign")).to_contain_text("Unit dipindahkan")
    assert codes(draft) == [third, first, second]

    down = desktop.get_by_role("button", name=f"Turunkan {third}")
    down.focus()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#daftar-unit .bo-line").nth(0)).to_contain_text(first)
    expect(desktop.get_by_role("button", name=f"Turunkan {third}")).to_be_focused()
    desktop.keyboard.press("Enter")
    expect(desktop.locator("#daftar-unit .bo-line").nth(2)).to_contain_text(third)
    assert codes(draft) == [first, second, third]


def test_a_pasted_unit_is_checked_and_saved_in_its_place(desktop, live_server):
    draft = make_scheme(units=1, elements=1, published=False)
    unit = draft.units.get()
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(draft)

    desktop.get_by_text(unit.title).first.click()
    clerk.press("Sunting elemen dan KUK")
    text = desktop.get_by_label("Elemen dan kriteria unjuk kerja")
    text.fill("1. Elemen 1\n1.1 Kriteria\nyang disambung\n1.2 Kriteria 2\n1.3 Baru")
    clerk.press("Periksa dahulu")
    expect(desktop.get_by_text("1 elemen, 3 kriteria terbaca.")).to_be_visible()
    clerk.press("Simpan teks unit")
    expect(desktop.locator("#bo-sign")).to_contain_text("tersimpan")
    expect(desktop.get_by_text("Kriteria yang disambung")).to_be_visible()  # still unfolded
    found = CompetencyUnit.objects.get(pk=unit.pk).elements.get().criteria.values_list("number", "text")
    assert list(found) == [("1.1", "Kriteria yang disambung"), ("1.2", "Kriteria 2"), ("1.3", "Baru")]


def test_what_somebody_else_saved_is_shown_and_nothing_typed_is_lost(desktop, live_server):
    draft = make_scheme(published=False)
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(draft)
    other = desktop.context.new_page()
    other.goto(desktop.url)
    other.get_by_label("Nomor skema").fill("SKM-01")
    other.get_by_role("button", name="Simpan data skema").click()
    expect(other.locator("#bo-sign")).to_contain_text("Data skema tersimpan.")

    desktop.get_by_label("Nomor skema").fill("SKM-99")
    clerk.press("Simpan data skema")
    expect(desktop.get_by_text("Sekarang tersimpan: SKM-01")).to_be_visible()
    expect(desktop.get_by_label("Nomor skema")).to_have_value("SKM-99")
    clerk.press("Simpan data skema")
    expect(desktop.locator("#bo-sign")).to_contain_text("Data skema tersimpan.")
    draft.scheme.refresh_from_db()
    assert draft.scheme.number == "SKM-99"


def test_what_was_typed_elsewhere_survives_an_act(desktop, live_server):
    draft = make_scheme(units=2, requirements=("ktp", "ijazah"), published=False)
    first, second = (link.unit for link in draft.scheme_units.order_by("position"))
    requirement = draft.requirements.first()
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(draft)

    desktop.get_by_text(first.title).first.click()
    clerk.press("Sunting elemen dan KUK")
    desktop.get_by_label("Elemen dan kriteria unjuk kerja").fill("1. Sedang ditulis")
    desktop.locator(f"#buka-syarat-{requirement.pk} summary").click()
    title = desktop.locator(f"#id_syarat{requirement.pk}-title")
    title.fill("Sedang diketik")
    clerk.press(f"Naikkan {second.code}")
    expect(desktop.locator("#daftar-unit .bo-line").nth(0)).to_contain_text(second.code)
    clerk.press("Turunkan KTP")
    expect(desktop.locator("#bo-sign")).to_contain_text("Persyaratan dipindahkan")

    expect(title).to_have_value("Sedang diketik")
    expect(desktop.get_by_label("Elemen dan kriteria unjuk kerja")).to_have_value("1. Sedang ditulis")
    desktop.locator(f"#buka-syarat-{requirement.pk}").get_by_role("button", name="Simpan persyaratan").click()
    expect(desktop.locator("#bo-sign")).to_contain_text("Persyaratan tersimpan")
    requirement.refresh_from_db()
    assert requirement.title == "Sedang diketik"


def test_a_unit_is_added_without_leaving_the_keyboard(desktop, live_server):
    draft = make_scheme(units=0, published=False)
    clerk = EditorSteps(desktop, live_server.url)
    clerk.open(draft)
    desktop.get_by_label("Cari unit").focus()
    for code in UNITS:
        desktop.keyboard.type(code)
        expect(desktop.locator(f"#hasil-unit[data-words='{code}']")).to_be_attached()
        desktop.keyboard.press("Enter")
        expect(desktop.locator("#daftar-unit")).to_contain_text(code)
        expect(desktop.get_by_label("Cari unit")).to_be_focused()
        desktop.keyboard.press("Control+A")
    assert codes(draft) == list(UNITS)


def test_everything_works_on_a_phone_without_javascript(phone_without_js, live_server):
    page = phone_without_js
    clerk = EditorSteps(page, live_server.url)
    page.goto(f"{live_server.url}/admin/core/scheme/add/")
    page.get_by_label("Judul skema").fill("Pengelola Posko Darurat")
    clerk.press("Buat skema")
    version = SchemeVersion.objects.get(scheme__code="pengelola-posko-darurat")

    for code in UNITS[:2]:
        page.get_by_label("Cari unit").fill(code)
        clerk.press("Cari", inside=".bo-find")
        clerk.press(f"Tambah unit {code}")
    clerk.press(f"Naikkan {UNITS[1]}")
    assert codes(version) == [UNITS[1], UNITS[0]]
    page.get_by_text("Tambah persyaratan").click()
    clerk.add_requirement("KTP")
    page.get_by_label("Nomor skema").fill("SKM-01")
    clerk.press("Simpan data skema")
    clerk.press("Terbitkan")
    clerk.press("Terbitkan", inside=".bo-act-form")

    version.refresh_from_db()
    assert version.status == VersionStatus.PUBLISHED
    assert version.scheme.number == "SKM-01"


def test_the_editor_fits_a_phone(phone, live_server):
    draft = make_scheme(units=3, published=False)
    clerk = EditorSteps(phone, live_server.url)
    clerk.open(draft)
    clerk.add_unit(UNITS[0])
    phone.locator(".bo-unfold summary").first.click()
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
