"""Turns what core knows into what the components draw. No rules: words, addresses and tones."""

from collections.abc import Iterable
from typing import Any

from django.template.defaultfilters import date as format_date
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.accounts.models import CandidateProfile
from core.applications.enums import ApplicationStatus as S
from core.applications.enums import Outcome, Verdict
from core.applications.models import Application, RequirementEvidence
from core.applications.sections import SECTION_TITLES, Section, section_keys, unit_key
from core.applications.services import MAX_FILES
from core.applications.snapshot import FIELD_LABELS, PART_FIELDS
from core.assessments.enums import SessionStatus
from core.assessments.models import AssessmentSession, Placement
from core.assessments.queries import assignment_in_force
from core.assessments.words import day_words, hour_words, hours_at_home, time_words, venue_address
from core.certificates.queries import certificates_of_case
from core.certificates.standing import status_now
from core.content.entries import Download
from core.decisions.enums import AppealStatus
from core.decisions.models import Appeal
from core.decisions.queries import appeal_of, decisions_of, reasons
from core.decisions.rules import last_day_to_appeal
from core.decisions.transitions import WORKFLOW as WORKFLOW_OF_DECISIONS
from core.documents.models import Accepts, Document, DocumentState, DocumentType
from core.schemes.models import CompetencyUnit

STATUS_TONES = {
    S.DRAFT: "neutral",
    S.SUBMITTED: "info",
    S.UNDER_REVIEW: "info",
    S.RETURNED: "warning",
    S.ACCEPTED: "success",
    S.REJECTED: "danger",
    S.PREASSESSED: "success",
    S.NOT_CONTINUED: "danger",
    S.SCHEDULED: "info",
    S.ASSESSED: "info",
    S.COMPETENT: "success",
    S.NOT_YET_COMPETENT: "warning",
    S.APPEALED: "warning",
    S.CERTIFIED: "success",
    S.WITHDRAWN: "neutral",
}
PROFILE_SLUGS = {"personal": "data-pribadi", "address": "alamat", "employment": "pekerjaan"}
SEX_WORDS = {"L": gettext_lazy("Laki-laki"), "P": gettext_lazy("Perempuan")}


def section_url(application: Application, key: str) -> str:
    reference = application.reference
    if key in PROFILE_SLUGS:
        return reverse("public_site:profile_section", args=[reference, PROFILE_SLUGS[key]])
    if key == "purpose":
        return reverse("public_site:purpose", args=[reference])
    if key == "requirements":
        return reverse("public_site:evidence", args=[reference])
    return reverse("public_site:unit", args=[reference, key.removeprefix("unit-")])


def next_url(application: Application, sections: list[Section], after: str = "") -> str:
    """The next open page that still needs something, counted on from `after`; the last check when none does."""
    keys = [section.key for section in sections]
    start = keys.index(after) + 1 if after in keys else 0
    for section in [*sections[start:], *sections[:start]]:
        if not section.is_complete:
            return section_url(application, section.key)
    return reverse("public_site:check_answers", args=[application.reference])


def mend_url(application: Application, sections: list[Section]) -> str:
    """Of a returned application the first part that was named; "" for any other."""
    named = (section for section in sections if section.is_open and section.return_note)
    first = next(named, None) if application.status == S.RETURNED else None
    return section_url(application, first.key) if first else ""


def step_of(application: Application, key: str) -> dict[str, int]:
    keys = section_keys(application)
    return {"step": keys.index(key) + 1, "steps": len(keys) + 1}


