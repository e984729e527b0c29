"""What a case waits for: one sentence for every reader, and the way there for whoever does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import ApplicationStatus as S
from core.applications.models import Application
from core.assessments.conflicts import when
from core.assessments.enums import Attendance, SessionStatus
from core.assessments.models import Assignment, Placement
from core.assessments.rules import may_be_assigned
from core.certificates.models import Certificate
from core.certificates.standing import status_now
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Decision
from core.decisions.queries import decision_of, on_agenda
from core.decisions.rules import last_day_to_appeal, may_appeal


@dataclass(frozen=True)
class NextStep:
    """`url` and `label` are empty for those who only read. `is_dialog`: it opens over the page. `is_over`: the end."""

    text: str
    url: str = ""
    label: str = ""
    is_dialog: bool = False
    is_over: bool = False


@dataclass(frozen=True)
class Known:
    """What the page has read of the case already."""

    case: Application
    by: Any
    assignment: Assignment | None
    seat: Placement | None
    decisions: list[Decision]

    @property
    def assessor(self) -> str:
        return self.assignment.assessor.user.full_name if self.assignment else ""

    @property
    def is_assessor(self) -> bool:
        return self.assignment is not None and self.assignment.assessor.user_id == self.by.pk

    def may(self, right: str) -> bool:
        return self.by.has_perm(f"core.{right}")

    def to_assessor(self, page: str, label: str) -> tuple[str, str]:
        """The way to a sheet that only the assessor of the case fills in."""
        return (reverse(f"admin:core_application_{page}", args=[self.case.pk]), label) if self.is_assessor else ("", "")


def next_step(
    case: Application, by: Any, *, assignment: Assignment | None, seat: Placement | None, decisions: list[Decision]
) -> NextStep:
    return STEPS[case.status](Known(case, by, assignment, seat, decisions))


def _submitted(known: Known) -> NextStep:
    return NextStep(_("Sekretariat mengambil permohonan ini dan memeriksa persyaratannya."))


def _under_review(known: Known) -> NextStep:
    if known.case.officer_id == known.by.pk:
        return NextStep(_("Nilai setiap persyaratan, lalu terima, kembalikan, atau tolak permohonannya."))
    return NextStep(
        _("%(name)s memeriksa persyaratannya.") % {"name": known.case.officer.full_name}
        if known.case.officer
        else _("Sekretariat memeriksa persyaratannya.")
    )


def _returned(known: Known) -> NextStep:
    return NextStep(_("Asesi memperbaiki bagian yang disebut, lalu mengirim kembali."))


def _accepted(known: Known) -> NextStep:
    if known.assignment is None:
        return _assign(known, _("Sekretariat menunjuk asesor."))
    url, label = known.to_assessor("preassessment", _("Tinjau FR.APL-02"))
    return NextStep(_("%(name)s meninjau asesmen mandiri (FR.APL-02).") % {"name": known.assessor}, url, label)


def _assign(known: Known, text: str) -> NextStep:
    if may_be_assigned(known.case, known.by):
        return NextStep(text)
    url = reverse("admin:core_application_assign", args=[known.case.pk])
    return NextStep(text, url, _("Tunjuk asesor"), is_dialog=True)


def _preassessed(known: Known) -> NextStep:
    text = _("Sekretariat menempatkan asesi dalam jadwal uji.")
    if not known.may("schedule_session"):
        return NextStep(text)
    board = reverse("admin:core_assessmentsession_board")
    return NextStep(text, f"{board}?skema={known.case.scheme_version.scheme.code}", _("Tempatkan dalam jadwal"))


def _scheduled(known: Known) -> NextStep:
    seat = known.seat
    if seat is None:
        return _preassessed(known)
    session = seat.session
    url = reverse("admin:core_assessmentsession_change", args=[session.pk]) if known.may("schedule_session") else ""
    if session.status == SessionStatus.PLANNED:
        text = _("Sekretariat mengumumkan jadwal uji %(number)s.") % {"number": session.number}
        return NextStep(text, url, _open(url))
    if seat.attendance == Attendance.ABSENT:
        text = _("Asesi tidak hadir. Sekretariat menempatkannya dalam jadwal lain.")
        return NextStep(text, url, _open(url))
    if session.starts_at > timezone.now():
        return NextStep(_("Uji kompetensi pada %(when)s.") % {"when": when(session)})
    if known.assignment is None:
        return _assign(known, _("Sekretariat menunjuk asesor."))
    url, label = known.to_assessor("results", _("Isi hasil"))
    return NextStep(_("%(name)s mengisi dan menandatangani hasil asesmen.") % {"name": known.assessor}, url, label)


def _open(url: str) -> str:
    return _("Buka jadwal") if url else ""


def _assessed(known: Known) -> NextStep:
    placed = on_agenda(known.decisions)
    if placed is None:
        text = _("Sekretariat memasukkan permohonan ke agenda rapat pleno.")
        if not known.may("record_decision"):
            return NextStep(text)
        return NextStep(text, reverse("admin:core_plenary_agenda"), _("Masukkan ke agenda"))
    return _on_agenda(known, placed)


def _on_agenda(known: Known, placed: Decision) -> NextStep:
    plenary = placed.plenary
    if plenary.status == PlenaryStatus.RECORDED:
        text = _("Orang kedua mengesahkan keputusan rapat “%(title)s”.") % {"title": plenary.title}
    else:
        text = _("Rapat pleno “%(title)s” memutuskannya, %(day)s.") % {
            "title": plenary.title,
            "day": date_format(plenary.held_on, "j F Y"),
        }
    url = reverse("admin:core_plenary_change", args=[plenary.pk]) if known.may("view_plenary") else ""
    return NextStep(text, url, _("Buka rapat pleno") if url else "")


def _competent(known: Known) -> NextStep:
    url = reverse("admin:certificates_issue") if known.may("issue_certificate") else ""
    text = _("Sekretariat menerbitkan sertifikatnya.")
    return NextStep(text, f"{url}?kasus={known.case.pk}" if url else "", _("Terbitkan sertifikat") if url else "")


def _certified(known: Known) -> NextStep:
    certificate = Certificate.objects.filter(application=known.case, in_force=True).first()
    if certificate is None:
        return NextStep(_("Sertifikatnya sudah tidak berlaku."), is_over=True)
    text = _("Sertifikat %(number)s. %(sentence)s") % {
        "number": certificate.number,
        "sentence": status_now(certificate).sentence,
    }
    url = reverse("admin:core_certificate_change", args=[certificate.pk]) if known.may("view_certificate") else ""
    return NextStep(text, url, _("Buka sertifikat") if url else "", is_over=True)


def _not_yet_competent(known: Known) -> NextStep:
    owner, decision = known.case.candidate.user, decision_of(known.case)
    if decision is None or may_appeal(known.case, owner):
        return NextStep(_("Belum kompeten, dan tidak dapat dibanding lagi. Asesi boleh mendaftar lagi."), is_over=True)
    return NextStep(
        _("Tidak ada, kecuali asesi mengajukan banding; batasnya %(day)s.")
        % {"day": date_format(last_day_to_appeal(decision), "j F Y")}
    )


def _appealed(known: Known) -> NextStep:
    if known.assignment is None:
        return _assign(known, _("Sekretariat menunjuk asesor lain untuk menilai kembali."))
    url, label = known.to_assessor("results", _("Isi hasil"))
    return NextStep(_("%(name)s menilai kembali dan menandatangani hasilnya.") % {"name": known.assessor}, url, label)


def _not_continued(known: Known) -> NextStep:
    return NextStep(_("Asesor menyatakan asesmen tidak dapat dilanjutkan. Asesi boleh mendaftar lagi."), is_over=True)


def _rejected(known: Known) -> NextStep:
    return NextStep(_("Permohonan ditolak. Asesi boleh mendaftar lagi."), is_over=True)


def _withdrawn(known: Known) -> NextStep:
    return NextStep(_("Asesi membatalkan permohonannya. Asesi boleh mendaftar lagi."), is_over=True)


STEPS: dict[str, Callable[[Known], NextStep]] = {
    S.DRAFT: _returned,
    S.RETURNED: _returned,
    S.SUBMITTED: _submitted,
    S.UNDER_REVIEW: _under_review,
    S.ACCEPTED: _accepted,
    S.REJECTED: _rejected,
    S.PREASSESSED: _preassessed,
    S.NOT_CONTINUED: _not_continued,
    S.SCHEDULED: _scheduled,
    S.ASSESSED: _assessed,
    S.COMPETENT: _competent,
    S.NOT_YET_COMPETENT: _not_yet_competent,
    S.APPEALED: _appealed,
    S.CERTIFIED: _certified,
    S.WITHDRAWN: _withdrawn,
}
