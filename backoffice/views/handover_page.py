"""What the screen of a hand-over shows: where it stands, what is to be mended and where, its files and its acts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.views.case_page import address as case_address
from core.common.dates import beginning_after, beginning_of
from core.common.text import is_number
from core.content.queries import office
from core.decisions.models import Plenary
from core.handovers import rules
from core.handovers.cells import Facts
from core.handovers.checks import Examined, Finding, Place, Weight, examine
from core.handovers.enums import HandoverStatus
from core.handovers.models import Handover, HandoverLayout
from core.handovers.queries import files_of, handovers_of, pending_decisions, pending_of
from core.handovers.transitions import WORKFLOW
from core.schemes.models import Scheme

STATUS_TONES = {
    HandoverStatus.PREPARING: "info",
    HandoverStatus.CHECKED: "warning",
    HandoverStatus.HANDED: "success",
    HandoverStatus.REPLACED: "",
    HandoverStatus.WITHDRAWN: "danger",
}
WEIGHT_TONES = {Weight.FAULT: "danger", Weight.WARNING: "warning", Weight.NOTE: "info"}
WEIGHT_LABELS = {
    Weight.FAULT: gettext_lazy("Kesalahan"),
    Weight.WARNING: gettext_lazy("Peringatan"),
    Weight.NOTE: gettext_lazy("Catatan"),
}
STEPS = (gettext_lazy("Pilih permohonan"), gettext_lazy("Periksa dan perbaiki"), gettext_lazy("Serahkan"))
#: Place of a finding → address of the page where it is mended, and what the link says.
_MENDED_AT = {
    Place.CANDIDATE: ("core_candidateprofile_change", gettext_lazy("Buka profil asesi")),
    Place.ASSESSOR: ("core_assessorprofile_change", gettext_lazy("Buka data asesor")),
    Place.CODE_LIST: ("core_codelist_change", gettext_lazy("Buka daftar kode")),
    Place.CASE: ("core_application_change", gettext_lazy("Buka permohonan")),
    Place.CERTIFICATE: ("core_certificate_change", gettext_lazy("Buka sertifikat")),
    Place.PLENARY: ("core_plenary_change", gettext_lazy("Buka rapat pleno")),
    Place.OFFICE: ("core_officedata_change", gettext_lazy("Buka data LSP")),
    Place.LAYOUT: ("core_handoverlayout_change", gettext_lazy("Buka tata letak")),
}


@dataclass(frozen=True)
class FindingLine:
    """A finding as the table draws it."""

    tone: str
    weight: Any
    message: str
    column: str
    case: Any = None
    case_link: str = ""
    link: str = ""
    link_label: Any = ""
    opens_dialog: bool = False


def address(handover: Handover, page: str = "change", *more: Any) -> str:
    return reverse(f"admin:core_handover_{page}", args=[handover.pk, *more])


def next_step(handover: Handover) -> str:
    """What is to be done, for a row of the list."""
    return {
        HandoverStatus.PREPARING: _("Periksa dan perbaiki"),
        HandoverStatus.CHECKED: _("Kirim, lalu catat penyerahannya"),
    }.get(HandoverStatus(handover.status), "")


def context(handover: Handover, by: Any) -> dict[str, Any]:
    """Everything the page draws."""
    may_write = not rules.is_preparing(handover, by)
    examined = examine(handover) if may_write else None
    cases = list(
        handover.cases.select_related(
            "decision", "application__candidate__user", "application__scheme_version__scheme"
        ).defer("content")
    )
    return {
        "handover": handover,
        "status_tone": STATUS_TONES[HandoverStatus(handover.status)],
        "steps": _steps(handover),
        "may_write": may_write,
        "cases": [{"row": row, "link": case_address(row.application)} for row in cases],
        "figures": {
            "total": len(cases),
            "competent": sum(row.decision.outcome == "K" for row in cases),
            "not_yet": sum(row.decision.outcome == "BK" for row in cases),
        },
        "findings": [_line(finding, handover) for finding in _heaviest_first(examined)] if examined else [],
        "faults": len(examined.faults) if examined else 0,
        "warnings": len(examined.warnings) if examined else 0,
        "sessions": _sessions(examined) if examined else [],
        "files": files_of(handover),
        "may_download": not rules.why_not_download(handover, by),
        "correction": rules.open_correction(handover),
        "acts": acts(handover, by, examined=examined),
    }


def _heaviest_first(examined: Examined) -> list[Finding]:
    return sorted(examined.findings, key=lambda finding: list(Weight).index(finding.weight))


def _line(finding: Finding, handover: Handover) -> FindingLine:
    link, label = _where(finding, handover)
    case = finding.facts.case.application if finding.facts else None
    return FindingLine(
        tone=WEIGHT_TONES[finding.weight],
        weight=WEIGHT_LABELS[finding.weight],
        message=finding.message,
        column=finding.column,
        case=case,
        case_link=case_address(case) if case else "",
        link=link,
        link_label=label,
        opens_dialog=finding.place == Place.SESSION,
    )


def _where(finding: Finding, handover: Handover) -> tuple[str, Any]:
    if finding.place == Place.SESSION and finding.key:
        return address(handover, "session", finding.key), _("Isi data jadwal")
    if finding.place == Place.LETTER:
        return "#surat", _("Ganti surat")
    key = finding.key
    if finding.place == Place.OFFICE:
        key = office().pk
    elif finding.place == Place.LAYOUT:
        key = HandoverLayout.objects.values_list("pk", flat=True).first()
    if finding.place not in _MENDED_AT or not key:
        return "", ""
    name, label = _MENDED_AT[finding.place]
    return reverse(f"admin:{name}", args=[key]), label


def _sessions(examined: Examined) -> list[Facts]:
    """One line for each session that the cases were assessed in."""
    found: dict[int, Facts] = {}
    for facts, _cells in examined.rows:
        if facts.session is not None:
            found.setdefault(facts.session.pk, facts)
    return list(found.values())


def _steps(handover: Handover) -> list[dict[str, Any]]:
    """The three steps with the one that is under way; none once it is over."""
    now = {HandoverStatus.PREPARING: 1, HandoverStatus.CHECKED: 2, HandoverStatus.HANDED: 3}.get(
        HandoverStatus(handover.status), 0
    )
    return [{"label": label, "is_done": place < now, "is_now": place == now} for place, label in enumerate(STEPS)]


def acts(handover: Handover, by: Any, *, examined: Examined | None = None) -> list[dict[str, Any]]:
    """The buttons that belong to this status and this person, and why one can't be pressed now."""
    found = []
    for row in WORKFLOW:
        if row.name == "replace" or handover.status not in row.sources or not row.permits(handover, by):
            continue
        reason = row.refusal(handover, by)
        if row.name == "check" and not reason and examined is not None and examined.faults:
            count = len(examined.faults)
            reason = _("Masih ada %(count)d kesalahan. Perbaiki semuanya, lalu periksa lagi.") % {"count": count}
        found.append(_act(handover, row.name, row.label, row.tone, reason))
    if not rules.why_not_correct(handover, by):
        found.append(_act(handover, "correct", _("Siapkan koreksi"), "warning", ""))
    order = ("withdraw", "reopen", "correct", "check", "hand_over")  # what leads on stands last
    return sorted(found, key=lambda act: order.index(act["name"]))


