"""Whoever follows installation.md word for word can back up and prove it: what once was missing there stays there."""

import re

from tests.deployment.servers import EXAMPLES, ROOT


def grants(page: str) -> list[str]:
    text = (ROOT / "server_docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^GRANT .*;$", text, re.MULTILINE)


def test_the_installation_gives_the_account_what_backups_and_drills_need():
    needed = grants("backup.md")
    assert any("BINLOG MONITOR" in line for line in needed)
    assert any("lsp_drill" in line for line in needed)
    assert set(needed) <= set(grants("installation.md"))
    # DATABASE_URL of step 5 goes over TCP, where MariaDB (skip_name_resolve) knows this name of the account alone
    assert all("lsp@127.0.0.1" in line for line in needed)


def test_a_backup_that_somebody_asks_for_may_write_where_the_settings_put_it():
    """The service that carries it sees everything but a few folders as read-only."""
    unit = (EXAMPLES / "lsp-jobs.service").read_text(encoding="utf-8")
    writable = re.search(r"^ReadWritePaths=(.+)$", unit, re.MULTILINE)
    place = re.search(r"^BACKUP_REPOSITORY=(.+)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert writable
    assert place
    assert any(place[1].startswith(f"{folder.lstrip('-')}/") for folder in writable[1].split())
