"""Home of the technical administrator: how the system does, then the figures to read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from backoffice.dashboard.charts import charts
from backoffice.dashboard.parts import Line, listing, proposed_destructions, status_cards
from backoffice.navigation import failed_letters
from backoffice.timetable import card, state_of
from core.activity.labels import sentence
from core.activity.queries import recent_acts
from core.backups.queries import standing
from core.common.lookups import count_all
from core.common.text import grouped
from core.documents.integrity import repository_state
from core.documents.ocr import what_is_missing
from core.documents.quarantine import scanner_backlog
from core.reports.document_search import waiting_scans
from core.reports.queries import locked_log_ins, unconfirmed_colleagues, waiting_letters

RECENT_ACTS = 8
#: A letter is sent every minute; one that is due for longer tells that the sending job stands still.
LATE_AFTER = timedelta(minutes=15)


def home(request: HttpRequest) -> dict[str, Any]:
    return {
        "cards": status_cards(request),
        "work_title": _("Keadaan sistem"),
        "work": [line(request) for line in STATE],
        "acts": [{"entry": entry, "sentence": sentence(entry)} for entry in recent_acts(RECENT_ACTS)],
        "timetable": card(request),
        **charts(),
    }


def _counts(request: HttpRequest) -> dict[str, int]:
    """What two lines count, in one question."""
    if not hasattr(request, "_administrator_counts"):
        wanted = {"colleagues": unconfirmed_colleagues(), "scans": waiting_scans()}
        request._administrator_counts = count_all(wanted)  # type: ignore[attr-defined]
    return request._administrator_counts  # type: ignore[attr-defined]


def _waiting_letters(request: HttpRequest) -> Line:
    waiting, oldest = waiting_letters()
    note, tone = _("Tidak ada yang tertahan."), ""
    if oldest is not None and timezone.now() - oldest > LATE_AFTER:
        note = _("Yang tertua sudah menunggu %(time)s. Periksa apakah pekerjaan terjadwal (cron) berjalan.") % {
            "time": timesince(oldest, depth=1)
        }
        tone = "danger"
    return Line(
        _("Surat menunggu dikirim"), grouped(waiting), listing("outboxmessage", "status__exact=menunggu"), tone, note
    )


def _failed_letters(request: HttpRequest) -> Line:
    failed = failed_letters(request)
    link = listing("outboxmessage", "status__exact=gagal")
    return Line(_("Surat gagal"), grouped(failed), link, "danger" if failed else "", _("Sudah dicoba berkali-kali."))


def _invited(request: HttpRequest) -> Line:
    waiting = _counts(request)["colleagues"]
    return Line(
        _("Diundang, belum mengonfirmasi e-mail"),
        grouped(waiting),
        listing("user", "konfirmasi=belum-staf"),
        "warning" if waiting else "",
        _("Undangan dapat dikirim ulang dari halaman pengguna."),
    )


def _locked(request: HttpRequest) -> Line:
    names = [attempt.username for attempt in locked_log_ins()]
    shown = ", ".join(dict.fromkeys(name for name in names[:5] if name))
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    note = _("Terbuka lagi sendiri setelah %(minutes)d menit.") % {"minutes": minutes}
    tone = "warning" if names else ""
    return Line(
        _("Pintu masuk terkunci sementara"), grouped(len(names)), "", tone, f"{shown}. {note}" if shown else note
    )


def _unread_scans(request: HttpRequest) -> Line:
    missing, waiting = what_is_missing(), _counts(request)["scans"]
    tone = "warning" if missing and waiting else ""
    note = missing or _("Dibaca satu per satu di latar belakang.")
    return Line(_("Pindaian menunggu dibaca"), grouped(waiting), listing("document", "teks=pindaian"), tone, note)


def _whole_files(request: HttpRequest) -> Line:
    state = repository_state()
    note, tone = _("Belum pernah diperiksa; pemeriksaan berjalan setiap malam."), ""
    if state.touched_at is not None:
        note = _("Terakhir diperiksa %(time)s yang lalu: %(documents)s dokumen.") % {
            "time": timesince(state.touched_at, depth=1),
            "documents": grouped(state.documents),
        }
    if state.faults:
        tone, note = "danger", _("%(note)s Buka untuk melihat apa yang harus dilakukan.") % {"note": note}
    elif state.is_overdue:
        tone = "danger"
        note = _("%(note)s Itu terlalu lama: periksa apakah pekerjaan terjadwal (cron) berjalan.") % {"note": note}
    return Line(_("Temuan keutuhan berkas"), grouped(state.faults), listing("integrityrun"), tone, note)


def _timetable(request: HttpRequest) -> Line:
    """Whether what runs by itself does: read at all, failing, late, switched off."""
    state = state_of(request)
    wrong = len(state.wrong)
    note, tone = _("Dibaca setiap menit; semua berjalan baik."), ""
    if state.looked_at is None:
        note, tone = _("Jadwal belum pernah dibaca: cron belum dipasang di server."), "danger"
    elif state.is_silent:
        since = timesince(state.looked_at, depth=1)
        note, tone = _("Tidak dibaca sejak %(time)s yang lalu: periksa cron di server.") % {"time": since}, "danger"
    elif wrong:
        note, tone = _("Gagal atau terlambat. Buka untuk melihat sebabnya."), "danger"
    elif state.paused:
        note, tone = _("%(n)d dimatikan untuk sementara.") % {"n": len(state.paused)}, "warning"
    return Line(
        _("Pekerjaan terjadwal bermasalah"), grouped(wrong), listing("scheduledjob", "keadaan=bermasalah"), tone, note
    )


def _backups(request: HttpRequest) -> Line:
    found = standing()
    tone, note = "", _("Belum ada cadangan; yang pertama dibuat malam ini.")
    if found.good_at is not None:
        note = _("Terakhir %(time)s yang lalu.") % {"time": timesince(found.good_at, depth=1)}
    if found.alarms:
        tone, note = "danger", " ".join(found.alarms)
    return Line(_("Masalah cadangan"), grouped(len(found.alarms)), reverse("admin:backups"), tone, note)


def _late_scans(request: HttpRequest) -> Line:
    waiting, is_late = scanner_backlog()
    note, tone = _("Dapat dibuka sesudah diperiksa."), ""
    if is_late:
        note, tone = _("Ada yang menunggu lebih dari satu jam. Periksa apakah clamd berjalan di server."), "danger"
    return Line(
        _("Berkas menunggu pemindai virus"), grouped(waiting), listing("document", "keadaan=menunggu"), tone, note
    )


#: What the card "Keadaan sistem" tells, line by line; a room that can tell how it does adds its own.
STATE: tuple[Callable[[HttpRequest], Line], ...] = (
    _waiting_letters,
    _failed_letters,
    _invited,
    _locked,
    _timetable,
    _whole_files,
    _backups,
    _late_scans,
    _unread_scans,
    proposed_destructions,
)
