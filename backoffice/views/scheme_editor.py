"""The scheme editor: one page for a scheme, its versions, and all that a draft asks.

Nothing happens on GET. Each act is a plain form post that leads back to the page; with HTMX the same
post answers with the parts of the page that changed.
"""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap

from backoffice.base import go
from backoffice.displays import COMPLETENESS_TONES, VERSION_TONES
from backoffice.scheme_forms import HeadForm, NewSchemeForm, RequirementForm
from backoffice.screens import screen, show_refusal
from backoffice.timeline import timeline
from backoffice.version_editor import Act, as_new_line, comparison, dialog, offered, version_in_force
from core.activity.versions import kept
from core.applications.enums import FormCode
from core.common.exceptions import DomainError, StaleVersion
from core.common.text import is_number
from core.documents.models import DocumentType
from core.documents.serving import pdf_response
from core.schemes import services
from core.schemes.enums import RequirementSection, VersionStatus
from core.schemes.models import CompetencyUnit, Requirement, Scheme, SchemeVersion
from core.schemes.queries import content_of, differences, find_units, version_to_open
from core.schemes.rules import is_editable, publication_findings

# --- the page -----------------------------------------------------------------------------------------


def address(version: SchemeVersion, words: str = "", part: str = "") -> str:
    """Where the editor shows this version; `words` keeps a search, `part` leads to a section."""
    query = {"versi": version.number, **({"cari": words} if words else {})}
    base = reverse("admin:core_scheme_change", args=[version.scheme_id])
    return f"{base}?{urlencode(query)}{'#' + part if part else ''}"


def may_edit(by: Any) -> bool:
    return by.has_perm("core.change_scheme") and by.has_perm("core.change_schemeversion")


def find_version(request: HttpRequest, admin: Any, pk: Any, number: int | None = None) -> SchemeVersion:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = Scheme.objects.filter(pk=int(pk) if is_number(str(pk)) else None).prefetch_related("versions").first()
    version = version_to_open(found, number) if found else None
    if version is None:
        raise Http404
    version.scheme = found
    return version


@require_GET
def page_view(request: HttpRequest, *, pk: Any, admin: Any) -> HttpResponse:
    """The screen itself, of the version asked for or the one that is worked on."""
    asked = request.GET.get("versi", "")
    number = int(asked) if is_number(asked) else None
    if number is None and _has_no_version(request, admin, pk):
        messages.info(request, _("Skema ini tidak mempunyai versi; hanya dipakai sertifikat lama."))
        return redirect("admin:core_scheme_changelist")
    return page(request, admin, find_version(request, admin, pk, number))


def _has_no_version(request: HttpRequest, admin: Any, pk: Any) -> bool:
    """A scheme of the paper years: in the list, because certificates name it, and with nothing to open."""
    is_there = admin.has_view_permission(request) and is_number(str(pk))
    return is_there and Scheme.objects.filter(pk=int(pk), versions=None).exists()


def page(request: HttpRequest, admin: Any, version: SchemeVersion, *, status: int = 200, **typed: Any) -> HttpResponse:
    context = {**editor_context(request, version, **typed), "timeline": timeline(request, version), "is_fullwidth": "1"}
    scheme = version.scheme
    return screen(request, admin, "backoffice/scheme/page.html", context, title=scheme.title, row=scheme, status=status)


