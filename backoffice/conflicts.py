"""Two people at one form: the second is told, sees both versions side by side, and loses nothing.

A form carries a fingerprint of what was stored when it was drawn. If the record (or one of its
lines) changed meanwhile, nothing is saved: the form comes back with all that was typed and, on top,
what is stored now beside it. Sent again from there it saves, unless somebody was quicker once more.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import is_naive, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.history import marked
from backoffice.screens import screen
from core.activity.models import DeletedRecord
from core.activity.queries import last_saved
from core.activity.records import Record, Row, lines_of, stored_record
from core.activity.versioning import line_keys
from core.activity.versions import REASON_LENGTH

FINGERPRINT = "_drawn"
REASON = "_reason"
LONG_TEXT = 60


def fingerprint(record: Record) -> str:
    """Keyed, since a record may hold a NIK, which could be guessed from a plain hash."""
    told = json.dumps(sorted([*key, values] for key, values in record.written().items()), sort_keys=True)
    return salted_hmac("backoffice.conflicts", told, algorithm="sha256").hexdigest()


@dataclass
class Difference:
    """What is stored now beside what was typed, in words."""

    label: str
    stored: str
    typed: str

    def sides(self) -> tuple[str, str]:
        """For the screen: in long texts, the words that differ are marked."""
        if min(len(self.stored), len(self.typed)) < LONG_TEXT:
            return self.stored, self.typed
        return marked(self.stored, self.typed)


@dataclass
class Conflict:
    """That a record changed while its form was open."""

    who: str
    when: datetime | None
    fields: list[Difference] = field(default_factory=list)
    lines: list[tuple[str, list[Difference]]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class ConflictFormMixin:
    """Not valid as long as the person has not seen what changed meanwhile; says so when a reason is too long."""

    has_conflict = False
    reason = ""

    def is_valid(self) -> bool:
        return super().is_valid() and not self.has_conflict

    def clean(self) -> Any:
        cleaned = super().clean()
        if len(self.reason) > REASON_LENGTH:
            self.add_error(None, _("Alasan perubahan paling banyak %(n)d karakter.") % {"n": REASON_LENGTH})
        return cleaned


DELETED = gettext_lazy(
    "Data ini dihapus sementara Anda menyunting, sehingga isian Anda belum tersimpan. Isian Anda ada di bawah ini; "
    "pulihkan datanya dari Data terhapus, lalu salin isian Anda ke formulirnya."
)
FIXED = gettext_lazy(
    "Rekan menerbitkan atau menutup data ini sementara Anda menyunting, sehingga isian Anda belum tersimpan. "
    "Isian Anda ada di bawah ini; salin ke versi yang baru."
)


class ConflictMixin:
    """For every form of the back office that edits a stored row."""

    change_form_template = "backoffice/record_form.html"

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if object_id is None or not self.has_change_permission(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            pk = unquote(object_id)
            if request.method == "POST":
                _lock(self.model, pk)
            # Read before the form reads it: what changes in between is a conflict, never overwritten.
            record = _stored(self.model, pk)
            request.drawn_record = record
            drawn = request.POST.get(FINGERPRINT)
            if request.method == "POST" and record is None:
                return self._unsaved(request, _("Data ini sudah dihapus"), DELETED)
            if drawn and not self.has_change_permission(request, self.get_object(request, pk)):
                return self._unsaved(request, _("Data ini tidak dapat diubah lagi"), FIXED)
            if drawn and not constant_time_compare(drawn, fingerprint(record)):
                request.has_conflict = True
                request.POST = with_vanished_lines_as_new(request.POST, record)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        told = {"has_conflict": getattr(request, "has_conflict", False), "reason": request.POST.get(REASON, "").strip()}
        return type(form_class.__name__, (ConflictFormMixin, form_class), told)

    def render_change_form(
        self, request: HttpRequest, context: dict, add: bool = False, change: bool = False, **kwargs: Any
    ) -> HttpResponse:
        record = getattr(request, "drawn_record", None)
        if change and record is not None:
            context["drawn"] = fingerprint(record)
            if getattr(request, "has_conflict", False):
                context["conflict"] = _conflict(record, context, request.POST)
        context["reason"] = request.POST.get(REASON, "")
        return super().render_change_form(request, context, add=add, change=change, **kwargs)

    def _unsaved(self, request: HttpRequest, title: str, sentence: Any) -> HttpResponse:
        """The row was deleted or closed meanwhile: what was typed is shown, to be copied from there."""
        form = self.get_form(request)(request.POST)
        typed = [
            (capfirst(bound.label), words(bound.field, bound.data))
            for bound in form
            if bound.data not in (None, "", []) and not bound.is_hidden
        ]
        typed += [(one.label, one.typed) for one in _typed_lines(request.POST, self.model)]
        deleted = DeletedRecord.objects.filter(
            model=self.opts.model_name, object_id=unquote(request.resolver_match.kwargs["object_id"])
        ).first()
        context = {"sentence": sentence, "typed": typed, "deleted": deleted, "list_url": self.list_url()}
        return screen(request, self, "backoffice/versions/vanished.html", context, title=title, status=409)


def _lock(model: type[Model], pk: Any) -> None:
    try:
        model._base_manager.select_for_update().filter(pk=pk).first()
    except (ValueError, ValidationError):
        return


def _stored(model: type[Model], pk: Any) -> Record | None:
    try:
        return stored_record(model, pk)
    except (ValueError, ValidationError):
        return None


def _conflict(record: Record, context: dict, posted: QueryDict) -> Conflict:
    saved = last_saved(record.root.model, record.root.pk)
    conflict = Conflict(saved.who if saved else _("Seseorang"), saved.at if saved else None)
    conflict.fields = list(_differences(context["adminform"].form))
    drawn = set()
    for form, is_writable in _line_forms(context["inline_admin_formsets"]):
        if form.instance.pk is not None:
            drawn.add((form.instance._meta.model_name, str(form.instance.pk)))
        is_typed = is_writable and (form.instance.pk is not None or form.has_changed())
        differences = list(_differences(form)) if is_typed else []
        if differences:
            name = str(form.instance) if form.instance.pk else _("Baris Anda yang belum tersimpan")
            conflict.lines.append((f"{capfirst(form.instance._meta.verbose_name)}: {name}", differences))
    lost = list(_no_longer_writable(record, context, posted))
    if lost:
        conflict.lines.append((_("Tidak dapat disimpan lagi"), lost))
    added = [row for row in record.lines if row.key not in drawn]
    if added and context["inline_admin_formsets"]:
        names = ", ".join(f"“{row.label}”" for row in added[:5])
        conflict.notes.append(
            _("Sudah ditambahkan rekan Anda dan tetap tersimpan: %(names)s%(more)s.")
            % {"names": names, "more": " …" if len(added) > 5 else ""}
        )
    return conflict


def _line_forms(formsets: list) -> Iterator[tuple[Any, bool]]:
    """Each line's form, and whether it is drawn to be written in."""
    for inline in formsets:
        for form in inline.formset.forms:
            yield form, inline.has_change_permission
            yield from _line_forms(getattr(form, "nested_formsets", []))


