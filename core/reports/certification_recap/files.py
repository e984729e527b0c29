"""How files that are complete are counted: as their checklists said last."""

from django.db.models import Sum

from core.reports.certification_recap.figures import CertificationRecap
from core.reports.models import CaseTally
from core.reports.recount import COMPLETE


def count_files(found: CertificationRecap) -> None:
    """Files that are complete and that are not, as their checklists said last; not within a province, nor of one's
    own, which the kept sums do not tell apart."""
    asked = found.scope
    if asked.own is not None or asked.province is not None:
        return
    cells = CaseTally.objects.filter(document_type=0, month__gte=asked.since, month__lte=asked.until).order_by()
    if asked.scheme:
        cells = cells.filter(scheme=asked.scheme.pk)
    found.has_files = bool(asked.dimension.step) or asked.dimension.key == "skema"
    by_key = {row.key: row for row in found.rows}
    firsts = sorted(by_key) if asked.dimension.step else []
    for month, scheme, state, number in cells.values_list("month", "scheme", "state").annotate(n=Sum("cases")):
        key = max(first for first in firsts if first <= month) if firsts else scheme
        rows = [found.total, by_key.get(key)] if found.has_files else [found.total]
        for row in rows:
            if row is not None and state == COMPLETE:
                row.complete += int(number)
            elif row is not None:
                row.lacking += int(number)