def editor_context(
    request: HttpRequest,
    version: SchemeVersion,
    *,
    head: HeadForm | None = None,
    changed: tuple[int, RequirementForm] | None = None,
    added: RequirementForm | None = None,
) -> dict[str, Any]:
    """Everything the page draws; forms that were refused come back as they were typed."""
    content = content_of(version)
    can_edit = may_edit(request.user)
    is_draft = is_editable(version)
    kinds = list(DocumentType.objects.filter(is_active=True, is_personal_evidence=True)) if can_edit else []
    words = (request.POST.get("cari") or request.GET.get("cari") or "").strip()[:80]
    held = {unit.pk for unit in content.units}
    findings = publication_findings(content)
    return {
        "version": version,
        "scheme": version.scheme,
        "versions": [
            {"row": row, "tone": VERSION_TONES[row.status], "url": address(row)}
            for row in version.scheme.versions.all()
        ],
        "status_tone": VERSION_TONES[version.status],
        "can_edit": can_edit,
        "can_write": can_edit and is_draft,
        "content": content,
        "head": head or HeadForm.of(content),
        "units": [
            {
                "row": unit,
                "tone": COMPLETENESS_TONES[unit.completeness],
                "criteria": sum(len(element.criteria.all()) for element in unit.elements.all()),
            }
            for unit in content.units
        ],
        "tables": [
            {"key": key, "title": label, "rows": _requirement_rows(content.requirements, key, kinds, changed, can_edit)}
            for key, label in RequirementSection.choices
        ],
        "added": added or (RequirementForm.blank(kinds) if can_edit and is_draft else None),
        "kinds": kinds,
        "words": words,
        "results": [{"row": unit, "is_held": unit.pk in held} for unit in find_units(words)] if words else [],
        "findings": findings,
        "blocking": sum(finding.blocks for finding in findings),
        "acts": offered_acts(request, version),
        "samples": FormCode.choices,
        "in_force": version_in_force(version.scheme.versions.all()),
        "now": timezone.localtime(),
    }


def _requirement_rows(
    requirements: list[Requirement],
    section: str,
    kinds: list[DocumentType],
    changed: tuple[int, RequirementForm] | None,
    can_edit: bool,
) -> list[dict[str, Any]]:
    rows = []
    for requirement in requirements:
        if requirement.section != section:
            continue
        typed = changed[1] if changed and changed[0] == requirement.pk else None
        form = typed or (RequirementForm.of(requirement, kinds) if can_edit else None)
        rows.append({"row": requirement, "form": form, "is_open": typed is not None})
    return rows


# --- answering an act ----------------------------------------------------------------------------------


def answer(
    request: HttpRequest,
    admin: Any,
    version: SchemeVersion,
    said: str,
    *,
    parts: tuple[str, ...],
    is_refusal: bool = False,
    part: str = "",
    **typed: Any,
) -> HttpResponse:
    """What one sees after an act: the changed parts and a clear sign (HTMX), or the page again.

    A refusal without HTMX keeps the page, so that nothing typed is lost.
    """
    if not request.htmx:
        (messages.error if is_refusal else messages.success)(request, said)
        if is_refusal and typed:
            return page(request, admin, _again(request, admin, version), status=422, **typed)
        return redirect(address(version, request.POST.get("cari", ""), part))
    fresh = _again(request, admin, version)
    if is_refusal and typed and "head" not in parts and not is_editable(fresh):
        parts = ()  # a colleague published it meanwhile: the forms are gone there, and what was typed stays here
    context = editor_context(request, fresh, **typed)
    context |= {"parts": parts, "said": said, "is_refusal": is_refusal, "oob": True}
    return reswap(TemplateResponse(request, "backoffice/scheme/parts.html", context), "none")  # parts name their place


def _again(request: HttpRequest, admin: Any, version: SchemeVersion) -> SchemeVersion:
    return find_version(request, admin, version.scheme_id, version.number)


def _to_edit(request: HttpRequest, admin: Any, pk: int, number: int) -> SchemeVersion:
    version = find_version(request, admin, pk, number)
    if not may_edit(request.user):
        raise PermissionDenied
    return version


@require_POST
def save_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    """The head data of the scheme and this version."""
    version = _to_edit(request, admin, pk, number)
    form = HeadForm.of(content_of(version), request.POST)
    parts = ("head", "title", "side")
    if not form.is_valid():
        said = _("Belum tersimpan. Perbaiki isian yang bertanda.")
        return answer(request, admin, version, said, parts=("head",), is_refusal=True, head=form)
    try:
        with kept(version, version.scheme, by=request.user, reason=_("Data skema")):
            services.save_scheme(
                version=version, seen=form.cleaned_data["seen"], values=form.cleaned_data, by=request.user
            )
    except DomainError as refusal:
        if isinstance(refusal, StaleVersion):
            form.show_conflict(HeadForm.of(content_of(_again(request, admin, version))))
        show_refusal(form, refusal)
        return answer(request, admin, version, refusal.message, parts=("head",), is_refusal=True, head=form)
    return answer(request, admin, version, _("Data skema tersimpan."), parts=parts, part="data")


