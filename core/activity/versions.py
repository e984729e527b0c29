"""Keeping versions of records, turning a record back, bringing a deleted one back, pruning.

Nothing here decides who may open a screen; whether a record may be turned back at all, and which of
its fields, stands in the table of `core.activity.versioning`.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Count, Field, ForeignKey, IntegerField, Model, ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _
from reversion.models import Revision, Version

from core.activity.comparison import RowChange, as_added, compare
from core.activity.models import DeletedRecord
from core.activity.queries import versions_of
from core.activity.records import Record, Row, as_version_data, kept_record, stored_record
from core.activity.services import record_activity
from core.activity.versioning import is_versioned, options_of, versioned_records
from core.common.exceptions import DomainError

REASON_LENGTH = 200

#: What pruning always leaves: so many versions of each record, and everything of the last two years.
KEEP_LAST = 50
KEEP_FOR = timedelta(days=731)

#: Where lines wait while they change places: a database that keeps positions unique checks every single row.
ASIDE = 30_000


# --- keeping ----------------------------------------------------------------------------------------


@transaction.atomic
def keep_version(*, row: Model, by: Any, reason: str = "", before: Record | None = None) -> Version | None:
    """Keep how a record is now; None when that is just what was kept last and there is no reason to tell.

    `before` is how the record was when the change began. If that was never kept (rows that were
    loaded, imported or changed by a command), it is kept first: a history has no gap.
    """
    model = type(row)
    last = versions_of(model, row.pk).first()
    known = kept_record(last) if last else None
    if before is not None and not before.equals(known):
        comment = _("Keadaan awal") if last is None else _("Perubahan di luar formulir")
        last, known = _store(before, by=None, comment=comment), before
    now = stored_record(model, row.pk)
    if now is None or (now.equals(known) and not reason):
        return None
    return _store(now, by=by, comment=reason)


@contextmanager
def kept(*rows: Model, by: Any, reason: str = "") -> Iterator[None]:
    """The acts inside change these records; how each is afterwards becomes a version, unless nothing changed."""
    with transaction.atomic():
        before = [(type(row), row.pk, stored_record(type(row), row.pk)) for row in rows]
        yield
        for model, pk, then in before:
            now = stored_record(model, pk)
            if now is not None and not now.equals(then):
                keep_version(row=model._default_manager.get(pk=pk), by=by, reason=reason, before=then)


def _store(record: Record, *, by: Any, comment: str) -> Version:
    """One revision with the whole record; two statements, however many lines it has."""
    person = by if getattr(by, "pk", None) else None
    revision = Revision.objects.create(date_created=timezone.now(), user=person, comment=comment)
    Version.objects.bulk_create(
        [
            Version(
                revision=revision,
                content_type=ContentType.objects.get_for_model(row.model),
                object_id=row.pk,
                db="default",
                format="json",
                serialized_data=as_version_data(row),
                object_repr=row.label,
            )
            for row in record.rows()
        ]
    )
    return Version.objects.get(
        revision=revision,
        content_type=ContentType.objects.get_for_model(record.root.model),
        object_id=record.root.pk,
        db="default",
    )


# --- turning back -----------------------------------------------------------------------------------


def refusal_to_restore(row: Model, by: Any) -> str:
    """Why this person may not turn this row back to any version; "" when they may."""
    opts = row._meta
    if not by.has_perm(f"{opts.app_label}.change_{opts.model_name}"):
        return _("Anda tidak berhak mengubah data ini.")
    return options_of(type(row)).fixed(row)


def what_restoring_changes(now: Record, then: Record) -> list[RowChange]:
    return compare(now, _target(now, then))


def _target(now: Record, then: Record) -> Record:
    """The old state, with those fields as they are now that no restoring turns back or that came later."""
    kept = options_of(now.root.model).kept
    values = {
        name: value if name in kept or name not in then.root.values else then.root.values[name]
        for name, value in now.root.values.items()
    }
    return Record(Row(now.root.model, now.root.pk, values, then.root.label), then.lines)


@transaction.atomic
def restore_version(*, version: Version, by: Any, reason: str = "") -> list[RowChange]:
    """Turn a record with its lines back to an old version, as a new version; what was changed.

    Lines added since then go, lines deleted since then come back under their old key.
    """
    model = ContentType.objects.get_for_id(version.content_type_id).model_class()
    row = model._base_manager.select_for_update().filter(pk=version.object_id).first()
    if row is None:
        raise DomainError(
            _("Data ini sudah dihapus. Pulihkan dari daftar Data terhapus."), code="restore_version.deleted"
        )
    changes = _turn_back(row, kept_record(version), by=by, reason=reason or _restored_comment(version))
    record_activity("record.restore", by=by, subject=model._base_manager.get(pk=row.pk), version=version.pk)
    return changes


@transaction.atomic
def put_back(*, record: Record, by: Any, reason: str) -> list[RowChange]:
    """Make a record with its lines what it was elsewhere, such as in a backup, as a new version; what was changed.

    One that was deleted comes back under its old key. Like every version it can be turned back again.
    """
    model = record.root.model
    if not is_versioned(model):
        raise DomainError(
            _("%(kind)s tidak berversi, sehingga tidak dipulihkan satu per satu.")
            % {"kind": str(model._meta.verbose_name).capitalize()},
            code="put_back.not_versioned",
        )
    row = model._base_manager.select_for_update().filter(pk=record.root.pk).first()
    if row is not None:
        return _turn_back(row, record, by=by, reason=reason)
    _write(None, record, by=by)
    keep_version(row=model._base_manager.get(pk=record.root.pk), by=by, reason=reason)
    return as_added(record)


def _turn_back(row: Model, then: Record, *, by: Any, reason: str) -> list[RowChange]:
    """The row is locked."""
    if refusal := refusal_to_restore(row, by):
        raise DomainError(refusal, code="restore_version.refused")
    now = stored_record(type(row), row.pk)
    target = _target(now, then)
    changes = compare(now, target)
    if not changes and target.equals(now):
        raise DomainError(_("Data sekarang sudah sama dengan versi ini."), code="restore_version.same")
    _write(now, target, by=by)
    keep_version(row=row, by=by, reason=reason, before=now)
    return changes


def _restored_comment(version: Version) -> str:
    when = timezone.localtime(version.revision.date_created)
    return _("Dikembalikan ke versi %(when)s") % {"when": f"{when:%d-%m-%Y %H.%M}"}


def _write(now: Record | None, target: Record, *, by: Any) -> None:
    """Make the database hold `target` where it holds `now`."""
    old = now.by_key() if now else {}
    wanted = target.by_key()
    gone = [row for row in (now.lines if now else []) if row.key not in wanted]
    changed = [row for row in target.rows() if row.key not in old or row.values != old[row.key].values]
    _check_rights(by, gone, changed, old)
    _check_references(changed, wanted)
    try:
        with transaction.atomic():
            for row in reversed(gone):
                row.model._base_manager.filter(pk=row.pk).delete()
            is_new = {row.key for row in changed if row.key not in old}
            is_new |= _step_aside([row for row in changed if row.key in old], old)
            for row in changed:
                _write_row(row, is_new=row.key in is_new, is_root=row is target.root)
    except (ProtectedError, RestrictedError) as error:
        names = ", ".join(f"“{row.label}”" for row in gone[:3])
        raise DomainError(
            _("Versi itu belum memuat %(names)s, yang sudah dipakai permohonan sehingga tidak dapat dihapus.")
            % {"names": names},
            code="restore_version.in_use",
        ) from error
    except IntegrityError as error:
        raise DomainError(
            _("Kode atau urutan dalam versi ini sekarang dipakai data lain. Ubah data itu dahulu, lalu ulangi."),
            code="restore_version.taken",
        ) from error


def _check_rights(by: Any, gone: list[Row], changed: list[Row], old: dict) -> None:
    acts = {("delete", row.model) for row in gone}
    acts |= {("change" if row.key in old else "add", row.model) for row in changed}
    for act, model in sorted(acts, key=str):
        if not by.has_perm(f"{model._meta.app_label}.{act}_{model._meta.model_name}"):
            raise DomainError(
                _("Anda tidak berhak mengubah %(kind)s.") % {"kind": model._meta.verbose_name},
                code="restore_version.no_right",
            )


def _check_references(rows: Iterable[Row], wanted: dict[tuple[str, str], Row]) -> None:
    """What an old version points at must still be there."""
    wanted_targets: dict[type[Model], set[str]] = {}
    for row in rows:
        for field, value in _references(row):
            if (field.related_model._meta.model_name, str(value)) not in wanted:
                wanted_targets.setdefault(field.related_model, set()).add(str(value))
    for model, keys in wanted_targets.items():
        there = {str(pk) for pk in model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)}
        if missing := len(keys - there):
            raise DomainError(
                _(
                    "Versi ini memakai %(count)d %(kind)s yang sudah dihapus. "
                    "Pulihkan dahulu dari daftar Data terhapus, lalu ulangi."
                )
                % {"count": missing, "kind": model._meta.verbose_name},
                code="restore_version.missing_reference",
            )


def _references(row: Row) -> Iterable[tuple[Field, Any]]:
    for name, value in row.values.items():
        field = row.model._meta.get_field(name)
        if isinstance(field, ForeignKey) and value is not None:
            yield field, value
        elif field.many_to_many:
            yield from ((field, one) for one in value)


def _step_aside(rows: list[Row], old: dict[tuple[str, str], Row]) -> set[tuple[str, str]]:
    """Free the unique places that lines are about to exchange; the keys of those that must be written anew."""
    anew = set()
    for number, row in enumerate(rows):
        values = {}
        for field in _unique_fields(row.model):
            if row.values.get(field.name) == old[row.key].values.get(field.name):
                continue
            if isinstance(field, ForeignKey):
                if not _is_pointed_at(row.model):
                    anew.add(row.key)
            elif isinstance(field, IntegerField):
                values[field.name] = ASIDE + number
            else:
                values[field.name] = f"~{row.pk}"
        stored = row.model._base_manager.filter(pk=row.pk)
        if row.key in anew:
            stored.delete()
        elif values:
            stored.update(**values)
    return anew


def _unique_fields(model: type[Model]) -> list[Field]:
    opts = model._meta
    together = {name for constraint in opts.total_unique_constraints for name in constraint.fields}
    return [
        field for field in opts.concrete_fields if not field.primary_key and (field.unique or field.name in together)
    ]


def _is_pointed_at(model: type[Model]) -> bool:
    return any(field.auto_created and not field.concrete for field in model._meta.get_fields(include_hidden=True))


def _write_row(row: Row, *, is_new: bool, is_root: bool) -> None:
    opts = row.model._meta
    instance = row.model(pk=row.pk) if is_new else row.model._base_manager.get(pk=row.pk)
    many = {}
    for name, value in row.values.items():
        field = opts.get_field(name)
        if field.many_to_many:
            many[name] = value
        elif is_new or not getattr(field, "auto_now", False):
            setattr(instance, field.attname, field.to_python(value))
    if is_root:
        _check_root(instance)
    if is_new:
        instance.save_base(raw=True, force_insert=True)  # raw: dates of making stay what they were
    else:
        instance.save()
    for name, keys in many.items():
        getattr(instance, name).set(keys)


def _check_root(instance: Model) -> None:
    """What its form would refuse today is refused here as well: a code that is taken, a placeholder nobody knows."""
    try:
        instance.clean()
        instance.validate_unique()
        instance.validate_constraints()
    except ValidationError as error:
        raise DomainError(
            _("Versi ini tidak dapat dipakai lagi: %(why)s") % {"why": " ".join(error.messages)},
            code="restore_version.invalid",
        ) from error


# --- deleted records --------------------------------------------------------------------------------


@transaction.atomic
def keep_deleted(*, row: Model, by: Any) -> DeletedRecord:
    """Call before a versioned record is deleted: its last state is kept, and where to find it again."""
    model = type(row)
    now = stored_record(model, row.pk)
    last = versions_of(model, row.pk).first()
    if last is None or not now.equals(kept_record(last)):
        last = _store(now, by=by, comment=_("Keadaan terakhir sebelum dihapus"))
    return DeletedRecord.objects.create(
        model=model._meta.model_name,
        object_id=str(row.pk),
        label=str(row)[:200],
        version=last,
        deleted_by=by if getattr(by, "pk", None) else None,
    )


def refusal_to_recover(deleted: DeletedRecord, by: Any) -> str:
    """Why this person may not bring this record back; "" when they may."""
    opts = deleted.model_class._meta
    if deleted.restored_at is not None:
        return _("Data ini sudah dipulihkan.")
    if not by.has_perm(f"{opts.app_label}.add_{opts.model_name}"):
        return _("Anda tidak berhak menambah %(kind)s.") % {"kind": opts.verbose_name}
    return ""


@transaction.atomic
def recover_record(*, deleted: DeletedRecord, by: Any) -> Model:
    """Bring a deleted record back with its lines and its old key."""
    deleted = DeletedRecord.objects.select_for_update().get(pk=deleted.pk)
    if refusal := refusal_to_recover(deleted, by):
        raise DomainError(refusal, code="recover_record.refused")
    model = deleted.model_class
    record = kept_record(deleted.version)
    _write(None, record, by=by)
    row = model._base_manager.get(pk=deleted.object_id)
    keep_version(row=row, by=by, reason=_("Dipulihkan dari data terhapus"))
    deleted.restored_at = timezone.now()
    deleted.save(update_fields=["restored_at"])
    record_activity("record.recover", by=by, subject=row, model=deleted.model)
    return row


# --- pruning ----------------------------------------------------------------------------------------


def prune_versions(*, now: datetime | None = None, batch: int = 200, at_most: int = 50_000) -> int:
    """Remove what is older than KEEP_FOR and not among the last KEEP_LAST of its record; how many revisions.

    In small transactions, so that nobody waits at the desk. What a deleted record comes back from stays.
    """
    before = (now or timezone.now()) - KEEP_FOR
    types = [ContentType.objects.get_for_model(model).pk for model in versioned_records()]
    crowded = (
        Version.objects.filter(db="default", content_type__in=types)
        .values_list("content_type_id", "object_id")
        .annotate(kept=Count("pk"))
        .filter(kept__gt=KEEP_LAST)
        .order_by()
    )
    removed = 0
    for content_type_id, object_id, _kept in list(crowded):
        mine = Version.objects.filter(db="default", content_type_id=content_type_id, object_id=object_id)
        oldest_kept = mine.order_by("-revision_id").values_list("revision_id", flat=True)[KEEP_LAST - 1]
        old = mine.filter(revision_id__lt=oldest_kept, revision__date_created__lt=before).exclude(
            pk__in=DeletedRecord.objects.filter(object_id=object_id).values("version")
        )
        while removed < at_most:
            found = dict(old.order_by("revision_id").values_list("pk", "revision_id")[:batch])
            if not found:
                break
            _remove(found, types)
            removed += len(found)
    return removed


@transaction.atomic
def _remove(found: dict[int, int], types: list[int]) -> None:
    """Versions of one record; their revisions with all lines too, unless another record shares the revision."""
    Version.objects.filter(pk__in=found).delete()
    shared = set(
        Version.objects.filter(revision_id__in=found.values(), content_type__in=types).values_list(
            "revision_id", flat=True
        )
    )
    Revision.objects.filter(pk__in=set(found.values()) - shared).delete()
