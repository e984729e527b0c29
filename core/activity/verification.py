"""Whether the log is still what the product wrote: every entry, every link of the chain, its end, the checkpoints.

Reads in batches, in constant memory, while the product goes on writing. What is found is told in
sentences for an administrator.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.activity.checkpoints import Checkpoint, append_checkpoint, read_checkpoints, set_aside
from core.activity.enums import CheckOutcome
from core.activity.macs import START, entry_mac, head_mac, is_same, seal_digest
from core.activity.models import ActivityCheck, ActivityEntry, ActivityHead, ActivitySeal
from core.activity.queries import last_check
from core.activity.sealing import TamperedChain, seal_waiting
from core.activity.services import record_activity

logger = logging.getLogger("core.activity")

BATCH = 2000
#: So many findings are told one by one; the rest is counted.
MAX_TOLD = 1000
#: The timetable seals each minute: what is unsealed for longer than this was kept from it.
UNSEALED_AFTER = timedelta(hours=1)

#: What the mac covers, in the order of `entry_mac`.
CONTENT = ("uid", "at", "code", "actor_id", "subject_type", "subject_id", "subject_label", "ip_address", "data")


@dataclass
class Verification:
    """What was looked at and what was found."""

    rows: int = 0
    faults: int = 0
    told: list[str] = field(default_factory=list)
    sequence: int = 0
    digest: str = START

    def report(self, sentence: str) -> None:
        self.faults += 1
        if len(self.told) < MAX_TOLD:
            self.told.append(sentence)


def check_activity(
    *,
    by: Any = None,
    since: datetime | None = None,
    new_checkpoints: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> tuple[ActivityCheck, Verification]:
    """Verify the log and keep the result; a whole log sets a checkpoint.

    `since` begins at the last checkpoint before that moment instead of at the first entry.
    `new_checkpoints` sets the file of checkpoints aside first, which is an act of its own in the log.
    """
    begun, found = timezone.now(), Verification()
    try:
        if new_checkpoints:
            set_aside()
            record_activity("activity.new_checkpoints", by=by)
        verify(found, since=since, is_first=new_checkpoints, progress=progress)
        outcome = CheckOutcome.DIFFERS if found.faults else CheckOutcome.INTACT
        if outcome == CheckOutcome.INTACT:
            append_checkpoint(found.sequence, found.digest)
    except (DatabaseError, OSError) as error:
        logger.exception("the activity log could not be verified")
        outcome = CheckOutcome.FAILED
        found.told.append(_("Pemeriksaan terhenti: %(error)s.") % {"error": type(error).__name__})
    check = ActivityCheck(
        at=begun,
        by=by,
        since=since,
        outcome=outcome,
        rows=found.rows,
        faults=found.faults,
        first_fault=found.told[0][:300] if found.told else "",
    )
    try:
        check.save()
    except DatabaseError:
        check.outcome = CheckOutcome.FAILED
    return check, found


def seal_leftovers() -> int:
    """What the timetable does each minute: seal what was left over, and raise the alarm at once where it may not."""
    sealed, alarm = 0, ""
    try:
        sealed, refused = seal_waiting()
        if refused:
            alarm = _("Catatan #%(pk)d disisipkan dari luar aplikasi dan tidak disegel.") % {"pk": refused[0]}
    except TamperedChain:
        alarm = _("Ujung rantai segel tidak sesuai; catatan baru tidak disegel.")
    if alarm:
        last = last_check()
        if last is None or last.first_fault != alarm:
            ActivityCheck.objects.create(
                at=timezone.now(), outcome=CheckOutcome.DIFFERS, faults=1, first_fault=alarm, since=timezone.now()
            )
    return sealed


def check_whole_log() -> CheckOutcome:
    """What the timetable does each night; the outcome."""
    with suppress(TamperedChain):  # which is what the verification tells
        seal_waiting(everything=True)
    check, _found = check_activity()
    return CheckOutcome(check.outcome)


def verify(
    found: Verification,
    *,
    since: datetime | None = None,
    is_first: bool = False,
    progress: Callable[[int], None] = lambda rows: None,
) -> None:
    """Everything, into `found`."""
    checkpoints, bad_lines = read_checkpoints()
    for number in bad_lines:
        found.report(_("Berkas titik periksa: baris %(n)d diubah atau rusak.") % {"n": number})
    if not checkpoints and not is_first and ActivityCheck.objects.filter(outcome=CheckOutcome.INTACT).exists():
        found.report(_("Berkas titik periksa hilang, padahal catatan sudah pernah diperiksa dan utuh."))
    if since is not None:
        for checkpoint in checkpoints:
            if checkpoint.at <= since and checkpoint.sequence >= found.sequence:
                found.sequence, found.digest = checkpoint.sequence, checkpoint.digest
    head = _head(found)
    _verify_chain(found, head, {point.sequence: point for point in checkpoints}, progress)
    _verify_end(found, head, checkpoints)
    _verify_unsealed(found)


def _head(found: Verification) -> ActivityHead:
    head = ActivityHead.objects.filter(pk=1).first()
    if head is None:
        if ActivitySeal.objects.exists():
            found.report(_("Ujung rantai segel dihapus."))
        last = ActivitySeal.objects.order_by("-sequence").first()
        return ActivityHead(sequence=last.sequence if last else 0, digest=last.digest if last else START)
    if not is_same(head.mac, head_mac(head.sequence, head.digest, head.swept_to)):
        found.report(_("Ujung rantai segel diubah dari luar aplikasi."))
    return head


def _verify_chain(
    found: Verification, head: ActivityHead, checkpoints: dict[int, Checkpoint], progress: Callable[[int], None]
) -> None:
    """Each link against the stored link before it, so that one fault does not spoil all that follows."""
    sequence, digest = found.sequence, found.digest
    while seals := list(
        ActivitySeal.objects.filter(sequence__gt=sequence, sequence__lte=head.sequence)
        .order_by("sequence")
        .values_list("sequence", "entry_id", "digest")[:BATCH]
    ):
        entries = {
            pk: (mac, content)
            for pk, mac, *content in ActivityEntry.objects.filter(pk__in=[seal[1] for seal in seals])
            .order_by()
            .values_list("pk", "mac", *CONTENT)
        }
        for place, entry_id, stored in seals:
            if place != sequence + 1:
                _report_gap(found, sequence + 1, place - 1)
                digest = None  # the link before is gone: this one can only be compared with the next
            _verify_entry(found, place, entry_id, entries.get(entry_id), digest, stored)
            if place in checkpoints and checkpoints[place].digest != stored:
                found.report(
                    _("Segel %(n)d bukan lagi yang diperiksa pada %(at)s: catatan lama ditulis ulang.")
                    % {"n": place, "at": _moment(checkpoints[place].at)}
                )
            sequence, digest = place, stored
        found.rows += len(seals)
        progress(found.rows)
    if sequence < head.sequence:
        _report_gap(found, sequence + 1, head.sequence)
    elif sequence and digest != head.digest:
        found.report(_("Ujung rantai segel tidak sesuai dengan segel %(n)d.") % {"n": sequence})
    found.sequence, found.digest = sequence, digest


def _verify_entry(
    found: Verification, place: int, entry_id: int, entry: tuple | None, previous: str | None, stored: str
) -> None:
    if entry is None:
        found.report(_("Catatan #%(pk)d (segel %(n)d) dihapus.") % {"pk": entry_id, "n": place})
        return
    mac, content = entry
    if not is_same(mac, entry_mac(*content)):
        found.report(
            _("Catatan #%(pk)d (%(at)s, %(code)s) diubah setelah dicatat.")
            % {"pk": entry_id, "at": _moment(content[1]), "code": content[2]}
        )
    elif previous is not None and not is_same(stored, seal_digest(previous, place, entry_id, mac)):
        found.report(
            _("Catatan #%(pk)d (segel %(n)d) bukan yang disegel di tempat ini: urutan ditukar atau segel diubah.")
            % {"pk": entry_id, "n": place}
        )


def _report_gap(found: Verification, first: int, last: int) -> None:
    if first == last:
        found.report(_("Segel %(n)d hilang bersama catatannya.") % {"n": first})
    else:
        found.report(_("Segel %(first)d sampai %(last)d hilang bersama catatannya.") % {"first": first, "last": last})


def _verify_end(found: Verification, head: ActivityHead, checkpoints: list[Checkpoint]) -> None:
    """That nothing was put behind the end, and that the end is not older than what was verified before."""
    last = ActivitySeal.objects.aggregate(last=Max("sequence"))["last"] or 0
    now = ActivityHead.objects.filter(pk=1).values_list("sequence", flat=True).first()  # read after `last`
    if now is not None and last > now:
        found.report(_("Segel %(n)d ditambahkan di belakang ujung rantai.") % {"n": last})
    furthest = max(checkpoints, key=lambda point: point.sequence, default=None)
    if furthest is not None and furthest.sequence > head.sequence:
        found.report(
            _(
                "Rantai berakhir di segel %(n)d, padahal pada %(at)s sudah sampai %(seen)d: "
                "catatan terbaru dihapus atau basis data lama dipasang kembali."
            )
            % {"n": head.sequence, "at": _moment(furthest.at), "seen": furthest.sequence}
        )


def _verify_unsealed(found: Verification) -> None:
    """Entries that no seal knows: inserted by somebody else, or kept from being sealed."""
    after, late = 0, timezone.now() - UNSEALED_AFTER
    while rows := list(
        ActivityEntry.objects.filter(seal=None, pk__gt=after).order_by("pk").values_list("pk", "mac", *CONTENT)[:BATCH]
    ):
        for pk, mac, *content in rows:
            told = {"pk": pk, "at": _moment(content[1]), "code": content[2]}
            if not is_same(mac, entry_mac(*content)):
                found.report(_("Catatan #%(pk)d (%(at)s, %(code)s) disisipkan dari luar aplikasi.") % told)
            elif content[1] < late:
                found.report(_("Catatan #%(pk)d (%(at)s, %(code)s) terlalu lama belum disegel.") % told)
        found.rows += len(rows)
        after = rows[-1][0]
    copies = (
        ActivityEntry.objects.order_by().values("uid").annotate(copies=Count("pk")).filter(copies__gt=1)
    )  # the database refuses them, unless somebody took its index away
    for copy in copies[:MAX_TOLD]:
        found.report(_("Satu catatan ada %(n)d kali (uid %(uid)s).") % {"n": copy["copies"], "uid": copy["uid"]})


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y H.i.s")
