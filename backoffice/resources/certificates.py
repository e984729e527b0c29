"""The register of what was issued, and the surveillance of it. Out only."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.certificates.models import Certificate, Surveillance
from core.certificates.standing import status_now


class CertificateResource(SheetResource):
    kind = "certificate"
    title = _("Sertifikat")
    is_importable = False

    number = Column("number", "Nomor sertifikat", width=32)
    registration_number = Column("registration_number", "Nomor registrasi", width=28)
    blank_number = Column("blank_number", "Nomor blanko")
    holder_name = Column("holder_name", "Nama pada sertifikat", width=32)
    nik = Column("application__candidate__nik", "NIK", is_personal=True, needs="core.view_nik")
    email = Column("holder__email", "E-mail", is_personal=True, width=32)
    phone = Column("application__candidate__phone_mobile", "Nomor HP", is_personal=True, width=18)
    scheme = Column("scheme__title", "Skema", width=40)
    scheme_number = Column("scheme__number", "Nomor skema", is_usual=False)
    version = Column("scheme_version__number", "Versi skema", CellWidget(), is_usual=False, width=12)
    status = Column("status_today", "Keadaan", width=18)
    issued_on = Column("issued_on", "Tanggal terbit", CellWidget(), width=16)
    valid_until = Column("valid_until", "Berlaku sampai", CellWidget(), width=16)
    suspended_until = Column("suspended_until", "Dibekukan sampai", CellWidget(), is_usual=False, width=18)
    case = Column("application__number", "Nomor permohonan")
    province = Column("application__province__name", "Provinsi saat mendaftar")
    plenary = Column("decision__plenary__number", "Nomor berita acara pleno", is_usual=False)
    letter = Column("decision__plenary__letter_number", "Nomor SK kelulusan", is_usual=False)
    replaces = Column("replaces__number", "Menggantikan", is_usual=False, width=32)
    reminded_on = Column("reminded_on", "Terakhir diingatkan", CellWidget(), is_usual=False, width=18)
    issued_by = Column("issued_by__full_name", "Diterbitkan oleh", is_usual=False)

    class Meta:
        model = Certificate
        fields = (
            "number", "registration_number", "blank_number", "holder_name", "nik", "email", "phone", "scheme",
            "scheme_number", "version", "status", "issued_on", "valid_until", "suspended_until", "case", "province",
            "plenary", "letter", "replaces", "reminded_on", "issued_by",
        )  # fmt: skip

    def export_rows(self, rows: Iterable[Certificate], names: Sequence[str]) -> list[list[Any]]:
        """With what a stranger would be told today, not what is stored."""
        rows = list(rows)
        for row in rows:
            row.status_today = status_now(row).label
        return super().export_rows(rows, names)


class SurveillanceResource(SheetResource):
    kind = "surveillance"
    title = _("Surveilan")
    is_importable = False

    certificate = Column("certificate__number", "Nomor sertifikat", width=32)
    holder_name = Column("certificate__holder_name", "Nama pemegang", width=32)
    email = Column("certificate__holder__email", "E-mail", is_personal=True, width=32)
    phone = Column("certificate__application__candidate__phone_mobile", "Nomor HP", is_personal=True, width=18)
    scheme = Column("certificate__scheme__title", "Skema", width=40)
    valid_until = Column("certificate__valid_until", "Sertifikat berlaku sampai", CellWidget(), width=24)
    due_on = Column("due_on", "Jatuh tempo", CellWidget(), width=16)
    reminded_on = Column("reminded_on", "Pemegang diingatkan", CellWidget(), width=20)
    done_on = Column("done_on", "Dilaksanakan", CellWidget(), width=16)
    outcome = Column("get_outcome_display", "Hasil", width=24)
    note = Column("note", "Catatan", is_personal=True, width=40)
    recorded_by = Column("recorded_by__full_name", "Dicatat oleh")

    class Meta:
        model = Surveillance
        fields = (
            "certificate", "holder_name", "email", "phone", "scheme", "valid_until", "due_on", "reminded_on", "done_on",
            "outcome", "note", "recorded_by",
        )  # fmt: skip
