"""What the portal lists: questions both ways; announcements and downloads out only, since each is looked at before
it is shown."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.documents import yes_no
from backoffice.resources.widgets import CellWidget, TextWidget, YesNoWidget
from core.content.entries import Announcement, Download, Question


class QuestionResource(SheetResource):
    kind = "question"
    title = _("Tanya jawab")
    about = _("Satu baris per pertanyaan. Pertanyaan yang tidak disebut di berkas tetap ada.")
    key = ("question",)

    question = Column(
        "question",
        "Pertanyaan",
        required=True,
        help="Baris dikenali dari pertanyaannya.",
        example="Berapa lama sertifikat berlaku?",
        width=50,
    )
    group = Column("group", "Kelompok", example="Sertifikat")
    answer = Column(
        "answer",
        "Jawaban",
        TextWidget(many_lines=True),
        required=True,
        help="Tanda **tebal** dan [tulisan](/alamat/) dapat dipakai.",
        example="Umumnya tiga tahun.",
        width=80,
    )
    question_en = Column("question_en", "Pertanyaan (Inggris)", example="How long is a certificate valid?", width=50)
    group_en = Column("group_en", "Kelompok (Inggris)", example="Certificates")
    answer_en = Column(
        "answer_en",
        "Jawaban (Inggris)",
        TextWidget(many_lines=True),
        help="Selama ada yang kosong, pembaca Inggris melihat teks Indonesia.",
        example="Usually three years.",
        width=80,
    )
    is_published = Column(
        "is_published", "Tampil di portal", YesNoWidget(blank=False), example="ya", choices=yes_no, width=16
    )

    class Meta:
        model = Question
        fields = ("question", "group", "answer", "question_en", "group_en", "answer_en", "is_published")

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        try:
            instance.clean()
        except ValidationError as error:
            return {name: found[0] for name, found in error.message_dict.items()}
        return {}

    def write(self, instance: Model, is_create: bool) -> None:
        if is_create:  # to the end
            instance.position = (Question.objects.aggregate(last=Max("position"))["last"] or 0) + 1
        super().write(instance, is_create)


class StandingWidget(CellWidget):
    """How an announcement stands at this moment, in a word."""

    def cell(self, value: Any) -> str:
        return str(value.label)


class AnnouncementResource(SheetResource):
    kind = "announcement"
    title = _("Pengumuman")
    is_importable = False

    title_ = Column("title", "Judul", width=50)
    standing = Column("standing", "Keadaan", StandingWidget())
    live_from = Column("live_from", "Mulai tampil", CellWidget())
    ends_on = Column("ends_on", "Tampil sampai", CellWidget())
    is_pinned = Column("is_pinned", "Disematkan", YesNoWidget(blank=False))
    address = Column("address", "Alamat")
    summary = Column("summary", "Ringkasan", width=60)
    body = Column("body", "Isi", TextWidget(many_lines=True), width=80)

    class Meta:
        model = Announcement
        fields = ("title_", "standing", "live_from", "ends_on", "is_pinned", "address", "summary", "body")


class DownloadResource(SheetResource):
    kind = "download"
    title = _("Unduhan")
    is_importable = False

    title_ = Column("title", "Judul", width=50)
    description = Column("description", "Keterangan", width=60)
    version = Column("version", "Versi")
    is_published = Column("is_published", "Tampil di portal", YesNoWidget(blank=False))
    file_name = Column("document__file_name", "Berkas", width=40)
    size = Column("document__size", "Ukuran (byte)", CellWidget())
    address = Column("address", "Alamat")

    class Meta:
        model = Download
        fields = ("title_", "description", "version", "is_published", "file_name", "size", "address")
