"""Registration of people by their institution: how it gets in, and the desk of its officers.

An officer sees names and how far each person is; never a form, never a paper, a result only where its owner allows it.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.queries import current_consent_text
from core.accounts.second_factor import factor_of
from core.accounts.sessions import open_sessions
from core.common.exceptions import DomainError
from core.content.models import PageText
from core.content.queries import built_in_text
from core.institutions import services
from core.institutions.enums import InstitutionStatus
from core.institutions.models import InvitationBatch
from core.institutions.queries import stage_counts
from public_site.access import approved_required, officer_required
from public_site.forms.base import add_domain_error, posted
from public_site.forms.institution import ColleagueForm, InstitutionForm, OfficerRegistrationForm
from public_site.presenters_institution import STATUS_TONES, stage_line
from public_site.views.account import letter_sent

#: Batches on the desk; older ones are a page away.
PER_PAGE = 20


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return about_page(request, built_in_text("instansi"))


def about_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/institution/about.html", {"text": text})


@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """The institution and its first officer; the answer is the same whatever address was typed."""
    if request.user.is_authenticated:
        return redirect("public_site:institution")
    text = current_consent_text()
    form = OfficerRegistrationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in form._meta.fields}
        person = {name: form.cleaned_data[name] for name in ("full_name", "email")}
        try:
            services.register_institution(
                **person, consent_text=text, values=values | {"contact_name": person["full_name"]}
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return letter_sent(request, person["email"], asked_at="institution_register")
    return render(request, "public_site/institution/register.html", {"form": form, "consent_text": text})


@require_safe
@officer_required
def desk(request: HttpRequest) -> HttpResponse:
    """What the institution may do now, and how far its people are."""
    institution = request.institution
    rows = InvitationBatch.objects.filter(institution=institution).select_related("sent_by").order_by("-pk")
    is_approved = institution.status == InstitutionStatus.APPROVED
    page = Paginator(rows if is_approved else rows.none(), PER_PAGE).get_page(request.GET.get("page"))
    counts = stage_counts(list(page))
    return render(
        request,
        "public_site/institution/desk.html",
        {
            "institution": institution,
            "tone": STATUS_TONES[institution.status],
            "is_approved": is_approved,
            "may_save": institution.status != InstitutionStatus.CLOSED,
            "page_obj": page,
            "batches": [{"row": batch, "stages": stage_line(counts[batch.pk])} for batch in page],
            "officers": institution.officers.select_related("user"),
            "has_factor": factor_of(request.user) is not None,
            "sessions": open_sessions(request.user).count(),
        },
    )


@require_http_methods(["GET", "POST"])
@officer_required
def data(request: HttpRequest) -> HttpResponse:
    """Correct the institution's data; of an approved one, how it is reached."""
    institution = request.institution
    if institution.status == InstitutionStatus.CLOSED:
        return redirect("public_site:institution_desk")
    is_decided = institution.status == InstitutionStatus.APPROVED
    form = InstitutionForm(posted(request), instance=institution, is_decided=is_decided)
    asks_again = institution.status == InstitutionStatus.REFUSED
    if request.method == "POST" and form.is_valid():
        try:
            services.save_institution(institution=institution, values=form.cleaned_data, by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request, _("Diajukan lagi. Sekretariat memeriksanya.") if asks_again else _("Data instansi tersimpan.")
            )
            return redirect("public_site:institution_desk")
    context = {"form": form, "institution": institution, "is_decided": is_decided, "asks_again": asks_again}
    return render(request, "public_site/institution/data.html", context)


@require_http_methods(["GET", "POST"])
@approved_required
def colleague(request: HttpRequest) -> HttpResponse:
    """Another officer of the same institution."""
    form = ColleagueForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.add_officer(institution=request.institution, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("Bila %(email)s belum mempunyai akun, pemiliknya mendapat surat untuk memilih sandi.")
                % {"email": form.cleaned_data["email"]},
            )
            return redirect("public_site:institution_desk")
    return render(request, "public_site/institution/colleague.html", {"form": form})
