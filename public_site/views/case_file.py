"""“Berkas permohonan”: the candidate's own papers of a case in the order of its file, with what is missing."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.applications.models import Application
from core.common.exceptions import DomainError
from core.documents.serving import private
from core.reports.dossier import Item, Paper, PaperState
from core.reports.own_file import own_checklist
from public_site.access import application_or_404, candidate_required

#: How a line is spoken of to the candidate: its colour.
TONES = {
    PaperState.THERE: "success",
    PaperState.UNSIGNED: "warning",
    PaperState.MISSING: "warning",
    PaperState.REJECTED: "danger",
    PaperState.EXPIRED: "danger",
    PaperState.REFUSED: "danger",
    PaperState.SCANNING: "info",
}


@dataclass(frozen=True)
class OwnPaper:
    name: str
    url: str


@require_safe
@candidate_required
def case_file(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_or_404(request, reference)
    parts = [
        (part.label, [_line(application, item) for item in items]) for part, items in own_checklist(application).parts
    ]
    return render(request, "public_site/application/case_file.html", {"application": application, "parts": parts})


@require_POST
@candidate_required
def bundle(request: HttpRequest, reference: str) -> HttpResponseBase:
    """All of them as one ZIP, written while it is sent."""
    from core.reports.bundle import make_own_bundle  # loads the PDF engine

    application = application_or_404(request, reference)
    try:
        archive = make_own_bundle(application=application, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("public_site:case_file", application.reference)
    response = StreamingHttpResponse(archive.stream(), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{archive.name}.zip") or "attachment"
    return private(response)


def _line(application: Application, item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "state": item.state.label,
        "tone": TONES.get(item.state, "neutral"),
        "note": item.note,
        "papers": [_paper(application, paper) for paper in item.papers if paper.counts],
        "earlier": [_paper(application, paper) for paper in item.earlier if paper.counts],
    }


def _paper(application: Application, paper: Paper) -> OwnPaper:
    """Where the candidate opens it."""
    if paper.source is None:
        return OwnPaper(paper.document.file_name, reverse("public_site:document", args=[paper.document.public_id]))
    kind, *keys = paper.source
    name = "form_pdf" if kind == "form" else "paper_pdf" if kind == "filled" else "certificate_pdf"
    return OwnPaper(_("Buka PDF"), reverse(f"public_site:{name}", args=[application.reference, keys[-1]]))
