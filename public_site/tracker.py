"""Where a case and a certificate stand, in the words of the person they belong to.

Like presenters.py: words, addresses and tones, no rules.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.assessments.enums import SessionStatus
from core.assessments.models import PreAssessment
from core.assessments.queries import signed_preassessment
from core.assessments.seats import TOLD_STATUSES
from core.certificates.aftercare_queries import current_renewals, why_not_in_use
from core.certificates.aftercare_rules import renewal_window, why_not_renew
from core.certificates.models import Certificate
from core.certificates.standing import status_now
from core.decisions.queries import decisions_of
from core.decisions.rules import last_days_to_appeal
from core.policy.queries import system_policy

# --- certificates -------------------------------------------------------------------------------------


def certificate_cards(certificates: list[Certificate], user: Any) -> list[dict[str, Any]]:
    """What components of the desk draw of each: how it stands, what may be done, where it is checked."""
    policy, renewals = system_policy(), current_renewals(certificates)
    reasons = why_not_in_use(certificates)
    cards = []
    for certificate in certificates:
        now = status_now(certificate)
        renewal = renewals.get(certificate.pk)
        first, last = renewal_window(certificate, policy)
        why_not = "" if renewal else why_not_renew(certificate, user, policy)
        paper = [certificate.application.reference, certificate.pk]
        cards.append(
            {
                "certificate": certificate,
                "now": now,
                "reason": "" if now.holds else reasons.get(certificate.pk, ""),
                "days_left": now.days_left if now.holds else None,
                "renewal": renewal.application if renewal else None,
                "renewal_is_done": bool(renewal) and renewal.application.status == S.CERTIFIED,
                "may_renew": not renewal and not why_not,
                "why_not": why_not if now.holds and timezone.localdate() < first else "",
                "renew_until": last,
                "renew_url": reverse("public_site:renew", args=[certificate.code]),
                "pdf_url": reverse("public_site:certificate_pdf", args=paper),
                "badge_url": reverse("public_site:certificate_badge", args=paper) if certificate.in_force else "",
                "check_url": reverse("public_site:verification", args=[certificate.code]),
                "share_url": f"{settings.SITE_URL}/verifikasi/{certificate.code}/",
            }
        )
    # What asks for something first, then what holds, then what is history; the newest of each first.
    return sorted(cards, key=lambda card: (not card["may_renew"], not card["now"].holds))


# --- a case -------------------------------------------------------------------------------------------

#: The steps after verification, in the order of the journey.
PREASSESSMENT, SCHEDULE, ASSESSMENT, DECISION, CERTIFICATE = range(5)
#: Which of them is under way in a status; the ones before are done.
STEP_OF = {
    S.ACCEPTED: PREASSESSMENT,
    S.NOT_CONTINUED: PREASSESSMENT,
    S.PREASSESSED: SCHEDULE,
    S.SCHEDULED: ASSESSMENT,
    S.ASSESSED: DECISION,
    S.NOT_YET_COMPETENT: DECISION,
    S.APPEALED: DECISION,
    S.COMPETENT: CERTIFICATE,
    S.CERTIFIED: CERTIFICATE,
}


def timeline(application: Application) -> list[dict]:
    """Where the case stands, from its sending to its certificate, as components/timeline.html draws it."""
    status = application.status
    items = [
        _item(
            _("Permohonan dikirim"),
            "done",
            _("Nomor %(number)s") % {"number": application.number} if application.number else "",
            moment(application.submitted_at),
        )
    ]
    if status == S.WITHDRAWN:
        text = _("Profil dan berkas Anda tetap ada; permohonan baru dapat dimulai kapan saja.")
        return [*items, _item(_("Dibatalkan"), "ended", text, moment(application.closed_at))]
    if status in (S.SUBMITTED, S.UNDER_REVIEW, S.REJECTED):
        return items + _verification(application)
    items.append(_item(_("Verifikasi persyaratan oleh sekretariat"), "done", "", moment(application.closed_at)))
    accepted = application.note if status == S.ACCEPTED else ""
    items.append(_item(_("Diterima sebagai peserta sertifikasi"), "done", accepted))
    return items + _later_steps(application, STEP_OF[status])


def _item(title: str, state: str, text: str = "", time: str = "") -> dict:
    return {"title": title, "state": state, "time": time, "text": text}


def moment(value: Any) -> str:
    return format_date(timezone.localtime(value), "j F Y, H.i T") if value else ""


def _titles() -> list[str]:
    return [
        _("Pra-asesmen oleh asesor"),
        _("Jadwal uji"),
        _("Uji kompetensi"),
        _("Keputusan rapat pleno"),
        _("Sertifikat"),
    ]


def _verification(application: Application) -> list[dict]:
    title = _("Verifikasi persyaratan oleh sekretariat")
    if application.status == S.REJECTED:
        return [
            _item(title, "done", "", moment(application.closed_at)),
            _item(_("Tidak diterima"), "ended", application.note),
        ]
    if application.status == S.UNDER_REVIEW:
        text = _("Sedang diperiksa. Anda tidak perlu melakukan apa pun.")
    else:
        text = _("Menunggu giliran. Anda tidak perlu melakukan apa pun.")
    coming = [_("Diterima sebagai peserta sertifikasi"), *_titles()]
    return [_item(title, "current", text), *(_item(name, "upcoming") for name in coming)]


def _later_steps(application: Application, step: int) -> list[dict]:
    titles, times, status = _titles(), _times(application), application.status
    items = [_item(title, "done", "", times[place]) for place, title in enumerate(titles[:step])]
    if status in ENDS:
        title, tell = ENDS[status]
        ended = _item(str(title()), "ended", tell(application))
        return [*items, _item(titles[step], "done", "", times[step]), ended]
    if status == S.CERTIFIED:
        return [*items, _item(titles[step], "done", _certified(application))]
    items.append(_item(titles[step], "current", NOW[status](application)))
    return items + [_item(title, "upcoming") for title in titles[step + 1 :]]


def _times(application: Application) -> dict[int, str]:
    """When each of the steps was done, as far as it was."""
    review = signed_preassessment(application)
    seat = application.placements.filter(in_force=True).select_related("session__venue").first()
    session = seat.session if seat and seat.session.status in TOLD_STATUSES else None
    decision = decisions_of(application).first()
    return {
        PREASSESSMENT: moment(review.signature.signed_at) if review else "",
        SCHEDULE: moment(session.announced_at) if session else "",
        ASSESSMENT: date_format(session.local_start, "j F Y") if session else "",
        DECISION: moment(decision.decided_at) if decision else "",
        CERTIFICATE: "",
    }


def _accepted(application: Application) -> str:
    return _("Asesor membahas asesmen mandiri Anda. Anda mendapat surat begitu ada hasilnya.")


def _preassessed(application: Application) -> str:
    return _(
        "Asesor menyatakan asesmen dapat dilanjutkan. Sekretariat menyiapkan jadwalnya; "
        "undangan dikirim ke e-mail Anda."
    )


def _scheduled(application: Application) -> str:
    """The session once it was announced: before that it may still change."""
    seat = application.placements.filter(in_force=True).select_related("session__venue").first()
    if seat is None or seat.session.status == SessionStatus.PLANNED:
        return _("Jadwal Anda sedang disiapkan. Undangan dikirim ke e-mail Anda.")
    session = seat.session
    place = session.venue.name if session.venue else _("jarak jauh")
    return _("%(moment)s, %(place)s. Bawa kartu identitas dan bukti asli.") % {
        "moment": format_date(session.local_start, "j F Y, H.i T"),
        "place": place,
    }


def _assessed(application: Application) -> str:
    return _("Asesmen selesai. Hasilnya menunggu keputusan rapat pleno; Anda tidak perlu melakukan apa pun.")


def _competent(application: Application) -> str:
    return _("Selamat, Anda dinyatakan kompeten. Sertifikat Anda sedang disiapkan.")


def _appealed(application: Application) -> str:
    return _("Banding Anda sedang diperiksa oleh asesor lain. Keputusannya dikirim ke e-mail Anda.")


def _certified(application: Application) -> str:
    certificate = application.certificates.filter(in_force=True).first()
    if certificate is None:
        return ""
    return _("Nomor %(number)s. %(sentence)s") % {
        "number": certificate.number,
        "sentence": status_now(certificate).sentence,
    }


def _not_continued(application: Application) -> str:
    advice = PreAssessment.objects.filter(application=application, signature__isnull=False).order_by("-pk").first()
    next_step = _("Lengkapi bukti atau pengalaman Anda, lalu ajukan permohonan baru; isian Anda terisi kembali.")
    return "\n".join(filter(None, [advice.note if advice else "", next_step]))


def _not_yet_competent(application: Application) -> str:
    words = _("Hasil ini bukan akhir. Latih unit yang belum kompeten, lalu ajukan permohonan baru.")
    if last := last_days_to_appeal([application]).get(application.pk):
        return f"{words}\n{_appeal_until(last)}"
    return words


def _appeal_until(last: date) -> str:
    return _("Bila Anda berkeberatan, banding dapat diajukan sampai %(day)s.") % {"day": date_format(last, "j F Y")}


Tell = Callable[[Application], str]
#: What is said of the step that is under way.
NOW: dict[str, Tell] = {
    S.ACCEPTED: _accepted,
    S.PREASSESSED: _preassessed,
    S.SCHEDULED: _scheduled,
    S.ASSESSED: _assessed,
    S.APPEALED: _appealed,
    S.COMPETENT: _competent,
}
#: Where a journey ends before the certificate: the title, and what to do next.
ENDS: dict[str, tuple[Callable[[], str], Tell]] = {
    S.NOT_CONTINUED: (lambda: _("Asesmen belum dapat dilanjutkan"), _not_continued),
    S.NOT_YET_COMPETENT: (lambda: _("Belum kompeten"), _not_yet_competent),
}
#: Statuses after which the same scheme may be applied for anew.
MAY_APPLY_AGAIN = frozenset({S.REJECTED, S.WITHDRAWN, S.NOT_CONTINUED, S.NOT_YET_COMPETENT})


# --- the desk -----------------------------------------------------------------------------------------

#: What a card on the desk says of a case that nobody has to look up anything for.
WAITS: dict[str, Any] = {
    S.DRAFT: gettext_lazy("Belum dikirim."),
    S.RETURNED: gettext_lazy("Ada bagian yang harus Anda perbaiki."),
    S.SUBMITTED: gettext_lazy("Menunggu giliran diperiksa. Anda tidak perlu melakukan apa pun."),
    S.UNDER_REVIEW: gettext_lazy("Sedang diperiksa. Anda tidak perlu melakukan apa pun."),
    S.ACCEPTED: gettext_lazy("Menunggu pra-asesmen oleh asesor. Anda tidak perlu melakukan apa pun."),
    S.PREASSESSED: gettext_lazy("Menunggu jadwal uji; undangannya dikirim ke e-mail Anda."),
    S.SCHEDULED: gettext_lazy("Jadwal uji Anda sedang disiapkan; undangannya dikirim ke e-mail Anda."),
    S.ASSESSED: gettext_lazy("Menunggu keputusan rapat pleno. Anda tidak perlu melakukan apa pun."),
    S.COMPETENT: gettext_lazy("Anda kompeten; sertifikatnya sedang disiapkan."),
    S.APPEALED: gettext_lazy("Banding Anda sedang diperiksa. Anda tidak perlu melakukan apa pun."),
    S.NOT_YET_COMPETENT: gettext_lazy("Anda boleh mengajukan permohonan baru kapan saja."),
    S.NOT_CONTINUED: gettext_lazy("Baca catatan asesor, lalu ajukan permohonan baru."),
    S.REJECTED: gettext_lazy("Baca alasannya, lalu ajukan permohonan baru."),
}


def appeals_until(applications: list[Application]) -> dict[int, date]:
    """{case: until when its owner may appeal}, the same few queries however many there are."""
    return last_days_to_appeal(row for row in applications if row.status == S.NOT_YET_COMPETENT)


def waits(
    applications: list[Application], told: Collection[int] = (), last_days: Mapping[int, date] | None = None
) -> dict[int, str]:
    """{case: where it is and what its owner has to do, by when}, the same few queries however many there are.

    `told`: those whose session their owners know of; the desk shows it while it lies ahead. `last_days`: as
    `appeals_until`, for whoever has asked already.
    """
    last_days = appeals_until(applications) if last_days is None else last_days
    found = {row.pk: str(WAITS.get(row.status, "")) for row in applications}
    for row in applications:
        if row.pk in last_days:
            found[row.pk] = _appeal_until(last_days[row.pk])
        elif row.status == S.SCHEDULED and row.pk in told:
            found[row.pk] = _("Menunggu hasil asesmen. Anda tidak perlu melakukan apa pun.")
    return found
