"""Choices of the recap that people keep, and the letter that brings them once a month."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.accounts.models import User
from core.accounts.queries import staff_users
from core.activity.services import record_activity
from core.common.exceptions import DomainError
from core.common.text import clean_line
from core.messaging.services import queue_message
from core.reports.certification_recap import period_asked, period_title
from core.reports.models import SavedRecap
from core.savedviews.rules import cleaned_query

#: What of an address is a choice of the recap.
KNOWN = frozenset({"baris", "kolom", "jangka", "dari", "sampai", "skema", "provinsi", "banding", "sertifikat", "akhir"})
MOST_SAVED, MAX_NAME = 20, 60
#: Every month has these days.
LAST_DAY = 28


def saved_for(by: Any) -> QuerySet[SavedRecap]:
    """One's own, and those that come to one by letter."""
    return SavedRecap.objects.filter(Q(owner=by) | Q(recipients=by)).distinct().select_related("owner")


def may_schedule(by: Any) -> bool:
    return by.has_perm("core.change_savedrecap")


def may_change(recap: SavedRecap, by: Any) -> bool:
    """Its owner; of a colleague whose account was closed whoever gets the letters, else nobody could end them."""
    if recap.owner_id == by.pk:
        return True
    return not recap.owner.is_active and recap.recipients.filter(pk=by.pk).exists()


def possible_recipients() -> list[User]:
    """Colleagues who may open a recap."""
    people = staff_users().filter(groups__name__in=("administrator", "sekretariat", "bnsp")).order_by("full_name", "pk")
    return list(people.distinct())


@transaction.atomic
def save_recap(*, name: str, query: str, by: Any) -> SavedRecap:
    """Keep a choice; the same name again replaces what it stood for."""
    if not by.has_perm("core.view_applicationtally"):
        raise DomainError(_("Anda tidak berhak membuka rekap sertifikasi."), code="save_recap.right")
    name = clean_line(name)
    if not name or len(name) > MAX_NAME:
        raise DomainError(
            _("Beri nama, paling banyak %(limit)d karakter.") % {"limit": MAX_NAME},
            code="save_recap.name",
            field="name",
        )
    query = cleaned_query(query, KNOWN)[:500]
    User.objects.select_for_update().values_list("pk").get(pk=by.pk)  # two clicks make one
    mine = SavedRecap.objects.filter(owner=by)
    recap = mine.filter(name=name).first()
    if recap is None:
        if mine.count() >= MOST_SAVED:
            raise DomainError(
                _("Sudah ada %(limit)d rekap tersimpan. Hapus yang tidak dipakai dahulu.") % {"limit": MOST_SAVED},
                code="save_recap.too_many",
            )
        recap = SavedRecap(owner=by, name=name)
    recap.query = query
    recap.save()
    record_activity("recap.save", by=by, subject=recap)
    return recap


@transaction.atomic
def schedule_recap(*, recap: SavedRecap, day: int | None, recipients: Collection[int], by: Any) -> SavedRecap:
    """From now on it goes to these colleagues on this day of the month; without a day no longer."""
    recap = _locked(recap, by)
    if not may_schedule(by):
        raise DomainError(_("Anda tidak berhak menjadwalkan rekap."), code="schedule_recap.right")
    if day is not None and not 1 <= day <= LAST_DAY:
        raise DomainError(
            _("Pilih tanggal 1 sampai %(last)d: setiap bulan mempunyainya.") % {"last": LAST_DAY},
            code="schedule_recap.day",
            field="day",
        )
    people = [person for person in possible_recipients() if person.pk in set(recipients)]
    if day is not None and not people:
        raise DomainError(_("Pilih sedikitnya satu penerima."), code="schedule_recap.recipients", field="recipients")
    if day != recap.day:
        recap.scheduled_on = timezone.localdate() if day else None
    recap.day = day
    recap.save()
    recap.recipients.set(people if day else [])
    record_activity("recap.schedule", by=by, subject=recap, day=day or 0, recipients=len(people) if day else 0)
    return recap


@transaction.atomic
def delete_recap(*, recap: SavedRecap, by: Any) -> None:
    recap = _locked(recap, by)
    record_activity("recap.delete", by=by, subject=recap)
    recap.delete()


def _locked(recap: SavedRecap, by: Any) -> SavedRecap:
    found = SavedRecap.objects.select_for_update().filter(pk=recap.pk).first()
    if found is None:
        raise DomainError(_("Rekap ini sudah dihapus."), code="recap.gone")
    if not may_change(found, by):
        raise DomainError(_("Anda hanya dapat mengubah rekap Anda sendiri."), code="recap.not_yours")
    return found


def last_due(day: int, today: date) -> date:
    """The last time that this day of the month was, today included: what cron missed is sent late."""
    if today.day >= day:
        return today.replace(day=day)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=day)


def send_due_recaps(*, today: date | None = None) -> int:
    """The letters of recaps whose day has come, each recipient once a month; how many letters."""
    today, sent = today or timezone.localdate(), 0
    may_open = {person.pk for person in possible_recipients()}
    for recap in SavedRecap.objects.filter(day__isnull=False).prefetch_related("recipients").order_by("pk"):
        due = last_due(recap.day, today)
        if recap.scheduled_on > due:
            continue
        with transaction.atomic():
            for person in recap.recipients.all():
                if person.pk in may_open:
                    sent += _send(recap, person, due)
    return sent


def _send(recap: SavedRecap, person: User, due: date) -> bool:
    """The address says the months themselves: opened later, the letter still leads to what it was about."""
    asked = dict(parse_qsl(recap.query))
    _preset, since, until = period_asked(asked, today=due)
    query = urlencode(asked | {"jangka": "bebas", "dari": f"{since:%Y-%m}", "sampai": f"{until:%Y-%m}"})

    page = f"{settings.SITE_URL}/admin/rekap-sertifikasi/"
    values = {
        "nama": person.full_name,
        "rekap": recap.name,
        "jangka": period_title(since, until),
        "tautan": f"{page}?{query}",
        "pdf": f"{page}ekspor/pdf/?{query}",
        "excel": f"{page}ekspor/xlsx/?{query}",
    }
    key = f"recap-{recap.pk}-{person.pk}-{due:%Y%m}"
    return queue_message("recap-monthly", recipient=person, values=values, dedupe_key=key) is not None
