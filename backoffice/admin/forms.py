"""Assessment forms: what they ask is written in the form editor, `backoffice.views.form_editor`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display

from backoffice.admin.schemes import CONFIRMATION_TONES, confirmation
from backoffice.base import VersionedAdmin
from backoffice.displays import VERSION_TONES
from backoffice.views import form_editor, form_sets
from core.assessments.models import FilledForm, FormDefinition, FormVersion
from core.schemes.enums import VersionStatus


class FormDefinitionAdmin(VersionedAdmin):
    """The forms in the order of a case's journey."""

    list_display = (
        "title_column",
        "stage",
        "filled_by",
        "in_force_column",
        "draft_column",
        "use_column",
        "confirmed_column",
    )
    list_filter = (("stage", ChoicesDropdownFilter), ("filled_by", ChoicesDropdownFilter), "is_active")
    search_fields = ("title", "^code")
    search_help_text = _("Cari nama formulir")
    ordering_field = "position"
    hide_ordering_field = True
    list_per_page = 100
    fields = ("title", "position")
    actions_list = ("open_set",)

    @action(description=_("Kelengkapan formulir"), icon="checklist", url_path="buka-kelengkapan", permissions=["view"])
    def open_set(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:core_formdefinition_set")

    @display(description=_("Formulir"))
    def title_column(self, obj: FormDefinition) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.title)

    @display(description=_("Terbit"), label=True)
    def in_force_column(self, obj: FormDefinition) -> str:
        return self._version(obj, VersionStatus.PUBLISHED, "")

    @display(description=_("Draf"))
    def draft_column(self, obj: FormDefinition) -> str:
        return self._version(obj, VersionStatus.DRAFT, "–")

    @staticmethod
    def _version(obj: FormDefinition, status: str, none: str) -> str:
        return next((_t("Versi %(n)d") % {"n": v.number} for v in obj.versions.all() if v.status == status), none)

    @display(description=_("Dipakai"))
    def use_column(self, obj: FormDefinition) -> SafeString | str:
        if not obj.is_active:
            return _t("Tidak dipakai lagi")
        rows = [row for row in obj.requirements.all() if row.is_used]
        if any(row.scheme_id is None for row in rows):
            where = _t("Semua skema")
        else:
            where = _t("%(n)d skema") % {"n": len(rows)} if rows else _t("Belum dipakai skema")
        words = f"{where}, {_t('sudah pernah diisi')}" if obj.is_filled else where
        return format_html('<span class="bo-words">{}</span>', words)

    @display(description=_("Konfirmasi LSP"), label=CONFIRMATION_TONES)
    def confirmed_column(self, obj: FormDefinition) -> tuple[bool, str]:
        return confirmation(all(v.is_confirmed for v in obj.versions.all() if v.status != VersionStatus.RETIRED))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        papers = FilledForm.objects.filter(definition=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(is_filled=Exists(papers))
            .prefetch_related("versions", "requirements")
        )

    def get_urls(self) -> list:
        def address(route: str, name: str, view: Any) -> Any:
            return path(route, self.admin_site.admin_view(view), {"admin": self}, name=f"core_formdefinition_{name}")

        version = "<int:pk>/versi/<int:number>/"
        return [
            address("kelengkapan/", "set", form_sets.general_set_view),
            address(f"{version}simpan/", "save", form_editor.save_view),
            address(f"{version}baris/", "lines", form_editor.line_view),
            address(f"{version}banding/", "differences", form_editor.differences_view),
            address(f"{version}contoh/", "sample", form_editor.sample_view),
            address(f"{version}tindakan/<slug:act>/", "act", form_editor.act_view),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return form_editor.page_view(request, pk=object_id, admin=self)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return form_editor.new_view(request, admin=self)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A form that was published stays; a draft is thrown away in the editor."""
        return False


class FormVersionAdmin(VersionedAdmin):
    """Every version of every form. One is looked at and worked on in the editor of its form."""

    list_display = ("form_column", "number", "status_column", "published_at", "confirmed_column")
    list_filter = (("status", ChoicesDropdownFilter), "is_confirmed")
    search_fields = ("definition__title", "^definition__code")
    search_help_text = _("Cari nama formulir")
    fields = ("definition", "number", "status", "published_at", "is_confirmed")

    @display(description=_("Formulir"))
    def form_column(self, obj: FormVersion) -> SafeString:
        return format_html('<span class="bo-clamp">{}</span>', obj.definition.title)

    @display(description=_("Status"), label=VERSION_TONES)
    def status_column(self, obj: FormVersion) -> tuple[str, str]:
        return obj.status, obj.get_status_display()

    @display(description=_("Konfirmasi LSP"), label=CONFIRMATION_TONES)
    def confirmed_column(self, obj: FormVersion) -> tuple[bool, str]:
        return confirmation(obj.is_confirmed)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related(Prefetch("definition", FormDefinition.objects.all()))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        version = self.get_object(request, object_id)
        if version is None or not self.has_view_permission(request, version):
            return super().change_view(request, object_id, form_url, extra_context)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return redirect(form_editor.address(version))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A first version comes with its form, a further one out of the version before."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:core_formdefinition_add")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
