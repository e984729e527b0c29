"""A case's file as its candidate may see it: own papers only, and nothing that was not told yet.

Surat tugas, daftar hadir and berita acara name other people; how evidence was found is told with the
decision on it, what the assessor recommended with the plenary's. The page of the portal and the archive
to take along ask here, so they show the same.
"""

from collections.abc import Iterator
from dataclasses import replace

from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments.papers.queries import own_papers
from core.reports.dossier import Checklist, Item, Paper, PaperState, Part, checklist_of

#: Until then the office is still looking at the evidence.
TOLD = frozenset({ApplicationStatus.RETURNED, ApplicationStatus.REJECTED})


def own_checklist(application: Application) -> Checklist:
    """The lines that are about this person alone, each with the papers that are theirs to open."""
    return Checklist(application, list(_own_items(checklist_of(application))))


def is_own_paper(application: Application, paper: Paper) -> bool:
    """Whether the candidate may open this paper of their case."""
    document = paper.document
    belongs = document is not None and document.owner_id == application.candidate.user_id
    if paper.source is None:
        return belongs
    kind = paper.source[0]
    return kind in {"form", "certificate"} or (kind == "filled" and (document is None or belongs))


def _own_items(checklist: Checklist) -> Iterator[Item]:
    released = {("filled", form.pk) for form in own_papers(checklist.application)["done"]}
    for item in checklist.items:
        if item.is_form and item.papers and not any(paper.source in released for paper in item.papers):
            continue
        papers = [paper for paper in item.papers if is_own_paper(checklist.application, paper)]
        earlier = [paper for paper in item.earlier if is_own_paper(checklist.application, paper)]
        if item.is_shared or not (papers or earlier or _is_asked_of_candidate(item)):
            continue
        yield _as_told(replace(item, papers=papers, earlier=earlier), checklist.application)


def _is_asked_of_candidate(item: Item) -> bool:
    return item.kind.is_personal_evidence or (item.is_form and item.form is not None)


def _as_told(item: Item, application: Application) -> Item:
    if item.part != Part.EVIDENCE or application.status in TOLD:
        return item
    state = PaperState.THERE if item.state == PaperState.REJECTED else item.state
    return replace(item, state=state, note="")
