"""scripts/upgrade.sh: its steps in their order, and that it goes no further when one fails. The programs around it write
down that they were called."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deployment.servers import ROOT

NOTE = '#!/bin/sh\necho "$(basename "$0") $*" >>"$CALLS"\ncase "$*" in *"$FAILS"*) exit 3 ;; esac\n'


@pytest.fixture
def installation(tmp_path) -> Path:
    (tmp_path / "opt" / "scripts").mkdir(parents=True)
    (tmp_path / "opt" / "scripts" / "upgrade.sh").write_text((ROOT / "scripts" / "upgrade.sh").read_text())
    (tmp_path / "opt" / ".env").write_text("SITE_URL=https://sertifikasi.contoh.id\n")
    (tmp_path / "opt" / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    runs = '#!/bin/sh\nshift 3\nexec "$@"\n'
    for path, words in {
        "bin/runuser": runs, "bin/systemctl": NOTE, "bin/curl": NOTE,
        "opt/.venv/bin/python": NOTE, "opt/.venv/bin/pip": NOTE, "opt/.venv/bin/gunicorn": "#!/bin/sh\necho 27\n",
    }.items():  # fmt: skip
        (tmp_path / path).write_text(words)
        (tmp_path / path).chmod(0o755)
    return tmp_path


def upgrade(installation: Path, *, fails: str = "nothing") -> tuple[subprocess.CompletedProcess, list[str]]:
    calls = installation / "calls"
    env = {"PATH": f"{installation / 'bin'}:{os.environ['PATH']}", "CALLS": str(calls), "FAILS": fails}
    done = subprocess.run(["sh", "opt/scripts/upgrade.sh"], cwd=installation, env=env, capture_output=True, text=True)
    return done, [" ".join(line.split()[:3]) for line in calls.read_text().splitlines()]


def test_an_upgrade_backs_up_first_and_loads_new_processes_when_all_else_is_ready(installation):
    done, steps = upgrade(installation)

    assert done.returncode == 0, done.stderr
    assert steps == [
        "python manage.py backup", "pip install --quiet", "pip install --quiet", "python manage.py check",
        "python manage.py migrate", "python manage.py load_reference", "python manage.py createcachetable",
        "python manage.py collectstatic", "python manage.py crontab",
        "systemctl reload lsp.service", "systemctl try-restart lsp-jobs.service", "curl --silent --show-error",
        "python manage.py build_manuals",
    ]  # fmt: skip


def test_without_a_backup_nothing_is_touched_and_after_a_failed_migration_the_old_processes_go_on(installation):
    done, steps = upgrade(installation, fails="manage.py backup")
    assert (done.returncode, steps) == (3, ["python manage.py backup"])
    assert 'STOPPED at "1 back up"' in done.stderr

    done, steps = upgrade(installation, fails="manage.py migrate")
    assert (done.returncode, steps[-1]) == (3, "python manage.py migrate")
    assert not [step for step in steps if step.startswith("systemctl")]
