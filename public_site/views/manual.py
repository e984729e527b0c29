"""The manuals, open to everybody: pictures and words about screens, nothing of what the screens hold."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.manual.books import Book, book_of, books, books_with, search
from core.manual.pages import ManualPage, read_page
from core.manual.shelf import printed_book
from public_site.caching import fresh_for_readers
from public_site.limits import asks_too_often

#: Letters of a question that are looked at.
LONGEST_QUESTION = 80
#: Questions, and manuals in print, a minute from one address: a room of participants behind one, no machine.
LIMIT = 60


@require_safe
@fresh_for_readers
def front(request: HttpRequest) -> HttpResponse:
    """The six manuals, or with `?q=` the pages of all that hold the words."""
    words = _words(request)
    if words and asks_too_often(request, "manual-search", limit=LIMIT):
        return _slow_down(request)
    context = {"books": books(), "words": words, "hits": search(words) if words else None}
    return render(request, "public_site/manual/front.html", context)


@require_safe
@fresh_for_readers
def book(request: HttpRequest, role: str) -> HttpResponse:
    """The front page of one manual, or with `?q=` its pages that hold the words."""
    found = _book(role)
    words = _words(request)
    if words and asks_too_often(request, "manual-search", limit=LIMIT):
        return _slow_down(request, found)
    hits = search(words, found) if words else None
    return _shown(request, found, found.front, {"words": words, "hits": hits})


@require_safe
@fresh_for_readers
def page(request: HttpRequest, role: str, slug: str) -> HttpResponse:
    """A page of that manual; one that stands only in others is shown in the first of them."""
    found = _book(role)
    if slug == found.front.slug:
        return redirect("public_site:manual_book", role)
    shown = read_page(slug)
    if shown is None:
        raise Http404
    if slug not in found.slugs:
        others = books_with(slug)
        if not others:
            raise Http404
        return redirect("public_site:manual_page", others[0].role, slug)
    at = found.slugs.index(slug)
    around = {
        "before": read_page(found.slugs[at - 1]) if at else None,
        "after": read_page(found.slugs[at + 1]) if at + 1 < len(found.slugs) else None,
    }
    return _shown(request, found, shown, around)


@require_safe
def pdf(request: HttpRequest, role: str) -> HttpResponseBase:
    """The manual in print, as the last update made it."""
    found = _book(role)
    path = printed_book(found)
    if path is None:
        return render(request, "public_site/manual/no_pdf.html", {"book": found}, status=404)
    if asks_too_often(request, "manual-print", limit=LIMIT):
        return _slow_down(request, found)
    return FileResponse(path.open("rb"), content_type="application/pdf", filename=path.name)


def _book(role: str) -> Book:
    found = book_of(role)
    if found is None:
        raise Http404
    return found


def _slow_down(request: HttpRequest, found: Book | None = None) -> HttpResponse:
    response = render(request, "public_site/manual/slow_down.html", {"book": found}, status=429)
    response["Retry-After"] = "60"
    return response


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:LONGEST_QUESTION].strip()


def _shown(request: HttpRequest, found: Book, shown: ManualPage, more: dict[str, Any]) -> HttpResponse:
    parts = [(title, [read_page(slug) for slug in listed]) for title, listed in found.parts]
    context = {"book": found, "page": shown, "parts": parts, "pdf": printed_book(found), **more}
    return render(request, "public_site/manual/page.html", context)
