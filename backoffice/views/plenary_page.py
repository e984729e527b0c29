"""What the screen of a plenary shows: what to do next, who sits in it, its agenda, its acts."""

from collections import Counter
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.views.case_page import address as case_address
from backoffice.views.handover_page import for_plenary
from core.applications.enums import ApplicationStatus, Outcome
from core.applications.models import Application
from core.assessments.models import Placement
from core.certificates.queries import competent_of_plenary
from core.decisions import rules
from core.decisions.enums import PlenaryStatus
from core.decisions.models import Plenary
from core.decisions.queries import AgendaRow, agenda, waiting_for_decision

STATUS_TONES = {
    PlenaryStatus.PREPARING: "info",
    PlenaryStatus.RECORDED: "warning",
    PlenaryStatus.CONFIRMED: "success",
    PlenaryStatus.CANCELLED: "",
}
#: So many waiting cases are offered at once.
OFFERED = rules.MAX_CASES


def address(plenary: Plenary, page: str = "change") -> str:
    return reverse(f"admin:core_plenary_{page}", args=[plenary.pk])


def next_step(plenary: Plenary) -> str:
    """What is to be done, for a row of the list; needs the counts of `with_counts`."""
    if plenary.status == PlenaryStatus.RECORDED:
        return _("Orang kedua mengesahkan")
    if plenary.status == PlenaryStatus.CONFIRMED and plenary.to_issue:
        return _("Terbitkan %(count)d sertifikat") % {"count": plenary.to_issue}
    if plenary.status != PlenaryStatus.PREPARING:
        return ""
    if not plenary.cases:
        return _("Tambahkan permohonan")
    if plenary.undecided:
        return _("Tulis %(count)d keputusan") % {"count": plenary.undecided}
    return _("Catat keputusan") if plenary.has_members else _("Isi anggota rapat")


def context(plenary: Plenary, by: Any, *, typed: dict[int, tuple[str, str]] | None = None) -> dict[str, Any]:
    """Everything the page draws; `typed` brings back what was refused."""
    rows = agenda(plenary)
    members = list(plenary.members.all())
    may_write = not rules.is_preparing(plenary, by)
    shown_acts = acts(plenary, by, members=members, rows=rows)
    owed = _owed(plenary, members, rows)
    return {
        "plenary": plenary,
        "status_tone": STATUS_TONES[plenary.status],
        "members": members,
        "rows": [_row(row, typed) for row in rows],
        "figures": figures(rows),
        "may_write": may_write,
        "owed": owed if plenary.status == PlenaryStatus.PREPARING and by.has_perm("core.record_decision") else "",
        "has_open": any(not row.outcome for row in rows),
        "waiting": waiting_for_decision().count() if may_write else 0,
        "outcomes": Outcome.choices,
        "acts": shown_acts,
        "may_confirm": any(act["name"] == "confirm" and not act["reason"] for act in shown_acts),
        "papers": _papers(plenary, by),
        "to_issue": _waiting_for_certificate(plenary, by),
        **(for_plenary(plenary, by) if plenary.status == PlenaryStatus.CONFIRMED else {}),
    }


def _owed(plenary: Plenary, members: list, rows: list[AgendaRow]) -> str:
    """What the meeting still lacks; an agenda is filled before its day, decisions are written down after it."""
    lacking = rules.why_not_record(members, rows)
    return lacking if not rows else rules.was_held(plenary) or lacking


def _waiting_for_certificate(plenary: Plenary, by: Any) -> int:
    """How many found competent here have no certificate yet, for whoever issues them."""
    if plenary.status != PlenaryStatus.CONFIRMED or not by.has_perm("core.issue_certificate"):
        return 0
    return competent_of_plenary(plenary).filter(status=ApplicationStatus.COMPETENT).count()


