"""A case from its first click to its end: start, task list, purpose, check and sign, follow."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.queries import current_consent_text
from core.applications import rules
from core.applications.enums import EDITABLE_STATUSES, FormCode
from core.applications.models import Application
from core.applications.queries import latest_submission
from core.applications.sections import sections_of
from core.applications.services import open_draft, save_purpose, submit_application
from core.applications.snapshot import DECLARATION_PURPOSE, build_snapshot, fingerprint
from core.applications.transitions import WORKFLOW
from core.assessments.preassessment_form import paper_for
from core.assessments.seats import told_seat
from core.certificates.aftercare_queries import renewal_of
from core.common.exceptions import DomainError, StaleVersion
from core.decisions.rules import why_not_withdraw_case
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece
from core.journey import withdraw_case
from core.schemes.queries import current_version
from public_site.access import application_or_404, candidate_required, kept_offline
from public_site.autosave import keep, kept, new_page, not_kept, sending_of, wants_json
from public_site.comparing import as_posted, conflict, form_differences, settle
from public_site.drafts import draft_key, remember_saved
from public_site.forms.application import PurposeForm, SubmitForm
from public_site.forms.base import add_domain_error, posted
from public_site.presenters import (
    STATUS_TONES,
    certificate_rows,
    decision_card,
    mend_url,
    next_url,
    schedule,
    section_url,
    snapshot_summary,
    step_of,
    task_sections,
)
from public_site.tracker import MAY_APPLY_AGAIN, timeline
from public_site.views.papers import paper_tasks


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Begin a scheme: newcomers register first and come back here from the letter."""
    version = current_version(code)
    if version is None:
        raise Http404
    if not request.user.is_authenticated:
        return redirect(f"{reverse('public_site:register')}?skema={code}")
    return _start_as_candidate(request, version=version)


