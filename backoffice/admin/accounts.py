"""People: accounts with their one role, candidates, assessors, and what people agreed to."""

from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from backoffice.base import LongListAdmin, ReadOnlyMixin, ServiceFormMixin, VersionedAdmin, go
from backoffice.filters import ProfileProvinceFilter, RoleFilter
from backoffice.resources.accounts import AssessorResource, CandidateResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.accounts import services
from core.accounts.models import AssessorProfile, CandidateProfile, ConsentText, User
from core.accounts.nik import nik_hash
from core.accounts.phone import normalise_phone
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of
from core.common.exceptions import DomainError
from core.common.text import clean_line


class UserForm(forms.ModelForm):
    """An account: who it is and in which one role."""

    role = forms.ChoiceField(
        label=_("Peran"),
        choices=[("", "—"), *ROLE_LABELS.items()],
        widget=UnfoldAdminSelectWidget,
        help_text=_("Hak dan akses ke ruang kerja mengikuti peran ini."),
    )

    class Meta:
        model = User
        fields = ("full_name", "email", "is_active")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "email" in self.fields:  # absent where the account is only read
            self.fields["role"].initial = role_of(self.instance)
            if self.instance.email_confirmed_at:
                self.fields["email"].disabled = True
                self.fields["email"].help_text = _(
                    "Sudah dikonfirmasi pemiliknya, sehingga tidak dapat diubah di sini."
                )

    def validate_unique(self) -> None:
        """Whether the address is taken is the service's to say: capitals count as the same."""


