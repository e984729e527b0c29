"""Finding documents by everything that is known of them: their text, their names, and the cases they lie in.

The newest come first. Every word typed must begin a word of the document. The newest are read one by one; of older
ones the full-text index is asked, for all at once when the words are rare, else block by block until the page is
full or the time is over (decision 0025). Whoever searched goes on from there. All ways ask for the same words.
"""

import time
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from core.accounts.rules import role_of
from core.applications.models import Application, CaseDocument
from core.applications.queries import keys_of_cases
from core.common.lookups import found_in
from core.common.text import search_words
from core.documents.blocks import SIZE, block_of, block_word
from core.documents.models import Document, DocumentText, TextSource
from core.documents.words import OWN, WHOLE, asked, part, wanted

#: So many documents are shown of what was found, the newest; a link leads on to older ones.
MAX_FOUND = 200
#: So many documents at a time are read one by one.
CHUNK = 500
#: Of so many of the newest documents it is counted how common the words are.
SAMPLE = 1000
#: The index is asked for all at once when it should find no more than this: each row is fetched, wherever it lies.
MOST_FROM_INDEX = 2500
#: … and when the rarest of the words should stand in no more documents than this: so many are gathered first.
MOST_GATHERED = 50_000
#: Beginnings of fewer letters are begun by too many words: the index is asked for the longer ones beside them.
SHORTEST_ASKED = 4
#: Hexadecimal digits from this length on may be the beginning of a file's SHA-256.
SHORTEST_HASH = 8
#: After so many seconds what was found is shown; one step is always done.
SECONDS = 0.12
#: What a document says itself, without the words of the cases it lies in.
SAID = Substr(F("text__words"), StrIndex(F("text__words"), Value(f" {OWN} ")))


@dataclass(frozen=True)
class FoundDocuments:
    """Keys, the newest first; the words that were looked for; the key before which to go on, 0 when that was all."""

    keys: list[int]
    words: list[str]
    go_on_before: int = 0


def search_documents(
    typed: str,
    *,
    by: Any,
    documents: QuerySet[Document],
    before: int = 0,
    limit: int = MAX_FOUND,
    chunk: int = CHUNK,
    seconds: float = SECONDS,
) -> FoundDocuments:
    """Those of `documents` (what this person may open, narrowed by filters) that have all the words typed.

    `before`: only what is older than the document of this key, where an earlier search stopped.
    """
    words = wanted(typed)
    if not words:
        return FoundDocuments([], [])
    if keys := _by_hash(typed, documents, limit):
        return FoundDocuments(keys, [])
    documents = documents.order_by("-pk")
    if before:
        documents = documents.filter(pk__lt=before)
    if role_of(by) == "asesor":  # few papers, and what other cases say of them is not theirs to know
        found, go_on_before = _walk_own(documents, words, by, limit + 1, chunk, time.monotonic() + seconds)
    else:
        found, go_on_before = _walk(documents, words, limit + 1, chunk, time.monotonic() + seconds)
    if len(found) > limit:
        return FoundDocuments(found[:limit], words, found[limit - 1])
    return FoundDocuments(found, words, go_on_before)


def _walk(
    documents: QuerySet[Document], words: list[str], most: int, chunk: int, until: float
) -> tuple[list[int], int]:
    """From the newest down: up to `most` keys, and the key before which nothing was looked at (0: nothing left)."""
    matching = _contains(words)
    rest, found, ask, before = documents, [], None, 0
    while True:
        edge = _keys(rest, chunk, chunk)  # the last of the next chunk
        if not edge:
            return found + _keys(rest.filter(matching), most - len(found)), 0
        if ask is None or edge[0] < SIZE * block_of(before - 1):
            before = edge[0]
            found += _keys(rest.filter(matching, pk__gte=before), most - len(found))
        else:  # a block reaches further down than a chunk
            block = block_of(before - 1)
            hits = DocumentText.objects.filter(words__matches=[block_word(block), *ask])
            found += _keys(rest.filter(matching, pk__in=_keys(hits)), most - len(found))
            before = SIZE * block
        rest = documents.filter(pk__lt=before)
        if len(found) >= most:
            return found, before
        if ask is None:
            ask, is_rare = _how_to_ask(words)
            if is_rare:
                hits = _keys(DocumentText.objects.filter(words__matches=ask), MOST_FROM_INDEX + 1)
                if len(hits) <= MOST_FROM_INDEX:
                    return found + _keys(rest.filter(matching, pk__in=hits), most - len(found)), 0
        elif time.monotonic() > until:
            return found, before


