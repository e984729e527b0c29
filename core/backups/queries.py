"""How backups stand: asked by the watchdog, the administrator's home and the timetable."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max, Subquery
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.backups.enums import BackupKind, BackupOutcome, Place
from core.backups.models import BackupCopy, BackupRun
from core.policy.models import SystemPolicy

#: What lies this far in the future was written by a clock that was set back since.
CLOCK_TOLERANCE = timedelta(minutes=5)
#: Binary logs are backed up every quarter of an hour; three times missed is an alarm.
LOG_LATE = timedelta(minutes=45)
#: What is told of the last backup.
RUN = ("outcome", "begun_at", "ended_at", "problem")


@dataclass(frozen=True)
class PlaceStanding:
    """One repository. `good_at`: the moment that its newest good backup holds."""

    place: str
    good_at: datetime | None
    snapshot: str = ""

    @property
    def name(self) -> str:
        return str(Place(self.place).label)


@dataclass(frozen=True)
class Standing:
    """How it stands. `alarms` are sentences for an administrator; none: as the policy wants it."""

    places: list[PlaceStanding]
    last_run: BackupRun | None
    last_log: BackupRun | None
    proven_at: datetime | None
    alarms: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.alarms

    @property
    def good_at(self) -> datetime | None:
        """The newest good backup, wherever it lies."""
        return max((place.good_at for place in self.places if place.good_at), default=None)


def is_configured() -> bool:
    return any(settings.BACKUP_REPOSITORIES.values())


def last_proven() -> datetime | None:
    """When a restore of a backup last came out the same."""
    return BackupCopy.objects.aggregate(last=Max("proven_at"))["last"]


def standing() -> Standing:
    """In one question, however many backups there are: a watchdog asks every minute, and so does a home page."""
    facts = _facts()
    row = SystemPolicy.objects.annotate(**facts).first() or SystemPolicy()
    known = {name: getattr(row, name, None) for name in facts}
    places = [
        PlaceStanding(place, known[f"{place}_good_at"], known[f"{place}_snapshot"] or "")
        for place in Place.values
        if settings.BACKUP_REPOSITORIES.get(place)
    ]
    runs = [
        BackupRun(pk=known[f"{name}_pk"], kind=kind, **{key: known[f"{name}_{key}"] for key in RUN})
        if known[f"{name}_pk"]
        else None
        for name, kind in (("full", BackupKind.FULL), ("log", BackupKind.LOG))
    ]
    found = Standing(places, *runs, known["known_proven"])
    found.alarms.extend(_alarms(found, row, known["born"], known["first_good"]))
    return found


def _facts() -> dict[str, Subquery]:
    """What `standing` needs to know, each by its own index."""
    full = BackupRun.objects.filter(kind=BackupKind.FULL)
    facts = {
        "born": User.objects.order_by("pk").values("date_joined")[:1],  # since when there is something to back up
        "known_proven": BackupCopy.objects.exclude(proven_at=None).order_by("-proven_at").values("proven_at")[:1],
        "first_good": full.filter(outcome=BackupOutcome.OK).order_by("pk").values("begun_at")[:1],
    }
    for name, kind in (("full", BackupKind.FULL), ("log", BackupKind.LOG)):
        newest = BackupRun.objects.filter(kind=kind).order_by("-pk")
        facts |= {f"{name}_{key}": newest.values(key)[:1] for key in ("pk", *RUN)}
    for place in Place.values:
        good = BackupCopy.objects.filter(repository=place, outcome=BackupOutcome.OK, run__kind=BackupKind.FULL)
        facts[f"{place}_good_at"] = good.order_by("-run_id").values("run__moment")[:1]
        facts[f"{place}_snapshot"] = good.order_by("-run_id").values("snapshot")[:1]
    return {name: Subquery(question) for name, question in facts.items()}


def _alarms(found: Standing, policy: SystemPolicy, born: datetime | None, first_good: datetime | None) -> list[str]:
    if not found.places:
        return [_("Tempat cadangan belum diatur (BACKUP_REPOSITORY).")]
    now = timezone.now()
    born = born or now
    told = []
    for place in found.places:
        words = {"place": place.name, "age": timesince(place.good_at or born, now)}
        if place.good_at is not None and place.good_at > now + CLOCK_TOLERANCE:
            told.append(_("%(place)s: cadangan terakhir berasal dari masa depan. Betulkan jam server.") % words)
        elif (place.good_at or born) >= now - timedelta(hours=policy.backup_hours):
            continue
        elif place.good_at is not None:
            told.append(_("%(place)s: cadangan utuh terakhir sudah %(age)s.") % words)
        else:
            told.append(_("%(place)s: belum ada cadangan utuh.") % words)
    if _is_bad(found.last_run):
        told.append(_("Cadangan terakhir tidak berhasil: %(problem)s") % {"problem": found.last_run.problem})
    if found.last_log is not None and (_is_bad(found.last_log) or found.last_log.begun_at < now - LOG_LATE):
        told.append(_("Log basis data tidak lagi tercadang setiap 15 menit."))
    proven_since = found.proven_at or max(born, first_good or now)
    if proven_since < now - timedelta(days=policy.drill_days):
        told.append(
            _("Cadangan terakhir yang terbukti dapat dipulihkan sudah %(age)s.") % {"age": timesince(found.proven_at)}
            if found.proven_at
            else _("Belum ada cadangan yang terbukti dapat dipulihkan.")
        )
    return told


def _is_bad(run: BackupRun | None) -> bool:
    return run is not None and run.outcome in (BackupOutcome.PARTIAL, BackupOutcome.FAILED)
