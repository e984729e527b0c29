"""What runs without anybody asking; when, and how long at most, says core/config/settings/timetable.py.

Each job calls one service of core, or a few, and says in a sentence what it did: it stands on the screen "Jadwal
pekerjaan". It may be broken off anywhere and begun again.
"""

import logging
import os
import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import connections
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core.accounts.sessions import clear_ended
from core.activity.verification import check_whole_log, seal_leftovers
from core.activity.versions import prune_versions
from core.applications.forms import render_pending
from core.assessments.services import remind_sessions as send_reminders
from core.backups import services as backups
from core.backups.databases import ships_logs
from core.backups.drill_enums import DrillOutcome
from core.backups.drills import run_drill
from core.backups.models import BackupRun
from core.backups.queries import is_configured
from core.certificates import services as certificates
from core.common.exceptions import DomainError
from core.common.sendings import forget_sendings
from core.common.telling import told
from core.common.unsent import forget_unsent
from core.documents import integrity, pieces, quarantine, sweeping
from core.imports.services import remove_old_files
from core.institutions import services as institutions
from core.jobs import services as background
from core.messaging.services import send_waiting, wipe_last_letters, wipe_old_bodies
from core.privacy import services as privacy
from core.reports import document_words, recount, saved_recaps, tally
from core.timetable.runner import run_due as run_what_is_due
from core.timetable.services import prune_runs
from core.watch.secret_ages import note_secrets

logger = logging.getLogger("cron")

Step = tuple[str, Callable[[], object]]


def run_due() -> None:
    """What the crontab calls each minute. Ends the process itself: django-crontab swallows even SystemExit."""
    if run_what_is_due():
        connections.close_all()
        logging.shutdown()
        os._exit(1)


def _each(*steps: Step) -> str:
    """Do all steps, also when one breaks, and say what each came to; the broken ones are told as a failure."""
    said, broken = [], []
    for words, act in steps:
        try:
            result = act()
        except Exception as error:
            logger.error("%s: %s", words, told(error))
            broken.append(f"{words} ({told(error)})")
        else:
            if result:
                said.append(f"{words}: {result}")
    if broken:
        raise DomainError(_("Gagal: %(steps)s.") % {"steps": "; ".join(broken)}, code="cron.step")
    return "; ".join(said) or _("Tidak ada yang perlu dikerjakan.")


# --- every few minutes --------------------------------------------------------------------------------------


def send_outbox() -> str:
    sent, failed = send_waiting(seconds=240)
    return _("%(sent)d surat terkirim, %(failed)d belum") % {"sent": sent, "failed": failed} if sent or failed else ""


def seal_activity() -> str:
    sealed = seal_leftovers()
    return _("%(n)d catatan disegel") % {"n": sealed} if sealed else ""


def render_pending_forms() -> str:
    made = render_pending(limit=200)
    return _("%(n)d formulir dicetak") % {"n": made} if made else ""


def renew_document_words() -> str:
    renewed = document_words.renew_words(until=time.monotonic() + 50)
    return _("%(n)d dokumen diperbarui") % {"n": renewed} if renewed else ""


def read_documents() -> str:
    """The text inside documents, for the search; scans take a while, so the time is limited."""
    read = document_words.read_waiting(seconds=270)
    return _("%(n)d dokumen dibaca") % {"n": read} if read else ""


def scan_documents() -> str:
    """Uploads that the virus scanner has not seen yet."""
    if not quarantine.waiting_documents().exists():
        return ""
    found = quarantine.scan_waiting()
    words = _("%(clean)d bersih, %(refused)d ditolak, %(waiting)d menunggu") % {
        "clean": found.clean,
        "refused": found.refused,
        "waiting": found.waiting,
    }
    return words + _("; pemindai tidak menjawab") if found.is_scanner_down else words


def verify_requested() -> str:
    """The verification that somebody asked for instead of waiting for the night."""
    run = integrity.continue_requested(seconds=40)
    return _verified(run) if run is not None else ""


def run_jobs() -> str:
    """What people asked for in the background. What is begun is ended."""
    carried = background.keep_running(seconds=55)
    return _("%(n)d pekerjaan dikerjakan") % {"n": carried} if carried else ""


def renew_recap() -> str:
    """What changed among documents and files of cases, counted anew for the recap."""
    days, cases = recount.renew_recap(seconds=45)
    return (
        _("%(days)d hari dihitung, %(cases)d kasus diperiksa") % {"days": days, "cases": cases} if days or cases else ""
    )


def fold_tallies() -> str:
    folded = tally.fold_tallies()
    return _("%(n)d perpindahan digabungkan") % {"n": folded} if folded else ""


def ship_logs() -> str:
    """What MariaDB has written since the last time; nothing where it writes no binary logs."""
    if not (is_configured() and ships_logs()):
        return ""
    return _backed_up(backups.ship_logs())


