"""History of a record, two versions beside each other, turning back; deleted records and bringing them back.

Nothing happens on GET. What may be turned back at all is decided by `core.activity.versions`.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from backoffice.conflicts import FINGERPRINT, REASON, fingerprint
from backoffice.history import shown, summary
from backoffice.screens import screen
from core.activity.comparison import as_added, compare
from core.activity.models import DeletedRecord
from core.activity.queries import deleted_records_for, versions_of
from core.activity.records import Record, kept_record, kept_records, stored_record
from core.activity.versioning import options_of
from core.activity.versions import (
    REASON_LENGTH,
    recover_record,
    refusal_to_recover,
    refusal_to_restore,
    restore_version,
    what_restoring_changes,
)
from core.common.exceptions import DomainError
from core.common.text import is_number

PER_PAGE = 20
NOW = "kini"


def addresses(admin: Any) -> list[URLPattern]:
    """The pages of versions that every versioned model has; the history itself has Django's address."""
    info = f"{admin.opts.app_label}_{admin.opts.model_name}"

    def of_admin(view: Any) -> Any:
        return admin.admin_site.admin_view(lambda request, **kwargs: view(request, admin=admin, **kwargs))

    return [
        path("recover/", of_admin(deleted_list_view), name=f"{info}_recoverlist"),
        path("<path:object_id>/history/compare/", of_admin(compare_view), name=f"{info}_compare"),
        path("<path:object_id>/history/<int:version_id>/", of_admin(restore_view), name=f"{info}_revision"),
    ]


def _row(request: HttpRequest, admin: Any, object_id: str) -> Model:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    row = admin.get_object(request, unquote(object_id))
    if row is None:
        raise Http404
    if not admin.has_view_permission(request, row):
        raise PermissionDenied
    return row


def _screen(request: HttpRequest, admin: Any, template: str, row: Model, *, title: str, **context: Any) -> HttpResponse:
    context["object"] = row
    return screen(request, admin, f"backoffice/versions/{template}.html", context, title=title, row=row)


def _address(admin: Any, page: str, *args: Any) -> str:
    return reverse(f"admin:{admin.opts.app_label}_{admin.opts.model_name}_{page}", args=args)


@require_GET
def deleted_list_view(request: HttpRequest, *, admin: Any) -> HttpResponse:
    """Deleted records of one model stand in the one list of all."""
    return redirect(f"{reverse('admin:core_deletedrecord_changelist')}?jenis={admin.opts.model_name}")


# --- history ----------------------------------------------------------------------------------------


@require_GET
def history_view(request: HttpRequest, *, admin: Any, object_id: str) -> HttpResponse:
    """Who saved when, what changed and why; two of them can be compared."""
    row = _row(request, admin, object_id)
    page = int(number) if is_number(number := request.GET.get("p", "")) and len(number) < 6 else 1
    start = (max(page, 1) - 1) * PER_PAGE
    # One more than is shown: the oldest of the page is compared with it.
    found = list(versions_of(type(row), row.pk).select_related("revision__user")[start : start + PER_PAGE + 1])
    records = kept_records(found)
    now = stored_record(type(row), row.pk)
    may_restore = admin.has_change_permission(request, row) and not refusal_to_restore(row, request.user)
    entries = []
    for place, version in enumerate(found[:PER_PAGE]):
        before = records[found[place + 1].pk] if place + 1 < len(found) else None
        changes = compare(before, records[version.pk]) if before else []
        is_now = start == 0 and place == 0 and records[version.pk].equals(now)
        entries.append(
            {
                "version": version,
                "who": str(version.revision.user or _("Sistem")),
                "at": version.revision.date_created,
                "reason": version.revision.comment,
                "what": summary(changes) if before else _("versi pertama yang disimpan"),
                "is_now": is_now,
                "compare_url": f"{_address(admin, 'compare', row.pk)}?a={version.pk}&b={NOW}",
                "restore_url": _address(admin, "revision", row.pk, version.pk) if may_restore and not is_now else "",
            }
        )
    return _screen(
        request,
        admin,
        "history",
        row,
        title=_("Riwayat versi"),
        subtitle=str(row),
        entries=entries,
        compare_url=_address(admin, "compare", row.pk),
        change_url=admin.change_url(row),
        newer=page - 1 if page > 1 else None,
        older=page + 1 if len(found) > PER_PAGE else None,
        refusal=refusal_to_restore(row, request.user) if admin.has_change_permission(request) else "",
        now_value=NOW,
    )


@require_GET
def compare_view(request: HttpRequest, *, admin: Any, object_id: str) -> HttpResponse:
    """Two versions, or a version and now, field by field and line by line; the older one stands left."""
    row = _row(request, admin, object_id)
    versions = versions_of(type(row), row.pk).select_related("revision__user")
    chosen = [_chosen(versions, request.GET.get(name, ""), default) for name, default in (("a", 1), ("b", 0))]
    if None in chosen:
        messages.info(request, _("Belum ada versi untuk dibandingkan."))
        return redirect(_address(admin, "history", row.pk))
    old, new = sorted(chosen, key=lambda version: version.revision_id if version != NOW else float("inf"))
    records = kept_records([version for version in (old, new) if version != NOW])
    now = stored_record(type(row), row.pk)
    before, after = (now if version == NOW else records[version.pk] for version in (old, new))
    may_restore = admin.has_change_permission(request, row) and not refusal_to_restore(row, request.user)
    return _screen(
        request,
        admin,
        "compare",
        row,
        title=_("Bandingkan versi"),
        subtitle=str(row),
        groups=shown(compare(before, after), before, after, viewer=request.user),
        left=_caption(old),
        right=_caption(new),
        history_url=_address(admin, "history", row.pk),
        restore_url=_address(admin, "revision", row.pk, old.pk) if may_restore and old != NOW else "",
    )


