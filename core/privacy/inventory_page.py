"""The inventory as the page that the officer for personal data reads (server_docs/personal-data.md)."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import translation

from core.common.fields import EncryptedTextField
from core.privacy.inventory import ELSEWHERE, HOLDINGS, IMPERSONAL, Holding, Treatment

PATH = "server_docs/personal-data.md"
#: What a library calls its table in English only.
OF_LIBRARIES = {"otp_totp.TOTPDevice": "aplikasi pembuat kode"}

HEAD = """# Inventaris data pribadi

Untuk petugas pelindungan data pribadi dan tim TI. Halaman ini dibuat dari kode (`core/privacy/inventory.py`) dengan
`manage.py personal_data_inventory`; jangan menyuntingnya langsung. Sebuah uji menggagalkan perubahan kode yang menambah
kolom tanpa memutuskan apakah ia data pribadi.

- **Dasar** adalah usulan menurut pasal 20 ayat (2) UU 27/2022; LSP yang menetapkannya.
- **Masa simpan** kertas ditetapkan LSP per jenis dokumen. Selama belum diisi, kertasnya tidak pernah diusulkan musnah.
- **Disandi**: di basis data hanya terbaca dengan kunci `FIELD_ENCRYPTION_KEYS`, yang disimpan terpisah dari cadangan.
- **Disamarkan**: tampil sebagian, kecuali bagi yang berhak melihat identitas.
- **Salinan anonim**: yang ditulis `anonymise_copy` sebagai gantinya.
- Baris mana milik siapa, siapa yang mengerjakannya, dan kapan, tersimpan sebagai kunci dan waktu pada hampir setiap
  tabel. Tanpa tabel pengguna keduanya tidak menunjuk siapa pun, maka tidak diulang di bawah.
"""


def page() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return "\n".join([HEAD, *_overview(), *_details(), *_elsewhere(), *_none()]).rstrip() + "\n"


def _overview() -> Iterator[str]:
    yield "## Untuk apa, berapa lama, siapa\n"
    yield "| data | untuk apa | dasar | berapa lama | siapa yang melihat | cara berakhir |\n|---|---|---|---|---|---|"
    for holding in HOLDINGS:
        yield (
            f"| {_title(holding)} | {holding.why} | {holding.ground} | {holding.kept} | {holding.readers} | "
            f"{holding.ends} |"
        )
    yield ""


def _details() -> Iterator[str]:
    yield "## Kolom demi kolom\n"
    yield "| tabel | kolom | disandi | disamarkan | salinan anonim |\n|---|---|---|---|---|"
    for holding in HOLDINGS:
        model = apps.get_model(holding.model)
        for name, treatment in holding.fields.items():
            column = model._meta.get_field(name)
            yes = {True: "ya", False: ""}
            is_encrypted = isinstance(column, EncryptedTextField)
            yield (
                f"| `{model._meta.db_table}` | {_label(column)} | {yes[is_encrypted]} | "
                f"{yes[name in holding.masked]} | {treatment} |"
            )
    yield ""


def _elsewhere() -> Iterator[str]:
    yield "## Di luar basis data\n"
    yield "| tempat | untuk apa | berapa lama | siapa yang melihat | cara berakhir | salinan anonim |"
    yield "|---|---|---|---|---|---|"
    for row in ELSEWHERE:
        yield f"| {' | '.join(row)} |"
    yield ""


def _none() -> Iterator[str]:
    names = sorted(f"`{apps.get_model(label)._meta.db_table}`" for label in IMPERSONAL)
    yield "## Tanpa data pribadi\n"
    yield "Daftar, teks untuk umum, angka rekap, dan tabel teknis: " + ", ".join(names) + "."


def _title(holding: Holding) -> str:
    model = apps.get_model(holding.model)
    return f"{OF_LIBRARIES.get(holding.model, model._meta.verbose_name_plural)} (`{model._meta.db_table}`)"


def _label(column: models.Field) -> str:
    """Its words and its name in the program; only the name where nobody gave it words, since no screen shows it."""
    is_named = column.verbose_name != column.name.replace("_", " ")
    return f"{column.verbose_name} (`{column.name}`)" if is_named else f"`{column.name}`"


def count() -> dict[str, int]:
    """For whoever wants the size of it: columns, of these encrypted, masked, and left as they are in a copy."""
    columns = [(holding, name) for holding in HOLDINGS for name in holding.fields]
    return {
        "columns": len(columns),
        "tables": len(HOLDINGS),
        "encrypted": sum(
            isinstance(apps.get_model(holding.model)._meta.get_field(name), EncryptedTextField)
            for holding, name in columns
        ),
        "masked": sum(name in holding.masked for holding, name in columns),
        "kept": sum(holding.fields[name] == Treatment.KEPT for holding, name in columns),
    }
