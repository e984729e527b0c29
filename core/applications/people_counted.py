"""What a case is counted by of its candidate: taken down from the form that was sent, so that no later change of a
profile moves a figure.
"""

from collections.abc import Collection
from datetime import date

from core.accounts.models import CandidateProfile
from core.applications.enums import AgeBand
from core.applications.models import Application, Employer
from core.codelists.models import Region
from core.common.text import clean_line


def take_down(application: Application, *, parts: Collection[str] = ("personal", "address", "employment")) -> None:
    """Sets the columns, and saves nothing. `parts`: the sections that the form which was just frozen took anew."""
    profile = application.candidate
    if "address" in parts:
        application.province = _home_province(profile)
    if "personal" in parts:
        application.sex = profile.sex
        application.age_band = age_band(profile.birth_date, application.registered_on)
    if "employment" in parts:
        application.employer = employer_named(profile.institution)


def _home_province(profile: CandidateProfile) -> Region | None:
    region = profile.home_region
    return region and (region.province or region)


def age_band(born: date | None, on: date | None) -> AgeBand:
    if born is None or on is None:
        return AgeBand.UNKNOWN
    return AgeBand.of(on.year - born.year - ((on.month, on.day) < (born.month, born.day)))


def employer_named(name: str) -> Employer | None:
    """The row for this name; the first spelling stays what is shown."""
    name = clean_line(name)[:150]
    if not name:
        return None
    return Employer.objects.get_or_create(key=name.casefold()[:150], defaults={"name": name})[0]
