"""Everything encrypted, written anew under the first of FIELD_ENCRYPTION_KEYS, while the product is in use.

Nothing is remembered between runs: what already hangs on the first key is passed over, so a run that was killed
goes on by being started again. A value is replaced only while it still is what was read (compare and set): whoever
saved the row meanwhile wrote it under the first key anyway. Columns are read and written past the models, so that no
`updated_at`, version or signal notices. Told in
server_docs/decisions/0005-field-encryption.md and 0045-personal-data.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction

from core.accounts.models import CandidateProfile
from core.accounts.nik import nik_hash
from core.certificates.models import PastCertificate
from core.common.fields import EncryptedTextField, decrypted, encrypted
from core.common.retrying import retried
from core.jobs.models import Job

#: Rows of one transaction: short enough that nobody who saves one of them waits noticeably.
BATCH = 200
#: Unreadable values that are named; the rest is counted.
MOST_NAMED = 20
#: What a Fernet token begins with; tells it from the other words in the parameters of a job.
TOKEN = "gAAAA"  # noqa: S105 - a prefix
#: Where a hash of a NIK stands beside the encrypted number.
HASHED = (CandidateProfile, PastCertificate)


@dataclass
class Rotation:
    """`old`: values that hang on another key than the first, by column, as they were found. `changed`: of these, how
    many hang on the first now. `unreadable`: no key opens them."""

    rows: int = 0
    values: int = 0
    changed: int = 0
    old: dict[str, int] = field(default_factory=dict)
    unreadable: int = 0
    named: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        """What still needs an older key. What somebody saved meanwhile is not counted as changed: look again."""
        return sum(self.old.values()) - self.changed


def encrypted_columns() -> dict[type[models.Model], list[models.Field]]:
    """Found, not listed: a field that is added is rotated without anybody thinking of it."""
    found = {}
    for model in apps.get_models():
        if columns := [one for one in model._meta.concrete_fields if isinstance(one, EncryptedTextField)]:
            found[model] = columns
    return found


def rotate_keys(*, write: bool = True, tell: Callable[[str, Rotation], None] = lambda table, found: None) -> Rotation:
    """All encrypted columns and the parameters of jobs; with `write` off only counted."""
    found = Rotation()
    first = Fernet(settings.FIELD_ENCRYPTION_KEYS[0])
    for model, columns in encrypted_columns().items():
        for rows in _batches(model, columns):
            _turn(model, columns, rows, first, found, write=write)
            tell(model._meta.db_table, found)
    _turn_jobs(first, found, write=write)
    return found


def _batches(model: type[models.Model], columns: list[models.Field]) -> Iterator[list[tuple]]:
    """(key, tokens …) in the order of the keys."""
    quote, last = connection.ops.quote_name, None
    key, table = quote(model._meta.pk.column), quote(model._meta.db_table)
    names = ", ".join([key, *(quote(column.column) for column in columns)])
    while True:
        behind = "" if last is None else f"WHERE {key} > %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM {table} {behind} ORDER BY {key} LIMIT {BATCH}",  # noqa: S608 - names of models
                [] if last is None else [last],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        last = rows[-1][0]


def _turn(
    model: type[models.Model],
    columns: list[models.Field],
    rows: list[tuple],
    first: Fernet,
    found: Rotation,
    *,
    write: bool,
) -> None:
    due: list[tuple[models.Field, object, str, str]] = []
    found.rows += len(rows)
    for key, *tokens in rows:
        for column, token in zip(columns, tokens, strict=True):
            if not token:
                continue
            name = f"{model._meta.db_table}.{column.column}"
            anew = _anew(token, first, found, column=name, row=f"{name} #{key}")
            if anew:
                due.append((column, key, token, anew))
    if write and due:
        found.changed += retried(lambda: _replace(model, due))


def _anew(token: str, first: Fernet, found: Rotation, *, column: str, row: str) -> str:
    """The same under the first key; "" where it hangs there already, or where nothing opens it."""
    found.values += 1
    try:
        first.decrypt(token.encode())
        return ""
    except (InvalidToken, UnicodeError):
        pass
    try:
        anew = encrypted(decrypted(token))
    except (InvalidToken, UnicodeError):
        found.unreadable += 1
        if len(found.named) < MOST_NAMED:
            found.named.append(row)
        return ""
    found.old[column] = found.old.get(column, 0) + 1
    return anew


def _replace(model: type[models.Model], due: list[tuple[models.Field, object, str, str]]) -> int:
    """How many still were as read. Rows in the order of their keys: no two of these wait for each other."""
    quote, changed = connection.ops.quote_name, 0
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    with transaction.atomic(), connection.cursor() as cursor:
        for column, pk, token, anew in due:
            name = quote(column.column)
            cursor.execute(
                f"UPDATE {table} SET {name} = %s WHERE {key} = %s AND {name} = %s",  # noqa: S608 - names of models
                [anew, pk, token],
            )
            changed += cursor.rowcount
    return changed


def _turn_jobs(first: Fernet, found: Rotation, *, write: bool) -> None:
    """The words of a search that an export was asked with, which a job keeps until it is done again."""
    for pk in Job.objects.filter(parameters__icontains=TOKEN).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            job = Job.objects.select_for_update().filter(pk=pk).first()
            parameters = dict(job.parameters) if job else {}
            for name, value in parameters.items():
                if isinstance(value, str) and value.startswith(TOKEN):
                    column = f"{Job._meta.db_table}.parameters"
                    if anew := _anew(value, first, found, column=column, row=f"{column} #{pk}"):
                        parameters[name] = anew
            if write and job and parameters != job.parameters:
                found.changed += sum(parameters[name] != value for name, value in job.parameters.items())
                Job.objects.filter(pk=pk).update(parameters=parameters)


def rehash_niks(*, write: bool = True) -> tuple[int, list[str]]:
    """Compute anew, from the encrypted numbers, what a NIK is found by, after LOOKUP_KEY was replaced.

    (how many did not match, rows whose hash another row has already: the same NIK was entered twice meanwhile).
    """
    wrong, taken = 0, []
    for model in HASHED:
        for row in model._default_manager.exclude(nik_hash=None).only("nik", "nik_hash").order_by("pk").iterator(BATCH):
            right = nik_hash(row.nik) if row.nik else None
            if row.nik_hash in (right, ""):
                continue
            wrong += 1
            if write:
                try:
                    with transaction.atomic():
                        model._default_manager.filter(pk=row.pk, nik_hash=row.nik_hash).update(nik_hash=right)
                except IntegrityError:
                    taken.append(f"{model._meta.db_table} #{row.pk}")
    return wrong, taken
