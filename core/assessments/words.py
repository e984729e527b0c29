"""When and where, in the words that letters, calendars, papers and screens share: by the clock of the TUK."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.assessments.enums import SessionMode
from core.assessments.models import AssessmentSession, Venue
from core.codelists.zones import zone_of
from core.common.languages import reads_english


def day_words(session: AssessmentSession) -> str:
    return days_between(session.local_start, session.local_end)


def days_between(begin: datetime, end: datetime) -> str:
    """“Rabu, 2 Desember 2026”; both days of a session that goes on over night."""
    days = [date_format(moment, "l, j F Y") for moment in (begin, end)]
    return days[0] if begin.date() == end.date() else f"{days[0]} – {days[1]}"


def hour_words(session: AssessmentSession) -> str:
    return hours_between(session.local_start, session.local_end)


def hours_between(begin: datetime, end: datetime) -> str:
    """“08.00–16.00 WIB”: the zone's own name for itself goes with it. In English with colons."""
    pattern = "%H:%M" if reads_english() else "%H.%M"
    return f"{begin:{pattern}}–{end:{pattern}} {begin.tzname()}"


def time_words(session: AssessmentSession) -> str:
    return f"{day_words(session)}, {_('pukul')} {hour_words(session)}"


def hours_at_home(session: AssessmentSession, region: str | None) -> str:
    """“10.00–18.00 WIT”: a remote session by the clock of whoever takes part from this region; "" where it is the same.

    Whoever travels to a TUK lives by the clock there.
    """
    zone = zone_of(region)
    if session.mode != SessionMode.REMOTE or zone == session.zone:
        return ""
    return hours_between(session.starts_at.astimezone(zone), session.ends_at.astimezone(zone))


def begin_words(session: AssessmentSession) -> str:
    """“Rabu, 2 Desember 2026, pukul 08.00 WIB”."""
    begin = session.local_start
    return f"{date_format(begin, 'l, j F Y')}, {_('pukul')} {begin:%H.%M} {begin.tzname()}"


def place_words(session: AssessmentSession) -> str:
    """Name and address of the TUK on one line; of a remote session the address of its meeting."""
    if session.mode == SessionMode.REMOTE:
        return _("Jarak jauh: %(address)s") % {
            "address": session.meeting_url or _("alamat pertemuan diberitahukan kemudian")
        }
    return ", ".join(filter(None, [session.venue.name, venue_address(session.venue)]))


def venue_address(venue: Venue) -> str:
    return ", ".join(filter(None, [venue.address, venue.region.name if venue.region else ""]))
