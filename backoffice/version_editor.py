"""What the editors of schemes and of assessment forms have in common: the acts on a version, and how they are asked.

Both show one version of something: a draft is worked on, one version is in force, those before it are closed.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from backoffice.screens import screen
from core.schemes.enums import VersionStatus


@dataclass(frozen=True)
class Act:
    """A button beside the editor: when it is offered, who may, what it asks first.

    `done` says what happened; `%(n)d` in it is the number of the version. `run` is the service that does it.
    """

    name: str
    label: Any
    hint: Any
    icon: str
    statuses: tuple[str, ...]
    permission: str
    done: Any
    run: Callable[..., Any]
    tone: str = ""

    @property
    def is_about_all(self) -> bool:
        """Whether it decides on a draft as a whole, as it was shown."""
        return self.name in ("publish", "discard")

    def is_open_to(self, by: Any) -> bool:
        return by.has_perm(f"core.{self.permission}")


def as_new_line(posted: QueryDict, *, was: str, new: str) -> QueryDict:
    """What was typed in a line that a colleague took out meanwhile, as it would come from the blank line."""
    data = QueryDict(mutable=True)
    for name, values in posted.lists():
        data.setlist(f"{new}-{name.removeprefix(f'{was}-')}" if name.startswith(f"{was}-") else name, values)
    return data


def version_in_force(versions: Iterable[Any]) -> Any | None:
    """The one of these that is published."""
    return next((one for one in versions if one.status == VersionStatus.PUBLISHED), None)


def offered(acts: tuple[Act, ...], request: HttpRequest, version: Model, versions: Iterable[Any]) -> list[Act]:
    """The acts that this person may do on this version now; `versions`: all of the same scheme or form."""
    has_draft = any(one.status == VersionStatus.DRAFT for one in versions)
    return [
        act
        for act in acts
        if version.status in act.statuses
        and act.is_open_to(request.user)
        and not (act.name == "draft_next" and has_draft)
    ]


def dialog(request: HttpRequest, admin: Any, context: dict[str, Any]) -> HttpResponse:
    """A question, in a dialog (HTMX) or as a page."""
    form = context.get("form")
    if request.htmx:
        return TemplateResponse(request, "backoffice/version/act_form.html", context)
    title, status = context["act_title"], 422 if form is not None and form.errors else 200
    return screen(request, admin, "backoffice/version/act_page.html", context, title=title, status=status)


def comparison(
    request: HttpRequest, admin: Any, version: Any, versions: Iterable[Any], compare: Callable, *, back: str
) -> HttpResponse:
    """What this version asks that the one in force does not, and the other way round, as `compare` tells it."""
    other = version_in_force(versions)
    if other is None or other.pk == version.pk:
        raise Http404
    title = _("Versi %(n)d dibandingkan dengan versi %(m)d yang terbit") % {"n": version.number, "m": other.number}
    changes = compare(other, version)
    return dialog(request, admin, {"version": version, "act_title": title, "changes": changes, "back": back})
