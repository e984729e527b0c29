"""Issuing certificates in bulk, the page of one certificate, and the acts on it.

The acts are drawn from CERTIFICATE_WORKFLOW: whoever adds a row there adds its service to ACTS here.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.bulk import MAX_ROWS
from backoffice.screens import screen
from backoffice.timeline import timeline
from backoffice.views import certificate_acts
from core.activity.services import record_activity
from core.applications.models import Application
from core.certificates import services
from core.certificates.content import birth_line, content_of
from core.certificates.models import Certificate
from core.certificates.printing import ensure_pdf
from core.certificates.queries import certificates_for, competent_of_plenary, waiting_for_certificate
from core.certificates.rules import why_not_blank, why_not_in_series, why_not_signed
from core.certificates.transitions import CERTIFICATE_WORKFLOW, refusals_of_issue
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.content.queries import signatory
from core.decisions.models import Plenary
from core.documents.serving import document_response

#: So many certificates are issued by one request; the page then goes on by itself with the rest.
STEP = 20


@dataclass(frozen=True)
class Question:
    """One field of an act's form."""

    name: str
    label: Any
    kind: str = "text"  # text, date, long
    hint: Any = ""
    is_required: bool = False
    maximum: int = 150


@dataclass(frozen=True)
class Act:
    """What an act asks for and which service does it; `run` may return the certificate to go on to."""

    run: Callable[[Certificate, Any, Mapping[str, str]], Certificate | None]
    done: Any
    questions: tuple[Question, ...] = ()
    #: What stands in the fields at first, from the certificate.
    known: Callable[[Certificate], Mapping[str, str]] = field(default=lambda certificate: {})


_CORRECTIONS = ("full_name", "birth_place", "birth_date")

#: Row of CERTIFICATE_WORKFLOW → its service and its form.
ACTS: dict[str, Act] = {
    "replace": Act(
        run=lambda certificate, by, words: services.replace_certificate(
            certificate=certificate,
            corrections={name: words.get(name, "") for name in _CORRECTIONS},
            reason=words.get("reason", ""),
            by=by,
        ),
        done=_("Sertifikat pengganti sudah terbit; yang lama kini berstatus diganti."),
        questions=(
            Question("full_name", _("Nama pada sertifikat"), is_required=True),
            Question("birth_place", _("Tempat lahir"), maximum=100),
            Question("birth_date", _("Tanggal lahir"), kind="date", maximum=10),
            Question(
                "reason",
                _("Apa yang salah pada sertifikat lama"),
                hint=_("Tercatat pada riwayat sertifikat."),
                is_required=True,
                maximum=500,
            ),
        ),
        known=lambda certificate: content_of(certificate)["holder"],
    )
}


# --- issuing ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def issue_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """What will be issued and what stops the others; then the issuing itself, step by step.

    Cases: `pleno` names a plenary, `kasus` single cases, otherwise all that wait. A step issues
    STEP certificates and hands on the rest; the page that is sent twice finds them issued already.
    """
    if not request.user.has_perm("core.issue_certificate"):
        raise PermissionDenied
    if request.method == "POST" and "terbitkan" in request.POST:
        return _issue_step(request, admin)
    return _issue_page(request, admin, _cases(request))


def issue_ticked(admin: Any, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse:
    """An action of the list of cases: the same page for what was ticked there."""
    chosen = queryset.order_by("pk")
    if chosen[MAX_ROWS:].exists():
        messages.warning(request, _t("Paling banyak %(limit)d permohonan sekaligus.") % {"limit": MAX_ROWS})
    return _issue_page(request, admin, list(_with_people(chosen)[:MAX_ROWS]))


def _cases(request: HttpRequest) -> list[Application]:
    asked = request.GET if request.method == "GET" else request.POST
    plenary = asked.get("pleno", "")
    if is_number(plenary):
        return list(_with_people(competent_of_plenary(_plenary(plenary)))[:MAX_ROWS])
    if keys := [key for key in asked.getlist("kasus") if is_number(key)][:MAX_ROWS]:
        return list(_with_people(Application.objects.filter(pk__in=keys).order_by("pk")))
    return list(_with_people(waiting_for_certificate())[:MAX_ROWS])


def _plenary(key: str) -> Plenary:
    plenary = Plenary.objects.filter(pk=key).first()
    if plenary is None:
        raise Http404
    return plenary


def _with_people(cases: QuerySet[Application]) -> QuerySet[Application]:
    return cases.prefetch_related("candidate__user", "scheme_version__scheme")


def _issue_page(
    request: HttpRequest, admin: Any, cases: list[Application], refusal: DomainError | None = None
) -> HttpResponse:
    """`refusal`: the sheets that were typed in can't be used; nothing was issued yet."""
    stopped = refusals_of_issue(cases, request.user)
    groups: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        groups.setdefault(stopped[case.pk], []).append(_line(case))
    ready = groups.pop("", [])
    context = {
        "ready": ready,
        "keys": [line["key"] for line in ready],
        "groups": [{"sentence": sentence, "rows": rows} for sentence, rows in groups.items()],
        "total": len(cases),
        "limit": MAX_ROWS,
        "signatory": signatory(),
        "office_url": reverse("admin:core_officedata_changelist") if why_not_signed() else "",
        "refusal": refusal,
        **_sheets(request),
    }
    title = _t("Terbitkan sertifikat")
    return _page(request, admin, "issue.html", title, context, status=422 if refusal else 200)


