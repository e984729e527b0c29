"""`make fuzz`: FUZZ_CASES generated inputs against every form, filter, import, upload and step of the workflow.

    FUZZ_CASES=100000 FUZZ_SEED=… FUZZ_WORKERS=2 run_fuzz.py [arguments for pytest …]

The same seed on the same code tries the same inputs. Each test's count, and what was found with the request that shows
it, stand at the end; 1 when anything was found.
"""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    cases, workers = os.environ.get("FUZZ_CASES") or "100000", os.environ.get("FUZZ_WORKERS") or "2"
    seed = os.environ.get("FUZZ_SEED") or str(secrets.randbelow(10**9))
    print(f"Kasus yang diminta: {cases}; benih: FUZZ_SEED={seed}", flush=True)
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "-n", workers, "--maxschedchunk=2", "--timeout=0"]
    code = subprocess.call(
        [*command, f"--hypothesis-seed={seed}", *(sys.argv[1:] or ["tests/fuzz"])],
        cwd=ROOT,
        env=os.environ | {"FUZZ_CASES": cases},
    )
    print(f"Benih: FUZZ_SEED={seed}; lama: {time.monotonic() - begun:.0f} detik", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
