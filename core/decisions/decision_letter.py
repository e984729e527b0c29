"""The decision letter (SK kelulusan) of a plenary: who was found competent, for the LSP's leader to sign.

It is made of what the minutes froze; whoever is not yet competent is named in the minutes alone.
"""

from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.common.text import mid_sentence
from core.content.queries import logo_data_uri
from core.documents.models import Signature
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.signatures import signature_block, verify_address

TEMPLATE = "core/documents/decision_letter.html"


def render_decision_letter(*, number: str, minutes: str, content: dict[str, Any], signature: Signature) -> RenderedPdf:
    """The PDF, made of nothing but the arguments: equal arguments, equal bytes. `minutes`: their number."""
    passed = [case for case in content["cases"] if case["outcome"] == Outcome.COMPETENT]
    signed_at = timezone.localtime(signature.signed_at)
    context = {
        "form": _("SURAT KEPUTUSAN"),
        "notice": "",
        "lsp": content["lsp"],
        "logo": logo_data_uri(content["lsp"]["logo"]),
        "signature": signature_block(signature, verify_address(signature.code)),
        "number": number,
        "minutes": minutes,
        "title": mid_sentence(content["title"]),
        "signatory": content["signatory"],
        "held_on": date_format(timezone.datetime.fromisoformat(content["held_on"]), "j F Y"),
        "decided_on": date_format(signed_at, "j F Y"),
        "total": len(passed),
        "schemes": by_scheme(passed),
    }
    return render_pdf(TEMPLATE, context, made_at=signed_at)


def by_scheme(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """[{title, cases}] in the order of the titles; each case counted through the whole list."""
    ordered = sorted(cases, key=lambda case: case["scheme"])
    counted = ({**case, "place": place} for place, case in enumerate(ordered, start=1))
    return [{"title": title, "cases": list(rows)} for title, rows in groupby(counted, lambda case: case["scheme"])]
