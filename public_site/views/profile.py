"""FR.APL-01 part 1, within an application or from the desk: one profile, three pages."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.models import CandidateProfile
from core.accounts.nik import parse_nik
from core.accounts.queries import candidate_profile_of
from core.accounts.services import save_profile
from core.applications import rules
from core.applications.models import Application
from core.applications.sections import SECTION_TITLES
from core.applications.services import save_profile_section
from core.certificates.services import link_own_past_certificates
from core.codelists.models import Region
from core.common.exceptions import DomainError, StaleVersion
from public_site.access import application_or_404, candidate_required, kept_offline
from public_site.autosave import keep, kept, new_page, not_kept, wants_json
from public_site.comparing import as_posted, conflict, form_differences, settle
from public_site.drafts import draft_key, remember_saved
from public_site.forms.base import add_domain_error, posted
from public_site.forms.profile import AddressForm, EmploymentForm, PersonalForm, ProfileForm
from public_site.views.application import after_saving, section_closed, section_context

FORMS: dict[str, type[ProfileForm]] = {"personal": PersonalForm, "address": AddressForm, "employment": EmploymentForm}
SLUGS = {"data-pribadi": "personal", "alamat": "address", "pekerjaan": "employment"}


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def section(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    application = application_or_404(request, reference)
    if key not in SLUGS:
        raise Http404
    if not rules.can_write_section(application, SLUGS[key], request.user):
        if not wants_json(request):
            messages.info(request, _("Bagian ini sedang tidak dibuka untuk diubah."))
        return section_closed(request, application)
    return _page(request, SLUGS[key], application)


@require_http_methods(["GET", "POST"])
@candidate_required
@kept_offline
def own_profile(request: HttpRequest, key: str) -> HttpResponse:
    """From the desk, without an application."""
    if key not in SLUGS:
        raise Http404
    return _page(request, SLUGS[key], None)


def _page(request: HttpRequest, key: str, application: Application | None) -> HttpResponse:
    profile = candidate_profile_of(request.user)
    stored = candidate_profile_of(request.user)  # the form writes on its instance while cleaning
    there = {name: stored.user.full_name if name == "full_name" else getattr(stored, name) for name in _fields(key)}
    settle(request, lambda: {name: as_posted(value) for name, value in there.items()})
    form = FORMS[key](posted(request), instance=profile)
    if request.method == "POST" and (form.is_valid() or wants_json(request)):
        # A page that saves itself leaves out what does not fit yet, and what it may not keep on the phone.
        values = {name: value for name, value in form.cleaned_data.items() if name in request.POST}
        try:
            taken = keep(_saving(stored, application, key, values, request.user), request)
        except StaleVersion as error:
            return conflict(
                request,
                error,
                application=application,
                title=SECTION_TITLES[key],
                version=stored.version,
                differences=lambda: form_differences(form, there),
            )
        except DomainError as error:
            if wants_json(request):
                return not_kept(error.message)
            add_domain_error(form, error)
        else:
            if wants_json(request):
                return kept(taken, [str(form.fields[name].label) for name in form.errors if name in request.POST])
            if application is not None:
                return after_saving(request, application, key)
            remember_saved(request, None, key)
            messages.success(request, _("Profil tersimpan."))
            return redirect("public_site:desk")
    return render(
        request,
        "public_site/application/profile.html",
        (
            section_context(request, application, key)
            if application
            else {"draft_key": draft_key(request.user, None, key)}
        )
        | {
            "form": form,
            "title": SECTION_TITLES[key],
            "page": new_page(stored.version),  # the profile's, which all applications share
            "is_personal": key == "personal",
            "profile": stored,
        },
    )


def _fields(key: str) -> list[str]:
    """The names of the fields of one page."""
    return [*FORMS[key].base_fields]


def _saving(
    stored: CandidateProfile, application: Application | None, key: str, values: dict, by: Any
) -> Callable[[int], int]:
    def save(version: int) -> int:
        if application is None:
            saved = save_profile(profile=stored, values=values, version=version, by=by)
        else:
            saved = save_profile_section(
                application=application, key=key, profile=stored, values=values, version=version, by=by
            )
        if "nik" in values:
            link_own_past_certificates(person=saved.user, by=by)
        return saved.version

    return save


@require_POST
@candidate_required
def derive_from_nik(request: HttpRequest) -> HttpResponse:
    """What a NIK tells, for the line below the field. Posted, so that no log holds it in an address."""
    try:
        nik = parse_nik(request.POST.get("nik", ""))
    except DomainError as error:
        return render(request, "public_site/application/nik_line.html", {"error": error.message})
    region = Region.objects.filter(code=nik.regency_code).first()
    return render(request, "public_site/application/nik_line.html", {"nik": nik, "region": region})
