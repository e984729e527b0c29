"""What runs without anybody asking; the timetable is CRONJOBS in settings, told in README.md here.

Each job calls one service of core and writes one line: what it did and how long it took.
"""

import logging
import time
from collections.abc import Callable

from django.core.management import call_command

from core.accounts.sessions import clear_ended
from core.activity.verification import check_whole_log, seal_leftovers
from core.activity.versions import prune_versions
from core.applications.forms import render_pending
from core.assessments.services import remind_sessions as send_reminders
from core.certificates import services as certificates
from core.common.sendings import forget_sendings
from core.common.unsent import forget_unsent
from core.documents import integrity, pieces, quarantine, sweeping
from core.imports.services import remove_old_files
from core.institutions import services as institutions
from core.jobs import services as background
from core.messaging.services import send_waiting, wipe_last_letters, wipe_old_bodies
from core.privacy import services as privacy
from core.reports import document_words, recount, saved_recaps, tally

logger = logging.getLogger("cron")


def _log(name: str, job: Callable[[], object]) -> None:
    begun = time.monotonic()
    result = job()
    logger.info("%s: %s (%.1f s)", name, result, time.monotonic() - begun)


def send_outbox() -> None:
    _log("send_outbox", send_waiting)


def seal_activity() -> None:
    _log("seal_activity", seal_leftovers)


def verify_activity() -> None:
    _log("verify_activity", check_whole_log)


def render_pending_forms() -> None:
    _log("render_pending_forms", lambda: render_pending(limit=200))


def renew_document_words() -> None:
    _log("renew_document_words", lambda: document_words.renew_words(until=time.monotonic() + 50))


def read_documents() -> None:
    """The text inside documents, for the search; scans take a while, so the time is limited."""
    _log("read_documents", lambda: document_words.read_waiting(seconds=270))


def scan_documents() -> None:
    """Uploads that the virus scanner has not seen yet; a line only when there were any."""
    if quarantine.waiting_documents().exists():
        _log("scan_documents", quarantine.scan_waiting)


def sweep_documents() -> None:
    """Files that no document knows of, left by uploads that were cut off."""
    _log("sweep_documents", sweeping.sweep_documents)


def verify_documents() -> None:
    """Whether every document still has its file as it was stored: a part each night, everything once a week."""
    _log("verify_documents", lambda: integrity.verify_nightly(seconds=2.5 * 3600))


def verify_requested() -> None:
    """The verification that somebody asked for instead of waiting for the night; a line only when there is one."""
    if integrity.requested_run() is not None:
        _log("verify_requested", lambda: integrity.continue_requested(seconds=40))


def run_jobs() -> None:
    """What people asked for in the background; a line only when there was something. What is begun is ended."""
    if carried := background.keep_running(seconds=55):
        _log("run_jobs", lambda: f"{carried} jobs")


def renew_recap() -> None:
    """What changed among documents and files of cases, counted anew for the recap."""
    _log("renew_recap", lambda: recount.renew_recap(seconds=45))


def examine_files() -> None:
    """Whether files of cases are complete changes with the day: papers expire."""
    _log("examine_files", lambda: recount.examine_open(seconds=3600))


def fold_tallies() -> None:
    _log("fold_tallies", tally.fold_tallies)


def send_recaps() -> None:
    """Saved recaps whose day of the month has come."""
    _log("send_recaps", saved_recaps.send_due_recaps)


def remind_sessions() -> None:
    """Those who take part in a session of the next days, candidates and assessors."""
    _log("remind_sessions", send_reminders)


def remind_expiring() -> None:
    """Suspensions that end by themselves first: what is valid again is reminded in the same night."""
    _log("remind_expiring suspensions that ended", certificates.end_suspensions)
    _log("remind_expiring suspensions of old certificates that ended", certificates.end_past_suspensions)
    _log("remind_expiring holders", certificates.remind_expiring)
    _log("remind_expiring holders of old certificates", certificates.remind_past_expiring)
    _log("remind_expiring surveillances closed", certificates.close_finished)
    _log("remind_expiring surveillances", certificates.announce_surveillances)
    _log("remind_expiring secretariat", certificates.tell_secretariat)


def clear_expired() -> None:
    """Sessions that ended, guesses at passwords that no longer count, and letters that the policy keeps no longer."""
    _log("clear_expired", lambda: (call_command("clearsessions"), call_command("axes_reset_logs", age=30)))
    _log("clear_expired sessions and devices", clear_ended)
    _log("clear_expired letters", wipe_old_bodies)
    _log("clear_expired last letters", wipe_last_letters)
    _log("clear_expired tickets", privacy.wipe_tickets)
    _log("clear_expired spreadsheets", remove_old_files)
    _log("clear_expired invitations", institutions.forget_unanswered)
    _log("clear_expired files of institutions", institutions.forget_uploads)
    _log("clear_expired unfinished uploads", pieces.remove_expired)
    _log("clear_expired results of jobs", background.remove_expired)
    _log("clear_expired sendings", forget_sendings)
    _log("clear_expired unsent forms", forget_unsent)


def prune_old_versions() -> None:
    """Versions beyond the last 50 of a record that are older than two years."""
    _log("prune_old_versions", prune_versions)


def propose_destruction() -> None:
    """Papers whose retention is over; a person looks at the list and approves it."""
    _log("propose_destruction", privacy.propose_monthly)


def continue_destructions() -> None:
    """Approved destructions that were interrupted."""
    _log("continue_destructions", privacy.continue_all_destructions)
