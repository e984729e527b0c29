"""Choosing an assessor for a case, and taking it back: one dialog, or one page without JavaScript."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.base import go
from backoffice.screens import dialog
from backoffice.views import case_page
from backoffice.views.verification import find_case
from core.accounts.models import AssessorProfile
from core.applications.enums import ApplicationStatus
from core.applications.models import Application
from core.assessments import rules
from core.assessments.conflicts import busy_assessors
from core.assessments.models import AssessmentRecord
from core.assessments.queries import assessors_with_load, assignment_in_force
from core.assessments.seats import seat_of
from core.assessments.services import assign_assessor, assign_cases, release_assessor
from core.common.exceptions import DomainError
from core.common.text import is_number


@dataclass(frozen=True)
class Choice:
    """One line of the dialog: an assessor, why not, and what to consider."""

    assessor: AssessorProfile
    refusal: str
    warning: str
    is_current: bool


@require_http_methods(["GET", "POST"])
def assign_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    case = find_case(request, admin, pk)
    if not request.user.has_perm("core.assign_assessor"):
        raise PermissionDenied
    if request.method == "GET":
        return _form(request, admin, case)
    try:
        done = _act(request, case)
    except DomainError as refusal:
        return _form(request, admin, case, refusal=refusal)
    messages.success(request, done)
    return go(request, case_page.address(case))


def _act(request: HttpRequest, case: Application) -> str:
    reason = request.POST.get("reason", "")
    if "release" in request.POST:
        release_assessor(application=case, reason=reason, by=request.user)
        return _("Penugasan asesor ditarik.")
    assessor = _chosen(request.POST.get("assessor", ""))
    assign_assessor(application=case, assessor=assessor, reason=reason, by=request.user)
    return _("%(name)s ditunjuk sebagai asesor.") % {"name": assessor.user.full_name}


def _chosen(key: str) -> AssessorProfile:
    assessor = AssessorProfile.objects.filter(pk=key).first() if is_number(key) else None
    if assessor is None:
        raise DomainError(_("Pilih satu asesor."), code="assign_assessor.none", field="assessor")
    return assessor


def _form(request: HttpRequest, admin: Any, case: Application, refusal: DomainError | None = None) -> HttpResponse:
    current = assignment_in_force(case)
    assessors = list(assessors_with_load())
    seat = seat_of(case) if case.status == ApplicationStatus.SCHEDULED else None
    busy = busy_assessors(seat.session, [assessor.pk for assessor in assessors]) if seat else {}
    day = rules.day_of(case)
    scheme = case.scheme_version.scheme
    prefetch_related_objects([scheme], "qualifications")
    prefetch_related_objects([case], Prefetch("records", AssessmentRecord.objects.defer("content")))
    choices = [
        Choice(
            assessor=assessor,
            refusal=rules.may_assess(assessor, case, on=day) or busy.get(assessor.pk, ""),
            warning=" ".join(
                filter(None, (rules.shares_institution(assessor, case), rules.qualification_unknown(assessor, scheme)))
            ),
            is_current=current is not None and current.assessor_id == assessor.pk,
        )
        for assessor in assessors
    ]
    context = {
        "case": case,
        "current": current,
        "refusal": refusal,
        "blocked": rules.may_be_assigned(case, request.user),
        "choices": sorted(choices, key=lambda choice: bool(choice.refusal)),
        "chosen": request.POST.get("assessor", ""),
        "reason": request.POST.get("reason", ""),
    }
    title = _("Tunjuk asesor: %(number)s") % {"number": case.number}
    body = "backoffice/case/assign_form.html"
    return dialog(request, admin, body, context, title=title, row=case, refused=refusal is not None)


# --- many at once ---------------------------------------------------------------------------------------


def assign_all(cases: list[Application], by: Any, *, assessor: str) -> dict[int, str]:
    return assign_cases(applications=cases, assessor=_chosen(assessor), by=by)


def assessors_to_choose() -> dict[str, Any]:
    """The least burdened first; those whose certificate has ended come last and cannot be chosen."""
    today = timezone.localdate()
    people = assessors_with_load().prefetch_related(None)
    choices = [{"assessor": person, "refusal": rules.licence_ended(person, on=today)} for person in people]
    return {"assessors": sorted(choices, key=lambda choice: bool(choice["refusal"]))}
