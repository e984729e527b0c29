"""Assessors and their assignments."""

from datetime import date
from itertools import count

from core.accounts.models import AssessorProfile
from core.applications.models import Application
from core.assessments.models import Assignment
from core.assessments.services import assign_assessor
from tests.factories.accounts import make_user

_numbers = count(1)


def make_assessor(*, expires: date | None = None, institution: str = "", full_name: str = "") -> AssessorProfile:
    """An assessor who may assess; a certificate without an end unless told otherwise."""
    return AssessorProfile.objects.create(
        user=make_user(role="asesor", full_name=full_name),
        registration_number=f"MET.000.{next(_numbers):06d} 2024",
        certificate_expires_on=expires,
        institution=institution,
    )


def assign(application: Application, assessor: AssessorProfile) -> Assignment:
    return assign_assessor(application=application, assessor=assessor, by=make_user(role="sekretariat"))
