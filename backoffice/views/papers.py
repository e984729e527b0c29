"""A paper at the desk and on an assessor's phone: fill in, sign, scan, correct, print.

Papers of cases and of sessions share these addresses: whose paper it is says the row itself.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from backoffice.base import go
from core.activity.services import record_view
from core.applications.snapshot import canonical, content_hash
from core.assessments.models import FilledForm
from core.assessments.papers import rules
from core.assessments.papers.answers import AnswersRefused, answer_the_rest, read_answers, typed_over
from core.assessments.papers.content import content_of, in_words, masked_content, number_of
from core.assessments.papers.layout import layout
from core.assessments.papers.queries import papers_for, with_all
from core.assessments.services.papers import correct_form, save_answers, sign_form, upload_scan
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.documents.services import view_document
from core.documents.serving import document_response


def paper_urls(site: Any) -> list:
    """The addresses of this module, for `AdminSite.get_urls`."""

    def address(route: str, name: str, view: Any) -> Any:
        return path(f"berkas/<int:pk>/{route}", site.admin_view(view), {"site": site}, name=name)

    return [
        address("", "paper", paper_view),
        address("tanda-tangan/", "paper_sign", sign_view),
        address("pindaian/", "paper_scan", scan_view),
        address("koreksi/", "paper_correct", correct_view),
        address("cetak/", "paper_print", print_view),
    ]


def find_paper(request: HttpRequest, pk: int) -> FilledForm:
    """The paper, if this person may read it; else as if it did not exist."""
    if not request.user.has_perm("core.view_filledform"):
        raise PermissionDenied
    paper = with_all(papers_for(request.user).filter(pk=pk)).first()
    if paper is None or not rules.may_read(paper, request.user):
        raise Http404
    return paper


def home_of(paper: FilledForm) -> str:
    """Where a paper is listed: on its case, or on its session."""
    if paper.application_id:
        return reverse("admin:core_application_change", args=[paper.application_id])
    return reverse("admin:core_assessmentsession_change", args=[paper.session_id])


@require_http_methods(["GET", "POST"])
def paper_view(request: HttpRequest, *, pk: int, site: Any) -> HttpResponse:
    """The page to fill in, for whoever's turn it is; for everybody else, and once it is signed, the words to read.

    Kept by the button, and by HTMX after each change.
    """
    form = find_paper(request, pk)
    if refusal := rules.why_not_fill(form, request.user):
        if request.method == "POST":
            if request.htmx:
                return _saved(request, form, error=refusal)
            messages.error(request, refusal)
            return redirect("admin:paper", form.pk)
        return _read(request, site, form, refusal)
    paper = layout(form)
    party = rules.party_of(form, request.user)
    stored: list[dict] = []
    error = ""
    if request.method == "POST":
        answers = read_answers(paper.questions(party), request.POST)
        if rest := request.POST.get("rest", ""):
            answer_the_rest(paper, answers, rest)
        edit = request.POST.get("edit", "")
        try:
            form = save_answers(form=form, answers=answers, edit=int(edit) if is_number(edit) else -1, by=request.user)
        except AnswersRefused as refused:
            error = refused.message
            typed_over(paper, answers, refused.errors)
        except StaleVersion as stale:
            error = stale.message
            stored = typed_over(paper, answers, {})
        except DomainError as refused:
            error = refused.message
            typed_over(paper, answers, {})
        if request.htmx:
            return _saved(request, form, error=error)
        if not error:
            return _after_saving(request, form, rest)
    context = {
        "form": form,
        "paper": paper,
        "party": party,
        "stored": stored,
        "error": error,
        "home": home_of(form),
        "number": number_of(form),
        "signs": party in rules.signers(form),
        "progress": paper.progress,
    }
    return _page(request, site, form, "backoffice/papers/fill.html", context, status=422 if error else 200)


def _after_saving(request: HttpRequest, form: FilledForm, rest: str) -> HttpResponse:
    if rest:
        return redirect(f"{reverse('admin:paper', args=[form.pk])}#unit-{rest.replace(':', '-')}")
    if "sign" in request.POST:
        return redirect("admin:paper_sign", form.pk)
    messages.success(request, _("Isian disimpan."))
    return redirect("admin:paper", form.pk)


def _saved(request: HttpRequest, form: FilledForm, *, error: str) -> HttpResponse:
    """What a page that saves by itself hears back: saved with the new count, or why not."""
    context: dict[str, Any] = {"form": form, "error": error}
    if not error:
        context["progress"] = layout(with_all(FilledForm.objects.filter(pk=form.pk)).get()).progress
    return TemplateResponse(request, "backoffice/papers/saved.html", context)


def _read(request: HttpRequest, site: Any, form: FilledForm, reason: str) -> HttpResponse:
    content = content_of(form)
    if not request.user.has_perm("core.view_identifiers"):
        content = masked_content(content)
    context = {
        "form": form,
        "content": content,
        "sections": in_words(content),
        "reason": reason if rules.party_of(form, request.user) and form.status not in rules.FINAL else "",
        "home": home_of(form),
        "number": number_of(form),
    }
    return _page(request, site, form, "backoffice/papers/read.html", context)


@require_http_methods(["GET", "POST"])
def sign_view(request: HttpRequest, *, pk: int, site: Any) -> HttpResponse:
    """Everything once more, then the signature."""
    form = find_paper(request, pk)
    if rules.party_of(form, request.user) not in rules.signers(form):
        raise PermissionDenied
    refusal = ""
    if request.method == "POST":
        try:
            sign_form(form=form, shown=request.POST.get("shown", ""), by=request.user)
        except DomainError as error:
            refusal = error.message
            form = find_paper(request, pk)
        else:
            messages.success(request, _("“%(form)s” ditandatangani.") % {"form": form.definition.title})
            return redirect(home_of(form))
    content = content_of(form)
    context = {
        "form": form,
        "content": content,
        "sections": in_words(content),
        "refusal": refusal,
        "blocked": rules.why_not_sign(form, request.user),
        "missing": [] if form.content else layout(form).missing(),
        "shown": form.sha256 or content_hash(canonical(content)),
        "home": home_of(form),
        "number": number_of(form),
    }
    return _page(request, site, form, "backoffice/papers/sign.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
def scan_view(request: HttpRequest, *, pk: int, site: Any) -> HttpResponse:
    """The paper as it was signed by hand, photographed or scanned."""
    form = find_paper(request, pk)
    if not rules.is_desk(request.user) and not rules.party_of(form, request.user):
        raise PermissionDenied
    refusal = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise DomainError(_("Pilih berkas pindaian atau foto dahulu."), code="paper.no_file", field="file")
            upload_scan(form=form, stream=file, file_name=file.name, by=request.user)
        except DomainError as error:
            refusal = error.message
        else:
            messages.success(request, _("Pindaian “%(form)s” disimpan.") % {"form": form.definition.title})
            return go(request, home_of(form))
    context = {"refusal": refusal, "blocked": rules.why_not_scan(form, request.user)}
    return _dialog(request, site, form, "backoffice/papers/scan_form.html", context, refused=bool(refusal))


@require_http_methods(["GET", "POST"])
def correct_view(request: HttpRequest, *, pk: int, site: Any) -> HttpResponse:
    """A new paper instead of a signed one, with the reason."""
    form = find_paper(request, pk)
    if not rules.is_desk(request.user) and not rules.party_of(form, request.user):
        raise PermissionDenied
    refusal = ""
    if request.method == "POST":
        try:
            new = correct_form(form=form, reason=request.POST.get("reason", ""), by=request.user)
        except DomainError as error:
            refusal = error.message
        else:
            messages.success(request, _("Koreksi disiapkan; formulir lama tetap dapat dibaca."))
            can_fill = not rules.why_not_fill(new, request.user)
            return go(request, reverse("admin:paper", args=[new.pk]) if can_fill else home_of(new))
    context = {
        "refusal": refusal,
        "blocked": rules.why_not_correct(form, request.user),
        "reason": request.POST.get("reason", ""),
    }
    return _dialog(request, site, form, "backoffice/papers/correct_form.html", context, refused=bool(refusal))


@require_GET
def print_view(request: HttpRequest, *, pk: int, site: Any) -> HttpResponseBase:
    """The PDF: as signed or scanned; before that a copy to sign by hand, with `?kosong` to fill in by hand too."""
    from core.assessments.papers.printing import render_paper, stored_paper  # loads the PDF engine

    form = find_paper(request, pk)
    whole = request.user.has_perm("core.view_identifiers")
    if form.status in rules.FINAL and whole and "kosong" not in request.GET:
        document = stored_paper(form)
        response = document_response(document, as_attachment="simpan" in request.GET)
        view_document(document=document, by=request.user)
        return response
    record_view("form.print", by=request.user, subject=form)
    rendered = render_paper(form, empty="kosong" in request.GET, masked=not whole)
    name = get_valid_filename(f"{form.definition.code} {number_of(form)}.pdf")
    response = HttpResponse(rendered.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _page(
    request: HttpRequest, site: Any, form: FilledForm, template: str, context: dict, *, status: int = 200
) -> HttpResponse:
    request.current_app = site.name
    context = {**site.each_context(request), "title": form.definition.title} | context
    return TemplateResponse(request, template, context, status=status)


def _dialog(
    request: HttpRequest, site: Any, form: FilledForm, body: str, context: dict, *, refused: bool
) -> HttpResponse:
    """One dialog, or one page without JavaScript."""
    context |= {"form": form, "home": home_of(form), "number": number_of(form)}
    if request.htmx:  # htmx shows only answers that went well
        return TemplateResponse(request, body, context)
    return _page(
        request, site, form, "backoffice/case/act_page.html", context | {"body_template": body},
        status=422 if refused else 200,
    )  # fmt: skip
