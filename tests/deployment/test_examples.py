"""The other files in server_docs/examples/, each asked of the program that reads it; and what the documents promise."""

import json
import re
import subprocess
import sys
from pathlib import Path

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


#: In place of the accounts that a server has.
PROGRAM, UPDATES, SOMEBODY = 4711, 4712, 4713


@pytest.fixture
def firewall(tmp_path) -> Path:
    """The example, with numbers for the accounts, which need not exist on this machine."""
    text = (EXAMPLES / "nftables.conf").read_text(encoding="utf-8")
    rules = tmp_path / "nftables.conf"
    rules.write_text(put_in(text, {'"lsp"': str(PROGRAM), '"_apt", "clamav"': str(UPDATES)}), encoding="utf-8")
    return rules


#: What the example asks of a kernel; where one lacks it nothing can be said about the example.
PROBE = """table inet probe {
    set still { type inet_service; flags timeout; }
    chain out {
        type filter hook output priority 0;
        meta skuid 1 tcp dport @still limit rate 1/minute log prefix "x"
        reject with icmpx admin-prohibited
    }
}
"""


def skip_where_the_kernel_lacks_it(tmp_path) -> None:
    probe = tmp_path / "probe.conf"
    probe.write_text(PROBE, encoding="utf-8")
    if asked(tool("unshare"), "--net", tool("nft"), "--file", str(probe)).returncode:
        pytest.skip("this machine has no network of a test's own, or its kernel lacks what a firewall needs")


def skip_where_nobody_may_ask(answer: subprocess.CompletedProcess) -> None:
    if re.search("not permitted|netlink|unknown device", answer.stderr, re.IGNORECASE):
        pytest.skip("this machine lets nobody ask the kernel about a firewall")


def test_the_firewall_is_understood(firewall):
    """Also with every line that is there to be put in."""
    nft = tool("nft")
    for text in (
        firewall.read_text(),
        re.sub(r"^        # (?=meta skuid|ip daddr)", "", firewall.read_text(), flags=re.M),
    ):
        firewall.write_text(text.replace('"www-data"', "4714").replace('"mysql"', "4715"), encoding="utf-8")
        answer = asked(nft, "--check", "--file", str(firewall))
        skip_where_nobody_may_ask(answer)
        assert answer.returncode == 0, answer.stderr


#: Run in a network of its own that leads nowhere: what is let out waits for an answer, what is not hears so at once.
KNOCK = """
import json, os, socket, subprocess, sys
for command in ("link set lo up", "link add outside type veth peer name wire", "link set wire up",
                "address add 192.0.2.200/24 dev outside", "link set outside arp off up", "route add default dev outside"):
    subprocess.run([sys.argv[2], *command.split()], check=True)
subprocess.run([sys.argv[1], "-f", sys.argv[3]], check=True)

def knocks(uid, kind, address, port):
    os.setuid(uid)
    door = socket.socket(socket.AF_INET, kind)
    door.settimeout(0.2)
    try:
        door.sendto(b"?", (address, port)) if kind == socket.SOCK_DGRAM else door.connect((address, port))
    except TimeoutError:
        return 1
    except OSError:
        return 0
    return 1

waiting = {}
for words in json.loads(sys.argv[4]):
    uid, kind, address, port = words
    if not (pid := os.fork()):
        os._exit(knocks(uid, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM, address, port))
    waiting[pid] = words
print(json.dumps([[words, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])] for pid, words in waiting.items()]))
"""


