"""Settings of a server whose timetable holds a few jobs that misbehave, and those jobs.

What a job does is written into the file that the environment names, a word a line, so that a test sees how often.
Run as a program it is the shell of that server: each line on its standard input is the environment and the words of
a command, for which a child is forked; `begun <pid>` and `ended <pid> <code>` come back. So Django is loaded once.
"""

import json
import os
import signal
import subprocess
import sys

os.environ.setdefault("IGNORE_DOTENV", "1")

from core.config.settings import *  # noqa: F403 - settings

HERE, NEVER, ALWAYS = "tests.faults.scheduled", "0 0 29 2 *", "* * * * *"
TIMETABLE = (
    ("well", NEVER, 60, "Baik", "Selesai seketika.", f"{HERE}.well"),
    ("fails", NEVER, 60, "Gagal", "Selalu gagal.", f"{HERE}.fails"),
    ("endless", NEVER, 1, "Tanpa akhir", "Tidak berhenti sendiri.", f"{HERE}.endless"),
    ("waits", NEVER, 60, "Menunggu", "Bekerja sampai diberi tahu.", f"{HERE}.waits"),
    ("dies", NEVER, 60, "Mati", "Mematikan prosesnya sendiri.", f"{HERE}.dies"),
    ("minutely", ALWAYS, 60, "Menit", "Setiap menit.", f"{HERE}.well"),
    ("letters", NEVER, 60, "Surat", "Mati saat surat kedua dikirim.", f"{HERE}.letters"),
    ("reminders", NEVER, 60, "Pengingat", "Mati saat surat ketiga ditulis.", f"{HERE}.reminders"),
)  # fmt: skip
EMAIL_BACKEND = f"{HERE}.PostOffice"
CRONTAB_EXECUTABLE = "/usr/bin/crontab -u nobody"


def note(word: str) -> None:
    with open(os.environ["NOTES"], "a") as notes:
        notes.write(f"{word}\n")


def well() -> str:
    note("well")
    return "Baik."


def fails() -> str:
    raise ZeroDivisionError


def endless() -> None:
    """With a tool of its own that would outlive it."""
    tool = subprocess.Popen([sys.executable, "-c", "import signal; signal.signal(15, signal.SIG_IGN); signal.pause()"])
    note(str(tool.pid))
    while True:
        signal.pause()


def waits() -> str:
    note("waits")
    with open(os.environ["ARRIVED"], "w") as arrived:
        arrived.write(f"{os.getpid()}\n")
    with open(os.environ["GATE"]):  # opens when the test opens its end
        return "Selesai."


def dies() -> None:
    note("died")
    os.kill(os.getpid(), signal.SIGKILL)


def letters() -> str:
    from core.messaging.services import send_waiting

    os.environ["DIES_AT"] = "2"
    return str(send_waiting())


def reminders() -> str:
    """The reminders to holders of certificates, in a process that is killed when it writes its third letter."""
    from django.db import connection

    from core.certificates.services import remind_expiring

    written = 0

    def count(execute, sql, params, many, context):
        nonlocal written
        written += "INSERT INTO" in sql and "core_outboxmessage" in sql
        if written == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        return str(remind_expiring())


class PostOffice:
    """A mail server that takes letters, and during whose work the sender may be killed."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages) -> int:
        for message in messages:
            note(f"{message.to[0]} {message.subject}")
            with open(os.environ["NOTES"]) as notes:
                if str(len(notes.readlines())) == os.environ.get("DIES_AT"):
                    os.kill(os.getpid(), signal.SIGKILL)
        return len(messages)


def command(environment: dict[str, str], words: list[str]) -> int:
    """Do what is asked for, in a child; its exit code."""
    from django.core.management import execute_from_command_line

    os.environ |= environment
    try:
        execute_from_command_line(["manage.py", *words])
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def serve() -> None:
    import django

    django.setup()
    from django.utils.translation import gettext

    import cron.jobs  # noqa: F401 - what every command needs, loaded once

    gettext("Hasil")

    answers = sys.stdout.fileno()
    signal.signal(signal.SIGCHLD, lambda number, frame: reap(answers))
    for line in sys.stdin:
        asked = json.loads(line)
        if (pid := os.fork()) == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.dup2(2, 1)  # what a command says is no answer of ours
            code = command(*asked)
            sys.stdout.flush()
            os._exit(code)
        os.write(answers, f"begun {pid}\n".encode())


def reap(answers: int) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        os.write(answers, f"ended {pid} {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    serve()
