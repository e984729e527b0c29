"""Clauses 4a to 4d: trial, mending, training and manuals: that what is handed over is there and is good."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.acceptance import report
from tests.acceptance.clauses import CLAUSES
from tests.acceptance.script import acceptance, written_steps
from tests.demo_site import ROOT

ROLES = ("asesi", "instansi", "sekretariat", "asesor", "administrator", "bnsp")
KIT = ROOT / "server_docs" / "training"


@acceptance(
    "UAT-4a-01",
    "Naskah uji terima lengkap dan siap dipakai tim LSP",
    answers=("4a", "D5"),
    purpose="Tim LSP dapat menguji sendiri seluruh sistem dengan naskah yang sama: setiap klausul pengembangan dan server ada skripnya.",
    role="Tim LSP BNPB, Pusdatin",
    before="Naskah dibuat dengan “make uat”: var/uat/naskah-uat.pdf.",
)
def test_the_scripts_are_complete_and_ready_for_people(script, site):
    tests = report.scripts()
    with script.step(
        "Cocokkan setiap klausul kerangka acuan dengan skrip atau dokumen yang menjawabnya.",
        expect="Setiap klausul 2a–2i, 3a–3b, dan 4a–4d punya skrip; yang lain menyebut dokumennya.",
    ) as step:
        answered = {key for test in tests for key in test.heading.answers}
        for clause in CLAUSES:
            assert clause.key in answered or clause.elsewhere, clause.key
            assert clause.part not in "234" or clause.key in answered, clause.key
        step.shows(
            "\n".join(f"{clause.key}: {'skrip' if clause.key in answered else clause.elsewhere}" for clause in CLAUSES)
        )
    with script.step(
        "Hitung skrip dan langkahnya.",
        expect="Setiap skrip punya nomor sendiri, tujuan, peran, prasyarat, dan langkah dengan yang seharusnya terlihat.",
    ) as step:
        numbers = [test.heading.number for test in tests]
        assert len(set(numbers)) == len(numbers)
        steps = {test.heading.number: written_steps(test) for test in tests}
        assert all(steps.values())
        step.shows("\n".join(f"{number}: {len(words)} langkah" for number, words in steps.items()))


@acceptance(
    "UAT-4b-01",
    "Gangguan dapat dilaporkan dan ditelusuri; sistem berjalan sesuai fungsinya",
    answers=("4b", "D5"),
    purpose="Yang menemukan gangguan mendapat kode untuk disebut; keadaan setiap bagian sistem dapat diperiksa; perbaikan tercatat.",
    role="Pengunjung, administrator teknis",
    before="Situs terbuka.",
)
def test_faults_are_reported_and_the_system_works(script, site):
    page = script.page = site.page_of(None)
    with script.step(
        "Buka alamat yang tidak ada.", expect="Penjelasan dengan “Kode kesalahan” untuk disebut saat meminta bantuan."
    ) as step:
        assert page.goto("/halaman-yang-tidak-ada/").status == 404
        code = page.get_by_text("Kode kesalahan")
        expect(code).to_be_visible()
        step.found(code.inner_text())
        step.look_at(code)
    with script.step(
        "Buka /sehat/.",
        expect="Setiap bagian sistem menjawab “ok”; hanya “clock” boleh gagal pada demo uji, yang jamnya sengaja diatur mundur.",
    ) as step:
        answer = page.request.get("/sehat/")
        step.shows(answer.text())
        failing = {part for part, state in answer.json().items() if state != "ok"}
        assert failing <= {"clock"}, failing
    with script.step(
        "Di server jalankan “manage.py check” dan “manage.py migrate --check”.",
        expect="Tidak ada masalah konfigurasi; susunan basis data sesuai dengan program.",
    ) as step:
        answers = [site.manage("check"), site.manage("migrate", "--check")]
        step.shows("\n".join(answer.text for answer in answers))
        assert [answer.code for answer in answers] == [0, 0]
    with script.step(
        "Buka CHANGELOG.md.", expect="Setiap perubahan dan perbaikan tertulis, yang terbaru paling atas."
    ) as step:
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert text.count("\n- ") >= 10
        step.shows("\n".join(text.splitlines()[:14]))


@pytest.mark.skipif(not KIT.is_dir(), reason="bahan pelatihan belum ada dalam versi ini")
@acceptance(
    "UAT-4c-01",
    "Bahan pelatihan tersedia untuk setiap peran",
    answers=("4c", "D6"),
    purpose="Pelatihan dapat dilaksanakan dan diulang oleh LSP sendiri: agenda dan latihan untuk setiap peran.",
    role="Pelatih",
    before="Folder server_docs/training/.",
)
def test_the_training_kit_is_there(script, site):
    with script.step(
        "Buka agenda pelatihan setiap peran.",
        expect="Ada untuk administrator, asesor, BNSP, instansi, dan sekretariat, berisi waktu dan pokok bahasan.",
    ) as step:
        for role in ROLES[1:]:
            assert len((KIT / f"agenda-{role}.md").read_text(encoding="utf-8")) > 400, role
        step.shows("\n".join(path.name for path in sorted(KIT.glob("agenda-*.md"))))
    with script.step("Buka latihan setiap peran.", expect="Latihan yang dapat diikuti langkah demi langkah.") as step:
        for role in ROLES[1:]:
            assert len((KIT / f"latihan-{role}.md").read_text(encoding="utf-8")) > 400, role
        step.shows("\n".join(path.name for path in sorted(KIT.glob("latihan-*.md"))))


@acceptance(
    "UAT-4d-01",
    "Panduan setiap peran terbuka, bergambar, dan dapat dicari",
    answers=("4d", "D3"),
    purpose="Setiap pengguna menemukan panduannya di /bantuan/, tanpa perlu meminta.",
    role="Semua peran",
    before="Situs terbuka; tidak perlu masuk.",
)
def test_the_manual_of_each_role_opens(script, site):
    page = script.page = site.page_of(None)
    with script.step("Buka /bantuan/.", expect="Panduan untuk enam peran disebut.") as step:
        page.goto("/bantuan/")
        for role in ROLES:
            assert page.locator(f"main a[href='/bantuan/{role}/']").count(), role
        step.look_at(page.get_by_role("heading", level=1))
    with script.step(
        "Buka panduan setiap peran dan setiap halamannya.", expect="Semua halaman terbuka; tidak ada tautan yang mati."
    ) as step:
        told = []
        for role in ROLES:
            page.goto(f"/bantuan/{role}/")
            links = page.locator(f"a[href^='/bantuan/{role}/']").evaluate_all("e => e.map(a => a.pathname)")
            chapters = sorted({link for link in links if re.fullmatch(rf"/bantuan/{role}/[a-z0-9-]+/", link)})
            assert chapters or len(page.locator("main").inner_text()) > 2000, role  # a short book is one page
            for chapter in chapters:
                assert page.request.get(chapter).status == 200, chapter
            told.append(f"{role} {len(chapters) + 1} halaman")
        step.found("; ".join(told) + ".")
    with script.step(
        "Sebagai sekretariat, tekan “?” pada antrean permohonan.", expect="Panduan halaman itu terbuka."
    ) as step:
        desk = site.page_of("sekretariat")
        desk.goto("/admin/core/application/")
        address = desk.locator("a[href*='/bantuan/']").first.get_attribute("href")
        script.page = page
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        step.found(f"Terbuka: {page.get_by_role('heading', level=1).inner_text()} ({address}).")


@acceptance(
    "UAT-4d-02",
    "Panduan sebagai PDF dengan daftar isi",
    answers=("4d", "D3"),
    purpose="Panduan dapat dicetak dan dibagikan.",
    role="Sekretariat",
    before="Panduan dicetak saat versi dipasang (“manage.py build_manuals”).",
)
def test_the_manual_is_a_book(script, site):
    from datetime import date

    from core.manual.books import book_of
    from core.manual.pdf import book_pdf

    with script.step(
        "Buka PDF panduan BNSP.", expect="Sampul, daftar isi dengan nomor halaman, dan bab-babnya."
    ) as step:
        book = book_of("bnsp")
        made = book_pdf(book, version="uji", day=date(2026, 11, 25))
        reader = PdfReader(io.BytesIO(made.content))
        text = reader.pages[1].extract_text()
        assert "Daftar isi" in text
        assert len([line for line in text.splitlines() if line.strip().isdigit()]) > 10, text
        step.shows(text)
