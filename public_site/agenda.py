"""What the owner of the desk has to do next, and by when: the first thing that the desk says.

Like tracker.py: words, addresses and tones, no rules. Everything is handed in, so that nothing is asked
of the database case by case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.assessments.models import FilledForm, Placement
from public_site.presenters import time_and_place

#: From so many days before it on, a last day is shown in the colour of haste.
HASTE_DAYS = 7
#: Where a case stands among the steps that every case goes through; a case that ended early stands nowhere.
STEPS = {
    S.DRAFT: 1,
    S.RETURNED: 1,
    S.SUBMITTED: 2,
    S.UNDER_REVIEW: 2,
    S.ACCEPTED: 3,
    S.PREASSESSED: 4,
    S.SCHEDULED: 5,
    S.ASSESSED: 6,
    S.APPEALED: 6,
    S.COMPETENT: 7,
    S.CERTIFIED: 7,
}


def step_titles() -> list[str]:
    return [
        _("Mengisi permohonan"),
        _("Verifikasi persyaratan"),
        _("Pra-asesmen"),
        _("Jadwal uji"),
        _("Uji kompetensi"),
        _("Keputusan rapat pleno"),
        _("Sertifikat"),
    ]


def step_of(application: Application) -> dict[str, Any] | None:
    """The step that is under way: its number, of how many, and what it is called."""
    number = STEPS.get(S(application.status))
    if number is None:
        return None
    titles = step_titles()
    return {"number": number, "of": len(titles), "title": titles[number - 1]}


@dataclass
class Task:
    """One thing to do, as components/task_list.html draws it. `by` sorts: what has a day comes before what has none."""

    title: str
    url: str
    hint: str
    status: str
    tone: str
    by: date | None = None


def tasks(
    applications: Iterable[Application],
    *,
    seats: Mapping[int, Placement],
    last_days: Mapping[int, date],
    papers: Iterable[FilledForm],
    certificates: Iterable[Mapping[str, Any]],
) -> list[Task]:
    """The nearest day first, then what may be done any day.

    `seats`: what the owner knows of sessions; `last_days`: until when a decision may be appealed against, both by
    case; `certificates`: the cards of the desk.
    """
    found = []
    for case in applications:
        found += _of_case(case, seats.get(case.pk), last_days.get(case.pk))
    found += [_paper(paper) for paper in papers]
    found += [_renewal(card) for card in certificates if card["may_renew"]]
    return sorted(found, key=lambda task: (task.by is None, task.by or date.max))


def _of_case(case: Application, seat: Placement | None, last_day: date | None) -> list[Task]:
    scheme, url = case.scheme_version.scheme.title, reverse("public_site:case", args=[case.reference])
    if case.status == S.RETURNED:
        hint = _("Hanya bagian yang disebut petugas yang perlu diisi kembali, lalu kirim lagi.")
        return [
            Task(_("Perbaiki permohonan %(scheme)s") % {"scheme": scheme}, url, hint, _("Menunggu Anda"), "warning")
        ]
    if case.status == S.DRAFT:
        hint = _("Belum dikirim; isian Anda tersimpan.")
        return [Task(_("Lanjutkan mengisi %(scheme)s") % {"scheme": scheme}, url, hint, _("Belum dikirim"), "neutral")]
    if case.status == S.SCHEDULED and (when := time_and_place(seat)):
        day = seat.session.local_start.date()
        title = _("Ikuti uji kompetensi %(scheme)s") % {"scheme": scheme}
        return [Task(title, url, f"{when['time']}, {when['place']}", left(day), tone(day), day)]
    if case.status == S.NOT_YET_COMPETENT and last_day:
        title = _("Bila berkeberatan, ajukan banding atas %(scheme)s") % {"scheme": scheme}
        hint = _("Paling lambat %(day)s.") % {"day": date_format(last_day, "j F Y")}
        return [Task(title, url, hint, left(last_day), tone(last_day), last_day)]
    return []


def _paper(paper: FilledForm) -> Task:
    case = paper.application
    url = reverse("public_site:paper", args=[case.reference, paper.pk])
    hint = case.reference if paper.is_required else _("%(number)s, boleh dilewati") % {"number": case.reference}
    status = _("Menunggu Anda") if paper.is_required else _("Opsional")
    title = _("Isi dan tanda tangani %(form)s") % {"form": paper.definition.title}
    return Task(title, url, hint, status, "warning" if paper.is_required else "neutral")


def _renewal(card: Mapping[str, Any]) -> Task:
    last = card["renew_until"]
    title = _("Perpanjang sertifikat %(scheme)s") % {"scheme": card["certificate"].scheme.title}
    hint = _("Paling lambat %(day)s.") % {"day": date_format(last, "j F Y")}
    return Task(title, card["renew_url"], hint, left(last), tone(last), last)


def left(day: date) -> str:
    days = (day - timezone.localdate()).days
    if days <= 0:
        return _("Hari ini")
    return _("Besok") if days == 1 else _("%(days)d hari lagi") % {"days": days}


def tone(day: date) -> str:
    return "warning" if (day - timezone.localdate()).days <= HASTE_DAYS else "info"