@require_POST
def unit_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    """Add a unit to a draft, take one out, move one."""
    version = _to_edit(request, admin, pk, number)
    chosen = request.POST.get("unit", "")
    unit = CompetencyUnit.objects.filter(pk=int(chosen) if is_number(chosen) else None).first()
    act, place = request.POST.get("act", ""), request.POST.get("place", "")
    if unit is None:
        said = _("Unit itu sudah tidak ada. Cari lagi.")
        return answer(request, admin, version, said, parts=("units", "results", "side"), is_refusal=True, part="unit")
    try:
        with kept(version, by=request.user, reason=f"{_UNIT_ACTS.get(act, '')} {unit.code}".strip()):
            if act == "add":
                services.add_scheme_unit(version=version, unit=unit, by=request.user)
            elif act == "remove":
                services.remove_scheme_unit(version=version, unit=unit, by=request.user)
            elif act == "move" and is_number(place):
                services.move_scheme_unit(version=version, unit=unit, place=int(place), by=request.user)
            else:
                raise Http404
    except DomainError as refusal:
        parts = ("units", "results", "side")
        return answer(request, admin, version, refusal.message, parts=parts, is_refusal=True, part="unit")
    said = _("%(act)s: %(code)s.") % {"act": _UNIT_ACTS[act], "code": unit.code}
    return answer(request, admin, version, said, parts=("units", "results", "side"), part="unit")


_UNIT_ACTS = {
    "add": gettext_lazy("Unit ditambahkan"),
    "remove": gettext_lazy("Unit dikeluarkan"),
    "move": gettext_lazy("Unit dipindahkan"),
}


@require_POST
def requirement_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    """Add a requirement to a draft, change, move or remove one."""
    version = _to_edit(request, admin, pk, number)
    act = request.POST.get("act", "")
    if act == "add":
        return _add_requirement(request, admin, version)
    chosen, place = request.POST.get("requirement", ""), request.POST.get("place", "")
    requirement = version.requirements.filter(pk=int(chosen) if is_number(chosen) else None).first()
    parts = ("requirements", "side")
    if requirement is None:
        said = _("Persyaratan itu sudah tidak ada di draf ini.")
        if act == "change" and is_editable(version):
            kinds = list(DocumentType.objects.filter(is_active=True, is_personal_evidence=True))
            typed = RequirementForm.blank(kinds, as_new_line(request.POST, was=f"syarat{chosen}", new="syarat"))
            said += " " + _("Isian Anda ada di baris baru di bawah.")
            parts = ("requirements", "added", "side")
            return answer(request, admin, version, said, parts=parts, is_refusal=True, part="persyaratan", added=typed)
        return answer(request, admin, version, said, parts=parts, is_refusal=True, part="persyaratan")
    if act == "change":
        return _change_requirement(request, admin, version, requirement)
    try:
        with kept(version, by=request.user, reason=f"{_REQUIREMENT_ACTS.get(act, '')}: {requirement.title}"[:200]):
            if act == "remove":
                services.remove_requirement(requirement=requirement, by=request.user)
            elif act == "move" and is_number(place):
                services.move_requirement(requirement=requirement, place=int(place), by=request.user)
            else:
                raise Http404
    except DomainError as refusal:
        return answer(request, admin, version, refusal.message, parts=parts, is_refusal=True, part="persyaratan")
    said = _("%(act)s: %(title)s.") % {"act": _REQUIREMENT_ACTS[act], "title": requirement.title}
    return answer(request, admin, version, said, parts=parts, part="persyaratan")


_REQUIREMENT_ACTS = {"remove": gettext_lazy("Persyaratan dihapus"), "move": gettext_lazy("Persyaratan dipindahkan")}


