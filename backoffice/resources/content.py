"""Questions of the portal."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Model
from django.utils.translation import gettext_lazy as _

from backoffice.resources.base import Column, SheetResource
from backoffice.resources.documents import yes_no
from backoffice.resources.widgets import TextWidget, YesNoWidget
from core.content.entries import Question


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
