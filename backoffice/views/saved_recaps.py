"""Choices of the recap under a name: keep one, open it, have it sent on a day of the month, take it away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.base import go
from backoffice.screens import dialog, screen
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.reports import saved_recaps as services
from core.reports.models import SavedRecap


def _page(query: str = "") -> str:
    address = reverse("admin:certification_recap")
    return f"{address}?{query}" if query else address


@require_http_methods(["GET", "HEAD", "POST"])
def save_view(request: HttpRequest) -> HttpResponse:
    """Asks for a name, then keeps what stands in the address of the recap."""
    if not request.user.has_perm("core.view_applicationtally"):
        raise PermissionDenied
    words = request.POST if request.method == "POST" else request.GET
    query, refusal = words.get("pilihan", "")[:2000], None
    if request.method == "POST":
        try:
            recap = services.save_recap(name=words.get("nama", ""), query=query, by=request.user)
        except DomainError as reason:
            refusal = reason
        else:
            messages.success(request, _("Rekap “%(name)s” disimpan.") % {"name": recap.name})
            return go(request, _page(recap.query))
    context = {"title": _("Simpan rekap ini"), "query": query, "refusal": refusal, "typed": words, "back": _page(query)}
    body = "backoffice/recap/save.html"
    return dialog(request, None, body, context, title=context["title"], refused=refusal is not None)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """One saved recap: what it shows, to whom it goes, and its end."""
    if not request.user.has_perm("core.view_applicationtally"):
        raise PermissionDenied
    recap = services.saved_for(request.user).filter(pk=pk).first()
    if recap is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            return _ACTS[request.POST.get("tindakan", "")](request, recap)
        except KeyError:
            raise Http404 from None
        except DomainError as reason:
            refusal = reason
    chosen = set(recap.recipients.values_list("pk", flat=True))
    if refusal is not None:
        chosen = {int(key) for key in request.POST.getlist("penerima") if is_number(key)}
    context = {
        "recap": recap,
        "open_url": _page(recap.query),
        "may_change": services.may_change(recap, request.user),
        "may_schedule": services.may_schedule(request.user),
        "days": range(1, services.LAST_DAY + 1),
        "people": services.possible_recipients(),
        "chosen": chosen,
        "refusal": refusal,
    }
    title = _("Rekap “%(name)s”") % {"name": recap.name}
    status = 422 if refusal is not None else 200
    return screen(request, None, "backoffice/recap/saved.html", context, title=title, status=status)


def _schedule(request: HttpRequest, recap: SavedRecap) -> HttpResponse:
    day = request.POST.get("tanggal", "")
    recipients = [int(key) for key in request.POST.getlist("penerima") if is_number(key)]
    recap = services.schedule_recap(
        recap=recap, day=int(day) if is_number(day) else None, recipients=recipients, by=request.user
    )
    done: Any = _("Jadwal rekap ini dihapus.")
    if recap.day:
        done = _("Rekap ini dikirim setiap tanggal %(day)d.") % {"day": recap.day}
    messages.success(request, done)
    return redirect("admin:saved_recap", recap.pk)


def _delete(request: HttpRequest, recap: SavedRecap) -> HttpResponse:
    services.delete_recap(recap=recap, by=request.user)
    messages.success(request, _("Rekap “%(name)s” dihapus.") % {"name": recap.name})
    return redirect("admin:certification_recap")


_ACTS = {"jadwalkan": _schedule, "hapus": _delete}
