"""Cases, out only: they are made by candidates and moved by the workflow."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.applications.models import Application


class ApplicationResource(SheetResource):
    kind = "application"
    title = _("Permohonan")
    is_importable = False

    number = Column("number", "Nomor")
    candidate = Column("candidate__user__full_name", "Asesi")
    nik = Column("candidate__nik", "NIK", is_personal=True, needs="core.view_nik")
    email = Column("candidate__user__email", "E-mail", is_personal=True)
    phone = Column("candidate__phone_mobile", "Nomor HP", is_personal=True)
    scheme = Column("scheme_version__scheme__title", "Skema")
    version = Column("scheme_version__number", "Versi skema", CellWidget())
    status = Column("get_status_display", "Status")
    submitted_at = Column("submitted_at", "Dikirim", CellWidget())
    closed_at = Column("closed_at", "Selesai", CellWidget())
    province = Column("candidate__home_region__province__name", "Provinsi")
    officer = Column("officer__full_name", "Petugas")

    class Meta:
        model = Application
        fields = (
            "number", "candidate", "nik", "email", "phone", "scheme", "version", "status", "submitted_at", "closed_at",
            "province", "officer",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related(
            "candidate__user", "candidate__home_region__province", "scheme_version__scheme", "officer"
        )
