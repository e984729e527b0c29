"""Reads of plenaries and appeals."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.accounts.models import User
from core.accounts.queries import staff_users
from core.applications.enums import ApplicationStatus, Outcome
from core.applications.models import Application
from core.assessments.enums import LineKind, RecordStatus
from core.assessments.form_sets import current_form_version
from core.assessments.models import AssessmentRecord, AssessmentResult, Assignment, FormDefinition, FormLine
from core.decisions.enums import AppealStatus, PlenaryStatus
from core.decisions.models import Appeal, Decision, Plenary, PlenaryMember

#: Plenaries that still change.
OPEN_STATUSES = (PlenaryStatus.PREPARING, PlenaryStatus.RECORDED)
#: So many plenaries of one title are sorted by hand; of more, the newest are soon found along the days.
FEW = 2000


def plenaries_named(plenaries: QuerySet[Plenary], words: str) -> QuerySet[Plenary]:
    """Those whose minutes have a number that begins so, or else those with these words in their title.

    Titles are read in their index alone: the rows hold the minutes.
    """
    if any(sign.isdigit() for sign in words) and Plenary.objects.filter(number__istartswith=words).exists():
        return plenaries.filter(number__istartswith=words)
    titled = Plenary.objects.filter(title__icontains=words).order_by()
    keys = list(titled.values_list("pk", flat=True)[: FEW + 1])
    return plenaries.filter(title__icontains=words) if len(keys) > FEW else plenaries.filter(pk__in=keys)


@dataclass
class AgendaRow:
    """One case on an agenda as it stands now.

    `record` is the signed record in force, None while there is none. `is_corrected`: it is another
    one than was decided on, so that whatever was written down for the case has to be looked at again.
    """

    decision: Decision
    application: Application
    record: AssessmentRecord | None
    is_corrected: bool = False
    is_appeal: bool = False
    not_yet: list[str] = field(default_factory=list)
    recused: list[PlenaryMember] = field(default_factory=list)

    @property
    def recommendation(self) -> str:
        return self.record.recommendation if self.record else ""

    @property
    def outcome(self) -> str:
        """What was written down about the record in force; nothing when the record is newer."""
        return "" if self.is_corrected else self.decision.outcome

    @property
    def note(self) -> str:
        return self.decision.note

    @property
    def differs(self) -> bool:
        return bool(self.outcome) and self.outcome != self.recommendation

    @property
    def lacks_note(self) -> bool:
        return self.differs and not self.note


def agenda(plenary: Plenary) -> list[AgendaRow]:
    """All cases of a plenary in the order they were added; the same few queries however many there are."""
    decisions = list(
        plenary.decisions.select_related(
            "application__candidate__user", "application__scheme_version__scheme", "record__assessor__user"
        ).defer("record__content")
    )
    cases = [decision.application_id for decision in decisions]
    is_open = plenary.status in OPEN_STATUSES
    if is_open:
        newest = {record.application_id: record for record in signed_records(cases)}
    else:  # as it was decided, whatever came later
        newest = {decision.application_id: decision.record for decision in decisions}
    asked_again = Q(status=AppealStatus.FILED) if is_open else Q(resolution__plenary=plenary)
    appealed = set(Appeal.objects.filter(asked_again, application__in=cases).values_list("application_id", flat=True))
    not_yet = units_not_yet(record.pk for record in newest.values())
    recused = recusals(list(plenary.members.all()), decisions, until=None if is_open else plenary.recorded_at)
    rows = []
    for decision in decisions:
        record = newest.get(decision.application_id)
        rows.append(
            AgendaRow(
                decision=decision,
                application=decision.application,
                record=record,
                is_corrected=record is None or record.pk != decision.record_id,
                is_appeal=decision.application_id in appealed,
                not_yet=[code for code, _title in not_yet.get(record.pk, [])] if record else [],
                recused=recused.get(decision.application_id, []),
            )
        )
    return rows


def signed_records(cases: Iterable[int]) -> QuerySet[AssessmentRecord]:
    """The signed record in force of each of these cases."""
    return (
        AssessmentRecord.objects.filter(application__in=cases, in_force=True, status=RecordStatus.SIGNED)
        .select_related("assessor__user")
        .defer("content")
    )


def units_not_yet(records: Iterable[int]) -> dict[int, list[tuple[str, str]]]:
    """{record: [(code, title) of the units found not yet competent by any method]}, in the order of the scheme."""
    results = (
        AssessmentResult.objects.filter(record__in=list(records), outcome=Outcome.NOT_YET)
        .order_by("pk")
        .values_list("record_id", "unit__code", "unit__title")
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for record, code, title in results:
        if (code, title) not in found[record]:
            found[record].append((code, title))
    return found


def recusals(
    members: list[PlenaryMember], decisions: list[Decision], *, until: datetime | None = None
) -> dict[int, list[PlenaryMember]]:
    """{case: members who do not take part in its decision}, because they assessed it, ever, or are its candidate.

    `until`: what was signed after a meeting was written down changes nothing about it. A member
    without an account is known by name: typing it does not lead around the rule.
    """
    cases = [decision.application_id for decision in decisions]
    barred: dict[int, set] = defaultdict(set)
    assessed = AssessmentRecord.objects.filter(application__in=cases, signature__isnull=False).values_list(
        "application_id", "assessor__user_id", "assessor__user__full_name"
    )
    if until is not None:
        assessed = assessed.filter(signature__signed_at__lte=until)
    for case, user, name in assessed:
        barred[case] |= {user, name.casefold()}
    for decision in decisions:
        person = decision.application.candidate.user
        barred[decision.application_id].add(person.pk)
    found = {}
    for case, people in barred.items():
        names = [member for member in members if (member.user_id or member.name.casefold()) in people]
        if names:
            found[case] = names
    return found


def waiting_for_decision() -> QuerySet[Application]:
    """Assessed cases with a signed record in force that are on no agenda; the longest waiting first."""
    signed = AssessmentRecord.objects.filter(application=OuterRef("pk"), in_force=True, status=RecordStatus.SIGNED)
    placed = Decision.objects.filter(application=OuterRef("pk"), in_force=True)
    return Application.objects.filter(Exists(signed), ~Exists(placed), status=ApplicationStatus.ASSESSED).order_by("pk")


def with_counts(plenaries: QuerySet[Plenary]) -> QuerySet[Plenary]:
    """With `cases`, `undecided`, `competent`, `to_issue` (competent, no certificate yet) and `has_members`.

    Each counted for itself: a join would group the whole table before the first page is cut from it.
    """
    members = PlenaryMember.objects.filter(plenary=OuterRef("pk"), is_present=True)
    return plenaries.annotate(
        cases=_count(),
        undecided=_count(outcome=""),
        competent=_count(outcome=Outcome.COMPETENT),
        to_issue=_count(outcome=Outcome.COMPETENT, application__status=ApplicationStatus.COMPETENT),
        has_members=Exists(members),
    )


def _count(**which: str) -> Coalesce:
    found = Decision.objects.filter(plenary=OuterRef("pk"), **which).order_by().values("plenary")
    return Coalesce(Subquery(found.annotate(count=Count("pk")).values("count")), 0)


def possible_members() -> QuerySet[User]:
    """The LSP's own people; who is not among them is written in by name."""
    return staff_users().exclude(groups__name="bnsp").order_by("full_name")


