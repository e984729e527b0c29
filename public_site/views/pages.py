"""Pages that staff write: what readers see, what staff see before they publish, and the LSP's logo."""

from collections.abc import Iterable
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.content.entries import Announcement, Download, Question
from core.content.models import BUILT_IN, Page
from core.content.queries import built_in_text, live_text, office
from public_site.caching import fresh_for_readers
from public_site.views import home, inquiries, institution, listed, register

YEAR = 365 * 24 * 3600
#: Slug of a built-in text → the view that shows it; all others are pages of their own.
_SHOWN_BY = {
    "beranda": home.home_page,
    "skema": home.scheme_list_page,
    "alur": home.flow_page,
    "privasi": home.privacy_page,
    "persyaratan": listed.requirements_page,
    "faq": listed.faq_page,
    "pengumuman": listed.announcements_page,
    "unduhan": listed.downloads_page,
    "register": register.register_page,
    "instansi": institution.about_page,
    "kontak": inquiries.contact_page,
    "pengaduan": inquiries.complaint_page,
}


def _as_question(request: HttpRequest, row: Question) -> HttpResponse:
    return listed.faq_page(request, built_in_text("faq"), opened=row)


def _as_announcement(request: HttpRequest, row: Announcement) -> HttpResponse:
    row.live_from = row.live_from or timezone.now()
    return listed.announcement_page(request, row)


def _as_download(request: HttpRequest, row: Download) -> HttpResponse:
    return listed.downloads_page(request, built_in_text("unduhan"), shown=row)


#: Rows that stand on pages of others: what is drawn of each beside its words in both languages, and by what.
_ROWS: dict[str, tuple[Any, tuple[str, ...], Any]] = {
    "pertanyaan": (Question, (), _as_question),
    "pengumuman": (Announcement, (), _as_announcement),
    "unduhan": (Download, ("version",), _as_download),
}


@require_safe
@fresh_for_readers
def info(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the LSP at an address of its own."""
    text = None if slug in BUILT_IN else live_text(slug)
    if text is None:
        raise Http404
    return listed.text_page(request, text)


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft in the portal's own look, for those who write it; by POST what stands in their form, unsaved."""
    if not request.user.has_perm("core.change_page"):
        raise Http404
    page = get_object_or_404(Page, slug=slug)
    _take_over(request, page, Page.WORDS)
    page.title = page.title or _("(judul belum diisi)")
    return _previewed(request, page, _SHOWN_BY.get(slug, listed.text_page))


@require_http_methods(["GET", "HEAD", "POST"])
def preview_row(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The same for a question, an announcement or a download, in the place where readers will find it."""
    model, more, draw = _ROWS.get(kind, (None, (), None))
    if model is None or not request.user.has_perm(f"core.change_{model._meta.model_name}"):
        raise Http404
    row = get_object_or_404(model, pk=pk)
    _take_over(request, row, (*model.in_english, *model.twins(), *more))
    return _previewed(request, row, draw)


def _take_over(request: HttpRequest, row: Any, names: Iterable[str]) -> None:
    """What stands in the form, unsaved: the row is only drawn, never saved."""
    if request.method == "POST":
        for name in names:
            limit = row._meta.get_field(name).max_length
            setattr(row, name, request.POST.get(name, "")[:limit].strip())


def _previewed(request: HttpRequest, row: Any, draw: Any) -> HttpResponse:
    request.previewed = row  # type: ignore[attr-defined]
    response = draw(request, row)
    response.headers.pop("Cache-Control", None)
    patch_cache_control(response, private=True, no_store=True)
    # Staff see it in a frame beside the form in which they write it.
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": ["'self'"]}
    return response


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
