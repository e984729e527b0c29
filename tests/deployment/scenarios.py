"""What the tests do on a server of the installation, in one process with its settings: starting one takes seconds."""

import hashlib
import json
from typing import Any

from django.core.management import call_command
from django.db import Error, connection, connections, transaction
from django.db.migrations.loader import MigrationLoader

#: Tables that an upgrade may write: what was applied, and what Django derives from the models.
DERIVED = {"django_migrations", "django_content_type", "auth_permission"}


def run(words: str) -> None:
    name, *arguments = json.loads(words)
    print(json.dumps(globals()[name](*arguments), default=str))


# --- upgrading --------------------------------------------------------------------------------------------


def upgrade(previous: str) -> dict[str, Any]:
    """Bring what the previous release left to the newest version; what was lost by it, and what old code can't write."""
    before = contents()
    call_command("migrate", verbosity=0)
    after = contents({table: columns for table, (columns, _count, _digest) in before.items()})
    changed = {
        table: [told[1], after.get(table, [[], 0, ""])[1]] for table, told in before.items() if told != after.get(table)
    }
    unwritable, written = old_code_writes(previous)
    return {
        "rows": sum(count for _columns, count, _digest in before.values()),
        "changed": {table: counts for table, counts in changed.items() if table not in DERIVED},
        "unwritable": unwritable,
        "written": written,
    }


def contents(columns: dict[str, list[str]] | None = None) -> dict[str, list]:
    """{table: [columns, how many rows, digest of what stands in these columns]} of everything but full-text indexes."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if "_fts" in table or (columns is not None and table not in columns):
                continue
            described = sorted(column.name for column in connection.introspection.get_table_description(cursor, table))
            wanted = [name for name in (columns[table] if columns else described) if name in described]
            quoted = ", ".join(map(connection.ops.quote_name, wanted))
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = [wanted, len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()]
    return found


def old_code_writes(previous: str) -> tuple[dict[str, str], int]:
    """Whether the models of the previous release can still write each kind of row: a row that is there is taken out and
    put back by them. Why not, by model; how many kinds could."""
    old = MigrationLoader(connection).project_state(("core", previous)).apps
    refused, written = {}, 0
    for model in old.get_app_config("core").get_models(include_auto_created=True):
        row = model._base_manager.order_by("pk").last() if model._meta.managed else None
        if row is None:
            continue
        try:
            with connection.constraint_checks_disabled(), transaction.atomic():
                model._base_manager.filter(pk=row.pk)._raw_delete("default")
                row.save_base(raw=True, force_insert=True)
                transaction.set_rollback(True)
            written += 1
        except Error as error:
            refused[model._meta.label] = str(error)
    return refused, written


def upgrade_and_see(previous: str) -> dict[str, Any]:
    return upgrade(previous) | {"pages": see_pages()}


def see_pages() -> dict[str, int]:
    """What the most-used pages answer: as a visitor, as the secretariat, as a candidate."""
    from django.test import Client

    from core.accounts.models import User
    from core.applications.models import Application
    from core.certificates.models import Certificate

    let_staff_in()
    visitor, clerk, candidate = Client(), Client(), Client()
    clerk.force_login(User.objects.get(email="sekretariat@contoh.id"))
    candidate.force_login(User.objects.get(email="asesi@contoh.id"))
    case, certificate = Application.objects.exclude(status="draft").latest("pk"), Certificate.objects.last()
    paper = f"/verifikasi/{certificate.code}/" if certificate else "/verifikasi/"  # few cases may have none
    asked = [
        *((visitor, path) for path in ("/", "/skema/", paper)),
        (candidate, "/akun/"),
        *((clerk, f"/admin/{path}/") for path in ("core/application", "core/certificate", "core/document")),
        *((clerk, f"/admin/{path}") for path in (f"core/application/{case.pk}/change/", "rekap-sertifikasi/", "rekap-dokumen/")),
    ]  # fmt: skip
    return {path: client.get(path, SERVER_NAME="localhost").status_code for client, path in asked}


# --- an installation --------------------------------------------------------------------------------------


def install(previous: str) -> dict[str, Any]:
    """The steps of an upgrade in their order, and a paper to be fetched."""
    from core.accounts.models import User
    from tests.factories.documents import make_document, pdf_bytes

    told = upgrade(previous)
    call_command("createcachetable", verbosity=0)
    let_staff_in()
    owner = User.objects.get(email="asesi@contoh.id")
    document = make_document(owner=owner, content=pdf_bytes(pages=2), kind="ijazah")
    return told | {"paper": f"/akun/berkas/{document.public_id}/", "size": document.size}


def let_staff_in() -> None:
    """Nobody has a telephone with codes here."""
    from core.policy.models import SystemPolicy

    names = [field.attname for field in SystemPolicy._meta.fields if field.attname.startswith("second_factor_")]
    SystemPolicy.objects.update(**dict.fromkeys(names, False))


def read_from_replica() -> dict[str, Any]:
    """Where cases are counted and what the count knows: right after writing, in a transaction, while the replica stands
    still, when it goes on, and when it is gone."""
    from core.accounts.models import User
    from core.common import replica

    replica.REST = 0.0
    officer = User.objects.get(email="asesi@contoh.id")

    def written_and_read(name: str) -> list[str]:
        User.objects.filter(pk=officer.pk).update(full_name=name)
        found = replica.on_replica(lambda: User.objects.get(pk=officer.pk))
        return [found._state.db, found.full_name]

    def say(words: str) -> None:
        with connections[replica.ALIAS].cursor() as cursor:
            cursor.execute(words)

    told = {"level": [written_and_read("Satu"), written_and_read("Dua")]}
    with transaction.atomic():
        told["in a transaction"] = written_and_read("Tiga")
    say("STOP SLAVE SQL_THREAD")
    told["standing still"] = written_and_read("Empat")
    told["is level"] = replica.is_level()
    say("START SLAVE SQL_THREAD")
    told["going on"] = written_and_read("Lima")

    def refused() -> str:
        try:
            User.objects.using(replica.ALIAS).filter(pk=officer.pk).update(full_name="Enam")
        except Error as error:
            return str(error)
        return "written"

    told["writing there"] = refused()
    told["outside"] = User.objects.get(pk=officer.pk)._state.db
    connections[replica.ALIAS].close()
    connections[replica.ALIAS].settings_dict["PORT"] = 1  # nobody listens
    told["gone"] = written_and_read("Tujuh")
    return told
