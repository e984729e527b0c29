"""The other files in server_docs/examples/, each asked of the program that reads it; and what the documents promise."""

import re
import subprocess

import pytest

from tests.deployment.servers import EXAMPLES, ROOT, put_in, tool


def asked(*command: str) -> subprocess.CompletedProcess:
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("name", ["mariadb.cnf", "mariadb-replica.cnf"])
def test_mariadb_knows_every_option(name):
    answer = asked(tool("mariadbd"), f"--defaults-file={EXAMPLES / name}", "--user=mysql", "--verbose", "--help")
    assert answer.returncode == 0, answer.stderr
    assert "unknown" not in answer.stderr
    told = dict(re.findall(r"^([a-z-]+) +(\S+)$", answer.stdout, re.MULTILINE))
    assert (told["innodb-flush-log-at-trx-commit"], told["binlog-format"]) == ("1", "ROW")


def test_logs_are_turned_over(tmp_path):
    config = tmp_path / "logrotate.conf"
    text = (EXAMPLES / "logrotate.conf").read_text(encoding="utf-8")
    config.write_text(put_in(text, {"/var/log/lsp": str(tmp_path), " lsp adm": " root root"}))
    (tmp_path / "cron.log").write_text("baris\n")
    answer = asked(tool("logrotate"), "--debug", "--state", str(tmp_path / "state"), str(config))
    assert answer.returncode == 0, answer.stderr
    assert "error" not in answer.stderr
    assert "considering log" in answer.stderr


def test_the_firewall_is_understood():
    answer = asked(tool("nft"), "--check", "--file", str(EXAMPLES / "nftables.conf"))
    if re.search("not permitted|netlink", answer.stderr, re.IGNORECASE):
        pytest.skip("this machine lets nobody ask the kernel about a firewall")
    assert answer.returncode == 0, answer.stderr


def test_units_are_understood_and_closed(tmp_path):
    for path in EXAMPLES.glob("lsp*"):
        (tmp_path / path.name).write_text(
            path.read_text()
            .replace("/opt/lsp/.venv/bin/", "/usr/bin/")
            .replace("bin/gunicorn", "bin/env")
            .replace("bin/python", "bin/env")
        )
    tool("systemd-analyze")
    verified = asked("systemd-analyze", "verify", "--recursive-errors=no", *map(str, sorted(tmp_path.iterdir())))
    assert not [line for line in verified.stderr.splitlines() if line.startswith("lsp")], verified.stderr
    for unit in ("lsp.service", "lsp-jobs.service"):
        told = asked("systemd-analyze", "security", "--offline=true", "--threshold=20", str(EXAMPLES / unit))
        assert told.returncode == 0, told.stdout[-400:]  # 2.0 of 10; without any line of hardening it is 9.2


def test_every_file_that_the_documents_name_is_there_and_every_example_is_told_of():
    documents = [*(ROOT / "server_docs").glob("*.md"), ROOT / "README.md"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    named = set(re.findall(r"\((?:server_docs/)?examples/([\w./-]+?)/?\)", text))
    assert {name for name in named if not (EXAMPLES / name).exists()} == set()
    there = {path.name for path in EXAMPLES.iterdir() if path.is_file()}
    assert {name for name in there if name not in text} == set()
