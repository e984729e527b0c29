"""A record with its lines (a unit with its elements and criteria) as plain values, now or in an old version.

Values are written as a version writes them, so that both can be compared: dates as text, foreign
keys as numbers. Reading a record takes one query per kind of line, however many lines there are.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db.models import Field, Model
from reversion.models import Version

from core.activity.versioning import options_of

#: Set by the database or at log-in; nobody typed them.
NEVER_COMPARED = frozenset({"password", "last_login"})


@dataclass
class Row:
    """One row: its values by field name, and how it called itself."""

    model: type[Model]
    pk: str
    values: dict[str, Any]
    label: str

    @property
    def key(self) -> tuple[str, str]:
        return self.model._meta.model_name, self.pk


@dataclass
class Record:
    """A row and the lines that belong to it, lines in their order, elements before their criteria."""

    root: Row
    lines: list[Row] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        yield self.root
        yield from self.lines

    def by_key(self) -> dict[tuple[str, str], Row]:
        return {row.key: row for row in self.rows()}

    def equals(self, other: "Record | None") -> bool:
        """Whether nothing that somebody may have written differs."""
        return other is not None and self.written() == other.written()

    def written(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {
            row.key: {name: value for name, value in row.values.items() if is_written(row.model, name)}
            for row in self.rows()
        }


def is_written(model: type[Model], name: str) -> bool:
    """Whether a field holds what people decide, not a time stamp of the database."""
    written = model._meta.get_field(name)
    return name not in NEVER_COMPARED and not (
        getattr(written, "auto_now", False) or getattr(written, "auto_now_add", False)
    )


def lines_of(model: type[Model]) -> list[tuple[type[Model], Field]]:
    """The kinds of lines right below a model, each with its foreign key to it."""
    relations = [model._meta.get_field(name) for name in options_of(model).follow]
    return [(relation.related_model, relation.field) for relation in relations]


def levels_of(model: type[Model]) -> Iterator[tuple[type[Model], Field]]:
    """All kinds of lines below a model, upper ones first."""
    for line_model, key in lines_of(model):
        yield line_model, key
        yield from levels_of(line_model)


def stored_record(model: type[Model], pk: Any) -> Record | None:
    """The record as the database has it now."""
    root = model._base_manager.filter(pk=pk).first()
    if root is None:
        return None
    found: list[Model] = [root]
    above: dict[type[Model], list[Any]] = {model: [root.pk]}
    for line_model, key in levels_of(model):
        names = [other.name for other in line_model._meta.concrete_fields if other.many_to_one and other is not key]
        below = line_model._default_manager.filter(**{f"{key.name}__in": above[key.related_model]})
        lines = list(below.select_related(*names) if names else below)
        above[line_model] = [line.pk for line in lines]
        found += lines
    rows = [_row(entry, label=str(instance)) for entry, instance in zip(_serialised(found), found, strict=True)]
    return Record(rows[0], rows[1:])


def _serialised(instances: list[Model]) -> list[dict[str, Any]]:
    return json.loads(serializers.serialize("json", instances))


def _row(entry: dict[str, Any], *, label: str) -> Row:
    model = apps.get_model(entry["model"])
    values = dict(entry["fields"])
    for many in model._meta.local_many_to_many:
        if many.name in values:
            values[many.name] = sorted(values[many.name])
    return Row(model, str(entry["pk"]), values, label)


def kept_records(versions: list[Version]) -> dict[int, Record]:
    """{version's key: the record as it was then}; one query, however many versions."""
    by_revision: dict[int, list[Version]] = {}
    for version in Version.objects.filter(revision_id__in={version.revision_id for version in versions}).order_by("pk"):
        by_revision.setdefault(version.revision_id, []).append(version)
    return {version.pk: _kept(version, by_revision[version.revision_id]) for version in versions}


def kept_record(version: Version) -> Record:
    return kept_records([version])[version.pk]


def _kept(version: Version, together: list[Version]) -> Record:
    """Of all that was kept in one revision, what belongs to this row."""
    types = ContentType.objects
    by_model: dict[type[Model], list[Row]] = {}
    for other in together:
        model = types.get_for_id(other.content_type_id).model_class()
        if model is not None:
            row = _row(json.loads(other.serialized_data)[0], label=other.object_repr)
            by_model.setdefault(model, []).append(row)
    model = types.get_for_id(version.content_type_id).model_class()
    root = next(row for row in by_model[model] if row.pk == version.object_id)
    above: dict[type[Model], set[str]] = {model: {root.pk}}
    lines: list[Row] = []
    for line_model, key in levels_of(model):
        mine = [
            row for row in by_model.get(line_model, []) if str(row.values.get(key.name)) in above[key.related_model]
        ]
        mine.sort(key=lambda row: place_of(row) or 0)
        above[line_model] = {row.pk for row in mine}
        lines += mine
    return Record(root, lines)


def place_of(row: Row) -> Any:
    """Where a line stands among its kind: its position, or its number where that is its place."""
    return row.values.get("position", row.values.get("number"))


def as_version_data(row: Row) -> str:
    """The row as reversion stores it."""
    pk = row.model._meta.pk.to_python(row.pk)
    return json.dumps([{"model": row.model._meta.label_lower, "pk": pk, "fields": row.values}], ensure_ascii=False)