def _keys(rows: QuerySet, most: int | None = None, first: int = 1) -> list[int]:
    """Keys of these rows, from the `first`-th to the `most`-th."""
    return list(rows.values_list("pk", flat=True)[first - 1 : most])


def _how_to_ask(words: list[str]) -> tuple[list[str], bool]:
    """What the index is asked for, the rarest word first, and whether it should find few among all documents.

    Judged by the newest documents: of the first word the index gathers all, of the others what it has so far.
    """
    words = [word for word in words if len(word) >= SHORTEST_ASKED] or words
    total = DocumentText.objects.aggregate(last=Max("pk"))["last"] or 0
    counts = {f"of_{place}": Count("pk", filter=_contains([word], "words")) for place, word in enumerate(words)}
    of_all, *of_each = (
        DocumentText.objects.filter(pk__gt=total - SAMPLE)
        .aggregate(of_all=Count("pk", filter=_contains(words, "words")), **counts)
        .values()
    )
    factor = max(1, total / SAMPLE)
    is_rare = of_all * factor <= MOST_FROM_INDEX and min(of_each) * factor <= MOST_GATHERED
    return [asked(word) for _count, word in sorted(zip(of_each, words, strict=True))], is_rare


def _by_hash(typed: str, documents: QuerySet[Document], limit: int) -> list[int]:
    text = typed.strip().lower()
    if not SHORTEST_HASH <= len(text) <= 64 or set(text) - set("0123456789abcdef"):
        return []
    return list(documents.filter(sha256__startswith=text).order_by("-pk").values_list("pk", flat=True)[:limit])


def _contains(words: list[str], path: str = "text__words") -> Q:
    return reduce(and_, (Q(**{f"{path}__contains": part(word)}) for word in words))


def _walk_own(
    documents: QuerySet[Document], words: list[str], by: Any, most: int, chunk: int, until: float
) -> tuple[list[int], int]:
    """As `_walk`, through the papers of an assessor's own cases: each by what it says itself, or by the number,
    scheme and candidate of the case it lies in."""
    own = keys_of_cases(by)
    rest, found = documents, []
    while keys := _keys(rest, chunk):
        filed = CaseDocument.objects.filter(document__in=keys, application__in=own)
        cases = _words_of_cases(set(filed.values_list("application", flat=True)))
        matching = reduce(and_, (_said_or_named(word, cases) for word in words))
        here = documents.filter(pk__in=keys).alias(said=SAID)
        found += _keys(here.filter(matching), most - len(found))
        if len(found) >= most or time.monotonic() > until:
            return found, keys[-1]
        if len(keys) < chunk:
            break
        rest = documents.filter(pk__lt=keys[-1])
    return found, 0


def _words_of_cases(keys: set[int]) -> dict[int, list[str]]:
    rows = Application.objects.filter(pk__in=keys).order_by()
    named = rows.values_list(
        "pk", "number", "scheme_version__scheme__code", "scheme_version__scheme__title", "candidate__user__full_name"
    )
    return {pk: search_words(" ".join(texts)) for pk, *texts in named}


def _said_or_named(word: str, cases: dict[int, list[str]]) -> Q:
    said = Q(said__contains=part(word))
    named = [pk for pk, known in cases.items() if any(_begins(one, word) for one in known)]
    filed = CaseDocument.objects.filter(document=OuterRef("pk"), application__in=named)
    return said | Q(Exists(filed)) if named else said


def _begins(known: str, word: str) -> bool:
    return known == word if len(word) <= WHOLE else known.startswith(word)


# --- of cases -----------------------------------------------------------------------------------------------

#: Up to so many cases, their papers are gathered; of more, each paper is asked for its case.
SOME_CASES = 5000


def of_cases(documents: QuerySet[Document], cases: QuerySet[Application]) -> QuerySet[Document]:
    """The documents in the files of these cases, in the list's own order (as `applications.queries.cases_of`)."""
    some = list(cases.order_by().values_list("pk", flat=True)[: SOME_CASES + 1])
    if len(some) <= SOME_CASES:
        filed = CaseDocument.objects.filter(application__in=some).values_list("document", flat=True)
        return documents.filter(pk__in=set(filed))
    filed = CaseDocument.objects.filter(document=OuterRef("pk"), application__in=cases.order_by())
    return documents.alias(is_filed=found_in(filed)).filter(is_filed=1)


def waiting_scans() -> QuerySet[DocumentText]:
    """Scans that nothing here can read yet."""
    return DocumentText.objects.filter(source=TextSource.SCAN)