def _sheets(request: HttpRequest) -> dict[str, str]:
    """What was typed about blanks: the number of the first sheet, and those that went wrong."""
    return {name: request.POST.get(name, "") for name in ("first", "spoiled")}


def _spoiled(sheets: Mapping[str, str]) -> list[str]:
    return [number for number in sheets["spoiled"].replace(";", ",").split(",") if number.strip()]


def _issue_step(request: HttpRequest, admin: Any) -> HttpResponse:
    keys = [key for key in request.POST.getlist("kasus") if is_number(key)][:MAX_ROWS]
    done = [key for key in request.POST.getlist("selesai") if is_number(key)]
    failed = [entry for entry in request.POST.getlist("gagal") if is_number(entry.partition(":")[0])]
    sheets = _sheets(request)
    if sheets["first"].strip() and not done and not failed:
        try:
            services.free_blank_numbers(first=sheets["first"], count=len(keys), spoiled=_spoiled(sheets))
        except DomainError as refusal:
            return _issue_page(request, admin, _cases(request), refusal)
    step, rest = keys[:STEP], keys[STEP:]
    cases = {str(case.pk): case for case in _with_people(Application.objects.filter(pk__in=step))}
    for result in services.issue_for_plenary(
        applications=[cases[key] for key in step if key in cases], by=request.user
    ):
        key = str(result.application.pk)
        if result.certificate is not None:
            done.append(str(result.certificate.pk))
        else:
            failed.append(f"{key}:{result.reason}")
    context = {"rest": rest, "done": done, "failed": failed, "finished": len(done) + len(failed)}
    context["total"] = context["finished"] + len(rest)
    context |= sheets
    if not rest:
        context |= _written_down(request, done, sheets) | _account(done, failed)
    return _page(request, admin, "issuing.html", _t("Terbitkan sertifikat"), context)


def _written_down(request: HttpRequest, done: list[str], sheets: Mapping[str, str]) -> dict[str, Any]:
    """At the end the sheets that were named at the beginning; if they can't be given, that is told and nothing lost."""
    if not done or not sheets["first"].strip():
        return {}
    rows = certificates_for(request.user).filter(pk__in=done)
    try:
        written = services.record_blank_numbers(
            certificates=rows, first=sheets["first"], spoiled=_spoiled(sheets), by=request.user
        )
    except DomainError as refusal:
        return {"refusal": refusal}
    return {"sheets": [written[0].blank_number, written[-1].blank_number]}


