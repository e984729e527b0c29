"""`make uat`: walks through every acceptance script on a fresh demo and writes the report, whatever came of them.

Report and blank form lie in var/uat. Exit code 1 when a script failed or was not run.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    target = ROOT / "var" / "uat"
    pictures = target / "hasil"
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    walked = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "tests/acceptance", *sys.argv[1:]],
        cwd=ROOT,
        env=os.environ | {"UAT_RESULTS": str(pictures), "REQUIRE_BROWSER": "1"},
    )
    name = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
    told = "Chromium"
    if name:  # "Chromium 140.0.7339.80 built on …"
        shown = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
        told = shown.partition(" built")[0].strip()
    report = [sys.executable, "-m", "tests.acceptance.report", pictures, target, "SQLite (data demo)", told]
    return subprocess.run(report, cwd=ROOT).returncode or walked.returncode


if __name__ == "__main__":
    sys.exit(main())
