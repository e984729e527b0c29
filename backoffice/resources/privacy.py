"""Retention and privacy, out only; never the words of a request nor its answer."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.displays import hold_kind
from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget, YesNoWidget
from core.privacy.models import DestructionBatch, LegalHold, PrivacyRequest


class DestructionBatchResource(SheetResource):
    kind = "destructionbatch"
    title = _("Pemusnahan")
    is_importable = False

    number = Column("number", "Nomor berita acara", width=28)
    status = Column("get_status_display", "Status", width=24)
    papers = Column("papers", "Dokumen", CellWidget(), width=12)
    gone = Column("gone", "Sudah dimusnahkan", CellWidget(), width=18)
    size = Column("bytes", "Ukuran (byte)", CellWidget(), width=16)
    proposed_at = Column("proposed_at", "Diusulkan", CellWidget(), width=18)
    proposed_by = Column("proposed_by__full_name", "Diusulkan oleh")
    approved_at = Column("approved_at", "Disetujui", CellWidget(), width=18)
    approved_by = Column("approved_by__full_name", "Disetujui oleh")
    finished_at = Column("finished_at", "Selesai dimusnahkan", CellWidget(), width=20)
    request = Column("request__number", "Permintaan pemilik data", width=28)

    class Meta:
        model = DestructionBatch
        fields = (
            "number", "status", "papers", "gone", "size", "proposed_at", "proposed_by", "approved_at", "approved_by",
            "finished_at", "request",
        )  # fmt: skip


class LegalHoldResource(SheetResource):
    kind = "legalhold"
    title = _("Penahanan")
    is_importable = False

    what = Column("what", "Yang ditahan", width=36)
    kind_ = Column("kind_of_object", "Jenis", width=14)
    is_in_force = Column("is_in_force", "Berlaku", YesNoWidget(blank=False), width=10)
    reason = Column("reason", "Alasan", is_personal=True, width=50)
    placed_at = Column("placed_at", "Ditahan sejak", CellWidget(), width=18)
    placed_by = Column("placed_by__full_name", "Ditahan oleh")
    lifted_at = Column("lifted_at", "Dilepas", CellWidget(), width=18)
    lifted_by = Column("lifted_by__full_name", "Dilepas oleh")
    lift_reason = Column("lift_reason", "Alasan dilepas", is_personal=True, width=50)

    class Meta:
        model = LegalHold
        fields = (
            "what", "kind_", "is_in_force", "reason", "placed_at", "placed_by", "lifted_at", "lifted_by", "lift_reason",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        """As the list reads them, with what each lies on."""
        return rows.prefetch_related("lifted_by")

    def export_rows(self, rows: Iterable[LegalHold], names: Sequence[str]) -> list[list[Any]]:
        rows = list(rows)
        for row in rows:
            row.what, row.kind_of_object = str(row), hold_kind(row)
        return super().export_rows(rows, names)


class PrivacyRequestResource(SheetResource):
    kind = "privacyrequest"
    title = _("Permintaan data pribadi")
    is_importable = False

    number = Column("number", "Nomor", width=24)
    person = Column("person__full_name", "Pemilik data", width=32)
    email = Column("person__email", "E-mail", is_personal=True, width=32)
    kind_ = Column("get_kind_display", "Permintaan", width=28)
    status = Column("get_status_display", "Status", width=20)
    received_at = Column("received_at", "Diterima", CellWidget(), width=18)
    due_at = Column("due_at", "Batas waktu", CellWidget(), width=18)
    handler = Column("handler__full_name", "Petugas")
    answered_at = Column("answered_at", "Dijawab", CellWidget(), width=18)
    answered_by = Column("answered_by__full_name", "Dijawab oleh")

    class Meta:
        model = PrivacyRequest
        fields = (
            "number", "person", "email", "kind_", "status", "received_at", "due_at", "handler", "answered_at",
            "answered_by",
        )  # fmt: skip