@candidate_required
def _start_as_candidate(request: HttpRequest, *, version) -> HttpResponse:
    if request.method == "GET":
        return render(request, "public_site/application/start.html", {"version": version, "scheme": version.scheme})
    try:
        application = open_draft(scheme_version=version, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("public_site:scheme_detail", version.scheme.code)
    return redirect("public_site:case", application.reference)


@require_safe
@candidate_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """The task list while the candidate writes, the timeline afterwards."""
    application = application_or_404(request, reference)
    acts = {act.name: act for act in WORKFLOW.available(application, request.user)}
    context = {"application": application, "scheme": application.scheme_version.scheme, "acts": acts}
    if application.status in EDITABLE_STATUSES:
        return _task_list(request, application=application, context=context)
    if why_not_withdraw_case(application):
        acts.pop("withdraw", None)  # what can be taken back is the appeal
    seat = told_seat(application)
    return render(
        request,
        "public_site/application/case.html",
        context
        | {
            "schedule": schedule(seat) if seat else None,
            "decision": decision_card(application, request.user),
            "timeline": timeline(application),
            **paper_tasks(application),
            "tone": STATUS_TONES[application.status],
            "submission": latest_submission(application),
            "certificates": certificate_rows(application),
            "may_apply_again": application.status in MAY_APPLY_AGAIN,
            "renewal": renewal_of(application),
        },
    )


@kept_offline
def _task_list(request: HttpRequest, *, application: Application, context: dict) -> HttpResponse:
    sections = sections_of(application)
    return render(
        request,
        "public_site/application/task_list.html",
        context
        | {
            "sections": task_sections(application, sections),
            "done": sum(s.is_complete for s in sections),
            "total": len(sections),
            "next_url": next_url(application, sections),
            "mend_url": mend_url(application, sections),
            "closed": rules.scheme_still_open(application, request.user),
        },
    )


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def purpose(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_or_404(request, reference)
    if not rules.can_write_section(application, "purpose", request.user):
        return section_closed(request, application)
    stored = {"purpose": application.purpose, "purpose_explanation": application.purpose_explanation}
    settle(request, lambda: {name: as_posted(value) for name, value in stored.items()})
    form = PurposeForm(posted(request), application=application)
    if request.method == "POST" and form.is_valid():
        try:
            taken = keep(
                lambda version: save_purpose(
                    application=application,
                    purpose=form.cleaned_data["purpose"],
                    explanation=form.cleaned_data["purpose_explanation"],
                    version=version,
                    writer=sending_of(request).page,
                    by=request.user,
                ),
                request,
            )
        except StaleVersion as error:
            return conflict(
                request,
                error,
                application=application,
                title=_("Tujuan asesmen"),
                version=section_version(application, "purpose"),
                differences=lambda: form_differences(form, stored),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return kept(taken) if wants_json(request) else after_saving(request, application, "purpose")
    if wants_json(request):
        return not_kept(next(iter(form.errors.values()))[0])
    return render(
        request,
        "public_site/application/purpose.html",
        section_context(request, application, "purpose") | {"form": form},
    )


def section_closed(request: HttpRequest, application: Application) -> HttpResponse:
    """What is answered where nothing can be written any more: the case itself, a script gets a sentence."""
    if wants_json(request):
        return not_kept(_("Bagian ini sedang tidak dibuka untuk diubah."), status=410)
    return redirect("public_site:case", application.reference)


def section_version(application: Application, key: str) -> int:
    row = application.sections.filter(key=key).first()
    return row.version if row else 0


def section_context(request: HttpRequest, application: Application, key: str) -> dict:
    """What every page of a section shows besides its own fields."""
    row = application.sections.filter(key=key).first()
    return {
        "application": application,
        "step": step_of(application, key),
        "page": new_page(row.version if row else 0),
        "draft_key": draft_key(request.user, application, key),
        "return_note": row.return_note if row else "",
    }


def after_saving(request: HttpRequest, application: Application, key: str) -> HttpResponse:
    """On to the next page that still needs something, or back to the task list if that was asked for."""
    remember_saved(request, application, key)
    if "to_list" in request.POST:
        return redirect("public_site:case", application.reference)
    application.refresh_from_db()
    return redirect(next_url(application, sections_of(application), after=key))


@require_http_methods(["GET", "POST"])
@candidate_required
def check_answers(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything once more, the declaration, the signature."""
    application = application_or_404(request, reference)
    if application.status not in EDITABLE_STATUSES:
        return redirect("public_site:submitted" if application.number else "public_site:case", application.reference)
    form = SubmitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            submit_application(application=application, shown=request.POST.get("shown", ""), by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            application.refresh_from_db()
            return redirect("public_site:submitted", application.reference)
    sections = sections_of(application)
    previous = latest_submission(application)
    snapshot = build_snapshot(
        application, number=application.number or "", previous=previous.snapshot if previous else None
    )
    declaration = current_consent_text(DECLARATION_PURPOSE)
    return render(
        request,
        "public_site/application/check_answers.html",
        {
            "application": application,
            "form": form,
            "summary": snapshot_summary(application, snapshot, sections),
            "incomplete": [(s, section_url(application, s.key)) for s in sections if not s.is_complete],
            "declaration": declaration,
            "shown": fingerprint(snapshot),
        },
    )


@require_safe
@candidate_required
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_or_404(request, reference)
    if application.number is None:
        return redirect("public_site:case", application.reference)
    return render(
        request,
        "public_site/application/submitted.html",
        {"application": application, "submission": latest_submission(application)},
    )


@require_http_methods(["GET", "POST"])
@candidate_required
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    application = application_or_404(request, reference)
    if request.method == "POST":
        try:
            withdraw_case(application=application, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("Permohonan sudah dibatalkan."))
        return redirect("public_site:case", application.reference)
    return render(request, "public_site/application/withdraw.html", {"application": application})


@require_safe
@candidate_required
def form_pdf(request: HttpRequest, reference: str, form: str) -> HttpResponse:
    """FR.APL-01 or FR.APL-02 as it was sent last."""
    application = application_or_404(request, reference)
    submission = latest_submission(application)
    if submission is None or form not in FormCode.values:
        raise Http404
    document = paper_for(submission=submission, form=FormCode(form), viewer=request.user)
    view_document(document=document, by=request.user, is_piece=is_piece(request))
    return document_response(document, request=request)
