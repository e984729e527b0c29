"""What the filters offer while one types: few answers at a time, never a page of options.

Unfold's own autocomplete filter asks for the right to view the related model (BNSP has none for
officers) and draws through its admin; here each source is one small query of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.accounts.models import AssessorProfile, CandidateProfile, User
from core.accounts.queries import find_people, staff_users
from core.applications.models import Employer
from core.applications.queries import applications_for
from core.assessments.models import Venue
from core.assessments.queries import sessions_for
from core.codelists.models import Region
from core.common.text import is_number
from core.documents.models import DocumentType
from core.institutions.models import Institution, InvitationBatch
from core.reports.certification_recap import NONE, REMOTE_WORD
from core.schemes.models import CompetencyUnit, Scheme

#: Answers at a time; who types on sees others.
MAX_CHOICES = 20

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Source:
    """One kind of thing to choose from.

    `rights`: one of them is needed. `find(term, by)` answers what is typed, `label(key)` names what
    was chosen. `is_free` sources also take what was typed as it is (the beginning of a name).
    """

    rights: tuple[str, ...]
    find: Callable[[str, Any], Choices]
    label: Callable[[str], str]
    is_free: bool = False

    def permits(self, by: Any) -> bool:
        return any(by.has_perm(f"core.{right}") for right in self.rights)


def _schemes(term: str, by: Any) -> Choices:
    found = Scheme.objects.filter(Q(title__icontains=term) | Q(code__istartswith=term))
    return list(found.values_list("code", "title")[:MAX_CHOICES])


def _officers(term: str, by: Any) -> Choices:
    fixed = [("saya", _("Saya")), ("belum", _("Belum ada"))]
    if not by.has_perm("core.verify_application"):
        del fixed[0]
    colleagues = staff_users().filter(groups__name="sekretariat", full_name__icontains=term).exclude(pk=by.pk)
    return [choice for choice in fixed if term.lower() in choice[1].lower()] + [
        (str(pk), name) for pk, name in colleagues.values_list("pk", "full_name")[:MAX_CHOICES]
    ]


def _officer(key: str) -> str:
    fixed = {"saya": _("Saya"), "belum": _("Belum ada")}
    return fixed.get(key) or _name(User.objects.filter(pk=key) if is_number(key) else User.objects.none(), "full_name")


def _provinces(term: str, by: Any) -> Choices:
    found = Region.objects.filter(province=None, is_current=True, code__regex=r"^..$", name__icontains=term)
    return list(found.order_by("name").values_list("code", "name")[:MAX_CHOICES])


def _regencies(term: str, by: Any) -> Choices:
    found = Region.objects.filter(name__icontains=term).exclude(province=None).select_related("province")
    return [(region.code, f"{region.name}, {region.province.name}") for region in found.order_by("name")[:MAX_CHOICES]]


def _document_types(term: str, by: Any) -> Choices:
    return list(DocumentType.objects.filter(title__icontains=term).values_list("code", "title")[:MAX_CHOICES])


def _institutions(term: str, by: Any) -> Choices:
    if not term:
        return []
    found = CandidateProfile.objects.filter(institution__istartswith=term).order_by("institution")
    found = _of_seen_cases(found, "candidate", by)
    return [(name, name) for name in found.values_list("institution", flat=True).distinct()[:MAX_CHOICES]]


def _accounts_of_institutions(term: str, by: Any) -> Choices:
    found = Institution.objects.filter(name__icontains=term).order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")[:MAX_CHOICES]]


def _batches(term: str, by: Any) -> Choices:
    found = InvitationBatch.objects.filter(number__icontains=term).select_related("institution").order_by("-pk")
    return [(str(batch.pk), f"{batch.number}, {batch.institution.name}") for batch in found[:MAX_CHOICES]]


def _people(term: str, by: Any) -> Choices:
    if len(term) < 2:
        return []
    found = find_people(term, may_see_contacts=True)[:MAX_CHOICES]
    return [
        (str(pk), f"{name} ({email})")
        for pk, name, email in User.objects.filter(pk__in=found).values_list("pk", "full_name", "email")
    ]


#: Who brought a document in, where no colleague is meant.
UPLOADERS = {"asesi": _lazy("Asesi pemiliknya"), "lsp": _lazy("LSP (semua petugas)"), "sistem": _lazy("Sistem")}


def _uploaders(term: str, by: Any) -> Choices:
    fixed = [(key, str(name)) for key, name in UPLOADERS.items() if term.lower() in str(name).lower()]
    colleagues = staff_users(also_inactive=True).filter(full_name__icontains=term).order_by("full_name")
    return fixed + [(str(pk), name) for pk, name in colleagues.values_list("pk", "full_name")[:MAX_CHOICES]]


def _uploader(key: str) -> str:
    if key in UPLOADERS:
        return str(UPLOADERS[key])
    return _name(User.objects.filter(pk=key), "full_name") if is_number(key) else ""


def _venues(term: str, by: Any) -> Choices:
    found = Venue.objects.filter(Q(name__icontains=term) | Q(code__istartswith=term))
    return list(found.values_list("code", "name")[:MAX_CHOICES])


def _venue(key: str) -> str:
    """Of a case also that it has no seat, or none at a venue."""
    elsewhere = {NONE: _("Belum dijadwalkan"), REMOTE_WORD: _("Jarak jauh, tanpa TUK")}
    return elsewhere.get(key) or _name(Venue.objects.filter(code=key), "name")


def _units(term: str, by: Any) -> Choices:
    found = CompetencyUnit.objects.filter(Q(title__icontains=term) | Q(code__istartswith=term)).order_by("code")
    return [(code, f"{code} {title}") for code, title in found.values_list("code", "title")[:MAX_CHOICES]]


def _employers(term: str, by: Any) -> Choices:
    if not term:
        return []
    found = Employer.objects.filter(key__startswith=term.casefold()).order_by("key")
    found = _of_seen_cases(found, "employer", by)
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")[:MAX_CHOICES]]


def _assessors(term: str, by: Any) -> Choices:
    found = AssessorProfile.objects.filter(user__full_name__icontains=term).order_by("user__full_name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "user__full_name")[:MAX_CHOICES]]


def _sessions(term: str, by: Any) -> Choices:
    found = sessions_for(by).filter(number__istartswith=term).order_by("-starts_at")
    return [(number, number) for number in found.values_list("number", flat=True)[:MAX_CHOICES]]


def _of_seen_cases(found: QuerySet, of_case: str, by: Any) -> QuerySet:
    """Who does not see all candidates is offered what the cases that they see say."""
    if by.has_perm("core.view_candidateprofile"):
        return found
    return found.filter(Exists(applications_for(by).filter(**{of_case: OuterRef("pk")})))


def _labelled(model: Any, field: str, none: Any) -> Callable[[str], str]:
    """The name of what was chosen by key, or the words for “none of them”."""

    def label(key: str) -> str:
        if key == NONE:
            return str(none)
        return _name(model.objects.filter(pk=key), field) if is_number(key) else ""

    return label


def _name(rows: Any, field: str) -> str:
    return rows.values_list(field, flat=True).first() or ""


_NOT_FILLED = _lazy("Tidak diisi")
SOURCES = {
    "skema": Source(
        ("view_application", "view_scheme"), _schemes, lambda key: _name(Scheme.objects.filter(code=key), "title")
    ),
    "petugas": Source(("view_application",), _officers, _officer),
    "provinsi": Source(
        ("view_application", "view_candidateprofile"),
        _provinces,
        lambda key: str(_NOT_FILLED) if key == NONE else _name(Region.objects.filter(code=key), "name"),
    ),
    "kabupaten": Source(
        ("view_application", "view_candidateprofile"),
        _regencies,
        lambda key: _name(Region.objects.filter(code=key), "name"),
    ),
    "jenis-dokumen": Source(
        ("view_document",), _document_types, lambda key: _name(DocumentType.objects.filter(code=key), "title")
    ),
    "institusi": Source(("view_application", "view_candidateprofile"), _institutions, lambda key: key, is_free=True),
    "instansi": Source(
        ("view_institution",),
        _accounts_of_institutions,
        lambda key: _name(Institution.objects.filter(pk=key), "name") if is_number(key) else "",
    ),
    "rombongan": Source(
        ("view_invitationbatch",),
        _batches,
        lambda key: _name(InvitationBatch.objects.filter(pk=key), "number") if is_number(key) else "",
    ),
    "pengunggah": Source(("view_user",), _uploaders, _uploader),
    "tuk": Source(("view_venue",), _venues, _venue),
    "orang": Source(
        ("view_candidateprofile",),
        _people,
        lambda key: _name(User.objects.filter(pk=key), "full_name") if is_number(key) else "",
    ),
    # What the recap of certification narrows to.
    "unit": Source(
        ("view_application",), _units, lambda key: _name(CompetencyUnit.objects.filter(code=key), "title") and key
    ),
    "tempat-kerja": Source(("view_application",), _employers, _labelled(Employer, "name", _NOT_FILLED)),
    "asesor": Source(
        ("view_assessorprofile",), _assessors, _labelled(AssessorProfile, "user__full_name", _lazy("Belum ada asesor"))
    ),
    "jadwal": Source(
        ("view_assessmentsession",), _sessions, lambda key: _("Belum dijadwalkan") if key == NONE else key
    ),
}
