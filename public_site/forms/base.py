"""What all forms of the portal share."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from core.common.exceptions import DomainError
from core.common.text import clean_line


class LineField(forms.CharField):
    """One line of text, cleaned of invisible characters before its length is checked."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value))


def as_form_error(rule: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Ask a rule of core while cleaning a field; its refusal becomes the field's error."""
    try:
        return rule(*args, **kwargs)
    except DomainError as error:
        raise ValidationError(error.message, code=error.code) from error


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST is still a POST."""
    return request.POST if request.method == "POST" else None


def add_domain_error(form: forms.Form, error: DomainError) -> None:
    """Put a refusal of a service beside its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, error.message)
