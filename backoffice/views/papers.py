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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from backoffice.base import go
from backoffice.screens import dialog, screen
from backoffice.views.verification import raise_not_found
from core.activity.services import record_view
from core.applications.models import Application
from core.applications.queries import applications_for
from core.applications.snapshot import canonical, content_hash
from core.assessments.models import FilledForm
from core.assessments.papers import rules
from core.assessments.papers.answers import AnswersRefused, answer_the_rest, read_answers, typed_over
from core.assessments.papers.content import content_of, in_words, masked_content, number_of
from core.assessments.papers.layout import layout
from core.assessments.papers.queries import papers_for, ready_to_sign, with_all
from core.assessments.services.papers import correct_form, prepare_papers, save_answers, sign_form, upload_scan
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.documents.services import view_document
from core.documents.serving import document_response, is_piece, pdf_response


def paper_urls(site: Any) -> list:
    """The addresses of this module, for `AdminSite.get_urls`."""

    def address(route: str, name: str, view: Any) -> Any:
        return path(f"berkas/<int:pk>/{route}", site.admin_view(view), name=name)

    return [
        address("", "paper", paper_view),
        address("lanjut/", "paper_next", next_view),
        address("tanda-tangan/", "paper_sign", sign_view),
        address("pindaian/", "paper_scan", scan_view),
        address("koreksi/", "paper_correct", correct_view),
        address("cetak/", "paper_print", print_view),
        path("berkas/permohonan/<int:pk>/siapkan/", site.admin_view(prepare_view), name="papers_prepare"),
    ]


def find_paper(request: HttpRequest, pk: int) -> FilledForm:
    """The paper, if this person may read it; else as if it did not exist."""
    if not request.user.has_perm("core.view_filledform"):
        raise PermissionDenied
    paper = with_all(papers_for(request.user).filter(pk=pk)).first()
    if paper is None or not rules.may_read(paper, request.user):
        case = FilledForm.objects.filter(pk=pk).values_list("application", flat=True).first()
        raise_not_found(request.user, case)
    return paper


def home_of(paper: FilledForm) -> str:
    """Where a paper is listed: on its case, or on its session."""
    if paper.application_id:
        return reverse("admin:core_application_change", args=[paper.application_id])
    return reverse("admin:core_assessmentsession_change", args=[paper.session_id])


@require_http_methods(["GET", "POST"])
def paper_view(request: HttpRequest, *, pk: int) -> HttpResponse:
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
        return _read(request, form, refusal)
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
            error = f"{stale.message} {_('Tekan “Simpan” untuk melihat keduanya.')}" if request.htmx else stale.message
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
    title, status = form.definition.title, 422 if error else 200
    return screen(request, None, "backoffice/papers/fill.html", context, title=title, status=status)


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


def _read(request: HttpRequest, form: FilledForm, reason: str) -> HttpResponse:
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
    return screen(request, None, "backoffice/papers/read.html", context, title=form.definition.title)


@require_GET
def next_view(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Where this paper is worked on: straight to the signature when nothing is left to fill in."""
    form = find_paper(request, pk)
    return redirect("admin:paper" if rules.why_not_sign(form, request.user) else "admin:paper_sign", form.pk)


def go_on(request: HttpRequest, case: Application, said: str, home: str) -> HttpResponse:
    """After a signature: on to the paper of the case that lacks nothing but one more, else home."""
    paper = ready_to_sign(request.user, case)
    if paper is None:
        messages.success(request, said)
        return redirect(home)
    messages.success(request, f"{said} {_('Berikutnya: %(form)s.') % {'form': paper.definition.title}}")
    return redirect("admin:paper_sign", paper.pk)


@require_POST
def prepare_view(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Lay in what the scheme asks for today; a second press finds nothing to do."""
    case = applications_for(request.user).filter(pk=pk).first()
    if not request.user.has_perm("core.view_filledform"):
        raise PermissionDenied
    if case is None:
        raise Http404
    if not rules.may_prepare(case, request.user):
        raise PermissionDenied
    try:
        papers = prepare_papers(application=case, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        said = ngettext("%(n)d formulir disiapkan.", "%(n)d formulir disiapkan.", len(papers)) % {"n": len(papers)}
        messages.success(request, said if papers else _("Semua formulir sudah ada."))
    return redirect(f"{reverse('admin:core_application_change', args=[case.pk])}#berkas")


@require_http_methods(["GET", "POST"])
def sign_view(request: HttpRequest, *, pk: int) -> HttpResponse:
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
            said = _("“%(form)s” ditandatangani.") % {"form": form.definition.title}
            if form.application_id:
                return go_on(request, form.application, said, home_of(form))
            messages.success(request, said)
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
    title, status = form.definition.title, 422 if refusal else 200
    return screen(request, None, "backoffice/papers/sign.html", context, title=title, status=status)


@require_http_methods(["GET", "POST"])
def scan_view(request: HttpRequest, *, pk: int) -> HttpResponse:
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
    return _dialog(request, form, "backoffice/papers/scan_form.html", context, refused=bool(refusal))


@require_http_methods(["GET", "POST"])
def correct_view(request: HttpRequest, *, pk: int) -> HttpResponse:
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
    return _dialog(request, form, "backoffice/papers/correct_form.html", context, refused=bool(refusal))


@require_GET
def print_view(request: HttpRequest, *, pk: int) -> HttpResponseBase:
    """The PDF: as signed or scanned; before that a copy to sign by hand, with `?kosong` to fill in by hand too."""
    from core.assessments.papers.printing import render_paper, stored_paper  # loads the PDF engine

    form = find_paper(request, pk)
    whole = request.user.has_perm("core.view_identifiers")
    if form.status in rules.FINAL and whole and "kosong" not in request.GET:
        document = stored_paper(form)
        response = document_response(document, request=request, as_attachment="simpan" in request.GET)
        view_document(document=document, by=request.user, is_piece=is_piece(request))
        return response
    record_view("form.print", by=request.user, subject=form)
    rendered = render_paper(form, empty="kosong" in request.GET, masked=not whole)
    return pdf_response(rendered.content, file_name=f"{form.definition.code} {number_of(form)}.pdf")


def _dialog(request: HttpRequest, form: FilledForm, body: str, context: dict, *, refused: bool) -> HttpResponse:
    context |= {"form": form, "home": home_of(form), "number": number_of(form)}
    return dialog(request, None, body, context, title=form.definition.title, refused=refused)
