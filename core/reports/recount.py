"""Keeps the recap of documents true: what changed is marked in its own transaction and counted anew within a minute.

Nothing is added up change by change. A day of documents is counted as a whole and a case's checklist is asked once
more, so that no order of events, however odd, leaves a wrong figure behind. Until a marked day was counted its
figures are counted when somebody asks (`count_days`). One run at a time counts; the desk never waits for it.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from itertools import batched
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum
from django.db.models.signals import post_delete, post_save
from django.utils import timezone

from core.applications.enums import CLOSED_STATUSES
from core.applications.models import Application, CaseDocument, ExpectedDocument, RequirementEvidence
from core.assessments.models import Assignment, FilledForm, FormRequirement, FormSignature, Placement, PreAssessment
from core.certificates.models import Certificate
from core.common.dates import beginning_after, beginning_of
from core.decisions.models import Decision
from core.documents.changes import documents_changed
from core.documents.models import KEPT_STATES, Document
from core.reports.dossier import checklists_of
from core.reports.models import (
    EVERY_SCHEME,
    NO_CASE,
    NOT_SENT,
    CaseLack,
    CaseStanding,
    CaseTally,
    DocumentTally,
    MonthTally,
    RecapMark,
)

COMPLETE, LACKING = "lengkap", "kurang"
#: Cases whose checklists are read together, marks that are seen to in one go, keys written in one statement.
CASES, MARKS, KEYS = 100, 5000, 2000
#: Days whose documents are read in one go when all are counted.
DAYS = 7


# --- marking ------------------------------------------------------------------------------------------------


def follow_documents_and_cases() -> None:
    """Called once, when Django is ready."""
    documents_changed.connect(_documents_changed, dispatch_uid="recap")
    post_save.connect(_document_saved, sender=Document, dispatch_uid="recap")
    for model in (Application, RequirementEvidence, FilledForm, FormSignature, PreAssessment, Placement, Assignment):
        post_save.connect(_case_touched, sender=model, dispatch_uid="recap")
    for model in (Decision, Certificate):
        post_save.connect(_case_touched, sender=model, dispatch_uid="recap")
    for signal in (post_save, post_delete):  # what is asked of every file
        signal.connect(_rules_changed, sender=ExpectedDocument, dispatch_uid="recap")
        signal.connect(_rules_changed, sender=FormRequirement, dispatch_uid="recap")


def _documents_changed(documents: list[int] | None, is_filing: bool, **_rest: Any) -> None:
    if documents is None:
        RecapMark.objects.create(day=RecapMark.ALL_DAYS)
        return
    for keys in batched(documents, KEYS):
        found = Document.objects.filter(pk__in=keys).order_by()
        _mark_days(found.values_list("created_at", flat=True))
        if is_filing:
            _mark_cases_of(found)


def _document_saved(instance: Document, created: bool, update_fields: Any = None, **_rest: Any) -> None:
    """A new one counts on its day. With its state the place of its content passes on to another that has the same."""
    if created:
        _mark_days([instance.created_at])
    elif update_fields is None or "state" in update_fields:
        same = Document.objects.filter(sha256=instance.sha256).order_by()
        _mark_days(same.values_list("created_at", flat=True))
        _mark_cases_of(same)
    elif "valid_until" in update_fields:
        _mark_cases_of(Document.objects.filter(pk=instance.pk))


def _case_touched(instance: Any, **_rest: Any) -> None:
    if isinstance(instance, Application):
        if instance.number is not None:
            _mark_cases([instance.pk])
        return
    form = instance.form if isinstance(instance, FormSignature) else instance
    if form.application_id is not None:
        _mark_cases([form.application_id])
    else:  # a paper of a session stands in the files of all who take part
        seats = Placement.objects.filter(session=form.session_id, in_force=True).order_by()
        _mark_cases(seats.values_list("application", flat=True))


def _rules_changed(**_rest: Any) -> None:
    RecapMark.objects.create(application=RecapMark.ALL_CASES)


def _mark_days(moments: Iterable[datetime]) -> None:
    days = {timezone.localdate(moment) for moment in moments}
    RecapMark.objects.bulk_create([RecapMark(day=day) for day in sorted(days)])


def _mark_cases_of(documents: Any) -> None:
    files = CaseDocument.objects.filter(document__in=documents.values("pk"), application__number__isnull=False)
    _mark_cases(files.order_by().values_list("application", flat=True).distinct())


def _mark_cases(keys: Iterable[int]) -> None:
    RecapMark.objects.bulk_create([RecapMark(application=key) for key in keys], batch_size=KEYS)


def marked_days() -> list[date]:
    """Days that are to be counted anew, the latest first; ALL_DAYS, where it stands, comes last."""
    marks = RecapMark.objects.filter(day__isnull=False)
    return list(marks.order_by("-day").values_list("day", flat=True).distinct())


# --- documents ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Cell:
    """Where a document is counted."""

    day: date
    scheme: int
    document_type: int
    state: str
    source: str = ""


@dataclass
class Sum3:
    """How many documents, their size as they came, and the bytes that they take."""

    documents: int = 0
    size: int = 0
    stored: int = 0

    @property
    def saved(self) -> int:
        return self.size - self.stored

    def add(self, other: "Sum3") -> None:
        self.documents += other.documents
        self.size += other.size
        self.stored += other.stored


def is_first_of_its_content() -> Exists:
    """Whether no earlier document keeps the same bytes: a condition on documents."""
    return ~Exists(
        Document.objects.filter(sha256=OuterRef("sha256"), state__in=KEPT_STATES, pk__lt=OuterRef("pk")).order_by()
    )


def count_days(days: Iterable[date]) -> dict[Cell, Sum3]:
    """The documents of these days, counted one by one: two questions, however many days."""
    days = list(days)
    found: dict[Cell, Sum3] = defaultdict(Sum3)
    if not days:
        return found
    schemes: dict[int, list[int]] = defaultdict(list)
    filed = CaseDocument.objects.filter(_within(days, "document__created_at"), application__number__isnull=False)
    for document, scheme in (
        filed.order_by().values_list("document_id", "application__scheme_version__scheme_id").distinct()
    ):
        schemes[document].append(scheme)
    rows = Document.objects.filter(_within(days, "created_at")).order_by().annotate(first=is_first_of_its_content())
    for pk, moment, kind, state, source, size, first in rows.values_list(
        "pk", "created_at", "document_type_id", "state", "text__source", "size", "first"
    ):
        day = timezone.localdate(moment)
        one = Sum3(1, size, size if first and state in KEPT_STATES else 0)
        found[Cell(day, EVERY_SCHEME, kind, state, source or "")].add(one)
        for scheme in schemes.get(pk) or [NO_CASE]:
            found[Cell(day, scheme, kind, state)].add(one)
    return found


def _within(days: list[date], field: str) -> Q:
    """Neighbouring days become one span: the database follows few pieces of its index."""
    spans: list[list[date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] <= timedelta(days=1):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    bounds = ((beginning_of(first), beginning_after(last)) for first, last in spans)
    return reduce(or_, (Q(**{f"{field}__gte": start, f"{field}__lt": end}) for start, end in bounds))


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time counts: they queue at an empty cell that stands for no case."""
    cell, _created = CaseTally.objects.get_or_create(month=NOT_SENT, scheme=0, document_type=0, state="")
    with transaction.atomic():
        CaseTally.objects.select_for_update().get(pk=cell.pk)
        yield


