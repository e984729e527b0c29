"""`permission_matrix`: the document is fresh, the code is as stated, and whatever differs is named."""

import csv
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.config import access
from core.management.commands.permission_matrix import ROLES, addresses

pytestmark = pytest.mark.django_db

DOCUMENT = Path(__file__).resolve().parents[2] / "server_docs" / "permissions.md"
CELLS = {"r", "w", "rw", "o", "k", "-"}


def printed(*options: str) -> str:
    out = io.StringIO()
    call_command("permission_matrix", *options, stdout=out)
    return out.getvalue()


def test_the_document_is_what_the_command_prints():
    """Otherwise: python manage.py permission_matrix > server_docs/permissions.md"""
    assert DOCUMENT.read_text(encoding="utf-8") == printed()


def test_every_address_has_a_cell_for_every_role():
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))

    assert {f"{row['face']}:{row['name']}" for row in rows} == set(addresses())
    assert all(row["address"].startswith("/") for row in rows)
    assert {row[role] for row in rows for role in ROLES} == CELLS


def test_who_owes_the_second_factor_gets_what_a_stranger_gets_but_for_the_steps():
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))

    more = {f"{row['face']}:{row['name']}" for row in rows if row["password only"] != row["anonymous"]}
    assert more <= access.STEPS
    assert {row["password only"] for row in rows if f"{row['face']}:{row['name']}" in access.STEPS} == {"rw"}


@pytest.mark.parametrize(
    ("table", "line", "instead", "named"),
    [
        ("OFFICE", "\ncore_job_cancel ", "\ncore_job_stop ", "admin:core_job_cancel: not stated"),
        ("OFFICE", "\ncore_job_cancel ", "\ncore_job_stop ", "admin:core_job_stop: stated, but there is no such address"),
        ("PORTAL", "\nwithdraw ", "\nwithdrawn ", "public_site:withdraw: not stated"),
        ("MODELS", "\nuser                 -     -     v ", "\nuser                 -     -     vd ", "user: sekretariat may not delete"),
        ("MODELS", "\nregion               -     -     v ", "\nregion               -     -     - ", "region: sekretariat may view"),
    ],
)  # fmt: skip
def test_whatever_differs_is_named_and_fails(monkeypatch, table, line, instead, named):
    stated = getattr(access, table)
    assert line in stated
    monkeypatch.setattr(access, table, stated.replace(line, instead))

    with pytest.raises(CommandError) as failed:
        printed()

    assert named in str(failed.value)
    assert failed.value.returncode == 1


def test_an_act_on_ticked_rows_that_is_not_stated_is_named(monkeypatch):
    monkeypatch.setitem(access.BULK_ACTS, "user", {"deactivate": "administrator"})

    with pytest.raises(CommandError, match="user: administrator is offered"):
        printed()
