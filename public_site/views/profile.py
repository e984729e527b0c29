"""FR.APL-01 part 1, within an application or from the desk: one profile, three pages."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.accounts.nik import parse_nik
from core.accounts.queries import candidate_profile_of
from core.accounts.services import save_profile
from core.applications import rules
from core.applications.models import Application
from core.applications.sections import SECTION_TITLES
from core.applications.services import save_profile_section
from core.codelists.models import Region
from core.common.exceptions import DomainError, StaleVersion
from public_site.access import application_or_404, candidate_required
from public_site.drafts import draft_key, remember_saved
from public_site.forms.base import add_domain_error, posted
from public_site.forms.profile import AddressForm, EmploymentForm, PersonalForm, ProfileForm
from public_site.presenters import stale_values
from public_site.views.application import after_saving, new_page, page_identity, section_context

FORMS: dict[str, type[ProfileForm]] = {"personal": PersonalForm, "address": AddressForm, "employment": EmploymentForm}
SLUGS = {"data-pribadi": "personal", "alamat": "address", "pekerjaan": "employment"}


@require_http_methods(["GET", "POST"])
@candidate_required
def section(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    application = application_or_404(request, reference)
    if key not in SLUGS:
        raise Http404
    if not rules.can_write_section(application, SLUGS[key], request.user):
        messages.info(request, _("Bagian ini sedang tidak dibuka untuk diubah."))
        return redirect("public_site:case", application.reference)
    return _page(request, SLUGS[key], application)


@require_http_methods(["GET", "POST"])
@candidate_required
def own_profile(request: HttpRequest, key: str) -> HttpResponse:
    """From the desk, without an application."""
    if key not in SLUGS:
        raise Http404
    return _page(request, SLUGS[key], None)


def _page(request: HttpRequest, key: str, application: Application | None) -> HttpResponse:
    profile = candidate_profile_of(request.user)
    form = FORMS[key](posted(request), instance=profile)
    stored = candidate_profile_of(request.user)  # the form writes on its instance while cleaning
    stale: list[dict] = []
    if request.method == "POST" and form.is_valid():
        values = {
            "profile": stored,
            "values": form.cleaned_data,
            "version": page_identity(request)["version"],
            "by": request.user,
        }
        try:
            if application is None:
                save_profile(**values)
            else:
                save_profile_section(application=application, key=key, **values)
        except StaleVersion as error:
            form.add_error(None, error.message)
            stale = stale_values(form, stored)
        except DomainError as error:
            add_domain_error(form, error)
        else:
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
            "stale": stale,
            "page": new_page(stored.version),  # the profile's, which all applications share
            "is_personal": key == "personal",
            "profile": stored,
        },
    )


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
