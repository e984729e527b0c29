"""The papers that a confirmed plenary leaves behind: rendered once at the first look, then kept."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.applications.filing import file_many
from core.common.exceptions import DomainError
from core.decisions.decision_letter import render_decision_letter
from core.decisions.enums import PlenaryStatus
from core.decisions.minutes import render_minutes
from core.decisions.models import Plenary
from core.documents.models import Document, DocumentType
from core.documents.rendering import RenderedPdf
from core.documents.services import store_rendered


@dataclass(frozen=True)
class PlenaryPaper:
    """`number` and `document` name the fields of Plenary that hold them; `title` has a place for the number."""

    document_type: str
    title: Any
    number: str
    document: str
    render: Callable[[Plenary, dict[str, Any]], RenderedPdf]


def _minutes(plenary: Plenary, content: dict[str, Any]) -> RenderedPdf:
    return render_minutes(
        number=plenary.number, content=content, recorded=plenary.record_signature, confirmed=plenary.confirm_signature
    )


def _decision_letter(plenary: Plenary, content: dict[str, Any]) -> RenderedPdf:
    return render_decision_letter(
        number=plenary.letter_number, minutes=plenary.number, content=content, signature=plenary.letter_signature
    )


MINUTES = PlenaryPaper(
    "berita-acara-pleno", gettext_lazy("Berita acara rapat pleno %(number)s"), "number", "document", _minutes
)
DECISION_LETTER = PlenaryPaper(
    "sk-kelulusan", gettext_lazy("SK kelulusan %(number)s"), "letter_number", "letter", _decision_letter
)


def ensure_paper(paper: PlenaryPaper, *, plenary: Plenary) -> Document:
    """The stored PDF, rendered now if this is the first time it is asked for.

    Two who ask at once: the second waits and gets what the first one kept.
    """
    if kept := getattr(plenary, paper.document):
        return kept
    if plenary.status != PlenaryStatus.CONFIRMED:
        raise DomainError(_("Surat rapat pleno terbit sesudah keputusan disahkan."), code="plenary_paper.not_confirmed")
    number = getattr(plenary, paper.number)
    if not number:
        raise DomainError(
            _("Rapat ini tidak menyatakan seorang pun kompeten, jadi tidak ada SK kelulusan."),
            code="plenary_paper.nobody",
        )
    with transaction.atomic():
        row = Plenary.objects.select_for_update().get(pk=plenary.pk)
        if getattr(row, paper.document) is None:
            rendered = paper.render(row, json.loads(row.content))
            title = str(paper.title) % {"number": number}
            document = store_rendered(
                content=rendered.content,
                file_name=f"{title.replace('/', '-')}.pdf",
                title=title,
                pages=rendered.pages,
                document_type=DocumentType.objects.get(code=paper.document_type),
                owner=row.confirmed_by,
            )
            setattr(row, paper.document, document)
            row.save(update_fields=[paper.document, "updated_at"])
            file_many(applications=row.decisions.values_list("application_id", flat=True), documents=[document.pk])
    return getattr(row, paper.document)
