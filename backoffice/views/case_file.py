"""“Berkas kasus”: every paper of a case on one page, seen in the page, added by dropping, taken along as one ZIP."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import DateField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.displays import STATUS_TONES
from backoffice.views.verification import find_case
from core.applications.case_file import state_validity, take_out_of_file, why_not_add, why_not_take_out
from core.applications.models import Application
from core.applications.privacy import masked_words
from core.common.exceptions import DomainError
from core.documents.intake import ACCEPTED
from core.documents.models import Document, DocumentType
from core.documents.recognition import recognise
from core.documents.serving import private
from core.journey import NEWEST, Incoming, TakenIn, take_in_papers
from core.reports.dossier import Checklist, Item, Paper, PaperState, checklist_of

#: Files that one plain form takes in; the page itself sends them one by one.
MAX_FILES = 40

#: State of a line: how loud, and its sign.
LOOKS = {
    PaperState.THERE: ("success", "check_circle"),
    PaperState.UNSIGNED: ("amber", "stylus_note"),
    PaperState.LATER: ("", "schedule"),
    PaperState.MISSING: ("red", "error"),
    PaperState.OPTIONAL: ("", "radio_button_unchecked"),
    PaperState.NOT_NEEDED: ("", "radio_button_unchecked"),
    PaperState.REJECTED: ("red", "cancel"),
    PaperState.EXPIRED: ("red", "event_busy"),
    PaperState.SCANNING: ("amber", "hourglass_top"),
    PaperState.REFUSED: ("red", "gpp_bad"),
    PaperState.DESTROYED: ("", "delete_forever"),
}
_ADDRESSES = {
    "filled": "paper_print",
    "minutes": "core_plenary_minutes",
    "decision_letter": "core_plenary_letter",
    "certificate": "core_certificate_pdf",
    "attendance": "core_assessmentsession_attendance_list",
}


@dataclass(frozen=True)
class FileLine:
    """One file of a line as this reader may see it; without `url` it is not opened for them."""

    paper: Paper
    url: str
    name: str
    hidden_why: str = ""
    may_take_out: bool = False
    may_date: bool = False

    @property
    def is_image(self) -> bool:
        return self.paper.document is not None and self.paper.document.is_image


@dataclass
class Line:
    """One line of the checklist."""

    item: Item
    files: list[FileLine]
    earlier: list[FileLine] = field(default_factory=list)
    may_add: bool = False
    form_url: str = ""

    @property
    def tone(self) -> str:
        return LOOKS[self.item.state][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.item.state][1]


@require_http_methods(["GET", "POST"])
def file_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """The page; a POST brings files (or only their names, to be recognised while they are chosen)."""
    case = _find(request, admin, pk)
    if request.method == "POST":
        if not (request.user.has_perm("core.add_casedocument") or _is_assessor(case, request.user)):
            raise PermissionDenied
        return _names(request, case) if "name" in request.POST else _take_in(request, case)
    checklist = checklist_of(case, viewer=request.user)
    kinds = _kinds_to_add(checklist, request.user)
    adds = {kind.pk for _title, group in kinds for kind in group}
    context = {
        **admin.admin_site.each_context(request),
        "case": case,
        "status_tone": STATUS_TONES.get(case.status, ""),
        "checklist": checklist,
        "parts": [(part, [_line(case, item, request.user, adds) for item in items]) for part, items in checklist.parts],
        "there": len(checklist.required) - len(checklist.lacking),
        "kinds": kinds,
        "asked_kind": request.GET.get("jenis", ""),
        "accepted": ACCEPTED,
        "may_bundle": request.user.has_perm("core.export_casedocument"),
        "opts": admin.model._meta,
        "original": case,
        "title": _("Berkas kasus %(number)s") % {"number": case.number},
        "is_fullwidth": "1",
    }
    request.current_app = admin.admin_site.name
    return TemplateResponse(request, "backoffice/dossier/page.html", context)


@require_POST
def take_out_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """Take a paper that the desk added out of the file again."""
    case = _find(request, admin, pk)
    _needs(request, "core.add_casedocument")
    try:
        take_out_of_file(application=case, document=_named(request), by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Dokumen dikeluarkan dari berkas; yang digantikannya berlaku lagi."))
    return redirect(address(case))


@require_POST
def validity_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponse:
    """State until when a paper counts."""
    case = _find(request, admin, pk)
    _needs(request, "core.add_casedocument")
    try:
        day = _day(request.POST.get("valid_until", ""))
        state_validity(application=case, document=_named(request), valid_until=day, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Masa berlaku dicatat."))
    return redirect(address(case))


@require_POST
def bundle_view(request: HttpRequest, *, pk: int, admin: Any) -> HttpResponseBase:
    """The whole file as one ZIP, written while it is sent."""
    from core.reports.bundle import make_bundle  # loads the PDF engine

    case = _find(request, admin, pk)
    _needs(request, "core.export_casedocument")
    try:
        bundle = make_bundle(application=case, by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(address(case))
    response = StreamingHttpResponse(bundle.stream(), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{bundle.name}.zip") or "attachment"
    return private(response)


def address(case: Application) -> str:
    return reverse("admin:core_application_file", args=[case.pk])


def _find(request: HttpRequest, admin: Any, pk: int) -> Application:
    _needs(request, "core.view_casedocument")
    return find_case(request, admin, pk)


def _needs(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _named(request: HttpRequest) -> Document:
    try:
        return Document.objects.get(public_id=request.POST.get("document", ""))
    except (Document.DoesNotExist, ValidationError) as error:
        raise Http404 from error


# --- what is shown ------------------------------------------------------------------------------------


def _line(case: Application, item: Item, by: Any, adds: set[int]) -> Line:
    return Line(
        item,
        files=[_file(case, paper, by) for paper in item.papers],
        earlier=[_file(case, paper, by) for paper in item.earlier],
        may_add=item.kind.pk in adds and not (item.is_form and item.papers),
        form_url=reverse("admin:paper", args=[item.form]) if item.form and _reads_forms(by) else "",
    )


def _reads_forms(by: Any) -> bool:
    """Readers from outside see a form once it is signed."""
    return by.has_perms(["core.view_filledform", "core.view_identifiers"])


def _file(case: Application, paper: Paper, by: Any) -> FileLine:
    document = paper.document
    name, why = "", ""
    if document is not None:
        whole = by.has_perm("core.view_identifiers")
        name = document.file_name if whole else masked_words(document, document.file_name)
        if not document.can_be_opened:
            why = document.get_state_display()
    if not why and not paper.is_visible:
        why = _("tidak dibuka bagi Anda")
    desk = by.has_perm("core.add_casedocument")
    return FileLine(
        paper,
        url="" if why else _url(case, paper),
        name=name,
        hidden_why=why,
        may_take_out=paper.filed is not None and not why_not_take_out(paper.filed, by),
        may_date=desk and document is not None and document.uploaded_by_id is not None and paper.filed is not None,
    )


def _url(case: Application, paper: Paper) -> str:
    if paper.source is not None:
        kind, *keys = paper.source
        if kind == "form":
            return reverse("admin:core_application_form", args=[case.pk, *keys])
        return reverse(f"admin:{_ADDRESSES[kind]}", args=keys)
    return reverse("admin:document", args=[paper.document.public_id]) if paper.document else ""


def _kinds_to_add(checklist: Checklist, by: Any) -> list[tuple[str, list[DocumentType]]]:
    """What this person may put into the file: what it lacks first. An assessor: scans of the case's own forms."""
    scans = {item.kind.pk: item.kind for item in checklist.items if item.is_form and not item.papers}
    if not by.has_perm("core.add_casedocument"):
        own = list(scans.values()) if _is_assessor(checklist.application, by) else []
        return [(_("Formulir kasus ini"), own)] if own else []
    wanted = {item.kind.pk: item.kind for item in checklist.items if not item.papers}
    signed = {item.kind.pk for item in checklist.items if item.is_form and item.papers}
    rest = [
        kind
        for kind in DocumentType.objects.filter(is_active=True)
        if kind.pk not in wanted and kind.pk not in signed and not why_not_add(checklist.application, kind, by)
    ]
    groups = [(_("Belum ada di berkas"), list(wanted.values())), (_("Jenis lain"), rest)]
    return [group for group in groups if group[1]]


