"""How a column's cell becomes a value and back. The reading itself is in core.imports.values."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from core.accounts.phone import normalise_phone
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.imports import values
from core.imports.values import BadValue


class CellWidget(Widget):
    """`shown` is what a preview compares and prints, `cell` what an export writes."""

    def shown(self, value: Any) -> Any:
        return "" if value is None else value

    def cell(self, value: Any) -> Any:
        return self.shown(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return self.cell(value)


class TextWidget(CellWidget):
    """Text of one or many lines; digits stay digits."""

    def __init__(self, *, many_lines: bool = False):
        super().__init__()
        self.many_lines = many_lines

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        found = values.text(value)
        return found if self.many_lines else clean_line(found)

    def shown(self, value: Any) -> str:
        return "" if value is None else str(value)


class SlugWidget(TextWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        found = super().clean(value)
        if found and not all(c.isascii() and (c.isalnum() or c in "-_") for c in found):
            raise BadValue(_("Hanya huruf tanpa tanda, angka, dan tanda hubung. Contoh: distribusi-bantuan."))
        return found


class EmailWidget(TextWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        found = super().clean(value).lower()
        name, at, host = found.partition("@")
        if found and (not name or not at or "." not in host or " " in found or "@" in host):
            raise BadValue(_("Alamat e-mail tidak lengkap. Contoh: nama@contoh.id."))
        if len(found) > 254:
            raise BadValue(_("Alamat e-mail paling banyak 254 karakter."))
        return found


class PhoneWidget(TextWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        found = super().clean(value)
        if not found:
            return ""
        try:
            return normalise_phone(found, field="phone")
        except DomainError as refusal:
            raise BadValue(refusal.message) from refusal


class NumberWidget(CellWidget):
    def __init__(self, *, blank: int | None = 0):
        super().__init__()
        self.blank = blank

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        found = values.whole_number(value)
        return self.blank if found is None else found


class DayWidget(CellWidget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        return values.day(value)

    def notice(self, value: Any) -> str:
        return values.day_notice(value)


class YesNoWidget(CellWidget):
    def __init__(self, *, blank: bool):
        super().__init__()
        self.blank = blank

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        found = values.yes_no(value)
        return self.blank if found is None else found

    def shown(self, value: Any) -> str:
        return "ya" if value else "tidak"


class ChoiceWidget(CellWidget):
    """One of Django's choices, by its label or its key."""

    def __init__(self, enum: Any):
        super().__init__()
        self.enum = enum

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = values.choice(value, {str(label): key for key, label in self.enum.choices})
        return self.enum.choices[0][0] if found is None else found

    def shown(self, value: Any) -> str:
        return str(dict(self.enum.choices).get(value, value or ""))


class LookupWidget(CellWidget):
    """A row of another list, by its natural key. The resource fills `known` once, before the first row."""

    def __init__(self, *, key: str, missing: Any):
        super().__init__()
        self.key, self.missing = key, missing
        self.known: Mapping[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = clean_line(values.text(value))
        if found not in self.known:
            raise BadValue(str(self.missing))
        return self.known[found]

    def shown(self, value: Any) -> str:
        return "" if value is None else str(getattr(value, self.key))
