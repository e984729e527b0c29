"""The paper about one restore drill: which backup, what was looked at, what came of it. It names nobody."""

import hashlib
import json
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.queries import administrators
from core.backups.drill_enums import DrillOutcome, DrillStep
from core.backups.drill_models import RestoreDrill
from core.common.dates import lasting
from core.common.exceptions import DomainError
from core.common.text import grouped
from core.content.queries import logo_data_uri, office
from core.documents.models import Document, DocumentType
from core.documents.services import store_rendered

DOCUMENT_TYPE = "surat-uji-pemulihan"
TEMPLATE = "core/documents/restore_drill.html"
#: Differences that are printed; the page of the drill has more.
PRINTED = 60


@transaction.atomic
def ensure_certificate(*, drill: RestoreDrill, by: User) -> Document:
    """The stored PDF, rendered now if this is the first time it is asked for; two who ask at once queue."""
    drill = RestoreDrill.objects.select_for_update().get(pk=drill.pk)
    if drill.document_id:
        return drill.document
    if not drill.is_over:
        raise DomainError(
            _("Uji ini masih berjalan. Surat keterangannya terbit sesudah selesai."), code="drill_certificate.running"
        )
    rendered = _render(drill)
    title = _("Surat keterangan uji pemulihan #%(number)d") % {"number": drill.pk}
    drill.document = store_rendered(
        content=rendered.content,
        file_name=f"{title.replace('#', '')}.pdf",
        title=title,
        pages=rendered.pages,
        document_type=DocumentType.objects.get(code=DOCUMENT_TYPE),
        owner=drill.requested_by or administrators().order_by("pk").first() or by,
    )
    drill.save(update_fields=["document"])
    return drill.document


def fingerprint(drill: RestoreDrill) -> str:
    """A hash over all that the paper says of the drill, so that paper and record can be compared."""
    facts = {
        "drill": drill.pk,
        "begun_at": drill.begun_at.isoformat(),
        "outcome": drill.outcome,
        "place": drill.place,
        "snapshot": drill.snapshot,
        "steps": drill.steps,
        "differences": drill.differences,
        "difference_count": drill.difference_count,
        "figures": [drill.tables, drill.rows, drill.documents, drill.size, drill.papers],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _render(drill: RestoreDrill) -> Any:
    from core.documents.rendering import render_pdf  # loads the PDF engine

    lsp = office()
    ended = timezone.localtime(drill.ended_at)
    context = {
        "form": _("SURAT KETERANGAN"),
        "notice": "",
        "lsp": {"name": lsp.name, "license_number": lsp.license_number},
        "logo": logo_data_uri(lsp.logo.name if lsp.logo else ""),
        "drill": drill,
        "is_proven": drill.outcome == DrillOutcome.PROVEN,
        "differs": drill.outcome == DrillOutcome.DIFFERS,
        "day": date_format(ended, "j F Y"),
        "begun": date_format(timezone.localtime(drill.begun_at), "j F Y, H.i"),
        "ended": date_format(ended, "j F Y, H.i"),
        "state_of": date_format(timezone.localtime(drill.snapshot_at), "j F Y, H.i") if drill.snapshot_at else "",
        "differences": [
            found | {"title": DrillStep(found["step"]).label} for found in drill.differences[:PRINTED]
        ],
        "more": max(0, drill.difference_count - len(drill.differences[:PRINTED])),
        "figures": [grouped(n) for n in (drill.rows, drill.tables, drill.documents)] if drill.rows else None,
        "usable": lasting(drill.usable_seconds) if drill.usable_seconds is not None else "",
        "fingerprint": fingerprint(drill),
    }  # fmt: skip
    return render_pdf(TEMPLATE, context, made_at=ended)
