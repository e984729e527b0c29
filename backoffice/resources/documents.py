"""Kinds of papers."""

from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.widgets import NumberWidget, SlugWidget, TextWidget, YesNoWidget
from core.documents.models import DocumentType


def yes_no() -> list[str]:
    return ["ya", "tidak"]


class DocumentTypeResource(SheetResource):
    kind = "documenttype"
    title = _("Jenis dokumen")
    about = _("Jenis dokumen yang diminta persyaratan skema.")
    key = ("code",)

    code = Column("code", "Kunci", SlugWidget(), required=True, help="Jenis dikenali dari kunci ini.", example="ijazah")
    title_ = Column("title", "Nama", required=True, example="Ijazah terakhir", width=40)
    help_text = Column("help_text", "Petunjuk untuk asesi", TextWidget(many_lines=True), width=60)
    is_personal_evidence = Column(
        "is_personal_evidence", "Diunggah asesi", YesNoWidget(blank=True), example="ya", choices=yes_no, width=16
    )
    is_identity = Column(
        "is_identity", "Memuat identitas", YesNoWidget(blank=False), example="ya", choices=yes_no, width=16
    )
    is_active = Column("is_active", "Dipakai", YesNoWidget(blank=True), example="ya", choices=yes_no, width=12)
    position = Column("position", "Urutan", NumberWidget(), example="1", width=10)

    class Meta:
        model = DocumentType
        fields = ("code", "title_", "help_text", "is_personal_evidence", "is_identity", "is_active", "position")
