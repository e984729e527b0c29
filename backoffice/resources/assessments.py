"""Where is assessed."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.documents import yes_no
from backoffice.resources.widgets import (
    ChoiceWidget,
    DayWidget,
    LookupWidget,
    NumberWidget,
    PhoneWidget,
    SlugWidget,
    TextWidget,
    YesNoWidget,
)
from core.assessments.enums import VenueKind
from core.assessments.models import Venue
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
        "kind", "Jenis TUK", ChoiceWidget(VenueKind), example="TUK mandiri", choices=lambda: list(labels(VenueKind))
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

    def for_export(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("region")
