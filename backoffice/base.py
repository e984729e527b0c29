"""What every list and form of the back office has in common."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet, URLField
from django.forms import ModelForm, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.text import capfirst
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import ModelAdmin
from unfold.paginator import InfinitePaginator

from backoffice.conflicts import REASON, ConflictMixin
from backoffice.timeline import timeline
from backoffice.views import versions
from core.activity.records import stored_record
from core.activity.services import record_addition, record_change, record_deletion
from core.activity.versions import keep_deleted, keep_version
from core.common.exceptions import DomainError


class ShortTextsMixin:
    """Text areas as high as their text usually is; they grow by hand."""

    text_rows = 3

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, Textarea):
            field.widget.attrs["rows"] = self.text_rows
        return field


class HttpsAddressMixin:
    """An address typed without its beginning is taken for https."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RoomAdmin(ConflictMixin, ShortTextsMixin, ModelAdmin):
    """A list that stays quick with a million rows, and a form that says so when it was left unsaved.

    `list_select_related = ()` keeps Django from joining by itself: on MariaDB a join to a small
    table makes it sort the large one on disk. What a list shows of other tables is prefetched.
    """

    list_select_related: Any = ()
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    warn_unsaved_form = True
    show_facets = ShowFacets.NEVER
    actions = None
    text_rows = 5
    change_form_outer_after_template = "backoffice/timeline_card.html"
    #: Whether the page of a row ends with the last acts on it.
    shows_timeline = True
    #: Whether saving by form is told by `record.change`; not where a service records the act itself.
    records_edits = True

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = capfirst(self.model._meta.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {}
        if self.shows_timeline and object_id is not None:
            context["timeline"] = SimpleLazyObject(lambda: self._timeline(request, object_id))
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _timeline(self, request: HttpRequest, object_id: Any) -> dict[str, Any]:
        obj = self.get_object(request, unquote(str(object_id)))
        return timeline(request, obj) if obj is not None else {}

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        if self.records_edits:
            record_addition(subject=obj, by=request.user)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Which fields and lines were touched; a form that was saved as it was is no act."""
        fields = changed_names(message)
        if self.records_edits and fields:
            record_change(subject=obj, fields=fields, by=request.user)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        if self.records_edits:
            for obj in queryset:
                record_deletion(subject=obj, by=request.user)
        return super().log_deletions(request, queryset)

    def change_url(self, obj: Model) -> str:
        return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])

    def list_url(self, query: str = "") -> str:
        opts = self.model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return f"{address}?{query}" if query else address

    def attempt(self, request: HttpRequest, act: Any, done: str, **arguments: Any) -> Any:
        """Call a service and tell how it went; its result, or None when the rules refused."""
        try:
            result = act(by=request.user, **arguments)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return None
        messages.success(request, done)
        return result if result is not None else True

    def may(self, request: HttpRequest, act: str) -> bool:
        """Whether the person holds Django's permission `<act>` on this model."""
        opts = self.model._meta
        return request.user.has_perm(f"{opts.app_label}.{act}_{opts.model_name}")


class LongListAdmin(RoomAdmin):
    """For tables that grow without end: pages are turned without counting the rows."""

    paginator = InfinitePaginator


class ReadOnlyMixin:
    """Looked at, never edited by form."""

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Without the link to a history of editing, which is always empty; the activity log has the acts."""
        return super().changeform_view(request, object_id, form_url, {"show_history": False, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class VersionedAdmin(RoomAdmin):
    """A form whose every saving is kept as a version, with its lines; a deleted row can be brought back."""

    change_list_template = "backoffice/versions/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        return [*versions.addresses(self), *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return versions.history_view(request, admin=self, object_id=object_id)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        deleted = reverse("admin:core_deletedrecord_changelist")
        link = f"{deleted}?jenis={self.opts.model_name}" if self.may(request, "delete") else ""
        return super().changelist_view(request, {"deleted_url": link, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        context["asks_reason"] = obj is not None and self.has_change_permission(request, obj)
        return super().render_change_form(request, context, **kwargs)

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm, change: bool) -> None:
        if change:  # how it was, in case that was never kept
            request.records_before = {
                **getattr(request, "records_before", {}),
                obj.pk: stored_record(self.model, obj.pk),
            }
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._keep(request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._keep(request, obj)
        return super().log_change(request, obj, message)

    def _keep(self, request: HttpRequest, obj: Model) -> None:
        before = getattr(request, "records_before", {}).get(obj.pk)
        keep_version(row=obj, by=request.user, reason=request.POST.get(REASON, "").strip(), before=before)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        keep_deleted(row=obj, by=request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """One by one: each is kept before it goes."""
        for obj in queryset:
            self.delete_model(request, obj)


def changed_names(message: Any) -> list[str]:
    """The names of the fields in Django's description of a change; of lines only what kind they are."""
    found: list[str] = []
    for part in message if isinstance(message, list) else []:
        for change in part.values():
            found += [str(change["name"])] if "name" in change else [str(name) for name in change.get("fields", [])]
    return list(dict.fromkeys(name[:1].lower() + name[1:] for name in found))


class ServiceFormMixin:
    """A form whose saving is a service: what the service refuses shows beside the field, nothing is saved.

    Subclasses call the service in `save_model`. A DomainError undoes the request's transaction; the
    same form is then drawn again with what was typed and the reason.
    """

    records_edits = False

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form_class = super().get_form(request, obj, change=change, **kwargs)
        return type(
            form_class.__name__,
            (RefusableFormMixin, form_class),
            {"refusal": getattr(request, "refusal", None), "by": request.user},
        )


class RefusableFormMixin:
    """Says what the service said no to, beside the field it named if the form has it."""

    refusal: DomainError | None = None

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.refusal is not None:
            self.add_error(self.refusal.field if self.refusal.field in self.fields else None, self.refusal.message)
        return cleaned


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead on to another page, from a dialog (HTMX) as from a plain form."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
