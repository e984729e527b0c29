"""The form editor: one page for an assessment form, its versions, and the lines of a draft, read like the paper.

Nothing happens on GET. Each act is a plain form post that leads back to the page; with HTMX the same
post answers with the parts of the page that changed.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap

from backoffice.base import go
from backoffice.definition_forms import FormHeadForm, LineForm, NewFormForm
from backoffice.displays import VERSION_TONES
from backoffice.screens import screen, show_refusal
from backoffice.timeline import timeline
from backoffice.version_editor import Act, as_new_line, comparison, dialog, offered, version_in_force
from core.activity.versions import kept
from core.assessments.enums import SILENT_KINDS, LineKind
from core.assessments.form_differences import form_differences
from core.assessments.form_rules import FormContent, content_of, is_editable, is_read_by_system, publication_findings
from core.assessments.models import FormDefinition, FormLine, FormVersion
from core.assessments.services import definitions
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.documents.serving import pdf_response
from core.schemes.enums import VersionStatus
from core.schemes.services import draft_mark

# --- the page -----------------------------------------------------------------------------------------


def address(version: FormVersion, part: str = "") -> str:
    """Where the editor shows this version; `part` leads to a section."""
    base = reverse("admin:core_formdefinition_change", args=[version.definition_id])
    return f"{base}?{urlencode({'versi': version.number})}{'#' + part if part else ''}"


def may_edit(by: Any) -> bool:
    return by.has_perm("core.change_formdefinition") and by.has_perm("core.change_formversion")


def find_version(request: HttpRequest, admin: Any, pk: Any, number: int | None = None) -> FormVersion:
    """The version asked for, else the one that is worked on: the draft, the one in force, the newest."""
    if not admin.has_view_permission(request):
        raise PermissionDenied
    form = FormDefinition.objects.filter(pk=int(pk) if is_number(str(pk)) else None).prefetch_related("versions")
    found = form.first()
    versions = list(found.versions.all()) if found else []
    if number is not None:
        version = next((one for one in versions if one.number == number), None)
    else:
        order = list(VersionStatus.values)
        version = min(versions, key=lambda one: (order.index(one.status), -one.number), default=None)
    if version is None:
        raise Http404
    version.definition = found
    return version


@require_GET
def page_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    asked = request.GET.get("versi", "")
    return page(request, admin, find_version(request, admin, pk, int(asked) if is_number(asked) else None))


def page(request: HttpRequest, admin: Any, version: FormVersion, *, status: int = 200, **typed: Any) -> HttpResponse:
    context = {**editor_context(request, version, **typed), "timeline": timeline(request, version), "is_fullwidth": "1"}
    form = version.definition
    return screen(request, admin, "backoffice/form/page.html", context, title=form.title, row=form, status=status)


def editor_context(
    request: HttpRequest,
    version: FormVersion,
    *,
    head: FormHeadForm | None = None,
    changed: tuple[int, LineForm] | None = None,
    added: LineForm | None = None,
) -> dict[str, Any]:
    """Everything the page draws; forms that were refused come back as they were typed."""
    content = content_of(version)
    can_edit = may_edit(request.user)
    can_write = can_edit and is_editable(version)
    findings = publication_findings(content)
    asked = request.POST.get("place") or request.GET.get("sisip") or ""
    return {
        "version": version,
        "form": version.definition,
        "versions": [
            {"row": row, "tone": VERSION_TONES[row.status], "url": address(row)}
            for row in version.definition.versions.all()
        ],
        "can_edit": can_edit,
        "can_write": can_write,
        "head": head or FormHeadForm.of(version),
        "lines": _line_rows(content, changed, can_write),
        "added": added or (LineForm.blank(kind=request.GET.get("jenis", LineKind.TEXT)) if can_write else None),
        "insert_at": int(asked) if is_number(asked) and 1 < int(asked) <= len(content.lines) else None,
        "findings": findings,
        "blocking": sum(finding.blocks for finding in findings),
        "acts": offered_acts(request, version),
        "in_force": version_in_force(version.definition.versions.all()),
        "papers": version.filled.count(),
        "now": timezone.localtime(),
    }


def _line_rows(content: FormContent, changed: tuple[int, LineForm] | None, can_write: bool) -> list[dict[str, Any]]:
    rows = []
    for line, section in content.lines:
        typed = changed[1] if changed and changed[0] == line.pk else None
        rows.append(
            {
                "row": line,
                "form": typed or (LineForm.of(line) if can_write else None),
                "is_open": typed is not None,
                "is_inside": section is not None and section is not line,
                "is_question": line.kind not in SILENT_KINDS,
                "is_read": is_read_by_system(line),
            }
        )
    return rows


# --- answering an act ---------------------------------------------------------------------------------


def answer(
    request: HttpRequest,
    admin: Any,
    version: FormVersion,
    said: str,
    *,
    parts: tuple[str, ...] = ("lines", "preview", "side"),
    is_refusal: bool = False,
    part: str = "baris",
    **typed: Any,
) -> HttpResponse:
    """What one sees after an act: the changed parts and a clear sign (HTMX), or the page again.

    A refusal without HTMX keeps the page, so that nothing typed is lost.
    """
    fresh = find_version(request, admin, version.definition_id, version.number)
    if not request.htmx:
        (messages.error if is_refusal else messages.success)(request, said)
        if is_refusal and typed:
            return page(request, admin, fresh, status=422, **typed)
        return redirect(address(version, part))
    if is_refusal and typed and "head" not in parts and not is_editable(fresh):
        parts = ()  # a colleague published it meanwhile: the forms are gone there, and what was typed stays here
    context = editor_context(request, fresh, **typed)
    if not is_refusal:
        context["insert_at"] = None
    context |= {"parts": parts, "said": said, "is_refusal": is_refusal, "oob": True}
    return reswap(TemplateResponse(request, "backoffice/form/parts.html", context), "none")  # parts name their place


def _to_edit(request: HttpRequest, admin: Any, pk: int, number: int) -> FormVersion:
    version = find_version(request, admin, pk, number)
    if not may_edit(request.user):
        raise PermissionDenied
    return version


@require_POST
def save_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    """The head data of the form, and the confirmation of this version."""
    version = _to_edit(request, admin, pk, number)
    form = FormHeadForm.of(version, request.POST)
    if not form.is_valid():
        said = _("Belum tersimpan. Perbaiki isian yang bertanda.")
        return answer(request, admin, version, said, parts=("head",), is_refusal=True, head=form)
    try:
        with kept(version, version.definition, by=request.user, reason=_("Data formulir")):
            definitions.save_definition(
                version=version, seen=form.cleaned_data["seen"], values=form.cleaned_data, by=request.user
            )
    except DomainError as refusal:
        if isinstance(refusal, StaleVersion):
            form.show_conflict(FormHeadForm.of(find_version(request, admin, pk, number)))
        show_refusal(form, refusal)
        return answer(request, admin, version, refusal.message, parts=("head",), is_refusal=True, head=form)
    parts = ("head", "title", "preview", "side")
    return answer(request, admin, version, _("Data formulir tersimpan."), parts=parts, part="data")


@require_http_methods(["GET", "HEAD", "POST"])
def line_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    """Add a line to a draft, change, move or remove one. GET with HTMX opens the blank line at its place."""
    version = _to_edit(request, admin, pk, number)
    if request.method != "POST":
        if not request.htmx:
            return redirect(f"{address(version)}&{urlencode({'sisip': request.GET.get('sisip', '')})}#tambah-baris")
        context = editor_context(request, version) | {"parts": ("lines",), "oob": True}
        return reswap(TemplateResponse(request, "backoffice/form/parts.html", context), "none")
    act = request.POST.get("act", "")
    if act == "add":
        return _add_line(request, admin, version)
    chosen, place = request.POST.get("line", ""), request.POST.get("place", "")
    line = version.lines.filter(pk=int(chosen) if is_number(chosen) else None).first()
    if line is None:
        said = _("Baris itu sudah tidak ada di draf ini.")
        if act == "change" and is_editable(version):
            typed = LineForm.blank(as_new_line(request.POST, was=f"baris{chosen}", new="baru"))
            said += " " + _("Isian Anda ada di baris baru di bawah.")
            return answer(request, admin, version, said, is_refusal=True, part="tambah-baris", added=typed)
        return answer(request, admin, version, said, is_refusal=True)
    if act == "change":
        return _change_line(request, admin, version, line)
    try:
        with kept(version, by=request.user, reason=f"{_LINE_ACTS.get(act, '')}: {line.label}"[:200]):
            if act == "remove":
                definitions.remove_line(line=line, by=request.user)
            elif act == "move" and is_number(place):
                definitions.move_line(line=line, place=int(place), by=request.user)
            else:
                raise Http404
    except DomainError as refusal:
        return answer(request, admin, version, refusal.message, is_refusal=True)
    said = _("%(act)s: “%(title)s”.") % {"act": _LINE_ACTS[act], "title": line.label[:60]}
    return answer(request, admin, version, said)


_LINE_ACTS = {"remove": gettext_lazy("Baris dihapus"), "move": gettext_lazy("Baris dipindahkan")}


def _add_line(request: HttpRequest, admin: Any, version: FormVersion) -> HttpResponse:
    form = LineForm.blank(request.POST)
    place = request.POST.get("place", "")
    refused = {"parts": ("lines",), "is_refusal": True, "part": "tambah-baris", "added": form}
    if not form.is_valid():
        return answer(request, admin, version, _("Belum ditambahkan. Perbaiki isian yang bertanda."), **refused)
    try:
        with kept(version, by=request.user, reason=_("Baris ditambahkan")):
            made = definitions.add_line(
                version=version,
                values=form.cleaned_data,
                place=int(place) if is_number(place) else None,
                by=request.user,
            )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return answer(request, admin, version, refusal.message, **refused)
    said = _("Baris ditambahkan: “%(title)s”.") % {"title": made.label[:60]}
    kind = made.kind if made.kind != LineKind.SECTION else LineKind.TEXT  # the next line is usually like this one
    return answer(request, admin, version, said, part="tambah-baris", added=LineForm.blank(kind=kind))


def _change_line(request: HttpRequest, admin: Any, version: FormVersion, line: FormLine) -> HttpResponse:
    form = LineForm.of(line, request.POST)
    refused = {"parts": ("lines",), "is_refusal": True, "changed": (line.pk, form)}
    if not form.is_valid():
        return answer(request, admin, version, _("Belum tersimpan. Perbaiki isian yang bertanda."), **refused)
    try:
        with kept(version, by=request.user, reason=_("Baris diubah")):
            definitions.change_line(
                line=line, seen=form.cleaned_data["seen"], values=form.cleaned_data, by=request.user
            )
    except DomainError as refusal:
        if isinstance(refusal, StaleVersion):
            form.show_conflict(LineForm.of(FormLine.objects.get(pk=line.pk)))
        show_refusal(form, refusal)
        return answer(request, admin, version, refusal.message, **refused)
    return answer(request, admin, version, _("Baris tersimpan."))


# --- acts on a version --------------------------------------------------------------------------------

ACTS = (
    Act(
        "publish",
        gettext_lazy("Terbitkan"),
        gettext_lazy("Berkas baru memakai versi ini; formulir yang sudah terisi tetap memakai versinya."),
        "publish",
        (VersionStatus.DRAFT,),
        "change_formversion",
        gettext_lazy("Versi %(n)d terbit."),
        definitions.publish_form_version,
        "success",
    ),
    Act(
        "draft_next",
        gettext_lazy("Siapkan versi berikutnya"),
        gettext_lazy("Draf memuat baris yang sama, dan dapat Anda ubah."),
        "post_add",
        (VersionStatus.PUBLISHED, VersionStatus.RETIRED),
        "change_formversion",
        gettext_lazy("Draf versi %(n)d siap diubah."),
        definitions.draft_next_version,
        "primary",
    ),
    Act(
        "discard",
        gettext_lazy("Buang draf"),
        gettext_lazy("Isi draf ini hilang. Formulir yang belum pernah terbit ikut dibuang."),
        "delete",
        (VersionStatus.DRAFT,),
        "delete_formversion",
        gettext_lazy("Draf versi %(n)d dibuang."),
        definitions.discard_draft,
        "danger",
    ),
)
_ACTS = {act.name: act for act in ACTS}


def offered_acts(request: HttpRequest, version: FormVersion) -> list[dict[str, Any]]:
    return [
        {
            "act": act,
            "url": reverse("admin:core_formdefinition_act", args=[version.definition_id, version.number, act.name]),
        }
        for act in offered(ACTS, request, version, version.definition.versions.all())
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def act_view(request: HttpRequest, *, pk: int, number: int, act: str, admin: Any) -> HttpResponse:
    """One act on a version. GET asks, POST acts once; a second one is refused in words."""
    version = find_version(request, admin, pk, number)
    if act not in _ACTS:
        raise Http404
    row = _ACTS[act]
    if not row.is_open_to(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return _act_form(request, admin, version, row)
    try:
        words = {"seen": request.POST.get("seen", "")} if row.is_about_all else {}
        result = row.run(version=version, by=request.user, **words)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return go(request, address(version))
    messages.success(request, str(row.done) % {"n": getattr(result, "number", version.number)})
    if isinstance(result, FormVersion):
        return go(request, address(result))
    if isinstance(result, FormDefinition):
        return go(request, reverse("admin:core_formdefinition_change", args=[result.pk]))
    return go(request, reverse("admin:core_formdefinition_changelist"))


def _act_form(request: HttpRequest, admin: Any, version: FormVersion, row: Act) -> HttpResponse:
    is_publishing = row.name == "publish"
    findings = publication_findings(content_of(version)) if is_publishing else []
    in_force = version_in_force(version.definition.versions.all())
    papers = in_force.filled.count() if is_publishing and in_force else 0
    context = {
        "version": version,
        "act": row,
        "act_title": f"{row.label}: {version.definition.title} ({_('versi %(n)d') % {'n': version.number}})",
        "act_url": request.path,
        "seen": draft_mark(version) if row.is_about_all else "",
        "act_note": ngettext(
            "%(n)d formulir terisi tetap memakai versi %(number)d.",
            "%(n)d formulir terisi tetap memakai versi %(number)d.",
            papers,
        )
        % {"n": papers, "number": in_force.number}
        if papers
        else "",
        "form": None,
        "is_blocked": any(finding.blocks for finding in findings)
        or (is_publishing and version.status != VersionStatus.DRAFT),
        "open_findings": [finding for finding in findings if not finding.is_met],
        "changes": form_differences(in_force, version) if is_publishing and in_force else None,
        "back": address(version),
    }
    return dialog(request, admin, context)


@require_GET
def differences_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    version = find_version(request, admin, pk, number)
    versions = version.definition.versions.all()
    return comparison(request, admin, version, versions, form_differences, back=address(version))


@require_GET
def sample_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponseBase:
    """The form of this version as it would print empty; made for this look, kept nowhere."""
    from core.assessments.papers.sample import sample_paper  # loads the PDF engine, which takes a moment

    version = find_version(request, admin, pk, number)
    return pdf_response(sample_paper(version).content, file_name=f"contoh-{version.definition.code}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def new_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """A new form: its name and who fills it in, and one is in its draft."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    form = NewFormForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("title", "subject", "stage", "filled_by")}
        try:
            version = definitions.create_definition(**words, by=request.user)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Formulir dibuat. Tulis barisnya, lalu terbitkan."))
            return redirect(address(version))
    context = {
        "act": {"label": _("Buat formulir"), "tone": "primary", "hint": _("Anda langsung sampai di draf versi 1.")},
        "act_title": _("Formulir baru"),
        "act_url": request.path,
        "form": form,
        "back": reverse("admin:core_formdefinition_changelist"),
    }
    return dialog(request, admin, context)