def _add_requirement(request: HttpRequest, admin: Any, version: SchemeVersion) -> HttpResponse:
    kinds = list(DocumentType.objects.filter(is_active=True, is_personal_evidence=True))
    form = RequirementForm.blank(kinds, request.POST)
    refused = {"parts": ("added",), "is_refusal": True, "part": "persyaratan", "added": form}
    if not form.is_valid():
        return answer(request, admin, version, _("Belum ditambahkan. Perbaiki isian yang bertanda."), **refused)
    try:
        with kept(version, by=request.user, reason=_("Persyaratan ditambahkan")):
            made = services.add_requirement(version=version, values=form.cleaned_data, by=request.user)
    except DomainError as refusal:
        show_refusal(form, refusal)
        return answer(request, admin, version, refusal.message, **refused)
    said = _("Persyaratan ditambahkan: %(title)s.") % {"title": made.title}
    blank = RequirementForm.blank(kinds, section=made.section)  # the next line is usually of the same table
    return answer(
        request, admin, version, said, parts=("requirements", "added", "side"), part="persyaratan", added=blank
    )


def _change_requirement(
    request: HttpRequest, admin: Any, version: SchemeVersion, requirement: Requirement
) -> HttpResponse:
    kinds = list(DocumentType.objects.filter(is_active=True, is_personal_evidence=True))
    form = RequirementForm.of(requirement, kinds, request.POST)
    refused = {"parts": ("requirements",), "is_refusal": True, "part": "persyaratan", "changed": (requirement.pk, form)}
    if not form.is_valid():
        return answer(request, admin, version, _("Belum tersimpan. Perbaiki isian yang bertanda."), **refused)
    try:
        with kept(version, by=request.user, reason=_("Persyaratan diubah")):
            services.change_requirement(
                requirement=requirement, seen=form.cleaned_data["seen"], values=form.cleaned_data, by=request.user
            )
    except DomainError as refusal:
        if isinstance(refusal, StaleVersion):
            form.show_conflict(RequirementForm.of(Requirement.objects.get(pk=requirement.pk), kinds))
        show_refusal(form, refusal)
        return answer(request, admin, version, refusal.message, **refused)
    return answer(
        request, admin, version, _("Persyaratan tersimpan."), parts=("requirements", "side"), part="persyaratan"
    )


@require_GET
def search_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    """The units that a search finds, while one types; without HTMX the page itself searches."""
    version = _to_edit(request, admin, pk, number)
    if not request.htmx:
        return redirect(address(version, request.GET.get("cari", ""), "unit"))
    return TemplateResponse(request, "backoffice/scheme/results.html", editor_context(request, version))


# --- acts on a version -----------------------------------------------------------------------------------


_ANY = tuple(VersionStatus.values)
ACTS = (
    Act(
        "publish",
        gettext_lazy("Terbitkan"),
        gettext_lazy("Pendaftaran memakai versi ini; versi yang terbit sebelumnya ditutup, permohonannya jalan terus."),
        "publish",
        (VersionStatus.DRAFT,),
        "change_schemeversion",
        gettext_lazy("Versi %(n)d terbit."),
        services.publish_scheme_version,
        "success",
    ),
    Act(
        "draft_next",
        gettext_lazy("Siapkan versi berikutnya"),
        gettext_lazy("Draf memuat unit, persyaratan, dan tujuan yang sama, dan dapat Anda ubah."),
        "post_add",
        (VersionStatus.PUBLISHED, VersionStatus.RETIRED),
        "change_schemeversion",
        gettext_lazy("Draf versi %(n)d siap diubah."),
        services.draft_next_version,
        "primary",
    ),
    Act(
        "copy",
        gettext_lazy("Salin menjadi skema baru"),
        gettext_lazy("Skema baru mulai dari draf versi 1 dengan unit, persyaratan, dan tujuan yang sama."),
        "content_copy",
        _ANY,
        "add_scheme",
        gettext_lazy("Skema disalin. Periksa drafnya, lalu terbitkan."),
        services.copy_scheme,
        "primary",
    ),
    Act(
        "retire",
        gettext_lazy("Tutup versi"),
        gettext_lazy("Tidak ada permohonan baru untuk versi ini; yang sudah dikirim berjalan terus."),
        "lock",
        (VersionStatus.PUBLISHED,),
        "change_schemeversion",
        gettext_lazy("Versi %(n)d ditutup."),
        services.retire_scheme_version,
        "danger",
    ),
    Act(
        "discard",
        gettext_lazy("Buang draf"),
        gettext_lazy("Isi draf ini hilang. Skema yang belum pernah terbit ikut dibuang."),
        "delete",
        (VersionStatus.DRAFT,),
        "delete_schemeversion",
        gettext_lazy("Draf versi %(n)d dibuang."),
        services.discard_draft,
        "danger",
    ),
)
_ACTS = {act.name: act for act in ACTS}


