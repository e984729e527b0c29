"""From the previous release to this one: no data is lost, its code can go on for a while, and there is a way back.

While a new version goes in, and after one went back, old code runs on the new tables. So a migration may only add what
old code can leave out (server_docs/upgrade.md).
"""

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from tests.deployment import servers

#: What breaks the rule on purpose: {(migration, model, field or ""): why old code does not mind}.
ALLOWED: dict[tuple[str, str, str], str] = {}


def new_migrations() -> list[migrations.Migration]:
    """Those that came after the previous release."""
    found = MigrationLoader(None).disk_migrations
    names = sorted(name for app, name in found if app == "core" and name > servers.facts()["migration"])
    return [found["core", name] for name in names]


def complaints(migration: migrations.Migration) -> dict[tuple[str, str, str], str]:
    """What in a migration old code could not live with."""
    found, made = {}, set()
    for operation in migration.operations:
        model, name = getattr(operation, "model_name", getattr(operation, "name", "")), getattr(operation, "name", "")
        key = (migration.name, model.lower(), name if model != name else "")
        match operation:
            case migrations.CreateModel():
                made.add(operation.name.lower())
            case (
                migrations.RemoveField()
                | migrations.RenameField()
                | migrations.DeleteModel()
                | migrations.RenameModel()
            ):
                found[key] = "takes away what old code still asks for"
            case migrations.AlterModelTable():
                found[key] = "old code asks for the table by its old name"
            case migrations.AddField() if model.lower() not in made:
                field = operation.field
                needed = not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)
                if needed and not isinstance(field, models.GeneratedField):
                    found[key] = "old code does not fill it: null=True or db_default=…"
    return found


def test_new_migrations_leave_old_code_working():
    found = {key: why for migration in new_migrations() for key, why in complaints(migration).items()}
    assert {key: why for key, why in found.items() if key not in ALLOWED} == {}


def test_the_rule_sees_what_old_code_could_not_live_with():
    class Bad(migrations.Migration):
        operations = [
            migrations.AddField("user", "shoe_size", models.IntegerField(default=0)),
            migrations.AddField("user", "hat_size", models.IntegerField(null=True)),
            migrations.AddField("user", "glove_size", models.IntegerField(db_default=0)),
            migrations.RemoveField("user", "phone"),
            migrations.CreateModel("Hat", [("id", models.BigAutoField(primary_key=True))]),
            migrations.AddField("hat", "owner", models.IntegerField()),
        ]

    assert [key[2] for key in complaints(Bad("9999_bad", "core"))] == ["shoe_size", "phone"]


def no_data_is_lost_and_old_code_can_write(told: dict) -> None:
    assert told["rows"] > 3000
    assert told["changed"] == {}  # not one row, nor what stands in it
    assert told["unwritable"] == {}
    assert told["written"] > 60


def test_what_the_previous_release_left_on_sqlite_is_whole_after_the_upgrade_and_old_code_can_write(tmp_path):
    database = tmp_path / "lsp.sqlite3"
    database.write_bytes(servers.previous("sqlite3.xz"))
    env = servers.environment(tmp_path, f"sqlite:///{database}", ENVIRONMENT="development", CACHE_URL="")
    env |= {"DJANGO_SETTINGS_MODULE": "core.config.settings", "ACCEL_PREFIX": ""}

    told = servers.run("upgrade_and_see", servers.facts()["migration"], env=env)

    no_data_is_lost_and_old_code_can_write(told)
    assert set(told["pages"].values()) == {200}, told["pages"]