def _papers(plenary: Plenary, by: Any) -> list[dict[str, str]]:
    """Berita acara and SK kelulusan of a confirmed meeting, for whoever may read names."""
    if plenary.status != PlenaryStatus.CONFIRMED or not by.has_perm("core.view_identifiers"):
        return []
    found = [{"title": _("Berita acara"), "number": plenary.number, "url": address(plenary, "minutes")}]
    if plenary.letter_number:
        found.append({"title": _("SK kelulusan"), "number": plenary.letter_number, "url": address(plenary, "letter")})
    return found


def figures(rows: list[AgendaRow]) -> dict[str, int]:
    counted = Counter(row.outcome for row in rows)
    return {
        "total": len(rows),
        "competent": counted[Outcome.COMPETENT],
        "not_yet": counted[Outcome.NOT_YET],
        "open": counted[""],
        "differing": sum(row.differs for row in rows),
    }


def _row(row: AgendaRow, typed: dict[int, tuple[str, str]] | None) -> dict[str, Any]:
    outcome, note = (typed or {}).get(row.application.pk, (row.outcome, row.note))
    return {
        "row": row,
        "pk": row.application.pk,
        "link": case_address(row.application),
        "outcome": outcome,
        "note": note,
        "lacks_note": bool(outcome) and outcome != row.recommendation and not note.strip(),
    }


def acts(plenary: Plenary, by: Any, *, members: list | None = None, rows: list[AgendaRow] | None = None) -> list[dict]:
    """The buttons that belong to this status and this person, and why one can't be pressed now."""
    rows = agenda(plenary) if rows is None else rows
    members = list(plenary.members.all()) if members is None else members
    found = []
    if plenary.status in (PlenaryStatus.PREPARING, PlenaryStatus.RECORDED) and by.has_perm("core.record_decision"):
        found.append(("cancel", _("Batalkan rapat"), "", ""))
    if plenary.status == PlenaryStatus.RECORDED and not rules.may_reopen(plenary, by):
        found.append(("reopen", _("Buka kembali"), "warning", ""))
    if plenary.status == PlenaryStatus.PREPARING and by.has_perm("core.record_decision"):
        reason = _owed(plenary, members, rows) or rules.why_not_rule(rows, by)
        found.append(("record", _("Catat keputusan"), "primary", reason))
    if plenary.status == PlenaryStatus.RECORDED and by.has_perm("core.confirm_decision"):
        reason = rules.may_confirm(plenary, by) or rules.why_not_rule(rows, by)
        found.append(("confirm", _("Sahkan keputusan"), "success", reason))
    return [
        {
            "name": name,
            "label": label,
            "tone": tone,
            "reason": reason,
            "url": reverse("admin:core_plenary_act", args=[plenary.pk, name]),
        }
        for name, label, tone, reason in found
    ]


def offered_cases(*, scheme: str, session: str) -> dict[str, Any]:
    """What waits for a decision, narrowed to a scheme or a session; the choices are those of what waits."""
    seats = Prefetch("placements", Placement.objects.filter(in_force=True).select_related("session"), to_attr="seats")
    waiting = waiting_for_decision()
    schemes = sorted(
        set(waiting.order_by().values_list("scheme_version__scheme__code", "scheme_version__scheme__title")),
        key=lambda pair: pair[1],
    )
    sessions = sorted(
        set(
            waiting.order_by()
            .filter(placements__in_force=True)
            .values_list("placements__session__number", "placements__session__starts_at")
        ),
        key=lambda pair: pair[1],
        reverse=True,
    )
    if scheme:
        waiting = waiting.filter(scheme_version__scheme__code=scheme)
    if session:
        waiting = waiting.filter(placements__in_force=True, placements__session__number=session)
    cases: list[Application] = list(
        waiting.select_related("candidate__user", "scheme_version__scheme").prefetch_related(seats)[:OFFERED]
    )
    return {
        "cases": cases,
        "schemes": schemes,
        "sessions": sessions,
        "scheme": scheme,
        "session": session,
        "is_cut": len(cases) == OFFERED,
    }
