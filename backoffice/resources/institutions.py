"""Institutions that register their people, and what they sent. Out only: an institution registers itself."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.displays import stage_words
from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.institutions.models import Institution, InvitationBatch
from core.institutions.queries import stage_counts


class InstitutionResource(SheetResource):
    kind = "institution"
    title = _("Instansi")
    is_importable = False

    name = Column("name", "Nama instansi", width=40)
    kind_ = Column("kind__title", "Jenis instansi")
    region = Column("region__name", "Kabupaten/kota")
    province = Column("region__province__name", "Provinsi")
    address = Column("address", "Alamat kantor", width=50)
    postal_code = Column("postal_code", "Kode pos", width=10)
    contact_name = Column("contact_name", "Narahubung", is_personal=True, width=32)
    contact_phone = Column("contact_phone", "Telepon narahubung", is_personal=True, width=20)
    status = Column("get_status_display", "Status", width=16)
    people = Column("people", "Orang diundang", CellWidget(), width=16)
    asked_at = Column("asked_at", "Diajukan", CellWidget(), width=18)
    decided_at = Column("decided_at", "Diputuskan", CellWidget(), width=18)
    decided_by = Column("decided_by__full_name", "Diputuskan oleh")
    reason = Column("reason", "Alasan", is_usual=False, width=40)

    class Meta:
        model = Institution
        fields = (
            "name", "kind_", "region", "province", "address", "postal_code", "contact_name", "contact_phone", "status",
            "people", "asked_at", "decided_at", "decided_by", "reason",
        )  # fmt: skip


class InvitationBatchResource(SheetResource):
    kind = "invitationbatch"
    title = _("Rombongan")
    is_importable = False

    number = Column("number", "Nomor", width=24)
    institution = Column("institution__name", "Instansi", width=40)
    sent_by = Column("sent_by__full_name", "Dikirim oleh", width=32)
    sent_at = Column("sent_at", "Dikirim", CellWidget(), width=18)
    people = Column("people", "Orang", CellWidget(), width=10)
    left_out = Column("left_out", "Baris salah yang tidak diundang", CellWidget(), width=20)
    progress = Column("progress", "Kemajuan", width=50)

    class Meta:
        model = InvitationBatch
        fields = ("number", "institution", "sent_by", "sent_at", "people", "left_out", "progress")

    def export_rows(self, rows: Iterable[InvitationBatch], names: Sequence[str]) -> list[list[Any]]:
        """With how far the people of each batch are, asked once for all rows."""
        rows = list(rows)
        counts = stage_counts(rows)
        for row in rows:
            row.progress = stage_words(counts[row.pk])
        return super().export_rows(rows, names)