@pytest.mark.parametrize("is_upgrading", [False, True])
def test_the_firewall_lets_out_what_the_product_needs_and_nothing_else(firewall, is_upgrading):
    """OWASP ASVS 13.2.4: whoever takes over the program cannot carry data where they like."""
    out = [
        (SOMEBODY, "udp", "192.0.2.53", 53),
        (SOMEBODY, "tcp", "192.0.2.53", 53),
        (SOMEBODY, "udp", "192.0.2.123", 123),
        (PROGRAM, "tcp", "192.0.2.25", 587),
        (PROGRAM, "tcp", "192.0.2.22", 22),
        (UPDATES, "tcp", "203.0.113.9", 443),
        (0, "tcp", "203.0.113.9", 80),
    ]
    shut = [
        (PROGRAM, "tcp", "203.0.113.9", 22),
        (PROGRAM, "tcp", "203.0.113.9", 587),
        (PROGRAM, "udp", "203.0.113.9", 53),
        (PROGRAM, "tcp", "192.0.2.25", 22),
        (SOMEBODY, "tcp", "192.0.2.25", 587),
        (SOMEBODY, "tcp", "203.0.113.9", 443),
        (0, "tcp", "203.0.113.9", 22),
    ]
    (out if is_upgrading else shut).append((PROGRAM, "tcp", "203.0.113.9", 443))
    if is_upgrading:
        with firewall.open("a", encoding="utf-8") as rules:  # as server_docs/upgrade.md says it
            rules.write("\nadd element inet lsp upgrade { 443 timeout 30m }\n")

    skip_where_the_kernel_lacks_it(firewall.parent)
    knocking = (sys.executable, "-c", KNOCK, tool("nft"), tool("ip"), str(firewall), json.dumps(out + shut))
    answer = asked(tool("unshare"), "--net", *knocking)
    skip_where_nobody_may_ask(answer)

    assert answer.returncode == 0, answer.stderr
    got_out = {tuple(words) for words, is_out in json.loads(answer.stdout) if is_out}
    assert got_out == set(out)


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
    for unit, most in (("lsp.service", 20), ("lsp-jobs.service", 20), ("lsp-secrets.service", 60)):
        told = asked("systemd-analyze", "security", "--offline=true", f"--threshold={most}", str(EXAMPLES / unit))
        assert told.returncode == 0, told.stdout[-400:]  # 2.0 of 10; without any line of hardening it is 9.2


def test_secrets_are_decrypted_into_memory_for_the_program_alone(tmp_path):
    """The command of the unit, in folders of the test's own, with a key that is none (a TPM or root's file is not ours)."""
    unit = (EXAMPLES / "lsp-secrets.service").read_text(encoding="utf-8")
    command = re.search(r"^ExecStart=/bin/sh -c '(.*)'$", unit, re.MULTILINE)[1].replace("$$", "$")
    umask = int(re.search(r"^UMask=(\d+)$", unit, re.MULTILINE)[1], 8)
    kept, plain = tmp_path / "secrets", tmp_path / "run"
    kept.mkdir()
    plain.mkdir()
    for name in ("SECRET_KEY", "LOOKUP_KEY"):
        made = subprocess.run(
            [tool("systemd-creds"), "encrypt", "--with-key=tpm2-absent", f"--name={name}", "-", kept / name],
            input=f"rahasia {name}", capture_output=True, text=True,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        assert "rahasia" not in (kept / name).read_text()

    done = subprocess.run(
        ["sh", "-c", command.replace("/run/lsp-secrets", str(plain))],
        cwd=kept,
        umask=umask,
        capture_output=True,
        text=True,
    )
    if "TPM2" in done.stderr and done.returncode:
        pytest.skip("this machine has a TPM, which refuses what was encrypted without a key")
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_text() for path in plain.iterdir()} == {
        "SECRET_KEY": "rahasia SECRET_KEY",
        "LOOKUP_KEY": "rahasia LOOKUP_KEY",
    }
    assert {path.stat().st_mode & 0o777 for path in plain.iterdir()} == {0o440}
    (kept / "METRICS_TOKEN").write_bytes((kept / "LOOKUP_KEY").read_bytes())  # one secret in the place of another
    assert (
        subprocess.run(
            ["sh", "-c", command.replace("/run/lsp-secrets", str(plain))], cwd=kept, capture_output=True
        ).returncode
        != 0
    )


def test_every_file_that_the_documents_name_is_there_and_every_example_is_told_of():
    documents = [*(ROOT / "server_docs").glob("*.md"), ROOT / "README.md"]
    text = "\n".join(path.read_text(encoding="utf-8") for path in documents)
    named = set(re.findall(r"\((?:server_docs/)?examples/([\w./-]+?)/?\)", text))
    assert {name for name in named if not (EXAMPLES / name).exists()} == set()
    there = {path.name for path in EXAMPLES.iterdir() if path.is_file()}
    assert {name for name in there if name not in text} == set()