def _account(done: list[str], failed: list[str]) -> dict[str, Any]:
    """The lists at the end: what was issued with its number, what was not and why."""
    certificates = Certificate.objects.filter(pk__in=done).defer("content", "token").order_by("pk")
    reasons = dict(entry.split(":", 1) for entry in failed)
    cases = {str(case.pk): case for case in _with_people(Application.objects.filter(pk__in=list(reasons)))}
    groups: dict[str, list[dict[str, Any]]] = {}
    for key, reason in reasons.items():
        if key in cases:
            groups.setdefault(reason, []).append(_line(cases[key]))
    return {
        "certificates": [
            {
                "name": " · ".join(filter(None, (row.number, row.holder_name, row.blank_number))),
                "url": reverse("admin:core_certificate_change", args=[row.pk]),
            }
            for row in certificates
        ],
        "groups": [{"sentence": sentence, "rows": rows} for sentence, rows in groups.items()],
        "blank_keys": done,
        "box": ACTION_CHECKBOX_NAME,
    }


def _line(case: Application) -> dict[str, Any]:
    return {
        "key": str(case.pk),
        "name": f"{case.number} · {case.candidate.user.full_name} · {case.scheme_version.scheme.title}",
        "url": reverse("admin:core_application_change", args=[case.pk]),
    }


# --- blanks -------------------------------------------------------------------------------------------


def blanks_form(
    request: HttpRequest, *, admin: Any, rows: QuerySet[Certificate], refusal: DomainError | None = None
) -> HttpResponse:
    """Asks for the number of the first sheet; shows which certificate gets the sheets in which order."""
    found = list(rows.order_by("pk").defer("content", "token")[: MAX_ROWS + 1])
    reasons = {row.pk: why_not_in_series(row, request.user) for row in found}
    fit = [row for row in found if not reasons[row.pk]]

    def line(row: Certificate) -> dict[str, str]:
        return {"name": f"{row.number} · {row.holder_name}", "url": admin.page_url(row), "reason": reasons[row.pk]}

    context = {
        "rows": [line(row) for row in fit],
        "left_out": [line(row) for row in found if reasons[row.pk]],
        "keys": [str(row.pk) for row in fit],
        "box": ACTION_CHECKBOX_NAME,
        "refusal": refusal,
        **_sheets(request),
    }
    return _page(request, admin, "blanks.html", _t("Catat nomor blanko"), context, status=422 if refusal else 200)


def _span(first: str, last: str) -> str:
    """Sheets that follow one another, in words; one is named once."""
    return first if first == last else _t("%(first)s sampai %(last)s") % {"first": first, "last": last}


@require_POST
def blanks_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    if not request.user.has_perm("core.issue_certificate"):
        raise PermissionDenied
    keys = [key for key in request.POST.getlist(ACTION_CHECKBOX_NAME) if is_number(key)]
    rows = certificates_for(request.user).filter(pk__in=keys[:MAX_ROWS])
    if "first" not in request.POST:
        return blanks_form(request, admin=admin, rows=rows)
    sheets = _sheets(request)
    try:
        written = services.record_blank_numbers(
            certificates=rows, first=sheets["first"], spoiled=_spoiled(sheets), by=request.user
        )
    except DomainError as refusal:
        return blanks_form(request, admin=admin, rows=rows, refusal=refusal)
    messages.success(
        request,
        _t("%(count)d nomor blanko dicatat: %(sheets)s.")
        % {"count": len(written), "sheets": _span(written[0].blank_number, written[-1].blank_number)},
    )
    return redirect(admin.list_url())


# --- one certificate ----------------------------------------------------------------------------------


@require_safe
def page_view(request: HttpRequest, *, admin: Any, pk: Any) -> HttpResponse:
    """Everything about one certificate."""
    certificate = _certificate(request, admin, pk)
    content = content_of(certificate)
    sees_identifiers = request.user.has_perm("core.view_identifiers")
    context = {
        "certificate": certificate,
        "content": content,
        "sees_identifiers": sees_identifiers,
        "birth": birth_line(content) if sees_identifiers else "",
        **certificate_acts.aftercare(certificate, request.user),
        "acts": acts_of(certificate, request.user),
        "events": certificate.events.select_related("by").order_by("-pk"),
        "replaced_by": Certificate.objects.filter(replaces=certificate).first(),
        "may_write_blank": not why_not_blank(certificate, request.user),
        "timeline": timeline(request, certificate),
    }
    return _page(request, admin, "page.html", certificate.number, context)