def task_sections(application: Application, sections: list[Section]) -> list[dict]:
    """The task list; of a returned application only what was named can be opened."""
    returned = application.status == S.RETURNED
    groups = {
        "FR.APL-01": _("FR.APL-01 Permohonan sertifikasi kompetensi"),
        "FR.APL-02": _("FR.APL-02 Asesmen mandiri"),
    }
    made = []
    for form, title in groups.items():
        tasks = [_task(application, section, returned) for section in sections if section.form == form]
        made.append({"title": title, "tasks": tasks})
    complete = all(section.is_complete for section in sections)
    made.append(
        {
            "title": _("Kirim"),
            "tasks": [
                {
                    "title": _("Periksa jawaban, tanda tangani, dan kirim"),
                    "url": reverse("public_site:check_answers", args=[application.reference]) if complete else "",
                    "status": _("Siap dikirim") if complete else _("Lengkapi bagian lain dahulu"),
                    "tone": "info" if complete else "neutral",
                    "hint": "",
                }
            ],
        }
    )
    return made


def _task(application: Application, section: Section, returned: bool) -> dict:
    if not section.is_open:
        return {"title": section.title, "url": "", "status": _("Tidak perlu diubah"), "tone": "neutral", "hint": ""}
    if returned and section.return_note:
        status, tone = _("Perbaiki"), "warning"
    elif section.is_complete:
        status, tone = _("Lengkap"), "success"
    elif section.unit is not None and section.done:
        status, tone = _("%(done)d dari %(total)d elemen") % {"done": section.done, "total": section.total}, "info"
    else:
        status, tone = _("Belum lengkap"), "info"
    hint = section.return_note or (section.unit.code if section.unit else "")
    if not hint and section.missing and len(section.missing) <= 4:
        hint = _("Belum ada: %(names)s") % {"names": ", ".join(section.missing)}
    return {
        "title": section.title,
        "url": section_url(application, section.key),
        "status": status,
        "tone": tone,
        "hint": hint,
    }


def decision_card(application: Application, by: Any) -> dict | None:
    """What the plenary decided, why, and what the candidate may do now; None before there is a decision."""
    latest = decisions_of(application).first()
    if latest is None:
        return None
    appeal = appeal_of(application)
    may = not WORKFLOW_OF_DECISIONS["appeal"].refusal(application, by)
    return {
        "outcome": latest.outcome,
        "is_competent": latest.outcome == Outcome.COMPETENT,
        "day": latest.decided_at,
        "minutes": latest.plenary.number,
        "reasons": reasons(latest),
        "appeal": appeal,
        "appeal_steps": appeal_steps(appeal) if appeal else [],
        "may_appeal": may,
        "may_withdraw_appeal": not WORKFLOW_OF_DECISIONS["withdraw_appeal"].refusal(application, by),
        "last_day": last_day_to_appeal(latest),
        "is_over": application.status == S.NOT_YET_COMPETENT and not may,
    }


def appeal_steps(appeal: Appeal) -> list[dict]:
    """Where an appeal stands, in four steps; one that was taken back ends after the first."""
    filed = (_("Banding diajukan"), moment_words(appeal.filed_at))
    if appeal.status == AppealStatus.WITHDRAWN:
        taken_back = (_("Banding Anda cabut"), moment_words(appeal.updated_at))
        return [{"title": title, "state": "done", "time": time, "text": ""} for title, time in (filed, taken_back)]
    status = appeal.application.status
    if appeal.status != AppealStatus.FILED:
        place = 4
    elif status == S.ASSESSED:
        place = 3
    else:
        place = 2 if assignment_in_force(appeal.application) else 1
    steps = (
        filed,
        (_("Sekretariat menunjuk asesor lain"), ""),
        (_("Asesor lain menilai kembali"), ""),
        (_("Rapat pleno memutuskan"), ""),
    )
    found = [
        {
            "title": title,
            "state": "done" if number < place else "current" if number == place else "upcoming",
            "time": time,
            "text": "",
        }
        for number, (title, time) in enumerate(steps)
    ]
    if appeal.resolution:
        found[-1]["time"] = format_date(timezone.localtime(appeal.resolution.decided_at), "j F Y")
        found[-1]["text"] = appeal.get_status_display()
    return found


def moment_words(moment: Any) -> str:
    return format_date(timezone.localtime(moment), "j F Y, H.i T")


