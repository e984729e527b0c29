"""What a list needs to be imported and exported: a mixin in its class line and one attribute."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from backoffice.resources.base import SheetResource
from backoffice.views import exports
from backoffice.views import imports as views
from core.schemes.workbook_services import NEEDED


class SpreadsheetMixin:
    """Buttons "Impor" and "Ekspor" above a list. Comes before the admin's other bases."""

    resource_class: type[SheetResource]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        buttons = ("import_rows", "export_rows") if self.resource_class.is_importable else ("export_rows",)
        self.actions_list = (*self.actions_list, *buttons)

    @action(description=_("Impor"), icon="upload_file", url_path="impor", permissions=["import"])
    def import_rows(self, request: HttpRequest) -> HttpResponse:
        return views.upload_rows(request, self)

    @action(description=_("Ekspor"), icon="download", url_path="ekspor", permissions=["export"])
    def export_rows(self, request: HttpRequest) -> HttpResponse:
        return exports.export_rows(request, self)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.resource_class.may_import(request.user)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The export follows what the list shows: its button carries search and filters along."""
        response = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.context_data and request.GET:
            query = request.GET.copy()
            query.pop("p", None)
            for button in response.context_data.get("actions_list") or ():
                if isinstance(button, dict) and str(button.get("path", "")).endswith("/ekspor/"):
                    button["path"] = f"{button['path']}?{query.urlencode()}"
        return response


class WorkbookListMixin:
    """A list whose rows come as whole workbooks as well."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actions_list = (*self.actions_list, "import_workbook")

    @action(description=_("Buku kerja"), icon="library_add", url_path="buku-kerja", permissions=["import_workbook"])
    def import_workbook(self, request: HttpRequest) -> HttpResponse:
        return views.upload_workbook(request)

    def has_import_workbook_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perms(NEEDED)


class WorkbookDetailMixin:
    """A page of one record with "Unduh sebagai buku kerja". `workbook_of` makes the file of a record."""

    workbook_of: Any

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actions_detail = (*self.actions_detail, "export_workbook")

    @action(
        description=_("Unduh sebagai buku kerja"),
        icon="download",
        url_path="buku-kerja",
        permissions=["export_workbook"],
    )
    def export_workbook(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return views.download_workbook(request, self, object_id)

    def has_export_workbook_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_view_permission(request)