def offered_acts(request: HttpRequest, version: SchemeVersion) -> list[dict[str, Any]]:
    return [
        {"act": act, "url": reverse("admin:core_scheme_act", args=[version.scheme_id, version.number, act.name])}
        for act in offered(ACTS, request, version, version.scheme.versions.all())
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
    form = None
    if act == "copy":
        form = NewSchemeForm(request.POST or None, initial={"title": version.scheme.title})
    if request.method != "POST" or (form is not None and not form.is_valid()):
        return _act_form(request, admin, version, row, form)
    words = {name: form.cleaned_data[name] for name in ("title", "code")} if form else {}
    if row.is_about_all:
        words["seen"] = request.POST.get("seen", "")
    try:
        result = row.run(version=version, by=request.user, **words)
    except DomainError as refusal:
        if form is not None:
            show_refusal(form, refusal)
            return _act_form(request, admin, version, row, form)
        messages.error(request, refusal.message)
        return go(request, reverse("admin:core_scheme_change", args=[pk]) if act == "discard" else address(version))
    done = str(row.done) % {"n": getattr(result, "number", version.number)}
    messages.success(request, done)
    if isinstance(result, SchemeVersion):
        return go(request, address(result))
    if isinstance(result, Scheme):
        return go(request, reverse("admin:core_scheme_change", args=[result.pk]))
    return go(request, reverse("admin:core_scheme_changelist"))


def _act_form(
    request: HttpRequest, admin: Any, version: SchemeVersion, row: Act, form: NewSchemeForm | None
) -> HttpResponse:
    content = content_of(version) if row.name == "publish" else None
    findings = publication_findings(content) if content else []
    in_force = version_in_force(version.scheme.versions.all())
    context = {
        "version": version,
        "scheme": version.scheme,
        "act": row,
        "act_title": f"{row.label}: {version.scheme.title} ({_('versi %(n)d') % {'n': version.number}})",
        "act_url": request.path,
        "seen": services.draft_mark(version) if row.is_about_all else "",
        "form": form,
        "is_blocked": any(finding.blocks for finding in findings)
        or (bool(findings) and version.status != VersionStatus.DRAFT),
        "open_findings": [finding for finding in findings if not finding.is_met],
        "changes": differences(in_force, version) if content and in_force and in_force.pk != version.pk else None,
        "back": address(version),
    }
    return dialog(request, admin, context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """A new scheme: its title, and one is in its draft."""
    if not admin.has_add_permission(request):
        raise PermissionDenied
    form = NewSchemeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = services.create_scheme(
                title=form.cleaned_data["title"], code=form.cleaned_data["code"], by=request.user
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, _("Skema dibuat. Lengkapi draf versi 1, lalu terbitkan."))
            return redirect(address(version))
    context = {
        "act": {"label": _("Buat skema"), "tone": "primary", "hint": _("Anda langsung sampai di draf versi 1.")},
        "act_title": _("Skema baru"),
        "act_url": request.path,
        "form": form,
        "back": reverse("admin:core_scheme_changelist"),
    }
    return dialog(request, admin, context)


# --- looking -----------------------------------------------------------------------------------------------


@require_GET
def differences_view(request: HttpRequest, *, pk: int, number: int, admin: Any) -> HttpResponse:
    version = find_version(request, admin, pk, number)
    versions = version.scheme.versions.all()
    return comparison(request, admin, version, versions, differences, back=address(version))


@require_GET
def sample_view(request: HttpRequest, *, pk: int, number: int, form: str, admin: Any) -> HttpResponse:
    """A form of this version as an invented person would send it; made for this look, kept nowhere."""
    from core.applications.sample import sample_form  # loads the PDF engine, which takes a moment

    version = find_version(request, admin, pk, number)
    if form not in FormCode.values:
        raise Http404
    rendered = sample_form(version=version, form=FormCode(form))
    return pdf_response(rendered.content, file_name=f"contoh-{form}-{version.scheme.code}.pdf")
