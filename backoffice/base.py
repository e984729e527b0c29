"""What every list and form of the back office has in common."""

from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet, URLField
from django.forms import ModelForm, Textarea
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import ModelAdmin, checkbox
from unfold.decorators import display
from unfold.paginator import InfinitePaginator

from backoffice.bulk import BulkMixin
from backoffice.conflicts import REASON, ConflictMixin
from backoffice.filters import DayRangeFilter, nik_token
from backoffice.lists import BEFORE, WHOLE_LIST, RoomChangeList, chips, views_bar
from backoffice.screens import show_refusal
from backoffice.timeline import timeline
from backoffice.views import versions
from core.accounts.queries import MAX_PEOPLE, find_people
from core.accounts.services import search_by_nik
from core.activity.records import stored_record
from core.activity.services import record_addition, record_change, record_deletion
from core.activity.versions import keep_deleted, keep_version
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.savedviews.queries import default_query


def found_people(request: HttpRequest, words: str) -> list[int]:
    """Accounts that a search means; when there are more than the list can go through, the page says so."""
    found = find_people(words, may_see_contacts=request.user.has_perm("core.view_candidateprofile"))
    if len(found) > MAX_PEOPLE:
        request.search_note = _(
            "Lebih dari %(limit)d orang cocok dengan “%(words)s”; yang tampil hanya %(limit)d yang terbaru terdaftar. "
            "Tambahkan kata nama untuk mempersempit."
        ) % {"limit": MAX_PEOPLE, "words": words}
    return found[:MAX_PEOPLE]


def full_nik(words: str) -> str:
    """The 16 digits, if that is what was typed, however they were grouped; else ""."""
    digits = "".join(c for c in words if c not in " .-")
    return digits if len(digits) == 16 and digits.isascii() and digits.isdigit() else ""


class ShortTextsMixin:
    """Text areas as high as their text usually is; they grow by hand."""

    text_rows = 3

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, Textarea):
            field.widget.attrs["rows"] = self.text_rows
        return field


class _NumbersOnly(AutocompleteSelect):
    """Of what was posted only keys are looked up; Django's own widget breaks on others when the form comes back."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if is_number(str(key))], attrs)


class FoundChoiceMixin:
    """A choice that is found by typing: one that was tampered with is refused like any other."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and type(field.widget) is AutocompleteSelect:
            found = field.widget
            field.widget = _NumbersOnly(db_field, self.admin_site, attrs=found.attrs, using=found.db)
            field.widget.choices, field.widget.is_required = field.choices, found.is_required
        return field


class NamedCellsMixin:
    """Lines in a table: the head of a column is no label to a screen reader, so that each cell says what it is."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            inner = getattr(field.widget, "widget", field.widget)  # what stands inside the links to add and change
            inner.attrs.setdefault("aria-label", capfirst(field.label))
        return field


class HttpsAddressMixin:
    """An address typed without its beginning is taken for https."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@cache
def _tick() -> tuple[str, str]:
    """What stands before and after the key of a row in the markup of its tick; a template for each row is slow."""
    before, _key, after = checkbox.render(ACTION_CHECKBOX_NAME, "KEY").partition("KEY")
    return before, after


def _refuse_strange_keys(keys: list[str]) -> None:
    if not all(is_number(key) for key in keys):
        raise BadRequest("no key of a row")


