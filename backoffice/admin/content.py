"""The LSP's own data and how its papers are numbered."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldBooleanSwitchWidget

from backoffice.base import HttpsAddressMixin, ServiceFormMixin, VersionedAdmin
from backoffice.displays import chips
from backoffice.views.setup import number_box, number_example
from core.accounts.policy import change_policy
from core.common.models import NumberingRule
from core.common.numbering import coming_numbers, last_given
from core.content import services
from core.content.models import OfficeData
from core.policy.models import SystemPolicy

#: What a pattern is built of: the piece, what it stands for.
BUILDING_BLOCKS = (
    ("{urut:06d}", _("nomor urut, 6 angka")),
    ("{urut:04d}", _("nomor urut, 4 angka")),
    ("{urut}", _("nomor urut tanpa nol")),
    ("{tahun}", _("tahun")),
    ("{bulan}", _("bulan, 2 angka")),
    ("{bulan_romawi}", _("bulan Romawi")),
)


class OfficeDataForm(forms.ModelForm):
    """The row, and a new logo on its way through entry control."""

    new_logo = forms.FileField(
        label=_("Logo baru"),
        required=False,
        widget=UnfoldAdminFileFieldWidget({"accept": "image/png,image/jpeg"}),
        help_text=_("PNG (boleh tembus pandang) atau JPG, paling besar 2 MB. Dikecilkan menjadi 480 × 240 piksel."),
    )
    drop_logo = forms.BooleanField(label=_("Lepas logo"), required=False, widget=UnfoldBooleanSwitchWidget)


class OfficeDataAdmin(HttpsAddressMixin, ServiceFormMixin, VersionedAdmin):
    """One row: its list is its form."""

    form = OfficeDataForm
    records_edits = True  # the services tell of the logo only
    list_display = ("name", "license_number")
    readonly_fields = ("current_logo",)
    fieldsets = (
        (None, {"fields": ("name", "license_number")}),
        (
            _("Logo"),
            {
                "fields": ("current_logo", "new_logo", "drop_logo"),
                "description": _(
                    "Tampil di kepala portal, di ruang kerja ini, dan pada formulir yang dikirim sesudahnya. "
                    "Formulir yang sudah dikirim tetap memakai logo pada harinya."
                ),
            },
        ),
        (
            _("Pimpinan"),
            {
                "fields": ("leader_name", "leader_position"),
                "description": _("Untuk tanda tangan pada surat dan sertifikat."),
            },
        ),
        (_("Kontak"), {"fields": ("address", "phone", "email", "website", "office_hours", "office_hours_en")}),
        (_("Catatan"), {"fields": ("note",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: OfficeData | None = None) -> Any:
        hidden = {"drop_logo"} if obj is None or not obj.logo else set()
        return tuple(
            (title, options | {"fields": tuple(name for name in options["fields"] if name not in hidden)})
            for title, options in self.fieldsets
        )

    def save_model(self, request: HttpRequest, obj: OfficeData, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if upload := form.cleaned_data.get("new_logo"):
            services.set_logo(office=obj, stream=upload, by=request.user)
        elif form.cleaned_data.get("drop_logo"):
            services.remove_logo(office=obj, by=request.user)

    @display(description=_("Logo sekarang"))
    def current_logo(self, obj: OfficeData) -> SafeString | str:
        if not obj.logo:
            return _("Belum ada; portal memakai gambar perisai.")
        return format_html('<img class="bo-logo" src="{}" alt="{}">', obj.logo_url, _("Logo LSP"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        office = OfficeData.objects.first()
        if office is not None and self.has_view_permission(request):
            return redirect(self.change_url(office))
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the row comes with the reference data

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
        (_("Pendaftaran kolektif"), {"fields": ("invitation_days",)}),
        (_("Keputusan dan banding"), {"fields": ("plenary_quorum", "appeal_days")}),
        (_("Pesan masuk"), {"fields": ("ticket_days", "complaint_days", "ticket_months")}),
        (
            _("Sertifikat"),
            {
                "fields": ("expiry_reminder_days", "renewal_days", "surveillance_months"),
                "description": _("Surat pengingat keluar setiap malam; sekretariat mendapat satu ringkasan sehari."),
            },
        ),
        (
            _("Masa simpan dan keutuhan berkas"),
            {
                "fields": (
                    "letter_months",
                    "import_months",
                    "job_result_days",
                    "forgotten_upload_months",
                    "integrity_days",
                )
            },
        ),
        (
            _("Cadangan"),
            {
                "fields": (
                    "backup_hours",
                    "drill_days",
                    ("backup_daily", "backup_weekly", "backup_monthly", "backup_yearly"),
                )
            },
        ),
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


class NumberingRuleForm(forms.ModelForm):
    """The rule, and a number to go on after."""

    last = forms.IntegerField(
        label=_("Lanjutkan sesudah nomor urut"),
        required=False,
        min_value=0,
        max_value=9_999_999,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("Kosongkan, kecuali nomor sudah dipakai di luar sistem ini. Tidak dapat diturunkan."),
    )


class NumberingRuleAdmin(ServiceFormMixin, VersionedAdmin):
    """Patterns of numbers; numbers already given stay."""

    class Media:
        js = ("backoffice/setup.js",)

    form = NumberingRuleForm
    records_edits = True  # the service tells of a raised number only
    list_display = ("title", "pattern", "next_column", "last_column", "restarts_yearly")
    fields = ("title", "pattern", "blocks", "restarts_yearly", "given", "last", "example")
    readonly_fields = ("blocks", "given", "example")

    def get_queryset(self, request: HttpRequest) -> QuerySet[NumberingRule]:
        return super().get_queryset(request).prefetch_related("counters")

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(number_example)
        return [path("<int:pk>/contoh/", view, name="core_numberingrule_example"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: NumberingRule, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("last") is not None:
            services.raise_last_number(rule=obj, last=form.cleaned_data["last"], by=request.user)

    @display(description=_("Bagian yang dapat dipakai"))
    def blocks(self, obj: NumberingRule) -> SafeString:
        return chips(BUILDING_BLOCKS, into="id_pattern")

    @display(description=_("Nomor berikutnya"))
    def next_column(self, obj: NumberingRule) -> str:
        return coming_numbers(obj, count=1)[0]

    @display(description=_("Nomor urut terakhir"))
    def last_column(self, obj: NumberingRule) -> int:
        return last_given(obj)

    @display(description=_("Nomor urut terakhir"))
    def given(self, obj: NumberingRule) -> str:
        return str(last_given(obj) or _("belum ada nomor yang diberikan"))

    @display(description=_("Tiga nomor berikutnya"))
    def example(self, obj: NumberingRule) -> SafeString:
        return number_box(obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