def recount_days(*, until: float = float("inf")) -> int:
    """Count anew what is marked, the latest days first; how many days."""
    marks = RecapMark.objects.filter(day=RecapMark.ALL_DAYS)
    if keys := list(marks.values_list("pk", flat=True)):
        with _alone():
            RecapMark.objects.bulk_create([RecapMark(day=day) for day in _all_days()], batch_size=KEYS)
            marks.filter(pk__in=keys).delete()
    done = 0
    for some in batched(marked_days(), DAYS):
        if time.monotonic() > until:
            break
        _recount(list(some))
        done += len(some)
    return done


@_alone()
def _recount(days: list[date]) -> dict[Cell, tuple[Sum3, Sum3]]:
    """Write what these days come to; what was told and what was counted, where the two differ.

    The marks are read before the documents: whoever marks later is seen to later.
    """
    marks = list(RecapMark.objects.filter(day__in=days).values_list("pk", flat=True))
    counted = count_days(days)
    told = {
        Cell(row.day, row.scheme, row.document_type, row.state, row.source): row
        for row in DocumentTally.objects.filter(day__in=days)
    }
    wrong: dict[Cell, tuple[Sum3, Sum3]] = {}
    for cell in told.keys() | counted.keys():
        row, new = told.get(cell), counted.get(cell, Sum3())
        old = Sum3(row.documents, row.size, row.stored) if row else Sum3()
        if old != new:
            wrong[cell] = (old, new)
    DocumentTally.objects.filter(pk__in=[told[cell].pk for cell in wrong if cell in told]).delete()
    DocumentTally.objects.bulk_create(
        [
            DocumentTally(month=cell.day.replace(day=1), **asdict(cell), **asdict(new))
            for cell, (_old, new) in sorted(wrong.items())
            if new.documents
        ],
        batch_size=KEYS,
    )
    if wrong:
        _sum_months({day.replace(day=1) for day in days})
    for some in batched(marks, KEYS):
        RecapMark.objects.filter(pk__in=some).delete()
    return wrong


