"""FR.APL-01 part 3: a slot per requirement."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from core.applications import rules
from core.applications.models import Application, RequirementEvidence
from core.applications.queries import evidence_rows, reusable_documents
from core.applications.services import attach_evidence, detach_evidence
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.documents.models import Document
from public_site.access import application_or_404, candidate_required, kept_offline
from public_site.presenters import evidence_slot
from public_site.uploads import received_files, store_files
from public_site.views.application import after_saving, section_context


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def evidence(request: HttpRequest, reference: str) -> HttpResponse:
    """All slots on one page: works with one button, or slot by slot where JavaScript helps."""
    application = application_or_404(request, reference)
    if not rules.can_write_section(application, "requirements", request.user):
        return redirect("public_site:case", application.reference)
    errors: dict[int, str] = {}
    if request.method == "POST":
        for row in evidence_rows(application):
            if error := _apply(request, application, row):
                errors[row.requirement.pk] = error
        if not errors:
            if "stay" in request.POST or "remove" in request.POST:
                return redirect("public_site:evidence", application.reference)
            return after_saving(request, application, "requirements")
    reuse = list(reusable_documents(request.user)[:50])
    slots = [
        evidence_slot(application, row, reuse, errors.get(row.requirement.pk, "")) for row in evidence_rows(application)
    ]
    return render(
        request,
        "public_site/application/evidence.html",
        section_context(request, application, "requirements")
        | {
            "slots": slots,
            "has_errors": bool(errors),
            "errors": [{"text": slot["error"], "target": f"{slot['id']}-file"} for slot in slots if slot["error"]],
        },
    )


@require_POST
@candidate_required
def slot(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """One slot alone, sent by upload.js when a file has come; answers with the slot as it is now."""
    application = application_or_404(request, reference)
    row = _row(application, pk)
    error = _apply(request, application, row)
    reuse = list(reusable_documents(request.user)[:50])
    context = {"slot": evidence_slot(application, _row(application, pk), reuse, error), "application": application}
    return render(request, "public_site/application/slot.html", context)


def _row(application: Application, pk: int) -> RequirementEvidence:
    for row in evidence_rows(application):
        if row.requirement.pk == pk:
            return row
    raise Http404


def _apply(request: HttpRequest, application: Application, row: RequirementEvidence) -> str:
    """Do what was asked for one requirement: remove, reuse, upload. Returns a sentence if something was refused.

    Each file stands for itself: a good one is kept although another is refused.
    """
    requirement = row.requirement
    own = Document.objects.filter(owner=request.user)
    refused = ""
    try:
        removed_slot, _separator, removed = request.POST.get("remove", "").partition(":")
        if removed and removed_slot == str(requirement.pk):
            for document in own.filter(pk=removed) if is_number(removed) else []:
                detach_evidence(application=application, requirement=requirement, document=document, by=request.user)
        chosen = [pk for pk in request.POST.getlist(f"reuse-{requirement.pk}") if is_number(pk)]
        documents = list(own.filter(pk__in=chosen))
        files = received_files(request, f"file-{requirement.pk}")
        uploaded, refusals = store_files(files, requirement.document_type, by=request.user)
        refused = " ".join(refusals)
        documents += uploaded
        if documents:
            attach_evidence(application=application, requirement=requirement, documents=documents, by=request.user)
    except DomainError as error:
        return error.message
    return refused
