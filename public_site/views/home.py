"""What anybody may read: the landing page, the schemes, the flow, the privacy text."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.queries import current_consent_text
from core.applications.queries import open_application
from core.assessments.queries import sessions_for_everybody
from core.content.entry_queries import announcement_heads
from core.content.models import PageText
from core.content.queries import built_in_text
from core.content.steps import steps_of
from core.schemes.queries import current_version, find_versions, published_versions, units_in_order
from public_site.caching import fresh_for_readers
from public_site.pictures import flow_pictures
from public_site.presenters import session_lines

#: How many of each the landing page shows; the rest stands on the page of its own.
NEWS, SCHEMES, SESSIONS = 3, 6, 4
#: Sessions on the page of a scheme.
SESSIONS_OF_SCHEME = 6


@require_safe
@fresh_for_readers
def home(request: HttpRequest) -> HttpResponse:
    return home_page(request, built_in_text("beranda"))


def home_page(request: HttpRequest, text: PageText) -> HttpResponse:
    steps = steps_of(built_in_text("alur").said("body"))
    return render(
        request,
        "public_site/home.html",
        {
            "text": text,
            "news": announcement_heads()[:NEWS],
            "versions": published_versions()[:SCHEMES],
            "sessions": session_lines(sessions_for_everybody()[:SESSIONS]),
            "steps": steps,
            "pictures": flow_pictures(steps),
        },
    )


@require_safe
@fresh_for_readers
def scheme_list(request: HttpRequest) -> HttpResponse:
    return scheme_list_page(request, built_in_text("skema"))


def scheme_list_page(request: HttpRequest, text: PageText) -> HttpResponse:
    """All schemes by group, or those that somebody looks for."""
    words = " ".join(request.GET.get("cari", "").split())[:60]
    group, only_open = request.GET.get("kelompok", "")[:80], request.GET.get("dibuka") == "1"
    everything = list(published_versions())
    is_narrowed = bool(words or group or only_open)
    found = find_versions(words=words, group=group, only_open=only_open) if is_narrowed else everything
    groups: dict[str, list] = {}
    for version in found:
        groups.setdefault(version.scheme.group, []).append(version)
    context = {
        "text": text,
        "groups": groups,
        "total": sum(map(len, groups.values())),
        "all_groups": {version.scheme.group: version.scheme for version in everything if version.scheme.group},
        "words": words,
        "group": group,
        "only_open": only_open,
        "is_narrowed": is_narrowed,
    }
    return render(request, "public_site/schemes/list.html", context)


@require_safe
@fresh_for_readers
def scheme_detail(request: HttpRequest, code: str) -> HttpResponse:
    version = current_version(code)
    if version is None:
        raise Http404
    under_way = open_application(request.user, version.scheme_id) if request.user.is_authenticated else None
    return render(
        request,
        "public_site/schemes/detail.html",
        {
            "version": version,
            "scheme": version.scheme,
            "units": units_in_order(version),
            "requirements": version.requirements.order_by("-section", "position", "pk"),
            "sessions": session_lines(sessions_for_everybody(version.scheme)[:SESSIONS_OF_SCHEME]),
            "under_way": under_way,
        },
    )


@require_safe
@fresh_for_readers
def flow(request: HttpRequest) -> HttpResponse:
    return flow_page(request, built_in_text("alur"))


def flow_page(request: HttpRequest, text: PageText) -> HttpResponse:
    steps = steps_of(text.said("body"))
    context = {"text": text, "steps": steps, "pictures": flow_pictures(steps)}
    return render(request, "public_site/flow.html", context)


@require_safe
@fresh_for_readers
def privacy(request: HttpRequest) -> HttpResponse:
    return privacy_page(request, built_in_text("privasi"))


def privacy_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/privacy.html", {"text": text, "consent": current_consent_text()})
