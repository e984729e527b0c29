"""Which page of the manual explains which screen, and the pages themselves.

The manual is Markdown in server_docs/manual/, one file per subject, written for the people at the
desk. The “?” in the head of every screen leads to the page that `page_of` names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import markdown
from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

MANUAL = settings.BASE_DIR / "server_docs" / "manual"
FRONT_PAGE = "mulai"

#: Model → page about its list and form.
PAGE_OF_MODEL = {
    "application": "antrean",
    "document": "dokumen",
    "candidateprofile": "asesi",
    "assessorprofile": "asesor",
    "user": "pengguna",
    "venue": "tuk",
    "assessmentsession": "jadwal-uji",
    "plenary": "rapat-pleno",
    "appeal": "banding",
    "handover": "serah-terima-bnsp",
    "handoverlayout": "serah-terima-bnsp",
    "surveillance": "surveilan",
    "scheme": "skema",
    "schemeversion": "skema",
    "formdefinition": "formulir-asesmen",
    "formversion": "formulir-asesmen",
    "competencyunit": "unit-dan-standar",
    "competencystandard": "unit-dan-standar",
    "outboxmessage": "pesan",
    "messagetemplate": "pesan",
    "officedata": "data-lsp",
    "documenttype": "jenis-dokumen",
    "expecteddocument": "jenis-dokumen",
    "assessmentpurpose": "daftar-kode",
    "numberingrule": "pola-nomor",
    "consenttext": "teks-persetujuan",
    "consent": "teks-persetujuan",
    "codelist": "daftar-kode",
    "region": "daftar-kode",
    "holiday": "hari-libur",
    "activityentry": "catatan-aktivitas",
    "integrityrun": "keutuhan-berkas",
    "backuprun": "cadangan",
    "restoredrill": "cadangan",
    "scheduledjob": "jadwal-pekerjaan",
    "scheduledrun": "jadwal-pekerjaan",
    "deletedrecord": "riwayat-versi",
    "importrun": "impor-ekspor",
    "job": "pekerjaan-latar",
    "page": "halaman-dan-menu",
    "menuitem": "halaman-dan-menu",
    "question": "isi-portal",
    "announcement": "isi-portal",
    "download": "isi-portal",
    "systempolicy": "kebijakan",
    "certificate": "sertifikat",
    "pastcertificate": "sertifikat-lama",
    "destructionbatch": "masa-simpan",
    "legalhold": "masa-simpan",
    "privacyrequest": "permintaan-data",
    "institution": "instansi-terdaftar",
    "invitationbatch": "instansi-terdaftar",
    "ticket": "pesan-masuk",
    "answertemplate": "pesan-masuk",
}
#: Address name → page, where a screen has a page of its own.
PAGE_OF_ADDRESS = {
    "index": "beranda",
    "core_application_change": "verifikasi",
    "core_application_act": "verifikasi",
    "core_application_check": "verifikasi",
    "core_application_form": "verifikasi",
    "core_application_assign": "penugasan-asesor",
    "core_application_file": "berkas-kasus",
    "core_application_file_take_out": "berkas-kasus",
    "core_application_file_validity": "berkas-kasus",
    "core_application_file_bundle": "berkas-kasus",
    "core_application_preassessment": "pra-asesmen",
    "core_assessmentsession_act": "pelaksanaan-uji",
    "core_assessmentsession_attendance": "pelaksanaan-uji",
    "core_assessmentsession_attendance_list": "pelaksanaan-uji",
    "paper": "berkas-asesmen",
    "paper_next": "berkas-asesmen",
    "papers_prepare": "berkas-asesmen",
    "paper_sign": "berkas-asesmen",
    "paper_scan": "berkas-asesmen",
    "paper_correct": "berkas-asesmen",
    "paper_print": "berkas-asesmen",
    "core_application_results": "hasil-asesmen",
    "core_application_sign_results": "hasil-asesmen",
    "core_application_correct_results": "hasil-asesmen",
    "certificates_issue": "sertifikat",
    "core_certificate_act": "pembekuan-dan-pencabutan",
    "core_surveillance_record": "surveilan",
    "certification_recap": "rekap-sertifikasi",
    "certification_recap_export": "rekap-sertifikasi",
    "save_recap": "rekap-sertifikasi",
    "saved_recap": "rekap-sertifikasi",
    "document_recap": "rekap-dokumen",
    "document_recap_export": "rekap-dokumen",
    "system_health": "kesehatan-sistem",
    "runbook_front": "kesehatan-sistem",
    "runbook": "kesehatan-sistem",
    "backups": "cadangan",
    "setup": "pengaturan",
    "save_view": "daftar",
    "saved_view": "daftar",
    "security": "keamanan-akun",
    "recovery_codes": "keamanan-akun",
    "second_factor_remove": "keamanan-akun",
    "password_change": "keamanan-akun",
    "password_change_done": "keamanan-akun",
}
#: Last word of an address name → page, for what all records have.
PAGE_OF_KIND = {
    "history": "riwayat-versi",
    "compare": "riwayat-versi",
    "import_rows": "impor-ekspor",
    "columns": "impor-ekspor",
    "export_rows": "impor-ekspor",
    "import_workbook": "impor-ekspor",
    "bulk": "daftar",
    "recoverlist": "riwayat-versi",
    "recover": "riwayat-versi",
    "revision": "riwayat-versi",
}


@dataclass(frozen=True)
class ManualPage:
    """One page: its title is the first heading, `html` the rest."""

    slug: str
    title: str
    html: SafeString
    text: str

    @classmethod
    def read(cls, slug: str, path: Path, to_html: Callable[[str], str]) -> "ManualPage":
        """A file of the program: its first line is the title, the rest becomes HTML by `to_html`."""
        source = path.read_text(encoding="utf-8")
        heading, _newline, body = source.partition("\n")
        title = heading.removeprefix("#").strip()
        return cls(slug, title, mark_safe(to_html(body)), source)  # noqa: S308 - our own files, part of the program


def page_of(request: HttpRequest) -> str:
    """The slug of the page that explains the screen under way; the front page where no other does."""
    match = getattr(request, "resolver_match", None)
    name = (match.url_name if match else "") or ""
    if name in PAGE_OF_ADDRESS:
        return PAGE_OF_ADDRESS[name]
    if name.startswith("core_"):
        _core, model, *kind = name.split("_", 2)
        return PAGE_OF_KIND.get("".join(kind)) or PAGE_OF_MODEL.get(model, FRONT_PAGE)
    return FRONT_PAGE


def contents() -> list[tuple[str, list[str]]]:
    """Headings of the front page with the pages that their bullets name. What it numbers are ways to begin."""
    front = (MANUAL / f"{FRONT_PAGE}.md").read_text(encoding="utf-8")
    groups = []
    for part in re.split(r"^## ", front, flags=re.MULTILINE)[1:]:
        if listed := re.findall(r"^- \[[^\]]+\]\(([a-z0-9-]+)\.md\)", part, re.MULTILINE):
            groups.append((part.splitlines()[0].strip(), listed))
    return groups


@cache
def slugs() -> list[str]:
    """All pages in the order of the contents, the front page first."""
    return [FRONT_PAGE, *dict.fromkeys(slug for _title, listed in contents() for slug in listed)]


@cache
def read_page(slug: str) -> ManualPage | None:
    """The rendered page; None when there is none of that name. Read once per process: it ships with the code."""
    if slug not in slugs():
        return None
    return ManualPage.read(slug, MANUAL / f"{slug}.md", _to_html)


def _to_html(body: str) -> str:
    html = markdown.markdown(body, extensions=["tables", "toc", "sane_lists"])
    return re.sub(r'href="([a-z0-9-]+)\.md(#[^"]*)?"', r'href="../\1/\2"', html)


def search_pages(words: str) -> list[tuple[ManualPage, str]]:
    """Pages that hold all the words, with the line that holds most of them.

    Titles that match come first, then pages that have the words as typed most often; the front page is last.
    """
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = []
    for slug in slugs():
        page = read_page(slug)
        if page is not None and all(word in page.text.casefold() for word in wanted):
            lines = [_plain(line) for line in page.text.splitlines()[1:]]
            found.append((page, max(lines, key=lambda line: sum(word in line.casefold() for word in wanted))))

    def rank(hit: tuple[ManualPage, str]) -> tuple[bool, bool, int]:
        page = hit[0]
        is_named = any(word in page.title.casefold() for word in wanted)
        return page.slug == FRONT_PAGE, not is_named, -page.text.casefold().count(" ".join(wanted))

    return sorted(found, key=rank)


def _plain(line: str) -> str:
    """A line of Markdown as it is read: without the marks, of links only the words."""
    words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", line)
    return re.sub(r"^\d+\. ", "", words.replace("**", "").replace("`", "").replace(" | ", " · ").strip("#-| "))