def _differences(form: Any) -> Iterator[Difference]:
    """Only the fields in which the typed and the stored value differ."""
    if not form.is_bound:
        return
    for name in form.changed_data:
        bound = form[name]
        if bound.is_hidden or name == "position" or bound.field.disabled:
            continue
        if name == "DELETE":
            yield Difference(_("Baris ini"), _("ada"), _("ditandai untuk dihapus"))
            continue
        yield Difference(capfirst(bound.label), words(bound.field, bound.initial), words(bound.field, bound.data))


def _no_longer_writable(record: Record, context: dict, posted: QueryDict) -> Iterator[Difference]:
    """What was typed in fields that the form no longer has, such as the lines of a version published meanwhile."""
    lines = _line_forms(context["inline_admin_formsets"])
    forms_drawn = [context["adminform"].form, *(form for form, is_writable in lines if is_writable)]
    names = {bound.html_name for form in forms_drawn for bound in form}
    yield from _differ(record.root, posted, "", names)
    rows = record.by_key()
    for line_model, key in lines_of(record.root.model):
        prefix = key.remote_field.get_accessor_name()
        for place in range(_number(posted.get(f"{prefix}-TOTAL_FORMS"))):
            head = f"{prefix}-{place}-"
            row = rows.get((line_model._meta.model_name, posted.get(f"{head}{line_model._meta.pk.name}")))
            yield from _differ(row or Row(line_model, "", {}, ""), posted, head, names)