class UserAdmin(ServiceFormMixin, LongListAdmin):
    """Accounts. A new one gets a letter with a link to choose a password; nobody types somebody else's."""

    form = UserForm
    list_display = ("name_column", "role_column", "is_active", "confirmed_column")
    list_filter = (RoleFilter,)
    search_fields = ("^email", "full_name")
    search_help_text = _("Cari alamat e-mail atau nama")
    readonly_fields = ("role_column", "email_confirmed_at")
    actions_detail = ("resend_confirmation",)

    @display(description=_("Nama"), header=True)
    def name_column(self, obj: User) -> list[str]:
        return [obj.full_name, obj.email]

    @display(description=_("Peran"), label=True)
    def role_column(self, obj: User) -> str:
        return ", ".join(str(ROLE_LABELS.get(group.name, group.name)) for group in obj.groups.all()) or "–"

    @display(description=_("E-mail dikonfirmasi"), boolean=True)
    def confirmed_column(self, obj: User) -> bool:
        return obj.email_confirmed_at is not None

    @action(
        description=_("Kirim ulang surat konfirmasi"),
        icon="forward_to_inbox",
        permissions=["invite"],
        dialog={
            "title": _("Kirim ulang surat konfirmasi?"),
            "form_submit_text": _("Kirim"),
            "description": _("Surat memuat tautan untuk memilih sandi; tautan sebelumnya tetap berlaku dua jam."),
        },
    )
    def resend_confirmation(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        user = self.get_object(request, object_id)
        self.attempt(
            request,
            lambda by: services.send_confirmation(user=user),
            _t("Surat konfirmasi dikirim ke %(email)s.") % {"email": user.email},
        )
        return go(request, self.change_url(user))

    def has_invite_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Only for addresses that were not confirmed yet."""
        if not request.user.has_perm("core.add_user"):
            return False
        return User.objects.filter(pk=object_id, email_confirmed_at=None, is_active=True).exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("full_name", "email", "role")}),)
        if not self.has_change_permission(request, obj):
            return ((None, {"fields": ("full_name", "email", "role_column", "is_active", "email_confirmed_at")}),)
        return ((None, {"fields": ("full_name", "email", "role", "is_active")}),)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False  # an account is put out of use, what it did stays told

    def save_model(self, request: HttpRequest, obj: User, form: UserForm, change: bool) -> None:
        words = form.cleaned_data
        if change:
            services.change_account(
                user=obj,
                full_name=words["full_name"],
                email=words["email"],
                is_active=words["is_active"],
                role=words["role"],
                by=request.user,
            )
        else:
            user = services.invite_user(
                full_name=words["full_name"], email=words["email"], role=words["role"], by=request.user
            )
            obj.pk, obj._state.adding = user.pk, False


PHONES = ("phone_mobile", "phone_home", "phone_office", "office_fax")


class CandidateForm(forms.ModelForm):
    """What FR.APL-01 part 1 asks; `drawn_version` notices that the candidate saved meanwhile."""

    full_name = forms.CharField(label=_("Nama lengkap"), max_length=150, widget=UnfoldAdminTextInputWidget)
    nik = forms.CharField(label=_("NIK"), required=False, max_length=24, widget=UnfoldAdminTextInputWidget)
    drawn_version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = CandidateProfile
        fields = (
            "birth_place",
            "birth_date",
            "sex",
            "nationality",
            "education",
            "home_address",
            "home_region",
            "home_postal_code",
            *PHONES,
            "occupation",
            "institution",
            "job_title",
            "office_address",
            "office_postal_code",
            "office_email",
        )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "drawn_version" in self.fields:  # absent where the form is only read
            self.fields["full_name"].initial = self.instance.user.full_name
            self.fields["drawn_version"].initial = self.instance.version

    def clean(self) -> Any:
        cleaned = super().clean()
        for name, value in list(cleaned.items()):
            if isinstance(value, str):
                cleaned[name] = clean_line(value)
            if name in PHONES and value:
                try:
                    cleaned[name] = normalise_phone(value, field=name)
                except DomainError as refusal:
                    self.add_error(name, refusal.message)
        return cleaned

    def changed_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "drawn_version"}


class CandidateProfileAdmin(SpreadsheetMixin, ServiceFormMixin, LongListAdmin):
    """Profiles of candidates. What was sent with an application does not change with them."""

    resource_class = CandidateResource
    form = CandidateForm
    list_display = ("name_column", "nik_column", "region_column", "phone_mobile", "institution")
    list_filter = (ProfileProvinceFilter,)
    search_fields = ("user__full_name", "^user__email")
    search_help_text = _("Cari nama, e-mail, atau NIK lengkap (16 angka)")
    autocomplete_fields = ("home_region",)
    readonly_fields = ("email", "masked", "cases")

    @display(description=_("Nama"), header=True)
    def name_column(self, obj: CandidateProfile) -> list[str]:
        return [obj.user.full_name, obj.user.email]

    @display(description=_("NIK"))
    def nik_column(self, obj: CandidateProfile) -> str:
        return obj.masked_nik or "–"

    @display(description=_("Kabupaten/kota"))
    def region_column(self, obj: CandidateProfile) -> str:
        return str(obj.home_region or "–")

    @display(description=_("NIK"))
    def masked(self, obj: CandidateProfile) -> str:
        return obj.masked_nik or "–"

    @display(description=_("E-mail"))
    def email(self, obj: CandidateProfile) -> str:
        return obj.user.email

    @display(description=_("Permohonan"))
    def cases(self, obj: CandidateProfile) -> SafeString | str:
        sent = obj.applications.exclude(number=None).prefetch_related("scheme_version__scheme")
        return (
            format_html_join(
                mark_safe("<br>"),
                '<a class="bo-link" href="{}">{}</a> {} ({})',
                (
                    (
                        reverse("admin:core_application_change", args=[case.pk]),
                        case.number,
                        case.scheme_version.scheme.title,
                        case.get_status_display(),
                    )
                    for case in sent
                ),
            )
            or "–"
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CandidateProfile]:
        return super().get_queryset(request).prefetch_related("user", "home_region")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        digits = search_term.replace(" ", "")
        if len(digits) == 16 and digits.isdigit():
            return queryset.filter(nik_hash=nik_hash(digits)), False
        return super().get_search_results(request, queryset, search_term)

    def get_fieldsets(self, request: HttpRequest, obj: CandidateProfile | None = None) -> Any:
        may_write = self.has_change_permission(request, obj)
        nik = "nik" if may_write and request.user.has_perm("core.view_nik") else "masked"
        birth = ("birth_place",) if obj and obj.nik else ("birth_place", "birth_date", "sex")
        return (
            (
                _("Data pribadi"),
                {
                    "fields": (
                        *(("full_name",) if may_write else ()),
                        "email",
                        nik,
                        *birth,
                        "nationality",
                        "education",
                        *(("drawn_version",) if may_write else ()),
                    ),
                    "description": _("Tanggal lahir dan jenis kelamin mengikuti NIK.") if obj and obj.nik else "",
                },
            ),
            (
                _("Alamat dan kontak"),
                {
                    "fields": (
                        "home_address",
                        "home_region",
                        "home_postal_code",
                        "phone_mobile",
                        "phone_home",
                        "phone_office",
                    )
                },
            ),
            (
                _("Pekerjaan sekarang"),
                {
                    "fields": (
                        "occupation",
                        "institution",
                        "job_title",
                        "office_address",
                        "office_postal_code",
                        "office_email",
                        "office_fax",
                    )
                },
            ),
            (_("Permohonan"), {"fields": ("cases",)}),
        )

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Without the NIK for those who only see it masked; a field that is merely not drawn could still be posted."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if request.user.has_perm("core.view_nik"):
            return form_class
        return type(form_class.__name__, (form_class,), {"nik": None})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # candidates register themselves, and agree to the processing of their data

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CandidateProfile, form: CandidateForm, change: bool) -> None:
        services.save_profile(
            profile=obj, values=form.changed_values(), version=form.cleaned_data["drawn_version"], by=request.user
        )


class AssessorProfileAdmin(SpreadsheetMixin, VersionedAdmin):
    """Assessors with their registration at BNSP."""

    resource_class = AssessorResource
    list_display = ("name_column", "registration_number", "certificate_expires_on", "institution")
    search_fields = ("^registration_number", "user__full_name")
    search_help_text = _("Cari No. Reg. atau nama")
    fields = ("user", "registration_number", "certificate_expires_on", "institution")

    @display(description=_("Nama"))
    def name_column(self, obj: AssessorProfile) -> str:
        return obj.user.full_name

    def get_queryset(self, request: HttpRequest) -> QuerySet[AssessorProfile]:
        return super().get_queryset(request).prefetch_related("user")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(groups__name="asesor", is_active=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("user",) if obj else ()


class ConsentTextAdmin(VersionedAdmin):
    """Texts that people agree to. What was published is only read: somebody agreed to these very words."""

    list_display = ("title", "purpose", "version", "published_column")
    fields = ("purpose", "version", "title", "body", "published_at")
    readonly_fields = ("published_at",)
    actions_detail = ("publish",)

    @display(description=_("Keadaan"), label={"terbit": "success", "draf": "warning"})
    def published_column(self, obj: ConsentText) -> tuple[str, str]:
        return ("terbit", _t("Terbit")) if obj.published_at else ("draf", _t("Draf"))

    @action(
        description=_("Terbitkan"),
        icon="publish",
        permissions=["publish"],
        dialog={
            "title": _("Terbitkan teks ini?"),
            "form_submit_text": _("Terbitkan"),
            "description": _("Sejak itu teks tidak dapat diubah, dan asesi diminta menyetujuinya saat masuk."),
        },
    )
    def publish(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        text = self.get_object(request, object_id)
        self.attempt(request, services.publish_consent_text, _t("Teks diterbitkan."), text=text)
        return go(request, self.change_url(text))

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, "change") and ConsentText.objects.filter(pk=object_id, published_at=None).exists()

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.published_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.published_at is None)


class ConsentAdmin(ReadOnlyMixin, LongListAdmin):
    """Who agreed to which version, when and from where."""

    list_display = ("user", "text", "given_at", "ip_address")
    search_fields = ("user__full_name", "^user__email")
    search_help_text = _("Cari nama atau e-mail")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("user", "text")
