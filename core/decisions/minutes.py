"""The minutes (berita acara) of a plenary: what they say and how they are printed."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.common.text import mid_sentence
from core.content.queries import letterhead, logo_data_uri, signatory
from core.decisions.enums import MemberRole
from core.decisions.models import Plenary
from core.decisions.queries import AgendaRow
from core.documents.models import Signature
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.signatures import signature_block, verify_address

TEMPLATE = "core/documents/plenary_minutes.html"
#: 2: with who signs for the LSP and all of its letterhead.
FORMAT = 2


def build_content(plenary: Plenary, rows: list[AgendaRow]) -> dict[str, Any]:
    """Everything that minutes and decision letter print but their numbers, as plain data; this is what is signed."""
    return {
        "format": FORMAT,
        "lsp": letterhead(),
        "signatory": signatory(),
        "title": plenary.title,
        "held_on": plenary.held_on.isoformat(),
        "place": plenary.place,
        "note": plenary.note,
        "members": [
            {
                "name": member.name,
                "office": member.office,
                "role": MemberRole(member.role).value,
                "is_present": member.is_present,
            }
            for member in plenary.members.all()
        ],
        "cases": [_case(row) for row in rows],
    }


def _case(row: AgendaRow) -> dict[str, Any]:
    return {
        "number": row.application.number,
        "name": row.application.candidate.user.full_name,
        "scheme": row.application.scheme_version.scheme.title,
        "assessor": row.record.assessor.user.full_name if row.record else "",
        "assessor_number": row.record.assessor.registration_number if row.record else "",
        "record": row.record.sha256 if row.record else "",
        "recommendation": row.recommendation,
        "outcome": row.outcome,
        "note": row.note,
        "not_yet": row.not_yet,
        "is_appeal": row.is_appeal,
        "recused": [member.name for member in row.recused if member.is_present],
    }


def render_minutes(*, number: str, content: dict[str, Any], recorded: Signature, confirmed: Signature) -> RenderedPdf:
    """The PDF, made of nothing but the arguments: equal arguments, equal bytes."""
    cases = content["cases"]
    held_on = timezone.datetime.fromisoformat(content["held_on"])
    context = {
        "form": _("BERITA ACARA"),
        "notice": "",
        "snapshot": {"number": number},
        "lsp": content["lsp"],
        "logo": logo_data_uri(content["lsp"]["logo"]),
        "signature": signature_block(confirmed, verify_address(confirmed.code)),
        "content": content,
        "title": mid_sentence(content["title"]),
        "number": number,
        "weekday": date_format(held_on, "l"),
        "day": date_format(held_on, "j F Y"),
        "members": [
            member | {"role_label": MemberRole(member["role"]).label, "is_absent": not member["is_present"]}
            for member in content["members"]
        ],
        "cases": [case | {"outcome_label": Outcome(case["outcome"]).label} for case in cases],
        "total": len(cases),
        "competent": sum(case["outcome"] == Outcome.COMPETENT for case in cases),
        "not_yet": sum(case["outcome"] == Outcome.NOT_YET for case in cases),
        "recorded": signature_block(recorded, verify_address(recorded.code)),
        "confirmed": signature_block(confirmed, verify_address(confirmed.code)),
    }
    return render_pdf(TEMPLATE, context, made_at=timezone.localtime(confirmed.signed_at))