def _sum_months(months: set[date]) -> int:
    """Write what the days of these months come to; how many cells said something else."""
    cell, sums = ("month", "scheme", "document_type", "state", "source"), ("documents", "size", "stored")
    days = DocumentTally.objects.filter(month__in=months).order_by().values_list(*cell)
    counted = {
        tuple(row[:5]): tuple(map(int, row[5:]))
        for row in days.annotate(n=Sum("documents"), bytes=Sum("size"), bytes_stored=Sum("stored"))
    }
    told = {
        tuple(row[:5]): tuple(row[5:])
        for row in MonthTally.objects.filter(month__in=months).values_list(*cell, *sums, "pk")
    }
    wrong = [key for key in counted.keys() | told.keys() if counted.get(key) != told.get(key, ())[:3]]
    for some in batched([told[key][3] for key in wrong if key in told], KEYS):
        MonthTally.objects.filter(pk__in=some).delete()
    MonthTally.objects.bulk_create(
        [
            MonthTally(**dict(zip(cell + sums, key + counted[key], strict=True)))
            for key in sorted(wrong)
            if key in counted
        ],
        batch_size=KEYS,
    )
    return len(wrong)


def _all_days() -> list[date]:
    """Every day from the first document to the last, and those that are told without having any."""
    ends = Document.objects.aggregate(first=Min("created_at"), last=Max("created_at"))
    days = set(DocumentTally.objects.order_by().values_list("day", flat=True).distinct())
    if ends["first"]:
        first, last = timezone.localdate(ends["first"]), timezone.localdate(ends["last"])
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return sorted(days, reverse=True)


# --- files of cases -----------------------------------------------------------------------------------------


def examine_marked(*, until: float = float("inf")) -> int:
    """Ask the checklists of the cases that are marked; how many cases."""
    everything = RecapMark.objects.filter(application=RecapMark.ALL_CASES)
    if keys := list(everything.values_list("pk", flat=True)):
        sent = Application.objects.filter(number__isnull=False).order_by().values_list("pk", flat=True)
        for some in batched(sent.iterator(), KEYS):
            _mark_cases(some)
        everything.filter(pk__in=keys).delete()
    done = 0
    while time.monotonic() <= until:
        marks = RecapMark.objects.filter(application__gt=0).order_by("pk").values_list("pk", "application")[:MARKS]
        by_case: dict[int, list[int]] = defaultdict(list)
        for mark, case in marks:
            by_case[case].append(mark)
        if not by_case:
            break
        for some in batched(by_case, CASES):
            _examine(list(some), marks=[mark for case in some for mark in by_case[case]])
            done += len(some)
            if time.monotonic() > until:
                break
    return done


def examine_open(*, seconds: float) -> int:
    """What time changes without anybody's doing, such as papers that expire: all cases that are not over, then those
    that were not looked at for the longest; how many before the time was up."""
    until, today = time.monotonic() + seconds, timezone.now() - timedelta(hours=12)
    done = 0
    late = CaseStanding.objects.filter(examined_at__lt=today).order_by("examined_at").values_list("pk", flat=True)
    for rows in (late.exclude(application__status__in=CLOSED_STATUSES), late):
        while time.monotonic() <= until and (keys := list(rows[:CASES])):
            _examine(keys)
            done += len(keys)
    return done


@_alone()
def _examine(keys: list[int], *, marks: Iterable[int] = ()) -> list[int]:
    """Write down how the files of these cases stand; those that stand otherwise than was told."""
    cases = Application.objects.filter(pk__in=keys, number__isnull=False).select_related("scheme_version__scheme")
    checklists = checklists_of(cases.order_by("pk"))
    told = {row.pk: row for row in CaseStanding.objects.filter(pk__in=keys).prefetch_related("lacks")}
    changes: Counter[tuple[date, int, int, str]] = Counter()
    standings, lacks, changed = [], [], []
    for pk in dict.fromkeys([*told, *checklists]):
        old = told.get(pk)
        before = _cells(old, {lack.document_type: lack.state for lack in old.lacks.all()}) if old else []
        new, missing = _standing(checklists[pk]) if pk in checklists else (None, {})
        after = _cells(new, missing) if new else []
        if before == after:
            continue
        changed.append(pk)
        changes.subtract(before)
        changes.update(after)
        if new:
            standings.append(new)
            lacks += [CaseLack(standing_id=pk, document_type=kind, state=state) for kind, state in missing.items()]
    CaseLack.objects.filter(standing__in=changed).delete()
    CaseStanding.objects.filter(pk__in=changed).delete()
    CaseStanding.objects.bulk_create(standings)
    CaseLack.objects.bulk_create(lacks)
    CaseStanding.objects.filter(pk__in=keys).exclude(pk__in=changed).update(examined_at=timezone.now())
    _add(changes)
    for some in batched(marks, KEYS):
        RecapMark.objects.filter(pk__in=some).delete()
    return changed


