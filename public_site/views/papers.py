"""The candidate's papers: fill in, read and sign, keep."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.activity.services import record_view
from core.applications.models import Application
from core.applications.snapshot import canonical, content_hash
from core.assessments.enums import FormParty
from core.assessments.models import FilledForm
from core.assessments.papers import rules
from core.assessments.papers.answers import AnswersRefused, answer_the_rest, read_answers, typed_over
from core.assessments.papers.content import content_of, in_words, readable
from core.assessments.papers.layout import Paper, Value, layout
from core.assessments.papers.queries import own_paper, own_papers
from core.assessments.services.papers import save_answers, sign_form
from core.common.exceptions import DomainError, StaleVersion
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece
from public_site.access import application_or_404, candidate_required, kept_offline
from public_site.autosave import keep, kept, new_page, not_kept, wants_json
from public_site.comparing import Difference, conflict, settle
from public_site.drafts import draft_key, remember_saved

#: What signing leads to: the form that was signed → the address of the next page.
AfterSigning = Callable[[FilledForm], str]


def paper_tasks(application: Application) -> dict[str, Any]:
    """What the page of a case shows of its papers: tasks that wait for the candidate, papers to keep."""
    papers = own_papers(application)
    tasks = [
        {
            "title": paper.definition.title,
            "url": reverse("public_site:paper", args=[application.reference, paper.pk]),
            "status": _("Tanda tangani") if not _has_part(paper) else _("Isi dan tanda tangani"),
            "tone": "warning" if paper.is_required else "info",
            "hint": "" if paper.is_required else _("Boleh dilewati"),
        }
        for paper in papers["waiting"]
    ]
    done = [
        {
            "title": paper.definition.title,
            "url": reverse("public_site:paper_pdf", args=[application.reference, paper.pk]),
        }
        for paper in papers["done"]
    ]
    return {"paper_tasks": [{"title": "", "tasks": tasks}] if tasks else [], "paper_done": done}


def _has_part(form: FilledForm) -> bool:
    """Whether there is still something for the candidate to fill in, rather than to read and sign alone."""
    return form.status not in rules.LOCKED and rules.has_part(form, FormParty.CANDIDATE)


def _waiting_paper(application: Application, pk: int) -> FilledForm:
    form = own_paper(application, pk)
    if form is None or not rules.is_candidates_turn(form):
        raise Http404
    return form


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def paper(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The page to fill in; straight on to signing when there is nothing to fill in."""
    application = application_or_404(request, reference)
    form = own_paper(application, pk)
    if form is None or not (rules.is_candidates_turn(form) or rules.may_read(form, request.user)):
        raise Http404
    if not rules.is_candidates_turn(form):
        return redirect("public_site:case", application.reference)
    if not _has_part(form):
        return redirect("public_site:paper_sign", application.reference, form.pk)
    return fill_paper(request, application, form)


def fill_paper(request: HttpRequest, application: Application, form: FilledForm, **more: Any) -> HttpResponse:
    """Draw a candidate's paper, keep what was posted, lead on to signing. `more` joins the page's context."""
    paper = layout(form)
    errors: list[dict] = []
    if request.method == "POST":
        settle(request, lambda: {q.name: _as_posted(q.value) for q in paper.questions(FormParty.CANDIDATE)})
        answers = read_answers(paper.questions(FormParty.CANDIDATE), request.POST)
        if rest := request.POST.get("rest", ""):
            answer_the_rest(paper, answers, rest)
        try:
            if wants_json(request):
                return _kept_by_itself(request, form, answers)
            keep(_saving(form, answers, request.user), request)
        except AnswersRefused as refused:
            typed_over(paper, answers, refused.errors)
            errors = [{"text": f"{q.title}: {q.error}", "target": q.element_id} for q in paper.questions() if q.error]
        except StaleVersion as stale:
            return conflict(
                request,
                stale,
                application=application,
                title=form.definition.title,
                version=form.edit,
                differences=lambda: _differences(paper, answers),
            )
        except DomainError as refused:
            if wants_json(request):
                return not_kept(refused.message)
            typed_over(paper, answers, {})
            errors = [{"text": refused.message}]
        else:
            form = own_paper(application, form.pk)
            remember_saved(request, application, _draft_name(form))
            if "to_list" in request.POST:
                messages.success(request, _("Isian disimpan; dapat dilanjutkan kapan saja."))
                return redirect("public_site:case", application.reference)
            paper = layout(form)
            missing = paper.missing(FormParty.CANDIDATE)
            if not missing and not rest:
                return redirect("public_site:paper_sign", application.reference, form.pk)
            for question in [] if rest else missing:
                question.error = _("Belum dijawab.")
                errors.append(
                    {
                        "text": _("Jawab: %(question)s") % {"question": question.line.label},
                        "target": question.element_id,
                    }
                )
    context = {
        "application": application,
        "form": form,
        "paper": paper,
        "party": FormParty.CANDIDATE,
        "page": new_page(form.edit),
        "errors": errors,
        "has_errors": bool(errors),
        "draft_key": draft_key(request.user, application, _draft_name(form)),
    }
    return render(request, "public_site/application/paper.html", context | more)


