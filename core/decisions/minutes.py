"""The minutes (berita acara) of a plenary: what they say, and where the finished PDF is kept."""

import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.applications.filing import file_in_all
from core.common.exceptions import DomainError
from core.content.queries import logo_data_uri, office
from core.decisions.enums import MemberRole, PlenaryStatus
from core.decisions.models import Plenary
from core.decisions.queries import AgendaRow
from core.documents.models import Document, DocumentType, Signature
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.services import store_rendered
from core.documents.signatures import signature_block

DOCUMENT_TYPE = "berita-acara-pleno"
TEMPLATE = "core/documents/plenary_minutes.html"
FORMAT = 1


def build_content(plenary: Plenary, rows: list[AgendaRow]) -> dict[str, Any]:
    """Everything that the minutes print but their number, as plain data; this is what is signed."""
    lsp = office()
    return {
        "format": FORMAT,
        "lsp": {"name": lsp.name, "license_number": lsp.license_number, "logo": lsp.logo.name if lsp.logo else ""},
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
    verify = f"{settings.SITE_URL}/verifikasi/%s/"
    cases = content["cases"]
    held_on = timezone.datetime.fromisoformat(content["held_on"])
    context = {
        "form": _("BERITA ACARA"),
        "notice": "",
        "snapshot": {"number": number},
        "lsp": content["lsp"],
        "logo": logo_data_uri(content["lsp"]["logo"]),
        "signature": signature_block(confirmed, verify % confirmed.code),
        "content": content,
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
        "recorded": signature_block(recorded, verify % recorded.code),
        "confirmed": signature_block(confirmed, verify % confirmed.code),
    }
    return render_pdf(TEMPLATE, context, made_at=timezone.localtime(confirmed.signed_at))


def ensure_minutes(*, plenary: Plenary) -> Document:
    """The stored PDF of a confirmed plenary, rendered now if this is the first time it is asked for.

    Two who ask at once: the second waits and gets what the first one kept.
    """
    if plenary.document_id:
        return plenary.document
    if plenary.status != PlenaryStatus.CONFIRMED:
        raise DomainError(_("Berita acara terbit sesudah keputusan disahkan."), code="minutes.not_confirmed")
    with transaction.atomic():
        plenary = Plenary.objects.select_for_update().get(pk=plenary.pk)
        if plenary.document_id:
            return plenary.document
        rendered = render_minutes(
            number=plenary.number,
            content=json.loads(plenary.content),
            recorded=plenary.record_signature,
            confirmed=plenary.confirm_signature,
        )
        title = _("Berita acara rapat pleno %(number)s") % {"number": plenary.number}
        plenary.document = store_rendered(
            content=rendered.content,
            file_name=f"{title.replace('/', '-')}.pdf",
            title=title,
            pages=rendered.pages,
            document_type=DocumentType.objects.get(code=DOCUMENT_TYPE),
            owner=plenary.confirmed_by,
        )
        plenary.save(update_fields=["document", "updated_at"])
        file_in_all(applications=plenary.decisions.values_list("application_id", flat=True), document=plenary.document)
    return plenary.document
