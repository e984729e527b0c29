"""Two devices saved the same page: both answers on one screen, and the candidate chooses one by one.

The page works without a script. It carries everything that was posted, so that nothing is lost whatever
is chosen, and the version that it compared with: when yet another device saves meanwhile, it comes again.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.applications.models import Application
from core.common.exceptions import StaleVersion
from public_site.autosave import new_page, not_kept, wants_json

HERE, THERE = "here", "there"
_IDENTITY = {"csrfmiddlewaretoken", "version", "writer", "sending", "owner"}
_OWN_FIELDS = _IDENTITY | {"differing", "compare", "compared", "label"}


@dataclass
class Difference:
    """One answer that is not the same there (kept) and here (typed): as a form posts it, and in words."""

    name: str
    label: str
    there: list[str]
    here: list[str]
    there_words: str
    here_words: str
    chosen: str = ""

    @property
    def choice_name(self) -> str:
        return f"choose-{self.name}"


def settle(request: HttpRequest, there: Callable[[], Mapping[str, list[str]]]) -> None:
    """After the page of comparison: put what was chosen in the place of what was typed. `there` is what is kept.

    What was not chosen is noted in `request.unchosen`, and `autosave.keep` refuses it.
    """
    if "compared" not in request.POST:
        return
    data, kept, unchosen = request.POST.copy(), there(), []
    labels = dict(zip(data.getlist("differing"), data.getlist("label"), strict=False))
    for name, label in labels.items():
        choice = THERE if "all_there" in data else HERE if "all_here" in data else data.get(f"choose-{name}")
        if choice == THERE:
            data.setlist(name, kept.get(name, []))
        elif choice != HERE:
            unchosen.append(label)
    request.POST, request.unchosen = data, unchosen


def conflict(
    request: HttpRequest,
    refusal: StaleVersion,
    *,
    application: Application | None,
    title: str,
    version: int,
    differences: Callable[[], Iterable[Difference]],
) -> HttpResponse:
    """What a page gets that would have written over somebody's newer answers: a script a sentence, a person the
    page of comparison. `version` is what is kept now."""
    if wants_json(request):
        return not_kept(refusal.message, status=409)
    rows = list(differences())
    for row in rows:
        row.chosen = request.POST.get(row.choice_name, "")
    differing = {row.name for row in rows}
    carried = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS | differing and not name.startswith(("choose-", "all_"))
        for value in values
    ]
    return render(
        request,
        "public_site/application/compare.html",
        {
            "application": application,
            "title": title,
            "rows": rows,
            "carried": carried,
            "page": new_page(version),
            "unchosen": [
                {"text": row.label, "target": f"there-{number}"}
                for number, row in enumerate(rows, 1)
                if row.label in getattr(request, "unchosen", [])
            ],
            "has_errors": bool(getattr(request, "unchosen", None)),
        },
    )


# --- answers of a Django form -------------------------------------------------------------------------------


def as_posted(value: Any) -> list[str]:
    """A value as a form posts it: the key of a row, no entry for nothing."""
    value = getattr(value, "pk", value)
    return [] if value in (None, "") else [str(value)]


def form_differences(form: forms.Form, kept: Mapping[str, Any]) -> list[Difference]:
    """Where a form that was filled in without fault differs from what is kept ({name of the field: value})."""
    rows = []
    for name in form.fields:
        here, there = form.cleaned_data.get(name), kept[name]
        if as_posted(here) != as_posted(there):
            rows.append(
                Difference(
                    name=name,
                    label=str(form.fields[name].label),
                    there=as_posted(there),
                    here=as_posted(here),
                    there_words=str(there or ""),
                    here_words=str(here or ""),
                )
            )
    return rows
