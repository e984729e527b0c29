"""The LSP's own data and how its papers are numbered."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backoffice.base import ServiceFormMixin, VersionedAdmin
from core.accounts.policy import change_policy
from core.common.models import NumberingRule
from core.common.numbering import format_number
from core.content.models import OfficeData, SystemPolicy


class OfficeDataAdmin(VersionedAdmin):
    """One row: its list is its form."""

    list_display = ("name", "license_number")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        office = OfficeData.objects.first()
        if office is not None and self.has_view_permission(request):
            return redirect(self.change_url(office))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not OfficeData.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SystemPolicyAdmin(ServiceFormMixin, VersionedAdmin):
    """One row: its list is its form. Saving is a logged act of its own."""

    list_display = ("__str__",)
    fieldsets = (
        (
            _("Faktor kedua"),
            {
                "fields": (
                    "second_factor_administrator",
                    "second_factor_sekretariat",
                    "second_factor_asesor",
                    "second_factor_bnsp",
                    "remember_device_days",
                ),
                "description": _(
                    "Siapa yang selain sandi harus menunjukkan kode dari aplikasi di ponsel. "
                    "Yang belum mengaktifkannya dipandu saat membuka halaman berikutnya. "
                    "Asesi boleh mengaktifkannya sendiri."
                ),
            },
        ),
        (_("Sesi"), {"fields": ("idle_minutes", "session_hours")}),
        (_("Masa simpan"), {"fields": ("letter_months",)}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        policy = SystemPolicy.objects.first()
        if policy is not None and self.has_view_permission(request):
            return redirect(self.change_url(policy))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: SystemPolicy, form: Any, change: bool) -> None:
        change_policy(policy=obj, changed=form.changed_data, by=request.user)


class NumberingRuleAdmin(VersionedAdmin):
    """Patterns of numbers; numbers already given stay."""

    list_display = ("title", "pattern", "example", "restarts_yearly")
    fields = ("title", "pattern", "restarts_yearly", "example")
    readonly_fields = ("example",)

    @display(description=_("Contoh"))
    def example(self, obj: NumberingRule) -> str:
        today = timezone.localdate()
        return format_number(obj.pattern, serial=123, year=today.year, month=today.month)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