def _typed_lines(posted: QueryDict, model: type[Model], base: str = "") -> Iterator[Difference]:
    """All that was typed in the lines of a form whose record is gone."""
    for line_model, key in lines_of(model):
        prefix = f"{base}{key.remote_field.get_accessor_name()}"
        for place in range(_number(posted.get(f"{prefix}-TOTAL_FORMS"))):
            name = f"{capfirst(line_model._meta.verbose_name)} {place + 1}"
            yield from _differ(Row(line_model, "", {}, name), posted, f"{prefix}-{place}-", set())
            yield from _typed_lines(posted, line_model, f"{prefix}-{place}-")


def _differ(row: Row, posted: QueryDict, head: str, drawn: set[str]) -> Iterator[Difference]:
    for model_field in [*row.model._meta.concrete_fields, *row.model._meta.local_many_to_many]:
        name = f"{head}{model_field.name}"
        if name not in posted or name in drawn or model_field.primary_key or model_field.name == "position":
            continue
        form_field = model_field.formfield()
        if form_field is None or model_field.name in line_keys(row.model):
            continue
        values = posted.getlist(name)
        stored = words(form_field, row.values.get(model_field.name))
        typed = words(form_field, values if model_field.many_to_many else values[-1])
        if stored != typed:
            yield Difference(f"{row.label}: {model_field.verbose_name}".removeprefix(": "), stored, typed)


def _rows(form_field: forms.ModelChoiceField, chosen: Iterable[Any]) -> Iterable[Model]:
    """Rows that were chosen, by themselves or by their keys; what is no key chooses none."""
    keys = [getattr(one, "pk", one) for one in chosen]
    try:
        return list(form_field.queryset.filter(pk__in=keys))
    except (TypeError, ValueError, OverflowError, ValidationError):
        return []


def words(form_field: forms.Field, value: Any) -> str:
    """A value of a form as people read it, whether typed or stored."""
    if isinstance(form_field, forms.BooleanField):
        return _("Ya") if form_field.to_python(value) else _("Tidak")
    if value in (None, "", []):
        return "–"
    if isinstance(form_field, forms.ModelMultipleChoiceField):
        return ", ".join(map(str, _rows(form_field, value)))
    if isinstance(form_field, forms.ModelChoiceField):
        return str(next(iter(_rows(form_field, [value])), value))
    if isinstance(form_field, forms.ChoiceField):
        return str(dict(form_field.choices).get(value, value))
    if isinstance(value, datetime):
        return date_format(value if is_naive(value) else localtime(value), "j F Y H.i")  # naive: by another clock
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, list):  # a day and an hour, typed in two fields
        return " ".join(map(str, value))
    return str(value)


# --- lines that are gone ----------------------------------------------------------------------------


def with_vanished_lines_as_new(posted: QueryDict, record: Record | None) -> QueryDict:
    """Lines that a colleague deleted meanwhile become new lines, so that what was typed in them is kept."""
    data = posted.copy()
    if record is not None:
        there = {row.key for row in record.rows()}
        _settle(data, record.root.model, base="", there=there, is_orphan=False)
    return data


def _settle(data: QueryDict, model: type[Model], *, base: str, there: set, is_orphan: bool) -> None:
    for line_model, key in lines_of(model):
        prefix = f"{base}{key.remote_field.get_accessor_name()}"
        total, initial = (_number(data.get(f"{prefix}-{name}_FORMS")) for name in ("TOTAL", "INITIAL"))
        pk_name, name = line_model._meta.pk.name, line_model._meta.model_name
        alive = [i for i in range(initial) if (name, data.get(f"{prefix}-{i}-{pk_name}")) in there]
        gone = [i for i in range(initial) if i not in alive]
        order = [*alive, *gone, *range(initial, total)]
        if gone:
            _reorder(data, prefix, order)
            data[f"{prefix}-INITIAL_FORMS"] = str(len(alive))
        for place in range(total):
            is_gone = len(alive) <= place < initial
            if is_gone:
                data[f"{prefix}-{place}-{pk_name}"] = ""
            if is_gone or is_orphan:
                data[f"{prefix}-{place}-{key.name}"] = ""
            _settle(data, line_model, base=f"{prefix}-{place}-", there=there, is_orphan=is_gone)


def _reorder(data: QueryDict, prefix: str, order: list[int]) -> None:
    moved = {}
    for place, old in enumerate(order):
        head = f"{prefix}-{old}-"
        for name in [name for name in data if name.startswith(head)]:
            moved[f"{prefix}-{place}-{name[len(head) :]}"] = data.pop(name)
    for name, values in moved.items():
        data.setlist(name, values)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else 0
