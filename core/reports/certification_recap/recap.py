"""The recap of one scope: cases, files and certificates, and what the rows were in the period before."""

from django.utils import timezone

from core.reports.certification_recap.cases import count_cases
from core.reports.certification_recap.certificates import count_certificates
from core.reports.certification_recap.figures import CertificationRecap, Figures, Row
from core.reports.certification_recap.files import count_files
from core.reports.certification_recap.scope import Scope, compared_scope


def certification_recap(asked: Scope) -> CertificationRecap:
    """All figures of one scope. As many questions for ten cases as for a million."""
    found = CertificationRecap(asked, timezone.now())
    count_cases(found)
    count_files(found)
    if asked.own is None:
        count_certificates(found)
    if asked.compare:
        _compare(found)
    return found


def _compare(found: CertificationRecap) -> None:
    """What each row was then: periods by their place, all else by what they are, also what is no more."""
    before = CertificationRecap(compared_scope(found.scope), found.as_of)
    count_cases(before, first=[row.key for row in found.rows])
    found.before = before.total
    if before.too_many:
        found.too_many, found.rows, found.others = before.too_many, [], None
    if found.scope.dimension.step:
        for row, former in zip(found.rows, before.rows, strict=False):
            row.before = former
    else:
        former = {row.key: row for row in before.rows}
        for row in found.rows:
            row.before = former.pop(row.key, Figures())
        found.rows += [Row(key=row.key, title=row.title, query=row.query, before=row) for row in former.values()]
        if before.others is not None:
            found.others = found.others or Figures()
            found.others.before = before.others