class RoomAdmin(ConflictMixin, ShortTextsMixin, FoundChoiceMixin, BulkMixin, ModelAdmin):
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
    list_before_template = "backoffice/list_top.html"
    list_disable_select_all = True
    list_sections: Any = ()  # asked for on every row, and looked for long where it is missing
    actions: Any = ()
    text_rows = 5
    change_form_outer_after_template = "backoffice/timeline_card.html"
    #: Whether there are versions behind "Riwayat"; the acts on a row stand at the end of its page.
    shows_history = False
    #: Whether the page of a row ends with the last acts on it.
    shows_timeline = True
    #: Whether saving by form is told by `record.change`; not where a service records the act itself.
    records_edits = True
    #: Whether the search box posts, so that a NIK typed there never stands in an address.
    search_by_post = False
    #: ((subject, filters), …) where the filters are many: those under "" stand open, the others fold by subject.
    filter_subjects: Any = ()

    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, obj: Model) -> SafeString:
        before, after = _tick()
        return format_html("{}{}{}", mark_safe(before), obj.pk, mark_safe(after))  # noqa: S308 - Unfold's own markup

    #: Where the rows come from, told where there are none yet.
    empty_hint: Any = ""

    def get_actions(self, request: HttpRequest) -> dict[str, tuple]:
        """Without Django's own deleting of many: what goes away goes one by one, and is looked at."""
        found = super().get_actions(request)
        found.pop("delete_selected", None)
        return found

    def get_ordering(self, request: HttpRequest) -> Any:
        """Where days were chosen, along those days: their index is read from end to end otherwise."""
        for item in self.list_filter:
            chosen = isinstance(item, tuple) and issubclass(item[1], DayRangeFilter)
            if chosen and any(request.GET.get(f"{item[0]}_{end}") for end in ("from", "to")):
                return (f"-{item[0]}", "-pk")
        return super().get_ordering(request)

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Only what a tick of the list can have sent: Django looks for the others, and breaks."""
        _refuse_strange_keys(request.POST.getlist(ACTION_CHECKBOX_NAME))
        return super().response_action(request, queryset)

    def _get_edited_object_pks(self, request: HttpRequest, prefix: str) -> list[str]:
        """The same of lists that are filled in where they stand, such as the order of menus."""
        found = super()._get_edited_object_pks(request, prefix)
        _refuse_strange_keys(found)
        return found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[RoomChangeList]:
        return RoomChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if elsewhere := self.leads_elsewhere(request):
            return redirect(elsewhere)
        title = capfirst(self.model._meta.verbose_name_plural)
        response = super().changelist_view(request, {"title": title, **(extra_context or {})})
        changelist = getattr(response, "context_data", None) and response.context_data.get("cl")
        if changelist is not None:
            changelist.chips = chips(request, changelist.filter_specs)  # the rows' own template sees nothing else
            response.context_data |= {
                "chips": changelist.chips,
                "clear_all": changelist.clear_all_filters_qs,
                "views_bar": views_bar(request, self, changelist.filter_specs),
                "search_note": getattr(request, "search_note", ""),
            }
        return response

    def leads_elsewhere(self, request: HttpRequest) -> str:
        """Where a search that was posted leads, and with which view the list opens when nothing was asked for."""
        query = request.GET.copy()
        if request.method == "POST" and "cari" in request.POST:
            words = request.POST["cari"].strip()
            for name in ("q", "nik", "p", "e", BEFORE):
                query.pop(name, None)
            if words:
                self.put_search(request, query, words)
            return self.list_url(query.urlencode() or WHOLE_LIST)
        if self.search_by_post and full_nik(query.get("q", "")):
            self.put_search(request, query, query.pop("q")[-1])
            return self.list_url(query.urlencode())
        if request.method == "GET" and not query:
            default = default_query(request.user, self.model._meta.model_name)
            return self.list_url(default) if default else ""
        if query.pop("tampilan", None):
            request.GET = query
        return ""

    def put_search(self, request: HttpRequest, query: QueryDict, words: str) -> None:
        if self.search_by_post and (number := full_nik(words)):
            query["nik"] = nik_token(number)
            search_by_nik(number, by=request.user)  # that somebody asked is told, not for whom
        else:
            query["q"] = words

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["show_history"] = self.shows_history and context.get("show_history", True)
        if self.shows_timeline and obj is not None:
            context["timeline"] = SimpleLazyObject(lambda: timeline(request, obj))
        return super().render_change_form(request, context, *args, **kwargs)

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

    shows_history = True
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

    def save_form(self, request: HttpRequest, form: ModelForm, change: bool) -> Any:
        """Called before anything is written, whoever writes it then (a service, or Django): how the row was."""
        if change:
            before = {form.instance.pk: stored_record(self.model, form.instance.pk)}
            request.records_before = {**getattr(request, "records_before", {}), **before}
        return super().save_form(request, form, change)

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

    def _post_clean(self) -> None:
        """Last of all: a field with an error loses its value, and the model would then say that it is missing."""
        super()._post_clean()
        if self.refusal is not None:
            show_refusal(self, self.refusal)


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Lead on to another page, from a dialog (HTMX) as from a plain form."""
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
