"""What follows the results, for the demonstration: plenaries, appeals, certificates in every state.

Every step is done by the real services; only what ran out years ago is moved there afterwards.
"""

import json
from datetime import date, timedelta

from django.utils import timezone

from core.accounts.models import User
from core.applications.models import Application
from core.applications.snapshot import canonical, content_hash
from core.assessments.models import AssessorQualification
from core.assessments.services import assign_assessor
from core.certificates.enums import SurveillanceOutcome
from core.certificates.models import Certificate
from core.certificates.services import (
    close_surveillances,
    issue_for_plenary,
    record_surveillance,
    suspend_certificate,
    withdraw_certificate,
)
from core.certificates.signing import token_for
from core.common.dates import add_months
from core.decisions.enums import MemberRole
from core.decisions.models import Plenary
from core.decisions.queries import appeal_questions
from core.decisions.services import (
    Seat,
    add_cases,
    confirm_plenary,
    create_plenary,
    file_appeal,
    follow_recommendations,
    record_plenary,
    save_members,
)
from core.demo.results import write_results

#: Places in the list of cases whose candidates are not yet competent; all appeal, the first is heard already.
NOT_YET = (1, 2)
#: So many days ago the validity of the certificate that ran out came to its end.
ENDED = 40
#: In so many days that of another ends, and the first surveillance of a third is due.
ENDS, SURVEYED = 60, 10
APPEAL = "Bukti kerja saya pada unit terakhir belum dilihat oleh asesor, dan waktu praktik saya terpotong hujan."


def decide_and_certify(cases: list[Application], *, place: str, clerk: User, second: User) -> None:
    """The last case waits on a plenary that is still prepared, the one before it for its certificate."""
    *decided, open_case = cases
    _hold("Rapat pleno", decided, place=place, clerk=clerk, second=second)
    heard, unheard = (decided[number] for number in NOT_YET)
    for case in (heard, unheard):
        answers = {line.key: "ya" for line in appeal_questions()}
        file_appeal(application=case, reason=APPEAL, answers=answers, by=case.candidate.user)
    _assess_again(heard, clerk=clerk)
    _hold("Rapat pleno banding", [heard], place=place, clerk=clerk, second=second)
    competent = [case for case in decided if case.pk != unheard.pk]
    issued = [row.certificate for row in issue_for_plenary(applications=competent[:-1], by=clerk) if row.is_done]
    _show_every_state(issued, by=second)
    waiting = _plenary("Rapat pleno berikutnya", place=place, clerk=clerk, second=second)
    add_cases(plenary=waiting, applications=[open_case], by=clerk)
    follow_recommendations(plenary=waiting, by=clerk)


def _plenary(title: str, *, place: str, clerk: User, second: User) -> Plenary:
    plenary = create_plenary(title=title, held_on=timezone.localdate(), place=place, by=clerk)
    seats = [
        Seat(user=second.pk, office="Ketua LSP", role=MemberRole.CHAIR),
        Seat(user=clerk.pk, office="Sekretariat", role=MemberRole.SECRETARY),
        Seat(name="Ir. Made Suardana", office="Komite teknis"),
    ]
    save_members(plenary=plenary, seats=seats, by=clerk)
    return plenary


def _hold(title: str, cases: list[Application], *, place: str, clerk: User, second: User) -> None:
    plenary = _plenary(title, place=place, clerk=clerk, second=second)
    add_cases(plenary=plenary, applications=cases, by=clerk)
    follow_recommendations(plenary=plenary, by=clerk)
    record_plenary(plenary=plenary, by=clerk)
    confirm_plenary(plenary=Plenary.objects.get(pk=plenary.pk), by=second)
    for case in cases:
        case.refresh_from_db()


def _assess_again(case: Application, *, clerk: User) -> None:
    before = case.assignments.order_by("pk").last().assessor_id
    other = AssessorQualification.objects.filter(scheme=case.scheme_version.scheme).exclude(assessor=before).first()
    assign_assessor(application=case, assessor=other.assessor, by=clerk)
    write_results(case, is_competent=True)


def _show_every_state(certificates: list[Certificate], *, by: User) -> None:
    """Three no longer hold: one ran out, one is suspended, one was withdrawn; the rest, the heard one too, is valid.

    Of the valid ones the first ends soon, another is to be surveyed.
    """
    for certificate, act in zip(certificates[len(NOT_YET) :], (_run_out, _suspend, _withdraw), strict=False):
        act(certificate, by)
    if valid := certificates[len(NOT_YET) + 3 :]:
        _end_soon(certificates[0], by)
        _fall_due(valid[0])


def _run_out(certificate: Certificate, by: User) -> None:
    _date_back(certificate, timezone.localdate() - timedelta(days=ENDED))
    close_surveillances(certificate=certificate)


def _end_soon(certificate: Certificate, by: User) -> None:
    """Nothing is left but the renewal: what was to be surveyed was, on its day."""
    _date_back(certificate, timezone.localdate() + timedelta(days=ENDS))
    for row in certificate.surveillances.all():
        record_surveillance(surveillance=row, outcome=SurveillanceOutcome.MAINTAINED, done_on=row.due_on, by=by)


def _fall_due(certificate: Certificate) -> None:
    first = certificate.surveillances.first()
    if first is not None:
        due = timezone.localdate() + timedelta(days=SURVEYED)
        _date_back(certificate, add_months(due, _months_between(first.due_on, certificate.valid_until)))


def _months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


def _date_back(certificate: Certificate, valid_until: date) -> None:
    """As a whole: what it prints and its signature say the same days, its surveillances lie as far from them."""
    months = certificate.scheme_version.validity_months
    after = {row: _months_between(certificate.issued_on, row.due_on) for row in certificate.surveillances.all()}
    certificate.valid_until, certificate.issued_on = valid_until, add_months(valid_until, -months)
    days = {name: getattr(certificate, name).isoformat() for name in ("issued_on", "valid_until")}
    content = json.loads(certificate.content)
    content["plenary"]["held_on"] = days["issued_on"]
    certificate.content = canonical({**content, **days})
    certificate.sha256 = content_hash(certificate.content)
    certificate.token = token_for(certificate, certificate.key)
    certificate.save()
    for row, so_many in after.items():
        row.due_on = add_months(certificate.issued_on, so_many)
        row.save(update_fields=["due_on", "updated_at"])


def _suspend(certificate: Certificate, by: User) -> None:
    suspend_certificate(certificate=certificate, reason="Menunggu klarifikasi keluhan pengguna jasa.", by=by)


def _withdraw(certificate: Certificate, by: User) -> None:
    withdraw_certificate(certificate=certificate, reason="Bukti pengalaman kerja ternyata milik orang lain.", by=by)