def _chosen(versions: Any, wanted: str, default: int) -> Any:
    """The version somebody picked, NOW, or the one that is meant when nothing was picked."""
    if wanted == NOW:
        return NOW
    if is_number(wanted) and len(wanted) < 19:
        version = versions.filter(pk=wanted).first()
        if version is None:
            raise Http404
        return version
    if wanted:
        raise Http404
    return versions[default : default + 1].first() if default else NOW


def _caption(version: Any) -> dict[str, Any]:
    if version == NOW:
        return {"title": _("Sekarang"), "who": "", "reason": ""}
    revision = version.revision
    return {
        "title": date_format(timezone.localtime(revision.date_created), "j F Y H.i"),
        "who": str(revision.user or _("Sistem")),
        "reason": revision.comment,
    }


# --- turning back -----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def restore_view(request: HttpRequest, *, admin: Any, object_id: str, version_id: int) -> HttpResponse:
    """What turning back would change, and the one button that does it."""
    row = _row(request, admin, object_id)
    if not admin.has_change_permission(request, row) or refusal_to_restore(row, request.user):
        raise PermissionDenied
    version = versions_of(type(row), row.pk).select_related("revision__user").filter(pk=version_id).first()
    if version is None:
        raise Http404
    now = stored_record(type(row), row.pk)
    is_stale = request.method == "POST" and request.POST.get(FINGERPRINT) not in (None, fingerprint(now))
    reason = request.POST.get(REASON, "").strip()[:REASON_LENGTH]
    refusal = (
        _("Data ini berubah sementara halaman ini terbuka. Periksa lagi, lalu tekan tombolnya.") if is_stale else ""
    )
    if request.method == "POST" and not is_stale:
        try:
            changes = restore_version(version=version, by=request.user, reason=reason)
        except DomainError as refused:
            if refused.code == "restore_version.same":  # sent twice
                messages.info(request, refused.message)
                return redirect(admin.change_url(row))
            refusal = refused.message
        else:
            when = date_format(timezone.localtime(version.revision.date_created), "j F Y H.i")
            done = _("Dikembalikan ke versi %(when)s: %(what)s.") % {"when": when, "what": summary(changes)}
            messages.success(request, done)
            return redirect(admin.change_url(row))
    then = kept_record(version)
    return _screen(
        request,
        admin,
        "restore",
        row,
        title=_("Pulihkan versi ini?"),
        subtitle=str(row),
        groups=shown(what_restoring_changes(now, then), now, then, viewer=request.user),
        kept=_kept_back(now, then),
        left=_caption(NOW),
        right=_caption(version),
        drawn=fingerprint(now),
        reason=reason,
        reason_length=REASON_LENGTH,
        refusal=refusal,
        history_url=_address(admin, "history", row.pk),
    )


def _kept_back(now: Record, then: Record) -> str:
    """Names of fields that differ and yet stay as they are."""
    kept = options_of(now.root.model).kept
    names = [
        str(now.root.model._meta.get_field(one.name).verbose_name)
        for change in compare(now, then)
        if change.row.key == now.root.key
        for one in change.fields
        if one.name in kept
    ]
    return ", ".join(names)


# --- deleted records --------------------------------------------------------------------------------


def _deleted(request: HttpRequest, admin: Any, object_id: str) -> DeletedRecord:
    if not admin.has_view_permission(request):
        raise PermissionDenied
    found = (
        deleted_records_for(request.user)
        .select_related("version__revision", "deleted_by")
        .filter(pk=object_id if is_number(object_id) else None)
        .first()
    )
    if found is None:
        raise Http404
    return found


@require_GET
def deleted_view(request: HttpRequest, *, admin: Any, object_id: str) -> HttpResponse:
    """What a deleted record held, and the button that brings it back."""
    deleted = _deleted(request, admin, object_id)
    record = kept_record(deleted.version)
    return _screen(
        request,
        admin,
        "deleted",
        deleted,
        title=deleted.label,
        subtitle=capfirst(str(deleted.kind)),
        deleted=deleted,
        who=str(deleted.deleted_by or _("Sistem")),
        groups=shown(as_added(record), record, viewer=request.user),
        refusal=refusal_to_recover(deleted, request.user),
        recover_url=reverse("admin:core_deletedrecord_recover", args=[deleted.pk]),
    )


def recover_view(request: HttpRequest, *, admin: Any, object_id: str) -> HttpResponse:
    deleted = _deleted(request, admin, object_id)
    if not request.user.has_perm(f"core.add_{deleted.model}"):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        row = recover_record(deleted=deleted, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("admin:core_deletedrecord_change", deleted.pk)
    messages.success(request, _("“%(label)s” dipulihkan.") % {"label": deleted.label})
    return redirect(f"admin:core_{row._meta.model_name}_change", row.pk)
