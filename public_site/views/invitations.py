"""The officer's file and the people of it: checked, sent, followed."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.common.exceptions import DomainError
from core.documents.serving import private
from core.imports.models import ImportOutcome, ImportRun
from core.imports.reading import read_book
from core.imports.report import Fault
from core.imports.services import content_of, read_upload
from core.imports.writing import CSV_TYPE, XLSX_TYPE, marked
from core.institutions import rules, services
from core.institutions.enums import Stage
from core.institutions.models import Invitation, InvitationBatch
from core.institutions.people_file import KIND, MAX_PEOPLE, template
from core.institutions.queries import stage_counts, staged
from core.policy.queries import system_policy
from public_site.access import approved_required
from public_site.forms.base import add_domain_error, posted
from public_site.forms.institution import EmailAddressForm, PeopleFileForm, SendForm
from public_site.presenters_institution import person_row, stage_line

#: Faults on a page; all of them stand in the marked file.
FAULTS_PER_PAGE = 100
#: Good rows that are listed; the rest is counted.
PREVIEW = 50
PEOPLE_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@approved_required
def upload(request: HttpRequest) -> HttpResponse:
    form = PeopleFileForm(request.POST, request.FILES) if request.method == "POST" else PeopleFileForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = services.check_upload(
                institution=request.institution, content=read_upload(file), file_name=file.name, by=request.user
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return redirect("public_site:institution_file", run.pk)
    waiting = (
        ImportRun.objects.filter(kind=KIND, by=request.user).exclude(file="").exclude(outcome=ImportOutcome.WRITTEN)
    )
    return render(
        request,
        "public_site/institution/upload.html",
        {"form": form, "limit": MAX_PEOPLE, "waiting": waiting.defer("report").order_by("-pk")[:5]},
    )


@require_safe
@approved_required
def template_file(request: HttpRequest, form: str) -> HttpResponse:
    if form not in ("xlsx", "csv"):
        raise Http404
    return _file(template(form), f"templat-pendaftaran-kolektif.{form}", form)


def _own_run(request: HttpRequest, pk: int) -> ImportRun:
    """The officer's own file; a colleague's is the colleague's, and everybody else's does not exist."""
    return get_object_or_404(ImportRun.objects.select_related("batch"), pk=pk, kind=KIND, by=request.user)


@require_http_methods(["GET", "POST"])
@approved_required
def checked_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What the check found; POST sends the invitations, once."""
    run = _own_run(request, pk)
    if run.outcome == ImportOutcome.WRITTEN and request.method == "GET":
        return redirect("public_site:institution_batch", run.batch.pk)
    form = SendForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.send_invitations(run=run, leaves_out_faults="yang-benar" in request.POST, by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
            run = _own_run(request, pk)  # the preview may have been renewed
        else:
            messages.success(
                request,
                _("%(count)d undangan sedang dikirim. Setiap orang mengisi permohonannya sendiri.")
                % {"count": batch.people},
            )
            return redirect("public_site:institution_batch", batch.pk)
    report = run.report
    good = [row for row in report["differences"] if row["kind"] == "baru"]
    skipped = [row for row in report["differences"] if row["kind"] == "dilewati"]
    faults = Paginator(report["faults"], FAULTS_PER_PAGE)
    return render(
        request,
        "public_site/institution/file.html",
        {
            "run": run,
            "form": form,
            "report": report,
            "faulty_rows": len({(fault["sheet"], fault["row"]) for fault in report["faults"]}),
            "page_obj": faults.get_page(request.GET.get("page")),
            "good": [_shown(row) for row in good[:PREVIEW]],
            "good_count": len(good),
            "more": len(good) - PREVIEW if len(good) > PREVIEW else 0,
            "skipped": skipped[:PREVIEW],
            "skipped_count": len(skipped),
            "days": system_policy().invitation_days,
        },
    )


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    values = {title: new for title, _old, new in row["changes"]}
    return {"number": row["row"], "name": row["label"], "values": values, "notices": row["notices"]}


@require_safe
@approved_required
def marked_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The officer's own file with every fault in its place."""
    run = _own_run(request, pk)
    if not run.file or not run.report["faults"]:
        raise Http404
    form = run.report["format"]
    content = marked(read_book(content_of(run)), [Fault(**fault) for fault in run.report["faults"]])
    return _file(content, f"{slugify(run.file_name.rsplit('.', 1)[0]) or 'berkas'}-kesalahan.{form}", form)


def _file(content: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CSV_TYPE if form == "csv" else XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(response)


# --- who was invited --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@approved_required
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of one file and how far each is; POST sends the letter again to all who have not answered."""
    found = get_object_or_404(
        InvitationBatch.objects.select_related("institution", "sent_by", "run"), pk=pk, institution=request.institution
    )
    if request.method == "POST":
        try:
            count = services.resend_batch(batch=found, by=request.user)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("%(count)d surat dikirim ulang.") % {"count": count})
        return redirect("public_site:institution_batch", found.pk)
    services.view_people(batch=found, by=request.user)
    people = staged(found.invitations.all()).select_related("scheme", "letter").order_by("pk")
    chosen = request.GET.get("tahap", "")
    chosen = chosen if chosen in Stage.values else ""
    counts = stage_counts([found])[found.pk]
    page = Paginator(people.filter(stage=chosen) if chosen else people, PEOPLE_PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "public_site/institution/batch.html",
        {
            "batch": found,
            "stages": stage_line(counts),
            "chosen": chosen,
            "page_obj": page,
            "people": [person_row(one) for one in page],
            "unanswered": sum(counts.get(stage, 0) for stage in (Stage.INVITED, Stage.OPENED, Stage.EXPIRED)),
        },
    )


@require_http_methods(["GET", "POST"])
@approved_required
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: the letter again, another address, or not at all."""
    rows = staged(Invitation.objects.filter(institution=request.institution))
    found = get_object_or_404(rows.select_related("batch", "scheme", "letter", "institution"), pk=pk)
    services.view_people(batch=found.batch, by=request.user)
    form = EmailAddressForm(posted(request) if "perbaiki" in request.POST else None, initial={"email": found.email})
    if request.method == "POST" and (answer := _act(request, found, form)) is not None:
        return answer
    return render(
        request,
        "public_site/institution/invitation.html",
        {
            "person": person_row(found),
            "invitation": found,
            "form": form,
            "why_not_resend": rules.why_not_resend(found, request.user),
            "may_change": not rules.why_not_change(found, request.user),
        },
    )


def _act(request: HttpRequest, found: Invitation, form: EmailAddressForm) -> HttpResponse | None:
    """None when the form has to be shown again."""
    try:
        if "perbaiki" in request.POST:
            if not form.is_valid():
                return None
            services.correct_invitation(invitation=found, email=form.cleaned_data["email"], by=request.user)
            done = _("Alamat diperbaiki dan undangan dikirim ke sana. Tautan yang lama tidak berlaku lagi.")
        elif "tarik" in request.POST:
            services.withdraw_invitation(invitation=found, by=request.user)
            done = _("Undangan ditarik; tautannya tidak berlaku lagi.")
        else:
            services.resend_invitation(invitation=found, by=request.user)
            done = _("Undangan dikirim ulang. Tautan yang lama tidak berlaku lagi.")
    except DomainError as error:
        if "perbaiki" in request.POST:
            add_domain_error(form, error)
            return None
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("public_site:institution_batch", found.batch_id)
