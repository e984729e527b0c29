"""Finding one record among a million by what somebody has in hand: a number, a name, an e-mail address, a NIK.

Every look-up follows an index from its left end and stops after a few rows; nothing is joined for
ordering and nothing counted. Who may not see a kind of record does not find it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.models import AssessorProfile, CandidateProfile, User
from core.accounts.queries import find_candidate_by_nik, find_people
from core.accounts.roles import ROLE_LABELS
from core.applications.models import Application
from core.applications.queries import applications_for
from core.common.models import NumberingRule
from core.common.numbering import format_number
from core.common.text import clean_line, is_number
from core.reports.document_search import search_documents
from core.reports.repository import documents_for
from core.schemes.models import CompetencyUnit, Scheme

#: Rows of each kind; who wants more uses the list.
LIMIT = 6
SHORTEST, LONGEST = 2, 100


@dataclass(frozen=True)
class Found:
    """A record: which model, its key, and what tells it apart. Never a NIK."""

    model: str
    pk: Any
    title: str
    detail: str


def as_nik(text: str) -> str:
    """The 16 digits, if that is what somebody typed (however grouped); "" otherwise."""
    digits = "".join(c for c in text if c not in " .-")
    return digits if len(digits) == 16 and digits.isascii() and digits.isdigit() else ""


def find_records(text: str, *, by: Any) -> list[Found]:
    """What fits, the cases first."""
    text = clean_line(text)[:LONGEST]
    if len(text) < SHORTEST:
        return []
    if number := as_nik(text):
        return list(_by_nik(number, by))
    people = _people(text, by)
    return [
        *_cases(_numbered(text, by) or _cases_of(people, by)),
        *_candidates(people, by),
        *_staff(text, by),
        *_assessors(text, by),
        *_schemes(text, by),
        *_units(text, by),
        *_documents(text, by),
    ]


def _by_nik(number: str, by: Any) -> Iterator[Found]:
    if not by.has_perm("core.view_candidateprofile"):
        return
    profile = find_candidate_by_nik(number)
    if profile is not None:
        yield from _candidates([profile.user_id], by)
        yield from _cases(_cases_of([profile.user_id], by))


def _numbered(text: str, by: Any) -> list[Application]:
    """By the beginning of the number, or by the running number alone: "123" is number 123 of this year or the last."""
    found = Q(number__istartswith=text)
    if is_number(text) and len(text) <= 6:
        found = Q(number__in=_numbers(int(text)))
    cases = applications_for(by).filter(found).prefetch_related("candidate__user", "scheme_version__scheme")
    return list(cases.order_by("number")[:LIMIT])


def _numbers(serial: int) -> list[str]:
    pattern = NumberingRule.objects.values_list("pattern", flat=True).get(key="application")
    today = timezone.localdate()
    return [
        format_number(pattern, serial=serial, year=year, month=month)
        for year in (today.year, today.year - 1)
        for month in ((today.month,) if "{bulan" not in pattern else range(1, 13))
    ]


def _people(text: str, by: Any) -> list[int]:
    """Keys of the people who are meant by a name, an e-mail or a telephone number."""
    return find_people(text, may_see_contacts=by.has_perm("core.view_candidateprofile"))[: 3 * LIMIT]


def _cases_of(people: list[int], by: Any) -> list[Application]:
    """The newest few. Sorted here: told to sort by key, MariaDB would read the whole table backwards."""
    profiles = list(CandidateProfile.objects.filter(user__in=people).values_list("pk", flat=True))
    cases = applications_for(by).filter(candidate__in=profiles).order_by()
    newest = sorted(
        cases.prefetch_related("candidate__user", "scheme_version__scheme")[: 5 * LIMIT], key=lambda case: -case.pk
    )
    return newest[:LIMIT]


def _cases(cases: list[Application]) -> Iterator[Found]:
    for case in cases:
        words = (case.candidate.user.full_name, case.scheme_version.scheme.title, case.get_status_display())
        yield Found("application", case.pk, case.number, " · ".join(map(str, words)))


def _candidates(people: list[int], by: Any) -> Iterator[Found]:
    if by.has_perm("core.view_candidateprofile"):
        profiles = CandidateProfile.objects.filter(user__in=people).order_by().prefetch_related("user")
        for profile in sorted(profiles, key=lambda profile: (profile.user.full_name, profile.pk))[:LIMIT]:
            yield Found("candidateprofile", profile.pk, profile.user.full_name, _("Asesi · %s") % profile.user.email)


def _staff(text: str, by: Any) -> Iterator[Found]:
    """Colleagues are few: any part of the name will do."""
    if by.has_perm("core.view_user"):
        words = Q(full_name__icontains=text) | Q(email__istartswith=text)
        staff = User.objects.filter(words, is_staff=True).order_by("full_name").prefetch_related("groups")
        for user in staff[:LIMIT]:
            role = next((str(ROLE_LABELS.get(group.name, group.name)) for group in user.groups.all()), "")
            yield Found("user", user.pk, user.full_name, " · ".join(filter(None, (role, user.email))))


def _assessors(text: str, by: Any) -> Iterator[Found]:
    if by.has_perm("core.view_assessorprofile"):
        words = Q(registration_number__icontains=text) | Q(user__full_name__icontains=text)
        for assessor in AssessorProfile.objects.filter(words).select_related("user")[:LIMIT]:
            detail = _("Asesor · %s") % assessor.registration_number
            yield Found("assessorprofile", assessor.pk, assessor.user.full_name, detail)


def _schemes(text: str, by: Any) -> Iterator[Found]:
    if by.has_perm("core.view_scheme"):
        words = Q(title__icontains=text) | Q(code__icontains=text) | Q(number__icontains=text)
        for scheme in Scheme.objects.filter(words)[:LIMIT]:
            yield Found("scheme", scheme.pk, scheme.title, _("Skema sertifikasi"))


def _units(text: str, by: Any) -> Iterator[Found]:
    if by.has_perm("core.view_competencyunit"):
        words = Q(title__icontains=text) | Q(code__istartswith=text)
        for unit in CompetencyUnit.objects.filter(words)[:LIMIT]:
            yield Found("competencyunit", unit.pk, unit.title, _("Unit kompetensi · %s") % unit.code)


def _documents(text: str, by: Any) -> Iterator[Found]:
    """By their text too; a NIK never gets here."""
    if by.has_perm("core.view_document"):
        documents = documents_for(by)
        found = search_documents(text, by=by, documents=documents, limit=LIMIT).keys
        rows = documents.filter(pk__in=found).order_by("-pk").select_related("document_type", "owner")
        for document in rows:
            detail = _("Dokumen · %(owner)s · %(day)s") % {
                "owner": document.owner.full_name,
                "day": date_format(timezone.localtime(document.created_at), "j M Y"),
            }
            yield Found("document", document.pk, document.document_type.title, detail)
