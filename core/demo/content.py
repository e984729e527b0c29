"""What the secretariat of the demonstration tells its readers and hands out."""

import io
from datetime import timedelta

from django.utils import timezone

from core.accounts.models import User
from core.assessments.models import FormVersion
from core.assessments.papers.sample import sample_paper
from core.content.entries import Announcement, Download
from core.content.services import set_download_file
from core.schemes.enums import VersionStatus

#: Blank forms that candidates may look at beforehand: code, what it is for, and both in English.
FORMS = (
    (
        "fr-ak-01",
        "Yang Anda setujui bersama asesor sebelum uji dimulai.",
        "Assessment agreement and confidentiality (FR.AK.01)",
        "What you and the assessor agree on before the test begins.",
    ),
    (
        "fr-ak-03",
        "Umpan balik Anda sesudah asesmen.",
        "Feedback and notes on the assessment (FR.AK.03)",
        "Your feedback after the assessment.",
    ),
)


def seed_content(*, clerk: User) -> None:
    if Announcement.objects.exists():
        return
    now, today = timezone.now(), timezone.localdate()
    rows = (
        {
            "title": "Sekretariat tutup pada hari libur nasional",
            "summary": "Permohonan tetap dapat dikirim; pemeriksaan dilanjutkan pada hari kerja berikutnya.",
            "body": "Selama libur, **permohonan tetap dapat diisi dan dikirim** lewat portal. Sekretariat memeriksanya "
            "pada hari kerja berikutnya.",
            "title_en": "The secretariat is closed on public holidays",
            "summary_en": "Applications can still be sent; they are checked from the next working day on.",
            "body_en": "During the holidays **applications can still be filled in and sent** on this portal. The "
            "secretariat checks them from the next working day on.",
            "live_from": now - timedelta(days=1),
            "ends_on": today + timedelta(days=14),
            "is_pinned": True,
        },
        {
            "title": "Jadwal uji skema Distribusi Bantuan diumumkan",
            "summary": "Lihat hari, tempat, dan sisa kursinya pada halaman skema.",
            "body": "Jadwal lengkap tampil pada [daftar skema](/skema/). Undangan dikirim lewat e-mail kepada yang "
            "sudah selesai pra-asesmen.",
            "title_en": "Test dates for the scheme Relief Distribution",
            "summary_en": "Days, venues and free seats are on the page of the scheme.",
            "body_en": "All dates are on the [list of schemes](/skema/). Candidates who have finished their "
            "pre-assessment are invited by e-mail.",
            "live_from": now - timedelta(days=5),
        },
        {
            "title": "Yang perlu dibawa pada hari uji",
            "summary": "KTP asli, bukti kerja asli, dan perlengkapan menurut skema.",
            "body": "- KTP asli\n- Bukti kerja asli yang sudah Anda unggah\n- Pakaian dan sepatu lapangan bila ada "
            "praktik",
            "live_from": now - timedelta(days=20),
        },
        {
            "title": "Rencana jadwal triwulan berikutnya",
            "summary": "Masih disusun.",
            "body": "Draf, belum untuk dibaca umum.",
            "is_published": False,
        },
    )
    for row in rows:
        announcement = Announcement(**{"is_published": True} | row)
        announcement.full_clean()
        announcement.save()
    versions = FormVersion.objects.filter(status=VersionStatus.PUBLISHED).select_related("definition")
    for place, (code, words, title_en, words_en) in enumerate(FORMS, start=1):
        version = versions.filter(definition__code=code).first()
        if version is None:
            continue
        download = Download.objects.create(
            title=version.definition.title,
            description=words,
            title_en=title_en,
            description_en=words_en,
            version=f"Versi {version.number}",
            position=place,
            is_published=True,
        )
        content = sample_paper(version).content
        set_download_file(download=download, stream=io.BytesIO(content), file_name=f"{code}.pdf", by=clerk)
