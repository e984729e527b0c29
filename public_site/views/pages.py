"""Pages that staff write: what readers see, what staff see before they publish, and the LSP's logo."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.content.models import BUILT_IN, Page, PageText
from core.content.queries import live_text, office
from public_site.views import home

#: Seconds that a reader's browser may show a page without asking again.
FRESH_FOR = 60
YEAR = 365 * 24 * 3600
#: Slug of a built-in text → the view that shows it; all others are pages of their own.
_SHOWN_BY = {
    "beranda": home.home_page,
    "skema": home.scheme_list_page,
    "alur": home.flow_page,
    "privasi": home.privacy_page,
}


@require_safe
def info(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the LSP at an address of its own."""
    text = None if slug in BUILT_IN else live_text(slug)
    if text is None:
        raise Http404
    response = _page(request, text)
    if request.user.is_authenticated:
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(response, public=True, max_age=FRESH_FOR)
        patch_vary_headers(response, ["Cookie"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft in the portal's own look, for those who write it; by POST what stands in their form, unsaved."""
    if not request.user.has_perm("core.change_page"):
        raise Http404
    page = get_object_or_404(Page, slug=slug)
    if request.method == "POST":  # the row is only drawn, never saved
        for name in Page.WORDS:
            setattr(page, name, request.POST.get(name, "")[: Page._meta.get_field(name).max_length])
        page.title = page.title.strip() or _("(judul belum diisi)")
    request.previewed = page  # type: ignore[attr-defined]
    response = _SHOWN_BY.get(slug, _page)(request, page)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/info.html", {"text": text})


@require_safe
def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """The logo in use. Its address holds its content's hash, so it may be kept for good."""
    file: Any = office().logo
    if not file or file.name != f"logo/{name}":
        raise Http404
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stream, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
