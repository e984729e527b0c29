"""What an invited person sees behind the link of the letter. Looking changes nothing but "opened"."""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import User
from core.accounts.queries import current_consent_text, find_user_by_email
from core.accounts.rules import is_candidate
from core.applications.models import Application
from core.common.exceptions import DomainError
from core.institutions import services
from core.institutions.models import Invitation
from core.institutions.queries import invitation_of
from public_site.access import own_data_page
from public_site.forms.base import add_domain_error, posted
from public_site.forms.institution import AcceptForm, ShareForm
from public_site.views.account import MODEL_BACKEND

#: Who holds the address: nobody yet, a candidate, the one who is logged in, or an account of another kind.
NEW, KNOWN, SELF, OTHER = "new", "known", "self", "other"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    found = invitation_of(token)
    if found is None or not found.is_answerable:
        is_theirs = found is not None and request.user.is_authenticated and found.person_id == request.user.pk
        if is_theirs:
            return _go(found.application)
        return render(request, "public_site/institution/invited_over.html", {"invitation": found}, status=410)
    services.mark_opened(found)
    if request.method == "POST" and "tolak" in request.POST:
        try:
            services.decline_invitation(invitation=found)
        except DomainError:  # answered or withdrawn since this page was asked for
            return render(request, "public_site/institution/invited_over.html", {"invitation": found}, status=410)
        return render(request, "public_site/institution/declined.html", {"invitation": found})
    person = find_user_by_email(found.email)
    holder = _holder(request, person)
    form = _form(request, found, holder)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            return _accept(request, found, holder, form)
        except DomainError as error:
            add_domain_error(form, error)
    return render(
        request,
        "public_site/institution/invited.html",
        {
            "invitation": found,
            "holder": holder,
            "form": form,
            "consent_text": current_consent_text(),
            "is_other_in": request.user.is_authenticated and holder != SELF,
        },
    )


def _holder(request: HttpRequest, person: User | None) -> str:
    if person is None or (person.email_confirmed_at is None and is_candidate(person) and person.is_active):
        return NEW
    if not is_candidate(person) or not person.is_active:
        return OTHER
    return SELF if request.user == person else KNOWN


def _form(request: HttpRequest, found: Invitation, holder: str) -> AcceptForm | ShareForm | None:
    if holder == NEW:
        return AcceptForm(
            posted(request), institution=found.institution, email=found.email, initial={"full_name": found.full_name}
        )
    return ShareForm(posted(request), institution=found.institution) if holder == SELF else None


def _accept(request: HttpRequest, found: Invitation, holder: str, form: AcceptForm | ShareForm) -> HttpResponse:
    shares = form.cleaned_data["shares_result"]
    if holder == SELF:
        case = services.accept_as_candidate(invitation=found, shares_result=shares, by=request.user)
    else:
        person, case = services.accept_invitation(
            invitation=found,
            full_name=form.cleaned_data["full_name"],
            password=form.cleaned_data["password"],
            consent_text=current_consent_text(),
            shares_result=shares,
        )
        login(request, person, backend=MODEL_BACKEND)
    if case is None:
        messages.info(request, _("Pendaftaran skema ini sedang ditutup. Akun Anda siap; pilih skema lain bila mau."))
    else:
        messages.success(request, _("Permohonan Anda sudah dibuka. Isi bagian demi bagian; isian tersimpan sendiri."))
    return _go(case)


def _go(case: Application | None) -> HttpResponse:
    return redirect("public_site:case", case.reference) if case is not None else redirect("public_site:desk")


@require_POST
@own_data_page
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """The person changes what their institution may see."""
    found = get_object_or_404(Invitation.objects.select_related("institution"), pk=pk, person=request.user)
    shares = "boleh" in request.POST
    services.share_result(invitation=found, shares=shares, by=request.user)
    facts = {"institution": found.institution.name}
    messages.success(
        request,
        _("%(institution)s boleh melihat hasil Anda.") % facts
        if shares
        else _("%(institution)s tidak lagi melihat hasil Anda.") % facts,
    )
    return redirect("public_site:own_data")
