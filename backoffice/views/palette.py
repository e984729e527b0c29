"""The command palette (Ctrl+K): the lines of the sidebar and the records that fit what is typed.

It is asked by POST only: a name, an address or a NIK must not stand in an address line, which
servers write into their logs. Nothing of it is cached or recorded.
"""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from unfold.dataclasses import SearchResult

from backoffice import navigation
from core.reports.search import as_nik, find_records

ICONS = {item.model: item.icon for _title, items in navigation.GROUPS for item in items}


def _menu(request: HttpRequest, text: str) -> list[SearchResult]:
    """Lines whose title or group has all the words."""
    words = text.lower().split()
    return [
        SearchResult(title=str(item.title), description=str(group), link=item.link(), icon=item.icon)
        for group, item in navigation.entries(request.user)
        if words and all(word in f"{group} {item.title} {item.words}".lower() for word in words)
    ]


class PaletteMixin:
    """Takes the place of Unfold's search, which asks by GET and keeps the answers for five minutes."""

    @method_decorator(sensitive_post_parameters("s"))
    def search(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        text = request.POST.get("s", "").strip()
        if not text:
            return HttpResponse()
        results = [] if as_nik(text) else _menu(request, text)
        for record in find_records(text, by=request.user):
            link = reverse(f"admin:core_{record.model}_change", args=[record.pk])
            results.append(
                SearchResult(title=record.title, description=record.detail, link=link, icon=ICONS[record.model])
            )
        return TemplateResponse(request, "unfold/helpers/command_results.html", {"results": results})
