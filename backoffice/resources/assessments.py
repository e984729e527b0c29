"""Where and when is assessed."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.documents import yes_no
from backoffice.resources.widgets import (
    CellWidget,
    ChoiceWidget,
    DayWidget,
    LookupWidget,
    NumberWidget,
    PhoneWidget,
    SlugWidget,
    TextWidget,
    YesNoWidget,
)
from core.assessments.enums import Attendance, VenueKind
from core.assessments.models import AssessmentSession, Venue
from core.assessments.queries import assessors_in, attendance_in
from core.codelists.models import Region
from core.schemes.workbook import labels


class VenueResource(SheetResource):
    kind = "venue"
    title = _("TUK")
    about = _("Tempat uji kompetensi dengan masa berlaku verifikasinya.")
    key = ("code",)

    code = Column(
        "code", "Kode TUK", SlugWidget(), required=True, help="TUK dikenali dari kode ini.", example="tuk-sentul"
    )
    name = Column("name", "Nama TUK", required=True, example="TUK Pusdiklat PB Sentul", width=40)
    kind_ = Column(
        "kind",
        "Jenis TUK",
        ChoiceWidget(VenueKind),
        required=True,
        example="TUK mandiri",
        choices=lambda: list(labels(VenueKind)),
    )
    address = Column("address", "Alamat", TextWidget(), width=50)
    region = Column(
        "region",
        "Kode kabupaten/kota",
        LookupWidget(key="code", missing=_("Kode kabupaten/kota ini tidak ada. Cari kodenya di menu Wilayah.")),
        help="Empat angka kode Kemendagri.",
        example="3201",
        width=20,
    )
    capacity = Column("capacity", "Daya tampung", NumberWidget(blank=None), example="40", width=14)
    contact_name = Column("contact_name", "Penanggung jawab", is_personal=True)
    contact_phone = Column("contact_phone", "Telepon", PhoneWidget(), is_personal=True, width=20)
    verification_number = Column("verification_number", "Nomor surat verifikasi")
    valid_until = Column("valid_until", "Verifikasi berlaku sampai", DayWidget(), example="24-11-2027", width=22)
    is_active = Column("is_active", "Dipakai", YesNoWidget(blank=True), example="ya", choices=yes_no, width=12)

    class Meta:
        model = Venue
        fields = (
            "code", "name", "kind_", "address", "region", "capacity", "contact_name", "contact_phone",
            "verification_number", "valid_until", "is_active",
        )  # fmt: skip

    def prepare(self) -> None:
        regencies = Region.objects.filter(province__isnull=False, is_current=True)
        self.fields["region"].widget.known = {row.code: row for row in regencies}

    def stored(self) -> QuerySet:
        return super().stored().prefetch_related("region")


class SessionResource(SheetResource):
    """Sessions, out only: they are planned one by one, since each is checked against the others."""

    kind = "assessmentsession"
    title = _("Jadwal uji")
    is_importable = False

    number = Column("number", "Kode jadwal")
    scheme = Column("scheme__title", "Skema", width=40)
    scheme_number = Column("scheme__number", "Nomor skema")
    mode = Column("get_mode_display", "Cara", width=14)
    venue = Column("venue__name", "TUK", width=40)
    region = Column("venue__region__name", "Kabupaten/kota")
    starts_at = Column("starts_at", "Mulai (WIB)", CellWidget())
    ends_at = Column("ends_at", "Selesai (WIB)", CellWidget())
    status = Column("get_status_display", "Status", width=16)
    quota = Column("quota", "Kuota", CellWidget(), width=10)
    taken = Column("taken", "Asesi", CellWidget(), width=10)
    present = Column("present", "Hadir", CellWidget(), width=10)
    absent = Column("absent", "Tidak hadir", CellWidget(), width=12)
    assessors = Column("assessor_names", "Asesor", width=40)
    announced_at = Column("announced_at", "Diumumkan", CellWidget())
    cancel_reason = Column("cancel_reason", "Alasan dibatalkan", needs="core.view_identifiers", width=40)

    class Meta:
        model = AssessmentSession
        fields = (
            "number", "scheme", "scheme_number", "mode", "venue", "region", "starts_at", "ends_at", "status", "quota",
            "taken", "present", "absent", "assessors", "announced_at", "cancel_reason",
        )  # fmt: skip

    def export_rows(self, rows: Iterable[AssessmentSession], names: Sequence[str]) -> list[list[Any]]:
        """With who assesses and how many came, each asked once for all rows."""
        rows = list(rows)
        assessors, came = assessors_in(rows), attendance_in(rows)
        for row in rows:
            row.assessor_names = ", ".join(assessors.get(row.pk, []))
            row.present, row.absent = (came.get((row.pk, value), 0) for value in Attendance.values)
        return super().export_rows(rows, names)
