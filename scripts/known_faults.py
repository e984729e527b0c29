"""Ask pip-audit whether a locked library has a fault that is publicly known.

    python scripts/known_faults.py

Ends with 1 when one has, and names it with the version that mends it. Where the list of faults can't be asked (no
internet, an index that is only a mirror), it says so and ends with 0: no finding, and no all-clear either, which is
what pip-audit itself would print. A fault that is known and does not concern us is named in ACCEPTED.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("base", "production", "dev")
#: {id: why it does not concern us, and until when that was looked at}; none today.
ACCEPTED: dict[str, str] = {}
SECONDS = 240


def ask(locks: list[Path], *options: str) -> list[dict[str, Any]]:
    """What pip-audit knows of each locked library. OSError: it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off", "--timeout=10"]
    command += ["--disable-pip", "--require-hashes", *(f"--requirement={lock}" for lock in locks), *options]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise OSError(f"no answer within {SECONDS} seconds") from error
    try:
        return json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        last = (done.stderr.strip() or "no answer").splitlines()[-1]
        raise OSError(last) from error


def judge(told: list[dict[str, Any]], accepted: dict[str, str]) -> tuple[list[str], list[str]]:
    """(a line for each fault, the libraries that nobody could be asked about)."""
    faults = {
        f"{library['name']} {library['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or '-'}"
        for library in told
        for fault in library.get("vulns", [])
        if accepted.keys().isdisjoint({fault["id"], *fault.get("aliases", [])})
    }
    return sorted(faults), sorted({library["name"] for library in told if "skip_reason" in library})


def verdict(told: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """(how the program ends, what it says)."""
    faults, unasked = judge(told, ACCEPTED)
    libraries = {library["name"] for library in told}
    if unasked:
        some = ", ".join(unasked[:5])
        faults_and_more = [*faults, f"COULD NOT ASK about {len(unasked)} of {len(libraries)} libraries ({some} …)"]
        return (1 if faults else 0), faults_and_more
    return (1, faults) if faults else (0, [f"{len(libraries)} libraries, no known fault"])


def main() -> int:
    try:
        status, lines = verdict(ask([ROOT / "requirements" / f"{name}.txt" for name in LOCKS]))
    except OSError as error:
        status, lines = 0, [f"COULD NOT ASK, nothing is known about any library ({error})"]
    for line in lines:
        print(f"pip-audit: {line}")
    return status


if __name__ == "__main__":
    sys.exit(main())