def _is_assessor(case: Application, by: Any) -> bool:
    """Whether this person assesses the case now: they file the scans of its forms."""
    return case.assignments.filter(assessor__user=by, in_force=True).exists()


# --- what comes in ------------------------------------------------------------------------------------


def _names(request: HttpRequest, case: Application) -> HttpResponse:
    """{name: key of the kind, or ""} of the files that were just chosen."""
    kinds = _all_kinds()
    found = {name: recognise(name, kinds) for name in request.POST.getlist("name")[:200]}
    return JsonResponse({name: kind.code if kind else "" for name, kind in found.items()})


def _all_kinds() -> list[DocumentType]:
    return list(DocumentType.objects.filter(is_active=True))


def _take_in(request: HttpRequest, case: Application) -> HttpResponse:
    """Keep what can be kept; JavaScript sends one file at a time and hears about it as JSON."""
    files = request.FILES.getlist("files")
    try:
        if not files:
            raise DomainError(_("Pilih berkas dahulu."), code="file.none")
        if len(files) > MAX_FILES:
            raise DomainError(
                _("Paling banyak %(limit)d berkas sekali kirim. Kirim sisanya sesudah itu.") % {"limit": MAX_FILES},
                code="file.too_many",
            )
        papers = _incoming(request, files)
    except DomainError as refusal:
        if _wants_json(request):
            names = [file.name or "" for file in files] or [""]
            return JsonResponse({"files": [{"name": name, "ok": False, "text": refusal.message} for name in names]})
        messages.error(request, refusal.message)
        return redirect(address(case))
    done = take_in_papers(application=case, papers=papers, by=request.user)
    if _wants_json(request):
        return JsonResponse(
            {"files": [{"name": one.file_name, "ok": not one.refusal, "text": _told(one)} for one in done]}
        )
    _tell(request, done)
    return redirect(address(case))


