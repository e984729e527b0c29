"""A screen of our own inside the back office: the sidebar and the head around it, and what stands in them.

Django's lists and forms draw their frame themselves; every other view answers through here.
"""

from typing import Any

from django.contrib import admin as site_of
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest
from django.template.response import TemplateResponse

from core.common.exceptions import DomainError


def screen(
    request: HttpRequest,
    admin: Any,
    template: str,
    context: dict[str, Any],
    *,
    title: Any,
    row: Model | None = None,
    status: int = 200,
) -> TemplateResponse:
    """A whole page. `admin`: to whose list it belongs, or None; `row`: whose page it is a part of."""
    site = site_of.site if admin is None else admin.admin_site
    frame = {**site.each_context(request), "title": title}
    if admin is not None:
        frame |= {"opts": admin.opts, "original": row}
    request.current_app = site.name
    return TemplateResponse(request, template, frame | context, status=status)


def dialog(
    request: HttpRequest,
    admin: Any,
    body: str,
    context: dict[str, Any],
    *,
    title: Any,
    row: Model | None = None,
    refused: bool = False,
) -> TemplateResponse:
    """A question: its form alone in a dialog (HTMX shows only answers that went well), or on a page of its own."""
    if request.htmx:
        return TemplateResponse(request, body, context)
    context = context | {"body_template": body}
    return screen(
        request, admin, "backoffice/case/act_page.html", context, title=title, row=row, status=422 if refused else 200
    )


def show_refusal(form: BaseForm, refusal: DomainError) -> None:
    """What a rule said, beside the field that it speaks of, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
