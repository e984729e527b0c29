"""Taking the rows of a list out: columns and format, kept as a profile; at once, or made in the background."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from backoffice.exports import DIRECT, FORMATS, Extract, narrowing
from backoffice.screens import screen
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of
from core.common.exceptions import DomainError
from core.common.text import grouped, is_number
from core.documents.serving import private
from core.savedviews import rules, services
from core.savedviews.models import ExportProfile
from core.savedviews.queries import export_profiles_of

#: Parameters that narrow nothing.
PLACES = ("o", "p", "e", "profil", "tampilan")


def export_rows(request: HttpRequest, admin: Any) -> HttpResponseBase:
    """The page, and everything that its buttons do; the rows are those of the list with its search and filters."""
    resource = admin.resource_class
    profiles = list(export_profiles_of(request.user, resource.kind))
    wanted = _wanted(request, resource, profiles)
    try:
        extract = Extract(_without_profile(request), admin, **wanted)
    except IncorrectLookupParameters:
        return redirect(admin.list_url())
    refusal = None
    if request.method == "POST":
        try:
            return _act(request, extract, profiles)
        except DomainError as reason:
            refusal = reason
    return _page(request, extract, profiles, refusal)


def _without_profile(request: HttpRequest) -> HttpRequest:
    """The list does not know the parameter, and would take it for a filter that it cannot read."""
    request.GET = request.GET.copy()  # type: ignore[assignment]
    request.chosen_profile = request.GET.pop("profil", [""])[-1]  # type: ignore[attr-defined]
    return request


def _wanted(request: HttpRequest, resource: Any, profiles: Sequence[ExportProfile]) -> dict[str, Any]:
    """Columns and format: as pressed, as ticked, as kept, else the usual ones."""
    columns = resource.export_columns(request.user)
    act, typed = request.POST.get("tindakan", ""), request.POST.get("format", "")
    form = typed if typed in FORMATS else "xlsx"
    if act == "semua":
        return {"names": list(columns), "form": form}
    pressed = act.removeprefix("profil-") if act.startswith("profil-") else ""
    if request.method == "POST" and not pressed:
        return {"names": request.POST.getlist("columns"), "form": form}
    if profile := _one(profiles, pressed or request.GET.get("profil", "")):
        return {"names": profile.columns, "form": profile.format}
    return {"names": [name for name, column in columns.items() if column.is_usual], "form": form}


def _one(profiles: Sequence[ExportProfile], key: str) -> ExportProfile | None:
    return next((profile for profile in profiles if str(profile.pk) == key), None) if is_number(key) else None


def _act(request: HttpRequest, extract: Extract, profiles: Sequence[ExportProfile]) -> HttpResponseBase:
    act, _dash, key = request.POST.get("tindakan", "").partition("-")
    if act == "hapus":
        if profile := _one(profiles, key):
            services.delete_export_profile(profile=profile, by=request.user)
            messages.success(request, _("Profil “%(title)s” dihapus.") % {"title": profile.title})
        return _back(request)
    if not extract.names:
        raise DomainError(_("Pilih sedikitnya satu kolom."), code="export.no_column")
    if act == "simpan":
        profile = services.save_export_profile(
            list_name=extract.resource.kind,
            title=request.POST.get("judul", ""),
            columns=extract.names,
            form=extract.form,
            for_role=request.POST.get("untuk") == "peran",
            by=request.user,
        )
        messages.success(request, _("Profil “%(title)s” disimpan.") % {"title": profile.title})
        return _back(request, profile)
    if extract.is_long:
        job = extract.ask_for(tell_when_ready="surat" in request.POST)
        messages.success(request, _("Ekspor disiapkan di latar. Anda boleh meninggalkan halaman ini."))
        return redirect("admin:core_job_change", job.pk)
    return _hand_out(extract)


def _hand_out(extract: Extract) -> HttpResponseBase:
    keys = extract.first_keys
    extract.record(len(keys))
    content_type = FORMATS[extract.form]
    response: HttpResponseBase
    if extract.form == "csv":
        response = StreamingHttpResponse(extract.csv(keys), content_type=content_type)
        response["Content-Disposition"] = f'attachment; filename="{extract.file_name}"'
    else:
        response = FileResponse(
            extract.file(keys), as_attachment=True, filename=extract.file_name, content_type=content_type
        )
    return private(response)


def _back(request: HttpRequest, profile: ExportProfile | None = None) -> HttpResponse:
    query = narrowing(request.GET.urlencode())
    parts = [query, f"profil={profile.pk}" if profile else ""]
    return redirect(f"{request.path}?{'&'.join(filter(None, parts))}")


def _page(
    request: HttpRequest, extract: Extract, profiles: Sequence[ExportProfile], refusal: DomainError | None
) -> HttpResponse:
    resource, query = extract.resource, narrowing(request.GET.urlencode())
    groups = [
        {"title": title, "columns": [(name, column.column_name, name in extract.names) for name, column in columns]}
        for title, columns in groupby(
            sorted(extract.columns.items(), key=_place_of_group(extract)), key=lambda item: item[1].group
        )
    ]
    for profile in profiles:
        profile.may_change = rules.may_change_view(profile, request.user)
        profile.count = sum(name in extract.columns for name in profile.columns)
    title = _("Ekspor: %(title)s") % {"title": resource.title}
    context = {
        "groups": groups,
        "form": extract.form,
        "profiles": profiles,
        "chosen_profile": getattr(request, "chosen_profile", ""),
        "may_share": rules.may_share(request.user),
        "role": ROLE_LABELS.get(role_of(request.user) or "", ""),
        "typed_title": request.POST.get("judul", ""),
        "refusal": refusal,
        "is_title_refused": refusal is not None and refusal.field == "title",
        "direct": grouped(DIRECT),
        "is_long": extract.is_long,
        "search_note": getattr(request, "search_note", ""),  # what the search left out is left out here as well
        "is_narrowed": any(value for name, value in request.GET.items() if name not in PLACES),
        "back": extract.admin.list_url(query),
        "title": title,
        "parent": resource.title,
    }
    return screen(request, None, "backoffice/imports/export.html", context, title=title, status=422 if refusal else 200)


def _place_of_group(extract: Extract) -> Any:
    """Columns of one group stand together, groups in the order of their first column."""
    order = list(dict.fromkeys(column.group for column in extract.columns.values()))
    return lambda item: order.index(item[1].group)