def time_and_place(seat: Placement | None) -> dict | None:
    """The line on the desk, while the session lies ahead."""
    if seat is None or seat.session.status != SessionStatus.ANNOUNCED or seat.session.ends_at <= timezone.now():
        return None
    return {
        "time": time_words(seat.session),
        "place": seat.session.venue.name if seat.session.venue else _("Jarak jauh"),
    }


def schedule(seat: Placement) -> dict:
    """When and where the candidate is assessed, by whom, and what to bring."""
    session, application = seat.session, seat.application
    assessor = assignment_in_force(application)
    rows = [
        (_("Hari, tanggal"), day_words(session)),
        (_("Waktu"), hour_words(session)),
        (_("Di tempat Anda"), hours_at_home(session, application.candidate.home_region_id)),
        (_("Tempat"), session.venue.name if session.venue else _("Jarak jauh")),
        (_("Alamat"), venue_address(session.venue) if session.venue else ""),
        (_("Asesor"), assessor.assessor.user.full_name if assessor else ""),
        (_("Catatan"), session.note),
    ]
    return {
        "rows": [{"key": key, "value": value} for key, value in rows if value],
        "meeting_url": session.meeting_url if session.venue is None else "",
        "calendar_url": reverse("public_site:schedule_calendar", args=[application.reference]),
        "is_ahead": session.ends_at > timezone.now() and session.status == SessionStatus.ANNOUNCED,
    }


#: What a file chooser offers for each kind of document.
ACCEPT_ATTRIBUTE = {Accepts.BOTH: "image/*,application/pdf", Accepts.PDF: "application/pdf", Accepts.PICTURE: "image/*"}


def upload_limits(document_type: DocumentType) -> str:
    """Such as "Hanya PDF, paling besar 5 MB"."""
    return _("%(accepts)s, paling besar %(size)d MB.") % {
        "accepts": document_type.get_accepts_display(),
        "size": document_type.max_megabytes,
    }


def evidence_slot(application: Application, row: RequirementEvidence, reuse: list[Document], error: str) -> dict:
    """One requirement as components/file_slot.html draws it."""
    requirement = row.requirement
    documents = list(row.documents.all()) if row.pk else []
    attached = {document.pk for document in documents}
    status, tone = ("", "")
    if documents:
        status, tone = _state_of(documents)
    if _is_still_asked_for(row, documents):
        status, tone = row.get_verdict_display(), "warning"
    return {
        "id": f"slot-{requirement.pk}",
        "pk": requirement.pk,
        "title": requirement.title,
        "hint": row.note or requirement.help_text or requirement.document_type.help_text,
        "limits": upload_limits(requirement.document_type),
        "accept": ACCEPT_ATTRIBUTE[requirement.document_type.accepts],
        "required": requirement.is_required,
        "section": requirement.get_section_display(),
        "status": status,
        "tone": tone,
        "error": error,
        "files": [
            document_line(d)
            | {"stored_at": d.created_at, "remove_name": "remove", "remove_value": f"{requirement.pk}:{d.pk}"}
            for d in documents
        ],
        "reuse": [
            {"value": d.pk, "label": f"{d.title} – {d.file_name}", "checked": False}
            for d in reuse
            if d.pk not in attached
        ],
        "reuse_name": f"reuse-{requirement.pk}",
        "input_name": f"file-{requirement.pk}",
        "multiple": True,
        "full": len(documents) >= MAX_FILES,
        "upload_url": reverse("public_site:evidence_slot", args=[application.reference, requirement.pk]),
    }


def _is_still_asked_for(row: RequirementEvidence, documents: list[Document]) -> bool:
    """Whether the secretariat found it wanting, in words or without, and nothing came since."""
    is_wanting = row.verdict == Verdict.FAILS or (row.verdict == Verdict.ABSENT and row.note != "")
    return is_wanting and not any(document.created_at > row.checked_at for document in documents)


