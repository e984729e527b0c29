"""Invented sample data for the style page (`/gaya/`), which shows every component."""

import re
from datetime import date

from django import forms, template
from django.core.paginator import Paginator

from core.content.steps import steps_of
from public_site.pictures import columns, flow_pictures
from public_site.tokens import PAIRS, colors, contrast, tokens

register = template.Library()

_SIZE = re.compile(r"text-|s\d|radius|touch|measure|page")


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(
        label="Nama lengkap",
        error_messages={"required": "Tulis nama lengkap Anda"},
        help_text="Seperti tertulis pada KTP.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    nik = forms.RegexField(
        r"^\d{16}$",
        label="NIK",
        help_text="16 angka pada KTP Anda.",
        error_messages={"invalid": "NIK harus terdiri atas 16 angka"},
        widget=forms.TextInput(attrs={"class": "w-20", "inputmode": "numeric"}),
    )
    postcode = forms.CharField(
        label="Kode pos", required=False, widget=forms.TextInput(attrs={"class": "w-5", "inputmode": "numeric"})
    )
    province = forms.ChoiceField(
        label="Provinsi", choices=[("", "Pilih provinsi"), ("82", "Maluku Utara"), ("53", "Nusa Tenggara Timur")]
    )
    gender = forms.ChoiceField(
        label="Jenis kelamin", choices=[("L", "Laki-laki"), ("P", "Perempuan")], widget=forms.RadioSelect
    )
    purpose = forms.ChoiceField(
        label="Tujuan asesmen",
        choices=[
            ("S", "Sertifikasi"),
            ("PKT", "Pengakuan Kompetensi Terkini"),
            ("RPL", "Rekognisi Pembelajaran Lampau"),
        ],
        widget=forms.RadioSelect,
    )
    tasks = forms.MultipleChoiceField(
        label="Bidang yang pernah Anda tangani",
        help_text="Pilih semua yang sesuai.",
        choices=[("a", "Kaji cepat"), ("b", "Pengelolaan hunian darurat"), ("c", "Logistik dan peralatan")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    experience = forms.CharField(
        label="Pengalaman", widget=forms.Textarea(attrs={"maxlength": 500, "rows": 4}), required=False
    )
    photo = forms.FileField(
        label="Pas foto", help_text="JPG atau PNG.", widget=forms.FileInput(attrs={"accept": "image/*"})
    )
    password = forms.CharField(label="Kata sandi", help_text="Paling sedikit 12 karakter.", widget=forms.PasswordInput)
    consent = forms.BooleanField(
        label="Saya menyatakan isian ini benar", help_text="Pernyataan ini menjadi bagian dari permohonan."
    )


@register.simple_tag
def samples():
    """Return everything that the style page shows, by name."""
    steps = steps_of(
        "1. **Buat akun** *Anda*\n2. **Isi permohonan (FR.APL-01)** *Anda*\n3. **Verifikasi** *Sekretariat*"
    )
    faulty = SampleForm({"salah-nik": "82710", "salah-postcode": "97000"}, prefix="salah")
    slot = {
        "title": "Fotokopi KTP",
        "hint": "PDF, JPG, atau PNG, paling besar 5 MB. Seluruh sisi kartu terlihat.",
        "required": True,
        "input_name": "ktp",
    }
    file = {
        "name": "ktp-siti-rahmawati.jpg",
        "size": "412 KB · 23 November 2026",
        "url": "#",
        "remove_name": "hapus",
        "remove_value": "7",
    }
    element = {
        "number": "1",
        "title": "Mengidentifikasi kebutuhan hunian darurat",
        "criteria": [
            {
                "number": "1.1",
                "text": "Jumlah dan keadaan penyintas dihitung menurut umur, jenis kelamin, dan kebutuhan khusus.",
            },
            {"number": "1.2", "text": "Lokasi yang aman ditentukan bersama masyarakat dan pemerintah setempat."},
        ],
        "evidence": [
            {"value": "1", "label": "Sertifikat pelatihan manajemen pengungsian (2025)", "checked": True},
            {"value": "2", "label": "Surat tugas tanggap darurat Halmahera"},
        ],
        "evidence_name": "bukti",
        "note_name": "keterangan",
        "copy_value": "1",
    }
    return {
        "form": SampleForm(),
        "faulty": faulty,
        "crumbs": [{"title": "Beranda", "url": "#"}, {"title": "Skema", "url": "#"}, {"title": "Panduan gaya"}],
        "sections": [
            {
                "title": "Sebelum mengisi",
                "tasks": [
                    {"title": "Periksa syarat skema", "url": "#", "status": "Selesai", "tone": "success"},
                    {
                        "title": "Biodata",
                        "url": "#",
                        "status": "Selesai",
                        "tone": "success",
                        "hint": "Diperbarui 23 November 2026",
                    },
                ],
            },
            {
                "title": "Permohonan",
                "tasks": [
                    {
                        "title": "FR.APL-01 Permohonan sertifikasi kompetensi",
                        "url": "#",
                        "status": "Sedang diisi",
                        "tone": "info",
                    },
                    {
                        "title": "Dokumen persyaratan",
                        "url": "#",
                        "status": "Perlu diperbaiki",
                        "tone": "danger",
                        "hint": "2 dari 5 berkas dikembalikan",
                    },
                    {
                        "title": "FR.APL-02 Asesmen mandiri",
                        "url": "#",
                        "status": "Belum diisi",
                        "tone": "neutral",
                        "hint": "8 unit kompetensi",
                    },
                    {"title": "Tanda tangan dan kirim", "status": "Belum bisa dimulai", "tone": "neutral"},
                ],
            },
        ],
        "rows": [
            {"key": "Nama lengkap", "value": "Siti Rahmawati", "url": "#"},
            {"key": "Alamat rumah", "value": "Jalan Kampung Pisang 12\nTernate Tengah, Maluku Utara", "url": "#"},
            {"key": "Telepon kantor", "value": "", "url": "#"},
            {"key": "Nomor permohonan", "value": "PMH-2026-000123"},
        ],
        "timeline": [
            {"title": "Permohonan dikirim", "state": "done", "time": "23 November 2026, 10.42 WIT"},
            {
                "title": "Dokumen diperiksa",
                "state": "current",
                "time": "Sejak 24 November 2026",
                "text": "Sekretariat memeriksa lima dokumen Anda.",
            },
            {"title": "Penugasan asesor dan jadwal uji", "state": "upcoming"},
            {"title": "Asesmen", "state": "upcoming"},
        ],
        "slots": [
            {**slot, "id": "slot-1"},
            {
                **slot,
                "id": "slot-2",
                "status": "Terunggah",
                "tone": "success",
                "files": [file],
                "reuse_name": "pakai",
                "reuse": [{"value": "3", "label": "ktp-2024.pdf · 210 KB · 3 Maret 2024"}],
            },
            {
                **slot,
                "id": "slot-3",
                "title": "Surat rekomendasi instansi",
                "required": False,
                "error": "Berkas lebih besar dari 5 MB",
            },
        ],
        "unit": {
            "code": "CONTOH.000001.001.01",
            "title": "Mengoordinasikan pendirian hunian darurat",
            "answered": 1,
            "copy_name": "salin",
            "elements": [
                {**element, "id": "el-1", "name": "el-1", "value": "K"},
                {
                    **element,
                    "id": "el-2",
                    "name": "el-2",
                    "number": "2",
                    "title": "Mengatur petugas dan peralatan",
                    "error": "Pilih K atau BK",
                },
            ],
        },
        "page_obj": Paginator(range(57), 10).page(3),
        "steps": steps,
        "pictures": flow_pictures(steps),
        "chart": columns([("2024", 12), ("2025", 31), ("2026", 24)]),
        "news": [
            {
                "title": "Sekretariat tutup pada hari libur nasional",
                "summary": "Permohonan tetap dapat dikirim; pemeriksaan dilanjutkan pada hari kerja berikutnya.",
                "address": "#",
                "is_pinned": True,
                "live_from": date(2026, 11, 23),
            }
        ],
        "sessions": [
            {
                "day": "Kamis, 3 Desember 2026",
                "hours": "08.00–16.00 WIB",
                "place": "TUK Sentul, Kabupaten Bogor",
                "free": "4 dari 12 kursi",
                "tone": "success",
            }
        ],
        "tones": ["neutral", "info", "success", "warning", "danger"],
    }


@register.simple_tag
def sheet():
    """Return the token sheet: {colors, pairs, sizes}, each as rows in light and dark."""
    light, dark = tokens()["light"], tokens()["dark"]
    return {
        "colors": [{"name": name, "light": light[name], "dark": dark[name]} for name in colors()],
        "pairs": [
            {
                "words": words,
                "ground": ground,
                "least": least,
                "looks": [
                    {"words": half[words], "ground": half[ground], "ratio": contrast(half[words], half[ground])}
                    for half in (light, dark)
                ],
            }
            for words, ground, least in PAIRS
        ],
        "sizes": [{"name": name, "value": value} for name, value in light.items() if _SIZE.match(name)],
    }
