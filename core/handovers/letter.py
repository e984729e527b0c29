"""The letter that goes along: its words come from a template that the secretariat edits."""

from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.content.queries import logo_data_uri
from core.decisions.models import Plenary
from core.documents.models import Signature
from core.documents.signatures import signature_block, verify_address
from core.handovers.cells import Facts
from core.handovers.models import Handover
from core.messaging.models import MessageTemplate
from core.messaging.services import render

TEMPLATE_KEY = "handover-letter"
TEMPLATE = "core/documents/handover_letter.html"


def letter_template() -> MessageTemplate | None:
    return MessageTemplate.objects.filter(key=TEMPLATE_KEY).first()


def words_of(handover: Handover, *, number: str, facts: list[Facts], plenaries: list[Plenary]) -> dict[str, Any]:
    """Subject and paragraphs as they are signed, and the figures of the enclosure; names nobody."""
    outcomes = Counter(row.case.decision.outcome for row in facts)
    by_scheme = Counter((row.case.application.scheme_version.scheme.title, row.case.decision.outcome) for row in facts)
    schemes = sorted({title for title, _outcome in by_scheme})
    replaced = handover.replaces
    values = {
        "nomor": number,
        "tanggal": date_format(timezone.localdate(), "j F Y"),
        "jumlah": len(facts),
        "kompeten": outcomes[Outcome.COMPETENT],
        "belum_kompeten": outcomes[Outcome.NOT_YET],
        "berita_acara": ", ".join(plenary.number or plenary.title for plenary in plenaries),
        "skema": ", ".join(schemes),
        "pengganti": _("Surat ini menggantikan surat kami nomor %(number)s.") % {"number": replaced}
        if replaced
        else "",
    }
    template = letter_template()
    subject, body = (template.subject, template.body) if template else ("", "")
    return {
        "subject": " ".join(render(subject, values).split()),
        "paragraphs": [part.strip() for part in render(body, values).split("\n\n") if part.strip()],
        "schemes": [
            {
                "title": title,
                "competent": by_scheme[title, Outcome.COMPETENT],
                "not_yet": by_scheme[title, Outcome.NOT_YET],
            }
            for title in schemes
        ],
        "total": len(facts),
        "competent": outcomes[Outcome.COMPETENT],
        "not_yet": outcomes[Outcome.NOT_YET],
    }


def render_letter(*, content: dict[str, Any], signature: Signature) -> Any:
    """The PDF, made of nothing but the arguments: equal arguments, equal bytes."""
    from core.documents.rendering import render_pdf  # loads the PDF engine

    signed_at = timezone.localtime(signature.signed_at)
    context = {
        "form": _("SURAT PENGANTAR"),
        "notice": "",
        "lsp": content["lsp"],
        "logo": logo_data_uri(content["lsp"]["logo"]),
        "signature": signature_block(signature, verify_address(signature.code)),
        "number": content["number"],
        "letter": content["letter"],
        "signatory": content["signatory"],
        "day": date_format(signed_at, "j F Y"),
        "plenaries": [row | {"day": date_format(timezone.datetime.fromisoformat(row["held_on"]), "j F Y")}
                      for row in content["plenaries"]],
    }  # fmt: skip
    return render_pdf(TEMPLATE, context, made_at=signed_at)