def acts_of(certificate: Certificate, by: Any) -> list[dict[str, Any]]:
    """The buttons: rows of the table for this status and this person, with the reason why one can't be pressed."""
    acts, known = [], ACTS.keys() | certificate_acts.ACTS.keys()
    for row in CERTIFICATE_WORKFLOW:
        if row.name not in known or certificate.status not in row.sources or not row.permits(certificate, by):
            continue
        address = reverse("admin:core_certificate_act", args=[certificate.pk, row.name])
        in_dialog = row.name in certificate_acts.ACTS
        acts.append({"row": row, "reason": row.refusal(certificate, by), "url": address, "in_dialog": in_dialog})
    return acts


@require_http_methods(["GET", "POST"])
def act_view(request: HttpRequest, *, admin: Any, pk: int, act: str) -> HttpResponse:
    """The form of an act, and the act. "blanko" is no row of the table: it changes no status."""
    if act in certificate_acts.ACTS:
        return certificate_acts.act_view(request, admin=admin, pk=pk, act=act)
    certificate = _certificate(request, admin, pk)
    if act == "blanko":
        return _blank(request, admin, certificate)
    if act not in ACTS:
        raise Http404
    row, found = CERTIFICATE_WORKFLOW[act], ACTS[act]
    if not row.permits(certificate, request.user):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        try:
            led_to = found.run(certificate, request.user, request.POST)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, found.done)
            return redirect(admin.page_url(led_to or certificate))
    return _act_form(
        request,
        admin,
        certificate,
        label=row.label,
        hint=row.hint,
        tone=row.tone,
        questions=found.questions,
        values=request.POST if request.method == "POST" else found.known(certificate),
        refusal=refusal,
        blocked=row.refusal(certificate, request.user),
    )


def _blank(request: HttpRequest, admin: Any, certificate: Certificate) -> HttpResponse:
    if not request.user.has_perm("core.issue_certificate"):
        raise PermissionDenied
    refusal = None
    if request.method == "POST":
        try:
            services.record_blank_number(
                certificate=certificate, number=request.POST.get("blank_number", ""), by=request.user
            )
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _t("Nomor blanko dicatat."))
            return redirect(admin.page_url(certificate))
    return _act_form(
        request,
        admin,
        certificate,
        label=_t("Catat nomor blanko"),
        hint=_t("Nomor yang tercetak pada lembar blanko BNSP yang dipakai untuk sertifikat ini."),
        tone="primary",
        questions=(Question("blank_number", _("Nomor blanko BNSP"), is_required=True, maximum=40),),
        values=request.POST if request.method == "POST" else {"blank_number": certificate.blank_number or ""},
        refusal=refusal,
        blocked=why_not_blank(certificate, request.user),
    )


def _act_form(
    request: HttpRequest,
    admin: Any,
    certificate: Certificate,
    *,
    questions: Collection[Question],
    values: Any,
    **context: Any,
) -> HttpResponse:
    context["fields"] = [{"question": question, "value": values.get(question.name, "")} for question in questions]
    context["certificate"] = certificate
    title = f"{context['label']}: {certificate.number}"
    return _page(request, admin, "act.html", title, context, status=422 if context["refusal"] else 200)


@require_safe
def pdf_view(request: HttpRequest, *, admin: Any, pk: int) -> HttpResponse:
    """The paper itself names day and place of birth: not for readers without the right to identifiers."""
    certificate = _certificate(request, admin, pk)
    if not request.user.has_perm("core.view_identifiers"):
        raise PermissionDenied
    document = ensure_pdf(certificate)
    record_activity("certificate.download", by=request.user, subject=certificate)
    return document_response(document, request=request)


def _certificate(request: HttpRequest, admin: Any, pk: Any) -> Certificate:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = certificates_for(request.user).filter(pk=pk) if is_number(str(pk)) else Certificate.objects.none()
    certificate = found.select_related(
        "application__candidate__user", "scheme", "holder", "issued_by", "replaces", "key", "document__document_type"
    ).first()
    if certificate is None:
        raise Http404
    return certificate


def _page(
    request: HttpRequest, admin: Any, template: str, title: Any, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context = {"list_url": reverse("admin:core_certificate_changelist"), **context}
    row = context.get("certificate")
    return screen(request, admin, f"backoffice/certificate/{template}", context, title=title, row=row, status=status)
