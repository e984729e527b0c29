"""Writing the elements and criteria of a unit as text: in its place in the scheme editor, or on a page of its own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.scheme_forms import UnitTextForm
from backoffice.screens import screen, show_refusal
from backoffice.views.scheme_editor import answer
from core.activity.versions import kept
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.common.ways_back import asked_way
from core.schemes import services
from core.schemes.models import CompetencyUnit, SchemeVersion
from core.schemes.rules import is_in_force
from core.schemes.services.units import unit_state
from core.schemes.unit_text import changed_lines, parse_unit_text, text_of


@require_http_methods(["GET", "HEAD", "POST"])
def text_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """GET shows the text; POST saves it, or with `check` tells what saving would change."""
    unit = CompetencyUnit.objects.filter(pk=pk).prefetch_related("elements__criteria", "standard").first()
    if unit is None:
        raise Http404
    if not request.user.has_perm("core.change_competencyunit"):
        raise PermissionDenied
    initial = {"text": text_of(unit), "seen": unit_state(unit)}
    if request.method != "POST":
        return _form(request, admin, unit, UnitTextForm(initial=initial))
    form = UnitTextForm(request.POST, initial=initial)
    form.full_clean()
    words = form.cleaned_data
    if "check" in request.POST:
        return _form(request, admin, unit, form, checked=True)
    try:
        with kept(unit, by=request.user, reason=_("Elemen dan KUK")):
            services.save_unit_text(
                unit=unit, text=words["text"], seen=words["seen"], is_compared=words["is_compared"], by=request.user
            )
    except DomainError as refusal:
        if isinstance(refusal, StaleVersion):
            form.show_conflict(UnitTextForm(initial=initial))
        show_refusal(form, refusal)
        return _form(request, admin, unit, form, checked=True)
    return _saved(request, admin, unit)


def _version(request: HttpRequest) -> SchemeVersion | None:
    """The version whose editor the text was opened in."""
    asked = request.POST.get("version") or request.GET.get("version") or ""
    return SchemeVersion.objects.filter(pk=int(asked)).first() if is_number(asked) else None


def _back(request: HttpRequest, unit: CompetencyUnit) -> str:
    return asked_way(request, "back") or reverse("admin:core_competencyunit_change", args=[unit.pk])


def _saved(request: HttpRequest, admin: Any, unit: CompetencyUnit) -> HttpResponse:
    said = _("Teks unit %(code)s tersimpan.") % {"code": unit.code}
    version = _version(request)
    if request.htmx and version is not None:
        return answer(request, admin, version, said, parts=("units", "side"))
    messages.success(request, said)
    return redirect(_back(request, unit))


def _form(
    request: HttpRequest, admin: Any, unit: CompetencyUnit, form: UnitTextForm, *, checked: bool = False
) -> HttpResponse:
    faults, changes, elements = [], [], []
    text = form["text"].value() or ""
    if checked:
        elements, faults = parse_unit_text(text)
        changes = changed_lines(unit, elements) if not faults else []
    form.fields["text"].widget.attrs["rows"] = min(28, max(8, text.count("\n") + 3))
    context = {
        "unit": unit,
        "form": form,
        "version": _version(request),
        "back": _back(request, unit),
        "is_in_force": is_in_force(unit),
        "is_checked": checked,
        "faults": faults,
        "changes": changes,
        "elements": len(elements),
        "criteria": sum(len(element.criteria) for element in elements),
    }
    if request.htmx:
        return TemplateResponse(request, "backoffice/scheme/unit_text.html", context)
    title, status = _("Teks unit %(code)s") % {"code": unit.code}, 422 if checked and form.errors else 200
    return screen(
        request, admin, "backoffice/scheme/unit_text_page.html", context, title=title, row=unit, status=status
    )