def _act(handover: Handover, name: str, label: Any, tone: str, reason: str) -> dict[str, Any]:
    return {"name": name, "label": label, "tone": tone, "reason": reason, "url": address(handover, "act", name)}


# --- choosing -----------------------------------------------------------------------------------------


def offered(*, scheme: str, plenary: str, since: date | None, until: date | None) -> dict[str, Any]:
    """What waits for its hand-over, narrowed; the choices are those of what waits."""
    waiting = pending_decisions()
    plenaries = Plenary.objects.filter(pk__in=waiting.order_by().values("plenary")).defer("content")
    cases = waiting.order_by().values("application__scheme_version__scheme")
    schemes = Scheme.objects.filter(pk__in=cases).order_by("title").values_list("code", "title")
    if scheme:
        waiting = waiting.filter(application__scheme_version__scheme__code=scheme)
    if is_number(plenary):
        waiting = waiting.filter(plenary=int(plenary))
    if since:
        waiting = waiting.filter(decided_at__gte=beginning_of(since))
    if until:
        waiting = waiting.filter(decided_at__lt=beginning_after(until))
    found = waiting.select_related("plenary", "application__candidate__user", "application__scheme_version__scheme")
    decisions = list(found.defer("plenary__content")[: rules.MAX_CASES])
    return {
        "decisions": decisions,
        "schemes": list(schemes),
        "plenaries": list(plenaries.order_by("-held_on", "-pk")),
        "scheme": scheme,
        "plenary_key": plenary,
        "since": since,
        "until": until,
        "is_cut": len(decisions) == rules.MAX_CASES,
    }


def for_plenary(plenary: Plenary, by: Any) -> dict[str, Any]:
    """What the page of a meeting says about BNSP: how many wait, and where the others lie."""
    if not by.has_perm("core.view_handover"):
        return {}
    waiting = 0 if rules.may_prepare(by) else pending_of(plenary).count()
    return {
        "to_hand_over": waiting,
        "handovers": [{"row": row, "url": address(row)} for row in handovers_of(plenary)[:5]],
    }
