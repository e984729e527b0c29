"""Schemes (what the public list shows) and competency units. Whole schemes travel as a workbook."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import ChoiceWidget, LookupWidget, NumberWidget, SlugWidget, TextWidget
from core.schemes.enums import Completeness, SchemeKind
from core.schemes.models import CompetencyStandard, CompetencyUnit, Scheme
from core.schemes.queries import units_in_published_versions
from core.schemes.rules import CODE_DIGITS, code_refusal
from core.schemes.workbook import labels


class SchemeResource(SheetResource):
    kind = "scheme"
    title = _("Skema sertifikasi")
    about = _("Data pokok skema seperti di daftar publik. Unit, persyaratan, dan KUK diimpor dengan buku kerja skema.")
    key = ("code",)

    code = Column(
        "code", "Kode", SlugWidget(), required=True, help="Skema dikenali dari kode ini.", example="distribusi-bantuan"
    )
    number = Column("number", "Nomor skema", example="SKM-01/LSP-BNPB")
    title_ = Column("title", "Judul skema", required=True, example="Distribusi Bantuan", width=50)
    kind_ = Column(
        "kind", "Jenis skema", ChoiceWidget(SchemeKind), example="Klaster", choices=lambda: list(labels(SchemeKind))
    )
    group = Column("group", "Kelompok", help="Untuk mengelompokkan di daftar skema.")
    kbli_code = Column("kbli_code", "Kode KBLI", help="Lima angka.", example="84234", width=12)
    kbji_code = Column("kbji_code", "Kode KBJI", help="Empat angka.", example="2423", width=12)
    kkni_level = Column(
        "kkni_level", "Jenjang KKNI", NumberWidget(blank=None), help="1 sampai 9; boleh kosong.", example="4", width=12
    )
    summary = Column(
        "summary", "Ringkasan", TextWidget(many_lines=True), help="Dua atau tiga kalimat untuk calon asesi.", width=60
    )
    position = Column("position", "Urutan", NumberWidget(), help="Bilangan bulat.", example="1", width=10)

    class Meta:
        model = Scheme
        fields = (
            "code",
            "number",
            "title_",
            "kind_",
            "group",
            "kbli_code",
            "kbji_code",
            "kkni_level",
            "summary",
            "position",
        )

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        """The same as its form refuses."""
        found = {name: code_refusal(name, getattr(instance, name)) for name in CODE_DIGITS}
        if instance.kkni_level is not None and not 1 <= instance.kkni_level <= 9:
            found["kkni_level"] = _t("Jenjang KKNI dari 1 sampai 9.")
        return {name: sentence for name, sentence in found.items() if sentence}


class CompetencyUnitResource(SheetResource):
    kind = "competencyunit"
    title = _("Unit kompetensi")
    about = _("Unit dengan standarnya. Elemen dan KUK diimpor dengan buku kerja.")
    key = ("code",)

    standard = Column(
        "standard",
        "Standar",
        LookupWidget(key="code", missing=_("Standar ini tidak ada. Tambahkan dahulu di daftar standar kompetensi.")),
        required=True,
        help="Nomor standar yang sudah ada di sistem.",
        example="SKKNI 401/2014",
        choices=lambda: list(CompetencyStandard.objects.values_list("code", flat=True)),
    )
    code = Column("code", "Kode unit", required=True, help="Unit dikenali dari kode ini.", example="O.842340.001.01")
    title_ = Column("title", "Judul unit", required=True, help="Kata demi kata seperti pada keputusan.", width=60)
    description = Column("description", "Deskripsi unit", TextWidget(many_lines=True), width=60)
    completeness = Column(
        "completeness",
        "Kelengkapan",
        ChoiceWidget(Completeness),
        example="Lengkap",
        choices=lambda: list(labels(Completeness)),
    )
    source = Column("source", "Sumber teks", TextWidget(many_lines=True), help="Di mana teks dibaca.", width=40)
    source_note = Column("source_note", "Catatan sumber", TextWidget(many_lines=True), width=40)

    class Meta:
        model = CompetencyUnit
        fields = ("standard", "code", "title_", "description", "completeness", "source", "source_note")

    def prepare(self) -> None:
        self.fields["standard"].widget.known = {row.code: row for row in CompetencyStandard.objects.all()}
        self.published = units_in_published_versions(
            key[0] for row in self.rows if (key := self.key_of(row.values)) is not None
        )

    def stored(self) -> QuerySet:
        return super().stored().prefetch_related("standard")

    def label(self, instance: Model) -> str:
        return instance.code

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        """A decree's text is a norm: where a published scheme uses it, changing it is asked for with open eyes."""
        if instance.code not in self.published:
            return {}
        changed = {column for column, _old, _new in self.changes}
        sentence = _t(
            "Unit ini dipakai skema terbit, sehingga teksnya tidak diubah di sini. Pakai buku kerja skema, dan "
            "centang “ubah juga teks unit yang dipakai skema terbit”."
        )
        names = {"Judul unit": "title_", "Deskripsi unit": "description"}
        return {names[column]: sentence for column in changed & set(names)}
