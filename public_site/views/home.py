"""What anybody may read: the landing page, the schemes, the flow, the privacy text."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.accounts.queries import current_consent_text
from core.applications.queries import open_application
from core.content.models import PageText
from core.content.queries import built_in_text
from core.schemes.queries import current_version, published_versions, units_in_order


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return home_page(request, built_in_text("beranda"))


def home_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/home.html", {"text": text, "versions": published_versions()[:6]})


@require_safe
def scheme_list(request: HttpRequest) -> HttpResponse:
    return scheme_list_page(request, built_in_text("skema"))


def scheme_list_page(request: HttpRequest, text: PageText) -> HttpResponse:
    groups: dict[str, list] = {}
    for version in published_versions():
        groups.setdefault(version.scheme.group, []).append(version)
    return render(request, "public_site/schemes/list.html", {"text": text, "groups": groups})


@require_safe
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
            "requirements": version.requirements.prefetch_related("document_type"),
            "under_way": under_way,
        },
    )


@require_safe
def flow(request: HttpRequest) -> HttpResponse:
    return flow_page(request, built_in_text("alur"))


def flow_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/flow.html", {"text": text})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return privacy_page(request, built_in_text("privasi"))


def privacy_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/privacy.html", {"text": text, "consent": current_consent_text()})
