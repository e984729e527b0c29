"""The papers of a session: surat tugas and daftar hadir, as PDF."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.assessments.enums import Attendance, SessionMode, SessionStatus
from core.assessments.models import AssessmentSession, AssignmentLetter
from core.assessments.seats import seats_of, session_matter
from core.assessments.words import day_words, days_between, hour_words, hours_between
from core.content.queries import letterhead, logo_data_uri
from core.documents.rendering import RenderedPdf, render_pdf
from core.documents.signatures import signature_block, verify_address

#: Empty lines at the end of the attendance list, for whom nobody foresaw: an observer, a technician.
SPARE_LINES = 2


def letter_pdf(letter: AssignmentLetter) -> RenderedPdf:
    """A surat tugas, made of nothing but its frozen content and its signature."""
    content = json.loads(letter.content)
    signature = letter.signature
    session = content["session"]
    return render_pdf(
        "core/documents/assignment_letter.html",
        {
            "form": _("Surat Tugas Asesor"),
            "snapshot": {"number": content["number"]},
            "lsp": content["lsp"],
            "logo": logo_data_uri(content["lsp"]["logo"]),
            "content": content,
            "session": session,
            "day": days_between(*_span(session)),
            "hours": hours_between(*_span(session)),
            "is_remote": session["mode"] == SessionMode.REMOTE,
            "signature": signature_block(signature, verify_address(signature.code)),
        },
        made_at=timezone.localtime(signature.signed_at),
    )


def _span(session: dict[str, str]) -> list[datetime]:
    """Beginning and end, by the clock of its TUK."""
    zone = ZoneInfo(session["zone"]) if "zone" in session else timezone.get_default_timezone()
    return [datetime.fromisoformat(session[name]).astimezone(zone) for name in ("starts_at", "ends_at")]


def attendance_pdf(session: AssessmentSession) -> RenderedPdf:
    """The daftar hadir as the session stands now: to sign on the day, with what was recorded afterwards.

    Once the session is closed, those who did not come stand on it too, although their seats have ended.
    """
    seats = [
        seat
        for seat in seats_of(session, with_ended=session.status == SessionStatus.CLOSED)
        if seat.in_force or seat.attendance
    ]
    assessors: dict[int, Any] = {seat.assessor.pk: seat.assessor for seat in seats if seat.assessor is not None}
    return render_pdf(
        "core/documents/attendance_list.html",
        {
            "form": _("Daftar Hadir"),
            "snapshot": {"number": session.number},
            "lsp": letterhead(),
            "logo": logo_data_uri(letterhead()["logo"]),
            "session": session_matter(session),
            "day": day_words(session),
            "hours": hour_words(session),
            "is_remote": session.mode == SessionMode.REMOTE,
            "seats": seats,
            "assessors": sorted(assessors.values(), key=lambda assessor: assessor.user.full_name.casefold()),
            "spare": range(len(assessors) + 1, len(assessors) + 1 + SPARE_LINES),
            "is_recorded": any(seat.attendance for seat in seats),
            "present": sum(seat.attendance == Attendance.PRESENT for seat in seats),
            "printed_at": date_format(timezone.localtime(), "j F Y, H.i"),
            "zone": timezone.localtime().tzname(),
        },
        made_at=timezone.localtime(),
    )