def _state_of(documents: list[Document]) -> tuple[str, str]:
    """In a word what a slot holds, and its tone: a file that waits for the virus scanner counts as handed in."""
    states = {document.state for document in documents}
    if DocumentState.CLEAN in states:
        return _("Ada"), "success"
    if DocumentState.WAITING in states:
        return _("Diperiksa"), "info"
    return _("Unggah ulang"), "warning"


#: What a candidate reads below a file that cannot be opened.
CLOSED_HINTS = {
    DocumentState.WAITING: gettext_lazy(
        "Sedang diperiksa dari virus. Anda dapat melanjutkan; tidak perlu mengunggah ulang."
    ),
    DocumentState.REFUSED: gettext_lazy(
        "Ditolak: pemindai menemukan virus, dan isinya sudah dihapus. Hapus dari daftar ini, lalu foto atau "
        "pindai ulang dokumen aslinya."
    ),
    DocumentState.DESTROYED: gettext_lazy("Sudah dimusnahkan karena masa simpannya habis."),
}


def document_line(document: Document) -> dict:
    return {
        "name": document.file_name,
        "size": filesizeformat(document.size),
        "hint": CLOSED_HINTS.get(DocumentState(document.state), ""),
        "is_refused": not document.is_kept,
        "url": reverse("public_site:document", args=[document.public_id]) if document.can_be_opened else "",
    }


def unit_card(unit: CompetencyUnit, state: dict[int, dict], documents: list[Document], errors: list[dict]) -> dict:
    """One unit as components/unit_card.html draws it; `state` is {element id: outcome, documents}."""
    by_element = {error.get("element"): error["text"] for error in errors}
    elements = []
    for element in unit.elements.all():
        answer = state[element.pk]
        ticked = {document.pk for document in answer["documents"]}
        offered = {document.pk: document for document in [*answer["documents"], *documents]}
        elements.append(
            {
                "id": f"element-{element.pk}",
                "number": element.number,
                "title": element.title,
                "error": by_element.get(element.pk, ""),
                "criteria": [{"number": c.number, "text": c.text} for c in element.criteria.all()],
                "name": f"outcome-{element.pk}",
                "value": answer["outcome"],
                "evidence_name": f"evidence-{element.pk}",
                "evidence": [
                    {
                        "value": d.pk,
                        "label": d.title if d.title in d.file_name else f"{d.title} – {d.file_name}",
                        "checked": d.pk in ticked,
                    }
                    for d in sorted(offered.values(), key=lambda d: d.pk)
                ],
                "copy_value": element.pk,
            }
        )
    return {
        "code": unit.code,
        "title": unit.title,
        "elements": elements,
        "copy_name": "copy" if len(elements) > 1 else "",
        "answered": sum(1 for item in elements if item["value"]),
        "key": unit_key(unit),
    }


def snapshot_summary(application: Application, snapshot: dict, sections: list[Section]) -> list[dict]:
    """Check your answers: {title, url, rows} per section, in the order of the forms."""
    evidence = snapshot["evidence"]

    def files(keys: list[str]) -> str:
        return "\n".join(evidence[key]["file_name"] for key in keys)

    made = []
    for section in sections:
        content = snapshot["sections"][section.key]
        url = section_url(application, section.key) if section.is_open else ""
        if section.key == "requirements":
            rows = [{"key": row["title"], "value": files(row["evidence"])} for row in content]
        elif section.unit is not None:
            rows = [
                {
                    "key": f"{e['number']}. {e['title']}",
                    "value": "\n".join(
                        filter(
                            None,
                            [
                                {"K": _("Kompeten (K)"), "BK": _("Belum kompeten (BK)")}.get(e["outcome"], ""),
                                files(e["evidence"]),
                            ],
                        )
                    ),
                }
                for e in content["elements"]
            ]
        else:
            rows = [
                {"key": str(FIELD_LABELS[name]), "value": _readable(name, value)}
                for name, value in ((name, content[name]) for name in PART_FIELDS[section.key])
                if value or name in NEVER_HIDDEN
            ]
        made.append(
            {"title": section.title, "form": section.form, "url": url, "rows": rows, "is_complete": section.is_complete}
        )
    return made


