"""Letters that the calendar writes, once a night.

Each service may run twice, or not at all for days: what was told stands on the row, so that nothing
is told twice, and what was missed is told late but never together with something nearer.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.accounts.queries import staff_users
from core.certificates.aftercare_queries import reminded_on, to_announce, to_remind
from core.certificates.models import Certificate, PastCertificate, Surveillance
from core.certificates.past_queries import past_reminded_on
from core.certificates.services.letters import words_of
from core.content.queries import office
from core.messaging.services import queue_message
from core.policy.queries import system_policy

#: So many rows are locked and told in one transaction.
BATCH = 200
#: What no letter needs, and what takes longest to read: it is stored encrypted.
FROZEN = ("content", "token")
#: Lines of the letter to the secretariat; the rest stands in the list it links to.
DIGEST_LINES = 50


def remind_at_marks(waiting: Callable[..., QuerySet], tell: Callable[[list[int], date, int], int]) -> int:
    """`tell` the keys of what is `waiting(day=, mark=)`, at each mark of the policy; how many were told.

    Day by day, and on each day by key: a million certificates are never held in memory, and a run that breaks off
    goes on where it stopped.
    """
    today = timezone.localdate()
    marks = sorted(system_policy().reminder_marks)
    told = 0
    for days_left in range(marks[-1] + 1):
        mark, day = next(mark for mark in marks if mark >= days_left), today + timedelta(days=days_left)
        for keys in _in_batches(waiting(day=day, mark=mark)):
            told += tell(keys, day, mark)
    return told


def _in_batches(waiting: QuerySet) -> Iterator[list[int]]:
    last = 0
    waiting = waiting.order_by("pk").values_list("pk", flat=True)
    while keys := list(waiting.filter(pk__gt=last)[:BATCH]):
        yield keys
        last = keys[-1]


def remind_expiring() -> int:
    """Tell holders whose certificate ends soon: one letter at each mark of the policy. How many were told."""
    return remind_at_marks(to_remind, _remind)


@transaction.atomic
def _remind(keys: list[int], day: date, mark: int) -> int:
    """Asked again under the lock: another run, or an officer, may have been quicker."""
    today = timezone.localdate()
    list(Certificate.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    waiting = to_remind(day=day, mark=mark).filter(pk__in=keys).select_related("scheme", "holder")
    found = list(waiting.defer(*FROZEN).order_by("pk"))
    for certificate in found:
        certificate.reminded_days, certificate.reminded_on = mark, today
        certificate.save(update_fields=["reminded_days", "reminded_on", "updated_at"])
        queue_message(
            "certificate-expiring",
            recipient=certificate.holder,
            values=words_of(certificate) | {"sisa": (certificate.valid_until - today).days},
            dedupe_key=f"certificate-expiring-{certificate.pk}-{certificate.valid_until}-{mark}",
        )
    return len(found)


def tell_secretariat() -> int:
    """One letter a day that lists whose holders were told today; to the office, or to each clerk where it has none.

    Read from what was told and not from this run, so that a run that broke off leaves nothing out.
    """
    today = timezone.localdate()
    farthest = max(system_policy().reminder_marks)
    told = reminded_on(today, farthest=farthest).defer(*FROZEN)
    past = past_reminded_on(today, farthest=farthest)
    number, of_past = told.count(), past.count()
    number += of_past
    if not number:
        return 0
    named = sorted([*told[:DIGEST_LINES], *past[:DIGEST_LINES]], key=lambda certificate: certificate.valid_until)
    lines = [_digest_line(certificate) for certificate in named[:DIGEST_LINES]]
    if number > DIGEST_LINES:
        lines.append(_("- dan %(rest)d lainnya") % {"rest": number - DIGEST_LINES})
    values = {
        "tanggal": date_format(today, "j F Y"),
        "jumlah": number,
        "daftar": "\n".join(lines),
        "tautan": "\n".join(
            f"{settings.SITE_URL}/admin/core/{register}/?keadaan=segera"
            for register in ("certificate", *(["pastcertificate"] if of_past else []))
        ),
    }
    key = f"certificates-ending-{today}"
    if address := office().email:
        letters = [queue_message("certificates-ending", address=address, values=values, dedupe_key=key)]
    else:
        letters = [
            queue_message("certificates-ending", recipient=clerk, values=values, dedupe_key=f"{key}-{clerk.pk}")
            for clerk in staff_users().filter(groups__name="sekretariat").order_by("pk")
        ]
    return len([letter for letter in letters if letter is not None])


def _digest_line(certificate: Certificate | PastCertificate) -> str:
    line = f"- {date_format(certificate.valid_until, 'j F Y')}: {certificate.number}, {certificate.scheme.title}"
    return _("%(line)s (sertifikat lama)") % {"line": line} if isinstance(certificate, PastCertificate) else line


def announce_surveillances() -> int:
    """Tell holders whose surveillance is due soon, each once; one that was missed is told late. How many."""
    today, told = timezone.localdate(), 0
    while keys := list(to_announce(today).order_by("due_on", "pk").values_list("pk", flat=True)[:BATCH]):
        told += _announce(keys, today)
    return told


@transaction.atomic
def _announce(keys: list[int], today: date) -> int:
    list(Surveillance.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    found = Surveillance.objects.filter(pk__in=keys, reminded_on=None)
    people = found.select_related("certificate__scheme", "certificate__holder")
    rows = list(people.defer(*(f"certificate__{name}" for name in FROZEN)).order_by("pk"))
    for row in rows:
        row.reminded_on = today
        row.save(update_fields=["reminded_on", "updated_at"])
        queue_message(
            "surveillance-due",
            recipient=row.certificate.holder,
            values=words_of(row.certificate) | {"tanggal": date_format(row.due_on, "j F Y")},
            dedupe_key=f"surveillance-due-{row.pk}",
        )
    return len(rows)
