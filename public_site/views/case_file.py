"""“Berkas permohonan”: the candidate's own papers of a case in the order of its file, with what is missing."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.reports.dossier import Item, Paper, PaperState, Part, checklist_of
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
#: How evidence was found is told with the decision on it, not while the office is still looking.
TOLD = frozenset({ApplicationStatus.RETURNED, ApplicationStatus.REJECTED})


@dataclass(frozen=True)
class OwnPaper:
    name: str
    url: str


@require_safe
@candidate_required
def case_file(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_or_404(request, reference)
    parts = [
        (part.label, [_line(application, item) for item in items if _is_own(application, item)])
        for part, items in checklist_of(application).parts
    ]
    context = {"application": application, "parts": [(title, lines) for title, lines in parts if lines]}
    return render(request, "public_site/application/case_file.html", context)


def _is_own(application: Application, item: Item) -> bool:
    """What is about this person alone; surat tugas, daftar hadir and berita acara name others."""
    if item.is_shared:
        return False
    if item.kind.is_personal_evidence or (item.is_form and item.form is not None):
        return True
    return any(_url(application, paper) for paper in item.papers)


def _line(application: Application, item: Item) -> dict[str, Any]:
    papers = [
        OwnPaper(paper.document.file_name if paper.source is None and paper.document else _("PDF"), url)
        for paper in item.papers
        if (url := _url(application, paper))
    ]
    state, note = item.state, item.note
    if item.part == Part.EVIDENCE and application.status not in TOLD:
        note = ""
        state = PaperState.THERE if state == PaperState.REJECTED else state
    return {
        "title": item.title,
        "state": state.label,
        "tone": TONES.get(state, "neutral"),
        "note": note,
        "papers": papers,
    }


def _url(application: Application, paper: Paper) -> str:
    """Where the candidate opens a paper; "" for what is not theirs to open."""
    document = paper.document
    if not paper.counts:
        return ""
    if paper.source is not None:
        kind, *keys = paper.source
        if kind == "form":
            return reverse("public_site:form_pdf", args=[application.reference, keys[1]])
        if kind == "filled" and (document is None or document.owner_id == application.candidate.user_id):
            return reverse("public_site:paper_pdf", args=[application.reference, keys[0]])
        if kind == "certificate":
            return reverse("public_site:certificate_pdf", args=[application.reference, keys[0]])
        return ""
    if document is not None and document.owner_id == application.candidate.user_id:
        return reverse("public_site:document", args=[document.public_id])
    return ""
