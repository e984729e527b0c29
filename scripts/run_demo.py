"""`make run`: brings the database up to date, fills an empty one with demo data, and serves. Keeps what is in var/.

    HOST=127.0.0.1 PORT=8000 python scripts/run_demo.py

One process for all steps, so that a second start takes seconds.
"""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from fresh_tables import make_tables

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    is_private = host == "localhost" or host.startswith("127.")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "core.config.settings",
        "DJANGO_RUNSERVER_HIDE_WARNING": "true",
        "ENVIRONMENT": "development",
        "DEMO": "1",
    }
    address = f"http://{host if is_private else socket.gethostname()}:{port}"
    os.environ.setdefault("SITE_URL", address)  # stands in the links of letters
    if not is_private:  # opened to the network on purpose: by whatever name this machine is called
        os.environ.setdefault("ALLOWED_HOSTS", "*")
    sys.path.insert(0, str(ROOT))

    import django
    from django.core.management import call_command
    from django.db import connection, connections

    django.setup()
    from django.conf import settings

    from core.timetable.rules import CARRIERS

    settings.TIMETABLE = tuple(job for job in settings.TIMETABLE if job[0] not in CARRIERS)  # a thread does that here
    if not connection.introspection.table_names():
        make_tables()
    call_command("migrate", verbosity=0)
    call_command("load_reference")
    call_command("seed_demo", if_empty=True)
    connections.close_all()
    threading.Thread(target=_read_timetable, daemon=True).start()
    threading.Thread(target=_carry_jobs, daemon=True).start()
    if os.environ.get("DEMO_MANUALS") != "0":
        _print_manuals()
    print(
        f"\n  Sistem Sertifikasi LSP BNPB (demo)\n"
        f"    Portal asesi     {address}/\n"
        f"    Ruang kerja      {address}/admin/\n"
        f"  Data disimpan di var/. Hentikan dengan Ctrl+C.\n",
        flush=True,
    )
    call_command("runserver", f"{host}:{port}", use_reloader=False)


def _read_timetable() -> None:
    """No cron here: what is due is done in turn, beginning with what was missed since the last start."""
    from django.db import connections

    from core.timetable.runner import run_in_turn

    while True:
        run_in_turn()
        connections.close_all()
        time.sleep(60 - time.time() % 60)


def _print_manuals() -> None:
    """In a process of its own that gives way to the pages: the PDFs are there a minute later."""
    from core.manual.books import books
    from core.manual.shelf import printed_book

    if not all(map(printed_book, books())):
        command = [sys.executable, str(ROOT / "manage.py"), "build_manuals"]
        subprocess.Popen(["nice", "-n", "15", *command] if shutil.which("nice") else command, stdout=subprocess.DEVNULL)


def _carry_jobs() -> None:
    """What cron and systemd do elsewhere: background jobs begin within seconds of being asked for."""
    from core.jobs.services import keep_running

    keep_running(seconds=float("inf"))


if __name__ == "__main__":
    main()