def _standing(checklist: Any) -> tuple[CaseStanding, dict[int, str]]:
    """With the kinds that are lacking; of two papers of one kind the first one tells why."""
    case = checklist.application
    missing: dict[int, str] = {}
    for item in checklist.lacking:
        missing.setdefault(item.kind.pk, str(item.state))
    standing = CaseStanding(
        application_id=case.pk,
        month=case.registered_on.replace(day=1) if case.registered_on else NOT_SENT,
        scheme=case.scheme_version.scheme_id,
        is_complete=not missing,
    )
    return standing, dict(sorted(missing.items()))


def _cells(standing: CaseStanding, missing: dict[int, str]) -> list[tuple[date, int, int, str]]:
    place = (standing.month, standing.scheme)
    own = (*place, 0, COMPLETE if standing.is_complete else LACKING)
    return [own, *((*place, kind, state) for kind, state in sorted(missing.items()))]


def _add(changes: Counter[tuple[date, int, int, str]]) -> None:
    for (month, scheme, kind, state), change in sorted(changes.items()):
        if change:
            cell, _created = CaseTally.objects.get_or_create(
                month=month, scheme=scheme, document_type=kind, state=state
            )
            CaseTally.objects.filter(pk=cell.pk).update(cases=F("cases") + change)


# --- together -----------------------------------------------------------------------------------------------


def renew_recap(*, seconds: float = float("inf")) -> tuple[int, int]:
    """Count and examine what is marked; how many days and cases."""
    until = time.monotonic() + seconds
    days = recount_days(until=until)
    return days, examine_marked(until=until)


@dataclass
class Found:
    """What a rebuild looked at, and what stood otherwise than it was told."""

    documents: int = 0
    days: int = 0
    cases: int = 0
    wrong_cells: dict[Cell, tuple[Sum3, Sum3]] | None = None
    wrong_cases: list[int] | None = None
    wrong_sums: int = 0

    @property
    def is_right(self) -> bool:
        return not self.wrong_cells and not self.wrong_cases and not self.wrong_sums


def rebuild_recap(*, tell: Callable[[Found], Any] = lambda found: None) -> Found:
    """Count all days and ask all checklists again, set right what differs and tell it. The desk goes on working."""
    renew_recap()
    found = Found(wrong_cells={}, wrong_cases=[])
    for some in batched(_all_days(), DAYS):
        found.wrong_cells |= _recount(list(some))
        found.days += len(some)
        tell(found)
    sent = Application.objects.filter(number__isnull=False).order_by("pk").values_list("pk", flat=True)
    for some in batched(sent.iterator(), CASES):
        found.wrong_cases += _examine(list(some))
        found.cases += len(some)
        tell(found)
    found.wrong_sums = _set_months_right() + _set_sums_right()
    return found


@_alone()
def _set_months_right() -> int:
    """The months of the documents; how many cells were not what their days come to."""
    return _sum_months(
        {
            month
            for model in (DocumentTally, MonthTally)
            for month in model.objects.order_by().values_list("month", flat=True).distinct()
        }
    )


@_alone()
def _set_sums_right() -> int:
    """The sums of the standings; how many cells were not what their cases come to."""
    counted: Counter[tuple[date, int, int, str]] = Counter()
    standings = CaseStanding.objects.order_by()
    for month, scheme, is_complete, number in standings.values_list("month", "scheme", "is_complete").annotate(
        n=Count("pk")
    ):
        counted[month, scheme, 0, COMPLETE if is_complete else LACKING] += number
    for *cell, number in (
        CaseLack.objects.order_by()
        .values_list("standing__month", "standing__scheme", "document_type", "state")
        .annotate(n=Count("pk"))
    ):
        counted[tuple(cell)] += number
    told = Counter(
        {
            (month, scheme, kind, state): number
            for month, scheme, kind, state, number in CaseTally.objects.order_by()
            .values_list("month", "scheme", "document_type", "state")
            .annotate(n=Sum("cases"))
        }
    )
    wrong = Counter({cell: counted[cell] - told[cell] for cell in counted.keys() | told.keys()})
    _add(wrong)
    return sum(1 for change in wrong.values() if change)
