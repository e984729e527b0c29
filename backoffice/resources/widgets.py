"""How a column's cell becomes a value and back. The reading itself is in core.imports.values."""

import difflib
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _
from import_export.widgets import Widget

from core.accounts.nik import parse_nik
from core.accounts.phone import normalise_phone
from core.common.exceptions import DomainError
from core.common.text import clean_address, clean_line
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
        found = clean_address(super().clean(value))
        name, at, host = found.partition("@")
        if found and (not name or not at or "." not in host or " " in found or "@" in host or not found.isascii()):
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
    """A row of another list, by its natural key; none for a blank cell. The resource fills `known` once."""

    def __init__(self, *, key: str, missing: Any):
        super().__init__()
        self.key, self.missing = key, missing
        self.known: Mapping[str, Any] = {}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = clean_line(values.text(value))
        if not found:
            return None
        if found not in self.known:
            raise BadValue(str(self.missing))
        return self.known[found]

    def shown(self, value: Any) -> str:
        return "" if value is None else str(getattr(value, self.key))


class NikWidget(TextWidget):
    """Sixteen digits, however they were grouped. The resource fills `provinces` once, before the first row."""

    provinces: Collection[str] | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        found = super().clean(value)
        if not found:
            return ""
        try:
            return parse_nik(found, provinces=self.provinces).number
        except DomainError as refusal:
            raise BadValue(_nik_fault(found, refusal.code), kind=_("NIK tidak sah")) from refusal


def _nik_fault(found: str, code: str) -> str:
    digits = sum(c.isdigit() for c in found)
    if code == "nik.length":
        return _(
            "NIK harus 16 angka, yang tertulis %(count)d. Bila Excel membuang angkanya, ubah format kolom menjadi "
            "Teks, lalu tulis ulang NIK-nya."
        ) % {"count": digits}
    return _(
        "NIK ini tidak sah: wilayah, tanggal lahir, atau nomor urutnya tidak mungkin. Cocokkan dengan arsip, atau "
        "kosongkan."
    )


class SchemeWidget(CellWidget):
    """A scheme by its code, number or title, whatever the capitals; an unknown one is told with the nearest.

    The resource fills `known` (folded words → scheme) and `titles` once, before the first row.
    """

    def __init__(self) -> None:
        super().__init__()
        self.known: Mapping[str, Any] = {}
        self.titles: list[str] = []
        self._nearest: dict[str, str] = {}

    def take(self, schemes: Collection[Any]) -> None:
        self.known = {
            self.folded(words): scheme
            for scheme in schemes
            for words in (scheme.title, scheme.number, scheme.code)
            if words
        }
        self.titles = [scheme.title for scheme in schemes]

    @staticmethod
    def folded(words: str) -> str:
        return " ".join(words.casefold().split())

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        found = clean_line(values.text(value))
        scheme = self.known.get(self.folded(found))
        if scheme is None and found:
            raise BadValue(self._unknown(found), kind=_("Skema “%(name)s” tidak dikenal.") % {"name": found})
        return scheme

    def _unknown(self, found: str) -> str:
        if found not in self._nearest:
            titles = {self.folded(title): title for title in self.titles}
            near = difflib.get_close_matches(self.folded(found), list(titles), n=1, cutoff=0.5)
            self._nearest[found] = titles[near[0]] if near else ""
        if near_title := self._nearest[found]:
            return _("Skema ini tidak dikenal. Mungkin maksudnya “%(title)s”.") % {"title": near_title}
        return _(
            "Skema ini tidak dikenal. Bila tidak ditawarkan lagi, tambahkan pada Skema sertifikasi tanpa menerbitkan "
            "versinya, lalu periksa lagi."
        )

    def shown(self, value: Any) -> str:
        return "" if value is None else value.title


class SchemesWidget(SchemeWidget):
    """Several schemes in one cell, with semicolons between them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        parts = [part for part in values.text(value).replace("\n", ";").split(";") if part.strip()]
        found = [super(SchemesWidget, self).clean(part) for part in parts]
        return sorted(dict.fromkeys(found), key=lambda scheme: scheme.title)

    def shown(self, value: Any) -> str:
        return "; ".join(scheme.title for scheme in value or [])


class LinesWidget(TextWidget):
    """Several lines in one cell, or with semicolons between them."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        parts = values.text(value).replace("\n", ";").split(";")
        return "\n".join(line for part in parts if (line := clean_line(part)))

    def shown(self, value: Any) -> str:
        return "; ".join((value or "").splitlines())
