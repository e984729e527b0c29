"""Questions that a list asks row by row, and counts that a home asks all at once."""

from django.db.models import Count, QuerySet, Subquery, Value


def found_in(rows: QuerySet) -> Subquery:
    """1 where the correlated `rows` hold something, else NULL; compare it in a filter.

    EXISTS would say the same, but MariaDB turns it into a join that starts at the other table and
    sorts what comes out of it: the first page of a list then costs as much as all its pages. A scalar
    subquery is asked along the list's own order, until the page is full.
    """
    return Subquery(rows.order_by().values(found=Value(1))[:1])


def count_all(wanted: dict[str, QuerySet]) -> dict[str, int]:
    """How many rows each of these has, in one question to the database: {name: count}."""
    first, *others = (
        rows.order_by().values(counted=Value(name)).annotate(number=Count("pk")).values_list("counted", "number")
        for name, rows in wanted.items()
    )
    return dict.fromkeys(wanted, 0) | dict(first.union(*others, all=True))
