"""Pages that save themselves while somebody types (form.js), and what they are answered.

A script asks for JSON at the address of the page and sends the same fields as the button does; the same
form and the same service check and keep them. What does not fit yet, a telephone number half typed, is
named and left out; the rest is kept.
"""

import secrets
from collections.abc import Callable, Iterable

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from core.common.exceptions import StaleVersion
from core.common.sendings import Sending, Taken, take
from core.common.text import is_number


def wants_json(request: HttpRequest) -> bool:
    """Whether a script of ours asks, rather than a person who waits for a page."""
    return request.headers.get("Accept") == "application/json"


def new_page(version: int) -> dict[str, str | int]:
    """What a page of a draft carries: the version it was drawn with, and a name of its own."""
    return {"version": version, "writer": secrets.token_urlsafe(9)}


def sending_of(request: HttpRequest) -> Sending:
    """The same as it comes back, with the number that a script gives to what it sends."""
    version, number = request.POST.get("version", ""), request.POST.get("sending", "")
    return Sending(
        version=int(version) if is_number(version) else -1,
        page=request.POST.get("writer", ""),
        number=int(number) if is_number(number) and len(number) < 10 else 0,
    )


def keep(act: Callable[[int], int], request: HttpRequest) -> Taken:
    """Save what was sent, once; `act` gets the version to compare with and returns the new one."""
    if unchosen := getattr(request, "unchosen", None):
        raise StaleVersion(
            _("Pilih salah satu isian untuk: %(answers)s.") % {"answers": "; ".join(unchosen)}, code="compare.unchosen"
        )
    return take(act, sending=sending_of(request), by=request.user)


def kept(taken: Taken, faults: Iterable[str] = ()) -> JsonResponse:
    """Kept, but for what is named in `faults` (labels of what does not fit yet). `number` is the highest taken from
    this page: higher than what it sent means that the page has to count on from there."""
    return JsonResponse({"number": taken.number, "faults": list(faults)})


def not_kept(message: str, status: int = 422) -> JsonResponse:
    """Nothing was kept; the sentence says why."""
    return JsonResponse({"message": message}, status=status)
