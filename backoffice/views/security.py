"""Second factor and log-ins: the steps after the password, and the page "Keamanan akun"."""

from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import PasswordChangeView, redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from unfold.forms import AdminOwnPasswordChangeForm
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from backoffice.screens import screen, show_refusal
from backoffice.views.steps import step_of, wanted
from core.accounts import second_factor, sessions
from core.accounts.door import let_in
from core.accounts.models import User, UserSession
from core.accounts.services import change_password
from core.common.exceptions import DomainError
from core.common.text import is_number
from core.policy.queries import system_policy

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "pattern": "[0-9 ]*", "spellcheck": "false"}


class CodeForm(forms.Form):
    """A code of the app, and whether to ask again on this device."""

    code = forms.CharField(
        label=_("Kode dari aplikasi"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs=CODE | {"autofocus": True}),
    )
    remember = forms.BooleanField(required=False, widget=UnfoldBooleanWidget)

    def __init__(self, *args: Any, days: int = 0, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if days:
            self.fields["remember"].label = _t("Ingat perangkat ini %(days)d hari") % {"days": days}
        else:
            del self.fields["remember"]


class RecoveryForm(forms.Form):
    """One of the ten codes that were written down."""

    code = forms.CharField(
        label=_("Kode pemulihan"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "autofocus": True, "spellcheck": "false"}),
        help_text=_("Sepuluh huruf dan angka, misalnya ABCDE-23456. Setiap kode hanya berlaku sekali."),
    )


class PasswordAgainForm(forms.Form):
    """The password once more, before something that would lock the owner out."""

    password = forms.CharField(
        label=_("Sandi Anda"),
        max_length=128,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "current-password"}),
    )


