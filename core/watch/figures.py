"""Figures of the database for Prometheus, each from a tally or along an index: a million cases cost no more."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core.backups.queries import last_proven, standing
from core.common.telling import kind_of
from core.jobs.queries import count_by_state
from core.reports.queries import cases_by_status, certificates_by_status, waiting_letters
from core.timetable.queries import jobs_of_the_timetable, timetable_state
from core.watch.health import examine, free_space

logger = logging.getLogger(__name__)

#: (labels, value) of one line.
Sample = tuple[tuple[str, ...], float]


def _letters() -> Iterator[Sample]:
    yield (), waiting_letters()[0]


def _oldest_letter() -> Iterator[Sample]:
    since = waiting_letters()[1]
    yield (), _age(since) if since else 0


def _jobs() -> Iterator[Sample]:
    for state, number in count_by_state().items():
        yield (state,), number


def _cases() -> Iterator[Sample]:
    for status, number in cases_by_status().items():
        yield (status,), number


def _certificates() -> Iterator[Sample]:
    for status, number in certificates_by_status().items():
        yield (status,), number


def _backups() -> Iterator[Sample]:
    """Of places that have a good one; none yet is a part that fails."""
    for place in standing().places:
        if place.good_at is not None:
            yield (place.place,), _age(place.good_at)


def _proven() -> Iterator[Sample]:
    if (proven_at := last_proven()) is not None:
        yield (), _age(proven_at)


def _timetable() -> Iterator[Sample]:
    if (looked_at := timetable_state().looked_at) is not None:
        yield (), _age(looked_at)


def _failing_jobs() -> Iterator[Sample]:
    for _entry, job in jobs_of_the_timetable():
        yield (job.name,), job.failures


def _age(since: datetime) -> float:
    return (timezone.now() - since).total_seconds()


def _disk() -> Iterator[Sample]:
    for name, free in free_space().items():
        yield (name,), free


def _health() -> Iterator[Sample]:
    for report in examine():
        yield (report.part.key,), float(report.works)


#: name → (what it says, its labels, where it comes from); a room that has a figure of its own adds a line.
FIGURES: dict[str, tuple[str, tuple[str, ...], Callable[[], Iterator[Sample]]]] = {
    "lsp_outbox_waiting": ("Letters that wait to be sent", (), _letters),
    "lsp_outbox_oldest_seconds": ("Age of the oldest letter that was never tried", (), _oldest_letter),
    "lsp_jobs": ("Background jobs that wait or run", ("state",), _jobs),
    "lsp_cases": ("Cases by where they stand", ("status",), _cases),
    "lsp_certificates": ("Certificates that were issued, by what became of them", ("status",), _certificates),
    "lsp_backup_age_seconds": ("Age of the newest good backup", ("place",), _backups),
    "lsp_backup_proven_age_seconds": ("Since when no restore was proven", (), _proven),
    "lsp_timetable_read_age_seconds": ("Since when cron has not read the timetable", (), _timetable),
    "lsp_scheduled_job_failures": ("How often a job of the timetable failed in a row", ("job",), _failing_jobs),
    "lsp_disk_free_bytes": ("Free space where data are written", ("folder",), _disk),
    "lsp_part_works": ("Parts of /sehat/: 1 works, 0 does not", ("part",), _health),
}


class Figures(Collector):
    """One that cannot be read is left out, and the parts say why: an alert on a missing figure still comes."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (words, labels, read) in FIGURES.items():
            family = GaugeMetricFamily(name, words, labels=labels)
            try:
                samples = list(read())
            except Exception as error:  # the database is down: what can be told without it is told
                logger.warning("figure %s cannot be read: %s", name, kind_of(error))
                continue
            for values, number in samples:
                family.add_metric(values, number)
            yield family
