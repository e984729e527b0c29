"""Clauses 3a and 3b: the specification of the server, backup to another server, and documents for its keepers."""

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import expect

from tests.acceptance.script import acceptance
from tests.demo_site import ROOT
from tests.faults.stores import ssh_server

DOCS = ROOT / "server_docs"


def files_of(folder: Path) -> dict[str, str]:
    """{name: SHA-256} of every file under it."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def rows_of(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as opened:
        return opened.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


@acceptance(
    "UAT-3a-01",
    "Spesifikasi server menjawab untuk 1.000 sampai 100.000 permohonan setahun",
    answers=("3a",),
    purpose="Ukuran server dapat dihitung sendiri oleh LSP: prosesor, memori, cakram, jaringan, dan ruang cadangan di server lain.",
    role="Tim TI",
    before="Berkas server_docs/server_specification.md; masuk sebagai administrator.",
)
def test_the_specification_answers_for_every_size(script, site):
    with script.step(
        "Buka server_docs/server_specification.md.",
        expect="Tabel untuk 1.000, 10.000, dan 100.000 permohonan setahun: prosesor, memori, cakram, jaringan, dan cadangan di server lain; di bawahnya hitungannya.",
    ) as step:
        text = (DOCS / "server_specification.md").read_text(encoding="utf-8")
        for words in ("processors", "memory", "disk", "on another server", "network", "100,000 a year"):
            assert words in text, words
        step.shows("\n".join(line for line in text.splitlines() if line.startswith("|"))[:1400])
    page = script.page = site.page_of("administrator")
    with script.step(
        "Buka “Kesehatan sistem”.",
        expect="Ruang cakram yang tersisa dan batasnya terlihat, bersama keadaan setiap bagian.",
    ) as step:
        page.goto("/admin/kesehatan/")
        expect(page.locator("main")).to_contain_text("Ruang cakram")
        step.look_at(page.get_by_text("Ruang cakram"))


@acceptance(
    "UAT-3a-02",
    "Cadangan ke server lain, dan kembali dari sana ke server kosong",
    answers=("3a", "2h", "2f", "D4"),
    purpose="Bila server hilang seluruhnya, sistem dibangun lagi dari cadangan di server terpisah, lengkap dengan dokumennya.",
    role="Tim TI",
    before="Server kedua dengan SFTP (di sini: server SSH terpisah pada mesin yang sama), kata sandi cadangan, dan kunci sistem dari brankas.",
)
def test_a_backup_goes_to_another_server_and_comes_back(script, site, tmp_path):
    password = tmp_path / "kata-sandi-cadangan"
    password.write_text("ombak-pasang-surut")
    password.chmod(0o600)
    new = tmp_path / "server-baru"
    new.mkdir()
    (tmp_path / "lain").mkdir()
    with ssh_server(tmp_path / "lain") as server:
        places = {
            "BACKUP_REPOSITORY_REMOTE": server.address(tmp_path / "tujuan"),
            "BACKUP_PASSWORD_FILE": str(password),
            "BACKUP_SSH_CONFIG": str(server.config),
        }
        with script.step(
            "Isi BACKUP_REPOSITORY_REMOTE dengan alamat SFTP server lain, jalankan “manage.py backup”.",
            expect="Tersimpan di server lain dan dibandingkan; kode keluar 0.",
        ) as step:
            papers = files_of(site.demo.folder / "documents")
            answer = site.manage("backup", **places)
            step.shows(answer.text)
            assert answer.code == 0, answer.text
        with script.step(
            "Pada server baru yang kosong, dengan kunci dari brankas, jalankan “manage.py restore --from remote --yes”.",
            expect="Basis data dan dokumen pulih dan dicocokkan dengan manifesnya; kode keluar 0.",
        ) as step:
            shutil.copytree(site.demo.folder / "secrets", new / "secrets")
            answer = site.manage("restore", "--from", "remote", "--yes", VAR_DIR=str(new), **places)
            step.shows(answer.text)
            assert answer.code == 0, answer.text
    with script.step(
        "Bandingkan kedua server: sidik SHA-256 setiap dokumen, jumlah permohonan, pengguna, dan dokumen.",
        expect="Semuanya sama.",
    ) as step:
        back = files_of(new / "documents")
        assert papers.items() <= back.items()
        counted = {}
        for table in ("core_application", "core_user", "core_document"):
            counted[table] = rows_of(new / site.database.name, table)
            assert counted[table] == rows_of(site.database, table), table
        step.shows(
            f"{len(papers)} berkas dengan sidik yang sama\n" + "\n".join(f"{k}: {v}" for k, v in counted.items())
        )


@acceptance(
    "UAT-3b-01",
    "Dokumentasi server sesuai dengan program",
    answers=("3b", "D3"),
    purpose="Tim Pusdatin dapat memasang dan memelihara menurut dokumen: berkas konfigurasi yang disebut ada, dan setiap perintah yang disebut dikenal program.",
    role="Tim TI",
    before="Folder server_docs/.",
)
def test_documents_of_the_server_are_what_the_program_has(script, site):
    texts = {path: path.read_text(encoding="utf-8") for path in [*DOCS.glob("*.md"), *(DOCS / "runbook").glob("*.md")]}
    with script.step(
        "Hitung dokumen pemasangan, operasi, cadangan, pemutakhiran, dan lembar kerja darurat.",
        expect="Semua ada dan berisi.",
    ) as step:
        for name in ("installation.md", "operation.md", "backup.md", "upgrade.md", "updates.md", "runbook/README.md"):
            assert len((DOCS / name).read_text(encoding="utf-8")) > 1500, name
        step.shows("\n".join(f"{path.relative_to(DOCS)}: {len(text)} huruf" for path, text in sorted(texts.items())))
    with script.step(
        "Buka setiap berkas contoh konfigurasi yang ditautkan (nginx, MariaDB, systemd, cron, firewall).",
        expect="Tidak ada tautan yang mati.",
    ) as step:
        linked = {name for text in texts.values() for name in re.findall(r"\((?:\.\./)?(examples/[^)#]+)\)", text)}
        assert len(linked) >= 5, linked
        missing = [name for name in linked if not (DOCS / name).exists()]
        assert not missing, missing
        step.shows("\n".join(sorted(linked)))
    with script.step(
        "Bandingkan setiap “manage.py …” dalam dokumen dengan “manage.py help”.",
        expect="Setiap perintah dikenal program.",
    ) as step:
        named = {name for text in texts.values() for name in re.findall(r"manage\.py ([a-z][a-z_]+)", text)}
        known = set(site.manage("help", "--commands").text.split())
        assert named, "tidak ada perintah"
        assert not named - known, named - known
        step.shows("\n".join(sorted(named)))


@acceptance(
    "UAT-3b-02",
    "Lembar kerja darurat terbuka dari ruang kerja",
    answers=("3b", "D3"),
    purpose="Saat terjadi gangguan, langkahnya ada di tangan tim TI.",
    role="Administrator teknis",
    before="Masuk sebagai administrator.",
)
def test_runbooks_open_from_the_back_office(script, site):
    page = script.page = site.page_of("administrator")
    with script.step(
        "Buka “Kesehatan sistem”, buka “Server hilang”.",
        expect="Langkah demi langkah memulihkan sistem, dengan perintahnya.",
    ) as step:
        page.goto("/admin/kesehatan/")
        page.get_by_role("link", name="Server hilang").click()
        expect(page.locator("main")).to_contain_text("manage.py restore")
        step.look_at(page.get_by_text(re.compile(r"manage\.py restore")).first)
    with script.step("Buka setiap lembar yang lain.", expect="Semuanya terbuka dan berisi langkah.") as step:
        page.goto("/admin/kesehatan/")
        addresses = {link.get_attribute("href") for link in page.locator("main a[href*='/kesehatan/panduan/']").all()}
        for address in addresses:
            assert page.request.get(address).status == 200, address
        assert len(addresses) >= 10, addresses
        step.found(f"{len(addresses)} lembar terbuka.")
