"""What the secretariat tells and hands out: requirements, questions, announcements, files for everybody."""

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.content.entries import Announcement, Download, Question
from core.content.entry_queries import announcement_heads, shown_announcements, shown_downloads, shown_questions
from core.content.models import PageText
from core.content.queries import built_in_text
from core.documents.serving import public_response
from core.schemes.queries import versions_with_requirements
from public_site.caching import FRESH_FOR, fresh_for_readers
from public_site.presenters import download_line

PER_PAGE = 20


@require_safe
@fresh_for_readers
def about(request: HttpRequest) -> HttpResponse:
    return text_page(request, built_in_text("tentang"))


@require_safe
@fresh_for_readers
def services(request: HttpRequest) -> HttpResponse:
    return text_page(request, built_in_text("layanan"))


def text_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/info.html", {"text": text})


@require_safe
@fresh_for_readers
def requirements(request: HttpRequest) -> HttpResponse:
    return requirements_page(request, built_in_text("persyaratan"))


def requirements_page(request: HttpRequest, text: PageText) -> HttpResponse:
    """The general words, and below them what each scheme asks, from the schemes themselves."""
    return render(request, "public_site/requirements.html", {"text": text, "versions": versions_with_requirements()})


# --- questions ------------------------------------------------------------------------------------------


@require_safe
@fresh_for_readers
def faq(request: HttpRequest) -> HttpResponse:
    return faq_page(request, built_in_text("faq"))


def faq_page(request: HttpRequest, text: PageText, opened: Question | None = None) -> HttpResponse:
    """All answers, or those that hold the words looked for; these and `opened` stand open."""
    words = " ".join(request.GET.get("cari", "").split())[:60]
    rows = list(shown_questions(words))
    if opened is not None:  # a preview: as it will stand, published or not
        at = next((place for place, row in enumerate(rows) if row.pk == opened.pk), len(rows))
        rows[at : at + 1] = [opened]
    groups: dict[tuple[str, str], list[Question]] = {}
    for row in rows:
        groups.setdefault((row.said("group"), row.language), []).append(row)
    context = {
        "text": text,
        "groups": groups,
        "words": words,
        "total": len(rows),
        "is_open": bool(words),
        "opened": opened,
    }
    return render(request, "public_site/faq.html", context)


# --- announcements --------------------------------------------------------------------------------------


@require_safe
@fresh_for_readers
def announcements(request: HttpRequest) -> HttpResponse:
    return announcements_page(request, built_in_text("pengumuman"))


def announcements_page(request: HttpRequest, text: PageText) -> HttpResponse:
    page = Paginator(announcement_heads(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "public_site/announcements/list.html", {"text": text, "page_obj": page})


@require_safe
@fresh_for_readers
def announcement(request: HttpRequest, slug: str) -> HttpResponse:
    return announcement_page(request, get_object_or_404(shown_announcements(), slug=slug))


def announcement_page(request: HttpRequest, row: Announcement) -> HttpResponse:
    return render(request, "public_site/announcements/detail.html", {"row": row})


# --- files ----------------------------------------------------------------------------------------------


@require_safe
@fresh_for_readers
def downloads(request: HttpRequest) -> HttpResponse:
    return downloads_page(request, built_in_text("unduhan"))


def downloads_page(request: HttpRequest, text: PageText, shown: Download | None = None) -> HttpResponse:
    rows = list(shown_downloads())
    if shown is not None:  # a preview, see faq_page
        at = next((place for place, row in enumerate(rows) if row.pk == shown.pk), len(rows))
        rows[at : at + 1] = [shown]
    return render(request, "public_site/downloads.html", {"text": text, "files": [download_line(row) for row in rows]})


@require_safe
def download(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The file, as long as it is published. Whoever knows the address of another gets nothing."""
    row = shown_downloads().filter(public_id=public_id).first()
    if row is None or row.document is None:
        raise Http404
    return public_response(row.document, request=request, keep_for=FRESH_FOR)
