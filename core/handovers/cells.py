"""What stands in a cell of BNSP's list: what is known of a case, and how a column says it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from core.accounts.enums import Sex
from core.accounts.models import CandidateProfile
from core.applications.enums import Outcome
from core.assessments.models import AssessmentSession, Placement
from core.certificates.models import Certificate
from core.codelists.models import CodeListEntry
from core.common.languages import INDONESIAN
from core.handovers.enums import Source
from core.handovers.models import HandoverCase, HandoverColumn, SessionCodes


@dataclass
class Facts:
    """One case of a hand-over with all that its row is made of."""

    case: HandoverCase
    session: AssessmentSession | None = None
    certificate: Certificate | None = None

    @property
    def profile(self) -> CandidateProfile:
        return self.case.application.candidate

    @property
    def assessor(self) -> Any:
        return self.case.decision.record.assessor

    @property
    def codes(self) -> SessionCodes | None:
        return getattr(self.session, "bnsp_codes", None)

    @property
    def test_date(self) -> date | None:
        return self.session.local_start.date() if self.session else None


@dataclass(frozen=True)
class Value:
    """What we know: a text or a day, what a code list is asked for, and the entry that was chosen."""

    shown: Any = ""
    label: str = ""
    entry: CodeListEntry | None = None


@dataclass(frozen=True)
class Cell:
    """What is printed, and why it can't be handed over so."""

    shown: Any = ""
    fault: str = ""
    is_unknown_code: bool = False


def facts_of(cases: Iterable[HandoverCase]) -> list[Facts]:
    """The cases of a hand-over in their order; the same three queries however many there are."""
    rows = list(cases)
    keys = [row.application_id for row in rows]
    seats = Placement.objects.filter(application__in=keys, in_force=True).select_related(
        "session__venue", "session__bnsp_codes__funding", "session__bnsp_codes__ministry"
    )
    sessions = {seat.application_id: seat.session for seat in seats}
    certificates = {
        row.application_id: row
        for row in Certificate.objects.filter(application__in=keys, in_force=True).defer("content", "token")
    }
    return [Facts(row, sessions.get(row.application_id), certificates.get(row.application_id)) for row in rows]


def with_facts(cases: Any) -> Any:
    """A query of cases with what `facts_of` looks at."""
    return cases.select_related(
        "decision__plenary",
        "decision__record__assessor__user",
        "application__scheme_version__scheme",
        "application__candidate__user",
        "application__candidate__home_region__province",
        "application__candidate__education",
        "application__candidate__occupation",
    ).defer("content", "decision__plenary__content", "decision__record__content")


# --- what the columns are filled with -----------------------------------------------------------------


def _text(text: str) -> Value:
    return Value(text, text)


def _entry(entry: CodeListEntry | None) -> Value:
    return Value(entry.code, entry.title, entry) if entry else Value()


def _regency(facts: Facts) -> Value:
    region = facts.profile.home_region
    return Value(region.code, region.name) if region else Value()


def _province(facts: Facts) -> Value:
    region = facts.profile.home_region
    return Value(region.province.code, region.province.name) if region and region.province else Value()


def _in_indonesian(choice: Any) -> str:
    """As BNSP's code lists say it, whatever language is read just now."""
    with override(INDONESIAN):
        return str(choice.label)


def _sex(facts: Facts) -> Value:
    sex = facts.profile.sex
    return Value(sex, _in_indonesian(Sex(sex))) if sex else Value()


def _outcome(facts: Facts) -> Value:
    outcome = facts.case.decision.outcome
    return Value(outcome, _in_indonesian(Outcome(outcome))) if outcome else Value()


def _phone(facts: Facts) -> Value:
    """As it is dialled at home: BNSP's system knows no country codes."""
    number = facts.profile.phone_mobile
    return _text(f"0{number[3:]}" if number.startswith("+62") else number)


READERS: dict[str, Callable[[Facts], Value]] = {
    Source.FULL_NAME: lambda facts: _text(facts.profile.user.full_name),
    Source.NIK: lambda facts: _text(facts.profile.nik),
    Source.BIRTH_PLACE: lambda facts: _text(facts.profile.birth_place),
    Source.BIRTH_DATE: lambda facts: Value(facts.profile.birth_date or ""),
    Source.SEX: _sex,
    Source.ADDRESS: lambda facts: _text(" ".join(facts.profile.home_address.split())),
    Source.REGENCY: _regency,
    Source.PROVINCE: _province,
    Source.PHONE: _phone,
    Source.EMAIL: lambda facts: _text(facts.profile.user.email),
    Source.EDUCATION: lambda facts: _entry(facts.profile.education),
    Source.OCCUPATION: lambda facts: _entry(facts.profile.occupation),
    Source.SESSION_CODE: lambda facts: _text(facts.codes.code if facts.codes else ""),
    Source.TEST_DATE: lambda facts: Value(facts.test_date or ""),
    Source.ASSESSOR: lambda facts: _text(facts.assessor.registration_number),
    Source.FUNDING: lambda facts: _entry(facts.codes.funding if facts.codes else None),
    Source.MINISTRY: lambda facts: _entry(facts.codes.ministry if facts.codes else None),
    Source.OUTCOME: _outcome,
    Source.SCHEME: lambda facts: _text(facts.case.application.scheme_version.scheme.title),
    Source.SCHEME_NUMBER: lambda facts: _text(facts.case.application.scheme_version.scheme.number),
    Source.INSTITUTION: lambda facts: _text(facts.profile.institution),
    Source.APPLICATION: lambda facts: _text(facts.case.application.reference),
    Source.CERTIFICATE: lambda facts: _text(facts.certificate.number if facts.certificate else ""),
}


@dataclass
class Table:
    """The columns in force and the codes of the lists that they name; read once for a whole hand-over."""

    columns: Sequence[HandoverColumn]
    codes: dict[int, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Iterable[HandoverColumn]) -> "Table":
        found = cls(list(columns))
        wanted = {column.code_list_id for column in found.columns if column.code_list_id}
        entries = CodeListEntry.objects.filter(code_list__in=wanted, is_active=True).order_by("-position", "-code")
        for entry in entries:
            found.codes.setdefault(entry.code_list_id, {})[entry.title.casefold()] = entry.code
        return found

    def row(self, facts: Facts) -> list[Cell]:
        return [self.cell(column, facts) for column in self.columns]

    def cell(self, column: HandoverColumn, facts: Facts) -> Cell:
        value = READERS[column.source](facts)
        if value.shown == "":
            lacking = _("%(column)s belum diisi.") % {"column": column.heading} if column.is_required else ""
            return Cell(fault=lacking)
        if column.code_list_id is None:
            return Cell(value.shown)
        if value.entry is not None and value.entry.code_list_id == column.code_list_id and value.entry.is_active:
            return Cell(value.entry.code)
        code = self.codes.get(column.code_list_id, {}).get(value.label.casefold())
        if code is None:
            words = _("“%(value)s” tidak ada, atau tidak dipakai lagi, dalam daftar kode “%(list)s”.")
            return Cell(fault=words % {"value": value.label, "list": column.code_list}, is_unknown_code=True)
        return Cell(code)
