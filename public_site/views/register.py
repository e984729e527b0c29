"""The register of certificates: figures for everybody, numbers by scheme and year, nobody's name."""

from collections import defaultdict
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_safe

from core.certificates.register import PAGE, Place, SchemeFigures, certificates_of_year, place_of, register_figures
from core.certificates.standing import status_now
from core.common.text import is_number
from core.content.models import PageText
from core.content.queries import built_in_text
from core.schemes.models import Scheme
from public_site.caching import fresh_for_readers
from public_site.limits import asks_too_often
from public_site.pictures import columns

#: Pages of numbers a minute from one address, as for the check of single ones.
LIMIT = 30
#: Seconds that counted figures are shown before they are counted again.
COUNTED_FOR = 600
#: Years with a column of their own; what is older stands together.
YEARS = 5
_KEY = "register-figures"


@require_safe
@fresh_for_readers
def register(request: HttpRequest) -> HttpResponse:
    return register_page(request, built_in_text("register"))


def register_page(request: HttpRequest, text: PageText) -> HttpResponse:
    return render(request, "public_site/register/figures.html", {"text": text, **_figures()})


def _figures() -> dict[str, Any]:
    found: dict[str, Any] | None = cache.get(_KEY)
    if found is None:
        found = _table(register_figures(timezone.localdate())) | {"counted_at": timezone.now()}
        cache.set(_KEY, found, COUNTED_FOR)
    return found


def _table(figures: list[SchemeFigures]) -> dict[str, Any]:
    """Rows of schemes, a column for each of the last years, and the sums below."""
    newest = max((year for row in figures for year in row.by_year), default=timezone.localdate().year)
    oldest = max(min((year for row in figures for year in row.by_year), default=newest), newest - YEARS + 1)
    years = list(range(oldest, newest + 1))
    sums: dict[int, int] = defaultdict(int)
    rows = []
    for row in figures:
        for year, count in row.by_year.items():
            sums[year] += count
        cells = [{"year": year, "count": row.by_year.get(year, 0)} for year in years]
        earlier = sum(count for year, count in row.by_year.items() if year < oldest)
        rows.append({"scheme": row.scheme, "cells": cells, "earlier": earlier, "total": row.total})
    earlier = sum(count for year, count in sums.items() if year < oldest)
    return {
        "years": years,
        "rows": rows,
        "sums": [sums[year] for year in years],
        "earlier": earlier,
        "total": sum(sums.values()),
        "chart": columns([(str(year), sums[year]) for year in years]),
    }


@require_safe
def register_year(request: HttpRequest, code: str, year: int) -> HttpResponse:
    """Numbers, days and how each stands; the masked name is told by the check of a single one."""
    if asks_too_often(request, "register", limit=LIMIT):
        response = render(request, "public_site/register/slow_down.html", status=429)
        response["Retry-After"] = "60"
        return _for_no_index(response)
    if not 2000 <= year <= timezone.localdate().year:
        raise Http404
    scheme = get_object_or_404(Scheme, code=code)
    start = _start(request.GET.get("sesudah", ""))
    rows = certificates_of_year(scheme, year, behind=start, limit=PAGE + 1)
    if not rows and not start:
        raise Http404
    today = timezone.localdate()
    more, rows = len(rows) > PAGE, rows[:PAGE]
    context = {
        "scheme": scheme,
        "year": year,
        "rows": [{"row": row, "now": status_now(row, today)} for row in rows],
        "is_first": start is None,
        "following": _words(place_of(rows[-1])) if more else "",
    }
    response = render(request, "public_site/register/numbers.html", context)
    response["Cache-Control"] = "no-store"  # what counts is how each stands now
    return _for_no_index(response)


def _words(place: Place) -> str:
    return f"{place.day:%Y-%m-%d}.{place.pk}{'.lama' if place.is_past else ''}"


def _start(words: str) -> Place | None:
    """Behind which row the page begins, from its address; what cannot be read begins at the front."""
    day_words, key, kind = (*words.split("."), "", "")[:3]
    try:
        day = parse_date(day_words)
    except ValueError:
        return None
    return Place(day, int(key), kind == "lama") if day and is_number(key) else None


def _for_no_index(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
