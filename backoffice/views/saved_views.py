"""Keeping the filters of a list under a name: a dialog with HTMX, whole pages without."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.base import go
from backoffice.lists import WHOLE_LIST, known_parameters
from backoffice.screens import dialog
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of
from core.common.exceptions import DomainError
from core.savedviews import rules, services
from core.savedviews.models import SavedView
from core.savedviews.queries import views_of


def _admin_of(request: HttpRequest, list_name: str) -> Any:
    """The list that is meant, if this person may open it."""
    found = next((one for model, one in admin.site._registry.items() if model._meta.model_name == list_name), None)
    if found is None:
        raise Http404
    if not found.has_view_permission(request):
        raise PermissionDenied
    return found


def _dialog(request: HttpRequest, model_admin: Any, template: str, context: dict, *, refused: bool) -> HttpResponse:
    context |= {"back": model_admin.list_url(context.get("query") or WHOLE_LIST)}
    body = f"backoffice/views/{template}.html"
    return dialog(request, model_admin, body, context, title=context["title"], refused=refused)


@require_http_methods(["GET", "HEAD", "POST"])
def save_view_view(request: HttpRequest) -> HttpResponse:
    """Asks for a name, then keeps the filters that stand in the address of this page."""
    words = request.POST if request.method == "POST" else request.GET
    model_admin = _admin_of(request, words.get("daftar", ""))
    query, refusal = words.get("saringan", "")[:2000], None
    if request.method == "POST":
        try:
            view = services.save_view(
                list_name=model_admin.model._meta.model_name,
                title=words.get("judul", ""),
                query=query,
                known=known_parameters(model_admin, request),
                for_role=words.get("untuk") == "peran",
                by=request.user,
            )
            if words.get("bawaan"):
                services.choose_default_view(view=view, is_default=True, by=request.user)
        except DomainError as reason:
            refusal = reason
        else:
            messages.success(request, _("Tampilan “%(title)s” disimpan.") % {"title": view.title})
            return go(request, model_admin.list_url(view.query))
    context = {
        "title": _("Simpan tampilan ini"),
        "list_name": model_admin.model._meta.model_name,
        "query": rules.cleaned_query(query, known_parameters(model_admin, request)),
        "may_share": rules.may_share(request.user),
        "role": ROLE_LABELS.get(role_of(request.user) or "", ""),
        "refusal": refusal,
        "typed": words if request.method == "POST" else {},
    }
    return _dialog(request, model_admin, "save", context, refused=refusal is not None)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_view(request: HttpRequest, pk: int) -> HttpResponse:
    """One view: open the list with it, rename it, take it away."""
    view = SavedView.objects.filter(pk=pk).first()
    if view is None or not rules.sees_view(view, request.user):
        raise Http404
    model_admin = _admin_of(request, view.list)
    refusal = None
    if request.method == "POST":
        try:
            done, query = _ACTS[request.POST.get("tindakan", "")](view, request)
        except KeyError:
            raise Http404 from None
        except DomainError as reason:
            refusal = reason
        else:
            messages.success(request, done % {"title": view.title})
            return go(request, model_admin.list_url(query))
    context = {
        "title": _("Tampilan “%(title)s”") % {"title": view.title},
        "view": view,
        "query": view.query,
        "may_change": rules.may_change_view(view, request.user),
        "is_default": views_of(request.user, view.list).filter(pk=pk, is_default=True).exists(),
        "role": ROLE_LABELS.get(view.role, ""),
        "refusal": refusal,
        "action": reverse("admin:saved_view", args=[pk]),
    }
    return _dialog(request, model_admin, "settings", context, refused=refusal is not None)


def _rename(view: SavedView, request: HttpRequest) -> tuple[str, str]:
    view.title = services.rename_view(view=view, title=request.POST.get("judul", ""), by=request.user).title
    return _("Nama tampilan kini “%(title)s”."), view.query


def _delete(view: SavedView, request: HttpRequest) -> tuple[str, str]:
    services.delete_view(view=view, by=request.user)
    return _("Tampilan “%(title)s” dihapus."), WHOLE_LIST


def _open_with(view: SavedView, request: HttpRequest) -> tuple[str, str]:
    services.choose_default_view(view=view, is_default=True, by=request.user)
    return _("Daftar ini kini terbuka dengan tampilan “%(title)s”."), view.query


def _open_whole(view: SavedView, request: HttpRequest) -> tuple[str, str]:
    services.choose_default_view(view=view, is_default=False, by=request.user)
    return _("Daftar ini kini terbuka seluruhnya."), WHOLE_LIST


_ACTS = {"ganti-nama": _rename, "hapus": _delete, "bawaan": _open_with, "bukan-bawaan": _open_whole}
