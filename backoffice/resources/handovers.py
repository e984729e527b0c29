"""What was handed over to BNSP, out only; the rows of each stand in its own archive."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.handovers.models import Handover


class HandoverResource(SheetResource):
    kind = "handover"
    title = _("Serah terima BNSP")
    is_importable = False

    number = Column("number", "Nomor surat", width=28)
    title_ = Column("title", "Nama", width=40)
    status = Column("get_status_display", "Status", width=16)
    total = Column("total", "Permohonan", CellWidget(), width=12)
    competent = Column("competent", "Kompeten", CellWidget(), width=12)
    not_yet = Column("not_yet", "Belum kompeten", CellWidget(), width=16)
    prepared_by = Column("prepared_by__full_name", "Disiapkan oleh")
    checked_at = Column("checked_at", "Diperiksa", CellWidget(), width=18)
    handed_on = Column("handed_on", "Tanggal diserahkan", CellWidget(), width=18)
    handed_by = Column("handed_by__full_name", "Diserahkan oleh")
    channel = Column("get_channel_display", "Cara penyerahan", width=20)
    reference = Column("reference", "Bukti terima BNSP", width=28)
    replaces = Column("replaces__number", "Menggantikan", width=28)
    archive_sha256 = Column("archive_sha256", "Sidik ZIP (SHA-256)", is_usual=False, width=68)

    class Meta:
        model = Handover
        fields = (
            "number", "title_", "status", "total", "competent", "not_yet", "prepared_by", "checked_at", "handed_on",
            "handed_by", "channel", "reference", "replaces", "archive_sha256",
        )  # fmt: skip

    def for_export(self, rows: QuerySet) -> QuerySet:
        return super().for_export(rows).defer("content", "manifest")

    def export_rows(self, rows: Iterable[Handover], names: Sequence[str]) -> list[list[Any]]:
        rows = list(rows)
        for row in rows:
            row.not_yet = row.total - row.competent
        return super().export_rows(rows, names)