#: Fields that the check page shows even when they are empty.
NEVER_HIDDEN = {"nik", "birth_place", "education", "home_address", "home_region", "phone_mobile", "occupation", "title"}


def _readable(name: str, value: str) -> str:
    if name == "birth_date" and value:
        from datetime import date

        return date_format(date.fromisoformat(value), "j F Y")
    if name == "sex":
        return str(SEX_WORDS.get(value, value))
    return value


def profile_summary(profile: CandidateProfile) -> dict:
    """The profile on the desk: three groups with their addresses."""
    region = profile.home_region
    groups = {
        "personal": [
            (_("Nama lengkap"), profile.user.full_name),
            (_("NIK"), profile.masked_nik),
            (
                _("Tempat, tanggal lahir"),
                ", ".join(
                    filter(
                        None,
                        [profile.birth_place, date_format(profile.birth_date, "j F Y") if profile.birth_date else ""],
                    )
                ),
            ),
            (_("Jenis kelamin"), profile.get_sex_display()),
            (_("Pendidikan"), profile.education.title if profile.education else ""),
        ],
        "address": [
            (_("Alamat"), ", ".join(filter(None, [profile.home_address, region.name if region else ""]))),
            (_("Nomor HP"), profile.phone_mobile),
            (_("E-mail"), profile.user.email),
        ],
        "employment": [
            (_("Pekerjaan"), profile.occupation.title if profile.occupation else ""),
            (_("Institusi"), ", ".join(filter(None, [profile.institution, profile.job_title]))),
        ],
    }
    return {
        key: {
            "title": SECTION_TITLES[key],
            "url": reverse("public_site:own_profile", args=[PROFILE_SLUGS[key]]),
            "rows": [{"key": label, "value": value} for label, value in rows],
        }
        for key, rows in groups.items()
    }


def session_lines(sessions: Iterable[AssessmentSession]) -> list[dict[str, Any]]:
    """Sessions as anybody may see them: when, where, what is free. Not who comes, nor where people meet online."""
    lines = []
    for session in sessions:
        place = _("Jarak jauh")
        if session.venue is not None:
            place = ", ".join(filter(None, [session.venue.name, session.venue.region and session.venue.region.name]))
        free = max(0, session.quota - session.taken)  # type: ignore[attr-defined]
        lines.append(
            {
                "scheme": session.scheme,
                "day": day_words(session),
                "hours": hour_words(session),
                "place": place,
                "free": _("%(free)d dari %(quota)d kursi") % {"free": free, "quota": session.quota}
                if free
                else _("Penuh"),
                "tone": "success" if free else "neutral",
            }
        )
    return lines


#: How a kind of file is called.
FILE_KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG"}


def download_line(row: Download) -> dict[str, Any]:
    """A file for everybody, with what it weighs; the preview of one shows it before its file has come."""
    document = row.document
    facts = []
    if document is not None:
        facts += [
            FILE_KINDS.get(document.content_type, document.content_type),
            ngettext("%(count)d halaman", "%(count)d halaman", document.pages) % {"count": document.pages}
            if document.pages
            else "",
            filesizeformat(document.size),
            _("diperbarui %(day)s") % {"day": date_format(timezone.localtime(document.created_at), "j F Y")},
        ]
    return {"row": row, "facts": [fact for fact in facts if fact], "is_there": document is not None}


def certificate_rows(application: Application) -> list[dict[str, Any]]:
    """The certificates of a case as the holder sees them, the newest first."""
    rows = []
    for row in certificates_of_case(application):
        now = status_now(row)
        rows.append({"row": row, "state": now.label, "tone": now.tone, "is_current": bool(row.in_force)})
    return rows
