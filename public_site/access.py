"""Who may open a page of the candidate's desk, and what happens to what was typed when the session ended."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.accounts.rules import is_candidate
from core.accounts.services import needs_consent
from core.applications.models import Application
from core.applications.queries import own_application
from core.institutions.enums import InstitutionStatus
from core.institutions.rules import is_officer, officer_of
from public_site.autosave import wants_json
from public_site.keep_post import keep_post_page

View = Callable[..., HttpResponse]


def _guarded(view: View, is_theirs: Callable[[Any], bool], *, asks_consent: bool = True) -> View:
    """Only for people with an account of the portal of that kind, who agreed to the text in force.

    Anonymous: asked to log in; a POST keeps what was typed (keep_post). For everybody else the page does not exist.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if is_of_somebody_else(request):
                return HttpResponse(status=401)  # the script says so and keeps the text on the phone
            if request.method == "POST":
                return keep_post_page(request)
            return redirect_to_login(request.get_full_path(), reverse("public_site:login"))
        if not is_theirs(request.user):
            raise Http404
        if is_of_somebody_else(request):
            return HttpResponse(status=401)
        if asks_consent and request.method == "GET" and needs_consent(request.user):
            return redirect(f"{reverse('public_site:consent')}?next={request.path}")
        response = view(request, *args, **kwargs)
        # Not "no-store": the browser's Back button must be able to show a page with faults again.
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    return checked


def is_of_somebody_else(request: HttpRequest) -> bool:
    """Whether a script brings what another person typed on this phone, or nobody is in: it waits for its owner."""
    if not wants_json(request):
        return False
    return not request.user.is_authenticated or request.POST.get("owner", str(request.user.pk)) != str(request.user.pk)


def has_portal_account(user: Any) -> bool:
    """Candidates and officers of institutions; staff have a desk of their own."""
    return is_candidate(user) or is_officer(user)


def home_of(user: Any) -> str:
    """Where somebody's own pages begin."""
    return reverse("public_site:institution_desk" if is_officer(user) else "public_site:desk")


def candidate_required(view: View) -> View:
    """Only for candidates who agreed to the text in force."""
    return _guarded(view, is_candidate)


def account_page(view: View) -> View:
    """What candidates and officers of institutions have alike: the safety of their account, letters, messages."""
    return _guarded(view, has_portal_account)


def officer_required(view: View) -> View:
    """Only for those who act for an institution; `request.institution` is theirs, whatever its status."""

    @wraps(view)
    def with_institution(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        officer = officer_of(request.user)
        if officer is None:  # the role without an institution: nothing to act for
            raise Http404
        request.institution = officer.institution  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return _guarded(with_institution, is_officer)


def approved_required(view: View) -> View:
    """What an institution does once the secretariat has looked at it; before, its desk says what is missing."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.institution.status != InstitutionStatus.APPROVED:  # type: ignore[attr-defined]
            return redirect("public_site:institution_desk")
        return view(request, *args, **kwargs)

    return officer_required(checked)


def kept_offline(view: View) -> View:
    """A page of a form that may lie on its owner's phone, to be opened without network (worker.js)."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200:
            response["Offline-Owner"] = request.user.pk
        return response

    return marked


def own_data_page(view: View) -> View:
    """A page about one's own data and rights: nobody has to agree to anything to see, correct or delete them."""
    return _guarded(view, has_portal_account, asks_consent=False)


def application_or_404(request: HttpRequest, reference: str) -> Application:
    """The candidate's own case; somebody else's answers like one that does not exist."""
    application = own_application(request.user, reference)
    if application is None:
        raise Http404
    return application
