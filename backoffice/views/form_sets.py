"""Which forms a scheme's cases need: a card on the scheme's page, and the general set on a screen of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.screens import screen
from core.assessments.enums import FormNeed
from core.assessments.form_sets import form_set, need_of
from core.assessments.models import FormDefinition, FormRequirement
from core.assessments.services.definitions import set_form_need
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.schemes.models import Scheme


def set_context(request: HttpRequest, scheme: Scheme | None) -> dict[str, Any]:
    """The lines of a set and what one may press; {} for those who may not see it."""
    if not request.user.has_perm("core.view_formrequirement"):
        return {}
    return {
        "form_set": form_set(scheme),
        "form_set_url": reverse("admin:core_scheme_forms", args=[scheme.pk])
        if scheme
        else reverse("admin:core_formdefinition_set"),
        "form_set_scheme": scheme,
        "form_needs": FormNeed.choices,
        "may_set_forms": request.user.has_perm("core.change_formrequirement"),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def general_set_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """The set of all schemes."""
    if not request.user.has_perm("core.view_formrequirement"):
        raise PermissionDenied
    if request.method == "POST":
        return _set_need(request, None, reverse("admin:core_formdefinition_set"))
    own = FormRequirement.objects.exclude(scheme=None).select_related("scheme", "definition")
    context = {
        **set_context(request, None),
        "exceptions": [
            {"row": row, "need": need_of(row)} for row in own.order_by("scheme__position", "definition__position")
        ],
    }
    return screen(request, admin, "backoffice/form/set_page.html", context, title=_("Kelengkapan formulir"))


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_set_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """What one scheme says for itself: the lines of the card on its page, or a page without JavaScript."""
    if not admin.has_view_permission(request) or not request.user.has_perm("core.view_formrequirement"):
        raise PermissionDenied
    scheme = get_object_or_404(Scheme, pk=pk)
    if request.method == "POST":
        return _set_need(request, scheme, reverse("admin:core_scheme_forms", args=[pk]))
    context = set_context(request, scheme)
    if request.htmx:
        return TemplateResponse(request, "backoffice/form/set.html", context)
    return screen(request, admin, "backoffice/form/set_page.html", context, title=scheme.title)


def _set_need(request: HttpRequest, scheme: Scheme | None, back: str) -> HttpResponse:
    if not request.user.has_perm("core.change_formrequirement"):
        raise PermissionDenied
    chosen, need = request.POST.get("formulir", ""), request.POST.get("perlu", "")
    form = FormDefinition.objects.filter(pk=int(chosen) if is_number(chosen) else None).first()
    if form is None:
        raise Http404
    refusal = ""
    try:
        set_form_need(definition=form, scheme=scheme, need=need, by=request.user)
    except DomainError as told:
        refusal = told.message
    said = refusal or _("%(form)s: %(need)s.") % {
        "form": form.title,
        "need": FormNeed(need).label.lower() if need else _("mengikuti kelengkapan umum"),
    }
    if not request.htmx:
        (messages.error if refusal else messages.success)(request, said)
        return redirect(back)
    context = set_context(request, scheme) | {"said": said, "is_refusal": bool(refusal), "now": timezone.localtime()}
    return TemplateResponse(request, "backoffice/form/set_answer.html", context)