def members_to_choose(plenary: Plenary) -> QuerySet[User]:
    """Those, and whoever sits in it already: that an account was closed since takes nobody out of the meeting."""
    seated = PlenaryMember.objects.filter(plenary=plenary, user__isnull=False)
    keys = {*possible_members().values_list("pk", flat=True), *seated.values_list("user", flat=True)}
    return User.objects.filter(pk__in=keys).order_by("full_name")


def next_plenary() -> Plenary | None:
    """The one that is being prepared, the earliest first."""
    preparing = Plenary.objects.filter(status=PlenaryStatus.PREPARING).defer("content")
    return preparing.order_by("held_on", "pk").first()


def plenaries_to_confirm(by: Any) -> QuerySet[Plenary]:
    """What waits for a second person, and this one may be it."""
    return Plenary.objects.filter(status=PlenaryStatus.RECORDED).exclude(recorded_by=by.pk)


def decision_of(application: Application) -> Decision | None:
    """The confirmed decision in force on a case."""
    return (
        application.decisions.filter(in_force=True, decided_at__isnull=False)
        .select_related("plenary", "record__assessor__user")
        .defer("record__content", "plenary__content")
        .first()
    )


def decisions_of(application: Application) -> QuerySet[Decision]:
    """All that was decided on a case, the latest first."""
    return all_decisions_of(application).filter(decided_at__isnull=False)


