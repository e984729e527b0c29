"""Small named questions about plenaries and appeals. Each returns a sentence why not, or "" when all is well."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.applications.enums import Outcome
from core.applications.models import Application
from core.applications.rules import owns
from core.assessments.models import AssessmentRecord
from core.assessments.rules import has_assessed
from core.decisions.enums import AppealStatus, MemberRole, PlenaryStatus
from core.decisions.models import Appeal, Decision, Plenary, PlenaryMember
from core.decisions.queries import AgendaRow, all_decisions_of, decision_of, on_agenda, open_appeal
from core.policy.queries import system_policy

#: So many cases fit on the agenda of one plenary; a meeting that decides more decides none of them well.
MAX_CASES = 200
#: So many numbers are named in a sentence, more are counted.
NAMED = 5
#: So many people sit in a plenary.
MAX_MEMBERS = 30


# --- plenaries --------------------------------------------------------------------------------------------------------


def did_not_assess(application: Application, by: Any) -> str:
    """Impartiality (ISO/IEC 17024, 9.5): nobody decides what they assessed."""
    if has_assessed(application, by.pk):
        return _("Anda menilai permohonan ini, jadi Anda tidak ikut memutusnya.")
    return ""


def may_prepare(by: Any) -> str:
    if not by.is_active or not by.has_perm("core.record_decision"):
        return _("Anda tidak berhak menyiapkan rapat pleno.")
    return ""


def is_preparing(plenary: Plenary, by: Any) -> str:
    """Whether agenda, members and decisions may still be written."""
    if reason := may_prepare(by):
        return reason
    if plenary.status == PlenaryStatus.RECORDED:
        return _("Keputusan rapat ini sudah dicatat dan menunggu pengesahan. Buka kembali bila perlu diubah.")
    if plenary.status != PlenaryStatus.PREPARING:
        return _("Rapat pleno ini sudah “%(status)s” dan tidak berubah lagi.") % {
            "status": plenary.get_status_display().lower()
        }
    return ""


def has_quorum(members: list[PlenaryMember]) -> str:
    """A chair, and as many present members as the LSP demands."""
    present = [member for member in members if member.is_present]
    if not any(member.role == MemberRole.CHAIR for member in present):
        return _("Tidak ada ketua yang hadir. Tandai satu anggota yang hadir sebagai ketua.")
    needed = system_policy().plenary_quorum
    if len(present) < needed:
        return _("Yang hadir %(present)d orang; rapat pleno memutus dengan sedikitnya %(needed)d anggota.") % {
            "present": len(present),
            "needed": needed,
        }
    return ""


def was_held(plenary: Plenary) -> str:
    """Nothing is decided before the meeting took place, by the office's clock."""
    if plenary.held_on > timezone.localdate():
        return _(
            "Rapat ini baru diadakan pada %(day)s. Catat keputusannya sesudah rapat, atau perbaiki tanggalnya."
        ) % {"day": date_format(plenary.held_on, "j F Y")}
    return ""


def named(rows: Iterable[AgendaRow]) -> str:
    """The numbers of some cases, for a sentence."""
    numbers = [row.application.reference for row in rows]
    if len(numbers) <= NAMED:
        return ", ".join(numbers)
    return _("%(numbers)s dan %(more)d lainnya") % {"numbers": ", ".join(numbers[:NAMED]), "more": len(numbers) - NAMED}


def needs_note(rows: Iterable[AgendaRow]) -> str:
    """Whoever decides otherwise than the assessor recommends says why."""
    if lacking := [row for row in rows if row.lacks_note]:
        return _("Tulis pertimbangan untuk %(numbers)s: keputusannya berbeda dari rekomendasi asesor.") % {
            "numbers": named(lacking)
        }
    return ""


def why_not_record(members: list[PlenaryMember], rows: list[AgendaRow]) -> str:
    """What the meeting still owes: a case, a decision on each, people who could take it."""
    if not rows:
        return _("Agenda rapat ini masih kosong. Tambahkan permohonan yang menunggu keputusan.")
    if corrected := [row for row in rows if row.is_corrected]:
        return _("Hasil asesmen %(numbers)s dikoreksi. Lihat hasil barunya, lalu putuskan lagi.") % {
            "numbers": named(corrected)
        }
    if undecided := [row for row in rows if not row.outcome]:
        return _("Belum ada keputusan untuk %(numbers)s.") % {"numbers": named(undecided)}
    if reason := needs_note(rows):
        return reason
    if reason := has_quorum(members):
        return reason
    present = {member.pk for member in members if member.is_present}
    if nobody := [row for row in rows if present <= {member.pk for member in row.recused}]:
        return _("Semua yang hadir menilai %(numbers)s, jadi tidak ada yang memutusnya. Tambahkan anggota lain.") % {
            "numbers": named(nobody)
        }
    return ""


