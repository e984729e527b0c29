"""Says that documents changed in what rooms further on count: their state, their text, the files they lie in.

The repository does not know who listens (`reports.recount`). Whoever writes such a thing past `Document.save`
says so here, in the transaction that writes it.
"""

from collections.abc import Iterable

from django.dispatch import Signal

#: Sent with `documents` (primary keys; None: all of them) and `is_filing` (whether files of cases changed too).
documents_changed = Signal()


def tell_changed(documents: Iterable[int] | None, *, is_filing: bool = False) -> None:
    keys = None if documents is None else list(documents)
    if keys is None or keys:
        documents_changed.send(sender=None, documents=keys, is_filing=is_filing)
