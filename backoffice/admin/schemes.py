"""Standards with their units, and schemes in versions. What was published does not change; its successor does."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from backoffice.base import ShortTextsMixin, VersionedAdmin, go
from backoffice.displays import COMPLETENESS_TONES, VERSION_TONES
from backoffice.formsets import PositionedForm, PositionedFormSet
from backoffice.resources.schemes import CompetencyUnitResource, SchemeResource
from backoffice.spreadsheets import SpreadsheetMixin, WorkbookDetailMixin, WorkbookListMixin
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
from core.schemes.rules import is_editable
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


class CriterionInline(ShortTextsMixin, TabularInline):
    model = PerformanceCriterion
    form = PositionedForm
    formset = PositionedFormSet
    fields = ("position", "number", "text")
    extra = 0
    show_title = False
    ordering_field = "position"
    hide_ordering_field = True


class ElementInline(StackedInline):
    """The elements of a unit, each with its criteria."""

    model = Element
    fields = ("number", "title")
    inlines = (CriterionInline,)
    extra = 0
    collapsible = True


class CompetencyUnitAdmin(SpreadsheetMixin, VersionedAdmin):
    """Units word for word as the decree has them, and where the text was read."""

    resource_class = CompetencyUnitResource
    list_display = ("code", "title_column", "standard_column", "completeness_column", "element_count")
    list_filter = (("standard", RelatedDropdownFilter), ("completeness", ChoicesDropdownFilter))
    search_fields = ("^code", "title")
    search_help_text = _("Cari kode atau judul unit")
    inlines = (ElementInline,)
    fieldsets = (
        (None, {"fields": ("standard", "code", "title", "description")}),
        (_("Sumber"), {"fields": ("completeness", "source", "source_note")}),
    )

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
    """Schemes as the public list shows them; what each asks stands in its versions."""

    resource_class = SchemeResource
    list_display = ("title_column", "kind", "group", "in_force_column", "draft_column", "confirmed_column")
    list_filter = (("kind", ChoicesDropdownFilter),)
    search_fields = ("title", "^code", "number")
    search_help_text = _("Cari judul, kode, atau nomor skema")
    ordering_field = "position"
    hide_ordering_field = True
    list_per_page = 100
    fields = ("title", "code", "number", "kind", "group", "summary", "position", "versions_field")
    readonly_fields = ("versions_field",)
    prepopulated_fields = {"code": ("title",)}

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
        return _confirmation(all(v.is_confirmed for v in obj.versions.all() if v.status != VersionStatus.RETIRED))

    @display(description=_("Versi"))
    def versions_field(self, obj: Scheme) -> SafeString | str:
        return (
            format_html_join(
                mark_safe("<br>"),
                '<a class="bo-link" href="{}">{}</a> ({})',
                (
                    (
                        reverse("admin:core_schemeversion_change", args=[v.pk]),
                        _t("Versi %(n)d") % {"n": v.number},
                        v.get_status_display(),
                    )
                    for v in obj.versions.all()
                ),
            )
            or "–"
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("versions")

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict:
        return {} if obj else self.prepopulated_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # The code stands in public addresses and in every snapshot.
        return (*self.readonly_fields, "code") if obj else self.readonly_fields


def _confirmation(is_confirmed: bool) -> tuple[bool, str]:
    return is_confirmed, _t("Sudah dikonfirmasi") if is_confirmed else _t("Menunggu konfirmasi LSP")


class LockedInline(ShortTextsMixin, TabularInline):
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
    fields = ("position", "unit")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("unit")


class RequirementInline(LockedInline):
    model = Requirement
    fields = ("position", "section", "title", "document_type", "is_required", "is_confirmed", "help_text")


class SchemeVersionAdmin(WorkbookDetailMixin, VersionedAdmin):
    """What a scheme asks. Units, requirements and purposes are fixed once published; registration opens and closes."""

    workbook_of = staticmethod(workbook_of_version)
    list_display = ("scheme_column", "number", "status_column", "unit_count", "registration_column", "confirmed_column")
    list_filter = (("status", ChoicesDropdownFilter), "is_confirmed")
    search_fields = ("scheme__title", "^scheme__code")
    search_help_text = _("Cari skema")
    inlines = (SchemeUnitInline, RequirementInline)
    filter_horizontal = ("purposes",)
    actions_detail = ("publish", "retire", "draft_next")
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
        return _confirmation(obj.is_confirmed)

    @action(
        description=_("Terbitkan"),
        icon="publish",
        permissions=["publish"],
        dialog={
            "title": _("Terbitkan versi ini?"),
            "form_submit_text": _("Terbitkan"),
            "description": _(
                "Pendaftaran memakai versi ini; versi yang terbit sebelumnya ditutup, permohonannya berjalan terus."
            ),
        },
    )
    def publish(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self._act(request, object_id, services.publish_scheme_version, _t("Versi skema diterbitkan."))

    @action(
        description=_("Tutup versi"),
        icon="lock",
        permissions=["retire"],
        dialog={
            "title": _("Tutup versi ini?"),
            "form_submit_text": _("Tutup versi"),
            "description": _("Tidak ada permohonan baru untuk versi ini; yang sudah dikirim berjalan terus."),
        },
    )
    def retire(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self._act(request, object_id, services.retire_scheme_version, _t("Versi skema ditutup."))

    @action(
        description=_("Siapkan versi berikutnya"),
        icon="content_copy",
        permissions=["draft_next"],
        dialog={
            "title": _("Siapkan draf versi berikutnya?"),
            "form_submit_text": _("Siapkan draf"),
            "description": _("Draf memuat unit, persyaratan, dan tujuan yang sama, dan dapat Anda ubah."),
        },
    )
    def draft_next(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        return self._act(request, object_id, services.draft_next_version, _t("Draf versi berikutnya siap diubah."))

    def _act(self, request: HttpRequest, object_id: str, act: Any, done: str) -> HttpResponse:
        version = self.get_object(request, object_id)
        result = self.attempt(request, act, done, version=version)
        return go(request, self.change_url(result or version))

    def _in_status(self, request: HttpRequest, object_id: str | None, *statuses: str) -> bool:
        return self.may(request, "change") and SchemeVersion.objects.filter(pk=object_id, status__in=statuses).exists()

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._in_status(request, object_id, VersionStatus.DRAFT)

    def has_retire_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._in_status(request, object_id, VersionStatus.PUBLISHED)

    def has_draft_next_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self._in_status(request, object_id, VersionStatus.PUBLISHED, VersionStatus.RETIRED)

    def has_delete_permission(self, request: HttpRequest, obj: SchemeVersion | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or is_editable(obj))

    def revision_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Only a draft is turned back: restoring never takes a published version's units or status away."""
        current = SchemeVersion.objects.filter(pk=object_id).first()
        if current is None or not is_editable(current):
            raise PermissionDenied
        return super().revision_view(request, object_id, version_id, extra_context)

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
