"""People: accounts with their one role, candidates, assessors, and what people agreed to."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin.utils import unquote
from django.db.models import Model, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import TabularInline
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from backoffice.base import (
    FoundChoiceMixin,
    LongListAdmin,
    NamedCellsMixin,
    ReadOnlyMixin,
    ServiceFormMixin,
    VersionedAdmin,
    found_people,
    go,
)
from backoffice.bulk import BulkAct
from backoffice.filters import (
    ActiveFilter,
    AssessorActiveFilter,
    ConfirmedFilter,
    DateRangeFilter,
    HasApplicationFilter,
    LastLoginFilter,
    ProfileInstitutionFilter,
    ProfileNikFilter,
    ProfileProvinceFilter,
    ProfileRegencyFilter,
    RoleFilter,
    SexFilter,
)
from backoffice.resources.accounts import AssessorResource, CandidateResource, ConsentResource, UserResource
from backoffice.spreadsheets import SpreadsheetMixin
from core.accounts import second_factor, services, sessions
from core.accounts.models import AssessorProfile, CandidateProfile, ConsentText, User, UserSession
from core.accounts.phone import normalise_phone
from core.accounts.roles import ROLE_LABELS
from core.accounts.rules import role_of, why_not_confirm_again, why_not_deactivate
from core.assessments.models import AssessorQualification
from core.certificates.services import link_own_past_certificates
from core.common.exceptions import DomainError
from core.common.text import clean_line


class UserForm(forms.ModelForm):
    """An account: who it is and in which one role."""

    role = forms.ChoiceField(
        label=_("Peran"),
        choices=[("", "—"), *((role, label) for role, label in ROLE_LABELS.items() if role != "instansi")],
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
            if self.fields["role"].initial == "instansi":  # made by registering an institution, kept as it is
                self.fields["role"].choices = [("instansi", ROLE_LABELS["instansi"])]
            if self.instance.email_confirmed_at:
                self.fields["email"].disabled = True
                self.fields["email"].help_text = _(
                    "Sudah dikonfirmasi pemiliknya, sehingga tidak dapat diubah di sini."
                )

    def validate_unique(self) -> None:
        """Whether the address is taken is the service's to say: capitals count as the same."""


class ResetForm(BaseDialogForm):
    """Why somebody's second factor is taken away."""

    reason = forms.CharField(
        label=_("Alasan"),
        max_length=200,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Tertulis di surat kepada pemiliknya dan di catatan aktivitas. Contoh: ponsel hilang."),
    )


RESEND_CONFIRMATION = BulkAct(
    name="resend_confirmation",
    label=_("Kirim ulang surat konfirmasi"),
    right="add_user",
    refusal=why_not_confirm_again,
    run=lambda user, by: services.resend_confirmation(user=user, by=by),
    what=_("%(count)d orang mendapat surat dengan tautan untuk memilih sandi."),
    done=_("%(count)d surat konfirmasi dikirim."),
)
DEACTIVATE = BulkAct(
    name="deactivate",
    label=_("Nonaktifkan"),
    right="change_user",
    refusal=why_not_deactivate,
    run=lambda user, by: services.deactivate_account(user=user, by=by),
    what=_("%(count)d akun tidak dapat masuk lagi. Catatan tentang apa yang pernah dilakukannya tetap ada."),
    done=_("%(count)d akun dinonaktifkan."),
    tone="danger",
)


