"""Makes the database that this installation uses an anonymous one, step by step, column by column of the inventory.

It is meant for a copy, restored from a backup into an installation of its own: `why_not` refuses everywhere else.
Rows are written past the models, in batches, each in a transaction of its own. Whoever is cut off, or is told that
something was left, begins with the backup again: a second run would know neither who was in it nor what belonged
together. What must fit together afterwards does: hashes of contents and files, signatures on certificates, the chain
of the activity log, words that names are found by.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import NameWord, User
from core.accounts.nik import nik_hash
from core.activity.checkpoints import set_aside
from core.activity.macs import START, entry_mac, head_mac, seal_digest
from core.activity.models import ActivityEntry, ActivityHead, ActivitySeal
from core.activity.services import record_activity
from core.applications.snapshot import content_hash
from core.certificates.models import Certificate
from core.certificates.signing import current_key, token_for
from core.common.text import search_words
from core.documents.full_text import rebuild
from core.documents.models import KEPT_STATES, Document, DocumentText, IntegrityFinding, TextSource, path_of_content
from core.documents.storage import ContentAddressedStorage, document_storage
from core.handovers.models import Handover
from core.handovers.papers import reseal
from core.imports.models import ImportRun
from core.imports.services import forget_run
from core.messaging.models import OutboxMessage, OutboxStatus
from core.privacy.anonymous.contents import Contents
from core.privacy.anonymous.files import replacement
from core.privacy.anonymous.pseudonyms import DISGUISED, PLACE, POSTCODE, Pseudonyms, random_words
from core.privacy.inventory import HOLDINGS, Holding, Treatment
from core.timetable.models import ScheduledJob

BATCH = 500
#: Written before anything else: whoever finds it knows that a run began here.
CODE = "privacy.anonymise"
#: A database that was used so lately is not a copy that waits for this.
IN_USE = timedelta(minutes=10)
#: Written by the steps below, each in its own way; the walk over the columns leaves them alone.
BY_STEPS = {
    "core.NameWord": None,
    "core.Document": None,
    "core.DocumentText": None,
    "core.ActivitySeal": None,
    "core.ActivityHead": None,
    "core.ActivityEntry": ("mac",),
    "core.Certificate": ("token",),
    "core.Handover": ("manifest", "archive_sha256"),
    "core.ImportRun": ("file", "report"),
    "core.Job": ("result",),
}
Tell = Callable[[str], None]


def why_not(*, database: str, documents: str) -> str:
    """Why this installation must not be made anonymous, or "". Both names are typed by whoever asks for it."""
    if settings.ENVIRONMENT == "production":
        return _("Ini instalasi produksi (ENVIRONMENT=production). Pulihkan cadangan ke instalasi lain.")
    if database != str(connection.settings_dict["NAME"]):
        return _("--database tidak sama dengan basis data instalasi ini (%(name)s).") % {
            "name": connection.settings_dict["NAME"]
        }
    if not isinstance(document_storage(), ContentAddressedStorage):
        return _("Dokumen instalasi ini berada di bucket. Arahkan STORAGE_URL ke folder yang kosong.")
    if Path(documents).resolve() != Path(settings.DOCUMENT_ROOT).resolve():
        return _("--documents tidak sama dengan folder dokumen instalasi ini (%(folder)s).") % {
            "folder": settings.DOCUMENT_ROOT
        }
    now = timezone.now()
    if ScheduledJob.objects.filter(looked_at__range=(now - IN_USE, now)).exists():
        return _(
            "Basis data ini dipakai cron kurang dari 10 menit lalu. Hentikan layanannya; bila baru dipulihkan, tunggu."
        )
    if ActivityEntry.objects.filter(code=CODE).exists():
        return _(
            "Perintah ini sudah pernah dijalankan di sini; data asli yang tertinggal tidak dapat dicari lagi. Pulihkan "
            "cadangan dari awal, lalu jalankan sekali lagi."
        )
    return ""


def anonymise(*, password: str = "", tell: Tell = lambda sentence: None) -> None:
    """Everything. Raises nothing of its own: `why_not` was asked before."""
    record_activity(CODE, by=None)
    work = _Anonymiser(password=password, tell=tell)
    work.sweep()
    work.replace_documents()
    for holding in HOLDINGS:
        work.walk(holding)
    work.put_hashes_right()
    work.rebuild_names()
    work.sign_certificates()
    work.reseal_handovers()
    work.chain_activity()
    work.clean_up()


class _Anonymiser:
    def __init__(self, *, password: str, tell: Tell) -> None:
        self.invent = Pseudonyms()
        self.tell = tell
        self.password = make_password(password or None)
        self.contents = Contents(self.invent)
        for model, names in _columns_treated(Treatment.CODE).items():
            for name in names:
                if not isinstance(model._meta.get_field(name), models.UUIDField):
                    self.contents.codes |= set(QuerySet(model).order_by().values_list(name, flat=True)) - {None, ""}
        self._niks: dict[str, str] = {}

    # --- rows that go ---------------------------------------------------------------------------------

    def sweep(self) -> None:
        """Log-ins, second factors, drafts, guesses, attachments: nothing in them is of use without their people."""
        cache.clear()
        gone = [apps.get_model(one.model) for one in HOLDINGS if set(one.fields.values()) == {Treatment.GONE}]
        gone += [IntegrityFinding]
        children = [
            relation.related_model
            for model in gone
            for relation in model._meta.related_objects
            if relation.related_model not in gone and relation.on_delete is models.CASCADE
        ]
        for model in [*children, *gone]:
            self._empty(model)
        for run in ImportRun.objects.order_by("pk"):
            forget_run(run)
        self._say(apps.get_model("core.Job"), {"result": "", "result_size": 0, "expires_at": None})
        for folder in (settings.JOB_ROOT, settings.IMPORT_ROOT, settings.PIECES_ROOT):
            shutil.rmtree(folder, ignore_errors=True)
        open_letters = OutboxMessage.objects.filter(status__in=[OutboxStatus.WAITING, OutboxStatus.SENDING])
        open_letters.update(status=OutboxStatus.FAILED, next_attempt_at=None)
        self.tell(_("Sesi, faktor kedua, draf, dan lampiran dihapus."))

    def _empty(self, model: type[models.Model]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608

    def _say(self, model: type[models.Model], values: dict[str, Any]) -> None:
        QuerySet(model).update(**values)

    # --- files ----------------------------------------------------------------------------------------

    def replace_documents(self) -> None:
        """A stand-in for every content that is kept; then nothing else is left in the folder."""
        storage, kept = document_storage(), set()
        rows = QuerySet(Document).order_by("pk")
        types = dict(apps.get_model("core.DocumentType").objects.values_list("pk", "title"))
        for batch in _batches(rows.only("sha256", "content_type", "pages", "state", "document_type", "file_name")):
            written = []
            for document in batch:
                sha256, size = self._hash_of_file(document, types[document.document_type_id], storage, kept)
                suffix = Path(document.file_name).suffix.lower()
                suffix = suffix if suffix in {".pdf", ".jpg", ".jpeg", ".png", ".xlsx", ".zip", ".csv"} else ""
                title = types[document.document_type_id]
                name = path_of_content(sha256) if document.state in KEPT_STATES else ""
                values = {"sha256": sha256, "title": title, "file_name": f"dokumen-{document.pk}{suffix}", "file": name}
                if size is not None:
                    values["size"] = size
                written.append((document.pk, values | {"public_id": self.invent.uuid(str(document.public_id))}))
            _write(Document, written)
        kept |= {office.logo.name for office in apps.get_model("core.OfficeData").objects.exclude(logo="")}
        for stored in list(storage.walk()):
            if stored.name not in kept:
                storage.delete(stored.name)
        QuerySet(DocumentText).update(words="", body="", is_stale=True)
        identity = {"document__document_type__is_identity": False, "document__state__in": KEPT_STATES}
        QuerySet(DocumentText).filter(**identity).update(source=TextSource.WAITING, attempts=0)
        rebuild()
        self.tell(_("%(count)d dokumen diganti.") % {"count": rows.count()})

    def _hash_of_file(self, document: Document, title: str, storage: Any, kept: set[str]) -> tuple[str, int | None]:
        """(hash, size) of the stand-in, which is written when it is met first; equal contents stay equal."""
        known = self.contents.hashes.get(document.sha256)
        if document.state not in KEPT_STATES:  # its bytes are gone or were refused
            if known is None:
                known = self.contents.hashes[document.sha256] = content_hash(random_words(40))
            return known, None
        place = path_of_content(known) if known else ""
        if place in kept:
            return known, storage.size(place)
        content = replacement(document.content_type, f"Salinan anonim - {title} - {random_words(12)}", document.pages)
        sha256 = _hash(content)
        place = path_of_content(sha256)
        storage.save(place, ContentFile(content))
        kept.add(place)
        self.contents.hashes[document.sha256] = sha256
        return sha256, len(content)

    # --- columns --------------------------------------------------------------------------------------

    def walk(self, holding: Holding) -> None:
        left_alone = BY_STEPS.get(holding.model, ())
        model = apps.get_model(holding.model)
        if left_alone is None or set(holding.fields.values()) == {Treatment.GONE}:
            return
        treated = {
            name: how
            for name, how in holding.fields.items()
            if name not in left_alone and how not in (Treatment.KEPT, Treatment.DIGEST)
        }
        if not treated:
            return
        count = 0
        for batch in _batches(QuerySet(model).order_by("pk").only(*treated, *_also_read(holding.model))):
            written = [(row.pk, {name: self.value(row, name, how) for name, how in treated.items()}) for row in batch]
            for (_pk, values), row in zip(written, batch, strict=True):
                for name, how in treated.items():
                    before = getattr(row, name)
                    if how == Treatment.CONTENT and isinstance(before, str) and before:
                        self.contents.hashes[content_hash(before)] = content_hash(values[name])
            _write(model, written)
            count += len(written)
        if count:
            self.tell(_("%(table)s: %(count)d baris.") % {"table": model._meta.db_table, "count": count})

    def value(self, row: Any, name: str, how: Treatment) -> Any:
        """What is written in the place of one value."""
        column, before = row._meta.get_field(name), getattr(row, name)
        if how == Treatment.EMPTY:
            return self._nothing(column)
        if before in (None, ""):
            return before
        if how == Treatment.CONTENT:
            if row._meta.label == "reversion.Version":
                return self._version(row)
            return self.contents.text(before) if isinstance(before, str) else self.contents.data(before)
        if how == Treatment.NIK_HASH:
            return nik_hash(self._nik(row.nik))
        if how == Treatment.ORGANISATION and name == "key":
            return self.invent.organisation(before).casefold()
        if how == Treatment.CODE and isinstance(column, models.UUIDField):
            return self.invent.uuid(str(before))
        if how == Treatment.CODE:
            return self.invent.code(before, min(len(before), 16) if column.max_length != 64 else 64)
        if how == Treatment.LABEL and row._meta.label == "reversion.Version":
            return f"#{row.object_id}"
        ways: dict[Treatment, Callable[[Any], Any]] = {
            Treatment.NAME: self.invent.name,
            Treatment.EMAIL: self.invent.email,
            Treatment.NIK: self._nik,
            Treatment.PHONE: self.invent.phone,
            Treatment.BIRTH: self.invent.birth,
            Treatment.PLACE: lambda value: PLACE,
            Treatment.POSTCODE: lambda value: POSTCODE,
            Treatment.ORGANISATION: self.invent.organisation,
            Treatment.WORDS: lambda value: f"{DISGUISED} {row.pk}" if _is_unique(column) else DISGUISED,
            Treatment.NETWORK: lambda value: None,
            Treatment.LABEL: self.contents.label,
        }
        return ways[how](before)

    def _nothing(self, column: models.Field) -> Any:
        if column.model is User and column.name == "password":
            return self.password
        if column.null:
            return None
        return {} if isinstance(column, models.JSONField) else ""

    def _nik(self, before: str) -> str:
        """No two people get one number."""
        if not before:
            return before
        turn = 0
        while self._niks.setdefault(found := self.invent.nik(before, turn=turn), before) != before:
            turn += 1
        return found

    def _version(self, row: Any) -> str:
        """A state of a record that staff edited: only the personal columns of it change."""
        rows = json.loads(row.serialized_data)
        for one in rows:
            model = apps.get_model(one["model"])
            treated = next((h.fields for h in HOLDINGS if h.model == model._meta.label), {})
            state = model()
            for name, how in treated.items():
                if name in one["fields"] and how not in (Treatment.KEPT, Treatment.DIGEST):
                    setattr(state, name, one["fields"][name])
                    one["fields"][name] = self.value(state, name, how)
        return json.dumps(rows, ensure_ascii=False)

    # --- what must fit together -----------------------------------------------------------------------

    def put_hashes_right(self) -> None:
        """Every hash of a content or a file names what stands there now."""
        for model, names in _columns_treated(Treatment.DIGEST).items():
            plain = [name for name in names if name in ("sha256", "content_sha256")]
            if not plain or model in (Document, ImportRun):
                continue
            for batch in _batches(QuerySet(model).order_by("pk").only(*plain)):
                _write(
                    model,
                    [
                        (row.pk, {n: self.contents.hashes.get(getattr(row, n), getattr(row, n)) for n in plain})
                        for row in batch
                    ],
                )
        for run in QuerySet(ImportRun).order_by("pk").iterator(BATCH):
            values = {"sha256": content_hash(random_words(40)), "fingerprint": content_hash(random_words(40))}
            QuerySet(ImportRun).filter(pk=run.pk).update(**values)

    def rebuild_names(self) -> None:
        self._empty(NameWord)
        for batch in _batches(QuerySet(User).order_by("pk").only("full_name")):
            words = [
                NameWord(user_id=user.pk, word=w) for user in batch for w in sorted(set(search_words(user.full_name)))
            ]
            NameWord.objects.bulk_create(words)

    def sign_certificates(self) -> None:
        """With the key of this installation; the real one signs nothing here."""
        if not QuerySet(Certificate).exists():
            return
        key = current_key()
        rows = QuerySet(Certificate).exclude(token="").select_related("scheme").order_by("pk")
        for batch in _batches(rows):
            _write(Certificate, [(row.pk, {"token": token_for(row, key), "key": key}) for row in batch])

    def reseal_handovers(self) -> None:
        for handover in QuerySet(Handover).exclude(manifest="").order_by("pk"):
            reseal(handover)

    def chain_activity(self) -> None:
        """Each entry gets the digest of what it says now, and the chain is forged anew, in the old order."""
        names = ("uid", "at", "code", "actor_id", "subject_type", "subject_id", "subject_label", "ip_address", "data")
        for batch in _batches(QuerySet(ActivityEntry).order_by("pk")):
            _write(
                ActivityEntry, [(row.pk, {"mac": entry_mac(*(getattr(row, name) for name in names))}) for row in batch]
            )
        digest, sequence = START, 0
        for batch in _batches(QuerySet(ActivitySeal).order_by("sequence")):
            macs = dict(QuerySet(ActivityEntry).filter(pk__in=[s.entry_id for s in batch]).values_list("pk", "mac"))
            written = []
            for seal in batch:
                digest = seal_digest(digest, seal.sequence, seal.entry_id, macs.get(seal.entry_id, ""))
                written.append((seal.sequence, {"digest": digest}))
                sequence = seal.sequence
            _write(ActivitySeal, written)
        head = QuerySet(ActivityHead).first()
        if head is not None:
            mac = head_mac(sequence, digest, head.swept_to)
            QuerySet(ActivityHead).filter(pk=head.pk).update(sequence=sequence, digest=digest, mac=mac)
        set_aside()
        self.tell(_("Catatan aktivitas disegel ulang."))

    def clean_up(self) -> None:
        """What the database still has of rows that went: pages that are free but not empty."""
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _columns_treated(how: Treatment) -> dict[type[models.Model], list[str]]:
    found = {}
    for holding in HOLDINGS:
        if names := [name for name, treatment in holding.fields.items() if treatment == how]:
            found[apps.get_model(holding.model)] = names
    return found


def _is_unique(column: models.Field) -> bool:
    """Whether two rows must not hold the same, alone or within an owner."""
    named = [set(one.fields) for one in column.model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return column.unique or any(column.name in names for names in named)


def _also_read(model: str) -> tuple[str, ...]:
    """What a value is made from beside itself."""
    return {"reversion.Version": ("object_id",)}.get(model, ())


def _batches(rows: QuerySet) -> Iterator[list[Any]]:
    """In the order of the keys, so that what is written meanwhile is met once."""
    last = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield batch
        last = batch[-1].pk


def _write(model: type[models.Model], rows: list[tuple[Any, dict[str, Any]]]) -> None:
    """Each (key, {field: value}); rows that name the same fields share a statement."""
    quote = connection.ops.quote_name
    statements: dict[tuple[str, ...], list[list[Any]]] = {}
    key = model._meta.pk
    for pk, values in rows:
        columns = [model._meta.get_field(name) for name in values]
        line = [
            column.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection)
            for column, value in zip(columns, values.values(), strict=True)
        ]
        names = tuple(column.column for column in columns)
        statements.setdefault(names, []).append([*line, key.get_db_prep_save(pk, connection)])
    with transaction.atomic(), connection.cursor() as cursor:
        for names, lines in statements.items():
            assignments = ", ".join(f"{quote(name)} = %s" for name in names)
            cursor.executemany(
                f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE {quote(key.column)} = %s",  # noqa: S608
                lines,
            )


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
