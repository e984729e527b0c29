"""Meetings and appeals, out only."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import CellWidget
from core.decisions.models import Appeal, Plenary


class PlenaryResource(SheetResource):
    kind = "plenary"
    title = _("Rapat pleno")
    is_importable = False

    title_ = Column("title", "Rapat", width=40)
    held_on = Column("held_on", "Tanggal rapat", CellWidget(), width=16)
    place = Column("place", "Tempat", width=32)
    status = Column("get_status_display", "Status", width=16)
    cases = Column("cases", "Permohonan", CellWidget(), width=12)
    competent = Column("competent", "Kompeten", CellWidget(), width=12)
    not_yet = Column("not_yet", "Belum kompeten", CellWidget(), width=16)
    undecided = Column("undecided", "Belum diputus", CellWidget(), width=14)
    to_issue = Column("to_issue", "Menunggu sertifikat", CellWidget(), width=20)
    number = Column("number", "Nomor berita acara", width=28)
    letter_number = Column("letter_number", "Nomor SK kelulusan", width=28)
    recorded_by = Column("recorded_by__full_name", "Dicatat oleh")
    confirmed_by = Column("confirmed_by__full_name", "Disahkan oleh")
    confirmed_at = Column("confirmed_at", "Disahkan", CellWidget(), width=18)

    class Meta:
        model = Plenary
        fields = (
            "title_", "held_on", "place", "status", "cases", "competent", "not_yet", "undecided", "to_issue", "number",
            "letter_number", "recorded_by", "confirmed_by", "confirmed_at",
        )  # fmt: skip

    def export_rows(self, rows: Iterable[Plenary], names: Sequence[str]) -> list[list[Any]]:
        """The counts are those of the list, so that both say the same."""
        rows = list(rows)
        for row in rows:
            row.not_yet = row.cases - row.competent - row.undecided
        return super().export_rows(rows, names)


class AppealResource(SheetResource):
    kind = "appeal"
    title = _("Banding")
    is_importable = False

    case = Column("application__number", "Nomor permohonan")
    candidate = Column("application__candidate__user__full_name", "Asesi", width=32)
    email = Column("application__candidate__user__email", "E-mail", is_personal=True, width=32)
    phone = Column("application__candidate__phone_mobile", "Nomor HP", is_personal=True, width=18)
    scheme = Column("application__scheme_version__scheme__title", "Skema", width=40)
    status = Column("get_status_display", "Status", width=16)
    filed_at = Column("filed_at", "Diajukan", CellWidget(), width=18)
    deadline = Column("deadline", "Batas waktu", CellWidget(), width=16)
    reason = Column("reason", "Alasan banding", is_personal=True, is_usual=False, width=60)
    plenary = Column("decision__plenary__number", "Berita acara yang dibanding", width=28)
    resolution = Column("resolution__get_outcome_display", "Keputusan banding", width=24)
    resolved_in = Column("resolution__plenary__number", "Berita acara keputusan banding", width=28)

    class Meta:
        model = Appeal
        fields = (
            "case", "candidate", "email", "phone", "scheme", "status", "filed_at", "deadline", "reason", "plenary",
            "resolution", "resolved_in",
        )  # fmt: skip
