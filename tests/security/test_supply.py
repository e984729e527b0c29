"""Libraries of others: each is on the list with its licence, each licence is one that somebody allowed, and a fault that
the world knows of stops the build."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from scripts import known_faults
from scripts.parts import ALLOWED, LIST, is_allowed, licence_of, locked, sbom, shipped, tools

ROOT = Path(__file__).resolve().parents[2]


def rows_of_the_list() -> dict[str, tuple[str, str]]:
    """{library: (version, licence)} as the list has it."""
    rows = re.findall(
        r"^\| ([a-z0-9._-]+) \| (\S+) \| ([^|]+) \| [^|]+ \|$", LIST.read_text(encoding="utf-8"), re.MULTILINE
    )
    return {name: (version, licence) for name, version, licence in rows if name != "library"}


# --- what is locked ---------------------------------------------------------------------------------------


def test_every_locked_library_comes_with_the_hashes_of_its_files():
    for lock in ("base", "production", "dev"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        pinned = [block for block in re.split(r"\n(?=[a-z0-9])", text) if "==" in block]
        assert len(pinned) == len(locked(lock)) > 5
        assert [block.partition(" ")[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert "--require-hashes" in (ROOT / "scripts" / "environment.sh").read_text(encoding="utf-8")


def test_the_list_of_licences_names_what_is_locked_and_nothing_else():
    """`make licences` after `make lock`."""
    listed = {name: version for name, (version, _licence) in rows_of_the_list().items()}
    assert listed == {part.name: part.version for part in (*shipped(), *tools())}


def test_no_licence_is_on_the_list_that_nobody_allowed():
    refused = {
        name: licence for name, (_version, licence) in rows_of_the_list().items() if not is_allowed(name, licence)
    }
    assert refused == {}


def test_the_list_says_what_the_libraries_say():
    for name in ("django", "aiohttp", "svglib", "certifi", "pytest"):
        assert rows_of_the_list()[name][1] == licence_of(name)


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("GPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only", False),
        ("MIT OR GPL-3.0-only", True),
        ("MIT OR GPL-3.0-only AND AGPL-3.0-only", False),
        ("Dual License", False),
    ],
)
def test_with_and_all_must_be_allowed_and_with_or_one(licence, allowed):
    assert is_allowed("anything", licence) is allowed
    assert "GPL-3.0-only" not in ALLOWED


def test_a_library_that_no_one_said_a_licence_of_stops_the_list():
    with pytest.raises(LookupError, match="not installed"):
        licence_of("a-library-that-nobody-has")


def test_the_list_of_parts_is_cyclonedx_and_says_who_needs_whom():
    pytest.importorskip("MySQLdb", reason="mysqlclient is not installed")
    told = json.loads(sbom())  # checked against its own schema

    assert told["bomFormat"] == "CycloneDX"
    parts = {part["name"]: part for part in told["components"]}
    assert parts.keys() == {part.name for part in shipped()}
    assert parts["django"]["purl"] == f"pkg:pypi/django@{parts['django']['version']}"
    assert parts["django"]["licenses"] == [{"license": {"id": "BSD-3-Clause"}}]
    needs = {one["ref"]: one.get("dependsOn", []) for one in told["dependencies"]}
    assert parts["django"]["purl"] in needs["product"]
    assert parts["reportlab"]["purl"] in needs[parts["xhtml2pdf"]["purl"]]
    assert parts["reportlab"]["purl"] not in needs["product"]


# --- what the world knows of them -------------------------------------------------------------------------

LOCK = f"segno==1.6.6 --hash=sha256:{'0' * 64}\nnh3==0.3.8 --hash=sha256:{'0' * 64}\n"
FAULT = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-1"],
    "summary": "bad",
    "affected": [
        {
            "package": {"name": "nh3", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "0.4.0"}]}],
        }
    ],
}


@pytest.fixture
def register():
    """(address) of a register of faults that knows one, of nh3; it speaks as OSV does."""

    class Register(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps({"vulns": [FAULT]} if asked["package"]["name"] == "nh3" else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    with HTTPServer(("127.0.0.1", 0), Register) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()
        thread.join()


def test_a_fault_that_is_known_is_found_and_named_with_what_mends_it(register, tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(LOCK)
    told = known_faults.ask([lock], "--vulnerability-service=osv", f"--osv-url={register}")

    line = "nh3 0.3.8: PYSEC-2026-1, mended in 0.4.0"
    assert known_faults.judge(told, {}) == ([line], [])
    assert known_faults.judge(told, {"CVE-2026-1": "does not concern us"}) == ([], [])
    assert known_faults.verdict(told) == (1, [line])


def test_who_cannot_be_asked_is_no_all_clear(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(LOCK)
    with pytest.raises(OSError, match=r"Max retries|refused"):
        known_faults.ask([lock], "--vulnerability-service=osv", "--osv-url=http://127.0.0.1:9/v1/query")

    one_of_two = [{"name": "nh3", "skip_reason": "not found"}, {"name": "segno", "version": "1.6.6", "vulns": []}]
    status, [line] = known_faults.verdict(one_of_two)
    assert (status, line.startswith("COULD NOT ASK about 1 of 2 libraries")) == (0, True)
    assert known_faults.verdict(one_of_two[1:]) == (0, ["1 libraries, no known fault"])
