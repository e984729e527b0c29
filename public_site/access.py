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
from public_site.autosave import wants_json
from public_site.keep_post import keep_post_page

View = Callable[..., HttpResponse]


def candidate_required(view: View, *, asks_consent: bool = True) -> View:
    """Only for candidates who agreed to the text in force.

    `asks_consent` off: also for those who did not, or took it back, since nobody has to agree to anything to
    see, correct or delete their own data. Anonymous: asked to log in; a POST keeps what was typed
    (keep_post). Staff have a desk of their own, for them the page does not exist.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            if wants_json(request):
                return HttpResponse(status=401)  # the script says so and keeps the text on the phone
            if request.method == "POST":
                return keep_post_page(request)
            return redirect_to_login(request.get_full_path(), reverse("public_site:login"))
        if not is_candidate(request.user):
            raise Http404
        if wants_json(request) and request.POST.get("owner", str(request.user.pk)) != str(request.user.pk):
            return HttpResponse(status=401)  # typed by somebody else on this phone: waits for them
        if asks_consent and request.method == "GET" and needs_consent(request.user):
            return redirect(f"{reverse('public_site:consent')}?next={request.path}")
        response = view(request, *args, **kwargs)
        # Not "no-store": the browser's Back button must be able to show a page with faults again.
        response.setdefault("Cache-Control", "private, no-cache")
        return response

    return checked


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
    """A page about the candidate's own data and rights: without asking for consent first."""
    return candidate_required(view, asks_consent=False)


def application_or_404(request: HttpRequest, reference: str) -> Application:
    """The candidate's own case; somebody else's answers like one that does not exist."""
    application = own_application(request.user, reference)
    if application is None:
        raise Http404
    return application