class EnrolForm(forms.Form):
    """The first code of a new device; the password where it was given long ago."""

    code = forms.CharField(
        label=_("Kode yang ditampilkan aplikasi"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget(attrs=CODE),  # no focus yet: there is something to read first
    )
    password = PasswordAgainForm.base_fields["password"]

    def __init__(self, *args: Any, needs_password: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not needs_password:
            del self.fields["password"]


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    return screen(request, None, f"backoffice/security/{template}.html", context, title=title)


# --- the steps after the password --------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The code, after the password and before everything else."""
    person = request.half_user
    if person is None or not person.is_staff:
        return redirect(wanted(request))  # is in already, or is sent to the log-in from there
    if request.POST.get("leave"):
        logout(request)
        return redirect_to_login(wanted(request), reverse("admin:login"))
    if request.owed_step != second_factor.VERIFY:
        return step_of(request)
    by_recovery = (request.POST.get("cara") or request.GET.get("cara")) == "pemulihan"
    if by_recovery:
        form: forms.Form = RecoveryForm(request.POST or None)
        check = second_factor.use_recovery_code
    else:
        form = CodeForm(request.POST or None, days=system_policy().remember_device_days)
        check = second_factor.verify_code
    if form.is_valid():
        try:
            check(user=person, code=form.cleaned_data["code"], session=request.user_session)
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            remember = form.cleaned_data.get("remember", False)
            return let_in(request, redirect(wanted(request)), user=person, remember=remember)
    return _page(
        request, "verify", _t("Verifikasi"), form=form, person=person, by_recovery=by_recovery, next=wanted(request)
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Put a phone into use: because the policy says so, by choice, or instead of another phone."""
    is_owed = request.owed_step == second_factor.ENROL and request.half_user.is_staff
    person = request.half_user if is_owed else request.user
    if not is_owed and not admin.site.has_permission(request):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if request.POST.get("leave"):
        logout(request)
        return redirect_to_login(wanted(request), reverse("admin:login"))
    replaces = second_factor.factor_of(person) is not None
    needs_password = replaces or not second_factor.is_fresh(request.user_session)
    form = EnrolForm(request.POST or None, needs_password=needs_password)
    if form.is_valid():
        try:
            if needs_password:
                second_factor.require_password(user=person, password=form.cleaned_data["password"], request=request)
            codes = second_factor.confirm_enrolment(
                user=person, code=form.cleaned_data["code"], session=request.user_session
            )
        except DomainError as refusal:
            show_refusal(form, refusal)
        else:
            target = wanted(request) if is_owed else reverse("admin:security")
            return let_in(request, _show_codes(request, codes, target), user=person)
    device = second_factor.begin_enrolment(user=person)
    return _page(
        request,
        "enrol",
        _t("Ganti perangkat faktor kedua") if replaces else _t("Aktifkan faktor kedua"),
        form=form,
        person=person,
        is_owed=is_owed,
        replaces=replaces,
        qr=_qr(device.config_url),
        app_link=device.config_url,
        key=second_factor.key_as_text(device),
        next=wanted(request),
    )


def _qr(text: str) -> SafeString:
    drawing = segno.make(text, error="m").svg_inline(scale=4, border=3, dark="#000", light="#fff", omitsize=False)
    return mark_safe(drawing)  # noqa: S308 - drawn by the library, holds no markup of anybody


def _show_codes(request: HttpRequest, codes: list[str], target: str) -> HttpResponse:
    """The only time the codes are seen: drawn into the answer, kept nowhere."""
    return _page(request, "codes", _t("Kode pemulihan"), codes=codes, as_text="\r\n".join(codes), target=target)


# --- one's own account -----------------------------------------------------------------------------------------


@never_cache
@require_safe
def account_security(request: HttpRequest) -> HttpResponse:
    """The state of one's own factor, where one is logged in, which devices are trusted."""
    user: User = request.user
    factor = second_factor.factor_of(user)
    return _page(
        request,
        "account",
        _t("Keamanan akun"),
        factor=factor,
        is_obliged=second_factor.is_obliged(user),
        codes_left=second_factor.recovery_codes_left(user) if factor else 0,
        sessions=sessions.open_sessions(user),
        devices=second_factor.trusted_devices(user),
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new codes instead of the old ones."""

    def make() -> HttpResponse:
        return _show_codes(request, second_factor.make_recovery_codes(user=request.user), reverse("admin:security"))

    return _after_password(
        request,
        make,
        title=_t("Buat kode pemulihan baru?"),
        text=_t("Sepuluh kode baru ditampilkan sekali. Kode yang lama langsung tidak berlaku."),
        button=_t("Buat kode baru"),
    )


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """Do without the second factor, where the policy allows it."""

    def take_off() -> HttpResponse:
        second_factor.remove_factor(user=request.user, session=request.user_session)
        messages.success(request, _t("Faktor kedua dilepas. Anda masuk dengan sandi saja."))
        return redirect("admin:security")

    return _after_password(
        request,
        take_off,
        title=_t("Lepas faktor kedua?"),
        text=_t("Sesudah itu siapa pun yang mengetahui sandi Anda dapat masuk. Kode pemulihan ikut dihapus."),
        button=_t("Lepas faktor kedua"),
        tone="danger",
    )


def _after_password(request: HttpRequest, act: Any, **words: str) -> HttpResponse:
    """Ask for the password, then act; a refusal is shown beside it."""
    form = PasswordAgainForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.require_password(user=request.user, password=form.cleaned_data["password"], request=request)
            return act()
        except DomainError as refusal:
            show_refusal(form, refusal)
    return _page(request, "password", words.pop("title"), form=form, **words)


@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Throw one log-in out, or all but this one."""
    key = request.POST.get("session", "")
    if key == "others":
        sessions.end_other_sessions(user=request.user, keep=request.user_session, by=request.user)
        messages.success(request, _t("Semua sesi lain sudah dikeluarkan."))
    elif is_number(key):
        sessions.end_session(user=request.user, key=int(key), by=request.user)
        messages.success(request, _t("Sesi itu sudah dikeluarkan."))
    return redirect("admin:security")


@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Trust a device no longer."""
    key = request.POST.get("device", "")
    if is_number(key):
        sessions.forget_devices(user=request.user, by=request.user, key=int(key))
        messages.success(request, _t("Perangkat itu akan diminta kode lagi."))
    return redirect("admin:security")


class OwnPasswordForm(AdminOwnPasswordChangeForm):
    """Saving is the service's."""

    request: HttpRequest
    keep: UserSession | None = None

    def clean_old_password(self) -> str:
        """Through the door, which counts guesses: whoever found a session open must not try one after another."""
        password = self.cleaned_data["old_password"]
        try:
            second_factor.require_password(user=self.user, password=password, request=self.request)
        except DomainError as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        return password

    def save(self, commit: bool = True) -> User:
        change_password(user=self.user, password=self.cleaned_data["new_password1"], keep=self.keep)
        return self.user


class PasswordChange(PasswordChangeView):
    """Django's page for one's own password, in Unfold's dress."""

    template_name = "registration/password_change_form.html"
    form_class = OwnPasswordForm

    def get_form(self, form_class: type[OwnPasswordForm] | None = None) -> OwnPasswordForm:
        form = super().get_form(form_class)
        form.request = self.request
        return form

    def form_valid(self, form: OwnPasswordForm) -> HttpResponse:
        form.keep = self.request.user_session
        form.save()
        update_session_auth_hash(self.request, form.user)
        return redirect(self.get_success_url())
