"""The old register: certificates of the paper years (decisions 0011 and 0035)."""

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import CHUNK, Column, SheetResource
from backoffice.resources.widgets import ChoiceWidget, DayWidget, EmailWidget, LinesWidget, NikWidget, SchemeWidget
from core.accounts.nik import mask_nik
from core.certificates import past_rules as rules
from core.certificates.enums import PastStatus
from core.certificates.models import PastCertificate
from core.certificates.services import keep_past_certificates
from core.codelists.models import Region
from core.schemes.models import Scheme
from core.schemes.workbook import labels


def _masked(value: str) -> str:
    """Of what has too few digits for a NIK the report shows all: that is what was typed wrong."""
    return mask_nik(value) if sum(c.isdigit() for c in value) >= 12 else value


class PastCertificateResource(SheetResource):
    kind = "pastcertificate"
    title = _("Sertifikat lama")
    about = _(
        "Sertifikat yang terbit sebelum sistem ini, dari buku register LSP. Sesudah diterapkan, nomornya tampil pada "
        "register dan pemeriksaan sertifikat. Pemegang yang mendaftar dengan NIK yang sama menemukannya di mejanya."
    )
    key = ("number",)
    row_by_row = True
    brief = ("number", "holder_name", "scheme", "issued_on", "valid_until", "status")

    number = Column(
        "number",
        "Nomor sertifikat",
        required=True,
        help="Persis seperti pada sertifikat; baris dikenali dari nomor ini.",
        example="84230 2264 3 0000123 2019",
        width=32,
        also=("No. Sertifikat", "No Sertifikat Kompetensi", "Nomor Seri Sertifikat"),
    )
    registration_number = Column(
        "registration_number",
        "Nomor registrasi",
        help="Nomor register LSP, bila ada.",
        example="PBN 1234 00123 2019",
        also=("No. Reg.", "No Registrasi", "Nomor Register", "No. Reg. Sertifikat"),
    )
    holder_name = Column(
        "holder_name",
        "Nama pemegang",
        required=True,
        help="Seperti tercetak pada sertifikat.",
        example="Siti Rahma",
        width=32,
        also=("Nama", "Nama Lengkap", "Nama Asesi", "Nama Peserta", "Nama Pemegang Sertifikat"),
    )
    nik = Column(
        "nik",
        "NIK",
        NikWidget(),
        help="16 angka, kolom berformat Teks. Boleh kosong; disimpan tersandi.",
        example="8171015204900001",
        is_personal=True,
        needs="core.view_nik",
        also=("No. KTP", "Nomor Induk Kependudukan", "No. KTP/NIK", "Nomor KTP"),
        mask=_masked,
    )
    email = Column(
        "email",
        "E-mail",
        EmailWidget(),
        help="Untuk pengingat masa berlaku. Boleh kosong.",
        example="siti@contoh.id",
        is_personal=True,
        width=28,
        also=("Alamat E-mail", "Surel"),
    )
    scheme = Column(
        "scheme",
        "Skema",
        SchemeWidget(),
        required=True,
        help="Kode, nomor, atau judul skema di sistem, juga yang tidak ditawarkan lagi.",
        example="distribusi-bantuan",
        choices=lambda: list(Scheme.objects.values_list("title", flat=True)),
        width=40,
        also=("Skema Sertifikasi", "Nama Skema", "Judul Skema", "Kode Skema"),
    )
    units = Column(
        "units",
        "Unit kompetensi",
        LinesWidget(),
        help="Kode atau judul unit, dipisah titik koma.",
        example="O.842340.026.01 Memberi Layanan Tanggap Darurat",
        width=40,
        also=("Unit", "Kode Unit", "Daftar Unit"),
    )
    issued_on = Column(
        "issued_on",
        "Tanggal terbit",
        DayWidget(),
        required=True,
        help="Hari dahulu: 31-12-2019 atau 31 Des 2019.",
        example="31-12-2019",
        width=16,
        also=("Terbit", "Tanggal Sertifikat", "Tanggal Penerbitan", "Tgl Terbit"),
    )
    valid_until = Column(
        "valid_until",
        "Berlaku sampai",
        DayWidget(),
        required=True,
        help="Hari terakhir berlaku.",
        example="30-12-2022",
        width=16,
        also=("Masa Berlaku", "Berlaku s.d.", "Tanggal Berakhir", "Berlaku Hingga", "Tanggal Kedaluwarsa"),
    )
    place = Column("place", "Tempat terbit", example="Jakarta", also=("Tempat", "Kota", "Tempat Penerbitan"))
    status = Column(
        "status",
        "Status",
        ChoiceWidget(PastStatus),
        help="Kosong berarti berlaku; yang lewat masanya tetap ditulis berlaku.",
        example="Berlaku",
        choices=lambda: list(labels(PastStatus)),
        width=14,
        also=("Keterangan Status", "Status Sertifikat", "Keadaan"),
    )
    file_number = Column(
        "file_number", "Nomor arsip", help="Nomor map atau kotak arsip kertasnya.", example="MAP-2019-014",
        also=("No. Arsip", "No Map", "Nomor Berkas"),
    )  # fmt: skip
    note = Column(
        "note", "Catatan", is_personal=True, example="Blanko rusak, dicetak ulang 2020", width=32, also=("Keterangan",)
    )

    class Meta:
        model = PastCertificate
        fields = (
            "number", "registration_number", "holder_name", "nik", "email", "scheme", "units", "issued_on",
            "valid_until", "place", "status", "file_number", "note",
        )  # fmt: skip

    def prepare(self) -> None:
        self.fields["scheme"].widget.take(list(Scheme.objects.all()))
        self.fields["nik"].widget.provinces = set(Region.objects.filter(province=None).values_list("code", flat=True))
        keys = (self.key_of(row.values) for row in self.rows)
        numbers = [key[0] for key in keys if key is not None]
        self.issued, self.decided = rules.numbers_of_the_system(numbers), rules.states_decided_here(numbers)
        self.waiting: list[PastCertificate] = []

    def load(self, keys: set[Any]) -> dict[Any, Model]:
        found = super().load(keys)
        self.names = {key: row.holder_name for key, row in found.items()}
        return found

    def stored(self) -> QuerySet:
        return super().stored().prefetch_related("scheme")

    def label(self, instance: Model) -> str:
        return instance.number

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        found = rules.what_is_wrong(instance, self.issued, self.decided)
        known = self.names.get((instance.number,), instance.holder_name)
        if not rules.is_same_name(known, instance.holder_name):
            sentence = _t(
                "Nomor ini sudah tercatat atas nama %(name)s. Periksa nomornya; nama yang keliru dibetulkan pada "
                "layarnya."
            ) % {"name": known}
            self.kinds[sentence] = _t("Nomor tercatat atas nama lain")
            found["number"] = sentence
        return found

    def write(self, instance: Model, is_create: bool) -> None:
        self.waiting.append(instance)
        if len(self.waiting) >= CHUNK:
            self.finish()

    def finish(self) -> None:
        keep_past_certificates(certificates=self.waiting, by=self.by)
        self.waiting = []