# --- at night -----------------------------------------------------------------------------------------------


def backup() -> str:
    """Without a repository there is nothing to do; the alarm about it is the backups' own."""
    return _backed_up(backups.run_backup()) if is_configured() else _("Tempat cadangan belum diatur.")


def _backed_up(run: BackupRun) -> str:
    """Never a success when a part failed."""
    if not run.is_good:
        raise DomainError(run.problem or _("Cadangan tidak berhasil."), code="cron.backup")
    return str(run.get_outcome_display())


def restore_drill() -> str:
    if not is_configured():
        return _("Tempat cadangan belum diatur.")
    drill = run_drill()
    if drill.outcome != DrillOutcome.PROVEN:
        raise DomainError(f"{drill.get_outcome_display()}. {drill.problem}", code="cron.drill")
    return str(drill.get_outcome_display())


def backup_alarm() -> str:
    """Whether backups are as the policy wants them."""
    return _("administrator disurati") if backups.raise_alarm() else ""


def sweep_documents() -> str:
    """Files that no document knows of, left by uploads that were cut off."""
    swept = sweeping.sweep_documents()
    return _("%(files)d berkas dilihat, %(n)d dihapus (%(size)s)") % {
        "files": swept.files,
        "n": swept.orphans + swept.partial,
        "size": filesizeformat(swept.size),
    }


def verify_activity() -> str:
    """The log is whole; and it hears of each key and password that is another one since last night."""
    note_secrets()
    return str(check_whole_log().label)


def verify_documents() -> str:
    """Whether every document still has its file as it was stored: a part each night, everything once a week."""
    return _verified(integrity.verify_nightly(seconds=2.5 * 3600))


def _verified(run: integrity.IntegrityRun) -> str:
    return _("%(outcome)s: %(documents)d dokumen, %(faults)d temuan") % {
        "outcome": run.get_outcome_display(),
        "documents": run.documents,
        "faults": run.faults,
    }


def examine_files() -> str:
    """Whether files of cases are complete changes with the day: papers expire."""
    return _("%(n)d kasus diperiksa") % {"n": recount.examine_open(seconds=3600)}


def remind_expiring() -> str:
    """Suspensions that end by themselves first: what is valid again is reminded in the same night."""
    return _each(
        (_("pembekuan berakhir"), certificates.end_suspensions),
        (_("pembekuan sertifikat lama berakhir"), certificates.end_past_suspensions),
        (_("pemegang diingatkan"), certificates.remind_expiring),
        (_("pemegang sertifikat lama diingatkan"), certificates.remind_past_expiring),
        (_("surveilan ditutup"), certificates.close_finished),
        (_("surveilan diberitahukan"), certificates.announce_surveillances),
        (_("ringkasan sekretariat"), certificates.tell_secretariat),
    )


def clear_expired() -> str:
    """Sessions that ended, guesses at passwords that no longer count, and letters that the policy keeps no longer."""
    return _each(
        (_("sesi"), lambda: call_command("clearsessions")),
        (_("percobaan masuk"), lambda: call_command("axes_reset_logs", age=30, verbosity=0)),
        (_("sesi dan perangkat"), clear_ended),
        (_("isi surat"), wipe_old_bodies),
        (_("surat terakhir"), wipe_last_letters),
        (_("pesan masuk"), privacy.wipe_tickets),
        (_("berkas impor"), remove_old_files),
        (_("undangan"), institutions.forget_unanswered),
        (_("berkas instansi"), institutions.forget_uploads),
        (_("unggahan terputus"), pieces.remove_expired),
        (_("hasil pekerjaan latar"), background.remove_expired),
        (_("halaman terkirim"), forget_sendings),
        (_("isian yang ditinggalkan"), forget_unsent),
        (_("riwayat jadwal pekerjaan"), prune_runs),
    )


def prune_old_versions() -> str:
    """Versions beyond the last 50 of a record that are older than two years."""
    return _("%(n)d versi dihapus") % {"n": prune_versions()}


def continue_destructions() -> str:
    """Approved destructions that were interrupted."""
    lists = privacy.continue_all_destructions()
    return _("%(n)d daftar diteruskan") % {"n": lists} if lists else ""


# --- in the morning, and once a month -----------------------------------------------------------------------


def remind_sessions() -> str:
    """Those who take part in a session of the next days, candidates and assessors."""
    candidates, assessors = send_reminders()
    return _("%(candidates)d asesi dan %(assessors)d asesor diingatkan") % {
        "candidates": candidates,
        "assessors": assessors,
    }


def send_recaps() -> str:
    """Saved recaps whose day of the month has come."""
    return _("%(n)d surat rekap") % {"n": saved_recaps.send_due_recaps()}


def propose_destruction() -> str:
    """Papers whose retention is over; a person looks at the list and approves it."""
    return _("%(n)d dokumen diusulkan") % {"n": privacy.propose_monthly()}