def _incoming(request: HttpRequest, files: Iterable[UploadedFile]) -> list[Incoming]:
    kinds = _all_kinds()
    code = request.POST.get("kind", "")
    chosen = next((kind for kind in kinds if kind.code == code), None)
    if code and chosen is None:
        raise DomainError(_("Jenis dokumen ini tidak dipakai lagi. Pilih jenis lain."), code="file.kind")
    day = _day(request.POST.get("valid_until", ""))
    return [
        Incoming(
            stream=file,
            file_name=file.name or "",
            document_type=chosen or recognise(file.name or "", kinds),
            valid_until=day,
            replaces=None if "beside" in request.POST else NEWEST,
        )
        for file in files
    ]


def _day(text: str) -> date | None:
    try:
        return DateField(required=False).clean(text)
    except ValidationError as error:
        raise DomainError(
            _("Tanggal “berlaku sampai” tidak terbaca. Contoh: 31-12-2030."), code="file.day", field="valid_until"
        ) from error


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _told(one: TakenIn) -> str:
    """What became of one file, in a sentence."""
    if one.refusal:
        return one.refusal
    if not one.is_new:
        return _("Sudah ada di berkas sebagai %(kind)s.") % {"kind": one.kind}
    if one.shared_with:
        return _("Tersimpan sebagai %(kind)s, juga pada %(count)d permohonan lain dalam jadwal yang sama.") % {
            "kind": one.kind,
            "count": one.shared_with,
        }
    return _("Tersimpan sebagai %(kind)s.") % {"kind": one.kind}


def _tell(request: HttpRequest, done: list[TakenIn]) -> None:
    for one in done:
        tell = messages.error if one.refusal else messages.success
        tell(request, f"{one.file_name[:80]}: {_told(one)}")