def all_decisions_of(application: Application) -> QuerySet[Decision]:
    """The same with a place on an agenda, which is not decided yet."""
    return (
        application.decisions.select_related("plenary", "record__assessor__user")
        .defer("record__content", "plenary__content")
        .order_by("-decided_at", "-pk")
    )


def on_agenda(decisions: Iterable[Decision]) -> Decision | None:
    """Of all decisions of a case its place on the agenda of a plenary that is not confirmed yet."""
    return next((decision for decision in decisions if decision.in_force and not decision.decided_at), None)


def appeal_of(application: Application) -> Appeal | None:
    """There is one at most (see rules.why_not_appeal)."""
    return (
        Appeal.objects.filter(application=application)
        .select_related("decision__plenary", "resolution__plenary")
        .defer("decision__plenary__content", "resolution__plenary__content")
        .first()
    )


def open_appeal(application: Application) -> Appeal | None:
    """The appeal that nobody has decided on yet."""
    return Appeal.objects.filter(application=application, status=AppealStatus.FILED).first()


def appeals_waiting_for_assessor() -> QuerySet[Appeal]:
    """Filed, and no other assessor holds the case yet; the longest waiting first."""
    held = Assignment.objects.filter(application=OuterRef("application"), in_force=True)
    return Appeal.objects.filter(
        ~Exists(held), status=AppealStatus.FILED, application__status=ApplicationStatus.APPEALED
    ).order_by("filed_at")


def appeals_waiting_for_decision() -> QuerySet[Appeal]:
    """Assessed again by another assessor: a plenary decides."""
    return Appeal.objects.filter(status=AppealStatus.FILED, application__status=ApplicationStatus.ASSESSED)


def reasons(decision: Decision) -> list[str]:
    """Why not yet competent, as the candidate reads it: the units, and what the plenary considered."""
    if decision.outcome != Outcome.NOT_YET:
        return []
    units = [f"{code} {title}" for code, title in units_not_yet([decision.record_id]).get(decision.record_id, [])]
    return [*units, decision.note] if decision.note else units


#: The form with which a candidate appeals.
APPEAL_FORM = "fr-ak-04"


def appeal_form() -> FormDefinition | None:
    """FR.AK.04, once the LSP has published it."""
    definition = FormDefinition.objects.filter(code=APPEAL_FORM, is_active=True).first()
    return definition if definition and current_form_version(definition) else None


def appeal_questions() -> list[FormLine]:
    """What FR.AK.04 asks with Ya or Tidak, beside the reason."""
    definition = appeal_form()
    version = current_form_version(definition) if definition else None
    return list(version.lines.filter(kind=LineKind.YES_NO).order_by("position", "pk")) if version else []


def open_work(by: Any) -> dict[str, QuerySet]:
    """What waits: assessed `cases` on no agenda, plenaries `to_confirm` by this person, `appeals` that nobody has."""
    return {
        "cases": waiting_for_decision(),
        "to_confirm": plenaries_to_confirm(by),
        "appeals": appeals_waiting_for_assessor(),
    }
