"""Finding documents by everything that is known of them: their text, their names, and the cases they lie in.

The newest come first. Every word typed must begin a word of the document. A common word fills the page from
the newest few thousand documents, read one by one; what is rarer is asked of the full-text index, which gathers
all it finds before it sorts (decision 0021). Both ask for the same words.
"""

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.rules import role_of
from core.applications.models import Application, CaseDocument
from core.applications.queries import applications_for
from core.common.lookups import found_in
from core.common.text import search_words
from core.documents.models import Document, DocumentText, TextSource
from core.documents.words import CASE, OWN, WHOLE, part, wanted

#: So many documents are shown of what was found, the newest; who searched is told that there are more.
MAX_FOUND = 200
#: So many of the newest documents are read one by one before the index is asked.
NEWEST = 2000
#: The index is asked when it should find no more than this: each row it finds is fetched, wherever it lies.
MOST_FROM_INDEX = 2500
#: Beginnings of fewer letters are begun by too many words: the index is asked for the longer ones beside them.
SHORTEST_ASKED = 4
#: Hexadecimal digits from this length on may be the beginning of a file's SHA-256.
SHORTEST_HASH = 8


@dataclass(frozen=True)
class FoundDocuments:
    """Keys, the newest first; the words that were looked for; whether there are more."""

    keys: list[int]
    words: list[str]
    has_more: bool = False


def search_documents(
    typed: str, *, by: Any, documents: QuerySet[Document], limit: int = MAX_FOUND, newest: int = NEWEST
) -> FoundDocuments:
    """Those of `documents` (what this person may open, narrowed by filters) that have all the words typed."""
    words = wanted(typed)
    if not words:
        return FoundDocuments([], [])
    if keys := _by_hash(typed, documents, limit):
        return FoundDocuments(keys, [])
    documents = documents.order_by("-pk")
    if role_of(by) == "asesor":  # few papers, and what other cases say of them is not theirs to know
        keys = list(documents.filter(_within_own_cases(words, by)).values_list("pk", flat=True)[: limit + 1])
        return FoundDocuments(keys[:limit], words, len(keys) > limit)
    last = list(documents.values_list("pk", flat=True)[newest : newest + 1])
    recent = documents.filter(pk__gt=last[0]) if last else documents
    keys = list(recent.filter(_contains(words)).values_list("pk", flat=True)[: limit + 1])
    if not last or len(keys) > limit:
        return FoundDocuments(keys[:limit], words, len(keys) > limit)
    asked = [word for word in words if len(word) >= SHORTEST_ASKED] or words
    if newest and not _are_rare(asked, newest, known=None if documents.query.where else len(keys)):
        return FoundDocuments(keys, words, has_more=True)
    older = documents.filter(_contains(words), pk__lte=last[0], text__words__matches=_groups(asked))
    keys += older.values_list("pk", flat=True)[: limit + 1 - len(keys)]
    return FoundDocuments(keys[:limit], words, len(keys) > limit)


def _are_rare(words: list[str], newest: int, *, known: int | None) -> bool:
    """Whether the index should find few, judged by the newest documents of all, whatever the filters say.

    `known`: how many of those have the words, where no filter was set and so it was just found out.
    """
    last = Document.objects.order_by("-pk").values_list("pk", flat=True)
    total = last.first() or 1
    most = MOST_FROM_INDEX * newest // total
    if known is None:
        first = list(last[newest : newest + 1]) or [0]
        known = Document.objects.filter(_contains(words), pk__gt=first[0])[: most + 1].count()
    return known <= most


def _by_hash(typed: str, documents: QuerySet[Document], limit: int) -> list[int]:
    text = typed.strip().lower()
    if not SHORTEST_HASH <= len(text) <= 64 or set(text) - set("0123456789abcdef"):
        return []
    return list(documents.filter(sha256__startswith=text).order_by("-pk").values_list("pk", flat=True)[:limit])


def _contains(words: list[str]) -> Q:
    return reduce(
        and_, (Q(text__words__contains=part(OWN, word)) | Q(text__words__contains=part(CASE, word)) for word in words)
    )


def _groups(words: list[str]) -> list[list[str]]:
    return [[f"{OWN}{word}", f"{CASE}{word}"] for word in words]


def _within_own_cases(words: list[str], by: Any) -> Q:
    """By what the document says itself, or by the number, scheme and candidate of a case of this assessor."""
    cases = {
        pk: search_words(" ".join(texts))
        for pk, *texts in applications_for(by).values_list(
            "pk",
            "number",
            "scheme_version__scheme__code",
            "scheme_version__scheme__title",
            "candidate__user__full_name",
        )
    }

    def either(word: str) -> Q:
        own = Q(text__words__contains=part(OWN, word))
        named = [pk for pk, known in cases.items() if any(_begins(one, word) for one in known)]
        filed = CaseDocument.objects.filter(document=OuterRef("pk"), application__in=named)
        return own | Q(Exists(filed)) if named else own

    return reduce(and_, map(either, words))


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


def waiting_scans() -> int:
    """Scans that nothing here can read yet."""
    return DocumentText.objects.filter(source=TextSource.SCAN).count()