class UserAdmin(SpreadsheetMixin, ServiceFormMixin, LongListAdmin):
    """Accounts. A new one gets a letter with a link to choose a password; nobody types somebody else's."""

    resource_class = UserResource
    form = UserForm
    list_display = ("name_column", "role_column", "is_active", "factor_column", "confirmed_column", "last_login_column")
    list_filter = (RoleFilter, ActiveFilter, ConfirmedFilter, LastLoginFilter)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("email",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nama, alamat e-mail, atau nomor HP")
    bulk_acts = (RESEND_CONFIRMATION, DEACTIVATE)
    readonly_fields = ("role_column", "email_confirmed_at", "factor_state", "sessions_state")
    actions_detail = ("resend_confirmation", "reset_second_factor", "end_sessions")

    @display(description=_("Nama"), header=True)
    def name_column(self, obj: User) -> list[str]:
        return [obj.full_name, obj.email]

    @display(description=_("Peran"), label=True)
    def role_column(self, obj: User) -> str:
        return ", ".join(str(ROLE_LABELS.get(group.name, group.name)) for group in obj.groups.all()) or "–"

    @display(description=_("E-mail dikonfirmasi"), boolean=True)
    def confirmed_column(self, obj: User) -> bool:
        return obj.email_confirmed_at is not None

    @display(description=_("Faktor kedua"), label={"aktif": "success"})
    def factor_column(self, obj: User) -> tuple[str, str] | None:
        return ("aktif", _t("Aktif")) if obj.confirmed_factors else None

    @display(description=_("Faktor kedua"))
    def factor_state(self, obj: User) -> str:
        if not obj.confirmed_factors:
            return _t("Belum aktif, padahal wajib") if second_factor.is_obliged(obj) else _t("Belum aktif")
        return _t("Aktif; sisa %(codes)d kode pemulihan") % {"codes": second_factor.recovery_codes_left(obj)}

    @display(description=_("Sesi yang terbuka"))
    def sessions_state(self, obj: User) -> SafeString | str:
        return (
            format_html_join(
                mark_safe("<br>"),
                _t("{} ({}), terakhir dipakai {}"),
                (
                    (row.device, row.ip_address or "–", date_format(localtime(row.last_seen_at), "j M Y H.i"))
                    for row in sessions.open_sessions(obj)[:10]
                ),
            )
            or "–"
        )

    @action(
        description=_("Atur ulang faktor kedua"),
        icon="phonelink_erase",
        permissions=["reset_factor"],
        dialog={
            "title": _("Atur ulang faktor kedua?"),
            "form_class": ResetForm,
            "form_submit_text": _("Atur ulang"),
            "description": _(
                "Kode dari ponsel dan kode pemulihannya tidak berlaku lagi, ia dikeluarkan dari semua perangkat, "
                "lalu mengaktifkan faktor kedua yang baru saat masuk. Pastikan dulu bahwa yang meminta benar orangnya."
            ),
        },
    )
    def reset_second_factor(self, request: HttpRequest, form: ResetForm, object_id: str) -> HttpResponse:
        user = self.get_object(request, object_id)
        self.attempt(
            request,
            second_factor.reset_second_factor,
            _t("Faktor kedua %(name)s diatur ulang; pemiliknya dikabari lewat surat.") % {"name": user.full_name},
            user=user,
            reason=form.cleaned_data["reason"],
        )
        return go(request, self.change_url(user))

    def has_reset_factor_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Administrators, for others who have one; one's own is changed under "Keamanan akun"."""
        if not request.user.has_perm("core.reset_second_factor") or str(request.user.pk) == str(object_id):
            return False
        return User.objects.filter(pk=object_id, totpdevice__confirmed=True).exists()

    @action(
        description=_("Akhiri semua sesi"),
        icon="logout",
        permissions=["end_sessions"],
        dialog={
            "title": _("Keluarkan dari semua perangkat?"),
            "form_submit_text": _("Keluarkan"),
            "description": _("Ia harus masuk lagi di setiap perangkat; isian yang belum disimpannya hilang."),
        },
    )
    def end_sessions(self, request: HttpRequest, form: forms.Form, object_id: str) -> HttpResponse:
        user = self.get_object(request, object_id)
        self.attempt(
            request,
            sessions.end_sessions_of,
            _t("%(name)s dikeluarkan dari semua perangkat.") % {"name": user.full_name},
            user=user,
        )
        return go(request, self.change_url(user))

    def has_end_sessions_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """For others: one's own stand under "Keamanan akun"."""
        if not request.user.has_perm("core.change_user") or str(request.user.pk) == str(object_id):
            return False
        return UserSession.objects.filter(user=object_id).exists()

    @display(description=_("Masuk terakhir"))
    def last_login_column(self, obj: User) -> str:
        return date_format(timezone.localtime(obj.last_login), "j M Y H.i") if obj.last_login else "–"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=found_people(request, search_term)), False

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
            services.resend_confirmation,
            _t("Surat konfirmasi dikirim ke %(email)s.") % {"email": user.email},
            user=user,
        )
        return go(request, self.change_url(user))

    def has_invite_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Only for addresses that were not confirmed yet."""
        if not request.user.has_perm("core.add_user"):
            return False
        return User.objects.filter(pk=object_id, email_confirmed_at=None, is_active=True).exists()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        in_use = Prefetch("totpdevice_set", TOTPDevice.objects.filter(confirmed=True), to_attr="confirmed_factors")
        return super().get_queryset(request).prefetch_related("groups", in_use)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("full_name", "email", "role")}),)
        security = (_("Keamanan"), {"fields": ("factor_state", "sessions_state")})
        if not self.has_change_permission(request, obj):
            words = ("full_name", "email", "role_column", "is_active", "email_confirmed_at")
            return ((None, {"fields": words}), security)
        return ((None, {"fields": ("full_name", "email", "role", "is_active")}), security)

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
    """What FR.APL-01 part 1 asks. That the candidate saved meanwhile is noticed by `backoffice.conflicts`."""

    full_name = forms.CharField(label=_("Nama lengkap"), max_length=150, widget=UnfoldAdminTextInputWidget)
    nik = forms.CharField(label=_("NIK"), required=False, max_length=24, widget=UnfoldAdminTextInputWidget)

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
        if "full_name" in self.fields:  # absent where the form is only read
            self.fields["full_name"].initial = self.instance.user.full_name

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
        return {name: self.cleaned_data[name] for name in self.changed_data}


class CandidateProfileAdmin(SpreadsheetMixin, ServiceFormMixin, LongListAdmin):
    """Profiles of candidates. What was sent with an application does not change with them."""

    resource_class = CandidateResource
    form = CandidateForm
    empty_hint = _("Asesi mendaftar sendiri di portal, atau dimasukkan dengan Impor.")
    list_display = ("name_column", "nik_column", "region_column", "phone_mobile", "institution")
    list_filter = (
        ProfileProvinceFilter,
        ProfileRegencyFilter,
        SexFilter,
        HasApplicationFilter,
        ProfileInstitutionFilter,
        ProfileNikFilter,
    )
    sortable_by = ()
    search_by_post = True
    search_fields = ("user__full_name",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nama, NIK lengkap, nomor HP, atau e-mail")
    autocomplete_fields = ("home_region",)
    readonly_fields = ("email", "masked", "cases", "rights")

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
        """By name, mobile number or e-mail; a NIK comes as a filter of its own and is never looked for here."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(user_id__in=found_people(request, search_term)), False

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
            *(((_("Hak atas data"), {"fields": ("rights",)}),) if obj and self._keep_links(request, obj) else ()),
        )

    def _rights_links(self, request: HttpRequest, obj: CandidateProfile) -> list[tuple[str, str]]:
        """(address, words) of what this person may begin about somebody's data."""
        wanted = (
            (
                "core.answer_privacyrequest",
                "core_privacyrequest_add",
                {"email": obj.user.email},
                _t("Catat permintaan"),
            ),
            (
                "core.change_legalhold",
                "core_legalhold_add",
                {"jenis": "person", "acuan": obj.user.email},
                _t("Tahan dari pemusnahan"),
            ),
        )
        return [
            (f"{reverse(f'admin:{name}')}?{urlencode(query)}", words)
            for right, name, query, words in wanted
            if obj.user.is_active and request.user.has_perm(right)
        ]

    def _keep_links(self, request: HttpRequest, obj: CandidateProfile) -> list[tuple[str, str]]:
        obj.rights_links = self._rights_links(request, obj)
        return obj.rights_links

    @display(description=_("Data pribadi"))
    def rights(self, obj: CandidateProfile) -> SafeString:
        return format_html_join(" · ", '<a class="bo-link" href="{}">{}</a>', obj.rights_links) or SafeString("–")

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Without the NIK for those who only see it masked; a field that is merely not drawn could still be posted."""
        form_class = super().get_form(request, obj, change=change, **kwargs)
        if request.user.has_perm("core.view_nik"):
            return form_class
        return type(form_class.__name__, (form_class,), {"nik": None})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Opening somebody's profile is told in the log."""
        profile = self.get_object(request, unquote(object_id))
        if request.method == "GET" and profile is not None and self.has_view_permission(request, profile):
            services.view_profile(profile=profile, by=request.user)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # candidates register themselves, and agree to the processing of their data

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CandidateProfile, form: CandidateForm, change: bool) -> None:
        services.save_profile(profile=obj, values=form.changed_values(), version=None, by=request.user)
        if "nik" in form.changed_data:
            link_own_past_certificates(person=obj.user, by=request.user)


