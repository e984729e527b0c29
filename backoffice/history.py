"""Versions of a record in words: which fields changed, and old beside new with the changed words marked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django.db.models import DateField, DateTimeField, Field, Model
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.activity.comparison import ADDED, CHANGED, REMOVED, RowChange
from core.activity.records import Record, Row
from core.activity.versioning import line_keys

#: Beyond this many words, two texts are shown whole: comparing them word by word would take too long.
MANY_WORDS = 3000

KIND_WORDS = {ADDED: gettext_lazy("ditambahkan"), REMOVED: gettext_lazy("dihapus"), CHANGED: gettext_lazy("diubah")}
KIND_TONES = {ADDED: "success", REMOVED: "danger", CHANGED: "info"}


@dataclass
class FieldView:
    label: str
    before: SafeString
    after: SafeString


@dataclass
class RowView:
    """One line that was added, removed, changed or moved."""

    label: str
    under: str  # the line it hangs on, such as the element of a criterion
    kind: str
    tone: str
    moved: str
    is_whole: bool  # added or removed: there is nothing to compare with
    fields: list[FieldView] = field(default_factory=list)


@dataclass
class GroupView:
    """The record itself, or one kind of its lines."""

    title: str
    rows: list[RowView] = field(default_factory=list)
    is_record: bool = False


def shown(changes: list[RowChange], *states: Record) -> list[GroupView]:
    """Changes as the screens draw them; one query per kind of record that they name."""
    names = _Names(changes)
    labels = {row.key: row.label for state in states for row in state.rows()}
    groups: dict[type[Model], GroupView] = {}
    for change in changes:
        model = change.row.model
        is_record = not line_keys(model)
        title = model._meta.verbose_name if is_record else model._meta.verbose_name_plural
        group = groups.setdefault(model, GroupView(capfirst(str(title)), is_record=is_record))
        group.rows.append(
            RowView(
                label=Truncator(change.row.label).chars(90) if change.kind == CHANGED else change.row.label,
                under=_under(change.row, labels),
                kind=_kind(change),
                tone=KIND_TONES[change.kind],
                moved=_("urutan %(old)d → %(new)d") % {"old": change.moved[0], "new": change.moved[1]}
                if change.moved
                else "",
                is_whole=change.kind != CHANGED,
                fields=[view for one in change.fields if (view := _field_view(change, one, names))],
            )
        )
    return list(groups.values())


def _kind(change: RowChange) -> str:
    if change.kind == CHANGED and change.moved and not change.fields:
        return _("dipindahkan")
    return str(KIND_WORDS[change.kind])


def _under(row: Row, labels: dict) -> str:
    """What a line of a line hangs on; a line right below the record needs no such word."""
    for name in line_keys(row.model):
        above = row.model._meta.get_field(name).related_model
        if line_keys(above):
            return labels.get((above._meta.model_name, str(row.values.get(name))), "")
    return ""


def _field_view(change: RowChange, one: Any, names: "_Names") -> FieldView | None:
    model_field = change.row.model._meta.get_field(one.name)
    label = capfirst(str(model_field.verbose_name))
    before, after = (names.words(model_field, value) for value in (one.before, one.after))
    if change.kind == CHANGED:
        return FieldView(label, *marked(before, after))
    value = after if change.kind == ADDED else before
    if value == "–" or (line_keys(change.row.model) and value in change.row.label):
        return None  # empty, or said by the line's own name
    return FieldView(label, escape(value), escape(value))


class _Names:
    """What foreign keys point at, read once for all changes."""

    def __init__(self, changes: Iterable[RowChange]):
        wanted: dict[type[Model], set[Any]] = {}
        for change in changes:
            for one in change.fields:
                model_field = change.row.model._meta.get_field(one.name)
                if model_field.is_relation:
                    for value in (one.before, one.after):
                        keys = value if isinstance(value, list) else [value]
                        wanted.setdefault(model_field.related_model, set()).update(
                            key for key in keys if key is not None
                        )
        self.rows = {model: model._base_manager.in_bulk(keys) for model, keys in wanted.items()}

    def words(self, model_field: Field, value: Any) -> str:
        """A stored value as people read it."""
        if value is None or value == "" or value == []:
            return "–"
        if model_field.is_relation:
            keys = value if isinstance(value, list) else [value]
            return ", ".join(self._name(model_field, key) for key in keys)
        if isinstance(value, bool):
            return _("Ya") if value else _("Tidak")
        if model_field.choices:
            return str(dict(model_field.flatchoices).get(value, value))
        value = model_field.to_python(value) if isinstance(model_field, DateField) else value
        if isinstance(model_field, DateTimeField) and isinstance(value, datetime):
            return date_format(localtime(value), "j F Y H.i")
        if isinstance(value, date):
            return date_format(value, "j F Y")
        if isinstance(value, list):
            return ", ".join(map(str, value))
        return str(value)

    def _name(self, model_field: Field, key: Any) -> str:
        rows = self.rows.get(model_field.related_model, {})
        row = rows.get(model_field.related_model._meta.pk.to_python(key))
        return str(row) if row is not None else _("(sudah dihapus, nomor %(key)s)") % {"key": key}


def marked(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Old and new text, the words that differ in <del> and <ins>."""
    old, new = _tokens(before), _tokens(after)
    if before == "–" or after == "–" or len(old) + len(new) > MANY_WORDS:
        return _tag("del", before), _tag("ins", after)
    left, right = [], []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        left.append(escape(gone) if what == "equal" else _tag("del", gone))
        right.append(escape(come) if what == "equal" else _tag("ins", come))
    return mark_safe("".join(left)), mark_safe("".join(right))  # noqa: S308 - every part is escaped


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _tag(name: str, text: str) -> SafeString:
    if not text or text == "–":
        return escape(text)
    return mark_safe(f"<{name}>{escape(text)}</{name}>")  # noqa: S308 - escaped


def summary(changes: list[RowChange]) -> str:
    """What changed, by names of fields and counts of lines: "judul skema, ringkasan; persyaratan: 2 diubah"."""
    own = [
        str(change.row.model._meta.get_field(one.name).verbose_name)
        for change in changes
        if not line_keys(change.row.model)
        for one in change.fields
    ]
    counts: dict[str, dict[str, int]] = {}
    for change in changes:
        if line_keys(change.row.model):
            of_kind = counts.setdefault(str(change.row.model._meta.verbose_name), {})
            of_kind[_kind(change)] = of_kind.get(_kind(change), 0) + 1
    parts = [", ".join(own)] if own else []
    parts += [f"{name}: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()) for name, kinds in counts.items()]
    return "; ".join(parts)
