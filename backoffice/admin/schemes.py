"""Standards with their units, and schemes in versions. What was published does not change; its successor does."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import display

from backoffice.base import NamedCellsMixin, ShortTextsMixin, VersionedAdmin
from backoffice.displays import COMPLETENESS_TONES, VERSION_TONES
from backoffice.formsets import NumberedForm, PositionedForm, PositionedFormSet
from backoffice.resources.schemes import CompetencyUnitResource, SchemeResource
from backoffice.spreadsheets import SpreadsheetMixin, WorkbookDetailMixin, WorkbookListMixin
from backoffice.views import form_sets, scheme_editor, unit_text
from core.common.exceptions import DomainError
from core.schemes import services
from core.schemes.enums import VersionStatus
from core.schemes.models import (
    CompetencyUnit,
    Element,
    PerformanceCriterion,
    Requirement,
    Scheme,
    SchemeUnit,
    SchemeVersion,
)
from core.schemes.queries import uses_of
from core.schemes.rules import deletion_refusal, is_editable, is_in_force
from core.schemes.workbook import workbook_of_standard, workbook_of_version

CONFIRMATION_TONES = {True: "success", False: "warning"}


class CompetencyStandardAdmin(WorkbookDetailMixin, VersionedAdmin):
    """Published standards, such as SKKNI 401/2014."""

    workbook_of = staticmethod(workbook_of_standard)
    list_display = ("code", "title", "kind", "unit_count")
    search_fields = ("^code", "title")

    @display(description=_("Unit"))
    def unit_count(self, obj: Any) -> int:
        return obj.unit_count

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(unit_count=Count("units"))


class CriterionInline(NamedCellsMixin, ShortTextsMixin, TabularInline):
    model = PerformanceCriterion
    form = PositionedForm
    formset = PositionedFormSet
    fields = ("number", "text", "position")  # the handle for dragging stands in the first column that shows
    extra = 0
    show_title = False
    ordering_field = "position"
    hide_ordering_field = True


class ElementInline(StackedInline):
    """The elements of a unit, each with its criteria."""

    model = Element
    form = NumberedForm
    formset = PositionedFormSet
    fields = ("title", "number")
    inlines = (CriterionInline,)
    extra = 0
    collapsible = True
    ordering_field = "number"
    hide_ordering_field = True


class CompetencyUnitAdmin(SpreadsheetMixin, VersionedAdmin):
    """Units word for word as the decree has them, and where the text was read."""

    resource_class = CompetencyUnitResource
    list_display = ("code", "title_column", "standard_column", "completeness_column", "element_count")
    list_filter = (("standard", RelatedDropdownFilter), ("completeness", ChoicesDropdownFilter))
    search_fields = ("^code", "title")
    search_help_text = _("Cari kode atau judul unit")
    inlines = (ElementInline,)
    change_form_outer_before_template = "backoffice/scheme/unit_uses.html"
    fieldsets = (
        (None, {"fields": ("standard", "code", "title", "description")}),
        (_("Sumber"), {"fields": ("completeness", "source", "source_note")}),
    )

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(unit_text.text_view)
        return [path("<int:pk>/teks/", view, {"admin": self}, name="core_competencyunit_text"), *super().get_urls()]

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With where the unit is used, and whether its text is read by candidates today."""
        unit = self.get_object(request, object_id) if object_id else None
        context = {"unit": unit, "uses": uses_of(unit), "is_in_force": is_in_force(unit)} if unit else {}
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def get_inlines(self, request: HttpRequest, obj: CompetencyUnit | None) -> tuple:
        """What candidates read today is a norm: it is changed as text, where one states that it was compared."""
        return () if obj is not None and is_in_force(obj) else self.inlines

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        services.number_criteria(unit=form.instance)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A unit in use stays, and the reason is told in a sentence instead of a list of rows."""
        unit = self.get_object(request, object_id)
        if unit is None or not self.has_delete_permission(request, unit):
            return super().delete_view(request, object_id, extra_context)
        if request.method != "POST" and not deletion_refusal(unit):
            return super().delete_view(request, object_id, extra_context)
        if request.method != "POST":
            messages.error(request, deletion_refusal(unit))
            return redirect(self.change_url(unit))
        try:
            services.delete_unit(unit=unit, by=request.user)
        except DomainError as refusal:
            messages.error(request, refusal.message)
            return redirect(self.change_url(unit))
        messages.success(request, _t("Unit %(code)s dihapus.") % {"code": unit.code})
        return redirect(self.list_url())

    @display(description=_("Judul"))
    def title_column(self, obj: CompetencyUnit) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.title)

    @display(description=_("Standar"))
    def standard_column(self, obj: CompetencyUnit) -> str:
        return obj.standard.code

    @display(description=_("Teks"), label=COMPLETENESS_TONES)
    def completeness_column(self, obj: CompetencyUnit) -> tuple[str, str]:
        return obj.completeness, obj.get_completeness_display()

    @display(description=_("Elemen"))
    def element_count(self, obj: CompetencyUnit) -> int:
        return obj.element_count

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(element_count=Count("elements")).prefetch_related("standard")


class SchemeAdmin(WorkbookListMixin, SpreadsheetMixin, VersionedAdmin):
    """Schemes as the public list shows them. One is worked on in its editor: `backoffice.views.scheme_editor`."""

    resource_class = SchemeResource
    list_display = ("title_column", "kind", "group", "in_force_column", "draft_column", "confirmed_column")
    list_filter = (("kind", ChoicesDropdownFilter),)
    search_fields = ("title", "^code", "number")
    search_help_text = _("Cari judul, kode, atau nomor skema")
    ordering_field = "position"
    hide_ordering_field = True
    list_per_page = 100
    fields = ("title", "code", "number", "kind", "group", "summary", "title_en", "group_en", "summary_en", "position")
    readonly_fields = ("code",)  # stands in public addresses and in every snapshot

    @display(description=_("Skema"))
    def title_column(self, obj: Scheme) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.title)

    @display(description=_("Terbit"), label=True)
    def in_force_column(self, obj: Scheme) -> str:
        return next(
            (_t("Versi %(n)d") % {"n": v.number} for v in obj.versions.all() if v.status == VersionStatus.PUBLISHED), ""
        )

    @display(description=_("Draf"))
    def draft_column(self, obj: Scheme) -> str:
        return next(
            (_t("Versi %(n)d") % {"n": v.number} for v in obj.versions.all() if v.status == VersionStatus.DRAFT), "–"
        )

    @display(description=_("Konfirmasi LSP"), label=CONFIRMATION_TONES)
    def confirmed_column(self, obj: Scheme) -> tuple[bool, str]:
        return confirmation(all(v.is_confirmed for v in obj.versions.all() if v.status != VersionStatus.RETIRED))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("versions")

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_scheme_{name}")

        version = "<int:pk>/versi/<int:number>/"
        return [
            address(f"{version}simpan/", "save", scheme_editor.save_view),
            address(f"{version}unit/", "units", scheme_editor.unit_view),
            address(f"{version}unit/cari/", "search", scheme_editor.search_view),
            address(f"{version}persyaratan/", "requirements", scheme_editor.requirement_view),
            address(f"{version}banding/", "differences", scheme_editor.differences_view),
            address(f"{version}contoh/<slug:form>/", "sample", scheme_editor.sample_view),
            address(f"{version}tindakan/<slug:act>/", "act", scheme_editor.act_view),
            address("<int:pk>/formulir/", "forms", form_sets.scheme_set_view),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return scheme_editor.page_view(request, pk=object_id, admin=self)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return scheme_editor.new_view(request, admin=self)


def confirmation(is_confirmed: bool) -> tuple[bool, str]:
    return is_confirmed, _t("Sudah dikonfirmasi") if is_confirmed else _t("Menunggu konfirmasi LSP")


class LockedInline(NamedCellsMixin, ShortTextsMixin, TabularInline):
    """Lines of a version: written in a draft, read afterwards."""

    form = PositionedForm
    formset = PositionedFormSet
    extra = 0
    show_title = False
    tab = True
    ordering_field = "position"
    hide_ordering_field = True

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same choices for every line, read once instead of once per line."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or is_editable(obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_editable(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or is_editable(obj))


class SchemeUnitInline(LockedInline):
    model = SchemeUnit
    fields = ("unit", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("unit")


class RequirementInline(LockedInline):
    model = Requirement
    fields = ("section", "title", "document_type", "is_required", "is_confirmed", "help_text", "position")


class SchemeVersionAdmin(WorkbookDetailMixin, VersionedAdmin):
    """What a scheme asks. Units, requirements and purposes are fixed once published; registration opens and closes."""

    workbook_of = staticmethod(workbook_of_version)
    list_display = ("scheme_column", "number", "status_column", "unit_count", "registration_column", "confirmed_column")
    list_filter = (("status", ChoicesDropdownFilter), "is_confirmed")
    search_fields = ("scheme__title", "^scheme__code")
    search_help_text = _("Cari skema")
    inlines = (SchemeUnitInline, RequirementInline)
    filter_horizontal = ("purposes",)
    fieldsets = (
        (None, {"fields": ("scheme", "number", "status", "published_at", "validity_months", "purposes")}),
        (_("Pendaftaran"), {"fields": ("registration_opens_on", "registration_closes_on")}),
        (_("Konfirmasi LSP"), {"fields": ("is_confirmed", "confirmation_note")}),
    )
    readonly_fields = ("status", "published_at")

    @display(description=_("Skema"))
    def scheme_column(self, obj: SchemeVersion) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.scheme.title)

    @display(description=_("Status"), label=VERSION_TONES)
    def status_column(self, obj: SchemeVersion) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Unit"))
    def unit_count(self, obj: SchemeVersion) -> int:
        return obj.unit_count

    @display(description=_("Pendaftaran"))
    def registration_column(self, obj: SchemeVersion) -> str:
        return _t("Dibuka") if obj.is_open else _t("Ditutup")

    @display(description=_("Konfirmasi LSP"), label=CONFIRMATION_TONES)
    def confirmed_column(self, obj: SchemeVersion) -> tuple[bool, str]:
        return confirmation(obj.is_confirmed)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A version is looked at and worked on in the editor of its scheme."""
        version = self.get_object(request, object_id)
        if version is None or not self.has_view_permission(request, version):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return redirect(scheme_editor.address(version))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A first version comes with its scheme, a further one out of the version before."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:core_scheme_add")

    def has_delete_permission(self, request: HttpRequest, obj: SchemeVersion | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or is_editable(obj))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .annotate(unit_count=Count("scheme_units"))
            .prefetch_related(Prefetch("scheme", Scheme.objects.all()))
        )

    def get_readonly_fields(self, request: HttpRequest, obj: SchemeVersion | None = None) -> tuple[str, ...]:
        if obj is None:
            return self.readonly_fields
        fixed = (*self.readonly_fields, "scheme", "number")
        return fixed if is_editable(obj) else (*fixed, "validity_months", "purposes")


class AssessmentPurposeAdmin(VersionedAdmin):
    """The purposes that FR.APL-01 part 2 lists."""

    list_display = ("title", "needs_explanation", "help_text")
    ordering_field = "position"
    hide_ordering_field = True
    fields = ("code", "title", "help_text", "needs_explanation", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()
