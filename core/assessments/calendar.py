"""Calendar files (RFC 5545, 5546): one entry per seat for the candidate, one per session for each assessor.

The same entry keeps its UID for ever; `session.sequence` tells a calendar which of two is the newer,
and of two with the same number the later one counts.
"""

from datetime import timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress

from core.assessments.enums import SessionMode
from core.assessments.models import AssessmentSession, Placement
from core.assessments.words import place_words
from core.content.queries import office
from core.messaging.services import Attachment

REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"
FILE_NAME = "jadwal-uji.ics"
#: How long before its beginning a calendar reminds.
REMIND_BEFORE = timedelta(days=1)


def seat_calendar(seat: Placement, method: str) -> Attachment:
    """The entry of a candidate. A seat that was taken away is newer than all that its session told before."""
    sequence = seat.session.sequence + (0 if seat.in_force else 1)
    return _file(
        seat.session,
        method,
        uid=f"kursi-{seat.pk}",
        sequence=sequence,
        person=seat.application.candidate.user,
        address=f"{settings.SITE_URL}/permohonan/{seat.application.reference}/",
    )


def assessor_calendar(session: AssessmentSession, assessor: Any, method: str) -> Attachment:
    return _file(
        session,
        method,
        uid=f"jadwal-{session.pk}-asesor-{assessor.pk}",
        sequence=session.sequence,
        person=assessor.user,
        address=f"{settings.SITE_URL}/admin/",
    )


def _file(session: AssessmentSession, method: str, *, uid: str, sequence: int, person: Any, address: str) -> Attachment:
    calendar = Calendar()
    calendar.add("prodid", "-//LSP BNPB//Jadwal uji//ID")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", session.local_start)
    event.add("dtend", session.local_end)
    event.add("summary", _("Uji kompetensi: %(scheme)s") % {"scheme": session.scheme.title})
    event.add("location", place_words(session))
    event.add("description", "\n\n".join(filter(None, [session.note, address])))
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    if session.mode == SessionMode.REMOTE and session.meeting_url:
        event.add("url", session.meeting_url)
    if method == CANCEL:
        event.add("transp", "TRANSPARENT")
    else:
        event.add_component(_alarm())
    if method != PUBLISH:
        event.add("organizer", _address(office().name, _office_address()))
        event.add("attendee", _address(person.full_name, person.email, RSVP="FALSE", PARTSTAT="NEEDS-ACTION"))
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return Attachment(FILE_NAME, f"text/calendar; method={method}", calendar.to_ical())


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Uji kompetensi besok"))
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm


def _office_address() -> str:
    return office().email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _address(name: str, email: str, **parameters: str) -> vCalAddress:
    made = vCalAddress(f"mailto:{email}")
    made.params["CN"] = name
    made.params.update(parameters)
    return made
