"""A list as a spreadsheet, both ways. One resource per list; django-import-export carries the rows.

A resource only says which columns there are and how a row is found; checking, comparing and
writing are here. Column titles are a data format, not words of the screen: they are not translated.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import RowResult
from tablib import Dataset

from backoffice.resources.widgets import TextWidget
from core.accounts.models import User
from core.common.exceptions import DomainError
from core.common.fields import EncryptedTextField
from core.common.text import folded_key
from core.imports.progress import Progress
from core.imports.reading import Book, Sheet, read_book
from core.imports.report import CHANGED, NEW, SKIPPED, Difference, Fault, Report
from core.imports.tables import ColumnSpec, Matching, Table, best_sheet, heading_key, read_table
from core.imports.values import BadValue, is_blank, plain

logger = logging.getLogger(__name__)

ROW = "#"  # the column of the data set that carries the row's number in the file
CHUNK = 500


class Column(Field):
    """A column with what the template says about it.

    `is_personal` columns are left out for those who may not see candidates; `needs` names a
    permission without which the column is left out as well. `readonly` columns are only exported. `group`:
    under which heading an export offers it; not `is_usual`: only to those who tick it. `also`: what other
    offices call the column. `mask`: how its values are shown in a report, where they are nobody's business.
    """

    def __init__(
        self,
        attribute: str,
        title: str,
        widget: Any = None,
        *,
        required: bool = False,
        help: str = "",
        example: str = "",
        choices: Callable[[], Sequence[str]] | None = None,
        is_personal: bool = False,
        needs: str = "",
        readonly: bool = False,
        width: int = 24,
        group: Any = "",
        is_usual: bool = True,
        also: tuple[str, ...] = (),
        mask: Callable[[str], str] | None = None,
    ):
        super().__init__(attribute, title, widget or TextWidget(), readonly=readonly)
        self.spec = ColumnSpec(title, required, help, example, choices, width, also)
        self.is_personal, self.needs, self.mask = is_personal, needs, mask
        self.group, self.is_usual = group, is_usual

    def reader(self) -> Callable[[Model], Any]:
        """What an export writes of a row; the path to it is taken apart once for all rows."""
        parts, cell = self.attribute.split("__"), self.widget.cell

        def read(row: Model) -> Any:
            value: Any = row
            try:
                for part in parts:
                    value = getattr(value, part)
                    if value is None:
                        break
            except ObjectDoesNotExist:
                value = None
            return cell(value() if callable(value) else value)

        return read

    def told(self, value: str) -> str:
        return self.mask(value) if self.mask else value


class KeyLoader(BaseInstanceLoader):
    """All rows that the file speaks of, read at once instead of one by one."""

    def __init__(self, resource: "SheetResource", dataset: Dataset | None = None):
        super().__init__(resource, dataset)
        keys = {key for row in resource.rows if (key := resource.key_of(row.values)) is not None}
        self.known = resource.load(keys)
        resource.raise_other_spellings(keys, self.known)

    def get_instance(self, row: dict[str, Any]) -> Model | None:
        return self.known.get(self.resource.key_of(row))


class SheetResource(resources.ModelResource):
    """Base of all resources.

    `kind` names it in the log and in the history of imports, `title` on the screen. `key` are the
    fields by which a row is found again. `refused` are columns that must not even be handed in.
    `row_by_row`: each row stands for itself, so that the good rows of a file may be written without the faulty ones.
    `brief`: the columns that a report tells of a new row, where all of them would be too many.
    """

    kind = ""
    title: Any = ""
    about: Any = ""
    key: tuple[str, ...] = ()
    is_importable = True
    row_by_row = False
    brief: tuple[str, ...] = ()
    refused: dict[str, Any] = {}

    class Meta:
        skip_diff = True
        use_transactions = False
        clean_model_instances = True
        instance_loader_class = KeyLoader

    def __init__(
        self,
        *,
        by: User,
        writes: bool = False,
        names: Sequence[str] = (),
        matching: Matching | None = None,
        leaves_out_faults: bool = False,
        progress: Progress | None = None,
        **kwargs: Any,
    ):
        """`names`: the columns that an export will ask for; a resource need not read what they do not show."""
        super().__init__(**kwargs)
        self.by, self.writes, self.names = by, writes, names
        self.matching, self.progress = matching, progress
        self.leaves_out_faults = leaves_out_faults and self.row_by_row
        self.rows: list[Any] = []
        self.bad_rows: set[int] = set()
        self.report = Report()

    # --- columns ------------------------------------------------------------------------------------

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """In the order of Meta.fields: the library sorts them its own way."""
        return {name: cls.fields[name] for name in cls._meta.fields or ()}

    @classmethod
    def import_columns(cls) -> list[ColumnSpec]:
        return [column.spec for column in cls.columns().values() if not column.readonly]

    @classmethod
    def export_columns(cls, user: User) -> dict[str, Column]:
        """Without personal identifiers for those who may not open a candidate's profile, BNSP above all."""
        sees_people = user.has_perm("core.view_candidateprofile")
        return {
            name: column
            for name, column in cls.columns().items()
            if (sees_people or not column.is_personal) and (not column.needs or user.has_perm(column.needs))
        }

    @classmethod
    def may_import(cls, user: User) -> bool:
        opts = cls._meta.model._meta
        return cls.is_importable and user.has_perms([f"core.{act}_{opts.model_name}" for act in ("add", "change")])

    @classmethod
    def may_read_file(cls, user: User) -> bool:
        """A file as it was handed in holds every column, also those that an export leaves out for this person."""
        return set(cls.export_columns(user)) == set(cls.columns())

    # --- checking and writing -----------------------------------------------------------------------

    def run(self, content: bytes) -> Report:
        """Go through a file: all faults, or all differences; rows are saved only by a resource that `writes`."""
        book, sheet = self.open(content)
        table = read_table(book, sheet, self.import_columns(), self.matching)
        self.report = Report(
            book.format, table.columns, len(table.rows), table.faults, notices=[*book.notices, *table.notices]
        )
        others = [other.name for other in book.sheets if other is not sheet]
        if others:
            self.report.notices.append(
                _("Yang dibaca lembar “%(name)s”; lembar lain tidak: %(others)s.")
                % {"name": sheet.name, "others": ", ".join(others[:8])}
            )
        if table.is_readable:
            self._go_through(table)
        may_leave_out = self.row_by_row and table.is_readable and table.is_sound
        if self.report.faults and not may_leave_out:
            self.report.differences.clear()  # nothing is shown of a file that cannot be applied
        self.report.sort()
        return self.report

    def open(self, content: bytes) -> tuple[Book, Sheet]:
        """The file and its sheet with data; refused when it brings columns that we must not receive."""
        book = read_book(content)
        sheet = best_sheet(book, self.import_columns(), "Data")
        self._refuse_columns(sheet)
        return book, sheet

    def preview(self, content: bytes, *, limit: int = 5) -> list[dict[str, Any]]:
        """The first rows as they would be read: of each a number and its cells, with the reason where one cannot be."""
        book, sheet = self.open(content)
        table = read_table(book, sheet, self.import_columns(), self.matching)
        self.sheet, self.rows = table.sheet, table.rows[:limit]
        self.prepare()
        columns = [column for column in self.columns().values() if column.column_name in table.columns]
        return [
            {
                "number": row.number,
                "cells": [self._previewed(self.fields_by_title[c.column_name], row) for c in columns],
            }
            for row in self.rows
        ]

    @property
    def fields_by_title(self) -> dict[str, Column]:
        return {column.column_name: column for column in self.fields.values()}

    def _previewed(self, column: Column, row: Any) -> dict[str, str]:
        value = row.values.get(column.column_name)
        if is_blank(value):
            return {"text": "", "fault": _("Wajib diisi.") if column.spec.is_required else ""}
        try:
            return {"text": column.told(plain(column.widget.shown(column.clean(row.values)))), "fault": ""}
        except BadValue as error:
            return {"text": column.told(plain(value)[:80]), "fault": str(error)}

    def _refuse_columns(self, sheet: Any) -> None:
        """Data that we must not receive is turned away before it is kept."""
        for row in sheet.rows[:10]:
            for cell in row.cells:
                why = self.refused.get(heading_key(cell))
                if why:
                    raise DomainError(str(why), code="import.refused_column", field="file")

    def _go_through(self, table: Table) -> None:
        self.sheet, self.rows = table.sheet, table.rows
        self.bad_rows = {fault.row for fault in table.faults}
        self.prepare()
        self._raise_doubles()  # a key may name rows that were looked up just now
        if self.progress is not None:
            self.progress.begin(len(table.rows), _("Baris ditulis") if self.writes else _("Baris diperiksa"))
        data = Dataset(headers=[*table.columns, ROW])
        for row in table.rows:
            data.append([*(row.values[title] for title in table.columns), row.number])
        self.import_data(data, dry_run=False)
        if self.writes and (self.leaves_out_faults or not self.report.faults):
            self.finish()

    def _raise_doubles(self) -> None:
        """Where each row stands for itself, neither of two is written: which one is right is not for us to say."""
        seen: dict[Any, int] = {}
        told: set[int] = set()
        column = self.fields[self.key[-1]].column_name
        for row in self.rows:
            key = self.key_of(row.values)
            if key is None:
                continue
            first = seen.setdefault(folded_key(key), row.number)
            if first == row.number:
                continue
            value = row.values.get(column)
            self._fault(row.number, column, value, self._same_as(first), kind=_("Sama dengan baris lain"))
            if self.row_by_row and first not in told:
                told.add(first)
                self._fault(first, column, value, self._same_as(row.number), kind=_("Sama dengan baris lain"))

    def raise_other_spellings(self, keys: set[Any], known: dict[Any, Model]) -> None:
        """A new code that only its capitals or accents tell from one in use: the database holds one of the two."""
        stored = {folded_key(key): key for key in known}
        strange = {key: stored[folded_key(key)] for key in keys - known.keys() if folded_key(key) in stored}
        column = self.fields[self.key[-1]].column_name
        for row in self.rows if strange else ():
            if (key := self.key_of(row.values)) in strange:
                sentence = _("Di sistem tertulis “%(stored)s”. Tulis sama persis.") % {"stored": strange[key][-1]}
                self._fault(row.number, column, row.values.get(column), sentence)

    def _same_as(self, number: int) -> str:
        return _("Sama dengan baris %(row)d. Hapus salah satunya.") % {"row": number}

    def _fault(self, number: int, column: str, value: Any, message: str, *, kind: str = "") -> None:
        told = self.fields_by_title[column].told(plain(value)) if column in self.fields_by_title else plain(value)
        self.bad_rows.add(number)
        self.report.faults.append(Fault(self.sheet, number, column, told[:200], str(message), str(kind)))

    # --- hooks of a resource ------------------------------------------------------------------------

    def prepare(self) -> None:
        """Read what all rows look up, once."""

    def key_of(self, row: dict[str, Any]) -> Any:
        """By what a row is found again; None when its cells cannot be read (told by their columns)."""
        try:
            parts = tuple(self._fold(self.fields[name].clean(row)) for name in self.key)
        except (BadValue, KeyError):
            return None
        return None if any(part in (None, "") for part in parts) else parts

    def _fold(self, value: Any) -> Any:
        return value

    def load(self, keys: set[Any]) -> dict[Any, Model]:
        """Rows of the database by key. For a key of one field; others override it."""
        (name,) = self.key
        attribute = self.fields[name].attribute
        wanted = [key[0] for key in keys]
        found = {}
        for start in range(0, len(wanted), CHUNK):
            for instance in self.stored().filter(**{f"{attribute}__in": wanted[start : start + CHUNK]}):
                found[(self._fold(self.fields[name].get_value(instance)),)] = instance
        return found

    def stored(self) -> QuerySet:
        rows = self._meta.model._default_manager.all()
        return rows.select_for_update() if self.writes else rows

    def problems(self, instance: Model, row: dict[str, Any]) -> dict[str, str]:
        """Rules beside those of single cells: {field name: sentence}."""
        return {}

    def label(self, instance: Model) -> str:
        return str(instance)

    # --- what django-import-export asks on its way ----------------------------------------------------

    def import_row(self, row: dict[str, Any], instance_loader: Any, **kwargs: Any) -> RowResult:
        self.changes: list[tuple[str, str, str]] = []
        self.kinds: dict[str, str] = {}  # of the faults of this row, by their sentences
        if self.progress is not None:
            self.progress.step()  # outside of what the library catches: a job that is cancelled ends here
        result = super().import_row(row, instance_loader, **kwargs)
        if result.validation_error is not None:
            self._tell_invalid(row, result.validation_error)
        for error in result.errors:
            self._tell_error(row, error.error)
        return result

    def import_instance(self, instance: Model, row: dict[str, Any], **kwargs: Any) -> None:
        is_new = instance._state.adding
        columns = {
            name: column
            for name in self._meta.fields
            if not (column := self.fields[name]).readonly and column.column_name in row
        }
        before = {} if is_new else {name: self._shown(column, instance) for name, column in columns.items()}
        errors: dict[str, Any] = {}
        for name, column in columns.items():
            if column.spec.is_required and is_blank(row[column.column_name]):
                errors[name] = _("Wajib diisi.")
                continue
            try:
                self.import_field(column, instance, row, **kwargs)
            except BadValue as error:
                errors[name] = str(error)
                self.kinds[str(error)] = error.kind
            if notice := getattr(column.widget, "notice", None):
                self._notices += [text] if (text := notice(row[column.column_name])) else []
        if errors:
            raise ValidationError(errors)
        for name, column in columns.items():
            new = self._shown(column, instance)
            if (is_new and new) or (not is_new and new != before[name]):
                told = (column.column_name, column.told(before.get(name, "")), column.told(new))
                self.changes.append(told)

    def _shown(self, column: Column, instance: Model) -> str:
        return plain(column.widget.shown(column.get_value(instance)))

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        self._notices: list[str] = []

    def skip_row(self, instance: Model, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        return not import_validation_errors and not instance._state.adding and not self.changes

    def validate_instance(
        self, instance: Model, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Cells first, then the model's own rules for its plain fields; keys were compared for all rows at once."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)
        plain_fields = {column.attribute for column in self.fields.values()}
        others = {f.name for f in instance._meta.fields if f.name not in plain_fields or f.is_relation}
        try:
            instance.clean_fields(exclude=others)
        except ValidationError as error:
            by_attribute = {column.attribute: name for name, column in self.fields.items()}
            raise ValidationError(
                {by_attribute.get(name, name): found for name, found in error.message_dict.items()}
            ) from error
        if found := self.problems(instance, row=self._row):
            raise ValidationError(found)

    def get_or_init_instance(self, instance_loader: Any, row: dict[str, Any]) -> tuple[Model, bool]:
        self._row = row
        self._instance, is_new = super().get_or_init_instance(instance_loader, row)
        return self._instance, is_new

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Model | None:
        return instance_loader.get_instance(row)

    def save_instance(self, instance: Model, is_create: bool, row: dict[str, Any], **kwargs: Any) -> None:
        if self.writes and (self.leaves_out_faults or not self.report.faults) and row[ROW] not in self.bad_rows:
            self.write(instance, is_create)

    def write(self, instance: Model, is_create: bool) -> None:
        instance.save(force_insert=is_create)

    def finish(self) -> None:
        """After the last row, for a resource that writes many at once."""

    def after_import_row(self, row: dict[str, Any], row_result: RowResult, **kwargs: Any) -> None:
        kind = {RowResult.IMPORT_TYPE_NEW: NEW, RowResult.IMPORT_TYPE_UPDATE: CHANGED}.get(row_result.import_type)
        if skipped := self.skip_reason(self._instance):
            kind, self.changes = SKIPPED, []
            self._notices.append(skipped)
        if row[ROW] in self.bad_rows:
            return
        if kind is None:
            self.report.unchanged += 1
            return
        if kind == NEW and self.brief:
            told = {self.fields[name].column_name for name in self.brief}
            self.changes = [change for change in self.changes if change[0] in told]
        self.report.differences.append(
            Difference(
                self.sheet,
                row[ROW],
                self.label(self._instance),
                kind,
                changes=[list(change) for change in self.changes],
                notices=self._notices,
            )
        )

    def skip_reason(self, instance: Model) -> str:
        """Why the row at hand is left alone, when that is no fault."""
        return ""

    def _tell_invalid(self, row: dict[str, Any], error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            column = self.fields.get(name)
            title = column.column_name if column else ""
            for message in messages:
                self._fault(row[ROW], title, row.get(title), message, kind=self.kinds.get(message, ""))

    def _tell_error(self, row: dict[str, Any], error: Exception) -> None:
        if self.writes:
            raise error  # the whole file is rolled back
        if isinstance(error, DomainError):
            self._fault(row[ROW], "", "", error.message)
        else:
            logger.error("import of %s: %s", self.kind, type(error).__name__)
            self._fault(row[ROW], "", "", _("Baris ini tidak dapat diproses. Periksa isinya."))

    def get_diff_headers(self) -> list[str]:
        return []

    # --- export -------------------------------------------------------------------------------------

    def export_rows(self, rows: Iterable[Model], names: Sequence[str]) -> list[list[Any]]:
        readers = [self.fields[name].reader() for name in names]
        return [[read(row) for read in readers] for row in rows]

    def for_export(self, rows: QuerySet) -> QuerySet:
        """With what the chosen columns look up; what is stored encrypted and not asked for is not even decrypted."""
        asked: dict[str, set[str]] = {"": set()}
        models: dict[str, type[Model]] = {"": self._meta.model}
        for name in self.names:
            path = ""
            for part in self.fields[name].attribute.split("__"):
                try:
                    field = models[path]._meta.get_field(part)
                except FieldDoesNotExist:
                    break
                asked[path].add(part)
                if not field.is_relation:
                    break
                path = f"{path}__{part}" if path else part
                models.setdefault(path, field.related_model)
                asked.setdefault(path, set())
        own, *others = ((path, sorted(secrets_of(model) - asked[path])) for path, model in models.items())
        looked_up = [
            Prefetch(path, models[path]._default_manager.order_by().defer(*unasked)) if unasked else path
            for path, unasked in others
        ]
        return rows.prefetch_related(None).prefetch_related(*looked_up).defer(*own[1])


def secrets_of(model: type[Model]) -> set[str]:
    """Fields that are stored encrypted."""
    return {field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)}