def why_not_rule(rows: list[AgendaRow], by: Any) -> str:
    """Who writes down or confirms must have nothing to do with any of the cases."""
    if own := [row for row in rows if owns(row.application, by)]:
        return _("%(numbers)s adalah permohonan Anda sendiri; rekan lain yang mencatat dan mengesahkannya.") % {
            "numbers": named(own)
        }
    assessed = set(
        AssessmentRecord.objects.filter(
            application__in=[row.application.pk for row in rows], assessor__user=by.pk, signature__isnull=False
        ).values_list("application_id", flat=True)
    )
    if mine := [row for row in rows if row.application.pk in assessed]:
        return _("Anda menilai %(numbers)s; rekan lain yang mencatat dan mengesahkan rapat ini.") % {
            "numbers": named(mine)
        }
    return ""


def may_reopen(plenary: Plenary, by: Any) -> str:
    """Whoever prepares or confirms may send a recorded plenary back."""
    if not by.is_active or not (by.has_perm("core.record_decision") or by.has_perm("core.confirm_decision")):
        return _("Anda tidak berhak membuka kembali rapat pleno.")
    if plenary.status != PlenaryStatus.RECORDED:
        return _("Hanya rapat yang menunggu pengesahan yang dapat dibuka kembali; status rapat ini “%(status)s”.") % {
            "status": plenary.get_status_display()
        }
    return ""


def may_confirm(plenary: Plenary, by: Any) -> str:
    """A second person, who is not the one who wrote it down."""
    if not by.is_active or not by.has_perm("core.confirm_decision"):
        return _("Anda tidak berhak mengesahkan keputusan rapat pleno.")
    if plenary.status != PlenaryStatus.RECORDED:
        return _("Hanya rapat yang sudah dicatat yang dapat disahkan; status rapat ini “%(status)s”.") % {
            "status": plenary.get_status_display()
        }
    if plenary.recorded_by_id == by.pk:
        return _("Anda mencatat keputusan ini; pengesahan dilakukan oleh orang kedua.")
    return ""


def may_cancel(plenary: Plenary, by: Any) -> str:
    if reason := may_prepare(by):
        return reason
    if plenary.status not in (PlenaryStatus.PREPARING, PlenaryStatus.RECORDED):
        return _("Rapat pleno yang “%(status)s” tidak dapat dibatalkan.") % {
            "status": plenary.get_status_display().lower()
        }
    return ""


# --- appeals ----------------------------------------------------------------------------------------------------------


def last_day_to_appeal(decision: Decision, *, days: int | None = None) -> date:
    """By the office's clock, counted from the day after the decision was confirmed; `days` as the policy says."""
    days = system_policy().appeal_days if days is None else days
    return timezone.localdate(decision.decided_at) + timedelta(days=days)


def last_days_to_appeal(applications: Iterable[Application]) -> dict[int, date]:
    """{case: until when its owner may still appeal}, for those that may; three queries however many there are."""
    cases = [application.pk for application in applications]
    if not cases:
        return {}
    appealed = set(Appeal.objects.filter(application__in=cases).values_list("application_id", flat=True))
    decided = Decision.objects.filter(
        application__in=set(cases) - appealed, in_force=True, decided_at__isnull=False, outcome=Outcome.NOT_YET
    )
    days = system_policy().appeal_days
    last_days = {decision.application_id: last_day_to_appeal(decision, days=days) for decision in decided}
    return {case: day for case, day in last_days.items() if day >= timezone.localdate()}


def may_appeal(application: Application, by: Any) -> str:
    """In time, and once: what a plenary decides on an appeal stands, and one that was taken back is not filed again."""
    appeal = Appeal.objects.filter(application=application).first()
    if appeal is not None and appeal.status == AppealStatus.WITHDRAWN:
        return _("Banding atas permohonan ini sudah Anda cabut; banding hanya dapat diajukan sekali.")
    if appeal is not None:
        return _("Banding atas permohonan ini sudah pernah diajukan; keputusan atas banding bersifat akhir.")
    decision = decision_of(application)
    if decision is None:
        return _("Keputusan atas permohonan ini belum ada.")
    last_day = last_day_to_appeal(decision)
    if timezone.localdate() > last_day:
        return _("Batas waktu banding berakhir pada %(day)s.") % {"day": date_format(last_day, "j F Y")}
    return ""


def has_open_appeal(application: Application, by: Any) -> str:
    """Whether there is an appeal that can be taken back: until a meeting has written down what it decided."""
    if open_appeal(application) is None:
        return _("Tidak ada banding yang berjalan atas permohonan ini.")
    placed = on_agenda(all_decisions_of(application))
    if placed is not None and placed.plenary.status == PlenaryStatus.RECORDED:
        return _("Rapat pleno sudah memutus banding Anda; keputusannya menunggu pengesahan dan dikirim ke e-mail Anda.")
    return ""


def why_not_withdraw_case(application: Application) -> str:
    """A case under appeal was decided already: what can be taken back is the appeal."""
    if open_appeal(application) is not None:
        return _("Permohonan ini sudah diputus dan sedang dibanding. Yang dapat dicabut adalah bandingnya.")
    return ""
