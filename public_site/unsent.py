"""Forms that are sent as a whole, such as an appeal or a complaint, and save themselves until they are.

The page is like the others that save themselves (autosave.py). Beside what was typed a script may send the press of
the button (`pressed`): made without network, sent by the phone when the link is back. Whatever comes twice of one
page is taken once, a press as much as a letter.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.applications.models import Application
from core.common.exceptions import DomainError, StaleVersion
from core.common.sendings import Taken
from core.common.text import clean_text
from core.common.unsent import empty_unsent, save_unsent, unsent_form
from public_site.autosave import keep, kept, new_page, not_kept, wants_json
from public_site.comparing import Difference, as_posted, conflict, settle
from public_site.drafts import draft_key, remember_saved


class Unsent:
    """One such form of whoever is signed in. `after`: the page that shows what became of it."""

    def __init__(
        self, request: HttpRequest, name: str, *, title: Any, after: str, application: Application | None = None
    ):
        self.request, self.application = request, application
        self.name = f"{name}-{application.pk}" if application else name
        self.title, self.after = str(title), after
        self.row = unsent_form(person=request.user, name=self.name)
        settle(request, lambda: {name: as_posted(value) for name, value in self.row.answers.items()})

    @property
    def answers(self) -> dict[str, str]:
        """What the form begins with."""
        return self.row.answers

    @property
    def is_typing(self) -> bool:
        """Nothing is to be sent yet: the page saves itself, or two devices are compared."""
        post = self.request.POST
        return "compare" in post or "compared" in post or (wants_json(self.request) and "pressed" not in post)

    def keep(self, form: forms.Form) -> HttpResponse:
        """Keep what was typed, whether or not it could be sent as it stands."""
        typed = {name: self.request.POST.get(name, "") for name in _typed_fields(form)}
        try:
            taken, is_new = self._take(lambda version: save_unsent(**self._whose, answers=typed, version=version))
        except StaleVersion as error:
            return self.conflict(form, error)
        except DomainError as error:
            if wants_json(self.request):
                return not_kept(error.message)
            messages.error(self.request, error.message)
            return redirect(self.request.path)
        if wants_json(self.request):  # what was sent already is not a draft again
            return kept(taken) if is_new or self.row.answers else self._told(taken)
        remember_saved(self.request, self.application, self.name)
        messages.info(self.request, _("Pilihan Anda disimpan. Periksa, lalu kirim."))
        return redirect(self.request.path)

    def send(self, act: Callable[[], Any]) -> HttpResponse:
        """Do it, with nothing left to be sent, in one transaction; what `act` and a newer page raise passes through."""

        def once(version: int) -> int:
            emptied = empty_unsent(**self._whose, version=version)
            act()
            return emptied

        taken, _is_new = self._take(once)
        remember_saved(self.request, self.application, self.name)
        return self._told(taken) if wants_json(self.request) else redirect(self.after)

    def conflict(self, form: forms.Form, error: StaleVersion) -> HttpResponse:
        return conflict(
            self.request,
            error,
            application=self.application,
            title=self.title,
            version=self.row.version,
            differences=lambda: _differences(form, self.request.POST, self.row.answers),
        )

    def not_sent(self, form: forms.Form) -> HttpResponse | None:
        """What a script is told whose press was refused; a person gets the page with the faults."""
        return not_kept(next(iter(form.errors.values()))[0]) if wants_json(self.request) else None

    @property
    def context(self) -> dict[str, Any]:
        """What the page carries, for <form data-draft-key>."""
        key = draft_key(self.request.user, self.application, self.name)
        return {"page": new_page(self.row.version), "draft_key": key}

    @property
    def _whose(self) -> dict[str, Any]:
        return {"name": self.name, "by": self.request.user}

    def _take(self, act: Callable[[int], int]) -> tuple[Taken, bool]:
        """And whether it was done now, rather than when the same was sent before."""
        done: list[int] = []

        def noted(version: int) -> int:
            done[:] = [act(version)]
            return done[0]

        return keep(noted, self.request), bool(done)

    def _told(self, taken: Taken) -> JsonResponse:
        return JsonResponse({"number": taken.number, "faults": [], "sent": self.after})


def _typed_fields(form: forms.Form) -> list[str]:
    """The boxes that are kept. What has to be ticked is ticked anew by whoever sends it."""
    return [
        name
        for name, field in form.fields.items()
        if not field.widget.is_hidden and "data-no-draft" not in field.widget.attrs
    ]


def _differences(form: forms.Form, posted: Mapping[str, str], kept: Mapping[str, str]) -> list[Difference]:
    rows = []
    for name in _typed_fields(form):
        here, there = clean_text(posted.get(name, "")), kept.get(name, "")
        if here != there:
            field = form.fields[name]
            words = {str(key): str(label) for key, label in getattr(field, "choices", ())}
            rows.append(
                Difference(
                    name=name,
                    label=str(field.label),
                    there=as_posted(there),
                    here=as_posted(here),
                    there_words=words.get(there, there) if there else "",
                    here_words=words.get(here, here) if here else "",
                )
            )
    return rows