class QualificationInline(NamedCellsMixin, FoundChoiceMixin, TabularInline):
    """For which schemes an assessor may assess."""

    model = AssessorQualification
    fields = ("scheme", "valid_until", "note")
    autocomplete_fields = ("scheme",)
    extra = 0
    show_title = False


class AssessorProfileAdmin(SpreadsheetMixin, VersionedAdmin):
    """Assessors with their registration at BNSP."""

    resource_class = AssessorResource
    list_display = ("name_column", "registration_number", "certificate_expires_on", "institution")
    list_filter = (AssessorActiveFilter, ("certificate_expires_on", DateRangeFilter))
    search_fields = ("^registration_number", "user__full_name")
    search_help_text = _("Cari No. Reg. atau nama")
    fields = ("user", "registration_number", "certificate_expires_on", "institution")
    inlines = (QualificationInline,)

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


class ConsentAdmin(SpreadsheetMixin, ReadOnlyMixin, LongListAdmin):
    """Who agreed to which version, when and from where."""

    resource_class = ConsentResource
    empty_hint = _("Persetujuan tercatat ketika asesi mendaftar di portal.")
    list_display = ("user", "text", "given_at", "withdrawn_at", "ip_address")
    search_fields = ("user__email",)  # what is searched and how says get_search_results
    search_help_text = _("Cari nama, e-mail, atau nomor HP")
    sortable_by = ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _t("Persetujuan yang diberikan"), **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("user", "text")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(user_id__in=found_people(request, search_term)), False
