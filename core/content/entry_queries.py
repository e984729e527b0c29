"""Reads of what the portal lists."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from core.common.languages import reads_english
from core.content.entries import Announcement, Download, Question
from core.documents.models import DocumentState

#: Words of a search that are looked at; the rest is passed over.
MAX_WORDS = 6


def shown_questions(words: str = "") -> QuerySet[Question]:
    """What readers see, in order; with `words` those whose question or answer holds every one of them.

    Readers of English find both languages: a row without English is shown to them in Indonesian.
    """
    found = Question.objects.filter(is_published=True)
    for word in words.split()[:MAX_WORDS]:
        holds = Q(question__icontains=word) | Q(answer__icontains=word)
        if reads_english():
            holds |= Q(question_en__icontains=word) | Q(answer_en__icontains=word)
        found = found.filter(holds)
    return found


def shown_announcements() -> QuerySet[Announcement]:
    """What readers see today, pinned ones first, then the newest. Their moment needs no job."""
    now = timezone.now()
    return Announcement.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=timezone.localtime(now).date()), is_published=True, live_from__lte=now
    )


def announcement_heads() -> QuerySet[Announcement]:
    """The same for a list, without the long texts; where English is read they say whether a row speaks it."""
    return shown_announcements() if reads_english() else shown_announcements().defer("body", "body_en")


def shown_downloads() -> QuerySet[Download]:
    """Files that anybody may have: switched on, and seen by the virus scanner where there is one."""
    return Download.objects.filter(is_published=True, document__state=DocumentState.CLEAN).select_related("document")