def _saving(form: FilledForm, answers: dict[str, Value], by: Any) -> Callable[[int], int]:
    return lambda version: save_answers(form=form, answers=answers, edit=version, by=by).edit


def _kept_by_itself(request: HttpRequest, form: FilledForm, answers: dict[str, Value]) -> HttpResponse:
    """A page that saves itself: what does not fit yet is left out and named."""
    try:
        return kept(keep(_saving(form, answers, request.user), request))
    except AnswersRefused as refused:
        fitting = {name: value for name, value in answers.items() if name not in refused.errors}
        labels = [q.title for q in layout(form).questions(FormParty.CANDIDATE) if q.name in refused.errors]
        return kept(keep(_saving(form, fitting, request.user), request), labels)


def _as_posted(value: Value) -> list[str]:
    return list(value) if isinstance(value, list) else [value] if value else []


def _differences(paper: Paper, answers: dict[str, Value]) -> list[Difference]:
    """Where another tab saved something else than was typed here."""
    return [
        Difference(
            name=question.name,
            label=question.title,
            there=_as_posted(question.value),
            here=_as_posted(answers[question.name]),
            there_words=readable(question.line.kind, question.value),
            here_words=readable(question.line.kind, answers[question.name]),
        )
        for question in paper.questions(FormParty.CANDIDATE)
        if question.value != answers[question.name]
    ]


def _draft_name(form: FilledForm) -> str:
    return f"berkas-{form.pk}"


@require_http_methods(["GET", "POST"])
@candidate_required
def paper_sign(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Everything once more, then the signature."""
    application = application_or_404(request, reference)
    form = own_paper(application, pk)
    if form is not None and form.status in rules.FINAL:  # the button pressed twice, or the Back button
        return redirect("public_site:case", application.reference)
    return sign_paper(request, application, _waiting_paper(application, pk))


def sign_paper(
    request: HttpRequest, application: Application, form: FilledForm, *, after: AfterSigning | None = None
) -> HttpResponse:
    """Show the words of a paper and take the candidate's signature; `after` says where one goes on."""
    errors: list[dict] = []
    if request.method == "POST":
        try:
            form = sign_form(form=form, shown=request.POST.get("shown", ""), by=request.user)
        except DomainError as error:
            errors = [{"text": error.message}]
        else:
            messages.success(request, _("“%(form)s” sudah Anda tanda tangani.") % {"form": form.definition.title})
            return redirect(after(form) if after else reverse("public_site:case", args=[application.reference]))
    content = content_of(form)
    return render(
        request,
        "public_site/application/paper_sign.html",
        {
            "application": application,
            "form": form,
            "content": content,
            "sections": in_words(content),
            "head": [{"key": label, "value": value or "–"} for label, value in content["head"]],
            "blocked": rules.why_not_sign(form, request.user),
            "shown": form.sha256 or content_hash(canonical(content)),
            "can_change": not form.content and _has_part(form),
            "errors": errors,
            "has_errors": bool(errors),
        },
    )


@require_safe
@candidate_required
def paper_pdf(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """The paper to keep once it is complete; while it waits for the candidate, a copy to read."""
    from core.assessments.papers.printing import render_paper, stored_paper  # loads the PDF engine

    application = application_or_404(request, reference)
    form = own_paper(application, pk)
    if form is None or not rules.may_read(form, request.user):
        raise Http404
    if form.status in rules.FINAL:
        document = stored_paper(form)
        view_document(document=document, by=request.user, is_piece=is_piece(request))
        return document_response(document, request=request)
    record_view("form.print", by=request.user, subject=form)
    response = HttpResponse(render_paper(form).content, content_type="application/pdf")
    name = get_valid_filename(f"{form.definition.code} {application.number}.pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


urlpatterns = [
    path("permohonan/<str:reference>/berkas/<int:pk>/", paper, name="paper"),
    path("permohonan/<str:reference>/berkas/<int:pk>/tanda-tangan/", paper_sign, name="paper_sign"),
    path("permohonan/<str:reference>/berkas/<int:pk>/cetak/", paper_pdf, name="paper_pdf"),
]
